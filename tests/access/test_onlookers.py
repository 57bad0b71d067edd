"""Who can see a student's page now: exactly those whom the gate lets in, each with why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import facts as facts_of
from portal.access import onlookers
from portal.access.onlookers import Onlooker, Period, who_can_see
from portal.errors import NotFound, Refused
from portal.policy.facts import UserFacts
from portal.policy.gate import may_open
from portal.policy.onlookers import Why
from portal.policy.spans import Span
from portal.store.oversight import AccessRequest
from portal.store.papers import Agreement, LegalBasis, LegalBasisCategory, LegalBasisUser
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    StaffLock,
    Student,
    User,
    UserStanding,
)
from portal.store.places import Organization
from portal.vocabulary import (
    Category,
    InformationForm,
    LegalKind,
    Level,
    OrganizationKind,
    Purpose,
    RelationKind,
    RequestKind,
    RequestStatus,
    Role,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

HOUR = timedelta(hours=1)


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


def granted(
    cast: Cast, user: User, student: Student, category: Category, **changes: object
) -> AccessGrant:
    """A written grant of one kind of record, since long ago unless told otherwise."""
    values = {"approved": True, "starts_at": LONG_AGO} | changes
    grant = make.stored(cast.session, AccessGrant(user_id=user.id, student_id=student.id, **values))
    opened = AccessGrantCategory(access_grant_id=grant.id, category=str(category))
    make.stored(cast.session, opened)
    return grant


def requested(cast: Cast, user: User, number: str) -> AccessRequest:
    """The written request behind a grant."""
    row = AccessRequest(
        organization_id=cast.district.id,
        number=number,
        kind=RequestKind.STAFF,
        status=RequestStatus.GRANTED,
        applicant_id=user.id,
        form=InformationForm.IDENTIFIED,
        wanted_from=NOW.date(),
        wanted_until=NOW.date(),
        written_by=user.id,
        written_at=LONG_AGO,
    )
    return make.stored(cast.session, row)


def test_a_partner_is_told_with_the_papers_and_the_kinds_they_open(cast: Cast) -> None:
    """And everybody else in full, by why, organization and name.

    What is about Mei, what the clinic holds itself and somebody else's draft count nothing.
    """
    clinic = make.organization(cast.session, "Open Clinic", OrganizationKind.PROVIDER)
    otto = make.user(cast.session, clinic, "Otto Open", Role.AGENCY_STAFF, Level.STAFF)
    cast.ana.title, otto.title = "Social worker", "Clinician"
    make.record(cast.session, cast.luis, Category.VISITS)
    make.record(cast.session, cast.luis, Category.ATTENDANCE, author=cast.ana).draft = True
    make.record(cast.session, cast.luis, Category.SERVICE_STATUS, custodian=cast.riverside)
    at_otto = {"a_to_b": (), "b_to_a": [Category.VISITS], "waive_team": True}
    make.agreement(cast.session, clinic, cast.district, number="M-1", **at_otto)
    make.consent(cast.session, cast.luis, clinic, cast.maria, number="C-1")
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, number="C-2")
    request = requested(cast, cast.selma, "A-1")
    granted(cast, cast.selma, cast.luis, Category.VISITS, request_id=request.id)
    about_mei(cast)

    found = who_can_see(cast.session, cast.who(cast.ana), cast.luis.id, NOW)

    own = (Category.IDENTITY, Category.VISITS)
    with_draft = (Category.IDENTITY, Category.ATTENDANCE, Category.VISITS)
    riverside = cast.session.scalars(select(Agreement).where(Agreement.b_id == cast.riverside.id))
    assert found == (
        one(cast, cast.ana, Why.CASELOAD, with_draft),
        one(cast, cast.omar, Why.BUILDING, own),
        one(cast, cast.sue, Why.DISTRICT, own),
        one(cast, cast.selma, Why.GRANT, (Category.VISITS,), "A-1"),
        one(cast, otto, Why.CONSENT, own, "C-1", "M-1"),
        one(cast, cast.rita, Why.CONSENT, own, "C-2", riverside.one().number),
    )


def one(cast: Cast, user: User, why: Why, kinds: tuple[Category, ...], *numbers: str) -> Onlooker:
    of = cast.session.get_one(Organization, user.organization_id)
    told = (user.id, user.name, user.title, of.name, of is not cast.district)
    return Onlooker(*told, why, kinds, NOW, numbers)


def about_mei(cast: Cast) -> None:
    """What would open Luis's record to Rob and Bea, and close it to Omar, were it about him."""
    make.agreement(cast.session, cast.riverside, cast.hilltop, waive_team=True)
    make.relation(cast.session, cast.rob, cast.mei, RelationKind.TEAM)
    granted(cast, cast.bea, cast.mei, Category.VISITS)
    granted(cast, cast.dina, cast.mei, Category.VISITS)
    for student, user in ((cast.mei, cast.omar), (cast.luis, cast.tom)):
        about = {"user_id": user.id, "student_id": student.id, "set_by": cast.sue.id}
        make.stored(cast.session, StaffLock(**about, starts_at=LONG_AGO))


def test_only_those_are_asked_about_of_whom_the_gate_may_say_yes(cast: Cast) -> None:
    """In the hour until NOW. What ended as it began, or begins as it ends, is not in it."""
    began = NOW - HOUR
    session, luis, mei = cast.session, cast.luis, cast.mei
    principal, head = (Role.PRINCIPAL, Level.PRINCIPAL), (Role.SUPERINTENDENT, Level.SUPERINTENDENT)
    teacher, staff = (Role.TEACHER, Level.TEACHER), (Role.AGENCY_STAFF, Level.STAFF)
    elm, oak = (make.organization(session, name) for name in ("Elm", "Oak"))
    wide, open_ = (
        make.organization(session, name, OrganizationKind.PROVIDER) for name in ("Wide", "Open")
    )
    make.user(session, cast.district, "Sal South", *principal, school=cast.south)
    make.user(session, cast.district, "Ted North", *teacher, school=cast.north)
    make.user(session, cast.district, "Old Head", *head).active_until = began
    make.user(session, cast.district, "New Head", *head).active_from = NOW
    make.user(session, elm, "Elm Head", *head)
    make.user(session, oak, "Oak Head", *head)
    make.user(session, oak, "Oak Principal", *principal)
    make.user(session, oak, "Oak Teacher", *teacher)
    make.user(session, wide, "Wide Open", *staff)
    make.user(session, open_, "Otto Open", *staff)
    make.agreement(session, wide, cast.district, waive_team=True)
    make.agreement(session, cast.district, open_, waive_team=True)
    for recipient in (cast.district, oak, wide, open_, cast.hilltop):
        make.consent(session, luis, recipient, cast.maria)
    make.consent(session, mei, elm, cast.maria)
    make.enrollment(session, luis, cast.south).ends_at = began
    make.relation(session, cast.rob, luis, RelationKind.TEAM).ends_at = began
    make.relation(session, cast.alma, luis, RelationKind.TEAM).starts_at = NOW
    make.relation(session, cast.hugo, mei, RelationKind.TEAM)
    granted(cast, cast.selma, luis, Category.VISITS)
    granted(cast, cast.bea, mei, Category.VISITS)
    session.flush()

    asked = onlookers._candidates(session, luis, Period(began, NOW), then=False)

    own = {"Ana Counts", "Tom Chalk", "Omar Keys", "Dina Desk", "Sue Perin", "Selma Minutes"}
    others = {"Rita River", "Oak Head", "Oak Principal", "Wide Open", "Otto Open"}
    assert {person.user.name for person in asked} == own | others
    always, stood = Span(LONG_AGO, None), {person.user.name: person.stood for person in asked}
    assert stood["Ana Counts"] == UserFacts(
        str(cast.ana.id), str(cast.district.id), Level.CLINICIAN, always, building=None
    )
    assert stood["Omar Keys"].building == str(cast.north.id)


def test_now_is_told_by_the_account_itself_and_not_by_what_is_kept_of_it(shared: Cast) -> None:
    for kept in shared.session.scalars(select(UserStanding)).all():
        shared.session.delete(kept)
    shared.session.flush()

    assert "Ana Counts" in told(shared)


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
    granted(shared, shared.dina, shared.luis, Category.ATTENDANCE)

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
