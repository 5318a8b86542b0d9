"""Versions of things people edit, as `ETag` and `If-Match`."""

from typing import Annotated

from fastapi import Header

from app.core.errors import Invalid

IfMatch = Annotated[str | None, Header(max_length=64)]


def version_of(if_match: str | None) -> int | None:
    """The version that an `If-Match` names; none where there is no header or it is `*`."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("If-Match must repeat the ETag that was read.")
    return int(text)
