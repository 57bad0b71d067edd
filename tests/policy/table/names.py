"""Rows about identity, which follows from the rest, and about fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.policy.table.rows import SUMMARY, Row, closed, ends, flat, opens
from tests.policy.values import (
    EVER,
    FAR_OFF,
    LONG_AGO,
    SHARED,
    T,
    a_consent,
    a_legal_basis,
    add,
    alter,
    drop,
    everything_listed,
)


def identity() -> Iterator[list[Row]]:
    name: Any = {"record": "identity"}
    closed_too = "NOTHING_ELSE_OPEN"
    yield opens("identity", "opens with another record", **name)
    yield opens("identity", "to own staff by level", who="tom", **name)
    yield closed(
        "identity",
        "nothing else is open",
        alter("consents", "c1", categories=["courses"]),
        drop("records", id="courses"),
        codes=closed_too,
        **name,
    )
    alone = (
        alter("consents", "c1", categories=["identity"]),
        alter("agreements", "m1", a_to_b=["identity"]),
    )
    yield closed("identity", "is never asked for alone", *alone, codes=closed_too, **name)
    ordered = (
        drop("consents", id="c1"),
        add("legal", **a_legal_basis("court_order", "P1", categories=["identity"])),
    )
    yield closed("identity", "not even by order", *ordered, codes=closed_too, **name)
    yield closed("identity", "there is always a Charlie", who="charlie", codes=closed_too, **name)
    to_d2 = add("consents", **a_consent("c2", recipient="D2"))
    yield opens("identity", "of the custodian whose record opens", to_d2, who="dee", **name)
    yield closed(
        "identity",
        "not of another custodian",
        to_d2,
        who="dee",
        record="name_at_riverside",
        codes=closed_too,
    )
    yield closed(
        "identity",
        "nothing of Riverside is open",
        who="ana",
        record="name_at_riverside",
        codes=closed_too,
    )
    home = add("consents", **a_consent("c2", discloser="P1", recipient="D1"))
    yield opens(
        "identity",
        "opens with Riverside's other record",
        home,
        who="ana",
        record="name_at_riverside",
    )
    sealed_others = [alter("records", c, sealed=[T, None]) for c in SHARED]
    yield ends("identity", "when the others are sealed", *sealed_others, codes=closed_too, **name)
    yield ends(
        "identity", "revoked then", alter("consents", "c1", revoked_at=T), codes=closed_too, **name
    )
    yield closed(
        "identity",
        "itself a draft",
        alter("records", "identity", draft=True),
        codes="DRAFT",
        **name,
    )
    yield ends(
        "identity",
        "itself sealed",
        alter("records", "identity", sealed=[T, None]),
        codes="SEALED",
        **name,
    )
    blocked = add("blocks", student="luis", org="P1", span=EVER)
    yield closed("identity", "sharing stopped", blocked, codes=f"BLOCKED {closed_too}", **name)
    of_mei = (
        *(drop("records", id=category) for category in SHARED),
        add("consents", **a_consent("c2", student="mei", signer="paul")),
        add("guardians", id="paul", student="mei", rights=EVER),
        add("relations", kind="team", user="rita", student="mei", span=EVER),
    )
    yield opens("identity", "another student's record opens", *of_mei, record="meis")
    yield closed("identity", "and tells nothing of this one", *of_mei, codes=closed_too, **name)
    report = (*(drop("records", id=category) for category in SHARED), *everything_listed())
    yield closed(
        "identity", "a report that never crosses opens no name", *report, codes=closed_too, **name
    )


def fields() -> Iterator[list[Row]]:
    brief = alter("consents", "c1", detail="summary")
    yield opens("fields", "a consent in full")
    yield opens("fields", "a consent in summary", brief, fields=SUMMARY)
    yield opens("fields", "and the name with it", brief, record="identity", fields=SUMMARY)
    yield opens("fields", "own access is full", brief, who="ana")
    more = add("consents", **a_consent("c2"))
    yield opens("fields", "the union of two consents", brief, more)
    other = add("consents", **a_consent("c2", categories=["attendance"]))
    yield opens("fields", "only of those that hold", brief, other, fields=SUMMARY)
    yield opens("fields", "the name has the union of the others", brief, other, record="identity")
    lapsed = add("consents", **a_consent("c2", revoked_at=T))
    yield opens("fields", "not of one taken back", brief, lapsed, fields=SUMMARY)
    order = add("legal", **a_legal_basis("court_order", "P1"))
    yield opens("fields", "a legal basis is full", brief, order)
    yield opens("fields", "special ones too", brief, record="hiv", fields=SUMMARY)
    future = alter("consents", "c1", span=[LONG_AGO, FAR_OFF])
    yield opens("fields", "an end to come changes nothing", future)


ROWS = flat(identity(), fields())
