"""Importing lists: every format reads the same, and nothing happens that was not shown."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import httpx
import pytest

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.conferences.rules import policies_of
from app.core.errors import Clash, Invalid
from app.delegations import service as delegations
from app.delegations.schemas import DelegationEdit
from app.participants import approval, service, store
from app.participants.imports import preview as previews
from app.participants.imports import service as imports
from app.participants.imports.preview import Parsed, Preview
from app.participants.rules import Rank, Role, Status
from app.participants.schemas import ParticipantEdit
from app.participants.store import P
from app.quotas import service as quotas
from app.quotas.schemas import QuotaIn
from tests.participants.lists import FIELDS, HEADINGS, Rows, as_csv, as_ods, as_xlsx, people
from tests.world import OFFICER, World, make_world

ON = date(2026, 11, 4)


def parsed(rows: Sequence[Sequence[str]], headings: Sequence[str] = FIELDS) -> Parsed:
    return previews.parse(as_csv([list(r) for r in rows], headings=headings), "list.csv", ON)


async def plan_of(world: World, found: Parsed) -> Preview:
    async with world.database.reading() as session:
        return await previews.preview(session, OFFICER, world.conference, found)


async def run(
    world: World,
    found: Parsed,
    *,
    status: Status = Status.nominated,
    accept_valid: bool = False,
) -> dict[str, int]:
    async with world.database.writing() as session:
        plan = await imports.plan_of(session, OFFICER, world.conference, found)
        return await imports.run(
            session, OFFICER, world.conference, plan, status=status, accept_valid=accept_valid
        )


async def stored(world: World) -> dict[str, Any]:
    async with world.database.reading() as session:
        found = await store.people(session, world.conference.id, P.c.id.is_not(None))
        session.expunge_all()
        return {person.name: person for person, _ in found}


async def edit(world: World, who: str, /, **fields: Any) -> None:
    person = (await stored(world))[who]
    async with world.database.writing() as session:
        await service.edit(session, OFFICER, world.conference, person.id, ParticipantEdit(**fields))


def line(delegation: str, name: str, **cells: str) -> list[str]:
    given = {"group": "Parties", "delegation": delegation, "name": name} | cells
    return [given.get(field, "") for field in FIELDS]


def told(found: Parsed) -> list[tuple[object, ...]]:
    """What a file says, without the wording of its headings."""
    bodies = {key: body.given for key, body in found.intake.bodies.items()}
    return [(row.line, bodies[row.body], row.key, row.stated) for row in found.intake.rows]


EXPECTED = told(parsed(people()))
CP1252 = [[*row[:4], "", *row[5:]] for row in people()]

FORMATS: dict[str, tuple[bytes, str]] = {
    "csv": (as_csv(people()), "l.csv"),
    "csv with mark": (as_csv(people(), encoding="utf-8-sig"), "l.csv"),
    "semicolons": (as_csv(people(), delimiter=";"), "l.csv"),
    "tabs": (as_csv(people(), delimiter="\t"), "l.tsv"),
    "utf-16": (as_csv(people(), encoding="utf-16"), "l.csv"),
    "utf-16 tabs, no mark": (as_csv(people(), encoding="utf-16-le", delimiter="\t"), "l.txt"),
    "french": (as_csv(people(), headings=HEADINGS["fr"], delimiter=";"), "liste.csv"),
    "arabic": (as_csv(people(), headings=HEADINGS["ar"], encoding="utf-16"), "l.csv"),
    "xlsx": (as_xlsx(people()), "l.xlsx"),
    "xlsx arabic": (as_xlsx(people(), headings=HEADINGS["ar"]), "l.xlsx"),
    "ods": (as_ods({"List": [HEADINGS["en"], *people()]}), "l.ods"),
    "ods french": (as_ods({"Liste": [HEADINGS["fr"], *people()]}), "l.ods"),
}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same(form: str) -> None:
    found = previews.parse(*FORMATS[form], ON)
    assert (len(told(found)), found.intake.errors) == (40, [])
    assert told(found) == EXPECTED


def test_windows_1252_says_the_same_but_for_arabic() -> None:
    french = as_csv(CP1252, headings=HEADINGS["fr"], encoding="cp1252", delimiter=";")
    assert told(previews.parse(french, "l.csv", ON)) == told(parsed(CP1252))


def test_a_sheet_is_chosen_by_name_and_a_field_by_heading() -> None:
    book = as_ods({"About": [["Nothing here"]], "Liste": [HEADINGS["fr"], *people()]})
    assert told(previews.parse(book, "l.ods", ON, sheet="Liste")) == EXPECTED
    with pytest.raises(Invalid, match="no sheet “List”; it has “About”, “Liste”"):
        previews.parse(book, "l.ods", ON, sheet="List")
    odd = as_csv(people(), headings=("A", "B", "C", "D", "E", "F", "G", "H", "I"))
    with pytest.raises(Invalid, match="No column holds the people's names"):
        previews.parse(odd, "l.csv", ON)
    letters = dict(zip(FIELDS, "ABCDEFGHI", strict=True))
    assert told(previews.parse(odd, "l.csv", ON, columns=letters)) == EXPECTED
    numbers = {field: f"#{place}" for place, field in enumerate(FIELDS, start=1)}
    assert told(previews.parse(odd, "l.csv", ON, columns=numbers)) == EXPECTED
    without = previews.parse(as_csv(people()), "l.csv", ON, columns={"function": ""})
    assert "function" not in without.columns
    with pytest.raises(Invalid, match="no heading “Z” for name"):
        previews.parse(odd, "l.csv", ON, columns={"name": "Z"})


async def test_the_same_file_twice_changes_nothing(world: World) -> None:
    found = parsed(people())
    first = await run(world, found)
    assert (first["delegations"], first["created"], first["unchanged"]) == (10, 40, 0)
    before = await stored(world)
    again = await run(world, found)
    assert (again["delegations"], again["created"], again["updated"]) == (0, 0, 0)
    assert again["unchanged"] == 40
    after = await stored(world)
    assert {n: p.model_dump() for n, p in before.items()} == {
        n: p.model_dump() for n, p in after.items()
    }
    async with world.database.reading() as session:
        conference = await conferences.conference(session, world.conference.slug)
    assert policies_of(conference.policies).group_labels == {
        "member_states": "Parties",
        "non_governmental": "Non-governmental organizations",
    }


CORRECTIONS = [
    ("name_ar", "أمينة أبيو", "names", {"ar": "أمينة أبيو"}),
    ("rank", "minister", "rank", Rank.minister),
    ("function", "Minister of Justice", "function", "Minister of Justice"),
    ("role", "adviser", "role", Role.adviser),
    ("email", "new@example.org", "email", "new@example.org"),
    ("style", "Mme", "style", "Mme"),
]


@pytest.mark.parametrize(("field", "text", "stored_as", "value"), CORRECTIONS)
async def test_a_corrected_cell_changes_that_cell(
    world: World, field: str, text: str, stored_as: str, value: object
) -> None:
    headings = (*FIELDS, "rank")
    row = [*line("Chile", "Ana Example", function="Envoy", email="a@example.org"), ""]
    await run(world, parsed([row], headings))
    row[headings.index(field)] = text
    plan = await plan_of(world, parsed([row], headings))
    [change] = plan.changes
    assert change.fields[stored_as][1] == value
    assert (await run(world, parsed([row], headings)))["updated"] == 1
    assert getattr((await stored(world))["Ana Example"], stored_as) == value
    assert (await run(world, parsed([row], headings)))["unchanged"] == 1


async def test_an_emptied_cell_erases_nothing(world: World) -> None:
    await run(world, parsed([line("Chile", "Ana Example", function="Envoy", sex="F")]))
    emptied = parsed([line("Chile", "Ana Example")])
    assert (await run(world, emptied))["unchanged"] == 1
    person = (await stored(world))["Ana Example"]
    assert (person.function, person.sex) == ("Envoy", "female")


async def test_what_officers_changed_stays_unless_the_file_changes_it_too(world: World) -> None:
    row = line("Chile", "Ana Example", function="Envoy", email="a@example.org")
    await run(world, parsed([row]))
    await edit(world, "Ana Example", function="Special Envoy", name="Ana María Example")
    assert (await run(world, parsed([row])))["unchanged"] == 1
    row = line("Chile", "Ana Example", function="Envoy", email="b@example.org")
    assert (await run(world, parsed([row])))["updated"] == 1
    person = (await stored(world))["Ana María Example"]
    assert (person.function, person.email) == ("Special Envoy", "b@example.org")
    row = line("Chile", "Ana Example", function="Ambassador", email="b@example.org")
    assert (await run(world, parsed([row])))["updated"] == 1
    assert (await stored(world))["Ana María Example"].function == "Ambassador"


async def test_an_officers_word_that_the_file_takes_up_is_then_the_files(world: World) -> None:
    await run(world, parsed([line("Chile", "Ana Example", function="Envoy")]))
    await edit(world, "Ana Example", function="Ambassador")
    taken_up = parsed([line("Chile", "Ana Example", function="Ambassador")])
    assert (await run(world, taken_up))["unchanged"] == 1
    await edit(world, "Ana Example", function="Consul")
    assert (await run(world, taken_up))["unchanged"] == 1
    assert (await stored(world))["Ana Example"].function == "Consul"


async def test_names_in_other_languages_stay_beside_the_arabic_one(world: World) -> None:
    await run(world, parsed([line("Chile", "Ana Example", name_ar="آنا")]))
    await edit(world, "Ana Example", names={"ar": "آنا", "ru": "Ана"})
    await run(world, parsed([line("Chile", "Ana Example", name_ar="آنّا")]))
    assert (await stored(world))["Ana Example"].names == {"ar": "آنّا", "ru": "Ана"}


async def test_equal_rows_are_kept_and_flagged(world: World) -> None:
    rows = [
        line("Chile", "Ana Example"),
        line("Chile", "Ana Example"),
        line("Chile", "Ana example"),
    ]
    found = parsed(rows)
    assert [w.reason for w in found.intake.warnings] == [
        "This line equals line 2; both are kept.",
        "This name stands in this delegation already.",
    ]
    assert (await run(world, found))["created"] == 3
    assert (await run(world, found))["unchanged"] == 3


async def test_ids_hold_people_through_every_correction(world: World) -> None:
    headings = ("external_id", *FIELDS)
    first = ["P1", *line("Chile", "Ana Example")]
    await run(world, parsed([line("Chile", "Ana Example")]))
    assert (await run(world, parsed([first], headings)))["updated"] == 1, "found by name"
    renamed = ["P1", *line("Chile", "Ana María Example")]
    assert (await run(world, parsed([renamed], headings)))["updated"] == 1
    assert list(await stored(world)) == ["Ana María Example"]
    moved = parsed([["P1", *line("Fiji", "Ana María Example")]], headings)
    plan = await plan_of(world, moved)
    assert (plan.unchanged, plan.new_bodies) == (1, [])
    assert "an import moves nobody" in plan.warnings[0].reason
    twice = parsed([first, ["P1", *line("Fiji", "Beno Example")]], headings)
    assert [w.reason for w in twice.intake.warnings] == [
        "An earlier line has this id; both are kept."
    ]
    await run(world, twice)
    assert (await run(world, twice))["unchanged"] == 2


async def test_who_was_entered_by_hand_is_found_by_name(
    client: httpx.AsyncClient, world: World
) -> None:
    given = {"delegation": "KWT", "name": "Salem Al-Example", "role": "delegate"}
    answer = await client.post(f"{world.api}/participants", json=given, headers=world.headers())
    assert answer.status_code == 201
    row = line("Kuwait", "SALEM AL EXAMPLE", function="Expert")
    plan = await plan_of(world, parsed([row]))
    assert (len(plan.new_rows), list(plan.changes[0].fields)) == (0, ["name", "function"])


async def test_a_delegation_renamed_here_keeps_its_people(world: World) -> None:
    rows = [line("Institute of Rivers", "Ana Example", group="NGOs")]
    await run(world, parsed(rows))
    async with world.database.writing() as session:
        await delegations.edit(
            session, OFFICER, world.conference, "IR", DelegationEdit(name="River Institute")
        )
    rows.append(line("Institute of Rivers", "Beno Example", group="NGOs"))
    outcome = await run(world, parsed(rows))
    assert (outcome["delegations"], outcome["created"], outcome["unchanged"]) == (0, 1, 1)


REFUSED: list[tuple[list[str], tuple[str, str, str]]] = [
    (line("Chile", ""), ("name", "", "A name is required.")),
    (line("Chile", "", name_ar="آنا"), ("name", "", "A name in Latin letters is required.")),
    (line("", "Ana"), ("delegation", "", "A delegation is required.")),
    (line("Chile", "Ana", role="king"), ("role", "king", "This is no role that we know.")),
    (line("Chile", "Ana", sex="Z"), ("sex", "Z", "This is no sex that we know.")),
    (line("Chile", "Ana", email="ana"), ("email", "ana", "This is no e-mail address.")),
    (
        line("Chile", "Ana", group="Ravens"),
        ("group", "Ravens", "This names no kind of delegation that we know."),
    ),
    (
        line("House of Ravens", "Ana", group=""),
        ("group", "", "Say in a group column how “House of Ravens” takes part."),
    ),
    (line("Chile", "Ana", function="x" * 501), ("function", "x" * 200, "This is longer than 500")),
]


@pytest.mark.parametrize(("row", "expected"), REFUSED)
def test_what_cannot_be_read_is_an_error_with_its_place(
    row: list[str], expected: tuple[str, str, str]
) -> None:
    found = parsed([line("Fiji", "Good Example"), row]).intake
    [error] = found.errors
    assert (error.line, error.heading, error.value) == (3, *expected[:2])
    assert error.reason.startswith(expected[2])
    assert [r.name for r in found.rows] == ["Good Example"], "a line in error is never imported"


async def test_all_or_nothing_unless_asked(world: World) -> None:
    found = parsed([line("Fiji", "Good Example"), line("Chile", "Ana", role="king")])
    with pytest.raises(Clash, match=r"line 3, role “king”: .* Nothing was imported\.") as refused:
        await run(world, found)
    assert refused.value.members["errors"] == [
        {"line": 3, "heading": "role", "value": "king", "reason": "This is no role that we know."}
    ]
    assert await stored(world) == {}
    outcome = await run(world, found, accept_valid=True)
    assert (outcome["created"], outcome["delegations"], outcome["errors"]) == (1, 1, 1)
    assert list(await stored(world)) == ["Good Example"]


async def test_doubts_are_warnings(world: World) -> None:
    await run(world, parsed([line("Chile", "Mohammed Al-Example")]))
    plan = await plan_of(
        world,
        parsed(
            [
                line("Fiji", "Muhammad Alexample"),
                line("Fiji", "Ana Example", style="Archduke"),
                line("Ruritania", "Rudolf Example"),
                line("Ghana", "Example Ana"),
            ]
        ),
    )
    assert plan.errors == []
    assert [(w.line, w.heading, w.value) for w in plan.warnings] == [
        (2, "name", "Muhammad Alexample"),
        (3, "style", "Archduke"),
        (4, "delegation", "Ruritania"),
        (5, "name", "Example Ana"),
    ]
    assert "Looks like Mohammed Al-Example" in plan.warnings[0].reason
    assert "Looks like Ana Example in line 3" in plan.warnings[3].reason


async def test_a_delegation_has_one_head(world: World) -> None:
    twice = [line("Chile", "Ana", role="head"), line("Chile", "Beno", role="head")]
    [error] = parsed(twice).intake.errors
    assert (error.line, error.reason) == (
        3,
        "Line 2 names the head already; a delegation has one.",
    )
    await run(world, parsed([line("Chile", "Ana", role="head")]))
    plan = await plan_of(world, parsed([line("Chile", "Beno", role="head")]))
    assert [e.reason for e in plan.errors] == [
        "Ana heads this delegation already; it has one head at a time."
    ]
    swapped = [line("Chile", "Beno", role="head"), line("Chile", "Ana", role="delegate")]
    assert (await run(world, parsed(swapped)))["errors"] == 0
    again = [line("Chile", "Beno", role="delegate"), line("Chile", "Ana", role="head")]
    assert (await run(world, parsed(again)))["updated"] == 2
    assert (await run(world, parsed(again)))["unchanged"] == 2
    people_now = await stored(world)
    assert (people_now["Ana"].role, people_now["Beno"].role) == (Role.head, Role.delegate)


async def test_a_head_whom_officers_chose_is_no_error_of_the_old_file(world: World) -> None:
    found = parsed([line("Chile", "Ana", role="head"), line("Chile", "Beno", role="delegate")])
    await run(world, found)
    await edit(world, "Ana", role="delegate")
    await edit(world, "Beno", role="head")
    assert (await run(world, found))["unchanged"] == 2


async def test_a_rank_column_decides_and_a_title_suggests(world: World) -> None:
    rows = [
        [*line("Chile", "Ana", function="Minister of Health"), ""],
        [*line("Chile", "Beno", function="Minister of Health"), "Deputy Minister"],
        [*line("Chile", "Caro", function="Minister of Health Counsellor"), ""],
    ]
    await run(world, parsed(rows, (*FIELDS, "Rank")))
    found = await stored(world)
    ranks = {name: (p.rank, p.rank_suggested) for name, p in found.items()}
    assert ranks == {
        "Ana": (None, Rank.minister),
        "Beno": (Rank.deputy_minister, None),
        "Caro": (None, None),
    }


async def quota(world: World, capacity: int, *, waiting_list: bool) -> None:
    async with world.database.writing() as session:
        given = QuotaIn(name="Main", capacity=capacity, waiting_list=waiting_list)
        await quotas.create(session, INSTALLATION, world.conference, given)


THREE = [line("Chile", "Ana"), line("Fiji", "Beno"), line("Ghana", "Caro")]


async def test_approved_in_the_order_of_the_file(world: World) -> None:
    await quota(world, 2, waiting_list=True)
    outcome = await run(world, parsed(THREE), status=Status.approved)
    assert (outcome["approved"], outcome["waitlisted"]) == (2, 1)
    statuses = {name: p.status for name, p in (await stored(world)).items()}
    assert statuses == {"Ana": "approved", "Beno": "approved", "Caro": "waitlisted"}
    again = await run(world, parsed(THREE), status=Status.approved)
    assert (again["created"], again["unchanged"], again["approved"]) == (0, 3, 0)


async def test_a_spent_quota_refuses_the_file_by_line(world: World) -> None:
    await quota(world, 1, waiting_list=False)
    with pytest.raises(Clash, match=r"lines 3 \(Beno\), 4 \(Caro\).*“Main” of 1") as refused:
        await run(world, parsed(THREE), status=Status.approved)
    assert refused.value.code == "quota-exhausted"
    assert await stored(world) == {}
    await run(world, parsed(THREE), status=Status.submitted)
    assert {p.status for p in (await stored(world)).values()} == {Status.submitted}


async def test_confirmed_at_once_by_two_it_is_imported_once(world: World) -> None:
    data = as_csv(people())
    found = previews.parse(data, "l.csv", ON)
    async with world.database.writing() as session:
        one = await imports.keep(session, OFFICER, world.conference, data, "l.csv")
        other = await imports.keep(session, OFFICER, world.conference, data, "copy.csv")

    async def confirm(id: Any) -> dict[str, Any]:
        async with world.database.writing() as session:
            row = await imports.confirm(session, OFFICER, world.conference, id, found)
            return dict(row.result or {})

    outcomes = await asyncio.gather(confirm(one.id), confirm(one.id), confirm(other.id))
    assert outcomes[0] == outcomes[1]
    assert sorted([outcomes[0]["created"], outcomes[2]["created"]]) == [0, 40]
    assert len(await stored(world)) == 40


async def test_the_api_keeps_imports_to_their_conference_and_role(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers("registration_officer")
    files = {"file": ("l.csv", as_csv(people()))}
    made = await client.post(f"{world.api}/imports", files=files, headers=officer)
    assert made.status_code == 201
    shown = made.json()
    assert (shown["created"], shown["delegations"], shown["error_count"]) == (40, 10, 0)
    assert shown["columns"]["name"] == "Name"
    for role, status in (("protocol_officer", 403), ("focal_point", 403), ("auditor", 403)):
        answer = await client.post(f"{world.api}/imports", files=files, headers=world.headers(role))
        assert answer.status_code == status, role
    other = await make_world(world.database, "other-2026")
    for method, path in (("GET", ""), ("POST", "/confirm")):
        address = f"/imports/{shown['id']}{path}"
        foreign = await client.request(method, other.api + address, headers=other.headers())
        unknown = f"/imports/00000000-0000-4000-8000-000000000000{path}"
        missing = await client.request(method, other.api + unknown, headers=other.headers())
        assert (foreign.status_code, foreign.content) == (404, missing.content)
    address = f"{world.api}/imports/{shown['id']}/confirm"
    first = await client.post(address, headers=officer)
    assert (first.status_code, first.json()["created"]) == (200, 40)
    assert (await client.post(address, headers=officer)).json() == first.json()


async def test_the_participation_table_of_a_published_list(
    client: httpx.AsyncClient, world: World
) -> None:
    """The shape of a published list of 1995: five groups, titles, functions, no ids."""
    groups = {
        "Parties": 54,
        "United Nations Secretariat units and bodies": 2,
        "Specialized agencies and related organizations": 3,
        "Intergovernmental organizations": 4,
        "Non-governmental organizations": 30,
    }
    states = [row[1] for row in people(8)]
    rows: Rows = []
    for group, count in groups.items():
        for i in range(count):
            body = states[i % 8] if group == "Parties" else f"{group.split()[0]} Body {i % 3 + 1}"
            rows.append(
                [group, body, "HE Mr" if i % 9 == 0 else "Ms", f"{group} Person {i}", "Envoy"]
            )
    headings = ("Group", "Delegation", "Title", "Name", "Function")
    outcome = await run(world, parsed(rows, headings))
    assert (outcome["created"], outcome["delegations"]) == (93, 8 + 2 + 3 + 3 + 3)
    table = await client.get(f"{world.api}/statistics?basis=nominated", headers=world.headers())
    assert [
        (g["label"], g["bodies"], g["participants"]) for g in table.json()["groups"] if g["bodies"]
    ] == [
        ("Parties", 8, 54),
        ("United Nations Secretariat units and bodies", 2, 2),
        ("Specialized agencies and related organizations", 3, 3),
        ("Intergovernmental organizations", 3, 4),
        ("Non-governmental organizations", 3, 30),
    ]


async def test_withdrawn_people_stay_withdrawn(world: World) -> None:
    await run(world, parsed(THREE), status=Status.submitted)
    ana = (await stored(world))["Ana"]
    async with world.database.writing() as session:
        await approval.withdraw(session, OFFICER, world.conference, ana.id, reason="Ill")
    again = await run(world, parsed(THREE), status=Status.submitted)
    assert again["unchanged"] == 3
    assert (await stored(world))["Ana"].status is Status.withdrawn
