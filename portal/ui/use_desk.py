"""The worklist of unusual use: who is stopped, emergencies, findings, and the district's limits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portal.access.actor import Actor
from portal.errors import NotReady, Problem
from portal.monitoring.emergencies import Verdict
from portal.monitoring.queries import Emergency
from portal.monitoring.settings import COUNTS, MOST
from portal.monitoring.watching.queries import Finding, Stopped
from portal.monitoring.watching.service import LONGEST_NOTE
from portal.policy.tasks import Task
from portal.policy.use import Limits
from portal.ui import emergency_form, parts, when
from portal.ui.days import Days
from portal.ui.parts import Tag
from portal.vocabulary import (
    CATEGORY_LABELS,
    FLAG_OUTCOME_LABELS,
    LEVEL_LABELS,
    USE_FLAG_LABELS,
    Category,
    FlagOutcome,
    UseFlagKind,
)

OWN = "This is about you: somebody else looks at it."


@dataclass(frozen=True)
class Reviewed:
    """What was said about one emergency."""

    id: uuid.UUID
    verdict: Verdict


@dataclass(frozen=True)
class Settled:
    """What was said about one finding."""

    id: uuid.UUID
    outcome: FlagOutcome | None
    note: str


def year_before(today: date) -> date:
    """The same day a year before."""
    return today.replace(year=today.year - 1, day=min(today.day, 28))


def stopped(lines: Sequence[Stopped], me: Actor, days: Days) -> uuid.UUID | None:
    """Whom nothing more opens to; the one to let go on, once the button is clicked."""
    lifted = None
    if lines:
        parts.heading("Stopped", "They opened a thousand records within an hour.")
    for line in lines:
        with st.container(border=True, key=f"stopped-{line.user_id}"):
            since = f"Since {when.moment(line.since, days.now, days.tz)}. {line.organization}"
            parts.row(line.person, since, Tag("Stopped", "bad"))
            if line.user_id == me.id:
                parts.muted(OWN)
            elif not me.may(Task.WATCH_USE):
                parts.muted("An administrator of the district talks to them, then lets them go on.")
            elif st.button("Talked to them: let them go on", key=f"lift-{line.user_id}"):
                lifted = line.user_id
    return lifted


# Emergencies


def emergencies(lines: Sequence[Emergency], me: Actor, days: Days) -> Reviewed | None:
    """Those to review first; what was said about one, once its button is clicked."""
    parts.heading("Opened in an emergency", "Reviewed by somebody else within one working day.")
    waiting = [line for line in lines if line.reviewed_at is None]
    told = [line for line in lines if line.reviewed_at is not None]
    reviewed = None
    if not waiting:
        parts.muted("Nothing waits for a review.")
    for line in waiting:
        reviewed = _emergency(line, me, days) or reviewed
    if told:
        with st.expander(f"Reviewed ({len(told)})"):
            parts.rows([_told(line, days) for line in told], "")
    return reviewed


def _emergency(line: Emergency, me: Actor, days: Days) -> Reviewed | None:
    with st.container(border=True, key=f"declared-{line.id}"):
        span = when.span(line.starts_at, line.ends_at, days.now, days.tz)
        due = f"{days.of(line.due)}, {when.time_of(line.due, days.tz)}"
        parts.row(
            f"{line.person} opened {line.student}",
            f"{span}. Review by {due}.",
            emergency_form.state(line, days),
        )
        parts.say(line.threat)
        parts.muted(f"Opened: {_kinds(line)}.")
        if line.user_id == me.id:
            parts.muted(OWN)
            return None
        with st.expander("Review"):
            return _verdict(line)


def _kinds(line: Emergency) -> str:
    return ", ".join(CATEGORY_LABELS[k] for k in line.kinds if k is not Category.IDENTITY)


def _verdict(line: Emergency) -> Reviewed | None:
    said = {"It was proper": True, "It was not proper": False}
    chosen = st.radio("Was it proper?", list(said), index=None, key=f"proper-{line.id}")
    note = st.text_area("What you found", key=f"found-{line.id}", max_chars=LONGEST_NOTE)
    guardian = st.text_input(
        "Notice to the family: when and how, or why not yet",
        key=f"family-{line.id}",
        max_chars=300,
    )
    if not st.button("Save the review", key=f"review-{line.id}", type="primary"):
        return None
    return Reviewed(line.id, Verdict(said.get(chosen or ""), note, guardian))


def _told(line: Emergency, days: Days) -> tuple[str, str, Tag]:
    reviewed = days.of(line.reviewed_at) if line.reviewed_at else ""
    below = f"{days.of(line.starts_at)}. {line.reviewer}, {reviewed}: {line.note}"
    return f"{line.person} opened {line.student}", below, emergency_form.state(line, days)


# Findings


def findings(lines: Sequence[Finding], me: Actor, days: Days) -> Settled | None:
    """Those that wait; what was said about one, once its button is clicked."""
    parts.heading("Unusual use", "Found by going over the ledger once a day.")
    if not lines:
        parts.muted("Nothing waits.")
    settled = None
    for line in lines:
        with st.container(border=True, key=f"finding-{line.id}"):
            parts.row(
                f"{_who(line)}: {USE_FLAG_LABELS[line.kind]}",
                _beside(line),
                Tag(when.day(line.day, days.today), "warn"),
            )
            if line.user_id == me.id:
                parts.muted(OWN)
                continue
            with st.expander("Settle"):
                settled = _outcome(line) or settled
    return settled


def _who(line: Finding) -> str:
    return f"{line.person} ({line.partner})" if line.partner else line.person


def _beside(line: Finding) -> str:
    told = [f"{line.count:,} on this day"]
    if line.limit is not None:
        told.append(f"looked at from {line.limit:,}")
    if line.kind is UseFlagKind.VOLUME and line.own_usual is not None:
        told.append(f"usual for them: {line.own_usual:.0f}")
    if line.kind is UseFlagKind.VOLUME and line.colleagues_usual is not None:
        told.append(f"for colleagues: {line.colleagues_usual:.0f}")
    return ", ".join(told)


def _outcome(line: Finding) -> Settled | None:
    outcome = st.radio(
        "What came of it",
        list(FLAG_OUTCOME_LABELS),
        index=None,
        format_func=lambda one: FLAG_OUTCOME_LABELS[one],
        key=f"outcome-{line.id}",
    )
    note = st.text_input("Note", key=f"note-{line.id}", max_chars=LONGEST_NOTE)
    if not st.button("Settle it", key=f"settle-{line.id}", type="primary"):
        return None
    return Settled(line.id, outcome, note)


def before(
    lines: Sequence[Finding], numbers: Mapping[UseFlagKind, tuple[int, int]], days: Days
) -> None:
    """What was settled, and how much of which kind there was in a year."""
    with st.expander(f"Settled ({len(lines)})"):
        parts.rows([_settled(line, days) for line in lines], "Nothing is settled yet.")
    with st.expander("Numbers of the last twelve months"):
        parts.table(
            "By kind, of everybody together",
            ["Kind", "Found", "Turned out proper"],
            [
                [USE_FLAG_LABELS[kind], f"{every:,}", f"{proper:,}"]
                for kind, (every, proper) in sorted(numbers.items())
            ],
            "Nothing was found.",
        )


def _settled(line: Finding, days: Days) -> tuple[str, str, Tag]:
    on = days.of(line.settled_at) if line.settled_at else ""
    below = f"{when.day(line.day, days.today)}. {line.settler}, {on}: {line.note}"
    outcome = FLAG_OUTCOME_LABELS[line.outcome] if line.outcome else ""
    kind = "ok" if line.outcome is FlagOutcome.PROPER else "plain"
    return f"{_who(line)}: {USE_FLAG_LABELS[line.kind]}", below, Tag(outcome, kind)


# The district's limits


def limits(now: Limits, place: DeltaGenerator) -> Limits | None:
    """What the district calls unusual, drawn at `place`; the new limits once they are saved.

    Raises NotReady with each line of the holidays that is no day.
    """
    with place, st.expander("What counts as unusual"):
        parts.muted("Each is a count of one person on one day.")
        left, right = st.columns(2, gap="large")
        with left:
            opens = {
                level: _number(f"Students opened: {LEVEL_LABELS[level]}", count, f"level-{level}")
                for level, count in now.opens.items()
            }
        with right:
            counts = {
                name: _number(label, getattr(now, name), f"limit-{name}")
                for name, label in COUNTS.items()
            }
            from_: time | None = st.time_input(
                "Working day from", now.from_, key="limit-from", step=1800
            )
            until: time | None = st.time_input("Until", now.until, key="limit-until", step=1800)
        holidays = st.text_area(
            "Holidays and vacation days, one a line, as 2026-12-25",
            "\n".join(day.isoformat() for day in now.holidays),
            key="limit-holidays",
        )
        if not st.button("Save what counts as unusual", key="limit-save"):
            return None
        hours = {
            "from_": now.from_ if from_ is None else from_,
            "until": now.until if until is None else until,
        }
        told: dict[str, Any] = {"opens": opens, "holidays": _days(holidays), **counts, **hours}
        return Limits(**told)


def _number(label: str, count: int, key: str) -> int:
    return int(st.number_input(label, 1, MOST, count, key=key))


def _days(typed: str) -> tuple[date, ...]:
    """Raises NotReady with each line that is no day."""
    found, wrong = [], []
    for line in filter(None, (line.strip() for line in typed.splitlines())):
        try:
            found.append(date.fromisoformat(line))
        except ValueError:
            wrong.append(Problem(f"“{line}” is not a day.", "Write it as 2026-12-25.", "Holidays"))
    if wrong:
        raise NotReady(wrong)
    return tuple(sorted(set(found)))
