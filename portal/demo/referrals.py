"""Referrals in every status and with every outcome, sent and answered as people do it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.referrals import answering, capacity, service
from portal.referrals.following import service as following
from portal.referrals.rules import (
    Answer,
    AnswerDraft,
    AttemptDraft,
    OutcomeDraft,
    ReferralDraft,
)
from portal.vocabulary import (
    Access,
    Capacity,
    CloseReason,
    ConfirmedBy,
    ContactWay,
    Need,
    NotAccessedReason,
    ReferralTarget,
    Urgency,
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
REASONS = tuple(
    reason for reason in NotAccessedReason if reason is not NotAccessedReason.UNABLE_TO_CONTACT
)
"""Why a referral led to nothing, where nobody had to be tried three times first."""


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
    for number, (days, course) in enumerate(LATELY, 90):
        _one(stage, stage.days_ago(days, hour=10), number, course, SENDERS[0])
    _kept_for_later(stage)
    _room(stage)


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
            return answering.answer(self.stage.session, me, self._sent(), draft, at)

        return act

    def kept(self, at: datetime) -> None:
        day = at.astimezone(ZoneInfo(self.stage.district.tz)).date()
        self.answer(AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=day))(at)

    def outcome(self, draft: OutcomeDraft) -> Callable[[datetime], object]:
        def act(at: datetime) -> object:
            me = self.stage.who(self.sender, at)
            return following.record_outcome(self.stage.session, me, self._sent(), draft, at)

        return act

    def step(
        self, verb: Callable[[Session, Actor, uuid.UUID, str, datetime], object], note: str
    ) -> Callable[[datetime], object]:
        """A step of the school that has a note."""

        def act(at: datetime) -> object:
            me = self.stage.who(self.sender, at)
            return verb(self.stage.session, me, self._sent(), note, at)

        return act

    def tried(self, way: ContactWay) -> Callable[[datetime], object]:
        """The sender tries to reach the family, and does not."""

        def act(at: datetime) -> object:
            day = at.astimezone(ZoneInfo(self.stage.district.tz)).date()
            me, draft = self.stage.who(self.sender, at), AttemptDraft(day, way, reached=False)
            key = f"demo-attempt-{self.number}-{way}"
            return following.add_attempt(self.stage.session, me, self._sent(), draft, at, key)

        return act

    def _sent(self) -> uuid.UUID:
        if self.id is None:
            raise LookupError("nothing is answered before it is sent")
        return self.id


Course = Callable[[Stage, datetime, _Sent], None]


def _one(stage: Stage, at: datetime, number: int, course: Course, sender: str = "") -> None:
    """Somebody refers a student of their caseload, and what becomes of it."""
    sender = sender or SENDERS[number % len(SENDERS)]
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
            urgency=Urgency.URGENT if number % 9 == 0 else Urgency.ROUTINE,
            do_not_contact=number % 13 == 12,
            contact_ways=(ContactWay.PHONE,) if number % 11 == 10 else (),
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
        return following.withdraw(stage.session, stage.who(sent.sender, when), sent._sent(), when)

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


def _received(stage: Stage, at: datetime, sent: _Sent) -> None:
    """The agency has seen it, and says so by opening it; nothing more yet."""

    def act(when: datetime) -> object:
        me = stage.who(ADMINS[sent.agency], when)
        return answering.receive(stage.session, me, sent._sent(), when)

    stage.then(_later(stage, at, 1), act)


def _on_hold(stage: Stage, at: datetime, sent: _Sent) -> None:
    note = "The family is away until the end of the month."
    stage.then(_later(stage, at, 3), sent.step(following.hold, note))


def _by_mistake(stage: Stage, at: datetime, sent: _Sent) -> None:
    stage.then(_later(stage, at, 1), sent.step(following.enter_in_error, "Sent twice."))


def _sent_back(stage: Stage, at: datetime, sent: _Sent) -> None:
    _declined(stage, at, sent)
    note = "The family has moved back into your area. Please look again."
    stage.then(_later(stage, at, 6), sent.step(following.send_back, note))


def _not_reached(stage: Stage, at: datetime, sent: _Sent) -> None:
    """Three attempts, and then the referral is closed as unable to contact."""
    ways = (ContactWay.PHONE, ContactWay.TEXT, ContactWay.LETTER)
    for days, way in enumerate(ways, 2):
        stage.then(_later(stage, at, days * 2), sent.tried(way))
    draft = OutcomeDraft(Access.NOT_ACCESSED, reason=NotAccessedReason.UNABLE_TO_CONTACT)
    stage.then(_later(stage, at, 9), sent.outcome(draft))


def _tried_once(stage: Stage, at: datetime, sent: _Sent) -> None:
    stage.then(_later(stage, at, 4), sent.tried(ContactWay.PHONE))


def _ended(stage: Stage, at: datetime, sent: _Sent) -> None:
    """Accepted, kept, and completed."""
    _accepted_and_kept(stage, at, sent)

    def act(when: datetime) -> object:
        me, reason = stage.who(sent.sender, when), CloseReason.COMPLETED
        return following.close(stage.session, me, sent._sent(), reason, "", when)

    stage.then(_later(stage, at, 20), act)


LATELY: tuple[tuple[int, Course], ...] = (
    (24, _on_hold),
    (18, _waiting),
    (22, _sent_back),
    (21, _not_reached),
    (19, _tried_once),
    (26, _ended),
    (23, _by_mistake),
    (4, _received),
)


def _kept_for_later(stage: Stage) -> None:
    """A referral that waits for the family's consent, seen by nobody but its writer."""
    pupil = _pupil(stage, SENDERS[0], 5)
    draft = ReferralDraft(
        student_id=pupil.id,
        target=ReferralTarget.COMMUNITY,
        need=Need.GRIEF_OR_LOSS,
        agency_id=stage.agencies["Riverside Clinic"].id,
    )

    def keep(when: datetime) -> object:
        me = stage.who(SENDERS[0], when)
        return service.save_draft(stage.session, me, draft, when, "demo-referral-draft")

    stage.then(stage.days_ago(2, hour=11), keep)


def _room(stage: Stage) -> None:
    """What the agencies told last: one has room, one a waiting list, one none."""
    told = (
        ("Riverside Clinic", Capacity.HAS_ROOM, None),
        ("Hilltop Clinic", Capacity.WAITING_LIST, 6),
        ("Harbor Youth Center", Capacity.NO_ROOM, None),
    )
    for days, (name, room, weeks) in enumerate(told, 2):

        def tell(
            when: datetime, name: str = name, room: Capacity = room, weeks: int | None = weeks
        ) -> object:
            me = stage.who(ADMINS[name], when)
            return capacity.tell(stage.session, me, None, room, weeks, when)

        stage.then(stage.days_ago(days, hour=8), tell)
