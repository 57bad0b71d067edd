"""Record a consent that a family signed, and take one back."""

import streamlit as st

from portal import clock
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.consents import queries, service
from portal.policy.tasks import Task
from portal.ui import consent_form, consent_list, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems
from portal.ui.pick_student import CHOSEN, pick_student

me = page_for(Task.RECORD_CONSENT)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    students = my_students(session, me, days.now)

parts.title("Consents", "What a family lets us share, with whom, and until when.")
parts.status_line()
student_id = pick_student(students, CHOSEN, wait=False)
if student_id is None:
    parts.muted("Choose the student whose family signs.")
    st.stop()
found = None
with telling_problems(), unit_of_work() as session:
    agencies = queries.possible_agencies(session, days.now)
    found = queries.consents_and_signers(session, me, student_id, days.now)
if found is None:
    st.stop()
consents, signers = found

student = next(line for line in students if line.id == student_id)
for consent in consents:
    with st.container(border=True, key=f"consent-{consent.number}"):
        consent_list.row(consent, days)
        problems = st.container()
        how = consent_list.take_back(consent)
        if how is not None:
            with problems, telling_problems():
                with unit_of_work() as session:
                    service.revoke(session, me, consent.id, how, days.now)
                consent_list.stop_asking()
                parts.flash(f"Consent {consent.number} is taken back. Nothing opens under it now.")
                st.rerun()
if not consents:
    parts.rows([], "No consent yet. It appears here when a family signs one.")

if not consent_form.is_open(student_id):
    st.button("New consent", type="primary", on_click=consent_form.begin_anew, args=(student_id,))
    st.stop()
parts.heading(f"New consent for {student.given_name} {student.family_name}")
problems = st.container()
draft = consent_form.fields(student_id, student.given_name, agencies, signers, days.today)
answer = st.container()
clicked = consent_form.buttons()
if clicked == "ask":
    with problems, telling_problems():
        with unit_of_work() as session:
            lines = service.preview(session, me, draft, days.now)
        with answer:
            consent_list.would_open(lines, consent_list.name_of(draft.agency_id, agencies))
if clicked == "save":
    with problems, telling_problems():
        with unit_of_work() as session:
            key = consent_form.form_key()
            saved = service.record(session, me, draft, days.now, key)
        consent_form.begin_anew()
        parts.flash(f"Consent {saved.number} to {saved.recipient_name} is saved.")
        st.rerun()
