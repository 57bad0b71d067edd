"""Log a support visit, and refer from it."""

import streamlit as st

from portal import clock
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.access.words import words_of
from portal.collecting import queries as collecting
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals import service as referring
from portal.ui import (
    correct_link,
    parts,
    referral_fields,
    referral_mail,
    visit_draft,
    visit_form,
    visit_saving,
)
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.ui.saved import Saved, remember, saved_line
from portal.ui.visit_words import beside, saved_text
from portal.visits import queries as visits
from portal.visits import service as logging_visits
from portal.visits import timer
from portal.vocabulary import AskedWhere

me = page_for(Task.LOG_VISIT)
now = clock.now()
with unit_of_work() as session:
    offered = visit_form.Offered(
        students=my_students(session, me, now),
        first=visits.first_students(session, me, now),
        referring=referral_fields.choices(session, me, now),
        words=words_of(session, me.organization_id),
        timer=timer.read(session, me),
        points=collecting.asked(session, me, AskedWhere.VISIT),
    )
    today = visits.logged_today(session, me, now)

top, saved_at = st.columns([1, 2], vertical_alignment="center")
with top:
    parts.title("Log a visit")
with saved_at:
    taken_back = saved_line(now)
left, right = st.columns([2, 1], gap="large")
with left, st.container(gap="xsmall"):
    problems = st.container()
    visit_draft.offer(now, me.tz, offered.referring.providers)
    filled = visit_form.fields(offered, me)
    clicked = visit_form.buttons()
    visit_draft.autosave(me.tz)
with right:
    beside(today, offered.words, now, me.tz)
    if st.button("Count screenings without names", key="visit-count"):
        go_to("count_screenings.py")
    if correct_link.offer_visits(today, now, me.tz):
        go_to("correct_record.py")

if clicked:
    with problems, telling_problems():
        with unit_of_work() as session:
            logged = visit_saving.save(session, me, filled, now, visit_form.form_key())
            referred = [one.record_id for one in referrals.of_visit(session, logged[0].record_id)]
        referral_mail.invite(me, referred, now)
        remember(Saved(saved_text(filled, offered.students), now, logged[0].record_id))
        visit_form.begin_anew(same=clicked == "same")
        st.rerun()

if taken_back and taken_back.visit_id:
    with problems, telling_problems():
        with unit_of_work() as session:
            logging_visits.undo(session, me, taken_back.visit_id, now)
            referring.undo_with_visit(session, me, taken_back.visit_id, now)
        remember(Saved(taken_back.text.replace("Saved", "Taken back", 1), now))
        st.rerun()
