"""Case teams: the agency's administrator decides who works with a student, without the name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import gate
from portal.access.trail import WAITING
from portal.directory.case_teams import queries, service
from portal.errors import NotFound, Refused
from portal.store.consents import Consent
from portal.store.ledger import TrailLine
from portal.store.people import Relation, User
from portal.vocabulary import Category, ConsentEventKind, RelationKind
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)


@pytest.fixture
def consent(cast: Cast) -> Consent:
    """Luis's visits, shared with Riverside."""
    make.record(cast.session, cast.luis, Category.VISITS)
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, number="C-0192")


def assign(cast: Cast, consent: Consent, user: User, by: User | None = None) -> Relation:
    me = cast.who(by or cast.alma)
    return service.assign(cast.session, me, consent.id, user.id, NOW)


def trail(cast: Cast) -> list[tuple[str, bool, str]]:
    rows = cast.session.scalars(select(TrailLine).order_by(TrailLine.id))
    return [(row.event, row.allowed, row.subject) for row in rows]


def test_whoever_is_put_on_the_team_can_open_the_record(cast: Cast, consent: Consent) -> None:
    rob = cast.who(cast.rob)
    with pytest.raises(NotFound):
        gate.open_record(cast.session, rob, cast.luis.id, "coordinate", NOW)

    assign(cast, consent, cast.rob)

    assert gate.open_record(cast.session, rob, cast.luis.id, "coordinate", NOW).items
    assert trail(cast)[0] == ("team.assigned", True, "C-0192")


def test_whoever_is_taken_off_the_team_cannot_from_that_instant(
    cast: Cast, consent: Consent
) -> None:
    service.end(cast.session, cast.who(cast.alma), consent.id, cast.rita.id, NOW)

    with pytest.raises(NotFound):
        gate.open_record(cast.session, cast.who(cast.rita), cast.luis.id, "coordinate", NOW)
    assert trail(cast) == [("team.ended", True, "C-0192")]


def test_a_second_click_changes_nothing(cast: Cast, consent: Consent) -> None:
    first, second = assign(cast, consent, cast.rob), assign(cast, consent, cast.rob)
    for _ in range(2):
        service.end(cast.session, cast.who(cast.alma), consent.id, cast.rob.id, NOW + DAY)

    assert first.id == second.id
    assert [event for event, *_rest in trail(cast)] == ["team.assigned", "team.ended"]


def test_the_administrator_sees_numbers_and_staff_and_no_name(cast: Cast, consent: Consent) -> None:
    make.consent(cast.session, cast.mei, cast.riverside, cast.maria, signed_at=None)
    make.consent(cast.session, cast.mei, cast.riverside, cast.maria, revoked_at=NOW)
    make.consent(cast.session, cast.mei, cast.hilltop, cast.maria)

    (line,) = queries.consents_in_force(cast.session, cast.who(cast.alma), NOW)
    staff = queries.staff(cast.session, cast.who(cast.alma), NOW)

    assert (line.number, line.categories, line.discloser) == ("C-0192", 1, cast.district.name)
    assert [member.name for member in line.team] == ["Rita River"]
    assert [person.name for person in staff] == ["Alma River", "Rita River", "Rob River"]
    assert "Luis" not in repr(line)


@pytest.mark.parametrize(
    "changes",
    [
        {"signed_at": None},
        {"signed_at": NOW + DAY},
        {"starts_at": NOW + DAY},
        {"ends_at": NOW},
        {"revoked_at": NOW},
    ],
)
def test_a_consent_not_in_force_takes_nobody_on_its_team(cast: Cast, changes: dict) -> None:
    consent = make.consent(cast.session, cast.luis, cast.riverside, cast.maria, **changes)

    with pytest.raises(Refused):
        assign(cast, consent, cast.rob)

    assert not cast.session.scalars(select(Relation).where(Relation.user_id == cast.rob.id)).all()


def test_the_team_of_a_consent_taken_back_can_still_be_ended(cast: Cast, consent: Consent) -> None:
    make.event(cast.session, consent, ConsentEventKind.REVOKED, NOW - DAY)

    service.end(cast.session, cast.who(cast.alma), consent.id, cast.rita.id, NOW)

    kinds = select(Relation.ends_at).where(Relation.kind == RelationKind.TEAM)
    assert cast.session.scalars(kinds).all() == [NOW]


def test_only_the_agencys_own_active_staff(cast: Cast, consent: Consent) -> None:
    cast.rob.active_until = NOW

    for person in (cast.hugo, cast.ana, cast.rob):
        with pytest.raises(Refused, match="not on your organization's active staff"):
            assign(cast, consent, person)


def test_another_agencys_consent_and_a_missing_one_look_alike(cast: Cast, consent: Consent) -> None:
    theirs = make.consent(cast.session, cast.luis, cast.hilltop, cast.maria)

    with pytest.raises(NotFound) as foreign:
        assign(cast, theirs, cast.rob)
    with pytest.raises(NotFound) as missing:
        service.assign(cast.session, cast.who(cast.alma), cast.rita.id, cast.rob.id, NOW)

    assert (foreign.value.what, foreign.value.do_next) == (
        missing.value.what,
        missing.value.do_next,
    )


def test_nobody_but_an_agencys_administrator_decides(cast: Cast, consent: Consent) -> None:
    for person in (cast.rita, cast.rob, cast.dina):
        with pytest.raises((Refused, NotFound)):
            assign(cast, consent, cast.rob, by=person)
    with pytest.raises(Refused):
        queries.consents_in_force(cast.session, cast.who(cast.rita), NOW)

    refused = [entry for _me, entry in cast.session.info[WAITING]]
    assert [(entry.event, entry.allowed) for entry in refused] == [("team.assigned", False)] * 3
