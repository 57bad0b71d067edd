"""What an agreement will allow and forbid, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.agreements.content import Line
from portal.agreements.effects import Answer, Row, effects
from portal.vocabulary import (
    NEVER,
    SHAREABLE,
    AgreementKind,
    Category,
    Detail,
    Direction,
    LineBasis,
    Purpose,
)

VISITS = Line(Direction.A_TO_B, Category.VISITS)
STATUS = Line(Direction.B_TO_A, Category.SERVICE_STATUS)


def told(lines: list[Line], before: list[Line] | None = None) -> dict[Category, Row]:
    return {row.category: row for row in effects(AgreementKind.MOU, lines, before)}


def test_every_kind_of_record_has_an_answer_in_each_direction() -> None:
    rows = told([VISITS, STATUS])

    assert set(rows) == set(SHAREABLE) | NEVER
    assert rows[Category.VISITS].to_partner.words == "With consent"
    assert rows[Category.VISITS].to_district.words == "No"
    assert rows[Category.SERVICE_STATUS].to_district.answer is Answer.YES
    assert rows[Category.MANDATED_REPORT].to_partner.answer is Answer.NEVER


def test_a_narrow_line_says_how_narrow_it_is() -> None:
    narrow = replace(VISITS, purposes=(Purpose.COORDINATE,), detail=Detail.SUMMARY)

    words = told([narrow])[Category.VISITS].to_partner.words
    assert words == "With consent, to coordinate support and services, only what and when"


@pytest.mark.parametrize(
    ("category", "words"),
    [
        (Category.HIV, "With consent and separate initials"),
        (Category.SUD, "With the student's own consent and separate initials"),
    ],
)
def test_a_sensitive_kind_says_whose_initials(category: Category, words: str) -> None:
    assert told([Line(Direction.A_TO_B, category)])[category].to_partner.words == words


def test_a_child_welfare_line_needs_no_consent_but_a_named_caseworker() -> None:
    line = replace(VISITS, basis=LineBasis.CHILD_WELFARE)

    assert "named caseworker" in told([line])[Category.VISITS].to_partner.words


def test_a_study_opens_nothing_in_the_portal() -> None:
    line = replace(VISITS, basis=LineBasis.STUDIES)
    [row] = [r for r in effects(AgreementKind.STUDIES, [line]) if r.category is Category.VISITS]

    assert row.to_partner.answer is Answer.NO
    assert row.to_partner.words.startswith("Not in the portal")


SUMMARY = replace(VISITS, detail=Detail.SUMMARY)
ONE_PURPOSE = replace(VISITS, purposes=(Purpose.COORDINATE,))
TWO_PURPOSES = replace(VISITS, purposes=(Purpose.COORDINATE, Purpose.EVALUATE))


@pytest.mark.parametrize(
    ("before", "now", "since"),
    [
        (None, VISITS, True),  # added
        (VISITS, VISITS, False),
        (VISITS, SUMMARY, False),  # narrower
        (SUMMARY, VISITS, True),
        (VISITS, ONE_PURPOSE, False),
        (ONE_PURPOSE, VISITS, True),
        (ONE_PURPOSE, TWO_PURPOSES, True),
        (TWO_PURPOSES, ONE_PURPOSE, False),
        (replace(VISITS, basis=LineBasis.CHILD_WELFARE), VISITS, True),
    ],
)
def test_what_an_amendment_adds_or_widens_waits_for_a_new_consent(
    before: Line | None, now: Line, since: bool
) -> None:
    rows = told([now], [before] if before else [])

    effect = rows[Category.VISITS].to_partner
    assert effect.since is since
    assert ("signed after this agreement" in effect.words) is since
