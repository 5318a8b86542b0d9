"""From the cells of a file to delegations and people, with every doubt by line."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.sheets import Table
from app.core.text import fold
from app.delegations.rules import GROUP_OF, STATES, Kind, Reach
from app.delegations.schemas import DelegationIn
from app.participants.columns.intake import NONE, Own
from app.participants.intake import groups
from app.participants.intake.honorifics import Style, normalise_style, split_honorific
from app.participants.intake.stamps import STAMPED
from app.participants.rules import Rank, Role, Sex
from app.participants.schemas import ParticipantIn
from app.states import catalogue
from app.states.matcher import match_organization, match_state
from app.states.rules import standing_warning, status_on

_KIND_OF_STATUS = {
    "member": Kind.member_state,
    "observer": Kind.observer_state,
    "other": Kind.other_state,
}
_OF_BODY = ("group", "kind", "delegation", "iso3")
_AS_WRITTEN = (
    "given_names",
    "family_name",
    "function",
    "division",
    "affiliation",
    "email",
    "phone",
    "external_id",
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one cell: the line as a person counts it, heading, value and reason."""

    line: int
    heading: str
    value: str
    reason: str


@dataclass(slots=True)
class Body:
    """A delegation that the file names; `key` tells the same one in another spelling."""

    key: str
    given: DelegationIn
    label: str | None


@dataclass(slots=True)
class Row:
    """A person that the file names, in the delegation with the key `body`.

    `stated` are the fields that the line says something about: empty cells and columns that the
    file does not have leave a person who is here as they are.
    """

    line: int
    body: str
    key: str
    name: str
    given: ParticipantIn
    stated: dict[str, Any]
    values: dict[str, str]


@dataclass(slots=True)
class Intake:
    """What a file says: its delegations and people in order, errors and warnings by line."""

    bodies: dict[str, Body] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def body_key(kind: Kind, iso3: str | None, name: str) -> str:
    """What makes two mentions the same delegation: the state, or the name as matching sees it."""
    return f"state {iso3}" if iso3 and kind in STATES else f"{GROUP_OF[kind]} {fold(name)}"


def row_key(external_id: str | None, body: str, name: str, occurrence: int) -> str:
    """The key of a row: the file's own id, else delegation and name, and which of its like it is.

    `occurrence` counts from 1.
    """
    if external_id:
        text = f"id\0{external_id}" + (f"\0{occurrence}" if occurrence > 1 else "")
    else:
        text = f"{body}\0{fold(name)}\0{occurrence}"
    return sha256(text.encode()).hexdigest()


class _Reader:
    """Reads rows one by one, keeping what earlier ones said."""

    def __init__(self, table: Table, columns: Mapping[str, int], on: date, own: Own) -> None:
        self.own = own
        self.headings = table.headings
        self.columns = columns
        self.on = on
        self.intake = Intake()
        self.known: dict[tuple[str, ...], str | None] = {}
        self.heads: dict[str, int] = {}
        self.occurrences: Counter[tuple[str, str]] = Counter()
        self.contents: dict[str, int] = {}

    def cell(self, row: list[str], name: str) -> str:
        column = self.columns.get(name)
        return row[column] if column is not None and column < len(row) else ""

    def heading(self, name: str) -> str:
        column = self.columns.get(name)
        return self.headings[column] if column is not None else name

    def error(self, line: int, name: str, value: str, reason: str) -> None:
        self.intake.errors.append(Remark(line, self.heading(name), value[:200], reason))

    def warn(self, line: int, name: str, value: str, reason: str) -> None:
        self.intake.warnings.append(Remark(line, self.heading(name), value[:200], reason))

    def body(self, line: int, row: list[str]) -> str | None:
        """The key of the row's delegation; remarks are made once per spelling."""
        group, kind, name, iso3 = (self.cell(row, n) for n in _OF_BODY)
        cells = (group, kind, name, iso3.upper())
        if cells not in self.known:
            self.known[cells] = self._new_body(line, *cells)
        elif self.known[cells] is None:
            self.error(line, "delegation", name, "The delegation of this line cannot be read.")
        return self.known[cells]

    def _new_body(self, line: int, group: str, kind_label: str, name: str, iso3: str) -> str | None:
        if not name and not iso3:
            self.error(line, "delegation", "", "A delegation is required.")
            return None
        kind = self._kind(line, group, kind_label, name, iso3)
        if kind is None:
            return None
        code = self._state(line, kind, name, iso3)
        if not (name or code):
            self.error(line, "iso3", iso3, "This names no delegation, and no other cell does.")
            return None
        organization = None if kind in STATES else match_organization(name)
        reach = None
        if kind is Kind.intergovernmental_organization and organization:
            reach = Reach(organization.reach)
        printed = name or catalogue.name(catalogue.state(code or ""), "en")
        try:
            given = DelegationIn(kind=kind, iso3=code, name=printed, reach=reach)
        except ValidationError as error:
            self.error(line, "delegation", name, _sentence(error.errors()[0]))
            return None
        key = body_key(kind, code, printed)
        self.intake.bodies.setdefault(key, Body(key, given, group or None))
        return key

    def _kind(self, line: int, group: str, label: str, name: str, iso3: str) -> Kind | None:
        for heading, text in (("kind", label), ("group", group)):
            if text:
                word = groups.kind_of(text)
                if word is None:
                    self.error(
                        line, heading, text, "This names no kind of delegation that we know."
                    )
                return Kind(word) if word else None
        if state := match_state(iso3) or match_state(name):
            return _KIND_OF_STATUS[status_on(state.state, self.on)]
        if organization := match_organization(name):
            return Kind(organization.kind)
        self.error(line, "group", "", f"Say in a group column how “{name[:80]}” takes part.")
        return None

    def _state(self, line: int, kind: Kind, name: str, iso3: str) -> str | None:
        if kind not in STATES:
            return None
        match, named = match_state(iso3) if iso3 else None, match_state(name) if name else None
        if iso3 and match is None:
            self.warn(line, "iso3", iso3, "No state of our table has this code.")
        elif match and named and match.state.iso3 != named.state.iso3:
            self.warn(line, "iso3", iso3, f"This is not the code of {name}; the code counts.")
        if (match := match or named) is None:
            self.warn(line, "delegation", name or iso3, "No state of our table has this name.")
            return None
        if warning := standing_warning(match.state, kind, self.on):
            self.warn(line, "delegation", name or iso3, warning)
        return match.state.iso3

    def person(self, line: int, row: list[str]) -> None:
        errors = len(self.intake.errors)
        body = self.body(line, row)
        cells = {n: row[column] for n, column in self.columns.items()}
        style, name = self._name(cells)
        words = {
            "role": self._word(line, cells, "role", groups.role_of),
            "rank": self._word(line, cells, "rank", groups.rank_of),
            "sex": self._word(line, cells, "sex", groups.sex_of),
        }
        composed = name or f"{cells.get('given_names', '')} {cells.get('family_name', '')}".strip()
        if not composed:
            in_arabic = " in Latin letters" if cells.get("name_ar") else ""
            self.error(line, "name", "", f"A name{in_arabic} is required.")
        if body is None or not composed:
            return
        external_id = cells.get("external_id")
        mark = ("", external_id) if external_id else (body, fold(composed))
        self.occurrences[mark] += 1
        address = normalise_style(style) if style else None
        if address and not address.known:
            self.warn(line, "style", style, "We do not know this form of address; kept as written.")
        given = self._given(line, cells, name, words, address)
        values, wrong = self.own.read(cells)
        for name_of, text, reason in wrong:
            self.error(line, name_of, text, reason)
        if given is None or len(self.intake.errors) > errors:
            return
        if given.role is Role.head and self.heads.setdefault(body, line) != line:
            reason = f"Line {self.heads[body]} names the head already; a delegation has one."
            self.error(line, "role", cells.get("role", ""), reason)
            return
        stated = {n: value for n in STAMPED if (value := getattr(given, n))}
        if not cells.get("role"):
            del stated["role"]
        self._keep(line, body, composed, given, stated, values, self.occurrences[mark])

    def _given(
        self,
        line: int,
        cells: Mapping[str, str],
        name: str,
        words: Mapping[str, str | None],
        address: Style | None,
    ) -> ParticipantIn | None:
        try:
            return ParticipantIn(
                delegation="XX",
                name=name or None,
                names={"ar": cells["name_ar"]} if cells.get("name_ar") else {},
                style=address.text if address else None,
                role=Role(words["role"] or Role.delegate),
                rank=Rank(words["rank"]) if words["rank"] else None,
                sex=_sex(words["sex"], address.sex if address else None),
                **{n: cells.get(n) or None for n in _AS_WRITTEN},
            )
        except ValidationError as error:
            for one in error.errors():
                field = str(one["loc"][0])
                field = "name_ar" if field == "names" else field
                self.error(line, field, cells.get(field, ""), _sentence(one))
            return None

    def _keep(
        self,
        line: int,
        body: str,
        composed: str,
        given: ParticipantIn,
        stated: dict[str, Any],
        values: dict[str, str],
        occurrence: int,
    ) -> None:
        key = row_key(given.external_id, body, composed, occurrence)
        content = f"{body}\0{stated}\0{values}"
        if (same := self.contents.setdefault(content, line)) != line:
            self.warn(line, "name", composed, f"This line equals line {same}; both are kept.")
        elif occurrence > 1 and given.external_id:
            reason = "An earlier line has this id; both are kept."
            self.warn(line, "external_id", given.external_id, reason)
        elif occurrence > 1:
            self.warn(line, "name", composed, "This name stands in this delegation already.")
        self.intake.rows.append(Row(line, body, key, composed, given, stated, values))

    @staticmethod
    def _name(cells: Mapping[str, str]) -> tuple[str, str]:
        style, name = cells.get("style", ""), cells.get("name", "")
        if not style and name:
            style, name = split_honorific(name)
        return style, name

    def _word(
        self, line: int, cells: Mapping[str, str], name: str, read: Callable[[str], str | None]
    ) -> str | None:
        text = cells.get(name, "")
        word = read(text) if text else None
        if text and word is None:
            self.error(line, name, text, f"This is no {name} that we know.")
        return word


def _sex(stated: str | None, certain: str | None) -> Sex | None:
    word = stated or certain
    return Sex(word) if word else None


def _sentence(error: ErrorDetails) -> str:
    """What is wrong with a cell, in the words of a list's owner."""
    if error["type"] == "string_too_long":
        return f"This is longer than {error['ctx']['max_length']} characters."
    if error["loc"][0] == "email":
        return "This is no e-mail address."
    return str(error["msg"]).removeprefix("Value error, ").removesuffix(".") + "."


def read(table: Table, columns: Mapping[str, int], on: date, own: Own = NONE) -> Intake:
    """Everything a file says, for a conference that starts `on` a day; nothing is looked up."""
    reader = _Reader(table, columns, on, own)
    for line, row in zip(table.lines, table.rows, strict=True):
        if len(row) > len(table.headings) and any(row[len(table.headings) :]):
            extra = " ".join(cell for cell in row[len(table.headings) :] if cell)
            reader.error(line, "", extra, "There are cells beyond the last heading: shifted?")
            continue
        reader.person(line, row)
    return reader.intake
