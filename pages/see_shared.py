"""See what is shared with us about one student, and why."""

import streamlit as st

from portal import clock
from portal.access import gate
from portal.access.lists import shared_students
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.stewardship.papers.queries import endings, grounds_of
from portal.ui import parts, shared_record
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SEE_SHARED)
now = clock.now()
days = Days(now, me.tz)
top = st.container()
choices = st.container(key="shared-choices")  # left out in print: other students are named here
soon = choices.container()
left, right = choices.columns(2)
with left:
    purpose = shared_record.choose_purpose()
with unit_of_work() as session:
    students = shared_students(session, me, purpose, now)
    ends = endings(session, me, purpose, [student.id for student in students], now)
with top:
    parts.title(
        f"Shared with us ({len(students)})",
        "You see only what a signed consent or a legal basis allows. Each opening is written down.",
    )
with soon:
    shared_record.ending_soon(students, ends, days)
with right:
    student_id = shared_record.pick(students)
with choices:
    shared_record.students_list(students, ends, days, folded=student_id is not None)
if student_id is not None:
    with telling_problems():
        with unit_of_work() as session:
            record = gate.open_record(session, me, student_id, purpose, now)
            grounds = grounds_of(session, me, record)
        shared_record.show(record, grounds, purpose, days)
