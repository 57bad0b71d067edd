"""A small roster as a vendor would write it, in memory, so that a test can change one cell.

North and South School of Harbor Point: Luis and Mei at North with their mother
Maria and aunt Tía, Zoe at South; Tom teaches Luis, Cora counsels, Omar leads
North, Dina sits in the district's office. All of them are made up.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from portal.directory.loaders.package import Package

CODE = "0990011"


@dataclass
class Files:
    """CSV files by name, each a list of rows; the first row decides the columns."""

    tables: dict[str, list[dict[str, str]]]
    manifest: dict[str, str] | None = None

    def __getitem__(self, file: str) -> list[dict[str, str]]:
        return self.tables[file]

    def user(self, source_id: str) -> dict[str, str]:
        """The person's row of users.csv."""
        return next(row for row in self["users.csv"] if row["sourcedId"] == source_id)

    def row_of(self, source_id: str) -> int:
        """Its number, as a spreadsheet counts."""
        return self["users.csv"].index(self.user(source_id)) + 2

    def without(self, *people: str) -> Files:
        """The same files without these people and their seats."""
        for file, column in (
            ("users.csv", "sourcedId"),
            ("enrollments.csv", "userSourcedId"),
            ("demographics.csv", "sourcedId"),
            ("roles.csv", "userSourcedId"),
        ):
            if file in self.tables:
                self.tables[file] = [row for row in self[file] if row[column] not in people]
        return self

    def package(self, name: str = "roster") -> Package:
        """The files as the importer gets them."""
        texts = {file: as_csv(rows) for file, rows in self.tables.items()}
        if self.manifest is not None:
            lines = [{"propertyName": k, "value": v} for k, v in self.manifest.items()]
            texts["manifest.csv"] = as_csv(lines)
        return Package(name, {file: text.encode() for file, text in texts.items()})


def as_csv(rows: list[dict[str, str]]) -> str:
    """Rows with the header of the first one."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def raw(**texts: Any) -> Package:
    """Files given as text or bytes; `users` stands for users.csv."""
    return Package(
        "raw",
        {f"{n}.csv": t if isinstance(t, bytes) else t.encode() for n, t in texts.items()},
    )


def roster(version: str = "1.1") -> Files:
    """The small roster."""
    files = Files(
        {
            "orgs.csv": [
                _org("d", "Harbor Point Public Schools", "district", CODE, ""),
                _org("n", "North School", "school", "9900111", "d"),
                _org("s", "South School", "school", '="0900211"', "d"),
            ],
            "users.csv": [
                _user("luis", "student", "n", "Luis", "Sample", agents="maria,tia", n=1),
                _user("mei", "student", "n", "Mei", "Sample", agents="maria", n=2),
                _user("zoe", "student", "s", "Zoe", "Elsewhere", n=3),
                _user("maria", "parent", "n", "Maria", "Sample", phone="(860) 555-0100"),
                _user("tia", "relative", "n", "Tía", "Sample"),
                _user("tom", "teacher", "n", "Tom", "Chalk", email="Tom@demo.example"),
                _user("cora", "counselor", "n", "Cora", "Hearing", email="cora@demo.example"),
                _user("omar", "principal", "n", "Omar", "Keys", email="omar@demo.example"),
                _user("dina", "administrator", "d", "Dina", "Desk", email="dina@demo.example"),
            ],
            "classes.csv": [
                {
                    "sourcedId": "c1",
                    "title": "Homeroom 7A",
                    "schoolSourcedId": "n",
                    "termSourcedIds": "y",
                }
            ],
            "academicSessions.csv": [
                {
                    "sourcedId": "y",
                    "type": "schoolYear",
                    "startDate": "2026-08-31",
                    "endDate": "2027-06-15",
                }
            ],
            "enrollments.csv": [_seat("tom", "teacher"), _seat("luis", "student")],
            "demographics.csv": [
                {"sourcedId": "luis", "birthDate": "2013-05-05"},
                {"sourcedId": "mei", "birthDate": "2014-02-02"},
                {"sourcedId": "zoe", "birthDate": "2012-02-29"},
            ],
        }
    )
    files.tables["academicsessions.csv"] = files.tables.pop("academicSessions.csv")
    return files if version == "1.1" else _as_1_2(files)


def _as_1_2(files: Files) -> Files:
    users = files["users.csv"]
    files.tables["roles.csv"] = [
        {
            "sourcedId": f"r-{user['sourcedId']}",
            "userSourcedId": user["sourcedId"],
            "roleType": "primary",
            "role": user.pop("role").replace("administrator", "districtAdministrator"),
            "orgSourcedId": user.pop("orgSourcedIds"),
            "beginDate": "",
            "endDate": "",
        }
        for user in users
    ]
    return files


def _org(source_id: str, name: str, kind: str, identifier: str, parent: str) -> dict[str, str]:
    return {
        "sourcedId": source_id,
        "status": "",
        "name": name,
        "type": kind,
        "identifier": identifier,
        "parentSourcedId": parent,
    }


def _user(
    source_id: str,
    role: str,
    orgs: str,
    given: str,
    family: str,
    email: str = "",
    phone: str = "",
    agents: str = "",
    n: int = 0,
) -> dict[str, str]:
    return {
        "sourcedId": source_id,
        "status": "",
        "enabledUser": "true",
        "orgSourcedIds": orgs,
        "role": role,
        "username": source_id,
        "userIds": f"{{SASID:000000010{n}}}" if n else "",
        "givenName": given,
        "familyName": family,
        "middleName": "",
        "identifier": f"L{n}" if n else "",
        "email": email,
        "phone": phone,
        "agentSourcedIds": agents,
        "grades": "07" if n else "",
        "password": "CANARY-pass-word",
    }


def _seat(person: str, role: str) -> dict[str, str]:
    return {
        "sourcedId": f"e-{person}",
        "classSourcedId": "c1",
        "userSourcedId": person,
        "role": role,
        "beginDate": "",
        "endDate": "",
    }
