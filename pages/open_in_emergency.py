"""Open a student outside one's own in a health or safety emergency, for a short time."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.monitoring import emergencies, queries
from portal.policy.emergencies import may_declare
from portal.policy.tasks import Task
from portal.ui import emergency_form, emergency_mail, parts
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.ui.pick_student import CHOSEN

me = page_for(Task.OPEN_EMERGENCY)
days = Days(clock.now(), me.tz)
parts.title(
    "Health or safety emergency",
    "For a student whom your level does not reach, when an articulable and significant threat "
    "cannot wait (34 CFR 99.36). Call 911 first.",
)
parts.status_line()
problems = st.container()
with telling_problems():
    may_declare(me.role, me.level).or_refuse()
    with unit_of_work() as session:
        standing = queries.mine(session, me, days.now)
    opened, closed = emergency_form.standing(standing, days)
    if opened:
        st.session_state[CHOSEN] = opened
        go_to("see_student.py")
    draft = emergency_form.new(me, days)
    with problems, telling_problems():
        if closed:
            with unit_of_work() as session:
                emergencies.close(session, me, closed, days.now)
            parts.flash("Closed. Somebody else still reviews it.")
            st.rerun()
        if draft:
            key = emergency_form.turn()
            with unit_of_work() as session:
                grant_id, new = emergencies.declare(session, me, draft, key, days.now)
            untold = emergency_mail.tell(me, grant_id, days.now) if new else ""
            emergency_form.begin_anew()
            parts.flash(f"The record is open to you. {untold}".strip())
            st.rerun()
