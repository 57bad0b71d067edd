"""A person's calendar as an iCalendar file (RFC 5545): whole days, and initials at most."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from portal.access import actor, trail
from portal.config import settings
from portal.errors import NotFound
from portal.notifications import queries, service
from portal.notifications.queries import CONSENT_ENDS, FIRST_APPOINTMENT, FOLLOW_UP, Date

TITLES = {
    FOLLOW_UP: "Follow-up (portal)",
    FIRST_APPOINTMENT: "First appointment (portal)",
    CONSENT_ENDS: "Consent ends (portal)",
}
LONGEST_SECRET = 100

NOBODYS = NotFound(
    "There is no calendar at this address.", "Make a new address in the portal, on My settings."
)


def calendar(session: Session, secret: str, at: datetime) -> bytes:
    """The calendar at this secret address, as the gate opens it to its owner now.

    Raises NotFound alike for an address that is nobody's, for one that was given up, and for
    that of somebody whose account has ended.
    """
    digest = service.hashed(secret[:LONGEST_SECRET])
    user_id: uuid.UUID | None = queries.of_feed(session, digest)
    me = actor.load(session, user_id, at) if user_id else None
    if me is None:
        raise NOBODYS
    dates, about = queries.dates(session, me, at)
    detail = {"count": len(dates)}
    trail.write(session, me, trail.Entry("calendar.read", True, at, about, detail=detail))
    return written(dates, at)


def written(dates: Iterable[Date], at: datetime) -> bytes:
    """The file. A program that has read it before knows an event again by its UID."""
    file = Calendar()
    file.add("prodid", "-//Student support portal//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", "Portal")
    for date in dates:
        file.add_component(_event(date, at))
    return bytes(file.to_ical())


def _event(date: Date, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{date.kind}-{date.key}@{settings().public_host}")
    event.add("dtstamp", at)
    event.add("dtstart", date.on)
    event.add("dtend", date.on + timedelta(days=1))
    event.add("summary", f"{TITLES[date.kind]}: {date.who}" if date.who else TITLES[date.kind])
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
