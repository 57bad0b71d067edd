"""The daily mail: how much is due, and where to see it. It names no student and no paper.

with unit_of_work() as session:
    letter = digest.write(session, me, lines, at)     # written down …
if letter:
    mail.send(letter.to, letter.subject, letter.text)  # … committed, then mailed
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import once, trail
from portal.access.actor import Actor
from portal.config import settings
from portal.notifications import queries, service

URGENT = "urgent.mailed"


@dataclass(frozen=True)
class Line:
    """Something that is due, so many times: one and many are whole sentences without a number."""

    count: int
    one: str
    many: str

    @property
    def text(self) -> str:
        """2 referrals await an answer."""
        return f"{self.count:,} {self.one if self.count == 1 else self.many}"


@dataclass(frozen=True)
class Letter:
    """A mail to one person. before: the day of the digest before this one."""

    user_id: uuid.UUID
    to: str
    subject: str
    text: str
    before: date | None = None
    referrals: tuple[uuid.UUID, ...] = ()


def write(session: Session, me: Actor, lines: Sequence[Line], at: datetime) -> Letter | None:
    """The mail of today, once a day and only when something is due; noted before it goes."""
    due = [line for line in lines if line.count]
    today = at.astimezone(ZoneInfo(me.tz)).date()
    row = queries.setting_of(session, me.id)
    before = row.last_digest_on if row else None
    if not due or (row and not row.digest) or before == today:
        return None
    service.setting(session, me).last_digest_on = today
    detail = {"lines": len(due)}
    trail.write(session, me, trail.Entry("digest.written", True, at, detail=detail))
    listed = "\n".join(f"- {line.text}" for line in due)
    return _letter(session, me, "What is due today", f"Today in the portal:\n\n{listed}", before)


def not_sent(session: Session, me: Actor, letter: Letter, at: datetime) -> None:
    """The mail server did not take it: it may be tried again today."""
    service.setting(session, me).last_digest_on = letter.before
    trail.write(session, me, trail.Entry("digest.not_sent", False, at))


def write_urgent(
    session: Session, me: Actor, referrals: Sequence[uuid.UUID], at: datetime
) -> Letter | None:
    """A mail at once, because nobody answered these urgent referrals; once for each of them."""
    row = queries.setting_of(session, me.id)
    if row and not row.urgent:
        return None
    new = tuple(
        key
        for key in referrals
        if once.first_result(session, me, URGENT, str(key), key, at) is None
    )
    if not new:
        return None
    trail.write(session, me, trail.Entry(URGENT, True, at, detail={"count": len(new)}))
    many = len(new) > 1
    what = f"{len(new):,} urgent referrals were" if many else "An urgent referral was"
    text = f"{what} not answered in time. See the page Referrals, and call the provider."
    letter = _letter(session, me, "An urgent referral waits", text, None)
    return Letter(letter.user_id, letter.to, letter.subject, letter.text, None, new)


def urgent_not_sent(session: Session, me: Actor, letter: Letter, at: datetime) -> None:
    """The mail server did not take it: the next run tries again."""
    for key in letter.referrals:
        once.forget(session, me, URGENT, str(key))
    trail.write(session, me, trail.Entry("urgent.not_sent", False, at))


def _letter(session: Session, me: Actor, subject: str, text: str, before: date | None) -> Letter:
    body = f"""{text}

Sign in to see more:

{settings().public_url}/

No student is named in this mail. You can switch it off in the portal: Today, My settings.
"""
    return Letter(me.id, queries.address_of(session, me.id), subject, body, before)
