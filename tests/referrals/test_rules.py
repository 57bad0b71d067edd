"""The life of a referral as a table, and what each step must say."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.access.words import AS_SHIPPED
from portal.referrals.rules import (
    LEADS_TO,
    MOVES,
    OPEN,
    OVER,
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


def test_every_status_can_be_reached_but_the_draft_which_is_the_beginning() -> None:
    reached = {status for moves in MOVES.values() for status in moves}

    assert reached == set(ReferralStatus) - {S.DRAFT}


def test_only_the_school_sends_from_a_hold_a_decline_or_an_end() -> None:
    again = {status: moves[S.SENT] for status, moves in MOVES.items() if S.SENT in moves}

    assert set(again) == {S.DRAFT, S.ON_HOLD, S.DECLINED, S.WITHDRAWN, S.CLOSED}
    assert all(sides == {Side.SCHOOL} for sides in again.values())


def test_only_what_was_entered_in_error_has_no_way_out() -> None:
    assert {status for status, moves in MOVES.items() if not moves} == {S.ENTERED_IN_ERROR}


def test_a_draft_an_open_and_an_ended_referral_are_three_things() -> None:
    assert {S.DRAFT} | OPEN | OVER == set(ReferralStatus)
    assert not OPEN & OVER
    assert {S.WITHDRAWN, S.CLOSED, S.ENTERED_IN_ERROR} == OVER


def test_the_school_can_bring_any_open_referral_to_an_end() -> None:
    for status in OPEN:
        assert Side.SCHOOL in MOVES[status][S.CLOSED]


def test_an_agency_moves_nothing_that_is_over_or_not_sent() -> None:
    for status in OVER | {S.DRAFT}:
        assert not any(Side.AGENCY in sides for sides in MOVES[status].values())


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
        (S.CLOSED, S.IN_SERVICE, Side.SCHOOL, True),  # opened again
        (S.CLOSED, S.IN_SERVICE, Side.AGENCY, False),
        (S.DECLINED, S.SENT, Side.SCHOOL, True),  # the decline sent back
        (S.RECEIVED, S.SENT, Side.SCHOOL, False),
        (S.SENT, S.RECEIVED, Side.AGENCY, True),
        (S.SENT, S.RECEIVED, Side.SCHOOL, False),  # only the agency knows
        (S.IN_SERVICE, S.WITHDRAWN, Side.SCHOOL, False),  # it is closed, with a reason
        (S.ENTERED_IN_ERROR, S.SENT, Side.SCHOOL, False),
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
    assert [p.field for p in problems(ReferralDraft(), None, AS_SHIPPED)] == [
        "Student",
        "Need",
        "Refer to",
    ]
    assert problems(GOOD, READY, AS_SHIPPED) == []


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
    assert [problem.field for problem in problems(GOOD, recipient, AS_SHIPPED)] == ["Provider"]


@pytest.mark.parametrize(
    ("name", "said"), [("School nurse", 0), (" ", 1), ("x" * 201, 1), ("a\x00", 1)]
)
def test_a_school_provider_has_a_name(name: str, said: int) -> None:
    draft = ReferralDraft(uuid.uuid4(), ReferralTarget.SCHOOL, Need.OTHER, school_provider=name)

    assert len(problems(draft, None, AS_SHIPPED)) == said


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
        (AnswerDraft(Answer.WAITLIST, weeks=1), []),
        (AnswerDraft(Answer.WAITLIST, weeks=104), []),
        (AnswerDraft(Answer.WAITLIST, weeks=0), ["Weeks"]),
        (AnswerDraft(Answer.WAITLIST, weeks=105), ["Weeks"]),
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
