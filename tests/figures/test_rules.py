"""Figures by the product's numbers: pure rules, the sentence, and the clock."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from app.core import clock
from app.core.errors import Clash, Invalid
from app.delegations.rules import GROUP_OF, Group, Kind
from app.figures import rules
from app.figures.rules import Basis, Tally, Terms, Traits, more_than
from app.figures.sentences import Occasion, communique, languages, texts
from app.participants.rules import Rank, Role, Sex, Status

KUWAIT_2024 = Terms(
    ministerial_ranks=frozenset({Rank.foreign_minister, Rank.minister}),
    excluded_roles=frozenset(
        {Role.security, Role.support, Role.media, Role.organiser, Role.spouse}
    ),
)


def who(**traits: object) -> Traits:
    given: dict[str, object] = {
        "delegation_id": uuid4(),
        "kind": Kind.member_state,
        "reach": None,
        "status": Status.approved,
        "rank": Rank.official,
        "role": Role.delegate,
        "sex": None,
        "badged": False,
        "scanned": True,
        "attested": False,
    }
    return Traits(**(given | traits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("n", "step", "number", "more"),
    [
        (512, 50, 500, True),
        (500, 50, 500, False),
        (501, 50, 500, True),
        (549, 50, 500, True),
        (550, 50, 550, False),
        (49, 50, 49, False),
        (50, 50, 50, False),
        (51, 50, 50, True),
        (0, 50, 0, False),
        (37, 1, 37, False),
        (37, 0, 37, False),
        (457, 100, 400, True),
    ],
)
def test_more_than_floors_to_the_step(n: int, step: int, number: int, more: bool) -> None:
    assert more_than(n, step) == rules.Rounded(number, more)


def communique_of_rule_20() -> list[Tally]:
    """91 member states, 512 persons, one President, one Crown Prince, 28 ministers of 27 states."""
    states = [uuid4() for _ in range(91)]
    tallies: list[Tally] = [
        (who(delegation_id=states[0], rank=Rank.head_of_state), 1),
        (who(delegation_id=states[1], rank=Rank.crown_prince), 1),
    ]
    for n in range(28):
        tallies.append((who(delegation_id=states[max(1, n)], rank=Rank.minister), 1))
    for n in range(5):
        tallies.append((who(delegation_id=states[40 + n], rank=Rank.deputy_minister), 1))
    tallies += [(who(delegation_id=state), 1) for state in states]
    rest = 512 - sum(n for _, n in tallies)
    return [*tallies, (who(delegation_id=states[90], rank=None), rest)]


OCCASION = Occasion(
    title="High-Level Conference",
    place="Kuwait City",
    starts=date(2024, 11, 4),
    ends=date(2024, 11, 5),
    patron="the Amir",
    step=50,
)


def test_rule_20_the_communique() -> None:
    found = rules.figures(
        KUWAIT_2024, rules.counted(Basis.attended, KUWAIT_2024, communique_of_rule_20())
    )
    assert found["participants"] == 512
    assert (found["ministers"], found["states_at_ministerial_level"]) == (28, 27)
    assert (found["member_states"], found["deputy_ministers"]) == (91, 5)
    assert (found["heads_of_state_or_government"], found["crown_princes"]) == (1, 1)
    text = communique(found, OCCASION, basis=Basis.attended, language="en")
    assert "more than 500 participants" in text
    assert "28 Government Ministers" in text
    assert "high-level representatives from 91 Member States" in text
    assert "one Head of State or Government" in text
    assert "one Crown Prince" in text
    assert "512" not in text
    assert "4–5 November 2024" in text


def test_who_stands_apart_is_no_minister_whatever_the_conference_chose() -> None:
    greedy = Terms(frozenset(Rank), frozenset())
    for rank in Rank:
        apart = rank in (
            Rank.head_of_state,
            Rank.vice_president,
            Rank.crown_prince,
            Rank.head_of_government,
        )
        found = rules.figures(greedy, [(who(rank=rank), 1)])
        assert found["ministers"] == (0 if apart else 1), rank
    assert rules.figures(greedy, [(who(rank=None), 1)])["ministers"] == 0


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("seen", [True, False])
def test_whom_each_basis_counts(status: Status, seen: bool) -> None:
    person = who(status=status, badged=seen, scanned=False, attested=seen)
    out = {"refused", "withdrawn", "substituted"}
    assert rules.is_counted(Basis.nominated, person) is (status.value not in out)
    assert rules.is_counted(Basis.accredited, person) is (status.value == "approved")
    gone = status.value in {"withdrawn", "substituted"}
    assert rules.is_counted(Basis.badged, person) is (seen and not gone)
    assert rules.is_counted(Basis.attended, person) is seen


def test_rule_22_each_figure_says_how_many_are_scanned_and_how_many_attested() -> None:
    tallies = [
        (who(scanned=True, attested=False), 7),
        (who(scanned=True, attested=True), 2),
        (who(scanned=False, attested=True, rank=Rank.minister), 3),
        (who(scanned=False, attested=False), 5),
    ]
    found = rules.figures(KUWAIT_2024, rules.counted(Basis.attended, KUWAIT_2024, tallies))
    assert (found["participants"], found["scanned"], found["attested"]) == (12, 9, 3)
    assert found["ministers"] == 3


def test_rule_23_a_badge_handed_over_is_no_badge_collected() -> None:
    handed_over = [(who(badged=False, scanned=False), 5), (who(badged=False, scanned=True), 9)]
    assert sum(n for _, n in rules.counted(Basis.badged, KUWAIT_2024, handed_over)) == 0
    assert sum(n for _, n in rules.counted(Basis.attended, KUWAIT_2024, handed_over)) == 9


def test_rule_24_who_is_remote_has_not_attended() -> None:
    remote = [(who(scanned=False, attested=False, rank=Rank.minister), 1)]
    assert rules.counted(Basis.attended, KUWAIT_2024, remote) == []


def test_rule_25_the_bridge_to_all_badge_holders() -> None:
    tallies = [
        (who(), 512),
        *((who(role=Role(role)), n) for role, n in (("security", 40), ("support", 30))),
        *((who(role=Role(role)), n) for role, n in (("media", 20), ("organiser", 10))),
        (who(role=Role.security, scanned=False), 99),
    ]
    counted = sum(n for _, n in rules.counted(Basis.attended, KUWAIT_2024, tallies))
    excluded = rules.bridge(Basis.attended, KUWAIT_2024, tallies)
    assert counted == 512
    assert excluded == {"security": 40, "support": 30, "spouse": 0, "media": 20, "organiser": 10}
    everybody = sum(n for t, n in tallies if rules.is_counted(Basis.attended, t))
    assert counted + sum(excluded.values()) == everybody == 612


def test_every_line_of_the_table_adds_up() -> None:
    one, two = UUID(int=1), UUID(int=2)
    tallies = [
        (who(delegation_id=one, sex=Sex.female), 3),
        (who(delegation_id=one, sex=Sex.male), 2),
        (who(delegation_id=two, kind=Kind.think_tank), 4),
        (who(kind=Kind.media, role=Role.media), 4),
        (who(kind=Kind.academia, scanned=False), 4),
    ]
    counted = rules.counted(Basis.attended, KUWAIT_2024, tallies)
    lines, total = rules.participation(KUWAIT_2024, tallies, counted)
    assert [line.key for line in lines] == ["member_states", "non_governmental", "media"]
    assert lines[0] == rules.Line("member_states", 1, 5, 3, 2, 0)
    assert lines[1] == rules.Line("non_governmental", 1, 4, 0, 0, 4)
    assert lines[2] == rules.Line("media", 0, 0, 0, 0, 0)
    assert total == rules.Line("total", 2, 9, 3, 2, 4)
    for line in (*lines, total):
        assert line.women + line.men + line.unknown == line.participants
    assert set(GROUP_OF) == set(Kind)
    assert set(GROUP_OF.values()) == set(Group)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("basis", list(Basis))
def test_every_form_says_something_for_any_figures(language: str, basis: Basis) -> None:
    nobody = dict.fromkeys(rules.DEFINITIONS, 0)
    for figures in (
        nobody,
        nobody | {"participants": 1},
        nobody | {"participants": 1, "delegations": 1, "member_states": 1},
        dict.fromkeys(rules.DEFINITIONS, 1),
        dict.fromkeys(rules.DEFINITIONS, 37),
        dict.fromkeys(rules.DEFINITIONS, 512),
    ):
        for form in ("sentence", "paragraph"):
            text = communique(figures, OCCASION, basis=basis, language=language, form=form)
            assert text.strip()
            assert "{" not in text
            assert ", ," not in text
            assert "  " not in text
            assert OCCASION.title in text
            if figures["participants"] == 0:
                assert not any(c.isdigit() for c in text)
    assert set(texts(language)["groups"]) == {g.value for g in Group} | {"total"}
    assert set(texts(language)["figures"]) == set(rules.DEFINITIONS)


def test_a_group_that_counted_nobody_is_left_out() -> None:
    figures = dict.fromkeys(rules.DEFINITIONS, 0) | {"participants": 12, "member_states": 1}
    text = communique(figures, OCCASION, basis=Basis.attended, language="en")
    assert "12 participants, including high-level representatives from 1 Member State." in text
    for word in ("Minister", "expert", "organization", "Prince", "observer"):
        assert word not in text
    alone = dict.fromkeys(rules.DEFINITIONS, 0) | {"participants": 1}
    assert "1 participant." in communique(alone, OCCASION, basis=Basis.attended, language="en")


def test_a_language_without_sentences_is_said() -> None:
    with pytest.raises(Clash, match="no sentences"):
        texts("tlh")


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2024-11-05", "Asia/Kuwait", "2024-11-05T20:59:59.999999+00:00"),
        ("2024-11-05", "UTC", "2024-11-05T23:59:59.999999+00:00"),
        # The clocks go back in the night after: the day has 25 hours.
        ("2024-11-03", "America/New_York", "2024-11-04T04:59:59.999999+00:00"),
        ("2024-11-02", "America/New_York", "2024-11-03T03:59:59.999999+00:00"),
        # In Cairo the midnight that would end this day is left out: 23:59:59 is followed by 01:00.
        ("2024-04-25", "Africa/Cairo", "2024-04-25T21:59:59.999999+00:00"),
        # In Havana the hour after midnight comes twice: the first of them begins the next day.
        ("2024-11-02", "America/Havana", "2024-11-03T03:59:59.999999+00:00"),
        ("2024-11-05T17:00", "Asia/Kuwait", "2024-11-05T14:00:00+00:00"),
        ("2024-11-05T17:00+00:00", "Asia/Kuwait", "2024-11-05T17:00:00+00:00"),
        ("2024-11-05T17:00 03:00", "UTC", "2024-11-05T14:00:00+00:00"),
        ("2024-11-05T17:00:00.5Z", "Asia/Kuwait", "2024-11-05T17:00:00.500000+00:00"),
    ],
)
def test_a_bare_date_is_all_of_its_local_day(text: str, zone: str, instant: str) -> None:
    found = clock.parse_instant(text, zone)
    assert found == datetime.fromisoformat(instant)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2024-13-01",
        "2024-02-30",
        "9999-12-31",
        "2024-11-05T25:00",
        "２０２４-11-05",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clock.parse_instant(text, "Asia/Kuwait")
