"""The district policy's levels of access, in its order: read this table beside the policy.

One row for each line of "General Access to Database" (Thomaston Public Schools, Data-Based
Information Management System, adopted October 19, 2015), which it has word for word. Lines 1 to 9
are levels that somebody has; line 10 is the written grant, which `gate` decides. Two levels stand
in no line: staff of a district who see nobody by name, and an agency's administrator.

"Identified" is whether records that name a student may be opened at all; `reaches` says which
students, always at an instant: whom somebody had yesterday is closed today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.policy.facts import Facts
from portal.vocabulary import SUPPORT, Category, Level, RelationKind, UnnamedView

Reach = Callable[[Facts, datetime], bool]


def _related(*kinds: RelationKind) -> Reach:
    def reaches(facts: Facts, at: datetime) -> bool:
        return any(r.kind in kinds and r.span.contains(at) for r in facts.relations)

    return reaches


def _in_the_building(facts: Facts, at: datetime) -> bool:
    return any(
        enrolled.building == facts.user.building and enrolled.span.contains(at)
        for enrolled in facts.enrollments
    )


def _in_a_program(facts: Facts, at: datetime) -> bool:
    return any(span.contains(at) for span in facts.programs)


def _everybody(_facts: Facts, _at: datetime) -> bool:
    return True


def _nobody(_facts: Facts, _at: datetime) -> bool:
    return False


class ScopeKind(StrEnum):
    """By what it is decided which students a level reaches."""

    CLASS_ROSTER = "class_roster"
    CASELOAD = "caseload"
    SERVICE = "service_or_evaluation"
    BUILDING = "building"
    NONE = "none_by_name"
    PROGRAM = "program"
    DISTRICT = "district"
    GRANT = "by_grant"


SCOPE_KIND_LABELS = {
    ScopeKind.CLASS_ROSTER: "Class roster",
    ScopeKind.CASELOAD: "Caseload",
    ScopeKind.SERVICE: "Service or evaluation",
    ScopeKind.BUILDING: "Building",
    ScopeKind.NONE: "None by name",
    ScopeKind.PROGRAM: "Program",
    ScopeKind.DISTRICT: "District",
    ScopeKind.GRANT: "By grant",
}


@dataclass(frozen=True)
class Line:
    """A line of the policy: its number, whom it speaks of, and its words."""

    number: int
    who: str
    sentence: str


@dataclass(frozen=True)
class Scope:
    """What a level sees: named records or not, of which students, support records or not.

    students: in words. line: of the policy; None where it has none. views: numbers without names.
    """

    line: Line | None
    kind: ScopeKind
    students: str
    reaches: Reach
    identified: bool
    support: bool
    views: tuple[UnnamedView, ...] = ()

    @property
    def categories(self) -> frozenset[Category]:
        """The kinds of record that it may open of a student whom it reaches."""
        if not self.identified:
            return frozenset()
        return frozenset(Category) if self.support else frozenset(Category) - SUPPORT

    @property
    def records(self) -> str:
        """The same in words."""
        if not self.identified:
            return "Numbers without names" if self.views else "None"
        return "Every kind" if self.support else "Every kind but support records"


LEVELS: dict[Level, Scope] = {
    Level.TEACHER: Scope(
        Line(
            1,
            "Teachers",
            "Teachers shall have access to information regarding students currently in their "
            "classes.",
        ),
        ScopeKind.CLASS_ROSTER,
        "students currently in their classes",
        _related(RelationKind.CLASS),
        identified=True,
        support=False,
    ),
    Level.COUNSELOR: Scope(
        Line(
            2,
            "Guidance counselors and guidance secretary",
            "Guidance counselors/Guidance Secretary shall have access to information regarding "
            "any student currently assigned to them.",
        ),
        ScopeKind.CASELOAD,
        "students currently assigned to them",
        _related(RelationKind.COUNSELOR),
        identified=True,
        support=True,
    ),
    Level.CLINICIAN: Scope(
        Line(
            3,
            "Psychologists and social workers",
            "Psychologists and social workers shall have access to information regarding any "
            "student to whom they are currently providing services, or whom they are assigned to "
            "evaluate.",
        ),
        ScopeKind.SERVICE,
        "students they serve or are assigned to evaluate",
        _related(RelationKind.SERVICE, RelationKind.EVALUATION),
        identified=True,
        support=True,
    ),
    Level.PRINCIPAL: Scope(
        Line(
            4,
            "Principals and assistant principals",
            "School Principals and assistant principals shall have access to information "
            "regarding any student currently enrolled in their buildings.",
        ),
        ScopeKind.BUILDING,
        "students currently enrolled in their building",
        _in_the_building,
        identified=True,
        support=True,
    ),
    Level.PERSONNEL: Scope(
        Line(
            5,
            "Central office: personnel, and secretary",
            "The Central Office Administrator and his/her Secretary with primary responsibility "
            "for personnel matters shall have access to all information regarding personnel "
            "matters, including such information regarding students as is of assistance in the "
            "evaluation of teachers and administrators. Such student information shall not be "
            "personally identifiable.",
        ),
        ScopeKind.NONE,
        "nobody by name",
        _nobody,
        identified=False,
        support=False,
        views=(UnnamedView.PERSONNEL,),
    ),
    Level.BUDGET: Scope(
        Line(
            6,
            "Central office: budget, and secretary",
            "The Central Office Administrator and his/her Secretary with primary responsibility "
            "for the school budget shall have access to all information regarding any "
            "expenditures and finances, including information about expenditures for individual "
            "students. Such student information shall not be personally identifiable.",
        ),
        ScopeKind.NONE,
        "nobody by name",
        _nobody,
        identified=False,
        support=False,
        views=(UnnamedView.BUDGET,),
    ),
    Level.CURRICULUM: Scope(
        Line(
            7,
            "Central office: curriculum, and secretary",
            "The Central Office Administrator and his/her Secretary with primary responsibility "
            "for curriculum shall have access to all information regarding instructional "
            "materials and student performance. Such student information shall not be personally "
            "identifiable.",
        ),
        ScopeKind.NONE,
        "nobody by name",
        _nobody,
        identified=False,
        support=False,
        views=(UnnamedView.CURRICULUM,),
    ),
    Level.SPECIAL_EDUCATION: Scope(
        Line(
            8,
            "Special education administrator, and secretary",
            "The Administrator with primary responsibility for special education and his/her "
            "Secretary shall have access to all information regarding students receiving any "
            "special education services or services pursuant to Section 504 of the "
            "Rehabilitation Act of 1974. Such student information shall be personally "
            "identifiable.",
        ),
        ScopeKind.PROGRAM,
        "students with special-education or Section 504 status",
        _in_a_program,
        identified=True,
        support=True,
    ),
    Level.SUPERINTENDENT: Scope(
        Line(
            9,
            "Superintendent, and executive secretary",
            "The Superintendent of Schools and his/her Executive Secretary shall have access to "
            "the entire database.",
        ),
        ScopeKind.DISTRICT,
        "every student",
        _everybody,
        identified=True,
        support=True,
        views=tuple(UnnamedView),
    ),
    Level.STAFF: Scope(
        None, ScopeKind.NONE, "nobody by name", _nobody, identified=False, support=False
    ),
    Level.AGENCY_ADMIN: Scope(
        None, ScopeKind.NONE, "nobody by name", _nobody, identified=False, support=False
    ),
}

WRITTEN = Line(
    10,
    "Any individual who applies in writing",
    "Any individual who wishes to receive information outside the general access provided above "
    "shall apply, in writing, to the Superintendent of Schools. The application shall state the "
    "precise information requested and the legitimate educational need for the information. The "
    "Superintendent, in his or her sole discretion and in accordance with applicable law, shall "
    "determine whether, and in what form, to grant the requested access. The Superintendent shall "
    "notify the applicant in writing of the decision.",
)


@dataclass(frozen=True)
class Row:
    """A line of the policy beside what the portal does by it; level: None for the written grant."""

    line: Line
    level: Level | None
    kind: ScopeKind
    students: str
    records: str
    form: str


def rows() -> Iterator[Row]:
    """The ten lines, in the policy's order."""
    for level, scope in LEVELS.items():
        if scope.line is not None:
            form = "With names" if scope.identified else "Without names"
            yield Row(scope.line, level, scope.kind, scope.students, scope.records, form)
    yield Row(
        WRITTEN,
        None,
        ScopeKind.GRANT,
        "the students named in the decision",
        "The kinds named in the decision",
        "As decided",
    )
