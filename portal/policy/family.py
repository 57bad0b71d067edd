"""What somebody without an account may do: a family member who came in by a link.

A link reveals nothing by itself. Whoever holds it proves who they are (the student's birth date,
and a code told apart where staff asked for one), within a few tries; the pass that this gives
runs out when nothing is done. Then they may see and sign what the holder of the educational
rights may (34 CFR 99.3, 99.5, 99.10), for as long as they hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.facts import Facts
from portal.policy.rights import LIMITS_CONSENT, is_eligible
from portal.vocabulary import KIND_OF_FORM, SUBJECT_ONLY, CourtRight, FormKind, SignerKind

TRIES = 5
"""Wrong proofs before a link is locked; then staff make a new one."""

TRIES_OF_AN_ADDRESS = 50
"""In an hour, over all links: a whole school may share one address."""

PASS_MINUTES = 30
"""Of doing nothing, before one proves again who one is; what was filled in is kept."""

LIMITS_ACCESS = frozenset({CourtRight.ACCESS, CourtRight.BOTH})


@dataclass(frozen=True)
class LinkFacts:
    """A link as it stands."""

    expires_at: datetime
    ended_at: datetime | None = None
    locked_at: datetime | None = None


def may_open(link: LinkFacts | None, at: datetime) -> Decision:
    """Does this link lead anywhere at this instant?"""
    if link is None:
        return refuse([Reason.LINK_UNKNOWN])
    reasons = []
    if link.ended_at is not None and link.ended_at <= at:
        reasons.append(Reason.LINK_USED)
    if link.expires_at <= at:
        reasons.append(Reason.LINK_EXPIRED)
    if link.locked_at is not None:
        reasons.append(Reason.LINK_LOCKED)
    return refuse(reasons) if reasons else _yes()


def may_go_on(pass_until: datetime | None, at: datetime) -> Decision:
    """Is the pass still good?"""
    if pass_until is None or pass_until <= at:
        return refuse([Reason.PASS_ENDED])
    return _yes()


def pass_end(at: datetime) -> datetime:
    """Until when a pass is good that was last used at `at`."""
    return at + timedelta(minutes=PASS_MINUTES)


def may_sign_for(facts: Facts, kind: SignerKind, signer: str, at: datetime) -> Decision:
    """May this person sign for this student at this instant?

    A student of any age may: for which kinds of record, the gate's rule says.
    """
    if kind is SignerKind.STUDENT:
        own = signer == facts.student.id
        return _yes() if own else refuse([Reason.SIGNER_NOT_HOLDER])
    return _guardian_holds(facts, signer, LIMITS_CONSENT, at)


def may_sign_form(
    facts: Facts, kind: SignerKind, signer: str, form: FormKind, at: datetime
) -> Decision:
    """The same for a form of this kind: a single-purpose one is about one kind of record.

    Only the student may share their own care (42 CFR 2.14); under 18, a student shares no other.
    """
    about, decision = KIND_OF_FORM.get(form), may_sign_for(facts, kind, signer, at)
    if about is None or not decision:
        return decision
    if kind is SignerKind.GUARDIAN and about in SUBJECT_ONLY:
        return refuse([Reason.MINOR_SIGNATURE_NEEDED])
    grown = kind is SignerKind.GUARDIAN or is_eligible(facts.student, at)
    return decision if grown or about in SUBJECT_ONLY else refuse([Reason.SIGNER_NOT_HOLDER])


def may_see_of(facts: Facts, kind: SignerKind, signer: str, at: datetime) -> Decision:
    """May this person see this student's record, and who else has seen it (34 CFR 99.10)?"""
    if kind is SignerKind.STUDENT:
        own = signer == facts.student.id and is_eligible(facts.student, at)
        return _yes() if own else refuse([Reason.SIGNER_NOT_HOLDER])
    return _guardian_holds(facts, signer, LIMITS_ACCESS, at)


def may_keep_an_eye_on(facts: Facts, kind: SignerKind, signer: str, at: datetime) -> Decision:
    """May this person look after what they signed for this student?

    A student under 18 may, of what they signed themselves (42 CFR 2.14; CGS 19a-14c).
    """
    if kind is SignerKind.STUDENT:
        own = signer == facts.student.id
        return _yes() if own else refuse([Reason.SIGNER_NOT_HOLDER])
    return may_see_of(facts, kind, signer, at)


def may_know_of(
    reader: tuple[SignerKind, str], signer: tuple[SignerKind, str], category: str, sees: Decision
) -> Decision:
    """May a reader be told of this kind of record on a consent that `signer` signed?

    reader, signer: kind and id. sees: `may_see_of` for this reader. What a student alone may
    share, a parent is not told of; a student under 18 is told of what they signed, and no more.
    """
    if reader == signer:
        return _yes()
    if not sees:
        return sees
    if reader[0] is SignerKind.GUARDIAN and category in SUBJECT_ONLY:
        return refuse([Reason.MINOR_SIGNATURE_NEEDED])
    return _yes()


def _guardian_holds(
    facts: Facts, signer: str, limits: frozenset[CourtRight], at: datetime
) -> Decision:
    reasons = []
    if is_eligible(facts.student, at):
        reasons.append(Reason.HOLDER_CHANGED)
    held = (g for g in facts.guardianships if g.guardian == signer)
    if not any(g.rights.contains(at) for g in held):
        reasons.append(Reason.SIGNER_NOT_HOLDER)
    orders = (o for o in facts.orders if o.guardian == signer and o.limits in limits)
    if any(order.span.contains(at) for order in orders):
        reasons.append(Reason.ORDER_LIMITS_SIGNER)
    return refuse(reasons) if reasons else _yes()


def _yes() -> Decision:
    return allow(Basis(BasisKind.OWN, (), FULL))
