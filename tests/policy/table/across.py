"""Rows about crossing from one organization to another: X1 to X4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.vocabulary import Category
from tests.policy.table.rows import Row, begins, closed, ends, flat, opens
from tests.policy.values import (
    EVER,
    LONG_AGO,
    SHARED,
    TICK,
    T,
    a_consent,
    a_grant,
    a_legal_basis,
    add,
    alter,
    an_agreement,
    drop,
    enrolled,
    everything_listed,
    respan,
    stands,
)


def crossing() -> Iterator[list[Row]]:
    until, since = [LONG_AGO, T], [T, None]
    for kind, name, code in (
        ("users", "rita", "USER_INACTIVE"),
        ("orgs", "P1", "ORGANIZATION_INACTIVE"),
        ("orgs", "D1", "CUSTODIAN_INACTIVE"),
    ):
        yield ends("X1", f"{name} until then", alter(kind, name, active=until), codes=code)
        yield begins("X1", f"{name} from then on", alter(kind, name, active=since), codes=code)
    for author in ("ana", "rita"):
        draft = alter("records", "visits", draft=True, author=author)
        yield closed("X2", "no draft crosses, whoever wrote it", draft, codes="DRAFT")
    yield ends(
        "X2", "sealed from then on", alter("records", "visits", sealed=since), codes="SEALED"
    )
    yield begins(
        "X2", "sealed until then", alter("records", "visits", sealed=until), codes="SEALED"
    )
    never: Any = {"record": "mandated_report", "codes": "NEVER_SHARED"}
    yield closed("X2", "a report to child protection", *everything_listed(), **never)
    ordered = add("legal", **a_legal_basis("court_order", "P1", categories=[*Category]))
    yield closed("X2", "not even by order", *everything_listed(), ordered, **never)
    never["codes"] += " ITEM_NOT_COVERED NOT_IN_SCHEDULE"
    yield closed("X2", "every reason is told", **never)


def kept_inside() -> Iterator[list[Row]]:
    kept = alter("records", "visits", restricted=True)
    yield closed("X2", "a restricted record", kept, codes="RESTRICTED")
    by_rita = alter("records", "visits", restricted=True, author="rita")
    yield closed("X2", "whoever wrote it", by_rita, codes="RESTRICTED")
    inside = alter("records", "visits", audience={"inside_only": True})
    yield closed("X2", "what stays inside", inside, codes="INSIDE_ONLY")
    both = alter("records", "visits", restricted=True, audience={"inside_only": True})
    yield closed("X2", "every reason is told", both, codes="RESTRICTED INSIDE_ONLY")
    ordered = add("legal", **a_legal_basis("court_order", "P1"))
    yield closed("X2", "not even by order", both, ordered, codes="RESTRICTED INSIDE_ONLY")
    levels = alter("records", "visits", audience={"levels": ["counselor"]})
    yield opens("X2", "levels are of the inside", levels)
    named = alter("records", "identity", audience={"inside_only": True})
    yield closed("X2", "a name that stays inside", named, record="identity", codes="INSIDE_ONLY")


def locked() -> Iterator[list[Row]]:
    code = "CONFLICT_OF_INTEREST"
    lock = add("locks", user="rita", student="luis", span=EVER)
    yield closed("X1", "a conflict of interest", lock, codes=code)
    theirs = f"{code} NOTHING_ELSE_OPEN"
    yield closed("X1", "nor the name", lock, record="identity", codes=theirs)
    ordered = add("legal", **a_legal_basis("court_order", "P1"))
    yield closed("X1", "not even by order", lock, ordered, codes=code)
    until = add("locks", user="rita", student="luis", span=[LONG_AGO, T])
    yield begins("X1", "locked until then", until, codes=code)
    yield opens("X1", "a colleague's", add("locks", user="rob", student="luis", span=EVER))
    yield opens("X1", "of another student", add("locks", user="rita", student="mei", span=EVER))


def told() -> Iterator[list[Row]]:
    code = "TOLD_AFTER_CONSENT"

    def from_then(instant: Any, record: str = "visits"):
        return alter("records", record, audience={"told_from": instant})

    yield closed("C9", "signed before the family was told", from_then(LONG_AGO + TICK), codes=code)
    for instant in (LONG_AGO, LONG_AGO - TICK):
        yield opens("C9", "signed from then on", from_then(instant))
    newer = add("consents", **a_consent("c2", signed_at=T - TICK))
    yield opens("C9", "a newer consent", from_then(T - TICK), newer)
    unsigned = alter("consents", "c1", signed_at=None)
    yield closed("C9", "no signature at all", from_then(T), unsigned, codes="NOT_SIGNED")
    ordered = add("legal", **a_legal_basis("court_order", "P1"))
    yield opens("C9", "the law does not ask", from_then(T), ordered)
    yield opens("C9", "one's own records neither", from_then(T), who="ana")
    yield opens("C9", "nor the name by itself", from_then(T, "identity"), record="identity")
    every = [from_then(T, category) for category in SHARED]
    yield closed("C9", "but with the others", *every, record="identity", codes="NOTHING_ELSE_OPEN")


def blocks() -> Iterator[list[Row]]:
    until, since = [LONG_AGO, T], [T, None]
    for org in ("P1", None):
        yield closed(
            "X3", "stopped", add("blocks", student="luis", org=org, span=EVER), codes="BLOCKED"
        )
        yield ends(
            "X3",
            "from then on",
            add("blocks", student="luis", org=org, span=since),
            codes="BLOCKED",
        )
        yield begins(
            "X3", "until then", add("blocks", student="luis", org=org, span=until), codes="BLOCKED"
        )
    for org in ("P2", "D1"):
        yield opens(
            "X3", "another organization's", add("blocks", student="luis", org=org, span=EVER)
        )
    yield opens("X3", "another student's", add("blocks", student="mei", org=None, span=EVER))
    stopped = add("blocks", student="luis", org=None, span=EVER)
    lapsed = add("consents", **a_consent("c2", signed_at=None))
    says = "what another paper lacks is beside the point"
    yield closed("X3", says, stopped, lapsed, codes="BLOCKED")
    ordered = add("legal", **a_legal_basis("court_order", "P1"))
    yield closed(
        "X3",
        "not even by order",
        ordered,
        add("blocks", student="luis", org=None, span=EVER),
        codes="BLOCKED",
    )


def need_to_know() -> Iterator[list[Row]]:
    off = "NOT_ON_CASE_TEAM"
    yield opens("X4", "the case team")
    for who in ("rob", "alma"):
        yield closed("X4", "not on the team", who=who, codes=off)
        yield opens(
            "X4", "the agreement waives it", alter("agreements", "m1", waive_team=True), who=who
        )
    yield ends(
        "X4", "on the team until then", respan("relations", [LONG_AGO, T], user="rita"), codes=off
    )
    yield begins(
        "X4", "on the team from then on", respan("relations", [T, None], user="rita"), codes=off
    )
    yield closed("X4", "another relation is no team", *stands("rita", "service"), codes=off)
    alone = "NOT_ON_CASE_TEAM NO_CONSENT"
    yield closed("X4", "there is always a Charlie", who="charlie", codes=alone)
    yield closed(
        "X4",
        "a waiver is no consent",
        alter("agreements", "m2", waive_team=True),
        who="charlie",
        codes="NO_CONSENT",
    )
    two = (
        alter("agreements", "m1", waive_team=True, a_to_b=["attendance"]),
        add("agreements", **an_agreement("m6", "P1")),
    )
    yield closed(
        "one paper",
        "the agreement that waives must be the one that applies",
        *two,
        who="rob",
        codes="NOT_ON_CASE_TEAM NOT_IN_SCHEDULE",
    )


def need_to_know_in_a_district() -> Iterator[list[Row]]:
    to_d2 = add("consents", **a_consent("c2", recipient="D2"))
    for record in ("visits", "attendance"):
        asked: dict[str, Any] = {"record": record}
        yield opens("X4", "a support level that serves the student", to_d2, who="dee", **asked)
        yield closed("X4", "a teacher", to_d2, who="dan", codes="SUPPORT_STAFF_ONLY", **asked)
    gone = drop("relations", user="dee")
    yield closed("X4", "not their student", to_d2, gone, who="dee", codes="NO_RELATION")
    gone = drop("relations", user="dan")
    both = "NO_RELATION SUPPORT_STAFF_ONLY"
    yield closed("X4", "both reasons are told", to_d2, gone, who="dan", codes=both)
    for level in ("personnel", "budget", "curriculum", "staff", "agency_admin"):
        changed = alter("users", "dee", level=level)
        yield closed("X4", f"{level} sees nobody", to_d2, changed, who="dee", codes=both)
    waived = alter("agreements", "m5", waive_team=True)
    yield closed(
        "X4", "a waiver is for agencies", to_d2, waived, who="dan", codes="SUPPORT_STAFF_ONLY"
    )
    yield closed(
        "X4",
        "a grant does not stand for it",
        to_d2,
        a_grant("dan"),
        who="dan",
        codes="SUPPORT_STAFF_ONLY",
    )
    yield opens(
        "X4", "a superintendent", to_d2, alter("users", "dan", level="superintendent"), who="dan"
    )
    yield opens(
        "X4",
        "special education",
        to_d2,
        alter("users", "dan", level="special_education"),
        who="dan",
    )
    yield opens(
        "X4",
        "a counselor",
        to_d2,
        alter("users", "dee", level="counselor"),
        *stands("dee", "counselor"),
        who="dee",
    )
    moved = enrolled("B9", EVER)
    yield opens(
        "X4",
        "a principal",
        to_d2,
        moved,
        alter("users", "dan", level="principal", building="B9"),
        who="dan",
    )
    yield closed(
        "X4",
        "a principal elsewhere",
        to_d2,
        alter("users", "dan", level="principal", building="B9"),
        who="dan",
        codes="NO_RELATION",
    )


ROWS = flat(
    crossing(),
    kept_inside(),
    locked(),
    told(),
    blocks(),
    need_to_know(),
    need_to_know_in_a_district(),
)
