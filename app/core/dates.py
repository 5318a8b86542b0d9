"""Days, spans and numbers as a language writes them, by ICU."""

from datetime import UTC, date, datetime, time
from functools import lru_cache

import icu

from app.core.text import locale_of

# Every formatter works on noon UTC of the day meant, so that no zone can move it.
icu.TimeZone.setDefault(icu.TimeZone.getGMT())


@lru_cache(maxsize=64)
def _span(language: str) -> icu.DateIntervalFormat:
    return icu.DateIntervalFormat.createInstance("yMMMMd", locale_of(language))


@lru_cache(maxsize=64)
def _day(language: str, pattern: str) -> icu.DateFormat:
    if pattern == "long":
        return icu.DateFormat.createDateInstance(icu.DateFormat.LONG, locale_of(language))
    return icu.SimpleDateFormat(pattern, locale_of(language))


@lru_cache(maxsize=16)
def _numbers(language: str) -> icu.NumberFormat:
    return icu.NumberFormat.createInstance(locale_of(language))


def _noon(day: date) -> float:
    return datetime.combine(day, time(12), UTC).timestamp()


def _plain(text: str) -> str:
    # CLDR sets thin spaces round dashes and before "г."; not every font has them.
    return text.replace("\u2009", " ").replace("\u202f", "\u00a0")


def span(starts: date, ends: date, language: str = "en") -> str:
    """`4–5 November 2024`: two days as the language writes them, no part said twice."""
    interval = icu.DateInterval(_noon(starts), _noon(ends))
    return _plain(str(_span(language).format(interval)))


def day(value: date, language: str = "en", pattern: str = "long") -> str:
    """One day, `long` or in a pattern of CLDR."""
    return _plain(str(_day(language, pattern).format(_noon(value))))


def number(value: float, language: str = "en") -> str:
    """A number with the language's separators."""
    return str(_numbers(language).format(value))


def zone_city(zone: str, language: str = "en") -> str:
    """The city that a time zone is named after, in the language."""
    shown = icu.SimpleDateFormat("VVV", locale_of(language))
    shown.setTimeZone(icu.TimeZone.createTimeZone(zone))
    return str(shown.format(_noon(date(2000, 1, 1))))
