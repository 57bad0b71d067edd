"""The file of an export: who may open it again, and what of mine still opens."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from portal.access import documents, exported, trail
from portal.access.exported import Mine
from portal.access.trail import Entry
from portal.policy import exports as rules
from portal.policy.decision import Reason
from portal.store.oversight import DataExport
from portal.store.papers import Document
from portal.store.people import Student
from portal.vocabulary import DocumentKind, ExportKind, ExportShape
from tests import factories as make
from tests.people import NOW, Cast

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


def a_file(cast: Cast, at=NOW) -> Document:
    owner, kind = cast.district.id, DocumentKind.DATA_EXPORT
    return documents.keep(cast.session, cast.ana.id, owner, kind, "a.csv", "text/csv", b"", at)


def export(cast: Cast, file: Document, number: str = "E-1", **changes) -> DataExport:
    values = {
        "organization_id": cast.district.id,
        "number": number,
        "user_id": cast.ana.id,
        "kind": ExportKind.VISITS,
        "purpose": "own_work: To plan",
        "asked": {"shape": "csv"},
        "rows": 12,
        "students": 2,
        "document_id": file.id,
        "made_at": file.made_at,
    }
    return make.stored(cast.session, DataExport(**values | changes))


def line(cast: Cast, file: Document, *students: Student, **changes) -> None:
    """The line that tells who is in the file."""
    about = tuple(student.id for student in students)
    told = {"event": exported.EVENT, "at": file.made_at, "subject": str(file.id)} | changes
    trail.write(cast.session, cast.who(cast.ana), Entry(allowed=True, students=about, **told))
    trail.settle(cast.session)


def codes(cast: Cast, file: Document, at=NOW, who="ana") -> tuple[str, ...]:
    return exported.may_open(cast.session, cast.who(getattr(cast, who)), file, at).codes


def test_a_file_that_no_export_tells_of_is_not_known(cast: Cast):
    stray, other = a_file(cast), a_file(cast)
    export(cast, other)

    assert codes(cast, stray) == (Reason.RECORD_UNKNOWN,)
    assert codes(cast, other) == ()


def test_it_opens_to_its_maker_for_a_day(cast: Cast):
    file = a_file(cast)
    export(cast, file)

    assert codes(cast, file, NOW + DAY - TICK) == ()
    assert codes(cast, file, NOW + DAY) == (Reason.EXPORT_OVER,)
    assert codes(cast, file, who="omar") == (Reason.NOT_THE_AUTHOR,)
    assert codes(cast, file, who="tom") == (Reason.NO_SUCH_TASK, Reason.NOT_THE_AUTHOR)


def test_it_closes_when_one_student_in_it_is_out_of_reach(cast: Cast):
    file = a_file(cast)
    export(cast, file)
    line(cast, file, cast.luis, cast.mei)
    assert codes(cast, file) == ()

    line(cast, file, cast.zoe)
    assert codes(cast, file) == (Reason.NO_RELATION,)


def test_only_its_own_line_tells_who_is_in_it(cast: Cast):
    file = a_file(cast)
    export(cast, file)
    line(cast, file, cast.luis)
    line(cast, file, cast.zoe, subject=str(uuid.uuid4()))
    line(cast, file, cast.zoe, event="document.opened")
    line(cast, file, cast.zoe, at=NOW + TICK)

    assert codes(cast, file) == ()


def test_mine_are_those_of_the_last_day_the_newest_first(cast: Cast):
    files = [a_file(cast, NOW - n * TICK) for n in range(3)]
    export(cast, files[2], "E-3")
    export(cast, files[0], "E-2", kind=ExportKind.REFERRALS, asked={"shape": "pdf"})
    export(cast, files[1], "E-5")
    export(cast, files[1], "E-4")
    export(cast, files[0], "E-6", user_id=cast.omar.id)
    export(cast, files[0], "E-7", document_id=None)
    export(cast, files[0], "E-8", made_at=NOW - DAY)
    export(cast, files[0], "E-9", made_at=NOW - DAY + TICK)

    found = exported.mine(cast.session, cast.who(cast.ana), NOW)

    assert [one.number for one in found] == ["E-2", "E-4", "E-5", "E-3", "E-9"]
    assert found[0] == Mine(files[0].id, "E-2", ExportKind.REFERRALS, ExportShape.PDF, 12, 2, NOW)


def test_all_that_staff_take_out_of_students_counts_and_nothing_that_was_refused(cast: Cast):
    ana = cast.who(cast.ana)
    about = [cast.luis, cast.mei, cast.zoe]
    for event, student in zip(sorted(rules.LEAVING), about, strict=True):
        trail.write(cast.session, ana, Entry(event, True, NOW, (student.id,)))
        trail.write(cast.session, ana, Entry(event, False, NOW, (uuid.uuid4(),)))
    trail.write(cast.session, ana, Entry("record.opened", True, NOW, (uuid.uuid4(),)))
    trail.settle(cast.session)

    found = exported.of_the_day(cast.session, ana, NOW)
    assert (found.rows, found.students) == (0, {student.id for student in about})
    assert exported.of_the_day(cast.session, cast.who(cast.omar), NOW).students == set()


def test_the_rows_of_a_day_are_mine_from_its_midnight_on_and_not_those_about_myself(cast: Cast):
    evening = datetime(2026, 11, 21, 2, tzinfo=UTC)  # nine o'clock on the 20th in Connecticut
    midnight = datetime(2026, 11, 20, 5, tzinfo=UTC)
    file = a_file(cast)
    export(cast, file, "E-1", rows=1, made_at=midnight)
    export(cast, file, "E-2", rows=2, made_at=midnight - TICK)
    export(cast, file, "E-3", rows=4, made_at=midnight + DAY - TICK)
    export(cast, file, "E-4", rows=8, made_at=midnight + DAY)
    export(cast, file, "E-5", rows=16, user_id=cast.omar.id)
    export(cast, file, "E-6", rows=32, kind=ExportKind.USE_OF_TIME)

    assert exported.of_the_day(cast.session, cast.who(cast.ana), evening).rows == 5
    assert exported.of_the_day(cast.session, cast.who(cast.dina), evening).rows == 0
