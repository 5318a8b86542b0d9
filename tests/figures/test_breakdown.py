"""Counted people by what they are: each row opens to just its persons."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func

from app.accounts.rules import INSTALLATION
from app.conferences import service as conferences
from app.core.db import Database
from app.delegations import service as delegations
from app.delegations import store as delegation_store
from app.delegations.rules import Kind
from app.delegations.schemas import DelegationIn
from app.figures import breakdown, drilldown, service, store
from app.figures.breakdown import By, Groups
from app.figures.rules import Basis
from app.sample.load import SLUG
from app.states import catalogue as states
from tests.world import World


def test_the_groups_have_as_many_states_as_they_say() -> None:
    everybody = [state.iso3 for state in states.states()]
    groups = Groups({"Chairs": ["TJK", "KWT"]}, date(2024, 11, 4))
    sizes = {key: sum(key in groups.of(one) for one in everybody) for key in groups.labels}
    assert sizes == {"arab": 22, "gcc": 6, "oic": 57, "au": 54, "Chairs": 2}
    assert groups.of("KWT") == ["arab", "gcc", "oic", "Chairs"]


def test_each_group_has_the_members_that_it_publishes() -> None:
    known = {state.iso3 for state in states.states()}
    data = json.loads((Path(breakdown.__file__).parent / "data/state_groups.json").read_text())
    for group in data["groups"]:
        members, beside = group["members"].split(), group.get("beside", "").split()
        assert len(members) == len(set(members)), group["key"]
        assert set(members) <= known, group["key"]
        assert not set(beside) & known, group["key"]
        assert len({*members, *beside}) == group["published"], group["key"]
        assert group["source"], group["key"]
    groups = {one["key"]: set(one["members"].split()) for one in data["groups"]}
    assert groups["gcc"] < groups["arab"] < groups["oic"]
    african = {one.iso3 for one in states.states() if one.regional_group == "african"}
    assert groups["au"] == african


def test_small_islands_are_37_members_and_two_other_states() -> None:
    # The list of the United Nations has 39 States: Cook Islands and Niue are no members of it, and
    # Bahrain left it in 2023 at its own request.
    small = {one.iso3 for one in states.states() if one.sids}
    assert (len(small), {"COK", "NIU"} <= small, "BHR" in small) == (39, True, False)


@pytest.mark.parametrize("long_ago", [False, True])
async def test_delegations_stand_where_their_index_form_does(world: World, long_ago: bool) -> None:
    given = [
        DelegationIn(kind=Kind.member_state, iso3=iso3) for iso3 in ("IRQ", "IRN", "NLD", "LAO")
    ]
    given.append(
        DelegationIn(kind=Kind.civil_society, name="Islamic Development Bank", code="ISDB")
    )
    async with world.database.writing() as session:
        await delegations.create_many(session, INSTALLATION, world.conference, given)
        if long_ago:
            await session.execute(store.D.update().values(search=func.lower(store.D.c.name)))
    expected = ["CHT", "IRN", "IRQ", "ISDB", "KWT", "LAO", "NLD", "TJK"]
    async with world.database.reading() as session:
        found = await store.bodies(session, world.conference.id)
        everywhere = delegation_store.listing(store.D.c.conference_id == world.conference.id)
        rows = (await session.execute(everywhere.order_by(*delegation_store.BY_NAME))).scalars()
        assert [body.code for body in found.values()] == expected
        assert long_ago or [row.code for row in rows] == expected


@pytest.mark.parametrize("by", By)
async def test_each_row_opens_to_its_persons(sample_database: Database, by: By) -> None:
    async with sample_database.reading() as session:
        conference = await conferences.conference(session, SLUG)
        at = service.instant(conference, "2024-11-05", None)
        found = await service.breakdown(session, INSTALLATION, conference, Basis.attended, at, by)
        assert found.rows
        for line in found.rows[:6]:
            behind = await drilldown.people(
                session, INSTALLATION, conference, Basis.attended, at, row=(by, line.key)
            )
            assert len(behind) == line.participants
            assert len({one.delegation for one in behind}) == line.bodies
            assert line.women + line.men + line.unknown == line.participants
    if by in (By.kind, By.role, By.rank, By.delegation):
        assert sum(line.participants for line in found.rows) == found.total.participants == 512
    if by is By.regional_group:
        # States only: members, and Palestine with the Holy See, which are in no regional group.
        assert sum(line.bodies for line in found.rows) == 92
