"""Referrals sent to my agency: our answer to each, or to several, and what we gave."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.referrals.giving import queries as given
from portal.referrals.giving import service as giving
from portal.referrals.inbox import queries as inbox
from portal.referrals.inbox import service as answering
from portal.referrals.inbox.queries import Tab
from portal.ui import answer_act, answer_form, answer_inbox, given_form, parts
from portal.ui.answer_inbox import NOTHING, Beside
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.page import page_for, telling_problems
from portal.ui.when import local_day

me = page_for(Task.ANSWER_REFERRAL)
now = clock.now()
with unit_of_work() as session:
    counts = inbox.counts(session, me, now)

parts.title("Referrals to us", "Whom a referral is about is shown where a consent opens it to you.")
parts.status_line()
tab = answer_inbox.tab(counts)
skip = lines_before(counts[tab], f"answer-page-{tab}")
with unit_of_work() as session:
    slips = inbox.lines(session, me, tab, now, AT_ONCE, skip)
    shown = [slip.referral_id for slip in slips]
    answering.seen(session, me, slips, now)
    opened = given_form.opened()
    beside = Beside(
        late=inbox.among(session, me, Tab.OVERDUE, shown, now),
        ended=inbox.among(session, me, Tab.CONSENT_ENDED, shown, now),
        given=given.of_referrals(session, me, shown, now),
        steps=inbox.steps(session, me, slips, now),
        seen=giving.will_be_seen(session, me, opened, now) if opened in shown else None,
    )

above = st.container()
chosen = answer_form.several(slips, local_day(now, me.tz))
if chosen:
    with above, telling_problems():
        with unit_of_work() as session:
            several = answering.answer_several(session, me, chosen.referrals, chosen.draft, now)
        answer_act.tell_several(several, slips)
for slip in slips:
    with st.container(border=True, key=f"answer-{slip.number}"):
        problems = st.container()
        act = answer_inbox.card(slip, beside, me, now)
        if act:
            with problems, telling_problems():
                parts.flash(answer_act.do(me, slip, act, now))
                st.rerun()
if not slips:
    parts.rows([], NOTHING[tab])
answer_act.room_and_mail(me, now)
