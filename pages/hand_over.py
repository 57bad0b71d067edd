"""Hand students over to a colleague, with what the colleague should know."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.transitions import handover, queries
from portal.ui import handover_form, parts, when
from portal.ui.page import page_for, telling_problems

me = page_for(Task.HAND_OVER)
now = clock.now()
with unit_of_work() as session:
    carriers = queries.colleagues(session, me, now, carriers=True)

parts.title(
    "Hand students over",
    "The next one works with them from the day you choose. What was written stays as it is, and "
    "open follow-ups go along.",
)
parts.status_line()
problems = st.container()
from_id = handover_form.whose(me, carriers)
if from_id is None:
    parts.muted("Choose whose students these are.")
    st.stop()
with unit_of_work() as session:
    students = queries.carried_by(session, me, from_id, now)
if not students:
    parts.muted("No student whom you may hand over is on this caseload.")
    st.stop()

draft = handover_form.fields(from_id, students, carriers, when.local_day(now, me.tz))
if draft:
    with problems, telling_problems():
        with unit_of_work() as session:
            handover.hand_over(session, me, draft, now, handover_form.turn())
        handover_form.begin_anew()
        many = when.counted(len(draft.students), "student is", "students are")
        parts.flash(f"{many} handed over.")
        st.rerun()
