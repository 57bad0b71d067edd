"""Who may correct, remove, restore and approve a record, and who decides a request to amend it.

Whether the record is open to them at all is the gate's answer, asked first. An author corrects
what the author wrote. Nobody else touches it, with one exception: whoever may decide a family's
request to amend a record (34 CFR 99.20) writes what was decided into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.errors import Problem
from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.undo import may_undo
from portal.vocabulary import Role

DECIDING = frozenset({Role.PRINCIPAL, Role.DISTRICT_ADMIN})
"""Who approves a record and who answers a request to amend one."""

ADMINISTRATORS = frozenset({Role.DISTRICT_ADMIN})
"""Who removes what others wrote, and restores what was removed."""

AMEND_WITHIN = timedelta(days=45)
"""Our own clock for a decision. 34 CFR 99.20(b) asks for "a reasonable time" and names no days;
45 days is what 99.10(b) allows at most for showing a record."""

LONGEST_REASON = 500


@dataclass(frozen=True)
class Written:
    """A record as these rules see it: ids as text, author None when an import brought it."""

    author: str | None
    written_at: datetime | None
    removed_by: str = ""
    removed_at: datetime | None = None


def needs_reason(user: str, written: Written, at: datetime) -> bool:
    """Must a change say why? Not the author's own within ten minutes: those are slips."""
    return not may_undo(user, written.author, written.written_at, at)


def may_edit(user: str, role: Role, written: Written, *, asked: bool = False) -> Decision:
    """May this user change what the record says? asked: a request to amend it is open."""
    if user == written.author or (asked and role in DECIDING):
        return _yes()
    return refuse([Reason.NOT_THE_AUTHOR])


def may_remove(user: str, role: Role, written: Written) -> Decision:
    """May this user take the whole record away? Nothing is deleted: it opens to nobody."""
    if user == written.author or role in ADMINISTRATORS:
        return _yes()
    return refuse([Reason.NOT_THE_AUTHOR])


def may_restore(user: str, role: Role, written: Written, at: datetime) -> Decision:
    """May this user bring a removed record back? For ten minutes whoever removed it."""
    undone = may_undo(user, written.removed_by or None, written.removed_at, at)
    return _yes() if role in ADMINISTRATORS else undone


def may_approve(user: str, role: Role, written: Written) -> Decision:
    """May this user be the second person who approves it?"""
    reasons = []
    if role not in DECIDING:
        reasons.append(Reason.NO_SUCH_TASK)
    if user == written.author:
        reasons.append(Reason.OWN_RECORD)
    return refuse(reasons) if reasons else _yes()


def may_decide(user: str, role: Role, written: Written) -> Decision:
    """May this user answer a request to amend the record, which is not their own?"""
    return may_approve(user, role, written)


def may_record_hearing(user: str, role: Role, written: Written, decided_by: str) -> Decision:
    """May this user write down what a hearing decided?

    Not who has a direct interest in its outcome (34 CFR 99.22(c)): neither the author of the
    record nor whoever refused to amend it.
    """
    reasons = [] if role in DECIDING else [Reason.NO_SUCH_TASK]
    if user in (written.author, decided_by):
        reasons.append(Reason.OWN_RECORD)
    return refuse(reasons) if reasons else _yes()


def due_on(asked_on: date) -> date:
    """By when a request is to be decided."""
    return asked_on + AMEND_WITHIN


def reason_problems(reason: str, *, needed: bool, field: str = "Reason") -> list[Problem]:
    """What is wrong with a reason that is kept for good."""
    told = reason.strip()
    if needed and not told:
        return [Problem("No reason is given.", "Say in a few words why.", field)]
    if len(told) > LONGEST_REASON:
        many = f"The reason has {len(told):,} characters."
        return [Problem(many, f"Shorten it to {LONGEST_REASON}.", field)]
    if "\x00" in told:
        return [Problem("The reason has an invisible character.", "Type it again.", field)]
    return []


def _yes() -> Decision:
    return allow(Basis(BasisKind.OWN, (), FULL))
