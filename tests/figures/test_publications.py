"""Publications: frozen for good, explained later, and compared with what the press wrote."""

from datetime import date, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from app.accounts import audit
from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.core import clock
from app.core.db import Database, new_id
from app.core.errors import Clash, Invalid
from app.figures import drilldown
from app.figures import service as figures
from app.figures.publications import comparing, differences, rules, service
from app.figures.publications.schemas import PublicationIn, ReportIn
from app.figures.rules import Basis, Rounded
from app.figures.store import Instant
from app.gates import service as gates
from app.gates.schemas import AttestIn
from app.participants import approval
from app.participants import service as participants
from app.participants.rules import Rank
from app.participants.schemas import ParticipantEdit
from app.sample.load import SLUG
from tests.participants.people import nominated
from tests.world import OFFICER, World

# After the fixture made the delegations, whenever that is: before, they are not known.
DAY = datetime.fromisoformat("2099-11-04T14:10+03:00")


@pytest.mark.parametrize(
    ("text", "number", "more"),
    [("28", 28, False), (">450", 450, True), ("more than 1,500", 1500, True), (" 0 ", 0, False)],
)
def test_what_a_report_says(text: str, number: int, more: bool) -> None:
    assert rules.told(text) == Rounded(number, more=more)


@pytest.mark.parametrize("text", ["", "many", "-3", "28.5", "99999999", "450+"])
def test_what_is_no_figure(text: str) -> None:
    with pytest.raises(Invalid):
        rules.told(text)


def test_more_than_fits_its_floor_only() -> None:
    assert rules.fits(Rounded(450, more=True), 463, 50)
    assert not rules.fits(Rounded(450, more=True), 512, 50)
    assert not rules.fits(Rounded(450, more=True), 450, 50)
    assert rules.fits(Rounded(28, more=False), 28, 50)


async def test_what_came_later_is_said_and_moves_nothing(world: World) -> None:
    with clock.frozen(DAY):
        await nominated(world, approve=True, rank="minister")
        late = await nominated(world, approve=True, delegation="TJK", name="Late Comer")
    with clock.frozen(DAY + timedelta(hours=1)):
        async with world.database.writing() as session:
            given = PublicationIn(title="First day", basis=Basis.attended)
            made = await service.freeze(session, OFFICER, world.conference, given)
    assert made.figures["participants"] == {"number": 0, "more": 0}
    with clock.frozen(DAY + timedelta(hours=2)):
        async with world.database.writing() as session:
            seen = AttestIn(at=DAY, place="VIP entrance")
            await gates.attest(session, OFFICER, world.conference, UUID(late), seen)
    with clock.frozen(DAY + timedelta(hours=3)):
        async with world.database.reading() as session:
            found = await differences.differences(session, OFFICER, world.conference, made.id)
            kept = await service.find(session, OFFICER, world.conference, made.id)
    told = {one.key: one.sentence for one in found.differences}
    assert found.intact
    assert told["member_states"] == (
        "published 0, now 1: Tajikistan arrived 4 Nov 14:10, entered later"
    )
    assert told["participants"] == (
        "published 0, now 1: 1 of Tajikistan arrived 4 Nov 14:10, entered later"
    )
    assert "ministers" not in told
    assert kept.figures["participants"] == {"number": 0, "more": 0}


async def test_who_left_and_whose_rank_changed(world: World) -> None:
    with clock.frozen(DAY):
        one = await nominated(world, approve=True, rank="minister")
        two = await nominated(world, approve=True, delegation="TJK", name="Second")
        async with world.database.writing() as session:
            made = await service.freeze(
                session, OFFICER, world.conference, PublicationIn(title="First")
            )
    with clock.frozen(DAY + timedelta(hours=1)):
        async with world.database.writing() as session:
            edit = ParticipantEdit(rank=Rank.deputy_minister)
            await participants.edit(session, OFFICER, world.conference, UUID(one), edit)
            await approval.withdraw(session, OFFICER, world.conference, UUID(two), reason="Ill")
        async with world.database.reading() as session:
            found = await differences.differences(session, OFFICER, world.conference, made.id)
    told = {one.key: one.sentence for one in found.differences}
    assert told["ministers"] == "published 1, now 0: 1 of Kuwait changed 4 Nov 15:10"
    assert told["deputy_ministers"] == "published 0, now 1: 1 of Kuwait changed 4 Nov 15:10"
    assert told["member_states"] == (
        "published 2, now 1: Tajikistan is no longer accredited since 4 Nov 15:10"
    )
    assert "Second" not in str(told)


async def test_a_late_minister_of_a_delegation_already_here(world: World) -> None:
    """A figure whose number stays may still stand on others: that is said too."""
    with clock.frozen(DAY):
        one = await nominated(world, approve=True, rank="minister")
        two = await nominated(world, approve=True, delegation="TJK", name="Two")
        async with world.database.writing() as session:
            made = await service.freeze(
                session, OFFICER, world.conference, PublicationIn(title="First")
            )
    with clock.frozen(DAY + timedelta(hours=1)):
        async with world.database.writing() as session:
            for person, rank in ((one, Rank.ambassador), (two, Rank.minister)):
                await participants.edit(
                    session, OFFICER, world.conference, UUID(person), ParticipantEdit(rank=rank)
                )
        async with world.database.reading() as session:
            found = await differences.differences(session, OFFICER, world.conference, made.id)
    told = {one.key: one.sentence for one in found.differences}
    assert told["ministers"] == (
        "published 1, now 1: 1 of Tajikistan changed 4 Nov 15:10; 1 of Kuwait changed 4 Nov 15:10"
    )


async def test_publishing_is_audited_and_what_was_published_stays(world: World) -> None:
    async with world.database.writing() as session:
        made = await service.freeze(
            session, OFFICER, world.conference, PublicationIn(title="First")
        )
        typed = await service.type_in(
            session,
            OFFICER,
            world.conference,
            ReportIn(title="Paper", figures={"ministers": "3", "women": None}),
        )
    async with world.database.writing() as session:
        with pytest.raises(Clash, match="stays"):
            await service.drop(session, OFFICER, world.conference, made.id)
        await service.drop(session, OFFICER, world.conference, typed.id)
    async with world.database.reading() as session:
        assert await audit.verify(session, []) == []
        left = await service.listed(session, OFFICER, world.conference)
    assert [one.title for one in left] == ["First"]


async def test_both_press_reports_and_why_they_differ(sample_database: Database) -> None:
    async with sample_database.writing() as session:
        conference = await conferences.conference(session, SLUG)
        before = await service.type_in(
            session,
            INSTALLATION,
            conference,
            ReportIn(
                title="Before",
                dated=date(2024, 11, 3),
                figures={
                    "participants": ">450",
                    "ministers": "33",
                    "intergovernmental_organizations": "23",
                    "civil_society_associations": "13",
                },
            ),
        )
        after = await service.type_in(
            session,
            INSTALLATION,
            conference,
            ReportIn(
                title="After",
                dated=date(2024, 11, 5),
                figures={
                    "participants": "more than 500",
                    "ministers": "28",
                    "member_states": "91",
                    "intergovernmental_organizations": "14",
                    "civil_society_experts": "24",
                    "women_ministers": "27",
                    "other_states": "77",
                },
            ),
        )
    async with sample_database.reading() as session:
        found = await comparing.compare(session, INSTALLATION, conference, before.id, after.id)
    assert (found.first.matched, found.first.told) == (4, 4)
    assert (found.second.matched, found.second.told) == (5, 7)
    assert found.first.reading == "nominated as of 3 November 2024 at 23:59 (Asia/Kuwait)"
    assert found.first.also == [
        "accredited as of any of 7 days from 2024-10-28 to 2024-11-03",
        "nominated as of any of 6 days from 2024-10-28 to 2024-11-02",
    ]
    assert found.second.also == []
    assert found.second.reading == "attended as of 5 November 2024 at 23:59 (Asia/Kuwait)"
    rows = {one.key: one for one in found.figures}
    assert all(one.sentence for one in found.figures)
    ministers = rows["ministers"].sentence
    assert ministers == (
        "A says 33, B says 28: they differ in the basis (nominated, attended) and the instant. "
        "28 persons are in both, 5 only in A, none only in B."
    )
    assert rows["civil_society_associations"].sentence.startswith("Only A tells it: 13")
    assert rows["civil_society_experts"].sentence.startswith("Only B tells it: 24")
    assert "another definition" in rows["women_ministers"].sentence
    assert "no basis and no day of ours gives 77" in rows["other_states"].sentence


async def test_the_same_over_http(client: httpx.AsyncClient, world: World) -> None:
    press = world.headers("press_officer")
    at = f"{world.api}/publications"
    made = await client.post(at, json={"title": "First"}, headers=press)
    assert made.status_code == 201
    assert made.json()["published_by"] == "press_officer"
    assert made.json()["people_hash"]
    report = {"title": "Paper", "figures": {"ministers": ">3"}}
    typed = await client.post(f"{at}/reports", json=report, headers=press)
    assert typed.json()["figures"][0]["more"] is True
    pair = {"first": made.json()["id"], "second": typed.json()["id"]}
    compared = await client.get(f"{at}/compare", params=pair, headers=press)
    assert compared.status_code == 200
    assert compared.json()["first"]["title"] == "First"
    wrong = await client.post(
        f"{at}/reports", json={"title": "P", "figures": {"kings": "3"}}, headers=press
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/figures/kings"
    later = await client.get(f"{at}/{typed.json()['id']}/differences", headers=press)
    assert (later.status_code, later.json()["code"]) == (409, "typed-in")
    same = await client.get(f"{at}/{made.json()['id']}/differences", headers=press)
    assert same.json()["differences"] == []
    assert [one["title"] for one in (await client.get(at, headers=press)).json()["results"]] == [
        "Paper",
        "First",
    ]


async def test_more_may_have_moved_than_a_statement_takes_ids(world: World) -> None:
    now = Instant(clock.now(), clock.now())
    for basis in Basis:
        telling = differences._Telling(world.conference, basis, now, {}, {})
        async with world.database.reading() as session:
            await telling.learn(session, now, [new_id() for _ in range(40_000)])
        assert "Kuwait" in telling.names.values()


@pytest.mark.parametrize(
    ("as_of", "known_at", "wrong"),
    [
        ("2099-11-05", None, ["/as_of"]),
        (None, "2100-01-01T09:00", ["/known_at"]),
        ("2099-11-05", "2099-11-05", ["/as_of", "/known_at"]),
        ("2099-02-30", "zz", ["/as_of", "/known_at"]),
    ],
)
async def test_nothing_is_given_out_of_what_is_to_come(
    world: World, as_of: str | None, known_at: str | None, wrong: list[str]
) -> None:
    given = PublicationIn(title="Early", as_of=as_of, known_at=known_at)
    with clock.frozen(DAY):
        async with world.database.writing() as session:
            with pytest.raises(Invalid) as refused:
                await service.freeze(session, OFFICER, world.conference, given)
            # The rest of the day is no promise: it is given out as of now.
            today = PublicationIn(title="Today", as_of="2099-11-04", known_at="2099-11-04")
            made = await service.freeze(session, OFFICER, world.conference, today)
    assert [pointer for pointer, _ in refused.value.errors] == wrong
    assert (made.as_of, made.known_at) == (DAY, DAY)


async def test_who_was_seen_since_is_told_so(world: World) -> None:
    with clock.frozen(DAY):
        people = [
            await nominated(world, approve=True, delegation="TJK", name=f"Number {n}", mode=mode)
            for n, mode in enumerate(("in_person", "in_person", "remote"))
        ]
        async with world.database.writing() as session:
            given = PublicationIn(title="Forecast", basis=Basis.nominated)
            made = await service.freeze(session, OFFICER, world.conference, given)
    later = (timedelta(hours=1), timedelta(days=400), timedelta(hours=1))
    for person, at in zip(people, (DAY + one for one in later), strict=True):
        with clock.frozen(at):
            async with world.database.writing() as session:
                seen = AttestIn(at=at, place="VIP entrance")
                await gates.attest(session, OFFICER, world.conference, UUID(person), seen)
    with clock.frozen(DAY + timedelta(days=401)):
        async with world.database.reading() as session:
            found = await differences.differences(session, OFFICER, world.conference, made.id)
    told = {one.key: one.sentence for one in found.differences}
    assert told["attested"] == "published 0, now 2: 2 of Tajikistan were attested 4 Nov 15:10"
    assert told["remote"] == "published 0, now 1: 1 of Tajikistan took part from afar"


async def test_what_was_entered_after_a_report_does_not_unsay_it(
    sample_database: Database,
) -> None:
    async with sample_database.writing() as session:
        conference = await conferences.conference(session, SLUG)
        known = figures.instant(conference, "2024-11-05", None)
        ids = {}
        for basis in (Basis.accredited, Basis.attended):
            persons = await drilldown.people(session, INSTALLATION, conference, basis, known)
            ids[basis] = {one.id for one in persons}
        absent = ids[Basis.accredited] - ids[Basis.attended]
        told = {"participants": ">500", "intergovernmental_organizations": "14"}
        found = await figures.count(session, INSTALLATION, conference, Basis.attended, known)
        numbers = figures.figures_of(found)
        told |= {key: str(numbers[key]) for key in ("scanned", "attested")}
        paper = ReportIn(title="Paper", dated=date(2024, 11, 6), figures=told)
        kept = await service.type_in(session, INSTALLATION, conference, paper)
        wrong = ReportIn(title="Wrong", figures={"participants": "9999"})
        other = await service.type_in(session, INSTALLATION, conference, wrong)
        seen = AttestIn(at=known.as_of - timedelta(hours=9), place="VIP entrance")
        await gates.attest(session, INSTALLATION, conference, min(absent), seen)
    async with sample_database.reading() as session:
        both = await comparing.compare(session, INSTALLATION, conference, kept.id, other.id)
    assert (both.first.matched, both.first.told) == (4, 4)
    assert both.second.matched == 0
    assert both.first.reading == (
        "attended as of 5 November 2024 at 23:59 (Asia/Kuwait), "
        "known at 6 November 2024 at 23:59 (Asia/Kuwait)"
    )
    # Of what nothing gives, no way of counting is claimed.
    row = next(one for one in both.figures if one.key == "participants")
    assert row.sentence.startswith("A says more than 500, B says 9999. B: counted ")
