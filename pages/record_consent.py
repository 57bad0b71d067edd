"""Consents: what waits; and of one student, what is signed, what was asked, and a new request."""

import streamlit as st

from portal import clock
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.consents.folder import queries
from portal.policy.tasks import Task
from portal.ui import (
    consent_acts,
    consent_ask,
    consent_desk,
    consent_list,
    consent_sent,
    consent_worklist,
    fhir_bring,
    parts,
)
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.ui.pick_student import CHOSEN, pick_student

me = page_for(Task.RECORD_CONSENT)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    students = my_students(session, me, days.now)

parts.title("Consents", "What a family lets us share, with whom, and until when.")
parts.status_line()
consent_sent.tell()
consent_worklist.results()
student_id = pick_student(students, CHOSEN, wait=False)
if student_id is None:
    with st.container(horizontal=True):
        consent_worklist.renewal_opener()
        if me.may(Task.KEEP_FORMS) and st.button("The consent form"):
            go_to("keep_forms.py")
    if consent_worklist.is_renewing():
        consent_desk.renew(me, days)
        st.stop()
    consent_desk.waiting(me, days)
    st.stop()

found = offer = None
with telling_problems(), unit_of_work() as session:
    found = queries.folder(session, me, student_id, days.now)
student = next(line for line in students if line.id == student_id)
if found is None:
    st.stop()
consent_desk.begin_what_was_chosen(student_id, found.consents)
opened = consent_ask.is_open(student_id)
with st.container(horizontal=True):
    st.button("Back to what waits", on_click=consent_desk.back)
    if not opened:
        consent_ask.opener(student_id)
if opened:
    with telling_problems(), unit_of_work() as session:
        offer = queries.offer(session, me, days.now)
if opened and offer:
    parts.heading(f"Ask for a consent for {student.given_name} {student.family_name}")
    consent_desk.ask(me, student, offer, found.signers, days)
    st.stop()

for entry in found.consents:
    with st.container(border=True, key=f"consent-{entry.view.number}"):
        consent_list.row(entry, days)
        consent_acts.opener(entry)
        if consent_acts.is_open(entry):
            doing = consent_acts.panel(entry, student_id)
            if doing and doing.act in consent_acts.ASKS_ANEW:
                consent_ask.begin_from(student_id, entry, found.consents, doing.act)
                consent_acts.close()
                st.rerun()
            consent_desk.act(me, doing, student_id, days)
        consent_list.more(entry, days)
if not found.consents:
    parts.rows([], "No consent yet. It appears here when a family signs one.")
consent_desk.asked(me, found.requests, days)
fhir_bring.panel(me, student_id, found.signers, days)
consent_list.received(found, days)
