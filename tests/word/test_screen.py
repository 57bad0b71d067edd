"""What a Word file may not bring along is refused, each time with a sentence that says where."""

from __future__ import annotations

import time

import pytest

from portal.word.screen import screen
from tests.word import hostile
from tests.word.templates import p, packed, raw, run, story, template


def told(content: bytes) -> list[str]:
    return [problem.line for problem in screen(content).problems]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("empty", "The file is empty."),
        ("text", "This is not a Word file (.docx), whatever its name says."),
        ("old_word", "This is a file of Word 97–2003 (.doc)."),
        ("password", "The file is protected by a password."),
        ("zip", "This is not a Word file, but another kind of archive."),
        ("truncated", "The file is damaged: it cannot be unpacked."),
        ("hundred_megabytes", "The file is larger than 20 MB."),
        ("bomb", "The file unpacks to far more than a Word document needs."),
        ("many_entries", "The file unpacks to far more than a Word document needs."),
        ("climbs", "The file is damaged: it cannot be unpacked."),
        ("macros_by_type", "The file is one with macros (.docm or .dotm)."),
        ("macros", "The text: The file holds macros."),
        ("doctype", "The header: The file declares a document type, which Word never does."),
        ("laughs", "declares a document type"),
        ("no_xml", "The header: A part of the file is damaged."),
        ("tracked_insertion", "The text, paragraph 1: “Party {{ name }}added” A change is tracked"),
        ("tracked_deletion", "“{{ name }}gone” A change is tracked"),
        ("comment", "The text, paragraph 1: “{{ name }}” A comment stands here."),
        ("loose_comment", "The file holds comments."),
        ("hidden", "“{{ name }}secret clause” Words are hidden here"),
        ("remote_template", "The file holds a template to be loaded."),
        ("remote_picture", "Something is fetched from outside the file (image)."),
        ("file_link", "A link leads to “file:///etc/passwd”"),
        ("dde", "A field of Word fetches or runs something (DDEAUTO)."),
        ("dde_split", "A field of Word fetches or runs something (DDE)."),
        ("dde_quoted", "A field of Word fetches or runs something."),
        ("mail_merge", "The file is connected to a list of addresses"),
    ],
)
def test_a_refusal_says_what_it_is_and_where(name, sentence):
    [sample] = [sample for sample in hostile.samples() if sample.name == name]

    assert any(sentence in line for line in told(sample.content))


def test_what_unpacks_to_more_than_the_directory_says_is_not_unpacked():
    [bomb] = [sample for sample in hostile.files() if sample.name == "bomb_that_lies"]
    started = time.perf_counter()

    assert told(bomb.content)
    assert time.perf_counter() - started < 1


def test_the_name_of_a_part_says_nothing_about_what_it_is():
    docx = raw(p("{{ name }}"), parts={"word/media/picture.png": hostile.OLE2})

    assert told(docx) == [
        "word/media/picture.png: The file holds macros or an embedded file. "
        "Delete it in Word, or copy the text alone into a new document."
    ]


def test_a_problem_is_told_once_in_a_paragraph_and_for_each_paragraph():
    added = f'<w:ins w:id="1">{run("a")}</w:ins><w:ins w:id="2">{run("b")}</w:ins>'

    paragraphs = [problem.paragraph for problem in screen(raw(p(added), p("x"), p(added))).problems]

    assert paragraphs == [1, 3]


def test_the_paragraph_after_a_text_box_keeps_its_number():
    comment = '<w:r><w:commentReference w:id="0"/></w:r>'
    docx = raw(p("a"), p(hostile.box(p("b")), "c", comment))

    [problem] = screen(docx).problems

    assert (problem.part, problem.paragraph) == ("word/document.xml", 2)


def test_hidden_words_are_found_through_a_style_that_another_is_based_on():
    styles = story(
        "styles",
        '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:rPr><w:vanish/></w:rPr></w:style>',
    )
    docx = raw(
        p('<w:pPr><w:pStyle w:val="A"/></w:pPr>', "secret"), parts={"word/styles.xml": styles}
    )

    assert [problem.text for problem in screen(docx).problems] == ["secret"]


def test_what_word_writes_by_itself_passes():
    assert told(template("{{ name }}", "Plain words.")) == []


def test_two_parts_by_the_same_name_in_other_letters_are_refused():
    docx = packed({"[Content_Types].xml": "<a/>", "word/A.xml": "<a/>", "word/a.xml": "<b/>"})

    assert told(docx) == [
        "The file is damaged: it cannot be unpacked. "
        "Open it in Word, save it under another name, and bring that copy."
    ]
