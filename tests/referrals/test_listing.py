"""Long lists of referrals are read a page at a time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from portal.referrals import answering, queries, service
from portal.referrals.rules import AWAITING_ANSWER, Answer, AnswerDraft, ReferralDraft
from portal.store.ledger import TrailLine, TrailStudent
from portal.vocabulary import Need, ReferralStatus, ReferralTarget
from tests.people import NOW, Cast


def three_sent(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    for days in (1, 2, 3):
        draft = ReferralDraft(cast.luis.id, ReferralTarget.COMMUNITY, Need.OTHER, cast.riverside.id)
        service.refer(cast.session, ana, draft, NOW - timedelta(days=days), f"form-{days}")


def test_a_page_is_read_and_the_whole_is_counted(cast: Cast) -> None:
    three_sent(cast)
    ana = cast.who(cast.ana)

    assert queries.how_many_open(cast.session, ana, NOW) == 3
    assert queries.how_many_open(cast.session, cast.who(cast.tom), NOW) == 0
    assert [line.days for line in queries.my_open(cast.session, ana, NOW, 2)] == [3, 2]
    assert [line.days for line in queries.my_open(cast.session, ana, NOW, 2, 2)] == [1]


def test_an_agency_counts_its_slips_by_status(cast: Cast) -> None:
    three_sent(cast)
    rita = cast.who(cast.rita)
    first = queries.to_my_agency(cast.session, rita, NOW, 1)[0]
    answering.answer(cast.session, rita, first.referral_id, AnswerDraft(Answer.ACCEPT), NOW)

    assert queries.slip_counts(cast.session, rita, NOW) == {
        ReferralStatus.SENT: 2,
        ReferralStatus.ACCEPTED: 1,
    }
    unanswered = queries.to_my_agency(cast.session, rita, NOW, statuses=AWAITING_ANSWER)
    assert [slip.days for slip in unanswered] == [2, 1]
    assert queries.slip_counts(cast.session, cast.who(cast.hugo), NOW) == {}


def test_the_trail_names_whom_a_list_showed_and_nobody_else(cast: Cast) -> None:
    three_sent(cast)
    before = cast.session.scalar(select(func.max(TrailLine.id)))
    queries.my_open(cast.session, cast.who(cast.ana), NOW, 1)
    named = select(TrailStudent.student_id).where(TrailStudent.line_id > before)

    assert list(cast.session.scalars(named)) == [cast.luis.id]
