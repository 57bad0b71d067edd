"""Agreements to print in tests: of each kind, with one partner or several."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import docx
from docx.document import Document

from portal.agreements import documents
from portal.agreements.clauses.library import SHIPPED, Library
from portal.agreements.content import (
    ChosenClause,
    Contact,
    Content,
    Line,
    PartnerTerms,
    Service,
    Signer,
    Special,
)
from portal.agreements.templates import W
from portal.vocabulary import (
    AgreementKind,
    Category,
    Direction,
    LineBasis,
    Purpose,
    ServiceTier,
)

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DISTRICT = documents.Party("Harbor Point Public Schools", "103", "1 Harbor Road, Harbor Point, CT")
CLINIC = documents.Party("Riverside Clinic", "", "22 River Street, Harbor Point, CT")
HILLTOP = documents.Party("Hilltop Family Center")
HAVEN = documents.Party("Haven Youth Services")
PARTIES = (CLINIC, HILLTOP, HAVEN)

BASIS = {
    AgreementKind.STUDIES: LineBasis.STUDIES,
    AgreementKind.AUDIT: LineBasis.AUDIT,
    AgreementKind.QSOA: LineBasis.PART_2_SERVICE,
}
"""On what the lines of each kind rest, where it is not a consent."""


def out(category: Category, **changes: Any) -> Line:
    """The district gives it."""
    return replace(Line(Direction.A_TO_B, category), **changes)


def back(category: Category, **changes: Any) -> Line:
    """The partner gives it."""
    return replace(Line(Direction.B_TO_A, category), **changes)


def terms(place: int = 0, **changes: Any) -> PartnerTerms:
    """A clinic with two services and a schedule each way; place makes it one of its own."""
    usual = PartnerTerms(
        agency_id=uuid.UUID(int=place + 1),
        licence=f"BH-{place + 100}",
        npi=f"123456789{place}",
        services=(
            Service("Individual counseling", ServiceTier.INTENSIVE, ("North School",), "Mondays"),
            Service("Group for grieving students", ServiceTier.TARGETED, (), "", telehealth=True),
        ),
        lines=(
            out(Category.ATTENDANCE, purposes=(Purpose.COORDINATE,)),
            out(Category.VISITS),
            back(Category.SERVICE_STATUS),
        ),
        liaison=Contact(f"Rita River {place}", "rita@example.org", "203-555-0101"),
        signers=(Signer(f"Alma River {place}", "Executive Director", "By its bylaws"),),
        response_days=5 + place,
        insurance=f"${place + 1},000,000 for each occurrence",
    )
    return replace(usual, **changes)


def content(
    kind: AgreementKind = AgreementKind.MOU, library: Library = SHIPPED, **changes: Any
) -> Content:
    """A complete agreement of this kind, with the clauses that its facts usually bring."""
    basis = BASIS.get(kind, LineBasis.CONSENT)
    lines = tuple(replace(line, basis=basis) for line in terms().lines)
    usual = Content(
        kind=kind,
        starts_on=date(2026, 11, 20),
        ends_on=date(2027, 6, 30),
        review_on=date(2027, 4, 1),
        schools=("North School", "South School"),
        partners=(terms(lines=lines),),
        district_signers=(Signer("Sue Perin", "Superintendent", "Authorized by the board"),),
        board_vote_on=date(2026, 11, 10),
        district_liaison=Contact("Dina Desk", "dina@example.org", "203-555-0100"),
        records_contact=Contact("Rick Records", "records@example.org"),
        security_contact=Contact("Sam Secure", "security@example.org"),
        crisis_contact=Contact("Cora Crisis", "", "203-555-0911"),
        deletion_contact=Contact("Dee Delete", "delete@example.org"),
        special=Special(
            topic="Whether counseling at school helps attendance.",
            scope="Days absent before and after the first appointment, by student.",
            duration="From November 2026 through June 2027.",
            representative="The Center for School Research",
            requested_by="Riverside Clinic",
            destroy_on=date(2027, 9, 30),
        ),
    )
    made = replace(usual, **changes)
    return made if made.clauses else replace(made, clauses=library.usual(made))


def printed(made: Content, **changes: Any) -> documents.Printed:
    """As it goes to the printer."""
    paper = documents.Printed(
        number="M-7K3QF2",
        version=1,
        content=made,
        district=DISTRICT,
        partners=PARTIES[: len(made.partners)],
        written_on=date(2026, 11, 20),
        consent_form="Consent for release, version 3",
        parent="" if made.kind is AgreementKind.MOU else "M-4H8TWC of September 1, 2026",
    )
    return replace(paper, **changes)


def rendered(made: Content, library: Library = SHIPPED, **changes: Any) -> bytes:
    """The Word file."""
    return documents.render(printed(made, **changes), library, AT)


def opened(made: Content, library: Library = SHIPPED, **changes: Any) -> Document:
    """The Word file, read back with Word's own library."""
    return docx.Document(io.BytesIO(rendered(made, library, **changes)))


def texts(document: Document) -> list[str]:
    """Its paragraphs, those of tables included, in the order of the file."""
    return [
        "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        for paragraph in document.element.body.iter(f"{W}p")
    ]


def without(made: Content, *ids: str) -> Content:
    """The same agreement without these clauses."""
    return replace(made, clauses=tuple(c for c in made.clauses if c.id not in ids))


def worded(made: Content, id_: str, *text: str, reviewed_by: str = "") -> Content:
    """The same agreement with other words for a clause."""
    changed = ChosenClause(id_, 1, text, reviewed_by)
    return replace(made, clauses=tuple(changed if c.id == id_ else c for c in made.clauses))
