"""Any template with any plain data: nothing is blank that has no value, and nothing is lost."""

from __future__ import annotations

import io
import re
import zipfile

import docxtpl
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.agreements import documents
from portal.errors import NotReady
from portal.word import desk, filling
from portal.word.checking import ready, samples
from portal.word.leaving import Told
from portal.word.problems import Unusable
from portal.word.values import clean
from tests.word.templates import AT, SPACES, p, raw, run, story, table, template, texts

TOLD = Told("", "", AT)


def filled(content: bytes, **data) -> Document:
    return Document(io.BytesIO(desk.fill(content, data, at=AT)))


def refused(content: bytes, **data) -> list[str]:
    with pytest.raises(desk.BadTemplate) as caught:
        desk.fill(content, data, at=AT)
    return [f"{problem.text}: {problem.cause}" for problem in caught.value.found]


# What is printed


def test_numbers_and_truths_are_printed_as_they_are():
    assert texts(filled(template("{{ a }} {{ b }} {{ c }}"), a=3, b=2.5, c=True)) == ["3 2.5 True"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{{ names|join(', ') }}", "Ana, Bo & Co"),
        ("{{ names|sort|join('; ')|upper }}", "ANA; BO & CO"),
        ("{{ names|length }} {{ names|first }} {{ names[1] }}", "2 Ana Bo & Co"),
        ("{{ people|join(', ', attribute='name') }}", "Eve, Al"),
        ("{{ people|map(attribute='name')|sort|join('/') }}", "Al/Eve"),
        ("{{ missing|default('none') }}", "none"),
        ("{{ nothing|default('none') }}", "none"),
        ("{{ 'many' if days > 3 else 'few' }}", "many"),
        ("{% if kind == “clinic” and not closed %}open{% endif %}", "open"),
        ("{% if days in [1, 30] %}a{% elif days %}b{% endif %}", "a"),
        ("{% for n in names %}{{ loop.index }}.{{ n }} {% endfor %}", "1.Ana 2.Bo & Co "),
        ("{% for n in none_of %}x{% else %}nobody{% endfor %}", "nobody"),
        ("{% for n in names if n != 'Ana' %}{{ n }}{% endfor %}", "Bo & Co"),
        ("a  {%- if days -%}  b  {%- endif %}  c", "ab  c"),
        ("{# not printed #}{{ kind|title }}", "Clinic"),
        ("{{ d.items }}{{ d.keys }}{{ d.get }}", "123"),
        ("{{r kind }}", "clinic"),
    ],
)
def test_the_language_of_templates(text, printed):
    data = {
        "names": ["Ana", "Bo & Co"],
        "people": [{"name": "Eve"}, {"name": "Al"}],
        "nothing": None,
        "days": 30,
        "kind": "clinic",
        "closed": False,
        "none_of": [],
        "d": {"items": 1, "keys": 2, "get": 3},
    }
    made = desk.fill(raw(p(text)), data, at=AT)

    assert texts(Document(io.BytesIO(made))) == [printed]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_printed_as_it_was_typed_or_sent_back(text):
    template_ = READY["body"]
    try:
        made = filling.fill(template_, {"name": clean(text)}, TOLD)
    except Unusable as bad:
        assert re.search(r"\{[{%#]", text)
        assert bad.problems
        return
    assert texts(Document(io.BytesIO(made))) == [f"A {clean(text)} B"]


READY = {"body": ready(raw(p("A {{ name }} B")))}


def test_a_very_long_value_is_printed_whole():
    long = "A & B <x> " * 10_000

    assert texts(filled(template("{{ name }}"), name=long)) == [long.strip()]


def test_every_part_that_word_shows_is_filled():
    docx = raw(
        p("{{ name }}"),
        parts={
            "word/header1.xml": story("hdr", p("Head {{ name }}")),
            "word/footer1.xml": story("ftr", p("Foot {{ name }}")),
            "word/footnotes.xml": story("footnotes", f"<w:footnote>{p('{{ name }}')}</w:footnote>"),
            "word/endnotes.xml": story("endnotes", f"<w:endnote>{p('{{ name }}')}</w:endnote>"),
        },
    )
    made = zipfile.ZipFile(io.BytesIO(desk.fill(docx, {"name": "A & B"}, at=AT)))

    for part in ("document", "header1", "footer1", "footnotes", "endnotes"):
        assert "A &amp; B" in made.read(f"word/{part}.xml").decode(), part


def test_a_value_in_the_description_of_a_picture_stays_within_it():
    picture = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="Logo of {{ name }}"/>'
        "</wp:inline></w:drawing></w:r>"
    )
    made = filled(raw(p(picture, "x")), name='O"Neil\n<b>')

    assert 'descr="Logo of O&quot;Neil &lt;b&gt;"' in made.element.xml


def test_a_loop_marks_each_clause_and_those_that_must_be_there_are_looked_for():
    docx = raw(
        p("{% for c in clauses %}"),
        p('<w:bookmarkStart w:id="{{ c.n }}" w:name="clause_{{ c.id }}"/>', "{{ c.text }}"),
        p("{% endfor %}"),
    )
    data = {"clauses": [{"n": "1", "id": "breach", "text": "Tell us."}]}

    assert filling.fill(ready(docx), data, TOLD, ["breach"])
    with pytest.raises(Unusable) as caught:
        filling.fill(ready(docx), data, TOLD, ["breach", "rights"])
    assert [problem.cause for problem in caught.value.problems] == ["The clause “rights” got lost."]


# Nothing is blank, and nothing runs away


@pytest.mark.parametrize(
    ("text", "data", "cause"),
    [
        ("{{ a }}", {}, "The field “a” is not supplied."),
        ("{{ a }}", {"a": None}, "This field has no value."),
        ("{{ a }}", {"a": []}, "This is a list."),
        ("{{ a }}", {"a": {"b": 1}}, "This is a group of fields."),
        ("{{ a.b }}", {"a": {}}, "The field “a.b” is not supplied."),
        ("{{ a.b }}", {"a": "x"}, "The field “a.b” is not supplied."),
        ("{{ a.upper }}", {"a": "x"}, "The field “a.upper” is not supplied."),
        ("{% for x in a %}{{ x.b }}{% endfor %}", {"a": [{"b": 1}, {}]}, "“a[].b” is not supplied"),
        ("{% for x in a %}{{ x }}{% endfor %}", {"a": "abc"}, "This is no list"),
        ("{% if a > 3 %}x{% endif %}", {"a": "4"}, "different kinds are compared"),
        ("{{ a|join(', ') }}", {"a": ["x", None]}, "This field has no value."),
        ("{{ a|first }}", {"a": []}, "This list is empty."),
        ("{{ a }}{{ b }}", {"a": "{", "b": "{"}, "A tag is left over in the document"),
    ],
)
def test_a_value_that_cannot_be_printed_is_told_at_its_tag(text, data, cause):
    told = refused(raw(p("x"), p(text)), **data)

    assert len(told) == 1
    assert cause in told[0]


def test_a_field_in_a_paragraph_that_is_left_out_may_have_no_value():
    docx = raw(p("{% if a %}"), p("{{ a.b }}"), p("{% endif %}"), p("end"))

    assert texts(filled(docx, a=None)) == ["end"]


def test_loops_within_loops_come_to_an_end():
    text = "{% for a in l %}{% for b in l %}{{ b }}{% endfor %}{% endfor %}"

    [told] = refused(raw(p(text)), l=list(range(10_000)))
    assert "run more than 100,000 times" in told


def test_a_document_cannot_grow_without_end():
    docx = raw(p("{% for a in l %}{{ b }}{% endfor %}"))

    [told] = refused(docx, l=list(range(90_000)), b="x" * 10_000)
    assert "would become too long" in told


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"a": "{{ 7*7 }}"}, "double braces"),
        ({"a": float("nan")}, "not a number"),
        ({"a": float("inf")}, "not a number"),
        ({"a": 10**1000}, "too long"),
        ({"__class__": "x"}, "cannot be the name of a field"),
        ({"a": {"x y": 1}}, "cannot be the name of a field"),
        ({"a": [[[[[[[[[["deep"]]]]]]]]]]}, "nested too deep"),
        ({"a": ["x"] * 200_000}, "too many data"),
        ({"a": "x" * 9_000_000}, "too many data"),
        ({"a": object()}, "can not be printed"),
    ],
)
def test_data_that_are_not_plain_are_sent_back_before_anything_runs(data, what):
    with pytest.raises(NotReady, match=what):
        desk.fill(template("{{ a }}"), data, at=AT)


# Nothing is lost


def test_a_tag_alone_in_its_paragraph_leaves_no_empty_line():
    docx = raw(p("a"), p("{% if x %}"), p("b"), p("{% else %}"), p("c"), p("{% endif %}"), p("d"))

    assert texts(filled(docx, x=True)) == ["a", "b", "d"]
    assert texts(filled(docx, x=False)) == ["a", "c", "d"]


def test_a_bookmark_in_the_paragraph_of_a_tag_is_kept():
    mark = '<w:bookmarkStart w:id="1" w:name="kept"/>'
    docx = raw(p(mark, "{%p if x %}"), p("b"), p("{%p endif %}"))

    assert 'w:name="kept"' in filled(docx, x=False).element.xml


def test_a_cell_or_header_that_becomes_empty_still_opens_in_word():
    inside = p("{%p if x %}") + p("b") + p("{%p endif %}")
    docx = raw(
        table((inside, "c")),
        parts={"word/header1.xml": story("hdr", p("{%p if x %}"), p("b"), p("{%p endif %}"))},
    )
    made = zipfile.ZipFile(io.BytesIO(desk.fill(docx, {"x": False}, at=AT)))

    assert re.search(r"<w:tcPr/><w:p/></w:tc>", made.read("word/document.xml").decode())
    assert re.search(r"<w:hdr [^>]*><w:p/></w:hdr>", made.read("word/header1.xml").decode())


def test_a_table_that_lost_all_rows_goes_and_one_that_got_cells_is_widened():
    rows = (("{%tr for x in l %}",), ("{{ x }}",), ("{%tr endfor %}",))
    cells = (("{%tc for x in l %}", "{{ x }}", "{%tc endfor %}"),)

    assert filled(raw(table(*rows), p("end")), l=[]).tables == []
    made = filled(raw(table(*cells)), l=["a", "b", "c", "d"])
    assert [c.text for c in made.tables[0].rows[0].cells] == ["a", "b", "c", "d"]


def test_drawings_in_a_loop_get_numbers_of_their_own():
    drawing = '<w:r><w:drawing><wp:inline><wp:docPr id="7" name="x"/></wp:inline></w:drawing></w:r>'
    made = filled(
        raw(p("{% for x in l %}"), p(drawing, "{{ x }}"), p("{% endfor %}")), l=["a", "b"]
    )

    assert re.findall(r'<wp:docPr id="(\d+)"', made.element.xml) == ["1", "2"]


def test_a_swallowed_paragraph_would_be_noticed():
    template_ = ready(raw(p("Nothing is shared."), p("{{ name }}")))
    template_.parts[0].literal.append("Nothing is sold.")

    with pytest.raises(Unusable) as caught:
        filling.fill(template_, {"name": "x"}, TOLD)
    assert caught.value.problems[0].cause == "The paragraph “Nothing is sold.” got lost."


def test_properties_and_hidden_data_of_the_template_stay_behind():
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Secret Author'
        "</dc:creator></cp:coreProperties>"
    )
    bound = (
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="x"/></w:sdtPr><w:sdtContent>'
        f"{run('{{ name }}')}</w:sdtContent></w:sdt>"
    )
    docx = raw(
        p(bound),
        parts={
            "docProps/core.xml": core,
            "customXml/item1.xml": "<a>Secret Item</a>",
            "word/settings.xml": f'<w:settings {SPACES}><w:docVars><w:docVar w:name="s" '
            'w:val="Secret Variable"/></w:docVars></w:settings>',
        },
        relations='<Relationship Id="c" Type="x/customXml" Target="/customXml/item1.xml"/>',
    )
    made = zipfile.ZipFile(io.BytesIO(desk.fill(docx, {"name": "x"}, at=AT)))

    everything = b"".join(made.read(name) for name in made.namelist())
    assert b"Secret" not in everything
    assert b"dataBinding" not in everything


def test_the_same_template_and_data_give_the_same_bytes():
    docx = template("{{ name }}")

    assert desk.fill(docx, {"name": "x"}, at=AT) == desk.fill(docx, {"name": "x"}, at=AT)


def test_a_template_says_the_same_as_with_docxtpl_alone():
    content = documents.prepared(documents.shipped().content)
    compiled = ready(content)
    values = samples([use for use, _ in compiled.uses], full=True)
    alone = docxtpl.DocxTemplate(io.BytesIO(content))
    alone.render(values, autoescape=True)

    ours = Document(io.BytesIO(filling.fill(compiled, values, TOLD)))
    assert words(ours) == words(alone.docx)


def words(document) -> list[str]:
    kind = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return [
        text
        for paragraph in document.element.body.iter(f"{kind}p")
        if (text := "".join(t.text or "" for t in paragraph.iter(f"{kind}t")))
    ]
