"""Write an agreement with an agency, issue it, record signatures, end it."""

import uuid

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.agreements import queries, service
from portal.agreements.rules import Act, Side
from portal.policy.tasks import Task
from portal.ui import agreement_form, agreement_views, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.MAKE_AGREEMENT)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    views = queries.ours(session, me, days.now)
    partners = queries.possible_partners(session, days.now)
    schools = queries.school_names(session, me)

view = agreement_views.opened(views)
if view is None:
    parts.title("Agreements", "Without an agreement in force no consent opens anything.")
    parts.status_line()
    problems = st.container()
    agency_id = agreement_views.choose_partner(partners)
    if agency_id:
        with problems, telling_problems():
            key = st.session_state.setdefault("agreement-key", uuid.uuid4().hex)
            with unit_of_work() as session:
                proposed = queries.proposed(session, me, agency_id, days.now)
                begun = service.draft(session, me, proposed, days.now, key)
            del st.session_state["agreement-key"]
            st.session_state[agreement_views.OPEN] = begun.id
            st.rerun()
    for line in views:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            agreement_views.row(line, days)
            agreement_views.opener(line)
    if not views:
        parts.rows([], "No agreement yet. Choose an agency above to begin the first.")
    st.stop()

parts.title(f"Agreement with {view.partner}", view.number)
parts.status_line()
st.button("Back to all agreements", on_click=agreement_views.close)
agreement_views.facts(view, days)
problems = st.container()
if Act.REVISE in view.acts:
    draft = agreement_form.fields(view, schools)
    clicked = agreement_form.buttons(view)
    if clicked:
        with problems, telling_problems():
            with unit_of_work() as session:
                service.revise(session, me, view.id, draft, days.now)
            parts.flash("Draft saved.")
            if clicked == "issue":
                with unit_of_work() as session:
                    service.issue(session, me, view.id, days.now)
                parts.flash("Issued. Both sides can read and sign it now.")
            st.rerun()
agreement_views.schedule(view)
by_hand = agreement_views.signed_by_hand(view, days.today)
reason = agreement_views.ending(view)
with problems, telling_problems():
    if by_hand:
        side, signature = by_hand
        with unit_of_work() as session:
            sign = service.sign_for_district if side is Side.DISTRICT else service.sign_for_partner
            sign(session, me, view.id, signature, days.now)
        parts.flash(f"The signature of {signature.name} is saved.")
        st.rerun()
    if reason is not None:
        with unit_of_work() as session:
            service.terminate(session, me, view.id, reason, days.now)
        parts.flash(f"Agreement {view.number} has ended.")
        st.rerun()
