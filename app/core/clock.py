"""The one clock. Instants are aware UTC; a conference's local time is a view of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.errors import Invalid

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present instant, UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Holds the clock at one instant, for loaders of the past and for tests."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def local_to_utc(local: datetime, zone: str) -> datetime:
    """A conference's wall-clock time (no zone) as an instant."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def utc_to_local(instant: datetime, zone: str) -> datetime:
    """An instant as the conference's clocks showed it, aware in `zone`."""
    return instant.astimezone(ZoneInfo(zone))


def told(instant: datetime, zone: str) -> str:
    """An instant in words, by the conference's clocks."""
    local = utc_to_local(instant, zone)
    return f"{local.day} {local:%B %Y at %H:%M} ({zone})"


def day_end(day: date, zone: str) -> datetime:
    """The midnight that ends a local day: all instants before it belong to the day or earlier."""
    return local_to_utc(datetime.combine(day + timedelta(days=1), time()), zone)


def parse_instant(text: str, zone: str) -> datetime:
    """`2024-11-05` (to the end of that local day), a local `2024-11-05T17:00` or one with offset.

    A bare date gives the last microsecond before the next local midnight, so that "up to and
    including" comparisons count the whole day. Raises `Invalid`.
    """
    try:
        if len(text) == 10:
            return day_end(date.fromisoformat(text), zone) - timedelta(microseconds=1)
        # A "+" in an address that was not percent-encoded arrives as a space.
        instant = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return instant.astimezone(UTC) if instant.tzinfo else local_to_utc(instant, zone)
    except (ValueError, OverflowError):
        raise Invalid(
            f"“{text[:40]}” is no date or instant; write 2024-11-05 or 2024-11-05T17:00+03:00."
        ) from None
