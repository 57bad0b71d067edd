"""Rows about legal bases without consent: L1 and L2."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.policy.table.rows import Row, begins, closed, ends, flat, opens
from tests.policy.values import (
    DAY,
    TICK,
    Change,
    T,
    a_legal_basis,
    add,
    alter,
    an_agreement,
    drop,
)


def court_orders() -> Iterator[list[Row]]:
    jo: Any = {"who": "jo"}
    late = "LEGAL_BASIS_OUT_OF_TIME NO_CONSENT"
    yield opens("L1", "an order in force", _order(), **jo)
    yield closed(
        "L1",
        "not listed",
        _order(categories=["attendance"]),
        codes="ITEM_NOT_COVERED NO_CONSENT",
        **jo,
    )
    yield closed(
        "L1", "nothing listed", _order(categories=[]), codes="ITEM_NOT_COVERED NO_CONSENT", **jo
    )
    for change in ({"student": "mei"}, {"custodian": "P1"}, {"recipient": "C1"}):
        yield closed(
            "L1", f"another {next(iter(change))}", _order(**change), codes="NO_CONSENT", **jo
        )
    yield begins("L1", "from then on", _order(span=[T, T + DAY]), codes=late, **jo)
    yield ends("L1", "until then", _order(span=[T - DAY, T]), codes=late, **jo)
    yield ends("L1", "ended early", _order(ended_at=T), codes=late, **jo)
    yield opens("L1", "to be ended", _order(ended_at=T + TICK), **jo)
    yield opens("L2", "an order needs no end", _order(span=[T - DAY, None]), **jo)
    yield opens("L2", "an order needs no agreement", _order(), drop("agreements", id="m4"), **jo)
    for special in ("hiv", "sud"):
        yield opens("L2", "an order alone opens special ones", _order(), record=special, **jo)
    off = (_order(named_users=["jo"]), drop("relations", user="jo"))
    yield closed("L2", "being named is not enough", *off, codes="NOT_ON_CASE_TEAM NO_CONSENT", **jo)
    waived = (*off, alter("agreements", "m4", waive_team=True))
    yield closed(
        "L2", "a waiver is the agreement's", *waived, codes="NOT_ON_CASE_TEAM NO_CONSENT", **jo
    )
    to_d2 = _order(recipient="D2")
    yield opens("L2", "a district's support level", to_d2, who="dee")
    yield closed(
        "L2", "a district's teacher", to_d2, who="dan", codes="SUPPORT_STAFF_ONLY NO_CONSENT"
    )
    for purpose in ("evaluate", "placement"):
        yield opens("L1", "for any known purpose", _order(), purpose=purpose, **jo)
    sealed = alter("records", "visits", sealed=[T, None])
    yield ends("X2", "what an order opens is sealed then", _order(), sealed, codes="SEALED", **jo)
    draft = alter("records", "visits", draft=True)
    yield closed("X2", "an order opens no draft", _order(), draft, codes="DRAFT", **jo)
    to_c1 = _order(recipient="C1", named_users=["cass"])
    alone = "NOT_ON_CASE_TEAM NO_CONSENT"
    yield closed("L2", "an order is not what names a caseworker", to_c1, who="cass", codes=alone)
    halves = (_order(categories=["attendance"]), _order(id="b2", ended_at=T - DAY))
    yield closed("one paper", "two orders", *halves, codes=f"ITEM_NOT_COVERED {late}", **jo)


def _order(**changes: Any) -> Change:
    return add(
        "legal",
        **a_legal_basis("court_order", "J1") | changes,
    )


def child_welfare() -> Iterator[list[Row]]:
    cass: Any = {"who": "cass"}
    alone = "NOT_ON_CASE_TEAM NO_CONSENT"
    yield opens("L2", "the caseworker named", _placed(), **cass)
    yield opens("L2", "it needs no end", _placed(span=[T - DAY, None]), **cass)
    for named in (["jo"], []):
        yield closed(
            "L2",
            "not named",
            _placed(named_users=named),
            codes=f"LEGAL_BASIS_NOT_FOR_USER {alone}",
            **cass,
        )
    clinic = (_placed(recipient="P2", named_users=["charlie"]),)
    yield closed(
        "L2",
        "no child-welfare agency",
        *clinic,
        who="charlie",
        codes=f"LEGAL_BASIS_DEFECTIVE {alone}",
    )
    yield closed(
        "L2",
        "no agreement",
        _placed(),
        drop("agreements", id="m3"),
        codes=f"NO_AGREEMENT {alone}",
        **cass,
    )
    nothing = (_placed(named_users=[]), drop("agreements", id="m3"))
    every = f"LEGAL_BASIS_NOT_FOR_USER NO_AGREEMENT {alone}"
    yield closed("L2", "every reason is told", *nothing, codes=every, **cass)
    yield closed(
        "M3",
        "not in the schedule",
        _placed(),
        alter("agreements", "m3", a_to_b=[]),
        codes=f"NOT_IN_SCHEDULE {alone}",
        **cass,
    )
    yield closed(
        "M1",
        "not signed",
        _placed(),
        alter("agreements", "m3", b_signed=None),
        codes=f"AGREEMENT_NOT_SIGNED {alone}",
        **cass,
    )
    yield ends(
        "M2",
        "terminated then",
        _placed(),
        alter("agreements", "m3", terminated=T),
        codes=f"AGREEMENT_TERMINATED {alone}",
        **cass,
    )
    for special in ("hiv", "sud"):
        yield closed(
            "L2",
            "special ones stay closed",
            _placed(),
            record=special,
            codes=f"NO_SPECIAL_INITIALS {alone}",
            **cass,
        )
    halves = (
        alter("agreements", "m3", terminated=T - DAY),
        add("agreements", **an_agreement("m6", "C1", a_to_b=["attendance"])),
    )
    codes = f"AGREEMENT_TERMINATED NOT_IN_SCHEDULE {alone}"
    yield closed("one paper", "two agreements", _placed(), *halves, codes=codes, **cass)
    second = (
        alter("agreements", "m3", terminated=T - DAY),
        add("agreements", **an_agreement("m6", "C1")),
    )
    yield opens("one paper", "a second agreement that holds by itself", _placed(), *second, **cass)


def _placed(**changes: Any) -> Change:
    usually = a_legal_basis("child_welfare", "C1", named_users=["cass"])
    return add("legal", **usually | changes)


def emergencies() -> Iterator[list[Row]]:
    charlie: Any = {"who": "charlie"}
    alone = "NOT_ON_CASE_TEAM NO_CONSENT"
    bad = f"LEGAL_BASIS_DEFECTIVE {alone}"
    yield opens("L2", "named, with a reason", _threat(), **charlie)
    yield opens("L2", "without an agreement", _threat(), drop("agreements", id="m2"), **charlie)
    for reason in ("", " ", "\t\n", "\u00a0\u2003"):
        yield closed("L2", "without a reason", _threat(reason=reason), codes=bad, **charlie)
    yield opens("L2", "a reason of one letter", _threat(reason=" x "), **charlie)
    yield closed(
        "L2",
        "not named",
        _threat(named_users=["rob"]),
        codes=f"LEGAL_BASIS_NOT_FOR_USER {alone}",
        **charlie,
    )
    hours = timedelta(hours=72)
    yield opens("L2", "72 hours", _threat(span=[T - DAY, T - DAY + hours]), **charlie)
    yield closed(
        "L2",
        "72 hours and a microsecond",
        _threat(span=[T - DAY, T - DAY + hours + TICK]),
        codes=bad,
        **charlie,
    )
    yield closed("L2", "without an end", _threat(span=[T - DAY, None]), codes=bad, **charlie)
    yield closed(
        "L2",
        "ended early, but opened for too long",
        _threat(span=[T - DAY, None], ended_at=T + DAY),
        codes=bad,
        **charlie,
    )
    for special in ("hiv", "sud"):
        yield closed(
            "L2",
            "special ones stay closed",
            _threat(),
            record=special,
            codes=f"NO_SPECIAL_INITIALS {alone}",
            **charlie,
        )
    at_d2 = _threat(recipient="D2", named_users=["dee", "dan"])
    yield opens("L2", "a district's user who serves the student", at_d2, who="dee")
    yield closed(
        "L2", "a district's teacher", at_d2, who="dan", codes="SUPPORT_STAFF_ONLY NO_CONSENT"
    )
    other = _threat(recipient="D2", named_users=["dan"])
    codes = "LEGAL_BASIS_NOT_FOR_USER NO_CONSENT"
    yield closed("L2", "a district's user who is not named", other, who="dee", codes=codes)
    at_c1 = _threat(recipient="C1", named_users=["cass"], reason="")
    yield closed("L2", "an emergency is no placement", at_c1, who="cass", codes=bad)
    gone = drop("relations", user="dee")
    yield closed(
        "L2",
        "a district's user who does not",
        at_d2,
        gone,
        who="dee",
        codes="NO_RELATION NO_CONSENT",
    )
    halves = (_threat(reason=""), _threat(id="b2", named_users=["rob"]))
    yield closed(
        "one paper", "two emergencies", *halves, codes=f"{bad} LEGAL_BASIS_NOT_FOR_USER", **charlie
    )


def _threat(**changes: Any) -> Change:
    usually = a_legal_basis("emergency", "P2", named_users=["charlie"], reason="A threat in words.")
    return add("legal", **usually | changes)


ROWS = flat(court_orders(), child_welfare(), emergencies())
