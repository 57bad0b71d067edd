"""The door through which data is taken out: its mark, its paper, its line, and much at once."""

from __future__ import annotations

import csv
import io
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import exports, trail
from portal.access.exports import Table, Wanted, flag_bulk, keep_export, may_ask
from portal.config import settings
from portal.errors import NotReady, Problem, Refused
from portal.policy.proper_use import PROPER_USE
from portal.store.accounts import UserSession
from portal.store.ledger import Installation, TrailLine
from portal.store.oversight import DataExport, UseFlag
from portal.store.papers import Document
from portal.vocabulary import ExportKind, ExportPurpose, ExportShape, FlagOutcome, UseFlagKind
from tests import factories as make
from tests.pdf.reading import Pdf
from tests.people import NOW, Cast

WORDS = "To plan  the groups of December"
PERIOD = "November 1 to 20, 2026"
WANTED = Wanted(
    ExportKind.VISITS,
    ExportShape.CSV,
    ExportPurpose.OWN_WORK,
    WORDS,
    PERIOD,
    {"from": "2026-11-01"},
)
MADE_AT = "November 20, 2026, 10:00 AM EST (UTC-05:00)"
PURPOSE = "My own work away from the portal: To plan the groups of December"


def table(cast: Cast, rows: int = 2) -> Table:
    return Table(("Day", "Name"), [("1", "=x")] * rows, frozenset({cast.luis.id, cast.mei.id}))


def keep(cast: Cast, wanted: Wanted = WANTED, of: Table | None = None, key="k", **changes):
    me = replace(cast.who(cast.ana), **changes)
    kept = keep_export(cast.session, me, wanted, of or table(cast), NOW, key)
    return kept, cast.session.scalars(
        select(DataExport).where(DataExport.document_id == kept.id)
    ).one()


@pytest.mark.parametrize(
    ("title", "maker"), [("Social worker", "Ana Counts, Social worker"), ("", "Ana Counts")]
)
def test_a_spreadsheet_says_first_and_last_who_took_it_when_what_for_and_which(
    cast: Cast, title, maker
):
    kept, row = keep(cast, title=title)
    lines = list(csv.reader(io.StringIO(kept.content.decode("utf-8-sig"))))

    mark = (
        f"Export {row.number}, taken out by {maker} (Harbor Point Public Schools) on {MADE_AT}. "
        f"For: {PURPOSE}. Do not pass on: 34 CFR 99.33."
    ).replace(" AM", "\N{NO-BREAK SPACE}AM")
    assert lines == [[mark], [PROPER_USE], ["Day", "Name"], *[["1", "'=x"]] * 2, [mark]]
    assert row.number.startswith("E-")
    assert (kept.file_name, kept.media_type) == (f"visits-{row.number}.csv", "text/csv")
    assert (kept.owner_id, kept.made_by, kept.made_at, kept.kind) == (
        *(cast.district.id, cast.ana.id, NOW),
        "data_export",
    )


def test_a_paper_says_the_same(cast: Cast):
    kept, row = keep(cast, replace(WANTED, shape=ExportShape.PDF), title="Social worker")
    pdf = Pdf(kept.content)

    for told in (
        *("Visits", row.number, "Harbor Point Public Schools", PERIOD, PURPOSE, PROPER_USE),
        f"Ana Counts, {MADE_AT}. Do not pass on: 34 CFR 99.33.",
        "Confidential. Do not pass on: 34 CFR 99.33. Shred it afterwards.",
        *("Ana Counts, Social worker", "2 rows about 2 students", "Day Name 1 =x 1 =x"),
    ):
        assert told in pdf.text.replace("\n", " ")
    assert (kept.file_name, kept.media_type) == (f"visits-{row.number}.pdf", "application/pdf")


@pytest.mark.parametrize(
    ("rows", "students", "told"), [(1, 0, "1 row"), (2, 1, "2 rows about 1 student")]
)
def test_a_paper_says_how_much_it_is(cast: Cast, rows, students, told):
    of = Table(("A",), [("x",)] * rows, frozenset([cast.luis.id][:students]))
    kept, _row = keep(cast, replace(WANTED, shape=ExportShape.PDF), of)

    assert f"How much {told} It is not the purpose" in Pdf(kept.content).text.replace("\n", " ")


def test_it_is_written_down_with_everybody_in_it_and_without_the_words(cast: Cast):
    kept, row = keep(cast)
    trail.settle(cast.session)

    assert (row.organization_id, row.user_id, row.kind) == (
        *(cast.district.id, cast.ana.id),
        ExportKind.VISITS,
    )
    assert row.purpose == "own_work: To plan the groups of December"
    asked = {"from": "2026-11-01", "shape": "csv"}
    assert (row.asked, row.rows, row.students, row.made_at) == (asked, 2, 2, NOW)
    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.allowed, line.at, line.user_id) == (
        *("data.exported", True, NOW),
        cast.ana.id,
    )
    assert (line.subject, line.purpose) == (str(kept.id), "own_work")
    assert line.students == sorted({cast.luis.id.hex, cast.mei.id.hex})
    told = {"kind": "visits", "number": row.number, "rows": 2, "sha256": kept.sha256}
    assert line.detail == told | asked


def test_a_form_sent_twice_gives_one_file_and_another_form_another(cast: Cast):
    first, _row = keep(cast)

    assert keep(cast)[0].id == first.id
    assert keep(cast, key="another")[0].id != first.id


def test_without_the_right_nothing_leaves_and_the_try_is_written_down(cast: Cast):
    tom = cast.who(cast.tom)
    for ask in (
        lambda: may_ask(cast.session, tom, WANTED, NOW),
        lambda: keep_export(cast.session, tom, WANTED, table(cast), NOW, "k"),
    ):
        with pytest.raises(Refused):
            ask()
        [(me, entry)] = cast.session.info.pop(trail.WAITING)
        assert (me, entry.event, entry.allowed, entry.at) == (tom, "data.exported", False, NOW)
        assert (entry.subject, entry.codes) == ("visits", ["NO_SUCH_TASK"])


def test_without_a_purpose_nothing_leaves(cast: Cast):
    for wanted in (replace(WANTED, purpose=None), replace(WANTED, words="")):
        with pytest.raises(NotReady):
            may_ask(cast.session, cast.who(cast.ana), wanted, NOW)
    may_ask(cast.session, cast.who(cast.ana), WANTED, NOW)
    assert trail.WAITING not in cast.session.info


TOO_MANY = Problem("These are more than 5,000 rows.", "Choose a shorter time.")
TOO_MANY_FOR_A_PAPER = Problem(
    "These are more than 1,000 rows, too many for a paper.",
    "Choose a shorter time, or the spreadsheet.",
)


@pytest.mark.parametrize(
    ("rows", "shape", "problem"),
    [
        (0, ExportShape.CSV, Problem("There is nothing to take out in this time.",
                                     "Choose other days.")),
        (5001, ExportShape.CSV, TOO_MANY),
        (5001, ExportShape.PDF, TOO_MANY),
        (1001, ExportShape.PDF, TOO_MANY_FOR_A_PAPER),
    ],
)  # fmt: skip
def test_nothing_at_all_and_too_much_make_no_file(cast: Cast, rows, shape, problem):
    with pytest.raises(NotReady) as told:
        keep(cast, replace(WANTED, shape=shape), table(cast, rows))

    assert told.value.problems == (problem,)
    assert cast.session.scalars(select(Document)).all() == []


def test_as_many_rows_as_there_may_be_are_not_too_many(cast: Cast, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    monkeypatch.setattr(exports, "MOST_ROWS_ON_PAPER", 1)

    keep(cast)
    keep(cast, replace(WANTED, shape=ExportShape.PDF), table(cast, 1), key="paper")


# Much at once


@pytest.fixture
def signed_in(cast: Cast) -> uuid.UUID:
    """Ana's sign-in, with a second factor shown just now."""
    row = UserSession(
        token_sha256=uuid.uuid4().hex * 2,
        user_id=cast.ana.id,
        started_at=NOW,
        seen_at=NOW,
        expires_at=NOW + timedelta(hours=8),
        second_factor_at=NOW,
    )
    return make.stored(cast.session, row).id


def test_much_needs_the_second_factor_and_is_flagged(cast: Cast, signed_in):
    much = table(cast, 501)
    with pytest.raises(Refused) as told:
        keep(cast, of=much)
    assert told.value.codes == ("SECOND_FACTOR_NEEDED",)
    [(me, entry)] = cast.session.info.pop(trail.WAITING)
    assert (me.id, entry.codes, entry.at) == (cast.ana.id, ["SECOND_FACTOR_NEEDED"], NOW)

    keep(cast, of=much, session_id=signed_in, key="with the factor")
    [flag] = cast.session.scalars(select(UseFlag))
    assert (flag.organization_id, flag.user_id, flag.kind, flag.found_at) == (
        *(cast.district.id, cast.ana.id),
        *(UseFlagKind.BULK_EXPORT, NOW),
    )
    assert (flag.day, flag.count) == (date(2026, 11, 20), 501)
    assert flag.detail == {"students": 2, "rows": 501}


def test_five_hundred_rows_are_neither_asked_about_nor_flagged(cast: Cast):
    keep(cast, of=table(cast, 500))

    assert cast.session.scalars(select(UseFlag)).all() == []


def flag(cast: Cast, at=NOW, who="ana", students=60, rows=600) -> list[UseFlag]:
    me = cast.who(getattr(cast, who))
    flag_bulk(cast.session, me, at, students=students, rows=rows)
    cast.session.flush()
    return list(cast.session.scalars(select(UseFlag).order_by(UseFlag.day)))


def test_a_day_has_one_flag_with_all_that_left_until_now(cast: Cast):
    flag(cast)
    [found] = flag(cast, students=70, rows=700)

    assert (found.count, found.detail) == (700, {"students": 70, "rows": 700})


def test_what_was_settled_is_looked_at_again(cast: Cast):
    [found] = flag(cast)
    found.settled_at, found.settled_by, found.told_at = NOW, cast.sue.id, NOW
    found.outcome = FlagOutcome.PROPER
    flag(cast)

    assert (found.settled_at, found.settled_by) == (None, None)
    assert (found.outcome, found.told_at) == (None, None)


def test_a_finding_of_another_organization_about_the_same_day_is_left_alone(cast: Cast):
    [ours] = flag(cast)
    ours.organization_id, ours.count = cast.riverside.id, 1
    cast.session.flush()

    assert sorted(found.count for found in flag(cast)) == [1, 600]


def test_each_person_each_day_and_each_kind_has_a_flag_of_its_own(cast: Cast):
    flag(cast)
    assert len(flag(cast, who="omar")) == 2
    late = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)  # still the 20th in Connecticut
    assert len(flag(cast, late)) == 2
    days = [found.day for found in flag(cast, late + timedelta(minutes=1))]
    assert days == [date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 21)]
    for found in cast.session.scalars(select(UseFlag)):
        found.kind = UseFlagKind.VOLUME
    assert len(flag(cast)) == 4


@pytest.mark.parametrize(
    ("demo", "setting", "asked"),
    [
        (None, None, True),
        (None, "offered", False),
        ("false", None, True),
        ("true", None, False),
        ("true", "required", True),
        ("true", "offered", False),
    ],
)
def test_in_a_demonstration_the_second_factor_is_asked_for_only_when_it_is_set(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, demo, setting, asked
):
    if demo:
        make.stored(cast.session, Installation(name="demo", value=demo))
    if setting:
        monkeypatch.setenv("PORTAL_SECOND_FACTOR", setting)
    settings.cache_clear()

    assert exports.asks_for_second_factor(cast.session) is asked
    settings.cache_clear()


def test_what_is_not_kept_has_its_row_and_number_and_counts_for_the_day(cast: Cast):
    ana, luis = cast.who(cast.ana), frozenset({cast.luis.id})
    care = ExportPurpose.CARE_RECORD
    wanted = Wanted(ExportKind.CONSENT, ExportShape.FHIR, care, "x" * 15, asked={"consent": "C-1"})
    with pytest.raises(NotReady):
        exports.hand_out(cast.session, ana, replace(wanted, purpose=None), luis, NOW)
    number = exports.hand_out(cast.session, ana, wanted, luis, NOW)

    [row] = cast.session.scalars(select(DataExport))
    assert (row.number, row.kind, row.document_id) == (number, ExportKind.CONSENT, None)
    assert (row.user_id, row.rows, row.students, row.made_at) == (cast.ana.id, 1, 1, NOW)
    assert row.asked == {"consent": "C-1", "shape": "fhir"}
    keep(cast, of=table(cast, 498))
    exports.hand_out(cast.session, ana, wanted, luis, NOW)  # five hundred, and not yet much
    with pytest.raises(Refused):
        keep(cast, of=table(cast, 1), key="one more")


def test_what_is_about_oneself_is_no_part_of_much(cast: Cast):
    own = Wanted(ExportKind.USE_OF_TIME, ExportShape.CSV, ExportPurpose.OWN_WORK, "x" * 15)
    keep(cast, own, table(cast, 501))
    keep(cast, of=table(cast, 500), key="another")

    assert cast.session.scalars(select(UseFlag)).all() == []
