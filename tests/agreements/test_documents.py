"""The paper says what the rows say, and the rows are what the gate reads."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import docx
import pytest

from portal.access import facts as facts_of
from portal.agreements import documents as paper
from portal.agreements import queries
from portal.errors import NotReady
from portal.policy.facts import RecordFacts
from portal.policy.gate import may_open
from portal.store.papers import Document
from portal.vocabulary import (
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    FREQUENCY_LABELS,
    RETENTION_LABELS,
    SHAREABLE,
    SPECIAL,
    Category,
    Direction,
    Purpose,
)
from tests import factories as make
from tests.agreements.papers import issued, lines, signed
from tests.people import NOW

SCHEDULE_HEAD = ["Records", "How often", "How", "Kept until"]


def opened(cast, agreement):
    """The issued document, read back with Word's own library."""
    return docx.Document(io.BytesIO(cast.session.get_one(Document, agreement.document_id).content))


def schedules(document):
    """The rows of each printed schedule, without its head."""
    tables = [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]
    return [rows[1:] for rows in tables if rows[0] == SCHEDULE_HEAD]


def test_there_are_twenty_eight_headings_and_the_ten_clauses_of_connecticut_law():
    document = docx.Document(str(paper.TEMPLATE))

    headings = [p.text for p in document.paragraphs if p.style.name in ("Title", "Heading 1")]
    assert len(headings) == 28
    assert len(paper.CT_CLAUSES) == 10
    assert len(paper.CLAUSES) == 38


def test_the_printed_schedule_is_the_rows(cast):
    agreement = issued(cast)
    rows = queries.lines(cast.session, agreement.id)

    for printed, direction in zip(
        schedules(opened(cast, agreement)), (Direction.A_TO_B, Direction.B_TO_A), strict=True
    ):
        assert printed == [
            [
                CATEGORY_LABELS[Category(row.category)],
                FREQUENCY_LABELS[row.frequency],
                CHANNEL_LABELS[row.method],
                RETENTION_LABELS[row.retention],
            ]
            for row in rows
            if row.direction is direction
        ]


@pytest.mark.parametrize("listed", [(Category.VISITS,), (Category.ATTENDANCE, Category.HIV)])
def test_the_gate_opens_what_the_paper_lists_and_nothing_else(cast, listed):
    """Riverside has no other agreement here; its consent ticks everything."""
    for row in queries.ours(cast.session, cast.who(cast.dina), NOW):
        cast.session.get_one(queries.Agreement, row.id).terminated_at = NOW
        cast.session.get_one(queries.Agreement, row.id).terminated_reason = "Replaced"
    agreement = signed(cast, lines=lines(*listed), terms={"special_known": True})
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, categories=SHAREABLE)
    facts = facts_of.load_known(cast.session, cast.rita.id, cast.luis.id)

    opened_by_gate = {
        CATEGORY_LABELS[category]
        for category in Category
        if category is not Category.IDENTITY
        and may_open(
            facts,
            RecordFacts("", facts.student.id, str(cast.district.id), category, NOW),
            Purpose.COORDINATE,
            NOW + timedelta(seconds=1),
        )
    }

    [printed] = schedules(opened(cast, agreement))
    assert {row[0] for row in printed} == opened_by_gate


def test_sensitive_records_are_named_on_the_paper(cast):
    agreement = issued(cast, lines=lines(Category.VISITS, *SPECIAL), terms={"special_known": True})

    texts = [paragraph.text for paragraph in opened(cast, agreement).paragraphs]
    at = texts.index("The schedules of this agreement list the following such records, knowingly:")
    assert set(texts[at + 1 : at + 1 + len(SPECIAL)]) == {
        CATEGORY_LABELS[category] for category in SPECIAL
    }


def test_an_empty_direction_says_so(cast):
    agreement = issued(cast, lines=lines(Category.VISITS))

    document = opened(cast, agreement)
    assert len(schedules(document)) == 1
    assert "The Partner shares no records under this agreement." in [
        paragraph.text for paragraph in document.paragraphs
    ]


def test_names_with_ampersands_and_brackets_are_printed_as_they_are(cast):
    cast.riverside.name = "Rivers & Sons <Clinic> O'Neil"
    document = opened(cast, issued(cast))

    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "between Harbor Point Public Schools and Rivers & Sons <Clinic> O'Neil" in text
    footer = document.sections[0].footer.paragraphs[0].text
    assert footer.startswith("Harbor Point Public Schools and Rivers & Sons <Clinic> O'Neil")


def test_a_purpose_that_looks_like_a_field_is_sent_back(cast):
    with pytest.raises(NotReady) as caught:
        issued(cast, terms={"purpose": "To help {{ everybody }}."})

    assert caught.value.problems[0].field == "purpose"


def test_no_tag_is_left_and_the_page_numbers_are_fields(cast):
    agreement = issued(cast)
    content = cast.session.get_one(Document, agreement.document_id).content

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        whole = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
    assert "{{" not in whole and "{%" not in whole
    assert 'w:instr="PAGE"' in whole and 'w:instr="NUMPAGES"' in whole
