"""What is due for somebody, told in numbers alone: for the daily mail.

It joins what several rooms know; whether anything is said at all, each of them decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.corrections.amendments import queries as amendments
from portal.notifications import queries as notices
from portal.notifications.digest import Line
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals import rules
from portal.referrals.following import queries as following
from portal.referrals.following.queries import Tab
from portal.referrals.rules import AWAITING_ANSWER
from portal.referrals.settings import settings_of


def lines(session: Session, me: Actor, at: datetime) -> list[Line]:
    """Everything that is due for this person today; no name, no number of a paper."""
    counts = notices.counts(session, me, at)
    overdue = slips = 0
    if me.may(Task.FOLLOW_REFERRALS):
        overdue = following.counts(session, me, at)[Tab.OVERDUE]
    if me.may(Task.ANSWER_REFERRAL):
        by_status = referrals.slip_counts(session, me, at)
        slips = sum(by_status.get(status, 0) for status in AWAITING_ANSWER)
    return [
        Line(counts.follow_ups, "follow-up is due", "follow-ups are due"),
        Line(overdue, "referral was not answered in time", "referrals were not answered in time"),
        Line(slips, "referral awaits your answer", "referrals await your answer"),
        Line(counts.handed_to_me, "student was handed over to you",
             "students were handed over to you"),
        Line(counts.consents_ending, "consent ends within two weeks",
             "consents end within two weeks"),
        Line(counts.services_over, "service is past its estimated end",
             "services are past their estimated end"),
        Line(amendments.how_many_wait(session, me, at), "request to amend a record waits for you",
             "requests to amend a record wait for you"),
    ]  # fmt: skip


def urgent(session: Session, me: Actor, at: datetime) -> Sequence[uuid.UUID]:
    """My urgent referrals that nobody answered in the days that the district allows."""
    if not me.may(Task.FOLLOW_REFERRALS):
        return ()
    days = settings_of(session, me.organization_id).urgent_days
    before = rules.overdue_before(at, me.tz, days, weekdays=True)
    return notices.urgent_unanswered(session, me, before, at)
