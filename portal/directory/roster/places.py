"""The district and its schools: whose roster is this, and which school is which?

Names of schools repeat, so a school is known by its seven-digit facility code
or by the sourcedId of its district, never by name.
"""

from __future__ import annotations

import re

from portal.directory.loaders.oneroster.values import Place
from portal.directory.roster.context import Key, Plan
from portal.directory.roster.queries import KnownSchool
from portal.store.places import Organization, School
from portal.vocabulary import OrganizationKind

SOURCE = "oneroster"
FACILITY_CODE = re.compile(r"\d{7}\Z", re.ASCII)


def take(plan: Plan) -> None:
    """The district first, then its schools."""
    _district(plan, _district_row(plan))
    if not plan.roster.schools:
        plan.report.problem(
            "orgs.csv names no school, so nobody's school is known.",
            'Ask for an export whose orgs.csv has the schools, with "school" as their type.',
            "orgs.csv",
            column="type",
        )
    found: dict[Key, Place] = {}
    codes: dict[str, Place] = {}
    for place in plan.roster.schools:
        key = plan.schools[place.source_id] = _school(plan, place)
        first = found.setdefault(key, place)
        if FACILITY_CODE.match(place.identifier):
            first = codes.setdefault(place.identifier, first)
        if first is not place:
            plan.report.problem(
                f"The school is the same as the one in row {first.row}.",
                "Correct the identifier or the sourcedId of one of them.",
                "orgs.csv",
                place.row,
                "identifier",
            )
    plan.changes.counts["schools"] = len(plan.roster.schools)


def _district_row(plan: Plan) -> Place | None:
    found = plan.roster.districts
    if len(found) > 1:
        plan.report.problem(
            f"orgs.csv names {len(found)} districts; a roster is brought in for one.",
            "Ask for one export for each district.",
            "orgs.csv",
            found[1].row,
            "type",
        )
    if len(found) != 1:
        return None
    (row,) = found
    other = row.identifier and plan.code not in (row.identifier, row.source_id)
    if other or _has_another_source(plan, row):
        plan.report.problem(
            f"This is the roster of another district than {plan.code}.",
            "Check the file and the code; the district's identifier in orgs.csv must be its code.",
            "orgs.csv",
            row.row,
            "identifier",
        )
    return row


def _has_another_source(plan: Plan, row: Place) -> bool:
    """Without a code in the file, the sourcedId must be the one that came before."""
    district = plan.known.district
    if district is None or plan.code in (row.identifier, row.source_id):
        return False
    return district.source_id not in ("", row.source_id)


def _district(plan: Plan, row: Place | None) -> None:
    known = plan.known.district
    if row is None:
        plan.report.warn(
            "orgs.csv names no district.", f"Its schools are taken for {plan.code}'s.", "orgs.csv"
        )
    if known is not None:
        plan.district_id = known.id
        if row is not None:
            # A name that a person gave stays; one that came by a roster follows the roster.
            name = row.name if known.source == SOURCE else known.name
            plan.changes.alter(Organization, known, name=name, source_id=row.source_id)
        return
    plan.changes.add(
        Organization,
        id=plan.district_id,
        kind=OrganizationKind.DISTRICT,
        name=row.name if row else f"District {plan.code}",
        code=plan.code,
        tz=plan.tz,
        active_from=plan.midnight(plan.today),
        source=SOURCE,
        source_id=row.source_id if row else "",
    )


def _school(plan: Plan, place: Place) -> Key:
    code = place.identifier if FACILITY_CODE.match(place.identifier) else None
    if code is not None and code in plan.known.foreign_facilities:
        plan.report.problem(
            "The facility code belongs to a school of another district.",
            "Correct the identifier.",
            "orgs.csv",
            place.row,
            "identifier",
        )
    known = _known_school(plan, place, code)
    if known is not None:
        values = {"name": place.name, "source_id": place.source_id}
        if code is not None:
            values["facility_code"] = code
        plan.changes.alter(School, known, **values)
        return known.id
    return plan.changes.add(
        School,
        district_id=plan.district_id,
        name=place.name,
        facility_code=code,
        source_id=place.source_id,
    )


def _known_school(plan: Plan, place: Place, code: str | None) -> KnownSchool | None:
    by_code = {school.facility_code: school for school in plan.known.schools}
    by_source = {school.source_id: school for school in plan.known.schools}
    coded = by_code.get(code) if code else None
    sourced = by_source.get(place.source_id)
    if coded and sourced and coded.id != sourced.id:
        plan.report.problem(
            "The sourcedId belongs to one school of the portal and the facility code to another.",
            "Correct the identifier.",
            "orgs.csv",
            place.row,
            "identifier",
        )
    if _took_code(code, sourced):
        plan.report.problem(
            "The school has another facility code in the portal.",
            "Correct the identifier, or give the new school a sourcedId of its own.",
            "orgs.csv",
            place.row,
            "identifier",
        )
    return coded or sourced


def _took_code(code: str | None, sourced: KnownSchool | None) -> bool:
    return bool(sourced and code and sourced.facility_code and sourced.facility_code != code)
