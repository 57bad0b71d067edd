"""No page and no file lists the staff with numbers of their work, and none is sorted by them."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.exports import Wanted
from portal.exporting.service import DaysAsked, take_out
from portal.policy import exports as rules
from portal.policy.proper_use import PROPER_USE, SOURCE
from portal.policy.tasks import Task
from portal.store.people import User
from portal.ui.export_form import ROWS_OF
from portal.ui.navigation import pages_of
from portal.ui.pick_student import CHOSEN
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import ExportKind, ExportPurpose, ExportShape, Level, RelationKind, Role
from tests import factories as make
from tests.pages.conftest import PortalDb, cast_file, portal_db
from tests.people import LONG_AGO, NOW

__all__ = ["cast_file", "portal_db"]

ROW = re.compile(r"<(tr|li)>(.*?)</\1>", re.DOTALL)
CELL = re.compile(r"<(?:td|th|div|strong|span)[^>]*>([^<]*)")
OF_WORK = re.compile(
    r"^[\d,.]+( ?%)?$|\b[\d,.]+ (visits|minutes|hours|students|referrals|sessions|notes|opens?)\b"
)

MAY_COUNT = {Task.ASSIGN_CASELOAD, Task.HAND_OVER}
"""To share students out, one must see how many each has: it says nothing of how they work."""


@pytest.fixture
def at_work(portal_db: PortalDb) -> PortalDb:
    """Three colleagues of Ana's, each with students and visits, more of the one than the other."""
    cast = portal_db.cast
    with portal_db.writing() as session:
        for number, name in enumerate(("Cole Aid", "Cora Aid", "Carl Aid"), start=1):
            user = make.user(session, cast.district, name, Role.SUPPORT_STAFF, Level.COUNSELOR)
            make.relation(session, user, cast.luis, RelationKind.COUNSELOR)
            me = portal_db.who_in(session, user)
            for visit in range(number * 2):
                draft = VisitDraft(cast.luis.id, "individual", 20 + visit)
                visits.log(session, me, draft, NOW - timedelta(days=visit), uuid.uuid4().hex)
    return portal_db


def staff_with_numbers(html: str, staff: set[str]) -> Iterator[str]:
    """Rows of a table or a list that have a colleague in one cell and a count in another."""
    for _tag, row in ROW.findall(html):
        cells = [cell.strip() for cell in CELL.findall(row)]
        named = [cell for cell in cells if cell in staff]
        counts = [cell for cell in cells if OF_WORK.search(cell)]
        if named and counts:
            yield f"{named} {counts}"


def test_the_test_finds_what_it_looks_for() -> None:
    row = "<tr><th>Ana Counts</th><td>12</td></tr>"
    item = "<li><strong>Ana Counts</strong><div>3 visits</div></li>"

    assert len(list(staff_with_numbers(row + item, {"Ana Counts"}))) == 2


def test_no_page_lists_the_staff_with_numbers_of_their_work(at_work: PortalDb) -> None:
    with at_work.writing() as session:
        users = list(session.scalars(select(User).order_by(User.name)))
        session.expunge_all()
    staff = {user.name for user in users}
    found = []
    for user in {user.role: user for user in users}.values():
        for one in pages_of(user.role):
            page = at_work.page(one.file, user)
            page.session_state[CHOSEN] = at_work.cast.luis.id
            html = at_work.shown(page.run())
            if one.task not in MAY_COUNT:
                found += [f"{one.file}: {row}" for row in staff_with_numbers(html, staff)]
            options = [option for box in page.selectbox for option in box.options]
            assert not [o for o in options if re.search(r"(?i)most (visits|minutes)", o)], one.file

    assert found == []


def test_no_file_of_work_says_whose_work_it_is(at_work: PortalDb) -> None:
    for name in ("omar", "sue"):
        for kind in (ExportKind.VISITS, ExportKind.PEOPLE):
            user = getattr(at_work.cast, name)
            if kind not in rules.kinds_for(user.role, user.level):
                continue
            with at_work.writing() as session:
                wanted = Wanted(kind, ExportShape.CSV, ExportPurpose.OWN_WORK, "To look at it all")
                days = DaysAsked(LONG_AGO.date(), NOW.date())
                me = at_work.who_in(session, user)
                rows = ROWS_OF.get(kind)
                kept = take_out(session, me, wanted, days, NOW, uuid.uuid4().hex, rows)
                lines = list(csv.reader(io.StringIO(kept.content.decode("utf-8-sig"))))
            assert lines[1] == [PROPER_USE]
            inside = lines[3:-1]
            staff = [row for row in inside if "Aid" in " ".join(row)]
            assert bool(staff) is (kind is ExportKind.PEOPLE)
            assert not [cell for row in staff for cell in row if OF_WORK.search(cell)]


@pytest.mark.parametrize(
    ("file", "name"), [("export_records.py", "omar"), ("see_my_time.py", "ana")]
)
def test_the_policys_sentence_stands_where_numbers_could_be_mistaken(
    at_work: PortalDb, file: str, name: str
) -> None:
    text = at_work.shown(at_work.run(file, getattr(at_work.cast, name)))

    assert "shall not be the sole or primary portion of any personnel evaluation" in text
    assert "adopted October 19, 2015" in text


def test_the_sentence_is_the_policys_own() -> None:
    assert PROPER_USE.startswith("It is not the purpose of the Data-Based Information")
    assert "evaluate school administrators or teachers" in PROPER_USE
    assert "Personnel Evaluation" in SOURCE
