"""The portal's pages: the delegation at a glance, and each of its people."""

from fastapi import APIRouter

from app.portal.pages import letters, overview, person, photo

router = APIRouter(prefix="/c/{slug}/portal")
# An act of a person may be any word, so the photo is asked for first.
for part in (overview, letters, photo, person):
    router.include_router(part.router)
