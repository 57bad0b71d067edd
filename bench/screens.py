"""A visit, from the click on Save until the form is empty again, against an empty page.

Run as a page runs for a person, on the server alone, with 50,000 visits stored: the browser adds
the same to both. What is told is the time of the processor, which others on the machine do not
lengthen; waiting for the disk is not in it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from bench.district import NOW, Size, fill
from portal import clock
from portal.access import actor, lists, unit_of_work
from portal.config import ROOT, settings
from portal.store.engine import make_engine
from portal.store.migrate import upgrade
from portal.vocabulary import VisitPurpose

DISTRICT = Size(students=20_000, visits=50_000, consents=2_000)
ROUNDS = 25
PATIENCE = 60
EMPTY = "import streamlit as st\nst.button('Go', key='go')\n"

Times = list[float]


def save_to_ready() -> tuple[Times, Times]:
    """Milliseconds of saving a visit, and of an empty page's rerun, taken in turn."""
    with tempfile.TemporaryDirectory() as folder, _portal(Path(folder)) as (worker, student):
        page = AppTest.from_file(ROOT / "pages" / "log_visit.py", default_timeout=PATIENCE)
        page.user = {"id": str(worker)}
        page.run()
        empty = AppTest.from_string(EMPTY, default_timeout=PATIENCE).run()
        _save(page, student), _rerun(empty)
        pairs = [(_save(page, student), _rerun(empty)) for _ in range(ROUNDS)]
    saved, rerun = ([pair[place] for pair in pairs] for place in (0, 1))
    return saved, rerun


def late(times: Times) -> float:
    """The time that 95 of 100 stay below."""
    return statistics.quantiles(times, n=20)[-1]


@contextmanager
def _portal(folder: Path) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """The portal's own engine on a district of that size, at its time: a worker, one of theirs."""
    url, now = f"sqlite:///{folder / 'portal.db'}", clock.now
    upgrade(url)
    engine = make_engine(url)
    people = fill(engine, DISTRICT)
    with engine.connect() as connection, connection.begin():
        connection.execute(text("ANALYZE"))
    engine.dispose()
    os.environ["PORTAL_DATABASE_URL"] = url
    settings.cache_clear()
    unit_of_work.engine.cache_clear()
    clock.now = lambda: NOW
    try:
        yield people.social_worker, _own_student(people.social_worker)
    finally:
        clock.now = now
        unit_of_work.engine().dispose()
        unit_of_work.engine.cache_clear()
        settings.cache_clear()
        del os.environ["PORTAL_DATABASE_URL"]


def _own_student(worker: uuid.UUID) -> uuid.UUID:
    with unit_of_work.unit_of_work() as session:
        me = actor.load(session, worker, NOW)
        assert me is not None
        return lists.my_students(session, me, NOW, most=1)[0].id


def _save(page: AppTest, student: uuid.UUID) -> float:
    """Fill the form as a person does, then the time of the click."""
    _field(page, "selectbox", "student").set_value(student)
    _field(page, "button_group", "purpose").set_value(VisitPurpose.CHECK_IN)
    _field(page, "button_group", "minutes").set_value(10)
    taken = _timed(_field(page, "button", "save").click().run)
    if page.exception or _field(page, "selectbox", "student").value is not None:
        raise RuntimeError("the visit was not saved")
    return taken


def _rerun(page: AppTest) -> float:
    return _timed(page.button[0].click().run)


def _field(page: AppTest, kind: str, name: str) -> Any:
    return next(w for w in page.get(kind) if (w.key or "").endswith(f"-{name}"))


def _timed(run: Callable[[], Any]) -> float:
    start = time.process_time()
    run()
    return (time.process_time() - start) * 1000
