"""Rows about the consent as a paper, and what became of it: C5 to C8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.policy.statements import OF_A_HIPAA_DISCLOSER, OF_A_PART2_DISCLOSER
from portal.vocabulary import FormKind, SignatureMethod, Statement
from tests.policy.table.rows import Row, begins, closed, ends, flat, opens
from tests.policy.values import (
    DAY,
    EVER,
    LONG_AGO,
    TICK,
    Change,
    T,
    a_consent,
    add,
    alter,
    drop,
)


def c1(**changes: Any) -> Change:
    return alter("consents", "c1", **changes)


def signatures() -> Iterator[list[Row]]:
    """C5: the date, and a second pair of eyes on a scan."""
    for method in SignatureMethod:
        undated = c1(method=str(method), identity_checked=True, signed_at=None)
        yield closed("C5", f"signed ({method}) without a date", undated, codes="NOT_DATED")
    for method in ("typed", "drawn"):
        signed = c1(method=method, identity_checked=True)
        yield opens("C5", f"{method}: nothing to compare", signed)
        later = c1(method=method, identity_checked=True, signed_at=T)
        yield begins("C5", f"{method} then", later, codes="NOT_SIGNED")
    paper: Any = {"method": "paper"}
    yield closed("C5", "a scan nobody compared", c1(**paper), codes="NOT_CONFIRMED")
    yield begins("C5", "a scan compared then", c1(**paper, confirmed_at=T), codes="NOT_CONFIRMED")
    unsigned = c1(**paper, signed_at=T + TICK, confirmed_at=LONG_AGO)
    yield closed("C5", "a scan compared before it was signed", unsigned, codes="NOT_SIGNED")


def life() -> Iterator[list[Row]]:
    """C5: what became of it, each from its instant on."""
    happened = {
        "ended_at": "EXPIRED",
        "superseded_at": "SUPERSEDED",
        "known_false_at": "KNOWN_FALSE",
    }
    for field, code in happened.items():
        yield ends("C5", f"{field} then", c1(**{field: T}), codes=code)
        yield opens("C5", f"{field}, but only later", c1(**{field: T + TICK}))
    every = c1(ended_at=T, superseded_at=T, known_false_at=T, revoked_at=T, span=[LONG_AGO, T])
    codes = "EXPIRED SUPERSEDED KNOWN_FALSE REVOKED"
    yield closed("C5", "all that happened is told", every, codes=codes)
    other = (c1(superseded_at=T), add("consents", **a_consent("c2")))
    yield opens("one paper", "replaced by one that holds", *other)
    worse = (c1(superseded_at=T), add("consents", **a_consent("c2", categories=["attendance"])))
    codes = "SUPERSEDED ITEM_NOT_COVERED"
    yield closed("one paper", "replaced by one that lacks the tick", *worse, codes=codes)


def holds() -> Iterator[list[Row]]:
    held = "REVOCATION_HOLD"
    yield ends("C5", "held from then on", c1(holds=[[T, None]]), codes=held)
    yield begins("C5", "held until then", c1(holds=[[LONG_AGO, T]]), codes=held)
    lifted = [[LONG_AGO, LONG_AGO + DAY], [LONG_AGO, T]]
    yield begins("C5", "lifted then", c1(holds=lifted), codes=held)
    twice = [[LONG_AGO, LONG_AGO + DAY], [T - DAY, LONG_AGO + DAY], [T, None]]
    yield ends("C5", "held again", c1(holds=twice), codes=held)
    both = [[LONG_AGO, T - DAY], [LONG_AGO, None]]
    yield closed("C5", "two holds, one lifted", c1(holds=both), codes=held)
    both = [[LONG_AGO, None], [LONG_AGO, T - DAY]]
    yield closed("C5", "two holds, the other one lifted", c1(holds=both), codes=held)
    yield opens("C5", "a hold to come", c1(holds=[[T + TICK, None]]))


def reviews() -> Iterator[list[Row]]:
    """C5: an event ends it; somebody must look, in time, whether it has happened."""
    due, pending = {"review_at": T - DAY}, "EVENT_PENDING_REVIEW"
    yield ends("C5", "to be reviewed then", c1(review_at=T), codes=pending)
    yield begins("C5", "reviewed then", c1(**due, reviews=[[T, None]]), codes=pending)
    until = [[LONG_AGO, T]]
    yield ends("C5", "reviewed, good until then", c1(**due, reviews=until), codes=pending)
    again = [[LONG_AGO, T - DAY], [T, T + DAY]]
    yield begins("C5", "reviewed again then", c1(**due, reviews=again), codes=pending)
    yield opens("C5", "a review not due yet", c1(review_at=T + TICK))
    happened = c1(**due, reviews=[[LONG_AGO, None]], ended_at=T)
    yield ends("C5", "reviewed, and yet it happened", happened, codes="EXPIRED")


def one_kind_taken_back() -> Iterator[list[Row]]:
    taken = c1(withdrawn={"visits": T})
    yield ends("C5", "this kind taken back then", taken, codes="REVOKED")
    yield opens("C5", "another kind stays", taken, record="attendance")
    yield opens("C5", "this kind to be taken back", c1(withdrawn={"visits": T + TICK}))
    several = c1(withdrawn={"visits": T + DAY, "hiv": T - DAY, "courses": T})
    for record, code in {"visits": "", "hiv": "REVOKED", "courses": "REVOKED"}.items():
        asked: Any = {"record": record}
        if code:
            yield closed("C5", "each kind has its instant", several, codes=code, **asked)
        else:
            yield opens("C5", "each kind has its instant", several, **asked)
    unticked = c1(withdrawn={"gossip": T - DAY, "mandated_report": T - DAY})
    yield opens("C5", "what was never ticked can be taken back", unticked)


def an_order(limits: str, span: Any, **changes: Any) -> Change:
    usually = {"guardian": "maria", "student": "luis", "limits": limits, "span": span}
    return add("orders", **usually | changes)


def court_orders() -> Iterator[list[Row]]:
    """C6: 34 CFR 99.4. It counts at signing and now, like the right itself."""
    code = "ORDER_LIMITS_SIGNER"
    for limits in ("consent", "both"):
        yield ends("C6", f"limited then: {limits}", an_order(limits, [T, None]), codes=code)
    yield opens("C6", "an order about seeing only", an_order("access", EVER))
    lifted = an_order("consent", [LONG_AGO + TICK, T])
    yield begins("C6", "limited until then", lifted, codes=code)
    signed = an_order("consent", [LONG_AGO, LONG_AGO + TICK])
    yield closed("C6", "limited when signing", signed, codes=code)
    over = an_order("consent", [LONG_AGO - DAY, LONG_AGO])
    yield opens("C6", "an order that ended as the signer signed", over)
    yield opens("C6", "an order about another parent", an_order("both", EVER, guardian="peter"))
    yield opens("C6", "an order about another child", an_order("both", EVER, student="mei"))
    peter = (
        add("guardians", id="peter", student="luis", rights=EVER),
        c1(signer="peter"),
    )
    yield opens("C6", "the other parent signed", *peter, an_order("both", EVER))
    grown = (
        alter("students", "luis", born="2000-02-02"),
        c1(signer_kind="student", signer="luis"),
    )
    yield opens("C6", "an adult student signed", *grown, an_order("both", EVER))
    alike = an_order("both", EVER, guardian="luis")
    yield opens("C6", "an order about a guardian of the student's name", *grown, alike)
    no_right = (drop("guardians", id="maria"), an_order("both", EVER))
    yield closed("C6", "no right, and limited", *no_right, codes=f"{code} SIGNER_NOT_HOLDER")


def forms() -> Iterator[list[Row]]:
    """C7: the form, the identity check, the cosigners, the text, the people named."""
    yield opens("C7", "the standard form", c1(form="standard"))
    for kind in FormKind:
        if kind is not FormKind.STANDARD:
            yield closed("C7", f"a form for {kind}", c1(form=str(kind)), codes="COMPOUND")
    for method in ("typed", "drawn"):
        checked = c1(method=method, identity_checked=True)
        yield opens("C7", f"{method}, the signer identified", checked)
        unknown = c1(method=method)
        codes = "SIGNATURE_UNAUTHENTICATED"
        yield closed("C7", f"{method} by nobody knows whom", unknown, codes=codes)
    paper = c1(method="paper", confirmed_at=LONG_AGO)
    yield opens("C7", "on paper no screen asks who signs", paper)
    recalled = c1(form_recalled_at=T)
    yield ends("C7", "the form recalled then", recalled, codes="FORM_SUPERSEDED")
    altered = c1(text_matches=False)
    yield closed("C7", "the kept paper is another", altered, codes="TEXT_MISMATCH")
    every = c1(form="court_use", method="typed", form_recalled_at=T, text_matches=False)
    codes = "COMPOUND SIGNATURE_UNAUTHENTICATED FORM_SUPERSEDED TEXT_MISMATCH"
    yield closed("C7", "all that it lacks is told", every, codes=codes)


def families() -> Iterator[list[Row]]:
    """C7: CGS 52-146p, every member of a family in therapy signs."""
    lacking = "ALL_FAMILY_NEEDED"
    yield opens("C7", "all the others signed", c1(cosigned=[LONG_AGO, T - DAY, T]))
    yield closed("C7", "one has not signed", c1(cosigned=[LONG_AGO, None]), codes=lacking)
    yield closed("C7", "the first has not signed", c1(cosigned=[None, LONG_AGO]), codes=lacking)
    yield begins("C7", "the last signed then", c1(cosigned=[LONG_AGO, T]), codes=lacking)


def named_people() -> Iterator[list[Row]]:
    not_named = "RECIPIENT_NOT_NAMED"
    yield opens("C7", "it names her", c1(named=["rita"]))
    yield opens("C7", "it names her and others", c1(named=["rob", "rita"]))
    yield closed("C7", "it names others", c1(named=["rob"]), codes=not_named)
    gone = c1(named=["somebody who has left"])
    yield closed("C7", "it names somebody who is not there", gone, codes=not_named)
    rob: Any = {"who": "rob"}
    yield closed("C7", "named, not on the team", c1(named=["rob"]), codes="NOT_ON_CASE_TEAM", **rob)
    waived = (c1(named=["rob"]), alter("agreements", "m1", waive_team=True))
    yield opens("C7", "named, and the team waived", *waived, **rob)
    yield closed("C7", "the team waived, not named", *waived, codes=not_named)


def home(**changes: Any) -> tuple[Change, ...]:
    """Maria's consent for what Riverside gives to the district, with her authority in words."""
    usually = {"discloser": "P1", "recipient": "D1", "authority": "his mother"}
    return drop("consents", id="c1"), add("consents", **a_consent("c2", **usually | changes))


def without(*missing: Statement) -> list[str]:
    return [str(statement) for statement in Statement if statement not in missing]


THEIRS: Any = {"who": "ana", "record": "theirs"}
GROWN = alter("students", "luis", born="2000-02-02")


def hipaa() -> Iterator[list[Row]]:
    """C8: 45 CFR 164.508(c), whenever a health care provider gives the records."""
    bound = alter("orgs", "P1", hipaa=True)
    yield opens("C8", "an authorization", bound, *home(), **THEIRS)
    for statement in Statement:
        paper, says = home(statements=without(statement)), f"without {statement}"
        if statement in OF_A_HIPAA_DISCLOSER:
            codes = f"MISSING_STATEMENT:{statement}"
            yield closed("C8", says, bound, *paper, codes=codes, **THEIRS)
        yield opens("C8", f"{says}, not bound by HIPAA", *paper, **THEIRS)
    just = home(statements=[str(statement) for statement in OF_A_HIPAA_DISCLOSER])
    yield opens("C8", "only the sentences required", bound, *just, **THEIRS)
    for authority in ("", " \t\n", "\u00a0"):
        paper = home(authority=authority)
        codes = "MISSING_AUTHORITY"
        yield closed("C8", f"authority {authority!r}", bound, *paper, codes=codes, **THEIRS)
        yield opens("C8", f"authority {authority!r}, not bound", *paper, **THEIRS)
    own = home(authority="", signer_kind="student", signer="luis")
    yield opens("C8", "an adult needs nobody's authority", bound, GROWN, *own, **THEIRS)
    nothing = home(authority="", statements=[])
    every = " ".join(f"MISSING_STATEMENT:{statement}" for statement in OF_A_HIPAA_DISCLOSER)
    codes = f"MISSING_AUTHORITY {every}"
    yield closed("C8", "all that it lacks is told", bound, *nothing, codes=codes, **THEIRS)
    yield opens("C8", "HIPAA binds who gives, not who receives", bound, c1(statements=[]))
    district = alter("orgs", "D1", hipaa=True)
    yield closed("C8", "whoever gives", district, codes="MISSING_AUTHORITY")


def part2() -> Iterator[list[Row]]:
    """C8: 42 CFR 2.31, whenever a substance-use program gives the records."""
    bound = alter("orgs", "P1", part2=True)
    yield opens("C8", "a Part 2 consent", bound, *home(authority=""), **THEIRS)
    for statement in OF_A_PART2_DISCLOSER:
        paper = home(statements=without(statement))
        codes = f"MISSING_STATEMENT:{statement}"
        yield closed("C8", f"without {statement}", bound, *paper, codes=codes, **THEIRS)
    just = home(statements=[str(statement) for statement in OF_A_PART2_DISCLOSER])
    yield opens("C8", "only the sentences required of Part 2", bound, *just, **THEIRS)
    yield opens("C8", "Part 2 binds who gives", bound, c1(statements=[]))
    both = alter("orgs", "P1", hipaa=True, part2=True)
    yield opens("C8", "bound by both", both, *home(), **THEIRS)
    codes = "MISSING_STATEMENT:no_condition MISSING_STATEMENT:may_be_redisclosed"
    yield closed("C8", "bound by both, one's sentences", both, *just, codes=codes, **THEIRS)


def psychiatric() -> Iterator[list[Row]]:
    """C8: CGS 52-146e(b), whoever gives the records."""
    bare = c1(statements=without(Statement.CT_REFUSAL))
    asked: Any = {"record": "psychiatric"}
    only = c1(statements=[str(Statement.CT_REFUSAL)])
    yield opens("C8", "told that refusing puts no treatment at risk", only, **asked)
    yield closed("C8", "not told", bare, codes="MISSING_STATEMENT:ct_refusal", **asked)
    yield opens("C8", "no other kind asks for it", bare)
    yield opens("C8", "nor does another special kind", bare, record="reproductive")


ROWS = flat(
    signatures(),
    life(),
    holds(),
    reviews(),
    one_kind_taken_back(),
    court_orders(),
    forms(),
    families(),
    named_people(),
    hipaa(),
    part2(),
    psychiatric(),
)
