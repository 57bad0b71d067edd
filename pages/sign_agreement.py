"""Read, answer and sign the agreements of my organization."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.agreements import queries, signing
from portal.policy.tasks import Task
from portal.ui import agreement_desk, agreement_review, agreement_sign, agreement_views, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SIGN_AGREEMENT)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    views = queries.ours(session, me, days.now)

view = agreement_desk.opened(views)
if view is None:
    parts.title("Agreements", "What waits for your side comes first.")
    parts.status_line()
    agreement_desk.lists(views, days)
    st.stop()

parts.title(f"Agreement with {agreement_views.other(view)}", view.number)
parts.status_line()
st.button("Back to all agreements", on_click=agreement_desk.close)
agreement_sign.to_read(view, days)
place = agreement_sign.our_turn(view)
if place is not None:
    parts.heading("Sign")
    problems = st.container()
    signature = agreement_sign.typed(view, place)
    reason = agreement_sign.refusing(view)
    with problems, telling_problems():
        if signature is not None:
            with unit_of_work() as session:
                signing.sign(session, me, view.id, place.place, signature, days.now)
            parts.flash(f"You signed agreement {view.number}.")
            st.rerun()
        if reason is not None:
            with unit_of_work() as session:
                signing.refuse(session, me, view.id, place.place, reason, days.now)
            parts.flash(f"Agreement {view.number} is not signed. The district can read why.")
            st.rerun()
agreement_review.draw(view, me, days)
