"""What the forms of personal links take."""

from typing import Literal

from app.core.schemas import Input
from app.participants.columns.schemas import ValuesForm
from app.participants.schemas import Email, Phone


class OwnForm(ValuesForm):
    """What people may correct of themselves, their columns besides: nothing that says who they are.

    A field more here is one more in the form; its words are the phrase `own_` and its name.
    """

    email: Email | None = None
    phone: Phone | None = None


EDITABLE = tuple(name for name in OwnForm.model_fields if name not in ValuesForm.model_fields)


class LinkForm(Input):
    """What becomes of a person's link."""

    how: Literal["show", "mail", "revoke"]
