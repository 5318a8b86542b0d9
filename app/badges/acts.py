"""What is done with one badge at the counter, by a word that pages and commands share."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.accounts.rules import Actor
from app.badges import cards, service
from app.badges.schemas import BindIn, LostIn, ProxyIn, RevokeIn
from app.badges.store import Choice
from app.conferences.models import Conference
from app.core.db import WriteSession
from app.core.schemas import Input, Nothing

Work = Callable[[WriteSession, Actor, Conference, int, Any], Awaitable[object]]
ACTS: dict[str, tuple[type[Input], Work]] = {
    "collect": (
        Nothing,
        lambda s, a, c, serial, _: service.collect(s, a, c, Choice(serials=(serial,))),
    ),
    "proxy": (
        ProxyIn,
        lambda s, a, c, serial, given: service.collect(
            s, a, c, Choice(serials=(serial,)), by=given.by, letter=given.letter
        ),
    ),
    "lost": (
        LostIn,
        lambda s, a, c, serial, given: cards.lost(
            s, a, c, serial, identity_check=given.identity_check
        ),
    ),
    "bind": (
        BindIn,
        lambda s, a, c, serial, given: cards.bind(s, a, c, serial, given.participant, at=given.at),
    ),
    "replace": (
        RevokeIn,
        lambda s, a, c, serial, given: service.reissue(s, a, c, serial, reason=given.reason),
    ),
    "revoke": (
        RevokeIn,
        lambda s, a, c, serial, given: service.revoke(s, a, c, serial, reason=given.reason),
    ),
}
"""What is done with one badge: what it needs to know, and who does it."""
