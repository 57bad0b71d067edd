"""What a finger drew: a name or an X is a signature, a slip of the finger is not."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import NotReady
from portal.pdf import signature
from portal.pdf.signature import HEIGHT, WIDTH, parse, problems, to_svg


def a_line(*corners, steps=12):
    """A stroke from corner to corner, with points between as a browser sends them."""
    points = []
    for (x, y), (to_x, to_y) in pairwise(corners):
        parts = [n / steps for n in range(steps + 1)]
        points += [[x + (to_x - x) * p, y + (to_y - y) * p, len(points)] for p in parts]
    return points


def a_loop(x, y, radius):
    angles = [n / 24 * 2 * math.pi for n in range(25)]
    return [[x + radius * math.cos(a), y + radius * math.sin(a), n] for n, a in enumerate(angles)]


NAME = [a_loop(100, 100, 30), a_line((130, 100), (160, 60), (190, 130), (230, 70), (280, 110))]
LETTER_X = [a_line((100, 50), (180, 130)), a_line((180, 50), (100, 130))]


def read(strokes):
    return parse(json.dumps(strokes))


@pytest.mark.parametrize(
    "strokes",
    [
        NAME,
        LETTER_X,
        [a_loop(100, 100, 25)],
        [a_line(*[(n * 20, 50 + n % 2 * 40) for n in range(9)])],
    ],
    ids=["a name", "an X", "a loop", "a zigzag"],
)
def test_it_is_a_signature(strokes):
    assert problems(read(strokes)) == []


@pytest.mark.parametrize(
    ("strokes", "what"),
    [
        ([], "Nothing is drawn in the box."),
        ([[]], "Nothing is drawn in the box."),
        ([[[100, 100, 0]]], "A dot is not a signature."),
        ([[[100, 100, 0], [101, 101, 1], [100, 102, 2]]], "A dot is not a signature."),
        ([a_loop(100, 100, 3)], "A dot is not a signature."),
        ([a_line((100, 100), (400, 90))], "A line or a check mark is not a signature."),
        ([a_line((100, 100), (120, 130), (200, 40))], "A line or a check mark is not a signature."),
        (
            [a_line((50, 100), (150, 100)), a_line((200, 102), (300, 101))],
            "A line or a check mark is not a signature.",
        ),
    ],
    ids=[
        "no stroke",
        "empty",
        "a point",
        "a dot",
        "a ring",
        "a line",
        "a check mark",
        "two dashes",
    ],
)
def test_it_is_no_signature(strokes, what):
    (problem,) = problems(read(strokes))

    assert problem.what == what
    assert problem.do_next == "Sign with your name, or type your name instead."


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "not json",
        "null",
        "3",
        '"text"',
        '{"a": 1}',
        "[1]",
        "[[1, 2]]",
        "[[[1, 2]]]",
        "[[[1, 2, 3, 4]]]",
        '[[["1", 2, 3]]]',
        "[[[true, 2, 3]]]",
        "[[[NaN, 2, 3]]]",
        "[[[1, Infinity, 3]]]",
        "[[[1, 2, 1e999]]]",
        f"[[[1, 2, 1{'0' * 400}]]]",
        f"[[[{WIDTH + 1}, 2, 3]]]",
        f"[[[1, {HEIGHT + 1}, 3]]]",
        "[[[-1, 2, 3]]]",
        "[" * 30_000,
        b"\xff\xfe",
    ],
)
def test_what_our_pad_does_not_send_is_refused_with_a_sentence(sent):
    with pytest.raises(NotReady, match="did not arrive whole") as caught:
        parse(sent)
    assert "Draw it again" in caught.value.do_next


@pytest.mark.parametrize(
    "sent", ["[[" + ",".join(["[1,2,3]"] * 5_001) + "]]", "[" + " " * 70_000 + "]"]
)
def test_too_much_is_refused_with_a_sentence(sent):
    with pytest.raises(NotReady, match="too many strokes"):
        parse(sent)


def test_the_picture_is_one_path():
    drawn = ElementTree.fromstring(to_svg(read(NAME)))

    assert [child.tag for child in drawn] == ["{http://www.w3.org/2000/svg}path"]
    assert drawn[0].get("d").count("M") == 2
    assert drawn.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"


def test_a_dot_on_an_i_is_drawn():
    assert 'd="M10.0 20.0L10.0 20.0"' in to_svg(read([[[10, 20, 0]]]))


points = st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT), st.floats(0, 1e6))


@given(st.lists(st.lists(points, max_size=20), max_size=5))
def test_whatever_fits_the_pad_is_judged_and_drawn(strokes):
    drawn = parse(json.dumps(strokes))

    assert len(problems(drawn)) <= 1
    ElementTree.fromstring(to_svg(drawn))


def test_a_name_stays_a_name_drawn_half_as_large():
    small = [[[x / 2, y / 2, t] for x, y, t in stroke] for stroke in NAME]

    assert problems(read(small)) == []
    assert signature.LEAST_INK < WIDTH
