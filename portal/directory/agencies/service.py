"""Bring a directory of agencies in (Open Referral HSDS): all or nothing, and nobody is deleted.

A directory may be a part of what is offered in a town, so an agency that it
does not name stays. A service that an agency no longer lists becomes inactive.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import trail
from portal.directory import changes
from portal.directory.agencies import queries
from portal.directory.agencies.queries import Known
from portal.directory.changes import Changes
from portal.directory.loaders import hsds
from portal.directory.loaders.hsds import AgencyRow, AgencySet
from portal.directory.loaders.package import Package
from portal.directory.loaders.report import Report
from portal.directory.queries import last_run
from portal.policy.spans import local_midnight
from portal.store.ledger import ImportRun
from portal.store.places import AgencyService, AgencySite, Organization
from portal.vocabulary import OrganizationKind

DEFAULT_SOURCE = "hsds"
LONGEST_SOURCE = 30
TZ = "America/New_York"
UNIQUE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


def bring_in(
    session: Session,
    package: Package,
    at: datetime,
    source: str = DEFAULT_SOURCE,
    *,
    dry_run: bool = False,
) -> Report:
    """The report of a directory; written unless refused or a dry run.

    source: whose ids these are; two directories that both count from 1 need two.
    """
    report = Report()
    if not 0 < len(source.strip()) <= LONGEST_SOURCE:
        report.problem(
            f"A source's name has 1 to {LONGEST_SOURCE} characters.",
            "Give another one with --source.",
            package.name,
        )
        return report
    kind = f"agencies {source}"
    last = last_run(session, kind)
    if last is not None and last.sha256 == package.sha256:
        report.counts = dict(last.counts)
        report.warn(
            f"This very set was brought in on {last.at:%B %d, %Y}.",
            "Nothing changed.",
            package.name,
        )
        return report
    found = hsds.read(package, report)
    if found is None:
        return report
    known = queries.known(session, source)
    _check_same_directory(found, known, report)
    planned = _planned(found, known, source, at)
    report.counts = {
        "agencies": len(found.agencies),
        "services": len(found.services),
        "sites": len(found.sites),
        "rows": planned.rows,
    }
    if not report.accepted or dry_run:
        return report
    changes.write(session, planned)
    session.add(ImportRun(kind=kind, sha256=package.sha256, at=at, counts=report.counts))
    told = {**report.counts, "sha256": package.sha256}
    trail.write(
        session, None, trail.Entry("import.agencies", True, at, subject=source, detail=told)
    )
    return report


def _check_same_directory(found: AgencySet, known: Known, report: Report) -> None:
    """Ids that count from 1 may be another directory's: then most names differ."""
    same = [
        (row, known.agencies[source_id])
        for source_id, row in found.agencies.items()
        if source_id in known.agencies and not UNIQUE_ID.match(source_id)
    ]
    renamed = [row for row, agency in same if _is_another(row, agency)]
    if len(renamed) * 2 > len(same):
        report.problem(
            "Most ids belong to agencies of other names in the portal: this is another directory.",
            "Give it a source of its own with --source NAME.",
            "organizations.csv",
            renamed[0].row,
            "id",
        )


def _is_another(row: AgencyRow, known: Organization) -> bool:
    """Another name, and neither the e-mail address nor the web site to show that it is the same."""
    same_place = row.email and row.email == known.email
    same_site = row.website and row.website == known.website
    return row.name != known.name and not (same_place or same_site)


def _planned(found: AgencySet, known: Known, source: str, at: datetime) -> Changes:
    planned = Changes()
    ids = {
        source_id: _agency(planned, row, known, source, at)
        for source_id, row in found.agencies.items()
    }
    listed = {
        (ids[row.agency], row.source_id): {
            "name": row.name,
            "description": row.description,
            "status": row.status,
            "minimum_age": row.minimum_age,
            "maximum_age": row.maximum_age,
            "eligibility": row.eligibility,
            "languages": list(row.languages),
        }
        for row in found.services.values()
        if row.agency in ids
    }
    for key, values in listed.items():
        _put(planned, AgencyService, known.services.get(key), key, values)
    for (agency, source_id), service in known.services.items():
        if agency in ids.values() and source_id and (agency, source_id) not in listed:
            planned.alter(AgencyService, service, status="inactive")
    for site in found.sites.values():
        key = (ids[site.agency], site.source_id)
        values = {"name": site.name, "address": site.address}
        _put(planned, AgencySite, known.sites.get(key), key, values)
    return planned


def _agency(planned: Changes, row: AgencyRow, known: Known, source: str, at: datetime) -> uuid.UUID:
    values = {
        "name": row.name,
        "description": row.description,
        "email": row.email,
        "phone": row.phone,
        "website": row.website,
        "address": row.address,
        "source": source,
        "source_id": row.source_id,
    }
    found = known.agencies.get(row.source_id) or known.by_hand.get(row.name)
    if found is not None:
        planned.alter(Organization, found, **values)
        return found.id
    return planned.add(
        Organization,
        kind=OrganizationKind.PROVIDER,
        active_from=local_midnight(at.astimezone(ZoneInfo(TZ)).date(), TZ),
        **values,
    )


def _put(
    planned: Changes,
    table: type[AgencyService] | type[AgencySite],
    found: AgencyService | AgencySite | None,
    key: tuple[uuid.UUID, str],
    values: Mapping[str, object],
) -> None:
    if found is not None:
        planned.alter(table, found, **values)
    else:
        planned.add(table, organization_id=key[0], source_id=key[1], **values)
