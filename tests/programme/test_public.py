"""The public programme: calendar and page, and what caches are told."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar, Event
from sqlalchemy import event as sa_event
from sqlalchemy import update

from app.core.db import Database
from app.core.errors import Invalid
from app.programme import feeds, published, service, store
from tests.programme.test_api import MORNING, create, person
from tests.world import World

FEED = "/c/test-2026/schedule.ics"
PAGE = "/c/test-2026/"


async def feed(client: httpx.AsyncClient, address: str = FEED) -> tuple[Calendar, dict[str, Event]]:
    answer = await client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return calendar, {str(one["uid"]): one for one in calendar.events}


async def test_the_calendar_says_what_the_programme_says(
    client: httpx.AsyncClient, world: World
) -> None:
    officer = world.headers("programme_officer")
    room = await create(
        client, world, "rooms", name="Hall; One, Two", names={"ar": "القاعة"}, venue="Palace"
    )
    made = await create(
        client,
        world,
        "sessions",
        title={"en": "Opening, with\nguests", "ar": "الافتتاح"},
        abstract={"en": "First words"},
        kind="ceremony",
        room=room["id"],
        **MORNING,
    )
    await create(client, world, "sessions", title={"en": "Secret"}, status="draft", **MORNING)
    speaker = await person(
        client, world, style="H.E. Mr.", function="Minister of Interior", names={"ar": "سالم"}
    )
    await create(client, world, "speakers", session=made["id"], participant=speaker, role="chair")
    calendar, events = await feed(client)
    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Kuwait"]
    [one] = events.values()
    assert one["uid"] == f"{made['id']}@plenary"
    assert one.start == datetime(2026, 11, 4, 9, tzinfo=ZoneInfo("Asia/Kuwait"))
    assert one["dtstart"].params["TZID"] == "Asia/Kuwait"
    assert one.end.astimezone(UTC).hour == 8
    assert (one["summary"], one["status"]) == ("Opening, with guests", "CONFIRMED")
    assert one["location"] == "Hall; One, Two, Palace"
    assert one["sequence"] == 1
    assert one.categories == ["Ceremony"]
    assert one["description"] == (
        "First words\n\nH.E. Mr. Salem Al-Example (chair), Minister of Interior, Kuwait"
    )
    await client.post(f"{world.api}/sessions/{made['id']}/cancel", headers=officer)
    [gone] = (await feed(client))[1].values()
    assert gone["uid"] == one["uid"]
    assert (gone["status"], gone["sequence"]) == ("CANCELLED", 2)
    assert gone["last-modified"].dt >= one["last-modified"].dt
    [arabic] = (await feed(client, f"{FEED}?lang=ar"))[1].values()
    assert (arabic["summary"], arabic["location"]) == ("الافتتاح", "القاعة, Palace")
    assert "سالم" in arabic["description"]


async def test_a_draft_that_was_cancelled_was_never_public(
    client: httpx.AsyncClient, world: World
) -> None:
    made = await create(client, world, "sessions", title={"en": "X"}, status="draft", **MORNING)
    address = f"{world.api}/sessions/{made['id']}"
    await client.post(f"{address}/cancel", headers=world.headers("programme_officer"))
    assert (await feed(client))[1] == {}
    assert "X</" not in (await client.get(PAGE)).text


async def test_withdrawn_speakers_leave_the_public_programme(
    client: httpx.AsyncClient, world: World
) -> None:
    made = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    speaker = await person(client, world)
    await create(client, world, "speakers", session=made["id"], participant=speaker)
    assert "Al-Example" in (await client.get(FEED)).text
    assert "Al-Example" in (await client.get(PAGE)).text
    await client.post(
        f"{world.api}/participants/{speaker}/withdraw",
        json={"reason": "Ill"},
        headers=world.headers("registration_officer"),
    )
    assert "Al-Example" not in (await client.get(FEED)).text
    assert "Al-Example" not in (await client.get(PAGE)).text


@pytest.mark.parametrize("address", [FEED, PAGE])
async def test_caches_are_told_what_they_may_keep(
    client: httpx.AsyncClient, world: World, address: str
) -> None:
    made = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    first = await client.get(address)
    assert first.headers["cache-control"] == "public, max-age=60, must-revalidate"
    etag, changed = first.headers["etag"], first.headers["last-modified"]
    for known in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"other", W/{etag}'},
        {"If-Modified-Since": changed},
    ):
        again = await client.get(address, headers=known)
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == first.headers["cache-control"]
    for unknown in (
        {"If-None-Match": '"other"', "If-Modified-Since": changed},
        {"If-Modified-Since": "Sun, 01 Jan 2006 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert (await client.get(address, headers=unknown)).status_code == 200, unknown
    await client.patch(
        f"{world.api}/sessions/{made['id']}",
        json={"title": {"en": "Closing"}},
        headers=world.headers("programme_officer"),
    )
    later = await client.get(address, headers={"If-None-Match": etag})
    assert later.status_code == 200
    assert "Closing" in later.text
    assert later.headers["etag"] != etag


async def test_a_renamed_delegation_reaches_the_calendar(
    client: httpx.AsyncClient, world: World
) -> None:
    made = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    speaker = await person(client, world)
    await create(client, world, "speakers", session=made["id"], participant=speaker)
    etag = (await client.get(FEED)).headers["etag"]
    await client.patch(
        f"{world.api}/delegations/KWT",
        json={"names": {"en": "State of Kuwait"}},
        headers=world.headers("registration_officer"),
    )
    later = await client.get(FEED, headers={"If-None-Match": etag})
    assert later.status_code == 200
    assert "State of Kuwait" in later.text


async def test_the_arabic_page_runs_from_right_to_left(
    client: httpx.AsyncClient, world: World
) -> None:
    await create(client, world, "sessions", title={"en": "Opening", "ar": "الافتتاح"}, **MORNING)
    arabic = (await client.get(f"{PAGE}?lang=ar")).text
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "الافتتاح" in arabic
    assert "جلسة عامة" in arabic
    english = (await client.get(f"{PAGE}?lang=xx")).text
    assert '<html lang="en" dir="ltr">' in english
    assert "webcal://testserver/c/test-2026/schedule.ics" in english


async def test_the_page_is_narrowed_by_room_and_search(
    client: httpx.AsyncClient, world: World
) -> None:
    room = await create(client, world, "rooms", name="Hall")
    await create(client, world, "sessions", title={"en": "Opening"}, room=room["id"], **MORNING)
    await create(client, world, "sessions", title={"en": "<b>Lunch</b>"}, **MORNING)
    both = (await client.get(PAGE)).text
    assert "Opening" in both
    assert "&lt;b&gt;Lunch" in both
    by_room = (await client.get(f"{PAGE}?room={room['id']}")).text
    assert "Opening" in by_room
    assert "Lunch" not in by_room
    by_word = (await client.get(f"{PAGE}?search=lunch", headers={"X-Fragment": "results"})).text
    assert "Opening" not in by_word
    assert "Lunch" in by_word
    assert "<html" not in by_word
    assert (await client.get(f"{PAGE}?room=none&search=%00")).status_code == 200


async def test_who_is_signed_in_gets_a_page_of_their_own(
    client: httpx.AsyncClient, world: World
) -> None:
    page = await client.get(PAGE, headers=world.headers("auditor"))
    assert page.status_code == 200
    assert page.headers["cache-control"] == "private, no-store"
    assert "Cookie" in page.headers["vary"]


async def test_queries_do_not_grow_with_the_programme(
    client: httpx.AsyncClient, world: World
) -> None:
    statements: list[str] = []

    def note(*given: object) -> None:
        if not str(given[2]).startswith(("BEGIN", "SELECT pg_catalog", "select", "show")):
            statements.append(str(given[2]))

    speaker = await person(client, world)
    engine = world.database._reader.sync_engine
    counts = []
    for number in range(3):
        made = await create(client, world, "sessions", title={"en": f"S{number}"}, **MORNING)
        await create(client, world, "speakers", session=made["id"], participant=speaker)
        sa_event.listen(engine, "before_cursor_execute", note)
        assert f"S{number}" in (await client.get(FEED)).text
        sa_event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
        statements.clear()
    assert set(counts) == {4}


async def test_what_another_process_changed_is_seen_within_a_second(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    assert "Opening" in (await client.get(FEED)).text
    # Past the sessions of this process, as another process would.
    async with world.database.engine.begin() as connection:
        renamed = update(store.S).values(title={"en": "Closing"}, sequence=1)
        await connection.execute(renamed)
    monkeypatch.setattr(published, "FRESH_SECONDS", 3600.0)
    assert "Opening" in (await client.get(FEED)).text
    monkeypatch.setattr(published, "FRESH_SECONDS", 0.0)
    assert "Closing" in (await client.get(FEED)).text


async def test_export_is_the_feed(client: httpx.AsyncClient, world: World) -> None:
    await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    async with world.database.reading() as session:
        made = await feeds.export(session, world.conference, "ics")
        with pytest.raises(Invalid):
            await feeds.export(session, world.conference, "exe")
    assert made == (await client.get(FEED)).content


async def test_where_people_speak(client: httpx.AsyncClient, world: World) -> None:
    one = await create(client, world, "sessions", title={"en": "Opening"}, **MORNING)
    off = await create(client, world, "sessions", title={"en": "Off"}, **MORNING)
    speaker = await person(client, world)
    for made in (one, off):
        await create(client, world, "speakers", session=made["id"], participant=speaker)
    address = f"{world.api}/sessions/{off['id']}/cancel"
    await client.post(address, headers=world.headers("programme_officer"))
    database: Database = world.database
    async with database.reading() as session:
        found = await service.sessions_of(session, world.conference.id, [UUID(speaker)])
    [(id, title, starts_at, role)] = found[UUID(speaker)]
    assert (str(id), title, role) == (one["id"], "Opening", "speaker")
    assert starts_at == datetime(2026, 11, 4, 6, tzinfo=UTC)
