"""Mail: a row of the outbox, sent by the worker, or kept and shown where no SMTP is set."""

import asyncio
import json
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

from app.core import clock
from app.core.db import Database, WriteSession
from app.core.outbox import enqueue
from app.core.settings import settings
from app.core.text import clean, message

KIND = "mail"


def write(
    session: WriteSession,
    *,
    to: str,
    subject: str,
    text: str,
    conference_id: UUID | None = None,
) -> None:
    """Writes a mail in the transaction of the change that causes it; plain text, one addressee."""
    enqueue(
        session,
        KIND,
        {"to": clean(to), "subject": clean(subject), "text": text, "key": uuid4().hex},
        conference_id=conference_id,
    )


# A mail program makes an address of what looks like one, so names are parted where it would.
_LINKED = re.compile(r"(?<=\w)(://|\.(?=[^\W\d_]))|(?<=\w)@(?=\w)")


def inert(name: str) -> str:
    """A name as mails say it: one line, and nothing that a mail program turns into a link."""
    return _LINKED.sub(lambda found: f"{found[0][0]} {found[0][1:]}".rstrip() + " ", clean(name))


class Templates:
    """Subject and text of mails by kind and language, in ICU message syntax: data, not code."""

    def __init__(self, texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        self._texts = texts

    def compose(
        self,
        kind: str,
        language: str,
        *,
        names: Mapping[str, str | Sequence[str]],
        ours: Mapping[str, str | int],
    ) -> tuple[str, str]:
        """Subject and text in a language, else in English. `KeyError` for an unknown kind.

        `names` are what others wrote, several one below the other; `ours` are links, dates and
        officers' words.
        """
        known = self._texts[kind]
        language = language if language in known else "en"
        values: dict[str, str | int] = {
            key: value if isinstance(value, int) else clean(value) for key, value in ours.items()
        }
        for key, name in names.items():
            several = [] if isinstance(name, str) else [f"– {inert(one)}" for one in name]
            values[key] = inert(name) if isinstance(name, str) else "\n".join(several)
        template = known[language]
        return (
            message(template["subject"], language, values),
            message(template["text"], language, values),
        )


def templates(path: Path) -> Templates:
    """The templates of a feature, from the JSON file beside it."""
    return Templates(json.loads(path.read_text(encoding="utf-8")))


def _send(address: str, message: EmailMessage) -> None:
    url = urlsplit(address)
    host, port = url.hostname or "localhost", url.port or 0
    # The default context of the library believes any certificate.
    trust = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, port, timeout=20, context=trust)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=20)
    ) as server:
        if url.scheme == "smtp+starttls":
            server.starttls(context=trust)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


async def send(_: Database, payload: dict[str, object]) -> None:
    """Sends one mail of the outbox."""
    address = settings().smtp_url
    assert address is not None
    message = EmailMessage()
    host = urlsplit(settings().base_url).hostname or "localhost"
    message["From"] = f"Plenary <no-reply@{host}>"
    message["To"] = str(payload["to"])
    message["Subject"] = str(payload["subject"])
    message["Date"] = format_datetime(clock.now())
    # The same at every attempt: a mailbox then shows a mail sent twice once.
    message["Message-ID"] = f"<{payload['key']}@{host}>"
    message.set_content(str(payload["text"]))
    await asyncio.to_thread(_send, address.get_secret_value(), message)


def install() -> None:
    """Lets the worker send mail, where SMTP is set; otherwise mails stay in the outbox."""
    from app.core import jobs  # with its logs, of no use to who only writes a mail

    if settings().smtp_url is not None:
        jobs.handles(KIND, send)
