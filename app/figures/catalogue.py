"""Every figure, as data: what it counts, its words, and whom it holds.

`data/definitions.json` names the figures in the order of pages. One without a `unit` is among those
that sentences are made of (`rules.DEFINITIONS`); the others are put together: all of the figures in
`of`, and each trait in `who` among the words given. `whole` asks everybody, whatever the basis.
`body` asks what earlier editions say of the delegation on that basis; a page shows a figure with
`beside` only where one of those is not zero.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.figures import rules, sentences
from app.figures.rules import Basis, Definition, Tally, Terms, Traits, Unit

_DATA = Path(__file__).parent / "data" / "definitions.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """A definition with its words; the `past` is what earlier editions and officers say of it."""

    definition: Definition
    label: str
    words: str
    whole: bool = False
    body: str | None = None
    beside: tuple[str, ...] = ()
    past: bool = False

    def asks(self, basis: Basis, who: Traits) -> bool:
        """True unless the figure wants another past of the delegation."""
        if self.body is None:
            return True
        known = "first" if basis in who.first_on else "again" if basis in who.again_on else None
        return self.body == (known or "unknown")

    def counts(self, basis: Basis, terms: Terms, who: Traits) -> bool:
        """True if such a person is behind the figure."""
        return (
            who.role not in terms.excluded_roles
            and (self.whole or rules.is_counted(basis, who))
            and self.asks(basis, who)
            and self.definition.holds(who, terms)
        )


@cache
def catalogue() -> Mapping[str, Figure]:
    """Every figure by its key."""
    entries = json.loads(_DATA.read_text(encoding="utf-8"))
    return {entry["key"]: _figure(entry) for entry in entries}


def _figure(entry: Mapping[str, Any]) -> Figure:
    key = entry["key"]
    if "unit" not in entry:
        label = sentences.texts("en")["figures"][key]
        return Figure(rules.DEFINITIONS[key], label, entry["words"])
    parts = [rules.DEFINITIONS[part].holds for part in entry.get("of", ())]
    traits = [(name, frozenset(words)) for name, words in entry.get("who", {}).items()]

    def holds(who: Traits, terms: Terms) -> bool:
        return all(getattr(who, name) in words for name, words in traits) and all(
            part(who, terms) for part in parts
        )

    made = Definition(key, Unit(entry["unit"]), holds)
    return Figure(
        made,
        entry["label"],
        entry["words"],
        entry.get("whole", False),
        entry.get("body"),
        tuple(entry.get("beside", ())),
        "body" in entry or "newcomer" in entry.get("who", ()),
    )


def figures(basis: Basis, terms: Terms, tallies: Sequence[Tally]) -> dict[str, int]:
    """Every figure of some tallies on a basis."""
    counted = rules.alike(rules.counted(basis, terms, tallies))
    everybody = rules.alike(one for one in tallies if one[0].role not in terms.excluded_roles)
    found = {}
    for key, one in catalogue().items():
        among = everybody if one.whole else counted
        if one.body:
            among = [some for some in among if one.asks(basis, some.who)]
        found[key] = rules.figure(one.definition, terms, among)
    return found
