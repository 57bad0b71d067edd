"""Write down that a student changes school within the district."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.transitions import moving, queries
from portal.ui import move_form, parts, today_due, when
from portal.ui.page import page_for, telling_problems

me = page_for(Task.MOVE_STUDENT)
now = clock.now()
with unit_of_work() as session:
    students = queries.to_move(session, me, now)
    schools = queries.schools(session, me)
    moved = queries.moved_lately(session, me, now)

parts.title(
    "Change of school",
    "The new school sees the student from the first day there, the old one no more. A roster "
    "that still says otherwise does not undo it.",
)
parts.status_line()
problems = st.container()
draft = move_form.fields(students, schools, when.local_day(now, me.tz))
today_due.moved(moved, now, me.tz)
if draft:
    with problems, telling_problems():
        with unit_of_work() as session:
            moving.move(session, me, draft, now)
        move_form.begin_anew()
        parts.flash("The change of school is saved. Both schools' staff find it on Today.")
        st.rerun()
