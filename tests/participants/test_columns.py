"""Columns of the conference's own: kept, filtered, imported, exported, and never leaked."""

import asyncio
import io
import re
import zipfile
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.accounts.audit import E, verify
from app.accounts.rules import INSTALLATION, Actor, Permit, Role
from app.core.errors import Clash, Invalid
from app.participants.columns import export, service
from app.participants.columns.intake import own
from app.participants.columns.schemas import ColumnIn
from app.participants.imports import preview as previews
from app.participants.imports import service as imports
from app.participants.imports.preview import Parsed, Preview
from app.participants.store import Filters
from tests.participants.people import nominated
from tests.participants.test_imports import ON
from tests.queries import counted
from tests.world import World, make_world, signed_in

OFFICER = "registration_officer"
SECRET = {"key": "weapon", "label": {"en": "Weapon"}, "readers": ["protocol_officer"]}
HOTEL = {
    "key": "hotel",
    "label": {"en": "Hotel", "ar": "الفندق"},
    "readers": [OFFICER, "protocol_officer", "programme_officer", "auditor"],
    "delegation": "seen",
}
VISA = {"key": "visa", "label": {"en": "Visa"}, "kind": "yes_no", "delegation": "written"}
ARRIVAL = {"key": "arrival", "label": {"en": "Arrival"}, "kind": "instant"}
BIRTH = {"key": "birth", "label": {"en": "Birth"}, "kind": "date"}


async def define(world: World, *given: dict[str, Any]) -> None:
    async with world.database.writing() as session:
        for one in given:
            column = ColumnIn.model_validate(one)
            await service.create(session, INSTALLATION, world.conference, column)


async def fill(world: World, id: str, **values: str | None) -> None:
    async with world.database.writing() as session:
        await service.set_values(session, INSTALLATION, world.conference, UUID(id), values)


async def held(world: World, id: str) -> dict[str, str]:
    async with world.database.reading() as session:
        columns = await service.readable(session, INSTALLATION, world.conference)
        return await service.held(session, world.conference.id, columns, UUID(id))


async def found(client: httpx.AsyncClient, world: World, query: str, role: str = OFFICER) -> Any:
    return await client.get(f"{world.api}/participants?{query}", headers=world.headers(role))


async def test_a_column_is_defined_changed_and_deleted(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers(OFFICER)
    at = f"{world.api}/columns"
    made = await client.post(at, json=HOTEL, headers=officer)
    assert (made.status_code, made.json()["position"], made.json()["version"]) == (201, 1, 1)
    for wrong, code in (
        (HOTEL, "column-taken"),
        (HOTEL | {"key": "other"}, "column-taken"),
        ({"key": "other", "label": {"fr": "Fonction"}}, "heading-taken"),
        ({"key": "rank", "label": {"en": "Grade"}}, "heading-taken"),
        ({"key": "other", "label": {"en": "Other"}, "readers": ["auditor"]}, "not-your-own-column"),
    ):
        answer = await client.post(at, json=wrong, headers=officer)
        assert (answer.status_code, answer.json().get("code")) == (409, code), wrong
    for wrong in (
        {"key": "Hotel", "label": {"en": "X"}},
        {"key": "x", "label": {"en": "X"}},
        {"key": "ok", "label": {}},
        {"key": "ok", "label": {"en": "Kind of visa"}, "kind": "choice"},
        {"key": "ok", "label": {"en": "Visa"}, "choices": ["A"]},
        {"key": "ok", "label": {"en": "Visa"}, "kind": "choice", "choices": ["A", "a"]},
        {"key": "ok", "label": {"en": "Visa"}, "readers": ["press_officer"]},
    ):
        assert (await client.post(at, json=wrong, headers=officer)).status_code == 422, wrong
    kind = {"key": "entry", "label": {"en": "Entry"}, "kind": "choice", "choices": ["One", "Two"]}
    assert (await client.post(at, json=kind, headers=officer)).status_code == 201
    person = await nominated(world)
    await fill(world, person, entry="one")
    used = await client.patch(f"{at}/entry", json={"choices": ["Two"]}, headers=officer)
    assert (used.status_code, used.json()["code"]) == (409, "choice-in-use")
    more = {"choices": ["One", "Three"], "position": 0}
    changed = await client.patch(f"{at}/entry", json=more, headers=officer | {"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["choices"]) == (200, ["One", "Three"])
    late = await client.patch(f"{at}/entry", json=more, headers=officer | {"If-Match": '"1"'})
    assert late.status_code == 412
    listed = await client.get(at, headers=officer)
    assert [one["key"] for one in listed.json()["results"]] == ["entry", "hotel"]
    full = await client.delete(f"{at}/entry", headers=officer)
    assert (full.status_code, full.json()["values"]) == (409, 1)
    assert (await client.delete(f"{at}/entry?confirm=true", headers=officer)).status_code == 204
    assert (await client.delete(f"{at}/hotel", headers=officer)).status_code == 204
    assert (await client.get(at, headers=officer)).json()["count"] == 0


async def test_values_are_set_emptied_and_guarded(client: httpx.AsyncClient, world: World) -> None:
    await define(world, HOTEL, VISA, ARRIVAL)
    officer = world.headers(OFFICER)
    at = f"{world.api}/participants/{await nominated(world)}/values"
    before = await client.get(at, headers=officer)
    assert before.json() == {"hotel": None, "visa": None, "arrival": None}
    given = {"hotel": "Palm Court", "visa": True, "arrival": "2026-11-03 22:15"}
    kept = await client.patch(at, json=given, headers=officer)
    assert kept.json() == {
        "hotel": "Palm Court",
        "visa": "yes",
        "arrival": "2026-11-03T19:15:00Z",
    }
    stale = officer | {"If-Match": before.headers["ETag"]}
    assert (await client.patch(at, json={"hotel": None}, headers=stale)).status_code == 412
    fresh = officer | {"If-Match": kept.headers["ETag"]}
    emptied = await client.patch(at, json={"hotel": None}, headers=fresh)
    assert (emptied.json()["hotel"], emptied.json()["visa"]) == (None, "yes")
    wrong = await client.patch(
        at, json={"visa": "perhaps", "arrival": "soon", "hotel": "Other"}, headers=officer
    )
    assert wrong.status_code == 422
    assert {e["pointer"] for e in wrong.json()["errors"]} == {"/visa", "/arrival"}
    assert (await client.get(at, headers=officer)).json() == emptied.json()


ROLES = (OFFICER, "protocol_officer", "programme_officer", "auditor", "focal_point")


@pytest.mark.parametrize("role", ROLES)
async def test_a_column_one_may_not_read_is_one_that_is_not_there(
    client: httpx.AsyncClient, world: World, role: str
) -> None:
    """List, filter, count, search, values, ETag, export: the same bytes as for a made-up key."""
    await define(world, HOTEL, VISA, SECRET)
    person = await nominated(world)
    headers = world.headers(role)
    at = f"{world.api}/participants/{person}/values"
    tag = (await client.get(at, headers=headers)).headers["ETag"]
    await fill(world, person, weapon="Sidearm 9 mm", hotel="Palm Court")
    seen = await client.get(at, headers=headers)
    reads = role == "protocol_officer"
    assert ("weapon" in seen.json(), "Sidearm" in seen.text) == (reads, reads)
    listed = await client.get(f"{world.api}/columns", headers=headers)
    assert ("weapon" in listed.text) is reads
    assert listed.json()["count"] == len(listed.json()["results"]) == len(seen.json())
    assert seen.headers["ETag"] != tag
    await fill(world, person, weapon="Rifle")
    again = (await client.get(at, headers=headers)).headers["ETag"]
    assert (again == seen.headers["ETag"]) is not reads
    for query in ("column.{}=Rifle", "column.{}.empty=1", "column.{}.from=x", "column={}&value=R"):
        real = await found(client, world, query.format("weapon"), role)
        made_up = await found(client, world, query.format("wapeon"), role)
        assert made_up.status_code == 422
        if reads:
            assert real.status_code == (422 if "from" in query else 200), query
        else:
            assert real.text.replace("weapon", "wapeon") == made_up.text, query
    for body in ({"weapon": "None"}, {"weapon": None}):
        real = await client.patch(at, json=body, headers=headers)
        made_up = await client.patch(at, json={"wapeon": None}, headers=headers)
        if reads:
            assert real.status_code == 200
        else:
            assert real.text.replace("weapon", "wapeon") == made_up.text
    searched = await found(client, world, "search=Rifle", role)
    assert searched.json()["count"] == 0
    await fill(world, person, weapon="Rifle")
    actor = Actor("user", UUID(int=9), "X", tuple(permits(world, role)))
    async with world.database.writing() as session:
        headings, rows = await export.table(session, actor, world.conference, Filters())
        with nullcontext() if reads else pytest.raises(Clash, match="no column “weapon”"):
            await export.table(session, actor, world.conference, Filters(), ["weapon"])
    assert ("Weapon" in headings, "Rifle" in str(rows)) == (reads, reads)


def permits(world: World, role: str) -> list[Permit]:
    mine = world.delegations["KWT"].id if role == "focal_point" else None
    return [Permit(Role(role), world.conference.id, mine)]


async def test_a_hidden_column_cannot_be_defined_away_or_looked_at(
    client: httpx.AsyncClient, world: World
) -> None:
    await define(world, SECRET)
    officer = world.headers(OFFICER)
    first = await client.post(f"{world.api}/columns", json=VISA, headers=officer)
    assert first.json()["position"] == 1
    for method in ("PATCH", "DELETE"):
        answers = [
            await client.request(method, f"{world.api}/columns/{key}", json={}, headers=officer)
            for key in ("weapon", "wapeon")
        ]
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    await define(world, HOTEL)
    away = await client.patch(
        f"{world.api}/columns/hotel", json={"readers": ["auditor"]}, headers=officer
    )
    assert (away.status_code, away.json()["code"]) == (409, "not-your-own-column")


async def test_what_delegations_see_and_write(client: httpx.AsyncClient, world: World) -> None:
    await define(world, HOTEL, VISA, ARRIVAL)
    own_one, other = await nominated(world), await nominated(world, delegation="TJK")
    focal = world.headers("focal_point")
    at = f"{world.api}/participants/{own_one}/values"
    assert (await client.get(at, headers=focal)).json() == {"hotel": None, "visa": None}
    assert (await client.patch(at, json={"visa": True}, headers=focal)).status_code == 200
    assert (await client.patch(at, json={"hotel": "Palm"}, headers=focal)).status_code == 403
    for method in ("GET", "PATCH"):
        theirs = f"{world.api}/participants/{other}/values"
        answer = await client.request(method, theirs, json={"visa": True}, headers=focal)
        assert answer.status_code == 404
    await fill(world, other, visa="yes")
    assert (await found(client, world, "column.visa=yes", "focal_point")).json()["count"] == 1
    auditor = await client.patch(at, json={"hotel": "X"}, headers=world.headers("auditor"))
    assert auditor.status_code == 403


async def test_lists_are_narrowed_by_columns(client: httpx.AsyncClient, world: World) -> None:
    await define(world, HOTEL, VISA, ARRIVAL, BIRTH)
    values = {
        "Ana": {"hotel": "Palm Court", "arrival": "2026-11-03 23:30", "birth": "1970-01-02"},
        "Beno": {"hotel": "Court of Palms", "visa": "yes", "birth": "1980-01-02"},
        "Caro": {"hotel": "100% Hotel", "visa": "no", "arrival": "2026-11-04 00:30"},
        "Dana": {},
    }
    for name, given in values.items():
        await fill(world, await nominated(world, name=name), **given)
    for query, names in {
        "column.hotel=court palm": ["Ana", "Beno"],
        "column.hotel=100%": ["Caro"],
        "column.hotel=_": None,
        "column.visa=oui": ["Beno"],
        "column.visa.empty=1": ["Ana", "Dana"],
        "column.visa.filled=1": ["Beno", "Caro"],
        "column.arrival=2026-11-03": ["Ana"],
        "column.arrival=2026-11-04T00:30": ["Caro"],
        "column.arrival.from=2026-11-04": ["Caro"],
        "column.arrival.to=2026-11-04": ["Ana", "Caro"],
        "column.birth.from=1970-01-02&column.birth.to=1979-12-31": ["Ana"],
        "column.birth=2.1.1980&column.visa=yes": ["Beno"],
        "column.hotel=": ["Ana", "Beno", "Caro", "Dana"],
        "column=hotel&value=&holds=": ["Ana", "Beno", "Caro", "Dana"],
        "column=visa&holds=empty&value=": ["Ana", "Dana"],
        "column=hotel&value=palm": ["Ana", "Beno"],
        "column.hotel.from=a": None,
        "column.birth=soon": None,
        "column.hotel.like=a": None,
    }.items():
        answer = await found(client, world, f"ordering=name&{query}")
        if names is None:
            assert answer.status_code == 422, query
        else:
            assert [p["name"] for p in answer.json()["results"]] == names, query
            assert answer.json()["count"] == len(names)


async def test_values_stay_in_their_conference(client: httpx.AsyncClient, world: World) -> None:
    await define(world, HOTEL)
    other = await make_world(world.database, "other-2026")
    await define(other, HOTEL)
    await fill(world, await nominated(world), hotel="Palm Court")
    answer = await client.get(
        f"{other.api}/participants?column.hotel=palm", headers=other.headers(OFFICER)
    )
    assert answer.json()["count"] == 0


# -- Importing


async def read(world: World, text: str, role: str = OFFICER, **columns: str) -> Parsed:
    actor = Actor("user", UUID(int=9), "X", tuple(permits(world, role)))
    async with world.database.reading() as session:
        mine = await own(session, actor, world.conference)
    return previews.parse(text.encode(), "l.csv", ON, columns=columns, own=mine)


async def bring(world: World, text: str, **columns: str) -> dict[str, int]:
    found = await read(world, text, **columns)
    async with world.database.writing() as session:
        plan = await imports.plan_of(session, INSTALLATION, world.conference, found)
        return await imports.run(session, INSTALLATION, world.conference, plan)


async def ids(client: httpx.AsyncClient, world: World) -> dict[str, str]:
    listed = await client.get(f"{world.api}/participants", headers=world.headers())
    return {one["name"]: one["id"] for one in listed.json()["results"]}


async def test_a_file_fills_columns_and_again_changes_nothing(
    client: httpx.AsyncClient, world: World
) -> None:
    await define(world, HOTEL, VISA, ARRIVAL)
    text = (
        "Delegation,Name,الفندق / Hotel,visa,When\n"
        "Chile,Ana,Palm Court,yes,2026-11-03 22:15\nFiji,Beno,,no,\n"
    )
    first = await bring(world, text, **{"column.arrival": "When"})
    assert first["created"] == 2
    people = await ids(client, world)
    ana = {"hotel": "Palm Court", "visa": "yes", "arrival": "2026-11-03T19:15:00Z"}
    assert await held(world, people["Ana"]) == ana
    assert await held(world, people["Beno"]) == {"visa": "no"}
    again = await bring(world, text, **{"column.arrival": "When"})
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    # What an officer changed or emptied since, and the file did not, stays.
    await fill(world, people["Ana"], hotel="Court of Palms", visa=None)
    assert (await bring(world, text))["unchanged"] == 2
    assert (await held(world, people["Ana"]))["hotel"] == "Court of Palms"
    assert "visa" not in await held(world, people["Ana"])
    # A corrected cell updates; an emptied one erases nothing.
    corrected = text.replace("Palm Court", "Sea View").replace("no,", ",")
    found = await read(world, corrected)
    async with world.database.reading() as session:
        plan = await previews.preview(session, INSTALLATION, world.conference, found)
    assert [(c.name, c.fields) for c in plan.changes] == [
        ("Ana", {"column.hotel": ("Court of Palms", "Sea View")})
    ]
    assert (await bring(world, corrected))["updated"] == 1
    assert (await held(world, people["Ana"]))["hotel"] == "Sea View"
    assert await held(world, people["Beno"]) == {"visa": "no"}
    await fill(world, people["Beno"], hotel="Palm Court")
    same = corrected.replace("Fiji,Beno,,", "Fiji,Beno,Palm Court,")
    assert (await bring(world, same))["unchanged"] == 2
    await fill(world, people["Beno"], hotel="Other")
    assert (await bring(world, same))["unchanged"] == 2
    assert (await held(world, people["Beno"]))["hotel"] == "Other"


async def test_a_wrong_cell_is_named_by_line_and_heading(world: World) -> None:
    await define(world, VISA, ARRIVAL, BIRTH)
    text = "Delegation,Name,Visa,Birth\nChile,Ana,perhaps,4/5/1970\nFiji,Beno,no,5.4.1970\n"
    found = await read(world, text)
    assert [(e.line, e.heading, e.value) for e in found.intake.errors] == [
        (2, "Visa", "perhaps"),
        (2, "Birth", "4/5/1970"),
    ]
    assert "two ways" in found.intake.errors[1].reason
    with pytest.raises(Clash, match="line 2, Visa “perhaps”: Write yes or no"):
        await bring(world, text)
    with pytest.raises(Invalid, match=r"“column\.nope” is no field"):
        await read(world, text, **{"column.nope": "Visa"})
    with pytest.raises(Invalid, match=r"no heading “Arrives” for column\.arrival"):
        await read(world, text, **{"column.arrival": "Arrives"})


async def test_a_heading_of_a_column_one_may_not_write_is_not_read(world: World) -> None:
    await define(world, SECRET)
    text = "Delegation,Name,Weapon,Weepon\nChile,Ana,Sidearm,Sidearm\n"
    found = await read(world, text)
    assert "column.weapon" not in found.columns
    told = []
    for key in ("weapon", "weepon"):
        with pytest.raises(Invalid) as refused:
            await read(world, text, **{f"column.{key}": "Weapon"})
        told.append(refused.value.detail.replace(key, ""))
    assert told[0] == told[1]


async def test_explicit_columns_win_and_fields_keep_their_headings(world: World) -> None:
    await define(world, HOTEL)
    text = "Delegation,Name,Hotel,Function\nChile,Ana,Palm,Envoy\n"
    assert (await read(world, text)).columns["column.hotel"] == 2
    none = await read(world, text, **{"column.hotel": ""})
    assert "column.hotel" not in none.columns
    other = await read(world, text, function="Hotel")
    assert (other.columns["function"], "column.hotel" in other.columns) == (2, False)
    moved = await read(world, text, **{"column.hotel": "#4", "function": "#3"})
    assert (moved.columns["column.hotel"], moved.columns["function"]) == (3, 2)


async def test_an_import_asks_no_more_for_more_people(world: World) -> None:
    await define(world, HOTEL, VISA)
    counts = []
    for size in (20, 200):
        rows = "".join(f"Chile,Person {size} {n},Hotel {n},yes\n" for n in range(size))
        found = await read(world, f"Delegation,Name,Hotel,Visa\n{rows}")
        with counted(world.database) as statements:
            async with world.database.writing() as session:
                plan: Preview = await imports.plan_of(
                    session, INSTALLATION, world.conference, found
                )
                await imports.run(session, INSTALLATION, world.conference, plan)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 1, counts


async def test_two_at_once_keep_one_value_each(world: World) -> None:
    await define(world, HOTEL, VISA)
    person = await nominated(world)
    await asyncio.gather(
        *(fill(world, person, hotel=f"Hotel {n}") for n in range(5)), fill(world, person, visa="no")
    )
    assert (await held(world, person)).keys() == {"hotel", "visa"}


# -- Exporting, and the desk


async def test_the_list_goes_out_with_columns_and_without_formulas(
    client: httpx.AsyncClient, world: World
) -> None:
    await define(world, HOTEL, ARRIVAL, SECRET)
    await fill(
        world, await nominated(world), hotel="=1+1", arrival="2026-11-03 22:15", weapon="Sidearm"
    )
    await nominated(world, name="Beno", delegation="TJK")
    await signed_in(client, world, OFFICER)
    at = f"{world.desk}/participants/export"
    whole = (await client.get(f"{at}.csv")).content.decode("utf-8-sig").splitlines()
    assert whole[0].endswith("Status,Hotel,Arrival")
    assert whole[1].endswith("Nominated,'=1+1,2026-11-03 22:15")
    assert len(whole) == 3
    some = (await client.get(f"{at}.csv?column.hotel.filled=1&columns=hotel")).text.splitlines()
    assert (len(some), some[0].endswith("Status,Hotel")) == (2, True)
    book = await client.get(f"{at}.xlsx?delegation=TJK")
    assert book.headers["content-disposition"].endswith('test-2026-participants.xlsx"')
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        texts = "".join(archive.read(n).decode() for n in archive.namelist() if "xml" in n)
    assert "Beno" in texts
    assert "Salem" not in texts
    assert "<f>" not in texts
    answers = [await client.get(f"{at}.csv?columns={key}") for key in ("weapon", "wapeon")]
    assert [a.status_code for a in answers] == [409, 409]
    assert "Sidearm" not in "".join(whole)
    assert (await client.get(f"{at}.pdf")).status_code in (404, 422)
    client.cookies.clear()
    await signed_in(client, world, "press_officer")
    assert (await client.get(f"{at}.csv")).status_code == 403


async def test_the_exported_list_is_imported_without_a_change(
    client: httpx.AsyncClient, world: World
) -> None:
    await define(world, HOTEL, ARRIVAL)
    rows = "Delegation,Name,Hotel,Arrival\nChile,Ana,Palm,2026-11-03 22:15\n"
    await bring(world, rows)
    await signed_in(client, world, OFFICER)
    text = (await client.get(f"{world.desk}/participants/export.csv")).content
    outcome = await bring(world, text.decode("utf-8-sig"))
    assert (outcome["created"], outcome["updated"], outcome["errors"]) == (0, 0, 0)


async def test_columns_are_defined_at_the_desk(client: httpx.AsyncClient, world: World) -> None:
    await signed_in(client, world, OFFICER)
    page = f"{world.desk}/columns/"
    wrong = {"key": "Entry", "label.en": "Entry", "kind": "choice", "choices": "One\nTwo"}
    refused = await client.post(page, data=wrong | {"readers": ["", OFFICER]})
    assert refused.status_code == 422
    assert ">One\nTwo</textarea>" in refused.text
    made = await client.post(page, data=wrong | {"key": "entry", "readers": ["", OFFICER]})
    assert (made.status_code, made.headers["location"]) == (303, page)
    shown = await client.get(page)
    assert "The column was added." in shown.text
    assert "One, Two" in shown.text
    form = await client.get(f"{page}entry")
    changes = {"label.en": "Entries", "label.ar": "مرات", "version": "1", "position": "3"}
    changes["choices"] = "One\nTwo\nMany"
    saved = await client.post(
        f"{page}entry", data=changes | {"readers": ["", OFFICER, "auditor"], "person": "written"}
    )
    assert (form.status_code, saved.status_code) == (200, 303)
    late = await client.post(f"{page}entry", data=changes)
    assert (late.status_code, "مرات" in late.text) == (412, True)
    own_goal = await client.post(f"{page}entry", data={"label.en": "Entries", "readers": [""]})
    assert (own_goal.status_code, "not see this column yourself" in own_goal.text) == (409, True)
    await fill(world, await nominated(world), entry="Many")
    kept = await client.post(f"{page}entry/delete")
    assert (kept.status_code, "1 people have a value" in kept.text) == (409, True)
    gone = await client.post(f"{page}entry/delete", data={"confirm": "true"})
    assert gone.status_code == 303
    assert (await client.get(f"{page}entry")).status_code == 404
    client.cookies.clear()
    await signed_in(client, world, "protocol_officer")
    assert (await client.get(page)).status_code == 403


async def test_values_are_filled_in_at_the_desk(client: httpx.AsyncClient, world: World) -> None:
    await define(world, HOTEL, VISA, ARRIVAL, BIRTH, SECRET)
    id = await nominated(world)
    await fill(world, id, weapon="Sidearm")
    person = f"{world.desk}/participants/{id}"
    await signed_in(client, world, OFFICER)
    assert (await client.get(person)).status_code == 200
    page = await client.get(f"{person}/values")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version
    typed = {"column.hotel": "<b>Palm", "column.arrival": "2026-11-03T22:15"}
    wrong = await client.post(f"{person}/values", data=typed | {"column.visa": "perhaps"})
    assert (wrong.status_code, "Write yes or no." in wrong.text) == (422, True)
    assert "&lt;b&gt;Palm" in wrong.text
    typed |= {"column.visa": "yes", "version": version[1]}
    assert (await client.post(f"{person}/values", data=typed)).status_code == 303
    shown = (await client.get(person)).text
    for text in ("&lt;b&gt;Palm", "2026-11-03 22:15", "Yes"):
        assert text in shown
    assert "Sidearm" not in shown
    assert (await client.post(f"{person}/values", data=typed)).status_code == 412
    emptied = await client.post(f"{person}/values", data={"column.visa": ""})
    assert emptied.status_code == 303
    assert await held(world, id) == {"weapon": "Sidearm"}
    listed = await client.get(f"{world.desk}/participants/?column=visa&holds=empty&value=")
    assert "1 person<" in listed.text
    assert "export.xlsx?column=visa&amp;holds=empty" in listed.text
    assert "Weapon" not in listed.text
    assert (
        await client.get(f"{world.desk}/participants/?column=weapon&value=x")
    ).status_code == 422


async def test_a_column_is_matched_at_the_desk(client: httpx.AsyncClient, world: World) -> None:
    await define(world, HOTEL, SECRET)
    await signed_in(client, world, OFFICER)
    data = b"Delegation,Name,Stays at,Weapon\nChile,Ana,Palm,Sidearm\n"
    sent = await client.post(
        f"{world.desk}/import", files={"file": ("l.csv", data)}, data={"status": "nominated"}
    )
    at = sent.headers["location"]
    page = (await client.get(at)).text
    assert ('value="column.hotel"' in page, "column.weapon" in page) == (True, False)
    chosen = {"map-0": "delegation", "map-1": "name", "map-2": "column.hotel"}
    assert (await client.post(at, data=chosen)).headers["location"] == f"{at}/preview"
    assert (await client.post(f"{at}/confirm")).headers["location"] == f"{at}/done"
    people = await ids(client, world)
    assert await held(world, people["Ana"]) == {"hotel": "Palm"}
    # What the next file corrects is shown under the column's own name.
    again = {"file": ("l.csv", data.replace(b"Palm", b"Sea View"))}
    later = await client.post(
        f"{world.desk}/import", files=again, data={"status": "nominated", "after": at[-36:]}
    )
    shown = (await client.get(f"{later.headers['location']}/preview")).text
    for text in ("Hotel", "Palm", "Sea View"):
        assert text in shown


async def test_the_trail_says_who_did_what_and_repeats_no_value(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers(OFFICER)
    await client.post(f"{world.api}/columns", json=HOTEL, headers=officer)
    await client.patch(f"{world.api}/columns/hotel", json={"readers": [OFFICER]}, headers=officer)
    await fill(world, await nominated(world), hotel="Palm Court")
    await bring(world, "Delegation,Name,Hotel\nChile,Ana,Sea View\n")
    async with world.database.writing() as session:
        await export.table(session, INSTALLATION, world.conference, Filters())
    await client.delete(f"{world.api}/columns/hotel?confirm=true", headers=officer)
    async with world.database.reading() as session:
        rows = (await session.execute(select(E).order_by(E.c.chain, E.c.seq))).mappings().all()
        assert await verify(session) == []
    mine = [(r["action"], sorted(r["fields"])) for r in rows if "column" in str(r["fields"].keys())]
    own = [act for act in (r["action"] for r in rows) if act.startswith("column.")]
    assert own == ["column.create", "column.edit", "column.delete"]
    assert mine == [
        ("participant.values", ["column.hotel"]),
        ("participant.values", ["column.hotel"]),
        ("participants.export", ["column.hotel", "people"]),
    ]
    assert "Palm" not in str(rows)
    assert "Sea View" not in str(rows)
