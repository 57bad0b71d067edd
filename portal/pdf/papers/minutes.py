"""The minutes of something that was gone through and signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.pdf.papers.base import Labels, Paper


@dataclass(frozen=True)
class Fact:
    """A line at the top: what it is about, and what there is to say."""

    label: str
    text: str


@dataclass(frozen=True)
class Grid:
    """A table under its heading. none: the sentence in its place when it would be empty."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    none: str = ""


@dataclass(frozen=True, kw_only=True)
class Minutes(Paper):
    """A review or a destruction as it is kept: what was found, what was decided, who signed."""

    template: ClassVar[str] = "minutes"

    facts: Sequence[Fact]
    intro: Sequence[str]
    tables: Sequence[Grid]
    signing: str
    statement: str
    signed: str
    labels: Labels = field(default_factory=Labels)
