"""Open Referral sets as three communities publish them: what is taken, what is refused and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.directory.agencies import service
from portal.directory.loaders.package import open_package
from portal.directory.loaders.report import Report
from portal.store.places import AgencyService, Organization
from tests.people import NOW

pytestmark = pytest.mark.real_files


def brought_in(session: Session, path: Path) -> Report:
    report = Report()
    package = open_package(path, report)
    assert package is not None
    return service.bring_in(session, package, NOW)


def test_the_specification_s_own_example_comes_in(session: Session, real_files: Path) -> None:
    report = brought_in(session, real_files / "hsds" / "spec-3.0-csv")

    assert report.accepted
    assert report.counts == {"agencies": 1, "services": 1, "sites": 1, "rows": 3}
    offered = session.scalars(select(AgencyService)).one()
    assert (offered.status, offered.minimum_age, offered.maximum_age) == ("active", 12, 100)
    assert offered.languages == ["Urdu"]
    assert session.scalars(select(Organization)).one().phone == "+44 1234 234567 ext. 100"


def test_the_older_form_of_ohana_comes_in(session: Session, real_files: Path) -> None:
    report = brought_in(session, real_files / "hsds" / "ohana-sample")

    assert report.accepted
    assert report.counts == {"agencies": 8, "services": 23, "sites": 22, "rows": 53}
    statuses = session.scalars(select(AgencyService.status)).all()
    assert sorted(set(statuses)) == ["active", "defunct", "inactive"]


def test_florida_is_refused_for_the_one_row_that_slipped(
    session: Session, real_files: Path
) -> None:
    report = brought_in(session, real_files / "hsds" / "florida-legal-aid")

    assert [(line.file, line.row) for line in report.problems] == [("services.csv", 65)]
    assert "slipped" in report.problems[0].what
    assert "quotation marks" in report.problems[0].do_next
    assert session.scalars(select(Organization)).all() == []


def test_florida_comes_in_once_that_row_is_put_right(
    session: Session, real_files: Path, tmp_path: Path
) -> None:
    for file in (real_files / "hsds" / "florida-legal-aid").iterdir():
        lines = file.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(b"5b5743ff-e9d4-411e-b0a6")]
        (tmp_path / file.name).write_bytes(b"".join(kept))

    report = brought_in(session, tmp_path)

    assert report.accepted
    assert report.counts["agencies"] == 20
    assert report.counts["services"] == 134
    assert report.counts["sites"] == 378
