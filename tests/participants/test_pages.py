"""The desk's pages of people, as officers use them."""

import io
import re

import httpx
import pytest
from PIL import Image

from tests.participants.people import nominated
from tests.queries import counted
from tests.world import World, signed_in

ROLES = ("administrator", "registration_officer", "press_officer", "focal_point", "nobody")
PAGES = {
    "": (200, 200, 200, 403, 401),
    "delegations/": (200, 200, 200, 403, 401),
    "delegations/KWT": (200, 200, 200, 403, 401),
    "delegations/new": (200, 200, 403, 403, 401),
    "delegations/KWT/edit": (200, 200, 403, 403, 401),
    "quotas/": (200, 200, 403, 403, 401),
    "queue/": (200, 200, 403, 403, 401),
    "participants/": (200, 200, 403, 403, 401),
    "participants/new": (200, 200, 403, 403, 401),
    "participants/{id}": (200, 200, 403, 403, 401),
    "participants/{id}/edit": (200, 200, 403, 403, 401),
    "participants/{id}/impact?change=withdraw": (200, 200, 403, 403, 401),
    "changes/": (200, 200, 403, 403, 401),
    "participants/{id}/photo": (404, 404, 403, 403, 401),
}


def version(page: httpx.Response) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    return found.group(1)


@pytest.mark.parametrize("role", ROLES)
async def test_each_page_opens_for_whom_it_should(
    client: httpx.AsyncClient, world: World, role: str
) -> None:
    id = await nominated(world)
    await signed_in(client, world, role)
    found = {
        page: (await client.get(f"{world.desk}/{page.format(id=id)}")).status_code for page in PAGES
    }
    assert found == {page: statuses[ROLES.index(role)] for page, statuses in PAGES.items()}


async def test_a_delegation_is_added_through_its_form(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "registration_officer")
    page = f"{world.desk}/delegations/new"
    wrong = await client.post(page, data={"kind": "media", "name": "", "names.ar": "وكالة"})
    assert wrong.status_code == 422
    assert "Give the state" in wrong.text
    assert 'value="وكالة"' in wrong.text
    made = await client.post(page, data={"kind": "media", "name": "Sample News (SN)", "iso3": ""})
    assert (made.status_code, made.headers["location"]) == (303, f"{world.desk}/delegations/SN")
    after = await client.get(made.headers["location"])
    assert "The delegation was added." in after.text
    assert "was added" not in (await client.get(made.headers["location"])).text
    taken = await client.post(page, data={"kind": "media", "name": "Other", "code": "SN"})
    assert (taken.status_code, "The code SN is taken" in taken.text) == (409, True)
    answered = await client.post(
        f"{world.desk}/delegations/SN/invitation",
        data={"invitation_status": "declined", "version": version(after)},
    )
    assert answered.status_code == 303
    late = await client.post(
        f"{world.desk}/delegations/SN/edit", data={"name": "Late name", "version": "1"}
    )
    assert (late.status_code, "Late name" in late.text) == (412, True)


async def test_a_person_is_added_edited_and_decided(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "registration_officer")
    new = f"{world.desk}/participants/new"
    typed = {"delegation": "TJK", "given_names": "Ойша", "role": "delegate", "email": "nowhere"}
    wrong = await client.post(new, data=typed)
    assert wrong.status_code == 422
    assert "Ойша" in wrong.text
    assert 'value="nowhere"' in wrong.text
    nameless = await client.post(new, data={"delegation": "TJK", "role": "delegate"})
    assert nameless.status_code == 422
    typed |= {"email": "a@example.org", "function": "Minister of Health", "names.ar": "عائشة"}
    made = await client.post(new, data=typed)
    person = made.headers["location"]
    page = await client.get(person)
    assert "The title suggests <b>Minister</b>" in page.text
    assert "عائشة" in page.text
    decided = await client.post(
        f"{person}/rank", data={"rank": "minister", "version": version(page)}
    )
    assert decided.status_code == 303
    outdated = await client.post(f"{person}/submit", data={"version": version(page)})
    assert (outdated.status_code, "meanwhile" in outdated.text) == (412, True)
    page = await client.get(person)
    assert "Rank: Minister" in page.text
    for act in ("submit", "approve"):
        sent = await client.post(f"{person}/{act}", data={"version": version(page)})
        assert sent.status_code == 303
        page = await client.get(person)
    assert "Status: Approved" in page.text
    reasonless = await client.post(f"{person}/withdraw", data={"reason": " "})
    assert (reasonless.status_code, "Fill this in." in reasonless.text) == (422, True)
    again = await client.post(f"{person}/approve")
    assert again.status_code == 303
    gone = await client.post(f"{person}/withdraw", data={"reason": "Ill"})
    assert gone.status_code == 303
    assert "Reinstate" in (await client.get(person)).text
    edit = await client.post(
        f"{person}/edit", data={"name": "Aisha Namuna", "function": "", "names.ar": "عائشة"}
    )
    assert edit.status_code == 303
    assert "Aisha Namuna" in (await client.get(person)).text


async def test_a_full_quota_refuses_on_the_page_and_changes_nothing(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "registration_officer")
    quota = {"name": "None at all", "capacity": "0", "scope.roles": ["delegate", "adviser"]}
    made = await client.post(f"{world.desk}/quotas/", data=quota)
    assert made.status_code == 303
    page = await client.get(made.headers["location"])
    assert "Adviser, Delegate" in re.sub(r"\s+", " ", page.text)
    wrong = await client.post(f"{world.desk}/quotas/", data=quota | {"capacity": "many"})
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text
    assert wrong.text.count(" checked") == 2
    person = f"{world.desk}/participants/{await nominated(world)}"
    await client.post(f"{person}/submit")
    refused = await client.post(f"{person}/approve")
    assert (refused.status_code, "is spent" in refused.text) == (409, True)
    assert "pill-submitted" in refused.text


async def test_names_are_shown_never_run(client: httpx.AsyncClient, world: World) -> None:
    bad = "<script>alert(1)</script>"
    id = await nominated(
        world, name=bad, role="head", function=f'"><img src=x> {bad}', style=bad, names={"ar": bad}
    )
    await signed_in(client, world, "registration_officer")
    for page in PAGES:
        if not page.endswith("photo"):
            body = (await client.get(f"{world.desk}/{page.format(id=id)}")).text
            assert "<script>alert" not in body
            assert "<img src=x" not in body
    searched = await client.get(f"{world.desk}/participants/", params={"search": bad})
    assert "<script>alert" not in searched.text
    assert "&lt;script&gt;" in searched.text


async def test_a_photo_is_kept_and_served_to_officers(
    client: httpx.AsyncClient, world: World
) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (400, 500), "teal").save(drawn, "PNG")
    person = f"{world.desk}/participants/{await nominated(world)}"
    await signed_in(client, world, "registration_officer")
    bad = await client.post(f"{person}/photo", files={"photo": ("x.jpg", b"<svg/>")})
    assert bad.status_code == 422
    assert (await client.post(f"{person}/photo")).status_code == 422
    kept = await client.post(f"{person}/photo", files={"photo": ("x.png", drawn.getvalue())})
    assert kept.status_code == 303
    seen = await client.get(f"{person}/photo")
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert "no-store" in seen.headers["cache-control"]


@pytest.mark.parametrize("part", ["", "delegations/", "participants/", "delegations/KWT"])
async def test_longer_lists_ask_no_more_questions(
    client: httpx.AsyncClient, world: World, part: str
) -> None:
    await signed_in(client, world, "registration_officer")
    await nominated(world)
    counts = []
    for _ in range(2):
        with counted(world.database) as statements:
            assert (await client.get(f"{world.desk}/{part}")).status_code == 200
        counts.append(len(statements))
        for code in ("KWT", "TJK", "CHT"):
            for n in range(4):
                await nominated(world, delegation=code, name=f"Person {n}")
    assert counts[0] == counts[1] < 15, statements


async def test_an_address_without_its_last_slash_leads_to_the_page(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "registration_officer")
    answer = await client.get(f"{world.desk}/participants?status=approved")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{world.desk}/participants/?status=approved"
    assert (await client.get(f"{world.desk}/nowhere")).status_code == 404
    abroad = await client.get(f"http://evil.example{world.desk}")
    assert abroad.headers["location"] == f"{world.desk}/"


async def test_empty_choices_of_a_filter_narrow_nothing(
    client: httpx.AsyncClient, world: World
) -> None:
    await nominated(world)
    await nominated(world, name="Мария Пример", function="Adviser", delegation="TJK")
    await signed_in(client, world, "administrator")
    empty = "search=&status=&delegation=&kind=&role=&rank=&undecided=&ordering=name"
    assert "2 persons" in (await client.get(f"{world.desk}/participants/?{empty}")).text
    waiting = await client.get(f"{world.desk}/participants/?undecided=true")
    assert "1 person<" in waiting.text
    found = await client.get(
        f"{world.desk}/participants/?search=maria", headers={"X-Fragment": "results"}
    )
    assert "Мария" in found.text
    assert "<html" not in found.text


async def test_those_ticked_are_approved_together_or_not_at_all(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "registration_officer")
    ids = [await nominated(world, name=f"Person {n}") for n in range(3)]
    for id in ids:
        await client.post(f"{world.desk}/participants/{id}/submit")
    submitted = f"{world.desk}/participants/?status=submitted"
    assert (await client.get(submitted)).text.count('name="chosen"') == 3
    quota = {"name": "Two", "capacity": "2", "scope.delegation": "KWT"}
    await client.post(f"{world.desk}/quotas/", data=quota)
    refused = await client.post(submitted, data={"chosen": ids})
    assert (refused.status_code, "is spent" in refused.text) == (409, True)
    assert refused.text.count(" checked") == 3
    assert (await client.post(submitted)).status_code == 422
    stranger = "00000000-0000-4000-8000-000000000000"
    assert (await client.post(submitted, data={"chosen": [ids[0], stranger]})).status_code == 404
    done = await client.post(submitted, data={"chosen": ids[:2]})
    assert (done.status_code, done.headers["location"]) == (303, submitted)
    assert (await client.get(submitted)).text.count('name="chosen"') == 1


async def test_the_press_officer_reads_numbers_not_names(
    client: httpx.AsyncClient, world: World
) -> None:
    await nominated(world, role="head")
    await signed_in(client, world, "press_officer")
    for part in ("", "delegations/", "delegations/KWT"):
        body = (await client.get(f"{world.desk}/{part}")).text
        assert "Delegations" in body
        assert "Salem" not in body
