"""The door to numbers without names: who may read which, and the line of each reading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import trail, unnamed
from portal.errors import Refused
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest, UnnamedGrant
from portal.store.people import User
from portal.vocabulary import InformationForm, RequestKind, RequestStatus, UnnamedView
from tests import factories as make
from tests.people import NOW, Cast

HOUR = timedelta(hours=1)
BUDGET, CURRICULUM = UnnamedView.BUDGET, UnnamedView.CURRICULUM


def granted(cast: Cast, who: User, *views: UnnamedView, start=NOW, end=NOW + HOUR) -> None:
    values = {"organization_id": cast.district.id, "applicant_id": who.id, "written_by": who.id}
    request = AccessRequest(
        number=f"Q-{who.name}",
        kind=RequestKind.STAFF,
        status=RequestStatus.GRANTED,
        form=InformationForm.AGGREGATE,
        wanted_from=NOW.date(),
        wanted_until=NOW.date(),
        written_at=NOW,
        **values,
    )
    make.stored(cast.session, request)
    for view in views:
        grant = UnnamedGrant(user_id=who.id, view=view, starts_at=start, ends_at=end)
        grant.request_id = request.id
        make.stored(cast.session, grant)


def test_views_are_open_by_level_and_by_a_request_of_my_own_for_its_term(cast: Cast):
    granted(cast, cast.tom, CURRICULUM, BUDGET)

    def views(user: User, at=NOW):
        return unnamed.open_views(cast.session, cast.who(user), at)

    assert views(cast.tom) == [view for view in UnnamedView if view in (BUDGET, CURRICULUM)]
    assert views(cast.tom, NOW + HOUR) == views(cast.tom, NOW - HOUR) == views(cast.ana) == []
    assert views(cast.sue) == list(UnnamedView)


def test_a_reading_is_a_line_about_nobody(cast: Cast):
    granted(cast, cast.tom, BUDGET)
    unnamed.open_table(cast.session, cast.who(cast.tom), BUDGET, "visits 2026-10", NOW)

    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.allowed, line.at, line.user_id) == (
        *("numbers.read", True, NOW),
        cast.tom.id,
    )
    assert (line.subject, line.students, line.codes) == ("budget visits 2026-10", [], [])


def test_what_is_not_open_is_refused_and_the_try_is_a_line(cast: Cast):
    granted(cast, cast.tom, BUDGET)
    tom, alma = cast.who(cast.tom), cast.who(cast.alma)
    with pytest.raises(Refused) as told:
        unnamed.open_table(cast.session, tom, CURRICULUM, "needs 2026-10", NOW)

    assert told.value.codes == ("NO_SUCH_NUMBERS",)
    [(me, entry)] = cast.session.info.pop(trail.WAITING)
    assert (me, entry) == (
        tom,
        trail.Entry(
            *("numbers.refused", False, NOW),
            subject="curriculum needs 2026-10",
            codes=["NO_SUCH_NUMBERS"],
        ),
    )
    with pytest.raises(Refused):  # whoever has no such page at all
        unnamed.open_table(cast.session, alma, CURRICULUM, "needs 2026-10", NOW)
    assert trail.WAITING not in cast.session.info
    assert trail.UNSETTLED not in cast.session.info
