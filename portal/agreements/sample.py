"""A made-up agreement with everything that can be in one: to try a template with."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

from portal.agreements.clauses.library import Library
from portal.agreements.content import (
    Contact,
    Content,
    Line,
    PartnerTerms,
    Service,
    Signer,
    Special,
)
from portal.agreements.documents import Party, Printed, Template
from portal.agreements.rules import bases_of
from portal.vocabulary import AgreementKind, Category, Direction

AT = datetime(2026, 1, 15, 17, 0, tzinfo=UTC)
NOBODY = uuid.UUID(int=0)


def a_sample(kind: AgreementKind, library: Library, template: Template | None) -> Printed:
    """Of two made-up parties; no name in it is anybody's."""
    content = _content(kind)
    return Printed(
        number="M-SAMPLE",
        version=1,
        content=replace(content, clauses=library.usual(content)),
        district=Party("Sample District", "0000000", "1 Sample Street, Sampleton"),
        partners=(Party("Sample & Partner Clinic", "", "2 Sample Street, Sampleton"),),
        written_on=date(2026, 1, 15),
        consent_form="the District's Consent for Release, version 1",
        template=template,
    )


def _content(kind: AgreementKind) -> Content:
    contact = Contact("Sam Sample", "sam@example.org", "(860) 555-0100")
    basis = bases_of(kind, None)[0]
    lines = (
        Line(Direction.A_TO_B, Category.ATTENDANCE, basis=basis),
        Line(Direction.A_TO_B, Category.VISITS, basis=basis),
        Line(Direction.B_TO_A, Category.SERVICE_STATUS, basis=basis),
    )
    partner = PartnerTerms(
        agency_id=NOBODY,
        licence="Sample license 1",
        services=(Service("Counseling <individual>", sites=("Sample School",), days="Mondays"),),
        lines=lines,
        liaison=contact,
        signers=(Signer("Petra Sample", "Director"),),
    )
    return Content(
        kind=kind,
        starts_on=date(2026, 7, 1),
        ends_on=date(2027, 6, 30),
        review_on=date(2027, 4, 1),
        board_vote_on=date(2026, 6, 1),
        schools=("Sample School",),
        partners=(partner,),
        district_signers=(Signer("Sol Sample", "Superintendent"),),
        district_liaison=contact,
        records_contact=contact,
        special=Special(
            "A sample topic",
            "A sample scope",
            "One year",
            "Rae Sample",
            "Ira Sample",
            date(2027, 8, 1),
        ),
    )
