"""What people type stays text: it never becomes typst, and never breaks the paper."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import BadFile
from portal.pdf import papers, render
from portal.pdf.values import as_json
from tests.pdf import samples
from tests.pdf.reading import Pdf

LONG = "Wolfeschlegelstein" * 12


def printed(name, pool):
    """A consent of a student of that name, read back."""
    paper = replace(samples.consent(), student=replace(samples.consent().student, name=name))
    return Pdf(render.make(papers.order(paper, language="en", at=samples.AT), pool)).text


@pytest.mark.parametrize(
    "name",
    [
        '#read("/etc/passwd")',
        '#image("/etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        "#sys.inputs #panic() #v.number",
        "*bold* _thin_ `raw` $x$ = head",
        "@reference <label> // comment /* more */",
        'a \\ back "slash" \\u{41} \\n',
        '"} ] , {"x": 1}',
        "- one + two / three: four ~ ---",
        "O’Brien-Núñez d'Éjemplo",
    ],
)
def test_markup_is_printed_as_it_was_typed(name, pool):
    told = printed(name, pool)

    assert name.replace(" ", "") in told.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ana\u202e olpmejE", "Ana olpmejE"),
        ("A\x00n\x1ba", "Ana"),
        ("Ana\ud800", "Ana"),
        ("Nguyễn Thị Ví Dụ", "Nguyễn Thị Ví Dụ"),
        ("Ωμέγα Жанна", "Ωμέγα Жанна"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_is_no_letter(name, told, pool):
    assert told in printed(name, pool)


@pytest.mark.parametrize(
    "name", ["王小明", "李 😀 Ejemplo", "👨‍👩‍👧 family", "𝕏 \U00013000", "ก็ Ejemplo", "0\U00011c92"]
)
def test_a_letter_that_no_font_has_becomes_a_replacement_mark(name, pool):
    assert "\N{REPLACEMENT CHARACTER}" in printed(name, pool)


def test_an_arabic_and_a_hebrew_name_are_printed(pool):
    told = printed("محمد שלום", pool)

    assert "\N{REPLACEMENT CHARACTER}" not in told
    assert "שלום" in told or "םולש" in told


def test_a_name_of_two_hundred_letters_stays_within_the_page(pool):
    told = printed(LONG, pool).replace("\u200b", "").replace(" ", "")

    assert LONG in told


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=())), st.text("#$*_`@<>/\\\"'=-+~[](){}.:1a \n"))
def test_no_text_breaks_a_paper(pool, anything, marks):
    paper = replace(samples.letter(), to=anything, greeting=marks, title=f"T {marks}{anything}")
    made = render.make(papers.order(paper, language="en", at=samples.AT), pool)

    assert made.startswith(b"%PDF")


def test_a_template_reads_nothing_outside_its_folder(pool_of):
    pool = pool_of({"nosy": '#read("/etc/passwd")#read("../../../../etc/passwd")'})

    with pytest.raises(BadFile, match=r"nosy\.typ cannot be filled"):
        pool.make("nosy", "{}", {}, 0)


def test_a_template_is_known_by_its_name_only(pool):
    order = papers.order(samples.letter(), language="en", at=samples.AT)

    with pytest.raises(ValueError, match="templates/pdf"):
        render.make(replace(order, template="../pdf/letter"), pool)


def test_a_value_that_is_no_text_is_our_own_mistake():
    with pytest.raises(TypeError, match="not float"):
        as_json({"number": 1.5})


def test_a_picture_becomes_numbers():
    assert json.loads(as_json({"data": b"\x00\xff", "logo": None})) == {
        "data": [0, 255],
        "logo": None,
    }
