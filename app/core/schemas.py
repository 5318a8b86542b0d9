"""What every input has in common: unknown fields refused, text cleaned, nothing endless."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from app.core.text import clean


def _printable(text: str) -> str:
    if "\0" in text:
        raise ValueError("Text may not contain the NUL character.")
    return clean(text)


def _filled(text: str) -> str:
    if not text:
        raise ValueError("Write something here.")
    return text


# Lengths are counted before and after cleaning: NFC may be three times as long as what was sent.
Line = Annotated[
    str,
    StringConstraints(max_length=300),
    AfterValidator(_printable),
    StringConstraints(max_length=300),
]
"""One line of printable text; may be empty."""

Filled = Annotated[Line, AfterValidator(_filled)]
"""One line that says something."""

LongLine = Annotated[
    str,
    StringConstraints(max_length=500),
    AfterValidator(_printable),
    StringConstraints(max_length=500),
]
Note = Annotated[
    str,
    StringConstraints(max_length=2_000),
    AfterValidator(_printable),
    StringConstraints(max_length=2_000),
]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
ByLanguage = dict[LanguageTag, Line]


Word = TypeVar("Word")
Choice = Annotated[Word | None, BeforeValidator(lambda text: text or None)]
"""A filter in an address; a form's empty choice (`?kind=`) is none."""


class Input(BaseModel):
    """Base of what the API and the forms take."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Nothing(Input):
    """What an act without particulars takes: an empty form or body."""


class Output(BaseModel):
    """Base of what the API shows."""

    model_config = ConfigDict(from_attributes=True)
