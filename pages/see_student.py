"""One student: strengths, services, needs, the timeline, what is closed and why, who sees it."""

import streamlit as st

from portal import clock
from portal.access.lists import readable_students
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import (
    correct_link,
    data_point_form,
    disclosure_list,
    more_links,
    parts,
    referral_new,
    student_acts,
    student_onlookers,
    student_page,
    student_papers,
    visit_form,
)
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.ui.pick_student import CHOSEN, pick_student
from portal.ui.student_reading import read

me = page_for(Task.SEE_STUDENT)
now = clock.now()
with unit_of_work() as session:
    students = readable_students(session, me, now)
student_id = pick_student(students, CHOSEN, wait=False)
if student_id is None:
    parts.title("Student")
    parts.muted("Choose a student to see the record." if students else "No student is yours yet.")
    more_links.show(me, more_links.NOT_LISTED)
    st.stop()

with telling_problems():
    told = read(me, student_id, now)
    student_page.header(told.record.student)
    with st.container(horizontal=True, key="student-buttons"):
        works = not told.by_grant
        if (
            works
            and me.may(Task.LOG_VISIT)
            and st.button("Log a visit", type="primary", shortcut="alt+v")
        ):
            visit_form.begin_for(student_id)
            go_to("log_visit.py")
        if works and me.may(Task.FOLLOW_REFERRALS) and st.button("Refer", shortcut="alt+f"):
            referral_new.begin(student_id)
            go_to("follow_referrals.py")
        asked = None
        if works:
            student_papers.openers(me, student_id)
            asked = correct_link.offer(me, told.record.items, now, key=f"correct-{student_id}")
    if asked == "correct":
        go_to("correct_record.py")
    if asked == "amend":
        go_to("amend_records.py")
    parts.status_line()
    problems = st.container()
    student_page.emergencies(told, now, me.tz)
    deeds = [student_papers.panel(told.page, told.family)]
    student_page.strip(told, now, me.tz)
    left, right = st.columns([2, 1], gap="large")
    with left:
        keeps = works and bool(me.may(Task.KEEP_SUPPORTS))
        deeds += student_page.supports(told, now, me.tz, keeps=keeps)
        if works:
            data_point_form.draw(me, student_id, now)
        student_page.timeline(told, me, now)
        deeds.append(student_acts.note_acts(told.page, student_page.notes(told, now, me.tz)))
    with right:
        if told.signed is not None:
            student_page.consents(told.signed, now, me.tz)
        student_page.closed(told.record.closed)
        if told.seen is not None:
            student_onlookers.show(told.onlookers)
            student_page.seen(told.seen, now, me.tz)
            disclosure_list.offer(me, student_id, told.family, now)
    if deed := student_acts.first(deeds):
        with problems, telling_problems():
            student_acts.do(deed, me, now)
