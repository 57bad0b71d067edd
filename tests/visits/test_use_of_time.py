"""A person's own use of time: in the crosswalk, for their own eyes, without a student."""

from __future__ import annotations

import csv
import io
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, exported, sheets, trail
from portal.access.exports import Table, Wanted, keep_export
from portal.access.my_time import MyVisit
from portal.access.words import AS_SHIPPED, words_of
from portal.directory.word_lists import service as word_lists
from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.oversight import DataExport, UseFlag
from portal.store.papers import Document
from portal.store.people import User
from portal.store.records import Record, Visit
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.visits.use_of_time import rules, service
from portal.vocabulary import (
    Attendance,
    ExportKind,
    ExportPurpose,
    ExportShape,
    VisitMode,
    WordList,
)
from tests.people import NOW, Cast

BEGUN = NOW - timedelta(hours=2)
VISIT = MyVisit(
    at=NOW,
    minutes=20,
    purpose="individual",
    services=(),
    mode=VisitMode.IN_PERSON,
    attendance=Attendance.ATTENDED,
    credential="LCSW",
    group=None,
)


def log(cast: Cast, purpose: str, minutes: int, by: User | None = None, **changes: object) -> Visit:
    draft = VisitDraft(cast.luis.id, purpose, minutes, began=BEGUN)
    me = cast.who(by or cast.ana)
    visit = visits.log(cast.session, me, draft, NOW, uuid.uuid4().hex)
    for name, value in changes.items():
        setattr(visit, name, value)
    cast.session.flush()
    return visit


def take(cast: Cast, purpose: ExportPurpose | None = ExportPurpose.OWN_WORK) -> Document:
    me, words = cast.who(cast.ana), "For the report of my profession"
    return service.take_out(cast.session, me, 2026, purpose, words, NOW, uuid.uuid4().hex)


def rows(cast: Cast) -> list[dict[str, str]]:
    text = take(cast).content.decode("utf-8-sig")
    _mark, _use, head, *lines, _last = csv.reader(io.StringIO(text))
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_a_visit_counts_where_its_purpose_counts() -> None:
    [one] = rules.counted([replace(VISIT, services=("basic_needs",))], AS_SHIPPED)

    assert (one.asca, one.social_work) == ("direct_counseling", "intervention_treatment")


def test_a_purpose_without_a_place_lets_a_service_count() -> None:
    visit = replace(VISIT, purpose="other", services=("nothing", "basic_needs"))
    [one] = rules.counted([visit], AS_SHIPPED)

    assert (one.asca, one.sbch) == ("indirect_referrals", "")


def test_what_no_list_knows_has_no_place() -> None:
    [one] = rules.counted([replace(VISIT, purpose="gone")], AS_SHIPPED)

    assert (one.asca, one.social_work, one.sbch) == ("", "", "")


@pytest.mark.parametrize(("minutes", "units"), [(0, 0), (14, 0), (15, 1), (29, 1), (60, 4)])
def test_a_unit_is_a_whole_quarter_of_an_hour(minutes: int, units: int) -> None:
    [one] = rules.counted([replace(VISIT, minutes=minutes)], AS_SHIPPED)

    assert one.units == units


def test_a_group_counts_once_in_my_time_and_for_each_student_in_units() -> None:
    group, other = uuid.uuid4(), uuid.uuid4()
    told = [replace(VISIT, group=of, minutes=30) for of in (group, group, other)]

    assert [(one.mine, one.units) for one in rules.counted(told, AS_SHIPPED)] == [
        (30, 2),
        (0, 2),
        (30, 2),
    ]


def test_shares_are_in_asca_s_order_and_add_up() -> None:
    told = [
        replace(VISIT, purpose=purpose, minutes=minutes)
        for purpose, minutes in (("gone", 10), ("consultation", 30), ("individual", 40))
    ]
    found = rules.counted(told, AS_SHIPPED)

    assert [(share.label, share.minutes, share.percent) for share in rules.shares(found)] == [
        ("Direct: counseling", 40, 50),
        ("Indirect: consultation", 30, 38),
        ("No place in it", 10, 13),
    ]
    assert rules.main_percent(found) == 88
    assert rules.main_percent([]) == 0


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 6, 30), 2025), (date(2026, 7, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_school_year_begins_on_the_first_of_july(day: date, year: int) -> None:
    assert rules.year_of(day) == year
    assert rules.bounds(2026, "America/New_York") == (
        datetime(2026, 7, 1, 4, tzinfo=UTC),
        datetime(2027, 7, 1, 4, tzinfo=UTC),
    )
    assert rules.named(2026) == "2026-27"


def test_the_file_has_my_visits_and_no_student(cast: Cast) -> None:
    log(cast, "individual", 20, credential="LCSW")
    log(cast, "crisis", 20, by=cast.omar)
    [row] = rows(cast)

    assert (row["Date"], row["Began"], row["Minutes"]) == ("2026-11-20", "08:00", "20")
    assert (row["Units of 15 minutes"], row["Credential"]) == ("1", "LCSW")
    assert row["Use of time (ASCA)"] == "Direct: counseling"
    assert row["School Based Child Health"].startswith("Behavioral health")
    assert row["Services"] == "Individual counseling"
    assert not {"Luis", "Sample"} & set(" ".join(row.values()).split())


def test_what_was_taken_back_or_is_of_another_year_is_not_in_it(cast: Cast) -> None:
    visit = log(cast, "individual", 20)
    assert service.my_year(cast.session, cast.who(cast.ana), 2025) == []

    visits.undo(cast.session, cast.who(cast.ana), visit.record_id, NOW)
    assert service.my_year(cast.session, cast.who(cast.ana), 2026) == []


def test_it_goes_on_when_the_student_is_no_longer_mine(cast: Cast) -> None:
    log(cast, "individual", 20)
    record = cast.session.scalars(select(Record).where(Record.author_id == cast.ana.id)).first()
    assert record is not None
    record.student_id = cast.zoe.id
    cast.session.flush()

    assert len(service.my_year(cast.session, cast.who(cast.ana), 2026)) == 1


def test_the_districts_own_words_count_as_it_says(cast: Cast) -> None:
    shown = words_of(cast.session, cast.district.id).lists[WordList.VISIT_PURPOSE]["other"]
    told = replace(shown, label="=Paperwork", asca="program")
    dina = cast.who(cast.dina)
    word_lists.write(cast.session, dina, WordList.VISIT_PURPOSE, told, shown, NOW)
    log(cast, "other", 20)
    [row] = rows(cast)

    assert row["Use of time (ASCA)"] == "Program planning and school support"
    assert row["Purpose"] == "'=Paperwork"  # no formula


def test_the_file_opens_to_whoever_made_it_and_to_nobody_else(cast: Cast) -> None:
    log(cast, "individual", 20)
    kept = take(cast)

    opened = documents.open_document(cast.session, cast.who(cast.ana), kept.id, NOW)
    assert opened.media_type == sheets.MEDIA_TYPE
    for other in (cast.omar, cast.dina, cast.sue, cast.rita):
        with pytest.raises(NotFound):
            documents.open_document(cast.session, cast.who(other), kept.id, NOW)


def test_the_file_leaves_for_a_stated_purpose_that_stands_on_it_and_in_the_ledger(
    cast: Cast,
) -> None:
    log(cast, "individual", 20)
    with pytest.raises(NotReady):
        take(cast, None)
    kept = take(cast)
    trail.settle(cast.session)

    [row] = cast.session.scalars(select(DataExport))
    [line] = cast.session.scalars(select(TrailLine).where(TrailLine.event == "data.exported"))
    mark = kept.content.decode("utf-8-sig").splitlines()[0]
    for told in ("Ana Counts", "November 20, 2026, 10:00", "report of my profession", row.number):
        assert told in mark
    assert "99.33" not in mark  # it tells of nobody else
    assert (line.purpose, line.detail["kind"]) == ("own_work", "use_of_time")
    assert (row.kind, row.students) == (ExportKind.USE_OF_TIME, 0)


def test_a_year_of_ones_own_visits_is_nobodys_much(cast: Cast) -> None:
    wanted = Wanted(ExportKind.USE_OF_TIME, ExportShape.CSV, ExportPurpose.OWN_WORK, "x" * 15)
    table = Table(("Day",), [("x",)] * 501)
    assert keep_export(cast.session, cast.who(cast.ana), wanted, table, NOW, "k")

    assert cast.session.scalars(select(UseFlag)).all() == []
    assert exported.of_the_day(cast.session, cast.who(cast.ana), NOW).rows == 0


def test_it_is_for_those_who_log_visits(cast: Cast) -> None:
    for other in (cast.tom, cast.dina, cast.rita):
        with pytest.raises(Refused):
            service.my_year(cast.session, cast.who(other), 2026)
