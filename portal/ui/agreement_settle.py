"""What a partner returned or destroyed after the end: until when, and the certificate."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portal.access.actor import Actor
from portal.agreements import ending
from portal.agreements.ending import Certificate
from portal.agreements.queries import AgreementView, PartnerView
from portal.agreements.settling import due_of
from portal.policy.tasks import Task
from portal.ui import parts, when
from portal.ui.agreement_do import do
from portal.ui.agreement_places import SCANS
from portal.ui.days import Days
from portal.ui.parts import Tag
from portal.vocabulary import SETTLED_LABELS, SettledHow


def draw(
    view: AgreementView, partner: PartnerView, me: Actor, days: Days, problems: DeltaGenerator
) -> None:
    """One partner: what is certified; or until when it must be, and the form for it."""
    due, settled = due_of(view, partner), partner.settled
    if settled is not None:
        parts.row(
            f"{partner.name}: {SETTLED_LABELS[settled.how].lower()} "
            f"on {when.day(settled.done_on, days.today)}",
            f"{settled.what} · certified by {settled.signed_by}",
            Tag("Certified", "ok"),
        )
        return
    if due is None:
        return
    parts.row(
        f"{partner.name} returns or destroys what it received",
        f"By {when.day(due.due_on, days.today)}; the last day in force was "
        f"{when.day(due.ended_on, days.today)}",
        due_tag(due.days_left(days.today)),
    )
    if view.we_wrote_it and me.may(Task.MAKE_AGREEMENT):
        _certify(view, partner, me, days, problems)


def due_tag(left: int) -> Tag:
    """How many days there are, or how many too many."""
    if left < 0:
        return Tag(f"{when.counted(-left, 'day')} overdue", "bad")
    return Tag("Due today" if left == 0 else f"{when.counted(left, 'day')} left", "warn")


def _certify(
    view: AgreementView, partner: PartnerView, me: Actor, days: Days, problems: DeltaGenerator
) -> None:
    key = f"agreement-{view.number}-settle-{partner.agreement_id}"
    with st.expander(f"Record the certificate of {parts.plain(partner.name)}"):
        done_on = st.date_input("Done on", value=days.today, format="MM/DD/YYYY", key=f"{key}-date")
        how: SettledHow | None = st.selectbox(
            "What became of it",
            list(SettledHow),
            format_func=SETTLED_LABELS.__getitem__,
            key=f"{key}-how",
        )
        what = st.text_area(
            "Which records, and how; name no student", key=f"{key}-what", max_chars=1000
        )
        signer = st.text_input("Certified by", key=f"{key}-by", max_chars=200)
        scan = st.file_uploader("Scan of it, if there is one", type=SCANS, key=f"{key}-scan")
        clicked = st.button("Save certificate", type="primary", key=f"{key}-save")
    if not clicked or partner.agreement_id is None or how is None:
        return
    pair_id, content = partner.agreement_id, scan.getvalue() if scan else b""
    told = Certificate(done_on, how, what or "", signer or "", content)
    do(
        problems,
        lambda session: ending.certify(session, me, pair_id, told, days.now),
        f"The certificate of {partner.name} is saved.",
    )
