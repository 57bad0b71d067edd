"""The worker processes: started when first needed, one paper each at a time, replaced when stuck.

Safe to call from many threads. A worker ends by itself when the portal does, however it ends.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from portal.config import ROOT
from portal.errors import BadFile, NotReady, Problem
from portal.pdf.frames import MADE, receive, send

TEMPLATES = ROOT / "templates" / "pdf"


class Died(Exception):
    """The process ended, or was ended, before it answered."""


class Worker:
    """One process. Not for two threads at once: the pool sees to that."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "portal.pdf.worker"],
            cwd=ROOT,
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
    """A few workers.

    seconds: for one paper; waiting: for a free worker; papers: after so many a worker is replaced.
    """

    def __init__(
        self,
        folder: Path = TEMPLATES,
        *,
        processes: int = 2,
        seconds: float = 30,
        waiting: float = 60,
        papers: int = 500,
    ) -> None:
        self.processes = processes
        self._folder, self._seconds, self._waiting, self._papers = folder, seconds, waiting, papers
        self._places: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(processes):
            self._places.put(None)

    def make(self, template: str, values: str, meta: Mapping[str, str], timestamp: int) -> bytes:
        """The PDF; NotReady when no worker could make it in time, BadFile when typst refuses."""
        order = {
            "folder": str(self._folder),
            "template": template,
            "values": values,
            "meta": json.dumps(meta),
            "timestamp": timestamp,
            "seconds": self._seconds + 1,
        }
        answer = self._answer(json.dumps(order, ensure_ascii=False).encode())
        if answer[:1] == MADE:
            return answer[1:]
        raise BadFile([_unusable(template, answer[1:].decode())])

    def _answer(self, order: bytes) -> bytes:
        """From a worker; a second one is asked when the first dies, which may not be our doing."""
        with contextlib.suppress(Died):
            return self._asked(order)
        try:
            return self._asked(order)
        except Died:
            raise NotReady([DIED]) from None

    def _asked(self, order: bytes) -> bytes:
        try:
            worker = self._places.get(timeout=self._waiting)
        except queue.Empty:
            raise NotReady([BUSY]) from None
        sound = False
        try:
            worker = worker or Worker()
            answer = worker.ask(order, self._seconds)
            sound = worker.papers < self._papers
        except TimeoutError:
            raise NotReady([LATE]) from None
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
LATE = Problem("The paper took too long to make, and was stopped.", AGAIN)
DIED = Problem("The paper could not be made: the program that makes it stopped.", AGAIN)
BUSY = Problem("Many papers are being made just now, and this one did not get its turn.", AGAIN)


def _unusable(template: str, told: str) -> Problem:
    return Problem(
        f"The template {template}.typ cannot be filled: {told.splitlines()[0]}",
        "Compare it with the shipped one, and with templates/README.md.",
        where=f"{template}.typ",
    )
