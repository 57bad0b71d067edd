"""The Superintendent decides written requests for information, and looks after what is granted."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import parts, request_decide
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for
from portal.written_requests import queries

me = page_for(Task.DECIDE_REQUESTS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    waiting = queries.waiting(session, me, days.now)
    running = queries.in_force(session, me, days.now)

parts.title(
    "Requests",
    "The Superintendent alone decides them; this authority cannot be delegated "
    "(the district's policy, Proper Use 1 and General Access 10).",
)
if st.button("Register of requests"):
    go_to("write_request.py")
parts.status_line()
request_decide.waiting(me, waiting, days)
request_decide.running(me, running, days)
