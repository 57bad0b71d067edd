"""The worker processes: started when first needed, one order each at a time, replaced when stuck.

Safe to call from many threads. A worker ends by itself when the portal does, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass

from portal.config import ROOT
from portal.errors import NotReady, Problem
from portal.workers.frames import receive, send

HANDED_DOWN = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
"""All that a worker learns of the portal's environment: no key, no address of a database."""


@dataclass(frozen=True)
class Sentences:
    """What is said when an order took too long, its worker stopped, or none was free."""

    late: Problem
    died: Problem
    busy: Problem


class Died(Exception):
    """The process ended, or was ended, before it answered."""


class Worker:
    """One process that runs a module. Not for two threads at once: the pool sees to that."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 (our own modules)
            [sys.executable, "-m", module],
            cwd=ROOT,
            env={name: os.environ[name] for name in HANDED_DOWN if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a panic may quote a name
            start_new_session=True,  # Ctrl-C is for the portal, which then closes the pipe
        )
        self.papers = 0

    @property
    def pid(self) -> int:
        """The process, for those who watch it."""
        return self._process.pid

    def ask(self, order: bytes, seconds: float) -> bytes:
        """The answer; Died, or TimeoutError when it took too long, and then the process is gone."""
        late = threading.Event()
        timer = threading.Timer(seconds, self._stop, [late])
        timer.daemon = True
        timer.start()
        try:
            answer = self._exchange(order)
        finally:
            timer.cancel()
        self.papers += 1
        if answer is not None:
            return answer
        raise TimeoutError if late.is_set() else Died

    def _exchange(self, order: bytes) -> bytes | None:
        assert self._process.stdin and self._process.stdout  # noqa: S101 (both are pipes)
        try:
            send(self._process.stdin, order)
            return receive(self._process.stdout)
        except (OSError, ValueError):  # it died while it was being written to
            return None

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def close(self, seconds: float = 0) -> None:
        """End it, and wait until it has ended; it gets so many seconds to do so by itself."""
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Pool:
    """A few workers of one kind.

    module: what they run. seconds: for one order; waiting: for a free worker; papers: after so
    many orders a worker is replaced.
    """

    def __init__(
        self,
        module: str,
        sentences: Sentences,
        *,
        processes: int = 2,
        seconds: float = 30,
        waiting: float = 60,
        papers: int = 500,
    ) -> None:
        self.processes = processes
        self._module, self._sentences = module, sentences
        self._seconds, self._waiting, self._papers = seconds, waiting, papers
        self._places: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(processes):
            self._places.put(None)

    def answer(self, order: bytes) -> bytes:
        """From a worker; a second one is asked when the first dies, which may not be our doing.

        Raises NotReady when there was none in time.
        """
        with contextlib.suppress(Died):
            return self._asked(order)
        try:
            return self._asked(order)
        except Died:
            raise NotReady([self._sentences.died]) from None

    def _asked(self, order: bytes) -> bytes:
        try:
            worker = self._places.get(timeout=self._waiting)
        except queue.Empty:
            raise NotReady([self._sentences.busy]) from None
        sound = False
        try:
            worker = worker or Worker(self._module)
            answer = worker.ask(order, self._seconds)
            sound = worker.papers < self._papers
        except TimeoutError:
            raise NotReady([self._sentences.late]) from None
        finally:  # after an interruption half an answer may be in the pipe
            if worker is not None and not sound:
                worker.close()
            self._places.put(worker if sound else None)
        return answer

    def workers(self) -> list[Worker]:
        """Those that run and are free."""
        return [place for place in list(self._places.queue) if place is not None]

    def close(self) -> None:
        """End the workers that are free; one that is busy ends when the portal does."""
        for place in self._free():
            if place is not None:
                place.close(seconds=2)
            self._places.put(None)

    def _free(self) -> list[Worker | None]:
        taken: list[Worker | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                taken.append(self._places.get_nowait())
        return taken


AGAIN = "Try again in a minute. If it happens again, tell whoever looks after the portal."
