"""The worklist of consents: what waits, why, since when, and one thing to do about each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.consents.requests.drafts import Channel
from portal.consents.worklist.queries import RenewalLine, WorkLine, Worklist
from portal.consents.worklist.rules import GROUP_LABELS, RENEWABLE, Group
from portal.consents.worklist.service import Renewed
from portal.ui import consent_acts, parts, when
from portal.ui.days import Days
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.parts import Tag
from portal.ui.pick_student import CHOSEN
from portal.vocabulary import FORM_KIND_LABELS, FormKind, Instrument

RENEWING = "consent-renewing"
"""The key of the open list of renewals; its sending counts once."""

RESULTS = "consent-renewed"
BEGIN = "consent-begin"
"""The consent for which a new request is to be filled in, once its student's page is open."""

ACTIONS = {
    Group.TO_CONFIRM: "Compare",
    Group.OUT: "Send again or withdraw",
    Group.HELD: "Settle",
    Group.PASSES: "Ask the new signer",
    Group.REFUSED: "Look",
    Group.AGREEMENT: "Look",
} | dict.fromkeys(RENEWABLE, "Ask to renew")

NOTHING = (
    "Nothing waits. Papers to confirm, requests without an answer, and consents that end or are "
    "held appear here by themselves."
)


def show(worklist: Worklist, days: Days) -> None:
    """Each group that has something in it."""
    waiting = [(group, lines) for group, lines in worklist.items() if lines]
    if not waiting:
        parts.rows([], NOTHING)
    for group, lines in waiting:
        parts.heading(f"{GROUP_LABELS[group]} ({len(lines)})")
        skip = lines_before(len(lines), f"work-page-{group}")
        for line in lines[skip : skip + AT_ONCE]:
            _row(line, days)


def _row(line: WorkLine, days: Days) -> None:
    with (
        st.container(border=True, key=f"work-{line.group}-{line.number}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        parts.row(line.student, f"{_with(line)} · {line.number} · {line.why}", _since(line, days))
        st.button(
            ACTIONS[line.group],
            key=f"work-do-{line.group}-{line.number}",
            on_click=_open,
            args=(line.student_id, line.consent_id, line.group in RENEWABLE),
        )


def _open(student_id: uuid.UUID, consent_id: uuid.UUID | None, renew: bool) -> None:
    st.session_state[CHOSEN] = student_id
    if consent_id is not None and renew:
        st.session_state[BEGIN] = consent_id
    elif consent_id is not None:
        consent_acts.begin(consent_id)


def _with(line: WorkLine) -> str:
    way = f"from {line.partner} to us" if line.instrument is Instrument.HIPAA else line.partner
    return way if line.form is FormKind.STANDARD else f"{way} · {FORM_KIND_LABELS[line.form]}"


def _since(line: WorkLine, days: Days) -> parts.Cell:
    if line.since is None:
        return Tag("Closed now", "bad")
    if line.group in RENEWABLE:
        left = days.left(line.since)
        word = f"{when.days(left)} left" if left > 0 else "Last day"
        return Tag(word, "bad" if line.group is Group.ENDS_7 else "warn")
    if line.since > days.now:
        return Tag(f"On {days.of(line.since)}", "warn")
    kinds = {Group.HELD: "bad", Group.TO_CONFIRM: "warn"}
    return Tag(f"Since {days.of(line.since)}", kinds.get(line.group, "info"))


# Renewals


def renewal_opener() -> None:
    """The button that opens the list of renewals."""
    if RENEWING not in st.session_state:
        st.button("Renew all", key="renew-open", on_click=_begin_renewing)


def _begin_renewing() -> None:
    st.session_state[RENEWING] = uuid.uuid4().hex


def is_renewing() -> bool:
    """Is the list of renewals open?"""
    return RENEWING in st.session_state


def renewal_key() -> str:
    """The random key of the open list."""
    return str(st.session_state[RENEWING])


def stop_renewing() -> None:
    """The list is sent, or not wanted."""
    for key in [key for key in st.session_state if str(key).startswith("renew-")]:
        del st.session_state[key]
    st.session_state.pop(RENEWING, None)


def renewals(lines: Sequence[RenewalLine], days: Days) -> list[uuid.UUID] | None:
    """The consents that were left ticked, once the button is clicked."""
    parts.heading(
        "Renew consents",
        "They end or ended within 60 days. Each family is asked with the same ticks, and answers "
        "for itself. The new consent takes over from the old one once it is signed.",
    )
    with st.container(key="renewals"):
        ticked = [line.consent_id for line in lines if _tick(line, days)]
    if not lines:
        parts.rows([], "No consent ends or ended within 60 days that was not asked anew already.")
    with st.container(horizontal=True):
        send = bool(lines) and st.button(
            "Ask these families", type="primary", key=f"renew-send-{renewal_key()}"
        )
        st.button("Close the list", key="renew-close", on_click=stop_renewing)
    return ticked if send else None


def _tick(line: RenewalLine, days: Days) -> bool:
    way = "from" if line.instrument is Instrument.HIPAA else "to"
    verb = "ended" if line.ends_at <= days.now else "ends"
    how = "by e-mail" if line.by_email else "by letter: no e-mail address"
    return st.checkbox(
        parts.plain(
            f"{line.student}, {way} {line.partner} ({line.number}) {verb} "
            f"{days.last(line.ends_at)}. "
            f"{line.signer}, {how}."
        ),
        value=True,
        key=f"renew-tick-{line.number}-{renewal_key()}",
        wrap=True,
        on_change="ignore",
    )


def keep_results(results: Sequence[Renewed], told: Sequence[str]) -> None:
    """Say this of each family once the page has run again."""
    st.session_state[RESULTS] = [
        (one.signer, ", ".join(one.numbers), text) for one, text in zip(results, told, strict=True)
    ]


def results() -> None:
    """What became of each family; shown once."""
    rows: list[tuple[str, str, str]] | None = st.session_state.pop(RESULTS, None)
    if rows:
        parts.table(
            "Asked to renew", ["Signer", "Consents", "What happened"], [list(r) for r in rows], ""
        )


def what_happened(renewed: Renewed, failed: str) -> str:
    """One family's result, in words. failed: why its e-mail did not go, or empty."""
    if renewed.out is None:
        return "Not asked. " + " ".join(f"{p.what} {p.do_next}" for p in renewed.problems)
    sent = renewed.out.sent
    number = sent.request.number
    if not sent.token:
        return f"Asked already ({number})."
    if failed:
        return f"Saved ({number}), but no e-mail went out. {failed}"
    if renewed.channel is Channel.EMAIL:
        return f"Link sent to {sent.email} ({number})."
    return f"No e-mail address: print the letter ({number})."
