"""Which clauses an agreement may, should and must contain, and what is told when it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.library import SHIPPED, Library
from portal.agreements.clauses.types import Clause, Need
from portal.agreements.content import ChosenClause, Content
from portal.errors import NotReady
from portal.vocabulary import (
    LISTS_FOR_THE_GATE,
    AgreementKind,
    Category,
    LineBasis,
    ServiceTier,
)
from tests.agreements.contents import back, content, out, terms, without, worded


def codes(made: Content, library: Library = SHIPPED) -> set[str]:
    """The clauses that something is wrong with."""
    return {problem.field.removeprefix("clauses.") for problem in library.problems(made)}


def ids(made: Content) -> set[str]:
    return {choice.id for choice in made.clauses}


def plus(made: Content, *chosen: str) -> Content:
    return replace(made, clauses=(*made.clauses, *(ChosenClause(id_, 1) for id_ in chosen)))


def own(**changes) -> Clause:
    usual = Clause(
        "own_bus",
        Article.DISTRICT_DUTIES,
        "The late bus",
        ("The late bus of {{ district.name }} takes students home.",),
        "The bus takes students home.",
        need=Need.USUAL,
        kinds=frozenset({AgreementKind.MOU}),
    )
    return replace(usual, **changes)


@pytest.mark.parametrize("kind", AgreementKind)
def test_what_a_new_agreement_begins_with_may_be_issued(kind):
    assert SHIPPED.problems(content(kind)) == []


def test_a_required_clause_left_out_is_told_with_its_law():
    [problem] = SHIPPED.problems(without(content(), "ct_deletion"))

    assert problem.field == "clauses.ct_deletion"
    assert "“Deletion on request” is missing" in problem.what
    assert "Conn. Gen. Stat. § 10-234bb(a)" in problem.what
    assert problem.do_next == "Put the clause back."


@pytest.mark.parametrize("kind", AgreementKind)
def test_each_required_clause_is_missed_when_it_alone_is_left_out(kind):
    made = content(kind)
    for clause in SHIPPED.required(made):
        if not clause.alternatives:
            assert codes(without(made, clause.id)) >= {clause.id}


def test_a_usual_clause_may_be_taken_out():
    assert SHIPPED.problems(without(content(), "services_choice", "security_devices")) == []


def test_an_optional_clause_is_in_only_when_it_was_chosen():
    assert "services_mobile_crisis" not in ids(content())
    assert SHIPPED.problems(plus(content(), "services_mobile_crisis")) == []


@pytest.mark.parametrize(
    ("facts", "clause"),
    [
        ({"is_part2": True}, "laws_part2"),
        ({"acts_for_district": True}, "laws_school_official"),
        ({"acts_for_district": True, "is_hipaa": True}, "laws_business_associate"),
        ({"lines": (out(Category.HIV),)}, "sensitive_hiv"),
        ({"lines": (back(Category.PSYCHIATRIC),)}, "sensitive_psychiatric"),
        ({"lines": (back(Category.SUD),)}, "sensitive_own_care"),
        (
            {"lines": (out(Category.ATTENDANCE, basis=LineBasis.CHILD_WELFARE),)},
            "laws_child_welfare",
        ),
        (
            {"lines": (out(Category.ATTENDANCE, basis=LineBasis.SCHOOL_OFFICIAL),)},
            "schedule_other_bases",
        ),
        ({"lines": (out(Category.ATTENDANCE, basis=LineBasis.STUDIES),)}, "study_destroy"),
        ({"lines": (out(Category.ATTENDANCE, basis=LineBasis.AUDIT),)}, "audit_no_further"),
        ({"lines": (back(Category.SUD, basis=LineBasis.PART_2_SERVICE),)}, "laws_part2_service"),
    ],
)
def test_a_fact_of_a_partner_asks_for_its_clause_and_without_the_fact_it_does_not_stand(
    facts, clause
):
    plain = content()
    partner = terms(**facts)
    changed = replace(plain, partners=(partner,))

    assert clause not in ids(plain)
    assert codes(plus(plain, clause)) == {clause}
    assert clause in codes(changed)
    assert SHIPPED.problems(replace(changed, clauses=SHIPPED.usual(changed))) == []


def test_after_the_facts_have_changed_the_choice_is_fitted_to_them_and_keeps_its_wording():
    before = worded(content(), "ct_law", "Connecticut law governs.", reviewed_by="A. Counsel")
    before = plus(without(before, "services_choice"), "services_mobile_crisis")
    after = replace(before, partners=(terms(is_part2=True, services=()), terms(1, is_hipaa=False)))
    fitted = replace(after, clauses=SHIPPED.fitted(after))

    assert SHIPPED.problems(fitted) == []
    assert ids(fitted) - ids(before) == {"laws_part2", "parties_each", "term_one_leaves"}
    assert ids(before) - ids(fitted) == set()
    assert SHIPPED.fitted(fitted) == fitted.clauses
    assert next(c for c in fitted.clauses if c.id == "ct_law").reviewed_by == "A. Counsel"

    alone = replace(fitted, partners=(terms(services=(), is_hipaa=False),))
    assert ids(fitted) - {c.id for c in SHIPPED.fitted(alone)} == {
        *("laws_part2", "parties_each", "term_one_leaves", "laws_hipaa", "breach_hipaa"),
        "services_telehealth",
    }


def test_of_alternatives_exactly_one_stands():
    made = content()
    assert "term_notice" in ids(made) and "term_cause" not in ids(made)

    assert SHIPPED.problems(plus(without(made, "term_notice"), "term_cause")) == []
    [both] = SHIPPED.problems(plus(made, "term_cause"))
    assert both.what == (
        "“Ending with notice” and “Ending for cause” exclude each other (How a party ends it)."
    )
    [none] = SHIPPED.problems(without(made, "term_notice"))
    assert "Nothing is said on “How a party ends it”" in none.what
    assert none.do_next.startswith("Choose “Ending with notice” or “Ending for cause”")


def test_an_unknown_clause_a_doubled_one_and_one_of_another_kind_are_told():
    made = plus(content(), "ct_gone", "ct_law", "use_destroy")

    told = {problem.field: problem.what for problem in SHIPPED.problems(made)}
    assert told == {
        "clauses.ct_gone": "The library has no clause “ct_gone” in version 1.",
        "clauses.ct_law": "The clause “ct_law” stands 2 times.",
        "clauses.use_destroy": "The clause “After the one use” does not belong into a memorandum "
        "of understanding.",
    }


def test_a_changed_wording_shows_as_changed_and_a_required_one_needs_counsel():
    made = worded(content(), "ct_use", "A Partner uses student data for its work only.")

    assert [s.clause.id for s in SHIPPED.changed(made)] == ["ct_use"]
    [problem] = SHIPPED.problems(made)
    assert "which may not be left out, was changed" in problem.what
    read = worded(content(), "ct_use", "For its work only.", reviewed_by="A. Counsel")
    assert SHIPPED.problems(read) == []
    assert SHIPPED.problems(worded(content(), "services_choice", "Another may be chosen.")) == []


def test_other_spaces_and_line_ends_are_no_change():
    [text] = SHIPPED.current["ct_use"].text
    made = worded(content(), "ct_use", "  ".join(text.split()), "", " ")

    assert SHIPPED.changed(made) == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("For {{ nobody.name }}.", "There is no field “nobody.name”."),
        ("For {{ district.name.upper() }}.", "the round brackets are not allowed"),
        ("For {{ district.name[0] }}.", "There is no field “district.name[]”."),
        ("For {% if several %} all.", "This “if” is never ended."),
        ("For {# everybody #} all.", "A tag may not be a comment."),
        ("  ", "The clause has no words."),
    ],
)
def test_a_wording_that_cannot_be_printed_is_told(text, what):
    [problem] = SHIPPED.problems(worded(content(), "services_choice", text))

    assert problem.field == "clauses.services_choice"
    assert what in problem.what


def test_a_wording_for_one_partner_is_told_where_there_are_several():
    one = worded(content(), "services_choice", "{{ partner.name }} does not mind.")
    two = content(partners=(terms(), terms(1)))

    assert SHIPPED.problems(one) == []
    [problem] = SHIPPED.problems(worded(two, "services_choice", "{{ partner.name }} agrees."))
    assert "names nobody when there are several partners" in problem.what


def test_a_sentence_that_points_to_an_article_without_clauses_is_told():
    made = content(AgreementKind.DATA_SHARING)
    emptied = without(
        made, *(s.clause.id for s in SHIPPED.standing(made) if s.clause.article is Article.SECURITY)
    )

    told = [p.what for p in SHIPPED.problems(emptied) if p.field == "clauses.ct_security"]
    assert told == [
        "“Security and confidentiality” points to the article “Security”, which has no clause here."
    ]


# Versions


def test_an_agreement_keeps_the_version_it_was_made_with_and_learns_of_a_newer_one():
    first = SHIPPED.current["ct_law"]
    second = replace(first, version=2, text=("The laws of Connecticut govern.",))
    library = Library((*SHIPPED.clauses, second))
    made = content()

    [(standing, newest)] = library.outdated(made)
    assert (standing.clause, newest) == (first, second)
    assert library.problems(made) == []
    assert library.changed(made) == ()
    assert list(library.current) == list(SHIPPED.current)
    renewed = replace(made, clauses=library.usual(made))
    assert ChosenClause("ct_law", 2) in renewed.clauses
    assert library.outdated(renewed) == ()
    assert codes(renewed) == {"ct_law"}, "an older library does not know it"


# A district's own


def test_a_district_s_own_clause_stands_in_its_article_like_any_other():
    library = SHIPPED.with_district([own()])
    made = content(library=library)

    duties = [
        s.clause.id for s in library.standing(made) if s.clause.article is Article.DISTRICT_DUTIES
    ]
    assert duties[-1] == "own_bus"
    assert library.problems(made) == []
    assert library.current["own_bus"].own
    assert "own_bus" not in {clause.id for clause in library.of(AgreementKind.QSOA)}


def test_a_clause_that_a_district_requires_cannot_be_left_out():
    library = SHIPPED.with_district([own(need=Need.REQUIRED)])

    [problem] = library.problems(content())
    assert problem.what.startswith("The clause “The late bus” is missing.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "ct_property"}, "id"),
        ({"id": "own_" + "x" * 30}, "id"),
        ({"id": "own_Bus"}, "id"),
        ({"title": " "}, "title"),
        ({"plain": ""}, "plain"),
        ({"text": ("For {{ nobody }}.",)}, "text"),
        ({"kinds": frozenset()}, "kinds"),
    ],
)
def test_a_district_s_own_clause_that_cannot_stand_is_refused(changes, field):
    with pytest.raises(NotReady) as refused:
        SHIPPED.with_district([own(**changes)])

    assert [problem.field for problem in refused.value.problems] == [field]


# The shipped ones


def test_the_ten_of_connecticut_stand_in_every_kind():
    ten = [clause.id for clause in SHIPPED.current.values() if clause.id.startswith("ct_")][:10]
    for kind in AgreementKind:
        assert set(ten) <= {clause.id for clause in SHIPPED.required(content(kind))}
        assert codes(without(content(kind), *ten)) >= set(ten)


def test_a_memorandum_has_all_twenty_seven_articles():
    made = content()

    assert {s.clause.article for s in SHIPPED.standing(made)} == set(Article)
    assert SHIPPED.problems(made) == []


@pytest.mark.parametrize("kind", [k for k in AgreementKind if k not in LISTS_FOR_THE_GATE])
def test_a_paper_beside_the_gate_says_that_it_opens_nothing_in_the_portal(kind):
    told = " ".join(" ".join(s.text) for s in SHIPPED.standing(content(kind)))

    assert "This paper opens no record in the portal." in told
    assert "They open nothing in the portal." in told


def test_every_fact_there_is_brings_an_agreement_that_may_be_issued():
    """All bases, all kinds of record and every trait at once."""
    everything = tuple(
        replace(line, basis=basis)
        for basis in LineBasis
        for line in (out(Category.SUD), back(Category.HIV), back(Category.PSYCHIATRIC))
    )
    services = tuple(replace(service, tier=ServiceTier.CRISIS) for service in terms().services)
    partner = terms(lines=everything, services=services, is_part2=True, acts_for_district=True)
    made = content(partners=(partner, terms(1)), extra_sensitive=("Housing",))

    assert SHIPPED.problems(made) == []
