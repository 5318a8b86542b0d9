"""The decision about places, by rules 11 and 12 of the product."""

from uuid import UUID, uuid4

import pytest

from app.quotas.rules import Capacity, Place, Registration, allot, decide

KWT, TJK = UUID(int=1), UUID(int=2)


def quota(name: str, capacity: int, used: int = 0, **scope: object) -> Capacity:
    given: dict[str, object] = {"waiting_list": True} | scope
    return Capacity(id=uuid4(), name=name, capacity=capacity, used=used, **given)  # type: ignore[arg-type]


def person(
    role: str = "delegate", delegation: UUID = KWT, kind: str = "member_state"
) -> Registration:
    return Registration(uuid4(), delegation, kind, role)


@pytest.mark.parametrize(
    ("capacity", "used", "waitlist", "place"),
    [
        (5, 4, True, Place.taken),
        (5, 5, True, Place.waitlisted),
        (5, 4, False, Place.taken),
        (5, 5, False, Place.exhausted),
        (0, 0, True, Place.waitlisted),
        (0, 0, False, Place.exhausted),
        (5, 6, False, Place.exhausted),
    ],
)
def test_one_place_of_one_quota(capacity: int, used: int, waitlist: bool, place: Place) -> None:
    assert decide(capacity=capacity, used=used, waitlist=waitlist) is place


def test_rule_11_the_last_place_goes_to_the_first() -> None:
    main = quota("1+4", 5, used=4)
    allotments, used = allot([main], [person(), person()])
    assert [a.place for a in allotments] == [Place.taken, Place.waitlisted]
    assert allotments[1].blocking == main
    assert used == {main.id: 5}


def test_rule_12_each_role_in_its_own_quota() -> None:
    main = quota("main", 5, roles=frozenset({"head", "delegate"}), delegation_id=KWT)
    security = quota("security", 2, roles=frozenset({"security"}))
    support = quota("support", 2, roles=frozenset({"support", "interpreter"}))
    roles = ["head", *["delegate"] * 4, "security", "security", "interpreter"]
    allotments, used = allot([main, security, support], [person(role) for role in roles])
    assert {a.place for a in allotments} == {Place.taken}
    assert used == {main.id: 5, security.id: 2, support.id: 1}
    late, after = allot([main, security, support], [person(r) for r in (*roles, "delegate")])
    assert late[-1].blocking == main
    assert after == used


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({}, True),
        ({"kind": "member_state"}, True),
        ({"kind": "media"}, False),
        ({"delegation_id": KWT}, True),
        ({"delegation_id": TJK}, False),
        ({"roles": frozenset({"delegate", "head"})}, True),
        ({"roles": frozenset({"head"})}, False),
        ({"kind": "member_state", "delegation_id": KWT, "roles": frozenset({"delegate"})}, True),
        ({"kind": "member_state", "delegation_id": KWT, "roles": frozenset({"head"})}, False),
        ({"kind": "media", "delegation_id": KWT}, False),
    ],
)
def test_a_scope_covers_who_meets_all_of_it(scope: dict[str, object], covered: bool) -> None:
    assert quota("q", 1, **scope).covers(person()) is covered


def test_a_registration_takes_a_place_everywhere_or_nowhere() -> None:
    wide, narrow = quota("conference", 10), quota("delegation", 1, delegation_id=KWT)
    allotments, used = allot([wide, narrow], [person(), person(), person(delegation=TJK)])
    assert [a.place for a in allotments] == [Place.taken, Place.waitlisted, Place.taken]
    assert used == {wide.id: 2, narrow.id: 1}
    assert set(allotments[0].quotas) == {wide.id, narrow.id}


def test_a_quota_without_a_waiting_list_refuses_whatever_others_allow() -> None:
    patient, strict = quota("patient", 0), quota("strict", 0, waiting_list=False)
    for order in ([patient, strict], [strict, patient]):
        [allotment], _ = allot(order, [person()])
        assert (allotment.place, allotment.blocking) == (Place.exhausted, strict)


def test_without_quotas_there_is_always_a_place() -> None:
    allotments, used = allot([], [person()] * 3)
    assert {a.place for a in allotments} == {Place.taken}
    assert used == {}
