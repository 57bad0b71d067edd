"""A complete agreement to be, and the steps that bring it into force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from portal.agreements import drafting, issuing, queries, signing
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.content import (
    Contact,
    Content,
    Line,
    PaperSignature,
    PartnerTerms,
    Service,
    Signer,
    TypedSignature,
)
from portal.store.agreements import AgreementPaper
from portal.vocabulary import Category, Direction
from tests.people import NOW, Cast

SCAN = b"%PDF-1.7 both signatures"
A_SIDE = TypedSignature("Sue Perin", attests=True)
B_SIDE = TypedSignature("Alma River", attests=True)
PARTNER, DISTRICT = 1, 2
"""The places of the two signatures: the partner signs first."""


def lines(*categories: Category, way: Direction = Direction.A_TO_B) -> tuple[Line, ...]:
    return tuple(Line(way, category) for category in categories)


BOTH_WAYS = (
    *lines(Category.ATTENDANCE, Category.VISITS),
    *lines(Category.SERVICE_STATUS, way=Direction.B_TO_A),
)


def terms_of(cast: Cast, **changes: Any) -> PartnerTerms:
    """Riverside's: attendance and visits out, service status in."""
    terms = PartnerTerms(
        agency_id=cast.riverside.id,
        services=(Service("Individual counseling", sites=("North School",), days="Tuesdays"),),
        lines=BOTH_WAYS,
        liaison=Contact("Rita River", "rita@example.org"),
        signers=(Signer("Alma River", "Executive Director", email="alma@example.org"),),
    )
    return replace(terms, **changes)


def a_content(cast: Cast, partner: dict[str, Any] | None = None, **changes: Any) -> Content:
    """From the day of the tests to 30 June, with the usual clauses."""
    content = Content(
        starts_on=date(2026, 11, 20),
        ends_on=date(2027, 6, 30),
        review_on=date(2027, 3, 1),
        schools=("North School", "South School"),
        partners=(terms_of(cast, **(partner or {})),),
        district_signers=(Signer("Sue Perin", "Superintendent", email="sue@example.org"),),
        district_liaison=Contact("Dina Desk", "dina@example.org", "203-555-0100"),
        records_contact=Contact("Dina Desk", "records@example.org"),
    )
    content = replace(content, **changes)
    if "clauses" in changes:
        return content
    return replace(content, clauses=SHIPPED.usual(content))


def on_paper(**changes: Any) -> PaperSignature:
    """The executive director's signature of the day of the tests."""
    signature = PaperSignature("Alma River", "Executive Director", date(2026, 11, 20), SCAN)
    return replace(signature, **changes)


def drafted(
    cast: Cast, content: Content | None = None, key: str = "k1", **changes: Any
) -> AgreementPaper:
    """Written by Dina."""
    content = content or a_content(cast, **changes)
    return drafting.begin(cast.session, cast.who(cast.dina), content, NOW, key)


def issued(cast: Cast, content: Content | None = None, **changes: Any) -> AgreementPaper:
    """Written and issued by Dina."""
    paper = drafted(cast, content, **changes)
    return issuing.issue(cast.session, cast.who(cast.dina), paper.id, NOW)


def signed(
    cast: Cast, content: Content | None = None, at: datetime = NOW, **changes: Any
) -> AgreementPaper:
    """Signed by Alma and by Sue, each typing their name."""
    paper = issued(cast, content, **changes)
    return signed_by_both(cast, paper, at)


def signed_by_both(cast: Cast, paper: AgreementPaper, at: datetime = NOW) -> AgreementPaper:
    """An issued one, signed by Alma and then by Sue."""
    alma, sue = cast.who(cast.alma), cast.who(cast.sue)
    signing.sign(cast.session, alma, paper.id, PARTNER, B_SIDE, at)
    return signing.sign(cast.session, sue, paper.id, DISTRICT, A_SIDE, at)


def status(cast: Cast, paper: AgreementPaper, at: datetime = NOW) -> object:
    """Where it stands."""
    return queries.status(cast.session, paper, at)
