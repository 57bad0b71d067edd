"""What ends when, whether somebody sees to it, and what does not move."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.agreements import drafting, ending, issuing, proposals, queries, signing
from portal.agreements.content import from_json
from portal.agreements.drafting import Origin
from portal.agreements.renewing import queries as renewing
from portal.agreements.renewing.rules import Band, endings, stuck
from portal.policy.spans import midnight_after
from portal.vocabulary import Following
from tests.agreements.papers import drafted, issued, signed, signed_by_both
from tests.people import NOW

TODAY = date(2026, 11, 20)


def views(cast, at=NOW):
    return queries.ours(cast.session, cast.who(cast.dina), at)


def renewal_of(cast, paper, key="renewal"):
    first, last = proposals.next_span(from_json(paper.content), TODAY)
    content = proposals.renewal(from_json(paper.content), first, last)
    origin = Origin(follows_id=paper.id, follows_how=Following.RENEWS)
    return drafting.begin(cast.session, cast.who(cast.dina), content, NOW, key, origin)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, Band.WITHIN_30),
        (30, Band.WITHIN_30),
        (31, Band.WITHIN_60),
        (60, Band.WITHIN_60),
        (61, Band.WITHIN_120),
        (120, Band.WITHIN_120),
        (121, None),
    ],
)
def test_an_agreement_is_listed_by_how_soon_it_ends(cast, days, band):
    last = TODAY + timedelta(days=days)
    signed(cast, ends_on=last, review_on=TODAY)
    found = endings(views(cast), TODAY)

    assert [(one.band, one.left) for one in found] == ([(band, days)] if band else [])


def test_what_ended_without_a_renewal_stays_listed_for_a_while(cast):
    signed(cast, ends_on=TODAY, review_on=TODAY)
    for days, listed in ((1, True), (120, True), (121, False)):
        at = NOW + timedelta(days=days)
        found = endings(views(cast, at), TODAY + timedelta(days=days))
        assert [one.band for one in found] == ([Band.ENDED] if listed else []), days


def test_what_is_not_signed_by_all_or_was_terminated_is_not_listed(cast):
    soon = {"ends_on": TODAY + timedelta(days=9), "review_on": TODAY}
    drafted(cast, key="1", **soon)
    issued(cast, key="2", **soon)
    over = signed(cast, key="3", **soon)
    ending.terminate(cast.session, cast.who(cast.dina), over.id, "Closed.", NOW)

    assert endings(views(cast), TODAY) == []


def test_one_with_a_renewal_shows_it_and_is_safe_once_all_have_signed(cast):
    paper = signed(cast, ends_on=TODAY + timedelta(days=20), review_on=TODAY)
    [one] = endings(views(cast), TODAY)
    assert (one.is_open, one.successor) == (True, None)

    renewal = renewal_of(cast, paper)
    [one] = endings(views(cast), TODAY)
    assert (one.is_open, one.successor.number) == (False, renewal.number)

    drafting.discard(cast.session, cast.who(cast.dina), renewal.id, "Begun in error.", NOW)
    [one] = endings(views(cast), TODAY)
    assert one.is_open

    renewal = renewal_of(cast, paper, "again")
    issuing.issue(cast.session, cast.who(cast.dina), renewal.id, NOW)
    signed_by_both(cast, renewal)
    [one] = endings(views(cast), TODAY)
    assert not one.is_open
    after = midnight_after(one.last_day, "America/New_York")
    found = endings(views(cast, after), one.last_day + timedelta(days=1))
    assert paper.number not in {line.view.number for line in found}


def test_notice_is_told_beside_it(cast):
    paper = signed(cast)
    last = TODAY + timedelta(days=40)
    ending.give_notice(cast.session, cast.who(cast.dina), paper.id, last, "We part.", NOW)

    [one] = endings(views(cast), TODAY)
    assert (one.band, one.notice, one.last_day) == (Band.WITHIN_60, True, last)


def test_what_stands_still_for_two_weeks_is_listed(cast):
    draft = drafted(cast, key="1")
    out = issued(cast, key="2")
    signed(cast, key="3")
    signing.reminded(cast.session, cast.who(cast.dina), out.id, NOW + timedelta(days=3))
    for days, listed in ((13, []), (14, [draft]), (17, [draft, out])):
        at = NOW + timedelta(days=days)
        ours = views(cast, at)
        moved = renewing.last_moved(cast.session, [view.id for view in ours])
        found = stuck(ours, moved, at)
        assert [one.view.id for one in found] == [paper.id for paper in listed], days
    assert found[0].days == 17


def test_a_partner_is_told_of_nothing_that_stands_still(cast):
    issued(cast)
    at = NOW + timedelta(days=30)
    theirs = queries.ours(cast.session, cast.who(cast.alma), at)
    moved = renewing.last_moved(cast.session, [view.id for view in theirs])

    assert (len(theirs), stuck(theirs, moved, at)) == (1, [])
