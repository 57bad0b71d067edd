"""After sending: outcome, hold, decline, attempts, end, open again, reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.errors import NotFound, NotReady
from portal.referrals import answering, service
from portal.referrals.following import queries as followed
from portal.referrals.following import reminding
from portal.referrals.following import service as following
from portal.referrals.following.queries import Tab
from portal.referrals.rules import Answer, AnswerDraft, AttemptDraft, OutcomeDraft, ReferralDraft
from portal.store.people import Block
from portal.store.records import Referral, ReferralLink
from portal.vocabulary import (
    Access,
    CloseReason,
    ConfirmedBy,
    ContactWay,
    Need,
    NotAccessedReason,
    ReferralEventKind,
    ReferralStatus,
    ReferralTarget,
    Urgency,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TODAY = date(2026, 11, 20)
LATER = NOW + timedelta(days=3)
REACHED = OutcomeDraft(Access.ACCESSED, TODAY, ConfirmedBy.FAMILY)
UNREACHED = OutcomeDraft(Access.NOT_ACCESSED, reason=NotAccessedReason.UNABLE_TO_CONTACT)
NO_ROOM = AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY)
Kind = ReferralEventKind
S = ReferralStatus


def sent(cast: Cast, key: str = "form-1", days: int = 0, **changes: object) -> Referral:
    draft = ReferralDraft(
        cast.luis.id, ReferralTarget.COMMUNITY, Need.LOW_MOOD, agency_id=cast.riverside.id
    )
    at = NOW - timedelta(days=days)
    return service.refer(cast.session, cast.who(cast.ana), replace(draft, **changes), at, key)


def declined(cast: Cast) -> Referral:
    referral = sent(cast)
    answering.answer(cast.session, cast.who(cast.rita), referral.record_id, NO_ROOM, NOW)
    return referral


def detail(cast: Cast, referral: Referral, at=LATER) -> followed.Detail:
    found = followed.detail(cast.session, cast.who(cast.ana), referral.record_id, at)
    assert found is not None
    return found


def do(cast: Cast, verb, referral: Referral, *told: object, at=LATER):
    return verb(cast.session, cast.who(cast.ana), referral.record_id, *told, at)


def attempt(cast: Cast, referral: Referral, key: str, *, reached: bool = False) -> None:
    draft = AttemptDraft(TODAY, ContactWay.PHONE, reached)
    following.add_attempt(cast.session, cast.who(cast.ana), referral.record_id, draft, LATER, key)


# A decline


def test_a_decline_that_is_accepted_closes_as_not_accessed_with_the_agencys_reason(
    cast: Cast,
) -> None:
    referral = do(cast, following.accept_decline, declined(cast))

    assert (referral.status, referral.access) == (S.CLOSED, Access.NOT_ACCESSED)
    assert referral.not_accessed_reason is NotAccessedReason.NO_CAPACITY
    assert referral.decline_reviewed_at == LATER
    assert detail(cast, referral).events[-1].kind is Kind.DECLINE_REVIEWED


def test_a_decline_is_sent_back_with_a_note_and_can_be_answered_anew(cast: Cast) -> None:
    referral = declined(cast)
    with pytest.raises(NotReady, match="no note"):
        do(cast, following.send_back, referral, " ")
    do(cast, following.send_back, referral, "They have moved back.")

    assert (referral.status, referral.not_accessed_reason) == (S.SENT, None)
    assert detail(cast, referral).events[-1].note == "They have moved back."
    rita, yes = cast.who(cast.rita), AnswerDraft(Answer.ACCEPT)
    answering.answer(cast.session, rita, referral.record_id, yes, LATER)
    assert referral.status is S.ACCEPTED


def test_a_decline_is_not_sent_back_to_whom_nothing_may_be_sent(cast: Cast) -> None:
    referral = declined(cast)
    block = Block(student_id=cast.luis.id, organization_id=cast.riverside.id, starts_at=LONG_AGO)
    make.stored(cast.session, block)

    with pytest.raises(NotReady, match="is stopped"):
        do(cast, following.send_back, referral, "Please look again.")


def test_only_a_decline_is_reviewed(cast: Cast) -> None:
    for verb, told in ((following.accept_decline, ()), (following.send_back, ("Why",))):
        with pytest.raises(NotReady, match="not declined"):
            do(cast, verb, sent(cast, f"form-{verb.__name__}"), *told)


# Attempts


def test_nobody_is_unable_to_contact_before_three_attempts(cast: Cast) -> None:
    referral = sent(cast)
    attempt(cast, referral, "1")
    attempt(cast, referral, "1")  # the second click
    attempt(cast, referral, "2", reached=True)
    attempt(cast, referral, "3")
    with pytest.raises(NotReady, match="2 of 3 times"):
        do(cast, following.record_outcome, referral, UNREACHED)
    attempt(cast, referral, "4")
    do(cast, following.record_outcome, referral, UNREACHED)

    seen = detail(cast, referral)
    assert (referral.status, seen.unreached, len(seen.attempts)) == (S.CLOSED, 3, 4)


def test_an_agencys_unable_to_contact_needs_the_attempts_before_the_school_accepts_it(
    cast: Cast,
) -> None:
    referral = sent(cast)
    cannot = AnswerDraft(Answer.DECLINE, NotAccessedReason.UNABLE_TO_CONTACT)
    answering.answer(cast.session, cast.who(cast.rita), referral.record_id, cannot, NOW)

    with pytest.raises(NotReady, match="0 of 3 times"):
        do(cast, following.accept_decline, referral)


def test_an_attempt_says_how_when_and_whether_it_worked(cast: Cast) -> None:
    referral, ana = sent(cast), cast.who(cast.ana)
    for draft, fields in (
        (AttemptDraft(), ["How", "Reached", "Date"]),
        (AttemptDraft(TODAY + timedelta(days=9), ContactWay.TEXT, reached=True), ["Date"]),
    ):
        with pytest.raises(NotReady) as not_ready:
            following.add_attempt(cast.session, ana, referral.record_id, draft, LATER, "k")
        assert [problem.field for problem in not_ready.value.problems] == fields


# Hold, end, open again


def test_a_hold_has_a_note_and_goes_on_where_it_stood(cast: Cast) -> None:
    referral = sent(cast)
    with pytest.raises(NotReady):
        do(cast, following.hold, referral, "")
    do(cast, following.hold, referral, "The family is away.")
    assert referral.status is S.ON_HOLD
    do(cast, following.resume, referral)
    assert referral.status is S.SENT

    do(cast, following.record_outcome, referral, REACHED)
    do(cast, following.hold, referral, "Summer.")
    do(cast, following.resume, referral)
    assert referral.status is S.IN_SERVICE


def test_unknown_stays_unknown_when_a_referral_is_closed(cast: Cast) -> None:
    referral = sent(cast)
    do(cast, following.close, referral, CloseReason.CANCELED, "The family moved away.")

    assert (referral.status, referral.access) == (S.CLOSED, Access.UNKNOWN)
    assert referral.close_reason is CloseReason.CANCELED
    told = followed.honest(cast.session, cast.who(cast.ana), LATER)
    assert (told.sent, told.accessed, told.not_accessed, told.unknown) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("outcome", "reason", "may"),
    [
        (None, None, False),
        (None, CloseReason.COMPLETED, False),
        (None, CloseReason.ENDED_EARLY, False),
        (None, CloseReason.CANCELED, True),
        (REACHED, CloseReason.COMPLETED, True),
        (REACHED, CloseReason.ENDED_EARLY, True),
        (REACHED, CloseReason.CANCELED, False),
    ],
)
def test_how_a_referral_may_end(
    cast: Cast, outcome: OutcomeDraft | None, reason: CloseReason | None, may: bool
) -> None:
    referral = sent(cast)
    if outcome:
        do(cast, following.record_outcome, referral, outcome)
    if may:
        do(cast, following.close, referral, reason, "")
        with pytest.raises(NotReady, match="is closed"):
            do(cast, following.close, referral, reason, "")
        return
    with pytest.raises(NotReady) as not_ready:
        do(cast, following.close, referral, reason, "")
    assert [problem.field for problem in not_ready.value.problems] == ["Reason"]


def test_what_ended_is_opened_again_with_a_note(cast: Cast) -> None:
    referral = sent(cast)
    do(cast, following.withdraw, referral)
    assert detail(cast, referral).can_reopen
    with pytest.raises(NotReady, match="no note"):
        do(cast, following.reopen, referral, "")
    do(cast, following.reopen, referral, "They want it after all.")
    assert referral.status is S.SENT

    do(cast, following.record_outcome, referral, REACHED)
    do(cast, following.close, referral, CloseReason.COMPLETED, "")
    do(cast, following.reopen, referral, "It goes on.")
    assert (referral.status, referral.close_reason) == (S.IN_SERVICE, None)


def test_a_no_is_unknown_again_once_it_is_opened_and_stays_in_the_history(cast: Cast) -> None:
    referral = sent(cast)
    moved = OutcomeDraft(Access.NOT_ACCESSED, reason=NotAccessedReason.MOVED)
    do(cast, following.record_outcome, referral, moved)
    do(cast, following.reopen, referral, "They are back.")

    assert (referral.access, referral.not_accessed_reason) == (Access.UNKNOWN, None)
    assert "Moved or transferred" in [event.reason for event in detail(cast, referral).events]


def test_nothing_is_opened_again_after_ninety_days_or_before_its_end(cast: Cast) -> None:
    referral = sent(cast)
    with pytest.raises(NotReady, match="not closed"):
        do(cast, following.reopen, referral, "Why")
    do(cast, following.withdraw, referral)
    late = LATER + timedelta(days=90)
    assert not detail(cast, referral, late).can_reopen
    with pytest.raises(NotReady, match="more than 90 days"):
        do(cast, following.reopen, referral, "Why", at=late)


def test_what_was_entered_in_error_says_why_and_counts_nowhere(cast: Cast) -> None:
    referral = sent(cast)
    with pytest.raises(NotReady):
        do(cast, following.enter_in_error, referral, "")
    do(cast, following.enter_in_error, referral, "The wrong student.")

    assert referral.status is S.ENTERED_IN_ERROR
    assert followed.honest(cast.session, cast.who(cast.ana), LATER).sent == 0


def test_a_draft_is_thrown_away_without_a_note(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    draft = ReferralDraft(
        cast.luis.id, ReferralTarget.SCHOOL, Need.OTHER, school_provider="School nurse"
    )
    kept = service.save_draft(cast.session, ana, draft, NOW, "form-1")
    do(cast, following.enter_in_error, kept, "")

    assert kept.status is S.ENTERED_IN_ERROR


# The lists


def counted(cast: Cast, who: object, at=NOW) -> dict[Tab, int]:
    counts = followed.counts(cast.session, cast.who(who), at)
    return {tab: count for tab, count in counts.items() if count}


def test_each_referral_is_in_one_tab(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    sent(cast, "late", days=15)
    sent(cast, "in time", days=14)
    sent(cast, "urgent", days=4, urgency=Urgency.URGENT)
    held = sent(cast, "held", days=30)
    do(cast, following.hold, held, "Away.", at=NOW)
    over = sent(cast, "over", days=30)
    do(cast, following.withdraw, over, at=NOW)
    yes = sent(cast, "yes", days=30)
    rita = cast.who(cast.rita)
    answering.answer(cast.session, rita, yes.record_id, AnswerDraft(Answer.ACCEPT), NOW)
    draft = ReferralDraft(
        cast.luis.id, ReferralTarget.COMMUNITY, Need.OTHER, agency_id=cast.riverside.id
    )
    service.save_draft(cast.session, ana, draft, NOW, "draft")

    assert counted(cast, cast.ana) == {
        Tab.OVERDUE: 2,
        Tab.WAITING: 1,
        Tab.ANSWERED: 1,
        Tab.ON_HOLD: 1,
        Tab.DRAFTS: 1,
        Tab.CLOSED: 1,
    }
    assert Tab.DRAFTS not in counted(cast, cast.omar)
    assert counted(cast, cast.tom) == {}
    assert [line.days for line in followed.overdue(cast.session, ana, NOW)] == [15, 4]
    assert len(followed.lines(cast.session, ana, Tab.CLOSED, NOW)) == 1


def test_an_urgent_referral_of_thursday_is_overdue_on_tuesday(cast: Cast) -> None:
    sent(cast, days=1, urgency=Urgency.URGENT)  # Thursday, November 19

    for days, late in ((0, False), (3, False), (4, True)):  # Friday, Monday, Tuesday
        lines = followed.overdue(cast.session, cast.who(cast.ana), NOW + timedelta(days=days))
        assert bool(lines) is late, days


def test_what_was_sent_back_waits_anew(cast: Cast) -> None:
    referral = sent(cast, days=20)
    answering.answer(cast.session, cast.who(cast.rita), referral.record_id, NO_ROOM, NOW)
    do(cast, following.send_back, referral, "Please look again.", at=NOW)

    assert counted(cast, cast.ana) == {Tab.WAITING: 1}


def test_what_closed_long_ago_leaves_the_list(cast: Cast) -> None:
    referral = sent(cast)
    do(cast, following.withdraw, referral, at=NOW)

    assert counted(cast, cast.ana, NOW + timedelta(days=89)) == {Tab.CLOSED: 1}
    assert counted(cast, cast.ana, NOW + timedelta(days=90)) == {}


def test_the_honest_count_keeps_three_answers_apart(cast: Cast) -> None:
    reached, not_reached = sent(cast, "1", days=10), sent(cast, "2", days=5)
    sent(cast, "3")
    do(cast, following.record_outcome, reached, REACHED)
    moved = OutcomeDraft(Access.NOT_ACCESSED, reason=NotAccessedReason.MOVED)
    do(cast, following.record_outcome, not_reached, moved)

    told = followed.honest(cast.session, cast.who(cast.ana), LATER)
    assert (told.sent, told.accessed, told.not_accessed, told.unknown) == (3, 1, 1, 1)
    assert told.days == 10
    assert followed.honest(cast.session, cast.who(cast.tom), LATER).sent == 0


def test_the_detail_is_for_whom_the_gate_opens_it(cast: Cast) -> None:
    referral = sent(cast)
    for who in (cast.tom, cast.rita, cast.hugo):
        assert followed.detail(cast.session, cast.who(who), referral.record_id, LATER) is None


def test_others_do_not_follow_a_referral(cast: Cast) -> None:
    referral = sent(cast)
    verbs = (
        (following.accept_decline, ()),
        (following.send_back, ("n",)),
        (following.hold, ("n",)),
        (following.resume, ()),
        (following.withdraw, ()),
        (following.enter_in_error, ("n",)),
        (following.reopen, ("n",)),
        (following.close, (CloseReason.CANCELED, "n")),
        (following.record_outcome, (REACHED,)),
        (reminding.remind, ()),
    )
    for verb, told in verbs:
        for who in (cast.tom, cast.rita):
            with pytest.raises(NotFound):
                verb(cast.session, cast.who(who), referral.record_id, *told, LATER)
    assert referral.status is S.SENT


# Reminders


def test_a_reminder_tells_the_number_and_carries_a_link_but_no_name(cast: Cast) -> None:
    cast.riverside.email = "intake@riverside.example"
    referral = sent(cast)
    letter = do(cast, reminding.remind, referral)

    assert letter.to == "intake@riverside.example"
    assert referral.number in letter.text
    assert "/answer/" in letter.text
    for secret in ("Luis", "Sample", "mood"):
        assert secret not in letter.subject + letter.text
    assert cast.session.query(ReferralLink).count() == 1
    with pytest.raises(NotReady, match="reminded today"):
        do(cast, reminding.remind, referral)
    assert do(cast, reminding.remind, referral, at=LATER + timedelta(days=1))


def test_an_agency_without_an_address_is_reminded_through_its_administrator(cast: Cast) -> None:
    cast.riverside.email, cast.alma.email = "", "alma@riverside.example"
    referral = sent(cast, urgency=Urgency.URGENT)
    letter = do(cast, reminding.remind, referral)

    assert letter.to == "alma@riverside.example"
    assert "marked urgent" in letter.text
    assert "/answer_referral" in letter.text
    assert "Luis" not in letter.text


def test_nobody_is_reminded_without_an_address_or_of_nothing(cast: Cast) -> None:
    cast.riverside.email = cast.alma.email = ""
    with pytest.raises(NotReady, match="gives no address"):
        do(cast, reminding.remind, sent(cast))
    inside = sent(cast, "2", target=ReferralTarget.SCHOOL, agency_id=None, school_provider="Nurse")
    for referral in (inside, declined_by(cast)):
        with pytest.raises(NotReady, match="No agency's answer"):
            do(cast, reminding.remind, referral)


def declined_by(cast: Cast) -> Referral:
    referral = sent(cast, "3")
    answering.answer(cast.session, cast.who(cast.rita), referral.record_id, NO_ROOM, NOW)
    return referral


def test_a_reminder_that_did_not_go_out_can_be_sent_again(cast: Cast) -> None:
    cast.riverside.email = "intake@riverside.example"
    referral = sent(cast)
    letter = do(cast, reminding.remind, referral)
    reminding.not_sent(cast.session, cast.who(cast.ana), letter, LATER)

    told = [event.reason for event in detail(cast, referral).events]
    assert sorted(told) == ["", "", "Not sent"]
    assert do(cast, reminding.remind, referral, at=LATER + timedelta(hours=1))
