"""The desk's pages of people: overview, delegations, quotas, the list and each person."""

from fastapi import APIRouter

from app.participants.pages import changes, delegations, overview, people, person, quotas

router = APIRouter(prefix="/c/{slug}/desk")
for part in (overview, delegations, quotas, people, person):
    router.include_router(part.router)
router.include_router(changes.requests)
router.include_router(changes.router)
