"""Make an agreement: the list of all, a new one, and the one that is open."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import drafting, proposals, queries
from portal.policy.tasks import Task
from portal.ui import (
    agreement_begin,
    agreement_detail,
    agreement_list,
    agreement_review,
    agreement_views,
    agreement_wizard,
    parts,
)
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems
from portal.vocabulary import AGREEMENT_KIND_LABELS, AgreementStatus

me = page_for(Task.MAKE_AGREEMENT)
days = Days(clock.now(), me.tz)
opened = agreement_views.opened_id()
with unit_of_work(reading()) as session:
    view = queries.view(session, me, opened, days.now) if opened else None
    views = queries.ours(session, me, days.now) if view is None else []
    agencies = queries.possible_partners(session, days.now) if view is None else []

if view is None:
    agreement_views.close()
    parts.title("Agreements", "Without an agreement in force no consent opens anything.")
    parts.status_line()
    with st.container(horizontal=True):
        if me.may(Task.RENEW_AGREEMENTS) and st.button("What ends, and renewals"):
            go_to("renew_agreements.py")
        if me.may(Task.KEEP_TEMPLATES) and st.button("Templates and clauses"):
            go_to("keep_templates.py")
    problems = st.container()
    wish = agreement_begin.fields(agencies, views)
    if wish:
        with problems, telling_problems():
            with unit_of_work() as session:
                proposed = proposals.proposed(session, me, wish.kind, wish.agency_ids, days.now)
                last = queries.last_with(session, me.organization_id, wish.kind, wish.agency_ids)
                begun = drafting.begin(
                    session, me, proposed, days.now, agreement_begin.form_key(), wish.origin
                )
            agreement_begin.begun(last.number if last else "")
            st.session_state[agreement_views.OPEN] = begun.id
            st.rerun()
    agreement_list.draw(views, days)
    st.stop()

kind = AGREEMENT_KIND_LABELS[view.kind]
parts.title(f"{kind} with {agreement_views.other(view)}", view.number)
parts.status_line()
st.button("Back to all agreements", on_click=agreement_views.close)
if view.status is AgreementStatus.DRAFT:
    agreement_wizard.draw(view, me, days)
elif view.status is AgreementStatus.IN_REVIEW:
    if agreement_views.writes():
        agreement_wizard.draw(view, me, days)
    else:
        agreement_review.draw(view, me, days)
else:
    agreement_detail.draw(view, me, days)
