"""The data files of intake, read once."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from app.core.text import fold


@cache
def data(name: str) -> Any:  # JSON: each reader knows the shape of its own file
    """The content of `data/{name}.json`."""
    return json.loads(files(__package__).joinpath("data", f"{name}.json").read_text("utf-8"))


@cache
def index(name: str, section: str) -> dict[str, str]:
    """Folded label → value, from a section that lists the labels of each value."""
    return {fold(label): value for value, labels in data(name)[section].items() for label in labels}
