"""Service accounts: those there are, with a button to end each, and a form for a new one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from portal.accounts.service_accounts import Draft, Line
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.parts import Tag
from portal.vocabulary import SCOPE_LABELS, Scope

TOKEN = "service-account-token"  # noqa: S105
TURN = "service-account-turn"
LASTS = {30: "30 days", 90: "90 days", 180: "Half a year", 365: "A year"}
SOON = timedelta(days=14)


def remember(token: str) -> None:
    """Show the token on the next run, once; the form is empty again."""
    st.session_state[TOKEN] = token
    st.session_state[TURN] = uuid.uuid4().hex


def token_shown_once() -> None:
    """The token of the account just made."""
    if token := st.session_state.pop(TOKEN, None):
        parts.notice(
            "Set this as PORTAL_SERVICE_TOKEN where the command runs. It is shown only now.", "warn"
        )
        st.code(token, language=None, wrap_lines=True)


def standing(lines: Sequence[Line], days: Days) -> uuid.UUID | None:
    """The accounts there are; the one to end once its button is clicked."""
    if not lines:
        parts.muted("There is none. Commands run without one only until anybody can sign in.")
    ended = None
    for line in lines:
        with st.container(border=True, key=f"service-account-{line.id}"):
            parts.row(line.name, _below(line, days), _ends(line, days))
            if st.button("End it", key=f"end-{line.id}"):
                ended = line.id
    return ended


def _below(line: Line, days: Days) -> str:
    scopes = ". ".join(SCOPE_LABELS[scope] for scope in line.scopes)
    made = f"Made {days.of(line.made_at)} by {line.made_by or 'the command line'}"
    used = f"last used {days.of(line.last_used_at)}" if line.last_used_at else "never used"
    return f"{scopes}. {made}, {used}."


def _ends(line: Line, days: Days) -> Tag:
    soon = line.expires_at - days.now < SOON
    return Tag(f"Ends {days.of(line.expires_at)}", "warn" if soon else "info")


def new() -> Draft | None:
    """A new account; the draft once the button is clicked."""
    turn = st.session_state.setdefault(TURN, uuid.uuid4().hex)
    name = st.text_input("Which program is it for?", key=f"{turn}-name", max_chars=60)
    parts.say("What may it do? Tick the least.")
    scopes = [scope for scope in Scope if st.checkbox(SCOPE_LABELS[scope], key=f"{turn}-{scope}")]
    lasts = st.selectbox("For how long?", list(LASTS), 1, LASTS.__getitem__, key=f"{turn}-days")
    if not st.button("Make it", type="primary", key=f"{turn}-save"):
        return None
    return Draft(name, frozenset(scopes), lasts)
