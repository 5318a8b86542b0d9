"""Whatever the description of the API allows, and what it does not: never a server error.

Every router that the application includes is in `/openapi.json`, and so in these tests.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema_rs
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import BaseSchema, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.core.db import Database
from app.main import create_app
from app.participants import service as participants
from app.participants.schemas import ParticipantIn
from app.quotas import service as quotas
from app.quotas.schemas import QuotaIn
from tests.apart import Apart
from tests.world import OFFICER, World, make_world

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def opened(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FastAPI, World]]:
    """The application over a SQLite file, with the small conference in it."""
    path = tmp_path_factory.mktemp("fuzz") / "plenary.db"
    shutil.copy(sqlite_template, path)
    address = f"sqlite+aiosqlite:///{path}"
    run = Apart(Database(address))
    world = run.run(make_world(run.database))
    run.run(_people(world))
    run.close()
    # Set by hand too: not every call runs the application's start, and one database is closed once.
    database = Database(address)
    app = create_app(database)
    app.state.database = database
    yield app, world
    asyncio.run(database.close())


@pytest.fixture(scope="module")
def described(opened: tuple[FastAPI, World]) -> BaseSchema:
    """The application's own description."""
    return schemathesis.openapi.from_asgi("/openapi.json", opened[0])


bounded = settings(
    max_examples=8,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


KNOWN = {("delegations", "code"): "KWT"}
"""What stands in an address: the word before, the parameter, and one that there is."""


async def _people(world: World) -> None:
    async with world.database.writing() as session:
        given = ParticipantIn(delegation="KWT", name="Person")
        person, _ = await participants.nominate(session, OFFICER, world.conference, given)
        quota = await quotas.create(
            session, OFFICER, world.conference, QuotaIn(name="Main", capacity=5)
        )
    KNOWN["participants", "id"] = str(person.id)
    KNOWN["quotas", "id"] = str(quota.id)


Check = Callable[[schemathesis.Case], None]


def _asking(
    operation: schemathesis.APIOperation, mode: GenerationMode, world: World, check: Check
) -> Callable[[], None]:
    """Asks one operation with well-formed or malformed cases."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @bounded
    def ask(case: schemathesis.Case) -> None:
        if "slug" in case.path_parameters:
            case.path_parameters["slug"] = world.conference.slug
        if mode is GenerationMode.POSITIVE:
            # A made-up id leads nowhere; a real one leads into the use case.
            case.path_parameters.update(
                {
                    name: known
                    for (part, name), known in KNOWN.items()
                    if f"/{part}/{{{name}}}" in case.path
                }
            )
        check(case)

    return ask


def faults(described: BaseSchema, world: World, check: Check) -> list[str]:
    """What `check` finds wrong, operation by operation, with well-formed and malformed cases.

    Driven here, not by schemathesis' plugin for pytest: each operation gets its say.
    """
    found = []
    for result in described.get_all_operations():
        operation = result.ok()
        for mode in GenerationMode:
            try:
                _asking(operation, mode, world, check)()
            except Unsatisfiable:
                continue  # nothing about this operation can be malformed
            except BaseException as fault:
                found.append(f"{operation.label} ({mode.value}): {fault!r} {_parts(fault)}")
    return found


def _parts(fault: BaseException) -> list[str]:
    parts = fault.exceptions if isinstance(fault, BaseExceptionGroup) else [fault]
    return [str(part)[:1500] for part in parts]


def test_the_description_is_openapi_3_1(described: BaseSchema) -> None:
    described.validate()
    raw = described.raw_schema
    assert raw["openapi"].startswith("3.1")
    for name, one in raw["components"]["schemas"].items():
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema"} | one
        )
        assert name
    names = [one["operationId"] for path in raw["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


def test_an_administrator_breaks_nothing(
    described: BaseSchema, opened: tuple[FastAPI, World]
) -> None:
    world = opened[1]

    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=world.headers())

    assert "\n".join(faults(described, world, check)) == ""


PUBLIC = {
    ("GET", "/api/v1/conferences"),
    ("GET", "/api/v1/conferences/{slug}"),
    ("POST", "/api/v1/checkinrpc/pair/"),  # its code decides, and who tries too many waits
}


def test_nobody_gets_in(described: BaseSchema, opened: tuple[FastAPI, World]) -> None:
    def check(case: schemathesis.Case) -> None:
        response = case.call_and_validate(checks=CHECKS)
        refused = (400, 401, 404, 405, 422)
        if (case.method, case.path) not in PUBLIC:
            assert response.status_code in refused, response.text

    assert "\n".join(faults(described, opened[1], check)) == ""
