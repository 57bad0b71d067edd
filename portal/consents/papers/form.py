"""The filled form with room for a pen: one for each student and partner, as one PDF."""

from __future__ import annotations

from dataclasses import replace

from portal.consents.forms.terms import usual_day
from portal.consents.papers import blocks
from portal.consents.papers.sheet import Content, Head, sheet
from portal.consents.papers.values import AskedOf, ToSign
from portal.consents.papers.words import FORM_NOTE
from portal.consents.papers.writer import Writer
from portal.consents.words import PURPOSES
from portal.languages.catalog import day
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.vocabulary import Category, Instrument


def form_to_sign(wanted: ToSign) -> bytes:
    """Every student and partner in turn; each form begins on a page of its own."""
    return render.make(pdf.order(packet(wanted), language=wanted.language, at=wanted.at))


def packet(wanted: ToSign) -> pdf.Consents:
    """The same as values. The logo is kept once, for all of them."""
    sheets = [_sheet(wanted, of, place) for place, of in enumerate(wanted.asked, start=1)]
    first = sheets[0]
    return pdf.Consents(
        title=first.title,
        number=wanted.number,
        district=first.district,
        logo=first.logo,
        foot=first.foot,
        sheets=tuple(replace(each, logo=None) for each in sheets),
        labels=first.labels,
    )


def _sheet(wanted: ToSign, of: AskedOf, place: int) -> pdf.Consent:
    asked = of.proposal
    last = asked.ends_on or usual_day(wanted.form, asked.starts_on)
    writer = Writer(
        form=wanted.form,
        language=wanted.language,
        district=wanted.district,
        partner=of.partner,
        student=of.student,
        until=day(last, wanted.language),
        named=wanted.named,
    )
    many = len(wanted.asked) > 1
    head = Head(
        number=f"{wanted.number} · {place}/{len(wanted.asked)}" if many else wanted.number,
        form_name=wanted.form_name,
        school=of.school,
        signer=wanted.signer,
        interpreter=wanted.interpreter,
        note=writer.t(FORM_NOTE),
        at=wanted.at,
    )
    return sheet(writer, head, _content(writer, of))


def _content(writer: Writer, of: AskedOf) -> Content:
    asked = of.proposal
    wanted = {Instrument.FERPA: asked.out, Instrument.HIPAA: asked.back}
    single = writer.form.subject is not None
    sides = [
        instrument
        for instrument, kinds in wanted.items()
        if kinds or (single and instrument is Instrument.HIPAA)
    ]
    return Content(
        sides=tuple(_side(writer, of, each, wanted[each]) for each in sides),
        special=tuple(
            pdf.Special(writer.kind(kind, each), False, "", blocks.giver(writer, each))
            for each in sides
            for kind in blocks.special_kinds(blocks.offered(writer, each))
            if kind in wanted[each]
        ),
        purposes=tuple(
            pdf.Why(writer.t(PURPOSES[purpose]), False, "")
            for purpose in writer.form.purposes
            if purpose in asked.purposes
        ),
        out=asked.out if Instrument.FERPA in sides else None,
        back=asked.back if Instrument.HIPAA in sides else None,
        purpose_words=asked.case,
    )


def _side(
    writer: Writer, of: AskedOf, instrument: Instrument, kinds: frozenset[Category]
) -> pdf.Instrument:
    asked = of.proposal
    last = asked.ends_on or usual_day(writer.form, asked.starts_on)
    about = writer.days(asked.records_from, last)
    records = [
        pdf.Tick(writer.kind(kind, instrument), False, "", about)
        for kind in blocks.plain_kinds(blocks.offered(writer, instrument))
        if kind in kinds
    ]
    if writer.form.subject is not None:
        records = [pdf.Tick(writer.say(writer.form.subject), False, "", about)]
    return blocks.side(
        writer,
        instrument,
        records,
        asked.detail,
        (asked.starts_on, last, ""),
        hint=writer.hint(blocks.BLOCK_OF[instrument]),
    )
