"""A student's record, printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.pdf.papers.base import Labels, Paper
from portal.pdf.papers.consent import Notice


@dataclass(frozen=True)
class Quote:
    """A strength, and in whose words."""

    text: str
    source: str


@dataclass(frozen=True)
class InPlace:
    """A service in place, or one that ended."""

    service: str
    provider: str
    tier: str
    since: str
    until: str


@dataclass(frozen=True)
class NeedStands:
    """A need, and how it stands."""

    need: str
    tier: str
    since: str
    support: str
    stands: str


@dataclass(frozen=True)
class Entry:
    """One item of the record. mark: such as (RESTRICTED); statement: of disagreement."""

    date: str
    kind: str
    what: str
    who: str
    text: str = ""
    mark: str = ""
    statement: str = ""


@dataclass(frozen=True)
class RecordLabels(Labels):
    """The heads of the tables."""

    about: str = "About"
    school: str = "School and grade"
    purpose: str = "Printed for"
    basis: str = "On which basis"
    made_by: str = "Printed by"
    made_at: str = "Printed at"
    strengths: str = "Strengths"
    services: str = "Services"
    service: str = "Service"
    provider: str = "From whom"
    tier: str = "Tier"
    since: str = "Since"
    until: str = "Until"
    needs: str = "Needs"
    need: str = "Need"
    support: str = "Support"
    stands: str = "How it stands"
    entries: str = "What is on record"
    date: str = "When"
    what: str = "What"
    who: str = "Who"
    closed: str = "Not on this paper"
    notices: str = "Notices that go along"
    none: str = "No record found."


@dataclass(frozen=True, kw_only=True)
class Record(Paper):
    """What of a student's record is open to whoever prints it. warning: not to pass it on.

    mark: who and when, across every page. period: from when on entries are printed. closed:
    which kinds are not, and why.
    """

    template: ClassVar[str] = "record"

    mark: str
    warning: str
    about: str
    school: str
    purpose: str
    basis: str
    made_by: str
    made_at: str
    period: str
    strengths: Sequence[Quote]
    services: Sequence[InPlace]
    needs: Sequence[NeedStands]
    entries: Sequence[Entry]
    closed: Sequence[str]
    notices: Sequence[Notice] = ()
    labels: RecordLabels = field(default_factory=RecordLabels)
