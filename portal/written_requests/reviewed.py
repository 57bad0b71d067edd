"""What a review of access removes of what a written request gave, with the letter about its end.

The review and the requests do not know one another; the page that shows a review joins the two in
one transaction, and `reviewing.service.remove` refuses while such a grant is open.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.policy.reviewing import may_decide
from portal.policy.tasks import Task
from portal.store.oversight import AccessRequest, UnnamedGrant
from portal.store.people import AccessGrant, User
from portal.written_requests import deciding, queries
from portal.written_requests.deciding import Mail
from portal.written_requests.service import NO_REQUEST


def end_grant(
    session: Session, me: Actor, grant_id: uuid.UUID, reason: str, at: datetime
) -> Mail | None:
    """End one grant of a request now; with the last of them the request, by its letter.

    For whoever decides in the review about the person who has it. The mail to send once this is
    saved; None while another grant of the request is open, when this one is over already, and
    when no request gave it, which leaves it as it is. Raises NotFound for another district's.
    """
    me.may(Task.REVIEW_ACCESS).or_refuse()
    grant = session.get(AccessGrant, grant_id) or session.get(UnnamedGrant, grant_id)
    if grant is None or grant.request_id is None or not ends_later(grant, at):
        return None
    row = session.get_one(AccessRequest, grant.request_id, with_for_update=True)
    if row.organization_id != me.organization_id:
        raise NO_REQUEST
    whose = session.get_one(User, grant.user_id)
    may_decide(str(me.id), me.role, str(whose.id), whose.role).or_refuse()
    grant.ends_at = at
    session.flush()
    if any(ends_later(one, at) for one in queries.open_grants(session, row.id, at)):
        return None
    return deciding.finish(session, me, row, reason, at)


def ends_later(grant: AccessGrant | UnnamedGrant, at: datetime) -> bool:
    """Is it open, or will it be?"""
    return grant.ends_at is None or grant.ends_at > max(at, grant.starts_at)


def notified(session: Session, me: Actor, told: Mail, at: datetime) -> None:
    """Write down that the mail about the end went; for whoever ended it."""
    row = session.get_one(AccessRequest, told.request_id)
    if queries.ended_by(session, row.id) != me.id:
        raise NO_REQUEST
    deciding.tell(session, me, row, at)
