"""One student: the timeline, what is closed and why, and who has seen it."""

import streamlit as st

from portal import clock
from portal.access import gate
from portal.access.lists import my_students
from portal.access.partners import in_force_with
from portal.access.unit_of_work import unit_of_work
from portal.consents.queries import consents_of_student
from portal.policy.papers import may_list_consents
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.stewardship.accounting.service import holders
from portal.stewardship.queries import seen_by
from portal.ui import disclosure_list, parts, student_page, student_timeline, visit_form
from portal.ui.consent_words import agreements_fact, consents_fact
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.ui.pick_student import CHOSEN, pick_student
from portal.vocabulary import Purpose

me = page_for(Task.SEE_STUDENT)
now = clock.now()
with unit_of_work() as session:
    students = my_students(session, me, now)
student_id = pick_student(students, CHOSEN, wait=False)
if student_id is None:
    parts.title("Student")
    parts.muted("Choose a student to see the record." if students else "No student is yours yet.")
    st.stop()

with telling_problems():
    lists_consents = may_list_consents(me.role, me.level)
    with unit_of_work() as session:
        record = gate.open_record(session, me, student_id, Purpose.COORDINATE, now)
        waiting = referrals.of_student(session, me, student_id, now)
        sees = bool(me.may(Task.SEE_OPENINGS))
        family = holders(session, me, student_id, now) if sees else []
        seen = seen_by(session, me, student_id, now) if sees else None
        signed = consents_of_student(session, me, student_id, now) if lists_consents else []
        partners = in_force_with(session, me, now)
    student_page.header(record.student)
    with st.container(horizontal=True):
        if me.may(Task.LOG_VISIT) and st.button("Log a visit", type="primary", shortcut="alt+v"):
            visit_form.begin_for(student_id)
            go_to("log_visit.py")
        if me.may(Task.FOLLOW_REFERRALS) and st.button("Refer", shortcut="alt+f"):
            visit_form.begin_for(student_id, refer=True)
            go_to("log_visit.py")
    facts = student_page.last_visit(record, now, me.tz)
    facts += student_page.open_referrals(record, waiting)
    if lists_consents:
        facts.append(consents_fact(signed, now, me.tz))
        facts.append(agreements_fact(signed, partners, now, me.tz))
    if facts:
        parts.strip(facts)
    left, right = st.columns([2, 1], gap="large")
    with left:
        entries = student_timeline.of_items(record.items, now, me.tz)
        entries += student_timeline.of_consents(signed, now, me.tz)
        entries += student_timeline.of_sharing(seen or [], now, me.tz)
        student_timeline.show(entries, me.tz)
    with right:
        if lists_consents:
            student_page.consents(signed, now, me.tz)
        student_page.closed(record.closed)
        if seen is not None:
            student_page.seen(seen, now, me.tz)
            disclosure_list.offer(me, student_id, family, now)
