"""Forms become the schemas of the API, or are shown again with a sentence beside each field."""

from datetime import date
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

import pytest
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.web.forms import parse_form, read_form


class Role(StrEnum):
    head = "head"
    delegate = "delegate"


class Nomination(BaseModel):
    model_config = ConfigDict(extra="forbid")

    delegation: str = Field(pattern="^[A-Z0-9-]{2,16}$")
    name: str | None = Field(default=None, max_length=20)
    names: dict[str, str] = {}
    role: Role = Role.delegate
    day: date | None = None
    places: int = Field(default=1, ge=1)
    host: bool = False
    languages: list[str] = []
    successor: UUID | None = None

    @field_validator("name")
    @classmethod
    def no_digits(cls, name: str | None) -> str | None:
        if name and any(c.isdigit() for c in name):
            raise ValueError("A name has no digits.")
        return name


def test_a_form_becomes_the_schema() -> None:
    form, values, errors = parse_form(
        [
            ("delegation", " CIV "),
            ("name", "Koné"),
            ("names.ar", "كونيه"),
            ("names.fr", ""),
            ("role", "head"),
            ("day", "2024-11-05"),
            ("places", ""),
            ("host", ""),
            ("host", "true"),
            ("languages", "fr"),
            ("languages", ""),
            ("languages", "ar"),
            ("successor", ""),
            ("version", "7"),
        ],
        Nomination,
    )
    assert errors == {}
    assert form == Nomination(
        delegation="CIV",
        name="Koné",
        names={"ar": "كونيه"},
        role=Role.head,
        day=date(2024, 11, 5),
        host=True,
        languages=["fr", "ar"],
    )
    assert values["version"] == "7"
    assert values["languages"] == ["fr", "ar"]


def test_an_unticked_box_is_no_and_an_absent_one_the_default() -> None:
    class Box(BaseModel):
        on: bool = True

    assert parse_form([("on", "")], Box)[0] == Box(on=False)
    assert parse_form([], Box)[0] == Box(on=True)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("delegation", "", "Fill this in."),
        ("delegation", "côte", "This does not have the form asked for."),
        ("name", "x" * 21, "Shorten this to 20 characters."),
        ("name", "R2D2", "A name has no digits."),
        ("role", "king", "Choose one of the options."),
        ("day", "5 Nov", "Write a date like 2024-11-05."),
        ("places", "two", "Write a whole number."),
        ("places", "0", "Write 1 or more."),
        ("successor", "x", "Choose one from the list."),
    ],
)
def test_errors_are_words_and_what_was_typed_stays(name: str, typed: str, words: str) -> None:
    given = {"delegation": "CIV", name: typed}
    form, values, errors = parse_form(list(given.items()), Nomination)
    assert form is None
    assert errors == {name: words}
    assert values[name] == typed


def test_a_missing_field_is_named() -> None:
    assert parse_form([], Nomination)[2] == {"delegation": "Fill this in."}


async def test_a_real_request_is_read() -> None:
    body = urlencode([("delegation", "KWT"), ("name", "A\x00b")]).encode()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    kind = (b"content-type", b"application/x-www-form-urlencoded")
    request = Request({"type": "http", "method": "POST", "headers": [kind]}, receive)  # type: ignore[arg-type]
    form, _, errors = await read_form(request, Nomination)
    assert errors == {}
    assert form is not None
    assert (form.delegation, form.name) == ("KWT", "Ab")
