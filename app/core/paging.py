"""Lists in pages: `{"count", "next", "previous", "results"}`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel

Item = TypeVar("Item")
DEFAULT_SIZE, LARGEST_SIZE = 50, 500


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next` and `previous` are addresses without a host."""

    count: int
    next: str | None
    previous: str | None
    results: list[Item]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Item]):
    """One page of a list, as HTML shows it: the same, with its number and how many there are."""

    results: Sequence[Item]
    count: int
    number: int
    pages: int
    next: str | None
    previous: str | None


class Paging:
    """Which page is asked for, and the addresses of its neighbours."""

    def __init__(
        self,
        request: Request,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        page_size: Annotated[int, Query(ge=1, le=LARGEST_SIZE)] = DEFAULT_SIZE,
    ) -> None:
        self.number = page
        self.size = page_size
        self._url = request.url

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size

    def _address(self, number: int) -> str:
        url = self._url.include_query_params(page=number)
        return f"{url.path}?{url.query}"

    def next(self, count: int) -> str | None:
        """The address of the next page, or nothing after the last."""
        return self._address(self.number + 1) if self.offset + self.size < count else None

    def previous(self) -> str | None:
        """The address of the previous page, or nothing before the first."""
        return self._address(self.number - 1) if self.number > 1 else None

    def of(self, results: Sequence[Item], count: int) -> Page[Item]:
        """The page as the API sends it."""
        return Page(
            count=count,
            next=self.next(count),
            previous=self.previous(),
            results=list(results),
        )

    def sheet(self, results: Sequence[Item], count: int) -> Sheet[Item]:
        """The page as HTML shows it."""
        pages = max(1, -(-count // self.size))
        return Sheet(results, count, self.number, pages, self.next(count), self.previous())


Paged = Annotated[Paging, Depends()]
