"""The desk's pages of people: overview, delegations, quotas, the list and each person."""

from fastapi import APIRouter

from app.participants.pages import (
    delegations,
    overview,
    people,
    person,
    quotas,
    waiting,
)

router = APIRouter(prefix="/c/{slug}/desk")
for part in (overview, delegations, quotas, waiting, people, person):
    router.include_router(part.router)
