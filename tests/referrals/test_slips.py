"""The rule of the slip and its SELECT say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
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
from portal.store.people import Relation, StaffLock
from portal.store.records import Record, Referral
from portal.vocabulary import ReferralStatus, RelationKind
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TICK = timedelta(microseconds=1)


def of(column: str, value: object) -> Callable[[Cast, Referral, Record], None]:
    """A change of `row.name`, the row being the record or somebody of the cast."""

    def change(cast: Cast, _referral: Referral, record: Record) -> None:
        row, name = column.split(".")
        setattr(record if row == "record" else getattr(cast, row), name, value)

    return change


def lock(until: datetime | None) -> Callable[[Cast, Referral, Record], None]:
    def change(cast: Cast, _referral: Referral, _record: Record) -> None:
        span = {"starts_at": LONG_AGO, "ends_at": until, "set_by": cast.ana.id}
        cast.session.add(StaffLock(user_id=cast.rita.id, student_id=cast.luis.id, **span))

    return change


def withdrawn(_cast: Cast, referral: Referral, _record: Record) -> None:
    referral.status, referral.hold_reason = ReferralStatus.ON_HOLD, CONSENT_WITHDRAWN


def off_the_team(cast: Cast, _referral: Referral, _record: Record) -> None:
    for relation in cast.session.scalars(select(Relation)):
        if relation.user_id == cast.rita.id:
            relation.ends_at = NOW


def on_the_team_later(cast: Cast, _referral: Referral, _record: Record) -> None:
    row = make.relation(cast.session, cast.rob, cast.luis, RelationKind.TEAM)
    row.starts_at = NOW + TICK


def beside_the_team(cast: Cast, _referral: Referral, _record: Record) -> None:
    make.relation(cast.session, cast.rob, cast.luis, RelationKind.SERVICE)
    make.relation(cast.session, cast.rob, cast.mei, RelationKind.TEAM)


CHANGES = {
    "none": lambda *_: None,
    "sealed": of("record.sealed_from", NOW),
    "sealed later": of("record.sealed_from", NOW + TICK),
    "draft": of("record.draft", True),
    "agency ended": of("riverside.active_until", NOW),
    "agency to come": of("riverside.active_from", NOW + TICK),
    "user ended": of("rita.active_until", NOW),
    "user to come": of("rita.active_from", NOW + TICK),
    "withdrawn": withdrawn,
    "locked": lock(None),
    "lock over": lock(NOW),
    "off the team": off_the_team,
    "on the team later": on_the_team_later,
    "beside the team": beside_the_team,
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_rule_and_the_query_show_the_same_slips(cast: Cast, change: str) -> None:
    viewers = [(u, cast.who(u)) for u in (cast.rita, cast.rob, cast.alma, cast.hugo, cast.ana)]
    referral = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    record = cast.session.get_one(Record, referral.record_id)
    CHANGES[change](cast, referral, record)
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
