"""Days and stamps in the order and with the marks of each language."""

from datetime import UTC, date, datetime

import pytest

from app.core import dates

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "26 Nov 2026"),
        ("fr", "26 nov. 2026"),
        ("es", "26 nov 2026"),
        ("ru", "26 нояб. 2026\u00a0г."),
        ("ar", "26 نوفمبر 2026"),
        ("zh", "2026年11月26日"),
    ],
)
def test_a_short_day_is_written_as_the_language_writes_it(language: str, said: str) -> None:
    assert dates.day(DAY, language, "yMMMd") == said
    assert dates.stamp(datetime(2026, 11, 26, 22, 33, tzinfo=UTC), language) == f"{said} 22:33"


def test_the_parts_asked_for_and_no_others() -> None:
    assert dates.day(DAY, "en", "EEEEMMMMd") == "Thursday 26 November"
    assert dates.day(DAY, "zh", "EEEEMMMMd") == "11月26日星期四"
    assert dates.day(DAY, "en", "MMMd") == "26 Nov"
