"""A complete agreement to be, and the steps that bring it into force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from portal.agreements import service
from portal.agreements.drafts import (
    AgreementDraft,
    Contact,
    Line,
    PaperSignature,
    Signer,
    Terms,
    TypedSignature,
)
from portal.store.papers import Agreement
from portal.vocabulary import Category, Direction
from tests.people import NOW, Cast

SCAN = b"%PDF-1.7 both signatures"
A_SIDE = TypedSignature("Sue Perin", attests=True)
B_SIDE = TypedSignature("Alma River", attests=True)

TERMS = Terms(
    schools=("North School", "South School"),
    services=("Individual counseling, at school",),
    district_signer=Signer("Sue Perin", "Superintendent"),
    partner_signer=Signer("Alma River", "Executive Director"),
    district_liaison=Contact("Dina Desk", "dina@example.org", "203-555-0100"),
    partner_liaison=Contact("Rita River", "rita@example.org"),
    records_contact=Contact("Dina Desk", "records@example.org"),
    review_on=date(2027, 3, 1),
)


def lines(*categories: Category, way: Direction = Direction.A_TO_B) -> tuple[Line, ...]:
    return tuple(Line(way, category) for category in categories)


def a_draft(cast: Cast, terms: dict[str, Any] | None = None, **changes: Any) -> AgreementDraft:
    """From the day of the tests to 30 June, attendance and visits out, service status in."""
    both_ways = (
        *lines(Category.ATTENDANCE, Category.VISITS),
        *lines(Category.SERVICE_STATUS, way=Direction.B_TO_A),
    )
    draft = AgreementDraft(
        agency_id=cast.riverside.id,
        starts_on=date(2026, 11, 20),
        ends_on=date(2027, 6, 30),
        lines=both_ways,
        terms=replace(TERMS, **(terms or {})),
    )
    return replace(draft, **changes)


def on_paper(**changes: Any) -> PaperSignature:
    """The executive director's signature of the day of the tests."""
    signature = PaperSignature("Alma River", "Executive Director", date(2026, 11, 20), SCAN)
    return replace(signature, **changes)


def drafted(cast: Cast, **changes: Any) -> Agreement:
    """Written by Dina."""
    return service.draft(cast.session, cast.who(cast.dina), a_draft(cast, **changes), NOW, "k1")


def issued(cast: Cast, **changes: Any) -> Agreement:
    """Written and issued by Dina."""
    agreement = drafted(cast, **changes)
    return service.issue(cast.session, cast.who(cast.dina), agreement.id, NOW)


def signed(cast: Cast, **changes: Any) -> Agreement:
    """Signed by Sue and by Alma, each typing their name."""
    agreement = issued(cast, **changes)
    service.sign_for_district(cast.session, cast.who(cast.sue), agreement.id, A_SIDE, NOW)
    service.sign_for_partner(cast.session, cast.who(cast.alma), agreement.id, B_SIDE, NOW)
    return agreement
