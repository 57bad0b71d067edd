"""Which ticked kinds a consent really opens, whatever agreement stands behind it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.policy.decision import Reason
from portal.policy.facts import ConsentFacts, Facts
from portal.policy.taking import closed_kinds, may_take_consent
from portal.vocabulary import SHAREABLE, SUBJECT_ONLY, Category, FormKind, Role
from tests.policy.values import T, facts_about, world_with

FACTS: Facts = facts_about(world_with(), "rita", "luis")
[CONSENT] = FACTS.consents


def closed(consent: ConsentFacts) -> dict[str, tuple[Reason, ...]]:
    return closed_kinds(FACTS, consent, FACTS.organizations[consent.discloser], T)


def test_a_parent_opens_all_but_what_is_the_student_s_alone():
    assert closed(CONSENT) == dict.fromkeys(SUBJECT_ONLY, (Reason.MINOR_SIGNATURE_NEEDED,))


def test_without_initials_a_sensitive_kind_is_closed():
    assert closed(replace(CONSENT, special=frozenset()))["hiv"] == (Reason.NO_SPECIAL_INITIALS,)


def test_what_is_never_shared_is_closed_though_it_is_ticked():
    every = replace(CONSENT, categories=frozenset(Category), special=frozenset(Category))

    never = {kind for kind, why in closed(every).items() if Reason.NEVER_SHARED in why}
    assert never == set(Category) - set(SHAREABLE)


@pytest.mark.parametrize(
    ("consent", "reason"),
    [
        (replace(CONSENT, purposes=frozenset()), Reason.NO_PURPOSE),
        (replace(CONSENT, recipient=""), Reason.NO_RECIPIENT),
        (replace(CONSENT, signer="nobody"), Reason.SIGNER_NOT_HOLDER),
        (
            replace(CONSENT, paper=replace(CONSENT.paper, form=FormKind.COURT_USE)),
            Reason.COMPOUND,
        ),
        (replace(CONSENT, paper=replace(CONSENT.paper, text_matches=False)), Reason.TEXT_MISMATCH),
    ],
)
def test_what_is_wrong_with_the_paper_closes_every_kind(consent, reason):
    told = closed(consent)

    assert told.keys() == CONSENT.categories
    assert all(reason in why for why in told.values())


def test_a_form_about_one_thing_is_not_taken_along_as_a_file():
    ours = replace(CONSENT, recipient=FACTS.user.organization)
    single = replace(ours, paper=replace(ours.paper, form=FormKind.PSYCHOTHERAPY_NOTES))

    decision = may_take_consent(FACTS, Role.AGENCY_STAFF, single, ours.discloser, T)
    assert decision.codes == (Reason.COMPOUND,)


def test_people_whom_it_names_are_not_a_defect():
    assert closed(replace(CONSENT, named=frozenset({"rita", "rob"}))) == closed(CONSENT)
