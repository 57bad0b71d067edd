"""What one tag may say, and in which words another is refused."""

from __future__ import annotations

import pytest

from portal.word import language
from portal.word.language import NotAllowed, Use, straightened


@pytest.mark.parametrize(
    ("tag", "fields"),
    [
        ("district.name", {"district.name"}),
        ("district['name']", {"district.name"}),
        ("schools|join(', ')", {"schools", "schools[]"}),
        ("schools|join(', ', attribute='name')", {"schools", "schools[].name"}),
        ("schools|map(attribute='name')|join('; ')", {"schools", "schools[].name"}),
        ("schools[0].name", {"schools[].name"}),
        ("(schools|first).name", {"schools[].name"}),
        ("schools|length", {"schools"}),
        ("name|upper if loud else name", {"name", "loud"}),
        ("first ~ ' ' ~ last", {"first", "last"}),
        ("loop.index", set()),
        ("line.what == 'O’Neil'", {"lines[].what"}),
        (r"'it\'s ' ~ line.what", {"lines[].what"}),
        ("line.what", {"lines[].what"}),
    ],
)
def test_a_field_is_told_by_its_whole_path(tag, fields):
    assert {use.path for use in language.printed(tag, {"line": "lines[]"})} == fields


def test_a_loop_gives_its_name_to_what_it_lists():
    uses, scope = language.repetition("x in partner.lines|sort if x.on", {"partner": "partners[]"})

    assert {use.path for use in uses} == {"partners[].lines", "partners[].lines[].on"}
    assert scope["x"] == "partners[].lines[]"


def test_a_field_with_a_default_is_optional():
    assert language.printed("name|default('nobody')", {}) == [Use("name", "print", True)]
    assert language.condition("name is defined", {}) == [Use("name", "test", True)]


def test_a_field_that_is_compared_with_a_number_is_one():
    assert language.condition("days > 3", {}) == [Use("days", "number")]


@pytest.mark.parametrize(
    ("tag", "cause"),
    [
        ("", "The tag is empty."),
        ("first name", "A blank stands within the name of the field."),
        ("first-name", "A tag does not calculate; a minus cannot be part of a field's name"),
        ("a + b", "A tag does not calculate."),
        ("name.upper()", "A tag runs nothing: the round brackets are not allowed."),
        ("name|safe", "“|safe” is nothing a tag can do."),
        ("name|attr('x')", "“|attr” is nothing a tag can do."),
        ("names|sort(attribute='x')", "“|sort” takes something else in its brackets."),
        ("name|default(other)", "What stands in brackets after “|default” is no fixed text."),
        ("name.__class__", "“__class__” cannot be the name of a field."),
        ("name['__class__']", "“__class__” cannot be the name of a field."),
        ("self", "“self” cannot be the name of a field."),
        ("loop.index", "“loop” means something only within a loop."),
        ("a AND b", "“AND” is no word of a tag."),
        ("name[other]", "Only a number or a name may stand in square brackets."),
        ("name if loud", "The tag does not say what to print otherwise."),
        ("name == 'x", "A quotation mark is missing in the tag."),
        ("a = b", "A single “=” stands in the tag."),
        ("x is divisibleby(3)", "“is divisibleby” cannot be asked."),
        ("[a]", "The tag says something that no tag may say."),
        ("7", "The tag names no field."),
        ("a" * 500, "The tag is too long."),
        ("аddress.x", ""),
        ("ﬁeld", "“ﬁeld” cannot be the name of a field."),
    ],
)
def test_what_a_tag_may_not_say_is_told_in_plain_words(tag, cause):
    if not cause:  # a letter of another alphabet is another name, not a wrong one
        assert language.printed(tag, {})
        return
    with pytest.raises(NotAllowed) as caught:
        language.printed(tag, {})
    assert caught.value.cause.startswith(cause)
    assert caught.value.fix.endswith((".", "==", "}}", "''."))


def test_a_loop_has_only_counters():
    with pytest.raises(NotAllowed, match="A loop has no “changed”"):
        language.printed("loop.changed", {"x": "xs[]"})


def test_what_word_makes_of_a_tag_is_undone():
    assert straightened("x == 'O’Neil'") == "x == 'O’Neil'"
    assert straightened("\u00a0kind ==\u2009“x”\u200b or ‘y’\t") == "kind == \"x\" or 'y'"
