"""A template is judged by itself or against a form, and what is wrong is marked in a copy of it."""

from __future__ import annotations

import io

import pytest
from docx import Document

from portal.word import desk
from tests.word import hostile
from tests.word.templates import p, raw, run, story, table, template

DECLARED = {"district.name", "partner.name", "schools", "schools[]", "term.starts_on"}


def places(*body: str, **given) -> list[tuple[str, int | None]]:
    return [(found.part, found.paragraph) for found in desk.check(raw(*body, **given)).problems]


def test_a_template_by_itself_tells_its_fields():
    checked = desk.check(
        template("{{ district.name }}", "{% for s in schools %}{{ s }}{% endfor %}")
    )

    assert checked.usable
    assert checked.fields == ("district.name", "schools", "schools[]")


def test_a_field_that_the_form_does_not_have_is_shown_with_the_one_that_was_meant():
    checked = desk.check(template("One", "By {{ distrct.name }}."), DECLARED)

    [problem] = checked.problems
    assert (problem.part, problem.paragraph) == ("word/document.xml", 2)
    assert problem.text == "By {{ distrct.name }}."
    assert problem.cause == "The form has no field “distrct.name”."
    assert problem.fix.startswith("Did you mean district.name")


def test_a_group_may_be_asked_about_and_every_other_field_may_be_left_out():
    assert desk.check(template("{% if partner %}{{ partner.name }}{% endif %}"), DECLARED).usable


def test_every_part_is_counted_by_itself_with_tables_and_text_boxes():
    bad = "{{ a() }}"
    header = story("hdr", p("x"), p(bad))

    assert places(p("x"), table(("x", "x"), ("x", bad))) == [("word/document.xml", 5)]
    assert places(p("x"), p("y", hostile.box(p(bad))), p(bad)) == [
        ("word/document.xml", 3),
        ("word/document.xml", 4),
        ("word/document.xml", 5),
    ]
    assert places(p("x"), parts={"word/header1.xml": header}) == [("word/header1.xml", 2)]


def test_a_required_clause_without_its_bookmark_is_named():
    checked = desk.check(template("{{ name }}"), None, {"breach"})

    assert [problem.cause for problem in checked.problems] == ["The clause “breach” is missing."]


def test_clauses_may_be_marked_by_a_loop_and_are_then_looked_for_in_the_document():
    [looped] = [sample for sample in hostile.places() if sample.name == "bookmark_in_loop"]

    assert desk.check(looped.content, None, {"breach"}).usable


def test_a_name_for_a_text_and_for_a_list_at_once_is_refused():
    checked = desk.check(template("{{ schools }}", "{% for s in schools %}{{ s }}{% endfor %}"))

    assert "elsewhere it is a list or a group" in checked.problems[0].cause


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ([p("{%p if a %} lost"), p("x"), p("{%p endif %}")], "would be lost"),
        ([p("{% if a %}"), p("x"), p("{% else %}")], "This “if” is never ended."),
        ([table(("{%tr for x in l %}", "{%tr endfor %}"))], "stand in the same row"),
        ([table(("{% for x in l %}", "{{ x }}{% endfor %}"))], "the other side of an edge"),
        ([p("{%tr for x in l %}"), p("{%tr endfor %}")], "is for a row, and stands in none"),
        ([p("{% for x in l %}{% if x %}{% endfor %}{% endif %}")], "is not ended before"),
        ([p("{% if a %}x{% else b %}y{% endif %}")], "Something follows “else”."),
        ([p("{% IF a %}{% endif %}")], "“IF” is not how it is written."),
        ([p("{% if a %}{% end if %}")], "“end” is not how it is written."),
        ([p("{% vm %}{{ a }}")], "“vm” would merge or color cells"),
        ([p("{{ a }} 5%}")], "A tag ends here with %}"),
    ],
)
def test_tags_that_do_not_belong_together_are_refused(body, cause):
    assert cause in desk.check(raw(*body)).problems[0].cause


def test_the_sample_shows_every_list_and_condition():
    docx = template("{% for s in schools %}{{ s.name }} {% endfor %}{% if a > 3 %}more{% endif %}")

    [line] = [paragraph.text for paragraph in Document(io.BytesIO(desk.sample(docx))).paragraphs]

    assert line == "Sample name Sample name more"


# The copy with notes


def annotated(docx: bytes, *declared: str) -> Document:
    marked = desk.annotated(docx, desk.check(docx, declared or None).problems)
    return Document(io.BytesIO(marked))


def test_each_problem_is_written_beside_its_words():
    document = annotated(template("First.", "By {{ a() }}.", "Last."))

    assert [paragraph.text for paragraph in document.paragraphs] == [
        "First.",
        "By {{ a() }}. ⟦Template check: A tag runs nothing: the round brackets are not allowed. "
        "Write only a field, such as {{ district.name }}, or see templates/README.md.⟧ ",
        "Last.",
    ]
    assert document.paragraphs[1].runs[-1].font.highlight_color is not None


def test_what_has_no_paragraph_is_listed_on_top():
    document = annotated(template("Only words."))

    assert document.paragraphs[0].text.startswith(
        " ⟦Template check: The template asks for no field"
    )


def test_a_tracked_change_is_marked_where_it_stands():
    docx = raw(p("x"), p("{{ name }}", f'<w:ins w:id="1">{run("new")}</w:ins>'))

    assert "A change is tracked here" in annotated(docx).paragraphs[1].text


def test_a_file_with_a_forgotten_note_is_refused():
    docx = template("By {{ a() }}.")
    mended = annotated(docx)
    mended.paragraphs[0].runs[0].text = "By {{ a }}."
    saved = io.BytesIO()
    mended.save(saved)

    [problem] = desk.check(saved.getvalue()).problems
    assert problem.cause == "A note of the template check stands here."


def test_a_file_that_may_not_be_opened_is_not_given_back():
    [macros] = [sample for sample in hostile.files() if sample.name == "macros"]

    with pytest.raises(desk.BadTemplate, match="cannot be opened safely"):
        desk.annotated(macros.content, desk.check(macros.content).problems)


# Blanks in other notations


def blanks(docx: bytes, *declared: str):
    return [(b.kind, b.blank, b.guess) for b in desk.blanks(docx, declared or DECLARED)]


def test_blanks_of_every_notation_are_found_with_the_field_they_mean():
    control = (
        '<w:sdt><w:sdtPr><w:alias w:val="Partner name"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>'
        f"{run('Click here')}</w:sdtContent></w:sdt>"
    )
    docx = raw(
        p("Name of District: ______ and [Partner Name]"),
        p("It starts on {term starts on}. I agree [ ]"),
        p("For ", hostile.field(" MERGEFIELD District_Name ", "«District_Name»")),
        p(control),
        table(("District name", "____")),
    )

    assert blanks(docx) == [
        ("line", "______", "district.name"),
        ("bracket", "[Partner Name]", "partner.name"),
        ("brace", "{term starts on}", "term.starts_on"),
        ("tick", "[ ]", "leave"),
        ("merge", "«District_Name»", "district.name"),
        ("control", "Click here", "partner.name"),
        ("line", "____", "district.name"),
    ]


@pytest.mark.parametrize("label", ["By: ", "Date: ", "Signature ", "Signed: ", "Initials "])
def test_a_line_to_sign_on_stays(label):
    assert blanks(template(f"{label}________")) == [("sign", "________", "leave")]


def test_chosen_blanks_become_tags_and_keep_their_looks():
    bold = run("______", "<w:rPr><w:b/></w:rPr>")
    docx = raw(p("Between ", bold, " and ____."), p("By: ____"))
    first, second, _ = desk.blanks(docx, ())

    made = desk.with_fields(docx, {first.id: "district.name", second.id: "schools[]"})

    document = Document(io.BytesIO(made))
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Between {{ district.name }} and {{ schools|join(', ') }}.",
        "By: ____",
    ]
    assert document.paragraphs[0].runs[1].bold
    assert desk.check(made, DECLARED).usable


def test_a_merge_field_and_a_control_become_text():
    control = (
        '<w:sdt><w:sdtPr><w:tag w:val="a"/><w:showingPlcHdr/><w:dataBinding w:xpath="x"/></w:sdtPr>'
        f"<w:sdtContent>{run('Click')}{run(' here')}</w:sdtContent></w:sdt>"
    )
    docx = raw(p("A ", hostile.field(" MERGEFIELD a ", "«a»"), " b"), p("C ", control))
    made = desk.with_fields(docx, {blank.id: "district.name" for blank in desk.blanks(docx, ())})

    checked = desk.check(made)
    xml = Document(io.BytesIO(made)).element.xml
    assert checked.usable
    assert "MERGEFIELD" not in xml
    assert "dataBinding" not in xml
    assert xml.count("{{ district.name }}") == 2


def test_a_blank_that_is_no_longer_there_and_a_field_that_is_none_are_refused():
    with pytest.raises(desk.BadTemplate, match="no longer where it was"):
        desk.with_fields(template("x"), {"word/document.xml#1:0-4": "district.name"})
    with pytest.raises(desk.BadTemplate, match="runs nothing"):
        desk.with_fields(template("____"), {"word/document.xml#1:0-4": "os.system()"})


@pytest.mark.parametrize("text", ["{date} {{ name }}", "«Date» {{ name }}"])
def test_a_blank_of_another_program_is_refused_rather_than_signed(text):
    [problem] = desk.check(template(text)).problems

    assert problem.cause == "A blank stands here that another program fills, not the portal."
