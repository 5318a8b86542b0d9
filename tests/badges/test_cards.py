"""At the counter: cards, blanks bound to a name, the lost, the found, the proxy."""

from datetime import timedelta

import pytest

from app.accounts.rules import INSTALLATION
from app.badges import cards, service
from app.badges.rules import BadgeState, CardKind
from app.badges.store import Choice
from app.core import clock
from app.core.errors import Clash, NotFound
from tests.hall import TODAY, Hall, open_hall


async def _issued(hall: Hall, kind: CardKind, count: int = 1, **more: object) -> list[object]:
    async with hall.database.writing() as session:
        return list(await cards.issue(session, INSTALLATION, hall.conference, kind, count, **more))


async def test_a_lost_badge_is_replaced_and_the_check_is_noted(hall: Hall) -> None:
    id = await hall.approved("Ana Amari")
    [first] = await hall.badges()
    async with hall.database.writing() as session:
        made = await cards.lost(
            session, INSTALLATION, hall.conference, first.serial, identity_check="Passport seen"
        )
    assert (made.participant_id, made.serial != first.serial) == (id, True)
    [gone] = await hall.badges(Choice(state=BadgeState.revoked))
    assert (gone.revoked_reason, gone.identity_check) == ("Reported lost.", "Passport seen")
    assert (await hall.redeem(first.code)).json()["reason"] == "revoked"
    assert (await hall.redeem(made.code)).status_code == 201


async def test_transferable_cards_are_a_delegations(hall: Hall) -> None:
    made = await _issued(hall, CardKind.transferable, 2, delegation="KWT")
    assert {(row.delegation, row.participant) for row in made} == {("KWT", None)}
    for row in made:
        assert (await hall.redeem(row.code)).status_code == 201
    with pytest.raises(NotFound):
        await _issued(hall, CardKind.transferable, delegation="ZZZ")
    async with hall.database.writing() as session:
        gone = await cards.lost(
            session, INSTALLATION, hall.conference, made[0].serial, identity_check="Note verbale"
        )
    assert gone.revoked_at is not None
    assert [row.serial for row in await hall.badges()] == [made[1].serial]


async def test_a_day_badge_is_valid_on_its_day_alone(hall: Hall) -> None:
    [today] = await _issued(hall, CardKind.day, valid_on=TODAY)
    [other] = await _issued(hall, CardKind.day, valid_on=TODAY + timedelta(days=2))
    assert (today.valid_from, today.valid_until) == (TODAY, TODAY)
    assert (await hall.redeem(other.code)).json()["reason"] == "invalid_time"
    with pytest.raises(Clash, match="not on that day"):
        await _issued(hall, CardKind.day, valid_on=TODAY + timedelta(days=30))


async def test_a_blank_bound_later_makes_its_bearer_present(hall: Hall) -> None:
    """The system was away: a blank was written by hand, scanned, and is bound in the evening."""
    id = await hall.approved("Ana Amari")
    [own] = await hall.badges()
    [blank] = await _issued(hall, CardKind.day, valid_on=TODAY)
    assert (await hall.redeem(blank.code)).status_code == 201
    given = clock.now() - timedelta(hours=1)
    arguments = (INSTALLATION, hall.conference)
    async with hall.database.writing() as session:
        bound = await cards.bind(session, *arguments, blank.serial, id, at=given)
    assert (bound.participant_id, bound.collected_at) == (id, given)
    [active] = await hall.badges()
    assert active.serial == blank.serial
    assert (await hall.redeem(own.code)).json()["reason"] == "revoked"
    officer = await hall.client("administrator")
    seen = (await officer.get(f"{hall.base}/summary", params={"basis": "attended"})).json()
    assert (seen["figures"]["participants"], seen["figures"]["attested"]) == (1, 1)
    for serial, word in ((blank.serial, "not-a-blank"), (own.serial, "badge-revoked")):
        with pytest.raises(Clash) as refused:
            async with hall.database.writing() as session:
                await cards.bind(session, *arguments, serial, id)
        assert refused.value.code == word
    async with hall.database.writing() as session:
        again = await service.reissue(session, *arguments, blank.serial, reason="Back.")
    assert again.category == "delegate"


async def test_who_is_not_approved_or_has_a_badge_gets_no_blank(hall: Hall) -> None:
    waiting = await hall.nominate("Bo Berg")
    id = await hall.pictured("Ana Amari")
    [blank] = await _issued(hall, CardKind.day, valid_on=TODAY)
    async with hall.database.writing() as session:
        await service.collect(session, INSTALLATION, hall.conference, Choice(participant=id))
    for person, word in ((waiting, "wrong-status"), (id, "badge-collected")):
        with pytest.raises(Clash) as refused:
            async with hall.database.writing() as session:
                await cards.bind(session, INSTALLATION, hall.conference, blank.serial, person)
        assert refused.value.code == word


async def test_a_found_badge_says_whose_it_is_and_what_replaced_it(hall: Hall) -> None:
    await hall.approved("Ana Amari")
    [first] = await hall.badges()
    officer = await hall.client("registration_officer")
    done = await officer.post(
        f"{hall.base}/badges/{first.serial}/lost", json={"identity_check": "Passport"}
    )
    assert done.status_code == 200, done.text
    said = (await officer.get(f"{hall.base}/badges/{first.serial}")).json()
    assert (said["name"], said["status"]) == ("Ana Amari", "revoked")
    assert said["replaced_by"] == done.json()["serial"]
    async with hall.database.reading() as session:
        row, _ = await cards.found(session, INSTALLATION, hall.conference, first.code.lower())
        assert row.serial == first.serial
        for wrong in ("A" * 144, "1", "nonsense"):
            with pytest.raises(NotFound):
                await cards.found(session, INSTALLATION, hall.conference, wrong)


async def test_another_conferences_badge_is_not_found(hall: Hall) -> None:
    other = await open_hall(hall.database, "other")
    await other.approved("Bo Berg")
    [foreign] = await other.badges()
    async with hall.database.reading() as session:
        for text in (str(foreign.serial), foreign.code):
            with pytest.raises(NotFound):
                await cards.found(session, INSTALLATION, hall.conference, text)


async def test_doors_of_cards(hall: Hall) -> None:
    officer = await hall.client("registration_officer")
    address = f"{hall.base}/badges"
    made = await officer.post(address, json={"kind": "vehicle", "label": "Bus 3", "count": 2})
    assert made.status_code == 201, made.text
    assert [(one["label"], one["category"]) for one in made.json()] == [("Bus 3", "vehicle")] * 2
    for wrong in (
        {"kind": "vehicle"},
        {"kind": "transferable"},
        {"kind": "day"},
        {"kind": "service", "label": "Kitchen", "delegation": "KWT"},
        {"kind": "service", "label": "Kitchen", "count": 501},
    ):
        assert (await officer.post(address, json=wrong)).status_code == 422, wrong
    serial = made.json()[0]["serial"]
    proxy = {"serial": serial, "by": "Bo Berg", "letter": "Note 12/2026"}
    assert (await officer.post(f"{address}/collect", json=proxy)).json() == {"count": 1}
    said = (await officer.get(f"{address}/{serial}")).json()
    assert (said["collected_by"], said["collected_letter"]) == ("Bo Berg", "Note 12/2026")
    alone = {"serial": serial, "letter": "Note"}
    assert (await officer.post(f"{address}/collect", json=alone)).status_code == 422
