"""Rows that are taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.pdf.papers.base import Labels, Paper


@dataclass(frozen=True)
class ExportLabels(Labels):
    """The head of the paper."""

    made_by: str = "Taken out by"
    made_at: str = "Taken out at"
    purpose: str = "What for"
    period: str = "From which days"
    amount: str = "How much"


@dataclass(frozen=True, kw_only=True)
class Export(Paper):
    """Rows that somebody took out. mark: across every page; proper_use: what it is not for."""

    template: ClassVar[str] = "export"

    mark: str
    warning: str
    made_by: str
    made_at: str
    purpose: str
    period: str
    amount: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    proper_use: str
    labels: ExportLabels = field(default_factory=ExportLabels)
