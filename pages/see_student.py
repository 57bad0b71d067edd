"""One student: the timeline, what is closed and why, and who has seen it."""

import streamlit as st

from portal import clock
from portal.access import gate
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.stewardship.queries import seen_by
from portal.ui import parts, student_page, visit_form
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.ui.pick_student import CHOSEN, pick_student
from portal.vocabulary import Purpose

me = page_for(Task.SEE_STUDENT)
now = clock.now()
with unit_of_work() as session:
    students = my_students(session, me, now)
student_id = pick_student(students, CHOSEN, wait=False)
if student_id is None:
    parts.title("Student")
    parts.muted("Choose a student to see the record." if students else "No student is yours yet.")
    st.stop()

with telling_problems():
    with unit_of_work() as session:
        record = gate.open_record(session, me, student_id, Purpose.COORDINATE, now)
        waiting = referrals.of_student(session, me, student_id, now)
        seen = seen_by(session, me, student_id, now) if me.may(Task.SEE_OPENINGS) else None
    student_page.header(record.student)
    with st.container(horizontal=True):
        if me.may(Task.LOG_VISIT) and st.button("Log a visit", type="primary", shortcut="alt+v"):
            visit_form.begin_for(student_id)
            go_to("log_visit.py")
        if me.may(Task.LOG_VISIT) and st.button("Refer", shortcut="alt+f"):
            visit_form.begin_for(student_id, refer=True)
            go_to("log_visit.py")
    facts = student_page.last_visit(record, now, me.tz)
    facts += student_page.open_referrals(record, waiting)
    if facts:
        parts.strip(facts)
    left, right = st.columns([2, 1], gap="large")
    with left:
        student_page.timeline(record, now, me.tz)
    with right:
        student_page.closed(record.closed)
        if seen is not None:
            student_page.seen(seen, now, me.tz)
