"""A district's own template: what it must print, in which ways, and what it is told."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from portal.agreements import documents
from portal.agreements.clauses.library import SHIPPED
from portal.errors import BadFile
from portal.vocabulary import AgreementKind
from tests.agreements.contents import CLINIC, content, opened, terms, texts

LETTER = AgreementKind.DATA_USE
FIRST = (
    "{{ document.number }} of {{ district.name }} and {{ partner.name }}, "
    "{{ starts_on }} to {{ ends_on }}",
)
LAST = ("{% for s in signatures %}{{ s.organization }}: {{ s.name }} {% endfor %}",)


def schedule(way: str) -> tuple[str, ...]:
    names = ("category", "purposes", "basis", "frequency", "method", "retention")
    line = " ".join(f"{{{{ line.{name} }}}}" for name in names)
    return (f"{{%p for line in partner.{way} %}}", line, "{%p endfor %}")


BODY = (*schedule("from_district"), *schedule("from_partner"))
BY_FIELDS = tuple(f"{{{{ clause.{choice.id} }}}}" for choice in content(LETTER).clauses)


def a_template(
    paragraphs: Sequence[str], marks: dict[str, str] | None = None, name: str = "Ours"
) -> documents.Template:
    """A Word file of these paragraphs; marks: clause ids with the words in their bookmarks."""
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    for number, (id_, text) in enumerate((marks or {}).items()):
        mark(file, f"clause_{id_}", text, str(number))
    saved = io.BytesIO()
    file.save(saved)
    return documents.Template(name, saved.getvalue())


def mark(file: Document, name: str, text: str, number: str) -> None:
    paragraph = file.add_paragraph(text)
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for edge in (start, end):
        edge.set(qn("w:id"), number)
    start.set(qn("w:name"), name)
    paragraph._p.insert(0, start)
    paragraph._p.append(end)


def told(template: documents.Template, kind: AgreementKind = LETTER, *, several: bool = False):
    asked = documents.read(documents.prepared(template.content))
    return documents.template_problems(asked, SHIPPED, kind, several=several)


def test_a_template_of_a_district_s_own_prints_the_clauses_by_their_fields():
    template = a_template((*FIRST, *BODY, *BY_FIELDS, *LAST))

    assert told(template) == []
    printed = texts(opened(content(LETTER), template=template))
    assert any(f"and {CLINIC.name}, November 20, 2026" in text for text in printed)
    assert any(text.startswith("Student data are not the property") for text in printed)
    assert sum("Consent (34 CFR 99.30)" in text for text in printed) == 3


def test_a_template_may_word_a_clause_itself_within_its_bookmark():
    others = tuple(field for field in BY_FIELDS if "ct_law" not in field)
    template = a_template((*FIRST, *BODY, *others, *LAST), {"ct_law": "Our State's law governs."})

    assert told(template) == []
    document = opened(content(LETTER), template=template)
    assert documents.worded(document.element.body) == {"ct_law": ("Our State's law governs.",)}


def test_the_loop_of_a_template_prints_every_clause_of_its_article():
    others = tuple(field for field in BY_FIELDS if "clause.ct_" not in field)
    loop = (
        "{%p for clause in articles.connecticut %}",
        "{%p for paragraph in clause.paragraphs %}",
        "{{ paragraph.text }}",
        "{%p endfor %}",
        "{%p endfor %}",
    )
    template = a_template((*FIRST, *BODY, *others, *loop, *LAST))

    assert told(template) == []
    printed = texts(opened(content(LETTER), template=template))
    assert "Each Partner and the District make sure that FERPA is kept." in printed


def test_a_clause_that_the_law_asks_for_and_the_template_lacks_is_told_with_its_fix():
    others = tuple(field for field in BY_FIELDS if "ct_law" not in field)
    template = a_template((*FIRST, *BODY, *others, *LAST))

    [problem] = told(template)
    assert problem.field == "clause.ct_law"
    assert "“Connecticut law governs”" in problem.what
    assert "Conn. Gen. Stat. § 10-234bb(a)" in problem.what
    assert "{{ clause.ct_law }}" in problem.do_next and "bookmark clause_ct_law" in problem.do_next
    with pytest.raises(BadFile) as refused:
        opened(content(LETTER), template=template)
    assert [problem.field for problem in refused.value.problems] == ["clauses.ct_law"]


def test_a_bookmark_around_nothing_is_no_clause():
    others = tuple(field for field in BY_FIELDS if "ct_law" not in field)
    template = a_template((*FIRST, *BODY, *others, *LAST), {"ct_law": ""})

    assert [problem.field for problem in told(template)] == ["clause.ct_law"]


def test_a_clause_that_only_this_agreement_needs_is_missed_when_it_is_printed():
    """The template was good when it was brought; this partner runs a Part 2 program."""
    template = a_template((*FIRST, *BODY, *BY_FIELDS, *LAST))
    made = content(LETTER, partners=(terms(is_part2=True),))

    with pytest.raises(BadFile) as refused:
        opened(made, template=template)
    [problem] = refused.value.problems
    assert "“Substance use records” (42 CFR 2.31, 2.32" in problem.what


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        ("{{ document.number }}", "document.number"),
        ("{{ partner.name }}", "partners[].name"),
        ("{{ ends_on }}", "ends_on"),
        ("{{ line.basis }}", "partners[].from_district[].basis"),
        ("{{ s.name }}", "signatures[].name"),
    ],
)
def test_a_field_that_every_agreement_must_print_is_told_with_its_reason(left_out, field):
    paragraphs = [text.replace(left_out, "") for text in (*FIRST, *BODY, *BY_FIELDS, *LAST)]

    problems = {problem.field: problem.what for problem in told(a_template(paragraphs))}
    assert problems[field] == (
        f"The template never prints {field}: {documents.REQUIRED_FIELDS[field]}."
    )


def test_an_unknown_field_is_told():
    [problem] = told(a_template((*FIRST, *BODY, *BY_FIELDS, *LAST, "{{ partner.owner }}")))

    assert problem.what == "The template asks for partner.owner, which is no field."


def test_a_template_for_one_partner_does_not_serve_several():
    template = a_template((*FIRST, *BODY, *BY_FIELDS, *LAST))

    problems = told(template, several=True)
    assert {problem.field for problem in problems} >= {"partner.name"}
    assert "{% for partner in partners %}" in problems[0].do_next
    with pytest.raises(BadFile):
        opened(content(LETTER, partners=(terms(), terms(1))), template=template)


@pytest.mark.parametrize("kind", AgreementKind)
@pytest.mark.parametrize("several", [False, True])
def test_the_shipped_template_serves_every_kind(kind, several):
    assert told(documents.shipped(), kind, several=several) == []


def test_every_clause_of_the_library_has_a_field_and_one_that_is_not_chosen_is_empty():
    template = a_template(
        (*FIRST, *BODY, *BY_FIELDS, *LAST, "[{{ clause.services_mobile_crisis }}]")
    )

    assert "[]" in texts(opened(content(LETTER), template=template))
    assert {f"clause.{id_}" for id_ in SHIPPED.current} <= documents.FIELDS


def test_the_printed_paper_names_its_template_and_the_template_s_fingerprint():
    template = a_template(
        (*FIRST, *BODY, *BY_FIELDS, *LAST, "{{ template.name }} {{ template.fingerprint }}"),
        name="Harbor Point, version 3",
    )

    printed = texts(opened(content(LETTER), template=template))
    assert f"Harbor Point, version 3 {template.fingerprint}" in printed


# A file that came back


def test_clauses_are_read_where_word_moved_the_edges_of_their_bookmarks():
    document = opened(content())
    body = document.element.body
    before = documents.worded(body)
    for end in list(body.iter(qn("w:bookmarkEnd"))):
        end.getparent().addnext(end)  # to the level of the paragraphs, as Word sometimes does

    assert documents.worded(body) == before


def test_clauses_are_read_where_libreoffice_began_a_bookmark_twice():
    document = opened(content())
    body = document.element.body
    before = documents.worded(body)
    start = next(
        mark
        for mark in body.iter(qn("w:bookmarkStart"))
        if mark.get(qn("w:name")) == "clause_definitions"
    )
    end = next(
        mark
        for mark in body.iter(qn("w:bookmarkEnd"))
        if mark.get(qn("w:id")) == start.get(qn("w:id"))
    )
    again = OxmlElement("w:bookmarkStart")
    again.set(qn("w:name"), "clause_definitions")
    for edge in (again, end):
        edge.set(qn("w:id"), "9000")
    end.getparent().insert(0, again)

    assert documents.worded(body) == before


def test_a_word_that_somebody_changed_in_the_file_is_found_in_its_clause():
    document = opened(content())
    before = documents.worded(document.element.body)
    paragraph = next(
        p for p in document.paragraphs if p.text.startswith("Connecticut law governs.")
    )
    paragraph.runs[-1].text = "The laws of Delaware govern."

    after = documents.worded(document.element.body)
    assert {id_ for id_ in before if before[id_] != after[id_]} == {"ct_law"}
    assert after["ct_law"] == ("Connecticut law governs. The laws of Delaware govern.",)
