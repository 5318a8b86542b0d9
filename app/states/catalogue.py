"""The tables of states and organisations, read once, and the orders and names drawn from them."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.core import text
from app.core.errors import Invalid
from app.states.rules import LANGUAGES, Form, FormerName, Name, Organization, Standing, State

_DATA = Path(__file__).parent / "data"


def read(file: str) -> Any:
    """A data file of this feature, as JSON gives it."""
    return json.loads((_DATA / file).read_text(encoding="utf-8"))


def _name(entry: Mapping[str, str]) -> Name:
    index = entry.get("index", entry["short"])
    return Name(entry["short"], entry["formal"], index, entry.get("sort", index))


def _ldc_until(entry: Mapping[str, Any]) -> date:
    if until := entry.get("ldc_until"):
        return date.fromisoformat(until)
    return date.max if entry["ldc"] else date.min


def _state(entry: Mapping[str, Any]) -> State:
    return State(
        iso3=entry["iso3"],
        iso2=entry["iso2"],
        m49=entry["m49"],
        region=entry["region"],
        subregion=entry["subregion"],
        regional_group=entry["regional_group"],
        ldc_until=_ldc_until(entry),
        lldc=entry["lldc"],
        sids=entry["sids"],
        standing=tuple(
            Standing(s["status"], date.fromisoformat(s["since"])) for s in entry["standing"]
        ),
        names=MappingProxyType({lang: _name(n) for lang, n in entry["names"].items()}),
        former=tuple(
            FormerName(
                date.fromisoformat(f["until"]),
                MappingProxyType(f["short"]),
                MappingProxyType(f.get("formal", f["short"])),
            )
            for f in entry.get("former", ())
        ),
    )


@cache
def _by_iso3() -> dict[str, State]:
    return {entry["iso3"]: _state(entry) for entry in read("states.json")["states"]}


@cache
def states() -> tuple[State, ...]:
    """All states of the table, by ISO code."""
    return tuple(_by_iso3().values())


def state(iso3: str) -> State:
    """The state of an ISO 3166-1 alpha-3 code. Raises `Invalid`."""
    try:
        return _by_iso3()[iso3]
    except KeyError:
        raise Invalid(
            f"“{iso3[:20]}” is no code of our table of states; write three capitals, as in KWT."
        ) from None


@cache
def organizations() -> tuple[Organization, ...]:
    """All organisations we know, by acronym."""
    return tuple(
        Organization(
            entry["code"],
            entry["kind"],
            entry["reach"],
            MappingProxyType(entry["names"]),
            tuple(entry.get("acronyms", ())),
            tuple(entry.get("variants", ())),
        )
        for entry in read("organizations.json")
    )


def name(state: State, language: str, form: Form = "short", *, on: date | None = None) -> str:
    """What to print: the name in a language (English where we lack it), on a past day if asked.

    `short` and `formal` are for badges and nameplates, `index` for alphabetical lists.
    """
    language = language if language in state.names else "en"
    if on is not None:
        for former in state.former:
            old = former.formal if form == "formal" else former.short
            if on < former.until and language in old:
                return old[language]
    current = state.names[language]
    return {"short": current.short, "formal": current.formal, "index": current.index}[form]


def filed(name: str, iso3: str | None) -> str:
    """A delegation's name as lists file it: the index form where it is its state's own name.

    A name of somebody's own choosing is filed as it is written.
    """
    known = _by_iso3().get(iso3 or "")
    for own in known.names.values() if known else ():
        if name in (own.short, own.formal):
            return own.index
    return name


@cache
def _key(iso3: str, language: str) -> bytes:
    return text.sort_key(_by_iso3()[iso3].names[language].sort, language)


def sort_key(state: State, language: str) -> bytes:
    """Bytes that place the state in an alphabetical list of that language (English if unknown)."""
    return _key(state.iso3, language if language in LANGUAGES else "en")


def country_order(
    iso3s: Iterable[str],
    language: str,
    starting_from: str | None = None,
    *,
    sort_as: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """The codes in the language's alphabetical order, from the state drawn by lot if there is one.

    The list wraps round at its end; a drawn state that is not in it starts it at its successor.
    `sort_as` gives a profile's own sort names by code (السعودية under س). Raises `Invalid`.
    """

    language = language if language in LANGUAGES else "en"

    def key(iso3: str) -> bytes:
        if sort_as and iso3 in sort_as:
            return text.sort_key(sort_as[iso3], language)
        return sort_key(state(iso3), language)

    ordered = sorted(set(iso3s), key=lambda iso3: (key(iso3), iso3))
    if starting_from is None:
        return tuple(ordered)
    first = key(starting_from)
    return tuple([c for c in ordered if key(c) >= first] + [c for c in ordered if key(c) < first])
