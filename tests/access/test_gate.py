"""The door from the school's side: tasks, own records, and what a name stays hidden behind."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import facts as facts_of
from portal.access import gate, trail, visible
from portal.access.gate import NAME_CLOSED, OpenedRecord
from portal.errors import NotFound, Refused
from portal.policy.decision import SENTENCES, Reason
from portal.policy.gate import may_open
from portal.policy.tasks import Task
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.people import AccessGrant, AccessGrantCategory, Enrollment, StaffLock, User
from portal.store.records import Audience, AudienceLevel, HistoryEntry, Record, VisitNote
from portal.store.support import AmendmentRequest
from portal.vocabulary import Category, Detail, Field, Level, RelationKind, Role
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

C = Category


def opened_by(cast: Cast, user: User, purpose: str = "coordinate") -> OpenedRecord:
    return gate.open_record(cast.session, cast.who(user), cast.luis.id, purpose, NOW)


def open_to(cast: Cast, user: User) -> set[Category]:
    return {entry.category for entry in opened_by(cast, user).open}


def last_line(cast: Cast) -> TrailLine:
    return cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()


def waiting(cast: Cast) -> list[trail.Entry]:
    return [entry for _me, entry in cast.session.info.get(trail.WAITING, [])]


# Tasks


@pytest.mark.parametrize(
    ("who", "task"),
    [
        ("ana", Task.LOG_VISIT),
        ("omar", Task.FOLLOW_REFERRALS),
        ("tom", Task.SEE_STUDENT),
        ("sue", Task.SEE_OPENINGS),
        ("dina", Task.ASSIGN_CASELOAD),  # Luis is not in her reach, and she need not see him
    ],
)
def test_a_student_is_opened_for_a_task_and_the_line_names_both(cast: Cast, who, task):
    me = cast.who(getattr(cast, who))
    student = gate.open_student(cast.session, me, cast.luis.id, task, NOW)

    line = last_line(cast)
    assert student is cast.luis
    assert (line.event, line.allowed, line.user_id) == (f"student.{task}", True, me.id)
    about = select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    assert cast.session.scalars(about).all() == [cast.luis.id]


@pytest.mark.parametrize("who", ["dina", "rita", "hugo"])
def test_a_student_out_of_reach_and_one_who_does_not_exist_get_one_answer(cast: Cast, who):
    me = cast.who(getattr(cast, who))
    answers = []
    for asked in (cast.luis.id, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            gate.open_student(cast.session, me, asked, Task.SEE_STUDENT, NOW)
        answers.append((caught.value.what, caught.value.do_next))

    assert answers[0] == answers[1]
    assert [entry.allowed for entry in waiting(cast)] == [False, False]
    assert [asking for asking, _entry in cast.session.info[trail.WAITING]] == [me, me]
    assert [entry.students for entry in waiting(cast)] == [(cast.luis.id,), ()]


@pytest.mark.parametrize(
    ("who", "task", "does"),
    [
        ("ana", Task.LOG_VISIT, True),
        ("tom", Task.SEE_STUDENT, True),
        ("tom", Task.LOG_VISIT, False),
        ("dina", Task.SEE_STUDENT, False),
        ("rita", Task.SEE_STUDENT, False),
    ],
)
def test_a_page_asks_what_may_be_done_for_a_student_without_a_line(cast: Cast, who, task, does):
    me = cast.who(getattr(cast, who))

    assert gate.reaches(cast.session, me, cast.luis.id, task, NOW) is does
    assert gate.reaches(cast.session, me, uuid.uuid4(), task, NOW) is False
    assert cast.session.scalars(select(TrailLine)).all() == waiting(cast) == []


def a_lock(cast: Cast, user: User, until: datetime | None = None) -> None:
    span = {"starts_at": LONG_AGO, "ends_at": until, "set_by": cast.omar.id}
    make.stored(cast.session, StaffLock(user_id=user.id, student_id=cast.luis.id, **span))


@pytest.mark.parametrize("who", ["ana", "tom", "omar", "sue"])
def test_a_conflict_of_interest_answers_as_a_student_who_does_not_exist(cast: Cast, who):
    me = cast.who(getattr(cast, who))
    a_lock(cast, getattr(cast, who))
    answers = []
    for asked in (cast.luis.id, uuid.uuid4()):
        for opening in (
            lambda key: gate.open_student(cast.session, me, key, Task.SEE_STUDENT, NOW),
            lambda key: gate.open_record(cast.session, me, key, "coordinate", NOW),
        ):
            with pytest.raises(NotFound) as caught:
                opening(asked)
            answers.append((caught.value.what, caught.value.do_next))

    assert len(set(answers)) == 1
    assert answers[0] == SENTENCES[Reason.CONFLICT_OF_INTEREST]
    assert Reason.CONFLICT_OF_INTEREST in waiting(cast)[0].codes


def test_a_lock_that_is_over_and_somebody_else_s_close_nothing(cast: Cast):
    a_lock(cast, cast.ana, until=NOW)
    a_lock(cast, cast.omar)
    make.record(cast.session, cast.luis, C.VISITS, author=cast.ana)

    gate.open_student(cast.session, cast.who(cast.ana), cast.luis.id, Task.LOG_VISIT, NOW)
    assert C.VISITS in open_to(cast, cast.ana)


def a_note(cast: Cast, **changes) -> Record:
    record = make.record(cast.session, cast.luis, C.VISIT_NOTES, author=cast.ana)
    for name, value in changes.items():
        setattr(record, name, value)
    row = VisitNote(record_id=record.id, visit_id=uuid.uuid4(), text="He told me why.")
    return make.stored(cast.session, row) and record


def parts_of(cast: Cast, user: User, record: Record) -> set[Field] | None:
    found = [item for item in opened_by(cast, user).items if item.record_id == record.id]
    return set(found[0].parts) if found else None


def test_of_a_restricted_note_others_read_that_it_is_there(cast: Cast):
    note = a_note(cast, restricted=True)
    cora = make.user(cast.session, cast.district, "Cora Guide", Role.SUPPORT_STAFF, Level.COUNSELOR)
    make.relation(cast.session, cora, cast.luis, RelationKind.COUNSELOR)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)
    make.record(cast.session, cast.luis, C.VISITS, author=cast.ana)

    for user in (cast.ana, cast.omar, cast.sue):
        assert Field.NARRATIVE in parts_of(cast, user, note)
    assert parts_of(cast, cora, note) == {Field.WHAT}
    assert parts_of(cast, cast.rita, note) is None


def test_an_audience_is_asked_of_the_shelf(cast: Cast):
    session = cast.session
    audience = make.stored(session, Audience(organization_id=cast.district.id, inside_only=True))
    make.stored(session, AudienceLevel(audience_id=audience.id, level=Level.CLINICIAN))
    note = a_note(cast, audience_id=audience.id)
    make.record(session, cast.luis, C.VISITS, author=cast.ana)
    make.consent(session, cast.luis, cast.riverside, cast.maria)

    assert parts_of(cast, cast.ana, note)
    for user in (cast.omar, cast.sue, cast.rita):
        assert parts_of(cast, user, note) is None


def test_a_record_whose_audience_nobody_asked_for_is_nobody_s(cast: Cast):
    audience = make.stored(cast.session, Audience(organization_id=cast.district.id))
    note = a_note(cast, audience_id=audience.id)
    facts = facts_of.load_known(cast.session, cast.ana.id, cast.luis.id)

    forgotten, asked = facts_of.of_record(note), facts_of.of_one(cast.session, note)

    assert not may_open(facts, forgotten, "coordinate", NOW)
    assert may_open(facts, asked, "coordinate", NOW)
    assert asked in facts.shelf


def test_a_statement_of_disagreement_goes_to_a_partner_and_into_the_proof(cast: Cast):
    record = make.record(cast.session, cast.luis, C.VISITS, author=cast.ana)
    make.stored(cast.session, HistoryEntry(record_id=record.id, headline="Sent out of class"))
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)

    def proof() -> tuple[str, str]:
        opened = opened_by(cast, cast.rita)
        [item] = [item for item in opened.items if item.record_id == record.id]
        return item.statement, last_line(cast).detail["content_sha256"]

    before = proof()
    about = {"record_id": record.id, "student_id": cast.luis.id, "written_by": cast.ana.id}
    asked = {"asked_on": NOW.date(), "wants": "Another word", "written_at": NOW}
    row = AmendmentRequest(**about, **asked, statement="I was ill.", statement_on=NOW.date())
    make.stored(cast.session, row)
    after = proof()

    assert (before[0], after[0]) == ("", "November 20, 2026: I was ill.")
    assert before[1] != after[1]


def test_a_draft_of_a_referral_is_its_author_s_alone(cast: Cast):
    referral = make.record(cast.session, cast.luis, C.REFERRALS, author=cast.ana)
    referral.draft = True
    make.record(cast.session, cast.luis, C.VISITS, author=cast.ana)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)

    assert C.REFERRALS in {item.category for item in opened_by(cast, cast.ana).items}
    for user in (cast.omar, cast.sue, cast.rita):
        assert C.REFERRALS not in {item.category for item in opened_by(cast, user).items}
        mine = select(Record.id).where(visible.records(cast.who(user), "coordinate", NOW))
        assert referral.id not in cast.session.scalars(mine).all()


def test_a_task_that_is_not_theirs_is_refused_with_the_reason(cast: Cast):
    with pytest.raises(Refused) as caught:
        gate.open_student(cast.session, cast.who(cast.tom), cast.luis.id, Task.LOG_VISIT, NOW)

    assert caught.value.codes == ("NO_SUCH_TASK", "SUPPORT_STAFF_ONLY")
    assert caught.value.do_next
    [entry] = waiting(cast)
    assert (entry.event, entry.students) == ("student.log_visit", (cast.luis.id,))
    assert list(entry.codes) == ["NO_SUCH_TASK", "SUPPORT_STAFF_ONLY"]


def test_a_level_that_never_sees_names_learns_of_nobody(cast: Cast):
    bea = make.user(cast.session, cast.district, "Bea Budget", Role.DISTRICT_ADMIN, Level.BUDGET)

    with pytest.raises(NotFound):
        gate.open_student(cast.session, cast.who(bea), cast.luis.id, Task.SEE_STUDENT, NOW)
    with pytest.raises(NotFound):
        opened_by(cast, bea)


# One's own students


def test_support_staff_see_every_kind_and_a_teacher_no_support_records(cast: Cast):
    for category in Category:
        make.record(cast.session, cast.luis, category)

    assert open_to(cast, cast.ana) == set(Category)
    from_tom = opened_by(cast, cast.tom)
    support = {
        C.VISITS, C.VISIT_NOTES, C.REFERRALS, C.SERVICE_STATUS, C.SAFETY_PLAN,
        C.PSYCHIATRIC, C.REPRODUCTIVE, C.OWN_CARE, C.HIV, C.SUD, C.MANDATED_REPORT,
    }  # fmt: skip
    assert {entry.category for entry in from_tom.closed} == support
    assert {item.category for item in from_tom.items} == set(Category) - support


def test_the_header_tells_who_it_is(cast: Cast):
    make.enrollment(cast.session, cast.luis, cast.south)

    header = opened_by(cast, cast.ana).student

    assert (header.id, header.name) == (cast.luis.id, "Luis Sample")
    assert header.school in ("North School", "South School")
    assert header.sasid_tail == "0101"


def test_the_school_is_the_one_last_entered(cast: Cast):
    later = make.enrollment(cast.session, cast.luis, cast.south)
    later.starts_at = NOW
    assert gate.school_of(cast.session, cast.luis.id, NOW) == "South School"

    later.starts_at = NOW.replace(year=2027)
    cast.session.flush()
    assert gate.school_of(cast.session, cast.luis.id, NOW) == "North School"


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("apart", [timedelta(0), timedelta(days=1)])
def test_of_two_schools_it_is_the_later_whatever_their_numbers(cast: Cast, first: int, apart):
    new = make.student(cast.session, cast.district, "Nia", "Newcomer", None)
    since, keys = [NOW - apart, NOW], [uuid.UUID(int=first), uuid.UUID(int=1 - first)]
    for school, starts_at, key in zip((cast.south, cast.north), since, keys, strict=True):
        about = {"id": key, "student_id": new.id, "school_id": school.id}
        make.stored(cast.session, Enrollment(**about, starts_at=starts_at))

    expected = cast.south if not apart and first == 0 else cast.north
    assert gate.school_of(cast.session, new.id, NOW) == expected.name


def test_a_student_who_never_entered_a_school_has_none(cast: Cast):
    new = make.student(cast.session, cast.district, "Nia", "Newcomer", None)

    opened = gate.open_record(cast.session, cast.who(cast.sue), new.id, "coordinate", NOW)

    assert (opened.student.school, opened.student.sasid_tail) == ("", "")


def test_a_refused_opening_is_written_down_under_whoever_asked(cast: Cast):
    me = cast.who(cast.hugo)
    for asked in (cast.luis.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            gate.open_record(cast.session, me, asked, "coordinate", NOW)

    found = [(who, line.event) for who, line in cast.session.info[trail.WAITING]]
    assert found == [(me, "record.opened")] * 2


def test_an_unknown_purpose_opens_nothing_even_to_the_superintendent(cast: Cast):
    with pytest.raises(NotFound):
        opened_by(cast, cast.sue, purpose="curiosity")

    [entry] = waiting(cast)
    assert list(entry.codes) == ["PURPOSE_UNKNOWN"]


def test_items_come_newest_first(cast: Cast):
    for day in (3, 9, 5):
        make.record(cast.session, cast.luis, C.VISITS, event=NOW.replace(day=day))

    opened = opened_by(cast, cast.ana)

    days = [item.when.day for item in opened.items if item.category is C.VISITS]
    assert days == [9, 5, 3]
    [visits] = [entry for entry in opened.open if entry.category is C.VISITS]
    assert [item.when.day for item in visits.items] == [9, 5, 3]


def test_a_student_without_any_record_is_not_found_and_the_line_has_a_reason(cast: Cast):
    cast.session.delete(
        cast.session.scalars(select(Record).where(Record.student_id == cast.mei.id)).one()
    )
    cast.session.flush()

    with pytest.raises(NotFound):
        gate.open_record(cast.session, cast.who(cast.sue), cast.mei.id, "coordinate", NOW)

    assert [list(entry.codes) for entry in waiting(cast)] == [["RECORD_UNKNOWN"]]


# Reasons come from papers, never from real records


def reasons(opened: OpenedRecord) -> dict[Category, tuple[str, ...]]:
    return {entry.category: entry.codes for entry in opened.closed}


def test_what_is_closed_reads_the_same_whether_or_not_there_is_such_a_record(cast: Cast):
    make.record(cast.session, cast.luis, C.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)
    before = opened_by(cast, cast.rita)

    for category in (C.DISCIPLINE, C.HIV, C.SUD, C.MANDATED_REPORT, C.VISIT_NOTES):
        hidden = make.record(cast.session, cast.luis, category)
        hidden.draft = category is C.HIV
        hidden.sealed_from = LONG_AGO if category is C.SUD else None
    cast.session.flush()
    after = opened_by(cast, cast.rita)

    assert reasons(after) == reasons(before)
    assert after.open == before.open


def test_a_sealed_record_of_an_open_kind_looks_like_none(cast: Cast):
    make.record(cast.session, cast.luis, C.ATTENDANCE)
    shared = [C.VISITS, C.ATTENDANCE]
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, shared)
    before = opened_by(cast, cast.rita)

    make.record(cast.session, cast.luis, C.VISITS).sealed_from = LONG_AGO
    cast.session.flush()

    assert opened_by(cast, cast.rita) == before
    assert C.VISITS in {entry.category for entry in before.open}


# A name opens only where identity does


def granted(cast: Cast, user: User, *categories: Category) -> AccessGrant:
    grant = AccessGrant(user_id=user.id, student_id=cast.luis.id, approved=True, starts_at=LONG_AGO)
    make.stored(cast.session, grant)
    for category in categories:
        line = AccessGrantCategory(access_grant_id=grant.id, category=category)
        make.stored(cast.session, line)
    return grant


def test_a_written_grant_tells_the_name_only_when_it_lists_it(cast: Cast):
    make.record(cast.session, cast.luis, C.ATTENDANCE)
    bea = make.user(cast.session, cast.district, "Bea Budget", Role.DISTRICT_ADMIN, Level.BUDGET)
    grant = granted(cast, bea, C.ATTENDANCE)

    unnamed = opened_by(cast, bea)
    assert last_line(cast).detail["grants"] == [str(grant.id)]
    assert {entry.category for entry in unnamed.open} == {C.ATTENDANCE}
    header = unnamed.student
    assert (header.name, header.grade, header.school) == (NAME_CLOSED, "", "")
    assert (header.sasid_tail, header.language) == ("", "")

    granted(cast, bea, C.IDENTITY)
    assert opened_by(cast, bea).student.name == "Luis Sample"


def test_a_sealed_name_is_told_to_nobody(cast: Cast):
    make.record(cast.session, cast.luis, C.VISITS)
    identity = select(Record).where(
        Record.student_id == cast.luis.id, Record.category == C.IDENTITY
    )
    cast.session.scalars(identity).one().sealed_from = LONG_AGO
    cast.session.flush()

    assert opened_by(cast, cast.ana).student.name == NAME_CLOSED


# The line tells everything that was opened, and on which papers


def test_the_line_names_every_paper_that_opened_an_item(cast: Cast):
    early, late = LONG_AGO, NOW.replace(day=1)
    for event in (early, late):
        record = make.record(cast.session, cast.luis, C.VISITS, event=event)
        entry = HistoryEntry(record_id=record.id, headline="A visit", narrative="At length")
        make.stored(cast.session, entry)
    first = make.consent(cast.session, cast.luis, cast.riverside, cast.maria, records_until=late)
    second = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, records_from=late,
        detail=Detail.SUMMARY,
    )  # fmt: skip

    opened = opened_by(cast, cast.rita)

    assert {str(first.id), str(second.id)} <= set(last_line(cast).basis)
    parts = {item.when: set(item.parts) for item in opened.items if item.category is C.VISITS}
    assert parts == {early: {Field.WHAT, Field.NARRATIVE}, late: {Field.WHAT}}
    [visits] = [entry for entry in opened.open if entry.category is C.VISITS]
    assert {str(first.id), str(second.id)} <= set(visits.decision.papers)


def test_the_line_of_an_opening_tells_what_was_opened_and_what_stayed_closed(cast: Cast):
    make.record(cast.session, cast.luis, C.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)

    opened = opened_by(cast, cast.rita)

    line = last_line(cast)
    assert (line.event, line.allowed, line.purpose) == ("record.opened", True, "coordinate")
    assert line.opened == [str(entry.category) for entry in opened.open] == ["identity", "visits"]
    assert line.closed == [str(entry.category) for entry in opened.closed]
    missing = ["ITEM_NOT_COVERED", "MINOR_SIGNATURE_NEEDED", "NEVER_SHARED", "NOT_IN_SCHEDULE"]
    assert line.codes == missing
    assert line.detail["items"] == len(opened.items) == 2
    assert line.detail["fields"]["visits"] == ["what", "when", "who", "narrative"]
    assert "grants" not in line.detail


def test_a_preview_writes_no_line(cast: Cast):
    make.record(cast.session, cast.luis, C.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)
    facts = facts_of.load_known(cast.session, cast.rita.id, cast.luis.id)

    seen = gate.preview(cast.session, facts, "coordinate", NOW)

    assert {entry.category for entry in seen.open} == {C.IDENTITY, C.VISITS}
    assert cast.session.scalars(select(TrailLine)).all() == []
    assert gate.preview(cast.session, facts, "evaluate", NOW) is None
