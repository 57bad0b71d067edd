"""My own use of time in a school year, for my eyes, and as a file for a stated purpose."""

import streamlit as st

from portal import clock
from portal.access import exported
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import my_time_parts, parts
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.visits.use_of_time import service

me = page_for(Task.SEE_MY_TIME)
days = Days(clock.now(), me.tz)
parts.title(
    "My use of time",
    "For your own eyes. Nobody else can open this page or the file, and no student is in them. "
    "It is no part of any evaluation.",
)
parts.status_line()
if st.button("Back to today"):
    go_to("today.py")
year = my_time_parts.choose_year(days.today)
with unit_of_work() as session:
    visits = service.my_year(session, me, year)
    taken = exported.mine(session, me, days.now)
my_time_parts.totals(visits)
problems = st.container()
asked = my_time_parts.ask(visits)
with problems, telling_problems():
    if asked:
        with unit_of_work() as session:
            service.take_out(session, me, year, asked.purpose, asked.words, days.now, asked.key)
        my_time_parts.begin_again()
        parts.flash("The file is made. Open it below.")
        st.rerun()
my_time_parts.still_open(taken, days)
parts.proper_use()
