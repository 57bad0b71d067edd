"""What is due for me today, by what my role does."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import (
    parts,
    today_data,
    today_due,
    today_facts,
    today_groups,
    today_parts,
    when,
)
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for

me = page_for(Task.SEE_TODAY)
now = clock.now()
with unit_of_work() as session:
    found = today_data.gather(session, me, now)
mine, followed, asked = found.mine, found.followed, found.asked
today = when.local_day(now, me.tz)

parts.title("Today", today_parts.greeting(me, now))
with st.container(horizontal=True):
    if mine and st.button("Log a visit", type="primary", shortcut="alt+n"):
        go_to("log_visit.py")
    if found.students is not None and st.button("See a student"):
        go_to("see_student.py")
    if followed and st.button("Follow referrals"):
        go_to("follow_referrals.py")
    if asked and st.button("Answer referrals", type="primary"):
        go_to("answer_referral.py")
today_due.status_line(me, now)
today_facts.head(found, Days(now, me.tz))

left, right = st.columns([2, 1], gap="large")
with left:
    if mine:
        today_due.unsaved(mine.unsaved, followed.drafts if followed else 0, now, me.tz)
        today_due.follow_ups_due(me, mine.follow_ups, now)
        today_due.handed(mine.handed, now, me.tz)
        today_due.late_services(mine.late_services, today)
    if followed:
        today_parts.referrals_waiting(followed.overdue, followed.waiting, now, me.tz)
    if asked:
        today_parts.slips_waiting(asked.slips, now, me.tz)
    if found.ending is not None:
        today_parts.ending(found.ending, now, me.tz)
    today_parts.amending(found.amending, today)
    if found.agreements is not None:
        today_parts.agreements(found.agreements)
    if found.groups:
        today_groups.groups(found.groups, me)
with right:
    if followed:
        today_parts.answers(followed.answered, now, me.tz)
    today_due.left(found.left, now, me.tz)
    today_due.moved(found.moved, now, me.tz)
    if mine:
        today_parts.my_week(mine.week)
with st.container(horizontal=True, key="today-more"):
    if me.may(Task.HAND_OVER) and st.button("Hand over students"):
        go_to("hand_over.py")
    if me.may(Task.CLOSE_YEAR) and st.button("End of the year"):
        go_to("close_year.py")
    if me.may(Task.SEE_WORDS) and st.button("What the words mean"):
        go_to("see_words.py")
    if me.may(Task.EXPORT_RECORDS) and st.button("Take out data"):
        go_to("export_records.py")
    if me.may(Task.SEE_MY_TIME) and st.button("My use of time"):
        go_to("see_my_time.py")
    if st.button("My settings"):
        go_to("my_settings.py")
