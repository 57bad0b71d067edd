"""What the law asks of a form: nothing that must be there can be taken out."""

from __future__ import annotations

import re

import pytest

from portal.consents.forms.elements import ELEMENTS, STATEMENT_NAMES, Element, Law, Rank, lacking
from portal.consents.forms.publishing import advice, problems
from portal.consents.words import SECTIONS
from portal.policy.statements import CITATIONS
from portal.vocabulary import Category, FormKind, Instrument, Statement
from tests.consents.forms.ready import OFFICE, ready, without

KINDS = list(FormKind)
CARRIED = [
    (kind, element, part)
    for kind in KINDS
    for element in ELEMENTS
    if element.of_the_form and element.bound.test(ready(kind))
    for part in element.where
]


def named(element: Element, part: object) -> str:
    return f"{element.id}-{part}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_forms_have_all_that_binds_them_once_the_office_is_named(kind):
    assert problems(ready(kind)) == []
    assert advice(ready(kind)) == []


@pytest.mark.parametrize(
    ("kind", "element", "part"),
    [row for row in CARRIED if row[1].rank is Rank.MUST],
    ids=[f"{k}-{named(e, p)}" for k, e, p in CARRIED if e.rank is Rank.MUST],
)
def test_a_form_without_a_required_part_or_sentence_names_the_law(kind, element, part):
    found = problems(without(ready(kind), part))

    told = [problem for problem in found if problem.field == element.id]
    assert [f"({element.citation})" in problem.what for problem in told] == [True]
    assert all(problem.do_next.startswith("Add") for problem in told)


@pytest.mark.parametrize(
    ("kind", "element", "part"),
    [row for row in CARRIED if row[1].rank is Rank.GOOD],
    ids=[f"{k}-{named(e, p)}" for k, e, p in CARRIED if e.rank is Rank.GOOD],
)
def test_a_form_without_a_good_part_is_advised(kind, element, part):
    assert element.id in [told.field for told in advice(without(ready(kind), part))]


def test_a_form_that_does_not_say_how_to_take_it_back_says_so_and_what_to_add():
    found = problems(without(ready(), Statement.REVOKE))

    [told] = [problem for problem in found if problem.field == "hipaa-revocation"]
    assert told.what == (
        "The form does not say how to take the permission back (45 CFR 164.508(c)(2)(i))."
    )
    assert told.do_next == "Add the sentence “how to take it back”."


def test_every_part_and_sentence_of_the_law_is_carried_by_the_form():
    asked = {part for element in ELEMENTS for part in element.where if element.rank is Rank.MUST}

    assert set(SECTIONS) <= asked
    assert set(Statement) - asked == {Statement.HOLDER_CHANGES}


@pytest.mark.parametrize("statement", Statement)
def test_each_sentence_answers_to_an_element_of_the_law_it_cites(statement):
    told = " ".join(e.citation for e in ELEMENTS if statement in e.where or statement in _shown(e))
    paragraphs = re.findall(r"\d+\w*[.-]\w+(?:\(\w+\))*", CITATIONS[statement])

    assert paragraphs
    assert [one for one in paragraphs if one not in told] == []


def _shown(element: Element) -> set[Statement]:
    """The process row that a sentence announces."""
    return {Statement.COPY} if element.id == "ferpa-copy-of-records" else set()


def test_the_table_names_each_element_once_and_who_fulfills_the_process():
    assert len({element.id for element in ELEMENTS}) == len(ELEMENTS)
    assert {element.law for element in ELEMENTS} == set(Law)
    for element in ELEMENTS:
        assert element.words and element.citation
        assert bool(element.by) != bool(element.lacks), element.id
        assert not (element.by and element.where), element.id
    assert set(STATEMENT_NAMES) == set(Statement)


LAW = """99.30(a) 99.30(b)(1) 99.30(b)(2) 99.30(b)(3) 99.30(d) 99.30(c) 99.33(a) 99.21(c) 300.9
300.622 300.614 164.508(c)(1)(i) 164.508(c)(1)(ii) 164.508(c)(1)(iii) 164.508(c)(1)(iv)
164.508(c)(1)(v) 164.508(c)(1)(vi) 164.508(c)(2)(i) 164.508(c)(2)(ii) 164.508(c)(2)(iii)
164.508(c)(3) 164.508(c)(4) 164.508(b)(6) 164.508(b)(2) 164.508(b)(3)(ii) 2.31(a)(1) 2.31(a)(2)
2.31(a)(3) 2.31(a)(4)(i) 2.31(a)(4)(iii) 2.31(a)(5) 2.31(a)(6) 2.31(a)(7) 2.31(a)(8) (a)(10) 2.14
2.31(b) 2.32(a) 52-146e(b) 52-146e(c) 52-146q(b) 52-146s(b) 52-146p(b) 19a-585(a) 19a-585(b)
17a-688 19a-14c(b) 17a-28(a)(4) 17a-20-37 10-234bb(a) 15 USC 7001"""


def test_every_required_row_of_the_law_is_in_the_table():
    told = " ".join(element.citation for element in ELEMENTS).replace("(a), (b)", "(a), 19a-585(b)")
    wanted = LAW.replace("15 USC 7001", "15_USC_7001").split()

    assert [row for row in wanted if row.replace("_", " ") not in told] == []


def fields(**changes: object) -> set[str]:
    return {problem.field for problem in lacking(ready(**changes), Rank.MUST)}


def test_a_form_on_which_only_the_school_gives_needs_nothing_of_hipaa_or_part_2():
    form = ready(categories_in=(), categories_out=(Category.ATTENDANCE,))
    bound = {e.bound.instrument for e in ELEMENTS if e.bound.test(form)}

    assert bound == {Instrument.FERPA, None}
    for statement in (Statement.NO_CONDITION, Statement.PART2_REFUSAL, Statement.CT_REFUSAL):
        assert list(lacking(without(form, statement), Rank.MUST)) == []


def test_voluntary_is_good_for_school_records_and_a_must_for_special_education():
    plain = ready(categories_in=(), categories_out=(Category.ATTENDANCE,))
    special = ready(categories_in=(), categories_out=(Category.SPECIAL_EDUCATION,))

    assert list(lacking(without(plain, Statement.VOLUNTARY), Rank.MUST)) == []
    [told] = lacking(without(special, Statement.VOLUNTARY), Rank.MUST)
    assert "34 CFR 300.9(c)(1)" in told.what


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"purposes": ()}, "ferpa-purpose"),
        ({"purposes": ()}, "hipaa-purpose"),
        ({"office": OFFICE.model_copy(update={"office": " "})}, "ct-office"),
        ({"office": OFFICE.model_copy(update={"address": "", "email": ""})}, "ct-office"),
        ({"kind": FormKind.PSYCHOTHERAPY_NOTES, "subject": None}, "hipaa-compound"),
        ({"kind": FormKind.COURT_USE, "subject": None}, "part2-compound"),
        ({"signing": ready().signing.model_copy(update={"en": " "})}, "esign"),
    ],
)
def test_a_part_that_is_there_but_says_nothing_is_missing(changes, element):
    assert element in fields(**changes)


def test_a_form_that_asks_for_many_years_of_school_is_no_plain_language():
    hard = ready().title.model_copy(
        update={
            "en": "Notwithstanding applicable confidentiality legislation, authorization "
            "necessarily encompasses individually identifiable educational information " * 3
        }
    )
    form = ready(statements=dict.fromkeys(ready().statements, hard))

    assert "hipaa-plain" in {problem.field for problem in problems(form)}
    assert "statements" in {problem.field for problem in advice(form)}
