"""Requests in writing: one granted, one refused, one that waits, a study's, and the Board's."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.demo.scan import a_scan
from portal.demo.stage import Stage
from portal.store.oversight import AccessRequest
from portal.store.people import Student
from portal.vocabulary import Category, InformationForm, RequestKind
from portal.written_requests import answering, counted, deciding, outside, queries, service
from portal.written_requests.outside import ConsentDraft
from portal.written_requests.rules import (
    AskDraft,
    DecisionDraft,
    OutsideDraft,
    school_year_ends,
)

TEACHER, COUNSELOR = "teacher@demo.example", "counselor@demo.example"
ADMIN, CHIEF = "admin@demo.example", "superintendent@demo.example"
STATEMENT = {
    "purpose": "Whether mornings in a quiet room bring students back to school.",
    "methods": "Attendance before and after, compared with a school that has no such room.",
    "consequences": "A report to the district; nothing about a single student is published.",
    "competence": "Two earlier made-up studies of attendance; supervised by a made-up professor.",
    "consent": "A letter to each family, in its language, and a form to sign or to leave.",
}


def plan(stage: Stage) -> None:
    """Each asked on its day in the morning; what is decided, in the afternoon."""
    for days, ask, end in (
        (48, _ask_for_a_plan, _grant),
        (30, _ask_for_discipline, _refuse),
        (16, _ask_for_the_board, _answer_the_board),
        (12, _ask_for_a_study, None),
        (6, _ask_for_attendance, None),
    ):
        asked = _Asked(stage, ask, end)
        stage.then(stage.days_ago(days), asked.ask)
        if end is not None:
            stage.then(stage.days_ago(days, hour=15), asked.end)


class _Asked:
    """A request on its way, and what becomes of it."""

    def __init__(
        self,
        stage: Stage,
        ask: Callable[[Stage, datetime], uuid.UUID],
        end: Callable[[Stage, uuid.UUID, datetime], None] | None,
    ) -> None:
        self.stage, self.how, self.then = stage, ask, end
        self.request: uuid.UUID | None = None

    def ask(self, at: datetime) -> None:
        self.request = self.how(self.stage, at)

    def end(self, at: datetime) -> None:
        if self.request is not None and self.then is not None:
            self.then(self.stage, self.request, at)


def _ask_for_a_plan(stage: Stage, at: datetime) -> uuid.UUID:
    return _ask(
        stage,
        TEACHER,
        "Mei Sample",
        "The Section 504 plan, as it is in force this year",
        "She joins my reading group, and the plan says what helps her to take part.",
        Category.SECTION_504,
        at,
    )


def _grant(stage: Stage, request: uuid.UUID, at: datetime) -> None:
    """The Superintendent lets a teacher read one student's plan."""
    _decide(stage, request, at, True, "The plan is meant for whoever teaches her.")


def _ask_for_discipline(stage: Stage, at: datetime) -> uuid.UUID:
    return _ask(
        stage,
        TEACHER,
        "Jayden Example",
        "Discipline of the last two years",
        "To know him better before he joins the group.",
        Category.DISCIPLINE,
        at,
    )


def _refuse(stage: Stage, request: uuid.UUID, at: datetime) -> None:
    why = "The need is not one that these records would serve. Talk with his social worker."
    _decide(stage, request, at, False, why)


def _ask_for_attendance(stage: Stage, at: datetime) -> uuid.UUID:
    return _ask(
        stage,
        COUNSELOR,
        "Luis Sample",
        "Attendance and courses since September",
        "His older sister is assigned to me, and I plan a talk with the family about both.",
        Category.ATTENDANCE,
        at,
    )


def _ask(
    stage: Stage,
    username: str,
    name: str,
    information: str,
    need: str,
    category: Category,
    at: datetime,
) -> uuid.UUID:
    """By the number of the student, whom they do not reach."""
    me, today = stage.who(username, at), _day(at)
    student = stage.session.get_one(Student, stage.pupil(name).id)
    draft = AskDraft(
        information=information,
        need=need,
        numbers=(student.sasid or student.local_id,),
        categories=frozenset({category}),
        first=today,
        last=school_year_ends(today),
    )
    request = service.save(stage.session, me, None, draft, at, f"demo-{username}-{name}")
    service.submit(stage.session, me, request, at)
    return request


def _decide(stage: Stage, request: uuid.UUID, at: datetime, grant: bool, reason: str) -> None:
    me = stage.who(CHIEF, at)
    row = stage.session.get_one(AccessRequest, request)
    opened = deciding.open_request(stage.session, me, request, at)
    draft = DecisionDraft(
        grant=grant,
        reason=reason,
        confirmed=row.number,
        form=row.form,
        students=frozenset(one.id for one in opened.people),
        categories=frozenset(kind for kind in Category if kind in _asked(stage, row)),
        last=row.wanted_until,
    )
    deciding.decide(stage.session, me, request, draft, at, f"demo-{row.number}")


def _asked(stage: Stage, row: AccessRequest) -> frozenset[Category]:
    return queries.draft_of(stage.session, row).categories


def _ask_for_a_study(stage: Stage, at: datetime) -> uuid.UUID:
    """A university asks for attendance with names; of two families one has consented."""
    me, today = stage.who(ADMIN, at), _day(at)
    draft = OutsideDraft(
        kind=RequestKind.RESEARCH,
        name="Rae Search",
        organization="Made-up University",
        address="9 Invented Way, Nowhere, CT",
        information="Attendance of students of North School who come late in the morning",
        need="A study of quiet rooms",
        form=InformationForm.IDENTIFIED,
        first=today,
        last=school_year_ends(today),
        categories=frozenset({Category.ATTENDANCE}),
        statement=STATEMENT,
        agreement=a_scan("Signed agreement for a study"),
    )
    request = outside.write_down(stage.session, me, draft, at, "demo-study")
    for name, consented in (("Luis Sample", True), ("Mei Sample", False)):
        pupil = stage.pupil(name)
        student = stage.session.get_one(Student, pupil.id)
        told = ConsentDraft(
            number=student.sasid or student.local_id,
            notified_on=today - timedelta(days=5),
            consented_on=today - timedelta(days=1) if consented else None,
            signer=stage.holders[pupil.id][0].name if consented else "",
            evidence="Signed form, kept in the office" if consented else "",
        )
        outside.record_consent(stage.session, me, request, told, at)
    return request


def _ask_for_the_board(stage: Stage, at: datetime) -> uuid.UUID:
    """The whole Board asks how support is used."""
    me, today = stage.who(ADMIN, at), _day(at)
    draft = OutsideDraft(
        kind=RequestKind.BOARD,
        information="How many support visits there were, and what for",
        need="To plan next year's budget for support",
        first=today,
        last=school_year_ends(today),
        vote_on=today - timedelta(days=3),
        minutes="minutes, item 7.2",
    )
    return outside.write_down(stage.session, me, draft, at, "demo-board")


def _answer_the_board(stage: Stage, request: uuid.UUID, at: datetime) -> None:
    """It is answered as a whole."""
    _decide(stage, request, at, True, "By instruction of the entire Board.")
    me = stage.who(CHIEF, at)
    table = counted.by_month(stage.session, me, at)
    answering.answer(stage.session, me, request, at, "demo-board-answer", [table])


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo("America/New_York")).date()
