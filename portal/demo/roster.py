"""A made-up district, from a seed: 480 students in three schools, families, teachers, classes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.demo.names import FAMILY, GIVEN

CODE = "0990011"
WEEKS_BEFORE = 15
"""The school year of the demonstration began so long before its day, and goes on as long again."""

GROUP = 24
"""Students of one group, who have their classes together."""


@dataclass(frozen=True)
class MadeSchool:
    """A school. grades: the lowest and the highest."""

    id: str
    name: str
    facility_code: str
    grades: tuple[int, int]
    students: int


@dataclass(frozen=True)
class MadePerson:
    """A user of the roster. places: the schools, or the district."""

    id: str
    role: str
    given: str
    family: str
    places: tuple[str, ...]
    username: str = ""
    sasid: str = ""
    local_id: str = ""
    grade: str = ""
    phone: str = ""
    born: date | None = None
    agents: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Staff sign in with it; students and families have none here."""
        return self.username if "@" in self.username else ""


@dataclass(frozen=True)
class MadeClass:
    """A class with its teacher and students."""

    id: str
    title: str
    school: str
    teacher: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class MadeRoster:
    """Everything that the files will say."""

    code: str
    name: str
    first_day: date
    last_day: date
    schools: tuple[MadeSchool, ...]
    people: tuple[MadePerson, ...]
    classes: tuple[MadeClass, ...]


SCHOOLS = (
    MadeSchool("org-north", "North School", "9900111", (6, 8), 140),
    MadeSchool("org-south", "South School", "9900211", (6, 8), 140),
    MadeSchool("org-high", "Harbor High School", "9906111", (9, 12), 200),
)
DISTRICT = "org-district"

NAMED_STAFF = (
    MadePerson("st-ana", "counselor", "Ana", "Counts", ("org-north",), "worker@demo.example"),
    MadePerson("st-cora", "counselor", "Cora", "Hearing", ("org-high",), "counselor@demo.example"),
    MadePerson("st-tom", "teacher", "Tom", "Chalk", ("org-north",), "teacher@demo.example"),
    MadePerson("st-omar", "principal", "Omar", "Keys", ("org-north",), "principal@demo.example"),
    MadePerson("st-dina", "administrator", "Dina", "Desk", (DISTRICT,), "admin@demo.example"),
)

NAMED_STUDENTS = {"org-north": (("Luis", "Sample"), ("Mei", "Sample"), ("Jayden", "Example"))}
"""Whoever tries the portal finds these three at North School."""


def make(
    seed: int, today: date, schools: Sequence[MadeSchool] = SCHOOLS, code: str = CODE
) -> MadeRoster:
    """A roster of made-up people; the same seed and day give the same one."""
    maker = _Maker(random.Random(seed), today)  # noqa: S311  (nothing here is a secret)
    places = {DISTRICT, *(school.id for school in schools)}
    maker.people += [person for person in NAMED_STAFF if places.issuperset(person.places)]
    for school in schools:
        maker.fill(school)
    return MadeRoster(
        code=code,
        name="Harbor Point Public Schools",
        first_day=maker.first_day,
        last_day=maker.first_day + timedelta(weeks=2 * WEEKS_BEFORE + 10),
        schools=tuple(schools),
        people=tuple(maker.people),
        classes=tuple(maker.classes),
    )


@dataclass
class _Maker:
    """Fills one school after another."""

    chance: random.Random
    today: date
    people: list[MadePerson] = field(default_factory=list)
    classes: list[MadeClass] = field(default_factory=list)
    counted: int = 0

    @property
    def first_day(self) -> date:
        """A Monday."""
        day = self.today - timedelta(weeks=WEEKS_BEFORE)
        return day - timedelta(days=day.weekday())

    def fill(self, school: MadeSchool) -> None:
        children = list(self._children(school))
        self.people += children
        self._staff(school)
        by_grade: dict[str, list[MadePerson]] = {}
        for child in children:
            by_grade.setdefault(child.grade, []).append(child)
        for grade, members in sorted(by_grade.items()):
            self._classes(school, grade, members)

    def _next(self) -> int:
        self.counted += 1
        return self.counted

    def _children(self, school: MadeSchool) -> Iterator[MadePerson]:
        """Children family by family, until the school is full; families come in with them."""
        named = list(NAMED_STUDENTS.get(school.id, ()))
        left = school.students
        while left:
            given, family = named.pop(0) if named else self._name()
            together = min(left, 1 if self.chance.random() < 0.75 else 2)
            adults = tuple(self._adults(family, school))
            for number in range(together):
                own = given if number == 0 else self.chance.choice(GIVEN)
                yield self._child(school, own, family, adults)
            left -= together

    def _name(self) -> tuple[str, str]:
        return self.chance.choice(GIVEN), self.chance.choice(FAMILY)

    def _child(
        self, school: MadeSchool, given: str, family: str, adults: tuple[str, ...]
    ) -> MadePerson:
        number = self._next()
        lowest, highest = school.grades
        grade = lowest + number % (highest - lowest + 1)
        days = self.chance.randrange(365)
        return MadePerson(
            id=f"stu-{number:05}",
            role="student",
            given=given,
            family=family,
            places=(school.id,),
            username=f"student{number}",
            sasid=f"{1000 + number:010}",
            local_id=f"L{number:05}",
            grade=f"{grade:02}",
            born=self.first_day - timedelta(days=365 * (6 + grade) - days + (grade + 6) // 4),
            agents=adults,
        )

    def _adults(self, family: str, school: MadeSchool) -> Iterator[str]:
        roles = ["parent"] if self.chance.random() < 0.4 else ["parent", "parent"]
        if self.chance.random() < 0.05:
            roles = ["guardian"]
        if self.chance.random() < 0.08:
            roles.append("relative")
        for role in roles:
            number = self._next()
            adult = MadePerson(
                id=f"adu-{number:05}",
                role=role,
                given=self.chance.choice(GIVEN),
                family=family,
                places=(school.id,),
                username=f"family{number}",
                phone=f"(860) 555-{100 + number % 100:04}",
            )
            self.people.append(adult)
            yield adult.id

    def _staff(self, school: MadeSchool) -> None:
        named = {person.role for person in NAMED_STAFF if school.id in person.places}
        for role in ("principal", "counselor"):
            if role not in named:
                self.people.append(self._member(school, role))

    def _member(self, school: MadeSchool, role: str) -> MadePerson:
        number = self._next()
        given, family = self._name()
        return MadePerson(
            id=f"st-{number:05}",
            role=role,
            given=given,
            family=family,
            places=(school.id,),
            username=f"{role}{number}@demo.example",
        )

    def _classes(self, school: MadeSchool, grade: str, members: list[MadePerson]) -> None:
        for start in range(0, len(members), GROUP):
            group = members[start : start + GROUP]
            for subject in ("Homeroom", "Mathematics"):
                title = f"{subject} {int(grade)}{chr(ord('A') + start // GROUP)}"
                teacher = self._teacher(school, title)
                self.classes.append(
                    MadeClass(
                        id=f"cls-{school.id}-{len(self.classes):03}",
                        title=title,
                        school=school.id,
                        teacher=teacher,
                        students=tuple(member.id for member in group),
                    )
                )

    def _teacher(self, school: MadeSchool, title: str) -> str:
        if school.id == "org-north" and not any(c.teacher == "st-tom" for c in self.classes):
            return "st-tom"
        teacher = self._member(school, "teacher")
        self.people.append(teacher)
        return teacher.id
