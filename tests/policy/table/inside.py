"""Rows about what nobody knows, and about the organization that holds the record: O1 to O4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.policy.gate import NOT_IN_EMERGENCY
from portal.vocabulary import SUPPORT, Category
from tests.policy.table.rows import SUMMARY, Row, begins, closed, ends, flat, opens
from tests.policy.values import (
    DAY,
    EVER,
    LONG_AGO,
    SHARED,
    TICK,
    Change,
    T,
    a_consent,
    a_grant,
    add,
    alter,
    an_agreement,
    drop,
    enrolled,
    respan,
    stands,
)


def unknown() -> Iterator[list[Row]]:
    says = "a purpose that is not on the list"
    for purpose in ("curiosity", "", "COORDINATE"):
        for who in ("rita", "sue"):
            yield closed("unknown", says, who=who, purpose=purpose, codes="PURPOSE_UNKNOWN")
    for purpose in ("coordinate", "evaluate", "placement"):
        yield opens("unknown", "own access asks for any known purpose", who="sue", purpose=purpose)
    gossip = (
        alter("records", "visits", category="gossip"),
        alter("consents", "c1", categories=["gossip"]),
        alter("agreements", "m1", a_to_b=["gossip"]),
    )
    for who in ("rita", "sue"):
        says = "a kind of record that is not on the list"
        yield closed("unknown", says, *gossip, who=who, codes="CATEGORY_UNKNOWN")


# Inside the organization that holds the record


def standing() -> Iterator[list[Row]]:
    until, since = [LONG_AGO, T], [T, None]
    inactive = "USER_INACTIVE"
    yield ends(
        "O1", "the user, until then", alter("users", "ana", active=until), who="ana", codes=inactive
    )
    yield begins(
        "O1",
        "the user, from then on",
        alter("users", "ana", active=since),
        who="ana",
        codes=inactive,
    )
    inactive = "ORGANIZATION_INACTIVE"
    yield ends(
        "O1",
        "the organization, until then",
        alter("orgs", "D1", active=until),
        who="ana",
        codes=inactive,
    )
    yield begins(
        "O1",
        "the organization, from then on",
        alter("orgs", "D1", active=since),
        who="ana",
        codes=inactive,
    )
    both = (alter("orgs", "D1", active=until), alter("users", "ana", active=until))
    yield closed(
        "O1", "both reasons are told", *both, who="ana", codes="USER_INACTIVE ORGANIZATION_INACTIVE"
    )


def unfinished() -> Iterator[list[Row]]:
    draft = alter("records", "visits", draft=True)
    yield opens("O2", "a draft opens to its author", draft, who="ana")
    yield closed("O2", "a draft opens to nobody else", draft, who="sue", codes="DRAFT")
    nobodys = alter("records", "visits", draft=True, author=None)
    yield closed("O2", "a draft of nobody opens to nobody", nobodys, who="ana", codes="DRAFT")
    for who in ("ana", "sue"):
        sealed = alter("records", "visits", sealed=[T, None])
        yield ends("O2", "sealed from then on", sealed, who=who, codes="SEALED")
        sealed = alter("records", "visits", sealed=[LONG_AGO, T])
        yield begins("O2", "sealed until then", sealed, who=who, codes="SEALED")


def locked() -> Iterator[list[Row]]:
    code = "CONFLICT_OF_INTEREST"

    def lock(who: str, span: Any = EVER, student: str = "luis"):
        return add("locks", user=who, student=student, span=span)

    for who in ("ana", "tom", "omar", "dina", "sue"):
        asked = {"who": who, "record": "attendance"}
        yield closed("O1", "a conflict of interest", lock(who), codes=code, **asked)
        yield opens("O1", "somebody else's", lock("cora"), **asked)
        yield opens("O1", "about somebody else", lock(who, student="mei"), **asked)
    yield ends("O1", "locked from then on", lock("ana", [T, None]), who="ana", codes=code)
    yield begins("O1", "locked until then", lock("ana", [LONG_AGO, T]), who="ana", codes=code)
    granted = (a_grant("paula"), lock("paula"))
    yield closed("O1", "a grant does not lift a lock", *granted, who="paula", codes=code)
    for who in ("rita", "alma"):
        asked = {"who": who, "record": "theirs"}
        yield closed("O1", "an agency's person too", lock(who), codes=code, **asked)


def audiences() -> Iterator[list[Row]]:
    code = "NOT_IN_AUDIENCE"

    def only(*names: str, record: str = "visits", **more: Any):
        return alter("records", record, audience={"levels": list(names), **more})

    yield opens("O5", "a level that is told", only("clinician", "counselor"), who="ana")
    yield closed("O5", "another level", only("counselor"), who="sue", codes=code)
    yield closed("O5", "nor its author", only("counselor"), who="ana", codes=code)
    anybody = alter("records", "visits", audience={"inside_only": True})
    yield opens("O5", "no level told is any", anybody, who="ana")
    granted = (only("counselor"), a_grant("paula"))
    yield closed("O5", "a grant does not open it", *granted, who="paula", codes=code)
    named = (only("personnel"), a_grant("paula"))
    yield opens("O5", "unless its level is told", *named, who="paula")
    both = f"{code} SUPPORT_STAFF_ONLY"
    yield closed("O5", "every reason is told", only("counselor"), who="tom", codes=both)
    wide = only("teacher")
    yield closed("O5", "it never widens", wide, who="tom", codes="SUPPORT_STAFF_ONLY")
    theirs = {"record": "theirs"}
    yield closed("O5", "an agency's", only("agency_admin", **theirs), codes=code, **theirs)
    yield opens("O5", "an agency's", only("agency_admin", **theirs), who="alma", **theirs)


def restricted() -> Iterator[list[Row]]:
    kept = alter("records", "visits", restricted=True)
    for who in ("ana", "omar", "sue"):
        yield opens("O6", "its author, principal and superintendent", kept, who=who)
    for who in ("cora", "dina"):
        yield opens("O6", "to others its existence", kept, who=who, fields=SUMMARY)
    by_cora = alter("records", "visits", restricted=True, author="cora")
    yield opens("O6", "somebody else's", by_cora, who="ana", fields=SUMMARY)
    for_cora = alter("records", "visits", restricted=True, told_to="cora")
    yield opens("O6", "whom it was written for", for_cora, who="cora")
    yield opens("O6", "and no other", for_cora, who="dina", fields=SUMMARY)
    nobodys = alter("records", "visits", restricted=True, author=None)
    yield opens("O6", "nobody's", nobodys, who="ana", fields=SUMMARY)
    granted = (kept, a_grant("paula"))
    yield opens("O6", "a grant opens no more", *granted, who="paula", fields=SUMMARY)
    yield closed("O6", "it never widens", kept, who="tom", codes="SUPPORT_STAFF_ONLY")
    of_cora = (kept, drop("relations", user="ana"))
    yield closed("O6", "not to an author out of reach", *of_cora, who="ana", codes="NO_RELATION")
    theirs = alter("records", "theirs", restricted=True)
    for who in ("rita", "alma"):
        yield opens("O6", "an agency's author and administrator", theirs, who=who, record="theirs")
    robs = alter("records", "theirs", restricted=True, author="rob")
    yield opens("O6", "an agency's other", robs, who="rita", record="theirs", fields=SUMMARY)
    astray = alter("users", "rita", level="superintendent")
    yield opens("O6", "a district's level there", robs, astray, record="theirs", fields=SUMMARY)
    away = alter("users", "ana", level="agency_admin")
    strays = (by_cora, away, a_grant("ana"))
    yield opens("O6", "an agency's level here", *strays, who="ana", fields=SUMMARY)


def levels() -> Iterator[list[Row]]:
    """In the order of the district's policy."""
    for category in Category:
        if category in SUPPORT:
            says = "a teacher never sees support records"
            yield closed("O3", says, who="tom", record=category, codes="SUPPORT_STAFF_ONLY")
        else:
            yield opens("O3", "a teacher sees the rest", who="tom", record=category)
        for who in ("cora", "ana", "omar", "dina", "sue"):
            yield opens("O3", "a support level sees every kind", who=who, record=category)
    for who in ("paula", "bea", "curt", "stan"):
        for record in ("attendance", "visits", "identity"):
            yield closed("O3", "never identified", who=who, record=record, codes="NEVER_IDENTIFIED")
    astray = alter("users", "ana", level="agency_admin")
    yield closed(
        "O3", "an agency's level means nothing here", astray, who="ana", codes="NEVER_IDENTIFIED"
    )


def reach() -> Iterator[list[Row]]:
    relations = {"tom": "class", "cora": "counselor", "ana": "service"}
    for who, kind in relations.items():
        asked = {"who": who, "record": "attendance", "codes": "NO_RELATION"}
        yield closed("O3", "not their student", drop("relations", user=who), **asked)
        yield ends("O3", "until then", respan("relations", [LONG_AGO, T], user=who), **asked)
        yield begins("O3", "from then on", respan("relations", [T, None], user=who), **asked)
        for other in sorted({"class", "counselor", "service", "team"} - {kind}):
            yield closed("O3", f"{other} is another matter", *stands(who, other), **asked)
    yield opens("O3", "assigned for evaluation", *stands("ana", "evaluation"), who="ana")
    of_another = (
        drop("relations", user="ana"),
        add("relations", kind="service", user="ana", student="mei", span=EVER),
    )
    yield closed(
        "O3", "another student is another matter", *of_another, who="ana", codes="NO_RELATION"
    )
    both = "NO_RELATION SUPPORT_STAFF_ONLY"
    yield closed(
        "O3", "both reasons are told", drop("relations", user="tom"), who="tom", codes=both
    )


def places() -> Iterator[list[Row]]:
    asked = {"who": "omar", "codes": "NO_RELATION"}
    yield closed("O3", "enrolled elsewhere", enrolled("B2", EVER), **asked)
    yield closed("O3", "enrolled nowhere", drop("enrollments", student="luis"), **asked)
    yield closed(
        "O3", "a principal without a building", alter("users", "omar", building=None), **asked
    )
    yield ends("O3", "enrolled until then", enrolled("B1", [LONG_AGO, T]), **asked)
    yield begins("O3", "enrolled from then on", enrolled("B1", [T, None]), **asked)
    asked = {"who": "dina", "codes": "NO_RELATION"}
    program = "special_education"
    yield closed("O3", "no such status", drop(program, student="luis"), **asked)
    yield ends("O3", "status until then", respan(program, [LONG_AGO, T], student="luis"), **asked)
    yield begins("O3", "status from then on", respan(program, [T, None], student="luis"), **asked)
    of_mei = (drop(program, student="luis"), add(program, student="mei", span=EVER))
    yield closed("O3", "another student's status", *of_mei, **asked)


def grants() -> Iterator[list[Row]]:
    for who in ("paula", "bea", "curt", "stan", "tom", "sue"):
        yield opens("O3", "a written grant opens to any level", a_grant(who), who=who)
    asked: dict[str, Any] = {"who": "paula", "codes": "NEVER_IDENTIFIED"}
    yield closed("O3", "a grant not approved", a_grant("paula", approved=False), **asked)
    yield closed("O3", "a grant for something else", a_grant("paula", categories=["sud"]), **asked)
    yield closed("O3", "a grant for nothing", a_grant("paula", categories=[]), **asked)
    yield closed("O3", "a grant about somebody else", a_grant("paula", student="mei"), **asked)
    yield closed("O3", "somebody else's grant", a_grant("bea"), **asked)
    yield ends("O3", "a grant until then", a_grant("paula", span=[LONG_AGO, T]), **asked)
    yield begins("O3", "a grant from then on", a_grant("paula", span=[T, None]), **asked)
    halves = (a_grant("paula", approved=False), a_grant("paula", categories=["hiv"]))
    yield closed("one paper", "two grants are not one", *halves, **asked)
    early = a_grant("tom", span=[LONG_AGO, T - DAY])
    yield closed(
        "O3", "a grant gone by leaves the level", early, who="tom", codes="SUPPORT_STAFF_ONLY"
    )
    sealed = alter("records", "visits", sealed=[LONG_AGO, None])
    yield closed(
        "O2", "a grant opens nothing sealed", a_grant("paula"), sealed, who="paula", codes="SEALED"
    )


def emergencies() -> Iterator[list[Row]]:
    """O7: the user's own emergency, for a student whom the level does not reach."""

    def declared(who: str, **changes: Any) -> Change:
        usually = {"emergency": True, "reason": "A threat.", "span": [T - DAY, T + 2 * DAY]}
        return a_grant(who, **usually | changes)

    asked: dict[str, Any] = {"who": "paula", "codes": "NEVER_IDENTIFIED"}
    for who in ("paula", "tom"):
        yield opens("O7", "an emergency opens to any level", declared(who), who=who)
    until = declared("paula", span=[T - 3 * DAY, T])
    yield ends("O7", "for three days at most", until, **asked)
    yield closed(
        "O7", "longer than three days", declared("paula", span=[T - DAY, T + 2 * DAY + TICK]),
        **asked,
    )  # fmt: skip
    yield closed("O7", "without an end", declared("paula", span=[T - DAY, None]), **asked)
    yield closed("O7", "without a reason", declared("paula", reason=" \t"), **asked)
    yield closed("O7", "not approved", declared("paula", approved=False), **asked)
    yield closed("O7", "somebody else's", declared("bea"), **asked)
    for category in sorted(NOT_IN_EMERGENCY):
        special = alter("records", "visits", category=category)
        both = (declared("paula", categories=[category]), special)
        yield closed("O7", f"never {category}", *both, **asked)
    lock = add("locks", user="paula", student="luis", span=EVER)
    says, code = "no emergency lifts a lock", "CONFLICT_OF_INTEREST"
    yield closed("O1", says, declared("paula"), lock, who="paula", codes=code)


def agencies_own() -> Iterator[list[Row]]:
    theirs = {"record": "theirs"}
    off = "NOT_ON_CASE_TEAM"
    yield opens("O4", "the case team", **theirs)
    yield opens("O4", "the agency's administrator", who="alma", **theirs)
    yield closed("O4", "a colleague", who="rob", codes=off, **theirs)
    yield ends(
        "O4",
        "on the team until then",
        respan("relations", [LONG_AGO, T], user="rita"),
        codes=off,
        **theirs,
    )
    yield begins(
        "O4",
        "on the team from then on",
        respan("relations", [T, None], user="rita"),
        codes=off,
        **theirs,
    )
    yield closed(
        "O4", "another relation is no team", *stands("rita", "service"), codes=off, **theirs
    )
    of_mei = (
        drop("relations", user="rita"),
        add("relations", kind="team", user="rita", student="mei", span=EVER),
    )
    yield closed("O4", "another student's team", *of_mei, codes=off, **theirs)
    astray = alter("users", "rob", level="superintendent")
    yield closed(
        "O4", "a district's level means nothing here", astray, who="rob", codes=off, **theirs
    )
    yield closed(
        "O4",
        "a grant means nothing here",
        add(
            "grants",
            user="rob",
            student="luis",
            categories=["service_status"],
            approved=True,
            span=EVER,
        ),
        who="rob",
        codes=off,
        **theirs,
    )
    to_oneself = (
        add("consents", **a_consent("c2", discloser="P1", recipient="P1")),
        add("agreements", **an_agreement("m6", "P1", a="P1", a_to_b=SHARED, waive_team=True)),
    )
    says = "papers with oneself open nothing"
    yield closed("O4", says, *to_oneself, who="rob", codes=off, **theirs)
    blocked = add("blocks", student="luis", org=None, span=EVER)
    yield opens("O4", "a block is about sharing", blocked, **theirs)
    yield opens("O4", "a block is about sharing", blocked, who="ana")


ROWS = flat(
    unknown(),
    standing(),
    locked(),
    unfinished(),
    levels(),
    reach(),
    places(),
    grants(),
    emergencies(),
    audiences(),
    restricted(),
    agencies_own(),
)
