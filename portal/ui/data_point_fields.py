"""The district's own questions as fields of a form; visits and the student's page ask them alike.

answers = data_point_fields.fields(points, "visit-3")
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from portal import clock
from portal.collecting.rules import (
    ENGLISH,
    LONGEST_TEXT,
    YEARS_AHEAD,
    YEARS_BACK,
    Point,
    day_of,
)
from portal.ui.chips import WAITS
from portal.ui.parts import plain
from portal.vocabulary import AnswerKind


def fields(
    points: Sequence[Point], key_prefix: str, now: Mapping[uuid.UUID, str] | None = None
) -> dict[uuid.UUID, str]:
    """One field for each data point; what was filled in, as `collecting` keeps it.

    key_prefix: begins the keys, so that a form which begins anew is empty. now: the answers
    that stand, filled in already.
    """
    stand = now or {}
    return {
        point.id: _field(point, f"{key_prefix}-{point.code}", stand.get(point.id, ""))
        for point in points
    }


def _field(point: Point, key: str, now: str) -> str:
    match point.asking.kind:
        case AnswerKind.TEXT:
            return _text(point, key, now)
        case AnswerKind.NUMBER:
            return _number(point, key, now)
        case AnswerKind.DATE:
            return _date(point, key, now)
        case AnswerKind.CHOICE:
            codes = {each.code: each.told_in(ENGLISH) for each in point.asking.choices}
            return _pills(point, key, now, codes)
        case AnswerKind.SCALE:
            low, high = point.asking.low or 0, point.asking.high or 0
            return _pills(point, key, now, {str(n): str(n) for n in range(low, high + 1)})


def _label(point: Point) -> str:
    return plain(point.label) + ("" if point.asking.required else " (optional)")


def _help(point: Point) -> str | None:
    return plain(point.asking.help) or None


def _text(point: Point, key: str, now: str) -> str:
    told = st.text_area(
        _label(point), now, max_chars=LONGEST_TEXT, height=80, help=_help(point), key=key, **WAITS
    )
    return told or ""


def _number(point: Point, key: str, now: str) -> str:
    """A text field: a spinner would take what is typed beyond its bounds away without a word."""
    told = st.text_input(_label(point), now, max_chars=20, help=_help(point), key=key, **WAITS)
    return told or ""


def _date(point: Point, key: str, now: str) -> str:
    year = clock.now().year
    told = st.date_input(
        _label(point),
        day_of(now) if now else None,
        min_value=date(year - YEARS_BACK, 1, 1),
        max_value=date(year + YEARS_AHEAD, 12, 31),
        format="MM/DD/YYYY",
        help=_help(point),
        key=key,
        **WAITS,
    )
    return told.isoformat() if isinstance(told, date) else ""


def _pills(point: Point, key: str, now: str, labels: Mapping[str, str]) -> str:
    chosen: str | None = st.pills(
        _label(point),
        list(labels),
        default=now if now in labels else None,
        format_func=lambda code: plain(labels[code]),
        help=_help(point),
        key=key,
        wrap=True,
        **WAITS,
    )
    return chosen or ""
