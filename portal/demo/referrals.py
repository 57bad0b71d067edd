"""Referrals in every status and with every outcome, sent and answered as people do it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.referrals import service
from portal.referrals.rules import Answer, AnswerDraft, OutcomeDraft, ReferralDraft
from portal.store.records import Referral
from portal.vocabulary import (
    Access,
    ConfirmedBy,
    Need,
    NotAccessedReason,
    ReferralStatus,
    ReferralTarget,
)

ADMINS = {
    "Riverside Clinic": "clinicadmin@demo.example",
    "Hilltop Clinic": "hilltopadmin@demo.example",
    "Harbor Youth Center": "youthadmin@demo.example",
    "Lantern Family Services": "lanternadmin@demo.example",
    "Tide Pool Pediatrics": "tidepooladmin@demo.example",
}
NEEDS = {
    "Riverside Clinic": (Need.ANXIETY_OR_WORRY, Need.LOW_MOOD, Need.GRIEF_OR_LOSS),
    "Hilltop Clinic": (Need.SUBSTANCE_USE, Need.EVALUATION),
    "Harbor Youth Center": (Need.MENTORING, Need.BEHAVIOR),
    "Lantern Family Services": (Need.FAMILY_SUPPORT,),
    "Tide Pool Pediatrics": (Need.HEALTH_CARE,),
    "Open Door Pantry": (Need.BASIC_NEEDS,),
}
IN_SCHOOL = (
    ("School psychologist", Need.EVALUATION),
    ("School nurse", Need.HEALTH_CARE),
    ("Lunch group", Need.LOW_MOOD),
)
SENDERS = ("worker@demo.example", "worker.south@demo.example", "counselor@demo.example")
REASONS = tuple(NotAccessedReason)


def plan(stage: Stage) -> None:
    """About three a week, each with a course of its own; the last ones still wait."""
    courses = (
        *(_accepted_and_kept,) * 3,
        *(_answered(Answer.ACCEPT),) * 2,
        _answered(Answer.WAITLIST),
        _declined,
        _declined_and_closed,
        _closed,
        _told_by_family,
        _withdrawn,
        _unknown,
        _waiting,
    )
    weeks = range(13, 0, -1)
    count = 0
    for week in weeks:
        for day in (1, 3, 4)[: 3 if week % 2 else 4]:
            course = courses[count % len(courses)]
            _one(stage, stage.days_ago(7 * week - day, hour=13), count, course)
            count += 1
    for number, days in enumerate((6, 5, 3, 2, 1, 1), count):
        _one(stage, stage.days_ago(days, hour=12), number, _waiting)
    for number in range(4):
        _in_school(stage, stage.days_ago(60 - 14 * number, hour=9), number)
    _set_aside(stage)


@dataclass
class _Sent:
    """A referral, who sent it and who answers it."""

    stage: Stage
    number: int
    sender: str
    agency: str
    id: uuid.UUID | None = None

    def answer(self, draft: AnswerDraft) -> Callable[[datetime], object]:
        def act(at: datetime) -> object:
            me = self.stage.who(ADMINS[self.agency], at)
            return service.answer(self.stage.session, me, self._sent(), draft, at)

        return act

    def kept(self, at: datetime) -> None:
        day = at.astimezone(ZoneInfo(self.stage.district.tz)).date()
        self.answer(AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=day))(at)

    def outcome(self, draft: OutcomeDraft) -> Callable[[datetime], object]:
        def act(at: datetime) -> object:
            me = self.stage.who(self.sender, at)
            return service.record_outcome(self.stage.session, me, self._sent(), draft, at)

        return act

    def _sent(self) -> uuid.UUID:
        if self.id is None:
            raise LookupError("nothing is answered before it is sent")
        return self.id


Course = Callable[[Stage, datetime, _Sent], None]


def _one(stage: Stage, at: datetime, number: int, course: Course) -> None:
    """Somebody refers a student of their caseload, and what becomes of it."""
    sender = SENDERS[number % len(SENDERS)]
    agency = tuple(NEEDS)[(number * 5 + number // 3) % len(NEEDS)]
    if agency not in ADMINS:
        course = _waiting  # nobody there answers in the portal
    sent = _Sent(stage, number, sender, agency)
    pupil = _pupil(stage, sender, number)

    def refer(when: datetime) -> None:
        offered = stage.services.get(stage.agencies[agency].id, [])
        draft = ReferralDraft(
            student_id=pupil.id,
            target=ReferralTarget.COMMUNITY,
            need=NEEDS[agency][number // 3 % len(NEEDS[agency])],
            agency_id=stage.agencies[agency].id,
            service_id=offered[number % len(offered)].id if offered else None,
        )
        me = stage.who(sender, when)
        made = service.refer(stage.session, me, draft, when, f"demo-referral-{number}")
        sent.id = made.record_id

    stage.then(at, refer)
    course(stage, at, sent)


def _pupil(stage: Stage, sender: str, number: int) -> Pupil:
    mine = stage.caseload[stage.users[sender].id]
    return mine[number * 3 % min(len(mine), 20)]


def _later(stage: Stage, at: datetime, days: int) -> datetime:
    return min(at + timedelta(days=days), stage.now - timedelta(hours=1))


def _waiting(_stage: Stage, _at: datetime, _sent: _Sent) -> None:
    """Nobody has answered yet."""


def _answered(answer: Answer) -> Course:
    def course(stage: Stage, at: datetime, sent: _Sent) -> None:
        stage.then(_later(stage, at, 2), sent.answer(AnswerDraft(answer)))

    return course


def _accepted_and_kept(stage: Stage, at: datetime, sent: _Sent) -> None:
    stage.then(_later(stage, at, 3), sent.answer(AnswerDraft(Answer.ACCEPT)))
    stage.then(_later(stage, at, 12), sent.kept)


def _declined(stage: Stage, at: datetime, sent: _Sent) -> None:
    reason = REASONS[sent.number % len(REASONS)]
    stage.then(_later(stage, at, 4), sent.answer(AnswerDraft(Answer.DECLINE, reason=reason)))


def _declined_and_closed(stage: Stage, at: datetime, sent: _Sent) -> None:
    _declined(stage, at, sent)
    draft = OutcomeDraft(Access.NOT_ACCESSED, reason=NotAccessedReason.NO_CAPACITY)
    stage.then(_later(stage, at, 9), sent.outcome(draft))


def _closed(stage: Stage, at: datetime, sent: _Sent) -> None:
    reason = REASONS[sent.number % len(REASONS)]
    draft = OutcomeDraft(Access.NOT_ACCESSED, reason=reason)
    stage.then(_later(stage, at, 20), sent.outcome(draft))


def _told_by_family(stage: Stage, at: datetime, sent: _Sent) -> None:
    when = _later(stage, at, 15)
    day = when.astimezone(ZoneInfo(stage.district.tz)).date()
    stage.then(when, sent.outcome(OutcomeDraft(Access.ACCESSED, day, ConfirmedBy.FAMILY)))


def _withdrawn(stage: Stage, at: datetime, sent: _Sent) -> None:
    def act(when: datetime) -> object:
        return service.withdraw(stage.session, stage.who(sent.sender, when), sent._sent(), when)

    stage.then(_later(stage, at, 5), act)


def _unknown(stage: Stage, at: datetime, sent: _Sent) -> None:
    stage.then(_later(stage, at, 25), sent.outcome(OutcomeDraft(Access.UNKNOWN)))


def _in_school(stage: Stage, at: datetime, number: int) -> None:
    """To somebody within the school, who tells the sender how it went."""
    sender = SENDERS[number % len(SENDERS)]
    provider, need = IN_SCHOOL[number % len(IN_SCHOOL)]
    sent = _Sent(stage, number, sender, "")
    pupil = _pupil(stage, sender, number + 2)

    def refer(when: datetime) -> None:
        draft = ReferralDraft(
            student_id=pupil.id,
            target=ReferralTarget.SCHOOL,
            need=need,
            school_provider=provider,
        )
        me = stage.who(sender, when)
        key = f"demo-in-school-{number}"
        sent.id = service.refer(stage.session, me, draft, when, key).record_id

    stage.then(at, refer)
    if number % 2 == 0:
        _told_by_school(stage, at, sent)


def _told_by_school(stage: Stage, at: datetime, sent: _Sent) -> None:
    when = _later(stage, at, 6)
    day = when.astimezone(ZoneInfo(stage.district.tz)).date()
    stage.then(when, sent.outcome(OutcomeDraft(Access.ACCESSED, day, ConfirmedBy.SCHOOL_STAFF)))


def _set_aside(stage: Stage) -> None:
    """Two that no page leads to yet: on hold, and entered in error."""
    for number, status in ((90, ReferralStatus.ON_HOLD), (91, ReferralStatus.ENTERED_IN_ERROR)):
        at = stage.days_ago(24 - number % 10, hour=10)
        sent = _Sent(stage, number, SENDERS[0], "Riverside Clinic")
        pupil = _pupil(stage, SENDERS[0], number)

        def refer(when: datetime, sent: _Sent = sent, pupil: Pupil = pupil) -> None:
            draft = ReferralDraft(
                student_id=pupil.id,
                target=ReferralTarget.COMMUNITY,
                need=Need.GRIEF_OR_LOSS,
                agency_id=stage.agencies[sent.agency].id,
            )
            me = stage.who(sent.sender, when)
            key = f"demo-aside-{sent.number}"
            sent.id = service.refer(stage.session, me, draft, when, key).record_id

        def move(_when: datetime, sent: _Sent = sent, to: ReferralStatus = status) -> None:
            stage.session.get_one(Referral, sent.id).status = to

        stage.then(at, refer)
        stage.then(at + timedelta(days=1), move)
