"""The answer to a request to amend a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.languages.marks import N_
from portal.pdf.papers.base import Labels, Paper


@dataclass(frozen=True)
class ReplySection:
    """A part of the answer under its heading."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class ReplyTable:
    """A table below the sections: each row is a line of texts, the first its heading.

    depths: how far each row is set in, "0" for a whole and "1" for its part (a template takes no
    numbers); empty, where none is.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    depths: Sequence[str] = ()


@dataclass(frozen=True)
class ReplyLabels(Labels):
    """An answer needs few."""

    phone: str = N_("Phone")


@dataclass(frozen=True, kw_only=True)
class Reply(Paper):
    """A letter that answers what somebody asked for, in sections."""

    template: ClassVar[str] = "reply"

    address: str
    phone: str
    to: str
    date: str
    greeting: str
    sections: Sequence[ReplySection]
    tables: Sequence[ReplyTable] = ()
    closing: str
    signed_by: str
    signed_title: str
    labels: ReplyLabels = field(default_factory=ReplyLabels)
