"""Who may undo what they just wrote, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse

UNDO_WITHIN = timedelta(minutes=10)


def may_undo(user: str, author: str | None, written_at: datetime | None, at: datetime) -> Decision:
    """May this user take back, at `at`, what `author` wrote at `written_at`?

    Ids are text. Ten minutes, the last instant excluded; after that a record is
    corrected with a reason, its old value kept, never taken back.
    """
    reasons = []
    if user != author:
        reasons.append(Reason.NOT_THE_AUTHOR)
    if written_at is None or at >= written_at + UNDO_WITHIN:
        reasons.append(Reason.TOO_LATE_TO_UNDO)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL))
