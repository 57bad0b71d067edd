"""Rows about crossing from one organization to another: X1 to X4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.vocabulary import Category
from tests.policy.table.rows import Row, begins, closed, ends, flat, opens
from tests.policy.values import (
    EVER,
    LONG_AGO,
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


ROWS = flat(crossing(), blocks(), need_to_know(), need_to_know_in_a_district())
