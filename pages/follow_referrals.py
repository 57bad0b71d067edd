"""My open referrals, and whether each resulted in access to service."""

from zoneinfo import ZoneInfo

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.referrals import queries, service
from portal.ui import outcome_form, parts, when
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.page import page_for, telling_problems
from portal.ui.visit_words import referral_below, waiting

me = page_for(Task.FOLLOW_REFERRALS)
now = clock.now()
with unit_of_work() as session:
    total = queries.how_many_open(session, me, now)

parts.title("Referrals", "Open referrals of your students, the oldest first.")
parts.status_line()
skip = lines_before(total, "referral-page")
with unit_of_work() as session:
    lines = queries.my_open(session, me, now, AT_ONCE, skip)
saved = withdrawn = resumed = None
for line in lines:
    with st.container(border=True, key=f"referral-{line.number}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            parts.row(
                line.student,
                referral_below(line, now, me.tz),
                waiting(line.status, line.days, withdrawn=line.withdrawn),
            )
            outcome_form.opener(line)
        if not outcome_form.is_open(line):
            continue
        problems = st.container()
        if line.withdrawn and outcome_form.on_hold(line, now, me.tz):
            resumed = line
        draft = outcome_form.outcome_fields(line, now.astimezone(ZoneInfo(me.tz)).date())
        with st.container(horizontal=True):
            if st.button("Save outcome", type="primary", key="referral-save"):
                saved = line
            if st.button("Withdraw this referral", key="referral-withdraw"):
                withdrawn = line
        if saved or withdrawn or resumed:
            with problems, telling_problems():
                with unit_of_work() as session:
                    if saved:
                        service.record_outcome(session, me, line.referral_id, draft, now)
                    elif resumed:
                        service.resume(session, me, line.referral_id, now)
                    else:
                        service.withdraw(session, me, line.referral_id, now)
                done = "Outcome saved" if saved else "Sent again" if resumed else "Withdrawn"
                parts.flash(f"{done}: {line.student}, {line.provider}.")
                outcome_form.close()
                st.rerun()
if not lines:
    parts.rows([], "No open referrals. They appear here when you refer a student.")
parts.muted(f"{when.counted(total, 'open referral')}.")
