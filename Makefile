# The two commands: `make demo` shows Plenary, `make test` proves it. `make` alone lists the rest.

VENV := .venv
PY := $(VENV)/bin/python
PLENARY := $(VENV)/bin/plenary
PORT ?= 8000
UV ?= uv
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test test-postgres check format bench trust lock

help:
	@echo "make demo            the sample conference, served on http://127.0.0.1:$(PORT) (PORT= changes it)"
	@echo "make test            the whole suite on SQLite, PostgreSQL and in a browser (ARGS= goes to pytest)"
	@echo "make check           formatting, lint, types and the ladder of features"
	@echo "make format          write the formatting that check asks for"
	@echo "make setup           only make .venv (setup-dev: with the tools for development)"
	@echo "make test-postgres   the database tests on the server that TEST_DATABASE_URL names"
	@echo "make bench           measure; make trust: the long battery of attacks and faults"
	@echo "make lock            renew the locks (UPGRADE=--upgrade: to the newest versions)"

# --- The environment -------------------------------------------------------------------------
# The newest Python that the locks cover wins. A name may exist and still not run (a pyenv shim),
# or lack ensurepip (Debian ships it apart), so each one is asked, not looked up. uv needs no
# ensurepip, because it brings the installer itself.
$(VENV)/.made:
	@found=; bare=; \
	command -v $(UV) >/dev/null 2>&1 && wanted=venv || wanted=venv,ensurepip; \
	for python in $${PLENARY_PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do \
	  "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || continue; \
	  if "$$python" -c "import $$wanted" 2>/dev/null; then found=$$python; break; fi; \
	  bare=$${bare:-$$python}; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	  echo "$$bare lacks the venv module: on Debian or Ubuntu run 'apt install python3-venv', then make again." >&2; exit 1; \
	elif [ -z "$$found" ]; then \
	  echo "Plenary needs Python 3.11, 3.12, 3.13 or 3.14 and found none; PLENARY_PYTHON=/path/to/python names one." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" -V)" >&2; \
	if [ "$$wanted" = venv ]; then "$$found" -m venv --clear --without-pip $(VENV); \
	else "$$found" -m venv --clear $(VENV); fi
	@touch $@

# Every file is checked against its hash, and the project itself is built by the locked backend:
# nothing is resolved at install time, so two machines get the same bytes. Compiling is left to
# compileall, which uses every core where pip uses one: half of the time of an install.
define install
	@echo "Installing $(1) (half a minute)" >&2
	@if command -v $(UV) >/dev/null 2>&1; then \
	  install="$(UV) pip install --quiet --python $(PY)"; \
	else \
	  install="$(PY) -m pip install -qq --disable-pip-version-check --no-compile"; \
	fi; \
	$$install --require-hashes -r $(1) && $$install --no-deps --no-build-isolation -e .
	@$(PY) -m compileall -q -j 0 -x '/(pip|setuptools)/' $(VENV)/lib app || true
endef

$(VENV)/.setup: $(VENV)/.made requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

# The development lock holds everything that the other one does, at the same versions.
$(VENV)/.setup-dev: $(VENV)/.made requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.setup $@

setup: $(VENV)/.setup ; @:
setup-dev: $(VENV)/.setup-dev ; @:

# --- Demo ------------------------------------------------------------------------------------
# The database is named here, so that no .env can make the demo write invented people elsewhere.
demo: export PLENARY_DATABASE_URL := sqlite+aiosqlite:///var/plenary.db
demo: export PLENARY_DATA_DIR := var
demo: export PLENARY_BASE_URL := http://127.0.0.1:$(PORT)
demo: setup
	@$(PLENARY) db upgrade
	@$(PLENARY) sample load
	@echo
	@echo "Attended, as of 5 November 2024:"
	@$(PLENARY) summary kuwait-2024 --basis attended --as-of 2024-11-05
	@echo
	@echo "Nominated, as of 3 November 2024:"
	@$(PLENARY) summary kuwait-2024 --basis nominated --as-of 2024-11-03
	@echo
	@$(PLENARY) sample accounts
	@echo
	@echo "Open http://127.0.0.1:$(PORT)/ (Ctrl-C ends it)"
	@exec $(PLENARY) serve --host 127.0.0.1 --port $(PORT)

# --- Proof -----------------------------------------------------------------------------------
# A file of tests stays with one process, which then makes its databases and its browser once.
PYTEST = $(PY) -m pytest -rs -n auto --maxprocesses 4 --dist loadfile --ignore=tests/bench --ignore=tests/trust

test: setup-dev
	@$(PYTEST) $(ARGS)

test-postgres: setup-dev
	@test -n "$$TEST_DATABASE_URL" || { \
	  echo "TEST_DATABASE_URL names no server, e.g. postgresql+asyncpg://postgres@127.0.0.1:5432/postgres" >&2; exit 2; }
	@$(PYTEST) -m database $(ARGS)

check: setup-dev
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

format: setup-dev
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

bench: setup-dev
	@$(PY) -m pytest -s tests/bench $(ARGS)

trust: setup-dev
	@$(PY) -m pytest -rs tests/trust $(ARGS)

# --- Locks -----------------------------------------------------------------------------------
# The build backend is read from pyproject.toml, so it is pinned in one place. Existing versions
# are kept unless UPGRADE=--upgrade; the second file may not differ from the first.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header $(UPGRADE)
BACKEND = $(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'

lock: $(VENV)/.made
	@command -v $(UV) >/dev/null 2>&1 || { \
	  echo "make lock needs uv: 'pip install uv', or UV=/path/to/uv." >&2; exit 1; }
	$(BACKEND) | $(COMPILE) pyproject.toml - -o requirements.lock
	$(BACKEND) | $(COMPILE) pyproject.toml - --group dev -c requirements.lock -o requirements-dev.lock
