"""The form that corrects a visit; when somebody else was quicker, both changes side by side.

What I typed stays in its fields until it is saved. The form remembers the visit as it was when
it was opened: of two changes to different parts both are kept, and of two to the same part I see
both and decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.corrections import ChangedMeanwhile
from portal.access.words import Words
from portal.ui import correct_words, parts
from portal.ui.labels import unlike
from portal.visits.revising import LABELS, LISTS, NOTE, Revisable, VisitValues
from portal.visits.rules import MOST_MINUTES
from portal.vocabulary import ATTENDANCE_LABELS, VISIT_MODE_LABELS, WordList

OPENED = "correct-opened"
CLASH = "correct-clash"
NEXT = "correct-next"
"""In the session: what the fields say from the next run on."""

REASON = "Why is it changed?"
NOT_SAID = "Not said"


@dataclass(frozen=True)
class Clash:
    """What another person saved meanwhile, part by part: as I opened it, theirs, mine."""

    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Sent:
    """What is to be saved, and of which version it is a change."""

    version: int
    values: VisitValues
    reason: str


def visit(now: Revisable, words: Words, at: datetime, tz: str) -> Sent | None:
    """Draw the form; what to save when Save is clicked, else None."""
    opened = _opened(now)
    _put_in(st.session_state.pop(NEXT, opened.values), tz)
    _tell_clash(at)
    with st.form(f"correct-form-{now.visit_id}", enter_to_submit=False):
        left, right = st.columns(2)
        with left:
            wanted = _about(opened.values, words, tz)
        with right:
            wanted = _beside(wanted, words)
        wanted = replace(wanted, note=_note())
        reason = _reason() if now.needs_reason else ""
        if not st.form_submit_button("Save the change", type="primary", shortcut="ctrl+s"):
            return None
    return Sent(opened.version, wanted, reason)


def done() -> None:
    """Forget what was typed: it is saved."""
    for name in [OPENED, CLASH, NEXT, *(key for key in st.session_state if _is_field(key))]:
        st.session_state.pop(name, None)


def clashed(mine: VisitValues, theirs: Revisable, words: Words, at: datetime, tz: str) -> None:
    """Another was quicker: keep my changes, take over theirs elsewhere, and go on from there."""
    opened: Revisable = st.session_state[OPENED]
    changed, old = opened.values.changes_to(theirs.values), opened.values.told()
    own = opened.values.changes_to(mine)
    rows = []
    for name, change in changed.items():
        both = [old[name], change.new, own[name].new if name in own else change.new]
        told = [correct_words.told(name, value, words, at, tz) or "Nothing" for value in both]
        rows.append((LABELS[name], *told))
    kept = {name: getattr(mine, name) for name in own}
    for name in own.keys() | changed.keys():
        st.session_state.pop(_key(name), None)
    st.session_state[NEXT] = replace(theirs.values, **kept)
    st.session_state[OPENED] = theirs
    st.session_state[CLASH] = Clash(tuple(rows))  # type: ignore[arg-type]


def _opened(now: Revisable) -> Revisable:
    """The visit as it was when this form was first drawn."""
    opened: Revisable | None = st.session_state.get(OPENED)
    if opened is None or opened.visit_id != now.visit_id:
        done()
        st.session_state[OPENED] = opened = now
    return opened


def _tell_clash(at: datetime) -> None:
    clash: Clash | None = st.session_state.get(CLASH)
    if clash is None:
        return
    parts.problem_summary(ChangedMeanwhile())
    parts.table(
        "What was saved meanwhile",
        ["Part", "When you opened it", "Saved by somebody else", "In your form now"],
        clash.rows,
        "They saved no other words than you.",
    )


# Its fields


def _key(name: str) -> str:
    return f"correct-field-{name}"


def _is_field(key: object) -> bool:
    return str(key).startswith(_key(""))


def _put_in(values: VisitValues, tz: str) -> None:
    """Fill the fields that are not filled yet."""
    for part in fields(values):
        value = getattr(values, part.name)
        if part.name == "began":
            value = value.astimezone(ZoneInfo(tz)).replace(tzinfo=None)
        if part.name == "services":
            value = list(value)
        st.session_state.setdefault(_key(part.name), value)


def _about(values: VisitValues, words: Words, tz: str) -> VisitValues:
    purpose = _word("purpose", words, [])
    minutes = st.number_input(LABELS["minutes"], 0, MOST_MINUTES, step=1, key=_key("minutes"))
    began: datetime = st.datetime_input(
        LABELS["began"], format="MM/DD/YYYY", step=300, key=_key("began")
    )
    services = _services(words)
    tier = _word("tier", words, [""])
    return replace(
        values,
        tier=tier,
        purpose=purpose,
        minutes=int(minutes),
        began=_instant(began, values.began, tz),
        services=services,
    )


def _instant(told: datetime, before: datetime, tz: str) -> datetime:
    """The instant of what the field says; to the second as before when it was not touched."""
    local = before.astimezone(ZoneInfo(tz))
    same = told.replace(second=0, microsecond=0) == local.replace(
        second=0, microsecond=0, tzinfo=None
    )
    return before if same else told.replace(tzinfo=ZoneInfo(tz))


def _beside(values: VisitValues, words: Words) -> VisitValues:
    return replace(
        values,
        attendance=_one_of("attendance", ATTENDANCE_LABELS),
        missed_reason=_word("missed_reason", words, [""]),
        mode=_one_of("mode", VISIT_MODE_LABELS),
        place=_word("place", words, [""]),
        disposition=_word("disposition", words, [""]),
    )


def _one_of(name: str, labels: Mapping[Any, str]) -> Any:
    return st.selectbox(
        LABELS[name], list(labels), format_func=lambda value: labels[value], key=_key(name)
    )


def _word(name: str, words: Words, before: Sequence[str]) -> str:
    """A code of a word list; a retired one stays while it is the one that was said."""
    listed = LISTS[name]
    codes = [*before, *words.codes(listed)]
    current = st.session_state[_key(name)]
    if current not in codes:
        codes.append(current)
    labels = unlike((code, words.label(listed, code) if code else NOT_SAID) for code in codes)
    chosen: str = st.selectbox(
        LABELS[name], codes, format_func=lambda code: labels.get(code, ""), key=_key(name)
    )
    return chosen


def _services(words: Words) -> tuple[str, ...]:
    listed = WordList.VISIT_SERVICE
    codes = list(dict.fromkeys([*words.codes(listed), *st.session_state[_key("services")]]))
    labels = unlike((code, words.label(listed, code)) for code in codes)
    chosen = st.multiselect(
        LABELS["services"],
        codes,
        format_func=lambda code: labels.get(code, ""),
        key=_key("services"),
    )
    return tuple(sorted(chosen))


def _note() -> str:
    parts.muted("Keep the note brief and factual. A parent may ask to read it.")
    return st.text_area(LABELS[NOTE], key=_key(NOTE)) or ""


def _reason() -> str:
    told = st.text_input(REASON, key=_key("reason"), placeholder="Kept with the record for good")
    return told or ""
