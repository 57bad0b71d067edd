"""Six made-up community agencies as Open Referral HSDS 3.0 CSV."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.demo.names import words

SERVICE_COLUMNS = (
    "id organization_id name description status eligibility_description minimum_age maximum_age"
)
SPACE = uuid.UUID("0f0d5f3e-5d0a-4a58-9a0d-5a3d1c9a7b10")
"""Ids of the demonstration are made from names within it, so that they never change."""


@dataclass(frozen=True)
class MadeService:
    """What an agency offers. ages: lowest and highest in years, empty without a limit."""

    name: str
    description: str
    ages: tuple[str, str] = ("", "")
    status: str = "active"
    eligibility: str = ""
    languages: tuple[str, ...] = ("English",)


@dataclass(frozen=True)
class MadeAgency:
    """A community agency with its services."""

    name: str
    description: str
    street: str
    services: tuple[MadeService, ...]


AGENCIES = (
    MadeAgency(
        "Riverside Clinic",
        "Outpatient counseling for children, young people and their families.",
        "12 Example Landing",
        (
            MadeService(
                "Individual counseling",
                "Weekly talks with a clinician, in the clinic or in school.",
                ("6", "21"),
                eligibility="Residents of Harbor Point. No one is turned away for cost.",
                languages=("English", "Spanish"),
            ),
            MadeService("Family counseling", "For the whole family, evenings too.", ("", "")),
            MadeService(
                "Grief group", "Eight evenings for young people who lost someone.", ("10", "18")
            ),
        ),
    ),
    MadeAgency(
        "Hilltop Clinic",
        "Assessment and treatment, including substance use.",
        "480 Sample Hill Road",
        (
            MadeService(
                "Substance use treatment",
                "Assessment and outpatient treatment for young people.",
                ("12", "24"),
                languages=("English", "Portuguese"),
            ),
            MadeService("Psychological evaluation", "Testing and a written report.", ("5", "21")),
        ),
    ),
    MadeAgency(
        "Harbor Youth Center",
        "After school, every weekday, with mentors.",
        "7 Placeholder Pier",
        (
            MadeService("Mentoring", "One adult, one young person, one hour a week.", ("9", "18")),
            MadeService(
                "After-school program",
                "Homework, sports and a warm meal.",
                ("8", "16"),
                status="temporarily closed",
            ),
        ),
    ),
    MadeAgency(
        "Lantern Family Services",
        "Help for parents and for families in hard times.",
        "33 Madeup Avenue",
        (
            MadeService(
                "Parent support", "Visits at home and a weekly group.", languages=("Spanish",)
            ),
            MadeService("Crisis visits at home", "Within a day of a call.", ("3", "19")),
        ),
    ),
    MadeAgency(
        "Open Door Pantry",
        "Food, clothes and rides.",
        "101 Specimen Street",
        (
            MadeService("Food and clothes", "Every Tuesday and Friday, no questions asked."),
            MadeService("Rides to appointments", "By volunteers.", status="inactive"),
        ),
    ),
    MadeAgency(
        "Tide Pool Pediatrics",
        "Family doctors for children.",
        "5 Fictive Square",
        (MadeService("Well-child visits", "Check-ups and vaccinations.", ("0", "21")),),
    ),
)


def write(folder: Path, agencies: Sequence[MadeAgency] = AGENCIES) -> None:
    """The agencies as CSV files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    services = [(agency, service) for agency in agencies for service in agency.services]
    tables: dict[str, Iterable[Sequence[str]]] = {
        "organizations": [("id", "name", "description", "email", "website")]
        + [(_id(a.name), a.name, a.description, "office@example.org", "") for a in agencies],
        "services": [words(SERVICE_COLUMNS)]
        + [_service(agency, service) for agency, service in services],
        "locations": [("id", "organization_id", "location_type", "name")]
        + [(_id(a.name, "site"), _id(a.name), "physical", a.name) for a in agencies],
        "addresses": [("id", "location_id", "address_1", "city", "state_province", "postal_code")]
        + [
            (_id(a.name, "address"), _id(a.name, "site"), a.street, "Harbor Point", "CT", "00000")
            for a in agencies
        ],
        "phones": [("id", "organization_id", "number")]
        + [
            (_id(a.name, "phone"), _id(a.name), f"(860) 555-01{number:02}")
            for number, a in enumerate(agencies, 10)
        ],
        "languages": [("id", "service_id", "name")]
        + [
            (_id(a.name, s.name, language), _id(a.name, s.name), language)
            for a, s in services
            for language in s.languages
        ],
    }
    for name, lines in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)


def _id(*names: str) -> str:
    return str(uuid.uuid5(SPACE, "/".join(names)))


def _service(agency: MadeAgency, service: MadeService) -> Sequence[str]:
    return (
        _id(agency.name, service.name),
        _id(agency.name),
        service.name,
        service.description,
        service.status,
        service.eligibility,
        *service.ages,
    )
