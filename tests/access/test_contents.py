"""What the items on the shelf say; a part that is not open is not even read."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from portal.access import contents
from portal.access import facts as facts_of
from portal.policy.decision import FULL, SUMMARY
from portal.store.places import Organization
from portal.store.records import (
    AttendanceYear,
    Audience,
    HistoryEntry,
    Record,
    Referral,
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
    Handover,
    ServiceGiven,
    Strength,
    StudentNeed,
    StudentService,
    Term,
)
from portal.vocabulary import (
    Access,
    AnswerKind,
    AskedWhere,
    Attendance,
    Category,
    Field,
    GivenStatus,
    Need,
    ReferralStatus,
    ReferralTarget,
    ServiceEnd,
    StrengthSource,
    VisitFormat,
    VisitMode,
    VisitPurpose,
    VisitService,
    WordList,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast


def shelved(cast: Cast, category: Category, row=None, **more) -> Record:
    """An item of Ana's on the shelf, with the row that tells it."""
    record = make.record(cast.session, cast.luis, category, author=cast.ana, **more)
    if row is not None:
        row.record_id = record.id
        make.stored(cast.session, row)
    return record


def told(cast: Cast, *records: Record, fields=FULL) -> list[dict[Field, str]]:
    opened = [(facts_of.of_record(record), fields) for record in records]
    return [dict(item.parts) for item in contents.read(cast.session, opened)]


def a_visit(cast: Cast, *services: VisitService, purpose=VisitPurpose.CRISIS) -> Record:
    visit = Visit(staff_id=cast.ana.id, purpose=purpose, minutes=25)
    record = shelved(cast, Category.VISITS, visit)
    for service in services:
        make.stored(cast.session, VisitServiceLine(visit_id=record.id, service=service))
    return record


def a_note(cast: Cast) -> Record:
    visit = a_visit(cast)
    return shelved(cast, Category.VISIT_NOTES, VisitNote(visit_id=visit.id, text="She said so."))


def a_referral(cast: Cast, agency: Organization | None, **changes) -> Record:
    target = ReferralTarget.COMMUNITY if agency else ReferralTarget.SCHOOL
    row = Referral(
        number=f"R-{next(make.numbers):05}",
        target=target,
        agency_id=agency.id if agency else None,
        school_provider="" if agency else "School nurse",
        need=Need.LOW_MOOD,
        sent_by=cast.ana.id,
        **{"status": ReferralStatus.SENT, "access": Access.UNKNOWN} | changes,
    )
    return shelved(cast, Category.REFERRALS, row)


def test_a_visit_tells_purpose_minutes_and_services(cast: Cast):
    services = (VisitService.SCREENING, VisitService.BASIC_NEEDS)

    [parts] = told(cast, a_visit(cast, *services))

    assert parts == {
        Field.WHAT: "Crisis, 25 min. Basic needs, Screening (SBIRT)",
        Field.WHO: "Ana Counts",
    }


def test_a_service_that_says_the_same_as_the_purpose_is_not_repeated(cast: Cast):
    individual = VisitService.INDIVIDUAL_COUNSELING

    [parts] = told(cast, a_visit(cast, individual, purpose=VisitPurpose.INDIVIDUAL))

    assert parts[Field.WHAT] == "Individual counseling, 25 min"


def test_a_note_is_the_narrative_of_its_own_record(cast: Cast):
    assert told(cast, a_note(cast)) == [
        {
            Field.WHAT: "Note of a support visit",
            Field.WHO: "Ana Counts",
            Field.NARRATIVE: "She said so.",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({}, "Referred to Riverside Clinic: low mood. Sent"),
        (
            {
                "status": ReferralStatus.IN_SERVICE,
                "access": Access.ACCESSED,
                "accessed_on": date(2026, 11, 2),
            },
            "Referred to Riverside Clinic: low mood. In service. Service: accessed",
        ),
        (
            {"status": ReferralStatus.CLOSED, "access": Access.NOT_ACCESSED},
            "Referred to Riverside Clinic: low mood. Closed. Service: not accessed",
        ),
    ],
)
def test_a_referral_tells_to_whom_what_for_and_how_far_it_came(cast: Cast, changes, what):
    [parts] = told(cast, a_referral(cast, cast.riverside, **changes))

    assert parts[Field.WHAT] == what


def test_a_referral_within_the_school_names_the_provider(cast: Cast):
    [parts] = told(cast, a_referral(cast, None))

    assert parts[Field.WHAT] == "Referred to School nurse: low mood. Sent"


@pytest.mark.parametrize(
    ("scheduled", "what"),
    [
        (180, "2025-2026, North School: 95 % attended, 9 days missed"),
        (None, "2025-2026, North School: 171 days attended, rate not available"),
        (0, "2025-2026, North School: 171 days attended, rate not available"),
    ],
)
def test_attendance_tells_days_and_a_rate_where_there_is_one(cast: Cast, scheduled, what):
    year = AttendanceYear(
        school_id=cast.north.id,
        school_year="2025-2026",
        days_scheduled=scheduled,
        days_attended=171,
    )

    [parts] = told(cast, shelved(cast, Category.ATTENDANCE, year))

    assert parts[Field.WHAT] == what


def test_history_tells_headline_and_narrative(cast: Cast):
    entry = HistoryEntry(headline="Suspended for a day", narrative="In the hallway.")

    [parts] = told(cast, shelved(cast, Category.DISCIPLINE, entry))

    assert parts[Field.WHAT] == "Suspended for a day"
    assert parts[Field.NARRATIVE] == "In the hallway."


def test_an_empty_part_is_absent(cast: Cast):
    entry = HistoryEntry(headline="Enrolled")
    by_nobody = make.record(cast.session, cast.luis, Category.CONTACT)

    assert told(cast, shelved(cast, Category.ENROLLMENT, entry)) == [
        {Field.WHAT: "Enrolled", Field.WHO: "Ana Counts"}
    ]
    assert told(cast, by_nobody) == [{}]


# How a visit took place


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"mode": VisitMode.PHONE}, "Crisis, 25 min, by phone"),
        ({"mode": VisitMode.VIDEO, "minutes": 10}, "Crisis, 10 min, by video"),
        ({"attendance": Attendance.LATE}, "Crisis, 25 min, came late"),
        (
            {"attendance": Attendance.NO_SHOW, "minutes": 0, "missed_reason": "kept_in_class"},
            "Crisis, did not come (kept in class)",
        ),
        ({"disposition": "sent_home"}, "Crisis, 25 min. Sent home or picked up"),
        ({"mode": VisitMode.IN_PERSON, "format": VisitFormat.ONE_TO_ONE}, "Crisis, 25 min"),
    ],
)
def test_a_visit_tells_what_was_not_as_usual(cast: Cast, changes, what):
    values = {"staff_id": cast.ana.id, "purpose": VisitPurpose.CRISIS, "minutes": 25} | changes

    [parts] = told(cast, shelved(cast, Category.VISITS, Visit(**values)))

    assert parts[Field.WHAT] == what


def test_a_visit_of_a_group_names_nobody_else(cast: Cast):
    group, visits = uuid.uuid4(), []
    for student in (cast.luis, cast.mei):
        record = make.record(cast.session, student, Category.VISITS, author=cast.ana)
        about = {"staff_id": cast.ana.id, "purpose": VisitPurpose.CRISIS, "minutes": 25}
        visit = Visit(record_id=record.id, format=VisitFormat.GROUP, group_id=group, **about)
        make.stored(cast.session, visit)
        visits.append(record)

    told_of_both = told(cast, *visits)

    assert [parts[Field.WHAT] for parts in told_of_both] == ["Crisis, 25 min, in a group"] * 2
    assert not any(name in str(told_of_both) for name in ("Luis", "Mei"))


def test_a_district_s_own_words_are_told(cast: Cast):
    of_it = {"district_id": cast.district.id, "list": WordList.VISIT_PURPOSE, "position": 1}
    own = Term(code="crisis", labels={"en": "Urgent talk"}, **of_it)
    make.stored(cast.session, own)

    [parts] = told(cast, a_visit(cast))

    assert parts[Field.WHAT] == "Urgent talk, 25 min"


# Services, needs, strengths


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        (
            {"provider": "The school nurse"},
            "Screening (SBIRT) from The school nurse, since September 1, 2026",
        ),
        (
            {"estimated_end": date(2027, 6, 11), "tier": "tier_2"},
            "Screening (SBIRT) from Riverside Clinic, since September 1, 2026,"
            " until about June 11, 2027. Tier 2",
        ),
        (
            {"provider": "Us", "estimated_end": date(2027, 6, 11), "ended_on": date(2026, 11, 2)},
            "Screening (SBIRT) from Us, since September 1, 2026. Ended November 2, 2026",
        ),
        (
            {
                "provider": "Us",
                "ended_on": date(2026, 11, 2),
                "end_reason": ServiceEnd.GOAL_REACHED,
            },
            "Screening (SBIRT) from Us, since September 1, 2026. "
            "Ended November 2, 2026: the goal was reached",
        ),
    ],
)
def test_a_service_in_place_tells_from_whom_and_how_long(cast: Cast, changes, what):
    agency = None if "provider" in changes else cast.riverside.id
    row = StudentService(
        service=VisitService.SCREENING, started_on=date(2026, 9, 1), agency_id=agency, **changes
    )

    [parts] = told(cast, shelved(cast, Category.SERVICE_STATUS, row))

    assert parts == {Field.WHAT: what, Field.WHO: "Ana Counts"}


@pytest.mark.parametrize(
    ("intensity", "owner", "narrative"),
    [
        ("Once a week", "Riverside", "Once a week. Data kept by Riverside"),
        ("Once a week", "", "Once a week"),
        ("", "Riverside", "Data kept by Riverside"),
    ],
)
def test_how_often_and_whose_data_is_the_narrative_of_a_service(cast, intensity, owner, narrative):
    about = {"intensity": intensity, "data_owner": owner, "started_on": date(2026, 9, 1)}
    record = shelved(
        cast, Category.SERVICE_STATUS, StudentService(service="x", provider="Us", **about)
    )

    assert told(cast, record)[0][Field.NARRATIVE] == narrative
    assert set(told(cast, record, fields=SUMMARY)[0]) == {Field.WHAT}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({}, "Need: low mood, since September 1, 2026. Not met yet"),
        (
            {"awaited_from": "Riverside Clinic", "tier": "tier_3"},
            "Need: low mood, since September 1, 2026. Tier 3. Not met yet,"
            " awaited from Riverside Clinic",
        ),
        (
            {"met_on": date(2026, 11, 2)},
            "Need: low mood, since September 1, 2026. Met November 2, 2026",
        ),
    ],
)
def test_a_need_tells_since_when_and_whether_it_is_met(cast: Cast, changes, what):
    row = StudentNeed(need=Need.LOW_MOOD, since_on=date(2026, 9, 1), **changes)

    [parts] = told(cast, shelved(cast, Category.SERVICE_STATUS, row))

    assert parts[Field.WHAT] == what


def test_a_strength_is_told_in_whose_words(cast: Cast):
    row = Strength(source=StrengthSource.FAMILY, text="He cooks for his sister.")

    [parts] = told(cast, shelved(cast, Category.VISIT_NOTES, row))

    assert parts[Field.WHAT] == "Strength, in the family's words"
    assert parts[Field.NARRATIVE] == "He cooks for his sister."


def test_a_hand_over_answers_each_prompt_in_their_order(cast: Cast):
    answers = {"first": "Greet him.", "strengths": "Chess.", "peers": "", "more": "And this."}
    row = Handover(pair_id=uuid.uuid4(), from_id=cast.ana.id, answers=answers)

    [parts] = told(cast, shelved(cast, Category.VISIT_NOTES, row))

    assert parts[Field.WHAT] == "Hand-over to the next member of the staff"
    assert parts[Field.NARRATIVE].splitlines() == [
        "Strengths, and what goes well: Chess.",
        "What to do first: Greet him.",
        "And this.",
    ]


def a_service_given(cast: Cast, **changes) -> Record:
    values = {
        "referral_id": uuid.uuid4(),
        "given_on": date(2026, 11, 3),
        "attendance": Attendance.ATTENDED,
        "status": GivenStatus.CONTINUING,
    }
    return shelved(cast, Category.SERVICE_STATUS, ServiceGiven(**values | changes))


def test_a_service_that_a_partner_gave_tells_attendance_and_status(cast: Cast):
    first = a_service_given(cast)
    corrected = a_service_given(
        cast,
        attendance=Attendance.NO_SHOW,
        corrects=first.id,
        strategies="A quiet seat.",
        reason="The wrong day.",
    )

    by_id = dict(zip((first.id, corrected.id), told(cast, first), strict=False))
    [parts] = told(cast, corrected)

    assert by_id[first.id][Field.WHAT] == "Service given: came. Continuing"
    assert Field.NARRATIVE not in by_id[first.id]
    assert parts[Field.WHAT] == (
        "Service given: did not come. Continuing. Corrects an earlier entry"
    )
    assert parts[Field.NARRATIVE] == "A quiet seat.\nCorrected because: The wrong day."


# A district's own questions


def an_answer(cast: Cast, value: str, **asked) -> Record:
    audience = make.stored(cast.session, Audience(organization_id=cast.district.id))
    point = make.stored(
        cast.session,
        DataPoint(
            district_id=cast.district.id,
            code=f"q{next(make.numbers)}",
            asked=AskedWhere.STUDENT,
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
            written_at=LONG_AGO,
            written_by=cast.dina.id,
            **{"labels": {"en": "How is school?"}, "kind": AnswerKind.TEXT} | asked,
        ),
    )
    row = DataAnswer(data_point_id=point.id, version_id=version.id, value=value)
    return shelved(cast, Category.VISITS, row)


CHOICES = [{"code": "a", "labels": {"en": "Good", "es": "Bien"}}]


@pytest.mark.parametrize(
    ("value", "asked", "narrative"),
    [
        ("Fine, he says.", {}, "Fine, he says."),
        ("7", {"kind": AnswerKind.NUMBER}, "7"),
        ("3", {"kind": AnswerKind.SCALE, "low": 1, "high": 5}, "3 of 5"),
        ("3", {"kind": AnswerKind.SCALE}, "3"),
        ("a", {"kind": AnswerKind.CHOICE, "choices": CHOICES}, "Good"),
        ("gone", {"kind": AnswerKind.CHOICE, "choices": CHOICES}, "gone"),
        ("2026-11-03", {"kind": AnswerKind.DATE}, "November 3, 2026"),
        ("soon", {"kind": AnswerKind.DATE}, "soon"),
    ],
)
def test_an_answer_is_told_as_it_was_asked(cast: Cast, value, asked, narrative):
    record = an_answer(cast, value, **asked)

    [parts] = told(cast, record)

    assert parts[Field.WHAT] == "How is school?"
    assert parts[Field.NARRATIVE] == narrative
    assert told(cast, record, fields=SUMMARY) == [{Field.WHAT: "How is school?"}]


@pytest.mark.parametrize(
    ("labels", "what"), [({"es": "Escuela"}, "Escuela"), ({"en": "School", "es": "x"}, "School")]
)
def test_a_question_without_english_is_told_in_what_it_has(cast: Cast, labels, what):
    assert told(cast, an_answer(cast, "x", labels=labels))[0][Field.WHAT] == what


# What is told beside the parts


def item(cast: Cast, record: Record, fields=FULL) -> contents.Item:
    [only] = contents.read(cast.session, [(facts_of.of_one(cast.session, record), fields)])
    return only


def a_correction(cast: Cast, record: Record, field: str) -> None:
    by = {"at": NOW, "by_id": cast.ana.id}
    make.stored(cast.session, Correction(record_id=record.id, field=field, **by))


def test_an_item_tells_when_it_was_written_approved_and_that_it_was_corrected(cast: Cast):
    record = a_visit(cast)
    assert item(cast, record).written is item(cast, record).approved is None
    record.written_at, record.approved_at = NOW, NOW
    cast.session.flush()

    for field in ("removed", "restored", "approved", "amendment", "statement"):
        a_correction(cast, record, field)
        assert not item(cast, record).corrected
    a_correction(cast, record, "minutes")

    known = item(cast, record)
    assert (known.written, known.approved, known.corrected) == (NOW, NOW, True)
    assert not known.restricted
    assert not item(cast, a_visit(cast)).corrected


def a_statement(cast: Cast, record: Record, text: str, on: date | None = None, **more: Any) -> None:
    request = AmendmentRequest(
        record_id=record.id,
        student_id=cast.luis.id,
        asked_on=date(2026, 10, 1),
        wants="That it says otherwise.",
        written_by=cast.ana.id,
        written_at=LONG_AGO,
        statement=text,
        statement_on=on,
        **more,
    )
    make.stored(cast.session, request)


@pytest.mark.parametrize("fields", [FULL, SUMMARY])
def test_a_statement_of_disagreement_goes_with_its_record(cast: Cast, fields):
    record, other = a_visit(cast), a_visit(cast)
    a_statement(cast, record, "")
    a_statement(cast, record, "Nor the third.", date(2026, 11, 9), id=uuid.UUID(int=2))
    a_statement(cast, record, "Nor the second time.", date(2026, 11, 9), id=uuid.UUID(int=1))
    a_statement(cast, record, "It was not so.", date(2026, 11, 3), id=uuid.UUID(int=3))

    assert item(cast, record, fields).statement == (
        "November 3, 2026: It was not so.\n\nNovember 9, 2026: Nor the second time.\n\n"
        "November 9, 2026: Nor the third."
    )
    assert item(cast, other, fields).statement == ""


def test_a_statement_without_a_day_is_told_all_the_same(cast: Cast):
    record = a_visit(cast)
    a_statement(cast, record, "It was not so.")

    assert item(cast, record).statement == "It was not so."


def test_a_statement_does_not_tell_what_a_restricted_record_says(cast: Cast):
    record = a_visit(cast)
    record.restricted = True
    a_statement(cast, record, "I never said that I drink.")

    assert item(cast, record).statement == "I never said that I drink."
    assert item(cast, record, SUMMARY).statement == ""
    assert item(cast, record, SUMMARY).restricted


# Withheld


def everything(cast: Cast) -> list[Record]:
    entry = HistoryEntry(headline="Suspended for a day", narrative="In the hallway.")
    year = AttendanceYear(school_id=cast.north.id, school_year="2025-2026", days_attended=171)
    return [
        a_visit(cast, VisitService.SCREENING),
        a_note(cast),
        a_referral(cast, cast.riverside),
        shelved(cast, Category.DISCIPLINE, entry),
        shelved(cast, Category.ATTENDANCE, year),
        *supports(cast),
    ]


def supports(cast: Cast) -> list[Record]:
    since = {"started_on": date(2026, 9, 1), "intensity": "Weekly"}
    by = {"pair_id": uuid.uuid4(), "from_id": cast.ana.id, "answers": {"first": "Greet him."}}
    need = StudentNeed(need=Need.LOW_MOOD, since_on=date(2026, 9, 1))
    service = StudentService(service="screening", provider="Us", **since)
    return [
        shelved(cast, Category.SERVICE_STATUS, service),
        shelved(cast, Category.SERVICE_STATUS, need),
        shelved(cast, Category.VISIT_NOTES, Strength(source=StrengthSource.STAFF, text="Chess.")),
        shelved(cast, Category.VISIT_NOTES, Handover(**by)),
        a_service_given(cast, strategies="A quiet seat."),
        an_answer(cast, "Fine."),
    ]


def test_a_summary_has_no_author_and_no_narrative(cast: Cast):
    for parts in told(cast, *everything(cast), fields=SUMMARY):
        assert set(parts) == {Field.WHAT}


def test_each_narrative_is_told_with_its_own_record(cast: Cast):
    records = everything(cast)

    items = contents.read(cast.session, [(facts_of.of_record(r), FULL) for r in records])

    found = {item.record_id: item.parts.get(Field.NARRATIVE) for item in items}
    assert [found[record.id] for record in records] == [
        *(None, "She said so.", None, "In the hallway.", None),
        *("Weekly", None, "Chess.", "What to do first: Greet him.", "A quiet seat.", "Fine."),
    ]


WITHHELD = (
    *("visit_note.text", "history_entry.narrative", "strength.text", "handover.answers"),
    *("student_service.intensity", "student_service.data_owner", "data_answer.value"),
    *("service_given.strategies", "service_given.reason"),
)


def test_a_withheld_part_is_never_asked_of_the_database(cast: Cast):
    records = everything(cast)
    statements: list[str] = []
    listen = (cast.session.connection(), "before_cursor_execute")

    def keep(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(*listen, keep)
    told(cast, *records, fields=SUMMARY)
    event.remove(*listen, keep)

    asked = " ".join(statements)
    assert "visit_note.record_id" in asked
    for withheld in WITHHELD:
        assert withheld not in asked


def test_the_open_part_of_one_record_opens_nothing_of_another(cast: Cast):
    open_note, brief_note = a_note(cast), a_note(cast)

    items = contents.read(
        cast.session,
        [(facts_of.of_record(open_note), FULL), (facts_of.of_record(brief_note), SUMMARY)],
    )

    parts = {item.record_id: set(item.parts) for item in items}
    assert parts[open_note.id] == {Field.WHAT, Field.WHO, Field.NARRATIVE}
    assert parts[brief_note.id] == {Field.WHAT}


# Reading


def test_items_come_newest_first_and_in_one_order(cast: Cast):
    days = [NOW.replace(day=day) for day in (3, 9, 9, 5)]
    records = [make.record(cast.session, cast.luis, Category.VISITS, event=day) for day in days]

    items = contents.read(cast.session, [(facts_of.of_record(r), FULL) for r in records])

    assert [item.when.day for item in items] == [9, 9, 5, 3]
    assert items[0].record_id > items[1].record_id


def test_nothing_open_is_nothing_told(cast: Cast):
    assert contents.read(cast.session, []) == ()


def questions(cast: Cast, *records: Record) -> int:
    """How many are put to the database to tell these."""
    count = [0]
    listen = (cast.session.connection(), "before_cursor_execute")

    def another(*_):
        count[0] += 1

    event.listen(*listen, another)
    told(cast, *records)
    event.remove(*listen, another)
    return count[0]


def test_a_hundred_items_take_as_many_questions_as_one_of_each_kind(cast: Cast):
    few = everything(cast)
    many = few + [a_visit(cast, VisitService.SCREENING) for _ in range(20)]

    assert questions(cast, *many) == questions(cast, *few) <= 23


def test_what_is_found_is_looked_for_on_no_other_shelf(cast: Cast):
    one_visit = a_visit(cast, VisitService.SCREENING)

    # The shelf, the district's words, the visit, its services, its author, statements about it.
    assert questions(cast, one_visit) == 6
