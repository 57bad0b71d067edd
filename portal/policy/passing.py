"""When the right of whoever signed a consent passes to somebody else; the day is known ahead.

The eighteenth birthday, college, the end of custody and a court order hold a consent at that
very instant (`rights.signer_problems`, which the gate asks). Nothing is decided here: this finds
the instants at which that answer can change, so that a new signature is asked for in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.policy.decision import Reason
from portal.policy.facts import ConsentFacts, Facts
from portal.policy.rights import kinds_of, majority_at, signer_problems
from portal.policy.spans import Span
from portal.vocabulary import SignerKind


@dataclass(frozen=True)
class Passing:
    """From when the signer no longer holds the right, and why."""

    at: datetime
    reason: Reason


def passing(consent: ConsentFacts, facts: Facts, at: datetime, until: datetime) -> Passing | None:
    """The passing that holds the consent at `at`, or else the first one up to `until`.

    facts: the student, the guardianships and the orders are enough. None: the right stays.
    """
    signed = consent.signed_at
    if signed is None:
        return None
    turns = sorted([signed, *_instants(consent, facts)])
    now = _lost(consent, facts, at)
    if now is not None:
        since = (t for t in turns if signed <= t <= at and _lost(consent, facts, t))
        return Passing(next(since, signed), now)
    for turn in (t for t in turns if at < t <= until):
        reason = _lost(consent, facts, turn)
        if reason is not None:
            return Passing(turn, reason)
    return None


def _lost(consent: ConsentFacts, facts: Facts, at: datetime) -> Reason | None:
    """The weightiest reason for any kind of record on it; None while the signer holds them all.

    That only the student may share a kind is so from the first day, and passes to nobody.
    """
    reasons = {
        reason
        for category in kinds_of(consent)
        for reason in signer_problems(consent, facts, category, at)
        if reason is not Reason.MINOR_SIGNATURE_NEEDED
    }
    # That a signer is no holder follows from the other reasons, so it is named last.
    last = {Reason.SIGNER_NOT_HOLDER} if len(reasons) > 1 else set()
    return next((reason for reason in Reason if reason in reasons - last), None)


def _instants(consent: ConsentFacts, facts: Facts) -> Iterator[datetime]:
    """Every instant at which somebody's right to sign for this student begins or ends."""
    student = facts.student
    if student.born is not None:
        yield majority_at(student.born, student.tz)
    spans: list[Span] = [student.postsecondary] if student.postsecondary else []
    if consent.signer_kind is SignerKind.GUARDIAN:
        spans += [g.rights for g in facts.guardianships if g.guardian == consent.signer]
        spans += [o.span for o in facts.orders if o.guardian == consent.signer]
    for span in spans:
        yield span.start
        if span.end is not None:
            yield span.end
