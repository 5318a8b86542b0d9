"""The application: every feature's doors behind one set of headers, errors and limits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from app import care, wiring
from app.accounts import pages as accounts_pages
from app.badges import api as badges_api
from app.badges import batch_api as prints_api
from app.badges import pages as badges_pages
from app.badges.passes import api as passes_api
from app.badges.passes import pages as passes_pages
from app.conferences import api as conferences_api
from app.conferences import pages as conferences_pages
from app.core import logs
from app.core.db import Database
from app.core.settings import settings
from app.delegations import api as delegations_api
from app.delegations import pages as delegations_pages
from app.delegations.invitations import api as invitations_api
from app.delegations.invitations import pages as invitations_pages
from app.delegations.letters import api as letters_api
from app.figures import api as figures_api
from app.figures import communique_pages
from app.figures import pages as figures_pages
from app.figures.dashboards import api as dashboards_api
from app.figures.dashboards import pages as dashboards_pages
from app.figures.editions import api as editions_api
from app.figures.editions import pages as editions_pages
from app.figures.publications import api as publications_api
from app.figures.publications import pages as publications_pages
from app.gates import api as gates_api
from app.gates import checkin_api
from app.gates import desk as gates_desk
from app.gates import live as gates_live
from app.gates import pages as gates_pages
from app.gates.quick import QuickScans
from app.gates.scanner import api as scanner_api
from app.gates.scanner import desk as scanner_desk
from app.gates.scanner import pages as scanner_pages
from app.papers import api as papers_api
from app.papers import pages as papers_pages
from app.papers import panels
from app.papers.certificates import api as certificates_api
from app.papers.certificates import pages as certificates_pages
from app.participants import api as participants_api
from app.participants import change_api as changes_api
from app.participants import pages as participants_pages
from app.participants import waiting_api
from app.participants.columns import api as columns_api
from app.participants.earlier import api as earlier_api
from app.participants.imports import api as imports_api
from app.participants.imports import pages as imports_pages
from app.participants.links import pages as links_pages
from app.participants.vetting import api as vetting_api
from app.portal import pages as portal_pages
from app.programme import api as programme_api
from app.programme import pages as programme_pages
from app.programme.seats import api as seats_api
from app.quotas import api as quotas_api
from app.receptions import api as receptions_api
from app.receptions import pages as receptions_pages
from app.web import problems
from app.web.assets import serve_static
from app.web.security import AccessLog, BodyLimit, CrossSiteGuard, LastResort, SecurityHeaders
from app.worker import work

API = (
    # The first two: routes are tried one by one, and these are asked thousands of times at once.
    checkin_api,
    participants_api,
    conferences_api,
    delegations_api,
    invitations_api,
    letters_api,
    quotas_api,
    waiting_api,
    vetting_api,
    columns_api,
    earlier_api,
    changes_api,
    imports_api,
    figures_api,
    dashboards_api,
    publications_api,
    editions_api,
    papers_api,
    certificates_api,
    programme_api,
    seats_api,
    receptions_api,
    prints_api,
    badges_api,
    passes_api,
    gates_api,
    scanner_api,
)
PAGES = (
    accounts_pages,
    conferences_pages,
    delegations_pages,
    invitations_pages,
    imports_pages,
    links_pages,
    participants_pages,
    figures_pages,
    dashboards_pages,
    communique_pages,
    publications_pages,
    editions_pages,
    papers_pages,
    certificates_pages,
    programme_pages,
    receptions_pages,
    badges_pages,
    passes_pages,
    gates_pages,
    gates_live,
    gates_desk,
    scanner_desk,
    scanner_pages,
    portal_pages,
)


class Plenary(FastAPI):
    """The application; scans are answered before the framework sees them."""

    def build_middleware_stack(self) -> ASGIApp:
        """What every request meets first, outermost first."""
        return AccessLog(SecurityHeaders(QuickScans(super().build_middleware_stack())))


def create_app(database: Database | None = None, *, worker: bool = False) -> FastAPI:
    """The application over a database; with `worker`, jobs are done in this process too."""
    logs.configure()
    wiring.connect()
    panels.connect()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = database or Database(settings().database_url)
        task = asyncio.create_task(work(app.state.database)) if worker else None
        yield
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if database is None:
            await app.state.database.close()

    app = Plenary(
        title="Plenary",
        version="1",
        description="Delegations, participants, programme, badges, gates and figures.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        # What it would tell of a request has the path with people's ids; our log and /metrics have
        # the template.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    api = APIRouter(prefix="/api/v1")
    for feature in API:
        api.include_router(feature.router)
    app.include_router(api)
    app.include_router(care.router)
    for feature in PAGES:
        app.include_router(feature.router, include_in_schema=False)
    problems.install(app)
    problems.describe(app)
    app.mount("/static", serve_static)
    if settings().trusted_hosts != ["*"]:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings().trusted_hosts)
    # Added innermost first.
    app.add_middleware(BodyLimit)
    app.add_middleware(CrossSiteGuard)
    app.add_middleware(LastResort, answer=problems.unexpected)
    return app


def factory() -> FastAPI:
    """What the server imports: on SQLite the worker runs inside."""
    return create_app(worker=settings().database.get_backend_name() == "sqlite")
