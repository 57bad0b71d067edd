"""An agreement ends: at once or by notice; what the partner had is returned or destroyed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import journal
from portal.access.documents import open_document
from portal.agreements import closings, drafting, ending, issuing, proposals, queries, signing
from portal.agreements.content import Clocks, Signer, TypedSignature, from_json
from portal.agreements.drafting import Origin
from portal.agreements.ending import Certificate
from portal.agreements.settling import due_of, settlements
from portal.errors import NotFound, NotReady, Refused
from portal.store.agreements import Settlement
from portal.store.papers import Agreement
from portal.vocabulary import (
    AgreementEventKind,
    AgreementStatus,
    EndedHow,
    Following,
    SettledHow,
)
from tests import factories as make
from tests.agreements.papers import (
    A_SIDE,
    B_SIDE,
    SCAN,
    drafted,
    issued,
    signed,
    signed_by_both,
    status,
    terms_of,
)
from tests.people import NOW

TODAY = date(2026, 11, 20)
WHY = "The clinic closes."
CERTIFICATE = Certificate(TODAY, SettledHow.DESTROYED, "All attendance records", "Alma River")


def pair_of(cast, paper):
    [pair] = queries.pairs(cast.session, paper.id)
    return pair


def ended(cast, **changes):
    paper = signed(cast, **changes)
    return ending.terminate(cast.session, cast.who(cast.dina), paper.id, WHY, NOW)


def due(cast, at=NOW, who=None):
    found = settlements(queries.ours(cast.session, cast.who(who or cast.dina), at))
    return [(one.view.number, one.partner.name, one.due_on) for one in found]


def certify(cast, paper, at=NOW, who=None, **changes):
    told = Certificate(**{**vars(CERTIFICATE), **changes})
    me = cast.who(who or cast.dina)
    return ending.certify(cast.session, me, pair_of(cast, paper).id, told, at)


# The end


def test_a_termination_needs_a_reason_and_an_agreement_that_goes_on(cast):
    dina = cast.who(cast.dina)
    with pytest.raises(NotReady, match="reason is missing"):
        ending.terminate(cast.session, dina, signed(cast).id, " ", NOW)
    for paper in (drafted(cast, key="d"), issued(cast, key="i"), ended(cast, key="e")):
        with pytest.raises(NotReady, match="cannot be ended"):
            ending.terminate(cast.session, dina, paper.id, WHY, NOW)


@pytest.mark.parametrize("who", ["alma", "ana", "omar"])
def test_it_is_ended_by_whoever_makes_agreements_alone(cast, who):
    paper = signed(cast)
    me = cast.who(getattr(cast, who))

    with pytest.raises((Refused, NotFound)):
        ending.terminate(cast.session, me, paper.id, WHY, NOW)
    with pytest.raises((Refused, NotFound)):
        ending.give_notice(cast.session, me, paper.id, date(2027, 3, 31), WHY, NOW)
    assert pair_of(cast, paper).terminated_at is None


def test_a_termination_tells_both_sides_until_when_the_records_are_returned(cast):
    paper = ended(cast, clocks=Clocks(destroy_days=45))

    said = {one.kind: one.text for one in queries.history(cast.session, paper.id)}
    assert said[AgreementEventKind.TERMINATED] == WHY
    assert said[AgreementEventKind.DESTRUCTION_ASKED] == "By January 4, 2027."
    assert due(cast) == [(paper.number, "Riverside Clinic", date(2027, 1, 4))]


def test_notice_keeps_it_in_force_through_its_last_day(cast):
    paper = signed(cast)
    dina, last = cast.who(cast.dina), date(2027, 1, 15)
    ending.give_notice(cast.session, dina, paper.id, last, "Another provider.", NOW)
    over = datetime(2027, 1, 16, 5, 0, tzinfo=UTC)

    assert pair_of(cast, paper).ended_how is EndedHow.NOTICE
    [view] = queries.ours(cast.session, dina, NOW)
    assert (view.status, view.last_day) == (AgreementStatus.IN_FORCE, last)
    assert status(cast, paper, over - timedelta(seconds=1)) is AgreementStatus.IN_FORCE
    assert status(cast, paper, over) is AgreementStatus.ENDED


@pytest.mark.parametrize(
    ("last", "reason", "what"),
    [
        (None, WHY, "last day is missing"),
        (date(2026, 12, 19), WHY, "30 days of notice"),
        (date(2027, 6, 30), WHY, "ended anyway"),
        (date(2027, 1, 15), "", "reason is missing"),
    ],
)
def test_notice_is_in_time_and_says_why(cast, last, reason, what):
    paper = signed(cast)

    with pytest.raises(NotReady, match=what):
        ending.give_notice(cast.session, cast.who(cast.dina), paper.id, last, reason, NOW)
    assert pair_of(cast, paper).terminated_at is None


def test_after_notice_it_can_still_be_ended_at_once(cast):
    paper, dina = signed(cast), cast.who(cast.dina)
    ending.give_notice(cast.session, dina, paper.id, date(2027, 1, 15), WHY, NOW)
    ending.terminate(cast.session, dina, paper.id, "A breach.", NOW)

    pair = pair_of(cast, paper)
    assert (pair.terminated_at, pair.ended_how) == (NOW, EndedHow.TERMINATED)
    assert status(cast, paper) is AgreementStatus.TERMINATED


# The journal of closings


def test_every_end_is_noted_for_the_journal_without_its_reason(cast):
    paper, dina = signed(cast), cast.who(cast.dina)
    ending.give_notice(cast.session, dina, paper.id, date(2027, 1, 15), WHY, NOW)
    ending.terminate(cast.session, dina, paper.id, WHY, NOW)

    noted = cast.session.info[journal.WAITING]
    assert [(line["id"], line["how"]) for line in noted] == [
        (str(pair_of(cast, paper).id), how) for how in ("notice", "terminated")
    ]
    assert WHY not in str(noted)


def test_a_restored_backup_that_knows_of_notice_alone_learns_of_the_termination(cast):
    paper, dina = signed(cast), cast.who(cast.dina)
    pair = pair_of(cast, paper)
    ending.give_notice(cast.session, dina, paper.id, date(2027, 1, 15), WHY, NOW)
    backup = (pair.terminated_at, pair.ended_how)
    ending.terminate(cast.session, dina, paper.id, WHY, NOW)
    journal.keep(cast.session)
    pair.terminated_at, pair.ended_how = backup
    cast.session.flush()

    done = journal.reconcile(cast.session, [closings.TERMINATED], NOW)
    assert done.again == 1
    assert (pair.terminated_at, pair.ended_how) == (NOW, EndedHow.TERMINATED)
    assert pair.terminated_reason == closings.REASON
    assert journal.reconcile(cast.session, [closings.TERMINATED], NOW).again == 0


def test_an_end_of_a_paper_that_is_not_there_is_passed_over(cast):
    closing = {"id": str(cast.luis.id), "at": NOW.isoformat(), "how": "terminated"}

    assert closings.TERMINATED.again(cast.session, closing, NOW) is None


# Returned or destroyed


def test_the_clock_runs_from_the_last_day_in_force(cast):
    expired = signed(cast, ends_on=date(2026, 12, 31), review_on=TODAY, key="1")
    noticed = signed(cast, key="2")
    last = date(2027, 1, 15)
    ending.give_notice(cast.session, cast.who(cast.dina), noticed.id, last, WHY, NOW)
    ended_now = ended(cast, key="3")

    assert due(cast) == [(ended_now.number, "Riverside Clinic", date(2026, 12, 20))]
    later = datetime(2027, 1, 16, 12, 0, tzinfo=UTC)
    assert [one[2] for one in due(cast, later)] == [
        date(2026, 12, 20),
        date(2027, 1, 30),
        date(2027, 2, 14),
    ]
    assert {one[0] for one in due(cast, later)} == {
        ended_now.number,
        expired.number,
        noticed.number,
    }


def test_days_left_go_below_nothing_once_it_is_overdue(cast):
    ended(cast)
    [one] = settlements(queries.ours(cast.session, cast.who(cast.dina), NOW))

    assert one.days_left(TODAY) == 30
    assert one.days_left(date(2026, 12, 22)) == -2


def test_drafts_and_what_was_never_in_force_settle_nothing(cast):
    dina = cast.who(cast.dina)
    drafted(cast, key="1")
    taken_back = issued(cast, key="2")
    drafting.discard(cast.session, dina, taken_back.id, WHY, NOW)
    waiting = signed(cast, key="3", starts_on=date(2026, 12, 1))
    ending.terminate(cast.session, dina, waiting.id, WHY, NOW)
    signed(cast, key="4")

    assert due(cast) == []
    never = issued(cast, key="5", ends_on=TODAY, review_on=TODAY)
    tomorrow = NOW + timedelta(days=1)
    assert due(cast, tomorrow) == []
    for paper in (taken_back, never):
        with pytest.raises(NotReady, match="not over"):
            certify(cast, paper, tomorrow)


@pytest.mark.parametrize("how", list(Following))
def test_one_that_another_follows_settles_nothing(cast, how):
    paper, dina = signed(cast), cast.who(cast.dina)
    content = proposals.amendment(from_json(paper.content), TODAY)
    origin = Origin(follows_id=paper.id, follows_how=how)
    newer = drafting.begin(cast.session, dina, content, NOW, "next", origin)
    issuing.issue(cast.session, dina, newer.id, NOW)
    signed_by_both(cast, newer)

    assert due(cast) == []
    with pytest.raises(NotReady, match="another goes on in its place"):
        certify(cast, paper)
    ending.terminate(cast.session, dina, newer.id, WHY, NOW)
    assert [one[0] for one in due(cast)] == [newer.number]


def test_one_that_expired_settles_nothing_once_its_renewal_binds(cast):
    paper, dina = signed(cast, ends_on=TODAY, review_on=TODAY), cast.who(cast.dina)
    tomorrow = NOW + timedelta(days=1)
    assert [one[0] for one in due(cast, tomorrow)] == [paper.number]

    content = proposals.renewal(from_json(paper.content), date(2026, 11, 21), date(2027, 6, 30))
    origin = Origin(follows_id=paper.id, follows_how=Following.RENEWS)
    newer = drafting.begin(cast.session, dina, content, tomorrow, "next", origin)
    assert [one[0] for one in due(cast, tomorrow)] == [paper.number]
    issuing.issue(cast.session, dina, newer.id, tomorrow)
    signed_by_both(cast, newer, tomorrow)
    assert due(cast, tomorrow) == []


def test_each_partner_of_a_paper_settles_for_itself(cast):
    hal = make.user(cast.session, cast.hilltop, "Hal Hill", cast.alma.role, cast.alma.level)
    hilltop = terms_of(cast, agency_id=cast.hilltop.id, signers=(Signer("Hal Hill", "Director"),))
    paper = issued(cast, partners=(terms_of(cast), hilltop))
    signing.sign(cast.session, cast.who(cast.alma), paper.id, 1, B_SIDE, NOW)
    typed = TypedSignature("Hal Hill", attests=True)
    signing.sign(cast.session, cast.who(hal), paper.id, 2, typed, NOW)
    signing.sign(cast.session, cast.who(cast.sue), paper.id, 3, A_SIDE, NOW)
    dina = cast.who(cast.dina)
    ending.terminate(cast.session, dina, paper.id, WHY, NOW, [cast.hilltop.id])
    assert due(cast) == [(paper.number, "Hilltop Clinic", date(2026, 12, 20))]

    ours, theirs = queries.pairs(cast.session, paper.id)
    with pytest.raises(NotReady, match="not over"):
        ending.certify(cast.session, dina, ours.id, CERTIFICATE, NOW)
    ending.certify(cast.session, dina, theirs.id, CERTIFICATE, NOW)
    assert due(cast) == []
    assert status(cast, paper) is AgreementStatus.IN_FORCE


def test_the_partner_sees_what_it_owes_too(cast):
    paper = ended(cast)

    assert [one[0] for one in due(cast, who=cast.alma)] == [paper.number]


def test_a_certificate_is_recorded_once_with_its_scan(cast):
    paper = ended(cast)
    settled = certify(cast, paper, scan=SCAN)

    assert due(cast) == []
    scan = open_document(cast.session, cast.who(cast.alma), settled.document_id, NOW)
    assert (scan.content, scan.file_name) == (SCAN, f"Agreement-{paper.number}-settled.pdf")
    said = queries.history(cast.session, paper.id)
    assert AgreementEventKind.DESTRUCTION_CERTIFIED in {one.kind for one in said}
    [view] = queries.ours(cast.session, cast.who(cast.dina), NOW)
    assert view.partners[0].settled.signed_by == "Alma River"
    assert due_of(view, view.partners[0]).due_on == date(2026, 12, 20)
    with pytest.raises(NotReady, match="recorded already"):
        certify(cast, paper)


def test_a_certificate_may_come_without_a_scan(cast):
    settled = certify(cast, ended(cast), how=SettledHow.NONE_HELD, what="There were none")

    assert settled.document_id is None


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"done_on": None}, "date is missing"),
        ({"done_on": date(2026, 11, 21)}, "in the future"),
        ({"done_on": date(2026, 11, 19)}, "before the agreement ended"),
        ({"what": " "}, "What was returned or destroyed is missing"),
        ({"signed_by": ""}, "signer is missing"),
        ({"scan": b"MZ"}, "not a PDF or an image"),
    ],
)
def test_a_certificate_is_recorded_whole(cast, changes, what):
    paper = ended(cast)

    with pytest.raises(NotReady, match=what):
        certify(cast, paper, **changes)
    assert cast.session.scalars(select(Settlement)).all() == []


def test_nobody_records_it_while_the_agreement_goes_on_or_for_a_foreign_one(cast):
    paper = signed(cast)
    with pytest.raises(NotReady, match="not over"):
        certify(cast, paper)
    ending.terminate(cast.session, cast.who(cast.dina), paper.id, WHY, NOW)
    with pytest.raises(Refused):
        certify(cast, paper, who=cast.alma)
    [of_the_cast] = cast.session.scalars(select(Agreement).where(Agreement.b_id == cast.hilltop.id))
    for foreign in (of_the_cast.id, cast.luis.id):
        with pytest.raises(NotFound):
            ending.certify(cast.session, cast.who(cast.dina), foreign, CERTIFICATE, NOW)
