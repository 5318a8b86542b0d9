"""What a machine lacks: skipped by name with the way to get it, or a failure where all must run."""

import os
from typing import NoReturn

import pytest

REQUIRE_ALL = bool(os.environ.get("PLENARY_REQUIRE_ALL"))


def missing(what: str, how: str) -> NoReturn:
    """Skips a test for what the machine lacks, or fails where nothing may be skipped."""
    message = f"no {what} on this machine ({how})"
    if REQUIRE_ALL:
        pytest.fail(message)
    pytest.skip(message)
