"""A template is filled exactly or refused with a reason; it never runs nor loses a clause."""

from __future__ import annotations

import io

import pytest
from docx import Document
from jinja2.exceptions import TemplateError

from portal.errors import BadFile, NotReady
from portal.word.render import render
from portal.word.sandbox import Sandbox
from tests.word.templates import AT, fill, marked, p, raw, run, template, texts, used, with_part


def refused(docx: bytes, *, fields: set[str] | None = None, clauses=(), **values) -> list[str]:
    """What stands against filling this template; the test fails when nothing does."""
    with pytest.raises(BadFile) as caught:
        render(
            docx,
            values,
            set(values) if fields is None else fields,
            clauses,
            title="",
            author="",
            at=AT,
        )
    assert all(problem.do_next for problem in caught.value.problems)
    return [problem.what for problem in caught.value.problems]


# What is printed


def test_a_value_is_printed_as_it_was_typed():
    document = fill(template("Party: {{ name }}."), name="O'Neil & Sons <LLC>")

    assert texts(document) == ["Party: O'Neil & Sons <LLC>."]


def test_a_value_cannot_become_markup():
    forged = "x</w:t></w:r><w:r><w:b/><w:t>FORGED CLAUSE"
    document = fill(template("Party: {{ name }}."), name=forged)

    assert texts(document) == [f"Party: {forged}."]


def test_lines_of_a_value_are_lines_and_characters_that_deceive_are_taken_out():
    document = fill(
        template("{{ text }}"), text="one\ntwo\u202e\u200b\x07\x0c\ufffe \u00a0three\ttab"
    )

    assert texts(document) == ["one\ntwo  three tab"]


def test_names_in_other_scripts_are_kept():
    name = "Ñandú 漢字 می\u200cخواهم"

    assert texts(fill(template("{{ name }}"), name=name)) == [name]


def test_a_list_makes_a_row_for_each_item():
    def schedule(document):
        table = document.add_table(rows=0, cols=2)
        for left, right in (
            ("{%tr for line in lines %}", ""),
            ("{{ line.what }}", "{{ line.when }}"),
            ("{%tr endfor %}", ""),
        ):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = left, right

    docx = template(change=schedule)
    filled = fill(
        docx, lines=[{"what": "Visits", "when": "Weekly"}, {"what": "A & B", "when": "-"}]
    )

    rows = [[cell.text for cell in row.cells] for row in filled.tables[0].rows]
    assert rows == [["Visits", "Weekly"], ["A & B", "-"]]
    assert used(docx) == {"lines", "lines[].what", "lines[].when"}


def test_a_condition_chooses_a_paragraph():
    docx = template("{%p if waived %}", "Anybody.", "{%p else %}", "The team.", "{%p endif %}")

    assert texts(fill(docx, waived=True)) == ["Anybody."]
    assert texts(fill(docx, waived=False)) == ["The team."]


def test_headers_and_footers_are_filled_and_properties_are_written_once_escaped():
    def edges(document):
        document.sections[0].header.paragraphs[0].text = "{{ name }}"
        document.sections[0].footer.paragraphs[0].text = "{{ name }}"

    document = fill(template("{{ name }}", change=edges), name="A & B")

    assert document.sections[0].header.paragraphs[0].text == "A & B"
    assert document.sections[0].footer.paragraphs[0].text == "A & B"
    assert document.core_properties.title == "A & B"
    assert document.core_properties.author == "Harbor Point"


def test_a_field_called_items_is_the_field_and_not_a_method():
    assert texts(fill(template("{{ d.items }}"), d={"items": "three"})) == ["three"]


# Template and form agree, both ways


def test_a_field_that_the_form_does_not_have_is_named():
    assert refused(template("{{ name }} {{ nmae }}"), name="x") == [
        "The template asks for nmae, which the form does not have."
    ]


def test_a_field_that_the_template_never_prints_is_named():
    assert refused(template("{{ name }}"), name="x", deadline="y") == [
        "The template never prints deadline."
    ]


def test_a_value_that_is_no_field_is_named():
    docx = template("{{ name }}")

    assert refused(docx, fields={"name"}, name="x", more="y") == [
        "The form gives more, which is no field."
    ]


def test_a_missing_value_is_never_printed_as_nothing():
    assert refused(template("Party: {{ name }}."), fields={"name"}) == [
        "The field “name” is not supplied. Look at “Party: {{ name }}.”."
    ]


@pytest.mark.parametrize(
    "value", ["{{ 7*7 }}", "{_{ 7*7 }_}", "{% if x %}", "{# note #}", "{_% if x %_}"]
)
def test_a_value_with_the_marks_of_a_tag_is_sent_back_with_its_field(value):
    with pytest.raises(NotReady) as caught:
        fill(template("{{ party.name }}"), party={"name": value})

    [problem] = caught.value.problems
    assert problem.field == "party.name"


# A template cannot run, count or look around


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os.getpid() }}",
        "{{ lipsum.__globals__ }}",
        "{{ name.__class__ }}",
        "{{ name._private }}",
        "{{ name.upper() }}",
        "{{ name|attr('__class__') }}",
        "{{ name|safe }}",
        "{{ '%s'.format(name) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 2 ** 100000000 }}",
        "{{ [name] }}",
        "{{ range(10) }}",
        "{{ self }}",
        "{% set x = name %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% macro m() %}{% endmacro %}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{% for i in name recursive %}{% endfor %}",
        "{% filter upper %}x{% endfilter %}",
        "{% raw %}{{ name }}{% endraw %}{{ name }}",
    ],
)
def test_a_tag_does_not_run_reach_or_bring_in_anything(tag):
    docx = template("First.", "Party {{ name }}", tag)

    assert refused(docx, name="x")


@pytest.mark.parametrize(
    "attack",
    [
        "{{ value.__class__ }}",
        "{{ value.upper() }}",
        "{{ value.upper }}",
        "{{ ''.__class__ }}",
        "{{ items.pop() }}",
        "{{ items.append('x') }}",
        "{{ 'a' * 10 }}",
        "{{ '{0.__class__}'.format(value) }}",
        "{{ missing }}",
        "{{ cycler }}",
    ],
)
def test_the_sandbox_refuses_by_itself_what_the_reading_has_refused_before(attack):
    with pytest.raises(TemplateError):
        Sandbox().from_string(attack).render(value="x", items=["a"])


def test_the_sandbox_lets_a_loop_count():
    text = "{% for x in items %}{{ loop.index }}{{ x }}{% endfor %}"

    assert Sandbox().from_string(text).render(items=["a", "b"]) == "1a2b"


# What is wrong is found, and said where


@pytest.mark.parametrize(
    ("tag", "cause"),
    [
        ("{{ first-name }}", "does not calculate"),
        ("{{ first name }}", "A blank stands within the name"),
        ("{% if name %}", "This “if” is never ended."),
        ("{% endif %}", "This “endif” ends nothing."),
        ("{%pif name %}", "A blank is missing after “p”."),
        ("{{ name|nofilter }}", "“|nofilter” is nothing a tag can do."),
    ],
)
def test_a_mistyped_tag_is_shown_with_its_place(tag, cause):
    with pytest.raises(BadFile) as caught:
        render(
            template("First.", "Second.", f"Third {tag}"), {}, (), (), title="", author="", at=AT
        )

    [problem] = caught.value.problems
    assert problem.where == "the text, paragraph 3:"
    assert cause in problem.what
    assert "Third" in problem.what


def test_every_wrong_tag_is_told_at_once():
    docx = template("{{ a() }}", "{{ b|c }}", "{{ 1 + 1 }}")

    assert len(refused(docx)) == 3


# No clause is lost


def test_a_tag_that_ends_inside_a_tracked_insertion_is_refused_and_not_repaired():
    """docxtpl alone would drop every paragraph after it, without a word."""
    added = f'<w:ins w:id="1" w:author="x">{run("me }} here")}</w:ins>'
    docx = raw(p("Party {{ na", added), p("Confidentiality."), p("Signatures."))

    [what] = refused(docx, name="x")
    assert what.startswith("A change is tracked here, and neither accepted nor rejected.")
    assert "Party {{ name }} here" in what


def test_a_tag_that_ends_inside_a_link_is_refused_and_not_repaired():
    link = f'<w:hyperlink w:anchor="a">{run("me }} here")}</w:hyperlink>'
    docx = raw(p("Party {{ na", link), p("Confidentiality."), p("Signatures."))

    [what] = refused(docx, name="x")
    assert what.startswith("A tag begins on one side of an edge")


def test_a_tag_that_runs_over_two_paragraphs_would_merge_them_and_is_refused():
    docx = template("Nothing is shared. {{ na", "me }} Signed:", "Signatures.")

    first, second = refused(docx, name="x")
    assert first.startswith("A tag begins here with {{ and does not end in the same paragraph.")
    assert second.startswith("A tag ends here with }} and does not begin in the same paragraph.")


def test_an_unclosed_tag_does_not_eat_the_clauses_that_follow():
    docx = template("Party {{ name.", "Confidentiality.", "Until {{ end }}")

    assert refused(docx, name="x", end="y")


def test_a_required_clause_must_be_in_the_template():
    docx = template("{{ name }}", change=marked("breach", "Breach"))

    assert texts(fill(docx, ("breach",), name="x"))[0] == "Breach"
    assert refused(docx, clauses=("breach", "rights"), name="x") == [
        "The clause “rights” is missing."
    ]


def test_a_clause_hidden_behind_a_condition_is_found_missing_afterwards():
    def hidden(document):
        marked("breach", "Breach")(document)
        document.paragraphs[0].insert_paragraph_before("{%p if told %}")

    docx = template("{%p endif %}", "{{ name }}", change=hidden)

    assert fill(docx, ("breach",), name="x", told=True)
    assert refused(docx, clauses=("breach",), name="x", told=False) == [
        "The clause “breach” got lost."
    ]


@pytest.mark.parametrize("part", ["word/comments.xml", "customXml/item9.xml"])
def test_a_tag_where_nobody_fills_it_is_a_problem(part):
    docx = with_part(template("{{ name }}"), part, "<x>{{ name }}</x>")

    [what] = refused(docx, name="x")
    assert what.startswith("A tag stands where nothing is filled in")


def test_a_tag_in_the_properties_is_a_problem():
    def titled(document):
        document.core_properties.title = "Agreement {{ name }}"

    [what] = refused(template("{{ name }}", change=titled), name="x")
    assert "Agreement {{ name }}" in what


def test_the_bytes_are_a_word_file_made_at_the_given_time():
    made = render(template("{{ name }}"), {"name": "x"}, {"name"}, (), title="", author="", at=AT)

    assert Document(io.BytesIO(made)).core_properties.created == AT
