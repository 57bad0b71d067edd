"""The process that reads strangers' files can do nothing else, and is replaced when it is stuck."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from portal.config import ROOT
from portal.errors import NotReady
from portal.word import desk, worker
from portal.word.desk import SENTENCES
from portal.workers.frames import FAILED, MADE
from portal.workers.pool import Pool, Worker
from tests.word.templates import AT, p, raw, template

TRIES = """
import json, os, socket, sys
from portal.workers.limits import give_up
give_up()
told = {}
for name, act in {
    "open": lambda: open("/etc/hostname"),
    "write": lambda: open("/tmp/portal-limits-test", "w").write("x"),
    "connect": lambda: socket.socket(),
    "grow": lambda: bytearray(2**31),
}.items():
    try:
        act()
        told[name] = "done"
    except (OSError, MemoryError) as error:
        told[name] = type(error).__name__
sys.stdout.write(json.dumps(told))
"""


def test_a_worker_opens_no_file_and_no_connection_and_does_not_grow():
    made = subprocess.run(
        [sys.executable, "-c", TRIES], cwd=ROOT, capture_output=True, check=True, text=True
    )

    assert json.loads(made.stdout) == {
        "open": "OSError",
        "write": "OSError",
        "connect": "OSError",
        "grow": "MemoryError",
    }


def test_a_worker_learns_nothing_of_the_portals_environment(monkeypatch):
    monkeypatch.setenv("PORTAL_SECRET_KEY", "not for a worker")
    process = Worker("portal.word.worker")
    try:
        with open(f"/proc/{process.pid}/environ", "rb") as environment:  # noqa: PTH123 (of proc)
            assert b"PORTAL_SECRET_KEY" not in environment.read()
    finally:
        process.close()


@pytest.fixture
def pool(monkeypatch):
    pool = Pool("portal.word.worker", SENTENCES, processes=1, seconds=10)
    monkeypatch.setattr(desk, "_WORKERS", pool)
    yield pool
    pool.close()


def test_a_template_that_takes_too_long_is_stopped_and_the_next_one_is_read(pool):
    desk.check(template("{{ name }}"))
    pool._seconds = 0.001
    checked = desk.check(raw(*[p("{{ name }}")] * 3000))
    pool._seconds = 10

    assert [problem.cause for problem in checked.problems] == [
        "The template took too long, and was stopped."
    ]
    assert desk.check(template("{{ name }}")).usable


def test_when_every_worker_is_busy_a_page_is_told_to_try_again(pool):
    pool._waiting = 0.01
    place = pool._places.get()

    with pytest.raises(NotReady, match="did not get its turn"):
        desk.fill(template("{{ name }}"), {"name": "x"}, at=AT)
    pool._places.put(place)


def test_a_template_is_compiled_once(monkeypatch):
    docx, compiled = template("{{ once }}"), []
    real = worker.checking.ready
    monkeypatch.setattr(
        worker.checking, "ready", lambda content: compiled.append(1) or real(content)
    )
    told = {"title": "", "author": "", "at": AT.isoformat(), "language": None}
    order = {"verb": "fill", "values": {"once": "x"}, "told": told}

    for _ in range(3):
        assert worker._answer({**order, "seconds": 0}, docx)[:1] == MADE
    assert compiled == [1]


def test_only_so_many_templates_stay_compiled():
    for number in range(worker.KEPT + 2):
        worker.ready(template(f"{{{{ a{number} }}}}"))

    assert len(worker._READY) == worker.KEPT


def test_what_nobody_foresaw_is_a_sentence_and_not_the_end_of_the_worker(monkeypatch):
    monkeypatch.setitem(worker.VERBS, "check", lambda content: 1 / 0)

    answer = worker._answer({"verb": "check", "seconds": 0}, b"")

    assert answer[:1] == FAILED
    assert json.loads(answer[1:])[0]["cause"] == "The template cannot be read."


def test_the_worker_is_the_one_that_reads_and_not_the_portal():
    code = (
        "import sys; from portal.word import desk; from tests.word.templates import template;"
        "desk.check(b'PK'); print(desk.workers().workers() != [])"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ},
        capture_output=True,
        check=True,
        text=True,
    )

    assert made.stdout == "True\n"
