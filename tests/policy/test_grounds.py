"""On what an answer rests, and which of its reasons a person is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.policy.decision import FULL, SENTENCES, SUMMARY, Basis, BasisKind, Decision, Reason
from portal.policy.gate import may_open
from portal.policy.spans import Span
from tests.policy.values import (
    DAY,
    FAR_OFF,
    LONG_AGO,
    T,
    a_consent,
    a_grant,
    a_legal_basis,
    a_record,
    add,
    alter,
    an_agreement,
    drop,
    facts_about,
    world_with,
)


def asked(who: str, *changes, record: str = "visits") -> Decision:
    facts = facts_about(world_with(*changes), who, "luis")
    item = next(item for item in facts.shelf if item.id == record)
    return may_open(facts, item, "coordinate", T)


def told(*reasons: Reason) -> tuple[str, str]:
    [sentence] = {SENTENCES[reason] for reason in reasons}
    return sentence


GRANT = add(
    "grants",
    user="paula",
    student="luis",
    categories=["visits"],
    approved=True,
    span=[T - DAY, None],
)
THREAT = a_legal_basis("emergency", "P2", named_users=["charlie"], reason="A threat in words.")


@pytest.mark.parametrize(
    ("who", "changes", "kind", "papers"),
    [
        ("ana", [], BasisKind.OWN, ()),
        ("paula", [GRANT], BasisKind.GRANT, ()),
        ("rita", [], BasisKind.CONSENT, ("c1", "m1")),
        (
            "jo",
            [add("legal", **a_legal_basis("court_order", "J1"))],
            BasisKind.COURT_ORDER,
            ("b1",),
        ),
        (
            "cass",
            [add("legal", **a_legal_basis("child_welfare", "C1", named_users=["cass"]))],
            BasisKind.CHILD_WELFARE,
            ("b1", "m3"),
        ),
        ("charlie", [add("legal", **THREAT)], BasisKind.EMERGENCY, ("b1",)),
    ],
)
def test_an_allow_says_what_it_rests_on(who, changes, kind, papers):
    [basis] = asked(who, *changes).bases

    assert (basis.kind, basis.papers, basis.fields) == (kind, papers, FULL)


def test_every_pair_that_holds_is_named():
    second = (
        add("consents", **a_consent("c2", detail="summary")),
        add("agreements", **an_agreement("m6", "P1")),
    )

    decision = asked("rita", *second)

    pairs = {basis.papers: basis.fields for basis in decision.bases}
    assert pairs == {
        ("c1", "m1"): FULL,
        ("c1", "m6"): FULL,
        ("c2", "m1"): SUMMARY,
        ("c2", "m6"): SUMMARY,
    }
    assert decision.papers == ("c1", "c2", "m1", "m6")


def test_a_pair_that_does_not_hold_is_not_named():
    lapsed = (
        add("consents", **a_consent("c2", revoked_at=T)),
        add("agreements", **an_agreement("m6", "P1", terminated=T)),
    )

    assert asked("rita", *lapsed).papers == ("c1", "m1")


def test_a_name_rests_on_what_the_other_records_rest_on_each_once():
    more = add("records", **a_record("r2", "visits"))

    [basis] = asked("rita", more, record="identity").bases

    assert basis == Basis(BasisKind.CONSENT, ("c1", "m1"), FULL, basis.until)


def test_one_is_told_what_the_nearest_paper_lacks():
    """The older consent lacks much, the newer one only a signature."""
    far = alter("consents", "c1", categories=["hiv"], purposes=["evaluate"], revoked_at=T - DAY)
    near = add("consents", **a_consent("c2", signed_at=None))

    decision = asked("rita", far, near)

    assert (decision.because, decision.do_next) == told(Reason.NOT_SIGNED)
    assert Reason.ITEM_NOT_COVERED in decision.codes


def test_what_stands_against_all_papers_is_told_before_what_one_lacks():
    nothing = drop("consents", id="c1")
    stopped = add("blocks", student="luis", org=None, span=[T - DAY, None])

    decision = asked("rita", nothing, stopped)

    assert decision.codes == (Reason.BLOCKED, Reason.NO_CONSENT)
    assert (decision.because, decision.do_next) == told(Reason.BLOCKED)


def with_grant(who: str, **changes) -> Decision:
    facts = facts_about(world_with(a_grant(who, span=[LONG_AGO, FAR_OFF])), who, "luis")
    [grant] = facts.grants
    known = replace(facts, grants=(replace(grant, id="g1", **changes),))
    visit = next(item for item in facts.shelf if item.id == "visits")
    return may_open(known, visit, "coordinate", T)


def test_what_a_grant_opens_says_which_grant_and_until_when():
    [basis] = with_grant("paula").bases

    assert (basis.kind, basis.until, basis.grant) == (BasisKind.GRANT, FAR_OFF, "g1")


def test_an_emergency_is_the_ground_only_where_the_level_does_not_reach():
    declared = {"emergency": True, "reason": "A threat.", "span": Span(T - DAY, T + DAY)}
    [by_level], [by_emergency] = (with_grant(who, **declared).bases for who in ("ana", "tom"))

    assert (by_level.kind, by_level.grant) == (BasisKind.OWN, "")
    assert (by_emergency.kind, by_emergency.grant) == (BasisKind.OWN_EMERGENCY, "g1")
    assert by_emergency.until == T + DAY
