"""Tell the superintendent and the administrators at once that an emergency was declared."""

from __future__ import annotations

import uuid
from datetime import datetime

from portal import mail
from portal.access.actor import Actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.config import settings
from portal.monitoring import emergencies, queries

SUBJECT = "A record was opened in an emergency"
TEXT = """Somebody on your staff opened a record in a health or safety emergency.

A second person reviews it within one working day. See who, and why, in the portal:

{address}/watch_use

This message names nobody, because mail can be read by others.
"""
NOT_TOLD = "No mail could be sent: tell the superintendent yourself, now."


def tell(me: Actor, grant_id: uuid.UUID, at: datetime) -> str:
    """Mail it, once it is written down. What the opener must do instead, where nobody was told.

    Opening never waits for a mail.
    """
    with unit_of_work(reading()) as session:
        told = queries.watchers(session, me.organization_id, at, but=[me.id])
    text = TEXT.format(address=settings().public_url)
    sent = [mail.sent(watcher.address, SUBJECT, text) for watcher in told]
    if not any(sent):
        return NOT_TOLD
    with unit_of_work() as session:
        emergencies.mailed(session, me, grant_id, at)
    return ""
