"""One form, about one student and one partner, in one language: how it says things.

Every text comes from the form or from the portal's catalogs, filled with the same few values,
so that the parts of a paper cannot name different people or days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from portal.access import data_points
from portal.access.data_points import Named
from portal.consents.forms.definition import Definition, Section, Text
from portal.consents.forms.telling import say
from portal.consents.papers.words import CAPACITIES, DAYS, WITH
from portal.consents.words import PLAIN
from portal.languages import catalog as languages
from portal.languages.catalog import Catalog
from portal.pdf import papers as pdf
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import Category, Instrument

LABEL_OF = {
    Section.STUDENT: "student",
    Section.SIGNER: "signer",
    Section.WHO: "parties",
    Section.WHY: "why",
    Section.SPECIAL: "special",
    Section.HOW_LONG: "how_long",
    Section.CHOICES: "choices",
    Section.TAKING_BACK: "taking_back",
    Section.AFTER: "afterwards",
    Section.RIGHTS: "rights",
    Section.MINOR: "minor",
    Section.SIGNATURE: "signature",
    Section.LANGUAGE: "help",
    Section.STAFF: "staff",
    Section.NOTICES: "notices",
}
"""The label and the hint of each part; the two directions carry their own headings."""

SAID_ELSEWHERE = frozenset({Section.STUDENT, Section.SPECIAL, Section.MINOR})
"""Parts whose hint is a text of the paper itself, on the form and on the receipt alike."""


@dataclass(frozen=True)
class Writer:
    """See the module. until: the last day or the event, in words."""

    form: Definition
    language: str
    district: Organization
    partner: Organization
    student: Student
    until: str
    named: Named = field(default_factory=dict)

    @property
    def catalog(self) -> Catalog:
        """The language's texts."""
        return languages.catalog(self.language)

    @property
    def values(self) -> dict[str, str]:
        """What the places of a form's texts are filled with."""
        return {
            "student": self.student.given_name,
            "partner": self.partner.name,
            "until": self.until,
            "office": self.form.office.office,
        }

    def say(self, text: Text | None) -> str:
        """A text of the form, its places filled; empty when the form has none."""
        return say(text, self.language, self.values).words if text is not None else ""

    def hint(self, section: Section) -> str:
        """What the form says below this heading."""
        return self.say(self.form.help.get(section))

    def t(self, text: str, **values: str) -> str:
        """A text of the portal."""
        return self.catalog.gettext(text, **values)

    def kind(self, kind: Category, giver: Instrument) -> str:
        """A kind of record; when the school gives it, with the district's own questions."""
        usual = self.t(PLAIN[kind])
        own = data_points.told(self.named, kind, self.language)
        if not own or giver is not Instrument.FERPA:
            return usual
        return self.t(WITH, kind=usual, questions=own)

    def capacity(self, kept: str) -> str:
        """As what somebody signs; what staff wrote in words of their own stays as it is."""
        return self.t(CAPACITIES.get(kept, kept))

    def day(self, told: date | None) -> str:
        """A day in words; empty when there is none."""
        return languages.day(told, self.language) if told else ""

    def days(self, first: date | None, last: date | None, event: str = "") -> str:
        """From one day to another, both included, or to an event."""
        return self.t(DAYS, first=self.day(first), last=self.day(last) or event)

    def moment(self, at: datetime) -> str:
        """An instant on the district's clock."""
        return languages.moment(at, self.district.tz, self.language)

    def instant(self, at: datetime) -> str:
        """The same with the zone, for what is proof."""
        return languages.instant(at, self.district.tz, self.language)

    def labels(self) -> pdf.ConsentLabels:
        """The labels; the headings are those that the family knows from the screen."""
        return pdf.labels(pdf.ConsentLabels, self.catalog.gettext)

    def hints(self, *sections: Section) -> pdf.Hints:
        """The hints of these parts, as far as the form has them."""
        wanted = [section for section in sections if section not in SAID_ELSEWHERE]
        return pdf.Hints(**{LABEL_OF[section]: self.hint(section) for section in wanted})
