"""When a change must say why, what is wrong with a reason, and by when a request is decided."""

from __future__ import annotations

from datetime import date

import pytest

from portal.errors import Problem
from portal.policy.corrections import (
    LONGEST_REASON,
    Written,
    due_on,
    needs_reason,
    reason_problems,
)
from portal.policy.undo import UNDO_WITHIN
from tests.policy.values import TICK, T

VISIT = Written("ana", T)


@pytest.mark.parametrize(
    ("user", "at", "needs"),
    [
        ("ana", T, False),
        ("ana", T + UNDO_WITHIN - TICK, False),
        ("ana", T + UNDO_WITHIN, True),
        ("omar", T, True),
    ],
)
def test_only_the_authors_own_slip_is_mended_without_a_reason(user, at, needs):
    assert needs_reason(user, VISIT, at) is needs


def test_what_an_import_brought_is_never_changed_without_a_reason():
    assert needs_reason("ana", Written(None, None), T)


def test_a_request_to_amend_is_decided_within_45_days():
    assert due_on(date(2026, 11, 20)) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        (" ", ("No reason is given.", "Say in a few words why.")),
        ("x" * (LONGEST_REASON + 1), ("The reason has 501 characters.", "Shorten it to 500.")),
        ("wrong\x00day", ("The reason has an invisible character.", "Type it again.")),
    ],
)
def test_a_reason_that_cannot_be_kept_says_how_to_mend_it(reason, problem):
    assert reason_problems(reason, needed=True) == [Problem(*problem, "Reason")]
    assert reason_problems(reason, needed=True, field="Why") == [Problem(*problem, "Why")]


@pytest.mark.parametrize("reason", ["The wrong day.", " " + "x" * LONGEST_REASON + " "])
@pytest.mark.parametrize("needed", [True, False])
def test_any_other_reason_is_kept(reason, needed):
    assert reason_problems(reason, needed=needed) == []


def test_a_reason_that_is_not_needed_may_be_left_out():
    assert reason_problems("", needed=False) == []
