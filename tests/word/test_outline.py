"""A Word file is read as a screen shows it: headings, numbered paragraphs, items, tables."""

from __future__ import annotations

import io

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from portal.word.outline import Grid, Text, outline


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_headings_paragraphs_and_tables_come_in_order():
    document = docx.Document()
    document.add_heading("The title", 0)
    document.add_heading("An article", 1)
    document.add_paragraph("A sentence\twith a tab.")
    document.add_paragraph("")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Record", "Why", "Visits", "To coordinate"), strict=True):
        cell.text = text

    assert outline(saved(document)) == [
        Text("The title", level=1),
        Text("An article", level=2),
        Text("A sentence\twith a tab."),
        Grid((("Record", "Why"), ("Visits", "To coordinate"))),
    ]


def test_lists_are_numbered_as_word_counts_them():
    document = docx.Document()
    for text in ("one", "two"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("an item", style="List Bullet")

    numbers = [(block.number, block.is_item) for block in outline(saved(document))]
    assert numbers == [("1.", False), ("2.", False), ("•", True)]


def test_a_bookmark_belongs_to_the_block_that_follows_it():
    document = docx.Document()
    document.add_paragraph("before")
    marked = document.add_paragraph("marked")
    for number, name, place in ((1, "clause_one", "inside"), (2, "clause_two", "beside")):
        mark = OxmlElement("w:bookmarkStart")
        mark.set(qn("w:id"), str(number))
        mark.set(qn("w:name"), name)
        if place == "inside":
            marked._p.append(mark)
        else:
            marked._p.addprevious(mark)

    before, after = outline(saved(document))
    assert before.marks == ()
    assert set(after.marks) == {"clause_one", "clause_two"}


def test_a_file_without_lists_has_no_numbers():
    document = docx.Document()
    document.add_paragraph("alone")
    document.part.rels.pop(
        next(key for key, rel in document.part.rels.items() if "numbering" in rel.reltype)
    )
    assert outline(saved(document)) == [Text("alone")]
