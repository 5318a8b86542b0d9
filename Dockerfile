# syntax=docker/dockerfile:1
# Two stages: the first one has pip and a cache, the second one only what runs.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# The environment gets no pip of its own: the one of this stage installs into it and stays here.
RUN python -m venv --without-pip /opt/venv
WORKDIR /opt/plenary
# Dependencies before code: a change of code then rebuilds nothing but the last layers.
COPY requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m pip --python /opt/venv install --require-hashes -r requirements.lock
# The lock above holds the build backend, so this step reaches no registry.
COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY migrations ./migrations
COPY templates ./templates
RUN python -m pip --python /opt/venv install --no-deps --no-build-isolation -e . \
    && python -m compileall -q app migrations

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Plenary" \
      org.opencontainers.image.description="Runs high-level conferences" \
      org.opencontainers.image.licenses="Apache-2.0"
# A fixed number, so that a host can give a folder to it; no shell, no home.
RUN groupadd --system --gid 10001 plenary \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /data \
       --shell /usr/sbin/nologin plenary \
    && install -d -o plenary -g plenary -m 0750 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/plenary /opt/plenary
# Only /data is ever written to, so the root file system can be read-only (compose.yaml does it).
# A lone container keeps its database there too.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PLENARY_DATA_DIR=/data \
    PLENARY_DATABASE_URL=sqlite+aiosqlite:////data/plenary.db
WORKDIR /opt/plenary
USER 10001:10001
VOLUME /data
EXPOSE 8000
# /livez says that the process answers, not that the database does: a container must not be
# restarted because its database is away. Python's own client, since the image has no curl.
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/livez', timeout=3)"]
ENTRYPOINT ["plenary"]
CMD ["serve", "--host", "0.0.0.0"]
