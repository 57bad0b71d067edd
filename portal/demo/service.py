"""Fill an empty database with the demonstration: files first, through the importers, then life."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.demo import (
    agencies,
    agreements,
    consents,
    corrections,
    data_points,
    history,
    oneroster,
    openings,
    oversight,
    people,
    referrals,
    supports,
    supports_in_bulk,
    transitions,
    visits,
    written,
)
from portal.demo.roster import MadeRoster, make
from portal.demo.stage import stage
from portal.directory import changes
from portal.directory.agencies import service as directory
from portal.directory.loaders.package import open_package
from portal.directory.loaders.report import Report
from portal.directory.roster import service as roster
from portal.policy.spans import local_midnight
from portal.store.ledger import Installation

TZ = "America/New_York"
SEED = 20260824


def build(session: Session, now: datetime, seed: int = SEED) -> None:
    """The demonstration as of `now`; the same seed and day make the same one."""
    made = make(seed, now.astimezone(ZoneInfo(TZ)).date())
    morning = local_midnight(made.first_day, TZ) + timedelta(hours=7)
    _bring_in(session, made, morning)
    _mark(session)
    scene = stage(session, made, seed, now)
    people.settle(scene, morning)
    visits.fill(scene)
    history.fill(scene)
    supports_in_bulk.fill(scene)
    changes.write(session, scene.changes)
    steps = (
        data_points,
        agreements,
        consents,
        referrals,
        supports,
        openings,
        oversight,
        transitions,
        corrections,
        written,
    )
    for step in steps:
        step.plan(scene)
    scene.play()


def _bring_in(session: Session, made: MadeRoster, at: datetime) -> None:
    """Through the same door as a real district's files."""
    with tempfile.TemporaryDirectory(prefix="portal-demo-") as folder:
        rosters, directories = Path(folder) / "oneroster", Path(folder) / "hsds"
        oneroster.write(made, rosters)
        agencies.write(directories)
        report = Report()
        for path in (rosters, directories):
            package = open_package(path, report)
            if package is None:
                raise AssertionError(report.problems)
            brought = (
                roster.bring_in(session, package, made.code, at)
                if path is rosters
                else directory.bring_in(session, package, at)
            )
            if not brought.accepted:
                raise AssertionError(brought.problems)


def _mark(session: Session) -> None:
    """What start-up and every page need to know of a demonstration."""
    told = {
        "demo": "true",
        "demo_people": json.dumps(people.shown(), ensure_ascii=False),
        "demo_password": people.PASSWORD,
    }
    session.add_all(Installation(name=name, value=value) for name, value in told.items())
