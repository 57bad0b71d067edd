"""Read the agreements that wait for my side's signature, and sign them."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.agreements import queries, service
from portal.policy.tasks import Task
from portal.ui import agreement_views, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SIGN_AGREEMENT)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    views = queries.ours(session, me, days.now)

parts.title("Agreements to sign", "Read each before you sign. Both sides must sign it.")
parts.status_line()
waiting = [view for view in views if view.waits_for_us]
for view in waiting:
    with st.container(border=True, key=f"agreement-{view.number}"):
        parts.heading(view.partner if view.we_wrote_it else view.district)
        agreement_views.facts(view, days)
        with st.expander("What it allows and forbids"):
            agreement_views.schedule(view)
        problems = st.container()
        signature = agreement_views.typed_signature(view)
        if signature:
            with problems, telling_problems():
                with unit_of_work() as session:
                    ours = view.we_wrote_it
                    sign = service.sign_for_district if ours else service.sign_for_partner
                    sign(session, me, view.id, signature, days.now)
                parts.flash(f"You signed agreement {view.number}.")
                st.rerun()
if not waiting:
    parts.rows([], "Nothing waits for you. An agreement appears here when it is issued.")

parts.heading("All agreements")
for view in views:
    with st.container(border=True, key=f"agreement-{view.number}-all"):
        agreement_views.row(view, days)
        if view.document_id:
            parts.document(f"Agreement {view.number} (Word)", view.document_id)
if not views:
    parts.rows([], "Your organization has no agreement yet.")
