"""What was agreed, by whom, how it was made sure, and how anybody checks that it is genuine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portal.consents.addresses import verify_url
from portal.consents.drafts import ConsentDraft, DrawnConsent, PaperConsent
from portal.consents.forms.definition import Section
from portal.consents.papers import blocks, word
from portal.consents.papers.sheet import Content, Head, sheet
from portal.consents.papers.values import Agreed, Made
from portal.consents.papers.words import (
    BY_HAND,
    CHECKS,
    METHODS,
    NO,
    NO_ORDER,
    RECEIPT_NOTE,
    TO_CONFIRM,
    YES,
)
from portal.consents.papers.writer import Writer
from portal.consents.words import PURPOSES
from portal.languages.catalog import day
from portal.pdf import papers as pdf
from portal.pdf import qr, render
from portal.pdf.signature import to_svg
from portal.vocabulary import SUBJECT_ONLY, Category, Instrument, SignerKind

STILL_SAID = (Section.WHO, Section.HOW_LONG, Section.NOTICES)
"""Hints that tell more than how to fill in the form."""


def receipt(agreed: Agreed) -> Made:
    """The same paper in both shapes, in the signer's language."""
    consent = signed(agreed)
    order = pdf.order(consent, language=agreed.signing.language, at=agreed.at)
    return Made(render.make(order), word.render(consent, order))


def signed(agreed: Agreed) -> pdf.Consent:
    """The receipt as values: the form, with every answer, the signature and what proves it."""
    writer = _writer(agreed)
    of = {draft.instrument: draft for draft in agreed.drafts}
    numbers = {
        draft.instrument: number
        for draft, number in zip(agreed.drafts, agreed.numbers, strict=True)
    }
    head = Head(
        number=agreed.signing.number,
        form_name=agreed.form_name,
        school=agreed.school,
        signer=agreed.signer,
        interpreter=agreed.signing.interpreter,
        note=_note(writer, agreed),
        at=agreed.at,
    )
    unsigned = sheet(writer, head, _content(writer, agreed, of, numbers))
    return replace(
        unsigned,
        signer=replace(
            unsigned.signer,
            authority=writer.capacity(agreed.drafts[0].authority or agreed.signer.capacity),
        ),
        minor=_minor(writer, agreed, unsigned.minor),
        signature=_signature(writer, agreed),
        cosigners=_cosigners(writer, agreed),
        help=replace(unsigned.help, translation=agreed.signing.translation),
        staff=_staff(writer, agreed),
        evidence=_evidence(writer, agreed),
        hints=writer.hints(*STILL_SAID),
    )


def _writer(agreed: Agreed) -> Writer:
    language = agreed.signing.language
    last = max((draft.ends_on for draft in agreed.drafts if draft.ends_on), default=None)
    return Writer(
        form=agreed.form,
        language=language,
        district=agreed.district,
        partner=agreed.partner,
        student=agreed.student,
        until=day(last, language) if last else agreed.drafts[0].ends_on_event,
        named=agreed.named,
    )


def _note(writer: Writer, agreed: Agreed) -> str:
    """Paper opens nothing before it was confirmed, and the receipt says so."""
    signature = agreed.drafts[0].signature
    if isinstance(signature, PaperConsent):
        return writer.t(TO_CONFIRM, day=writer.day(signature.signed_on))
    return writer.t(RECEIPT_NOTE)


# What was agreed to


def _content(
    writer: Writer,
    agreed: Agreed,
    of: Mapping[Instrument, ConsentDraft],
    numbers: Mapping[Instrument, str],
) -> Content:
    sides = [instrument for instrument in Instrument if instrument in of]
    purposes = frozenset().union(*(draft.purposes for draft in agreed.drafts))
    return Content(
        sides=tuple(_side(writer, agreed, of[each], numbers[each]) for each in sides),
        special=tuple(
            _special(writer, of[each], kind)
            for each in sides
            for kind in blocks.special_kinds(blocks.offered(writer, each))
        ),
        purposes=tuple(
            pdf.Why(writer.t(PURPOSES[each]), each in purposes, _answer(writer, each in purposes))
            for each in writer.form.purposes
        ),
        out=of[Instrument.FERPA].categories if Instrument.FERPA in of else None,
        back=of[Instrument.HIPAA].categories if Instrument.HIPAA in of else None,
        purpose_words=agreed.drafts[0].case,
    )


def _side(writer: Writer, agreed: Agreed, draft: ConsentDraft, number: str) -> pdf.Instrument:
    about = writer.days(
        draft.records_from, draft.records_until or draft.ends_on, draft.ends_on_event
    )
    records = [
        _tick(writer, writer.kind(kind, draft.instrument), kind in draft.categories, about)
        for kind in blocks.plain_kinds(blocks.offered(writer, draft.instrument))
    ]
    if writer.form.subject is not None:
        records = [_tick(writer, writer.say(writer.form.subject), True, about)]
    return blocks.side(
        writer,
        draft.instrument,
        records,
        draft.detail,
        (draft.starts_on, draft.ends_on, draft.ends_on_event),
        people=sorted(agreed.people.get(person, "") for person in draft.people),
        number=number,
    )


def _tick(writer: Writer, what: str, ticked: bool, about: str) -> pdf.Tick:
    return pdf.Tick(what, ticked, _answer(writer, ticked), about if ticked else "")


def _special(writer: Writer, draft: ConsentDraft, kind: Category) -> pdf.Special:
    yes = kind in draft.special
    return pdf.Special(
        what=writer.kind(kind, draft.instrument),
        ticked=yes,
        answer=_answer(writer, yes),
        giver=blocks.giver(writer, draft.instrument),
        initials=draft.initials[kind].strip() if yes else "",
    )


def _answer(writer: Writer, yes: bool) -> str:
    return writer.t(YES if yes else NO)


# Who signed, and what proves it


def _signature(writer: Writer, agreed: Agreed) -> pdf.Signature:
    signature = agreed.drafts[0].signature
    on_paper = isinstance(signature, PaperConsent)
    return pdf.Signature(
        name=agreed.signer.name,
        capacity=writer.capacity(agreed.signer.capacity),
        method=writer.t(METHODS[agreed.signing.method]),
        signed_at=_signed_at(writer, agreed),
        statement=writer.say(agreed.form.signing),
        typed="" if on_paper else agreed.signing.typed_name,
        svg=to_svg(signature.strokes) if isinstance(signature, DrawnConsent) else "",
    )


def _minor(writer: Writer, agreed: Agreed, room: pdf.Minor | None) -> pdf.Minor | None:
    """A student's signature for care of their own; None where somebody else signed."""
    kinds = {kind for draft in agreed.drafts for kind in draft.categories}
    if room is None or agreed.signer.kind is not SignerKind.STUDENT or not kinds & SUBJECT_ONLY:
        return None
    return replace(room, signature=_signature(writer, agreed))


def _signed_at(writer: Writer, agreed: Agreed) -> str:
    """A paper bears a day, and no hour."""
    signature = agreed.drafts[0].signature
    if isinstance(signature, PaperConsent):
        return writer.day(signature.signed_on)
    return writer.instant(agreed.at)


def _cosigners(writer: Writer, agreed: Agreed) -> tuple[pdf.Cosigner, ...]:
    names = dict.fromkeys(name for draft in agreed.drafts for name in draft.cosigners)
    return tuple(pdf.Cosigner(name, _signed_at(writer, agreed)) for name in names)


def _identity(writer: Writer, agreed: Agreed) -> str:
    check = agreed.signing.identity_check
    how = writer.t(CHECKS[check] if check else BY_HAND)
    return f"{how} ({agreed.identity_by})" if agreed.identity_by else how


def _staff(writer: Writer, agreed: Agreed) -> pdf.StaffUse:
    return pdf.StaffUse(
        identity=_identity(writer, agreed),
        custody=writer.t(NO_ORDER),
        entered_by=agreed.entered_by,
    )


def _evidence(writer: Writer, agreed: Agreed) -> pdf.Evidence:
    signing = agreed.signing
    url = verify_url(signing.code)
    return pdf.Evidence(
        form=agreed.form_name,
        form_sha256=agreed.form_sha256,
        identity=_identity(writer, agreed),
        signed_at=_signed_at(writer, agreed),
        agreed_sha256=signing.agreed_sha256,
        code=signing.code,
        url=url,
        qr=qr.svg(url),
    )
