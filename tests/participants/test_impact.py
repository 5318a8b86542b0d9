"""One late change, cascaded: what is said before is what then happens."""

import re
from typing import Any

import httpx

from tests.participants.people import nominated
from tests.participants.test_succession import badges, person, substitute
from tests.quotas.test_places import act, make_quota, used_and_counted
from tests.world import World

TIMES = {"local_start": "2026-11-04T09:00", "local_end": "2026-11-04T10:00"}


async def told(
    client: httpx.AsyncClient, world: World, id: str, **query: str
) -> dict[str, list[str]]:
    answer = await client.get(
        f"{world.api}/participants/{id}/impact", params=query, headers=world.headers()
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["change"] == query["change"]
    return {one["area"]: one["touched"] for one in answer.json()["areas"]}


async def figures(client: httpx.AsyncClient, world: World) -> dict[str, dict[str, int]]:
    found = {}
    for basis in ("nominated", "accredited"):
        answer = await client.get(
            f"{world.api}/summary?basis={basis}", headers=world.headers("press_officer")
        )
        found[basis.capitalize()] = answer.json()["figures"]
    return found


def moves(sentences: list[str]) -> dict[str, dict[str, tuple[int, int]]]:
    """Per basis: figure → (before, after), as the sentences say."""
    return {
        text.split(":")[0]: {
            name.strip().lower().replace(" ", "_"): (int(a), int(b))
            for name, a, b in re.findall(r"([A-Za-z_ -]+) (\d+) → (\d+)", text.split(":", 1)[1])
        }
        for text in sentences
    }


def really(
    before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]
) -> dict[str, dict[str, tuple[int, int]]]:
    found = {
        basis: {key: (was[key], after[basis][key]) for key in was if was[key] != after[basis][key]}
        for basis, was in before.items()
    }
    return {basis: changed for basis, changed in found.items() if changed}


async def minister(client: httpx.AsyncClient, world: World) -> str:
    """A minister who heads, speaks, chairs, is invited, and has a badge; one waits."""
    await make_quota(client, world, 1)
    id = await nominated(
        world, name="Salem", role="head", rank="minister", sex="male", approve=True
    )
    waits = await nominated(world, name="Waits", sex="female", rank="official")
    await act(client, world, waits, "submit")
    await act(client, world, waits, "approve")
    admin = world.headers()

    async def made(kind: str, body: dict[str, Any]) -> str:
        answer = await client.post(f"{world.api}/{kind}", json=body, headers=admin)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    for title, role in (("Opening", "chair"), ("Debate", "speaker")):
        session = await made("sessions", {"title": {"en": title}, **TIMES})
        await made("speakers", {"session": session, "participant": id, "role": role})
    body = {"title": {"en": "Dinner"}, "capacity": 9, **TIMES}
    reception = await made("receptions", body)
    at = f"{world.api}/receptions/{reception}/invitations"
    await client.post(at, json={"participants": [id], "companions": 1}, headers=admin)
    [invited] = (await client.get(at, headers=admin)).json()["results"]
    reply = {"reply": "accepted", "companions": 1}
    answer = await client.patch(f"{at}/{invited['id']}", json=reply, headers=admin)
    assert answer.status_code == 200, answer.text
    return id


async def test_a_withdrawal_is_told_and_happens_so(client: httpx.AsyncClient, world: World) -> None:
    id = await minister(client, world)
    said, before = await told(client, world, id, change="withdraw"), await figures(client, world)
    assert said["places"] == [
        "“Main”: places used 1 → 1 of 1.",
        "Waits (KWT) is promoted from the waiting list and gets a badge.",
    ]
    assert said["head"] == ["Kuwait has no head of delegation then."]
    [serial] = await badges(client, world, id)
    assert said["badge"] == [f"Badge {serial} (Principal) is revoked and opens no gate."]
    after = "not shown there any more; nobody takes over by itself."
    assert sorted(said["programme"]) == [
        f"Chairs “Opening” (4 Nov, 09:00): {after}",
        f"Speaks in “Debate” (4 Nov, 09:00): {after}",
    ]
    assert said["receptions"] == ["Invited to “Dinner” (comes): declined; 2 places are released."]
    assert said["list"] == ["Salem leaves the list of participants."]
    assert "Ministers 1 → 0" in said["figures"][1]
    assert "States at ministerial level 1 → 0" in said["figures"][1]
    assert "Women 0 → 1; Men 1 → 0" in said["figures"][1], "who waits takes the place"
    assert (await act(client, world, id, "withdraw", reason="Ill")).status_code == 200
    assert moves(said["figures"]) == really(before, await figures(client, world))
    assert await used_and_counted(world.database) == [(1, 1)]
    assert await badges(client, world, id) == []
    [reception] = (await client.get(f"{world.api}/receptions", headers=world.headers())).json()[
        "results"
    ]
    assert reception["used"] == 0


async def test_a_substitution_is_told_and_happens_so(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await minister(client, world)
    deputy = await nominated(world, name="Deputy", rank="deputy_minister", sex="female")
    open_ = await told(client, world, id, change="substitute")
    assert open_["places"] == ["“Main”: the place is kept for the successor."]
    said = await told(client, world, id, change="substitute", successor=deputy)
    assert said["places"] == ["“Main”: the place is kept for Deputy."]
    assert said["head"][1] == "Deputy keeps an own role and rank; neither is inherited."
    assert said["badge"][1].startswith("A badge is issued to Deputy: ")
    assert said["list"] == ["Salem leaves the list of participants.", "Deputy joins it."]
    before = await figures(client, world)
    assert (await substitute(client, world, id, deputy)).status_code == 200
    assert moves(said["figures"]) == really(before, await figures(client, world))
    assert await used_and_counted(world.database) == [(1, 1)]
    gone = await client.get(
        f"{world.api}/participants/{id}/impact?change=withdraw", headers=world.headers()
    )
    assert (gone.status_code, gone.json()["code"]) == (409, "wrong-status")


async def test_a_rank_is_told_and_happens_so(client: httpx.AsyncClient, world: World) -> None:
    id = await minister(client, world)
    said, before = (
        await told(client, world, id, change="rank", rank="deputy_minister"),
        await figures(client, world),
    )
    assert set(said) <= {"badge", "figures"}, "places, sessions and the head stay"
    [old] = await badges(client, world, id)
    await client.patch(
        f"{world.api}/participants/{id}",
        json={"rank": "deputy_minister"},
        headers=world.headers(),
    )
    assert moves(said["figures"]) == really(before, await figures(client, world))
    [new] = await badges(client, world, id)
    assert (new != old) is ("badge" in said)


async def test_a_name_and_a_function_touch_what_shows_them(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await minister(client, world)
    said = await told(client, world, id, change="name")
    assert said["list"] == ["The list of participants shows the new name."]
    assert [text.endswith("the new name is shown there.") for text in said["programme"]] == [
        True,
        True,
    ]
    assert "figures" not in said
    assert (await told(client, world, id, change="function"))["list"] == [
        "The list of participants shows the new function."
    ]
    waiting = await nominated(world, name="Nobody yet", function=None)
    assert await told(client, world, waiting, change="name") == {}
    assert (await person(client, world, waiting))["status"] == "nominated"


async def test_a_delegation_does_not_learn_who_else_waits(
    client: httpx.AsyncClient, world: World
) -> None:
    id = await minister(client, world)
    answer = await client.get(
        f"{world.api}/participants/{id}/impact?change=withdraw",
        headers=world.headers("focal_point"),
    )
    assert (answer.status_code, "Waits" in answer.text) == (403, False)
