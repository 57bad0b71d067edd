"""A family's requests to amend a record: write them down, decide, hear, and answer."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.corrections.amendments import queries
from portal.policy.tasks import Task
from portal.ui import amend_desk, amend_form, correct_link, parts
from portal.ui.go import go_to
from portal.ui.page import page_for

me = page_for(Task.AMEND_RECORDS)
now = clock.now()
amend_form.head()
parts.status_line()
if about := st.session_state.get(correct_link.AMENDING):
    amend_desk.new_request(me, about, now)

with unit_of_work() as session:
    lines = queries.listed(session, me, now)
parts.heading("Requests")
chosen = amend_form.listed(lines, now, me.tz)
line = next((one for one in lines if one.request_id == chosen), None)
if line is not None:
    amend_form.detail(line, now, me.tz)
    if st.button("Go to the record", icon=":material/edit:"):
        st.session_state[correct_link.CHOSEN] = line.record_id
        go_to("correct_record.py")
    amend_desk.act_on(me, line, now)
