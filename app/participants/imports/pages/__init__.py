"""The desk's import: choose a file, match its columns, look at the result, confirm."""

from fastapi import APIRouter

from app.participants.imports.pages import files, outcome

router = APIRouter()
for part in (files, outcome):
    router.include_router(part.router)
