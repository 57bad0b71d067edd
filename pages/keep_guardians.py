"""Keep a student's family: who holds the rights, since when, and which orders limit them."""

import streamlit as st

from portal import clock
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.directory.guardians import queries, service
from portal.policy.tasks import Task
from portal.ui import guardian_form, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems
from portal.ui.pick_student import CHOSEN, pick_student

me = page_for(Task.KEEP_GUARDIANS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    students = my_students(session, me, days.now)

parts.title("Families", "Who may sign for a student. Each right has its dates.")
parts.status_line()
student_id = pick_student(students, CHOSEN, wait=False)
if student_id is None:
    parts.muted("Choose a student to see the family.")
    st.stop()
with telling_problems(), unit_of_work() as session:
    family = queries.family(session, me, student_id, days.now)
    college = queries.college(session, me, student_id, days.now)

guardian_form.college(college, days)
guardian_form.table(family, days)
problems = st.container()
adding, ordering = st.columns(2, gap="large")
with adding:
    guardian = guardian_form.new_guardian(student_id)
    attending = guardian_form.new_college(student_id)
with ordering:
    order = guardian_form.new_order(student_id, family)
    ending = guardian_form.right_to_end(student_id, family)
with problems, telling_problems():
    if guardian:
        with unit_of_work() as session:
            added = service.add(session, me, guardian, days.now)
        guardian_form.begin_anew()
        parts.flash(f"{added.name} is added.")
        st.rerun()
    if order:
        with unit_of_work() as session:
            service.record_court_order(session, me, order, days.now)
        guardian_form.begin_anew()
        parts.flash("The order is written down. From its first day the gate obeys it.")
        st.rerun()
    if ending:
        with unit_of_work() as session:
            service.end_right(session, me, ending, days.now)
        guardian_form.begin_anew()
        parts.flash("The right ends with that day. What rested on it closes then.")
        st.rerun()
    if attending:
        with unit_of_work() as session:
            service.attends_college(session, me, attending, days.now)
        guardian_form.begin_anew()
        parts.flash("On these days the student holds the rights. The gate obeys it.")
        st.rerun()
