"""Data that is taken out: as wide as the screens, marked, written down, and open for a day."""

from __future__ import annotations

import csv
import io
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access import documents, exported, trail
from portal.access.exports import Table, Wanted, keep_export
from portal.config import settings
from portal.errors import NotFound, NotReady, Refused
from portal.exporting import service
from portal.exporting.service import DaysAsked
from portal.policy.proper_use import PROPER_USE
from portal.stewardship.queries import trail_as_table
from portal.store.accounts import UserSession
from portal.store.ledger import Installation, TrailLine, TrailStudent
from portal.store.oversight import DataExport, UseFlag
from portal.store.papers import Document
from portal.store.people import HiddenStudent, Relation, StaffLock, User
from portal.store.records import Record, VisitNote
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import Category, ExportKind, ExportPurpose, ExportShape, FlagOutcome
from tests import factories as make
from tests.pdf.reading import Pdf
from tests.people import LONG_AGO, NOW, Cast

WORDS = "To plan the groups of December with the principal"
VISITS = Wanted(ExportKind.VISITS, ExportShape.CSV, ExportPurpose.OWN_WORK, WORDS)
DAYS = DaysAsked(date(2026, 1, 5), date(2026, 11, 20))


@pytest.fixture
def logged(cast: Cast) -> Cast:
    """Ana held a visit with Luis, with a note, and one with Mei; a referral of Luis went out."""
    ana = cast.who(cast.ana)
    began = NOW - timedelta(hours=2)
    for student, note in ((cast.luis, "SECRET"), (cast.mei, "")):
        draft = VisitDraft(student.id, "individual", 30, note=note, began=began)
        visits.log(cast.session, ana, draft, NOW, uuid.uuid4().hex)
    make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    return cast


def take(cast: Cast, user: User, wanted: Wanted = VISITS, **changes) -> Document:
    given = {"days": DAYS, "at": NOW, "key": uuid.uuid4().hex} | changes
    return service.take_out(cast.session, cast.who(user), wanted, **given)


def lines(kept: Document) -> list[list[str]]:
    return list(csv.reader(io.StringIO(kept.content.decode("utf-8-sig"))))


def exports_of(session: Session) -> list[DataExport]:
    return list(session.scalars(select(DataExport).order_by(DataExport.made_at)))


def test_a_spreadsheet_has_the_visits_and_the_mark_first_and_last(logged: Cast) -> None:
    kept = take(logged, logged.ana)
    [mark], [sentence], head, *rows, last = lines(kept)
    [row] = exports_of(logged.session)

    assert kept.content.startswith(b"\xef\xbb\xbf")
    assert sentence == PROPER_USE
    assert [mark] == last
    for told in ("Ana Counts", "November 20, 2026, 10:00", WORDS, row.number, "34 CFR 99.33"):
        assert told in mark
    assert head == [
        *("Day", "Began", "Student", "Grade", "School"),
        *("Purpose", "Minutes", "How", "Attendance"),
    ]
    told = sorted((one[0], one[2], one[6]) for one in rows)
    assert told == [
        ("2026-11-20", "Sample, Luis", "30"),
        ("2026-11-20", "Sample, Mei", "30"),
    ]
    assert "SECRET" not in kept.content.decode()
    assert "Ana" not in str(rows)  # who did the work is in no row


def test_a_paper_has_the_mark_on_every_page_and_no_author_but_the_district(logged: Cast) -> None:
    kept = take(logged, logged.omar, replace(VISITS, shape=ExportShape.PDF))
    pdf = Pdf(kept.content)
    [row] = exports_of(logged.session)

    for page in pdf.pages:
        assert "Omar Keys" in page
        assert row.number in page
        assert "Do not pass on: 34 CFR 99.33." in page
    assert PROPER_USE in pdf.text.replace("\n", " ")
    assert WORDS in pdf.text
    assert kept.file_name == f"visits-{row.number}.pdf"
    assert b"/home" not in kept.content
    assert b"/tmp" not in kept.content


def test_it_is_written_down_with_every_student_in_it_and_without_a_name(logged: Cast) -> None:
    kept = take(logged, logged.ana)
    trail.settle(logged.session)

    [row] = exports_of(logged.session)
    assert (row.rows, row.students, row.document_id) == (2, 2, kept.id)
    assert row.purpose == f"own_work: {WORDS}"
    assert row.asked == {"from": "2026-01-05", "until": "2026-11-20", "shape": "csv"}
    line = logged.session.scalars(select(TrailLine).where(TrailLine.event == "data.exported")).one()
    about = logged.session.scalars(
        select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    )
    assert set(about) == {logged.luis.id, logged.mei.id}
    assert (line.purpose, line.detail["number"]) == ("own_work", row.number)
    assert WORDS not in str(line.detail)


def test_an_export_that_was_written_down_never_changes(logged: Cast) -> None:
    take(logged, logged.ana)
    [row] = exports_of(logged.session)
    row.rows = 1

    with pytest.raises(DBAPIError):
        logged.session.flush()


def test_referrals_are_those_of_the_students_in_reach(logged: Cast) -> None:
    wanted = replace(VISITS, kind=ExportKind.REFERRALS)
    [_mark, _use, head, row, _last] = lines(take(logged, logged.ana, wanted))

    assert dict(zip(head, row, strict=True))["To"] == "Riverside Clinic"
    with pytest.raises(NotReady, match="nothing"):
        logged.session.execute(delete(Relation).where(Relation.user_id == logged.ana.id))
        take(logged, logged.ana, wanted)


@pytest.mark.parametrize("how", ["hidden", "locked", "unassigned", "sealed", "another's"])
def test_nothing_is_in_it_that_the_lists_do_not_show(logged: Cast, how: str) -> None:
    session, who = logged.session, logged.omar
    if how == "hidden":
        session.add(HiddenStudent(student_id=logged.luis.id, starts_at=LONG_AGO, set_by=who.id))
    if how == "locked":
        lock = {"user_id": who.id, "student_id": logged.luis.id, "set_by": logged.dina.id}
        session.add(StaffLock(starts_at=LONG_AGO, **lock))
    if how == "unassigned":
        who = logged.ana
        relation = Relation.student_id == logged.luis.id, Relation.user_id == who.id
        session.execute(delete(Relation).where(*relation))
    if how in ("sealed", "another's"):
        shelf = select(Record).where(Record.student_id == logged.luis.id)
        for record in session.scalars(shelf.where(Record.category == Category.VISITS)):
            record.sealed_from = LONG_AGO if how == "sealed" else None
            record.custodian_id = logged.riverside.id if how == "another's" else record.custodian_id
    session.flush()

    assert {row[2] for row in lines(take(logged, who))[3:-1]} == {"Sample, Mei"}


def test_people_are_told_with_their_level_and_nothing_of_their_work(logged: Cast) -> None:
    wanted = replace(VISITS, kind=ExportKind.PEOPLE, purpose=ExportPurpose.ACCESS_REVIEW)
    [_mark, _use, head, *rows, _last] = lines(take(logged, logged.dina, wanted))
    ana = next(dict(zip(head, row, strict=True)) for row in rows if row[0] == "Ana Counts")

    assert ana["Role"] == "School support staff"
    assert not {"Visits", "Minutes", "Students"} & set(head)
    assert exports_of(logged.session)[0].asked == {"shape": "csv"}


def test_the_trail_names_students_as_far_as_the_reader_reaches(logged: Cast) -> None:
    trail.write(
        logged.session,
        logged.who(logged.ana),
        trail.Entry("record.opened", True, NOW, (logged.luis.id, logged.mei.id)),
    )
    wanted = replace(VISITS, kind=ExportKind.TRAIL, purpose=ExportPurpose.ACCESS_REVIEW)
    trail.settle(logged.session)
    kept = take(logged, logged.dina, wanted, rows=trail_as_table)
    told = kept.content.decode()

    assert "Mei Sample" in told  # has a 504 plan
    assert "Luis" not in told
    assert exports_of(logged.session)[0].students == 1


def test_a_formula_is_no_formula(logged: Cast) -> None:
    logged.luis.family_name = "=cmd|' /C calc'!A0"
    logged.session.flush()

    assert any(cell.startswith("'=cmd") for row in lines(take(logged, logged.ana)) for cell in row)


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        ("tom", VISITS),
        ("rita", VISITS),
        ("dina", VISITS),
        ("ana", replace(VISITS, kind=ExportKind.PEOPLE)),
        ("omar", replace(VISITS, kind=ExportKind.TRAIL)),
    ],
)
def test_without_the_right_nothing_leaves_and_the_try_is_told(
    logged: Cast, who: str, wanted: Wanted
) -> None:
    with pytest.raises(Refused):
        take(logged, getattr(logged, who), wanted)

    assert exports_of(logged.session) == []


def test_without_a_purpose_nothing_leaves(logged: Cast) -> None:
    with pytest.raises(NotReady) as lacking:
        take(logged, logged.ana, replace(VISITS, purpose=None, words="short"))

    assert len(lacking.value.problems) == 2


@pytest.mark.parametrize(
    "days",
    [
        DaysAsked(None, date(2026, 11, 20)),
        DaysAsked(date(2026, 11, 20), date(2026, 11, 19)),
        DaysAsked(date(2020, 1, 1), date(2026, 11, 20)),
        DaysAsked(date(2026, 1, 6), date(2026, 1, 7)),
    ],
)
def test_days_that_are_missing_mixed_up_too_long_or_empty_are_told(
    logged: Cast, days: DaysAsked
) -> None:
    with pytest.raises(NotReady):
        take(logged, logged.ana, days=days)


def test_the_days_are_those_of_the_district_to_the_last_instant(logged: Cast) -> None:
    midnight = NOW.replace(hour=5, minute=0)  # 00:00 of that day in Connecticut
    session = logged.session
    for record in session.scalars(select(Record).where(Record.student_id == logged.luis.id)):
        record.event_at = midnight
    session.flush()
    day = date(2026, 11, 20)

    told = {row[2] for row in lines(take(logged, logged.ana, days=DaysAsked(day, day)))[3:-1]}
    assert "Sample, Luis" in told
    with pytest.raises(NotReady):
        take(logged, logged.ana, days=DaysAsked(day - timedelta(1), day - timedelta(1)))


def test_a_second_click_takes_nothing_out_twice(logged: Cast) -> None:
    first = take(logged, logged.ana, key="k")

    assert take(logged, logged.ana, key="k").id == first.id
    assert len(exports_of(logged.session)) == 1


def test_it_opens_to_its_maker_for_a_day_and_while_everybody_in_it_is_theirs(logged: Cast) -> None:
    session, ana = logged.session, logged.who(logged.ana)
    kept = take(logged, logged.ana)
    trail.settle(session)
    session.expire_all()

    assert documents.open_document(session, ana, kept.id, NOW).id == kept.id
    assert [one.document_id for one in exported.mine(session, ana, NOW)] == [kept.id]
    for other in (logged.omar, logged.dina, logged.sue, logged.rita):
        with pytest.raises(NotFound):
            documents.open_document(session, logged.who(other), kept.id, NOW)
    a_day_later = NOW + timedelta(hours=24)
    with pytest.raises(NotFound):
        documents.open_document(session, ana, kept.id, a_day_later)
    assert exported.mine(session, ana, a_day_later) == []

    session.execute(delete(Relation).where(Relation.student_id == logged.mei.id))
    with pytest.raises(NotFound):
        documents.open_document(session, ana, kept.id, NOW)


def test_a_file_that_no_export_tells_of_opens_to_nobody(logged: Cast) -> None:
    kept = take(logged, logged.ana)
    stray = documents.keep(
        logged.session, logged.ana.id, logged.district.id, kept.kind, "a.csv", "text/csv", b"", NOW
    )

    with pytest.raises(NotFound):
        documents.open_document(logged.session, logged.who(logged.ana), stray.id, NOW)


# Much at once


def many(rows: int, students: int = 0) -> Table:
    ids = frozenset(uuid.uuid4() for _ in range(students))
    return Table(("Name",), [("x",)] * rows, ids)


def keep(cast: Cast, table: Table, at=NOW, shape=ExportShape.CSV, session_id=None) -> Document:
    me = replace(cast.who(cast.ana), session_id=session_id)
    wanted = replace(VISITS, shape=shape)
    return keep_export(cast.session, me, wanted, table, at, uuid.uuid4().hex)


def signed_in(cast: Cast, user: User, shown_at) -> uuid.UUID:
    row = UserSession(
        token_sha256=uuid.uuid4().hex * 2,
        user_id=user.id,
        started_at=NOW,
        seen_at=NOW,
        expires_at=NOW + timedelta(hours=8),
        second_factor_at=shown_at,
    )
    cast.session.add(row)
    cast.session.flush()
    return row.id


def test_much_needs_the_second_factor_of_this_very_session(cast: Cast) -> None:
    for session_id in (
        None,
        uuid.uuid4(),
        signed_in(cast, cast.ana, None),
        signed_in(cast, cast.ana, NOW - timedelta(minutes=10)),
        signed_in(cast, cast.omar, NOW),
    ):
        with pytest.raises(Refused, match="fifty students"):
            keep(cast, many(501), session_id=session_id)
    assert exports_of(cast.session) == []

    keep(cast, many(501), session_id=signed_in(cast, cast.ana, NOW))
    keep(cast, many(60, students=51), session_id=signed_in(cast, cast.ana, NOW))
    [flag] = cast.session.scalars(select(UseFlag))
    assert (flag.user_id, flag.count, flag.day) == (cast.ana.id, 561, date(2026, 11, 20))
    assert flag.detail == {"students": 51, "rows": 561}


MIDNIGHT = NOW.replace(hour=5, minute=0)  # 00:00 of that day in Connecticut
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("before", "then", "much"),
    [
        ((MIDNIGHT, 250, 25), (250, 25), False),
        ((MIDNIGHT, 250, 25), (251, 0), True),
        ((MIDNIGHT, 25, 25), (26, 26), True),
        ((MIDNIGHT - TICK, 500, 50), (500, 50), False),
        ((MIDNIGHT + timedelta(hours=24), 500, 50), (500, 50), False),
    ],
)
def test_many_small_files_on_one_day_are_as_much_as_a_large_one(
    cast: Cast, before, then, much
) -> None:
    at, rows, students = before
    keep(cast, many(rows, students), at)
    trail.settle(cast.session)
    if not much:
        assert keep(cast, many(*then))
        return
    with pytest.raises(Refused, match="today"):
        keep(cast, many(*then))
    keep(cast, many(*then), session_id=signed_in(cast, cast.ana, NOW))
    [flag] = cast.session.scalars(select(UseFlag))
    assert flag.detail == {"rows": rows + then[0], "students": students + then[1]}


def test_the_same_students_again_are_no_more_students_and_others_files_do_not_count(
    cast: Cast,
) -> None:
    forty = many(40, students=40)
    other = replace(VISITS, kind=ExportKind.REFERRALS)
    keep_export(cast.session, cast.who(cast.omar), VISITS, many(40, students=40), NOW, "o")
    trail.settle(cast.session)

    for number, wanted in enumerate((VISITS, other)):
        assert keep_export(cast.session, cast.who(cast.ana), wanted, forty, NOW, str(number))
        trail.settle(cast.session)


def test_what_was_settled_in_the_morning_is_looked_at_again(cast: Cast) -> None:
    session_id = signed_in(cast, cast.ana, NOW)
    keep(cast, many(501), session_id=session_id)
    [flag] = cast.session.scalars(select(UseFlag))
    flag.settled_at, flag.settled_by, flag.outcome = NOW, cast.sue.id, FlagOutcome.PROPER
    cast.session.flush()

    keep(cast, many(502), session_id=session_id)

    assert (flag.settled_at, flag.outcome, flag.count) == (None, None, 1003)


def test_where_the_second_factor_is_only_offered_it_is_not_asked_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_SECOND_FACTOR", "offered")
    settings.cache_clear()

    assert keep(cast, many(501))
    settings.cache_clear()


def test_in_a_demonstration_nobody_has_a_second_factor_to_show(cast: Cast) -> None:
    cast.session.add(Installation(name="demo", value="true"))
    cast.session.flush()

    assert keep(cast, many(501))


def test_too_many_rows_are_refused_before_a_file_is_made(cast: Cast) -> None:
    for table, shape in ((many(5001), ExportShape.CSV), (many(1001), ExportShape.PDF)):
        with pytest.raises(NotReady, match="more than"):
            keep(cast, table, shape=shape)


def test_no_note_of_anybody_is_ever_read_for_an_export(logged: Cast) -> None:
    assert logged.session.scalars(select(VisitNote)).all()  # there is one to leave out
    for user in (logged.ana, logged.omar, logged.sue):
        assert b"SECRET" not in take(logged, user).content
