"""What is due for me today, by what my role does."""

from datetime import timedelta

import streamlit as st

from portal import clock
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.agreements.queries import ours
from portal.consents.queries import ending_soon
from portal.policy.papers import AGREEMENT_TASKS, may_list_consents
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals.rules import AWAITING_ANSWER
from portal.ui import parts, today_parts
from portal.ui.go import go_to
from portal.ui.page import page_for
from portal.ui.today_parts import FEW
from portal.visits import queries as visits

TWO_WEEKS = timedelta(days=14)

me = page_for(Task.SEE_TODAY)
now = clock.now()
logs, follows = me.may(Task.LOG_VISIT), me.may(Task.FOLLOW_REFERRALS)
answers, sees = me.may(Task.ANSWER_REFERRAL), me.may(Task.SEE_STUDENT)
deals = any(me.may(task) for task in AGREEMENT_TASKS)
with unit_of_work() as session:
    students = my_students(session, me, now) if sees else []
    total = referrals.how_many_open(session, me, now) if follows else 0
    waiting = referrals.my_open(session, me, now, FEW) if follows else []
    answered = referrals.answers(session, me, now - TWO_WEEKS, now, FEW) if follows else []
    counts = referrals.slip_counts(session, me, now) if answers else {}
    slips = (
        referrals.to_my_agency(session, me, now, FEW, statuses=AWAITING_ANSWER) if answers else []
    )
    ending = ending_soon(session, me, now) if may_list_consents(me.role, me.level) else None
    due = today_parts.due(ours(session, me, now), now, me.tz) if deals else []
    week = visits.my_week(session, me, now) if logs else None

parts.title("Today", today_parts.greeting(me, now))
with st.container(horizontal=True):
    if logs and st.button("Log a visit", type="primary", shortcut="alt+n"):
        go_to("log_visit.py")
    if sees and st.button("See a student"):
        go_to("see_student.py")
    if follows and st.button("Follow referrals"):
        go_to("follow_referrals.py")
    if answers and st.button("Answer referrals", type="primary"):
        go_to("answer_referral.py")

facts = today_parts.slips_facts(counts, slips) if answers else []
facts += [today_parts.referrals_fact(total, waiting)] if follows else []
facts += [today_parts.ending_fact(ending)] if ending is not None else []
facts += [("Agreements to see to", [str(len(due))])] if deals else []
facts += [today_parts.week_fact(week)] if week else []
facts += [today_parts.students_fact(students)] if sees else []
parts.strip(facts)

left, right = st.columns([2, 1], gap="large")
with left:
    if follows:
        today_parts.referrals_waiting(waiting, now, me.tz)
    if answers:
        today_parts.slips_waiting(slips, now, me.tz)
    if ending is not None:
        today_parts.ending(ending, now, me.tz)
    if deals:
        today_parts.agreements(due)
with right:
    if follows:
        today_parts.answers(answered, now, me.tz)
    if week:
        today_parts.my_week(week)
