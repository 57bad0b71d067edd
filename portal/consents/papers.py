"""The papers of a consent: the form before it is signed, and the receipt afterwards.

Both are the same form, made from the same definition and the same ticks that the gate reads.
In the signer's language; each in two shapes, a tagged PDF and a Word file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.consents import word
from portal.consents.addresses import verify_url
from portal.consents.drafts import ConsentDraft, DrawnConsent, PaperConsent, TypedConsent
from portal.consents.forms.definition import SECTION_OF, Definition, Section
from portal.consents.forms.telling import Partner, say, told
from portal.consents.forms.terms import usual_day
from portal.consents.queries import PossibleSigner
from portal.consents.requests.drafts import Asked
from portal.consents.words import DETAIL, PLAIN, PURPOSES
from portal.languages.catalog import Catalog, catalog, day, moment
from portal.pdf import papers as pdf
from portal.pdf import qr, render
from portal.pdf.papers import ConsentLabels, labels
from portal.pdf.signature import to_svg
from portal.policy.notices import notices_for
from portal.store.consents import ConsentSigning
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import (
    IDENTITY_CHECK_LABELS,
    SIGNATURE_METHOD_LABELS,
    SPECIAL,
    Category,
    Instrument,
    Purpose,
    Statement,
)

PDF = render.MEDIA_TYPE
WORD = word.MEDIA_TYPE


@dataclass(frozen=True)
class Agreed:
    """A signed form with all that belongs to it. drafts and numbers: one for each direction."""

    form: Definition
    form_name: str
    drafts: tuple[ConsentDraft, ...]
    numbers: tuple[str, ...]
    signing: ConsentSigning
    student: Student
    school: str
    district: Organization
    partner: Organization
    signer: PossibleSigner
    at: datetime


@dataclass(frozen=True)
class AskedOf:
    """What is asked about one student and one partner."""

    student: Student
    school: str
    partner: Organization
    proposal: Asked


@dataclass(frozen=True)
class ToSign:
    """A form to be signed by hand, for each student and partner of a request."""

    form: Definition
    form_name: str
    number: str
    asked: tuple[AskedOf, ...]
    district: Organization
    signer: PossibleSigner
    language: str
    interpreter: str
    at: datetime


@dataclass(frozen=True)
class Made:
    """The same paper in both shapes."""

    pdf: bytes
    docx: bytes


def receipt(agreed: Agreed) -> Made:
    """What was agreed, by whom, how it was made sure, and how to check that it is genuine."""
    language = agreed.signing.language
    paper = _Writer(agreed.form, language, agreed.district, agreed.partner, agreed.student)
    consent = paper.receipt(agreed)
    order = pdf.order(consent, language=language, at=agreed.at)
    return Made(render.make(order), word.render(consent, agreed.at))


def form_to_sign(wanted: ToSign) -> bytes:
    """The filled form with room for a pen: every student and partner in turn, as one PDF."""
    papers = [
        _Writer(wanted.form, wanted.language, wanted.district, of.partner, of.student).to_sign(
            wanted, of
        )
        for of in wanted.asked
    ]
    orders = [pdf.order(paper, language=wanted.language, at=wanted.at) for paper in papers]
    return render.joined([render.make(order) for order in orders])


@dataclass(frozen=True)
class _Tick:
    category: Category
    initials: str


class _Writer:
    """One form, about one student and one partner, in one language."""

    def __init__(
        self,
        form: Definition,
        language: str,
        district: Organization,
        partner: Organization,
        student: Student,
    ) -> None:
        self.form = form
        self.language = language
        self.catalog: Catalog = catalog(language)
        self.district = district
        self.partner = partner
        self.student = student
        self.values = {
            "student": student.given_name,
            "partner": partner.name,
            "office": form.office.office,
            "until": "",
        }

    def receipt(self, agreed: Agreed) -> pdf.Consent:
        """The signed form."""
        first = agreed.drafts[0]
        self.values["until"] = self.day(first.ends_on) or first.ends_on_event
        by_side = {draft.instrument: draft for draft in agreed.drafts}
        return self._paper(
            number=agreed.signing.number,
            form_name=agreed.form_name,
            school=agreed.school,
            signer=agreed.signer,
            authority=first.authority or agreed.signer.capacity,
            sides=[
                self._agreed_side(by_side[i], dict(zip(agreed.drafts, agreed.numbers, strict=True)))
                for i in Instrument
                if i in by_side
            ],
            special=[t for draft in agreed.drafts for t in self._special_of(draft)],
            purposes=first.purposes,
            statements=self._told(
                by_side[Instrument.FERPA].categories if Instrument.FERPA in by_side else (),
                by_side[Instrument.HIPAA].categories if Instrument.HIPAA in by_side else (),
            ),
            signature=self._signature(agreed),
            help_=pdf.Help(
                language=self.catalog.own_name,
                translation=agreed.signing.translation,
                interpreter=agreed.signing.interpreter,
            ),
            evidence=self._evidence(agreed),
            signed=True,
            at=agreed.at,
        )

    def to_sign(self, wanted: ToSign, of: AskedOf) -> pdf.Consent:
        """The form before it is signed: what is asked, with boxes for a pen."""
        last = of.proposal.ends_on or usual_day(self.form, of.proposal.starts_on)
        self.values["until"] = self.day(last)
        asked = {Instrument.FERPA: of.proposal.out, Instrument.HIPAA: of.proposal.back}
        return self._paper(
            number=wanted.number,
            form_name=wanted.form_name,
            school=of.school,
            signer=wanted.signer,
            authority=wanted.signer.capacity,
            sides=[
                self._asked_side(instrument, kinds, of.proposal, last)
                for instrument, kinds in asked.items()
                if kinds
            ],
            special=[
                pdf.Special(what=self.t(PLAIN[kind]), ticked=False, answer="")
                for kinds in asked.values()
                for kind in PLAIN
                if kind in kinds & SPECIAL
            ],
            purposes=of.proposal.purposes,
            statements=self._told(of.proposal.out, of.proposal.back),
            signature=None,
            help_=pdf.Help(language=self.catalog.own_name, interpreter=wanted.interpreter),
            evidence=None,
            signed=False,
            at=wanted.at,
        )

    def _paper(
        self,
        *,
        number: str,
        form_name: str,
        school: str,
        signer: PossibleSigner,
        authority: str,
        sides: Sequence[pdf.Instrument],
        special: Sequence[pdf.Special],
        purposes: frozenset[Purpose],
        statements: Sequence[Statement],
        signature: pdf.Signature | None,
        help_: pdf.Help,
        evidence: pdf.Evidence | None,
        signed: bool,
        at: datetime,
    ) -> pdf.Consent:
        printed = {section: self._sentences(section, statements) for section in Section}
        return pdf.Consent(
            title=self.say(self.form.title),
            number=number,
            district=self.district.name,
            logo=pdf.logo(self.form.logo, self.district.name) if self.form.logo else None,
            foot=f"{self.district.name} · {form_name} · {self.moment(at)}",
            form=form_name,
            intro=self._help(Section.STUDENT),
            student=pdf.Student(
                name=f"{self.student.given_name} {self.student.family_name}",
                born=self.day(self.student.born),
                school=school,
                local_id=self.student.local_id,
            ),
            signer=pdf.Signer(
                name=signer.name,
                relationship=self.t(signer.capacity),
                authority=self.t(authority),
            ),
            instruments=tuple(sides),
            parties=self._parties(sides),
            purposes=tuple(
                pdf.Why(
                    what=self.t(PURPOSES[purpose]),
                    ticked=signed,
                    answer=self.t("Yes") if signed else "",
                )
                for purpose in self.form.purposes
                if purpose in purposes
            ),
            special_intro=self._help(Section.SPECIAL),
            special=tuple(special),
            never=self.t(NEVER_HERE),
            how_often=self.t(HOW_OFTEN),
            choices=printed[Section.CHOICES],
            taking_back=printed[Section.TAKING_BACK],
            office=pdf.Office(
                name=self.form.office.office,
                address=self.form.office.address,
                email=self.form.office.email,
                phone=self.form.office.phone,
            ),
            afterwards=printed[Section.AFTER],
            rights=printed[Section.RIGHTS],
            signing=self.say(self.form.signing),
            signature=signature,
            help=help_,
            staff=pdf.StaffUse(),
            notices=self._notices(sides, special),
            evidence=evidence,
            labels=labels(ConsentLabels, self.catalog.gettext),
        )

    # Pieces

    def _agreed_side(self, draft: ConsentDraft, numbers: dict[ConsentDraft, str]) -> pdf.Instrument:
        window = (
            f"{self.day(draft.records_from)} – {self.day(draft.records_until or draft.ends_on)}"
        )
        return self._side(
            draft.instrument,
            [
                pdf.Tick(
                    what=self.t(PLAIN[kind]),
                    ticked=kind in draft.categories,
                    answer=self.t("Yes") if kind in draft.categories else self.t("No"),
                    dates=window if kind in draft.categories else "",
                )
                for kind in self._offered(draft.instrument)
            ],
            self.t(DETAIL[draft.detail]),
            (draft.starts_on, draft.ends_on, draft.ends_on_event),
            numbers[draft],
        )

    def _asked_side(
        self, instrument: Instrument, kinds: frozenset[Category], asked: Asked, last: date
    ) -> pdf.Instrument:
        window = f"{self.day(asked.records_from)} – {self.day(last)}"
        return self._side(
            instrument,
            [
                pdf.Tick(what=self.t(PLAIN[kind]), ticked=False, answer="", dates=window)
                for kind in self._offered(instrument)
                if kind in kinds
            ],
            self.t(DETAIL[asked.detail]),
            (asked.starts_on, last, ""),
            "",
        )

    def _offered(self, instrument: Instrument) -> Sequence[Category]:
        ferpa = instrument is Instrument.FERPA
        offered = self.form.categories_out if ferpa else self.form.categories_in
        return [kind for kind in offered if kind not in SPECIAL]

    def _side(
        self,
        instrument: Instrument,
        records: Sequence[pdf.Tick],
        detail: str,
        days: tuple[date | None, date | None, str],
        number: str,
    ) -> pdf.Instrument:
        giver, receiver = self.district.name, self.partner.name
        if instrument is Instrument.HIPAA:
            giver, receiver = receiver, giver
        heading = SIDES[instrument]
        return pdf.Instrument(
            heading=f"{self.t(heading, **self.values)}{f' · {number}' if number else ''}",
            law=self.t(LAWS[instrument]),
            giver=giver,
            receiver=receiver,
            records=tuple(records),
            detail=detail,
            starts_on=self.day(days[0]),
            ends_on=self.day(days[1]),
            event=days[2],
        )

    def _special_of(self, draft: ConsentDraft) -> list[pdf.Special]:
        return [
            pdf.Special(
                what=self.t(PLAIN[kind]),
                ticked=True,
                answer=self.t("Yes"),
                initials=draft.initials.get(kind, ""),
            )
            for kind in PLAIN
            if kind in draft.special & SPECIAL
        ]

    def _parties(self, sides: Sequence[pdf.Instrument]) -> tuple[pdf.Party, ...]:
        both = len(sides) > 1
        return tuple(
            pdf.Party(
                name=row.name,
                role=self.t(BOTH_ROLES)
                if both
                else self.t(GIVES if sides[0].giver == row.name else GETS),
                address=row.address,
            )
            for row in (self.district, self.partner)
        )

    def _told(self, out: object, back: object) -> tuple[Statement, ...]:
        row = self.partner
        return told(
            self.form,
            Partner(str(row.id), row.name, row.is_hipaa, row.is_part2),
            frozenset(out),  # type: ignore[call-overload]
            frozenset(back),  # type: ignore[call-overload]
            subject=self.form.subject is not None,
        )

    def _sentences(self, section: Section, statements: Sequence[Statement]) -> tuple[str, ...]:
        return tuple(
            self.say(self.form.statements[statement])
            for statement in statements
            if SECTION_OF[statement] is section
        )

    def _signature(self, agreed: Agreed) -> pdf.Signature:
        signature = agreed.drafts[0].signature
        tz = agreed.district.tz
        on_paper = isinstance(signature, PaperConsent)
        return (
            pdf.Signature(
                name=agreed.signer.name,
                capacity=self.t(agreed.signer.capacity),
                method=self.t(SIGNATURE_METHOD_LABELS[agreed.signing.method]),
                signed_at=self.day(signature.signed_on)
                if isinstance(signature, PaperConsent)
                else moment(agreed.at, tz, self.language),
                statement=self.say(agreed.form.signing),
                typed=signature.name if isinstance(signature, TypedConsent | DrawnConsent) else "",
                svg=to_svg(signature.strokes) if isinstance(signature, DrawnConsent) else "",
            )
            if not on_paper or signature
            else pdf.Signature("", "", "", "", "")
        )

    def _evidence(self, agreed: Agreed) -> pdf.Evidence:
        check = agreed.signing.identity_check
        url = verify_url(agreed.signing.code)
        return pdf.Evidence(
            form=f"{agreed.form_name} · {agreed.signing.form_sha256[:12]}",
            identity=self.t(IDENTITY_CHECK_LABELS[check]) if check else self.t(BY_HAND),
            agreed_sha256=agreed.signing.agreed_sha256,
            code=agreed.signing.code,
            url=url,
            qr=qr.svg(url),
        )

    def _notices(
        self, sides: Sequence[pdf.Instrument], special: Sequence[pdf.Special]
    ) -> tuple[pdf.Notice, ...]:
        kinds = {kind for kind in PLAIN if self.t(PLAIN[kind]) in {line.what for line in special}}
        return tuple(
            pdf.Notice(
                title=self.t(notice.title),
                text=self.t(notice.text),
                law=notice.law,
                version=notice.version,
            )
            for notice in notices_for(kinds, part2=self.partner.is_part2)
        )

    def _help(self, section: Section) -> str:
        text = self.form.help.get(section)
        return self.say(text) if text is not None else ""

    def say(self, text: object) -> str:
        """A text of the form in the signer's language."""
        return say(text, self.language, self.values).words  # type: ignore[arg-type]

    def t(self, text: str, **values: str) -> str:
        """A text of the portal in the signer's language."""
        return self.catalog.gettext(text, **values)

    def day(self, told_day: date | None) -> str:
        """A day in words; empty when there is none."""
        return day(told_day, self.language) if told_day else ""

    def moment(self, at: datetime) -> str:
        """An instant on the district's clock."""
        return moment(at, self.district.tz, self.language)
