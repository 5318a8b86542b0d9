"""What the API and the forms take and show of documents and flags."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.core.errors import Invalid
from app.core.schemas import Filled, Input, Output
from app.delegations.schemas import Iso3
from app.participants.vetting.rules import ISSUERS, DocumentType
from app.states.catalogue import state


def _issuer(code: str) -> str:
    if code not in ISSUERS:
        try:
            state(code)
        except Invalid as unknown:
            raise ValueError(unknown.detail) from None
    return code


class DocumentIn(Input):
    """A person's identity document."""

    type: DocumentType
    issuing_state: Annotated[Iso3, AfterValidator(_issuer)]
    number: Annotated[Filled, StringConstraints(max_length=64)]
    expires_on: date | None = None


class DocumentOut(Output):
    """A document without its number."""

    type: DocumentType
    issuing_state: str
    masked_number: str
    expires_on: date | None


class NumberedDocument(DocumentOut):
    """A document with its number, for an officer whose look is in the audit trail."""

    number: str


class FlagOut(Output):
    """Something an officer should look at; `other` is the person it is about, if any."""

    key: str
    text: str
    other: UUID | None


class Other(Input):
    """Another person."""

    other: UUID


class ChosenAsSeen(Input):
    """People ticked in the queue, each `id@version` as the page showed them."""

    chosen: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}@[0-9]{1,9}$")]],
        Field(min_length=1, max_length=500),
    ]

    def versions(self) -> dict[UUID, int]:
        """The version that was seen, by id."""
        pairs = (text.split("@") for text in self.chosen)
        return {UUID(id): int(version) for id, version in pairs}
