"""What a column may hold, and who may read and write it."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from app.core.errors import Invalid
from app.core.text import clean, fold

KEY = r"[a-z][a-z0-9_]{1,40}"
PREFIX = "column."
"""Before a column's key, wherever columns stand beside the fields that everybody has."""

LONGEST = 500
EARLIEST, LATEST = 1900, 2200


class ColumnKind(StrEnum):
    """What a column's values are."""

    text = "text"
    number = "number"
    date = "date"
    instant = "instant"
    yes_no = "yes_no"
    choice = "choice"


class Share(StrEnum):
    """What those outside the desk may do with a column of theirs."""

    hidden = "hidden"
    seen = "seen"
    written = "written"


class Defined(Protocol):
    """What the rules ask of a column."""

    @property
    def kind(self) -> ColumnKind: ...
    @property
    def choices(self) -> Sequence[str]: ...
    @property
    def readers(self) -> Collection[str]: ...
    @property
    def delegation(self) -> Share: ...


class Reader(StrEnum):
    """The roles that read persons one by one, and so may be let into a column."""

    registration_officer = "registration_officer"
    protocol_officer = "protocol_officer"
    programme_officer = "programme_officer"
    auditor = "auditor"


_OUTSIDE = frozenset({"focal_point", "delegate", "gate_operator"})
_WRITERS = frozenset({"registration_officer", "protocol_officer"})


def may_read(column: Defined, roles: Collection[str]) -> bool:
    """Whether a holder of these roles reads the column; an administrator reads all.

    A focal point's part counts only for who is nothing else here: a role at the desk reaches the
    people of every delegation, and must not take the column there.
    """
    if "administrator" in roles or not set(roles).isdisjoint(column.readers):
        return True
    return _is_delegation(roles) and column.delegation is not Share.hidden


def may_write(column: Defined, roles: Collection[str]) -> bool:
    """Whether a holder of these roles sets values: of what one reads only, and an auditor never."""
    if "administrator" in roles or not _WRITERS.intersection(roles).isdisjoint(column.readers):
        return True
    return _is_delegation(roles) and column.delegation is Share.written


def _is_delegation(roles: Collection[str]) -> bool:
    return "focal_point" in roles and _OUTSIDE.issuperset(roles)


_YES = frozenset(map(fold, ("yes", "y", "true", "1", "x", "oui", "sí", "да", "نعم", "是")))
_NO = frozenset(map(fold, ("no", "n", "false", "0", "non", "нет", "لا", "否")))
_NUMBER = re.compile(r"[-−]?\d{1,15}(\.\d{1,6})?")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_MOMENT = re.compile(r"(.+?)[T ](\d{1,2}:\d{2}(?::\d{2})?)\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)


def parse(column: Defined, text: str, zone: str = "UTC") -> str:
    """What somebody wrote as the column keeps it: canonical text that also orders as it should.

    A date is ISO, or day before month with dots (4.11.2026); with strokes or hyphens only where it
    can be read in one way: 4/11/2026 may be in April. An instant without an offset is on the
    clocks of `zone`. Digits of any script. Raises `Invalid` with the sentence for the cell.
    """
    text = clean(text)
    if len(text) > LONGEST:
        raise Invalid(f"This is longer than {LONGEST} characters.")
    if not text:
        raise Invalid("Write something here.")
    if column.kind not in (ColumnKind.text, ColumnKind.choice):
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    match column.kind:
        case ColumnKind.number:
            return _number(text)
        case ColumnKind.date:
            return _date(text.removesuffix(" 00:00")).isoformat()
        case ColumnKind.instant:
            return _instant(text, zone)
        case ColumnKind.yes_no:
            return _yes_no(text)
        case ColumnKind.choice:
            return _choice(column.choices, text)
    return text


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise Invalid("Write a number like 1250 or 12.5, without separators of thousands.")
    plain = format(Decimal(text.replace("−", "-")), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def _date(text: str) -> date:
    found = None
    if written := _DAY_FIRST.fullmatch(text):
        first, second, year = int(written[1]), int(written[3]), int(written[4])
        if written[2] != "." and first != second and max(first, second) <= 12:
            raise Invalid(
                f"{text} can be read in two ways; write the year first: "
                f"{year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}."
            )
        day_first = written[2] == "." or second <= 12
        text = f"{year}-{second:02}-{first:02}" if day_first else f"{year}-{first:02}-{second:02}"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            raise Invalid("There is no such day.") from None
    if found is None or not EARLIEST <= found.year <= LATEST:
        raise Invalid("Write a date like 2026-11-04.")
    return found


def _instant(text: str, zone: str) -> str:
    parts = _MOMENT.fullmatch(text)
    if parts is None:
        raise Invalid("Write a date and time like 2026-11-04 17:00.")
    day, offset = _date(parts[1]), (parts[3] or "").upper()
    try:
        moment = datetime.fromisoformat(f"{day} {parts[2].zfill(5)}{offset.replace('Z', '+00:00')}")
    except ValueError:
        raise Invalid("There is no such time of day.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _yes_no(text: str) -> str:
    if (word := fold(text)) in _YES:
        return "yes"
    if word in _NO:
        return "no"
    raise Invalid("Write yes or no.")


def _choice(choices: Sequence[str], text: str) -> str:
    for one in choices:
        if fold(one) == fold(text):
            return one
    raise Invalid(f"This is none of the choices: {', '.join(choices)}."[:400])


def shown(kind: ColumnKind, value: str, zone: str = "UTC") -> str:
    """A kept value as people read and write it: an instant on the clocks of `zone`."""
    if kind is not ColumnKind.instant:
        return value
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M}" + (f":{local:%S}" if local.second else "")
