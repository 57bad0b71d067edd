"""The gate as a condition: the same wherever it stands, whatever tables stand around it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.access import facts as facts_of
from portal.access import visible
from portal.policy.gate import may_open
from portal.store.consents import Consent
from portal.store.papers import Agreement, AgreementLine, LegalBasis, LegalBasisCategory
from portal.store.people import AccessGrant, Guardianship, Relation, Student, User
from portal.store.places import Organization
from portal.store.records import Record
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    Detail,
    Direction,
    LegalKind,
    Level,
    SignerKind,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

PEOPLE = ("ana", "omar", "tom", "dina", "sue", "rita", "rob", "alma", "hugo")


@pytest.fixture
def shared(cast: Cast) -> Consent:
    """Records of all three students; Luis's visits are shared with Riverside, in summary."""
    for student in (cast.luis, cast.mei, cast.zoe):
        for category in (Category.VISITS, Category.ATTENDANCE, Category.SUD):
            make.record(cast.session, student, category, author=cast.ana)
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, detail=Detail.SUMMARY)


def open_to(cast: Cast, who: str, purpose: str = "coordinate", **how) -> set:
    me = cast.who(getattr(cast, who))
    condition = visible.records(me, purpose, NOW, **how)
    return set(cast.session.scalars(select(Record.id).where(condition)))


def open_by_rule(cast: Cast, who: str) -> set:
    user, found = getattr(cast, who), set()
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

    rows = cast.session.execute(select(behind.c.paper, behind.c.agreement).distinct()).all()
    assert [tuple(row) for row in rows] == [(shared.id, carrying.id)]
