"""How long each kind of data is kept, what is due now, and its destruction by two people."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.retaining import service
from portal.retaining.destroying import service as destroying
from portal.ui import parts, retention_form
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SET_RETENTION)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    desk = destroying.desk(session, me, days.now)

parts.title(
    "How long data is kept",
    "The retention schedule of your district. Longer is free; shorter only as far as the law lets.",
)
parts.status_line()
problems = st.container()
retention_form.schedule(desk)
change = retention_form.change(desk)
chosen = retention_form.due_now(desk)
act = retention_form.runs(me, desk, days)
with problems, telling_problems():
    if change:
        with unit_of_work() as session:
            service.set_period(session, me, *change, days.now)
        retention_form.begin_anew()
        parts.flash("Saved.")
        st.rerun()
    if chosen is not None:
        with unit_of_work() as session:
            destroying.propose(session, me, chosen, days.now)
        parts.flash("Proposed. Somebody else approves it.")
        st.rerun()
    if act:
        retention_form.do(me, *act, days)
        st.rerun()
