"""A referral in a form: for which need, to whom, what will go; before it, the safety stop.

    choices = referral_fields.choices(session, me, now)      at the top of the page
    draft = referral_fields.fields(student, choices, key_of)  inside the form; None: no referral

It is drawn inside another form, whose `key_of` names its fields. Fields wait in the browser
until a button is clicked, except where something on the screen depends on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.access.words import Words, words_of
from portal.referrals import queries
from portal.referrals.queries import Provider
from portal.referrals.rules import ReferralDraft
from portal.referrals.sending.queries import usual_providers
from portal.referrals.settings import SafetyNumber, settings_of
from portal.ui import parts, referral_outlook
from portal.ui.focus import focus_field
from portal.ui.labels import unlike
from portal.ui.page import telling_problems
from portal.vocabulary import CONTACT_WAY_LABELS, ContactWay, ReferralTarget, Urgency, WordList

KeyOf = Callable[[str], str]
TARGETS = {
    ReferralTarget.COMMUNITY: "A community provider",
    ReferralTarget.SCHOOL: "Somebody in the school",
}
ANOTHER = "Another one…"
WAITS: dict[str, Any] = {"on_change": "ignore", "persist_state": "session"}


@dataclass(frozen=True)
class Choices:
    """What the form offers to this person now. usual: the providers that they referred to last."""

    me: Actor
    now: datetime
    providers: Sequence[Provider]
    usual: Sequence[Provider]
    words: Words
    numbers: Sequence[SafetyNumber]


def choices(session: Session, me: Actor, now: datetime) -> Choices:
    """Read what the form offers."""
    offered = queries.providers(session, me, now)
    by_key = {(provider.agency_id, provider.service_id): provider for provider in offered}
    usual = [by_key[key] for key in usual_providers(session, me, now) if key in by_key]
    words = words_of(session, me.organization_id)
    numbers = settings_of(session, me.organization_id).numbers
    return Choices(me, now, offered, usual, words, numbers)


def fields(
    student: uuid.UUID | None, offered: Choices, key_of: KeyOf, *, wanted: bool = False
) -> ReferralDraft | None:
    """What the referral says now; None unless one is to be added. wanted: it is there from the
    beginning, in a form of its own.
    """
    if wanted:
        parts.notice(safety_line(offered.numbers), "warn")
    else:
        parts.muted(safety_line(offered.numbers))
    if not wanted and not _is_opened(key_of):
        return None
    with st.container(border=True, key=key_of("referral")):
        draft = ReferralDraft(student_id=student, target=_target(key_of))
        draft = replace(draft, need=_need(offered.words, key_of))
        draft = _provider(draft, offered, key_of)
        draft = _how(draft, key_of)
        _outlook(draft, offered)
        if not wanted:
            st.button(
                "Leave out the referral",
                key=key_of("no-referral"),
                type="tertiary",
                on_click=_open,
                args=(key_of("refer"), False),
            )
    _go_on_with_the_need(key_of)
    return draft


def safety_line(numbers: Sequence[SafetyNumber]) -> str:
    """Before any referral: what it is not, and whom to call instead."""
    calls = " · ".join(f"{one.what}: {one.number}" for one in numbers)
    return f"A referral is not a DCF report and not a crisis line. {calls}."


def _is_opened(key_of: KeyOf) -> bool:
    """One tap says that it is no emergency, and opens the fields with the cursor in them."""
    name = key_of("refer")
    if not st.session_state.get(name):
        st.button(
            "No emergency: add a referral",
            key=key_of("add-referral"),
            shortcut="alt+f",
            on_click=_open,
            args=(name, True),
        )
        return False
    return True


def _open(name: str, opened: bool) -> None:
    st.session_state[name] = opened
    st.session_state[f"focus-{name}"] = uuid.uuid4().hex


def _go_on_with_the_need(key_of: KeyOf) -> None:
    """Whoever opened the fields by a key goes on in them."""
    if opened := st.session_state.get(f"focus-{key_of('refer')}"):
        focus_field(inside=key_of("needs"), form=opened)


def _target(key_of: KeyOf) -> ReferralTarget | None:
    st.session_state.setdefault(key_of("target"), ReferralTarget.COMMUNITY)
    chosen: ReferralTarget | None = st.pills(
        "Refer to",
        list(TARGETS),
        format_func=lambda target: TARGETS[target],
        key=key_of("target"),
        wrap=True,
        persist_state="session",
    )
    return chosen


def _need(words: Words, key_of: KeyOf) -> str | None:
    with st.container(key=key_of("needs")):
        chosen: str | None = st.pills(
            "Need",
            words.codes(WordList.NEED),
            format_func=lambda need: words.label(WordList.NEED, need),
            key=key_of("need"),
            wrap=True,
            **WAITS,
        )
    return chosen


def _provider(draft: ReferralDraft, offered: Choices, key_of: KeyOf) -> ReferralDraft:
    if draft.target is ReferralTarget.SCHOOL:
        return replace(draft, school_provider=_in_school(offered.words, key_of))
    if draft.target is None:
        return draft
    labels: dict[Provider, str] = unlike(
        (provider, referral_outlook.provider_label(provider, offered.now, offered.me.tz))
        for provider in offered.providers
    )
    chosen = _usual(offered.usual, labels, key_of)
    if chosen == ANOTHER or not offered.usual:
        chosen = _any(labels, key_of)
    if not isinstance(chosen, Provider):
        return draft
    return replace(draft, agency_id=chosen.agency_id, service_id=chosen.service_id)


def _in_school(words: Words, key_of: KeyOf) -> str:
    """Somebody of the list, or whoever is typed."""
    name = st.selectbox(
        "Provider in the school",
        [word.label for word in words.choices(WordList.SCHOOL_PROVIDER)],
        index=None,
        accept_new_options=True,
        placeholder="Choose, or type who it is",
        key=key_of("school"),
        **WAITS,
    )
    return name or ""


def _usual(
    usual: Sequence[Provider], labels: dict[Provider, str], key_of: KeyOf
) -> Provider | str | None:
    """Those that one refers to most of the time, a tap each; None where there are none."""
    if not usual:
        return None
    offered: list[Provider | str] = [*usual, ANOTHER]
    return st.pills(
        "Community provider",
        offered,
        format_func=lambda one: one if isinstance(one, str) else labels[one],
        key=key_of("usual"),
        wrap=True,
        persist_state="session",
    )


def _any(labels: dict[Provider, str], key_of: KeyOf) -> Provider | None:
    chosen: Provider | None = st.selectbox(
        "Which community provider?",
        list(labels),
        index=None,
        format_func=lambda provider: labels[provider],
        placeholder="Type a provider's or a service's name",
        key=key_of("agency"),
        persist_state="session",
    )
    return chosen


def _how(draft: ReferralDraft, key_of: KeyOf) -> ReferralDraft:
    """Urgent or not; and how the family may be reached, out of sight, for it is rarely told."""
    urgent = st.toggle(
        "Urgent: needs an answer within two school days", key=key_of("urgent"), **WAITS
    )
    with st.expander("How the family may be reached (optional)"):
        parts.muted(
            "A letter home or a call can tell others in the home what it is about. Say here what "
            "is safe. With nothing said, the provider may use any way."
        )
        silent = st.toggle(
            "Do not contact the family: reply only to me", key=key_of("silent"), **WAITS
        )
        ways = st.pills(
            "Safe ways",
            [str(way) for way in ContactWay],
            selection_mode="multi",
            format_func=lambda way: CONTACT_WAY_LABELS[ContactWay(way)],
            key=key_of("ways"),
            wrap=True,
            **WAITS,
        )
        note = st.text_input("What else to mind", key=key_of("mind"), **WAITS)
    return replace(
        draft,
        urgency=Urgency.URGENT if urgent else Urgency.ROUTINE,
        do_not_contact=bool(silent),
        contact_ways=tuple(ContactWay(way) for way in ways or ()),
        contact_note=note or "",
    )


def _outlook(draft: ReferralDraft, offered: Choices) -> None:
    """What would go now, and on which papers; asked again when it is sent."""
    if draft.student_id is None or draft.agency_id is None:
        return
    with telling_problems():
        with unit_of_work() as session:
            seen = referral_outlook.look(session, offered.me, draft, offered.now)
        if seen is not None:
            referral_outlook.show(seen, draft, offered.now, offered.me.tz)
