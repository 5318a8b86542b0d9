"""Commands of the house: serve, worker, db, check, accounts, tokens, devices, audit."""

import asyncio
import contextlib
from typing import Annotated

import typer

from app.accounts.rules import INSTALLATION, Role
from app.cli.running import columns, run, say, write
from app.core.db import Database
from app.core.errors import Clash
from app.core.settings import settings

db = typer.Typer(no_args_is_help=True, help="The database.")
account = typer.Typer(no_args_is_help=True, help="Accounts.")
token = typer.Typer(no_args_is_help=True, help="API tokens.")
device = typer.Typer(no_args_is_help=True, help="Scanners.")
audit = typer.Typer(no_args_is_help=True, help="The audit trail.")


def add_to(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command()(serve)
    app.command()(worker)
    app.command()(check)
    for name, group in (
        ("db", db),
        ("account", account),
        ("token", token),
        ("device", device),
        ("audit", audit),
    ):
        app.add_typer(group, name=name)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
) -> None:
    """Serves; on SQLite the worker runs inside, and there is one process."""
    import uvicorn

    if settings().database.get_backend_name() == "sqlite" and workers > 1:
        raise Clash("SQLite has one writer: serve with one worker, or move to PostgreSQL.")
    uvicorn.run(
        "app.main:factory",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,  # streams of live counts end no sooner by themselves
    )


def worker() -> None:
    """Sends mails and does jobs until it is stopped."""
    from app import wiring
    from app.worker import work

    wiring.connect()
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        run(work)


@db.command()
def upgrade() -> None:
    """Brings the database to the present schema."""
    from app.core import migrate

    asyncio.run(migrate.upgrade(settings().database_url))
    say(f"The database is at revision {migrate.newest()}.")


def check() -> None:
    """Diagnoses settings, database, fonts, keys and clock."""
    from app.diagnosis import diagnose

    found = run(diagnose)
    write(columns([("what", "state", "detail"), *found]), None)
    if any(state == "broken" for _, state, _ in found):
        raise Clash("Something is broken; see the table.")


@account.command("add")
def account_add(
    email: str,
    role: Annotated[Role, typer.Option()],
    conference: Annotated[str | None, typer.Option(help="Slug.")] = None,
    delegation: Annotated[str | None, typer.Option(help="Code, for a focal point.")] = None,
    name: Annotated[str | None, typer.Option(help="Printed name.")] = None,
) -> None:
    """Adds an account or one more role of it; a new account's password is printed once."""
    import secrets

    from app.accounts import service, store
    from app.cli.scope import scope

    async def work(database: Database) -> str | None:
        async with database.writing() as session:
            place = await scope(session, conference, delegation)
            known = await store.user_by_email(session, service.fold_email(email))
            password = None if known else secrets.token_urlsafe(15)
            await service.add_account(
                session,
                INSTALLATION,
                email=email,
                name=name or email.split("@", maxsplit=1)[0],
                role=role,
                conference_id=place.conference_id,
                delegation_id=place.delegation_id,
                password=password,
            )
        return password

    password = run(work)
    if password:
        write(password, None)
    say(f"{email} is {role.value.replace('_', ' ')}.")


@token.command("create")
def token_create(
    role: Annotated[Role, typer.Option()],
    conference: Annotated[str | None, typer.Option(help="Slug.")] = None,
    delegation: Annotated[str | None, typer.Option(help="Code, for a focal point.")] = None,
    name: Annotated[str, typer.Option()] = "script",
) -> None:
    """Makes an API token; it is printed this once, alone on its line."""
    from app.accounts import service
    from app.cli.scope import scope

    async def work(database: Database) -> str:
        async with database.writing() as session:
            place = await scope(session, conference, delegation)
            return await service.create_token(
                session,
                INSTALLATION,
                name=name,
                role=role,
                conference_id=place.conference_id,
                delegation_id=place.delegation_id,
            )

    write(run(work), None)


@device.command("token")
def device_token(slug: str, gate: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Makes a scanner's token for a gate; it is printed this once."""
    from app.conferences import service as conferences
    from app.gates import service as gates

    async def work(database: Database) -> str:
        async with database.writing() as session:
            conference = await conferences.conference(session, slug)
            return await gates.pair(session, INSTALLATION, conference, gate)

    write(run(work), None)


@device.command("pair")
def device_pair(slug: str, gate: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Makes a one-time code that pairs the scanner page with a gate, good for 15 minutes."""
    from app.conferences import service as conferences
    from app.gates import service as gates
    from app.gates.scanner import service as scanner

    async def work(database: Database) -> str:
        async with database.writing() as session:
            conference = await conferences.conference(session, slug)
            found = await gates.find(session, conference, gate)
            return (await scanner.offer(session, INSTALLATION, conference, found.id))[0]

    write(run(work), None)


@audit.command("verify")
def audit_verify() -> None:
    """Checks every link of the audit trail; what is wrong is named."""
    from app.accounts import audit as trail

    async def work(database: Database) -> list[str]:
        async with database.reading() as session:
            return await trail.verify(session, trail.checkpoints())

    faults = run(work)
    for fault in faults:
        say(fault)
    if faults:
        raise Clash("The audit trail does not hold.")
    write("The audit trail holds.", None)
