"""What happened to a referral, kept beside it: every step, by whom, from where to where, why.

Rows are only ever added, in the transaction of the step itself. The trail tells who saw what;
this tells both sides how the referral went.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.errors import NotReady
from portal.referrals import rules
from portal.referrals.rules import Side
from portal.store.records import Referral, ReferralEvent
from portal.vocabulary import ReferralEventKind, ReferralStatus


def move(
    session: Session,
    referral: Referral,
    kind: ReferralEventKind,
    to: ReferralStatus,
    side: Side,
    at: datetime,
    by: Actor | None,
    *,
    reason: str = "",
    note: str = "",
) -> None:
    """Set the status as the table allows, and write the step down. by: None for a mailed link.

    Raises NotReady when this side cannot set it. The reason for a hold goes with the hold.
    """
    found = rules.move_problems(referral.status, to, side)
    if found:
        raise NotReady(found)
    was, referral.status = referral.status, to
    if to is not ReferralStatus.ON_HOLD:
        referral.hold_reason = ""
    happened(session, referral, kind, at, by, was=was, reason=reason, note=note)


def happened(
    session: Session,
    referral: Referral,
    kind: ReferralEventKind,
    at: datetime,
    by: Actor | None,
    *,
    was: ReferralStatus | None = None,
    reason: str = "",
    note: str = "",
) -> None:
    """Write down a step. was: the status before it, where the step set one; by: None for a link.

    reason: the code of a closed list; note: as typed by a person.
    """
    id_: uuid.UUID | None = None if by is None else by.id
    event = ReferralEvent(
        referral_id=referral.record_id,
        kind=kind,
        at=at,
        by_id=id_,
        by_link=by is None,
        from_status=was,
        to_status=None if was is None else referral.status,
        reason=reason,
        note=note.strip(),
    )
    session.add(event)
    session.flush()
