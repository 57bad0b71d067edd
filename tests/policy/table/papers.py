"""Rows about one consent and one agreement: C1 to C6, M1 to M3. More of C5 to C8: `validity`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.vocabulary import SHAREABLE, SUBJECT_ONLY
from tests.policy.table.rows import BIRTHDAY, Row, begins, closed, ends, flat, opens
from tests.policy.values import (
    DAY,
    EVER,
    LONG_AGO,
    SHARED,
    TICK,
    T,
    a_consent,
    a_legal_basis,
    add,
    alter,
    an_agreement,
    drop,
    rights,
)


def consent_parties() -> Iterator[list[Row]]:
    yield opens("C1", "student, discloser and recipient match")
    for change in ({"student": "mei"}, {"discloser": "P2"}, {"recipient": "P2"}):
        says = f"another {next(iter(change))}"
        yield closed("C1", says, alter("consents", "c1", **change), codes="NO_CONSENT")
    home = add("consents", **a_consent("c2", discloser="P1", recipient="D1"))
    yield opens("C1", "the other way round", home, who="ana", record="theirs")
    yield closed(
        "C1", "the other way round needs its own", who="ana", record="theirs", codes="NO_CONSENT"
    )
    nobody = alter("consents", "c1", recipient=None)
    yield closed("C1", "it names nobody", nobody, codes="NO_RECIPIENT")
    beside = add("consents", **a_consent("c2"))
    yield opens("C1", "one names nobody, another names us", nobody, beside)
    asked: Any = {"who": "charlie", "codes": "NO_RECIPIENT NOT_ON_CASE_TEAM"}
    yield closed("C1", "it names nobody: nobody else either", nobody, **asked)
    neither = (drop("consents", id="c1"), drop("agreements", id="m1"))
    yield opens("X5", "a consent with an agreement")
    yield closed("X5", "neither consent nor agreement", *neither, codes="NO_CONSENT NO_AGREEMENT")
    within = add("consents", **a_consent("c2", recipient="D1"))
    alike = add("agreements", **an_agreement("m6", "D1"))
    yield closed(
        "C1",
        "a consent to oneself changes nothing",
        within,
        alike,
        who="tom",
        codes="SUPPORT_STAFF_ONLY",
    )


def another_student() -> Iterator[list[Row]]:
    """Whoever may see one student's records sees none of another's."""
    on_both = add("relations", kind="team", user="rita", student="mei", span=EVER)
    neither = "NOT_ON_CASE_TEAM NO_CONSENT"
    yield closed("C1", "on another student's team", record="meis", codes=neither)
    yield closed("C1", "with another student's consent", on_both, record="meis", codes="NO_CONSENT")
    order = add("legal", **a_legal_basis("court_order", "P1"))
    asked: Any = {"record": "meis", "codes": "NO_CONSENT"}
    yield closed("L1", "with another student's order", on_both, order, **asked)
    asked = {"record": "name_of_mei", "codes": "NOTHING_ELSE_OPEN"}
    yield closed("identity", "another student's name", on_both, order, **asked)
    for who in ("ana", "cora", "tom", "dina", "omar"):
        codes = "NO_RELATION" + (" SUPPORT_STAFF_ONLY" if who == "tom" else "")
        yield closed("O3", "another student's", who=who, record="meis", codes=codes)
    yield opens("O3", "every student", who="sue", record="meis")


def consent_scope() -> Iterator[list[Row]]:
    for category in SHAREABLE:
        if category not in SUBJECT_ONLY:
            yield opens("C2", "ticked", record=category)
        others = [c for c in SHARED if c != category]
        own = " MINOR_SIGNATURE_NEEDED" if category in SUBJECT_ONLY else ""
        codes = "ITEM_NOT_COVERED" + own
        yield closed(
            "C2",
            "not ticked",
            alter("consents", "c1", categories=others),
            record=category,
            codes=codes,
        )
    yield closed("C2", "nothing ticked", alter("consents", "c1", categories=[]), codes="NO_RECORDS")
    bare = alter("consents", "c1", special=[])
    yield closed("C2", "ticked without initials", bare, record="hiv", codes="NO_SPECIAL_INITIALS")
    yield opens("C2", "only special ones need initials", bare)
    other = alter("consents", "c1", special=["sud"])
    yield closed("C2", "another's initials", other, record="hiv", codes="NO_SPECIAL_INITIALS")
    initials = alter("consents", "c1", categories=["visits"])
    yield closed("C2", "initials are no tick", initials, record="hiv", codes="ITEM_NOT_COVERED")
    yield closed("C3", "another purpose", purpose="evaluate", codes="PURPOSE_DIFFERS")
    yield closed("C3", "no purpose", alter("consents", "c1", purposes=[]), codes="NO_PURPOSE")
    yield opens(
        "C3",
        "among others",
        alter("consents", "c1", purposes=["coordinate", "evaluate"]),
        purpose="evaluate",
    )


def consent_window() -> Iterator[list[Row]]:
    """C4 is about when the event happened, whatever the instant of the question."""
    event = T - 10 * DAY
    outside = "DATE_OUTSIDE_RANGE"
    yield opens("C4", "at its first instant", alter("consents", "c1", records=[event, None]))
    yield closed(
        "C4", "just before it", alter("consents", "c1", records=[event + TICK, None]), codes=outside
    )
    yield opens(
        "C4", "just before its end", alter("consents", "c1", records=[LONG_AGO, event + TICK])
    )
    yield closed(
        "C4", "at its end", alter("consents", "c1", records=[LONG_AGO, event]), codes=outside
    )
    yield closed(
        "C4",
        "after its end",
        alter("consents", "c1", records=[LONG_AGO, event - TICK]),
        codes=outside,
    )
    past = alter("consents", "c1", records=[LONG_AGO, T - DAY])
    yield opens("C4", "a window gone by still tells what lay in it", past)


def consent_time() -> Iterator[list[Row]]:
    yield closed("C5", "unsigned", alter("consents", "c1", signed_at=None), codes="NOT_SIGNED")
    yield begins("C5", "signed then", alter("consents", "c1", signed_at=T), codes="NOT_SIGNED")
    yield begins(
        "C5",
        "in force from then on",
        alter("consents", "c1", span=[T, None]),
        codes="NOT_YET_EFFECTIVE",
    )
    yield ends(
        "C5", "in force until then", alter("consents", "c1", span=[LONG_AGO, T]), codes="EXPIRED"
    )
    yield ends("C5", "revoked then", alter("consents", "c1", revoked_at=T), codes="REVOKED")
    yield opens("C5", "to be revoked", alter("consents", "c1", revoked_at=T + TICK))
    backwards = alter("consents", "c1", span=[T + DAY, T - DAY])
    yield closed(
        "C5", "a span that ends before it begins", backwards, codes="NOT_YET_EFFECTIVE EXPIRED"
    )


def guardians() -> Iterator[list[Row]]:
    wrong = "SIGNER_NOT_HOLDER"
    yield opens("C6", "the holder signed")
    yield closed("C6", "somebody signed", alter("consents", "c1", signer="nobody"), codes=wrong)
    yield closed(
        "C6",
        "the student's name is no guardian's",
        alter("consents", "c1", signer="luis"),
        codes=wrong,
    )
    yield closed("C6", "nobody holds the right", drop("guardians", id="maria"), codes=wrong)
    meis = (drop("guardians", id="maria"), add("guardians", id="maria", student="mei", rights=EVER))
    yield closed("C6", "the right to another student", *meis, codes=wrong)
    peter = add("guardians", id="peter", student="luis", rights=EVER)
    yield opens("C6", "either parent", peter, alter("consents", "c1", signer="peter"))
    yield opens("C6", "held from the instant of signing", rights(LONG_AGO, None))
    yield closed("C6", "held only after signing", rights(LONG_AGO + TICK, None), codes=wrong)
    yield ends("C6", "held until then", rights(LONG_AGO, T), codes=wrong)
    yield closed("C6", "lost at signing", rights(LONG_AGO - DAY, LONG_AGO), codes=wrong)
    lost = (
        rights(LONG_AGO, T - DAY),
        add("guardians", id="maria", student="luis", rights=[T - DAY + TICK, None]),
    )
    yield closed("one paper", "a right lost and given back is another right", *lost, codes=wrong)
    later = (rights(T - DAY, None), add("guardians", id="peter", student="luis", rights=EVER))
    yield closed("one paper", "another's right at signing does not count", *later, codes=wrong)


def eligible_students() -> Iterator[list[Row]]:
    turns_18 = alter("students", "luis", born="2008-11-20")
    asked: Any = {"at": BIRTHDAY}
    yield ends(
        "C6", "a guardian's, until the 18th birthday", turns_18, codes="HOLDER_CHANGED", **asked
    )
    attends = {
        "from then on": [T, None],
        "then only": [T, T + DAY],
    }
    for says, span in attends.items():
        college = alter("students", "luis", postsecondary=span)
        yield ends(
            "C6", f"a guardian's, when college begins: {says}", college, codes="HOLDER_CHANGED"
        )
    was = alter("students", "luis", postsecondary=[LONG_AGO - DAY, LONG_AGO + DAY])
    yield closed("C6", "signed by a guardian for an eligible student", was, codes="HOLDER_CHANGED")
    done = alter("students", "luis", postsecondary=[LONG_AGO - DAY, LONG_AGO])
    yield opens("C6", "college had ended when the guardian signed", done)
    grown = alter("students", "luis", born="2000-02-02")
    yield closed("C6", "a guardian signed for an adult", grown, codes="HOLDER_CHANGED")
    both = (grown, alter("consents", "c1", signer="nobody"))
    yield closed("C6", "both reasons are told", *both, codes="HOLDER_CHANGED SIGNER_NOT_HOLDER")


def own_signatures() -> Iterator[list[Row]]:
    by_luis = alter("consents", "c1", signer_kind="student", signer="luis")
    wrong = "SIGNER_NOT_HOLDER"
    grown = alter("students", "luis", born="2000-02-02")
    yield opens("C6", "an adult student signed", by_luis, grown)
    yield closed("C6", "a child signed", by_luis, codes=wrong)
    by_mei = alter("consents", "c1", signer_kind="student", signer="mei")
    yield closed("C6", "another student signed", by_mei, grown, codes=wrong)
    by_maria = alter("consents", "c1", signer_kind="student", signer="maria")
    yield closed("C6", "a guardian signed as the student", by_maria, grown, codes=wrong)
    turns_18 = alter("students", "luis", born="2008-11-20")
    on_time = alter("consents", "c1", signed_at=BIRTHDAY)
    too_soon = alter("consents", "c1", signed_at=BIRTHDAY - TICK)
    yield opens("C6", "signed at 18", by_luis, turns_18, on_time)
    yield closed("C6", "signed a microsecond before 18", by_luis, turns_18, too_soon, codes=wrong)
    college = alter("students", "luis", postsecondary=[LONG_AGO, T])
    yield ends("C6", "a college student's own, until college ends", by_luis, college, codes=wrong)
    began = alter("students", "luis", postsecondary=[LONG_AGO + TICK, None])
    yield closed("C6", "signed before college", by_luis, began, codes=wrong)


def subject_only() -> Iterator[list[Row]]:
    by_luis = alter("consents", "c1", signer_kind="student", signer="luis")
    grown = alter("students", "luis", born="2000-02-02")
    for category in sorted(SUBJECT_ONLY):
        own: Any = {"record": str(category)}
        yield closed("C6", "a guardian signed", codes="MINOR_SIGNATURE_NEEDED", **own)
        yield opens("C6", "a child signed for themselves", by_luis, **own)
        yield opens("C6", "an adult signed for themselves", by_luis, grown, **own)
    sud: Any = {"record": "sud"}
    by_mei = alter("consents", "c1", signer_kind="student", signer="mei")
    yield closed("C6", "another student signed", by_mei, codes="SIGNER_NOT_HOLDER", **sud)
    both = alter("consents", "c1", signer="nobody")
    yield closed(
        "C6", "both reasons are told", both, codes="MINOR_SIGNATURE_NEEDED SIGNER_NOT_HOLDER", **sud
    )
    unborn = alter("students", "luis", born=None)
    yield closed("C6", "no birth date", unborn, codes="BIRTH_DATE_UNKNOWN")
    yield closed(
        "C6", "no birth date, own signature", unborn, by_luis, codes="BIRTH_DATE_UNKNOWN", **sud
    )
    at_college = alter("students", "luis", born=None, postsecondary=[LONG_AGO, None])
    yield closed("C6", "no birth date, at college", at_college, by_luis, codes="BIRTH_DATE_UNKNOWN")
    unsigned = alter("consents", "c1", signed_at=None)
    yield closed("C6", "unsigned, nobody is asked after", unborn, unsigned, codes="NOT_SIGNED")


def agreements() -> Iterator[list[Row]]:
    for side in ("a_signed", "b_signed"):
        yield closed(
            "M1",
            f"no {side}",
            alter("agreements", "m1", **{side: None}),
            codes="AGREEMENT_NOT_SIGNED",
        )
        yield begins(
            "M1",
            f"{side} then",
            alter("agreements", "m1", **{side: T}),
            codes="AGREEMENT_NOT_SIGNED",
        )
    yield closed("M1", "none", drop("agreements", id="m1"), codes="NO_AGREEMENT")
    for change in ({"a": "D2"}, {"b": "P2"}):
        yield closed(
            "M1", "with somebody else", alter("agreements", "m1", **change), codes="NO_AGREEMENT"
        )
    yield begins(
        "M2",
        "in force from then on",
        alter("agreements", "m1", span=[T, None]),
        codes="AGREEMENT_NOT_YET",
    )
    yield ends(
        "M2",
        "in force until then",
        alter("agreements", "m1", span=[LONG_AGO, T]),
        codes="AGREEMENT_ENDED",
    )
    yield ends(
        "M2",
        "terminated then",
        alter("agreements", "m1", terminated=T),
        codes="AGREEMENT_TERMINATED",
    )
    yield opens("M2", "to be terminated", alter("agreements", "m1", terminated=T + TICK))
    backwards = alter("agreements", "m1", span=[T + DAY, T - DAY])
    yield closed(
        "M2",
        "a span that ends before it begins",
        backwards,
        codes="AGREEMENT_NOT_YET AGREEMENT_ENDED",
    )
    off = "NOT_IN_SCHEDULE"
    yield closed("M3", "not listed", alter("agreements", "m1", a_to_b=["attendance"]), codes=off)
    yield closed("M3", "nothing listed", alter("agreements", "m1", a_to_b=[]), codes=off)
    yield closed(
        "M3", "listed the other way", alter("agreements", "m1", a_to_b=[], b_to_a=SHARED), codes=off
    )
    turned = {"a": "P1", "b": "D1"}
    yield opens(
        "M3",
        "written by the other side",
        alter("agreements", "m1", a_to_b=[], b_to_a=["visits"], **turned),
    )
    yield closed(
        "M3",
        "written by the other side",
        alter("agreements", "m1", a_to_b=["visits"], b_to_a=[], **turned),
        codes=off,
    )
    every = "NOT_SIGNED AGREEMENT_NOT_SIGNED NOT_IN_SCHEDULE NOT_ON_CASE_TEAM"
    much = (
        alter("consents", "c1", signed_at=None),
        alter("agreements", "m1", a_signed=None, a_to_b=[]),
    )
    yield closed("M3", "every reason is told", *much, who="rob", codes=every)


def one_paper() -> Iterator[list[Row]]:
    halves = (
        alter("consents", "c1", categories=["visits"], purposes=["evaluate"]),
        add("consents", **a_consent("c2", categories=["attendance"])),
    )
    yield closed("one paper", "two consents", *halves, codes="PURPOSE_DIFFERS ITEM_NOT_COVERED")
    halves = (
        alter("consents", "c1", special=[]),
        add("consents", **a_consent("c2", categories=["visits"], special=["hiv"])),
    )
    yield closed(
        "one paper",
        "a tick here, initials there",
        *halves,
        record="hiv",
        codes="NO_SPECIAL_INITIALS ITEM_NOT_COVERED",
    )
    halves = (
        alter("consents", "c1", revoked_at=T - DAY),
        add("consents", **a_consent("c2", signed_at=None)),
    )
    yield closed("one paper", "one revoked, one unsigned", *halves, codes="REVOKED NOT_SIGNED")
    halves = (
        alter("agreements", "m1", terminated=T - DAY),
        add("agreements", **an_agreement("m6", "P1", a_to_b=["attendance"])),
    )
    yield closed(
        "one paper", "two agreements", *halves, codes="AGREEMENT_TERMINATED NOT_IN_SCHEDULE"
    )
    halves = (
        alter("agreements", "m1", a_signed=None),
        add("agreements", **an_agreement("m6", "P1", b_signed=None)),
    )
    yield closed("one paper", "two half-signed agreements", *halves, codes="AGREEMENT_NOT_SIGNED")
    second = (
        alter("consents", "c1", revoked_at=T - DAY),
        alter("agreements", "m1", terminated=T - DAY),
        add("consents", **a_consent("c2")),
        add("agreements", **an_agreement("m6", "P1")),
    )
    yield opens("one paper", "a later pair that holds by itself", *second)


ROWS = flat(
    consent_parties(),
    another_student(),
    consent_scope(),
    consent_window(),
    consent_time(),
    guardians(),
    eligible_students(),
    own_signatures(),
    subject_only(),
    agreements(),
    one_paper(),
)
