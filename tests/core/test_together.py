"""What many ask for at once is done in few rounds: each answered once, and no more at a time."""

import asyncio
from collections.abc import Sequence

import pytest

from app.core.errors import AppError, NotFound
from app.core.together import Together


class Away:
    """As much of a database as rounds ask for."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite


class Rounds:
    """Work that keeps who asked together, and how many rounds were under way at once."""

    def __init__(self) -> None:
        self.done: list[list[int]] = []
        self.under_way = self.most = 0

    async def __call__(self, _: object, asked: Sequence[int]) -> list[int | AppError]:
        self.done.append(list(asked))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.002)
        self.under_way -= 1
        return [NotFound() if one % 10 == 9 else -one for one in asked]


@pytest.mark.parametrize(("is_sqlite", "at_once"), [(True, 1), (False, 2)])
async def test_each_is_answered_once_and_so_many_rounds_run_at_once(
    *, is_sqlite: bool, at_once: int
) -> None:
    work, database = Rounds(), Away(is_sqlite=is_sqlite)
    together: Together[int, int] = Together(work, rounds=2)

    async def client(first: int) -> None:
        for n in range(first, first + 20):
            try:
                assert await together(database, n) == -n  # type: ignore[arg-type]
                assert n % 10 != 9
            except NotFound:
                assert n % 10 == 9

    await asyncio.gather(*(client(20 * n) for n in range(32)))
    assert sorted(one for some in work.done for one in some) == list(range(640))
    assert work.most == at_once
    # Few rounds: those who ask at one moment share one, and two side by side share all.
    assert len(work.done) < 120


async def test_where_a_round_fails_each_is_done_alone() -> None:
    tried: list[int] = []

    async def work(_: object, asked: Sequence[int]) -> list[int | AppError]:
        tried.append(len(asked))
        if 3 in asked:
            raise ValueError("three")
        return list(asked)

    together: Together[int, int] = Together(work, rounds=2)
    database = Away(is_sqlite=False)
    asked = (together(database, n) for n in range(6))  # type: ignore[arg-type]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(one) if isinstance(one, ValueError) else one for one in found] == [
        0,
        1,
        2,
        "three",
        4,
        5,
    ]
    assert max(tried) > 1
