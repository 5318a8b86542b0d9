"""Changes at the desk without a script: seen first, confirmed, refused with what was typed kept."""

from uuid import UUID

import httpx

from app.participants import changes
from app.participants.schemas import ParticipantEdit
from tests.participants.people import nominated
from tests.participants.test_changes import edit, requests
from tests.participants.test_pages import version
from tests.participants.test_succession import person
from tests.world import World, signed_in


async def test_a_substitution_is_seen_and_then_made(
    client: httpx.AsyncClient, world: World
) -> None:
    x = await nominated(world, name="Old Holder", rank="minister", approve=True)
    await signed_in(client, world, "registration_officer")
    page = f"{world.desk}/participants/{x}"
    assert (
        "Nobody can take the place yet"
        in (await client.get(f"{page}/impact?change=substitute")).text
    )
    y = await nominated(world, name="New Holder")
    shown = await client.get(page)
    assert f'href="/c/test-2026/desk/participants/{x}/impact?change=substitute"' in shown.text
    chosen = await client.get(f"{page}/impact?change=substitute&successor={y}")
    assert "New Holder joins it." in chosen.text
    assert "Ministers 1 → 0" in chosen.text
    form = {"successor": y, "version": version(chosen)}
    late = await client.post(f"{page}/substitute", data=form | {"version": "1"})
    assert late.status_code == 412
    done = await client.post(f"{page}/substitute", data=form)
    assert (done.status_code, done.headers["location"]) == (303, page)
    assert "Replaced by New Holder." in (await client.get(page)).text
    again = await client.post(f"{page}/substitute", data={"successor": y})
    assert (again.status_code, "A substituted registration" in again.text) == (409, True)


async def test_an_edit_of_an_approved_person_shows_what_it_touches_first(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, name="Salem", rank="minister", approve=True)
    await signed_in(client, world, "registration_officer")
    page = f"{world.desk}/participants/{id}/edit"
    form = await client.get(page)
    typed = {"name": "Salem", "function": "Minister of Interior", "rank": "minister"}
    style = await client.post(page, data=typed | {"style": "H.E.", "version": version(form)})
    assert style.status_code == 303, "nothing else is touched"
    typed |= {"rank": "ambassador", "version": version(await client.get(page))}
    asked = await client.post(page, data=typed)
    assert asked.status_code == 200
    assert "Not saved yet" in asked.text
    assert "Ministers 1 → 0" in asked.text
    now = await person(client, world, id)
    assert (now["rank"], now["style"]) == ("minister", "H.E.")
    # Confirmed was one rank; another is shown again.
    confirmed = {"confirmed": "rank:ambassador"}
    other = await client.post(page, data=typed | confirmed | {"rank": "official"})
    assert other.status_code == 200
    assert (await client.post(page, data=typed | confirmed)).status_code == 303
    assert (await person(client, world, id))["rank"] == "ambassador"


async def test_requests_are_decided_side_by_side(client: httpx.AsyncClient, world: World) -> None:
    id = await nominated(world, name="Salem", approve=True)
    request = (await edit(client, world, id, name="<b>Salim</b>")).json()["change_request"]["id"]
    await signed_in(client, world, "registration_officer")
    page = f"{world.desk}/changes/"
    shown = await client.get(page)
    assert "&lt;b&gt;Salim&lt;/b&gt;" in shown.text
    assert (
        "asked for by the delegation" in (await client.get(f"{world.desk}/participants/{id}")).text
    )
    wordless = await client.post(f"{page}{request}/decline", data={"reason": ""})
    assert (wordless.status_code, "Fill this in." in wordless.text) == (422, True)
    seen = version(shown)
    await edit(client, world, id, "administrator", function="Envoy")
    late = await client.post(f"{page}{request}/accept", data={"version": seen})
    assert (late.status_code, "changed after the request" in late.text) == (412, True)
    done = await client.post(f"{page}{request}/accept", data={"version": version(late)})
    assert (done.status_code, done.headers["location"]) == (303, page)
    assert (await person(client, world, id))["name"] == "<b>Salim</b>"
    assert "No change waits for a decision" in (await client.get(page)).text
    assert "Accepted" in (await client.get(f"{page}?status=")).text


async def test_a_protocol_officer_reads_requests_and_decides_none(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, name="Salem", approve=True)
    request = (await edit(client, world, id, name="Salim")).json()["change_request"]["id"]
    await signed_in(client, world, "protocol_officer")
    page = f"{world.desk}/changes/"
    assert "Accept: Salem" not in (await client.get(page)).text
    assert (await client.post(f"{page}{request}/accept")).status_code == 403
    assert (await requests(client, world))[0]["status"] == "pending"


async def test_capacities_and_acting_on_the_persons_page(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, name="Deputy")
    await signed_in(client, world, "registration_officer")
    page = f"{world.desk}/participants/{id}"
    now = {"version": version(await client.get(page))}
    neither = await client.post(f"{page}/capacities", data={"kind": "heads", "function": "Chair"})
    assert (neither.status_code, 'value="Chair"' in neither.text) == (422, True)
    body = {"kind": "heads", "organization": "League of Harbours", "function": "Chair", **now}
    assert (await client.post(f"{page}/capacities", data=body)).status_code == 303
    assert "League of Harbours" in (await client.get(page)).text
    assert (await client.post(f"{page}/acting", data=now)).status_code == 303
    assert "Acts as head of delegation from" in (await client.get(page)).text
    delegation = await client.get(f"{world.desk}/delegations/KWT")
    assert "Acting head" in delegation.text
    assert (await client.post(f"{page}/acting/end", data=now)).status_code == 303
    assert "Acting head" not in (await client.get(f"{world.desk}/delegations/KWT")).text
    for at, status in (("1850-01-01T09:00", 422), ("2020-01-05T09:00", 303)):
        sent = await client.post(f"{page}/acting", data={"starts_at": at, **now})
        assert sent.status_code == status
        assert (at in sent.text) == (status == 422), "what was typed is kept"
    term = await client.get(f"{world.api}/delegations/KWT/acting-head")
    assert term.json()["from"] == "2020-01-05T06:00:00Z", "nine by Kuwait's clocks"


async def test_the_portal_calls_the_same_use_case(world: World) -> None:
    """A focal point's form and API end in one function, and in one request."""
    from app.accounts.rules import Actor, Permit, Role

    id = UUID(await nominated(world, name="Salem", approve=True))
    conference = world.conference
    permit = Permit(Role.focal_point, conference.id, world.delegations["KWT"].id)
    focal = Actor(kind="user", id=UUID(int=7), name="Focal point", permits=(permit,))
    async with world.database.writing() as session:
        given = ParticipantEdit(name="Salim")
        asked = await changes.ask(session, focal, conference, id, given, version=None)
    assert asked.request is not None
    assert (asked.request.asked_by, asked.person.name) == ("Focal point", "Salem")
