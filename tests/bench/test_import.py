"""How long 15,000 people take from XLSX, against parsing the same sheet's XML and doing nothing.

Run by `make bench`; prints CPU seconds and ratios, and never fails by time.
"""

import io
import resource
import shutil
import time
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.core.db import Database
from app.participants.columns import intake
from app.participants.columns import service as columns
from app.participants.columns.schemas import ColumnIn
from app.participants.imports import preview as previews
from app.participants.imports import service as imports
from tests.participants.lists import HEADINGS, as_xlsx, people
from tests.world import OFFICER, make_world

PEOPLE = 15_000


def _bare(data: bytes) -> int:
    """The least that any reader does: inflate the parts and visit every element."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
    return sum(1 for p in parts for _ in ElementTree.iterparse(archive.open(p)))


OWN = ("hotel", "visa", "vehicle")


@pytest.mark.sqlite
@pytest.mark.parametrize("own", [0, len(OWN)])
async def test_import_of_15000_people(sqlite_template: Path, tmp_path: Path, own: int) -> None:
    """The list as it is, and with three columns of the conference's own."""
    rows = [
        [*row, *(f"{key} {n % 90}" for key in OWN[:own])] for n, row in enumerate(people(PEOPLE))
    ]
    data = as_xlsx(rows, headings=(*HEADINGS["en"], *OWN[:own]))
    shutil.copy(sqlite_template, tmp_path / "plenary.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/plenary.db")
    world = await make_world(database)
    async with database.writing() as session:
        for key in OWN[:own]:
            column = ColumnIn(key=key, label={"en": key.title()})
            await columns.create(session, OFFICER, world.conference, column)
        mine = await intake.own(session, OFFICER, world.conference)
    clock = [time.process_time()]

    def lap() -> float:
        clock.append(time.process_time())
        return clock[-1] - clock[-2]

    _bare(data)
    bare = lap()
    parsed = previews.parse(data, "list.xlsx", date(2026, 11, 4), own=mine)
    laps = {"read and understand": lap()}
    async with database.writing() as session:
        plan = await imports.plan_of(session, OFFICER, world.conference, parsed)
        laps["compare"] = lap()
        outcome = await imports.run(session, OFFICER, world.conference, plan)
    laps["store, with history and audit"] = lap()
    async with database.writing() as session:
        plan = await imports.plan_of(session, OFFICER, world.conference, parsed)
    laps["compare again, nothing new"] = lap()
    await database.close()
    assert (outcome["created"], plan.unchanged) == (PEOPLE, PEOPLE)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nimport of {PEOPLE} people, {own} own columns")
    print(f"baseline: parse the sheet's XML, {bare:.2f} s of CPU")
    for name, seconds in laps.items():
        print(f"  {name:32} {seconds:6.2f} s  {seconds / bare:5.1f} × baseline")
    print(f"  peak of this process, tests and baseline included: {peak} MB")
