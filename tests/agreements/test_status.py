"""Where an agreement stands, and what may then be done with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.agreements.status import ACTS, Act, Pair, Steps, act_problems, between, status
from portal.vocabulary import AgreementStatus, EndedHow

T = datetime(2026, 11, 20, 15, tzinfo=UTC)
DAY, A_MOMENT = timedelta(days=1), timedelta(microseconds=1)
IN_FORCE = Pair(T - DAY, T + DAY, bound=T - DAY)


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        (Steps(), AgreementStatus.DRAFT),
        (Steps(sent=True), AgreementStatus.IN_REVIEW),
        (Steps(sent=True, discarded=True), AgreementStatus.DISCARDED),
        (Steps(issued=True, discarded=True, pairs=(Pair(T),)), AgreementStatus.DISCARDED),
        (Steps(issued=True, pairs=(Pair(T),)), AgreementStatus.OUT_FOR_SIGNATURE),
        (Steps(issued=True, refused=True, pairs=(Pair(T),)), AgreementStatus.REFUSED),
        (Steps(issued=True, pairs=(IN_FORCE,)), AgreementStatus.IN_FORCE),
    ],
)
def test_it_stands_as_far_as_it_has_come(steps: Steps, stands: AgreementStatus) -> None:
    assert status(steps, T) is stands


@pytest.mark.parametrize(
    ("how", "stands"),
    [
        (EndedHow.TERMINATED, AgreementStatus.TERMINATED),
        (EndedHow.NOTICE, AgreementStatus.ENDED),
        (EndedHow.AMENDED, AgreementStatus.AMENDED),
        (EndedHow.SUPERSEDED, AgreementStatus.SUPERSEDED),
        (None, AgreementStatus.TERMINATED),
    ],
)
def test_what_stopped_early_says_how(how: EndedHow | None, stands: AgreementStatus) -> None:
    pair = Pair(T - DAY, T + DAY, bound=T - DAY, over=T, ended_how=how)

    assert between(pair, T) is stands
    assert between(pair, T - A_MOMENT) is AgreementStatus.IN_FORCE


def test_its_last_day_is_in_force_to_the_end_and_its_first_from_the_beginning() -> None:
    pair = Pair(T, T + DAY, bound=T - DAY)

    assert between(pair, T - A_MOMENT) is AgreementStatus.SIGNED
    assert between(pair, T) is AgreementStatus.IN_FORCE
    assert between(pair, T + DAY - A_MOMENT) is AgreementStatus.IN_FORCE
    assert between(pair, T + DAY) is AgreementStatus.EXPIRED


def test_it_binds_from_the_last_signature_and_not_a_moment_before() -> None:
    pair = Pair(T - DAY, None, bound=T)

    assert between(pair, T - A_MOMENT) is AgreementStatus.OUT_FOR_SIGNATURE
    assert between(pair, T) is AgreementStatus.IN_FORCE


def test_a_paper_with_several_partners_stands_as_the_liveliest_of_them() -> None:
    over = Pair(T - DAY, None, bound=T - DAY, over=T, ended_how=EndedHow.TERMINATED)
    amended = Pair(T - DAY, None, bound=T - DAY, over=T, ended_how=EndedHow.AMENDED)

    assert status(Steps(issued=True, pairs=(over, IN_FORCE)), T) is AgreementStatus.IN_FORCE
    assert status(Steps(issued=True, pairs=(over, amended)), T) is AgreementStatus.AMENDED


def test_every_status_says_what_can_be_done_and_nothing_else_can() -> None:
    assert set(ACTS) == set(AgreementStatus)
    for stands, acts in ACTS.items():
        for act in Act:
            assert (act_problems(stands, act) == []) is (act in acts)


def test_what_is_issued_is_never_edited() -> None:
    editable = {stands for stands, acts in ACTS.items() if Act.EDIT in acts}

    assert editable == {AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW}
