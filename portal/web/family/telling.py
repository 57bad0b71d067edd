"""A consent, and who has seen a record, in the words of a family."""

from __future__ import annotations

from dataclasses import dataclass

from portal.consents.family.queries import FamilyConsent, OfStudent
from portal.consents.forms.shipped import FORMS
from portal.consents.words import PURPOSES
from portal.languages.marks import N_
from portal.stewardship.family.queries import FamilySeen
from portal.vocabulary import Category, ConsentStatus, LegalKind, Purpose
from portal.web.family.checking import NAME_OF
from portal.web.family.speech import Speech

STATUS = {
    ConsentStatus.ACTIVE: (N_("Shared now"), "ok"),
    ConsentStatus.ENDS_SOON: (N_("Ends soon"), "warn"),
    ConsentStatus.NOT_YET: (N_("Not begun"), "info"),
    ConsentStatus.TO_CONFIRM: (N_("The school still checks the paper"), "info"),
    ConsentStatus.HELD: (N_("On hold"), "warn"),
    ConsentStatus.ENDED: (N_("Ended"), ""),
    ConsentStatus.TAKEN_BACK: (N_("Taken back"), ""),
    ConsentStatus.SUPERSEDED: (N_("Replaced by a newer one"), ""),
}
NOT_OBEYED = (N_("On hold: someone else may decide now"), "warn")

PAPERS = {
    "pdf": N_("Receipt (PDF)"),
    "docx": N_("Receipt (Word)"),
    "paper": N_("The signed paper"),
}

LEGAL = {
    LegalKind.COURT_ORDER: N_("A judge's order"),
    LegalKind.CHILD_WELFARE: N_("The state's child welfare agency, by law"),
    LegalKind.EMERGENCY: N_("An emergency"),
}

EVENTS = (
    ("record.", N_("Opened the record")),
    ("students.", N_("Saw the name in a list")),
    ("document.", N_("Opened a paper")),
    ("visit.", N_("Worked on a visit")),
    ("referral.", N_("Worked on help from others")),
    ("consent.", N_("Worked on a consent")),
    ("consents.", N_("Worked on a consent")),
    ("team.", N_("Chose who works with the student")),
    ("guardian.", N_("Worked on the family's details")),
    ("student.", N_("Opened the student's page")),
)
OTHERWISE = N_("Worked with the record")


@dataclass(frozen=True)
class Telling:
    """A consent's parts in one language, for templates."""

    speech: Speech

    def status(self, consent: FamilyConsent) -> tuple[str, str]:
        """Where it stands, and which color the tag has."""
        words, color = NOT_OBEYED if consent.not_obeyed else STATUS[consent.status]
        return self.speech.t(words), color

    def direction(self, consent: FamilyConsent) -> str:
        """Who gives to whom."""
        told = (
            N_("The school gives to %(partner)s")
            if consent.gives
            else N_("%(partner)s tells the school")
        )
        return self.speech.t(told, partner=consent.partner)

    def kind(self, category: Category) -> str:
        """A kind of record."""
        return self.speech.t(NAME_OF[category])

    def about(self, consent: FamilyConsent) -> str:
        """What a form about one thing is about; empty on the standard one."""
        return self.speech.t(FORMS[consent.form].title.en) if consent.single else ""

    def why(self, consent: FamilyConsent) -> list[str]:
        """The reasons that were agreed to; for use in court, the case."""
        reasons = [self.speech.t(PURPOSES[purpose]) for purpose in consent.purposes]
        return [*reasons, consent.case] if consent.case else reasons

    def until(self, consent: FamilyConsent) -> str:
        """Its end, past or to come."""
        if consent.over_on:
            return self.speech.day(consent.over_on)
        if consent.ends_on:
            return self.speech.day(consent.ends_on)
        return consent.ends_on_event or self.speech.t(N_("No end is set"))

    def paper(self, shape: str) -> str:
        """What a paper is called."""
        return self.speech.t(PAPERS[shape])


def by_partner(of: OfStudent) -> list[tuple[str, str, list[FamilyConsent], bool]]:
    """The consents of each partner: its id and name, and whether something is open."""
    found: dict[tuple[str, str], list[FamilyConsent]] = {}
    for consent in of.consents:
        found.setdefault((str(consent.partner_id or ""), consent.partner), []).append(consent)
    listed = [
        (key, name, consents, any(not one.over for one in consents))
        for (key, name), consents in found.items()
    ]
    return sorted(listed, key=lambda one: (not one[3], one[1]))


@dataclass(frozen=True)
class SeenRow:
    """One line of the account, in words."""

    when: str
    who: str
    organization: str
    what: str
    why: str
    ground: str
    outside: bool


def seen(line: FamilySeen, speech: Speech, tz: str) -> SeenRow:
    """Who saw what, when, why and on what ground."""
    when = speech.moment(line.at, tz)
    if line.times > 1:
        times = speech.catalog.ngettext("%(num)s time", "%(num)s times", line.times)
        when = f"{when} ({times})"
    kinds = ", ".join(speech.t(NAME_OF[kind]) for kind in line.opened)
    known = line.purpose in set(Purpose)
    return SeenRow(
        when=when,
        who=line.person,
        organization=line.organization,
        what=kinds or speech.t(_event(line.event)),
        why=speech.t(PURPOSES[Purpose(line.purpose)]) if known else "",
        ground=_ground(line, speech),
        outside=line.outside,
    )


def _event(code: str) -> str:
    return next((words for begins, words in EVENTS if code.startswith(begins)), OTHERWISE)


def _ground(line: FamilySeen, speech: Speech) -> str:
    told = [speech.t(N_("Your consent %(number)s"), number=number) for number in line.consents]
    told += [speech.t(LEGAL[LegalKind(kind)]) for kind in line.legal]
    if told:
        return ". ".join(told)
    return "" if line.outside else speech.t(N_("Works at the school or the district"))
