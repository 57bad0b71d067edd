"""Keep the Student Data Collection Template: the district's own questions, without code."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.collecting import queries, template
from portal.policy.tasks import Task
from portal.ui import data_point_desk, parts
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.KEEP_DATA_POINTS)
now = clock.now()
parts.title(
    "Data points",
    "What your district asks beyond what the portal asks. Changing a question loses no answer: "
    "each answer keeps the question that it was given to.",
)
parts.status_line()
if st.button("Back to people"):
    go_to("manage_people.py")
with unit_of_work() as session:
    points = queries.points(session, me.organization_id)
problems = st.container()
data_point_desk.table(points)
parts.heading("Add or change a data point")
point = data_point_desk.choose(points)
moving = 0
retiring = returning = False
if point is not None:
    with st.container(horizontal=True):
        moving = int(st.button("Ask later")) - int(st.button("Ask sooner"))
        retiring = not point.retired and st.button("Retire")
        returning = point.retired and st.button("Ask it again")
filled = data_point_desk.form(point)

with problems, telling_problems():
    if point and moving:
        with unit_of_work() as session:
            template.move(session, me, point.id, moving, now)
        st.rerun()
    if point and retiring:
        with unit_of_work() as session:
            template.retire(session, me, point.id, now)
        parts.flash(f"“{point.label}” is asked no more. Its answers stay.")
        st.rerun()
    if point and returning:
        with unit_of_work() as session:
            template.bring_back(session, me, point.id, now)
        parts.flash(f"“{point.label}” is asked again.")
        st.rerun()
    if filled is not None and filled.shown is None:
        with unit_of_work() as session:
            template.define(session, me, filled.draft, now)
        data_point_desk.begin_anew()
        parts.flash(f"“{filled.draft.asking.told_in('en')}” is asked from now on.")
        st.rerun()
    if filled is not None and filled.shown is not None:
        with unit_of_work() as session:
            number = template.redefine(
                session, me, filled.shown.id, filled.draft, filled.shown, now
            )
        data_point_desk.begin_anew()
        parts.flash(f"Version {number} is asked from now on. Earlier answers stay as they are.")
        st.rerun()
