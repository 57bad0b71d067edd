"""Consents to be written as FHIR, as a test's one call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from portal.consents.fhir.values import ByEvent, Happened, Paper, Party, Person, Scope, Signer, Told
from portal.policy.notices import notices_for
from portal.policy.spans import Span
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    ConsentStatus,
    Detail,
    IdentityCheck,
    Instrument,
    Purpose,
    SignatureMethod,
    SignerKind,
)

START = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
END = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)
DISTRICT = Party("Harbor Point Public Schools", "11111111-1111-4111-8111-111111111111", "0990011")
RIVERSIDE = Party("Riverside Clinic", "22222222-2222-4222-8222-222222222222")


def a_scope(**changes: Any) -> Scope:
    """Visits and attendance, from the district to Riverside, to the end of the school year."""
    scope = Scope(
        discloser=DISTRICT,
        recipient=RIVERSIDE,
        categories=frozenset({Category.VISITS, Category.ATTENDANCE}),
        special=frozenset(),
        purposes=frozenset({Purpose.COORDINATE}),
        records=Span(datetime(2026, 1, 5, 5, 0, tzinfo=UTC), END),
        span=Span(START, END),
    )
    return replace(scope, **changes)


def told(scope: Scope | None = None, **changes: Any) -> Told:
    """Maria's consent for Luis, typed on the screen, in force."""
    sample = Told(
        id="33333333-3333-4333-8333-333333333333",
        number="C-234567",
        status=ConsentStatus.ACTIVE,
        instrument=Instrument.FERPA,
        scope=scope or a_scope(),
        student="Luis Sample",
        born=date(2013, 5, 5),
        signer=Signer(SignerKind.GUARDIAN, "Maria Sample", "Parent"),
        signed_at=START,
        changed_at=START,
        tz="America/New_York",
        method=SignatureMethod.TYPED,
        identity_check=IdentityCheck.IN_PERSON,
        paper=Paper(
            "Consent C-234567, as signed", "application/pdf", b"\x01" * 20, "ab" * 32, START
        ),
        verify_url="https://portal.example.org/verify/ABCD-EFGH-JKLM",
    )
    return replace(sample, **changes)


def everything() -> Told:
    """A consent in which every field of ours says something."""
    scope = a_scope(
        categories=frozenset({Category.VISITS, Category.ATTENDANCE, Category.HIV, Category.SUD}),
        special=frozenset({Category.HIV}),
        purposes=frozenset(Purpose),
        detail=Detail.SUMMARY,
        people=(Person("Rita River", "44444444-4444-4444-8444-444444444444"),),
        by_event=ByEvent("Luis leaves Riverside", datetime(2027, 3, 1, 5, 0, tzinfo=UTC)),
        withdrawn={Category.ATTENDANCE: START},
        happened=(Happened(ConsentEventKind.HELD, START, END),),
    )
    return told(
        scope,
        part2=True,
        notices=notices_for(scope.categories, instrument=Instrument.FERPA, part2=True),
    )


FAR_SPAN = Span(datetime(2026, 11, 20, 5, 0, tzinfo=UTC), datetime(2199, 7, 1, 4, 0, tzinfo=UTC))
"""For what asks the real clock."""
