"""A district brings its own Word file, maps its blanks, completes it, and prints with it."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from portal.access.documents import open_document
from portal.agreements import drafting, issuing, own_templates, queries
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.documents import shipped
from portal.agreements.own_templates import Examined, Judged
from portal.errors import BadFile, NotFound, NotReady, Refused
from portal.store.agreements import WordTemplate
from portal.store.papers import Document
from portal.vocabulary import AgreementKind, AgreementStatus
from portal.word.desk import BadTemplate
from tests import factories as make
from tests.agreements.papers import a_content, drafted, signed_by_both, status
from tests.people import NOW

MOU = AgreementKind.MOU


def a_file(*texts: str) -> bytes:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


OURS = a_file(
    "Our own agreement",
    "This agreement is between ______________ (the District) and [Name of Partner].",
    "It begins on {start date}.",
    "We meet in the town hall, which no template of the portal says.",
    "By: ____________________   Date: ____________",
)
"""A district's words with blanks in three notations, and a line to sign."""


def text_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = (c.text for t in document.tables for r in t.rows for c in r.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def mapping(examined: Examined) -> dict[str, str]:
    """What a clerk would choose for each blank."""
    named = iter(["district.name", "partner_names", "starts_on"])
    blanks = [b for b in examined.blanks if b.kind not in own_templates.TO_LEAVE]
    return {blank.id: next(named) for blank in blanks}


def whole() -> Examined:
    """The file with its blanks mapped and its annex."""
    mapped = own_templates.mapped(OURS, mapping(own_templates.examine(OURS)))
    return own_templates.completed(mapped.content)


@pytest.fixture(scope="module")
def completed() -> Examined:
    return whole()


@pytest.fixture(scope="module")
def judged(completed) -> Judged:
    return own_templates.judge(completed.content, SHIPPED, MOU)


def published(cast, completed, judged) -> WordTemplate:
    dina = cast.who(cast.dina)
    row = own_templates.bring(cast.session, dina, "Ours", completed, NOW)
    return own_templates.publish(cast.session, dina, row.id, judged, NOW)


def test_blanks_in_other_notations_are_found_and_lines_to_sign_are_left(completed):
    examined = own_templates.examine(OURS)

    kinds = [blank.kind for blank in examined.blanks]
    assert sorted(kinds) == ["brace", "bracket", "line", "sign", "sign"]
    text = text_of(completed.content)
    assert "between {{ district.name }} (the District) and {{ partner_names }}." in text
    assert "By: ____________________" in text


def test_what_a_file_lacks_is_added_as_an_annex_and_then_nothing_stands_against_it(judged):
    before = own_templates.judge(OURS, SHIPPED, MOU)
    assert not before.usable
    assert any("10-234bb" in problem.what for problem in before.lacks)
    assert judged.usable


def test_a_complete_file_gets_no_annex():
    content = shipped().content

    assert own_templates.completed(content).content == content


def test_an_agreement_is_printed_with_the_districts_words_and_the_portals_schedules(
    cast, completed, judged
):
    row = published(cast, completed, judged)
    paper = drafted(cast)
    assert paper.template_id == row.id
    issuing.issue(cast.session, cast.who(cast.dina), paper.id, NOW)

    text = text_of(cast.session.get_one(Document, paper.document_id).content)
    assert "We meet in the town hall" in text
    assert "between Harbor Point Public Schools (the District) and Riverside Clinic." in text
    assert "Support visits and services" in text
    assert "Conn" in text and "{{" not in text
    assert status(cast, signed_by_both(cast, paper)) is AgreementStatus.IN_FORCE


def test_every_required_clause_of_the_law_is_in_what_it_prints(cast, completed, judged):
    published(cast, completed, judged)
    paper = drafted(cast)
    content = issuing.preview(cast.session, paper, a_content(cast), NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        xml = parts.read("word/document.xml").decode()

    for choice in a_content(cast).clauses:
        assert f'w:name="clause_{choice.id}"' in xml, choice.id


def test_a_reference_names_what_it_is_about_where_there_are_no_articles(completed):
    text = text_of(own_templates.trial(completed.content, SHIPPED, MOU))

    assert "what is said on “" in text
    assert "Article 1" not in text


def test_a_chosen_clause_that_the_template_does_not_print_is_told(cast, completed, judged):
    without = a_file("{{ document.number }}")
    problems = own_templates.judge(without, SHIPPED, MOU).lacks

    assert any("never prints starts_on" in problem.what for problem in problems)
    with pytest.raises(BadFile, match="does not print the clause"):
        own_templates.trial(without, SHIPPED, MOU)


def test_a_published_template_never_changes(cast, completed, judged):
    row = published(cast, completed, judged)
    dina = cast.who(cast.dina)

    with pytest.raises(NotReady, match="never changes"):
        own_templates.change(cast.session, dina, row.id, completed, NOW)
    with pytest.raises(NotReady, match="never changes"):
        own_templates.publish(cast.session, dina, row.id, judged, NOW)
    again = own_templates.bring(cast.session, dina, "Ours", completed, NOW)
    assert again.version == 2


def test_only_what_was_judged_is_published(cast, completed, judged):
    dina = cast.who(cast.dina)
    row = own_templates.bring(cast.session, dina, "Ours", own_templates.examine(OURS), NOW)

    with pytest.raises(NotReady, match="changed meanwhile"):
        own_templates.publish(cast.session, dina, row.id, judged, NOW)
    of_this = own_templates.judge(OURS, SHIPPED, MOU)
    with pytest.raises(NotReady) as caught:
        own_templates.publish(cast.session, dina, row.id, of_this, NOW)
    assert len(caught.value.problems) > 10
    own_templates.change(cast.session, dina, row.id, completed, NOW)
    assert own_templates.publish(cast.session, dina, row.id, judged, NOW).published_at == NOW


def test_a_retired_template_is_offered_no_more(cast, completed, judged):
    row = published(cast, completed, judged)
    dina = cast.who(cast.dina)
    own_templates.retire(cast.session, dina, row.id, NOW)

    assert queries.usual_template(cast.session, dina) is None
    paper = drafted(cast)
    with pytest.raises(NotReady, match="not published"):
        content = a_content(cast)
        drafting.save(cast.session, dina, paper.id, content, paper.revision, NOW, row.id)


def test_both_files_are_kept_and_opened_by_the_district_alone(cast, completed):
    dina, alma = cast.who(cast.dina), cast.who(cast.alma)
    row = own_templates.bring(cast.session, dina, "Ours", own_templates.examine(OURS), NOW)
    own_templates.change(cast.session, dina, row.id, completed, NOW)

    assert open_document(cast.session, dina, row.original_id, NOW).content == OURS
    assert open_document(cast.session, dina, row.content_id, NOW).content == completed.content
    with pytest.raises(NotFound):
        open_document(cast.session, alma, row.content_id, NOW)


def test_another_districts_template_and_a_missing_one_look_alike(cast, completed):
    row = own_templates.bring(cast.session, cast.who(cast.dina), "Ours", completed, NOW)
    other = make.organization(cast.session, "Other Schools", code="0990099")
    dee = make.user(cast.session, other, "Dee Other", cast.dina.role, cast.dina.level)

    with pytest.raises(NotFound):
        own_templates.file_of(cast.session, cast.who(dee), row.id, NOW)


@pytest.mark.parametrize("who", ["ana", "alma", "tom"])
def test_nobody_else_brings_one(cast, completed, who):
    with pytest.raises(Refused):
        own_templates.bring(cast.session, cast.who(getattr(cast, who)), "Ours", completed, NOW)


def test_a_template_needs_a_name(cast, completed):
    with pytest.raises(NotReady, match="no name"):
        own_templates.bring(cast.session, cast.who(cast.dina), " ", completed, NOW)


@pytest.mark.parametrize("content", [b"", b"MZ no Word file", b"PK\x03\x04 cut short"])
def test_what_is_no_word_file_is_refused_and_has_no_marked_copy(content):
    with pytest.raises(BadTemplate) as caught:
        own_templates.examine(content)
    assert own_templates.marked_copy(content, caught.value.found) is None


def test_a_broken_tag_is_marked_beside_its_words():
    content = a_file("Between {{ district.name and nobody.")
    problems = own_templates.examine(content).problems

    marked = own_templates.marked_copy(content, problems)
    assert marked is not None
    assert problems[0].cause in text_of(marked)


def test_a_field_that_is_none_is_told_with_the_one_that_was_meant():
    examined = own_templates.examine(a_file("For {{ district.nmae }}"))

    assert any("district.name" in problem.fix for problem in examined.problems)


def test_a_template_that_cannot_print_an_agreement_is_not_usable():
    with pytest.raises((BadFile, NotReady)):
        own_templates.trial(a_file("{{ nothing.there }}"), SHIPPED, MOU)
