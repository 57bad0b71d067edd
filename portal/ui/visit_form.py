"""The form of a visit with its inline referral: what is typed stays until it is saved.

Every field's key carries the form's own key. A saved form gets a new one, so its
fields are empty, and a second click on the old form's button finds no button.
Most fields wait in the browser until a button is clicked: a tap runs nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.lists import StudentLine
from portal.referrals.queries import Provider
from portal.referrals.rules import ReferralDraft
from portal.ui import parts, timer
from portal.ui.focus import focus_first_field
from portal.ui.labels import unlike
from portal.ui.pick_student import pick_student
from portal.visits.rules import VisitDraft
from portal.vocabulary import (
    NEED_LABELS,
    SCHOOL_PROVIDERS,
    VISIT_PURPOSE_LABELS,
    VISIT_SERVICE_LABELS,
    Need,
    ReferralTarget,
    VisitPurpose,
    VisitService,
)

FORM = "visit-form"
CHIPS = (5, 10, 15, 20, 30, 45, 60)
TARGETS = {
    ReferralTarget.COMMUNITY: "A community provider",
    ReferralTarget.SCHOOL: "Somebody in the school",
}
KEPT_FOR_ANOTHER = ("purpose", "minutes", "other", "services", "began", "ended")
WAITS: dict[str, Any] = {"on_change": "ignore", "persist_state": "session"}


@dataclass(frozen=True)
class Filled:
    """What the form says now. referral: None unless one is to be added."""

    visit: VisitDraft
    referral: ReferralDraft | None


def form_key() -> str:
    """The random key of the form on the screen; its saving counts once."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    return key


def begin_for(student_id: uuid.UUID, *, refer: bool = False) -> None:
    """Start with this student chosen, and the referral open where one is wanted."""
    st.session_state[_key("student")] = student_id
    if refer:
        st.session_state[_key("refer")] = True


def begin_anew(*, same: bool) -> None:
    """An empty form; with `same`, for another student, all but who, note and referral stay."""
    old = f"visit-{form_key()}-"
    kept = {name: st.session_state.get(old + name) for name in KEPT_FOR_ANOTHER if same}
    for key in [key for key in st.session_state if str(key).startswith(old)]:
        del st.session_state[key]
    st.session_state[FORM] = uuid.uuid4().hex
    st.session_state.update({_key(name): value for name, value in kept.items() if value})
    if not same:
        timer.forget()


def fields(
    students: Sequence[StudentLine],
    recent: Sequence[uuid.UUID],
    providers: Sequence[Provider],
    tz: str,
) -> Filled:
    """Draw the fields, and tell what they say."""
    with st.container(key="visit-student"):
        student = pick_student(students, _key("student"), recent, wait=True)
    visit = VisitDraft(student_id=student, purpose=_purpose(), minutes=_minutes(tz))
    visit = replace(visit, services=_services())
    visit = _not_now(visit, tz)
    referral = _referral(student, providers)
    return Filled(replace(visit, note=_note()), referral)


def buttons() -> str:
    """The two ways to save; "save", "same", or empty while neither is clicked."""
    with st.container(horizontal=True, key="visit-buttons"):
        save = st.button("Save visit", type="primary", key=_key("save"), shortcut="ctrl+s")
        same = st.button("Save, same for another student", key=_key("same"))
    focus_first_field(inside="visit-student", form=form_key())
    return "same" if same else "save" if save else ""


def _key(name: str) -> str:
    return f"visit-{form_key()}-{name}"


def _purpose() -> VisitPurpose | None:
    chosen: VisitPurpose | None = st.pills(
        "Purpose of visit",
        list(VISIT_PURPOSE_LABELS),
        format_func=lambda purpose: VISIT_PURPOSE_LABELS[purpose],
        key=_key("purpose"),
        wrap=True,
        **WAITS,
    )
    return chosen


def _minutes(tz: str) -> int | None:
    """The chips, with the timer's own minutes among them."""
    chips = sorted({*CHIPS, timer.measured() or CHIPS[0]})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: int | None = st.segmented_control(
            "Minutes", chips, key=_key("minutes"), wrap=True, **WAITS
        )
        timer.timer(tz, _key("minutes"))
    return chosen


def _services() -> tuple[VisitService, ...]:
    chosen = st.pills(
        "Services provided",
        list(VISIT_SERVICE_LABELS),
        selection_mode="multi",
        format_func=lambda service: VISIT_SERVICE_LABELS[service],
        key=_key("services"),
        wrap=True,
        **WAITS,
    )
    return tuple(chosen or ())


def _not_now(visit: VisitDraft, tz: str) -> VisitDraft:
    """Another length or another time: out of sight, for most visits have just ended."""
    with st.expander("Another length, or not just now?"):
        minutes = st.number_input(
            "Minutes, if none of the above", value=None, step=1, key=_key("other"), **WAITS
        )
        began = _when("Began", "began", tz)
        ended = _when("Ended (optional, in place of the minutes)", "ended", tz)
    length = minutes if minutes is not None else visit.minutes
    return replace(visit, minutes=length, began=began, ended=ended)


def _when(label: str, name: str, tz: str) -> datetime | None:
    told: datetime | None = st.datetime_input(
        label, value=None, format="MM/DD/YYYY", step=300, key=_key(name), **WAITS
    )
    return told and told.replace(tzinfo=ZoneInfo(tz))


def _note() -> str:
    with st.expander("Add a short note (optional)"):
        parts.muted("Keep it brief and factual. A parent may ask to read it.")
        return st.text_area("Note", key=_key("note"), **WAITS) or ""


def _referral(student: uuid.UUID | None, providers: Sequence[Provider]) -> ReferralDraft | None:
    if not st.toggle("Add a referral", key=_key("refer"), persist_state="session"):
        return None
    with st.container(border=True):
        target = st.segmented_control(
            "Refer to",
            list(TARGETS),
            default=ReferralTarget.COMMUNITY,
            format_func=lambda target: TARGETS[target],
            key=_key("target"),
            wrap=True,
            persist_state="session",
        )
        draft = ReferralDraft(student_id=student, target=target, need=_need())
        return _provider(draft, providers)


def _need() -> Need | None:
    chosen: Need | None = st.pills(
        "Need",
        list(NEED_LABELS),
        format_func=lambda need: NEED_LABELS[need],
        key=_key("need"),
        wrap=True,
        **WAITS,
    )
    return chosen


def _provider(draft: ReferralDraft, providers: Sequence[Provider]) -> ReferralDraft:
    if draft.target is ReferralTarget.SCHOOL:
        name = st.selectbox(
            "Provider in the school",
            SCHOOL_PROVIDERS,
            index=None,
            accept_new_options=True,
            placeholder="Choose, or type who it is",
            key=_key("school"),
            **WAITS,
        )
        return replace(draft, school_provider=name or "")
    labels = unlike((provider, provider.label) for provider in providers)
    chosen = st.selectbox(
        "Community provider",
        list(labels),
        index=None,
        format_func=lambda provider: labels[provider],
        placeholder="Type a provider's or a service's name",
        key=_key("agency"),
        **WAITS,
    )
    if chosen is None:
        return draft
    return replace(draft, agency_id=chosen.agency_id, service_id=chosen.service_id)
