"""What may be destroyed: the rule and the query take the same, and only that goes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import ORMExecuteState, Session

from portal.access import due
from portal.access.due import Where
from portal.policy.keeping import BY_CODE, VisitFacts, due_on, latest_event, may_destroy
from portal.policy.spans import midnight_after
from portal.store.accounts import Invitation, UserSession
from portal.store.ledger import IdempotencyKey
from portal.store.oversight import AccessRequest, AccessRequestStudent, LegalHold
from portal.store.people import Enrollment, Student
from portal.store.records import (
    Audience,
    Record,
    Referral,
    ReferralLink,
    Visit,
    VisitNote,
    VisitServiceLine,
)
from portal.store.support import (
    AmendmentRequest,
    Correction,
    DataAnswer,
    DataPoint,
    DataPointVersion,
    FollowUp,
    FormDraft,
)
from portal.vocabulary import Category, InformationForm, RequestKind, RequestStatus
from tests import factories as make
from tests.engines import rolled_back
from tests.people import LONG_AGO, NOW, Cast, store_cast

TZ = "America/New_York"
TODAY = date(2026, 11, 20)
SUPPORT = BY_CODE["support"]
EDGE = date(2020, 11, 20)


def where(cast: Cast, code: str = "support") -> Where:
    return Where(cast.district.id, TZ, BY_CODE[code], TODAY, NOW)


def a_visit(cast: Cast, student: Student) -> Record:
    row = make.record(cast.session, student, Category.VISITS, author=cast.ana)
    make.stored(
        cast.session,
        Visit(record_id=row.id, staff_id=cast.ana.id, purpose="check_in", minutes=30),
    )
    make.stored(cast.session, VisitServiceLine(visit_id=row.id, service="counseling"))
    note = make.record(cast.session, student, Category.VISIT_NOTES, author=cast.ana)
    make.stored(cast.session, VisitNote(record_id=note.id, visit_id=row.id, text="Told me."))
    return row


def note_of(cast: Cast, visit: Record) -> Any:
    return cast.session.scalar(select(VisitNote.record_id).where(VisitNote.visit_id == visit.id))


def leave(cast: Cast, student: Student, on: date | None) -> None:
    end = midnight_after(on, TZ) if on else None
    cast.session.execute(
        update(Enrollment).where(Enrollment.student_id == student.id).values(ends_at=end)
    )


def corrected(cast: Cast, visit: Record) -> None:
    row = Correction(record_id=note_of(cast, visit), field="text", at=LONG_AGO, by_id=cast.ana.id)
    make.stored(cast.session, row)


def contested(cast: Cast, visit: Record, *, decided: bool) -> None:
    make.stored(
        cast.session,
        AmendmentRequest(
            record_id=visit.id,
            student_id=visit.student_id,
            asked_on=TODAY,
            wants="Take it out",
            written_by=cast.ana.id,
            written_at=NOW,
            decision="refused" if decided else None,
        ),
    )


def referred(cast: Cast, visit: Record, student: Student) -> None:
    referral = make.referral(cast.session, student, cast.riverside, cast.ana)
    referral.visit_id = visit.id
    cast.session.flush()


def asked_about(cast: Cast, student: Student) -> None:
    request = make.stored(
        cast.session,
        AccessRequest(
            organization_id=cast.district.id,
            number=f"W-{student.id.hex[:6]}",
            kind=RequestKind.STAFF,
            status=RequestStatus.SUBMITTED,
            applicant_id=cast.tom.id,
            form=InformationForm.IDENTIFIED,
            wanted_from=TODAY,
            wanted_until=TODAY,
            written_by=cast.tom.id,
            written_at=NOW,
        ),
    )
    make.stored(cast.session, AccessRequestStudent(request_id=request.id, student_id=student.id))


def held(cast: Cast, student: Student | None) -> LegalHold:
    return make.stored(
        cast.session,
        LegalHold(
            organization_id=cast.district.id,
            student_id=student.id if student else None,
            matter="Case",
            reason="Asked",
            placed_by=cast.dina.id,
            placed_at=NOW,
        ),
    )


WORLD = st.fixed_dictionaries(
    {
        "left_on": st.sampled_from(
            [None, EDGE - timedelta(days=1), EDGE, EDGE + timedelta(days=1), TODAY]
        ),
        "held": st.booleans(),
        "corrected": st.booleans(),
        "contested": st.booleans(),
        "referred": st.booleans(),
        "asked": st.booleans(),
    }
)
MOSTLY_FREE = st.one_of(
    WORLD,
    st.sampled_from(["held", "corrected", "contested", "referred", "asked", ""]).map(
        lambda one: {"left_on": EDGE} | ({one: True} if one else {})
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(worlds=st.lists(MOSTLY_FREE, min_size=3, max_size=3))
def test_what_is_destroyed_is_what_the_rule_lets_and_nothing_else(engine, worlds) -> None:
    with rolled_back(engine) as session:
        cast = store_cast(session)
        expected, all_of_them = set(), set()
        for student, world in zip((cast.luis, cast.mei, cast.zoe), worlds, strict=True):
            facts = VisitFacts(**world)
            visit = a_visit(cast, student)
            _make(cast, student, visit, facts)
            all_of_them.add(visit.id)
            if may_destroy(SUPPORT, facts, TODAY):
                expected.add(visit.id)
        counted = due.by_year(session, where(cast))
        taken = due.take(session, where(cast))

        assert set(taken.ids["visit"]) == expected
        assert sum(counted.values()) == len(expected) == taken.count
        assert set(session.scalars(select(Visit.record_id))) == all_of_them - expected
        assert set(session.scalars(select(VisitNote.visit_id))) == all_of_them - expected
        assert set(session.scalars(select(VisitServiceLine.visit_id))) == all_of_them - expected


def _make(cast: Cast, student: Student, visit: Record, facts: VisitFacts) -> None:
    leave(cast, student, facts.left_on)
    if facts.corrected:
        corrected(cast, visit)
    if facts.contested:
        contested(cast, visit, decided=True)
    if facts.referred:
        referred(cast, visit, student)
    if facts.asked:
        asked_about(cast, student)
    if facts.held:
        held(cast, student)


def test_an_open_request_to_amend_keeps_everything_of_the_student(cast: Cast) -> None:
    leave(cast, cast.luis, EDGE)
    a_visit(cast, cast.luis)
    contested(cast, a_visit(cast, cast.luis), decided=False)

    assert due.take(cast.session, where(cast)).count == 0


def test_who_was_never_enrolled_here_left_when_the_roster_lost_them(cast: Cast) -> None:
    newcomer = make.student(cast.session, cast.district, "Nia", "Sample", None)
    a_visit(cast, newcomer)
    assert due.by_year(cast.session, where(cast)) == {}
    newcomer.missing_since = midnight_after(EDGE, TZ)
    cast.session.flush()

    assert due.by_year(cast.session, where(cast)) == {2026: 1}


def old(cast: Cast, session: Session) -> None:
    before = midnight_after(date(2025, 11, 20), TZ) - timedelta(seconds=1)
    for number, started in enumerate((before, before + timedelta(seconds=1))):
        for ended in (True, False):
            key = f"{number}{int(ended)}" * 32
            session.add(
                UserSession(
                    token_sha256=key,
                    user_id=cast.ana.id,
                    started_at=started,
                    seen_at=started,
                    expires_at=NOW - timedelta(days=1) if ended else NOW + timedelta(days=1),
                )
            )
            session.add(
                Invitation(
                    token_sha256=key,
                    user_id=cast.ana.id,
                    made_at=started,
                    expires_at=NOW - timedelta(days=1) if ended else NOW + timedelta(days=1),
                )
            )
        session.add(
            FormDraft(user_id=cast.ana.id, form=f"visit-{number}", content={}, saved_at=started)
        )
    referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
    session.add(
        ReferralLink(
            referral_id=referral.record_id,
            token_hash="9" * 64,
            sent_to="clinic@example.org",
            made_at=before,
            expires_at=before,
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ("sign_ins", {"user_session": 1}),
        ("links", {"invitation": 1, "referral_link": 1}),
        ("drafts", {"form_draft": 1, "idempotency_key": 0}),
        ("consents", {}),
        ("counts", {}),
    ],
)
def test_of_other_kinds_only_what_is_over_and_a_year_old_goes(
    cast: Cast, code: str, tables: dict[str, int]
) -> None:
    old(cast, cast.session)
    taken = due.take(cast.session, where(cast, code))

    assert {name: len(keys) for name, keys in taken.ids.items()} == tables
    assert taken.students == ()
    assert due.by_year(cast.session, where(cast, code)) == {}


def test_a_hold_on_everything_keeps_everything(cast: Cast) -> None:
    old(cast, cast.session)
    leave(cast, cast.luis, EDGE)
    a_visit(cast, cast.luis)
    held(cast, None)

    for code in ("support", "sign_ins", "links", "drafts"):
        assert due.take(cast.session, where(cast, code)).count == 0


def test_a_hold_on_a_student_keeps_the_links_of_their_referrals(cast: Cast) -> None:
    old(cast, cast.session)
    held(cast, cast.luis)

    taken = due.take(cast.session, where(cast, "links")).ids
    assert len(taken["referral_link"]) == 0
    assert cast.session.scalars(select(Referral)).all()


@pytest.mark.parametrize(
    ("event", "due_day"),
    [
        (date(2020, 2, 29), date(2026, 3, 1)),
        (date(2020, 3, 1), date(2026, 3, 1)),
        (date(9998, 1, 1), None),
        (None, None),
    ],
)
def test_a_period_ends_on_its_day(event: date | None, due_day: date | None) -> None:
    assert due_on(SUPPORT, event) == due_day


@given(
    event=st.dates(date(2010, 1, 1), date(2030, 12, 31)),
    today=st.dates(date(2010, 1, 1), date(2036, 12, 31)),
)
def test_the_latest_day_and_the_day_it_is_due_say_the_same(event: date, today: date) -> None:
    latest, first = latest_event(SUPPORT, today), due_on(SUPPORT, event)

    assert latest is not None
    assert first is not None
    assert (event <= latest) is (first <= today)


def test_what_is_kept_for_ever_is_never_due() -> None:
    assert latest_event(BY_CODE["disclosures"], TODAY) is None
    assert latest_event(SUPPORT, date(3, 1, 1)) is None
    assert due_on(BY_CODE["disclosures"], EDGE) is None


@pytest.mark.parametrize("change", [{"years": None}, {"destroyed": False}])
def test_nothing_is_due_of_what_is_kept_for_ever_or_cannot_be_destroyed(
    cast: Cast, change: dict[str, Any]
) -> None:
    a_visit(cast, cast.luis)
    leave(cast, cast.luis, EDGE)
    asked = replace(where(cast), line=replace(SUPPORT, **change))

    assert due.by_year(cast.session, asked) == {}
    assert due.take(cast.session, asked).ids == {"visit": ()}


# Each part of the question by itself


@dataclass(frozen=True)
class Two:
    """A visit that is due, and one of a student who is still here; each with note and answer."""

    cast: Cast
    gone: Record
    here: Record

    def parts(self, name: str) -> tuple[uuid.UUID, uuid.UUID]:
        """The records of this part, of the one and of the other."""
        both = (self.gone, self.here)
        if name == "visit":
            return self.gone.id, self.here.id
        table: Any = VisitNote if name == "note" else DataAnswer
        asked = [select(table.record_id).where(table.visit_id == one.id) for one in both]
        first, second = [self.cast.session.scalars(one).one() for one in asked]
        return first, second

    def taken(self) -> int:
        self.cast.session.flush()
        return due.take(self.cast.session, where(self.cast)).count


@pytest.fixture
def two(cast: Cast) -> Two:
    leave(cast, cast.luis, EDGE)
    both = Two(cast, a_visit(cast, cast.luis), a_visit(cast, cast.mei))
    version = a_question(cast)
    for visit, student in ((both.gone, cast.luis), (both.here, cast.mei)):
        answered(cast, version, visit, student)
        follow = {"staff_id": cast.ana.id, "due_on": TODAY, "written_at": NOW}
        cast.session.add(FollowUp(student_id=student.id, visit_id=visit.id, **follow))
    cast.session.flush()
    return both


def a_question(cast: Cast) -> Any:
    audience = make.stored(cast.session, Audience(organization_id=cast.district.id))
    asked = {"code": "mood", "asked": "visit", "category": Category.VISITS, "position": 1}
    of = {"district_id": cast.district.id, "audience_id": audience.id}
    point = make.stored(cast.session, DataPoint(**of, **asked))
    words = {"number": 1, "kind": "yes_no", "labels": {"en": "Was it well?"}}
    by = {"written_at": NOW, "written_by": cast.dina.id}
    return make.stored(cast.session, DataPointVersion(data_point_id=point.id, **words, **by))


def answered(cast: Cast, version: Any, visit: Record, student: Student) -> None:
    row = make.record(cast.session, student, Category.VISITS)
    of = {"data_point_id": version.data_point_id, "version_id": version.id, "visit_id": visit.id}
    make.stored(cast.session, DataAnswer(record_id=row.id, value="yes", **of))


def test_a_visit_goes_with_all_its_parts_and_nothing_of_another_does(two: Two) -> None:
    session = two.cast.session
    gone = {two.parts(name)[0] for name in ("visit", "note", "answer")}
    every = set(session.scalars(select(Record.id)))
    taken = due.take(session, where(two.cast))

    assert taken.ids == {"visit": (two.gone.id,)}
    assert taken.students == (two.cast.luis.id,)
    for table in (VisitServiceLine, VisitNote, DataAnswer, FollowUp):
        left: Any = select(table.visit_id)
        assert session.scalars(left).all() == [two.here.id], table
    assert session.scalars(select(Visit.record_id)).all() == [two.here.id]
    assert set(session.scalars(select(Record.id))) == every - gone


@pytest.mark.parametrize("of_it", [True, False])
@pytest.mark.parametrize("part", ["visit", "note", "answer"])
@pytest.mark.parametrize("what", ["corrected", "asked to amend"])
def test_what_refers_to_a_visit_or_a_part_of_it_keeps_that_visit(
    two: Two, what: str, part: str, of_it: bool
) -> None:
    record = two.parts(part)[0 if of_it else 1]
    if what == "corrected":
        values = {"record_id": record, "field": "text", "at": LONG_AGO, "by_id": two.cast.ana.id}
        two.cast.session.add(Correction(**values))
    else:
        amend(two.cast, record, two.cast.zoe, decision="refused")

    assert two.taken() == (0 if of_it else 1)


def amend(cast: Cast, record: uuid.UUID, of: Student, **changes: Any) -> None:
    values = {"asked_on": TODAY, "wants": "Out", "written_by": cast.ana.id, "written_at": NOW}
    row = AmendmentRequest(record_id=record, student_id=of.id, **values | changes)
    make.stored(cast.session, row)


@pytest.mark.parametrize("of_it", [True, False])
def test_a_hold_on_a_student_keeps_the_visits_of_that_student(two: Two, of_it: bool) -> None:
    held(two.cast, two.cast.luis if of_it else two.cast.mei)

    assert two.taken() == (0 if of_it else 1)


@pytest.mark.parametrize("of_it", [True, False])
def test_a_referral_keeps_the_visit_that_led_to_it(two: Two, of_it: bool) -> None:
    referred(two.cast, two.gone if of_it else two.here, two.cast.luis)

    assert two.taken() == (0 if of_it else 1)


@pytest.mark.parametrize(
    ("values", "stops"),
    [
        ({}, True),
        ({"decision": "refused"}, False),
        ({"decision": "refused", "hearing_asked_on": TODAY}, True),
        ({"hearing_asked_on": TODAY, "hearing_decision": "refused"}, True),
        (
            {"decision": "refused", "hearing_asked_on": TODAY, "hearing_decision": "refused"},
            False,
        ),
    ],
)
@pytest.mark.parametrize("about", ["luis", "mei"])
def test_a_request_to_amend_anything_of_a_student_keeps_all_of_theirs_until_it_is_decided(
    two: Two, values: dict[str, Any], stops: bool, about: str
) -> None:
    other = make.record(two.cast.session, two.cast.zoe, Category.DISCIPLINE)
    amend(two.cast, other.id, getattr(two.cast, about), **values)

    assert two.taken() == (0 if stops and about == "luis" else 1)


@pytest.mark.parametrize(
    ("about", "status", "count"),
    [
        ("luis", RequestStatus.SUBMITTED, 0),
        ("luis", RequestStatus.REFUSED, 1),
        ("mei", RequestStatus.SUBMITTED, 1),
    ],
)
def test_a_written_request_about_a_student_keeps_theirs_until_it_is_decided(
    two: Two, about: str, status: RequestStatus, count: int
) -> None:
    asked_about(two.cast, getattr(two.cast, about))
    row = two.cast.session.scalars(select(AccessRequest)).one()
    row.status = status
    if about == "luis" and status is not RequestStatus.SUBMITTED:
        asked_about(two.cast, two.cast.zoe)  # somebody else's is open still

    assert two.taken() == count


def test_of_two_times_here_the_last_one_counts_and_who_came_back_has_not_left(two: Two) -> None:
    first = two.cast.session.scalars(
        select(Enrollment).where(Enrollment.student_id == two.cast.luis.id)
    ).one()
    values = {"student_id": two.cast.luis.id, "school_id": first.school_id}
    again = make.stored(two.cast.session, Enrollment(**values, starts_at=LONG_AGO))
    assert due.by_year(two.cast.session, where(two.cast)) == {}

    again.ends_at = midnight_after(EDGE, TZ) + timedelta(microseconds=1)
    two.cast.session.flush()
    assert due.by_year(two.cast.session, where(two.cast)) == {}
    again.ends_at = midnight_after(EDGE, TZ)
    assert two.taken() == 1


def test_only_what_the_district_holds_and_only_visits_go(two: Two) -> None:
    cast = two.cast
    make.record(cast.session, cast.luis, Category.DISCIPLINE)
    foreign = make.record(cast.session, cast.luis, Category.VISITS, custodian=cast.hilltop)
    visit = {"staff_id": cast.ana.id, "purpose": "check_in", "minutes": 30}
    make.stored(cast.session, Visit(record_id=foreign.id, **visit))

    assert two.taken() == 1


def test_years_are_counted_each_by_itself_over_all_tables_in_their_order(cast: Cast) -> None:
    leave(cast, cast.luis, EDGE)
    for year in (2019, 2018, 2019):
        a_visit(cast, cast.luis).event_at = NOW.replace(year=year)
    referral = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    cast.session.add_all([an_invitation(cast, 2024, "a"), an_invitation(cast, 2023, "b")])
    cast.session.add_all([a_link(referral, 2022), a_link(referral, 2023)])
    cast.session.flush()

    assert list(due.by_year(cast.session, where(cast)).items()) == [(2018, 1), (2019, 2)]
    links = due.by_year(cast.session, where(cast, "links"))
    assert list(links.items()) == [(2022, 1), (2023, 2), (2024, 1)]


def an_invitation(cast: Cast, year: int, key: str, **changes: Any) -> Invitation:
    made = NOW.replace(year=year)
    values = {"token_sha256": key * 64, "user_id": cast.ana.id, "made_at": made, "expires_at": made}
    return Invitation(**values | changes)


def a_link(referral: Referral, year: int, **changes: Any) -> ReferralLink:
    made = NOW.replace(year=year)
    values = {"referral_id": referral.record_id, "sent_to": "", "made_at": made, "expires_at": made}
    return ReferralLink(token_hash=uuid.uuid4().hex, **values | changes)


def a_session(cast: Cast, **changes: Any) -> UserSession:
    then = NOW.replace(year=2024)
    times = {"started_at": then, "seen_at": then, "expires_at": NOW + timedelta(days=1)}
    values = {"token_sha256": uuid.uuid4().hex, "user_id": cast.ana.id}
    return UserSession(**values | times | changes)


def test_of_each_kind_what_is_over_goes_and_what_is_not_or_is_another_s_stays(cast: Cast) -> None:
    ours = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    theirs = make.referral(cast.session, cast.mei, cast.riverside, cast.ana)
    cast.session.get_one(Record, theirs.record_id).custodian_id = cast.riverside.id
    later, rita, old = (
        NOW + timedelta(microseconds=1),
        {"user_id": cast.rita.id},
        NOW.replace(year=2024),
    )
    draft = {"content": {}, "saved_at": old}
    key = {"event": "e", "result_id": cast.luis.id, "at": old}
    rows: dict[str, dict[str, tuple[list[Any], list[Any]]]] = {
        "sign_ins": {
            "user_session": (
                [a_session(cast, ended_at=NOW), a_session(cast, expires_at=NOW)],
                [a_session(cast, ended_at=later), a_session(cast, ended_at=NOW, **rita)],
            )
        },
        "links": {
            "invitation": (
                [
                    an_invitation(cast, 2024, "a", used_at=NOW, expires_at=later),
                    an_invitation(cast, 2024, "b", expires_at=NOW),
                ],
                [
                    an_invitation(cast, 2024, "c", expires_at=later),
                    an_invitation(cast, 2024, "d", **rita),
                ],
            ),
            "referral_link": (
                [
                    a_link(ours, 2024, used_at=NOW, expires_at=later),
                    a_link(ours, 2024, expires_at=NOW),
                ],
                [a_link(ours, 2024, expires_at=later), a_link(theirs, 2024)],
            ),
        },
        "drafts": {
            "form_draft": (
                [FormDraft(user_id=cast.ana.id, form=form, **draft) for form in "ab"],
                [FormDraft(form="a", **rita, **draft)],
            ),
            "idempotency_key": (
                [IdempotencyKey(key=one, user_id=cast.ana.id, **key) for one in "ba"],
                [IdempotencyKey(key="c", **rita, **key)],
            ),
        },
    }
    for code, tables in rows.items():
        for gone, stays in tables.values():
            cast.session.add_all([*gone, *stays])
        cast.session.flush()
        expected = {
            name: tuple(sorted(getattr(row, due.TABLES[name][1].key) for row in gone))
            for name, (gone, _stays) in tables.items()
        }
        assert due.take(cast.session, where(cast, code)).ids == expected
        for name, (_gone, stays) in tables.items():
            left = select(func.count()).select_from(due.TABLES[name][0])
            assert cast.session.scalars(left).one() == len(stays)


def test_a_lot_goes_in_portions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "AT_ONCE", 2)
    cast.session.add_all(a_session(cast, ended_at=NOW) for _ in range(5))
    cast.session.flush()
    deleted: list[Any] = []

    def note(asked: ORMExecuteState) -> None:
        if asked.is_delete:
            statement: Any = asked.statement
            deleted.append(statement.compile().params)

    event.listen(cast.session, "do_orm_execute", note)
    assert due.take(cast.session, where(cast, "sign_ins")).count == 5
    event.remove(cast.session, "do_orm_execute", note)
    assert [len(ids) for one in deleted for ids in one.values()] == [2, 2, 1]


def test_visits_are_told_in_order_with_each_student_once(cast: Cast) -> None:
    for student in (cast.mei, cast.luis):
        leave(cast, student, EDGE)
    ids = [a_visit(cast, student).id for student in (cast.mei, cast.luis, cast.mei, cast.luis)]
    taken = due.take(cast.session, where(cast))

    assert taken.ids == {"visit": tuple(sorted(ids))}
    assert taken.students == tuple(sorted([cast.mei.id, cast.luis.id]))
