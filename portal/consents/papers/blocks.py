"""The blocks that the form and the receipt have in common, as values for `portal.pdf`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from portal.consents.forms.definition import SECTION_OF, Section
from portal.consents.forms.telling import Partner, told
from portal.consents.papers.words import (
    FERPA_LAW,
    GETS,
    GIVES,
    GIVES_AND_GETS,
    HEADINGS,
    HIPAA_LAW,
    OTHER_LAW,
    PART2_LAW,
)
from portal.consents.papers.writer import Writer
from portal.consents.words import DETAIL
from portal.pdf import papers as pdf
from portal.policy.notices import notices_for
from portal.vocabulary import SPECIAL, Category, Detail, Instrument, Statement

BLOCK_OF = {
    Instrument.FERPA: Section.SCHOOL_MAY_GIVE,
    Instrument.HIPAA: Section.PARTNER_MAY_GIVE,
}


def offered(writer: Writer, instrument: Instrument) -> tuple[Category, ...]:
    """The kinds of record that the form offers in this direction, in its own order."""
    ferpa = instrument is Instrument.FERPA
    return writer.form.categories_out if ferpa else writer.form.categories_in


def plain_kinds(kinds: Iterable[Category]) -> list[Category]:
    """Those that a tick opens."""
    return [kind for kind in kinds if kind not in SPECIAL]


def special_kinds(kinds: Iterable[Category]) -> list[Category]:
    """Those that only their own initials open."""
    return [kind for kind in kinds if kind in SPECIAL]


def giver(writer: Writer, instrument: Instrument) -> str:
    """Whose records they are."""
    ferpa = instrument is Instrument.FERPA
    return writer.district.name if ferpa else writer.partner.name


def receiver(writer: Writer, instrument: Instrument, people: Sequence[str] = ()) -> str:
    """Who gets them; people: the only ones there who do."""
    ferpa = instrument is Instrument.FERPA
    name = writer.partner.name if ferpa else writer.district.name
    return f"{name}: {', '.join(people)}" if people else name


def laws(writer: Writer, instrument: Instrument) -> str:
    """Which laws this direction answers to."""
    if instrument is Instrument.FERPA:
        return writer.t(FERPA_LAW)
    partner = writer.partner
    found = [HIPAA_LAW] * partner.is_hipaa + [PART2_LAW] * partner.is_part2
    return "; ".join(writer.t(law) for law in found or [OTHER_LAW])


def side(
    writer: Writer,
    instrument: Instrument,
    records: Sequence[pdf.Tick],
    detail: Detail,
    days: tuple[date | None, date | None, str],
    *,
    people: Sequence[str] = (),
    number: str = "",
    hint: str = "",
) -> pdf.Instrument:
    """One direction. days: the first, the last, and the event that ends it."""
    return pdf.Instrument(
        block=BLOCK_OF[instrument],
        heading=writer.t(HEADINGS[instrument], partner=writer.partner.name),
        law=laws(writer, instrument),
        giver=giver(writer, instrument),
        receiver=receiver(writer, instrument, people),
        records=tuple(records),
        detail=writer.t(DETAIL[detail]),
        starts_on=writer.day(days[0]),
        ends_on=writer.day(days[1]),
        event=days[2],
        number=number,
        hint=hint,
    )


def student(writer: Writer, school: str) -> pdf.Student:
    """Block 1. The SASID stays out: the family keeps this paper."""
    row = writer.student
    return pdf.Student(
        name=f"{row.given_name} {row.family_name}",
        born=writer.day(row.born),
        school=school,
        local_id=row.local_id or "",
    )


def parties(writer: Writer, sides: Sequence[pdf.Instrument]) -> tuple[pdf.Party, ...]:
    """Block 5: both organizations by name, and what each does."""
    givers = {each.giver for each in sides}

    def role(name: str) -> str:
        if len(givers) > 1:
            return writer.t(GIVES_AND_GETS)
        return writer.t(GIVES if name in givers else GETS)

    return tuple(
        pdf.Party(name=row.name, role=role(row.name), address=row.address)
        for row in (writer.district, writer.partner)
    )


def office(writer: Writer) -> pdf.Office:
    """Block 10: where it is taken back."""
    row = writer.form.office
    return pdf.Office(name=row.office, address=row.address, email=row.email, phone=row.phone)


def logo(writer: Writer) -> pdf.Picture | None:
    """The district's, where its form has one."""
    picture = writer.form.logo
    return pdf.logo(picture, writer.district.name) if picture else None


def statements(
    writer: Writer, out: Collection[Category], back: Collection[Category]
) -> tuple[Statement, ...]:
    """The sentences that whoever signs this is told; the same as `signing` keeps."""
    row = writer.partner
    partner = Partner(str(row.id), row.name, row.is_hipaa, row.is_part2)
    return told(writer.form, partner, out, back, subject=writer.form.subject is not None)


def sentences(writer: Writer, section: Section, statements: Sequence[Statement]) -> tuple[str, ...]:
    """The sentences that stand in this part."""
    return tuple(
        writer.say(writer.form.statements[statement])
        for statement in statements
        if SECTION_OF[statement] is section
    )


def notices(
    writer: Writer, out: Collection[Category] | None, back: Collection[Category] | None
) -> tuple[pdf.Notice, ...]:
    """Block 17: what will go along with the records of each direction; None: not asked for."""
    row = writer.partner
    found = [
        *(notices_for(out, instrument=Instrument.FERPA) if out is not None else ()),
        *(
            notices_for(back, instrument=Instrument.HIPAA, hipaa=row.is_hipaa, part2=row.is_part2)
            if back is not None
            else ()
        ),
    ]
    return tuple(
        pdf.Notice(
            title=writer.t(notice.title),
            text=writer.t(notice.text),
            law=notice.law,
            version=f"{notice.id}, {notice.version}",
        )
        for notice in dict.fromkeys(found)
    )
