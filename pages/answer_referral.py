"""Referrals sent to my agency, and our answer to each."""

from zoneinfo import ZoneInfo

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.referrals import queries, service
from portal.referrals.rules import LEADS_TO
from portal.ui import answer_form, parts
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.page import page_for, telling_problems
from portal.ui.visit_words import slip_below, slip_head, waiting
from portal.vocabulary import REFERRAL_STATUS_LABELS

me = page_for(Task.ANSWER_REFERRAL)
now = clock.now()
with unit_of_work() as session:
    total = sum(queries.slip_counts(session, me, now).values())

parts.title("Referrals to us", "Whom a referral is about is shown where a consent opens it to you.")
parts.status_line()
skip = lines_before(total, "answer-page")
with unit_of_work() as session:
    slips = queries.to_my_agency(session, me, now, AT_ONCE, skip)
for slip in slips:
    with st.container(border=True, key=f"answer-{slip.number}"):
        parts.row(
            slip_head(slip),
            slip_below(slip, now, me.tz),
            waiting(slip.status, slip.days, withdrawn=slip.withdrawn),
        )
        if slip.withdrawn:
            answer_form.on_hold(slip, now, me.tz)
            continue
        if not slip.mine_to_answer:
            parts.muted("The student's case team and your administrator answer this one.")
            continue
        problems = st.container()
        draft = answer_form.answer(slip, now.astimezone(ZoneInfo(me.tz)).date())
        if draft and draft.answer:
            with problems, telling_problems():
                with unit_of_work() as session:
                    service.answer(session, me, slip.referral_id, draft, now)
                said = REFERRAL_STATUS_LABELS[LEADS_TO[draft.answer]].lower()
                parts.flash(f"{slip.number}: {said}.")
                answer_form.close()
                st.rerun()
if not slips:
    parts.rows([], "No referrals. They appear here when a school refers a student to you.")
