"""The workers that set papers with typst."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from portal.config import ROOT
from portal.errors import BadFile, Problem
from portal.workers import pool
from portal.workers.frames import MADE
from portal.workers.pool import AGAIN, Sentences

TEMPLATES = ROOT / "templates" / "pdf"


class Pool(pool.Pool):
    """A few workers for the templates of one folder; the settings are those of `workers.pool`."""

    def __init__(
        self,
        folder: Path = TEMPLATES,
        *,
        processes: int = 2,
        seconds: float = 30,
        waiting: float = 60,
        papers: int = 500,
    ) -> None:
        super().__init__(
            "portal.pdf.worker",
            SENTENCES,
            processes=processes,
            seconds=seconds,
            waiting=waiting,
            papers=papers,
        )
        self._folder = folder

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
        answer = self.answer(json.dumps(order, ensure_ascii=False).encode())
        if answer[:1] == MADE:
            return answer[1:]
        raise BadFile([_unusable(template, answer[1:].decode())])


SENTENCES = Sentences(
    late=Problem("The paper took too long to make, and was stopped.", AGAIN),
    died=Problem("The paper could not be made: the program that makes it stopped.", AGAIN),
    busy=Problem("Many papers are being made just now, and this one did not get its turn.", AGAIN),
)


def _unusable(template: str, told: str) -> Problem:
    return Problem(
        f"The template {template}.typ cannot be filled: {told.splitlines()[0]}",
        "Compare it with the shipped one, and with templates/README.md.",
        where=f"{template}.typ",
    )
