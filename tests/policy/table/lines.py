"""Rows about what a line of an agreement's schedule carries: the rest of M3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.policy.table.rows import FULL, SUMMARY, Row, closed, flat, opens
from tests.policy.values import (
    DAY,
    LONG_AGO,
    SHARED,
    TICK,
    Change,
    T,
    a_consent,
    a_legal_basis,
    add,
    alter,
    an_agreement,
    drop,
)

ALONE = "NOT_ON_CASE_TEAM NO_CONSENT"
"""What the caseworker lacks for the way by consent."""

LATER = LONG_AGO + DAY
PLACED = add("legal", **a_legal_basis("child_welfare", "C1", named_users=["cass"]))
CASS: dict[str, Any] = {"who": "cass"}


def a_line(category: str = "visits", direction: str = "a_to_b", **told: Any) -> dict[str, Any]:
    return {"direction": direction, "category": category, **told}


def line(agreement: str = "m1", **told: Any) -> Change:
    """The line about visits in this agreement."""
    return alter("agreements", agreement, lines=[a_line(**told)])


def beside(other: str = "P1", **changes: Any) -> Change:
    """A second agreement with the same partner."""
    return add("agreements", **an_agreement("m6", other, **changes))


def purposes() -> Iterator[list[Row]]:
    off = "PURPOSE_NOT_IN_AGREEMENT"
    for named in (["coordinate"], ["placement", "coordinate", "evaluate"]):
        yield opens(
            "M3", f"for a purpose that the line names, of {len(named)}", line(purposes=named)
        )
    yield closed("M3", "for another purpose", line(purposes=["evaluate"]), codes=off)
    for like in ("coordinated", "precoordinate", "Coordinate", "co_rdinate", "coordinate,evaluate"):
        yield closed("M3", f"{like!r} is another", line(purposes=[like]), codes=off)
    halves = (line(purposes=["coordinate"]), alter("consents", "c1", purposes=["evaluate"]))
    yield closed("M3", "the consent must name it too", *halves, codes="PURPOSE_DIFFERS")
    asked: Any = {"purpose": "evaluate", "codes": off}
    yield closed("M3", "and the line what the consent names", *halves, **asked)
    neither = "PURPOSE_DIFFERS PURPOSE_NOT_IN_AGREEMENT"
    yield closed("M3", "neither names it", *halves, purpose="placement", codes=neither)
    yield opens("M3", "another kind's line", line(purposes=["evaluate"]), record="attendance")
    back = alter(
        "agreements", "m1", lines=[a_line("service_status", "b_to_a", purposes=["evaluate"])]
    )
    home = add("consents", **a_consent("c2", discloser="P1", recipient="D1"))
    yield opens("M3", "the other direction's line", back, record="service_status")
    yield closed(
        "M3", "a line of the direction back", back, home, who="ana", record="theirs", codes=off
    )
    yield opens("M3", "one agreement names it", line(purposes=["evaluate"]), beside())
    for named in (["coordinate"], ["evaluate"]):
        told: Any = {"purpose": named[0], **CASS}
        yield opens("M3", "child welfare, for it", PLACED, line("m3", purposes=named), **told)
    codes = f"{off} {ALONE}"
    asked = {"codes": codes, **CASS}
    yield closed(
        "M3", "child welfare, for another", PLACED, line("m3", purposes=["evaluate"]), **asked
    )


def grounds() -> Iterator[list[Row]]:
    off = "BASIS_NOT_IN_AGREEMENT"
    yield opens("M3", "on consent", line(basis="consent"))
    others = (
        "child_welfare",
        "court_order",
        "studies",
        "audit",
        "school_official",
        "own",
        "Consent",
    )
    for basis in others:
        yield closed("M3", f"on {basis}, which is no consent", line(basis=basis), codes=off)
    yield opens("M3", "child welfare", PLACED, line("m3", basis="child_welfare"), **CASS)
    for basis in ("consent", "studies", "emergency"):
        asked: Any = {"codes": f"{off} {ALONE}", **CASS}
        yield closed(
            "M3", f"on {basis}, no child welfare", PLACED, line("m3", basis=basis), **asked
        )
    every = "BASIS_NOT_IN_AGREEMENT PURPOSE_NOT_IN_AGREEMENT NOT_SIGNED NOT_ON_CASE_TEAM"
    much = (line(basis="audit", purposes=["evaluate"]), alter("consents", "c1", signed_at=None))
    yield closed("M3", "every reason is told", *much, who="rob", codes=every)
    halves = (line(basis="studies"), beside(a_to_b=["attendance"]))
    codes = "BASIS_NOT_IN_AGREEMENT NOT_IN_SCHEDULE"
    yield closed("one paper", "a basis here, a listing there", *halves, codes=codes)
    order = add("legal", **a_legal_basis("court_order", "J1"))
    yield opens("M3", "an order asks no line", order, line("m4", basis="studies"), who="jo")
    threat = a_legal_basis("emergency", "P2", named_users=["charlie"], reason="A threat in words.")
    shut = line("m2", basis="studies", purposes=["evaluate"], detail="summary")
    yield opens("M3", "nor does an emergency", add("legal", **threat), shut, who="charlie")


def details() -> Iterator[list[Row]]:
    brief, in_summary = line(detail="summary"), alter("consents", "c1", detail="summary")
    yield opens("fields", "a line in full", line(detail="full"))
    yield opens("fields", "a line in summary", brief, fields=SUMMARY)
    yield opens("fields", "a consent and a line in summary", brief, in_summary, fields=SUMMARY)
    yield opens("fields", "a line in full widens no consent", line(), in_summary, fields=SUMMARY)
    yield opens("fields", "another kind's line in summary", brief, record="attendance")
    yield opens("fields", "a line in summary, own access", brief, who="ana")
    yield opens(
        "fields", "an order beside it", brief, add("legal", **a_legal_basis("court_order", "P1"))
    )
    yield opens("fields", "the union of two agreements", brief, beside())
    two = (brief, beside(lines=[a_line(detail="summary")]))
    yield opens("fields", "two agreements in summary", *two, fields=SUMMARY)
    useless = {
        "not of one terminated": {"terminated": T},
        "not of one that lists something else": {"a_to_b": ["attendance"]},
        "not of one for another purpose": {"lines": [a_line(purposes=["evaluate"])]},
        "not of one on another basis": {"lines": [a_line(basis="audit")]},
    }
    for says, changes in useless.items():
        yield opens("fields", says, brief, beside(**changes), fields=SUMMARY)
    only = (brief, alter("consents", "c1", categories=["visits"]))
    yield opens("fields", "and the name with the line", *only, record="identity", fields=SUMMARY)
    placed = (PLACED, line("m3", detail="summary"))
    yield opens("fields", "child welfare by a line in summary", *placed, fields=SUMMARY, **CASS)
    yield opens("fields", "child welfare by two agreements", *placed, beside("C1"), **CASS)
    ended = beside("C1", terminated=T)
    yield opens("fields", "child welfare, one of them over", *placed, ended, fields=SUMMARY, **CASS)


def additions() -> Iterator[list[Row]]:
    """c1 was signed long ago; the agreement that adds the line became binding later."""
    off = "ADDED_AFTER_CONSENT"
    new: dict[str, Any] = {"lines": [a_line(added=True)]}
    for side in ("a_signed", "b_signed"):
        for signed, says in ((LONG_AGO + TICK, "a microsecond"), (LATER, "a day")):
            amended = alter("agreements", "m1", **new, **{side: signed})
            yield closed("M3", f"added {says} after the consent, by {side}", amended, codes=off)
    yield opens("M3", "added as the consent was signed", alter("agreements", "m1", **new))
    both = alter("agreements", "m1", **new, a_signed=LATER, b_signed=LONG_AGO + 2 * DAY)
    for signed, says in ((LONG_AGO + 2 * DAY, "then"), (LONG_AGO + 3 * DAY, "later")):
        fresh = alter("consents", "c1", signed_at=signed)
        yield opens("M3", f"signed when both were bound: {says}", both, fresh)
    between = alter("consents", "c1", signed_at=LONG_AGO + 2 * DAY - TICK)
    yield closed("M3", "signed between the two signatures", both, between, codes=off)
    amended = alter("agreements", "m1", **new, b_signed=LATER)
    yield opens("M3", "a line that was there before", amended, record="attendance")
    renewed = add("consents", **a_consent("c2", signed_at=LATER))
    yield opens("M3", "a newer consent beside the older", amended, renewed)
    other = add("consents", **a_consent("c2", signed_at=LATER, categories=["attendance"]))
    codes = f"{off} ITEM_NOT_COVERED"
    yield closed("one paper", "a newer consent for something else", amended, other, codes=codes)
    yield opens("M3", "the agreement before it still lists it", amended, beside())
    was = (alter("agreements", "m1", terminated=LATER), beside(b_signed=LATER, **new))
    yield closed("M3", "the one before it is over", *was, codes=f"{off} AGREEMENT_TERMINATED")
    short = alter("agreements", "m1", lines=[a_line(detail="summary")])
    more = (short, beside(b_signed=LATER, **new))
    yield opens("fields", "an amendment in full widens nothing", *more, fields=SUMMARY)
    yield opens("fields", "but for a newer consent", *more, renewed, fields=FULL)
    unsigned = alter("consents", "c1", signed_at=None)
    yield closed("M3", "added, and nobody consented", amended, unsigned, codes="NOT_SIGNED")
    gone = drop("consents", id="c1")
    yield closed("M3", "added, and there is no consent", amended, gone, codes="NO_CONSENT")
    half = alter("agreements", "m1", **new, b_signed=None)
    yield closed("M3", "added, and not agreed", half, codes="AGREEMENT_NOT_SIGNED")
    for since, codes in ((LONG_AGO - TICK, ""), (LONG_AGO, ""), (LONG_AGO + TICK, off)):
        line = alter("agreements", "m1", lines=[a_line(since=since)])
        says = f"added by an earlier agreement at {since - LONG_AGO}"
        yield closed("M3", says, line, codes=codes) if codes else opens("M3", says, line)
    both_told = [a_line(added=True, since=LONG_AGO - TICK)]
    twice = alter("agreements", "m1", lines=both_told, b_signed=LATER)
    yield closed("M3", "added anew, whatever an earlier one did", twice, codes=off)
    early = alter("agreements", "m3", lines=[a_line("attendance", since=LATER)])
    yield opens("M3", "the law minds no earlier agreement", PLACED, early, **CASS)
    every = [a_line(category, added=True) for category in SHARED]
    late = alter("agreements", "m3", lines=every, b_signed=LATER)
    yield opens("M3", "the law needs no newer consent", PLACED, late, **CASS)


ROWS = flat(purposes(), grounds(), details(), additions())
