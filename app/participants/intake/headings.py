"""Which column of a file holds which field, from headings in English, French and Arabic."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from app.core.errors import Invalid
from app.core.sheets import Table
from app.core.text import fold
from app.participants.intake.honorifics import normalise_style
from app.participants.intake.words import data

_ARABIC = re.compile("[\u0600-\u06ff]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SPLIT = re.compile(r"[/|\n]|\s[-–—]\s")
_BRACKETS = re.compile(r"[(\[].*?[)\]]")


@cache
def fields() -> tuple[str, ...]:
    """The fields an import knows, in the order they claim headings."""
    return tuple(data("headings")["fields"])


@cache
def _variants() -> dict[str, dict[str, int]]:
    """Field → folded heading → preference, the best one 0."""
    return {
        field: {fold(label): place for place, label in reversed(list(enumerate(labels)))}
        for field, labels in data("headings")["fields"].items()
    }


@cache
def _folded(section: str) -> frozenset[str]:
    return frozenset(fold(label) for label in data("headings")[section])


def _spellings(heading: str) -> list[str]:
    """The heading as a whole, without brackets, then its halves (`Nom / Name`, `الاسم Name`)."""
    spellings = [heading, _BRACKETS.sub(" ", heading), *_SPLIT.split(heading)]
    if _ARABIC.search(heading) and _LATIN.search(heading):
        spellings += [_ARABIC.sub(" ", heading), " ".join(_ARABIC.findall(heading))]
    return list(dict.fromkeys(s for spelling in spellings if (s := fold(spelling))))


def recognise(
    headings: Sequence[str],
    sample: Sequence[Sequence[str]],
    explicit: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """Field → column. `explicit` names the heading of a field and wins; values settle doubts.

    An empty heading means that no column holds the field; `#3` is the third column, for files
    whose headings are empty or say the same. `Invalid` for a field that does not exist or a
    heading that the file lacks.
    """
    settled = explicit or {}
    columns = _explicit(headings, settled)
    free = {i: _spellings(h) for i, h in enumerate(headings) if i not in columns.values()}
    for column in [i for i, s in free.items() if _folded("title").intersection(s)]:
        field = "style" if _are_honorifics(_values(sample, column)) else "function"
        clear = any(_preference(field, spellings) is not None for spellings in free.values())
        if field not in settled and not clear:
            columns[field] = column
            del free[column]
    for field in fields():
        if field in columns or field in settled:
            continue
        ranked = [
            (preference, column)
            for column, spellings in free.items()
            if (preference := _preference(field, spellings)) is not None
        ]
        if ranked:
            columns[field] = min(ranked)[1]
            del free[columns[field]]
    if "name" in columns and "name_ar" not in columns and "name_ar" not in settled:
        beside = _folded("arabic_name_beside_name")
        for column in [i for i, spellings in free.items() if beside.intersection(spellings)][:1]:
            columns["name_ar"] = column
    return _settle_names(headings, sample, columns, settled)


def unmapped(headings: Sequence[str], columns: Mapping[str, int]) -> list[str]:
    """The headings that no field took, for the preview to show."""
    return [h for i, h in enumerate(headings) if h and i not in columns.values()]


def settle_headings(table: Table) -> Table:
    """The table from its real heading row: of the first ten rows, the one with most known headings.

    The first row stays unless a later one knows at least two more.
    """
    candidates = [table.headings, *table.rows[:9]]
    known = [sum(_is_known(cell) for cell in row) for row in candidates]
    best = max(range(len(known)), key=known.__getitem__)
    if known[best] < known[0] + 2:
        return table
    headings = candidates[best]
    rows = [row + [""] * (len(headings) - len(row)) for row in table.rows[best:]]
    return Table(headings, rows, table.lines[best:])


def _is_known(heading: str) -> bool:
    spellings = _spellings(heading)
    return bool(_folded("title").intersection(spellings)) or any(
        _preference(field, spellings) is not None for field in fields()
    )


def claimant(heading: str) -> str | None:
    """The field that would take a heading which says exactly this, if one would."""
    known = (field for field in fields() if fold(heading) in (fold(field), *_variants()[field]))
    return next(known, "title" if fold(heading) in _folded("title") else None)


def claimed(
    headings: Sequence[str], names: Mapping[str, Sequence[str]], explicit: Mapping[str, str]
) -> dict[str, int]:
    """Field → column for fields of a conference's own, each with the words that name it.

    Like `recognise`: `explicit` wins, in it are all fields. A heading that says two things (`Hotel
    / Fonction`) goes to the field that everybody has.
    """
    mine = {field: heading for field, heading in explicit.items() if field in names}
    columns = {f: placed(headings, f, heading) for f, heading in mine.items() if heading}
    settled = {placed(headings, f, h) for f, h in explicit.items() if h and f not in names}
    for column, heading in enumerate(headings):
        spellings = _spellings(heading)
        if column in settled or column in columns.values() or not spellings:
            continue
        if _is_known(heading):
            spellings = spellings[:1]
        for field, given in names.items():
            if field not in (*columns, *mine) and set(spellings).intersection(map(fold, given)):
                columns[field] = column
                break
    return columns


def _preference(field: str, spellings: Sequence[str]) -> int | None:
    variants = _variants()[field]
    if spellings[:1] == [fold(field)]:
        return -1
    for place, spelling in enumerate(spellings):
        if spelling in variants:
            return variants[spelling] + 1_000 * (place > 0)
    return None


def _explicit(headings: Sequence[str], explicit: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for field, heading in explicit.items():
        if field not in fields():
            raise Invalid(f"“{field}” is no field of an import; known are {', '.join(fields())}.")
        if not heading:
            continue
        columns[field] = placed(headings, field, heading)
    return columns


def placed(headings: Sequence[str], field: str, heading: str) -> int:
    """The column under a heading that somebody named. Raises `Invalid` where there is none."""
    found = [i for i, h in enumerate(headings) if h == heading] or [
        i for i, h in enumerate(headings) if f"#{i + 1}" == heading or fold(h) == fold(heading)
    ]
    if not found:
        have = ", ".join(f"“{h}”" for h in headings[:30] if h)
        raise Invalid(f"The file has no heading “{heading}” for {field}; it has {have}.")
    return found[0]


def _values(sample: Sequence[Sequence[str]], column: int) -> list[str]:
    return [row[column] for row in sample if column < len(row) and row[column]]


def _are_honorifics(values: Sequence[str]) -> bool:
    return bool(values) and sum(normalise_style(v).known for v in values) * 2 >= len(values)


def _settle_names(
    headings: Sequence[str],
    sample: Sequence[Sequence[str]],
    columns: dict[str, int],
    explicit: Mapping[str, str],
) -> dict[str, int]:
    """`Nom` beside `Prénom` is the family name; a name column in Arabic letters is `name_ar`."""
    column = columns.get("name")
    if column is None or "name" in explicit or "name_ar" in explicit:
        return columns
    values = _values(sample, column)
    if "given_names" in columns and "family_name" not in columns:
        if _folded("surname_beside_given_names").intersection(_spellings(headings[column])):
            columns["family_name"] = columns.pop("name")
    elif "name_ar" not in columns and values:
        arabic = sum(bool(_ARABIC.search(v)) and not _LATIN.search(v) for v in values)
        if arabic * 2 > len(values):
            columns["name_ar"] = columns.pop("name")
    return columns
