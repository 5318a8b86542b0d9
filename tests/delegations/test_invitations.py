"""Invitations: focal points, the second officer, the not-invited list, reminders and replies."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.accounts.rules import Actor, Permit, Role
from app.core import clock
from app.core.errors import Clash, Invalid, NotFound, Outdated
from app.delegations import service as delegations
from app.delegations.history import V
from app.delegations.invitations import focal_points, replies, rules, service, store
from app.delegations.invitations.rules import Act, Channel, LeftOut, RegionalGroup
from app.delegations.invitations.schemas import (
    FocalPointIn,
    InvitationIn,
    NotInvitedIn,
    ReplyIn,
)
from app.delegations.rules import InvitationStatus, Kind, Language
from app.delegations.schemas import DelegationEdit
from tests.delegations.outbox import link_in, mails
from tests.world import OFFICER, World, signed_in

LETTER = {"number": "NV/1", "dated": date(2026, 9, 1)}
SEPTEMBER = datetime(2026, 9, 2, 8, tzinfo=UTC)


def officer(world: World, number: int) -> Actor:
    permit = Permit(Role.registration_officer, world.conference.id)
    return Actor(kind="user", id=UUID(int=number), name=f"Officer {number}", permits=(permit,))


@pytest.mark.parametrize(
    ("listed", "status", "invited", "reason"),
    [
        (True, "invited", False, LeftOut.not_invited),
        (True, "accepted", True, LeftOut.not_invited),
        (False, "accepted", False, LeftOut.answered),
        (False, "declined", True, LeftOut.answered),
        (False, "invited", True, LeftOut.invited_before),
        (False, "invited", False, None),
        (False, "no_reply", False, None),
    ],
)
def test_whom_a_bulk_invitation_leaves_out(
    listed: bool, status: str, invited: bool, reason: LeftOut | None
) -> None:
    found = rules.left_out(listed=listed, status=InvitationStatus(status), invited=invited)
    assert found is reason


def test_nobody_confirms_the_own_proposal() -> None:
    rules.require_second(UUID(int=1), UUID(int=2))
    rules.require_second(None, UUID(int=2))
    for proposer, actor in ((UUID(int=1), UUID(int=1)), (UUID(int=1), None), (None, None)):
        with pytest.raises(Clash) as refused:
            rules.require_second(proposer, actor)
        assert refused.value.code == "second-officer"


async def focal(world: World, code: str, email: str, name: str = "Focal Point") -> UUID:
    async with world.database.writing() as session:
        given = FocalPointIn(email=email, name=name)
        added = await focal_points.add(session, OFFICER, world.conference, code, given)
        return added.id


async def propose(world: World, actor: Actor, **given: object) -> UUID:
    async with world.database.writing() as session:
        whole = InvitationIn.model_validate(LETTER | given)
        return (await service.propose(session, actor, world.conference, whole)).id


async def test_one_is_invited_at_once(world: World) -> None:
    await focal(world, "KWT", "one@example.org")
    await focal(world, "KWT", "two@example.org")
    await focal(world, "TJK", "other@example.org")
    async with world.database.writing() as session:
        given = DelegationEdit(language=Language.ar, invitation_status=InvitationStatus.no_reply)
        await delegations.edit(session, OFFICER, world.conference, "KWT", given)
    with clock.frozen(SEPTEMBER):
        await propose(world, officer(world, 2), delegations=["KWT"], reply_by=date(2026, 10, 1))
    written = await mails(world.database)
    assert [one["to"] for one in written] == ["one@example.org", "two@example.org"]
    assert all("دعوة" in one["subject"] and "NV/1" in one["text"] for one in written)
    assert len({link_in(one) for one in written}) == 2
    async with world.database.reading() as session:
        found = await delegations.find(session, OFFICER, world.conference.id, "KWT")
        assert found.invitation_status is InvitationStatus.invited
        [step] = await store.steps(session, world.conference.id, found.id)
        assert (step.act, step.number, step.at) == (Act.invited, "NV/1", SEPTEMBER)
        kept = await session.execute(
            select(V.c.invitation_status).where(V.c.delegation_id == found.id).order_by(V.c.id)
        )
        assert list(kept.scalars()) == ["invited", "no_reply", "invited"]


async def test_a_bulk_invitation_needs_a_second_officer(world: World) -> None:
    await focal(world, "TJK", "tjk@example.org")
    first, second = officer(world, 2), officer(world, 3)
    async with world.database.writing() as session:
        given = NotInvitedIn(code="KWT", reason="The host invites itself")
        entry = await service.add_not_invited(session, first, world.conference, given)
    id = await propose(world, first, kind=Kind.member_state)
    assert await mails(world.database) == []
    with pytest.raises(Clash) as refused:
        async with world.database.writing() as session:
            await service.confirm(session, first, world.conference, id)
    assert refused.value.code == "second-officer"
    async with world.database.writing() as session:
        done = await service.confirm(session, second, world.conference, id)
        assert (done.codes, done.left_out) == (["TJK"], {"KWT": "not_invited"})
        assert (done.proposer, done.decider) == ("Officer 2", "Officer 3")
    assert [one["to"] for one in await mails(world.database)] == ["tjk@example.org"]
    async with world.database.writing() as session:
        with pytest.raises(Clash) as refused:
            await service.confirm(session, second, world.conference, id)
        assert refused.value.code == "decided-before"
    with pytest.raises(Clash, match="The host invites itself"):
        await propose(world, first, delegations=["KWT"])
    with pytest.raises(Clash, match="invites itself"):
        await propose(world, first, delegations=["KWT", "CHT"])
    async with world.database.writing() as session:
        await service.remove_not_invited(session, first, world.conference, entry.id)
    await propose(world, first, delegations=["KWT"])


async def test_who_is_listed_after_the_proposal_is_left_out(world: World) -> None:
    id = await propose(world, officer(world, 2), regional_group=RegionalGroup.asia_pacific)
    async with world.database.writing() as session:
        given = NotInvitedIn(code="TJK", reason="Later")
        await service.add_not_invited(session, OFFICER, world.conference, given)
        done = await service.confirm(session, officer(world, 3), world.conference, id)
        assert (done.codes, done.left_out) == (["KWT"], {"TJK": "not_invited"})


async def test_a_dropped_proposal_invites_nobody(world: World) -> None:
    await focal(world, "KWT", "kwt@example.org")
    id = await propose(world, officer(world, 2), delegations=["KWT", "TJK"])
    async with world.database.writing() as session:
        await service.drop(session, officer(world, 2), world.conference, id)
    async with world.database.writing() as session:
        with pytest.raises(Clash):
            await service.confirm(session, officer(world, 3), world.conference, id)
    assert await mails(world.database) == []


async def test_what_cannot_be_proposed(world: World) -> None:
    with pytest.raises(Clash, match="ZZZ"):
        await propose(world, OFFICER, delegations=["KWT", "ZZZ"])
    with pytest.raises(Clash) as refused:
        await propose(world, OFFICER, kind=Kind.academia)
    assert refused.value.code == "nobody-to-invite"
    with pytest.raises(Invalid), clock.frozen(SEPTEMBER):
        await propose(world, OFFICER, delegations=["KWT"], reply_by=date(2026, 9, 1))
    for given in ({}, {"kind": "media", "delegations": ["KWT"]}):
        with pytest.raises(ValueError, match="one of the three"):
            InvitationIn.model_validate(LETTER | given)


async def test_a_reply_from_a_paper(world: World) -> None:
    given = ReplyIn(
        invitation_status=InvitationStatus.accepted,
        channel=Channel.note_verbale,
        number="KW/77",
        dated=date(2026, 9, 12),
    )
    async with world.database.writing() as session:
        found = await replies.reply(session, OFFICER, world.conference, "KWT", given, version=1)
        assert found.invitation_status is InvitationStatus.accepted
    async with world.database.writing() as session:
        with pytest.raises(Outdated):
            await replies.reply(session, OFFICER, world.conference, "KWT", given, version=1)
    async with world.database.reading() as session:
        [step] = await store.steps(session, world.conference.id, found.id)
        assert (step.act, step.channel, step.number) == (Act.accepted, "note_verbale", "KW/77")
        last = select(V.c.invitation_status).where(V.c.delegation_id == found.id)
        kept = await session.execute(last.order_by(V.c.id.desc()))
        assert list(kept.scalars()) == ["accepted", "invited"]


async def test_a_focal_point_replies_for_its_own_delegation_only(
    client: httpx.AsyncClient, world: World
) -> None:
    mine = world.headers("focal_point")
    body = {"invitation_status": "declined", "channel": "telephone", "number": "9"}
    done = await client.post(f"{world.api}/delegations/KWT/reply", json=body, headers=mine)
    assert done.json()["invitation_status"] == "declined"
    async with world.database.reading() as session:
        [step] = await store.steps(session, world.conference.id, world.delegations["KWT"].id)
        assert (step.channel, step.number) == (Channel.portal, None)
    there = await client.post(f"{world.api}/delegations/TJK/reply", json=body, headers=mine)
    missing = await client.post(f"{world.api}/delegations/ZZZ/reply", json=body, headers=mine)
    assert (there.status_code, there.content) == (404, missing.content)
    back = await client.post(
        f"{world.api}/delegations/KWT/reply", json={"invitation_status": "invited"}, headers=mine
    )
    assert back.status_code == 422


async def test_reminders_go_to_the_silent_once_a_day(world: World) -> None:
    for code in ("KWT", "TJK", "CHT"):
        await focal(world, code, f"{code.lower()}@example.org")
    with clock.frozen(SEPTEMBER):
        for code in ("KWT", "TJK"):
            await propose(world, OFFICER, delegations=[code], reply_by=date(2026, 9, 20))
    async with world.database.writing() as session:
        given = ReplyIn(invitation_status=InvitationStatus.accepted)
        await replies.reply(session, OFFICER, world.conference, "TJK", given)
    for after, expected in ((1, 1), (2, 0), (30 * 24, 1)):
        with clock.frozen(SEPTEMBER + timedelta(hours=after)):
            async with world.database.writing() as session:
                found = await service.remind(session, OFFICER, world.conference)
                assert (found.delegations, found.mails) == (expected, expected)
    written = (await mails(world.database))[2:]
    assert [one["to"] for one in written] == ["kwt@example.org"] * 2
    assert "awaited" in written[0]["subject"]
    assert "20 September" in written[0]["text"]
    assert "5 November" in written[1]["text"]  # the day to reply by has passed


async def test_a_focal_point_removed_is_out_at_once(
    client: httpx.AsyncClient, world: World
) -> None:
    headers, at = world.headers("registration_officer"), f"{world.api}/delegations/KWT/focal-points"
    await propose(world, OFFICER, delegations=["KWT"])
    given = {"email": "One@Example.org", "name": "Focal"}
    made = await client.post(at, json=given, headers=headers)
    assert (made.status_code, made.json()["email"]) == (201, "one@example.org")
    again = await client.post(at, json=given, headers=headers)
    assert again.json()["id"] == made.json()["id"]
    [invitation] = await mails(world.database)  # invited before: the mail comes with the account
    page = link_in(invitation)
    assert (await client.get(page)).status_code == 200
    removed = await client.delete(f"{at}/{made.json()['id']}", headers=headers)
    assert removed.status_code == 204
    assert (await client.get(at, headers=headers)).json()["count"] == 0
    assert (await client.get(page)).status_code == 404
    gone = await client.delete(f"{at}/{made.json()['id']}", headers=headers)
    assert gone.status_code == 404
    async with world.database.writing() as session:
        with pytest.raises(NotFound):
            await focal_points.remove(
                session, OFFICER, world.conference, "TJK", UUID(made.json()["id"])
            )


@pytest.mark.parametrize("email", ["a", "a@", "a@b, c@d", "<a@b>", "a b@c", 'a"@b', "a@b@c", ""])
def test_no_two_addresses_in_one(email: str) -> None:
    with pytest.raises(ValueError, match="email"):
        FocalPointIn(email=email, name="Focal")


async def test_the_desk(client: httpx.AsyncClient, world: World) -> None:
    await signed_in(client, world, "registration_officer")
    at = f"{world.desk}/invitations/"
    page = await client.get(at)
    assert "Without a focal point" in page.text
    refused = await client.post(at, data={"number": "NV/9", "dated": "2026-09-01"})
    assert (refused.status_code, "one of the three" in refused.text) == (422, True)
    assert 'value="NV/9"' in refused.text
    whole = {"number": "NV/9", "dated": "2026-09-01", "delegations": "kwt, tjk"}
    assert (await client.post(at, data=whole)).status_code == 303
    page = await client.get(at)
    assert "Another officer confirms" in page.text
    async with world.database.reading() as session:
        [[proposal], _] = await store.proposals(session, world.conference.id)
    own = await client.post(f"{at}{proposal.id}/confirm")
    assert (own.status_code, "another officer" in own.text) == (409, True)
    assert (await client.post(f"{at}{proposal.id}/drop")).status_code == 303
    listed = {"code": "PRK", "reason": "Decision of the host"}
    assert (await client.post(f"{at}not-invited", data=listed)).status_code == 303
    assert "Decision of the host" in (await client.get(at)).text
    one = f"{world.desk}/delegations/KWT"
    given = {"delegations": "KWT", "number": "NV/10", "dated": "2026-09-01"}
    assert (await client.post(f"{one}/invite", data=given)).status_code == 303
    wrong = await client.post(f"{one}/focal-points", data={"email": "x", "name": "Focal"})
    assert (wrong.status_code, 'value="Focal"' in wrong.text) == (422, True)
    right = {"email": "focal@example.org", "name": "Focal"}
    assert (await client.post(f"{one}/focal-points", data=right)).status_code == 303
    paper = {"invitation_status": "accepted", "channel": "in_person", "number": "5", "version": "9"}
    assert (await client.post(f"{one}/invitation", data=paper)).status_code == 412
    paper["version"] = "1"
    assert (await client.post(f"{one}/invitation", data=paper)).status_code == 303
    page = await client.get(one)
    assert "Accepted, In person" in page.text
    assert "focal@example.org" in page.text
