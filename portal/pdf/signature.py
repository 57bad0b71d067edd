"""A signature drawn with a finger: what a browser sends, whether it is one, and as a picture.

Pure. A stroke is a list of points `[x, y, t]` in the units of the pad, t in milliseconds.
A mark made on purpose can be a signature (CGS 1-267(8)): an X is one. What a
slip of the finger makes is not.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

from portal.errors import NotReady, Problem
from portal.languages.marks import N_

WIDTH, HEIGHT = 600, 200
"""The pad's size, whatever the screen's; the browser scales to it."""

MOST_BYTES = 64 * 1024
MOST_POINTS = 5_000

LEAST_INK = 90
"""Shorter than this, all together, is a dot."""

LEAST_TURN = math.radians(200)
"""A check mark turns by about 110 degrees, a written name by far more than a full circle."""

STEP = 8
"""Points nearer than this are one: a finger trembles."""

LEAST_BAR, LEAST_CROSSING = 30, math.radians(25)
"""Of the two bars of an X: how long, and how far apart in direction."""

Point = tuple[float, float]
Strokes = tuple[tuple[Point, ...], ...]


def parse(sent: str | bytes) -> Strokes:
    """The strokes in a browser's JSON; NotReady when it is not what our pad sends."""
    if len(sent if isinstance(sent, bytes) else sent.encode(errors="replace")) > MOST_BYTES:
        raise NotReady([TOO_LONG])
    try:
        strokes = json.loads(sent)
        read = tuple(tuple(_point(point) for point in stroke) for stroke in strokes)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise NotReady([UNREADABLE]) from None
    if sum(map(len, read)) > MOST_POINTS:
        raise NotReady([TOO_LONG])
    return tuple(stroke for stroke in read if stroke)


def _point(point: Any) -> Point:
    numbers = x, y, _ = point
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise ValueError("a point is three numbers")
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT and all(map(math.isfinite, numbers))):
        raise ValueError("a point lies on the pad")
    return float(x), float(y)


def problems(strokes: Strokes) -> list[Problem]:
    """Why this is no signature; empty when it is one."""
    lines = [_smooth(stroke) for stroke in strokes]
    if not lines:
        return [_problem(N_("Nothing is drawn in the box."))]
    if sum(_length(line) for line in lines) < LEAST_INK:
        return [_problem(N_("A dot is not a signature."))]
    if sum(_turn(line) for line in lines) < LEAST_TURN and not _crosses(lines):
        return [_problem(N_("A line or a check mark is not a signature."))]
    return []


def to_svg(strokes: Strokes) -> str:
    """One path and nothing else."""
    path = "".join(_drawn(stroke) for stroke in strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{path}" fill="none" stroke="#1a2429" stroke-width="3" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _drawn(stroke: tuple[Point, ...]) -> str:
    """A dot is a line of no length: round ends make it visible, as on an i."""
    points = stroke if len(stroke) > 1 else stroke * 2
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _smooth(stroke: tuple[Point, ...]) -> list[Point]:
    kept = [stroke[0]]
    for point in stroke[1:]:
        if math.dist(kept[-1], point) >= STEP:
            kept.append(point)
    return kept


def _length(line: list[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(line))


def _turn(line: list[Point]) -> float:
    """By how much the pen changed its direction, all together, left and right alike."""
    directions = [_direction(a, b) for a, b in pairwise(line)]
    return sum(_between(a, b) for a, b in pairwise(directions))


def _crosses(lines: list[list[Point]]) -> bool:
    bars = [_direction(line[0], line[-1]) for line in lines if _length(line) >= LEAST_BAR]
    apart = (_between(a, b) for n, a in enumerate(bars) for b in bars[:n])
    return any(LEAST_CROSSING < angle < math.pi - LEAST_CROSSING for angle in apart)


def _direction(a: Point, b: Point) -> float:
    return math.atan2(b[1] - a[1], b[0] - a[0])


def _between(a: float, b: float) -> float:
    turn = abs(a - b)
    return min(turn, 2 * math.pi - turn)


def _problem(what: str) -> Problem:
    return Problem(what, N_("Sign with your name, or type your name instead."), "signature")


UNREADABLE = Problem(
    N_("The drawn signature did not arrive whole."),
    N_("Draw it again, or type your name instead."),
    "signature",
)
TOO_LONG = Problem(
    N_("The drawn signature has too many strokes."),
    N_("Clear the box and sign once, or type your name instead."),
    "signature",
)
