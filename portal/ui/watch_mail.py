"""Tell administrators by mail that unusual use waits; it names nobody."""

from __future__ import annotations

import uuid
from datetime import datetime

from portal import mail
from portal.access.unit_of_work import unit_of_work
from portal.config import settings
from portal.monitoring import queries
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching import service as watching
from portal.policy.tasks import Task, may_do

SUBJECT = "Unusual use of the portal waits to be looked at"
TEXT = """{count} of unusual use of the portal waits to be looked at:

{address}/{page}

This message names nobody, because mail can be read by others. Unusual is not yet improper.
"""


def tell(organization_id: uuid.UUID, at: datetime) -> int:
    """Mail whoever looks after this organization's worklist of new findings; how many took it.

    Each finding is told once. Without a mail server, or when it takes nothing, the next run
    tries again; the page and the daily mail tell of them all the same.
    """
    with unit_of_work() as session:
        new = len(usage.untold(session, organization_id))
        told = queries.watchers(session, organization_id, at)
    if not new or not settings().smtp_url or not settings().mail_from:
        return 0
    count = "1 finding" if new == 1 else f"{new} findings"
    sent = 0
    for watcher in told:
        page = "watch_use" if may_do(watcher.role, Task.WATCH_USE) else "watch_our_use"
        text = TEXT.format(count=count, address=settings().public_url, page=page)
        sent += mail.sent(watcher.address, SUBJECT, text)
    if sent:
        with unit_of_work() as session:
            watching.told(session, usage.untold(session, organization_id), at)
    return sent
