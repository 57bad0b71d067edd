"""Numbers printed on papers: drawn from letters nobody mistakes, and never twice."""

from __future__ import annotations

import pytest

from portal.access import numbers
from portal.store.papers import Agreement
from tests import factories as make
from tests.people import Cast


def test_a_number_is_six_letters_and_one_that_is_taken_is_drawn_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.agreement(cast.session, cast.district, cast.hilltop, number="M-222222")
    drawn = "222222" + "333333"
    asked: list[str] = []

    def draw(letters: str) -> str:
        asked.append(letters)
        return drawn[len(asked) - 1]

    monkeypatch.setattr(numbers.secrets, "choice", draw)

    assert numbers.new_number(cast.session, Agreement.number, "M") == "M-333333"
    assert asked == [numbers.LETTERS] * 12
