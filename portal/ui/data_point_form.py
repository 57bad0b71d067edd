"""The district's own questions on a student's page: what is answered, and the form to answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.collecting import queries, service
from portal.collecting.queries import Answer
from portal.collecting.rules import Point
from portal.collecting.service import Given
from portal.policy.tasks import Task
from portal.ui import data_point_fields, parts, when
from portal.ui.page import telling_problems
from portal.vocabulary import AskedWhere

LAST = 1_000
"""The place of an answer to a question that is asked no more."""


def draw(me: Actor, student_id: uuid.UUID, now: datetime) -> None:
    """What the district asks of each student, as far as it is open to me; nothing without any."""
    with unit_of_work() as session:
        points = queries.asked(session, me, AskedWhere.STUDENT)
        found = queries.answers_of(session, me, student_id, now)
    standing = [answer for answer in found if answer.visit_id is None]
    if not points and not standing:
        return
    places = {point.id: place for place, point in enumerate(points)}
    parts.heading("What your district asks")
    parts.rows(
        [
            (answer.asking.told_in("en"), answer.told, when.day_of(answer.at, now, me.tz))
            for answer in sorted(standing, key=lambda answer: places.get(answer.point_id, LAST))
        ],
        "Nothing is answered yet.",
    )
    if points and me.may(Task.LOG_VISIT):
        _form(me, student_id, points, standing, now)


def _form(
    me: Actor,
    student_id: uuid.UUID,
    points: Sequence[Point],
    standing: Sequence[Answer],
    now: datetime,
) -> None:
    """Each answer that was on the screen is remembered, so that somebody else's is noticed."""
    key = f"answers-{st.session_state.setdefault(_turn(student_id), uuid.uuid4().hex)}"
    records = {answer.point_id: answer.record_id for answer in standing}
    shown = st.session_state.setdefault(f"{key}-shown", records)
    values = {answer.point_id: answer.value for answer in standing}
    with st.expander("Answer"), st.form(key):
        problems = st.container()
        answers = data_point_fields.fields(points, key, values)
        clicked = st.form_submit_button("Save answers", type="primary")
    if not clicked:
        return
    st.session_state[f"{key}-shown"] = records
    with problems, telling_problems():
        given = Given(answers, shown)
        with unit_of_work() as session:
            service.answer(session, me, student_id, AskedWhere.STUDENT, given, now, key)
        del st.session_state[_turn(student_id)]
        parts.flash("The answers are saved.")
        st.rerun()


def _turn(student_id: uuid.UUID) -> str:
    """Where the form's random key is; a saved form gets a new one and counts once."""
    return f"answers-form-{student_id}"
