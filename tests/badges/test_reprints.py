"""A reprint makes a new serial; no serial is ever on two valid papers."""

from uuid import UUID

import pytest

from app.accounts.rules import INSTALLATION
from app.badges import batches, cards, cli, printing, service
from app.badges.models import PrintBatch
from app.badges.rules import BadgeState, CardKind, Design
from app.badges.store import Choice
from app.core import jobs
from app.core.errors import Clash
from tests.hall import Hall


@pytest.fixture(autouse=True)
def _worker() -> None:
    batches.install()


async def _kings(hall: Hall, count: int = 2) -> list[UUID]:
    """People whose badges need no photo."""
    return [await hall.approved(f"King {letter}", rank="head_of_state") for letter in "ABC"[:count]]


async def _queued(hall: Hall, choice: Choice) -> PrintBatch:
    async with hall.database.writing() as session:
        return await batches.queue(session, INSTALLATION, hall.conference, choice, Design.card)


async def _printed(hall: Hall, choice: Choice) -> printing.Batch:
    return await printing.print_batch(
        hall.database, INSTALLATION, hall.conference, choice, Design.card
    )


async def test_what_is_printed_twice_has_a_new_serial(hall: Hall) -> None:
    await _kings(hall)
    assert (await _printed(hall, Choice())).badges == 2
    first = {row.participant: row for row in await hall.badges()}
    assert (await _printed(hall, Choice())).badges == 2
    second = {row.participant: row for row in await hall.badges()}
    assert second.keys() == first.keys()
    assert all(row.printed_at for row in second.values())
    for person, row in second.items():
        assert row.serial != first[person].serial
        assert (await hall.redeem(first[person].code)).json()["reason"] == "revoked"
        assert (await hall.redeem(row.code)).status_code == 201
    gone = await hall.badges(Choice(state=BadgeState.revoked))
    assert {row.revoked_reason for row in gone} == {"Printed again."}


async def test_the_one_file_of_all_is_as_they_are(hall: Hall) -> None:
    """`plenary badges --out`: all that may be printed, the collected too, and nothing changes."""
    ana, _ = await _kings(hall)
    await _printed(hall, Choice())
    async with hall.database.writing() as session:
        await service.collect(session, INSTALLATION, hall.conference, Choice(participant=ana))
    before = [(row.serial, row.printed_at) for row in await hall.badges()]
    whole = await cli.export_pdf(hall.database, hall.conference.slug)
    assert whole.badges == 2
    assert [(row.serial, row.printed_at) for row in await hall.badges()] == before


async def test_one_serial_asked_for_twice_at_the_doors(hall: Hall) -> None:
    await _kings(hall, 1)
    [badge] = await hall.badges()
    officer = await hall.client("registration_officer")
    asked = {"serials": [str(badge.serial)], "design": "card"}
    assert (await officer.post(f"{hall.base}/badges/print", json=asked)).status_code == 200
    assert (await officer.post(f"{hall.base}/badges/print", json=asked)).status_code == 200
    [fresh] = await hall.badges()
    assert fresh.serial != badge.serial
    batch = (await officer.get(f"{hall.base}/badges/batches")).json()["results"][0]
    assert batch["badges"] == 1
    gone = await officer.post(f"{hall.base}/badges/print", json=asked)
    assert (gone.status_code, gone.json()["code"]) == (409, "nothing-to-print")


async def test_the_collected_are_left_out_and_refused_by_name(hall: Hall) -> None:
    ana, bo = await _kings(hall)
    await _printed(hall, Choice())
    async with hall.database.writing() as session:
        await service.collect(session, INSTALLATION, hall.conference, Choice(participant=ana))
    kept = await hall.code(ana)
    [mine] = await hall.badges(Choice(participant=ana))
    for choice in (Choice(participant=ana), Choice(serials=(mine.serial,))):
        with pytest.raises(Clash, match="King A is not printed again") as no:
            await _queued(hall, choice)
        assert no.value.code == "no-copy"
    old = await hall.code(bo)
    batch = await _queued(hall, Choice())
    assert await hall.code(ana) == kept
    [new] = await hall.badges(Choice(participant=bo))
    assert (batch.serials, new.code != old, new.printed_at) == ([str(new.serial)], True, None)
    await jobs.run_due(hall.database)
    [new] = await hall.badges(Choice(participant=bo))
    assert new.printed_at


async def test_a_printed_card_is_not_copied(hall: Hall) -> None:
    async with hall.database.writing() as session:
        arguments = (session, INSTALLATION, hall.conference, CardKind.vehicle, 1)
        [card] = await cards.issue(*arguments, label="Bus 3")
    await _printed(hall, Choice())
    with pytest.raises(Clash, match="no badge to print"):
        await _printed(hall, Choice())
    with pytest.raises(Clash, match="issue a new card"):
        await _printed(hall, Choice(serials=(card.serial,)))


async def test_two_orders_of_one_badge_are_one_paper(hall: Hall) -> None:
    await _kings(hall, 1)
    await _queued(hall, Choice(unprinted=True))
    again = await _queued(hall, Choice(unprinted=True))
    await jobs.run_due(hall.database)
    async with hall.database.reading() as session:
        shown = await batches.listed(session, INSTALLATION, hall.conference)
    assert sorted(len(one.files) for one in shown) == [0, 1]
    assert again.serials == shown[0].batch.serials


async def test_a_print_that_somebody_else_made_meanwhile_is_not_given_out(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _kings(hall, 1)
    compose = printing.compose

    async def slowly(*arguments: object) -> bytes:
        monkeypatch.setattr(printing, "compose", compose)
        await _printed(hall, Choice(unprinted=True))
        return await compose(*arguments)

    monkeypatch.setattr(printing, "compose", slowly)
    with pytest.raises(Clash) as refused:
        await _printed(hall, Choice(unprinted=True))
    assert refused.value.code == "printed-meanwhile"


async def test_the_desk_says_so(hall: Hall) -> None:
    await _kings(hall, 1)
    officer = await hall.client("registration_officer")
    base = f"/c/{hall.conference.slug}/desk/badges"
    for page in (base, f"{base}/queue"):
        assert "gets one with a new serial" in (await officer.get(page)).text
    ordered = await officer.post(f"{base}/queue", data={"unprinted": "true"})
    await jobs.run_due(hall.database)
    assert "After a paper jam" in (await officer.get(ordered.headers["location"])).text
