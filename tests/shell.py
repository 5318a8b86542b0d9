"""A shell with an installation of its own, for tests of the command line.

A process that has imported the application waits (`python -m tests.shell`), and each command is a
copy of it: importing takes ten times as long as most commands. It keeps nothing but what is
imported: settings are read, and features connected, in the copy.
"""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@cache
def _waiting() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.shell"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


class Shell:
    """Runs commands in a folder that has a database and keys of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "PLENARY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/plenary.db",
            "PLENARY_DATA_DIR": str(folder / "data"),
        }

    def __call__(self, *words: str, expect: int = 0) -> Done:
        server, folder = _waiting(), str(self.folder)
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps([list(words), folder, self.environment]) + "\n")
        server.stdin.flush()
        done = Done(**json.loads(server.stdout.readline()))
        assert done.returncode == expect, done.stderr
        return done


def _copy(words: list[str], folder: str, environment: dict[str, str], files: list[int]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate((nothing, *files)):
        os.dup2(file, number)
    sys.argv = ["plenary", *words]
    from app.cli import main

    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        code = 70
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 1)


def _serve() -> None:
    import app.cli
    import app.main
    import app.wiring  # noqa: F401 - imported for the copies

    for line in sys.stdin:
        words, folder, environment = json.loads(line)
        files = [os.memfd_create(name) for name in ("out", "error")]
        child = os.fork()
        if child == 0:
            _copy(words, folder, environment, files)
        _, status = os.waitpid(child, 0)
        told = []
        for file in files:
            os.lseek(file, 0, os.SEEK_SET)
            with os.fdopen(file, "rb") as read:
                told.append(read.read().decode())
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"returncode": code, "stdout": told[0], "stderr": told[1]}), flush=True)


if __name__ == "__main__":
    _serve()
