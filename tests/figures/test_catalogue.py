"""Figures as data: each says what it counts, and counts just that."""

from uuid import uuid4

import httpx

from app.delegations.rules import Kind, Reach
from app.figures import rules
from app.figures.catalogue import catalogue, figures
from app.figures.rules import Basis, Terms
from app.participants.rules import Mode, Rank, Role, Sex
from tests.figures.test_api import approve
from tests.figures.test_rules import who
from tests.world import World

TERMS = Terms(frozenset({Rank.minister}), frozenset({Role.security}))


def test_the_catalogue_has_every_figure_of_the_sentences_and_words_for_each() -> None:
    found = catalogue()
    assert set(rules.DEFINITIONS) <= set(found)
    for key, one in found.items():
        assert one.label, key
        assert one.words, key
        assert one.words[0].islower(), key


def test_what_the_further_figures_count() -> None:
    body = uuid4()
    tallies = [
        (who(rank=Rank.minister, sex=Sex.female, role=Role.head, delegation_id=body), 1),
        (who(rank=Rank.minister, sex=None, delegation_id=body), 2),
        (who(sex=Sex.female, role=Role.adviser, delegation_id=body), 4),
        (who(kind=Kind.intergovernmental_organization, reach=Reach.regional), 1),
        (who(kind=Kind.intergovernmental_organization, reach=None, role=Role.head), 1),
        (who(kind=Kind.specialized_agency), 1),
        (who(kind=Kind.un_secretariat, role=Role.security), 1),
        (who(scanned=False, attested=False, remote=True, mode=Mode.remote), 3),
    ]
    found = figures(Basis.attended, TERMS, tallies)
    expected = {
        "participants": 10,
        "ministers": 3,
        "women_ministers": 1,
        "ministers_sex_unknown": 2,
        "heads_of_delegation": 2,
        "women_heads": 1,
        "heads_sex_unknown": 1,
        "delegates": 6,
        "women_delegates": 1,
        "states": 1,
        "states_headed_by_ministers": 1,
        "regional_organizations": 1,
        "international_organizations": 0,
        "organizations_reach_unknown": 1,
        "intergovernmental_organizations": 2,
        "un_entities": 1,
        "remote": 3,
        "registered_remote": 0,
    }
    assert {key: found[key] for key in expected} == expected
    assert figures(Basis.accredited, TERMS, tallies)["registered_remote"] == 3


async def test_every_figure_and_the_bridge_over_http(
    client: httpx.AsyncClient, world: World
) -> None:
    await approve(client, world, rank="minister", sex="female")
    await approve(client, world, role="security", name="Guard Of Example")
    found = await client.get(
        f"{world.api}/statistics/figures", headers=world.headers("press_officer")
    )
    told = found.json()
    assert (told["counted"], told["excluded_counts"]["security"], told["holders"]) == (1, 1, 2)
    numbers = {one["key"]: one for one in told["figures"]}
    assert numbers["women_ministers"]["number"] == 1
    assert numbers["women_ministers"]["definition"] == "ministers who are women"
    behind = await client.get(
        f"{world.api}/statistics/people?figure=women_ministers", headers=world.headers()
    )
    assert behind.json()["count"] == 1
