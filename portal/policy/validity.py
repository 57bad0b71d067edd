"""Is this consent valid as a paper, and has nothing happened to it since? Each failure its code.

Asked at every use, by whatever route the row was written: a form that lacks what the law asks
for opens nothing, even when somebody has stored it. `access.visible` says the same as a SELECT.

34 CFR 99.30; 45 CFR 164.508(b)(2); 42 CFR 2.31; CGS 52-146e, 52-146p, 19a-14c, 17a-688.
"""

from __future__ import annotations

from datetime import datetime

from portal.policy.decision import Reason
from portal.policy.facts import ConsentFacts, OrganizationFacts, PaperFacts
from portal.policy.statements import required
from portal.vocabulary import ELECTRONIC, FormKind, SignatureMethod, SignerKind


def time_problems(consent: ConsentFacts, at: datetime) -> list[Reason]:
    """C5 and what happened since: signed, begun, not over, not held."""
    reasons = _signature_problems(consent, at)
    if at < consent.span.start:
        reasons.append(Reason.NOT_YET_EFFECTIVE)
    if _come(consent.span.end, at) or _come(consent.life.ended_at, at):
        reasons.append(Reason.EXPIRED)
    if _review_due(consent, at):
        reasons.append(Reason.EVENT_PENDING_REVIEW)
    if _come(consent.revoked_at, at):
        reasons.append(Reason.REVOKED)
    if any(hold.contains(at) for hold in consent.life.holds):
        reasons.append(Reason.REVOCATION_HOLD)
    if _come(consent.life.superseded_at, at):
        reasons.append(Reason.SUPERSEDED)
    if _come(consent.life.known_false_at, at):
        reasons.append(Reason.KNOWN_FALSE)
    return reasons


def _come(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at


def _signature_problems(consent: ConsentFacts, at: datetime) -> list[Reason]:
    if consent.signed_at is None and consent.paper.method is not None:
        return [Reason.NOT_DATED]
    if consent.signed_at is None or at < consent.signed_at:
        return [Reason.NOT_SIGNED]
    on_paper = consent.paper.method is SignatureMethod.PAPER
    if on_paper and not _come(consent.life.confirmed_at, at):
        return [Reason.NOT_CONFIRMED]
    return []


def _review_due(consent: ConsentFacts, at: datetime) -> bool:
    """An event ends it, and nobody has looked of late whether it has happened."""
    due = consent.life.review_at
    if due is None or at < due:
        return False
    return not any(review.contains(at) for review in consent.life.reviews)


def paper_problems(
    consent: ConsentFacts, discloser: OrganizationFacts, user: str, category: str, at: datetime
) -> list[Reason]:
    """What the paper lacks for this kind of record, given by this discloser to this user."""
    reasons = [*_named_problems(consent, user), *_form_problems(consent.paper, at)]
    if _come(consent.life.withdrawn.get(category), at):
        reasons.append(Reason.REVOKED)
    if consent.paper.method in ELECTRONIC and not consent.paper.identity_checked:
        reasons.append(Reason.SIGNATURE_UNAUTHENTICATED)
    if any(signed is None or at < signed for signed in consent.paper.cosigners):
        reasons.append(Reason.ALL_FAMILY_NEEDED)
    return reasons + _health_problems(consent, discloser, category)


def _named_problems(consent: ConsentFacts, user: str) -> list[Reason]:
    if not consent.recipient:
        return [Reason.NO_RECIPIENT]
    if consent.named and user not in consent.named:
        return [Reason.RECIPIENT_NOT_NAMED]
    return []


def _form_problems(paper: PaperFacts, at: datetime) -> list[Reason]:
    reasons = []
    if paper.form is not FormKind.STANDARD:
        reasons.append(Reason.COMPOUND)
    if _come(paper.recalled_at, at):
        reasons.append(Reason.FORM_SUPERSEDED)
    if not paper.text_matches:
        reasons.append(Reason.TEXT_MISMATCH)
    return reasons


def _health_problems(
    consent: ConsentFacts, discloser: OrganizationFacts, category: str
) -> list[Reason]:
    """What HIPAA, Part 2 and Connecticut ask for where their records are given."""
    reasons = [
        Reason(f"MISSING_STATEMENT:{statement}")
        for statement in required(category, hipaa=discloser.hipaa, part2=discloser.part2)
        if statement not in consent.paper.statements
    ]
    by_guardian = consent.signer_kind is SignerKind.GUARDIAN
    if discloser.hipaa and by_guardian and not consent.paper.authority.strip():
        reasons.append(Reason.MISSING_AUTHORITY)
    return reasons
