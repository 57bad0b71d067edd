"""The rows of a OneRoster set, cross-checked within the set and read into plain values.

Reading is lenient where nothing can be misread (byte order mark, line ends,
order of columns, `ext_…` and `metadata.…` columns, missing optional files) and
complains where it could be. Only what the portal needs is read: no password,
no sex, no race, no results.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from portal.directory.loaders import table
from portal.directory.loaders.oneroster.shape import ASK_FOR_BULK, is_something_else, version_of
from portal.directory.loaders.oneroster.values import (
    STUDENT,
    Days,
    Membership,
    Person,
    Place,
    Roster,
    Seat,
    Section,
)
from portal.directory.loaders.package import Package
from portal.directory.loaders.report import Report
from portal.directory.loaders.table import Row, Table

T = TypeVar("T")

REQUIRED = {
    "users.csv": ("sourcedid", "givenname", "familyname"),
    "orgs.csv": ("sourcedid", "name", "type"),
    "classes.csv": ("sourcedid", "title", "schoolsourcedid"),
    "enrollments.csv": ("classsourcedid", "usersourcedid", "role"),
    "roles.csv": ("usersourcedid", "role", "orgsourcedid"),
    "academicsessions.csv": ("sourcedid", "startdate", "enddate"),
    "demographics.csv": (),
}


def read(package: Package, report: Report, today: date) -> Roster | None:
    """The roster, as far as it can be read; the report tells every problem of every file.

    None when nothing could be made of it. What was read in spite of problems is good for
    finding more of them, never for being written.
    """
    if is_something_else(package, report):
        return None
    version = version_of(package, report)
    if version is None:
        return None
    read_in = {file: _table(package, file, report) for file in REQUIRED if file in package.files}
    tables = {file: found for file, found in read_in.items() if found is not None}
    if "users.csv" not in tables or "orgs.csv" not in tables:
        return None
    broken = frozenset(file for file in read_in if file not in tables or not tables[file].whole)
    return _Reader(tables, broken, report, today).roster(version)


def _table(package: Package, file: str, report: Report) -> Table | None:
    found = table.read(file, package.files[file], report)
    if found is None:
        return None
    required = REQUIRED[file]
    if file == "users.csv" and "roles.csv" not in package.files:
        required = (*required, "role", "orgsourcedids")
    missing = [name for name in required if name not in found.columns]
    for name in missing:
        report.problem("The column is missing.", ASK_FOR_BULK, file, 1, name)
    if file == "users.csv" and found.whole and not found.rows:
        report.problem("The file holds nobody.", "Nobody is taken to have left.", file)
    return None if missing else found


class _Reader:
    """Reads the tables of one set, in the order in which they refer to one another.

    broken: files of which rows are lacking; what refers to them is not complained of.
    """

    def __init__(
        self, tables: dict[str, Table], broken: frozenset[str], report: Report, today: date
    ) -> None:
        self.tables = tables
        self.broken = broken
        self.deleted: dict[str, set[str]] = defaultdict(set)
        self.report = report
        self.today = today

    def roster(self, version: str) -> Roster:
        places = {place.source_id: place for place in self._each("orgs.csv", self._place)}
        self._check_parents(places)
        terms = self._terms()
        sections = {
            section.source_id: section
            for section in self._each("classes.csv", lambda row: self._section(row, places, terms))
        }
        people = self._people(places, version)
        seats = tuple(
            seat
            for row in self._rows("enrollments.csv")
            if (seat := self._seat(row, sections, people))
        )
        years = tuple(term for kind, term in terms.values() if kind == "schoolyear")
        return Roster(version, places, people, sections, seats, years)

    def _rows(self, file: str) -> Iterable[Row]:
        """Rows that are to be read: not those marked as deleted."""
        for row in self.tables[file].rows if file in self.tables else ():
            if row.get("status").lower() in ("tobedeleted", "inactive"):
                self.deleted[file].add(row.get("sourcedId"))
                self.report.warn(
                    "The row is marked as deleted.", "It was left out.", file, row.number, "status"
                )
            else:
                yield row

    def _each(self, file: str, parse: Callable[[Row], T]) -> Iterable[T]:
        """What each row says, once per sourcedId."""
        seen: dict[str, int] = {}
        for row in self._rows(file):
            source_id = self._needed(file, row, "sourcedId")
            if source_id in seen:
                self.report.problem(
                    f"The sourcedId stands in row {seen[source_id]} already.",
                    "Keep the row that is right.",
                    file,
                    row.number,
                    "sourcedId",
                )
                continue
            seen[source_id] = row.number
            parsed = parse(row)
            if source_id:
                yield parsed

    def _needed(self, file: str, row: Row, column: str) -> str:
        found = row.get(column)
        if not found:
            self.report.problem("The cell is empty.", "Fill it in.", file, row.number, column)
        elif len(found) > 255 and column.endswith("Id"):
            self.report.problem(
                "The identifier is longer than 255 characters.",
                "Shorten it.",
                file,
                row.number,
                column,
            )
        return found

    def _place(self, row: Row) -> Place:
        self._needed("orgs.csv", row, "name")
        kind = self._needed("orgs.csv", row, "type").lower()
        return Place(
            row=row.number,
            source_id=row.get("sourcedId"),
            kind=kind,
            name=row.get("name"),
            identifier=row.get("identifier"),
            parent=row.get("parentSourcedId"),
        )

    def _check_parents(self, places: dict[str, Place]) -> None:
        for place in places.values():
            if place.parent and place.parent not in places:
                self.report.warn(
                    "The parent is not in the file.",
                    "Taken as part of the district.",
                    "orgs.csv",
                    place.row,
                    "parentSourcedId",
                )

    def _terms(self) -> dict[str, tuple[str, Days]]:
        file = "academicsessions.csv"
        return {
            row.get("sourcedId"): (
                row.get("type").lower(),
                self._days(file, row, "startDate", "endDate"),
            )
            for row in self._rows(file)
        }

    def _days(self, file: str, row: Row, first: str, last: str) -> Days:
        days = self._without_ages_ago(
            file, row, first, Days(self._day(file, row, first), self._day(file, row, last))
        )
        if days.first and days.last and days.last < days.first:
            self.report.problem(
                "The last day comes before the first.",
                "Correct one of them.",
                file,
                row.number,
                last,
            )
        return days

    def _without_ages_ago(self, file: str, row: Row, column: str, days: Days) -> Days:
        """Systems write 0001 and 9999 for days that they do not know."""
        first = days.first if days.first and days.first.year >= EARLIEST else None
        last = days.last if days.last and days.last.year <= LATEST else None
        if (first, last) != (days.first, days.last):
            self.report.warn(
                f"A day before {EARLIEST} or after {LATEST} says nothing.",
                "Read as not known.",
                file,
                row.number,
                column,
            )
        return Days(first, last)

    def _day(self, file: str, row: Row, column: str) -> date | None:
        written = row.get(column)
        if not written:
            return None
        try:
            return _iso_day(written)
        except ValueError:
            self.report.problem(
                f"'{written[:40]}' is not a date.",
                "Write dates as 2014-08-27 (year, month, day).",
                file,
                row.number,
                column,
            )
            return None

    def _section(
        self, row: Row, places: dict[str, Place], terms: dict[str, tuple[str, Days]]
    ) -> Section:
        self._needed("classes.csv", row, "title")
        self._refers("classes.csv", row, "schoolSourcedId", "orgs.csv", places)
        listed = _listed(row.get("termSourcedIds"))
        known = [terms[term][1] for term in listed if term in terms]
        if len(known) < len(listed):
            self.report.warn(
                "The term is not in academicSessions.csv.",
                "The class has no end for now.",
                "classes.csv",
                row.number,
                "termSourcedIds",
            )
            known = []
        return Section(
            row=row.number,
            source_id=row.get("sourcedId"),
            title=row.get("title"),
            school=row.get("schoolSourcedId"),
            days=_spanning(known),
        )

    def _refers(self, file: str, row: Row, column: str, to: str, known: Container[str]) -> bool:
        """Does the row name something that the other file has and has not deleted?"""
        name = self._needed(file, row, column)
        return bool(name) and self._knows(file, row, column, to, known, name)

    def _knows(
        self, file: str, row: Row, column: str, to: str, known: Container[str], name: str
    ) -> bool:
        if name in known:
            return True
        if name not in self.deleted[to] and to not in self.broken:
            self.report.problem(
                f"It refers to something that is not in {to}.",
                f"Add it to {to}, or take this row out.",
                file,
                row.number,
                column,
            )
        return False

    # users

    def _people(self, places: dict[str, Place], version: str) -> dict[str, Person]:
        born = self._birth_dates()
        held = self._roles(places) if version == "1.2" else {}
        people = {}
        for person in self._each("users.csv", lambda row: self._person(row, places, held)):
            day, row = born.pop(person.source_id, (None, None))
            people[person.source_id] = _with_birth(person, day, row)
        self._check_roles(held, people)
        return people

    def _birth_dates(self) -> dict[str, tuple[date | None, int]]:
        found: dict[str, tuple[date | None, int]] = {}
        for row in self._rows("demographics.csv"):
            whose = row.get("sourcedId", "userSourcedId")
            if whose in found:
                self.report.problem(
                    f"The person stands in row {found[whose][1]} already.",
                    "Keep the row that is right.",
                    "demographics.csv",
                    row.number,
                    "sourcedId",
                )
            found[whose] = (self._birth_date(row), row.number)
        return found

    def _birth_date(self, row: Row) -> date | None:
        day = self._day("demographics.csv", row, "birthDate")
        if day is not None and not date(1900, 1, 1) <= day <= self.today:
            self.report.problem(
                "Nobody on a roster is born then."
                if day <= self.today
                else "The birth date lies in the future.",
                "Correct it, or leave it empty.",
                "demographics.csv",
                row.number,
                "birthDate",
            )
        return day

    def _roles(self, places: dict[str, Place]) -> dict[str, list[tuple[Row, Membership]]]:
        """1.2: whose roles, the primary one first."""
        found: dict[str, list[tuple[Row, Membership]]] = defaultdict(list)
        for row in self._rows("roles.csv"):
            whose = self._needed("roles.csv", row, "userSourcedId")
            role = self._needed("roles.csv", row, "role").lower()
            days = self._days("roles.csv", row, "beginDate", "endDate")
            if not self._refers("roles.csv", row, "orgSourcedId", "orgs.csv", places):
                continue
            held = (row, Membership(role, row.get("orgSourcedId"), days))
            if row.get("roleType").lower() == "primary":
                found[whose].insert(0, held)
            else:
                found[whose].append(held)
        return found

    def _check_roles(
        self, held: dict[str, list[tuple[Row, Membership]]], people: dict[str, Person]
    ) -> None:
        for whose, rows in held.items():
            for row, _membership in rows:
                self._knows("roles.csv", row, "userSourcedId", "users.csv", people, whose)

    def _person(
        self,
        row: Row,
        places: dict[str, Place],
        held: dict[str, list[tuple[Row, Membership]]],
    ) -> Person:
        self._needed("users.csv", row, "givenName")
        self._needed("users.csv", row, "familyName")
        source_id = row.get("sourcedId")
        memberships = tuple(membership for _row, membership in held.get(source_id, ()))
        if "role" in self.tables["users.csv"].columns and "roles.csv" not in self.tables:
            memberships = self._memberships_in_users(row, places)
        is_student = any(membership.role == STUDENT for membership in memberships)
        sasid, local_id = self._identifiers(row) if is_student else (None, "")
        return Person(
            row=row.number,
            source_id=source_id,
            given=row.get("givenName"),
            middle=row.get("middleName"),
            family=row.get("familyName"),
            username=row.get("username"),
            email=row.get("email"),
            phone=row.get("phone", "sms"),
            sasid=sasid,
            local_id=local_id,
            grade=_grade(row.get("grades", "grade")),
            enabled=row.get("enabledUser").lower() not in ("false", "0", "no"),
            agents=_listed(row.get("agentSourcedIds", "agents")),
            memberships=memberships,
        )

    def _memberships_in_users(self, row: Row, places: dict[str, Place]) -> tuple[Membership, ...]:
        """1.1: one role, at every place listed."""
        role = self._needed("users.csv", row, "role").lower()
        listed = _listed(self._needed("users.csv", row, "orgSourcedIds"))
        return tuple(
            Membership(role, place)
            for place in listed
            if self._knows("users.csv", row, "orgSourcedIds", "orgs.csv", places, place)
        )

    def _identifiers(self, row: Row) -> tuple[str | None, str]:
        """The SASID, ten digits as text, and the local id; never a Social Security number."""
        typed = _typed_ids(row.get("userIds", "userId"))
        state = [typed[kind] for kind in STATE_KINDS if kind in typed]
        loose = [row.get("userMasterIdentifier"), row.get("identifier")]
        found = {i for i in [*state, *loose] if TEN_DIGITS.match(i)}
        self._check_state_id(row, typed.get("sasid"), found)
        local = [typed[kind] for kind in LOCAL_KINDS if kind in typed] + [row.get("identifier")]
        safe = [identifier for identifier in local if identifier and identifier not in found]
        if any(looks_like_ssn(identifier) for identifier in safe):
            self.report.warn(
                "The identifier looks like a Social Security number.",
                "It was not taken. Take such numbers out of the export.",
                "users.csv",
                row.number,
                "identifier",
            )
            safe = [identifier for identifier in safe if not looks_like_ssn(identifier)]
        return (min(found) if found else None), (safe[0][:80] if safe else "")

    def _check_state_id(self, row: Row, sasid: str | None, found: set[str]) -> None:
        if sasid is not None and not TEN_DIGITS.match(sasid):
            self.report.problem(
                f"A SASID has ten digits, this one has {len(sasid)} characters.",
                "Correct it; a spreadsheet may have eaten leading zeros.",
                "users.csv",
                row.number,
                "userIds",
            )
        if len(found) > 1:
            self.report.problem(
                "The row names two different state-assigned ids.",
                "Keep the one that is right.",
                "users.csv",
                row.number,
                "userIds",
            )

    def _seat(
        self, row: Row, sections: dict[str, Section], people: dict[str, Person]
    ) -> Seat | None:
        file = "enrollments.csv"
        in_section = self._refers(file, row, "classSourcedId", "classes.csv", sections)
        of_person = self._refers(file, row, "userSourcedId", "users.csv", people)
        role = self._needed(file, row, "role").lower()
        days = self._days(file, row, "beginDate", "endDate")
        if not (in_section and of_person):
            return None
        return Seat(
            row=row.number,
            section=row.get("classSourcedId"),
            person=row.get("userSourcedId"),
            role=role,
            days=days,
        )


EARLIEST, LATEST = 1900, 2199
TEN_DIGITS = re.compile(r"\d{10}\Z", re.ASCII)
STATE_KINDS = ("sasid", "state", "stateid", "statestudentid", "state_id")
LOCAL_KINDS = ("local", "localid", "local_id", "sis", "sisid")
TYPED_ID = re.compile(r"\{\s*([^:{}]+?)\s*:\s*([^{}]*?)\s*\}")
SSN = re.compile(r"(?!000|666|9\d\d)\d{3}(-?)(?!00)\d{2}\1(?!0000)\d{4}\Z", re.ASCII)
ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?\Z", re.ASCII)


def looks_like_ssn(identifier: str) -> bool:
    """Nine digits, dashed or not, in a form that the Social Security Administration issues."""
    return SSN.match(identifier) is not None


def _typed_ids(cell: str) -> dict[str, str]:
    """`{SASID:0000000101},{Local:863}` by the kind in lower case."""
    return {kind.lower(): identifier for kind, identifier in TYPED_ID.findall(cell)}


def _iso_day(written: str) -> date:
    found = ISO_DAY.match(written)
    if found is None:
        raise ValueError(written)
    return date.fromisoformat(found.group(1))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split(",") if part.strip()))


def _grade(cell: str) -> str:
    """The first grade listed, as people write it: 9 for 09; KG and the like as they are."""
    first = next(iter(_listed(cell)), "")[:20]
    return first.lstrip("0") or first if first.isdigit() else first


def _spanning(terms: Sequence[Days]) -> Days:
    """From the first day of the terms to the last; open where one of them is."""
    firsts = [term.first for term in terms]
    lasts = [term.last for term in terms]
    return Days(
        None if not firsts or None in firsts else min(filter(None, firsts)),
        None if not lasts or None in lasts else max(filter(None, lasts)),
    )


def _with_birth(person: Person, born: date | None, row: int | None) -> Person:
    return replace(person, born=born, born_row=row)
