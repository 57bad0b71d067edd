"""Which hold stands against a destruction: on the student, or on everything of the organization."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import holds
from portal.errors import Refused
from portal.store.oversight import LegalHold
from portal.store.people import Student
from portal.store.places import Organization
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

DAY = timedelta(days=1)


def hold(cast: Cast, on: Student | None, matter: str = "Case 26-17", **changes) -> None:
    values = {
        "organization_id": cast.district.id,
        "student_id": on.id if on else None,
        "matter": matter,
        "reason": "The court asked us to keep it.",
        "placed_by": cast.dina.id,
        "placed_at": LONG_AGO,
    }
    make.stored(cast.session, LegalHold(**values | changes))


def everything(cast: Cast, of: Organization) -> bool:
    """Is everything held? The question and the condition say the same."""
    asked = holds.holds_everything(cast.session, of.id)
    rows = select(Student.id).where(holds.covers_everything(of.id))
    assert len(cast.session.scalars(rows).all()) == (3 if asked else 0)
    return asked


def covered(cast: Cast, of: Organization) -> set[str]:
    rows = select(Student.given_name).where(holds.covers(of.id, Student.id))
    return set(cast.session.scalars(rows))


def against(cast: Cast, *students: Student, of: Organization | None = None) -> str:
    """The matter that is named, or nothing."""
    try:
        holds.refuse_if_held(cast.session, (of or cast.district).id, [one.id for one in students])
    except Refused as refused:
        assert refused.codes == ("LEGAL_HOLD",)
        assert refused.do_next == (
            "Nothing under a hold is destroyed. Ask who placed it; another officer lifts it."
        )
        [matter] = str(refused).removesuffix(".").split("A legal hold stands against it: ")[1:]
        return matter
    return ""


def test_a_hold_on_a_student_covers_that_student_alone(cast: Cast):
    hold(cast, cast.luis)

    assert not everything(cast, cast.district)
    assert covered(cast, cast.district) == {"Luis"}
    assert against(cast, cast.mei, cast.luis) == "Case 26-17"
    assert against(cast, cast.mei) == against(cast) == ""


def test_a_hold_on_everything_covers_everybody_and_what_is_about_nobody(cast: Cast):
    hold(cast, None)

    assert everything(cast, cast.district)
    assert covered(cast, cast.district) == {"Luis", "Mei", "Zoe"}
    assert against(cast, cast.mei) == against(cast) == "Case 26-17"


def test_of_another_organization_it_covers_nothing(cast: Cast):
    hold(cast, None)
    hold(cast, cast.luis)

    assert not everything(cast, cast.riverside)
    assert covered(cast, cast.riverside) == set()
    assert against(cast, cast.luis, of=cast.riverside) == ""


@pytest.mark.parametrize("of_all", [True, False])
def test_once_lifted_it_covers_nothing(cast: Cast, of_all):
    hold(cast, None if of_all else cast.luis, lifted_at=NOW, lifted_by=cast.sue.id)

    assert not everything(cast, cast.district)
    assert covered(cast, cast.district) == set()
    assert against(cast, cast.luis) == against(cast) == ""


@pytest.mark.parametrize("first", [1, 2])
def test_of_several_the_first_one_placed_is_named(cast: Cast, first):
    for number in (first, 3 - first):
        key = uuid.UUID(int=number)
        hold(cast, cast.luis, f"Of that day, {number}", id=key, placed_at=NOW)
    assert against(cast, cast.luis) == "Of that day, 1"

    hold(cast, None, "Before", id=uuid.UUID(int=3), placed_at=NOW - DAY)
    hold(cast, cast.luis, "After", id=uuid.UUID(int=0), placed_at=NOW + DAY)
    assert against(cast, cast.luis) == "Before"
