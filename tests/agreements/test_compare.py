"""Two agreements side by side: clauses as they are printed, and facts in words."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest

from portal.agreements import textual
from portal.agreements.changed_facts import Turn
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.compare import How, compare
from portal.agreements.content import Clocks, Contact, Content, Line, PartnerTerms, Service, Signer
from portal.agreements.documents import Party, Printed
from portal.agreements.textual import Mark
from portal.vocabulary import Category, Detail, Direction, Purpose, Retention

RIVERSIDE, HILLTOP = uuid.UUID(int=1), uuid.UUID(int=2)
NAMES = {RIVERSIDE: Party("Riverside Clinic"), HILLTOP: Party("Hilltop Clinic")}
OUT = Line(Direction.A_TO_B, Category.ATTENDANCE)


def printed(**changes) -> Printed:
    content = Content(
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 6, 30),
        schools=("North School",),
        partners=(PartnerTerms(agency_id=RIVERSIDE, lines=(OUT,)),),
    )
    content = replace(content, **changes)
    if "clauses" not in changes:
        content = replace(content, clauses=SHIPPED.usual(content))
    partners = tuple(NAMES[terms.agency_id] for terms in content.partners)
    day = date(2026, 8, 1)
    return Printed("M-ABC123", 1, content, Party("Harbor Point"), partners, day, "the form")


def partner(**changes) -> dict:
    terms = PartnerTerms(agency_id=RIVERSIDE, lines=(OUT,))
    return {"partners": (replace(terms, **changes),)}


def reworded(id_: str, *text: str) -> Printed:
    old = printed()
    clauses = tuple(replace(c, text=text) if c.id == id_ else c for c in old.content.clauses)
    return printed(clauses=clauses)


def changes(old: Printed, new: Printed):
    return compare(old, new, SHIPPED).clauses


def facts(old: Printed, new: Printed):
    return {f.label: (f.old, f.new, f.turn) for f in compare(old, new, SHIPPED).facts}


def test_an_agreement_beside_itself_shows_nothing():
    assert compare(printed(), printed(), SHIPPED).is_empty


def test_number_version_and_day_of_writing_are_no_change():
    later = replace(printed(), version=7, written_on=date(2027, 1, 1))

    assert compare(printed(), later, SHIPPED).is_empty


def test_a_field_that_prints_something_else_shows_where_it_is_printed_and_as_a_fact():
    new = printed(clocks=Clocks(breach_student_days=20))

    [change] = changes(printed(), new)
    assert (change.id, change.how) == ("breach_partner_tells", How.REWORDED)
    [paragraph] = change.paragraphs
    marked = [(p.mark, p.text) for p in paragraph.pieces if p.mark is not Mark.SAME]
    assert marked == [(Mark.OUT, "30 "), (Mark.IN, "20 ")]
    label = "Breach of student data: the partner tells within"
    assert facts(printed(), new) == {label: ("30 days", "20 days", Turn.CHANGED)}


def test_a_clause_that_comes_shifts_no_numbers_elsewhere():
    old = printed()
    fewer = tuple(c for c in old.content.clauses if not c.id.startswith("purpose"))

    assert {(c.id, c.how) for c in changes(old, printed(clauses=fewer))} == {
        ("purpose", How.TAKEN_OUT),
        ("purpose_schools", How.TAKEN_OUT),
    }
    assert {c.how for c in changes(printed(clauses=fewer), old)} == {How.ADDED}


def test_clauses_come_in_the_order_of_the_paper():
    old = printed()
    fewer = tuple(c for c in old.content.clauses if c.id not in {"signatures_order", "purpose"})

    assert [c.id for c in changes(old, printed(clauses=fewer))] == ["purpose", "signatures_order"]


def test_a_few_words_are_shown_word_by_word():
    standard = SHIPPED.current["review_audit"].text[0]
    [change] = changes(printed(), reworded("review_audit", standard.replace("ten", "five")))

    assert change.how is How.REWORDED
    assert (
        "".join(p.text for p in change.paragraphs[0].pieces if p.mark is not Mark.OUT)
        == (change.new[0])
    )


def test_a_rewritten_clause_is_shown_whole_old_and_whole_new():
    [change] = changes(printed(), reworded("review_audit", "Nobody looks at anything.", "Ever."))

    assert change.how is How.REWRITTEN
    assert [(p.old is None, p.pieces) for p in change.paragraphs] == [
        (False, ()),
        (True, ()),
        (True, ()),
    ]


def test_a_wording_whose_tags_are_broken_is_shown_as_it_was_typed():
    [change] = changes(printed(), reworded("review_audit", "{% if %} audits"))

    assert change.new == ("{% if %} audits",)


def test_facts_of_every_kind_are_told():
    new = printed(
        ends_on=date(2028, 6, 30),
        district_signers=(Signer("Sue Perin", "Superintendent"),),
        records_contact=Contact("Dina Desk", "dina@example.org"),
        board_vote_on=date(2026, 8, 10),
        order=(0, 1),
        **partner(services=(Service("Counseling", days="Tuesdays"),), waive_team=True),
    )
    told = facts(printed(), new)

    assert told["Last day"] == ("June 30, 2027", "June 30, 2028", Turn.CHANGED)
    assert told["Signers of the district"][1:] == ("Sue Perin, Superintendent", Turn.ADDED)
    assert told["Contact for records"][1] == "Dina Desk, dina@example.org"
    assert told["Vote of the board"][1] == "August 10, 2026"
    assert told["Order of signing"][1] == "Harbor Point, then Riverside Clinic"
    assert told["Riverside Clinic: service “Counseling”"][2] is Turn.ADDED
    assert told["Riverside Clinic: anybody there may open what a consent opens"][1] == "Yes"


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (None, OUT, Turn.ADDED),
        (OUT, None, Turn.TAKEN_OUT),
        (replace(OUT, detail=Detail.SUMMARY), OUT, Turn.WIDER),
        (OUT, replace(OUT, detail=Detail.SUMMARY), Turn.NARROWER),
        (OUT, replace(OUT, purposes=(Purpose.COORDINATE,)), Turn.NARROWER),
        (replace(OUT, purposes=(Purpose.COORDINATE,)), OUT, Turn.WIDER),
        (OUT, replace(OUT, retention=Retention.SCHOOL_YEAR), Turn.CHANGED),
        (
            replace(OUT, purposes=(Purpose.COORDINATE,)),
            replace(OUT, purposes=(Purpose.EVALUATE,)),
            Turn.CHANGED,
        ),
    ],
)
def test_a_line_of_a_schedule_is_wider_or_narrower(before, after, turn):
    old = printed(**partner(lines=(before,) if before else ()))
    new = printed(**partner(lines=(after,) if after else ()))

    assert facts(old, new)["Attendance, to Riverside Clinic"][2] is turn


def test_a_partner_that_comes_and_one_that_goes():
    both = (PartnerTerms(agency_id=RIVERSIDE, lines=(OUT,)), PartnerTerms(agency_id=HILLTOP))
    told = compare(printed(), printed(partners=both), SHIPPED).facts

    assert ("Partner", "", "Hilltop Clinic", Turn.ADDED) in [
        (f.label, f.old, f.new, f.turn) for f in told
    ]


# Texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the District's “records”", 'the District\u2019s "records"'),
        ("ten days", "ten\u00a0days"),
        ("follow-up", "follow\u2011up"),
        ("consent", "con\u00adsent"),
        ("a  b", "a b "),
    ],
)
def test_marks_and_spaces_that_programs_exchange_are_the_same(one, other):
    assert textual.plain(one) == textual.plain(other)


def test_paragraphs_are_paired_by_likeness_in_their_order():
    old = ["one two three", "four five six", "seven eight nine"]
    new = ["one two three", "new here", "four five seven", "seven eight nine"]

    assert textual.paired(old, new) == [(0, 0), (None, 1), (1, 2), (2, 3)]


def test_a_text_too_long_to_compare_is_shown_whole():
    long = "word " * (textual.MOST_WORDS + 1)

    assert [p.mark for p in textual.pieces(long, f"{long} more")] == [Mark.OUT, Mark.IN]
