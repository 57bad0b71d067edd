"""Who holds the right to consent: a guardian, until the student is eligible.

34 CFR 99.3, 99.4, 99.5. An eligible student is 18, or attends a postsecondary
institution at any age. Substance-use records are the student's alone to share
(42 CFR 2.14, CGS 17a-688).
"""

from __future__ import annotations

from datetime import date, datetime

from portal.policy.decision import Reason
from portal.policy.facts import ConsentFacts, Facts, GuardianshipFacts, OrderFacts, StudentFacts
from portal.policy.spans import local_midnight
from portal.vocabulary import KIND_OF_FORM, SUBJECT_ONLY, CourtRight, SignerKind

MAJORITY_YEARS = 18


def majority_day(born: date) -> date:
    """The 18th birthday; for a child born on 29 February, 1 March.

    For a birth date so late that the calendar ends before, the calendar's last day.
    """
    if born.year + MAJORITY_YEARS > date.max.year:
        return date.max
    try:
        return born.replace(year=born.year + MAJORITY_YEARS)
    except ValueError:
        return date(born.year + MAJORITY_YEARS, 3, 1)


def majority_at(born: date, tz: str) -> datetime:
    """Local midnight at the start of the 18th birthday, in UTC."""
    return local_midnight(majority_day(born), tz)


def is_eligible(student: StudentFacts, t: datetime) -> bool:
    """Is this an eligible student at t? Without a birth date only attendance can tell."""
    if student.postsecondary is not None and student.postsecondary.contains(t):
        return True
    return student.born is not None and majority_at(student.born, student.tz) <= t


def kinds_of(consent: ConsentFacts) -> frozenset[str]:
    """The kinds of record by which it is asked who may sign this consent, and who may know of it.

    What is ticked; on a single-purpose form, on which nothing is, the kind that its notes are of.
    """
    kind = KIND_OF_FORM.get(consent.paper.form)
    return consent.categories if kind is None else consent.categories | {str(kind)}


LIMITS_CONSENT = frozenset({CourtRight.CONSENT, CourtRight.BOTH})


def signer_problems(
    consent: ConsentFacts, facts: Facts, category: str, at: datetime
) -> list[Reason]:
    """Why whoever signed had no right to, at signing or now; empty when they had and have it."""
    signed_at = consent.signed_at
    if signed_at is None:
        return []
    if facts.student.born is None:
        return [Reason.BIRTH_DATE_UNKNOWN]
    if consent.signer_kind is SignerKind.STUDENT:
        return _student_problems(consent, facts.student, category, signed_at, at)
    return _guardian_problems(consent, facts, category, signed_at, at)


def _student_problems(
    consent: ConsentFacts, student: StudentFacts, category: str, signed_at: datetime, at: datetime
) -> list[Reason]:
    if consent.signer != student.id:
        return [Reason.SIGNER_NOT_HOLDER]
    if category in SUBJECT_ONLY:
        return []
    if is_eligible(student, signed_at) and is_eligible(student, at):
        return []
    return [Reason.SIGNER_NOT_HOLDER]


def _guardian_problems(
    consent: ConsentFacts, facts: Facts, category: str, signed_at: datetime, at: datetime
) -> list[Reason]:
    problems = []
    if category in SUBJECT_ONLY:
        problems.append(Reason.MINOR_SIGNATURE_NEEDED)
    held = facts.guardianships
    if not any(_holds(g, consent, signed_at) and _holds(g, consent, at) for g in held):
        problems.append(Reason.SIGNER_NOT_HOLDER)
    if any(_limits(order, consent, (signed_at, at)) for order in facts.orders):
        problems.append(Reason.ORDER_LIMITS_SIGNER)
    if is_eligible(facts.student, signed_at) or is_eligible(facts.student, at):
        problems.append(Reason.HOLDER_CHANGED)
    return problems


def _limits(order: OrderFacts, consent: ConsentFacts, asked: tuple[datetime, ...]) -> bool:
    """Did this order limit the signer's right to consent, at signing or now (34 CFR 99.4)?"""
    of_the_signer = (order.guardian, order.student) == (consent.signer, consent.student)
    binding = order.limits in LIMITS_CONSENT
    return of_the_signer and binding and any(order.span.contains(t) for t in asked)


def _holds(held: GuardianshipFacts, consent: ConsentFacts, at: datetime) -> bool:
    """Is this the signer's right to this student's records, at `at`?"""
    return (
        held.guardian == consent.signer
        and held.student == consent.student
        and held.rights.contains(at)
    )
