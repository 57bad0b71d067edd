"""The workers: they die, they hang, they end with the portal, and many threads ask at once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import ROOT
from portal.errors import BadFile, NotReady
from portal.pdf import papers, render
from portal.pdf.render import Order, render_many
from portal.pdf.worker import FONTS, fonts
from tests.pdf import samples

HEAD = '#set document(title: "T")\n= T\n'
PLAIN = HEAD + "#json(bytes(sys.inputs.values)).name"
SLOW = HEAD + "#{ for a in range(2000) { for b in range(2000) { let c = a * b } } }"
ENDLESS = SLOW.replace("2000", "90000")
META = {"title": "T"}


def told(pool, template="plain", name="Ana"):
    return pool.make(template, f'{{"name": "{name}"}}', META, 0)


def gone(pid):
    """The process has ended; one that nobody waited for counts as ended too, but is a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def until(condition, seconds=10):
    for _ in range(int(seconds / 0.05)):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_no_worker_runs_before_the_first_paper_and_one_serves_many(pool_of):
    pool = pool_of({"plain": PLAIN}, processes=2)
    before = pool.workers()
    told(pool), told(pool)

    assert before == []
    assert [worker.papers for worker in pool.workers()] == [2]


def test_a_worker_that_died_between_two_papers_is_replaced(pool_of):
    pool = pool_of({"plain": PLAIN})
    first = told(pool)
    (worker,) = pool.workers()
    os.kill(worker.pid, signal.SIGKILL)

    assert told(pool) == first
    assert [other.pid for other in pool.workers()] != [worker.pid]


def test_a_worker_that_dies_in_the_middle_of_a_paper_is_replaced(pool_of):
    pool = pool_of({"plain": PLAIN, "slow": SLOW})
    told(pool)
    (worker,) = pool.workers()

    with ThreadPoolExecutor(1) as threads:
        making = threads.submit(told, pool, "slow")
        until(pool._places.empty)
        time.sleep(0.1)
        os.kill(worker.pid, signal.SIGKILL)

    assert making.result().startswith(b"%PDF-1.7")
    assert [other.pid for other in pool.workers()] != [worker.pid]


def test_a_paper_on_which_every_worker_dies_is_given_up(pool_of, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/true")
    pool = pool_of({"plain": PLAIN})

    with pytest.raises(NotReady, match="the program that makes it stopped") as caught:
        told(pool)
    assert "Try again" in caught.value.do_next


def test_a_paper_that_takes_too_long_is_stopped_and_the_next_one_is_made(pool_of):
    pool = pool_of({"plain": PLAIN, "endless": ENDLESS}, seconds=0.5)

    with pytest.raises(NotReady, match="took too long"):
        told(pool, "endless")
    pool._seconds = 30  # a new worker needs a moment to start on a busy machine
    assert told(pool).startswith(b"%PDF")


def test_who_waits_too_long_for_a_free_worker_is_told_so(pool_of):
    pool = pool_of({"slow": SLOW}, waiting=0.1)
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(told, pool, "slow")
        until(pool._places.empty)

        with pytest.raises(NotReady, match="did not get its turn"):
            told(pool, "slow")
        assert busy.result().startswith(b"%PDF")


def test_a_worker_is_replaced_after_so_many_papers(pool_of):
    pool = pool_of({"plain": PLAIN}, papers=2)
    told(pool)
    (worker,) = pool.workers()
    told(pool)

    assert pool.workers() == []
    assert gone(worker.pid)
    assert told(pool).startswith(b"%PDF")


def test_a_template_at_fault_is_named_and_its_worker_goes_on(pool_of):
    pool = pool_of({"plain": PLAIN, "broken": "#v.missing"})

    with pytest.raises(BadFile, match=r"broken\.typ cannot be filled: error: function") as caught:
        told(pool, "broken")
    assert caught.value.problems[0].where == "broken.typ"
    assert len(pool.workers()) == 1


def test_a_font_beside_the_templates_is_found_and_the_machines_are_not(tmp_path):
    own = tmp_path / "fonts" / "own.ttf"
    own.parent.mkdir()
    shutil.copy(FONTS / "public-sans-bold.ttf", own)
    found = {font.path for font in fonts(str(tmp_path)).fonts()}
    shipped = {str(font) for font in FONTS.glob("*.ttf")}

    assert found == {None, *shipped, str(own)}  # None: inside typst


def test_the_portal_itself_does_not_load_typst():
    with a_portal("import sys, portal.pdf.papers; print('typst' in sys.modules)") as portal:
        assert portal.stdout.read() == b"False\n"


def test_many_threads_each_get_their_own_paper(pool_of):
    pool = pool_of({"plain": PLAIN}, processes=2)
    names = [f"Student {number}" for number in range(24)]
    alone = [told(pool, name=name) for name in names]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda name: told(pool, name=name), names)) == alone
    assert len(pool.workers()) <= 2


def test_a_batch_goes_on_after_a_paper_that_cannot_be_made(pool_of):
    pool = pool_of({"plain": PLAIN, "broken": "#v.missing"}, processes=2)
    orders = [an_order("broken" if number == 2 else "plain", number) for number in range(6)]

    made = list(render_many(orders, pool))

    assert [isinstance(paper, BadFile) for paper in made] == [number == 2 for number in range(6)]
    assert made[5] == render.make(orders[5], pool)


def test_a_batch_takes_only_a_few_orders_ahead(pool_of):
    pool, taken = pool_of({"plain": PLAIN}), []
    orders = (taken.append(number) or an_order("plain", number) for number in range(1000))
    batch = render_many(orders, pool)

    next(batch)
    batch.close()

    assert len(taken) <= 4


def an_order(template, number):
    return Order(template, {"name": f"Student {number}"}, "T", "A", "en", samples.AT)


def test_closing_ends_the_workers_and_a_later_paper_starts_one(pool_of):
    pool = pool_of({"plain": PLAIN})
    told(pool)
    (worker,) = pool.workers()
    pool.close()

    assert not Path(f"/proc/{worker.pid}").exists()
    assert told(pool).startswith(b"%PDF")


RENDERS = """
import sys
from portal.pdf import papers, render
from tests.pdf import samples
order = papers.order(samples.letter(), language="en", at=samples.AT)
render.make(order)
print(*(worker.pid for worker in render.workers().workers()), flush=True)
sys.stdin.read()
"""


def a_portal(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_portal(end):
    with a_portal(RENDERS) as portal:
        (pid,) = portal.stdout.readline().split()
        assert until(lambda: ends(portal, end))

    assert until(lambda: gone(int(pid)))


def ends(portal, end):
    """Python may lose one Ctrl-C between two of its own steps; whoever presses it does so again."""
    portal.send_signal(end)
    return portal.poll() is not None


HANGS = """
import pathlib, sys, threading
from portal.pdf.pool import Pool
pool = Pool(pathlib.Path(sys.argv[1]), processes=1, seconds=1)
pool.make("plain", '{"name": "Ana"}', {}, 0)
(worker,) = pool.workers()
threading.Thread(target=pool.make, args=("endless", "{}", {}, 0)).start()
while pool.workers():
    pass
print(worker.pid, flush=True)
sys.stdin.read()
"""


def test_a_worker_that_hangs_ends_although_the_portal_was_killed(pool_of, tmp_path):
    pool_of({"plain": PLAIN, "endless": ENDLESS})
    with a_portal(HANGS, str(tmp_path)) as portal:
        (pid,) = portal.stdout.readline().split()
        portal.kill()
        portal.wait(10)

    assert until(lambda: gone(int(pid)))


def test_a_paper_is_the_same_from_the_one_pool_of_the_process():
    paper = replace(samples.letter(), number="N-1")
    order = papers.order(paper, language="pt-BR", at=samples.AT)
    made = render.render(
        order.template,
        order.values,
        title=order.title,
        author=order.author,
        language=order.language,
        at=order.at,
    )

    assert render.workers() is render.workers()
    assert made == render.make(order)
    render.workers().close()


def test_a_worker_that_cannot_be_started_leaves_its_place_to_the_next(pool_of, monkeypatch):
    pool = pool_of({"plain": PLAIN}, waiting=0.1)
    with monkeypatch.context() as patch, pytest.raises(FileNotFoundError):
        patch.setattr(sys, "executable", "/nowhere/python")
        told(pool)

    assert told(pool).startswith(b"%PDF")
