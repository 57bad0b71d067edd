"""Decide which of the support staff works with which students."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.directory.caseloads import queries, service
from portal.policy.tasks import Task
from portal.ui import caseload_form, parts
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.ASSIGN_CASELOAD)
now = clock.now()
with unit_of_work() as session:
    carriers = queries.carriers(session, me, now)

parts.title("Caseloads", "A counselor and a clinician see the students on their own caseload.")
parts.status_line()
with st.container(horizontal=True):
    if st.button("Change of school"):
        go_to("move_student.py")
    if st.button("Locks"):
        go_to("keep_locks.py")
person = caseload_form.choose_carrier(carriers)
if person is None:
    caseload_form.overview(carriers)
    st.stop()
free = st.checkbox("Offer only students who are on no caseload", key="caseload-free")
with unit_of_work() as session:
    lines = queries.caseload(session, me, person.id, now)
    students = queries.to_assign(session, me, now, nobody_has=free)

problems = st.container()
adding, taking = st.columns(2, gap="large")
with adding:
    draft = caseload_form.add_form(person, students, lines)
with taking:
    ended = caseload_form.end_form(lines)
caseload_form.table(person, lines, Days(now, me.tz))
if draft or ended:
    with problems, telling_problems():
        with unit_of_work() as session:
            if draft:
                service.assign(session, me, draft, now)
            elif ended:
                service.end(session, me, ended, now)
        parts.flash(f"The caseload of {person.name} is changed.")
        st.rerun()
