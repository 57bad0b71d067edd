"""What happened with one student, newest first: records, consents, and what was shared."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.contents import Item
from portal.consents.queries import ConsentView
from portal.stewardship.queries import SeenLine
from portal.supports.queries import Mark
from portal.supports.words import WITHHELD
from portal.ui import parts, when
from portal.ui.consent_words import consent_tag
from portal.ui.parts import Moment, Tag
from portal.vocabulary import CATEGORY_LABELS, Category, Field

ALL = "All"
VISITS, SERVICES, REFERRALS = "Visits", "Services", "Referrals"
HEALTH, SCHOOL, CONSENTS, DISCLOSURES = "Health", "School", "Consents", "Disclosures"
KINDS = {
    Category.VISITS: VISITS,
    Category.VISIT_NOTES: VISITS,
    Category.REFERRALS: REFERRALS,
    Category.SERVICE_STATUS: SERVICES,
    Category.HEALTH: HEALTH,
    Category.HIV: HEALTH,
    Category.SUD: HEALTH,
    Category.SAFETY_PLAN: HEALTH,
}
"""What the timeline can be narrowed to; every other category is School."""

ORDER = (ALL, VISITS, SERVICES, REFERRALS, CONSENTS, DISCLOSURES, HEALTH, SCHOOL)
LETTERS = {Category.VISIT_NOTES: "N"}
TIMED = frozenset({Category.VISITS, Category.VISIT_NOTES, Category.REFERRALS})
"""Of these the time of day is told; of the others it means nothing."""

ANY_TIME, MONTH, HALF, CHOSEN = "Any time", "Last 30 days", "Last 6 months", "Choose days"
DAYS_BACK = {MONTH: 30, HALF: 183}
AT_ONCE = 30
"""Entries that are shown before one asks for more."""

MANY = "student-entries-more"
"""In the session: how many more entries of which student are shown."""

SHOWN = "student-history-shown"
"""In the session: of which students the folded history was opened."""


@dataclass(frozen=True)
class Entry:
    """One moment, when it was, and under which choice it is shown."""

    at: datetime
    kind: str
    moment: Moment


@dataclass(frozen=True)
class Slate:
    """What is folded: everything before this day, until it is opened on purpose."""

    student_id: uuid.UUID
    before: date
    open: Callable[[], None]


def of_items(
    items: Iterable[Item], marks: Mapping[uuid.UUID, Mark], now: datetime, tz: str
) -> list[Entry]:
    """The open records, identity aside: it is in the header. marks: what stands beside each."""
    told = [item for item in items if item.category is not Category.IDENTITY]
    entries = []
    for item in told:
        moment = _record(item, marks.get(item.record_id), now, tz)
        entries.append(Entry(item.when, KINDS.get(item.category, SCHOOL), moment))
    return entries


def of_consents(consents: Iterable[ConsentView], now: datetime, tz: str) -> list[Entry]:
    """The signing of each consent, and what it opens."""
    return [
        Entry(_noon(consent.signed_on, tz), CONSENTS, _consent(consent, now, tz))
        for consent in consents
        if consent.signed_on is not None
    ]


def of_sharing(seen: Iterable[SeenLine], now: datetime, tz: str) -> list[Entry]:
    """Each day on which somebody of another organization was shown something."""
    return [Entry(line.at, DISCLOSURES, _shared(line, now, tz)) for line in seen if line.outside]


def show(entries: Sequence[Entry], slate: Slate, now: datetime, tz: str) -> None:
    """The entries under their months, narrowed by the choices above them."""
    parts.heading("Timeline")
    kind = _kind(entries)
    first, last = _days(when.local_day(now, tz))
    wanted = [
        entry
        for entry in entries
        if kind in (ALL, entry.kind) and first <= when.local_day(entry.at, tz) <= last
    ]
    opened = slate.student_id in st.session_state.get(SHOWN, set())
    older = [] if opened else [e for e in wanted if when.local_day(e.at, tz) < slate.before]
    shown = [entry for entry in wanted if entry not in older]
    shown.sort(key=lambda entry: entry.at, reverse=True)
    rest = len(shown) - _most(slate.student_id)
    months = groupby(shown[: _most(slate.student_id)], key=lambda entry: when.month(entry.at, tz))
    parts.timeline(
        [(month, [entry.moment for entry in of_month]) for month, of_month in months],
        _nothing(entries, older),
    )
    if rest > 0:
        st.button(
            f"Show {min(rest, AT_ONCE)} more of {rest}",
            key="student-more",
            on_click=_more,
            args=(slate.student_id,),
        )
    elif older:
        _folded(older, slate)


def _most(student_id: uuid.UUID) -> int:
    told: dict[uuid.UUID, int] = st.session_state.get(MANY, {})
    return AT_ONCE + told.get(student_id, 0)


def _more(student_id: uuid.UUID) -> None:
    told = st.session_state.get(MANY, {})
    st.session_state[MANY] = told | {student_id: told.get(student_id, 0) + AT_ONCE}


def _kind(entries: Sequence[Entry]) -> str:
    there = {entry.kind for entry in entries}
    kinds = [kind for kind in ORDER if kind == ALL or kind in there]
    if len(kinds) <= 2:
        return ALL
    chosen = st.segmented_control(
        "Show", kinds, default=ALL, key="student-show", wrap=True, required=True
    )
    return chosen or ALL


def _days(today: date) -> tuple[date, date]:
    choices = [ANY_TIME, MONTH, HALF, CHOSEN]
    chosen = st.selectbox("Time", choices, key="student-time", required=True) or ANY_TIME
    if chosen in DAYS_BACK:
        return today - timedelta(days=DAYS_BACK[chosen]), today
    if chosen == ANY_TIME:
        return date.min, date.max
    left, right = st.columns(2)
    first = left.date_input("From", value=None, format="MM/DD/YYYY", key="student-from")
    last = right.date_input("Until", value=None, format="MM/DD/YYYY", key="student-until")
    return first or date.min, last or date.max


def _nothing(entries: Sequence[Entry], older: Sequence[Entry]) -> str:
    if older:
        return "Nothing since then."
    if entries:
        return "Nothing matches these choices. Choose All and Any time to see everything."
    return "Nothing is on record that is open to you. Visits and referrals appear here."


def _folded(older: Sequence[Entry], slate: Slate) -> None:
    day = f"{slate.before:%B} {slate.before.day}, {slate.before.year}"
    stay, them = ("stays", "it") if len(older) == 1 else ("stay", "them")
    parts.notice(
        f"A clean slate: {when.counted(len(older), 'entry', 'entries')} from before {day} "
        f"{stay} folded, so that old troubles do not decide what we see in a student today. "
        f"Open {them} only where the student's support needs it; that you did is noted.",
        "plain",
    )
    if st.button("Open the older history", key="student-history"):
        slate.open()
        st.session_state.setdefault(SHOWN, set()).add(slate.student_id)
        st.rerun()


def _record(item: Item, mark: Mark | None, now: datetime, tz: str) -> Moment:
    told = when.moment if item.category in TIMED else when.day_of
    narrative = item.parts.get(Field.NARRATIVE, "")
    if item.restricted and not narrative:
        narrative = WITHHELD
    below = [
        narrative,
        item.parts.get(Field.WHO, ""),
        f"A record of {mark.whose}" if mark is not None and mark.whose else "",
        f"Statement of disagreement: {item.statement}" if item.statement else "",
    ]
    label = CATEGORY_LABELS[item.category]
    return Moment(
        letter=LETTERS.get(item.category, KINDS.get(item.category, label)[0]),
        head=item.parts.get(Field.WHAT, label),
        when=told(item.when, now, tz),
        below="\n".join(text for text in below if text),
        tag=_tag(item),
    )


def _tag(item: Item) -> Tag | None:
    if item.restricted:
        return Tag("Restricted", "warn")
    return Tag("Corrected", "plain") if item.corrected else None


def _consent(consent: ConsentView, now: datetime, tz: str) -> Moment:
    opens = ", ".join(CATEGORY_LABELS[category].lower() for category in consent.categories)
    return Moment(
        letter="C",
        head=f"Consent signed by {consent.signer}",
        when=when.day_of(_noon(consent.signed_on or consent.starts_on, tz), now, tz),
        below=f"{consent.recipient} may see: {opens}. {consent.number}",
        tag=consent_tag(consent, now, tz),
    )


def _shared(line: SeenLine, now: datetime, tz: str) -> Moment:
    papers = f"Under {', '.join(line.papers)}. " if line.papers else ""
    return Moment(
        letter="D",
        head=f"{line.organization}: {line.what}",
        when=when.day_of(line.at, now, tz),
        below=f"{papers}By {line.person}",
    )


def _noon(day: date, tz: str) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(tz))
