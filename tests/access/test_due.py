"""What may be destroyed: the rule and the query take the same, and only that goes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access import due
from portal.access.due import Where
from portal.policy.keeping import BY_CODE, VisitFacts, due_on, latest_event, may_destroy
from portal.policy.spans import midnight_after
from portal.store.accounts import Invitation, UserSession
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


def test_an_answer_and_a_follow_up_given_with_a_visit_go_with_it(cast: Cast) -> None:
    leave(cast, cast.luis, EDGE)
    visit = a_visit(cast, cast.luis)
    answer = make.record(cast.session, cast.luis, Category.VISITS)
    audience = make.stored(cast.session, Audience(organization_id=cast.district.id))
    point = make.stored(
        cast.session,
        DataPoint(
            district_id=cast.district.id,
            code="mood",
            asked="visit",
            category=Category.VISITS,
            audience_id=audience.id,
            position=1,
        ),
    )
    version = make.stored(
        cast.session,
        DataPointVersion(
            data_point_id=point.id,
            number=1,
            kind="yes_no",
            labels={"en": "Was it well?"},
            written_at=NOW,
            written_by=cast.dina.id,
        ),
    )
    make.stored(
        cast.session,
        DataAnswer(
            record_id=answer.id,
            data_point_id=point.id,
            version_id=version.id,
            visit_id=visit.id,
            value="yes",
        ),
    )
    make.stored(
        cast.session,
        FollowUp(
            staff_id=cast.ana.id,
            student_id=cast.luis.id,
            visit_id=visit.id,
            due_on=TODAY,
            about="Ask again",
            written_at=NOW,
        ),
    )
    assert due.take(cast.session, where(cast)).count == 1
    assert cast.session.scalars(select(FollowUp)).all() == []
    assert cast.session.scalars(select(DataAnswer)).all() == []
    assert cast.session.scalars(select(Record.id).where(Record.id == answer.id)).all() == []


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


def test_no_visit_is_due_by_a_line_that_keeps_for_ever(cast: Cast) -> None:
    a_visit(cast, cast.luis)
    leave(cast, cast.luis, EDGE)
    kept = select(Record.id).where(due.visits(where(cast, "disclosures")))

    assert cast.session.scalars(kept).all() == []
