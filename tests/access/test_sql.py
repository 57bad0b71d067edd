"""The small pieces of SQL mean what the rules mean, on both databases, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from portal.access.sql import (
    WHITESPACE,
    is_blank,
    lists_word,
    outside,
    there_is,
    three_days_before,
    within,
)
from portal.policy.spans import Span
from portal.store.base import Instant
from portal.store.people import Relation, Student, User
from portal.store.places import Organization
from tests.policy.values import DAY, TICK, T

INSTANTS = (T - DAY, T - TICK, T, T + TICK, T + DAY)


def said(session: Session, condition) -> bool | None:
    found = session.scalar(select(condition))
    return None if found is None else bool(found)


def instant(value: datetime | None):
    return literal(value, Instant())


@pytest.mark.parametrize("start", [T - DAY, T - TICK, T, T + TICK])
@pytest.mark.parametrize("end", [None, T - DAY, T, T + TICK, T + DAY])
def test_within_and_outside_are_the_span_and_its_opposite(session, start, end):
    for at in INSTANTS:
        contains = Span(start, end).contains(at)
        columns = instant(start), instant(end)
        assert said(session, within(*columns, instant(at))) == contains
        assert said(session, outside(*columns, instant(at))) == (not contains)


def test_without_a_start_there_is_no_span(session):
    for at in INSTANTS:
        for end in (None, T):
            assert said(session, within(instant(None), instant(end), instant(at))) is False
            assert said(session, outside(instant(None), instant(end), instant(at))) is True


@pytest.mark.parametrize("text", ["", " ", "\t\r\n", "\u00a0", "\u2003\u3000", "\x1c\x1f\x85"])
def test_white_space_is_blank(session, text):
    assert said(session, is_blank(literal(text)))
    assert not text.strip()


@pytest.mark.parametrize("text", ["a", " a ", ".", "\u200b", "\u00a0x\u00a0", "''"])
def test_a_letter_is_not(session, text):
    assert not said(session, is_blank(literal(text)))
    assert text.strip()


@pytest.mark.parametrize(
    "words",
    [
        *("", " ", "coordinate", "evaluate coordinate", "coordinate evaluate", " coordinate  x"),
        *("Coordinate", "coordinated", "pre-coordinate", "co_rdinate", "%", "evaluate\tcoordinate"),
    ],
)
def test_a_word_is_listed_where_it_stands_alone_letter_for_letter(session, words):
    for word in ("coordinate", "evaluate", "co_rdinate"):
        listed = word in words.split(" ")
        assert said(session, lists_word(literal(words), word)) == listed


def test_the_list_of_white_space_is_python_s():
    assert all(not character.strip() for character in WHITESPACE)
    assert len(WHITESPACE) == len(set(WHITESPACE)) >= 25


@pytest.mark.parametrize(
    "at",
    [
        T,
        T + TICK,
        datetime(2026, 3, 1, 0, 0, 0, 999_999, tzinfo=UTC),
        datetime(2024, 3, 2, tzinfo=UTC),  # over 29 February
        datetime(2027, 1, 2, 23, 59, 59, tzinfo=UTC),  # over New Year
        datetime(2026, 3, 9, 12, tzinfo=UTC),  # over the day the clocks go forward
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_three_days_before_is_72_hours_to_the_microsecond(session, at):
    then = at - timedelta(hours=72)
    before = three_days_before(instant(at))

    assert said(session, before <= instant(then)) is True
    assert said(session, before <= instant(then - TICK)) is False
    assert said(session, before <= instant(then + TICK)) is True


def test_three_days_before_the_calendar_began_is_before_everything(session):
    first = datetime(1, 1, 1, tzinfo=UTC)

    assert said(session, three_days_before(instant(first)) <= instant(first)) is True
    assert said(session, three_days_before(instant(None)) <= instant(first)) is None


def test_there_is_a_row_with_those_joined_to_it_and_all_that_is_asked(cast):
    """Of each person: do they come from an agency whose name is told?"""
    of_theirs = (Organization, Organization.id == User.organization_id)

    def named(*names: str) -> list[str]:
        found = there_is(
            User,
            of_theirs,
            where=[User.id == Relation.user_id, Organization.name.in_(names)],
        )
        students = (
            select(Student.given_name)
            .join(Relation, Relation.student_id == Student.id)
            .where(found)
            .order_by(Student.given_name)
        )
        return cast.session.scalars(students).all()

    assert named("Riverside Clinic") == ["Luis"]
    assert named("Harbor Point Public Schools") == ["Luis", "Luis", "Mei"]
    assert named("Hilltop Clinic") == []


def test_there_is_asks_its_own_table_although_the_same_stands_around_it(cast):
    somebody = there_is(User, where=[User.name == "Rita River"])
    nobody = there_is(User, where=[User.name == "Nobody"])

    ana = [User.name == "Ana Counts"]
    beside = there_is(User, (Organization, Organization.name == "Riverside Clinic"), where=ana)
    nowhere = there_is(User, (Organization, Organization.name == "No Such Clinic"), where=ana)

    everybody = cast.session.scalar(select(func.count()).select_from(User))
    for condition, count in (
        *((somebody, everybody), (nobody, 0)),
        *((beside, everybody), (nowhere, 0)),
    ):
        found = select(func.count()).select_from(User).where(condition)
        assert cast.session.scalar(found) == count
