"""What the API and the forms take and show of columns and their values."""

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from app.core.schemas import ByLanguage, Filled, Input, LanguageTag, LongLine, Output
from app.core.text import fold
from app.participants.columns.rules import KEY, ColumnKind, Reader, Share

Key = Annotated[str, StringConstraints(pattern=f"^{KEY}$")]
Label = Annotated[dict[LanguageTag, Filled], Field(min_length=1, max_length=12)]
Choices = list[Filled]
Position = Annotated[int, Field(ge=0, le=1_000)]
Readers = list[Reader]
Given = Annotated[str, StringConstraints(max_length=2_000)] | bool | int | float | None
"""A value as scripts write it; numbers and true or false stand for themselves."""


class _Shared(Input):
    @field_validator("label", mode="before", check_fields=False)
    @classmethod
    def _without_empty(cls, given: object) -> object:
        if isinstance(given, dict):
            return {tag: text for tag, text in given.items() if text != ""}
        return given

    @field_validator("choices", mode="before", check_fields=False)
    @classmethod
    def _lines(cls, given: object) -> object:
        """A form's one text, a choice a line, as the list that the API takes."""
        if isinstance(given, list) and all(isinstance(one, str) for one in given):
            return [line for one in given for line in one.split("\n") if line.strip()]
        return given

    @field_validator("choices", check_fields=False)
    @classmethod
    def _distinct(cls, given: list[str] | None) -> list[str] | None:
        if given and len(set(map(fold, given))) < len(given):
            raise ValueError("Two choices are the same.")
        return given


class ColumnIn(_Shared):
    """A column to add. Whom it shows to is said, never assumed: without readers, nobody's."""

    key: Key
    label: Label
    kind: ColumnKind = ColumnKind.text
    choices: Choices = Field(default=[], max_length=100)
    position: Position | None = None
    readers: Readers = [Reader.registration_officer]
    delegation: Share = Share.hidden
    person: Share = Share.hidden

    @model_validator(mode="after")
    def _choices(self) -> "ColumnIn":
        if (self.kind is ColumnKind.choice) is not bool(self.choices):
            raise ValueError("A column of choices has some, another one has none.")
        return self


class ColumnEdit(_Shared):
    """A change of a column; its key and what it holds stay."""

    label: Label | None = None
    choices: Choices | None = Field(default=None, max_length=100)
    position: Position | None = None
    readers: Readers | None = None
    delegation: Share | None = None
    person: Share | None = None


class ColumnOut(Output):
    """A column as the API shows it to whoever reads it."""

    key: str
    label: ByLanguage
    kind: ColumnKind
    choices: list[str]
    position: int
    readers: Readers
    delegation: Share
    person: Share
    version: int


class ValuesForm(Input):
    """A form's values by key; a field left empty is absent."""

    column: dict[str, LongLine] = {}
