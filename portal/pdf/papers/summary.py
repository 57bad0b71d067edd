"""The summary that a family takes home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.languages.marks import N_
from portal.pdf.papers.base import Labels, Paper
from portal.pdf.papers.record import Quote


@dataclass(frozen=True)
class HelpInPlace:
    """A service in plain words."""

    what: str
    who: str
    when: str


@dataclass(frozen=True)
class SummaryLabels(Labels):
    """The headings, in the words of a family."""

    about: str = N_("About")
    made_for: str = N_("Made for")
    made_by: str = N_("Made by")
    made_at: str = N_("Made at")
    strengths: str = N_("What goes well")
    services: str = N_("Help that is in place")
    what: str = N_("What")
    who: str = N_("With whom")
    when: str = N_("When")
    steps: str = N_("What comes next")
    call: str = N_("Whom to call")
    name: str = N_("Name")
    office: str = N_("Office")
    phone: str = N_("Phone")
    email: str = N_("E-mail")
    rights: str = N_("Your rights")


@dataclass(frozen=True, kw_only=True)
class Summary(Paper):
    """How a student is supported, for the family, in their language. No note stands in it.

    no_strengths, no_services, no_steps: the sentences in place of an empty part.
    """

    template: ClassVar[str] = "summary"

    about: str
    made_for: str
    made_by: str
    made_at: str
    intro: Sequence[str]
    strengths: Sequence[Quote]
    no_strengths: str
    services: Sequence[HelpInPlace]
    no_services: str
    steps: Sequence[str]
    no_steps: str
    call_name: str
    call_office: str
    call_phone: str = ""
    call_email: str = ""
    rights: Sequence[str]
    labels: SummaryLabels = field(default_factory=SummaryLabels)
