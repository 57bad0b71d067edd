"""A consent as a paper before anybody has signed it; the receipt adds what the signature adds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from portal.consents.forms.definition import Section
from portal.consents.papers import blocks
from portal.consents.papers.words import HOW_OFTEN, NEVER_HERE, THE_CASE
from portal.consents.papers.writer import LABEL_OF, Writer
from portal.consents.queries import PossibleSigner
from portal.pdf import papers as pdf
from portal.vocabulary import Category, FormKind


@dataclass(frozen=True)
class Content:
    """What is asked or agreed to. out, back: the kinds of each direction, None when not on it.

    purpose_words: the case, on a form for use in court.
    """

    sides: tuple[pdf.Instrument, ...]
    special: tuple[pdf.Special, ...]
    purposes: tuple[pdf.Why, ...]
    out: Collection[Category] | None
    back: Collection[Category] | None
    purpose_words: str = ""


@dataclass(frozen=True)
class Head:
    """What stands above and below it. number: of the paper; at: when it is made."""

    number: str
    form_name: str
    school: str
    signer: PossibleSigner
    interpreter: str
    note: str
    at: datetime


def sheet(writer: Writer, head: Head, content: Content) -> pdf.Consent:
    """Every block that the form has, in the form's order, with room for a pen."""
    told = blocks.statements(writer, content.out or (), content.back or ())

    def said(section: Section) -> tuple[str, ...]:
        return blocks.sentences(writer, section, told)

    return pdf.Consent(
        title=writer.say(writer.form.title),
        number=head.number,
        district=writer.district.name,
        logo=blocks.logo(writer),
        foot=f"{writer.district.name} · {head.form_name} · {writer.moment(head.at)}",
        form=head.form_name,
        note=head.note,
        intro=writer.hint(Section.STUDENT),
        student=blocks.student(writer, head.school),
        signer=_signer(writer, head.signer),
        instruments=content.sides,
        parties=blocks.parties(writer, content.sides),
        purposes=content.purposes,
        purpose_words=content.purpose_words,
        special_intro=writer.hint(Section.SPECIAL),
        special=content.special,
        never=writer.t(NEVER_HERE),
        how_often=writer.t(HOW_OFTEN),
        choices=said(Section.CHOICES),
        taking_back=said(Section.TAKING_BACK),
        office=blocks.office(writer),
        afterwards=said(Section.AFTER),
        rights=said(Section.RIGHTS),
        minor=_minor(writer),
        signing=writer.say(writer.form.signing),
        help=pdf.Help(language=writer.catalog.own_name, interpreter=head.interpreter),
        staff=pdf.StaffUse(),
        notices=blocks.notices(writer, content.out, content.back),
        hints=writer.hints(*LABEL_OF),
        order=tuple(str(section) for section in writer.form.sections),
        labels=_labels(writer),
    )


def _labels(writer: Writer) -> pdf.ConsentLabels:
    """On a form for use in court the words beside the purposes name the proceeding."""
    labels = writer.labels()
    if writer.form.kind is FormKind.COURT_USE:
        return replace(labels, in_own_words=writer.t(THE_CASE))
    return labels


def _signer(writer: Writer, signer: PossibleSigner) -> pdf.Signer:
    capacity = writer.capacity(signer.capacity)
    return pdf.Signer(name=signer.name, relationship=capacity, authority=capacity)


def _minor(writer: Writer) -> pdf.Minor | None:
    """Room for students who sign for care of their own; a blank is a no."""
    text = writer.hint(Section.MINOR)
    return pdf.Minor(text) if text else None
