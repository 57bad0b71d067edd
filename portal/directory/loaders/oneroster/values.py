"""What a OneRoster set says, as plain values: places, people, classes and seats in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STUDENT = "student"
TEACHER = "teacher"
ADULTS = frozenset({"parent", "guardian", "relative"})


@dataclass(frozen=True)
class Place:
    """A row of orgs.csv. kind: district, school, or another word of the standard."""

    row: int
    source_id: str
    kind: str
    name: str
    identifier: str
    parent: str


@dataclass(frozen=True)
class Days:
    """From the first day to the last, both included; None where the file does not say."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Membership:
    """A person's role at one place, with its days where the file tells them (1.2 only)."""

    role: str
    place: str
    days: Days = Days()


@dataclass(frozen=True)
class Person:
    """A user of the file, before anybody decides what becomes of them."""

    row: int
    source_id: str
    given: str
    middle: str
    family: str
    username: str
    email: str
    phone: str
    sasid: str | None
    local_id: str
    grade: str
    enabled: bool
    agents: tuple[str, ...]
    memberships: tuple[Membership, ...]
    born: date | None = None
    born_row: int | None = None

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}".strip()

    @property
    def roles(self) -> frozenset[str]:
        """Every role of the person, wherever."""
        return frozenset(held.role for held in self.memberships)


@dataclass(frozen=True)
class Section:
    """A class. days: those of its terms together."""

    row: int
    source_id: str
    title: str
    school: str
    days: Days


@dataclass(frozen=True)
class Seat:
    """A person's place in a class, as student or teacher."""

    row: int
    section: str
    person: str
    role: str
    days: Days


@dataclass(frozen=True)
class Roster:
    """All that a set says, cross-checked within itself."""

    version: str
    places: dict[str, Place]
    people: dict[str, Person]
    sections: dict[str, Section]
    seats: tuple[Seat, ...]
    years: tuple[Days, ...]

    @property
    def districts(self) -> list[Place]:
        """Rows of orgs.csv that are districts."""
        return [place for place in self.places.values() if place.kind == "district"]

    @property
    def schools(self) -> list[Place]:
        """Rows of orgs.csv that are schools."""
        return [place for place in self.places.values() if place.kind == "school"]

    def school_of(self, place: str) -> str | None:
        """The school that a place is or lies within (a department, say)."""
        for _step in range(len(self.places)):
            found = self.places.get(place)
            if found is None or found.kind == "district":
                return None
            if found.kind == "school":
                return place
            place = found.parent
        return None
