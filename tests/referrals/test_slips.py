"""The rule of the slip and its SELECT say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from portal.access import facts as facts_of
from portal.access.reliance import CONSENT_WITHDRAWN
from portal.access.slips import answerable, slips
from portal.policy.decision import Reason
from portal.policy.referrals import may_answer, may_see_slip
from portal.policy.spans import Span
from portal.policy.undo import may_undo
from portal.referrals import service
from portal.referrals.rules import ReferralDraft
from portal.store.people import StaffLock
from portal.store.records import Record, Referral
from portal.vocabulary import Need, ReferralStatus, ReferralTarget
from tests.people import LONG_AGO, NOW, Cast


@pytest.mark.parametrize(
    "change",
    ["none", "sealed", "draft", "agency ended", "user ended", "withdrawn", "locked", "lock over"],
)
def test_the_rule_and_the_query_show_the_same_slips(cast: Cast, change: str) -> None:
    draft = ReferralDraft(
        cast.luis.id, ReferralTarget.COMMUNITY, Need.OTHER, agency_id=cast.riverside.id
    )
    viewers = [(u, cast.who(u)) for u in (cast.rita, cast.rob, cast.alma, cast.hugo, cast.ana)]
    referral = service.refer(cast.session, cast.who(cast.ana), draft, NOW, "form-1")
    record = cast.session.get_one(Record, referral.record_id)
    record.sealed_from = NOW if change == "sealed" else None
    record.draft = change == "draft"
    cast.riverside.active_until = NOW if change == "agency ended" else None
    cast.rita.active_until = NOW if change == "user ended" else None
    if change in ("locked", "lock over"):
        over = NOW if change == "lock over" else None
        span = {"starts_at": LONG_AGO, "ends_at": over, "set_by": cast.ana.id}
        cast.session.add(StaffLock(user_id=cast.rita.id, student_id=cast.luis.id, **span))
    if change == "withdrawn":
        referral.status, referral.hold_reason = ReferralStatus.ON_HOLD, CONSENT_WITHDRAWN
    cast.session.flush()

    for user, me in viewers:
        facts = facts_of.load_known(cast.session, user.id, cast.luis.id)
        by_rule = may_see_slip(facts, facts_of.of_record(record), str(referral.agency_id), NOW)
        found = select(Referral.record_id).join(Record, Record.id == Referral.record_id)
        listed = cast.session.scalar(found.where(slips(me, NOW)))
        assert bool(by_rule) is (listed is not None), user.name
        agency, withdrawn = str(referral.agency_id), change == "withdrawn"
        may = may_answer(facts, facts_of.of_record(record), agency, NOW, withdrawn=withdrawn)
        mine = cast.session.scalar(found.where(slips(me, NOW), answerable(me, NOW)))
        assert bool(may) is (mine is not None), user.name


def test_answering_needs_the_case_team_too(cast: Cast) -> None:
    facts = facts_of.load_known(cast.session, cast.rob.id, cast.luis.id)
    record = facts.shelf[0]
    riverside = str(cast.riverside.id)

    assert may_see_slip(facts, record, riverside, NOW)
    answer = partial(may_answer, facts, at=NOW, withdrawn=False)
    assert answer(record, riverside).codes == (Reason.NOT_ON_CASE_TEAM,)
    assert answer(replace(record, sealed=Span(NOW)), None).codes == (
        Reason.SEALED,
        Reason.NOT_ON_CASE_TEAM,
        Reason.NOT_THE_RECIPIENT,
    )


def test_undo_is_the_authors_for_ten_minutes() -> None:
    last = NOW + timedelta(minutes=10) - timedelta(microseconds=1)

    assert may_undo("ana", "ana", NOW, last)
    assert may_undo("ana", "ana", NOW, NOW + timedelta(minutes=10)).codes == (
        Reason.TOO_LATE_TO_UNDO,
    )
    assert may_undo("ana", "omar", NOW, NOW).codes == (Reason.NOT_THE_AUTHOR,)
    assert not may_undo("ana", None, None, NOW)
