"""The end of an agreement: notice, termination, and what is left to do afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portal.access import continuity
from portal.access.actor import Actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import ending
from portal.agreements.ending import GOING_ON
from portal.agreements.queries import AgreementView, PartnerView
from portal.agreements.settling import OVER
from portal.agreements.status import Act
from portal.policy.tasks import Task
from portal.ui import agreement_settle, parts, when
from portal.ui.agreement_do import do
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.page import telling_problems
from portal.vocabulary import REFERRAL_STATUS_LABELS

LISTED = "agreement-referrals"
"""The agreement whose open referrals are listed."""


def acts(view: AgreementView, me: Actor, days: Days, problems: DeltaGenerator) -> None:
    """Give notice, or end it at once."""
    going = [partner for partner in view.partners if partner.status in GOING_ON]
    if Act.END not in view.acts or not going:
        return
    parts.heading("End it")
    _notice(view, going, me, days, problems)
    _terminate(view, going, me, days, problems)


def _notice(
    view: AgreementView,
    going: Sequence[PartnerView],
    me: Actor,
    days: Days,
    problems: DeltaGenerator,
) -> None:
    key = f"agreement-{view.number}-notice"
    least = view.content.clocks.notice_days
    with st.expander("Give notice"):
        parts.muted(
            f"The agreement asks for {when.counted(least, 'day')} of notice. "
            "It stays in force through the last day."
        )
        chosen = _partners(going, key)
        last = st.date_input(
            "Last day in force",
            value=days.today + timedelta(days=least),
            format="MM/DD/YYYY",
            key=f"{key}-date",
        )
        reason = st.text_input("Reason", key=f"{key}-reason", max_chars=500, on_change="ignore")
        clicked = st.button("Give notice", key=f"{key}-do")
    if clicked:
        do(
            problems,
            lambda session: ending.give_notice(
                session, me, view.id, last, reason or "", days.now, chosen
            ),
            f"Notice is given. {view.number} ends on its new last day.",
        )


def _terminate(
    view: AgreementView,
    going: Sequence[PartnerView],
    me: Actor,
    days: Days,
    problems: DeltaGenerator,
) -> None:
    key = f"agreement-{view.number}-end"
    destroy = view.content.clocks.destroy_days
    with st.expander("End it at once"):
        chosen = _partners(going, key)
        parts.listed(
            [
                "From that instant nothing opens under it, for anybody. It cannot be undone.",
                f"What was received must be returned or destroyed within "
                f"{when.counted(destroy, 'day')}.",
                "Services themselves go on or stop as you arrange it with the agency.",
            ]
        )
        _warn(chosen or [partner.id for partner in going], me, days)
        reason = st.text_input("Reason", key=f"{key}-reason", max_chars=500, on_change="ignore")
        clicked = st.button("End agreement now", key=f"{key}-do")
    if clicked:
        st.session_state[LISTED] = view.id
        do(
            problems,
            lambda session: ending.terminate(session, me, view.id, reason or "", days.now, chosen),
            f"Agreement {view.number} has ended. Nothing opens under it any more.",
        )


def _partners(going: Sequence[PartnerView], key: str) -> list[uuid.UUID]:
    """With whom; nobody to choose among where there is one. Empty: all of them."""
    if len(going) < 2:
        return []
    labels = unlike((partner.id, partner.name) for partner in going)
    return st.multiselect(
        "With which partners",
        list(labels),
        default=list(labels),
        format_func=labels.__getitem__,
        key=f"{key}-with",
    )


def _warn(agency_ids: Sequence[uuid.UUID], me: Actor, days: Days) -> None:
    with unit_of_work(reading()) as session:
        running, served = continuity.how_many(session, me, agency_ids, days.now)
    if running:
        counted = when.counted(running, "open referral")
        verb = "runs" if running == 1 else "run"
        parts.notice(
            f"{counted} {verb} to it, {served} in service. "
            "They are listed here afterwards, so that no student is left without care.",
            "warn",
        )


# Afterwards


def after(view: AgreementView, me: Actor, days: Days, problems: DeltaGenerator) -> None:
    """What is left to do with each partner with whom it is over."""
    over = [partner for partner in view.partners if partner.status in OVER]
    if not over or view.executed_at is None:
        return
    parts.heading("After the end")
    if view.we_wrote_it and me.may(Task.MAKE_AGREEMENT):
        _referrals(view, over, me, days)
    for partner in over:
        agreement_settle.draw(view, partner, me, days, problems)


def _referrals(view: AgreementView, over: Sequence[PartnerView], me: Actor, days: Days) -> None:
    agencies = [partner.id for partner in over]
    with unit_of_work(reading()) as session:
        running, served = continuity.how_many(session, me, agencies, days.now)
    if not running:
        parts.say("No referral runs to it any more.")
        return
    counted = when.counted(running, "referral")
    parts.notice(
        f"Continuity of care: {counted} still {'runs' if running == 1 else 'run'} to it, "
        f"{served} in service. Ask whoever sent each of them to see to the student.",
        "warn",
    )
    if st.session_state.get(LISTED) != view.id:
        st.button(
            "List them",
            key=f"agreement-{view.number}-referrals",
            on_click=st.session_state.update,
            args=({LISTED: view.id},),
        )
        return
    found: Sequence[continuity.Running] = []
    with telling_problems(), unit_of_work() as session:
        found = continuity.open_referrals(session, me, agencies, view.number, days.now)
    parts.table(
        "Open referrals",
        ["Referral", "Agency", "Service", "Status", "Since", "Sent by"],
        [
            [
                line.number,
                line.agency,
                line.service or "None named",
                REFERRAL_STATUS_LABELS[line.status],
                days.of(line.since),
                ", ".join(part for part in (line.sent_by, line.title) if part),
            ]
            for line in found
        ],
        "No referral runs to it any more.",
    )
