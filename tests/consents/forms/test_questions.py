"""What a family is asked, in which order, and what it is not asked."""

from __future__ import annotations

from datetime import date

import pytest

from portal.consents.forms.definition import Section
from portal.consents.forms.questions import (
    CASE,
    SUBJECT,
    About,
    Ask,
    Proposal,
    Question,
    Reader,
    proposal_problems,
    questions,
)
from portal.consents.forms.telling import Partner
from portal.vocabulary import Category, FormKind, Purpose, Statement
from tests.consents.forms.ready import ready

START = date(2026, 11, 20)
CLINIC = Partner("1", "Riverside", hipaa=True)
CLUB = Partner("2", "Elm Club")
BOTH_WAYS = Proposal(
    CLINIC,
    START,
    out=frozenset({Category.VISITS, Category.ATTENDANCE, Category.HIV}),
    back=frozenset({Category.SERVICE_STATUS}),
    purposes=frozenset({Purpose.COORDINATE}),
)
ONE_WAY = Proposal(
    CLUB, START, out=frozenset({Category.ATTENDANCE}), purposes=frozenset({Purpose.COORDINATE})
)
LUIS = About("Luis", "en")


def asked(found: tuple[Question, ...]) -> list[str]:
    return [question.key for question in found]


def page(ask: Ask, *proposals: Proposal, form=None, about: About = LUIS) -> Question:
    found = questions(form or ready(), proposals, about)
    return next(question for question in found if question.ask is ask)


def codes(question: Question) -> list[str]:
    return [choice.code for choice in question.choices]


def test_one_thing_on_each_page_partner_by_partner_then_check_and_sign():
    assert asked(questions(ready(), [BOTH_WAYS, ONE_WAY], LUIS)) == [
        "who",
        "school-may-give-1",
        "partner-may-give-1",
        "why-1",
        "special-1",
        "how-long-1",
        "read-1",
        "school-may-give-2",
        "why-2",
        "how-long-2",
        "read-2",
        "check",
        "sign",
    ]


def test_the_district_s_order_is_followed():
    turned = tuple(reversed(Section))

    assert asked(questions(ready(sections=turned), [BOTH_WAYS], LUIS)) == [
        "who",
        "how-long-1",
        "special-1",
        "why-1",
        "partner-may-give-1",
        "school-may-give-1",
        "read-1",
        "check",
        "sign",
    ]


def test_only_what_staff_propose_is_asked_in_the_form_s_order():
    question = page(Ask.SCHOOL_MAY_GIVE, BOTH_WAYS)

    assert codes(question) == ["attendance", "visits"]
    assert question.partner == CLINIC
    assert question.title.words == "What may the school give to Riverside?"
    assert [choice.words.words for choice in question.choices] == [
        "Days at school and days missed",
        "Visits with support staff: when, how long, what for",
    ]


def test_what_the_form_does_not_offer_is_not_asked_though_staff_propose_it():
    form = ready(categories_out=(Category.VISITS,))

    assert codes(page(Ask.SCHOOL_MAY_GIVE, BOTH_WAYS, form=form)) == ["visits"]
    assert "school-may-give-1" not in asked(questions(ready(categories_out=()), [BOTH_WAYS], LUIS))


def test_special_kinds_are_asked_apart_each_way_with_initials():
    either = Proposal(CLINIC, START, out=frozenset({Category.HIV}), back=frozenset({Category.HIV}))
    question = page(Ask.SPECIAL, either, form=ready(categories_in=(Category.HIV,)))

    assert codes(question) == ["out-hiv", "in-hiv"]
    assert all(choice.initials for choice in question.choices)
    assert [choice.group.words for choice in question.choices if choice.group] == [
        "From the school to Riverside",
        "From Riverside to the school",
    ]


ALL_KINDS = Proposal(
    CLINIC,
    START,
    out=frozenset({Category.ATTENDANCE, Category.HIV, Category.SUD, Category.OWN_CARE}),
    purposes=frozenset({Purpose.COORDINATE}),
)


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (Reader.GUARDIAN, ["attendance", "out-hiv"]),
        (Reader.ELIGIBLE_STUDENT, ["attendance", "out-own_care", "out-hiv", "out-sud"]),
        (Reader.MINOR, ["out-own_care", "out-sud"]),
    ],
)
def test_each_reader_is_asked_only_what_they_may_share(reader, told):
    found = questions(ready(), [ALL_KINDS], About("Luis", "en", reader))
    ticks = [q for q in found if q.ask in (Ask.SCHOOL_MAY_GIVE, Ask.SPECIAL)]

    assert [code for question in ticks for code in codes(question)] == told


def test_the_last_day_is_proposed_and_cannot_go_beyond_the_form_s():
    question = page(Ask.HOW_LONG, BOTH_WAYS)
    assert (question.suggested, question.latest) == (date(2027, 6, 30), date(2027, 11, 19))
    assert question.help is not None
    assert question.help.words.endswith("We stop after June 30, 2027.")

    sooner = Proposal(CLUB, START, ends_on=date(2027, 1, 31))
    assert page(Ask.HOW_LONG, sooner).suggested == date(2027, 1, 31)


def test_each_sentence_to_read_has_its_id_and_both_languages():
    question = page(Ask.READ, BOTH_WAYS, about=About("Luis", "es"))
    told = dict(question.told)

    assert {Statement.NO_CONDITION, Statement.HIV_NOTICE, Statement.REVOKE} <= set(told)
    assert told[Statement.REVOKE].words.startswith("Puede retirar este permiso")
    assert "the Records Office" in told[Statement.REVOKE].record


def test_signing_asks_to_agree_to_the_form_s_own_words():
    [agree] = page(Ask.SIGN, BOTH_WAYS, about=About("Luis", "pt")).choices

    assert agree.words.record == ready().signing.en
    assert agree.words.words.startswith("Li isto")


@pytest.mark.parametrize("language", ["en", "es", "pt"])
@pytest.mark.parametrize("kind", FormKind)
def test_every_page_is_wholly_in_the_reader_s_language(kind, language):
    found = questions(ready(kind), [BOTH_WAYS], About("Luis", language))
    said = [text for q in found for text in (q.title, q.help, *(told for _id, told in q.told))]
    said += [choice.words for q in found for choice in q.choices if choice.code != CASE]

    assert {text.language for text in said if text} == {language}
    assert not any("%(" in text.words for text in said if text)


@pytest.mark.parametrize("kind", [kind for kind in FormKind if kind is not FormKind.STANDARD])
def test_a_single_purpose_form_asks_about_its_one_subject(kind):
    proposal = Proposal(
        CLINIC, START, purposes=frozenset(ready(kind).purposes), case="Docket Sample-1"
    )
    found = questions(ready(kind), [proposal], LUIS)

    assert asked(found) == [
        "who",
        "partner-may-give-1",
        "why-1",
        "how-long-1",
        "read-1",
        "check",
        "sign",
    ]
    assert codes(found[1]) == [SUBJECT]
    assert codes(found[2]) == [CASE] if kind is FormKind.COURT_USE else len(codes(found[2])) == 1
    assert list(proposal_problems(ready(kind), proposal)) == []


def test_a_part_without_help_has_none():
    assert page(Ask.SIGN, BOTH_WAYS, form=ready(help={})).help is None


def test_a_part_without_sentences_has_no_page_to_read():
    assert "read-1" not in asked(questions(ready(statements={}), [BOTH_WAYS], LUIS))


def wrong(proposal: Proposal, kind: FormKind = FormKind.STANDARD, **changes: object) -> set[str]:
    found = list(proposal_problems(ready(kind, **changes), proposal))
    assert all(problem.what and problem.do_next for problem in found)
    return {problem.field for problem in found}


WHY = frozenset({Purpose.COORDINATE})
VISITS = frozenset({Category.VISITS})


@pytest.mark.parametrize(
    ("proposal", "field"),
    [
        (Proposal(CLUB, START, purposes=WHY), "out"),
        (Proposal(CLUB, START, out=VISITS), "purposes"),
        (Proposal(CLUB, START, back=VISITS, purposes=WHY), "back"),
        (Proposal(CLUB, START, out=frozenset({Category.IDENTITY}), purposes=WHY), "out"),
        (Proposal(CLUB, START, date(2026, 11, 19), VISITS, purposes=WHY), "ends_on"),
        (Proposal(CLUB, START, date(2027, 11, 20), VISITS, purposes=WHY), "ends_on"),
    ],
)
def test_staff_can_ask_only_what_the_form_offers(proposal, field):
    assert wrong(proposal) == {field}
    assert wrong(BOTH_WAYS) == set()


def test_a_form_for_use_in_court_names_the_case():
    assert wrong(Proposal(CLINIC, START), FormKind.COURT_USE) == {"case"}
