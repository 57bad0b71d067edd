"""The gate as a condition: the same wherever it stands, whatever tables stand around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.access import facts as facts_of
from portal.access import visible
from portal.policy.finding import may_find, may_find_by_grant
from portal.policy.gate import may_open
from portal.store.consents import Consent
from portal.store.papers import (
    Agreement,
    AgreementLine,
    LegalBasis,
    LegalBasisCategory,
    LegalBasisUser,
)
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Guardianship,
    HiddenStudent,
    Relation,
    StaffLock,
    Student,
    User,
)
from portal.store.places import Organization
from portal.store.records import Audience, AudienceLevel, Record
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    Detail,
    Direction,
    GrantKind,
    LegalKind,
    Level,
    OrganizationKind,
    RelationKind,
    Role,
    SignerKind,
)
from tests import factories as make
from tests.engines import migrated
from tests.people import LONG_AGO, NOW, Cast, store_cast

PEOPLE = ("ana", "omar", "tom", "dina", "sue", "rita", "rob", "alma", "hugo")


@pytest.fixture
def shared(cast: Cast) -> Consent:
    """Records of all three students; Luis's visits are shared with Riverside, in summary."""
    for student in (cast.luis, cast.mei, cast.zoe):
        for category in (Category.VISITS, Category.ATTENDANCE, Category.SUD):
            make.record(cast.session, student, category, author=cast.ana)
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, detail=Detail.SUMMARY)


def open_to(cast: Cast, who: str | User, purpose: str = "coordinate", **how) -> set:
    me = cast.who(getattr(cast, who) if isinstance(who, str) else who)
    condition = visible.records(me, purpose, NOW, **how)
    return set(cast.session.scalars(select(Record.id).where(condition)))


def open_by_rule(cast: Cast, who: str | User) -> set:
    user, found = getattr(cast, who) if isinstance(who, str) else who, set()
    for student in (cast.luis, cast.mei, cast.zoe):
        facts = facts_of.load_known(cast.session, user.id, student.id)
        opened = [item for item in facts.shelf if may_open(facts, item, "coordinate", NOW)]
        found |= {item.id for item in opened}
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_the_condition_opens_what_the_rule_opens(cast: Cast, shared, who):
    assert {str(key) for key in open_to(cast, who)} == open_by_rule(cast, who)


@pytest.mark.parametrize("who", PEOPLE)
def test_tables_that_stand_around_it_do_not_change_it(cast: Cast, shared, who):
    me = cast.who(getattr(cast, who))
    around = (
        select(Record.id)
        .join(Student, Student.id == Record.student_id)
        .join(Organization, Organization.id == Record.custodian_id)
        .outerjoin(User, User.id == Record.author_id)
        .outerjoin(Relation, Relation.student_id == Record.student_id)
        .outerjoin(Guardianship, Guardianship.student_id == Record.student_id)
        .outerjoin(Consent, Consent.student_id == Record.student_id)
        .outerjoin(Agreement, Agreement.b_id == Consent.recipient_id)
        .outerjoin(AccessGrant, AccessGrant.student_id == Record.student_id)
        .outerjoin(LegalBasis, LegalBasis.student_id == Record.student_id)
    )

    found = cast.session.scalars(around.where(visible.records(me, "coordinate", NOW)))

    assert set(found) == open_to(cast, who)


def test_it_may_stand_on_another_name_of_the_shelf(cast: Cast, shared):
    shelf = aliased(Record)
    me = cast.who(cast.rita)
    condition = visible.records(me, "coordinate", NOW, of=shelf)

    found = cast.session.scalars(select(shelf.id).where(condition))

    assert set(found) == open_to(cast, "rita")


def newest(cast: Cast, who: str, most: int, **how) -> list:
    me = cast.who(getattr(cast, who))
    return cast.session.scalars(visible.newest(me, "coordinate", NOW, most, **how)).all()


@pytest.mark.parametrize("who", PEOPLE)
def test_the_newest_are_those_that_the_condition_opens(cast: Cast, shared, who):
    assert set(newest(cast, who, 100)) == open_to(cast, who)
    assert newest(cast, who, 100)[:3] == newest(cast, who, 3)
    assert set(newest(cast, who, 100, in_full=True)) == open_to(cast, who, in_full=True)


def test_older_records_are_listed_when_the_last_days_hold_too_few(cast: Cast, shared):
    for days in (1, 13, 15, 100):
        at = NOW - timedelta(days=days)
        make.record(cast.session, cast.luis, Category.VISITS, at, author=cast.ana)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)

    listed = [cast.session.get_one(Record, key) for key in newest(cast, "rita", 4)]

    assert len({record.id for record in listed}) == 4
    assert listed == sorted(listed, key=lambda record: record.event_at, reverse=True)
    assert set(newest(cast, "rita", 100)) == open_to(cast, "rita")


def test_kinds_narrow_what_is_open_and_name_nobody(cast: Cast, shared):
    for who in PEOPLE:
        every = [cast.session.get_one(Record, key) for key in open_to(cast, who)]
        visits = {record.id for record in every if record.category == Category.VISITS}
        assert open_to(cast, who, kinds=[Category.VISITS]) == visits


def test_in_part_is_meant_when_nothing_is_said(cast: Cast, shared):
    in_part, in_full = open_to(cast, "rita"), open_to(cast, "rita", in_full=True)

    assert len(in_part) == 2
    assert in_full == set()
    assert open_to(cast, "rita", in_full=False) == in_part
    assert open_to(cast, "ana", in_full=True) == open_to(cast, "ana")


@pytest.mark.parametrize("purpose", ["", "curiosity", "evaluate"])
def test_for_another_purpose_nothing_crosses(cast: Cast, shared, purpose):
    assert open_to(cast, "rita", purpose) == set()
    assert bool(open_to(cast, "ana", purpose)) == (purpose == "evaluate")
    me = cast.who(cast.ana)
    listed = cast.session.scalars(visible.newest(me, purpose, NOW, 50)).all()
    assert bool(listed) == (purpose == "evaluate")


def test_whoever_has_left_is_shown_nothing(cast: Cast, shared):
    people = [cast.who(user) for user in (cast.ana, cast.rita)]
    for user in (cast.ana, cast.rita):
        user.active_until = NOW
    cast.session.flush()

    for me in people:
        condition = visible.records(me, "coordinate", NOW)
        named = visible.shared_students(me, "coordinate", NOW)
        assert cast.session.scalars(select(Record.id).where(condition)).all() == []
        assert cast.session.scalars(visible.newest(me, "coordinate", NOW, 9)).all() == []
        assert cast.session.scalars(select(Student.id).where(named)).all() == []


def test_what_is_shared_in_summary_names_the_student(cast: Cast, shared):
    named = visible.shared_students(cast.who(cast.rita), "coordinate", NOW)

    assert cast.session.scalars(select(Student.id).where(named)).all() == [cast.luis.id]


@pytest.mark.parametrize("kind", SignerKind)
@pytest.mark.parametrize("category", [Category.VISITS, Category.SUD])
@pytest.mark.parametrize("born", [2000, 2013])
def test_a_signer_is_who_the_paper_says_and_nobody_else(cast: Cast, shared, kind, category, born):
    """The number of a signer says nothing of what kind of person it is."""
    session = cast.session
    make.event(session, shared, ConsentEventKind.REVOKED, LONG_AGO)
    cast.luis.born = cast.luis.born.replace(year=born)
    cast.luis.majority_at = cast.luis.majority_at.replace(year=born + 18)
    for signer in (cast.maria.id, cast.luis.id):
        signed_by = {"signer_kind": kind, "signer_id": signer}
        papers = (cast.luis, cast.riverside, cast.maria, [category])
        consent = make.consent(session, *papers, **signed_by)
        assert {str(key) for key in open_to(cast, "rita")} == open_by_rule(cast, "rita")
        make.event(session, consent, ConsentEventKind.REVOKED, LONG_AGO)


def test_a_level_that_nobody_named_reaches_nobody(cast: Cast, shared):
    for level in (Level.PERSONNEL, Level.BUDGET, Level.CURRICULUM, Level.STAFF):
        cast.ana.level = level
        cast.session.flush()
        me = cast.who(cast.ana)
        found = select(Student.id).where(visible.students(me, NOW))
        assert cast.session.scalars(found).all() == []
        assert open_to(cast, "ana") == set()


def test_an_order_opens_for_any_purpose_that_is_known(cast: Cast, shared):
    basis = LegalBasis(
        kind=LegalKind.COURT_ORDER,
        student_id=cast.luis.id,
        custodian_id=cast.district.id,
        recipient_id=cast.riverside.id,
        starts_at=LONG_AGO,
    )
    make.stored(cast.session, basis)
    line = LegalBasisCategory(legal_basis_id=basis.id, category=Category.SUD)
    make.stored(cast.session, line)

    rita = cast.who(cast.rita)
    for purpose, names in (("evaluate", ["Luis"]), ("curiosity", []), ("", [])):
        listed = select(Student.given_name).where(visible.shared_students(rita, purpose, NOW))
        assert cast.session.scalars(listed).all() == names

    assert len(open_to(cast, "rita")) == 3
    assert len(open_to(cast, "rita", in_full=True)) == 2  # the order's, and the name with it
    assert {str(key) for key in open_to(cast, "rita")} == open_by_rule(cast, "rita")


# What a line of an agreement carries


def a_line(cast: Cast, category: Category = Category.VISITS, **told) -> Agreement:
    """An agreement that has this line alone; nothing else stands between the two."""
    for older in cast.session.scalars(select(Agreement).where(Agreement.a_signed_at < NOW)):
        older.terminated_at, older.terminated_reason = NOW, "Ended"
    agreement = make.agreement(cast.session, cast.district, cast.riverside, (), ())
    of_it = {"agreement_id": agreement.id, "direction": Direction.A_TO_B, "category": category}
    cast.session.add(AgreementLine(**of_it | told))
    cast.session.flush()
    return agreement


@pytest.mark.parametrize(
    ("stored", "opens"),
    [
        *((told, True) for told in ("", "coordinate", "coordinate ", "evaluate  coordinate")),
        *((told, False) for told in (" ", "evaluate", "Coordinate", "co_rdinate", "coordinates")),
        *((told, False) for told in ("evaluate\tcoordinate", "coordinate\n", "%", "evaluate,")),
    ],
)
def test_purposes_however_written_are_read_alike_by_rule_and_query(cast, shared, stored, opens):
    a_line(cast, purposes=stored)

    opened = open_to(cast, "rita")

    assert bool(opened) == opens
    assert {str(key) for key in opened} == open_by_rule(cast, "rita")


def test_the_papers_behind_a_record_are_those_whose_line_carries_it(cast: Cast, shared):
    carrying = a_line(cast, purposes="coordinate", basis="consent")
    for told in ({"purposes": "evaluate"}, {"basis": "studies"}, {"added": True}):
        later = make.agreement(cast.session, cast.district, cast.riverside, (), (), b_signed_at=NOW)
        of_it = {"agreement_id": later.id, "direction": Direction.A_TO_B, "category": "visits"}
        cast.session.add(AgreementLine(**of_it | told))
    cast.session.flush()

    behind = visible.papers_behind(cast.who(cast.rita), "coordinate", NOW)

    visit = cast.session.scalars(
        select(Record.id).where(Record.student_id == cast.luis.id, Record.category == "visits")
    ).one()
    rows = cast.session.execute(select(behind)).mappings().all()
    papers = {"paper": shared.id, "agreement": carrying.id}
    assert rows == [{"record": visit, "student": cast.luis.id} | papers]


# Students in lists


def hide(cast: Cast, until: datetime | None = None) -> None:
    span = {"starts_at": LONG_AGO, "ends_at": until, "set_by": cast.omar.id}
    make.stored(cast.session, HiddenStudent(student_id=cast.luis.id, **span))


def lock(cast: Cast) -> None:
    """Luis and Mei."""
    for user in (cast.ana, cast.tom, cast.sue, cast.omar):
        for student in (cast.luis, cast.mei):
            about = {"user_id": user.id, "student_id": student.id, "set_by": cast.omar.id}
            make.stored(cast.session, StaffLock(**about, starts_at=LONG_AGO))


def grant(cast: Cast, *kinds: Category, **told) -> None:
    """To Tom, of Mei: written, approved and without end, but for what is told."""
    usual = {"approved": True, "starts_at": LONG_AGO, "ends_at": None, "reason": "A threat."}
    about = {"user_id": cast.tom.id, "student_id": cast.mei.id}
    row = make.stored(cast.session, AccessGrant(**about, **usual | told))
    for kind in kinds or (Category.IDENTITY,):
        make.stored(cast.session, AccessGrantCategory(access_grant_id=row.id, category=kind))


def leave(cast: Cast) -> None:
    cast.tom.active_until = NOW


def move(cast: Cast) -> None:
    """Mei now belongs to another district; whoever knew her still knows her."""
    cast.mei.district_id = make.organization(cast.session, "Elm Valley", code="0990012").id


def declared(hours: int) -> dict:
    """What is opened in an emergency, for so many hours."""
    return {"kind": GrantKind.EMERGENCY, "ends_at": LONG_AGO + timedelta(hours=hours)}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda cast: None, id="as they are"),
        pytest.param(hide, id="hidden"),
        pytest.param(lambda cast: hide(cast, NOW), id="no longer hidden"),
        pytest.param(lock, id="locked"),
        pytest.param(grant, id="granted"),
        pytest.param(lambda cast: grant(cast, Category.VISITS), id="granted, and not the name"),
        pytest.param(lambda cast: grant(cast, approved=False), id="granted by nobody"),
        pytest.param(lambda cast: grant(cast, ends_at=NOW), id="granted until now"),
        pytest.param(lambda cast: (grant(cast), move(cast)), id="granted, and gone"),
        pytest.param(lambda cast: (grant(cast), lock(cast)), id="granted, and locked"),
        pytest.param(lambda cast: (grant(cast), leave(cast)), id="granted, and left"),
        pytest.param(lambda cast: setattr(cast.district, "active_until", NOW), id="closed"),
    ],
)
def test_lists_of_students_hold_whom_the_rule_finds(cast: Cast, change):
    people = [cast.who(user) for user in (cast.tom, cast.ana, cast.omar, cast.sue, cast.rita)]
    change(cast)
    cast.session.flush()
    for me in people:
        asked = (visible.students, visible.students_by_number, visible.students_by_grant)
        listed = [set(cast.session.scalars(select(Student.id).where(f(me, NOW)))) for f in asked]
        for student in (cast.luis, cast.mei, cast.zoe):
            facts = facts_of.load_known(cast.session, me.id, student.id)
            about = (facts, str(student.district_id), NOW)
            found = (
                may_find(*about),
                may_find(*about, by_number=True),
                may_find_by_grant(*about),
            )
            assert [student.id in ids for ids in listed] == [bool(it) for it in found]


@pytest.mark.parametrize(
    ("told", "opens"),
    [
        (declared(72), True),
        (declared(73), False),
        (declared(72) | {"reason": " \t"}, False),
        (declared(72) | {"ends_at": None}, False),
        (declared(72) | {"approved": False}, False),
        ({"ends_at": LONG_AGO + timedelta(hours=73), "reason": ""}, True),
    ],
)
def test_what_was_opened_in_an_emergency_names_the_student_for_three_days(cast, told, opens):
    grant(cast, **told)

    named = visible.students_by_grant(cast.who(cast.tom), LONG_AGO + timedelta(hours=1))

    found = cast.session.scalars(select(Student.id).where(named)).all()
    assert found == ([cast.mei.id] if opens else [])


def test_a_list_of_something_else_leaves_out_whoever_is_hidden(cast: Cast, shared):
    hide(cast)
    for who, names in (("tom", {"Luis", "Mei", "Zoe"}), ("omar", {"Mei", "Zoe"})):
        me = cast.who(getattr(cast, who))
        rows = (
            select(Student.given_name)
            .join(Record, Record.student_id == Student.id)
            .where(visible.not_hidden(me, NOW, Record.student_id))
        )
        assert set(cast.session.scalars(rows)) == names


# As somebody then stood


def then(cast: Cast, who: str, at: datetime, **stood) -> set[str]:
    """Kinds of Luis's records that somebody could have opened, with the standing told of."""
    user = getattr(cast, who)
    of = cast.session.get_one(Organization, user.organization_id)
    viewer = visible.Viewer(user.id, of.id, of.kind, user.level, user.school_id)
    opened = visible.records_then(replace(viewer, **stood), "coordinate", at)
    about = select(Record.category).where(opened, Record.student_id == cast.luis.id)
    return set(cast.session.scalars(about))


def test_a_past_instant_is_asked_of_the_standing_that_somebody_then_had(cast: Cast, shared):
    every, inside = {"identity", "visits", "attendance", "sud"}, {"identity", "attendance"}
    assert then(cast, "ana", NOW) == then(cast, "omar", NOW) == every
    assert then(cast, "tom", NOW) == inside
    assert then(cast, "rita", NOW) == {"identity", "visits"}
    for kind in (cast.ana, cast.omar):
        assert then(cast, "tom", NOW, level=kind.level) == set()
    assert then(cast, "omar", NOW, school_id=cast.south.id) == set()
    assert then(cast, "ana", LONG_AGO - timedelta(microseconds=1)) == set()


def test_of_a_past_instant_whatever_was_written_by_then_is_told(cast: Cast, shared):
    visit = cast.session.scalars(
        select(Record).where(Record.student_id == cast.luis.id, Record.category == "visits")
    ).one()
    for written_at, told in ((None, True), (NOW, True), (NOW + timedelta(seconds=1), False)):
        visit.written_at = written_at
        cast.session.flush()
        assert ("visits" in then(cast, "ana", NOW)) == told
    cast.district.active_until = NOW
    cast.session.flush()
    assert then(cast, "ana", NOW) == set()
    assert then(cast, "ana", NOW - timedelta(microseconds=1)) != set()


# How the newest are looked for


def test_a_record_of_exactly_two_weeks_ago_is_among_the_newest(cast: Cast, shared):
    edge = make.record(cast.session, cast.luis, Category.VISITS, NOW - timedelta(days=14))

    assert newest(cast, "rita", 1) == [edge.id]


def test_of_one_instant_they_are_listed_in_the_order_of_their_keys(cast: Cast, shared):
    every = [make.record(cast.session, cast.luis, Category.VISITS, NOW).id for _ in range(6)]

    assert newest(cast, "rita", 4) == newest(cast, "ana", 4) == sorted(every)[:4]


def test_rights_to_a_large_part_are_walked_back_and_all_others_worked_out_once(cast: Cast):
    def worked_out_once(who: str) -> int:
        statement = visible.newest(cast.who(getattr(cast, who)), "coordinate", NOW, 5)
        return str(statement.compile(cast.session.connection())).count("MATERIALIZED")

    of_papers = worked_out_once("alma")  # all of her own agency, besides

    for who in ("omar", "dina", "sue"):  # and, of a district, what a grant opens
        assert worked_out_once(who) == of_papers + 1
    for who in ("rita", "hugo"):
        assert worked_out_once(who) == of_papers + 1
    for who in ("ana", "tom"):
        assert worked_out_once(who) == of_papers + 2


def test_older_records_are_not_read_while_the_last_days_hold_enough(sqlite_url: str):
    with migrated(sqlite_url) as engine, Session(engine) as session:
        cast = store_cast(session)
        make.consent(session, cast.luis, cast.riverside, cast.maria)
        for _ in range(2):
            make.record(session, cast.luis, Category.VISITS, NOW)
        rita, steps = cast.who(cast.rita), []

        def work() -> int:
            """Steps of SQLite's machine for two of the newest."""
            steps.clear()
            held = session.connection().connection.driver_connection
            held.set_progress_handler(lambda: steps.append(1), 1)
            session.scalars(visible.newest(rita, "coordinate", NOW, 2)).all()
            held.set_progress_handler(None, 1)
            return len(steps)

        few = work()
        for _ in range(100):
            make.record(session, cast.luis, Category.VISITS, LONG_AGO)
        many = work()

    assert many < few * 1.5


# One condition each


def agrees(cast: Cast, *who: str | User) -> None:
    """Rule and query open the same to each of them."""
    for one in who:
        assert {str(key) for key in open_to(cast, one)} == open_by_rule(cast, one), one


def a_basis(cast: Cast, kind: LegalKind, to: Organization, named: User, **told) -> LegalBasis:
    """For Luis's visits, within 72 hours and with a reason, naming one person."""
    span = {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=71)}
    values = {"reason": "A threat."} | span
    about = {"student_id": cast.luis.id, "custodian_id": cast.district.id, "recipient_id": to.id}
    basis = LegalBasis(kind=kind, **about, **values | told)
    make.stored(cast.session, basis)
    line = {"legal_basis_id": basis.id}
    make.stored(cast.session, LegalBasisCategory(**line, category=Category.VISITS))
    make.stored(cast.session, LegalBasisUser(**line, user_id=named.id))
    return basis


@pytest.mark.parametrize(
    ("kind", "told", "opens"),
    [
        *((LegalKind.COURT_ORDER, told, {"rita"}) for told in ({}, {"reason": " "})),
        *((LegalKind.CHILD_WELFARE, told, {"cora"}) for told in ({}, {"reason": " "})),
        (LegalKind.EMERGENCY, {}, {"rob", "cora"}),
        (LegalKind.EMERGENCY, {"reason": " "}, set()),
        (LegalKind.EMERGENCY, {"ends_at": NOW + timedelta(hours=72)}, set()),
    ],
)
def test_each_kind_of_legal_basis_opens_by_its_own_conditions(cast: Cast, kind, told, opens):
    """Rita is on the team and not named; Rob is named; Cora is a caseworker and named."""
    make.record(cast.session, cast.luis, Category.VISITS)
    welfare = make.organization(cast.session, "Child Welfare", OrganizationKind.CHILD_WELFARE)
    make.agreement(cast.session, cast.district, welfare)
    cora = make.user(cast.session, welfare, "Cora Case", Role.AGENCY_STAFF, Level.STAFF)
    a_basis(cast, kind, cast.riverside, cast.rob, **told)
    a_basis(cast, kind, welfare, cora, **told)

    people = {"rita": cast.rita, "rob": cast.rob, "hugo": cast.hugo, "cora": cora}
    assert {who for who, user in people.items() if open_to(cast, user)} == opens
    agrees(cast, *people.values())


def test_a_paper_of_an_agency_with_itself_opens_nothing(cast: Cast):
    ours = (cast.riverside, cast.riverside)
    make.record(cast.session, cast.luis, Category.VISITS, custodian=cast.riverside)
    make.agreement(cast.session, *ours, waive_team=True)
    papers = (cast.session, cast.luis, cast.riverside, cast.maria)
    make.consent(*papers, discloser_id=cast.riverside.id)

    assert open_to(cast, "rob") == set()
    assert len(open_to(cast, "rita")) == 1  # her own agency's, by her team
    agrees(cast, "rob", "rita", "alma")


def test_what_is_told_to_some_takes_nothing_from_the_rest_of_the_shelf(cast: Cast, shared):
    """Records without an audience stay open beside those that have one."""
    for told in ({"inside_only": True}, {"told_from": NOW}, {}):
        audience = make.stored(cast.session, Audience(organization_id=cast.district.id, **told))
        if not told:
            level = AudienceLevel(audience_id=audience.id, level=Level.COUNSELOR)
            make.stored(cast.session, level)
        make.record(cast.session, cast.luis, Category.VISITS).audience_id = audience.id
    cast.session.flush()

    agrees(cast, *PEOPLE)
    assert len(open_to(cast, "rita")) == 3  # the name, the visit shared, and one told to counselors


def test_a_day_of_majority_that_nobody_wrote_down_makes_nobody_an_adult(cast: Cast, shared):
    cast.luis.majority_at = None
    cast.session.flush()

    assert open_to(cast, "rita") != set()
    agrees(cast, "rita")


def test_a_team_may_be_waived_for_an_agency_and_not_for_a_district(cast: Cast, shared):
    elm = make.organization(cast.session, "Elm Valley", code="0990012")
    counselor = make.user(cast.session, elm, "Con Sells", Role.SUPPORT_STAFF, Level.COUNSELOR)
    teacher = make.user(cast.session, elm, "Tea Cher", Role.TEACHER, Level.TEACHER)
    make.relation(cast.session, teacher, cast.luis, RelationKind.CLASS)
    for receiver in (elm, cast.riverside):
        make.agreement(cast.session, cast.district, receiver, waive_team=True)
        make.consent(cast.session, cast.luis, receiver, cast.maria)

    assert len(open_to(cast, "rob")) == 2
    assert open_to(cast, counselor) == open_to(cast, teacher) == set()
    make.relation(cast.session, counselor, cast.luis, RelationKind.COUNSELOR)
    assert len(open_to(cast, counselor)) == 2
    agrees(cast, "rob", counselor, teacher)


def test_an_emergency_opens_nothing_special_inside_either(cast: Cast):
    for kind in (Category.VISITS, Category.SUD):
        make.record(cast.session, cast.mei, kind)
    until = {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=1)}
    grant(cast, Category.VISITS, Category.SUD, kind=GrantKind.EMERGENCY, **until)

    assert len(open_to(cast, "tom")) == 2  # the visit, and the name of Luis in his class
    agrees(cast, "tom")
