"""What stands against a template: where, what is wrong, and what to do, in a school's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from portal.errors import BadFile, Problem

AROUND = 60
"""Characters of a paragraph that are shown on either side of what is wrong."""

SPOKEN = (
    (re.compile(r".*/document\d*\.xml"), "the text"),
    (re.compile(r".*/header\d*\.xml"), "the header"),
    (re.compile(r".*/footer\d*\.xml"), "the footer"),
    (re.compile(r".*/footnotes\d*\.xml"), "the footnotes"),
    (re.compile(r".*/endnotes\d*\.xml"), "the endnotes"),
    (re.compile(r".*/comments\w*\.xml"), "the comments"),
    (re.compile(r"docProps/.*"), "the properties of the file"),
)


@dataclass(frozen=True)
class TemplateProblem:
    """One thing wrong with a template.

    part: the file inside the Word file, such as `word/header1.xml`; empty for the file itself.
    paragraph: counted from 1 within its part, those of tables and text boxes included.
    text: what stands around it.
    """

    part: str
    paragraph: int | None
    text: str
    cause: str
    fix: str

    @property
    def place(self) -> str:
        """Such as `the header, paragraph 3`; empty for the file itself."""
        if not self.part:
            return ""
        spoken = next((name for part, name in SPOKEN if part.fullmatch(self.part)), self.part)
        return f"{spoken}, paragraph {self.paragraph}" if self.paragraph else spoken

    @property
    def line(self) -> str:
        """All of it, for a person, on one line."""
        place = f"{self.place}: ".replace("the ", "The ", 1) if self.part else ""
        text = f"“{self.text}” " if self.text else ""
        return f"{place}{text}{self.cause} {self.fix}"

    def as_problem(self) -> Problem:
        """The same as a problem of a form or a file."""
        look = f" Look at “{self.text}”." if self.text else ""
        where = f"{self.place}:" if self.part else ""
        return Problem(f"{self.cause}{look}", self.fix, where=where)

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


class Unusable(Exception):
    """A template, or what it is to be filled with, has these problems: at least one."""

    def __init__(self, problems: Iterable[TemplateProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")


def of_file(cause: str, fix: str, part: str = "") -> TemplateProblem:
    """A problem of the file itself, or of one of its parts as a whole."""
    return TemplateProblem(part, None, "", cause, fix)


def bad_file(problems: Iterable[TemplateProblem]) -> BadFile:
    """The refusal that a page shows."""
    return BadFile([problem.as_problem() for problem in problems])


def around(text: str, start: int, end: int) -> str:
    """The text with what stands from start to end, cut to what a line can hold."""
    left, right = max(0, start - AROUND), min(len(text), max(end, start) + AROUND)
    if right - left > 4 * AROUND:
        right = left + 4 * AROUND
    cut = " ".join(text[left:right].split())
    return f"{'…' if left else ''}{cut}{'…' if right < len(text) else ''}"
