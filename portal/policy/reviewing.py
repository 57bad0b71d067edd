"""The periodic reviews: when they are due, who decides about whom, what is kept in one go.

Policy, Proper Use 5 and 6: records of those who use the system are maintained and monitored, and
its data is reviewed and brought up to date at regular times. The policy names no period; ours is
the calendar quarter, so that nobody who changed their work keeps access for a school year.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.vocabulary import ReviewKind, Role

DUE_AFTER = timedelta(days=30)
"""After a review opened."""

WITHDRAW_AFTER = timedelta(days=30)
"""After it was due: from then on what nobody decided is listed to be withdrawn, by a person."""

LATELY = timedelta(days=90)
"""Who used their access within these days may be kept together with others on a page."""

STATEMENTS = {
    ReviewKind.ACCESS: (
        "Only authorized staff shall be given access to the database. The levels of access for "
        "each individual shall be established by the Superintendent of Schools. I have looked at "
        "every person, grant and service account of this review, and what is kept is needed for "
        "their work."
    ),
    ReviewKind.DATA: (
        "The Superintendent of Schools shall establish procedures for the regular, periodic "
        "review, and updating of data contained in the information management system. I have "
        "looked at every line of this review, and what was found is settled as it says."
    ),
}
"""What is signed: the district's policy (Proper Use 2 and 6), and what it means here."""


OVERSEEN = (Role.DISTRICT_ADMIN, Role.SUPERINTENDENT)
"""About whom a superintendent decides; about everybody else an administrator does."""


def quarter_of(day: date) -> str:
    """2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def due_on(opened: date) -> date:
    """By when a review that opened on this day is to be signed off."""
    return opened + DUE_AFTER


def is_overdue(due: date, today: date) -> bool:
    """Is it past the day it was due?"""
    return today > due


def is_to_withdraw(due: date, today: date) -> bool:
    """Has it waited so long that what nobody decided is listed to be withdrawn?"""
    return today > due + WITHDRAW_AFTER


def was_used_lately(last_used: datetime | None, at: datetime) -> bool:
    """May it be kept in one go with others? Not what nobody has used for 90 days."""
    return last_used is not None and last_used > at - LATELY


def may_decide(user: str, role: Role, about: str, about_role: Role | None) -> Decision:
    """May they keep, change or remove this person, or what this person was granted?

    The responsible administrator decides, and nobody about oneself. About an administrator the
    superintendent decides too, so that a district with one has somebody who can; and about
    another superintendent, whose account no administrator ends (`policy.people`).
    about, about_role: of the person concerned; empty and None for a thing that is nobody's.
    """
    reasons = []
    oversees = role is Role.SUPERINTENDENT and about_role in OVERSEEN
    if role is not Role.DISTRICT_ADMIN and not oversees:
        reasons.append(Reason.NO_SUCH_TASK)
    if user == about:
        reasons.append(Reason.ABOUT_ONESELF)
    return refuse(reasons) if reasons else _yes()


def may_sign_off(role: Role) -> Decision:
    """May they sign a review off once every line of it is decided?"""
    return _yes() if role is Role.DISTRICT_ADMIN else refuse([Reason.NO_SUCH_TASK])


def _yes() -> Decision:
    return allow(Basis(BasisKind.OWN, (), FULL))
