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
from portal.monitoring import queries as monitoring
from portal.notifications import queries as notices
from portal.notifications.digest import Line
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals import rules
from portal.referrals.following import queries as following
from portal.referrals.following.queries import Tab
from portal.referrals.rules import AWAITING_ANSWER
from portal.referrals.settings import settings_of
from portal.reviewing import service as reviewing
from portal.written_requests import queries as requests


def lines(session: Session, me: Actor, at: datetime) -> list[Line]:
    """Everything that is due for this person today; no name, no number of a paper."""
    counts = notices.counts(session, me, at)
    use = monitoring.waiting(session, me, at)
    overdue = slips = 0
    if me.may(Task.FOLLOW_REFERRALS):
        overdue = following.counts(session, me, at)[Tab.OVERDUE]
    if me.may(Task.ANSWER_REFERRAL):
        by_status = referrals.slip_counts(session, me, at)
        slips = sum(by_status.get(status, 0) for status in AWAITING_ANSWER)
    waiting = [
        one
        for kind, task in reviewing.TASKS.items()
        if me.may(task)
        for one in reviewing.waiting(session, me, kind, at)
    ]
    to_decide = sum(one.to_decide for one in waiting)
    late = sum(one.overdue for one in waiting)
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
        Line(use.reviews, "opening in an emergency is to be reviewed",
             "openings in an emergency are to be reviewed"),
        Line(use.findings, "finding of unusual use waits", "findings of unusual use wait"),
        Line(amendments.how_many_wait(session, me, at), "request to amend a record waits for you",
             "requests to amend a record wait for you"),
        Line(requests.how_many_wait(session, me), "request for access waits for your decision",
             "requests for access wait for your decision"),
        Line(len(requests.ending_soon(session, me, at)), "grant of access to you ends soon",
             "grants of access to you end soon"),
        Line(to_decide, "line of a periodic review waits for you",
             "lines of a periodic review wait for you"),
        Line(late, "periodic review is overdue", "periodic reviews are overdue"),
    ]  # fmt: skip


def urgent(session: Session, me: Actor, at: datetime) -> Sequence[uuid.UUID]:
    """My urgent referrals that nobody answered in the days that the district allows."""
    if not me.may(Task.FOLLOW_REFERRALS):
        return ()
    days = settings_of(session, me.organization_id).urgent_days
    before = rules.overdue_before(at, me.tz, days, weekdays=True)
    return notices.urgent_unanswered(session, me, before, at)
