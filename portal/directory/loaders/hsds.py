"""Open Referral HSDS as CSV: agencies, their services and their sites.

Three shapes are about: HSDS 3.0 (a table each, singular or plural names), the
older 1.x form of Ohana (a service hangs on a location), and the form of the
HSDS transformer (`organization_uuid`, `service_name`, …).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.directory.loaders import table
from portal.directory.loaders.package import Package
from portal.directory.loaders.report import Report
from portal.directory.loaders.table import Row

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
OLDEST = 120
"""Years; an upper limit beyond it is the exporter's way of saying that there is none."""


@dataclass(frozen=True)
class AgencyRow:
    """An organization of the set."""

    row: int
    source_id: str
    name: str
    description: str
    email: str
    website: str
    phone: str
    address: str


@dataclass(frozen=True)
class ServiceRow:
    """A service. Ages in years, None without a limit."""

    row: int
    source_id: str
    agency: str
    name: str
    description: str
    status: str
    minimum_age: int | None
    maximum_age: int | None
    eligibility: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class SiteRow:
    """A place where an agency works."""

    row: int
    source_id: str
    agency: str
    name: str
    address: str


@dataclass(frozen=True)
class AgencySet:
    """All that a set says of agencies."""

    agencies: dict[str, AgencyRow]
    services: dict[str, ServiceRow]
    sites: dict[str, SiteRow]


def read(package: Package, report: Report) -> AgencySet | None:
    """The set, as far as it can be read; the report tells every problem."""
    tables = {name: _rows(package, name, report) for name in NAMES}
    if tables["organization"] is None:
        if report.accepted:
            report.problem(
                "organizations.csv is missing.",
                "Bring a set in the form of Open Referral HSDS, with its organizations.",
                package.name,
            )
        return None
    if tables["service"] is None and report.accepted:
        report.warn("services.csv is missing.", "The agencies offer nothing yet.", package.name)
    return _Reader({name: rows or () for name, rows in tables.items()}, report).everything()


NAMES = (
    "organization",
    "service",
    "location",
    "service_at_location",
    "address",
    "language",
    "phone",
)
PLURALS = {"address": "addresses", "service_at_location": "services_at_location"}


def _file(package: Package, name: str) -> str | None:
    plural = PLURALS.get(name, f"{name}s")
    return next((f for f in (f"{plural}.csv", f"{name}.csv") if f in package.files), None)


def _rows(package: Package, name: str, report: Report) -> tuple[Row, ...] | None:
    file = _file(package, name)
    if file is None:
        return None
    found = table.read(file, package.files[file], report, line_breaks=True)
    return found.rows if found else None


def _id(row: Row, of: str) -> str:
    return row.get("id", f"{of}_uuid", f"{of}_id")


def _owner(row: Row) -> str:
    return row.get("organization_id", "organization_uuid")


class _Reader:
    """Reads agencies first, then what belongs to them."""

    def __init__(self, tables: dict[str, tuple[Row, ...]], report: Report) -> None:
        self.tables = tables
        self.report = report
        self.address_of = {
            row.get("location_id"): _address(row) for row in reversed(tables["address"])
        }
        self.phone_of = {_owner(row): _phone(row) for row in reversed(tables["phone"])}

    def everything(self) -> AgencySet:
        agencies = {row.source_id: row for row in self._agencies()}
        home = {_id(row, "location"): _owner(row) for row in self.tables["location"]}
        services = {row.source_id: row for row in self._services(agencies, home)}
        sites = {row.source_id: row for row in self._sites(agencies, services)}
        return AgencySet(agencies, services, sites)

    def _each(self, name: str) -> Iterable[tuple[Row, str]]:
        """Rows with their ids, each once."""
        seen: dict[str, int] = {}
        file = f"{name}s.csv"
        for row in self.tables[name]:
            source_id = _id(row, name)
            if not source_id:
                self.report.problem("The cell is empty.", "Fill it in.", file, row.number, "id")
            elif source_id in seen:
                self.report.problem(
                    f"The id stands in row {seen[source_id]} already.",
                    "Keep the row that is right.",
                    file,
                    row.number,
                    "id",
                )
            else:
                seen[source_id] = row.number
                yield row, source_id

    def _name(self, name: str, row: Row) -> str:
        found = row.get("name", f"{name}_name")
        if not found:
            self.report.problem(
                "The cell is empty.", "Fill it in.", f"{name}s.csv", row.number, "name"
            )
        return found

    def _agencies(self) -> Iterable[AgencyRow]:
        first_home = {_owner(row): row for row in reversed(self.tables["location"])}
        for row, source_id in self._each("organization"):
            home = first_home.get(source_id)
            yield AgencyRow(
                row=row.number,
                source_id=source_id,
                name=self._name("organization", row),
                description=row.get("description", "organization_description"),
                email=row.get("email", "organization_email"),
                website=row.get("website", "url", "organization_url"),
                phone=self.phone_of.get(source_id, ""),
                address=self._address_of(home) if home else "",
            )

    def _address_of(self, location: Row) -> str:
        return location.get("location_address") or self.address_of.get(
            _id(location, "location"), ""
        )

    def _services(
        self, agencies: dict[str, AgencyRow], home: dict[str, str]
    ) -> Iterable[ServiceRow]:
        for row, source_id in self._each("service"):
            agency = _owner(row) or home.get(row.get("location_id"), "")
            if agency not in agencies:
                self.report.problem(
                    "The service belongs to no organization of the set.",
                    "Add the organization, or take the service out.",
                    "services.csv",
                    row.number,
                    "organization_id",
                )
            youngest, oldest = self._ages(row)
            yield ServiceRow(
                row=row.number,
                source_id=source_id,
                agency=agency,
                name=self._name("service", row),
                description=row.get("description", "service_description"),
                status=self._status(row),
                minimum_age=youngest,
                maximum_age=oldest,
                eligibility=row.get("eligibility_description", "eligibility"),
                languages=self._languages(row, source_id),
            )

    def _status(self, row: Row) -> str:
        said = row.get("status", "service_status").lower().replace("_", " ") or "active"
        if said not in STATUSES:
            self.report.problem(
                f"'{said[:40]}' is not a status.",
                f"Write {', '.join(STATUSES[:-1])} or {STATUSES[-1]}.",
                "services.csv",
                row.number,
                "status",
            )
        return said

    def _ages(self, row: Row) -> tuple[int | None, int | None]:
        youngest = self._age(row, "minimum_age", "service_min_age")
        oldest = self._age(row, "maximum_age", "service_max_age")
        oldest = None if oldest is not None and oldest >= OLDEST else oldest
        if youngest is not None and oldest is not None and oldest < youngest:
            self.report.problem(
                "The upper age is below the lower one.",
                "Correct one of them.",
                "services.csv",
                row.number,
                "maximum_age",
            )
        return youngest, oldest

    def _age(self, row: Row, *columns: str) -> int | None:
        written = row.get(*columns)
        if not written:
            return None
        try:
            return _years(written)
        except ValueError:
            self.report.problem(
                f"'{written[:40]}' is not an age in years.",
                "Write a number, or leave it empty when there is no limit.",
                "services.csv",
                row.number,
                next(column for column in columns if row.get(column)),
            )
            return None

    def _languages(self, row: Row, source_id: str) -> tuple[str, ...]:
        beside = [
            line.get("name", "language")
            for line in self.tables["language"]
            if line.get("service_id") == source_id
        ]
        said = [*row.get("languages").split(","), *beside]
        return tuple(dict.fromkeys(name.strip() for name in said if name.strip()))

    def _sites(
        self, agencies: dict[str, AgencyRow], services: dict[str, ServiceRow]
    ) -> Iterable[SiteRow]:
        through = {
            line.get("location_id"): services[line.get("service_id")].agency
            for line in self.tables["service_at_location"]
            if line.get("service_id") in services
        }
        for row, source_id in self._each("location"):
            agency = _owner(row) if _owner(row) in agencies else through.get(source_id, "")
            if agency not in agencies:
                self.report.warn(
                    "The location belongs to no organization of the set.",
                    "It was left out.",
                    "locations.csv",
                    row.number,
                    "organization_id",
                )
                continue
            yield SiteRow(
                row=row.number,
                source_id=source_id,
                agency=agency,
                name=row.get("name", "location_name") or agencies[agency].name,
                address=self._address_of(row),
            )


WHOLE_YEARS = re.compile(r"\d{1,4}(\.\d+)?\Z", re.ASCII)


def _years(written: str) -> int:
    if not WHOLE_YEARS.match(written):
        raise ValueError(written)
    return math.floor(float(written))


def _address(row: Row) -> str:
    street = (row.get("address_1"), row.get("address_2"))
    place = (row.get("city"), f"{row.get('state_province')} {row.get('postal_code')}".strip())
    return ", ".join(part for part in (*street, *place) if part)


def _phone(row: Row) -> str:
    number, extension = row.get("number").strip('"'), row.get("extension")
    return f"{number} ext. {extension}" if extension else number
