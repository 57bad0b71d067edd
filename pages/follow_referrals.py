"""Refer a student, and follow each referral until it is known whether it led to the service."""

import streamlit as st

from portal import clock
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.access.words import words_of
from portal.policy.tasks import Task
from portal.referrals import service
from portal.referrals.following import queries as following
from portal.ui import parts, referral_fields, referral_list, referral_mail, referral_new
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.page import page_for, telling_problems
from portal.ui.referral_detail import honest_line

me = page_for(Task.FOLLOW_REFERRALS)
now = clock.now()
with unit_of_work() as session:
    counts = following.counts(session, me, now)
    honest = following.honest(session, me, now)
    words = words_of(session, me.organization_id)
    writing = referral_new.is_open()
    students = my_students(session, me, now) if writing else []
    offered = referral_fields.choices(session, me, now) if writing else None

parts.title("Referrals", honest_line(honest))
parts.status_line()
undone = referral_new.sent_line(now)
problems = st.container()
if not writing and st.button("Refer a student", type="primary", shortcut="alt+f"):
    referral_new.begin()
    st.rerun()
filled = referral_new.form(students, offered) if offered else None

if filled:
    with problems, telling_problems():
        send = service.save_draft if filled.later else service.refer
        with unit_of_work() as session:
            referral = send(session, me, filled.draft, now, filled.key)
        unsent = "" if filled.later else referral_mail.invite(me, [referral.record_id], now)
        said = "Kept for later" if filled.later else "Referred"
        referral_new.remember(f"{said}: {referral.number}. {unsent}", now, referral.record_id)
        referral_new.close()
        st.rerun()
if undone:
    with problems, telling_problems():
        with unit_of_work() as session:
            referral = service.undo(session, me, undone, now)
        referral_new.remember(f"Taken back: {referral.number}.", now)
        st.rerun()

tab = referral_list.choose_tab(counts)
skip = lines_before(counts[tab], f"referral-page-{tab}")
with unit_of_work() as session:
    lines = following.lines(session, me, tab, now, AT_ONCE, skip)
for line in lines:
    referral_list.line(line, tab, me, words, now)
if not lines:
    parts.rows([], referral_list.EMPTY[tab])
