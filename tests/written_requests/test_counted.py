"""The tables that an answer without names is made of. On both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.access import documents
from portal.errors import NotReady
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequestEvent
from portal.vocabulary import RequestEventKind, UnnamedView
from portal.written_requests import answering
from portal.written_requests.counted import MOST_TABLES, Counted, CountedRow
from tests.pdf.reading import Pdf
from tests.people import NOW
from tests.written_requests.conftest import Office
from tests.written_requests.test_outside import BOARD, OUTSIDE, granted

NEEDS = Counted(
    code="needs",
    view=UnnamedView.CURRICULUM,
    months=("2026-10",),
    caption="Needs not yet met, October 2026, North School",
    below="As the month ended.",
    columns=("Need, school", "Students"),
    rows=(CountedRow("Grief or loss", 0, (1215,)), CountedRow("North School", 1, (None,))),
    chosen={"School": "North School"},
)
STUDENTS = replace(NEEDS, code="students", caption="Students enrolled, October 2026", chosen={})
VISITS = replace(NEEDS, code="visits", view=UnnamedView.BUDGET, caption="Visits, October 2026")


@pytest.mark.parametrize("draft", [OUTSIDE, BOARD])
def test_an_answer_holds_the_chosen_tables_and_its_line_names_them(office: Office, draft):
    session, sue, row = office.cast.session, office.who(office.cast.sue), granted(office, draft)

    made = answering.answer(session, sue, row.id, NOW, "answer", [NEEDS, STUDENTS])

    assert answering.answer(session, sue, row.id, NOW, "answer", [STUDENTS]) == made
    kept = documents.open_document(session, sue, made, NOW)
    text = " ".join(Pdf(kept.content).text.split())
    for words in (
        "Needs not yet met, October 2026, North School",
        "Students enrolled, October 2026",
        "1,215",
        "not told",
        "As the month ended.",
        f"request {row.number}, answered by {sue.name} on November 20, 2026",
    ):
        assert words in text
    assert "Support visits" not in text.partition("What the tables tell")[2]
    line = session.scalars(select(TrailLine).where(TrailLine.event == "request.answered")).one()
    assert line.detail["tables"] == ["needs 2026-10, School: North School", "students 2026-10"]
    event = session.scalars(
        select(AccessRequestEvent).where(AccessRequestEvent.kind == RequestEventKind.ANSWERED)
    ).one()
    assert event.note == f"{NEEDS.caption}; {STUDENTS.caption}"


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        ([], "No table is chosen."),
        ([NEEDS] * (MOST_TABLES + 1), "more than 12 tables"),
        ([NEEDS, VISITS], "more than one view"),
        ([replace(NEEDS, rows=())], "Nothing of Needs not yet met, October 2026, North School"),
    ],
)
def test_what_no_answer_can_be_made_of_is_told_with_the_next_step(office: Office, tables, what):
    session, sue, row = office.cast.session, office.who(office.cast.sue), granted(office, BOARD)
    with pytest.raises(NotReady, match=what) as told:
        answering.answer(session, sue, row.id, NOW, "answer", tables)

    assert all(problem.do_next for problem in told.value.problems)
    answering.answer(session, sue, row.id, NOW, "answer", [NEEDS])
