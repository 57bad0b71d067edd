"""The demonstration as it stands in the database: alive, complete, and by the portal's rules."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import gate, visible
from portal.access.actor import Actor, load
from portal.access.words import AS_SHIPPED
from portal.accounts import passwords
from portal.accounts.queries import installation, is_demo
from portal.agreements import queries as agreements
from portal.consents import rules as consents
from portal.demo import service
from portal.demo.names import FAMILY
from portal.policy.people import LEVELS_OF_ROLE, roles_of
from portal.store.accounts import UserSession
from portal.store.agreements import AgreementPaper
from portal.store.consents import Consent, ConsentRequest
from portal.store.ledger import ImportRun, TrailLine
from portal.store.oversight import UseFlag
from portal.store.papers import Agreement, Document
from portal.store.people import Enrollment, HiddenStudent, StaffLock, Student, User
from portal.store.places import Organization
from portal.store.records import Record, Referral, Visit, VisitServiceLine
from portal.store.support import (
    AmendmentRequest,
    Correction,
    FollowUp,
    Handover,
    SchoolYear,
    StudentNeed,
    StudentService,
)
from portal.supports.rules import NeedDraft, ServiceDraft, need_problems, service_problems
from portal.unnamed import service as numbers
from portal.unnamed.tables import of_view
from portal.visits import queries as visits
from portal.visits.rules import Known, VisitDraft, problems
from portal.vocabulary import (
    Access,
    AgreementStatus,
    AmendmentDecision,
    Attendance,
    Category,
    ConsentStatus,
    Instrument,
    Purpose,
    ReferralStatus,
    Role,
    UnnamedView,
    UseFlagKind,
    VisitMode,
    VisitService,
)
from tests.engines import rolled_back

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(engine: Engine) -> Iterator[Session]:
    """The demonstration of a Friday afternoon, on both databases."""
    with rolled_back(engine) as session:
        service.build(session, NOW)
        session.flush()
        session.execute(text("ANALYZE"))  # nothing is committed, so no engine has counted it yet
        yield session


def who(demo: Session, username: str) -> Actor:
    key = demo.scalars(select(User.id).where(User.username == username)).one()
    actor = load(demo, key, NOW)
    assert actor is not None
    return actor


def student(demo: Session, given: str, family: str) -> Student:
    names = (Student.given_name == given, Student.family_name == family)
    return demo.scalars(select(Student).where(*names).order_by(Student.source_id)).first() or fail()


def fail() -> Student:
    raise LookupError


def test_it_came_in_through_the_importers(demo: Session) -> None:
    runs = {run.kind: run.counts for run in demo.scalars(select(ImportRun))}

    assert runs["oneroster 0990011"]["students"] == 480
    assert runs["oneroster 0990011"]["schools"] == 3
    assert runs["agencies hsds"]["agencies"] == 6


def test_there_is_somebody_to_sign_in_as_in_every_role(demo: Session) -> None:
    listed = json.loads(installation(demo, "demo_people"))
    users = {row.username: row for row in demo.scalars(select(User))}

    assert {users[person["username"]].role for person in listed} == set(Role)
    hashes = {users[person["username"]].password_hash for person in listed}
    assert all(passwords.matches(installation(demo, "demo_password"), h or "") for h in hashes)
    assert [row.password_hash for row in users.values()].count(None) == len(users) - len(listed)
    assert is_demo(demo)


def test_every_account_has_a_level_of_its_role_and_a_role_of_its_place(demo: Session) -> None:
    rows = demo.execute(
        select(User, Organization).join(Organization, Organization.id == User.organization_id)
    )
    for user, organization in rows:
        assert user.level in LEVELS_OF_ROLE[user.role]
        assert user.role in roles_of(organization.kind)


def test_nobody_is_real(demo: Session) -> None:
    assert set(demo.scalars(select(Student.family_name))) <= set(FAMILY)


def test_fourteen_weeks_of_visits_each_of_which_the_form_would_take(demo: Session) -> None:
    services: dict[object, list[VisitService]] = {}
    for line in demo.scalars(select(VisitServiceLine)):
        services.setdefault(line.visit_id, []).append(VisitService(line.service))
    rows = demo.execute(
        select(Visit, Record, Student)
        .join(Record, Record.id == Visit.record_id)
        .join(Student, Student.id == Record.student_id)
    ).all()
    entered = {row.student_id: visits.time_in_school(demo, row.student_id)[0] for _, row, _ in rows}
    for visit, record, whom in rows:
        assert record.written_at is not None
        draft = VisitDraft(
            student_id=whom.id,
            purpose=visit.purpose,
            minutes=visit.minutes,
            services=tuple(services.get(visit.record_id, ())),
            began=record.event_at,
            mode=visit.mode,
            attendance=visit.attendance,
            missed_reason=visit.missed_reason,
            disposition=visit.disposition,
            tier=visit.tier,
            place=visit.place,
        )
        known = Known(whom.born, entered[whom.id], "America/New_York")
        assert problems(draft, record.written_at, known, AS_SHIPPED) == []
        assert record.written_at <= NOW
    assert len(rows) > 1000
    assert min(row.event_at for _, row, _ in rows) < NOW - timedelta(weeks=14)


def test_each_service_and_need_is_one_that_the_form_would_take(demo: Session) -> None:
    rows = demo.scalars(select(StudentService)).all()
    needed = demo.scalars(select(StudentNeed)).all()
    today = NOW.date()
    for row in rows:
        draft = ServiceDraft(
            service=row.service,
            tier=row.tier,
            agency_id=row.agency_id,
            provider=row.provider,
            intensity=row.intensity,
            data_owner=row.data_owner,
            started_on=row.started_on,
            estimated_end=row.estimated_end,
        )
        assert service_problems(draft, today, AS_SHIPPED) == []
    for need in needed:
        wanted = NeedDraft(need.need, need.tier, need.since_on, need.awaited_from)
        assert need_problems(wanted, today, AS_SHIPPED) == []
    assert min(len(rows), len(needed)) > 150


@pytest.mark.parametrize("office", ["personnel", "budget", "curriculum"])
def test_an_office_reads_most_of_its_numbers_and_sees_that_some_are_hidden(
    demo: Session, office: str
) -> None:
    me = who(demo, f"{office}@demo.example")
    latest, *_between, oldest = numbers.months(me, NOW)[:3]
    counts = {
        (sheet.code, month): [line.counts[0] for line in numbers.lines(demo, me, sheet, month, NOW)]
        for sheet in of_view(UnnamedView(office))
        for month in (latest, oldest)
    }
    for sheet in of_view(UnnamedView(office)):
        shown = counts[sheet.code, latest]
        assert 2 * shown.count(None) < len(shown), sheet.title
    assert any(None in shown for shown in counts.values())


def test_whoever_opened_a_record_had_signed_in_and_nobody_still_is(demo: Session) -> None:
    lines = demo.execute(select(TrailLine.user_id, TrailLine.event).order_by(TrailLine.id)).all()
    arrived = set()
    for person, event in lines:
        arrived |= {person} if event == "account.signed_in" else set()
        assert person is None or person in arrived, event
    live = (UserSession.ended_at.is_(None), UserSession.expires_at > NOW)
    assert not demo.scalars(select(UserSession).where(*live)).all()
    assert UseFlagKind.UNUSUAL_SIGN_IN not in set(demo.scalars(select(UseFlag.kind)))


def test_visits_of_every_mode_and_attendance_some_in_groups_and_follow_ups_that_are_due(
    demo: Session,
) -> None:
    assert set(demo.scalars(select(Visit.mode))) == set(VisitMode)
    assert set(demo.scalars(select(Visit.attendance))) == set(Attendance)
    groups = Counter(demo.scalars(select(Visit.group_id).where(Visit.group_id.is_not(None))))
    assert set(groups.values()) == {3}
    due = [row.due_on for row in demo.scalars(select(FollowUp))]
    assert min(due) < NOW.date() < max(due)


def test_a_hand_over_a_change_of_school_a_lock_and_a_hidden_student(demo: Session) -> None:
    told = demo.scalars(select(Handover)).all()
    assert {row.pair_id for row in told} == {told[0].pair_id}
    assert len(told) == 2  # one of them restricted
    for table in (StaffLock, HiddenStudent, SchoolYear):
        assert len(demo.scalars(select(table)).all()) == 1
    moved = demo.scalars(select(Enrollment).where(Enrollment.moved_at.is_not(None))).one()
    assert moved.ends_at is None


def test_referrals_in_every_status_and_with_every_outcome(demo: Session) -> None:
    assert set(demo.scalars(select(Referral.status))) == set(ReferralStatus)
    assert set(demo.scalars(select(Referral.access))) == set(Access)
    assert len(set(demo.scalars(select(Referral.not_accessed_reason))) - {None}) >= 4


def test_agreements_in_every_state_with_their_papers(demo: Session) -> None:
    papers = demo.scalars(select(AgreementPaper)).all()

    assert {agreements.status(demo, paper, NOW) for paper in papers} == set(AgreementStatus)
    assert any(row.waive_team for row in demo.scalars(select(Agreement)))
    for paper in papers:
        if agreements.status(demo, paper, NOW) is AgreementStatus.IN_FORCE:
            kept = demo.get_one(Document, paper.document_id)
            assert kept.content.startswith(b"PK")


def test_consents_in_every_state_with_their_papers(demo: Session) -> None:
    rows = demo.scalars(select(Consent).order_by(Consent.id)).all()
    facts = consent_facts.as_facts(demo, rows)
    states = [consents.status(fact, NOW) for fact in facts]

    of_requests = {ConsentStatus.OUT_FOR_SIGNATURE, ConsentStatus.REFUSED}
    assert set(states) == set(ConsentStatus) - of_requests
    assert {row.instrument for row in rows} == set(Instrument)
    assert {row.signer_kind for row in rows} == {"guardian", "student"}
    assert {row.method for row in rows} == {"paper", "typed", None}
    assert any(fact.special for fact in facts)
    for row, state in zip(rows, states, strict=True):
        assert (row.document_id is None) == (state is ConsentStatus.DRAFT)


def test_families_are_asked_and_answer_in_every_way(demo: Session) -> None:
    rows = demo.scalars(select(ConsentRequest)).all()

    assert {row.outcome for row in rows} == {"", "refused", "withdrawn"}
    assert {row.channel for row in rows} == {"letter", "paper", "draft"}
    assert any(row.ended_at is None and row.expires_at < NOW for row in rows)
    assert any(row.ended_at is None and row.expires_at > NOW for row in rows)


def test_a_visit_was_corrected_and_families_asked_to_amend(demo: Session) -> None:
    fields = set(demo.scalars(select(Correction.field)))
    asked = demo.scalars(select(AmendmentRequest).order_by(AmendmentRequest.asked_on)).all()

    assert {"minutes", "approved", "amendment", "statement"} <= fields
    assert [(one.decision, bool(one.statement)) for one in asked] == [
        (AmendmentDecision.REFUSED, True),
        (None, False),
    ]


def test_the_clinic_sees_luis_and_no_longer_jayden(demo: Session) -> None:
    rita = who(demo, "clinic@demo.example")
    luis, jayden = student(demo, "Luis", "Sample"), student(demo, "Jayden", "Example")

    seen = gate.open_record(demo, rita, luis.id, Purpose.COORDINATE, NOW)
    shared = set(
        demo.scalars(select(Student.id).where(visible.shared_students(rita, "coordinate", NOW)))
    )

    opened = {entry.category for entry in seen.open}
    assert {Category.VISITS, Category.VISIT_NOTES, Category.ATTENDANCE} <= opened
    assert not opened & {Category.SUD, Category.DISCIPLINE, Category.MANDATED_REPORT}
    assert luis.id in shared
    assert jayden.id not in shared
    assert len(shared) >= 4


def test_hilltop_s_hugo_sees_nobody(demo: Session) -> None:
    hugo = who(demo, "hilltop@demo.example")

    assert not demo.scalars(
        select(Student.id).where(visible.shared_students(hugo, "coordinate", NOW))
    ).all()


@pytest.mark.parametrize(
    "username",
    [
        "worker@demo.example",
        "counselor@demo.example",
        "teacher@demo.example",
        "principal@demo.example",
        "admin@demo.example",
    ],
)
def test_whoever_signs_in_has_students(demo: Session, username: str) -> None:
    me = who(demo, username)

    assert demo.scalar(select(func.count()).select_from(Student).where(visible.students(me, NOW)))


def test_the_trail_tells_openings_and_refusals_in_the_order_of_time(demo: Session) -> None:
    lines = demo.execute(
        select(TrailLine.at, TrailLine.event, TrailLine.allowed).order_by(TrailLine.id)
    ).all()
    instants = [line.at for line in lines]

    assert instants == sorted(instants)
    assert instants[-1] <= NOW
    opened = [line.allowed for line in lines if line.event == "record.opened"]
    assert True in opened
    assert False in opened
