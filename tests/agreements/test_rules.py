"""What an agreement must say before it is issued, step by step."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.agreements.content import (
    Contact,
    Content,
    Line,
    PartnerTerms,
    Service,
    Signer,
    Special,
)
from portal.agreements.rules import (
    LIMITS,
    PARTNER_LIMITS,
    STEP_TITLES,
    Known,
    Partner,
    Step,
    bases_of,
    draft_problems,
    feeds_the_gate,
    needs_of,
    problems,
)
from portal.vocabulary import (
    AgreementKind,
    Category,
    Direction,
    LineBasis,
    OrganizationKind,
)

TODAY = date(2026, 11, 20)
RIVERSIDE, CHILDREN = uuid.uuid4(), uuid.uuid4()
KNOWN = Known(
    {
        RIVERSIDE: Partner("Riverside", OrganizationKind.PROVIDER, active=True),
        CHILDREN: Partner("Children and Families", OrganizationKind.CHILD_WELFARE, active=True),
    },
    TODAY,
)
TERMS = PartnerTerms(
    agency_id=RIVERSIDE,
    services=(Service("Counseling", sites=("North School",), days="Tuesdays"),),
    lines=(Line(Direction.A_TO_B, Category.VISITS),),
    liaison=Contact("Rita River", "rita@example.org"),
    signers=(Signer("Alma River", "Executive Director"),),
)
WHOLE = Content(
    starts_on=TODAY,
    ends_on=date(2027, 6, 30),
    review_on=date(2027, 3, 1),
    schools=("North School",),
    partners=(TERMS,),
    district_signers=(Signer("Sue Perin", "Superintendent"),),
    district_liaison=Contact("Dina Desk", "dina@example.org"),
    records_contact=Contact("Dina Desk", "dina@example.org"),
)


def told(content: Content, known: Known = KNOWN) -> dict[Step, list[str]]:
    found = problems(content, known)
    return {step: [problem.what for problem in listed] for step, listed in found.items()}


def with_terms(**changes: Any) -> Content:
    return replace(WHOLE, partners=(replace(TERMS, **changes),))


def test_a_whole_one_has_no_problem() -> None:
    assert told(WHOLE) == {}
    assert set(STEP_TITLES) == set(Step)


@pytest.mark.parametrize(
    ("changes", "step", "what"),
    [
        ({"purpose": " "}, Step.PARTIES, "Purpose is empty"),
        ({"purpose": "x" * 2001}, Step.PARTIES, "2,001 characters"),
        ({"schools": ()}, Step.PARTIES, "No school"),
        ({"partners": ()}, Step.PARTIES, "one partner or up to"),
        ({"kind": AgreementKind.DATA_USE}, Step.PARTIES, "stands under an agreement"),
        ({"costs": ""}, Step.TERMS, "Costs is empty"),
        ({"metrics": (" ",)}, Step.TERMS, "No measure"),
        ({"starts_on": None}, Step.TERMS, "first day is missing"),
        ({"ends_on": None}, Step.TERMS, "last day is missing"),
        ({"ends_on": TODAY - timedelta(days=1)}, Step.TERMS, "last day has passed"),
        ({"starts_on": date(2027, 7, 1)}, Step.TERMS, "before the first day"),
        ({"ends_on": date(2032, 1, 1)}, Step.TERMS, "at most 5 years"),
        ({"review_on": date(2027, 7, 1)}, Step.TERMS, "day of review"),
        ({"review_on": None}, Step.TERMS, "day of review"),
        ({"district_signers": ()}, Step.PEOPLE, "nobody is named"),
        ({"district_signers": (Signer("Sue", ""),)}, Step.PEOPLE, "a name or a title"),
        ({"district_liaison": Contact()}, Step.PEOPLE, "name is missing"),
        ({"records_contact": Contact("D", "@")}, Step.PEOPLE, "e-mail address is missing"),
        ({"security_contact": Contact("", "x@example.org")}, Step.PEOPLE, "name is missing"),
        ({"order": (0, 0)}, Step.PEOPLE, "order of signing"),
        ({"order": (1,)}, Step.PEOPLE, "order of signing"),
    ],
)
def test_each_gap_is_told_under_its_step(changes: dict[str, Any], step: Step, what: str) -> None:
    found = told(replace(WHOLE, **changes))

    assert any(what in sentence for sentence in found[step])


@pytest.mark.parametrize(
    ("changes", "step", "what"),
    [
        ({"services": (Service(" "),)}, Step.SERVICES, "No service"),
        ({"services": (Service("Counseling"),)}, Step.SERVICES, "has no days"),
        ({"lines": ()}, Step.RECORDS, "No records are listed"),
        ({"insurance": ""}, Step.TERMS, "is empty"),
        ({"signers": ()}, Step.PEOPLE, "nobody is named"),
        ({"liaison": Contact("R", "")}, Step.PEOPLE, "e-mail address is missing"),
    ],
)
def test_each_gap_of_a_partner_is_told(changes: dict[str, Any], step: Step, what: str) -> None:
    assert any(what in sentence for sentence in told(with_terms(**changes))[step])


def test_one_person_signs_once_for_a_side() -> None:
    twice = (Signer("Sue Perin", "Superintendent"), Signer("sue perin ", "Chair"))

    assert "named twice" in told(replace(WHOLE, district_signers=twice))[Step.PEOPLE][0]


def test_a_never_shared_kind_and_a_doubled_line_are_refused() -> None:
    never = with_terms(lines=(Line(Direction.A_TO_B, Category.MANDATED_REPORT),))
    assert "cannot be listed" in told(never)[Step.RECORDS][0]
    identity = with_terms(lines=(Line(Direction.A_TO_B, Category.IDENTITY),))
    assert "cannot be listed" in told(identity)[Step.RECORDS][0]
    doubled = with_terms(lines=(Line(Direction.A_TO_B, Category.VISITS),) * 2)
    assert "listed twice" in draft_problems(doubled, KNOWN)[0].what


def test_sensitive_kinds_are_listed_knowingly() -> None:
    sud = with_terms(lines=(Line(Direction.A_TO_B, Category.SUD),))

    assert "sensitive records" in told(sud)[Step.RECORDS][0]
    assert Step.RECORDS not in told(replace(sud, special_known=True))


def test_child_welfare_is_a_basis_with_such_an_agency_and_outwards_only() -> None:
    out = Line(Direction.A_TO_B, Category.ATTENDANCE, basis=LineBasis.CHILD_WELFARE)
    back = replace(out, direction=Direction.B_TO_A)
    assert "cannot rest on" in told(with_terms(lines=(out,)))[Step.RECORDS][0]

    agency: dict[str, Any] = {"agency_id": CHILDREN, "lines": (out,)}
    assert Step.RECORDS not in told(with_terms(**agency))
    assert (
        "lets a school share" in told(with_terms(**(agency | {"lines": (back,)})))[Step.RECORDS][0]
    )


@pytest.mark.parametrize("kind", [k for k in AgreementKind if needs_of(k)])
def test_each_kind_asks_for_the_terms_of_its_law(kind: AgreementKind) -> None:
    basis = bases_of(kind, OrganizationKind.PROVIDER)[0]
    lines = (Line(Direction.A_TO_B, Category.ATTENDANCE, basis=basis),)
    content = replace(WHOLE, kind=kind, partners=(replace(TERMS, lines=lines),))
    known = replace(KNOWN, parent=AgreementKind.MOU)
    missing = {f"{label} is empty." for _name, label in needs_of(kind)}

    assert missing <= set(told(content, known)[Step.PARTIES])
    filled: dict[str, Any] = {name: "In words." for name, _label in needs_of(kind)}
    whole = replace(content, special=Special(**filled, destroy_on=date(2027, 8, 1)))
    assert told(whole, known) == {}


def test_data_are_destroyed_on_a_day_after_the_beginning() -> None:
    special = Special(topic="A", scope="B", duration="C", destroy_on=TODAY - timedelta(days=1))
    study = replace(WHOLE, kind=AgreementKind.STUDIES, special=special)

    assert any("before it begins" in what for what in told(study)[Step.PARTIES])
    never = replace(study, special=replace(special, destroy_on=None))
    assert any("when the data are destroyed" in what for what in told(never)[Step.PARTIES])


@pytest.mark.parametrize("name", LIMITS)
def test_every_clock_has_a_least_and_a_most(name: str) -> None:
    _label, least, most = LIMITS[name]
    for value, wrong in ((least - 1, True), (least, False), (most, False), (most + 1, True)):
        content = replace(WHOLE, clocks=replace(WHOLE.clocks, **{name: value}))
        assert (Step.TERMS in told(content)) is wrong


@pytest.mark.parametrize("name", PARTNER_LIMITS)
def test_every_clock_of_a_partner_has_a_least_and_a_most(name: str) -> None:
    _label, least, most = PARTNER_LIMITS[name]
    for value, wrong in ((least - 1, True), (least, False), (most, False), (most + 1, True)):
        assert (Step.TERMS in told(with_terms(**{name: value}))) is wrong


def test_with_several_partners_a_problem_says_which() -> None:
    other = replace(TERMS, agency_id=CHILDREN, signers=())
    content = replace(WHOLE, partners=(TERMS, other))

    assert told(content)[Step.PEOPLE] == ["Partner 2: signers: nobody is named."]


def test_the_gate_reads_lines_on_its_own_bases_of_two_kinds_of_agreement() -> None:
    line = Line(Direction.A_TO_B, Category.VISITS)

    assert feeds_the_gate(AgreementKind.MOU, line)
    assert feeds_the_gate(AgreementKind.DATA_SHARING, line)
    assert not feeds_the_gate(AgreementKind.STUDIES, line)
    assert not feeds_the_gate(AgreementKind.DATA_USE, line)
    assert not feeds_the_gate(AgreementKind.MOU, replace(line, basis=LineBasis.SCHOOL_OFFICIAL))
