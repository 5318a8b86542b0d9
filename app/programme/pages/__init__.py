"""The pages of the programme: the public's, and the desk's."""

from fastapi import APIRouter

from app.programme.pages import desk, public

router = APIRouter()
router.include_router(public.router)
router.include_router(desk.router)
