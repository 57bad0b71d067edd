"""What the items on the shelf say; a part that is not open is not even read."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from portal.access import contents
from portal.access import facts as facts_of
from portal.policy.decision import FULL, SUMMARY
from portal.store.places import Organization
from portal.store.records import (
    AttendanceYear,
    HistoryEntry,
    Record,
    Referral,
    Visit,
    VisitNote,
    VisitServiceLine,
)
from portal.vocabulary import (
    Access,
    Category,
    Field,
    Need,
    ReferralStatus,
    ReferralTarget,
    VisitPurpose,
    VisitService,
)
from tests import factories as make
from tests.people import NOW, Cast


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
    ]


def test_a_summary_has_no_author_and_no_narrative(cast: Cast):
    for parts in told(cast, *everything(cast), fields=SUMMARY):
        assert set(parts) == {Field.WHAT}


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
    assert "visit_note.text" not in asked
    assert "history_entry.narrative" not in asked


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


def test_a_hundred_items_take_as_many_questions_as_one_of_each_kind(cast: Cast):
    def asked(records: list[Record]) -> int:
        count = [0]
        listen = (cast.session.connection(), "before_cursor_execute")

        def another(*_):
            count[0] += 1

        event.listen(*listen, another)
        told(cast, *records)
        event.remove(*listen, another)
        return count[0]

    few = everything(cast)
    many = few + [a_visit(cast, VisitService.SCREENING) for _ in range(20)]

    assert asked(many) == asked(few) <= 10
