"""The district policy's levels of access, in its order: which students each reaches.

Read this table beside the policy. "Identified" is whether records that name a
student may be opened at all; `reaches` says which students. Level 10 of the
policy, the written grant, is decided in `gate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.policy.facts import Facts
from portal.vocabulary import Level, RelationKind

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


@dataclass(frozen=True)
class Scope:
    """What a level sees: named records or not, of which students, support records or not."""

    students: str
    reaches: Reach
    identified: bool
    support: bool


LEVELS: dict[Level, Scope] = {
    Level.TEACHER: Scope(
        "students currently in their classes",
        _related(RelationKind.CLASS),
        identified=True,
        support=False,
    ),
    Level.COUNSELOR: Scope(
        "students currently assigned to them",
        _related(RelationKind.COUNSELOR),
        identified=True,
        support=True,
    ),
    Level.CLINICIAN: Scope(
        "students they serve or are assigned to evaluate",
        _related(RelationKind.SERVICE, RelationKind.EVALUATION),
        identified=True,
        support=True,
    ),
    Level.PRINCIPAL: Scope(
        "students currently enrolled in their building",
        _in_the_building,
        identified=True,
        support=True,
    ),
    Level.PERSONNEL: Scope("nobody by name", _nobody, identified=False, support=False),
    Level.BUDGET: Scope("nobody by name", _nobody, identified=False, support=False),
    Level.CURRICULUM: Scope("nobody by name", _nobody, identified=False, support=False),
    Level.SPECIAL_EDUCATION: Scope(
        "students with special-education or Section 504 status",
        _in_a_program,
        identified=True,
        support=True,
    ),
    Level.SUPERINTENDENT: Scope("every student", _everybody, identified=True, support=True),
    Level.STAFF: Scope("nobody by name", _nobody, identified=False, support=False),
    Level.AGENCY_ADMIN: Scope("nobody by name", _nobody, identified=False, support=False),
}
