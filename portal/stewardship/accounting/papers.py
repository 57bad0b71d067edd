"""The list of disclosures as a tagged PDF, in the language of whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.languages import catalog as languages
from portal.languages.plain import PURPOSES
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.policy.accounting import LAW_CITED, Law, Party
from portal.policy.notices import BY_ID
from portal.policy.spans import last_day
from portal.stewardship.accounting import words
from portal.stewardship.accounting.queries import LEGAL_LAW
from portal.stewardship.accounting.rows import Accounting, Ground, Repeated, Row
from portal.vocabulary import LegalKind, Purpose

WITH_REFUSALS = frozenset({Law.EVERYTHING, Law.FERPA})
STAFF_LAW, FAMILY_LAW = "34 CFR 99.31(a)(1)", "34 CFR 99.10"
AS_MUCH_OF_A_HASH = 16
SCREEN = "screen"


def paper(found: Accounting, language: str) -> bytes:
    """The list, tagged (PDF/UA-1). language: one of `languages.available()`."""
    order = pdf.order(values(found, language), language=language, at=found.made_at)
    return render.make(order)


def values(found: Accounting, language: str) -> pdf.Disclosures:
    """What the paper prints."""
    w = _Writer(found, language)
    when = languages.instant(found.made_at, found.tz, language)
    title = w.t(words.TITLES[found.law])
    return pdf.Disclosures(
        title=title,
        number="",
        district=found.district,
        foot=w.t(words.FOOT, when=when, name=found.made_for or found.made_by),
        about=found.student,
        period=w.period(),
        made_for=found.made_for,
        made_by=found.made_by,
        made_at=when,
        intro=w.intro(),
        given=tuple(w.given(one) for one in found.given),
        no_given=w.t(words.NOBODY if found.applies else words.NOT_FOR_THIS_STUDENT),
        refused=tuple(w.refused(one) for one in found.refused),
        no_refused=w.t(words.NOBODY_REFUSED if found.law in WITH_REFUSALS else words.NOT_ASKED),
        rights=tuple(w.t(sentence) for sentence in words.RIGHTS),
        labels=pdf.labels(pdf.DisclosuresLabels, w.catalog.gettext),
    )


@dataclass(frozen=True)
class _Writer:
    found: Accounting
    language: str

    @property
    def catalog(self) -> languages.Catalog:
        return languages.catalog(self.language)

    def t(self, text: str, **places: str) -> str:
        return self.catalog.gettext(text, **places)

    def period(self) -> str:
        day = languages.moment(self.found.made_at, self.found.tz, self.language)
        six = self.found.law is Law.HIPAA
        return self.t(words.SIX_YEARS if six else words.ALL_TIME, day=day)

    def intro(self) -> tuple[str, ...]:
        told = [self.t(words.INTRODUCTIONS[self.found.law])]
        if law := LAW_CITED[self.found.law]:
            told.append(self.t(words.LAW_LINE, law=law))
        return (*told, self.t(words.AS_ONE))

    def given(self, one: Repeated) -> pdf.Given:
        row = one.row
        return pdf.Given(
            date=self.when(one),
            person=row.person,
            organization=self.organization(row),
            address=self.address(row),
            what=self.what(one),
            why=self.why(row),
            ground=self.ground(row),
            until=self.until(row),
        )

    def refused(self, one: Repeated) -> pdf.NotGiven:
        row = one.row
        return pdf.NotGiven(
            date=self.when(one),
            person=row.person,
            organization=self.organization(row),
            address=self.address(row),
            what=self.t(words.event(row.event)),
            why=self.why(row),
            reason=" ".join(self.t(reason) for reason in words.reasons(row.reasons)),
        )

    def when(self, one: Repeated) -> str:
        last = languages.moment(one.last, self.found.tz, self.language)
        if one.times == 1:
            return last
        first = languages.moment(one.first, self.found.tz, self.language)
        return self.t(words.TIMES, first=first, last=last, times=str(one.times))

    def organization(self, row: Row) -> str:
        return row.organization or self.t(words.FAMILY)

    def address(self, row: Row) -> str:
        if row.party is not Party.OUTSIDE:
            return ""
        return row.address or self.t(words.NO_ADDRESS)

    def what(self, one: Repeated) -> str:
        row = one.row
        kinds = ". ".join(self.t(words.KINDS[kind]) for kind in row.kinds)
        told = [f"{self.t(words.event(row.event))}.", f"{kinds}." if kinds else ""]
        if one.items is not None:
            shown, withheld = self.count(one.items), self.count(one.withheld or (0, 0))
            told.append(self.t(words.SHOWN, shown=shown, withheld=withheld))
        told += [self.notice(*notice) for notice in row.notices]
        told.append(self.t(words.ON_SCREEN) if row.method == SCREEN else "")
        if row.file_sha256:
            begins = f"{row.file_sha256[:AS_MUCH_OF_A_HASH]}…"
            told.append(self.t(words.FINGERPRINT, begins=begins))
        return " ".join(part for part in told if part)

    def count(self, told: tuple[int, int]) -> str:
        fewest, most = told
        if fewest == most:
            return str(most)
        return self.t(words.BETWEEN, fewest=str(fewest), most=str(most))

    def notice(self, key: str, version: str) -> str:
        known = BY_ID.get(key)
        title, law = (self.t(known.title), known.law) if known else (key, "")
        return self.t(words.TOLD_WITH_IT, notices=title, law=law, version=version)

    def why(self, row: Row) -> str:
        known = row.purpose in set(Purpose)
        return self.t(PURPOSES[Purpose(row.purpose)] if known else words.NO_PURPOSE)

    def ground(self, row: Row) -> str:
        told = [self.paper_of(ground) for ground in row.grounds]
        if not told:
            told.append(self.standing(row))
        if self.found.law is Law.FERPA and row.by_consent:
            told.append(self.t(words.BY_CONSENT))
        return self.sentences(told)

    def paper_of(self, ground: Ground) -> str:
        if ground.kind == "consent":
            return self.t(words.CONSENT, number=ground.number, law=ground.law)
        if ground.kind == "agreement":
            return self.t(words.AGREEMENT, number=ground.number)
        kind = LegalKind(ground.kind)
        return f"{self.t(words.LEGAL[kind])} ({LEGAL_LAW[kind]})"

    def standing(self, row: Row) -> str:
        match row.party:
            case Party.SCHOOL:
                return f"{self.t(words.STAFF)} ({STAFF_LAW})"
            case Party.FAMILY:
                return f"{self.t(words.FAMILY)} ({FAMILY_LAW})"
            case Party.OUTSIDE:
                return self.t(words.OWN) if row.own else ""

    def sentences(self, told: Sequence[str]) -> str:
        return " ".join(f"{part.rstrip('.')}." for part in told if part)

    def until(self, row: Row) -> str:
        if row.until is not None:
            return languages.day(last_day(row.until, self.found.tz), self.language)
        if row.grounds:
            return self.t(words.NO_END)
        return self.t(words.THEIR_WORK) if row.party is Party.SCHOOL else ""
