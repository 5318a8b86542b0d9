"""The desk's pages of people: overview, delegations, quotas, the list and each person."""

from fastapi import APIRouter

from app.participants.columns import pages as columns
from app.participants.pages import (
    changes,
    correspondence,
    delegations,
    overview,
    people,
    person,
    queue,
    quotas,
    waiting,
)

router = APIRouter(prefix="/c/{slug}/desk")
PARTS = (overview, delegations, correspondence, quotas, waiting, columns, people, person, queue)
for part in PARTS:
    router.include_router(part.router)
router.include_router(changes.requests)
router.include_router(changes.router)
