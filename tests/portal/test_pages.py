"""The portal as a focal point uses it, and an officer in the delegation's place."""

import io
import re
from urllib.parse import urlencode

import httpx
import pytest
from PIL import Image

from app.accounts.audit import E
from app.accounts.rules import INSTALLATION, Role
from app.accounts.service import add_account
from app.delegations import store as bodies
from app.participants import store
from app.participants.models import Participant
from app.quotas import service as quotas
from app.quotas.schemas import QuotaIn
from tests.participants.people import nominated
from tests.queries import counted
from tests.world import PASSWORD, World, signed_in

ROLES = ("administrator", "registration_officer", "press_officer", "focal_point", "nobody")
MISSING = "00000000-0000-4000-8000-000000000000"
PAPER = {"paper_channel": "note_verbale", "paper_number": "12/24", "paper_date": "2024-10-01"}
WHOLE = {
    "role": "delegate",
    "name": "Rania Example",
    "function": "Adviser",
    "sex": "female",
    "email": "rania@example.org",
}


def portal(world: World, code: str = "KWT") -> str:
    return f"/c/{world.conference.slug}/portal/{code}"


def version(page: httpx.Response) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    return found.group(1)


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 500)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "teal").save(drawn, kind)
    return drawn.getvalue()


async def people(world: World, code: str = "KWT") -> list[Participant]:
    """Who the delegation has, in its order."""
    mine = store.P.c.delegation_id == world.delegations[code].id
    async with world.database.reading() as session:
        found = await store.people(session, world.conference.id, mine)
    return sorted((person for person, _ in found), key=lambda one: one.position)


async def trail(world: World) -> list[tuple[str, set[str]]]:
    """What the trail keeps of acts on paper: the action and its fields."""
    async with world.database.reading() as session:
        rows = await session.execute(E.select().where(E.c.action == "delegation.on-paper"))
        return [(row.action, set(row.fields)) for row in rows]


@pytest.mark.parametrize("role", ROLES)
async def test_who_opens_it(client: httpx.AsyncClient, world: World, role: str) -> None:
    mine, theirs = await nominated(world), await nominated(world, delegation="TJK")
    await signed_in(client, world, role)
    base = portal(world).removesuffix("/KWT")
    pages = {
        f"{base}/": (200, 200, 403, 200, 401),
        f"{base}/KWT/": (200, 200, 403, 200, 401),
        f"{base}/KWT/people/new": (200, 200, 403, 200, 401),
        f"{base}/KWT/people/{mine}": (200, 200, 403, 200, 401),
        f"{base}/KWT/people/{mine}/photo": (200, 200, 403, 200, 401),
        f"{base}/KWT/people/{mine}/photo.jpg": (404, 404, 403, 404, 401),
        f"{base}/KWT/people/{theirs}": (404, 404, 403, 404, 401),
        f"{base}/TJK/": (200, 200, 403, 404, 401),
        f"{base}/TJK/people/{theirs}": (200, 200, 403, 404, 401),
        f"{base}/ZZZ/": (404, 404, 403, 404, 401),
    }
    found = {page: (await client.get(page)).status_code for page in pages}
    assert found == {page: statuses[ROLES.index(role)] for page, statuses in pages.items()}


async def test_anothers_is_missing_with_the_same_bytes(
    client: httpx.AsyncClient, world: World
) -> None:
    mine, theirs = await nominated(world), await nominated(world, delegation="TJK")
    await signed_in(client, world, "focal_point")
    acts = ("", "/submit", "/withdraw", "/replace", "/photo")
    body = {**WHOLE, "reason": "Ill", "successor": "", "version": ""}
    here, there, gone = portal(world), portal(world, "TJK"), portal(world, "ZZZ")

    async def asked(address: str) -> tuple[int, str]:
        answer = await client.post(address, data=body)
        number = re.sub(r'class="code">[0-9a-f-]{32,36}', "", answer.text)
        return answer.status_code, number.replace(address, "")

    for act in acts:
        strangers = [
            await asked(f"{there}/people/{theirs}{act}"),
            await asked(f"{gone}/people/{theirs}{act}"),
            await asked(f"{here}/people/{theirs}{act}"),
            await asked(f"{here}/people/{MISSING}{act}"),
        ]
        assert {status for status, _ in strangers} == {404}, act
        assert len({text for _, text in strangers}) == 1, act
    for act in ("submit", "order", "invitation", "people/new"):
        assert await asked(f"{there}/{act}") == await asked(f"{gone}/{act}")
    successor = {"reason": "Ill", "successor": theirs}
    refused = await client.post(f"{here}/people/{mine}/replace", data=successor)
    assert refused.status_code == 404
    moved = await client.post(f"{here}/order", data={"id": theirs, "step": "1"})
    assert moved.status_code == 404
    assert [person.name for person in await people(world, "TJK")] == ["Salem Al-Example"]
    assert (await people(world, "TJK"))[0].version == 1


async def test_another_role_beside_opens_no_other_delegation(
    client: httpx.AsyncClient, world: World
) -> None:
    """The desk of a press officer shows all delegations; the portal stays with one's own."""
    await signed_in(client, world, "press_officer")
    async with world.database.writing() as session:
        await add_account(
            session,
            INSTALLATION,
            email="press_officer@example.org",
            name="Press",
            role=Role.focal_point,
            conference_id=world.conference.id,
            delegation_id=world.delegations["KWT"].id,
        )
    await client.post("/sign-in", data={"email": "press_officer@example.org", "password": PASSWORD})
    assert (await client.get(f"{portal(world)}/")).status_code == 200
    assert (await client.get(f"{portal(world, 'TJK')}/")).status_code == 404
    added = await client.post(f"{portal(world, 'TJK')}/people/new", data=WHOLE)
    assert added.status_code == 404


async def test_from_the_invitation_to_all_submitted(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "focal_point")
    here = portal(world)
    page = await client.get(f"/c/{world.conference.slug}/portal/")
    assert "Will your delegation take part?" in page.text
    assert "Nobody is nominated yet" in page.text
    assert "No limit is set" in page.text
    accepted = await client.post(
        f"{here}/invitation", data={"invitation_status": "accepted", "version": version(page)}
    )
    assert (accepted.status_code, accepted.headers["location"]) == (303, f"{here}/")
    late = await client.post(
        f"{here}/invitation", data={"invitation_status": "declined", "version": version(page)}
    )
    assert (late.status_code, "Somebody changed" in late.text) == (412, True)
    odd = await client.post(f"{here}/invitation", data={"invitation_status": "no_reply"})
    assert odd.status_code == 422

    wrong = await client.post(f"{here}/people/new", data=WHOLE | {"email": "nowhere"})
    assert wrong.status_code == 422
    assert 'value="nowhere"' in wrong.text
    assert 'value="Rania Example"' in wrong.text
    ranked = await client.post(f"{here}/people/new", data=WHOLE | {"rank": "minister"})
    assert ranked.status_code == 422
    full = WHOLE | {
        "function": "Minister of Health",
        "style": "H.E. Ms.",
        "names.ar": "رانيا",
        "languages": ["", "ar", "fr"],
        "dietary": "No fish",
        "access_needs": "A seat near the door",
        "phone": "+965 1",
    }
    made = await client.post(f"{here}/people/new", data=full)
    assert made.status_code == 303
    page = await client.get(made.headers["location"])
    assert "Still missing: photo." in page.text
    assert "رانيا" in page.text
    assert re.search(r'value="ar" checked>\s*<label', page.text)
    [person] = await people(world)
    assert (person.rank, person.rank_suggested) == (None, "minister")
    assert (person.languages, person.dietary) == (["ar", "fr"], "No fish")
    nothing = await client.post(f"{here}/submit")
    assert (nothing.status_code, "No nomination is complete yet." in nothing.text) == (409, True)

    another = await client.post(f"{here}/people/new", data=WHOLE | {"then": "another"})
    assert another.headers["location"] == f"{here}/people/new"
    sent = await client.post(
        f"{here}/people/{person.id}/photo", files={"photo": ("x.png", picture())}
    )
    assert sent.status_code == 303
    assert "Submit all that is complete (1)" in re.sub(
        r"\s+", " ", (await client.get(f"{here}/")).text
    )
    some = await client.post(f"{here}/submit")
    assert some.status_code == 303
    assert "for the others, see what is missing" in (await client.get(f"{here}/")).text
    assert [one.status for one in await people(world)] == ["submitted", "nominated"]
    second = (await people(world))[1]
    alone = await client.post(f"{here}/people/{second.id}/submit", data={"version": "1"})
    assert alone.status_code == 303
    assert [one.status for one in await people(world)] == ["submitted", "submitted"]
    emptied = WHOLE | {"languages": "", "dietary": "", "function": "Minister of Health"}
    assert (await client.post(f"{here}/people/{person.id}", data=emptied)).status_code == 303
    person = (await people(world))[0]
    assert (person.languages, person.dietary) == ([], None)


async def test_two_who_edit_do_not_overwrite_each_other(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world)
    await signed_in(client, world, "focal_point")
    one = f"{portal(world)}/people/{id}"
    first = WHOLE | {"version": "1"}
    assert (await client.post(one, data=first)).status_code == 303
    late = await client.post(one, data=first | {"name": "Late Name"})
    assert (late.status_code, "Late Name" in late.text) == (412, True)
    for act, body in (("submit", {}), ("withdraw", {"reason": "Ill"})):
        assert (await client.post(f"{one}/{act}", data=body | {"version": "1"})).status_code == 412
    assert (await people(world))[0].name == "Rania Example"


async def test_an_approved_person_stands_until_an_officer_decides(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world, approve=True)
    await signed_in(client, world, "focal_point")
    one = f"{portal(world)}/people/{id}"
    for act, body in (("", WHOLE), ("/replace", {"reason": "Ill", "name": "Other Person"})):
        asked = await client.post(one + act, data=body)
        assert asked.headers["location"] == one, asked.text
        page = await client.get(one)
        assert "what was approved stands" in page.text
        assert "Waiting for the registration office" in page.text
    twice = await client.post(f"{one}/replace", data={"reason": "Ill", "name": "Third Person"})
    assert (twice.status_code, "is asked for already" in twice.text) == (409, True)
    # Its photo never came, and the badge waits for it; then it stands too.
    for status in (303, 409):
        answer = await client.post(f"{one}/photo", files={"photo": ("x.png", picture())})
        assert answer.status_code == status
    person, successor = await people(world)
    assert (person.name, person.status) == ("Salem Al-Example", "approved")
    assert (successor.name, successor.status) == ("Other Person", "nominated")
    requests = f"{world.api}/change-requests"
    for one_of in (await client.get(requests, headers=world.headers())).json()["results"]:
        wanted = one_of["successor_name"] == "Other Person" or one_of["kind"] == "edit"
        assert wanted, one_of
    gone = await client.post(f"{one}/withdraw", data={"reason": "Ill"})
    assert gone.status_code == 303
    assert (await people(world))[0].status_reason == "Ill"
    assert (await client.post(one, data=WHOLE)).status_code == 409
    assert "No longer taking part" in (await client.get(f"{portal(world)}/")).text


async def test_an_officer_confirms_a_replacement(client: httpx.AsyncClient, world: World) -> None:
    """Of five places all are taken: the successor needs none of his own."""
    async with world.database.writing() as session:
        given = QuotaIn(name="Main", capacity=1)
        await quotas.create(session, INSTALLATION, world.conference, given)
    id = await nominated(world, approve=True)
    await signed_in(client, world, "focal_point")
    here = portal(world)
    sixth = await client.post(f"{here}/people/new", data=WHOLE)
    assert (sixth.status_code, "keeps no waiting list" in sixth.text) == (409, True)
    body = {"reason": "Recalled", "name": "Other Person", "function": "Counsellor"}
    asked = await client.post(f"{here}/people/{id}/replace", data=body)
    assert asked.status_code == 303, asked.text
    requests = f"{world.api}/change-requests"
    [one] = (await client.get(requests, headers=world.headers())).json()["results"]
    done = await client.post(f"{requests}/{one['id']}/accept", headers=world.headers())
    assert done.status_code == 200, done.text
    assert [(p.name, p.status.value) for p in await people(world)] == [
        ("Salem Al-Example", "substituted"),
        ("Other Person", "approved"),
    ]


async def test_letters_and_documents_are_sent(client: httpx.AsyncClient, world: World) -> None:
    id = await nominated(world)
    await signed_in(client, world, "focal_point")
    here = portal(world)
    pdf = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n"
    letter = {"kind": "letter_of_nomination", "number": "KW/5", "signatory": "Ann Signer"}
    wrong = await client.post(f"{here}/letters/", data=letter, files={"file": ("x.pdf", b"GIF89a")})
    assert (wrong.status_code, "This is no PDF" in wrong.text) == (422, True)
    assert 'value="KW/5"' in wrong.text
    sent = await client.post(f"{here}/letters/", data=letter, files={"file": ("x.pdf", pdf)})
    assert sent.status_code == 303
    page = await client.get(f"{here}/letters/")
    assert "KW/5" in page.text
    path = page.text.partition(f'href="{here}/letters/')[2].partition('"')[0]
    assert (await client.get(f"{here}/letters/{path}")).content == pdf
    foreign = f"{portal(world, 'TJK')}/letters/{path}"
    assert (await client.get(foreign)).status_code == 404
    document = {"type": "passport", "issuing_state": "KWT", "number": "P7654321"}
    short = await client.post(f"{here}/people/{id}/document", data=document | {"number": "1"})
    assert short.status_code == 422
    kept = await client.post(f"{here}/people/{id}/document", data=document)
    assert kept.status_code == 303, kept.text
    page = await client.get(f"{here}/people/{id}")
    assert "••••••21" in page.text
    assert "P7654321" not in page.text


async def test_the_order_is_kept(client: httpx.AsyncClient, world: World) -> None:
    ids = [await nominated(world, name=f"Person {n}") for n in range(4)]
    await signed_in(client, world, "focal_point")
    here = portal(world)
    for id, step in ((ids[3], -1), (ids[3], -1), (ids[0], 1), (ids[2], 1)):
        answer = await client.post(f"{here}/order", data={"id": id, "step": step})
        assert answer.headers["location"] == f"{here}/#person-{id}"
    assert [one.name[-1] for one in await people(world)] == ["3", "0", "1", "2"]
    wrong = await client.post(f"{here}/order", data={"id": ids[0], "step": "7"})
    assert wrong.status_code == 422
    listed = await client.get(f"{world.api}/participants", headers=world.headers())
    assert [row["name"][-1] for row in listed.json()["results"]] == ["3", "0", "1", "2"]


async def test_one_takes_anothers_place(client: httpx.AsyncClient, world: World) -> None:
    ids = [await nominated(world, name=f"Person {n}", role="delegate") for n in range(3)]
    await signed_in(client, world, "focal_point")
    here = portal(world)
    one = f"{here}/people/{ids[0]}"
    head = WHOLE | {"role": "head", "name": "Person 0"}
    assert (await client.post(one, data=head)).status_code == 303
    for body in ({}, {"name": "New", "successor": ids[1]}, {"successor": "x"}):
        refused = await client.post(f"{one}/replace", data={"reason": "Ill", **body})
        assert refused.status_code == 422, body
    same = await client.post(f"{one}/replace", data={"reason": "Ill", "successor": ids[0]})
    assert same.status_code == 409
    new = {"reason": "Ill", "name": "New Head", "function": "Minister of Health"}
    answer = await client.post(f"{one}/replace", data=new)
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert "New Head" in page.text
    assert "The place went to this person" in page.text
    order = [(p.name, p.role) for p in await people(world) if p.status == "nominated"]
    assert order == [("New Head", "head"), ("Person 1", "delegate"), ("Person 2", "delegate")]
    known = await client.post(
        f"{here}/people/{ids[1]}/replace", data={"reason": "Ill", "successor": ids[2]}
    )
    assert known.headers["location"] == f"{here}/people/{ids[2]}"
    again = await client.post(
        f"{here}/people/{ids[2]}/replace", data={"reason": "Ill", "successor": ids[1]}
    )
    assert again.status_code == 409


async def test_a_section_of_a_photo(client: httpx.AsyncClient, world: World) -> None:
    id = await nominated(world)
    await signed_in(client, world, "focal_point")
    one = f"{portal(world)}/people/{id}"
    half = Image.new("RGB", (800, 800), "white")
    half.paste("red", (400, 0, 800, 800))
    drawn = io.BytesIO()
    half.save(drawn, "PNG")
    files = {"photo": ("x.png", drawn.getvalue())}
    numbers = {"x": "0.5", "y": "0.1", "size": "0.5"}
    for wrong in ({"x": "0.5"}, numbers | {"size": "9"}, numbers | {"x": "left"}):
        refused = await client.post(f"{one}/photo", files=files, data=wrong)
        assert refused.status_code == 422, wrong
    assert (await client.post(f"{one}/photo")).status_code == 422
    bad = await client.post(f"{one}/photo", files={"photo": ("x.png", b"<svg/>")})
    assert (bad.status_code, "not a readable photo" in bad.text) == (422, True)
    assert (await client.post(f"{one}/photo", files=files, data=numbers)).status_code == 303
    seen = await client.get(f"{one}/photo.jpg")
    assert seen.headers["content-type"] == "image/jpeg"
    kept = Image.open(io.BytesIO(seen.content)).convert("RGB")
    assert kept.size == (390, 520)
    assert all(kept.getpixel(at)[1] < 60 for at in ((5, 5), (380, 510)))  # type: ignore[index]
    page = (await client.get(f"{one}/photo")).text
    assert "Code after approval" in page
    assert f"{one}/photo.jpg?v=2" in page


async def test_places_in_words(client: httpx.AsyncClient, world: World) -> None:
    for name, capacity, scope, waits in (
        ("Own main", 2, {"delegation": "KWT"}, False),
        ("Shared security", 1, {"kind": "member_state", "roles": ["security"]}, True),
        ("Of others", 1, {"delegation": "TJK"}, False),
        ("Of associations", 1, {"kind": "civil_society"}, False),
    ):
        given = {"name": name, "capacity": capacity, "scope": scope, "waiting_list": waits}
        async with world.database.writing() as session:
            await quotas.create(
                session, INSTALLATION, world.conference, QuotaIn.model_validate(given)
            )
    await nominated(world, approve=True)
    await nominated(world, approve=True, role="security", name="Guard")
    await signed_in(client, world, "focal_point")
    page = re.sub(r"\s+", " ", (await client.get(f"{portal(world)}/")).text)
    assert "All 2 are taken." in page
    assert "All 1 are taken. Whoever comes later goes on a waiting list." in page
    assert "Shared with other delegations." in page
    assert "Of others" not in page
    assert "Of associations" not in page


async def test_an_officer_names_the_paper_with_each_act(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await nominated(world)
    await signed_in(client, world, "registration_officer")
    here = portal(world)
    choice = await client.get(f"/c/{world.conference.slug}/portal/")
    assert f'href="{here}/"' in choice.text
    straight = await client.get(f"/c/{world.conference.slug}/portal/?delegation=KWT")
    assert straight.headers["location"] == f"{here}/"
    page = await client.get(f"{here}/")
    assert "State first the paper" in page.text
    assert "Salem" not in page.text
    silent = await client.post(f"{here}/people/{id}/submit")
    assert (silent.status_code, "Fill this in." in silent.text) == (422, True)
    assert (await people(world))[0].status == "nominated"
    wrong = await client.post(f"{here}/paper", data=PAPER | {"paper_date": "yesterday"})
    assert (wrong.status_code, "Write a date" in wrong.text) == (422, True)
    kept = await client.post(f"{here}/paper", data=PAPER)
    assert kept.status_code == 303
    page = await client.get(f"{here}/")
    assert "You act in the delegation’s place" in page.text
    assert "12/24" in page.text
    assert page.text.count('name="paper_number" value="12/24"') >= 2
    other = await client.get(f"{portal(world, 'TJK')}/")
    assert "State first the paper" in other.text
    added = await client.post(f"{here}/people/new", data=WHOLE | PAPER)
    assert added.status_code == 303
    assert (await client.post(f"{here}/people/{id}/submit", data=PAPER)).status_code == 303
    body = {"photo": ("x.png", picture())}
    assert (
        await client.post(f"{here}/people/{id}/photo", files=body, data=PAPER)
    ).status_code == 303
    assert (await client.post(f"{here}/submit", data=PAPER)).status_code == 409
    # What a delegation asks for on paper an officer decides at once.
    known = f"{here}/people/{await nominated(world, name='Known', approve=True)}"
    for _ in range(2):
        sent = await client.post(f"{known}/photo", files=body, data=PAPER)
        assert sent.status_code == 303
    spelt = await client.post(known, data=WHOLE | PAPER | {"name": "Known Better"})
    assert spelt.status_code == 303
    assert (await people(world))[-1].name == "Known Better"
    fields = {"act", "paper_channel", "paper_number", "paper_date"}
    assert await trail(world) == [("delegation.on-paper", fields)] * 6


async def test_a_focal_point_names_no_paper(client: httpx.AsyncClient, world: World) -> None:
    id = await nominated(world)
    await signed_in(client, world, "focal_point")
    client.cookies.set("paper", "%7B")
    assert "paper_number" not in (await client.get(f"{portal(world)}/")).text
    await client.post(f"{portal(world)}/people/{id}/submit", data=PAPER)
    assert await trail(world) == []


async def test_several_delegations_are_chosen_from(client: httpx.AsyncClient, world: World) -> None:
    async with world.database.writing() as session:
        await add_account(
            session,
            INSTALLATION,
            email="focal_point@example.org",
            name="Two",
            role=Role.focal_point,
            conference_id=world.conference.id,
            delegation_id=world.delegations["TJK"].id,
        )
    await signed_in(client, world, "focal_point")
    page = await client.get(f"/c/{world.conference.slug}/portal/")
    assert "Choose a delegation" in page.text
    assert [code in page.text for code in ("/KWT/", "/TJK/", "/CHT/")] == [True, True, False]
    foreign = await client.get(f"/c/{world.conference.slug}/portal/?delegation=CHT")
    assert foreign.status_code == 200


@pytest.mark.parametrize(
    ("language", "turned", "words"),
    [("fr", "ltr", "Désigner une personne"), ("ar", "rtl", "ترشيح شخص")],
)
async def test_the_language_stays(
    client: httpx.AsyncClient, world: World, language: str, turned: str, words: str
) -> None:
    id = await nominated(world)
    await signed_in(client, world, "focal_point")
    here = portal(world)
    assert "Nominate a person" in (await client.get(f"{here}/?lang=tlh")).text
    page = await client.get(f"{here}/?{urlencode({'lang': language})}")
    assert f'<html lang="{language}" dir="{turned}">' in page.text
    assert words in page.text
    for later in ("people/new", f"people/{id}", f"people/{id}/photo"):
        assert f'<html lang="{language}"' in (await client.get(f"{here}/{later}")).text
    refused = await client.post(f"{here}/people/{id}/withdraw", data={"reason": ""})
    assert refused.status_code == 422
    assert "Fill this in." not in refused.text
    assert "?lang=" not in refused.text
    done = await client.post(f"{here}/people/{id}/submit")
    said = (await client.get(done.headers["location"])).text
    assert "Submitted." not in said
    assert 'role="status"' in said


async def test_names_are_shown_never_run(client: httpx.AsyncClient, world: World) -> None:
    bad = "<script>alert(1)</script>"
    id = await nominated(world, name=bad, function=f'"><img src=x> {bad}', names={"ar": bad})
    await nominated(world, name="Other")
    await signed_in(client, world, "focal_point")
    for page in ("", "people/new", f"people/{id}", f"people/{id}/photo"):
        body = (await client.get(f"{portal(world)}/{page}")).text
        assert "<script>alert" not in body
        assert "<img src=x" not in body


async def test_a_longer_delegation_asks_no_more_questions(
    client: httpx.AsyncClient, world: World
) -> None:
    await signed_in(client, world, "focal_point")
    await nominated(world)
    counts = []
    for _ in range(2):
        with counted(world.database) as statements:
            assert (await client.get(f"{portal(world)}/")).status_code == 200
        counts.append(len(statements))
        for n in range(5):
            await nominated(world, name=f"Person {n}")
    assert counts[0] == counts[1] < 12, statements


async def test_a_focal_point_is_led_there(client: httpx.AsyncClient, world: World) -> None:
    await signed_in(client, world, "focal_point")
    link = f'href="/c/{world.conference.slug}/portal/"'
    assert link in (await client.get("/")).text
    assert link in (await client.get(f"/c/{world.conference.slug}/")).text
    await client.post("/sign-out")
    assert link not in (await client.get("/")).text


async def test_places_are_held_and_given_back(client: httpx.AsyncClient, world: World) -> None:
    given = QuotaIn(name="Each", capacity=3, per_delegation=True)
    async with world.database.writing() as session:
        await quotas.create(session, INSTALLATION, world.conference, given)
    await signed_in(client, world, "focal_point")
    base = portal(world)
    assert "Hold places without names" in (await client.get(f"{base}/")).text
    many = await client.post(f"{base}/slots", data={"role": "delegate", "number": "9"})
    assert many.status_code == 409
    assert 'value="9"' in many.text
    done = await client.post(f"{base}/slots", data={"role": "delegate", "number": "2"})
    assert done.status_code == 303
    page = await client.get(f"{base}/")
    assert "2 held for you" in page.text
    [slot] = re.findall(r'name="slot" value="([^"]+)"', page.text)
    assert (await client.post(f"{base}/slots/release", data={"slot": MISSING})).status_code == 404
    assert (await client.post(f"{base}/slots/release", data={"slot": slot})).status_code == 303
    assert "1 held for you" in (await client.get(f"{base}/")).text


async def test_a_delegation_reads_its_own_language_first(
    client: httpx.AsyncClient, world: World
) -> None:
    async with world.database.writing() as session:
        where = bodies.D.c.id == world.delegations["KWT"].id
        await session.execute(bodies.D.update().where(where).values(language="ar"))
    await signed_in(client, world, "focal_point")
    assert 'lang="ar"' in (await client.get(f"{portal(world)}/")).text
    assert 'lang="fr"' in (await client.get(f"{portal(world)}/?lang=fr")).text
    assert 'lang="fr"' in (await client.get(f"{portal(world)}/people/new")).text
