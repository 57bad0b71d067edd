"""The life of a referral as a table, and what each step must say."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.referrals.rules import (
    FINAL,
    LEADS_TO,
    MOVES,
    Answer,
    AnswerDraft,
    OutcomeDraft,
    Recipient,
    ReferralDraft,
    Side,
    answer_problems,
    answers_to,
    move_problems,
    outcome_problems,
    problems,
)
from portal.vocabulary import (
    Access,
    ConfirmedBy,
    Need,
    NotAccessedReason,
    ReferralStatus,
    ReferralTarget,
)
from tests.people import NOW

TZ = "America/New_York"
SENT = NOW - timedelta(days=8)
S = ReferralStatus


def test_every_status_is_in_the_table() -> None:
    assert set(MOVES) == set(ReferralStatus)


def test_every_status_can_be_reached_and_the_first_only_by_sending_again() -> None:
    reached = {status for moves in MOVES.values() for status in moves}
    again = {status for status, moves in MOVES.items() if S.SENT in moves}

    assert reached == set(ReferralStatus)
    assert again == {S.ON_HOLD}
    assert MOVES[S.ON_HOLD][S.SENT] == {Side.SCHOOL}


def test_only_the_three_final_statuses_are_an_end() -> None:
    assert {S.WITHDRAWN, S.CLOSED, S.ENTERED_IN_ERROR} == FINAL


def test_the_school_can_always_bring_a_referral_to_an_end() -> None:
    for status in set(ReferralStatus) - FINAL:
        assert Side.SCHOOL in MOVES[status][S.CLOSED]


def test_every_move_has_somebody_who_may_make_it() -> None:
    assert all(sides for moves in MOVES.values() for sides in moves.values())


@pytest.mark.parametrize(
    ("now", "to", "side", "may"),
    [
        (S.SENT, S.ACCEPTED, Side.AGENCY, True),
        (S.SENT, S.ACCEPTED, Side.SCHOOL, False),  # nobody accepts for the agency
        (S.SENT, S.WITHDRAWN, Side.AGENCY, False),  # the agency declines, with a reason
        (S.DECLINED, S.ACCEPTED, Side.AGENCY, True),
        (S.IN_SERVICE, S.DECLINED, Side.AGENCY, False),
        (S.WITHDRAWN, S.ACCEPTED, Side.AGENCY, False),
        (S.CLOSED, S.IN_SERVICE, Side.SCHOOL, False),
        (S.WAITLISTED, S.WAITLISTED, Side.AGENCY, True),  # said again
    ],
)
def test_who_may_move_a_referral(now: S, to: S, side: Side, may: bool) -> None:
    assert (move_problems(now, to, side) == []) is may


def test_every_answer_leads_somewhere_the_agency_may_go() -> None:
    assert set(LEADS_TO) == set(Answer)
    assert all(move_problems(S.SENT, to, Side.AGENCY) == [] for to in LEADS_TO.values())


def test_an_agency_is_offered_only_what_it_can_still_say() -> None:
    assert answers_to(S.SENT) == list(Answer)
    assert answers_to(S.ACCEPTED) == [Answer.WAITLIST, Answer.DECLINE, Answer.APPOINTMENT_KEPT]
    assert answers_to(S.IN_SERVICE) == answers_to(S.CLOSED) == []


GOOD = ReferralDraft(uuid.uuid4(), ReferralTarget.COMMUNITY, Need.LOW_MOOD, uuid.uuid4())
READY = Recipient(agency_active=True, service_active=True, blocked=False)


def test_an_empty_referral_hears_of_every_field_at_once() -> None:
    assert [p.field for p in problems(ReferralDraft(), None)] == ["Student", "Need", "Refer to"]
    assert problems(GOOD, READY) == []


@pytest.mark.parametrize(
    "recipient",
    [
        None,
        Recipient(agency_active=False, service_active=True, blocked=False),
        Recipient(agency_active=True, service_active=False, blocked=False),
        Recipient(agency_active=True, service_active=True, blocked=True),
    ],
)
def test_a_recipient_must_be_able_to_receive(recipient: Recipient | None) -> None:
    assert [problem.field for problem in problems(GOOD, recipient)] == ["Provider"]


@pytest.mark.parametrize(
    ("name", "said"), [("School nurse", 0), (" ", 1), ("x" * 201, 1), ("a\x00", 1)]
)
def test_a_school_provider_has_a_name(name: str, said: int) -> None:
    draft = ReferralDraft(uuid.uuid4(), ReferralTarget.SCHOOL, Need.OTHER, school_provider=name)

    assert len(problems(draft, None)) == said


TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (OutcomeDraft(), ["Outcome"]),
        (OutcomeDraft(Access.UNKNOWN), []),
        (OutcomeDraft(Access.NOT_ACCESSED), ["Reason"]),
        (OutcomeDraft(Access.NOT_ACCESSED, reason=NotAccessedReason.LANGUAGE), []),
        (OutcomeDraft(Access.ACCESSED), ["Date", "Confirmed by"]),
        (OutcomeDraft(Access.ACCESSED, TODAY, ConfirmedBy.FAMILY), []),
        (OutcomeDraft(Access.ACCESSED, TODAY + timedelta(1), ConfirmedBy.FAMILY), ["Date"]),
        (OutcomeDraft(Access.ACCESSED, TODAY - timedelta(8), ConfirmedBy.FAMILY), []),
        (OutcomeDraft(Access.ACCESSED, TODAY - timedelta(9), ConfirmedBy.FAMILY), ["Date"]),
    ],
)
def test_what_an_outcome_must_say(draft: OutcomeDraft, fields: list[str]) -> None:
    assert [problem.field for problem in outcome_problems(draft, SENT, NOW, TZ)] == fields


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (AnswerDraft(), ["Answer"]),
        (AnswerDraft(Answer.ACCEPT), []),
        (AnswerDraft(Answer.WAITLIST), []),
        (AnswerDraft(Answer.DECLINE), ["Reason"]),
        (AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY), []),
        (AnswerDraft(Answer.APPOINTMENT_KEPT), ["Date"]),
        (AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=TODAY), []),
        (AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=TODAY + timedelta(1)), ["Date"]),
    ],
)
def test_what_an_answer_must_say(draft: AnswerDraft, fields: list[str]) -> None:
    assert [problem.field for problem in answer_problems(draft, SENT, NOW, TZ)] == fields


def test_the_day_is_the_districts_day_not_greenwichs() -> None:
    late = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # still the 20th in Connecticut
    kept = AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=date(2026, 11, 21))

    assert answer_problems(kept, SENT, late, TZ)
    assert answer_problems(kept, SENT, late + timedelta(hours=2), TZ) == []
