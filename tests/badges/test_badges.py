"""Badges follow the status of the registration, on both databases."""

import pytest

from app.accounts.rules import INSTALLATION
from app.badges import modules, service
from app.badges.codes import decode
from app.badges.rules import BadgeState
from app.badges.store import Choice
from app.core.errors import Clash, NotFound
from app.core.keys import keyring
from app.participants import approval
from app.participants import service as participants
from app.participants.schemas import ParticipantEdit
from tests.hall import Hall, open_hall


async def test_approval_issues_and_withdrawal_revokes(hall: Hall) -> None:
    id = await hall.nominate("Ana Amari")
    assert await hall.badges() == []
    await hall.approve(id)
    [badge] = await hall.badges()
    assert badge.participant == id
    assert badge.category == "delegate"
    keys = keyring().public_keys(str(hall.conference.id), service.KEY)
    payload = decode(badge.code, keys)
    assert payload.serial == badge.serial
    assert (payload.valid_from, payload.valid_until) == (
        hall.conference.starts,
        hall.conference.ends,
    )
    async with hall.database.writing() as session:
        await approval.withdraw(session, INSTALLATION, hall.conference, id, reason="Ill.")
    assert await hall.badges() == []
    [gone] = await hall.badges(Choice(state=BadgeState.revoked))
    assert gone.revoked_reason == "The registration was withdrawn. Ill."


async def test_reinstating_gives_a_new_badge_at_approval(hall: Hall) -> None:
    id = await hall.approved("Ana Amari")
    [first] = await hall.badges()
    async with hall.database.writing() as session:
        await approval.refuse(session, INSTALLATION, hall.conference, id, reason="No.")
        await approval.reinstate(session, INSTALLATION, hall.conference, id)
    assert await hall.badges() == []
    async with hall.database.writing() as session:
        await approval.approve(session, INSTALLATION, hall.conference, id)
    [second] = await hall.badges()
    assert second.serial != first.serial


@pytest.mark.parametrize(
    ("change", "category"),
    [({"rank": "minister"}, "principal"), ({"role": "security"}, "security")],
)
async def test_another_category_is_another_badge(
    hall: Hall, change: dict[str, str], category: str
) -> None:
    id = await hall.approved("Ana Amari", rank="official")
    [first] = await hall.badges()
    async with hall.database.writing() as session:
        given = ParticipantEdit.model_validate(change)
        await participants.edit(session, INSTALLATION, hall.conference, id, given)
    [second] = await hall.badges()
    assert (second.category, second.serial != first.serial) == (category, True)
    [gone] = await hall.badges(Choice(state=BadgeState.revoked))
    assert gone.serial == first.serial


async def test_a_change_within_the_category_keeps_the_badge(hall: Hall) -> None:
    id = await hall.approved("Ana Amari", rank="official")
    [first] = await hall.badges()
    async with hall.database.writing() as session:
        given = ParticipantEdit.model_validate({"rank": "senior_official", "name": "Anna Amari"})
        await participants.edit(session, INSTALLATION, hall.conference, id, given)
    [same] = await hall.badges()
    assert same.serial == first.serial


async def test_a_reprint_is_a_new_serial(hall: Hall) -> None:
    await hall.approved("Ana Amari")
    [first] = await hall.badges()
    async with hall.database.writing() as session:
        made = await service.reissue(
            session, INSTALLATION, hall.conference, first.serial, reason="Lost."
        )
        assert made.serial != first.serial
        assert made.matrix == modules.matrix(made.code)
    with pytest.raises(Clash, match="revoked"):
        async with hall.database.writing() as session:
            await service.reissue(
                session, INSTALLATION, hall.conference, first.serial, reason="Again."
            )


async def test_handed_over_is_not_collected(hall: Hall) -> None:
    """Rule 23: a liaison officer takes the badges; nobody has collected any."""
    people = [await hall.pictured(f"Person {letter}") for letter in "ABC"]
    async with hall.database.writing() as session:
        choice = Choice(delegation="KWT")
        arguments = (session, INSTALLATION, hall.conference, choice)
        assert await service.hand_over(*arguments, to="Liaison") == 3
        assert await service.hand_over(*arguments, to="Somebody else") == 0
    assert len(await hall.badges(Choice(state=BadgeState.handed_over))) == 3
    assert await hall.badges(Choice(state=BadgeState.collected)) == []
    async with hall.database.writing() as session:
        choice = Choice(participant=people[0])
        arguments = (session, INSTALLATION, hall.conference, choice)
        assert await service.collect(*arguments, by="Proxy") == 1
        assert await service.collect(*arguments) == 0
    [collected] = await hall.badges(Choice(state=BadgeState.collected))
    assert (collected.participant, collected.collected_by) == (people[0], "Proxy")
    assert collected.handed_over_to == "Liaison"


async def test_another_conferences_badge_is_not_there(hall: Hall) -> None:
    other = await open_hall(hall.database, "other")
    await other.approved("Bo Berg")
    [foreign] = await other.badges()
    assert await hall.badges(Choice(serials=(foreign.serial,))) == []
    with pytest.raises(NotFound):
        async with hall.database.writing() as session:
            await service.revoke(
                session, INSTALLATION, hall.conference, foreign.serial, reason="Mine?"
            )


async def test_doors_of_badges(hall: Hall) -> None:
    id = await hall.pictured("Ana Amari")
    officer = await hall.client("registration_officer")
    listed = (await officer.get(f"{hall.base}/badges")).json()
    assert listed["count"] == 1
    [badge] = listed["results"]
    assert (badge["participant"], badge["status"]) == (str(id), "issued")
    assert isinstance(badge["serial"], str)
    assert len(badge["code"]) == 144
    serial = badge["serial"]
    done = await officer.post(f"{hall.base}/badges/collect", json={"serial": serial})
    assert (done.status_code, done.json()) == (200, {"count": 1})
    done = await officer.post(f"{hall.base}/badges/{serial}/revoke", json={"reason": "Lost."})
    assert (done.status_code, done.json()["status"]) == (200, "revoked")
    done = await officer.post(f"{hall.base}/badges/{serial}/revoke", json={"reason": "Lost."})
    assert (done.status_code, done.json()["code"]) == (409, "badge-revoked")
    for wrong in ("9" * 19, "1"):
        done = await officer.post(f"{hall.base}/badges/{wrong}/revoke", json={"reason": "?"})
        assert done.status_code == 404
    done = await officer.post(f"{hall.base}/badges/collect", json={})
    assert done.status_code == 422


@pytest.mark.parametrize("role", ["press_officer", "gate_operator", "protocol_officer", "auditor"])
async def test_badge_codes_are_for_registration_officers(hall: Hall, role: str) -> None:
    client = await hall.client(role)
    assert (await client.get(f"{hall.base}/badges")).status_code == 403
    assert (await client.post(f"{hall.base}/badges/print", json={})).status_code == 403


async def test_a_badge_that_waits_for_a_photo_cannot_be_in_a_hand(hall: Hall) -> None:
    id = await hall.approved("Ana Amari", rank="official")
    king = await hall.approved("King Example", rank="head_of_state")
    everybody, ana = Choice(delegation="KWT"), Choice(participant=id)
    async with hall.database.writing() as session:
        here = (session, INSTALLATION, hall.conference)
        with pytest.raises(Clash, match="Ana Amari is not printed: there is no photo") as no:
            await service.collect(*here, ana)
        assert no.value.code == "badge-held"
        with pytest.raises(Clash, match="no photo"):
            await service.hand_over(*here, ana, to="Liaison")
        assert await service.hand_over(*here, everybody, to="Liaison") == 1
        assert await service.collect(*here, everybody) == 1
        with pytest.raises(Clash, match="no photo"):
            await service.collect(*here, everybody)
    [collected] = await hall.badges(Choice(state=BadgeState.collected))
    assert collected.participant == king


async def test_nobody_had_a_badge_before_it_was_issued(hall: Hall) -> None:
    await hall.approved("King Example", rank="head_of_state")
    [badge] = await hall.badges()
    officer = await hall.client("registration_officer")
    for at, status in (("1990-01-01T10:00:00Z", 409), (badge.issued_at.isoformat(), 200)):
        body = {"serial": str(badge.serial), "at": at}
        done = await officer.post(f"{hall.base}/badges/collect", json=body)
        assert done.status_code == status, done.text
    [badge] = await hall.badges()
    assert badge.collected_at == badge.issued_at


async def test_the_list_has_a_fixed_set_of_orders(hall: Hall) -> None:
    for name in ("Bo Berg", "Ana Amari"):
        await hall.approved(name)
    officer = await hall.client("registration_officer")
    for ordering, first in (
        ("delegation", "Bo Berg"),
        ("name", "Ana Amari"),
        ("-issued", "Ana Amari"),
    ):
        listed = await officer.get(f"{hall.base}/badges", params={"ordering": ordering})
        assert listed.json()["results"][0]["name"] == first, ordering
    unknown = await officer.get(f"{hall.base}/badges", params={"ordering": "foo"})
    assert unknown.status_code == 422
