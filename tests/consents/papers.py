"""A complete consent to be, as a test's one call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from portal.consents import service
from portal.consents.drafts import ConsentDraft, PaperConsent, TypedConsent
from portal.store.consents import Consent
from portal.vocabulary import Category, Purpose, SignerKind
from tests.people import NOW, Cast

SCAN = b"\x89PNG\r\n\x1a\n a photograph of the signed form"
TYPED = TypedConsent("Maria Sample", attests=True)
BY_HAND = PaperConsent(date(2026, 11, 18), SCAN)


def a_draft(cast: Cast, **changes: Any) -> ConsentDraft:
    """Maria lets Riverside see Luis's visits and attendance to the end of the school year."""
    draft = ConsentDraft(
        student_id=cast.luis.id,
        agency_id=cast.riverside.id,
        categories=frozenset({Category.VISITS, Category.ATTENDANCE}),
        purposes=frozenset({Purpose.COORDINATE}),
        records_from=date(2026, 1, 1),
        starts_on=date(2026, 11, 20),
        ends_on=date(2027, 6, 30),
        signer_kind=SignerKind.GUARDIAN,
        signer_id=cast.maria.id,
        signature=TYPED,
        checked=True,
    )
    return replace(draft, **changes)


def recorded(cast: Cast, **changes: Any) -> Consent:
    """Recorded by Ana."""
    ana, draft = cast.who(cast.ana), a_draft(cast, **changes)
    [consent] = service.record(cast.session, ana, [draft], NOW, "k1")
    return consent
