"""Destruction under the schedule: two people, a certificate, and a line in the ledger."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from portal.access import documents, trail
from portal.errors import NotFound, NotReady, Refused
from portal.retaining.destroying import service
from portal.store.ledger import TrailLine
from portal.store.oversight import Destruction
from portal.store.records import Visit
from portal.vocabulary import Level, Role
from tests import factories as make
from tests.access.test_due import EDGE, a_visit, held, leave
from tests.people import NOW, Cast


@pytest.fixture
def proposed(cast: Cast) -> Destruction:
    leave(cast, cast.luis, EDGE)
    a_visit(cast, cast.luis)
    a_visit(cast, cast.mei)
    return service.propose(cast.session, cast.who(cast.dina), ["support", "drafts"], NOW)


def test_what_is_due_is_counted_by_year_and_nothing_destroyed(
    cast: Cast, proposed: Destruction
) -> None:
    desk = service.desk(cast.session, cast.who(cast.sue), NOW)

    assert {one.line.code: one.by_year for one in desk.due if one.count} == {"support": {2026: 1}}
    assert [run.waits for run in desk.runs] == [True]
    assert len(cast.session.scalars(select(Visit)).all()) == 2


def test_another_approves_and_the_certificate_has_counts_and_hashes_and_no_content(
    cast: Cast, proposed: Destruction
) -> None:
    [gone] = cast.session.scalars(select(Visit.record_id).join_from(Visit, make.Record).where(
        make.Record.id == Visit.record_id, make.Record.student_id == cast.luis.id))  # fmt: skip
    with pytest.raises(Refused) as told:
        service.approve(cast.session, cast.who(cast.dina), proposed.id, NOW)
    assert told.value.codes == ("OWN_RECORD",)
    done = service.approve(cast.session, cast.who(cast.sue), proposed.id, NOW)

    assert done.counts == {"support": 1, "drafts": 0}
    assert len(cast.session.scalars(select(Visit)).all()) == 1
    kept = documents.open_document(cast.session, cast.who(cast.dina), done.document_id, NOW)
    assert kept.content.startswith(b"%PDF")
    trail.settle(cast.session)
    [line] = cast.session.scalars(select(TrailLine).where(TrailLine.event == "destruction.done",
                                                          TrailLine.allowed))  # fmt: skip
    assert (line.students, line.detail["support"]) == ([cast.luis.id.hex], 1)
    assert service.digest([gone]) != service.digest([])
    with pytest.raises(Refused):
        service.approve(cast.session, cast.who(cast.sue), proposed.id, NOW)


def test_a_hold_that_came_meanwhile_keeps_what_it_covers(cast: Cast, proposed: Destruction) -> None:
    held(cast, cast.luis)
    done = service.approve(cast.session, cast.who(cast.sue), proposed.id, NOW)
    assert done.counts["support"] == 0


def test_no_more_is_destroyed_than_was_proposed(cast: Cast, proposed: Destruction) -> None:
    leave(cast, cast.mei, EDGE)

    with pytest.raises(NotReady, match="More is due now than was proposed"):
        service.approve(cast.session, cast.who(cast.sue), proposed.id, NOW)

    assert len(cast.session.scalars(select(Visit)).all()) == 2
    anew = service.propose(cast.session, cast.who(cast.dina), ["support"], NOW)
    assert service.approve(cast.session, cast.who(cast.sue), anew.id, NOW).counts == {"support": 2}


def test_a_hold_on_everything_refuses_it(cast: Cast, proposed: Destruction) -> None:
    held(cast, None)
    assert service.desk(cast.session, cast.who(cast.sue), NOW).held
    with pytest.raises(Refused, match="Case"):
        service.approve(cast.session, cast.who(cast.sue), proposed.id, NOW)
    assert len(cast.session.scalars(select(Visit)).all()) == 2


def test_a_proposal_is_given_up(cast: Cast, proposed: Destruction) -> None:
    service.give_up(cast.session, cast.who(cast.dina), proposed.id, NOW)
    assert not service.desk(cast.session, cast.who(cast.sue), NOW).runs[0].waits
    with pytest.raises(Refused):
        service.approve(cast.session, cast.who(cast.sue), proposed.id, NOW)


def test_nothing_is_proposed_where_nothing_is_due(cast: Cast) -> None:
    for codes in (["support"], ["consents"], []):
        with pytest.raises(NotReady):
            service.propose(cast.session, cast.who(cast.dina), codes, NOW)


def test_others_have_no_part_in_it(cast: Cast, proposed: Destruction) -> None:
    for other in (cast.omar, cast.ana, cast.alma):
        with pytest.raises(Refused):
            service.desk(cast.session, cast.who(other), NOW)
        with pytest.raises(Refused):
            service.propose(cast.session, cast.who(other), ["support"], NOW)
    elsewhere = make.organization(cast.session, "Other Schools")
    dan = make.user(cast.session, elsewhere, "Dan Other", Role.DISTRICT_ADMIN, Level.STAFF)
    for run in (proposed.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            service.approve(cast.session, cast.who(dan), run, NOW)
