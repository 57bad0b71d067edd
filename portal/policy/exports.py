"""Taking data out: who may take what, for a stated purpose, how much a day, and for how long.

A file that has left is beyond the gate, so it needs a right *and* a purpose, and much on one day
needs the second factor shown just before. It opens to its maker alone, for a day, and only while
they still reach everybody who is in it. What is passed on stays bound by 34 CFR 99.33.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.errors import Problem
from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.levels import LEVELS
from portal.policy.signing_in import lately
from portal.vocabulary import ExportKind, ExportPurpose, Level, Role

ABOUT_STUDENTS = frozenset({ExportKind.VISITS, ExportKind.REFERRALS})
"""Kinds whose every row is about one student, by name: support records."""

_WITHOUT_NAMES = frozenset({ExportKind.NUMBERS})

OF_ONESELF = frozenset({ExportKind.USE_OF_TIME})
"""Kinds that are about nobody but whoever takes them: they are no part of what is much."""

_ELSEWHERE = _WITHOUT_NAMES | OF_ONESELF
"""Kinds that leave from a page of their own."""

LEAVING = frozenset({"data.exported", "consent.exported", "record.printed"})
"""Events by which staff take something about students out; each of those students is counted."""

KINDS_OF_ROLE: dict[Role, frozenset[ExportKind]] = {
    Role.SUPPORT_STAFF: ABOUT_STUDENTS | _WITHOUT_NAMES | OF_ONESELF,
    Role.TEACHER: _WITHOUT_NAMES,
    Role.PRINCIPAL: ABOUT_STUDENTS | _WITHOUT_NAMES | OF_ONESELF,
    Role.DISTRICT_ADMIN: frozenset({ExportKind.PEOPLE, ExportKind.TRAIL}) | _WITHOUT_NAMES,
    Role.SUPERINTENDENT: ABOUT_STUDENTS
    | frozenset({ExportKind.PEOPLE, ExportKind.TRAIL})
    | _WITHOUT_NAMES,
    Role.CENTRAL_OFFICE: _WITHOUT_NAMES,
    Role.SECRETARY: _WITHOUT_NAMES,
}
"""What each role may take out; whom a row may be about is asked of the gate, apart.

Counts without names go with a view of them, which says for itself to whom it is open; who takes
a consent along is `policy.taking`'s to say.
"""

OF_A_PRINT = (
    ExportPurpose.SUPPORT_MEETING,
    ExportPurpose.OWN_WORK,
    ExportPurpose.FAMILY_ASKED,
    ExportPurpose.RECORDS_REQUEST,
)
"""What one student's record is printed for."""

OF_DISCLOSURES = (
    ExportPurpose.ACCESS_REVIEW,
    ExportPurpose.RECORDS_REQUEST,
    ExportPurpose.REQUIRED_REPORT,
)
"""What the list of who saw a record is made for, when it is for the school and not the family."""

_OF_ONE_PAPER = frozenset({ExportPurpose.FAMILY_ASKED, ExportPurpose.CARE_RECORD})

_PURPOSES: dict[ExportKind, tuple[ExportPurpose, ...]] = {
    ExportKind.USE_OF_TIME: (ExportPurpose.OWN_WORK, ExportPurpose.REQUIRED_REPORT),
    ExportKind.CONSENT: (ExportPurpose.CARE_RECORD, ExportPurpose.RECORDS_REQUEST),
}
"""Kinds that leave for fewer purposes than the others."""

SHORTEST_PURPOSE = 15
LONGEST_PURPOSE = 300
MANY_STUDENTS = 50
MANY_ROWS = 500
OPEN_FOR = timedelta(hours=24)

FIELD_PURPOSE = "What for"
FIELD_WORDS = "In your own words"


def may_take_out(role: Role, level: Level, kind: ExportKind) -> Decision:
    """May this person take out rows of this kind at all?"""
    if kind not in KINDS_OF_ROLE.get(role, frozenset()):
        return refuse([Reason.NO_SUCH_TASK])
    if kind in ABOUT_STUDENTS and not LEVELS[level].support:
        return refuse([Reason.SUPPORT_STAFF_ONLY])
    return _own()


def kinds_for(role: Role, level: Level) -> tuple[ExportKind, ...]:
    """The kinds that the page offers them, in the order of the list."""
    return tuple(
        kind for kind in ExportKind if kind not in _ELSEWHERE and may_take_out(role, level, kind)
    )


def purposes_of(kind: ExportKind) -> tuple[ExportPurpose, ...]:
    """For what this kind may leave, in the order of the list."""
    usual = tuple(one for one in ExportPurpose if one not in _OF_ONE_PAPER)
    return _PURPOSES.get(kind, usual)


def purpose_problems(kind: ExportKind, purpose: ExportPurpose | None, words: str) -> list[Problem]:
    """What the stated purpose lacks."""
    found = []
    if purpose not in purposes_of(kind):
        found.append(
            Problem(
                "It is not said what the data is for.",
                "Choose what you take it out for.",
                FIELD_PURPOSE,
            )
        )
    if not SHORTEST_PURPOSE <= len(" ".join(words.split())) <= LONGEST_PURPOSE:
        found.append(
            Problem(
                "The purpose is not told in your own words.",
                f"Write {SHORTEST_PURPOSE} to {LONGEST_PURPOSE} letters: who will use it, for "
                "what. Name no student.",
                FIELD_WORDS,
            )
        )
    return found


def is_much(students: int, rows: int) -> bool:
    """So much that the second factor is asked for, and a person looks at it later.

    students, rows: all that one person takes out on one local day, with the file that is asked
    for: many small files are as much as a large one.
    """
    return students > MANY_STUDENTS or rows > MANY_ROWS


def may_take_much(shown_at: datetime | None, at: datetime, *, required: bool) -> Decision:
    """May so much leave in this session? shown_at: when its second factor was shown last."""
    if required and not lately(shown_at, at):
        return refuse([Reason.SECOND_FACTOR_NEEDED])
    return _own()


@dataclass(frozen=True)
class Taken:
    """An export that somebody asks to open again.

    reaches_all: everybody in it is still within their reach.
    """

    kind: ExportKind
    maker: str
    made_at: datetime
    reaches_all: bool


def may_open_export(user: str, role: Role, level: Level, taken: Taken, at: datetime) -> Decision:
    """May this person open the kept file of an export?"""
    reasons = list(may_take_out(role, level, taken.kind).codes)
    if user != taken.maker:
        reasons.append(Reason.NOT_THE_AUTHOR)
    if not taken.made_at <= at < taken.made_at + OPEN_FOR:
        reasons.append(Reason.EXPORT_OVER)
    if not taken.reaches_all:
        reasons.append(Reason.NO_RELATION)
    return refuse(reasons) if reasons else _own()


def _own() -> Decision:
    return allow(Basis(BasisKind.OWN, (), FULL))
