"""Take out data: for a stated purpose, marked with who and when, and written down."""

import streamlit as st

from portal import clock
from portal.access import exported, exports
from portal.access.unit_of_work import unit_of_work
from portal.exporting import service
from portal.policy.tasks import Task
from portal.ui import export_form, parts
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.EXPORT_RECORDS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    taken = exported.mine(session, me, days.now)
    asks = exports.asks_for_second_factor(session)

parts.title(
    "Take out data",
    "As a file, for a stated purpose: what the portal shows you on its pages, and no more.",
)
parts.status_line()
if st.button("Back to today"):
    go_to("today.py")
problems = st.container()
asked = export_form.ask(me, days)
with problems, telling_problems():
    if asked:
        with unit_of_work() as session:
            service.take_out(session, me, asked.wanted, asked.days, days.now, asked.key, asked.rows)
        export_form.begin_again()
        parts.flash("The file is made. Open it below.")
        st.rerun()
export_form.still_open(taken, days)
export_form.rules_in_words(asks_for_second_factor=asks)
parts.proper_use()
