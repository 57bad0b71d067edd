"""Place and lift legal holds: nothing under one is destroyed."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.retaining import holds
from portal.ui import hold_form, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.KEEP_HOLDS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    found = holds.holds(session, me, days.now)

parts.title(
    "Legal holds",
    "While a hold stands, nothing that it covers is destroyed, by schedule or by hand. One officer "
    "places it, another lifts it.",
)
parts.status_line()
problems = st.container()
lifting = hold_form.standing(found, days)
draft = hold_form.new_hold()
hold_form.lifted(found, days)
with problems, telling_problems():
    if lifting:
        with unit_of_work() as session:
            holds.lift(session, me, *lifting, days.now)
        parts.flash("The hold is lifted.")
        st.rerun()
    if draft:
        with unit_of_work() as session:
            holds.place(session, me, draft, days.now)
        hold_form.begin_anew()
        parts.flash("The hold stands.")
        st.rerun()
