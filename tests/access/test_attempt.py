"""A part of a unit of work fails by itself: nothing of it stays, and the rest does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.access import journal, trail
from portal.access.attempt import attempt
from portal.store.ledger import TrailLine
from portal.store.places import Organization
from portal.vocabulary import OrganizationKind
from tests import factories as make
from tests.people import NOW


def write(cast, event):
    make.organization(cast.session, event, OrganizationKind.PROVIDER)
    trail.write(cast.session, cast.who(cast.dina), trail.Entry(event, True, NOW))
    journal.note(cast.session, "a_kind", {"id": event, "at": NOW.isoformat()})


def left(cast):
    """What stayed of each: rows, trail lines, closings for the journal."""
    trail.settle(cast.session)
    rows = select(Organization.name).where(Organization.name.like("test.%"))
    lines = select(TrailLine.event).where(TrailLine.event.like("test.%")).order_by(TrailLine.id)
    noted = [line["id"] for line in cast.session.info.get(journal.WAITING, [])]
    return sorted(cast.session.scalars(rows)), list(cast.session.scalars(lines)), noted


@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt])
def test_what_failed_leaves_neither_row_nor_line_nor_closing(cast, failure):
    write(cast, "test.before")
    with pytest.raises(failure), attempt(cast.session):
        write(cast, "test.within")
        raise failure
    write(cast, "test.later")

    stayed = ["test.before", "test.later"]
    assert left(cast) == (sorted(stayed), stayed, stayed)


def test_what_succeeded_stays(cast):
    with attempt(cast.session):
        write(cast, "test.within")

    assert left(cast) == (["test.within"], ["test.within"], ["test.within"])


def test_a_refusal_within_it_is_still_told(cast):
    refused = trail.Entry("test.refused", False, NOW)
    with pytest.raises(ZeroDivisionError), attempt(cast.session):
        trail.write_refusal(cast.session, cast.who(cast.dina), refused)
        raise ZeroDivisionError

    assert [entry.event for _me, entry in cast.session.info[trail.WAITING]] == ["test.refused"]
