"""An amendment or a renewal takes the place of the one before: at once, narrowly, without a gap.

Each is asked at the gate: what the partner's screen shows of Luis, a moment before and then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import gate, lists
from portal.agreements import drafting, ending, issuing, proposals, queries, signing
from portal.agreements.content import Signer, TypedSignature, from_json
from portal.agreements.drafting import Origin
from portal.errors import NotFound, NotReady
from portal.store.papers import Agreement
from portal.store.people import User
from portal.vocabulary import AgreementStatus, Category, EndedHow, Following, RelationKind
from tests import factories as make
from tests.agreements.papers import (
    A_SIDE,
    B_SIDE,
    BOTH_WAYS,
    DISTRICT,
    PARTNER,
    a_content,
    issued,
    lines,
    on_paper,
    signed_by_both,
    status,
    terms_of,
)
from tests.people import LONG_AGO, NOW, Cast

C = Category
HOUR = timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)
LATER = NOW + HOUR
FULL_YEAR = date(2027, 6, 30)
FIRST_OF_JULY = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Shared:
    """Luis's attendance, visits and contact data; a consent of long ago ticks all three."""

    cast: Cast
    rita: User

    def sees(self, at: datetime, who: User | None = None) -> set[Category]:
        """What the partner's screen opens, the name aside."""
        me = self.cast.who(who or self.rita)
        try:
            opened = gate.open_record(self.cast.session, me, self.cast.luis.id, "coordinate", at)
        except NotFound:
            return set()
        return {entry.category for entry in opened.open} - {C.IDENTITY}

    def lists(self, at: datetime, who: User | None = None) -> bool:
        """Does the partner's list of students name him?"""
        me = self.cast.who(who or self.rita)
        return bool(lists.shared_students(self.cast.session, me, "coordinate", at))


@pytest.fixture
def shared(cast: Cast) -> Shared:
    for row in cast.session.scalars(select(Agreement)):
        row.ends_at = LONG_AGO + HOUR  # the agreements of the cast are over
    for category in (C.ATTENDANCE, C.VISITS, C.CONTACT):
        make.record(cast.session, cast.luis, category, author=cast.ana)
    make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, [C.ATTENDANCE, C.VISITS, C.CONTACT]
    )
    cast.session.flush()
    return Shared(cast, cast.rita)


def agreed(cast, **changes):
    """In force with Riverside: attendance and visits."""
    return signed_by_both(cast, issued(cast, **changes))


def follow(cast, paper, how, content, at=LATER, key="next"):
    """Begun, issued and signed by both at this instant."""
    dina = cast.who(cast.dina)
    origin = Origin(follows_id=paper.id, follows_how=how)
    begun = drafting.begin(cast.session, dina, content, at - HOUR / 2, key, origin)
    issuing.issue(cast.session, dina, begun.id, at - HOUR / 2)
    return signed_by_both(cast, begun, at)


def amended(cast, paper, *categories, at=LATER, key="next"):
    """The same, listing these kinds instead."""
    content = proposals.amendment(from_json(paper.content), date(2026, 11, 20))
    listed = (*lines(*categories), BOTH_WAYS[2])
    terms = replace(content.partners[0], lines=listed)
    return follow(cast, paper, Following.AMENDS, content.with_partner(0, terms), at, key)


def test_an_amendment_that_takes_a_kind_out_closes_it_from_the_instant_it_binds(shared):
    cast = shared.cast
    paper = agreed(cast)
    assert shared.sees(NOW) == {C.ATTENDANCE, C.VISITS}

    newer = amended(cast, paper, C.ATTENDANCE)
    assert shared.sees(LATER - A_MOMENT) == {C.ATTENDANCE, C.VISITS}
    assert shared.sees(LATER) == {C.ATTENDANCE}
    assert (status(cast, paper, LATER - A_MOMENT), status(cast, newer, LATER - A_MOMENT)) == (
        AgreementStatus.IN_FORCE,
        AgreementStatus.OUT_FOR_SIGNATURE,
    )
    assert (status(cast, paper, LATER), status(cast, newer, LATER)) == (
        AgreementStatus.AMENDED,
        AgreementStatus.IN_FORCE,
    )


def test_an_amendment_that_adds_a_kind_opens_it_to_later_consents_alone(shared):
    cast = shared.cast
    newer = amended(cast, agreed(cast), C.ATTENDANCE, C.VISITS, C.CONTACT)
    assert newer.executed_at == LATER
    assert shared.sees(LATER + HOUR) == {C.ATTENDANCE, C.VISITS}

    make.consent(
        cast.session,
        cast.luis,
        cast.riverside,
        cast.maria,
        [C.ATTENDANCE, C.VISITS, C.CONTACT],
        signed_at=LATER + HOUR,
        starts_at=LATER + HOUR,
    )
    assert shared.sees(LATER + HOUR) == {C.ATTENDANCE, C.VISITS, C.CONTACT}


def test_what_is_taken_out_and_put_back_needs_a_new_consent(shared):
    cast = shared.cast
    narrow = amended(cast, agreed(cast), C.ATTENDANCE)
    amended(cast, narrow, C.ATTENDANCE, C.VISITS, at=LATER + HOUR, key="back")

    assert shared.sees(LATER + HOUR) == {C.ATTENDANCE}


def test_what_an_amendment_added_stays_closed_to_an_older_consent_however_often_it_is_renewed(
    shared,
):
    cast = shared.cast
    narrow = agreed(cast, partner={"lines": lines(C.ATTENDANCE)})
    wider = amended(cast, narrow, C.ATTENDANCE, C.VISITS)
    assert shared.sees(LATER) == {C.ATTENDANCE}
    again = amended(cast, wider, C.ATTENDANCE, C.VISITS, at=LATER + HOUR, key="again")
    amended(cast, again, C.ATTENDANCE, C.VISITS, at=LATER + 2 * HOUR, key="and again")
    assert shared.sees(LATER + 2 * HOUR) == {C.ATTENDANCE}

    make.consent(
        cast.session,
        cast.luis,
        cast.riverside,
        cast.maria,
        [C.ATTENDANCE, C.VISITS],
        signed_at=LATER + A_MOMENT,
        starts_at=LATER + A_MOMENT,
    )
    assert shared.sees(LATER + 2 * HOUR) == {C.ATTENDANCE, C.VISITS}


def test_a_new_agreement_beside_the_old_one_does_not_widen_an_older_consent_either(shared):
    cast = shared.cast
    agreed(cast, partner={"lines": lines(C.ATTENDANCE)})
    content = a_content(cast, partner={"lines": lines(C.ATTENDANCE, C.VISITS)})
    beside = issued(cast, content, key="beside")
    signed_by_both(cast, beside, LATER)

    assert shared.sees(LATER) == {C.ATTENDANCE}


def test_two_amendments_of_one_agreement_cannot_both_bind(shared):
    cast, dina = shared.cast, shared.cast.who(shared.cast.dina)
    paper = agreed(cast)
    content = proposals.amendment(from_json(paper.content), date(2026, 11, 20))
    origin = Origin(follows_id=paper.id, follows_how=Following.AMENDS)
    other = drafting.begin(cast.session, dina, content, NOW, "other", origin)
    issuing.issue(cast.session, dina, other.id, NOW)
    amended(cast, paper, C.ATTENDANCE)

    with pytest.raises(NotReady, match="has taken the place"):
        signing.sign(cast.session, cast.who(cast.alma), other.id, PARTNER, B_SIDE, LATER)
    assert shared.sees(LATER) == {C.ATTENDANCE}


def test_an_amendment_narrows_at_once_though_notice_was_given(shared):
    cast = shared.cast
    paper = agreed(cast)
    last = date(2027, 3, 31)
    ending.give_notice(cast.session, cast.who(cast.dina), paper.id, last, "We part.", NOW)
    amended(cast, paper, C.ATTENDANCE)

    assert shared.sees(LATER) == {C.ATTENDANCE}
    [old] = queries.pairs(cast.session, paper.id)
    assert (old.terminated_at, old.ended_how) == (LATER, EndedHow.AMENDED)


def test_a_renewal_begun_while_the_old_one_runs_supersedes_it_on_its_first_day(shared):
    cast = shared.cast
    paper = agreed(cast)
    first = date(2027, 5, 1)
    content = proposals.renewal(from_json(paper.content), first, date(2028, 4, 30))
    newer = follow(cast, paper, Following.RENEWS, content)
    begins = datetime(2027, 5, 1, 4, 0, tzinfo=UTC)

    for at, old, new in (
        (LATER, AgreementStatus.IN_FORCE, AgreementStatus.SIGNED),
        (begins - A_MOMENT, AgreementStatus.IN_FORCE, AgreementStatus.SIGNED),
        (begins, AgreementStatus.SUPERSEDED, AgreementStatus.IN_FORCE),
    ):
        assert (status(cast, paper, at), status(cast, newer, at)) == (old, new), at
        assert shared.sees(at) == {C.ATTENDANCE, C.VISITS}


def test_a_renewal_for_the_day_after_leaves_no_gap(shared):
    cast = shared.cast
    paper = agreed(cast, ends_on=FULL_YEAR)
    first, last = proposals.next_span(from_json(paper.content), date(2026, 11, 20))
    content = proposals.renewal(from_json(paper.content), first, last)
    newer = follow(cast, paper, Following.RENEWS, content)
    before, then = FIRST_OF_JULY - A_MOMENT, FIRST_OF_JULY

    in_force = [
        [status(cast, one, at) is AgreementStatus.IN_FORCE for one in (paper, newer)]
        for at in (before, then)
    ]
    assert in_force == [[True, False], [False, True]]
    assert shared.sees(before) == shared.sees(then) == {C.ATTENDANCE, C.VISITS}


def test_a_renewal_signed_late_begins_with_its_last_signature_and_widens_nothing(shared):
    cast = shared.cast
    paper = agreed(cast, ends_on=FULL_YEAR)
    content = proposals.renewal(from_json(paper.content), date(2027, 7, 1), date(2028, 6, 30))
    late = FIRST_OF_JULY + timedelta(days=9)
    newer = follow(cast, paper, Following.RENEWS, content, at=late)

    assert status(cast, paper, late) is AgreementStatus.EXPIRED
    assert shared.sees(late - A_MOMENT) == set()
    assert shared.sees(late) == {C.ATTENDANCE, C.VISITS}
    assert status(cast, newer, late) is AgreementStatus.IN_FORCE


def test_a_termination_closes_the_partners_screen_at_that_instant(shared):
    cast = shared.cast
    paper = agreed(cast)
    ending.terminate(cast.session, cast.who(cast.dina), paper.id, "The clinic closes.", LATER)

    assert (shared.sees(LATER - A_MOMENT), shared.sees(LATER)) == (
        {C.ATTENDANCE, C.VISITS},
        set(),
    )
    assert (shared.lists(LATER - A_MOMENT), shared.lists(LATER)) == (True, False)


def test_notice_closes_it_after_its_last_day(shared):
    cast = shared.cast
    paper = agreed(cast)
    last = date(2027, 3, 31)
    ending.give_notice(cast.session, cast.who(cast.dina), paper.id, last, "We part.", NOW)
    over = datetime(2027, 4, 1, 4, 0, tzinfo=UTC)

    assert (shared.sees(over - A_MOMENT), shared.sees(over)) == ({C.ATTENDANCE, C.VISITS}, set())
    assert status(cast, paper, over) is AgreementStatus.ENDED


# Several partners


@pytest.fixture
def both(shared):
    """One paper with Riverside and Hilltop; Hugo of Hilltop is on Luis's team, too."""
    cast = shared.cast
    hal = make.user(cast.session, cast.hilltop, "Hal Hill", cast.alma.role, cast.alma.level)
    make.relation(cast.session, cast.hugo, cast.luis, RelationKind.TEAM)
    make.consent(cast.session, cast.luis, cast.hilltop, cast.maria, [C.ATTENDANCE, C.VISITS])
    hilltop = terms_of(cast, agency_id=cast.hilltop.id, signers=(Signer("Hal Hill", "Director"),))
    content = a_content(cast, partners=(terms_of(cast), hilltop))
    return shared, signed_by_three(cast, issued(cast, content), hal, NOW), hal


def signed_by_three(cast, paper, hal, at):
    typed = TypedSignature("Hal Hill", attests=True)
    signing.sign(cast.session, cast.who(cast.alma), paper.id, 1, B_SIDE, at)
    signing.sign(cast.session, cast.who(hal), paper.id, 2, typed, at)
    return signing.sign(cast.session, cast.who(cast.sue), paper.id, 3, A_SIDE, at)


def test_an_amendment_narrows_for_the_partner_whose_schedule_it_narrows(both):
    shared, paper, hal = both
    cast, dina = shared.cast, shared.cast.who(shared.cast.dina)
    content = proposals.amendment(from_json(paper.content), date(2026, 11, 20))
    terms = replace(content.partners[1], lines=(*lines(C.ATTENDANCE), BOTH_WAYS[2]))
    origin = Origin(follows_id=paper.id, follows_how=Following.AMENDS)
    newer = drafting.begin(cast.session, dina, content.with_partner(1, terms), NOW, "next", origin)
    issuing.issue(cast.session, dina, newer.id, NOW)
    signed_by_three(cast, newer, hal, LATER)

    assert shared.sees(LATER - A_MOMENT, cast.hugo) == {C.ATTENDANCE, C.VISITS}
    assert shared.sees(LATER, cast.hugo) == {C.ATTENDANCE}
    assert shared.sees(LATER) == {C.ATTENDANCE, C.VISITS}
    assert status(cast, paper, LATER) is AgreementStatus.AMENDED


def test_ended_with_one_partner_it_closes_for_that_one_alone(both):
    shared, paper, _hal = both
    cast, dina = shared.cast, shared.cast.who(shared.cast.dina)
    ending.terminate(cast.session, dina, paper.id, "It closes.", LATER, [cast.hilltop.id])

    assert (shared.sees(LATER, cast.hugo), shared.sees(LATER)) == (
        set(),
        {C.ATTENDANCE, C.VISITS},
    )


def test_what_was_signed_by_hand_binds_from_the_day_on_the_paper(shared):
    cast, dina = shared.cast, shared.cast.who(shared.cast.dina)
    paper = issued(cast)
    signing.sign(cast.session, dina, paper.id, PARTNER, on_paper(), LATER)
    by_sue = on_paper(name="Sue Perin", title="Superintendent")
    signing.sign(cast.session, dina, paper.id, DISTRICT, by_sue, LATER)

    assert shared.sees(NOW) == {C.ATTENDANCE, C.VISITS}
