"""The accounting of disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.languages.marks import N_
from portal.pdf.papers.base import Labels, Paper


@dataclass(frozen=True)
class Given:
    """One disclosure, or several alike that the law allows to be told as one."""

    date: str
    person: str
    organization: str
    address: str
    what: str
    why: str
    ground: str
    until: str


@dataclass(frozen=True)
class NotGiven:
    """One request that was refused."""

    date: str
    person: str
    organization: str
    address: str
    what: str
    why: str
    reason: str


@dataclass(frozen=True)
class DisclosuresLabels(Labels):
    """The heads of both tables."""

    about: str = N_("About")
    period: str = N_("Time")
    made_for: str = N_("Made for")
    made_by: str = N_("Made by")
    made_at: str = N_("Made at")
    given: str = N_("What was shared")
    refused: str = N_("What was asked for and not shared")
    date: str = N_("When")
    who: str = N_("With whom")
    asked_by: str = N_("Who asked")
    what: str = N_("What")
    asked_for: str = N_("Asked for what")
    why: str = N_("Why")
    ground: str = N_("What allowed it")
    until: str = N_("They may see it until")
    reason: str = N_("Why not shared")
    rights: str = N_("Your rights")


@dataclass(frozen=True, kw_only=True)
class Disclosures(Paper):
    """Who has seen a student's records, for the family. The title names the law it is filtered by.

    no_given, no_refused: the sentences in place of a table that would be empty.
    """

    template: ClassVar[str] = "disclosures"

    about: str
    period: str
    made_for: str
    made_by: str
    made_at: str
    intro: Sequence[str]
    given: Sequence[Given]
    no_given: str
    refused: Sequence[NotGiven]
    no_refused: str
    rights: Sequence[str]
    labels: DisclosuresLabels = field(default_factory=DisclosuresLabels)
