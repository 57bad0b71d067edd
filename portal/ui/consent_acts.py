"""What a member of staff does with a signed consent: one list of acts, each with what it does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.consents import life
from portal.consents.folder.queries import Entry
from portal.consents.folder.rules import Act
from portal.consents.words import PLAIN
from portal.ui import parts
from portal.vocabulary import FORM_KIND_LABELS, Category

OPEN = "consent-acting"
"""The consent whose acts are open."""

ACT_LABELS = {
    Act.CONFIRM: "Confirm the paper",
    Act.LIFT: "Lift the hold",
    Act.HAPPENED: "The event that ends it has happened",
    Act.REVIEW: "The event has not happened yet",
    Act.RENEW: "Ask to renew",
    Act.CHANGE: "Widen or narrow it",
    Act.REVOKE: "Take this consent back",
    Act.REVOKE_KIND: "Take back one kind of record",
    Act.REVOKE_PARTNER: "Take back everything with this partner",
    Act.REVOKE_ALL: "Take back every consent of this student",
    Act.HOLD: "Hold it: told by word of mouth",
    Act.FALSE: "Something in it is false",
    Act.OBJECT: "The other parent objects",
}
GONE = "What was shared before cannot be called back. This cannot be undone: the family signs anew."
ACT_SAYS = {
    Act.CONFIRM: "You compared the scan with the ticks below, and they say the same. From then on "
    "it counts.",
    Act.LIFT: "The family wants it to go on after all. It opens again at once.",
    Act.HAPPENED: "It ends now. " + GONE,
    Act.REVIEW: "It goes on for another year at most; then somebody looks again.",
    Act.RENEW: "A new request with the same ticks, which takes over from this consent.",
    Act.CHANGE: "A new request with these ticks to change. This one goes on until that is signed.",
    Act.REVOKE: f"It opens nothing from this instant on. {GONE}",
    Act.REVOKE_KIND: f"That kind closes at this instant; the others stay open. {GONE}",
    Act.REVOKE_PARTNER: f"Every consent with this partner, both ways, ends now. {GONE}",
    Act.REVOKE_ALL: f"Every consent of this student, with every partner, ends now. {GONE}",
    Act.HOLD: "Nothing opens until this is settled. To undo it, lift the hold.",
    Act.FALSE: "A consent known to be false opens nothing (45 CFR 164.508(b)(2)(v)). This cannot "
    "be undone: the family signs anew.",
    Act.OBJECT: "Noted for the records officer. One parent's consent is enough, unless a court "
    "order says otherwise (34 CFR 99.4): nothing closes.",
}
ASKS_HOW = frozenset(
    {
        *(Act.REVOKE, Act.REVOKE_KIND, Act.REVOKE_PARTNER, Act.REVOKE_ALL),
        *(Act.HOLD, Act.LIFT, Act.FALSE, Act.OBJECT),
    }
)
ASKS_ANEW = frozenset({Act.RENEW, Act.CHANGE})


@dataclass(frozen=True)
class Doing:
    """An act that was clicked. how: who told whom; category: of one kind of record."""

    act: Act
    entry: Entry
    how: str = ""
    category: Category | None = None


def opener(entry: Entry) -> None:
    """The button that opens this consent's acts and closes another's."""
    if not entry.acts:
        return
    if Act.CONFIRM in entry.acts:
        label = "Compare with the scan"
    else:
        label = "Renew" if entry.acts == (Act.RENEW,) else "Change or take back"
    st.button(label, key=f"acts-{entry.view.number}", on_click=begin, args=(entry.view.id,))


def begin(consent_id: uuid.UUID) -> None:
    """Open the acts of this consent."""
    st.session_state[OPEN] = consent_id


def close() -> None:
    """The act is done, or not wanted."""
    st.session_state.pop(OPEN, None)


def is_open(entry: Entry) -> bool:
    """Are this consent's acts open?"""
    return bool(st.session_state.get(OPEN) == entry.view.id)


def panel(entry: Entry, student_id: uuid.UUID) -> Doing | None:
    """Choose an act, read what it does, say how it was told, and do it."""
    number = entry.view.number
    with st.container(key=f"acts-panel-{number}"):
        act: Act = st.radio(
            f"What is to be done with {number}?",
            list(entry.acts),
            format_func=ACT_LABELS.__getitem__,
            key=f"acts-which-{number}",
        )
        parts.notice(_says(act, entry), "warn" if act in ASKS_HOW else "info")
        if act is Act.CONFIRM:
            _to_compare(entry)
        category = _category(entry) if act is Act.REVOKE_KIND else None
        how = _how(entry) if act in ASKS_HOW else ""
        with st.container(horizontal=True):
            sure = st.button(
                _button(act),
                type="primary",
                key=f"acts-do-{number}",
                disabled=act is Act.CONFIRM and entry.mine,
            )
            st.button("Leave it as it is", key=f"acts-keep-{number}", on_click=close)
    return Doing(act, entry, how, category) if sure else None


def _says(act: Act, entry: Entry) -> str:
    if act is Act.CONFIRM and entry.mine:
        return "You brought this paper in yourself. Ask a colleague to compare it with the scan."
    return ACT_SAYS[act]


def _button(act: Act) -> str:
    return {
        Act.REVOKE: "Take this consent back now",
        Act.CONFIRM: "They say the same: confirm",
        Act.RENEW: "Fill in the request",
        Act.CHANGE: "Fill in the request",
    }.get(act, ACT_LABELS[act])


def _how(entry: Entry) -> str:
    told: str | None = st.text_input(
        "How were you told? Who told whom, and by letter, call or in person.",
        key=f"acts-how-{entry.view.number}",
        max_chars=500,
        on_change="ignore",
    )
    return told or ""


def _category(entry: Entry) -> Category | None:
    chosen: Category | None = st.selectbox(
        "Which kind of record",
        list(entry.open_kinds),
        index=None,
        format_func=PLAIN.__getitem__,
        key=f"acts-kind-{entry.view.number}",
        on_change="ignore",
    )
    return chosen


def _to_compare(entry: Entry) -> None:
    """The scan beside what was typed from it."""
    left, right = st.columns(2)
    with left:
        if entry.view.document_id:
            parts.document("Open the scan of the signed paper", entry.view.document_id)
        parts.muted("Open it beside this page, and read line by line.")
    with right:
        if entry.single:
            parts.listed(word for word in (FORM_KIND_LABELS[entry.form], entry.case) if word)
        parts.listed(
            PLAIN[kind] + (f" (initials {mark})" if (mark := entry.initials.get(kind)) else "")
            for kind in entry.view.categories
        )


def do(session: Session, me: Actor, doing: Doing, student_id: uuid.UUID, at: datetime) -> str:
    """Do it; what to say once it is saved. Raises what the service raises."""
    consent, how = doing.entry.view, doing.how
    match doing.act:
        case Act.CONFIRM:
            life.confirm(session, me, consent.id, at)
            return f"Consent {consent.number} is confirmed. From now it counts."
        case Act.HOLD:
            life.hold(session, me, consent.id, how, at)
            return f"Consent {consent.number} is held. Nothing opens under it until it is settled."
        case Act.LIFT:
            life.lift(session, me, consent.id, how, at)
            return f"The hold on consent {consent.number} is lifted."
        case Act.HAPPENED:
            life.end_by_event(session, me, consent.id, at)
            return f"Consent {consent.number} has ended."
        case Act.REVIEW:
            life.review(session, me, consent.id, at)
            return f"Consent {consent.number} goes on."
        case Act.FALSE:
            life.found_false(session, me, consent.id, how, at)
            return f"Consent {consent.number} opens nothing now."
        case Act.OBJECT:
            life.object_to(session, me, consent.id, how, at)
            return "The objection is written down. Nothing closes."
    return _told(_take_back(session, me, doing, student_id, at))


def _take_back(
    session: Session, me: Actor, doing: Doing, student_id: uuid.UUID, at: datetime
) -> life.TakenBack:
    match doing.act:
        case Act.REVOKE_ALL:
            return life.revoke_all(session, me, student_id, doing.how, at)
        case Act.REVOKE_PARTNER:
            partner = doing.entry.partner_id
            return life.revoke_all(session, me, student_id, doing.how, at, partner)
    return life.revoke(session, me, doing.entry.view.id, doing.how, at, doing.category)


def _told(taken: life.TakenBack) -> str:
    numbers = ", ".join(consent.number for consent in taken.consents)
    one = len(taken.consents) == 1
    text = f"{'Consent' if one else 'Consents'} {numbers} {'is' if one else 'are'} taken back. "
    text += "Nothing opens under it now."
    if taken.referrals:
        held = ", ".join(referral.number for referral in taken.referrals)
        text += f" On hold, because they relied on it: referral {held}."
    return text
