"""Who can see a student's page now: exactly those whom the gate lets in, each with why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access import facts as facts_of
from portal.access.onlookers import who_can_see
from portal.errors import NotFound, Refused
from portal.policy.gate import may_open
from portal.policy.onlookers import Why
from portal.store.papers import LegalBasis, LegalBasisCategory, LegalBasisUser
from portal.store.people import AccessGrant, AccessGrantCategory, StaffLock
from portal.vocabulary import Category, LegalKind, Level, OrganizationKind, Purpose, Role
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast


@pytest.fixture
def shared(cast: Cast) -> Cast:
    """Luis has a visit and attendance; a consent opens the visit to Riverside."""
    make.record(cast.session, cast.luis, Category.VISITS)
    make.record(cast.session, cast.luis, Category.VISITS, NOW)
    make.record(cast.session, cast.luis, Category.ATTENDANCE)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.VISITS])
    return cast


def told(cast: Cast) -> dict[str, Why]:
    me = cast.who(cast.ana)
    return {one.name: one.why for one in who_can_see(cast.session, me, cast.luis.id, NOW)}


def let_in(cast: Cast) -> set[str]:
    """Whom of the cast the gate opens a record of Luis that the district holds."""
    people = [getattr(cast, name) for name in vars(cast) if hasattr(getattr(cast, name), "level")]
    found = set()
    for user in people:
        facts = facts_of.load_known(cast.session, user.id, cast.luis.id)
        own = [r for r in facts.shelf if r.custodian == str(cast.district.id)]
        if any(may_open(facts, record, Purpose.COORDINATE, NOW) for record in own):
            found.add(user.name)
    return found


def test_each_person_has_the_reason_the_gate_has(shared: Cast) -> None:
    assert told(shared) == {
        "Ana Counts": Why.CASELOAD,
        "Tom Chalk": Why.CLASS,
        "Omar Keys": Why.BUILDING,
        "Sue Perin": Why.DISTRICT,
        "Rita River": Why.CONSENT,
    }
    assert set(told(shared)) == let_in(shared)


def test_a_partner_is_told_with_the_papers_and_the_kinds_they_open(shared: Cast) -> None:
    me = shared.who(shared.ana)
    people = who_can_see(shared.session, me, shared.luis.id, NOW)
    rita = next(one for one in people if one.outside)

    assert (rita.organization, rita.kinds) == (
        "Riverside Clinic",
        (Category.IDENTITY, Category.VISITS),
    )
    assert [number[0] for number in rita.papers] == ["C", "M"]
    assert not next(one for one in people if one.name == "Ana Counts").papers


def test_a_lock_an_ended_account_and_a_withdrawn_consent_take_people_off(shared: Cast) -> None:
    shared.session.add(
        StaffLock(
            user_id=shared.omar.id,
            student_id=shared.luis.id,
            starts_at=LONG_AGO,
            set_by=shared.sue.id,
        )
    )
    shared.tom.active_until = NOW
    shared.riverside.active_until = NOW
    shared.session.flush()

    assert set(told(shared)) == {"Ana Counts", "Sue Perin"} == let_in(shared)


def test_whoever_needs_no_team_is_told_too(shared: Cast) -> None:
    clinic = make.organization(shared.session, "Open Clinic", OrganizationKind.PROVIDER)
    make.user(shared.session, clinic, "Otto Open", Role.AGENCY_STAFF, Level.STAFF)
    make.agreement(shared.session, shared.district, clinic, waive_team=True)
    make.consent(shared.session, shared.luis, clinic, shared.maria, [Category.VISITS])

    assert told(shared)["Otto Open"] is Why.CONSENT


def test_a_written_grant_is_a_reason_of_its_own(shared: Cast) -> None:
    grant = AccessGrant(
        user_id=shared.dina.id, student_id=shared.luis.id, approved=True, starts_at=LONG_AGO
    )
    make.stored(shared.session, grant)
    shared.session.add(
        AccessGrantCategory(access_grant_id=grant.id, category=str(Category.ATTENDANCE))
    )
    shared.session.flush()

    assert told(shared)["Dina Desk"] is Why.GRANT
    assert set(told(shared)) == let_in(shared)


def test_somebody_named_in_an_emergency_sees_by_law(shared: Cast) -> None:
    basis = LegalBasis(
        kind=LegalKind.EMERGENCY,
        student_id=shared.luis.id,
        custodian_id=shared.district.id,
        recipient_id=shared.hilltop.id,
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(hours=1),
        reason="Threat to life",
    )
    make.stored(shared.session, basis)
    shared.session.add_all(
        [
            LegalBasisUser(legal_basis_id=basis.id, user_id=shared.hugo.id),
            LegalBasisCategory(legal_basis_id=basis.id, category=Category.VISITS),
        ]
    )
    shared.session.flush()

    assert told(shared)["Hugo Hill"] is Why.LAW
    assert set(told(shared)) == let_in(shared)


def test_special_education_sees_whoever_has_a_plan(shared: Cast) -> None:
    found = who_can_see(shared.session, shared.who(shared.ana), shared.mei.id, NOW)

    assert {one.name: one.why for one in found}["Dina Desk"] is Why.PROGRAM


def test_only_whoever_may_see_openings_is_told(shared: Cast) -> None:
    with pytest.raises(Refused):
        who_can_see(shared.session, shared.who(shared.tom), shared.luis.id, NOW)
    with pytest.raises(Refused):
        who_can_see(shared.session, shared.who(shared.rita), shared.luis.id, NOW)
    with pytest.raises(NotFound):
        who_can_see(shared.session, shared.who(shared.ana), shared.ana.id, NOW)
