"""Correct a record with a reason, remove or approve it, and see what it said before."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.access.words import words_of
from portal.corrections import queries
from portal.policy.tasks import Task
from portal.ui import correct_desk, correct_link, correct_parts, parts
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.visits import revising

me = page_for(Task.CORRECT_RECORD)
now = clock.now()
parts.status_line()
correct_desk.undo_line(me, now)
record_id = st.session_state.get(correct_link.CHOSEN)
if record_id is None:
    correct_desk.nothing_chosen(me, now)
    st.stop()

with telling_problems():
    with unit_of_work() as session:
        found = queries.correctable(session, me, record_id, now)
        words = words_of(session, me.organization_id)
        visit = None
        if found.visit_id and found.may_edit:
            visit = revising.revisable(session, me, found.visit_id, now)
    correct_parts.head(found, now, me.tz)
    with st.container(horizontal=True):
        if st.button("Back to the student", icon=":material/arrow_back:"):
            st.session_state.pop(correct_link.CHOSEN)
            go_to("see_student.py")
        if me.may(Task.AMEND_RECORDS) and st.button("The family asks to amend it"):
            st.session_state[correct_link.AMENDING] = record_id
            go_to("amend_records.py")
    if visit:
        correct_desk.edit(me, visit, words, now)
    elif not found.may_edit:
        parts.muted(f"Only {found.author or 'whoever keeps the source'} can change what it says.")
    correct_desk.approve_or_remove(me, found, now)
    correct_parts.history(found.history, words, now, me.tz)
