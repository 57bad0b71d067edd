"""What a line of an agreement's schedule carries: for which purposes, on which ground.

A line refines M3 and never opens what the rest of the gate closes. Left as it is, it carries
its category for whatever the consent, or the law, names.
"""

from __future__ import annotations

from collections.abc import Set

from portal.policy.decision import BasisKind, Reason
from portal.policy.facts import AgreementFacts, ConsentFacts, LineFacts


def line_problems(line: LineFacts | None, ground: BasisKind, purposes: Set[str]) -> list[Reason]:
    """M3: what this line lacks to carry the ground for one of these purposes."""
    if line is None:
        return [Reason.NOT_IN_SCHEDULE]
    reasons = []
    if line.purposes and not line.purposes & purposes:
        reasons.append(Reason.PURPOSE_NOT_IN_AGREEMENT)
    if line.basis not in ("", ground):
        reasons.append(Reason.BASIS_NOT_IN_AGREEMENT)
    return reasons


def predates(consent: ConsentFacts, agreement: AgreementFacts, line: LineFacts | None) -> bool:
    """M3: was the consent signed before an agreement that added this line bound both sides?

    Amending an agreement upwards never widens a consent that the family had signed by then,
    however often it is renewed afterwards. Where a signature is missing, that is what closes it.
    """
    signed = consent.signed_at
    if line is None or signed is None:
        return False
    instants = (agreement.bound_at if line.added else None, line.since)
    return any(signed < instant for instant in instants if instant is not None)


def carries(agreement: AgreementFacts, consent: ConsentFacts, purposes: Set[str]) -> bool:
    """Does any line let this consent open what it ticks, for one of these purposes?"""
    schedule = agreement.schedule(consent.discloser, consent.recipient) or {}
    return any(
        category in consent.categories
        and not line_problems(line, BasisKind.CONSENT, purposes)
        and not predates(consent, agreement, line)
        for category, line in schedule.items()
    )
