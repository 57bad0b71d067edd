"""Three questions of the district's own, and some answers."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial

from portal.collecting import service, template
from portal.collecting.rules import Asking, Choice, DataPointDraft
from portal.collecting.service import Given
from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.vocabulary import AnswerKind, AskedWhere, Category

ADMIN, WORKER = "admin@demo.example", "worker@demo.example"
ANSWERED = 12
"""Of so many students of the worker's caseload the question on the page is answered."""

QUESTIONS = (
    DataPointDraft(
        Asking(
            AnswerKind.CHOICE,
            {
                "en": "Asthma plan on file",
                "es": "Plan para el asma en la escuela",
                "pt": "Plano para a asma na escola",
            },
            help="The plan that a doctor signed for this school year.",
            choices=(
                Choice({"en": "Yes", "es": "Sí", "pt": "Sim"}),
                Choice({"en": "No", "es": "No", "pt": "Não"}),
                Choice({"en": "Not needed", "es": "No hace falta", "pt": "Não é preciso"}),
            ),
        ),
        AskedWhere.STUDENT,
        Category.HEALTH,
        shared=True,
    ),
    DataPointDraft(
        Asking(AnswerKind.TEXT, {"en": "What helps on a hard day"}),
        AskedWhere.STUDENT,
        Category.VISIT_NOTES,
    ),
    DataPointDraft(
        Asking(
            AnswerKind.SCALE,
            {
                "en": "Mood, as the student tells it",
                "es": "Ánimo, según el estudiante",
                "pt": "Humor, segundo o aluno",
            },
            low=1,
            high=5,
        ),
        AskedWhere.VISIT,
        Category.VISITS,
    ),
)
HELPS = ("A walk around the gym", "Music with headphones", "Ten minutes with the nurse")


def plan(stage: Stage) -> None:
    """Defined before the year began, answered over the first weeks."""
    begun = stage.at(stage.made.first_day, 7)
    points: list[uuid.UUID] = []
    stage.then(begun, partial(_define, stage, points))
    pupils = stage.caseload[stage.users[WORKER].id][:ANSWERED]
    for number, pupil in enumerate(pupils):
        at = min(begun + timedelta(days=7 + number, hours=3), stage.now)
        stage.then(at, partial(_answer, stage, points, pupil, number))


def _define(stage: Stage, points: list[uuid.UUID], at: datetime) -> None:
    admin = stage.who(ADMIN, at)
    points += [template.define(stage.session, admin, draft, at).id for draft in QUESTIONS]


def _answer(stage: Stage, points: list[uuid.UUID], pupil: Pupil, number: int, at: datetime) -> None:
    plan_on_file, helps, _mood = points
    answers: dict[uuid.UUID, str | None] = {plan_on_file: ("yes", "no", "not_needed")[number % 3]}
    if number % 2 == 0:
        answers[helps] = HELPS[number // 2 % len(HELPS)]
    worker, key = stage.who(WORKER, at), f"demo-answers-{number}"
    service.answer(stage.session, worker, pupil.id, AskedWhere.STUDENT, Given(answers), at, key)
