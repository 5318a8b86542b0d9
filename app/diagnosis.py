"""What `plenary check` looks at: settings, database, fonts, keys and clock."""

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from PIL import ImageFont
from sqlalchemy import text

from app.core import heartbeat, migrate
from app.core.db import Database
from app.core.documents import font_folders
from app.core.errors import AppError
from app.core.keys import keyring
from app.core.settings import settings

Finding = tuple[str, str, str]
"""What was looked at; `ok`, `warning` or `broken`; and in words."""

OK, WARNING, BROKEN = "ok", "warning", "broken"

SAMPLES = {
    "Latin": "AzÉñőŞłħ’–",
    "Cyrillic": "АяЁїҚӣ",
    "Arabic": "ابجةىءپگ",
    "Chinese": "中华人民会议",
    "Thai": "กขฮะ฿",
}
_SKEW_SECONDS = 2.0


async def diagnose(database: Database) -> list[Finding]:
    """Every finding; a part that fails is `broken` and does not hide the others."""
    checks: list[tuple[str, Callable[[Database], Awaitable[list[Finding]]]]] = [
        ("settings", _settings),
        ("database", _database),
        ("schema", _schema),
        ("clock", _clock),
        ("keys", _keys),
        ("fonts", _fonts),
    ]
    found: list[Finding] = []
    for name, check in checks:
        try:
            found += await check(database)
        except AppError as error:
            found.append((name, BROKEN, error.detail))
        except Exception as error:  # whatever fails here is what was to be found
            found.append((name, BROKEN, f"{type(error).__name__} while looking"))
    return found


async def _settings(_: Database) -> list[Finding]:
    chosen = settings()
    address = chosen.database.render_as_string(hide_password=True)
    found: list[Finding] = [("settings", OK, f"database {address}, data in {chosen.data_dir}")]
    if not chosen.secure:
        found.append(("base address", WARNING, f"{chosen.base_url} has no HTTPS; gates need it"))
    if chosen.trusted_hosts == ["*"] and chosen.secure:
        found.append(("trusted hosts", WARNING, "any Host header is answered"))
    if chosen.smtp_url is None:
        found.append(("mail", WARNING, "no SMTP: mails are kept and shown on the outbox page"))
    return found


async def _database(database: Database) -> list[Finding]:
    async with database.writing() as session:
        await heartbeat.beat(session)
        if database.is_sqlite:
            wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
            version = str((await session.execute(text("SELECT sqlite_version()"))).scalar_one())
            actual = {
                name: str((await session.execute(text(f"PRAGMA {name}"))).scalar_one())
                for name in wanted
            }
            name = f"SQLite {version}"
        else:
            wanted = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
            version = str((await session.execute(text("SHOW server_version"))).scalar_one())
            actual = {
                name: str((await session.execute(text(f"SHOW {name}"))).scalar_one())
                for name in wanted
            }
            name = f"PostgreSQL {version}"
    found: list[Finding] = [("database", OK, f"{name} takes writes")]
    found += [
        (f"database {name}", OK if value == wanted[name] else BROKEN, value)
        for name, value in actual.items()
    ]
    return found


async def _schema(database: Database) -> list[Finding]:
    found, wanted = await migrate.current(database), migrate.newest()
    if found != wanted:
        advice = f"at {found or 'none'}, this code expects {wanted}; run plenary db upgrade"
        return [("schema", BROKEN, advice)]
    return [("schema", OK, f"at revision {found}")]


async def _clock(database: Database) -> list[Finding]:
    query = (
        "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"
        if database.is_sqlite
        else "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
    )
    async with database.reading() as session:
        theirs = (await session.execute(text(query))).scalar_one()
    skew = abs(
        (datetime.now(UTC) - datetime.fromisoformat(theirs).replace(tzinfo=UTC)).total_seconds()
    )
    detail = f"{skew:.1f} s between this machine and the database"
    return [("clock", OK if skew < _SKEW_SECONDS else WARNING, detail)]


async def _keys(_: Database) -> list[Finding]:
    folder = settings().data_dir / "keys"
    ring = await asyncio.to_thread(keyring)
    ring.open("check", "check", ring.seal("check", "check", b"check"))
    loose = [
        path.name
        for path in (folder, *folder.iterdir())
        if stat.S_IMODE(path.stat().st_mode) & 0o077 or path.stat().st_uid != os.geteuid()
    ]
    if loose:
        names = ", ".join(sorted(loose)[:5])
        return [("keys", BROKEN, f"others may read {names} in {folder}; chmod 600, the folder 700")]
    return [("keys", OK, f"{folder} is readable by this account alone")]


async def _fonts(_: Database) -> list[Finding]:
    return await asyncio.to_thread(_glyphs)


def _glyphs() -> list[Finding]:
    """A glyph for every sample character, in one font at least."""
    missing = {script: set(sample) for script, sample in SAMPLES.items()}
    files = sorted(
        (
            path
            for folder in font_folders()
            for path in Path(folder).rglob("*")
            if path.suffix in {".ttf", ".otf", ".ttc"}
        ),
        key=lambda path: path.stat().st_size,
    )
    for path in files:
        if not any(missing.values()):
            break
        font = ImageFont.truetype(path, 16)
        blank = _picture(font, "\uffff")
        for wanted in missing.values():
            wanted -= {sign for sign in wanted if _picture(font, sign) != blank}
    return [
        (f"font {script}", BROKEN, f"no glyph for {' '.join(sorted(wanted))}")
        if wanted
        else (f"font {script}", OK, f"a glyph for each of {SAMPLES[script]}")
        for script, wanted in missing.items()
    ]


def _picture(font: ImageFont.FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return mask.size, bytes(mask)
