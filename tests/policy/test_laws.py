"""Laws of the gate that a person can argue about, tried on worlds drawn near "allow"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given

from portal.policy.decision import FULL, SENTENCES, SUMMARY, BasisKind, Decision
from portal.policy.facts import (
    NOBODY,
    AgreementFacts,
    AudienceFacts,
    BlockFacts,
    ConsentFacts,
    Facts,
    GuardianshipFacts,
    LineFacts,
    OrderFacts,
)
from portal.policy.gate import may_open
from portal.policy.levels import LEVELS
from portal.policy.spans import Span
from portal.vocabulary import (
    NEVER,
    SPECIAL,
    SUPPORT,
    Category,
    CourtRight,
    Detail,
    FormKind,
    Level,
    OrganizationKind,
    SignatureMethod,
    SignerKind,
    Statement,
)
from tests.policy.drawn import Asked, questions, worlds
from tests.scenarios.worlds import FAR, NOW, TICK

NOTHING: frozenset[str] = frozenset()


def decided(asked: Asked, facts: Facts | None = None) -> Decision:
    return may_open(facts or asked.facts, asked.record, asked.purpose, asked.at)


def opens_no_more(after: Decision, before: Decision) -> bool:
    return set(after.fields) <= set(before.fields)


def crossing(random: Random) -> Iterator[Asked]:
    for asked in questions(random):
        if asked.record.custodian != asked.facts.user.organization:
            yield asked


def each_consent_with(facts: Facts, **changes) -> Iterator[Facts]:
    for index, consent in enumerate(facts.consents):
        others = facts.consents[:index], facts.consents[index + 1 :]
        yield replace(facts, consents=(*others[0], replace(consent, **changes), *others[1]))


# Answers


@given(random=worlds)
def test_a_refusal_has_reasons_and_a_sentence_and_opens_nothing(random):
    for asked in questions(random):
        decision = decided(asked)
        if not decision:
            assert decision.codes
            assert (decision.because, decision.do_next) in SENTENCES.values()
            assert decision.fields == decision.papers == decision.bases == ()


@given(random=worlds)
def test_an_allow_names_its_grounds_and_no_reasons(random):
    for asked in questions(random):
        decision = decided(asked)
        if decision:
            assert decision.codes == ()
            assert decision.bases
            assert decision.fields[:2] == ("what", "when")
            ours = asked.record.custodian == asked.facts.user.organization
            own = {BasisKind.OWN, BasisKind.GRANT, BasisKind.OWN_EMERGENCY}
            assert all((basis.kind in own) == ours for basis in decision.bases)
            assert all(basis.papers or ours for basis in decision.bases)


@given(random=worlds)
def test_nothing_that_holds_has_ended(random):
    for asked in questions(random):
        decision = decided(asked)
        if decision and decision.until is not None:
            assert asked.at < decision.until


# Deny beats allow


@given(random=worlds)
def test_revoking_never_opens_anything(random):
    for asked in questions(random):
        before = decided(asked)
        for revoked in each_consent_with(asked.facts, revoked_at=asked.at):
            assert opens_no_more(decided(asked, revoked), before)


@given(random=worlds)
def test_with_every_consent_revoked_only_the_law_opens_across(random):
    for asked in crossing(random):
        gone = tuple(replace(c, revoked_at=asked.at) for c in asked.facts.consents)
        bases = decided(asked, replace(asked.facts, consents=gone)).bases
        assert BasisKind.CONSENT not in {basis.kind for basis in bases}


@given(random=worlds)
def test_a_block_never_opens_and_closes_everything_across(random):
    for asked in questions(random):
        block = BlockFacts(None, Span(asked.at))
        blocked = decided(asked, replace(asked.facts, blocks=(*asked.facts.blocks, block)))
        if asked.record.custodian == asked.facts.user.organization:
            assert blocked == decided(asked)
        else:
            assert not blocked


@given(random=worlds)
def test_a_record_sealed_or_drafted_by_another_is_closed_to_everybody(random):
    for asked in questions(random):
        sealed = replace(asked.record, sealed=Span(asked.at))
        drafted = replace(asked.record, draft=True, author="somebody else")
        for record in (sealed, drafted):
            assert not may_open(asked.facts, record, asked.purpose, asked.at)


@given(random=worlds)
def test_a_report_to_child_protection_never_crosses(random):
    for asked in crossing(random):
        for category in NEVER:
            record = replace(asked.record, category=category)
            assert not may_open(asked.facts, record, asked.purpose, asked.at)


# Narrower never opens more


NARROWER: dict[str, Callable[[ConsentFacts, datetime], ConsentFacts]] = {
    "without a category": lambda c, at: replace(
        c, categories=frozenset(sorted(c.categories)[1:]), special=c.special
    ),
    "without initials": lambda c, at: replace(c, special=NOTHING),
    "without a purpose": lambda c, at: replace(c, purposes=frozenset(sorted(c.purposes)[1:])),
    "in summary": lambda c, at: replace(c, detail=Detail.SUMMARY),
    "ending now": lambda c, at: replace(c, span=Span(c.span.start, at)),
    "beginning later": lambda c, at: replace(c, span=Span(max(c.span.start, at), c.span.end)),
    "for later events": lambda c, at: replace(
        c, records=Span(max(c.records.start, at), c.records.end)
    ),
    "unsigned": lambda c, at: replace(c, signed_at=None),
    "for nobody": lambda c, at: replace(c, recipient="nobody"),
}


@pytest.mark.parametrize("how", NARROWER)
@given(random=worlds)
def test_a_narrower_consent_never_opens_more(how, random):
    for asked in questions(random):
        narrow = tuple(NARROWER[how](consent, asked.at) for consent in asked.facts.consents)
        assert opens_no_more(decided(asked, replace(asked.facts, consents=narrow)), decided(asked))


# The lines of a schedule


Refining = Callable[[LineFacts], LineFacts]
BY_AGREEMENT = {BasisKind.CONSENT, BasisKind.CHILD_WELFARE}


def refined(facts: Facts, how: Refining, first: int = 0) -> Facts:
    """Every line of every agreement from the one numbered `first` on."""

    def of_one(agreement: AgreementFacts) -> AgreementFacts:
        there = {category: how(line) for category, line in agreement.a_to_b.items()}
        back = {category: how(line) for category, line in agreement.b_to_a.items()}
        return replace(agreement, a_to_b=there, b_to_a=back)

    left, right = facts.agreements[:first], facts.agreements[first:]
    return replace(facts, agreements=(*left, *(of_one(agreement) for agreement in right)))


NARROWER_LINE: dict[str, Refining] = {
    "for the first of its purposes": lambda line: replace(
        line, purposes=frozenset(sorted(line.purposes or {"coordinate"})[:1])
    ),
    "for another purpose": lambda line: replace(line, purposes=frozenset({"research"})),
    "on consent": lambda line: replace(line, basis=line.basis or "consent"),
    "on child welfare": lambda line: replace(line, basis=line.basis or "child_welfare"),
    "on what opens nothing": lambda line: replace(line, basis="studies"),
    "in summary": lambda line: replace(line, detail=Detail.SUMMARY),
    "added": lambda line: replace(line, added=True),
    "since now": lambda line: replace(line, since=NOW),
}


@pytest.mark.parametrize("how", NARROWER_LINE)
@given(random=worlds)
def test_a_narrower_line_never_opens_more(how, random):
    for asked in questions(random):
        before = decided(asked)
        for first in (0, 1):
            narrow = refined(asked.facts, NARROWER_LINE[how], first)
            assert opens_no_more(decided(asked, narrow), before)


@given(random=worlds)
def test_a_line_that_carries_all_never_opens_less(random):
    for asked in questions(random):
        wide = refined(asked.facts, lambda line: LineFacts())
        assert opens_no_more(decided(asked), decided(asked, wide))


@pytest.mark.parametrize("how", ["for another purpose", "on what opens nothing"])
@given(random=worlds)
def test_a_line_for_something_else_carries_nothing_and_takes_nothing_from_other_laws(how, random):
    for asked in crossing(random):
        before = decided(asked).bases
        after = decided(asked, refined(asked.facts, NARROWER_LINE[how])).bases
        assert {basis for basis in before if basis.kind not in BY_AGREEMENT} == set(after)


@given(random=worlds)
def test_by_lines_in_summary_an_agreement_opens_what_and_when(random):
    for asked in crossing(random):
        for basis in decided(asked, refined(asked.facts, NARROWER_LINE["in summary"])).bases:
            assert basis.fields == (SUMMARY if basis.kind in BY_AGREEMENT else FULL)


@given(random=worlds)
def test_an_amendment_opens_nothing_to_an_older_consent_and_all_to_a_newer_one(random):
    for asked in crossing(random):
        for earlier in (TICK, timedelta(0)):
            was = _signed(asked.facts, NOW - FAR + TICK, earlier)
            plain = refined(was, lambda line: replace(line, added=False))
            opened = decided(asked, plain).bases
            told = decided(asked, refined(was, NARROWER_LINE["added"]))
            if earlier:
                assert set(told.bases) == {b for b in opened if b.kind is not BasisKind.CONSENT}
            else:
                assert told == decided(asked, plain)


def _signed(facts: Facts, bound: datetime, earlier: timedelta) -> Facts:
    """Every agreement binding from `bound` on, every consent signed so much earlier."""
    agreements = tuple(replace(a, a_signed=bound, b_signed=bound) for a in facts.agreements)
    consents = tuple(replace(c, signed_at=bound - earlier) for c in facts.consents)
    return replace(facts, agreements=agreements, consents=consents)


@given(random=worlds)
def test_several_agreements_open_the_union_of_what_each_opens(random):
    for asked in crossing(random):
        by_one = set(decided(asked, replace(asked.facts, agreements=())).fields)
        for agreement in asked.facts.agreements:
            by_one |= set(decided(asked, replace(asked.facts, agreements=(agreement,))).fields)
        assert set(decided(asked).fields) == by_one


# The paper, and what became of it


Paper = Callable[[ConsentFacts, datetime], ConsentFacts]


def changed(facts: Facts, how: Paper, at: datetime) -> Facts:
    return replace(facts, consents=tuple(how(consent, at) for consent in facts.consents))


def paper(**changes) -> Paper:
    return lambda consent, at: replace(consent, paper=replace(consent.paper, **changes))


def life(**changes) -> Paper:
    """Callables are asked for the instant of the question."""

    def happened(consent: ConsentFacts, at: datetime) -> ConsentFacts:
        told = {name: value(at) if callable(value) else value for name, value in changes.items()}
        return replace(consent, life=replace(consent.life, **told))

    return happened


def held(consent: ConsentFacts, at: datetime) -> ConsentFacts:
    return life(holds=(*consent.life.holds, Span(at)))(consent, at)


STRICTER: dict[str, Paper] = {
    "held": held,
    "superseded": life(superseded_at=lambda at: at),
    "found to be false": life(known_false_at=lambda at: at),
    "ended by its event": life(ended_at=lambda at: at),
    "to be reviewed, and not": life(review_at=lambda at: at, reviews=()),
    "recalled": lambda c, at: paper(recalled_at=at)(c, at),
    "without its text": paper(text_matches=False),
    "on a form for court": paper(form=FormKind.COURT_USE),
    "lacking a cosigner": lambda c, at: paper(cosigners=(*c.paper.cosigners, None))(c, at),
    "typed by nobody knows whom": paper(method=SignatureMethod.TYPED, identity_checked=False),
    "naming somebody else": lambda c, at: replace(c, named=frozenset({"somebody else"})),
    "naming nobody at all": lambda c, at: replace(c, recipient=""),
}
"""Each closes every consent by itself, whatever else is true of it."""


@pytest.mark.parametrize("how", STRICTER)
@given(random=worlds)
def test_a_flawed_paper_opens_nothing_and_takes_nothing_from_the_law(how, random):
    for asked in crossing(random):
        before = decided(asked).bases
        after = decided(asked, changed(asked.facts, STRICTER[how], asked.at)).bases
        assert {basis for basis in before if basis.kind is not BasisKind.CONSENT} == set(after)


@given(random=worlds)
def test_a_hold_lifted_gives_back_exactly_what_was_open_before_it(random):
    for asked in questions(random):
        past = Span(asked.at - FAR, asked.at)

        def once_held(consent: ConsentFacts, at: datetime, past: Span = past) -> ConsentFacts:
            return life(holds=(*consent.life.holds, past))(consent, at)

        assert decided(asked, changed(asked.facts, once_held, asked.at)) == decided(asked)


@given(random=worlds)
def test_one_kind_taken_back_closes_that_kind_and_no_other(random):
    for asked in crossing(random):
        if asked.record.category == Category.IDENTITY:
            continue
        for category in ("visits", "attendance", str(asked.record.category)):
            taken = life(withdrawn=lambda at, kind=category: {kind: at})
            bare = changed(asked.facts, life(withdrawn={}), asked.at)
            before, after = decided(asked, bare), decided(asked, changed(bare, taken, asked.at))
            if category == asked.record.category:
                assert BasisKind.CONSENT not in {basis.kind for basis in after.bases}
            else:
                assert after == before


KINDER: dict[str, Paper] = {
    "with every sentence": paper(statements=frozenset(map(str, Statement))),
    "with another sentence": lambda c, at: paper(statements=c.paper.statements | {"one more"})(
        c, at
    ),
    "with the signer's authority": paper(authority="a parent"),
    "with the signer identified": paper(identity_checked=True),
    "signed by all": paper(cosigners=()),
    "confirmed": life(confirmed_at=lambda at: at),
    "reviewed": lambda c, at: life(reviews=(*c.life.reviews, Span(at)))(c, at),
    "naming the organization": lambda c, at: replace(c, named=frozenset()),
}


@pytest.mark.parametrize("how", KINDER)
@given(random=worlds)
def test_a_better_paper_never_opens_less(how, random):
    for asked in questions(random):
        better = decided(asked, changed(asked.facts, KINDER[how], asked.at))
        assert opens_no_more(decided(asked), better)


@given(random=worlds)
def test_naming_whoever_asks_is_as_good_as_naming_their_organization(random):
    for asked in questions(random):
        me = frozenset({asked.facts.user.id, "somebody else"})
        by_name = changed(asked.facts, lambda c, at, me=me: replace(c, named=me), asked.at)
        at_large = changed(asked.facts, KINDER["naming the organization"], asked.at)
        assert decided(asked, by_name) == decided(asked, at_large)


@given(random=worlds)
def test_an_order_that_limits_every_guardian_leaves_the_student_s_own_signature(random):
    for asked in crossing(random):
        limiting = tuple(
            OrderFacts(c.signer, c.student, CourtRight.CONSENT, Span(asked.at))
            for c in asked.facts.consents
        )
        theirs = tuple(c for c in asked.facts.consents if c.signer_kind is SignerKind.STUDENT)
        ordered = replace(asked.facts, orders=(*asked.facts.orders, *limiting))
        alone = replace(asked.facts, consents=theirs)
        assert set(decided(asked, ordered).bases) == set(decided(asked, alone).bases)


@given(random=worlds)
def test_a_health_law_that_binds_the_custodian_never_opens_more(random):
    for asked in questions(random):
        free = {
            name: replace(organization, hipaa=False, part2=False)
            for name, organization in asked.facts.organizations.items()
        }
        unbound = decided(asked, replace(asked.facts, organizations=free))
        assert opens_no_more(decided(asked), unbound)


EMPTY: dict[str, Callable[[Facts], Facts]] = {
    "consents without categories": lambda f: replace(
        f,
        consents=tuple(replace(c, categories=NOTHING) for c in f.consents),
        legal=(),
    ),
    "consents without purposes": lambda f: replace(
        f, consents=tuple(replace(c, purposes=NOTHING) for c in f.consents), legal=()
    ),
    "legal bases without categories": lambda f: replace(
        f, legal=tuple(replace(b, categories=NOTHING) for b in f.legal), consents=()
    ),
    "agreements without schedules": lambda f: replace(
        f,
        agreements=tuple(replace(a, a_to_b={}, b_to_a={}) for a in f.agreements),
        legal=tuple(b for b in f.legal if b.kind == "child_welfare"),
    ),
    "no papers": lambda f: replace(f, consents=(), legal=(), agreements=()),
}


@pytest.mark.parametrize("how", EMPTY)
@given(random=worlds)
def test_empty_lists_open_nothing(how, random):
    for asked in crossing(random):
        assert not decided(asked, EMPTY[how](asked.facts))


@given(random=worlds)
def test_grants_without_categories_open_nothing(random):
    for asked in questions(random):
        empty = tuple(replace(grant, categories=NOTHING) for grant in asked.facts.grants)
        bases = decided(asked, replace(asked.facts, grants=empty)).bases
        assert BasisKind.GRANT not in {basis.kind for basis in bases}


# One paper


@given(random=worlds)
def test_whatever_crosses_does_so_by_one_consent_with_one_agreement_or_one_legal_basis(random):
    for asked in crossing(random):
        by_one: set[str] = set()
        for alone in _single_papers(asked.facts):
            by_one |= set(decided(asked, alone).fields)
        assert set(decided(asked).fields) == by_one


def _single_papers(facts: Facts) -> Iterator[Facts]:
    for agreement in facts.agreements:
        for consent in facts.consents:
            yield replace(facts, consents=(consent,), agreements=(agreement,), legal=())
        for legal in facts.legal:
            yield replace(facts, consents=(), agreements=(agreement,), legal=(legal,))
    for legal in facts.legal:
        yield replace(facts, consents=(), agreements=(), legal=(legal,))


LISTS = (
    *("relations", "enrollments", "programs", "grants", "guardianships", "orders"),
    *("locks", "hidden"),
)
PAPERS = ("agreements", "consents", "legal", "blocks")


@given(random=worlds)
def test_order_and_duplicates_of_papers_do_not_matter(random):
    for asked in questions(random):
        turned = {name: getattr(asked.facts, name)[::-1] * 2 for name in (*LISTS, *PAPERS)}
        before, after = decided(asked), decided(asked, replace(asked.facts, **turned))
        told = ("allowed", "codes", "fields", "papers", "until")
        assert [getattr(after, t) for t in told] == [getattr(before, t) for t in told]


@given(random=worlds)
def test_papers_about_somebody_else_do_not_matter(random):
    for asked in crossing(random):
        strange = tuple(replace(c, student="somebody else") for c in asked.facts.consents)
        rights = tuple(
            GuardianshipFacts(c.signer, "somebody else", Span(c.span.start - FAR))
            for c in asked.facts.consents
        )
        orders = tuple(
            OrderFacts(c.signer, "somebody else", CourtRight.BOTH, Span(c.span.start - FAR))
            for c in asked.facts.consents
        )
        more = replace(
            asked.facts,
            consents=(*asked.facts.consents, *strange),
            guardianships=(*asked.facts.guardianships, *rights),
            orders=(*asked.facts.orders, *orders),
        )
        assert set(decided(asked, more).bases) == set(decided(asked).bases)


# Who


@given(random=worlds)
def test_support_records_stay_with_support_levels_grants_apart(random):
    for asked in questions(random):
        level = asked.facts.user.level
        district = (
            asked.facts.organizations[asked.facts.user.organization].kind
            is OrganizationKind.DISTRICT
        )
        if district and asked.record.category in SUPPORT and not LEVELS[level].support:
            assert not decided(asked, replace(asked.facts, grants=()))


@given(random=worlds)
def test_a_level_that_is_never_identified_sees_nobody_grants_apart(random):
    for asked in questions(random):
        for level in (Level.PERSONNEL, Level.BUDGET, Level.CURRICULUM):
            user = replace(asked.facts.user, level=level, organization="D1")
            assert not decided(asked, replace(asked.facts, user=user, grants=()))


@given(random=worlds)
def test_special_records_cross_by_initials_or_by_order(random):
    for asked in crossing(random):
        if asked.record.category not in SPECIAL:
            continue
        for basis in decided(asked).bases:
            assert basis.kind in {BasisKind.CONSENT, BasisKind.COURT_ORDER}
        bare = tuple(replace(c, special=NOTHING) for c in asked.facts.consents)
        assert not decided(asked, replace(asked.facts, consents=bare, legal=()))


@given(random=worlds)
def test_identity_crosses_exactly_with_another_record_of_the_same_custodian(random):
    for asked in crossing(random):
        plain = {"draft": False, "sealed": None, "restricted": False, "audience": None}
        name = replace(asked.record, category=Category.IDENTITY, **plain)
        others = [
            other
            for other in asked.facts.shelf
            if other.category != Category.IDENTITY and other.custodian == name.custodian
        ]
        found = [may_open(asked.facts, o, asked.purpose, asked.at).fields for o in others]
        opened = may_open(asked.facts, name, asked.purpose, asked.at)
        assert set(opened.fields) == {field for fields in found for field in fields}


@given(random=worlds)
def test_own_access_is_full_and_asks_for_no_paper(random):
    for asked in questions(random):
        if asked.record.custodian != asked.facts.user.organization:
            continue
        bare = replace(asked.facts, agreements=(), consents=(), legal=(), blocks=())
        assert decided(asked) == decided(asked, bare)
        if decided(asked):
            assert set(decided(asked).fields) == (SUMMARY if _kept_short(asked) else FULL)


def _kept_short(asked: Asked) -> bool:
    """A restricted record of another author, to somebody who is neither head nor administrator."""
    user, record = asked.facts.user, asked.record
    head = user.level in {Level.PRINCIPAL, Level.SUPERINTENDENT, Level.AGENCY_ADMIN}
    return record.restricted and user.id not in (record.author, record.told_to) and not head


# One record


@given(random=worlds)
def test_a_lock_closes_everything_whatever_else_is_true(random):
    for asked in questions(random):
        locked = replace(asked.facts, locks=(*asked.facts.locks, Span(asked.at)))
        assert not decided(asked, locked)


@given(random=worlds)
def test_a_lock_that_is_over_changes_nothing(random):
    for asked in questions(random):
        over = (*asked.facts.locks, Span(asked.at - FAR, asked.at))
        assert decided(asked, replace(asked.facts, locks=over)) == decided(asked)


@given(random=worlds)
def test_hiding_a_student_changes_nothing_of_what_opens(random):
    for asked in questions(random):
        hidden = replace(asked.facts, hidden=(Span(asked.at),))
        assert decided(asked, hidden) == decided(asked)


@given(random=worlds)
def test_a_restricted_record_never_crosses_and_never_opens_more(random):
    for asked in questions(random):
        record = replace(asked.record, restricted=True)
        kept = may_open(asked.facts, record, asked.purpose, asked.at)
        assert opens_no_more(kept, decided(asked))
        if record.custodian != asked.facts.user.organization:
            assert not kept
        else:
            assert bool(kept) == bool(decided(asked))


NARROWER_AUDIENCE: dict[str, AudienceFacts] = {
    "nobody by level": AudienceFacts(NOTHING),
    "a level of nobody here": AudienceFacts(frozenset({"curriculum"})),
    "the inside": AudienceFacts(inside_only=True),
    "who was told": AudienceFacts(told_from=NOW - FAR),
    "nobody": NOBODY,
}


@pytest.mark.parametrize("how", NARROWER_AUDIENCE)
@given(random=worlds)
def test_an_audience_never_opens_more(how, random):
    for asked in questions(random):
        bare = replace(asked.record, audience=None)
        before = may_open(asked.facts, bare, asked.purpose, asked.at)
        record = replace(asked.record, audience=NARROWER_AUDIENCE[how])
        assert opens_no_more(may_open(asked.facts, record, asked.purpose, asked.at), before)


@given(random=worlds)
def test_a_record_that_is_for_nobody_opens_to_nobody(random):
    for asked in questions(random):
        record = replace(asked.record, audience=NOBODY)
        assert not may_open(asked.facts, record, asked.purpose, asked.at)


@given(random=worlds)
def test_levels_are_asked_inside_and_told_from_of_consents_alone(random):
    for asked in questions(random):
        bare = replace(asked.record, audience=None)
        before = may_open(asked.facts, bare, asked.purpose, asked.at)
        if bare.custodian == asked.facts.user.organization:
            told = AudienceFacts(told_from=asked.at + FAR, inside_only=True)
            record = replace(bare, audience=told)
            assert may_open(asked.facts, record, asked.purpose, asked.at) == before
            continue
        levels = replace(bare, audience=AudienceFacts(NOTHING))
        assert may_open(asked.facts, levels, asked.purpose, asked.at) == before
        if bare.category != Category.IDENTITY:
            later = replace(bare, audience=AudienceFacts(told_from=asked.at + FAR))
            after = may_open(asked.facts, later, asked.purpose, asked.at)
            law = {basis for basis in before.bases if basis.kind is not BasisKind.CONSENT}
            assert set(after.bases) == law


def test_the_lists_that_are_turned_are_all_there_are():
    kept = {"user", "student", "organizations", "shelf"}
    assert {field.name for field in fields(Facts)} - kept == {*LISTS, *PAPERS}
