"""A made-up roster written as OneRoster CSV, 1.1 or 1.2, strictly after the standard."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from portal.demo.names import words
from portal.demo.roster import DISTRICT, MadePerson, MadeRoster

Line = Mapping[str, str]

BASE = "sourcedId status dateLastModified "
COLUMNS = {
    "orgs": words(BASE + "name type identifier parentSourcedId"),
    "academicSessions": words(BASE + "title type startDate endDate parentSourcedId schoolYear"),
    "courses": words(
        BASE + "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes"
    ),
    "classes": words(
        BASE + "title grades courseSourcedId classCode classType location schoolSourcedId "
        "termSourcedIds subjects subjectCodes periods"
    ),
    "users": words(
        BASE + "enabledUser orgSourcedIds role username userIds givenName familyName middleName "
        "identifier email sms phone agentSourcedIds grades password"
    ),
    "enrollments": words(
        BASE + "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate"
    ),
    "demographics": words(
        BASE + "birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican "
        "nativeHawaiianOrOtherPacificIslander white demographicRaceTwoOrMoreRaces "
        "hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation cityOfBirth "
        "publicSchoolResidenceStatus"
    ),
    "roles": words(
        BASE + "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId"
    ),
}
USERS_1_2 = words(
    BASE + "enabledUser username userIds givenName familyName middleName identifier email sms "
    "phone agentSourcedIds grades password userMasterIdentifier preferredGivenName "
    "preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns"
)
ROLES_1_2 = {"administrator": "districtAdministrator"}


def write(roster: MadeRoster, folder: Path, version: str = "1.1") -> None:
    """The roster as CSV files in `folder`; version 1.1 or 1.2."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Iterable[Line]] = {
        "orgs": _orgs(roster),
        "academicSessions": [_year(roster)],
        "courses": [_course()],
        "classes": _classes(roster),
        "users": [_user(person) for person in roster.people],
        "enrollments": _enrollments(roster),
        "demographics": _demographics(roster),
    }
    columns = COLUMNS
    if version == "1.2":
        files["roles"] = _roles(roster)
        columns = COLUMNS | {"users": USERS_1_2}
    for name, lines in files.items():
        rows = [[line.get(column, "") for column in columns[name]] for line in lines]
        _write_csv(folder / f"{name}.csv", [columns[name], *rows])
    _write_csv(folder / "manifest.csv", _manifest(version, files))


def _write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _manifest(version: str, files: Iterable[str]) -> list[Sequence[str]]:
    return [
        ("propertyName", "value"),
        ("manifest.version", "1.0"),
        ("oneroster.version", version),
        *((f"file.{name}", "bulk") for name in files),
        ("file.results", "absent"),
        ("source.systemName", "Demonstration"),
        ("source.systemCode", "DEMO"),
    ]


def _orgs(roster: MadeRoster) -> list[Line]:
    district = {
        "sourcedId": DISTRICT,
        "name": roster.name,
        "type": "district",
        "identifier": roster.code,
    }
    schools = [
        {
            "sourcedId": school.id,
            "name": school.name,
            "type": "school",
            "identifier": school.facility_code,
            "parentSourcedId": DISTRICT,
        }
        for school in roster.schools
    ]
    return [district, *schools]


def _year(roster: MadeRoster) -> Line:
    return {
        "sourcedId": "year-1",
        "title": "This school year",
        "type": "schoolYear",
        "startDate": roster.first_day.isoformat(),
        "endDate": roster.last_day.isoformat(),
        "schoolYear": str(roster.last_day.year),
    }


def _course() -> Line:
    return {
        "sourcedId": "course-1",
        "schoolYearSourcedId": "year-1",
        "title": "General studies",
        "courseCode": "GEN",
        "orgSourcedId": DISTRICT,
    }


def _classes(roster: MadeRoster) -> list[Line]:
    return [
        {
            "sourcedId": made.id,
            "title": made.title,
            "courseSourcedId": "course-1",
            "classType": "scheduled",
            "schoolSourcedId": made.school,
            "termSourcedIds": "year-1",
        }
        for made in roster.classes
    ]


def _user(person: MadePerson) -> Line:
    return {
        "sourcedId": person.id,
        "enabledUser": "true",
        "orgSourcedIds": ",".join(person.places),
        "role": person.role,
        "username": person.username,
        "userIds": f"{{SASID:{person.sasid}}}" if person.sasid else "",
        "givenName": person.given,
        "familyName": person.family,
        "identifier": person.local_id,
        "email": person.email,
        "phone": person.phone,
        "agentSourcedIds": ",".join(person.agents),
        "grades": person.grade,
        "primaryOrgSourcedId": person.places[0],
    }


def _roles(roster: MadeRoster) -> list[Line]:
    held = [(person, place) for person in roster.people for place in person.places]
    return [
        {
            "sourcedId": f"role-{number}",
            "userSourcedId": person.id,
            "roleType": "primary" if place == person.places[0] else "secondary",
            "role": ROLES_1_2.get(person.role, person.role),
            "beginDate": roster.first_day.isoformat(),
            "orgSourcedId": place,
        }
        for number, (person, place) in enumerate(held, 1)
    ]


def _enrollments(roster: MadeRoster) -> list[Line]:
    seats = [
        (made, person, role)
        for made in roster.classes
        for person, role in [(made.teacher, "teacher"), *((s, "student") for s in made.students)]
    ]
    return [
        {
            "sourcedId": f"enr-{number}",
            "classSourcedId": made.id,
            "schoolSourcedId": made.school,
            "userSourcedId": person,
            "role": role,
            "primary": "true" if role == "teacher" else "",
            "beginDate": roster.first_day.isoformat(),
            "endDate": roster.last_day.isoformat(),
        }
        for number, (made, person, role) in enumerate(seats, 1)
    ]


def _demographics(roster: MadeRoster) -> list[Line]:
    return [
        {"sourcedId": person.id, "birthDate": person.born.isoformat()}
        for person in roster.people
        if person.born is not None
    ]
