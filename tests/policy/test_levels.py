"""The table of levels, read beside the district's policy: same lines, same order, its words.

Each line has an allowed and a refused case, and where it says "currently", yesterday's students
are closed from the instant at which they ceased to be one's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal.policy.gate import may_open
from portal.policy.levels import LEVELS, SCOPE_KIND_LABELS, ScopeKind, rows
from portal.policy.people import LEVELS_OF_ROLE
from portal.policy.spans import Span
from portal.policy.unnamed import UnnamedGrantFacts, may_see_numbers
from portal.vocabulary import SUPPORT, Category, Level, Role, UnnamedView
from tests.policy.values import (
    LONG_AGO,
    TICK,
    Change,
    T,
    a_grant,
    alter,
    enrolled,
    facts_about,
    respan,
    stands,
    world_with,
)

ROWS = list(rows())
OVER = [LONG_AGO, T]


def own(who: str) -> Change:
    """The relation of this person to Luis ends at T."""
    return respan("relations", OVER, user=who)


@dataclass(frozen=True)
class Read:
    """A line of the policy: its words, who tries, and what is then open and what is not."""

    number: int
    words: str
    who: str
    opens: tuple[str, ...]
    closed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    ended: Change | None = None


EVERY = tuple(sorted(Category))
BESIDE_SUPPORT = tuple(sorted(set(Category) - SUPPORT))
ONLY_SUPPORT = tuple(sorted(SUPPORT))
LINES = [
    Read(
        1,
        "students currently in their classes",
        "tom",
        BESIDE_SUPPORT,
        ONLY_SUPPORT,
        ended=own("tom"),
    ),
    Read(2, "any student currently assigned to them", "cora", EVERY, ended=own("cora")),
    Read(3, "to whom they are currently providing services", "ana", EVERY, ended=own("ana")),
    Read(
        3,
        "or whom they are assigned to evaluate",
        "ana",
        EVERY,
        changes=stands("ana", "evaluation"),
        ended=own("ana"),
    ),
    Read(4, "currently enrolled in their buildings", "omar", EVERY, ended=enrolled("B1", OVER)),
    Read(5, "shall not be personally identifiable", "paula", (), EVERY),
    Read(6, "shall not be personally identifiable", "bea", (), EVERY),
    Read(7, "shall not be personally identifiable", "curt", (), EVERY),
    Read(
        8,
        "special education services or services pursuant to Section 504",
        "dina",
        EVERY,
        ended=respan("special_education", OVER),
    ),
    Read(
        9,
        "access to the entire database",
        "sue",
        EVERY,
        ended=alter("users", "sue", active=OVER),
    ),
    Read(
        10,
        "The Superintendent, in his or her sole discretion",
        "paula",
        ("attendance",),
        tuple(sorted(set(Category) - {"attendance"})),
        (a_grant("paula", categories=["attendance"]),),
        respan("grants", OVER, user="paula"),
    ),
    Read(
        10,
        "whether, and in what form, to grant",
        "paula",
        (),
        EVERY,
        (a_grant("paula", categories=["attendance"], approved=False),),
    ),
]


def opened(read: Read, *changes: Change, at=T) -> set[str]:
    """The kinds of Luis's records that are open to whoever reads."""
    facts = facts_about(world_with(*read.changes, *changes), read.who, "luis")
    ours = [record for record in facts.shelf if record.custodian == "D1"]
    return {r.category for r in ours if may_open(facts, r, "coordinate", at)}


@pytest.mark.parametrize("read", LINES, ids=lambda read: f"{read.number} {read.who}: {read.words}")
def test_a_line_opens_what_it_says_and_nothing_beside(read: Read):
    row = ROWS[read.number - 1]

    assert read.words in row.line.sentence
    assert opened(read) == set(read.opens)
    assert opened(read).isdisjoint(read.closed)
    assert set(read.opens) | set(read.closed) == set(Category)


@pytest.mark.parametrize(
    "read",
    [read for read in LINES if read.ended],
    ids=lambda read: f"{read.number} {read.who}: {read.words}",
)
def test_what_was_open_yesterday_is_closed_today(read: Read):
    assert read.ended is not None
    assert opened(read, read.ended, at=T - TICK) == set(read.opens)
    assert opened(read, read.ended) == set()


def test_somebody_elses_student_is_nobodys_by_these_lines():
    for who in ("tom", "cora", "ana", "omar", "dina"):
        facts = facts_about(world_with(), who, "mei")
        assert not any(may_open(facts, record, "coordinate", T) for record in facts.shelf)


NUMBERED = [
    # the policy's number, the level, by what, support records, names
    (1, "teacher", "class_roster", False, True),
    (2, "counselor", "caseload", True, True),
    (3, "clinician", "service_or_evaluation", True, True),
    (4, "principal", "building", True, True),
    (5, "personnel", "none_by_name", False, False),
    (6, "budget", "none_by_name", False, False),
    (7, "curriculum", "none_by_name", False, False),
    (8, "special_education", "program", True, True),
    (9, "superintendent", "district", True, True),
]
OF_NO_LINE = ["staff", "agency_admin"]


def test_the_lines_stand_in_the_order_of_the_policy():
    told = [
        (scope.line.number, str(level), str(scope.kind), scope.support, scope.identified)
        for level, scope in LEVELS.items()
        if scope.line
    ]

    assert told == NUMBERED
    assert [level for level, scope in LEVELS.items() if not scope.line] == OF_NO_LINE
    assert [row.line.number for row in ROWS] == list(range(1, 11))
    assert list(LEVELS) == list(Level)


@pytest.mark.parametrize("level", Level)
def test_a_level_says_in_words_what_it_decides(level: Level):
    scope = LEVELS[level]

    assert scope.students
    assert (scope.students == "nobody by name") == (not scope.identified)
    assert (scope.kind is ScopeKind.NONE) == (not scope.identified)
    expected = frozenset(Category) if scope.support else frozenset(Category) - SUPPORT
    assert scope.categories == (expected if scope.identified else frozenset())
    in_words = {
        (True, True): "Every kind",
        (True, False): "Every kind but support records",
        (False, False): "Numbers without names" if scope.views else "None",
    }
    assert scope.records == in_words[scope.identified, scope.support]


def test_every_kind_of_scope_has_its_line_and_its_word():
    assert {row.kind for row in ROWS} == set(ScopeKind) == set(SCOPE_KIND_LABELS)


def test_the_last_line_is_nobodys_level():
    last = ROWS[-1]

    assert last.level is None
    assert (last.kind, last.form) == (ScopeKind.GRANT, "As decided")
    assert [row.form for row in ROWS[3:5]] == ["With names", "Without names"]


@pytest.mark.parametrize(
    ("number", "role"),
    [
        (1, Role.TEACHER),
        (2, Role.SUPPORT_STAFF),
        (2, Role.SECRETARY),
        (3, Role.SUPPORT_STAFF),
        (4, Role.PRINCIPAL),
        (5, Role.CENTRAL_OFFICE),
        (6, Role.CENTRAL_OFFICE),
        (7, Role.CENTRAL_OFFICE),
        (8, Role.DISTRICT_ADMIN),
        (8, Role.SECRETARY),
        (9, Role.SUPERINTENDENT),
        (9, Role.SECRETARY),
    ],
)
def test_whom_the_policy_speaks_of_there_is_a_role_for(number: int, role: Role):
    assert ROWS[number - 1].level in LEVELS_OF_ROLE[role]


# Numbers without names

SEES = {
    Level.PERSONNEL: {UnnamedView.PERSONNEL},
    Level.BUDGET: {UnnamedView.BUDGET},
    Level.CURRICULUM: {UnnamedView.CURRICULUM},
    Level.SUPERINTENDENT: set(UnnamedView),
}


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("view", UnnamedView)
def test_each_office_has_its_own_numbers_and_the_superintendent_all(level, view):
    decision = may_see_numbers(level, (), view, T)

    assert bool(decision) == (view in SEES.get(level, set()))
    assert decision or decision.codes == ("NO_SUCH_NUMBERS",)


@pytest.mark.parametrize(
    ("view", "at", "open_"),
    [
        (UnnamedView.BUDGET, T, True),
        (UnnamedView.BUDGET, T - TICK, False),
        (UnnamedView.BUDGET, T + 100 * TICK, False),
        (UnnamedView.CURRICULUM, T, False),
    ],
)
def test_a_decided_request_opens_one_view_for_its_term(view, at, open_):
    grant = UnnamedGrantFacts(UnnamedView.BUDGET, Span(T, T + 100 * TICK))

    assert bool(may_see_numbers(Level.TEACHER, [grant], view, at)) == open_


def test_each_row_says_with_what_names_it_opens():
    *of_levels, written = rows()

    assert [row.level for row in of_levels] == [lv for lv in Level if LEVELS[lv].line is not None]
    for row in of_levels:
        with_names = LEVELS[row.level].identified
        assert row.form == ("With names" if with_names else "Without names")
    assert (written.level, written.students, written.records, written.form) == (
        None,
        "the students named in the decision",
        "The kinds named in the decision",
        "As decided",
    )
