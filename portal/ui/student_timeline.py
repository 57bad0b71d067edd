"""What happened with one student, newest first: records, consents, and what was shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.contents import Item
from portal.consents.queries import ConsentView
from portal.stewardship.queries import SeenLine
from portal.ui import parts, when
from portal.ui.consent_words import consent_tag
from portal.ui.parts import Moment
from portal.vocabulary import CATEGORY_LABELS, Category, Field

ALL = "All"
KINDS = {
    Category.VISITS: "Visits",
    Category.VISIT_NOTES: "Visits",
    Category.REFERRALS: "Referrals",
    Category.SERVICE_STATUS: "Referrals",
    Category.HEALTH: "Health",
    Category.HIV: "Health",
    Category.SUD: "Health",
    Category.SAFETY_PLAN: "Health",
}
"""What the timeline can be narrowed to; every other category is School."""

LETTERS = {Category.VISIT_NOTES: "N", Category.SERVICE_STATUS: "S"}
TIMED = frozenset({Category.VISITS, Category.VISIT_NOTES, Category.REFERRALS})
"""Of these the time of day is told; of the others it means nothing."""


@dataclass(frozen=True)
class Entry:
    """One moment, when it was, and under which choice it is shown."""

    at: datetime
    kind: str
    moment: Moment


def of_items(items: Iterable[Item], now: datetime, tz: str) -> list[Entry]:
    """The open records, identity aside: it is in the header."""
    told = [item for item in items if item.category is not Category.IDENTITY]
    return [Entry(i.when, KINDS.get(i.category, "School"), _record(i, now, tz)) for i in told]


def of_consents(consents: Iterable[ConsentView], now: datetime, tz: str) -> list[Entry]:
    """The signing of each consent, and what it opens."""
    return [
        Entry(_noon(consent.signed_on, tz), "Consents", _consent(consent, now, tz))
        for consent in consents
        if consent.signed_on is not None
    ]


def of_sharing(seen: Iterable[SeenLine], now: datetime, tz: str) -> list[Entry]:
    """Each day on which somebody of another organization was shown something."""
    return [Entry(line.at, "Shared", _shared(line, now, tz)) for line in seen if line.outside]


def show(entries: Sequence[Entry], tz: str) -> None:
    """The entries under their months, narrowed by the choice above them."""
    parts.heading("Timeline")
    kinds = [ALL, *dict.fromkeys(sorted(entry.kind for entry in entries))]
    chosen = ALL
    if len(kinds) > 2:
        chosen = st.segmented_control(
            "Show", kinds, default=ALL, key="student-show", wrap=True, required=True
        )
    wanted = [entry for entry in entries if chosen in (ALL, None, entry.kind)]
    wanted.sort(key=lambda entry: entry.at, reverse=True)
    months = groupby(wanted, key=lambda entry: when.month(entry.at, tz))
    parts.timeline(
        [(month, [entry.moment for entry in of_month]) for month, of_month in months],
        "Nothing is on record that is open to you. Visits and referrals appear here.",
    )


def _record(item: Item, now: datetime, tz: str) -> Moment:
    told = when.moment if item.category in TIMED else when.day_of
    below = [item.parts.get(Field.NARRATIVE, ""), item.parts.get(Field.WHO, "")]
    label = CATEGORY_LABELS[item.category]
    return Moment(
        letter=LETTERS.get(item.category, KINDS.get(item.category, label)[0]),
        head=item.parts.get(Field.WHAT, label),
        when=told(item.when, now, tz),
        below="\n".join(text for text in below if text),
    )


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
        letter="S",
        head=f"{line.organization}: {line.what}",
        when=when.day_of(line.at, now, tz),
        below=f"{papers}By {line.person}",
    )


def _noon(day: date, tz: str) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(tz))
