"""Consents and agreements in the words of a student's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from portal.consents.queries import ConsentView, EndingLine
from portal.ui import when
from portal.ui.parts import Cell, Tag
from portal.vocabulary import CATEGORY_LABELS, CONSENT_STATUS_LABELS, ConsentStatus

OPENS = (ConsentStatus.ACTIVE, ConsentStatus.ENDS_SOON)


def consent_tag(consent: ConsentView, now: datetime, tz: str) -> Tag:
    """Where it stands, with the day that matters."""
    if consent.not_obeyed:
        return Tag("Not in effect", "bad")
    if consent.status is ConsentStatus.ACTIVE:
        return Tag(f"Active{_until('to', consent.ends_on, now, tz)}", "ok")
    if consent.status is ConsentStatus.ENDS_SOON:
        return Tag(f"Ends{_until('', consent.ends_on, now, tz)}", "warn")
    return Tag(CONSENT_STATUS_LABELS[consent.status])


def consents_fact(
    consents: Sequence[ConsentView], now: datetime, tz: str
) -> tuple[str, Sequence[Cell]]:
    """How many are active, and which end soon."""
    in_effect = [consent for consent in consents if is_in_effect(consent)]
    active = sum(consent.status is ConsentStatus.ACTIVE for consent in in_effect)
    tags: list[Cell] = [Tag(f"{active} active", "ok")] if active else []
    tags += [consent_tag(c, now, tz) for c in in_effect if c.status is ConsentStatus.ENDS_SOON]
    return "Consents", tags or ["None in effect"]


def agreements_fact(
    consents: Sequence[ConsentView],
    in_force: Mapping[str, date | None],
    now: datetime,
    tz: str,
) -> tuple[str, Sequence[Cell]]:
    """Whether an agreement stands behind each consent: without one it opens nothing."""
    partners = dict.fromkeys(c.recipient for c in consents if is_in_effect(c))
    cells: list[Cell] = [
        f"{partner}{_until('to', in_force[partner], now, tz)}"
        if partner in in_force
        else Tag(f"None with {partner}", "bad")
        for partner in partners
    ]
    return "Agreements", cells or ["None needed"]


def consent_row(consent: ConsentView, now: datetime, tz: str) -> tuple[str, str, Cell]:
    """To whom, what, and until when; or why it is not obeyed."""
    opens = ", ".join(CATEGORY_LABELS[category] for category in consent.categories)
    return consent.recipient, consent.not_obeyed or opens, consent_tag(consent, now, tz)


def ending_row(line: EndingLine, now: datetime, tz: str) -> tuple[str, str, Cell]:
    """Whose consent for whom ends when."""
    ends = Tag(f"Ends{_until('', line.ends_on, now, tz)}", "warn")
    return line.student, f"{line.recipient} · {line.number}", ends


def is_in_effect(consent: ConsentView) -> bool:
    """Does it open anything today, if an agreement stands behind it?"""
    return consent.status in OPENS and not consent.not_obeyed


def _until(word: str, day: date | None, now: datetime, tz: str) -> str:
    if day is None:
        return ""
    told = when.day(day, when.local_day(now, tz))
    return f" {word} {told}" if word else f" {told}"
