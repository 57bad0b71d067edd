"""One student: header, strip, supports, consents, what is closed, who has seen it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import streamlit as st

from portal.access.actor import Actor
from portal.access.gate import ClosedCategory, OpenedRecord, StudentHeader
from portal.access.unit_of_work import unit_of_work
from portal.consents.queries import ConsentView
from portal.referrals.queries import ReferralLine
from portal.stewardship.queries import SeenLine
from portal.supports import history
from portal.ui import (
    parts,
    student_acts,
    student_onlookers,
    student_supports,
    student_timeline,
    when,
)
from portal.ui.consent_words import agreements_fact, consent_row, consents_fact, is_in_effect
from portal.ui.parts import Cell
from portal.ui.student_acts import Deed
from portal.ui.student_reading import Told
from portal.ui.student_timeline import Slate
from portal.ui.visit_words import waiting
from portal.vocabulary import CATEGORY_LABELS, Category, Field

Fact = tuple[str, Sequence[Cell]]


def header(student: StudentHeader) -> None:
    """Name, grade, school, the end of the SASID and the language at home."""
    told = (
        f"Grade {student.grade}" if student.grade else "",
        student.school,
        f"SASID ends {student.sasid_tail}" if student.sasid_tail else "",
        f"Language at home: {student.language}" if student.language else "",
    )
    parts.title(student.name, " · ".join(part for part in told if part))


def emergencies(told: Told, now: datetime, tz: str) -> None:
    """A banner for each emergency in which the record is open now."""
    for one in told.emergencies:
        until = f"{when.day_of(one.ends_at, now, tz)}, {when.time_of(one.ends_at, tz)}"
        parts.notice(
            f"Open in an emergency: {one.person} declared it, until {until}. Use it only to "
            "protect from the threat. Somebody else reviews it, and the family's list names it.",
            "bad",
        )


def strip(told: Told, now: datetime, tz: str) -> None:
    """How things stand, at one glance."""
    opened = {entry.category for entry in told.record.open}
    facts = last_visit(told.record, now, tz) + open_referrals(told.record, told.waiting)
    if Category.SERVICE_STATUS in opened:
        facts += student_supports.facts(told.supports, when.local_day(now, tz))
    if told.signed is not None:
        facts.append(consents_fact(told.signed, now, tz))
        facts.append(agreements_fact(told.signed, told.partners_in_force, now, tz))
    if told.granted:
        facts.append(("Open to you by request", [_granted(told, when.local_day(now, tz))]))
    if told.onlookers:
        facts.append(student_onlookers.fact(told.onlookers))
    if facts:
        parts.strip(facts)


def _granted(told: Told, today: date) -> str:
    return ", ".join(
        f"{number}, through {when.day(last, today)}" if last else number
        for number, last in told.granted
    )


def supports(told: Told, now: datetime, tz: str, *, keeps: bool) -> list[Deed | None]:
    """Strengths first, then services and needs, each where its kind of record is open."""
    opened = {entry.category for entry in told.record.open}
    today, deeds = when.local_day(now, tz), []
    if Category.VISIT_NOTES in opened:
        student_supports.strengths(told.supports.strengths, now, tz)
        deeds.append(student_acts.strength_acts(told.page) if keeps else None)
    if Category.SERVICE_STATUS in opened:
        student_supports.services(told.supports.services, today)
        deeds.append(student_acts.service_acts(told.page) if keeps else None)
        student_supports.needs(told.supports, today)
        deeds.append(student_acts.need_acts(told.page) if keeps else None)
    return deeds


def timeline(told: Told, me: Actor, now: datetime) -> None:
    """Records, consents and what was shared, with what is older folded until it is asked for."""
    entries = student_timeline.of_items(told.record.items, told.marks, now, me.tz)
    entries += student_timeline.of_consents(told.signed or [], now, me.tz)
    entries += student_timeline.of_sharing(told.seen or [], now, me.tz)

    def open_history() -> None:
        with unit_of_work() as session:
            history.open_history(session, me, told.page.student_id, now)

    slate = Slate(told.page.student_id, told.folded_before, open_history)
    student_timeline.show(entries, slate, now, me.tz)


def notes(told: Told, now: datetime, tz: str) -> dict[uuid.UUID, str]:
    """The notes that the viewer may restrict, the newest first, by day and first words."""
    return {
        item.record_id: f"{when.day_of(item.when, now, tz)}: "
        f"{' '.join(item.parts.get(Field.NARRATIVE, '').split())[:60]}"
        for item in told.record.items
        if item.record_id in told.marks and told.marks[item.record_id].may_restrict
    }


def last_visit(record: OpenedRecord, now: datetime, tz: str) -> list[Fact]:
    """When and what, where visits are open."""
    opened = {entry.category: entry.items for entry in record.open}
    if Category.VISITS not in opened:
        return []
    visits = opened[Category.VISITS]
    if not visits:
        return [("Last visit", ["None yet"])]
    said = visits[0].parts.get(Field.WHAT, "")
    return [("Last visit", [f"{when.day_of(visits[0].when, now, tz)}: {said}"])]


def open_referrals(record: OpenedRecord, lines: Sequence[ReferralLine]) -> list[Fact]:
    """How many, and how long the oldest waits, where referrals are open."""
    if Category.REFERRALS not in {entry.category for entry in record.open}:
        return []
    tags = [waiting(lines[0].status, lines[0].days, withdrawn=lines[0].withdrawn)] if lines else []
    return [("Open referrals", [str(len(lines)), *tags])]


def consents(views: Sequence[ConsentView], now: datetime, tz: str) -> None:
    """What is shared with whom until when."""
    parts.heading("Consents in force")
    rows = [consent_row(view, now, tz) for view in views if is_in_effect(view) or view.not_obeyed]
    parts.rows(rows, "None. Nothing of this student is shared by consent.")


def closed(entries: Iterable[ClosedCategory]) -> None:
    """What is closed, why, and whom to ask; alike reasons together. Nothing when all is open."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        labels = reasons.setdefault((entry.because, entry.do_next), [])
        labels.append(CATEGORY_LABELS[entry.category])
    if reasons:
        parts.heading("Closed to you")
    for (because, do_next), labels in reasons.items():
        parts.notice(f"{', '.join(labels)}. {because} {do_next}", "plain")


def seen(lines: Sequence[SeenLine], now: datetime, tz: str, first: int = 5, most: int = 20) -> None:
    """Who has seen this record, the last one first; beyond the first few in a fold."""
    parts.heading("Who has seen this record")
    shown = [
        (
            f"{line.person}, {line.organization}" if line.outside else line.person,
            _what_was_seen(line),
            when.day_of(line.at, now, tz),
        )
        for line in lines[:most]
    ]
    parts.rows(shown[:first], "Nobody yet. Every opening appears here.")
    if len(shown) > first:
        with st.expander(f"{len(shown) - first} before"):
            parts.rows(shown[first:], "")
            if len(lines) > most:
                parts.muted(f"And {len(lines) - most:,} earlier.")


def _what_was_seen(line: SeenLine) -> str:
    times = f", {line.times} times" if line.times > 1 else ""
    papers = f" · under {', '.join(line.papers)}" if line.papers else ""
    return f"{line.what}{times}{papers}"
