"""When a school year ends and the one before began: by law, or as the district wrote it down."""

from __future__ import annotations

from datetime import date

import pytest

from portal.access.school_years import last_school_day, previous_year_began
from portal.store.places import Organization
from portal.store.support import SchoolYear
from tests.people import Cast


def written(cast: Cast, of: Organization, first: date, last: date) -> None:
    name = f"{first.year}-{len(cast.session.new)}"
    cast.session.add(SchoolYear(district_id=of.id, name=name, first_day=first, last_day=last))


@pytest.mark.parametrize(
    ("day", "ends", "began"),
    [
        (date(2026, 6, 30), date(2026, 6, 30), date(2024, 7, 1)),
        (date(2026, 7, 1), date(2027, 6, 30), date(2025, 7, 1)),
        (date(2027, 1, 1), date(2027, 6, 30), date(2025, 7, 1)),
    ],
)
def test_without_a_word_of_the_district_it_is_the_year_of_the_law(
    cast: Cast, day: date, ends: date, began: date
) -> None:
    assert last_school_day(cast.session, cast.district.id, day) == ends
    assert previous_year_began(cast.session, cast.district.id, day) == began


def test_the_last_day_is_the_next_one_that_the_district_wrote_down(cast: Cast) -> None:
    for of, year, last in (
        (cast.riverside, 2026, date(2027, 6, 1)),
        (cast.district, 2027, date(2028, 6, 14)),
        (cast.district, 2026, date(2027, 6, 15)),
    ):
        written(cast, of, date(year, 8, 26), last)
    cast.session.flush()

    def told(day: date) -> date:
        return last_school_day(cast.session, cast.district.id, day)

    assert told(date(2026, 11, 20)) == told(date(2027, 6, 15)) == date(2027, 6, 15)
    assert told(date(2027, 6, 16)) == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("first_days", "began"),
    [
        ([date(2025, 8, 27), date(2025, 7, 1)], date(2025, 7, 1)),
        ([date(2026, 6, 30), date(2025, 8, 27)], date(2025, 8, 27)),
        ([date(2025, 6, 30), date(2026, 7, 1)], date(2025, 7, 1)),
        ([date(2026, 6, 30)], date(2026, 6, 30)),
    ],
)
def test_a_year_begins_on_the_first_day_written_down_within_it(
    cast: Cast, first_days: list[date], began: date
) -> None:
    for first in first_days:
        written(cast, cast.district, first, date(2027, 6, 15))
    written(cast, cast.riverside, date(2025, 7, 20), date(2026, 6, 1))
    cast.session.flush()

    assert previous_year_began(cast.session, cast.district.id, date(2026, 11, 20)) == began
