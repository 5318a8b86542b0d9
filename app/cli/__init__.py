"""The command line: `plenary`.

stdout carries only the result; progress and refusals go to stderr. Exit status 0 done, 1 refused by
a rule, 2 wrong usage. Features are imported by the command that needs them: a small command starts
in half a second.
"""

import gc
import sys

# A command that starts, reads and ends makes few cycles: looking for them at every 700 objects,
# the imports' included, would cost it a tenth of its time.
COLLECTOR = (50_000, 20, 20)
gc.set_threshold(*COLLECTOR)

import typer  # noqa: E402

from app.cli import (  # noqa: E402
    badges,
    conferences,
    delegation,
    figures,
    files,
    house,
    people,
    publications,
    registration,
    sample,
)
from app.core.errors import AppError, NotFound  # noqa: E402
from app.core.settings import WrongSetting  # noqa: E402

app = typer.Typer(
    name="plenary",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=__doc__.split("\n", maxsplit=1)[0],
)
for part in (
    house,
    conferences,
    people,
    registration,
    delegation,
    files,
    badges,
    figures,
    publications,
    sample,
):
    part.add_to(app)


def main() -> None:
    """Runs the command line and ends the process."""
    try:
        app()
    except NotFound:
        print("plenary: There is no such conference, or no such thing in it.", file=sys.stderr)
        sys.exit(1)
    except AppError as refusal:
        print(f"plenary: {refusal.detail}", file=sys.stderr)
        sys.exit(1)
    except WrongSetting as wrong:
        print(f"plenary: {wrong}", file=sys.stderr)
        sys.exit(2)
