"""Whatever a file says: it is accepted or refused, never broken by; and twice is once."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from portal.directory.roster import service
from tests.directory.files import CODE, Files, roster
from tests.directory.test_roster_comes_in import everything
from tests.engines import rolled_back
from tests.people import NOW

FILES = ("orgs.csv", "users.csv", "classes.csv", "enrollments.csv", "demographics.csv", "roles.csv")
WORDS = """
luis mei zoe maria tom cora n s d c1 y n,s student teacher parent guardian principal school
district department Null 0000000101 0000000777 {SASID:0000000101} {Local:7} 9900111 2026-09-01
2026-12-24 2013-05-05 0001-01-01 9999-12-31 2026-11-20 5/5/2013 true FALSE tobedeleted =cmd
漢字 tom@demo.example
"""
Cell = tuple[str, int, int, str | None]
"""File, row, column and what stands there instead; None takes the row away."""

changes = st.lists(
    st.tuples(
        st.sampled_from(FILES),
        st.integers(0, 8),
        st.integers(0, 13),
        st.one_of(st.none(), st.sampled_from(WORDS.split()), st.text(max_size=8)),
    ),
    max_size=5,
)


def changed(version: str, cells: list[Cell]) -> Files:
    files = roster(version)
    for file, row, column, value in cells:
        rows = files.tables.get(file, [])
        if value is None and len(rows) > row > 0:
            del rows[row]
        elif value is not None and row < len(rows):
            name = list(rows[row])[column % len(rows[row])]
            rows[row][name] = value
    return files


@given(version=st.sampled_from(["1.1", "1.2"]), before=changes, after=changes)
def test_any_two_files_one_after_the_other(
    engine: Engine,
    version: str,
    before: list[Cell],
    after: list[Cell],
) -> None:
    with rolled_back(engine) as session:
        service.bring_in(session, changed(version, before).package(), CODE, NOW)
        stood = everything(session)
        files = changed(version, after)
        report = service.bring_in(session, files.package(), CODE, NOW + timedelta(days=1))
        if not report.accepted:
            assert everything(session) == stood
            assert all(line.what and line.do_next for line in report.problems)
            return
        for rows in files.tables.values():
            rows.reverse()
        again = service.bring_in(session, files.package(), CODE, NOW + timedelta(days=2))
        assert again.accepted
        assert again.counts["rows"] == 0 or "Nothing changed." in [
            line.do_next for line in again.warnings
        ]
