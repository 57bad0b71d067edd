"""Log a support visit, and refer from it."""

from dataclasses import replace

import streamlit as st

from portal import clock
from portal.access.lists import my_students
from portal.access.unit_of_work import unit_of_work
from portal.errors import Collecting
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals import service as referring
from portal.ui import parts, visit_form
from portal.ui.page import page_for, telling_problems
from portal.ui.saved import Saved, remember, saved_line
from portal.ui.visit_words import day_total, visit_row
from portal.visits import queries as visits
from portal.visits import service as logging_visits

me = page_for(Task.LOG_VISIT)
now = clock.now()
with unit_of_work() as session:
    students = my_students(session, me, now)
    recent = visits.recent_students(session, me, now)
    providers = referrals.providers(session, me, now)
    today = visits.logged_today(session, me, now)

top, beside = st.columns([1, 2], vertical_alignment="center")
with top:
    parts.title("Log a visit")
with beside:
    taken_back = saved_line(now)
left, right = st.columns([2, 1], gap="large")
with left, st.container(gap="xsmall"):
    problems = st.container()
    filled = visit_form.fields(students, recent, providers, me.tz)
    clicked = visit_form.buttons()
with right:
    parts.heading("Logged today")
    parts.muted(day_total(today))
    parts.rows(
        [visit_row(line, now, me.tz) for line in today], "Nothing yet. Your visits appear here."
    )

if clicked:
    with problems, telling_problems():
        key, steps = visit_form.form_key(), Collecting()
        with unit_of_work() as session:
            visit = steps.attempt(lambda: logging_visits.log(session, me, filled.visit, now, key))
            if referral := filled.referral:
                visit_id = visit.record_id if visit else None
                referral = replace(referral, visit_id=visit_id)
                steps.attempt(lambda: referring.refer(session, me, referral, now, key))
            steps.or_not_ready()
        chosen = next(line for line in students if line.id == filled.visit.student_id)
        text = f"Saved: {chosen.given_name} {chosen.family_name}, {filled.visit.length} min"
        remember(Saved(f"{text}, referred" if referral else text, now, visit.record_id))
        visit_form.begin_anew(same=clicked == "same")
        st.rerun()

if taken_back and taken_back.visit_id:
    with problems, telling_problems():
        with unit_of_work() as session:
            logging_visits.undo(session, me, taken_back.visit_id, now)
            referring.undo_with_visit(session, me, taken_back.visit_id, now)
        remember(Saved(taken_back.text.replace("Saved", "Taken back", 1), now))
        st.rerun()
