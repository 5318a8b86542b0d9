"""Both press reports out of one database, and every change moves them by exactly itself."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.accounts.rules import INSTALLATION
from app.badges.models import Badge
from app.conferences import service as conferences
from app.conferences.models import Conference
from app.core.db import Database, table
from app.figures import drilldown, service
from app.figures.rules import DEFINITIONS, Basis, Unit
from app.figures.schemas import SummaryOut
from app.gates import service as gates
from app.gates.schemas import AttestIn
from app.participants import service as participants
from app.participants.history import FIGURED, V
from app.participants.models import Participant
from app.participants.rules import Rank
from app.participants.schemas import ParticipantEdit
from app.sample.load import SLUG, accounts_of, load, load_many
from app.sample.plan import at

P = table(Participant)
OUTCOME = (Basis.attended, "2024-11-05")
FORECAST = (Basis.nominated, "2024-11-03")


@pytest.fixture
async def sample(sample_database: Database) -> Conference:
    """The loaded sample."""
    async with sample_database.reading() as session:
        return await conferences.conference(session, SLUG)


async def told(database: Database, conference: Conference, report: tuple[Basis, str]) -> SummaryOut:
    basis, as_of = report
    async with database.reading() as session:
        when = service.instant(conference, as_of, None)
        return await service.summary(session, INSTALLATION, conference, basis, when)


async def behind(
    database: Database, conference: Conference, report: tuple[Basis, str], figure: str
) -> set[UUID]:
    basis, as_of = report
    async with database.reading() as session:
        when = service.instant(conference, as_of, None)
        found = await drilldown.people(
            session, INSTALLATION, conference, basis, when, figure=figure
        )
    return {person.id for person in found}


async def test_the_outcome_is_the_press_report(
    sample_database: Database, sample: Conference
) -> None:
    found = await told(sample_database, sample, OUTCOME)
    for words in (
        "more than 500 participants",
        "28 Government Ministers and high-level representatives from 91 Member States",
        "14 international and regional organizations",
        "24 experts from civil society organizations, women and youth organizations, and "
        "think-tanks",
        "one Head of State",
        "one Crown Prince",
    ):
        assert words in found.text
    figures = found.figures
    assert figures["participants"] == 512 == figures["scanned"] + figures["attested"]
    assert figures["states_at_ministerial_level"] == 27
    assert found.sample
    assert found.notice
    assert "invented" in found.notice


async def test_the_forecast_is_the_other_report(
    sample_database: Database, sample: Conference
) -> None:
    found = await told(sample_database, sample, FORECAST)
    for words in (
        "more than 450 participants",
        "33 ministers",
        "23 international and regional organizations",
        "13 civil society associations",
        "representatives of UN specialized agencies",
    ):
        assert words in found.text
    assert found.figures["participants"] == 463


async def test_every_figure_opens_to_the_persons_behind_it(
    sample_database: Database, sample: Conference
) -> None:
    for report in (OUTCOME, FORECAST):
        found = await told(sample_database, sample, report)
        for key, definition in DEFINITIONS.items():
            basis, as_of = report
            async with sample_database.reading() as session:
                when = service.instant(sample, as_of, None)
                people = await drilldown.people(
                    session, INSTALLATION, sample, basis, when, figure=key
                )
            bodies = {person.delegation for person in people}
            counted = people if definition.unit is Unit.persons else bodies
            assert len(counted) == found.figures[key], key


async def test_one_presence_more_is_one_participant_more(
    sample_database: Database, sample: Conference
) -> None:
    before = await told(sample_database, sample, OUTCOME)
    present = await behind(sample_database, sample, OUTCOME, "participants")
    async with sample_database.reading() as session:
        when = service.instant(sample, "2024-11-05", None)
        everybody = await drilldown.people(
            session, INSTALLATION, sample, Basis.accredited, when, group="intergovernmental"
        )
    late = next(person.id for person in everybody if person.delegation == "ASEAN")
    async with sample_database.writing() as session:
        given = AttestIn(at=at(5, 11), place="Plenary Hall")
        await gates.attest(session, INSTALLATION, sample, late, given)
    after = await told(sample_database, sample, OUTCOME)
    moved = {k for k in after.figures if after.figures[k] != before.figures[k]}
    assert after.figures["participants"] == before.figures["participants"] + 1
    assert after.figures["attested"] == before.figures["attested"] + 1
    assert moved - {"men", "women", "sex_unknown"} == {
        "participants",
        "attested",
        "delegations",
        "intergovernmental_organizations",
    }
    assert after.text == before.text.replace("14 international", "15 international")
    assert await behind(sample_database, sample, OUTCOME, "participants") == present | {late}
    # Who asks what was known before the officer attested it gets the figure of then.
    async with sample_database.reading() as session:
        yesterday = (after.known_at - timedelta(days=1)).isoformat()
        when = service.instant(sample, "2024-11-05", yesterday)
        known = await service.summary(session, INSTALLATION, sample, Basis.attended, when)
    assert known.figures == before.figures


async def test_one_minister_less_is_one_minister_less(
    sample_database: Database, sample: Conference
) -> None:
    before = await told(sample_database, sample, OUTCOME)
    ministers = await behind(sample_database, sample, OUTCOME, "ministers")
    chosen = sorted(ministers)[0]
    async with sample_database.writing() as session:
        demoted = ParticipantEdit(rank=Rank.deputy_minister)
        await participants.edit(session, INSTALLATION, sample, chosen, demoted, valid_from=at(5, 8))
    after = await told(sample_database, sample, OUTCOME)
    assert "27 Government Ministers" in after.text
    assert after.text == before.text.replace("28 Government", "27 Government")
    assert await behind(sample_database, sample, OUTCOME, "ministers") == ministers - {chosen}
    assert after.figures["deputy_ministers"] == before.figures["deputy_ministers"] + 1
    # The day before, the person was a minister still.
    assert "33 ministers" in (await told(sample_database, sample, FORECAST)).text


async def test_loading_twice_changes_nothing(sample_database: Database, sample: Conference) -> None:
    assert not await load(sample_database)
    assert (await told(sample_database, sample, OUTCOME)).figures["participants"] == 512


async def test_every_role_gets_an_account(sample_database: Database, sample: Conference) -> None:
    first = await accounts_of(sample_database)
    again = await accounts_of(sample_database)
    assert [row[:2] for row in first] == [row[:2] for row in again]
    assert all(a[2] != b[2] for a, b in zip(first, again, strict=True))


async def test_a_synthetic_conference_has_badges(database: Database) -> None:
    await load_many(database, "crowd", 60)
    async with database.reading() as session:
        conference = await conferences.conference(session, "crowd")
        badges = await session.execute(
            select(func.count())
            .select_from(table(Badge))
            .where(table(Badge).c.conference_id == conference.id)
        )
        assert badges.scalar_one() >= 51


async def test_everybody_is_what_was_told_of_them_last(
    sample_database: Database, sample: Conference
) -> None:
    """Figures of now read people, those of the past their versions: both tell the same."""
    last = (
        select(
            V,
            func.row_number()
            .over(
                partition_by=V.c.participant_id,
                order_by=(V.c.valid_from.desc(), V.c.recorded_at.desc(), V.c.id.desc()),
            )
            .label("place"),
        )
        .where(V.c.conference_id == sample.id)
        .subquery()
        .c
    )
    fields = sorted(FIGURED)
    both = select(*(P.c[name] for name in fields), *(last[name] for name in fields)).where(
        last.place == 1, last.participant_id == P.c.id
    )
    async with sample_database.reading() as session:
        rows = [tuple(row) for row in await session.execute(both)]
    assert len(rows) > 600
    assert [row for row in rows if row[: len(fields)] != row[len(fields) :]] == []
