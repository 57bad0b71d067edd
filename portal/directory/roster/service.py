"""Bring a roster in: read everything, compare everything, and only then write, all or nothing."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import trail
from portal.directory import changes
from portal.directory.loaders import oneroster
from portal.directory.loaders.oneroster.values import Roster
from portal.directory.loaders.package import Package
from portal.directory.loaders.report import Report
from portal.directory.queries import last_run
from portal.directory.roster import (
    classes,
    enrollments,
    families,
    leaving,
    places,
    queries,
    staff,
    students,
)
from portal.directory.roster.context import Options, Plan
from portal.store.ledger import ImportRun

DEFAULT_TZ = "America/New_York"
LONGEST_CODE = 20
STEPS = (places, students, staff, enrollments, families, classes, leaving)
"""In the order in which they build upon one another."""


def bring_in(
    session: Session,
    package: Package,
    code: str,
    at: datetime,
    options: Options | None = None,
    *,
    dry_run: bool = False,
) -> Report:
    """The report of a roster for the district `code`; written unless refused or a dry run.

    The same set again changes nothing. The trail line holds counts, no names.
    """
    report = Report()
    if not 0 < len(code) <= LONGEST_CODE:
        report.problem(
            f"A district's code has 1 to {LONGEST_CODE} characters.",
            "Give the district's reporting code with --district.",
            package.name,
        )
        return report
    kind = f"oneroster {code}"
    sha256 = hashlib.sha256(f"{code}\0{package.sha256}".encode()).hexdigest()
    last = last_run(session, kind)
    if last is not None and last.sha256 == sha256:
        report.counts = dict(last.counts)
        report.warn(
            f"This very set was brought in on {last.at:%B %d, %Y}.",
            "Nothing changed.",
            package.name,
        )
        return report
    plan = _planned(session, package, code, at, options or Options(), report)
    if plan is None or not report.accepted or dry_run:
        return report
    changes.write(session, plan.changes)
    leaving.sign_out(session, plan)
    session.add(ImportRun(kind=kind, sha256=sha256, at=at, counts=report.counts))
    told = {**report.counts, "sha256": package.sha256}
    trail.write(session, None, trail.Entry("import.oneroster", True, at, subject=code, detail=told))
    return report


def _planned(
    session: Session, package: Package, code: str, at: datetime, options: Options, report: Report
) -> Plan | None:
    known = queries.known(session, code)
    tz = known.district.tz if known.district else DEFAULT_TZ
    today = at.astimezone(ZoneInfo(tz)).date()
    roster = oneroster.read(package, report, today)
    if roster is None:
        return None
    plan = Plan(roster, known, report, code, tz, at, today, options)
    for step in STEPS:
        step.take(plan)
    report.counts = _counts(roster, plan)
    return plan


def _counts(roster: Roster, plan: Plan) -> dict[str, int]:
    told = ("schools", "students", "guardians", "staff", "classes")
    moved = ("students_changed", "students_left", "students_back", "staff_new", "staff_left")
    return {
        **{name: plan.changes.counts[name] for name in told},
        "seats": len(roster.seats),
        **{name: plan.changes.counts[name] for name in moved},
        "rows": plan.changes.rows,
    }
