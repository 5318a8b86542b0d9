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
def _day(language: str, parts: str) -> icu.DateFormat:
    locale = locale_of(language)
    if parts == "long":
        return icu.DateFormat.createDateInstance(icu.DateFormat.LONG, locale)
    patterns = icu.DateTimePatternGenerator.createInstance(locale)
    return icu.SimpleDateFormat(patterns.getBestPattern(parts), locale)


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


def day(value: date, language: str = "en", parts: str = "long") -> str:
    """One day, `long` or with the parts of a CLDR skeleton (`yMMMd`), ordered by the language."""
    return _plain(str(_day(language, parts).format(_noon(value))))


def stamp(local: datetime, language: str = "en") -> str:
    """`26 Nov 2026 22:33`: an instant as the clocks of some place showed it."""
    return f"{day(local.date(), language, 'yMMMd')} {local:%H:%M}"


def number(value: float, language: str = "en") -> str:
    """A number with the language's separators."""
    return str(_numbers(language).format(value))


def zone_city(zone: str, language: str = "en") -> str:
    """The city that a time zone is named after, in the language."""
    shown = icu.SimpleDateFormat("VVV", locale_of(language))
    shown.setTimeZone(icu.TimeZone.createTimeZone(zone))
    return str(shown.format(_noon(date(2000, 1, 1))))
