"""Certificates under `/api/v1/conferences/{slug}/certificates`."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts.doors import CurrentActor
from app.conferences.doors import InConference
from app.core.paging import Page, Paged
from app.papers.certificates import service
from app.papers.certificates.schemas import CertificateOut, IssuedOut, IssueIn, RevokeIn
from app.web.doors import Reading, Writing
from app.web.idempotency import IdempotentRoute

router = APIRouter(route_class=IdempotentRoute, prefix="/conferences/{slug}", tags=["certificates"])


@router.get("/certificates", response_model=Page[CertificateOut])
async def list_certificates(
    session: Reading, actor: CurrentActor, conference: InConference, paging: Paged
) -> Page[CertificateOut]:
    """All certificates, revoked ones too, in the order of names."""
    found = await service.listed(session, actor, conference)
    return paging.of(found[paging.offset : paging.offset + paging.size], len(found))


@router.post("/certificates", status_code=201, response_model=IssuedOut)
async def issue_certificates(
    session: Writing,
    actor: CurrentActor,
    conference: InConference,
    given: IssueIn | None = None,
) -> IssuedOut:
    """Issues certificates to all who attended and have none, or to those named."""
    return await service.issue(session, actor, conference, given or IssueIn())


@router.post("/certificates/{id}/revoke", response_model=CertificateOut)
async def revoke_certificate(
    session: Writing, actor: CurrentActor, conference: InConference, id: UUID, given: RevokeIn
) -> CertificateOut:
    """Revokes a certificate."""
    return await service.revoke(session, actor, conference, id, given.reason)
