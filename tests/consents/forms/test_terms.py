"""The last day of a consent: the usual one, and the latest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.consents.forms.definition import Term, TermEnd
from portal.consents.forms.terms import latest_day, usual_day
from portal.consents.rules import a_year_after
from tests.consents.forms.ready import ready


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 11, 20), 6, date(2027, 5, 19)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
        (date(2028, 2, 29), 12, date(2029, 2, 27)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
    ],
)
def test_so_many_months_end_the_day_before(start, months, last):
    assert usual_day(ready(term=Term(ends=TermEnd.MONTHS, months=months)), start) == last


def test_the_usual_end_is_that_of_the_school_year_unless_the_longest_is_shorter():
    assert usual_day(ready(), date(2026, 11, 20)) == date(2027, 6, 30)
    assert usual_day(ready(most_months=2), date(2026, 11, 20)) == date(2027, 1, 19)
    assert usual_day(ready(), date(2026, 7, 1)) == date(2027, 6, 30)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_no_term_is_longer_than_the_rule_of_every_consent(start, months):
    form = ready(most_months=months)

    assert start < latest_day(form, start) + timedelta(days=1) <= a_year_after(start)
    assert start <= usual_day(form, start) <= latest_day(form, start)
