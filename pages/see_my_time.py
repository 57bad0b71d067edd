"""My own use of time in a school year, for my eyes, and as a file that is mine."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import my_time_parts, parts
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for
from portal.visits.use_of_time import service

me = page_for(Task.SEE_MY_TIME)
days = Days(clock.now(), me.tz)
parts.title(
    "My use of time",
    "For your own eyes. Nobody else can open this page or the file, and no student is in them. "
    "It is no part of any evaluation.",
)
if st.button("Back to today"):
    go_to("today.py")
year = my_time_parts.choose_year(days.today)
with unit_of_work() as session:
    visits = service.my_year(session, me, year)
my_time_parts.totals(visits)
if st.button("Make a file of each visit", type="primary", disabled=not visits):
    with unit_of_work() as session:
        kept = service.make_file(session, me, year, days.now)
    parts.document("Open the file (CSV)", kept.id)
parts.proper_use()
