"""Who may answer a referral by a mailed link, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.policy.answering import (
    ASKED_BY_LINK,
    TRIES,
    AnswerLink,
    AskedReferral,
    good_until,
    may_answer_by_link,
)
from portal.policy.decision import Reason
from portal.policy.spans import Span
from portal.vocabulary import ReferralStatus
from tests.people import LONG_AGO, NOW

A_MOMENT = timedelta(microseconds=1)
LINK = AnswerLink(made_at=NOW - timedelta(days=1), expires_at=NOW + timedelta(days=13))
ALWAYS = Span(LONG_AGO, None)
ENDED = Span(LONG_AGO, NOW)
REFERRAL = AskedReferral(ReferralStatus.SENT, agency=ALWAYS, district=ALWAYS)


def test_whoever_holds_a_good_link_may_answer():
    assert may_answer_by_link(LINK, REFERRAL, NOW)


@pytest.mark.parametrize(
    ("link", "referral", "code"),
    [
        (None, None, Reason.LINK_UNKNOWN),
        (LINK, None, Reason.LINK_UNKNOWN),
        (replace(LINK, used_at=NOW - A_MOMENT), REFERRAL, Reason.LINK_USED),
        (replace(LINK, revoked_at=NOW - A_MOMENT), REFERRAL, Reason.LINK_USED),
        (replace(LINK, expires_at=NOW), REFERRAL, Reason.LINK_EXPIRED),
        (replace(LINK, tries=TRIES), REFERRAL, Reason.LINK_LOCKED),
        (LINK, replace(REFERRAL, agency=ENDED), Reason.ORGANIZATION_INACTIVE),
        (LINK, replace(REFERRAL, district=ENDED), Reason.CUSTODIAN_INACTIVE),
        (LINK, replace(REFERRAL, draft=True), Reason.DRAFT),
        (LINK, replace(REFERRAL, sealed=ALWAYS), Reason.SEALED),
        (LINK, replace(REFERRAL, moved_at=NOW), Reason.LINK_USED),
    ],
)
def test_anything_that_is_wrong_with_it_stops_it(link, referral, code):
    decision = may_answer_by_link(link, referral, NOW)

    assert not decision
    assert decision.codes == (code,)


def test_the_last_instant_is_good_and_so_is_the_last_try():
    nearly = replace(LINK, expires_at=NOW + A_MOMENT, tries=TRIES - 1)
    before = replace(REFERRAL, moved_at=LINK.made_at, sealed=ENDED)
    assert may_answer_by_link(nearly, before, NOW)


@pytest.mark.parametrize("status", ReferralStatus)
def test_a_link_leads_only_to_what_still_awaits_the_agency(status):
    decision = may_answer_by_link(LINK, replace(REFERRAL, status=status), NOW)

    assert bool(decision) == (status in ASKED_BY_LINK)


def test_every_reason_is_kept():
    link = replace(LINK, used_at=NOW, expires_at=NOW)
    decision = may_answer_by_link(link, replace(REFERRAL, draft=True), NOW)

    assert set(decision.codes) == {Reason.LINK_USED, Reason.LINK_EXPIRED, Reason.DRAFT}


@pytest.mark.parametrize(
    ("status", "days"),
    [
        (ReferralStatus.SENT, 14),
        (ReferralStatus.RECEIVED, 14),
        (ReferralStatus.ACCEPTED, 90),
        (ReferralStatus.WAITLISTED, 90),
    ],
)
def test_a_link_is_good_for_as_long_as_its_question_takes(status, days):
    assert good_until(status, NOW) == NOW + timedelta(days=days)
