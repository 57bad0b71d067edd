"""An unsaved visit is kept while one types, and offered again after a reload or a new session.

The browser keeps nothing of it; the database keeps it for its writer alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.referrals.queries import Provider
from portal.ui import parts, when
from portal.ui.autosave import Heard, listen
from portal.ui.page import who_is_here
from portal.ui.visit_form import FORM, INSIDE, form_key, key_of
from portal.visits import drafts
from portal.visits.queries import Unsaved
from portal.vocabulary import Attendance, ReferralTarget, Urgency

OFFER = "visit-unsaved"
KEPT = "visit-kept"
NOT_FIELDS = frozenset({"save", "same"})
NOTHING: tuple[Any, ...] = (
    *(None, "", False, []),
    {"choice": ["attendance", "attended"]},
    {"choice": ["target", "community"]},
    {"choice": ["urgency", "routine"]},
)
"""What a field says that nobody has touched."""
CHOICES: dict[str, type[StrEnum]] = {
    "attendance": Attendance,
    "target": ReferralTarget,
    "urgency": Urgency,
}
TYPED = ("note", "about", "dp-")
"""How the names of the fields begin whose text counts while it is still being typed."""


def offer(now: datetime, tz: str, providers: Sequence[Provider]) -> None:
    """Once in each session: an unsaved visit from before, to go on with or to discard."""
    if OFFER not in st.session_state:
        st.session_state[OFFER] = _newest(now)
    unsaved: Unsaved | None = st.session_state[OFFER]
    if unsaved is None or unsaved.key == form_key():
        return
    with st.container(border=True, key="visit-unsaved-offer"):
        parts.say(f"You have an unsaved visit from {when.moment(unsaved.saved_at, now, tz)}.")
        with st.container(horizontal=True):
            st.button("Go on with it", key="visit-go-on", on_click=_go_on, args=(providers,))
            st.button("Discard it", key="visit-discard", on_click=_discard)


@st.fragment
def autosave(tz: str) -> None:
    """Keep what is typed, a moment after the last touch; only this line is drawn again."""
    heard = listen(INSIDE, form_key())
    if heard is not None:
        _keep(heard)
    form, at = st.session_state.get(KEPT, ("", None))
    told = form == form_key() and at is not None
    text = f"Kept as a draft at {when.time_of(at, tz)}." if told else " "
    st.html(f'<p class="p-muted p-kept">{parts.esc(text)}</p>')


def _keep(heard: Heard) -> None:
    me = who_is_here()
    if me is None or not me.may(Task.LOG_VISIT):
        return
    content, now = _content(heard), clock.now()
    with unit_of_work() as session:
        if content:
            drafts.keep(session, me, heard.form, content, now)
        else:
            drafts.forget(session, me, heard.form)
    if content:
        st.session_state[KEPT] = (heard.form, now)
    else:
        st.session_state.pop(KEPT, None)


def _newest(now: datetime) -> Unsaved | None:
    me = who_is_here()
    if me is None:
        return None
    with unit_of_work() as session:
        return drafts.newest(session, me, now)


def _go_on(providers: Sequence[Provider]) -> None:
    """Put back what was typed; the form is then the one that it was, so it saves once."""
    unsaved: Unsaved | None = st.session_state.get(OFFER)
    me = who_is_here()
    st.session_state[OFFER] = None
    if unsaved is None or me is None:
        return
    with unit_of_work() as session:
        content = drafts.read(session, me, unsaved.key)
    if content is None:
        parts.flash("That visit has been saved or discarded in the meantime.")
        return
    st.session_state[FORM] = unsaved.key
    for name, value in content.items():
        put = _decoded(value, providers)
        if put is not None:
            st.session_state[key_of(name)] = put


def _discard() -> None:
    unsaved: Unsaved | None = st.session_state.get(OFFER)
    me = who_is_here()
    st.session_state[OFFER] = None
    if unsaved is not None and me is not None:
        with unit_of_work() as session:
            drafts.forget(session, me, unsaved.key)


def _content(heard: Heard) -> dict[str, Any]:
    """Every filled field of the form by its name, with the texts as they are typed so far."""
    begins = key_of("")
    held: dict[str, Any] = {str(key): value for key, value in st.session_state.items()}
    texts = {key: text for key, text in heard.texts.items() if _is_text(key, begins)}
    told = {key: value for key, value in (held | texts).items() if key.startswith(begins)}
    named = {key.removeprefix(begins): _encoded(value) for key, value in told.items()}
    return {
        name: value
        for name, value in named.items()
        if name not in NOT_FIELDS and not name.startswith("fold-") and value not in NOTHING
    }


def _is_text(key: str, begins: str) -> bool:
    return key.removeprefix(begins).startswith(TYPED) and key.startswith(begins)


def _encoded(value: Any) -> Any:
    """A field's value as JSON; None for what cannot be kept."""
    for name, kind in CHOICES.items():
        if isinstance(value, kind):
            return {"choice": [name, str(value)]}
    match value:
        case str() | bool() | int():
            return value
        case uuid.UUID():
            return {"id": value.hex}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Provider():
            return {"provider": [str(value.agency_id), str(value.service_id)]}
        case list() | tuple():
            return [_encoded(one) for one in value]
    return None


def _decoded(value: Any, providers: Sequence[Provider]) -> Any:
    match value:
        case {"id": text}:
            return uuid.UUID(text)
        case {"instant": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case {"choice": [name, code]} if name in CHOICES:
            return CHOICES[name](code)
        case {"provider": [agency, service]}:
            return _provider(agency, service, providers)
        case list():
            return [_decoded(one, providers) for one in value]
        case Mapping():
            return None
    return value


def _provider(agency: str, service: str, providers: Sequence[Provider]) -> Provider | None:
    for one in providers:
        if (str(one.agency_id), str(one.service_id)) == (agency, service):
            return one
    return None
