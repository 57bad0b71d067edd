"""A form about one thing: asked, signed, kept and taken back; it opens nothing in the portal."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.access import consents as consent_facts
from portal.access import documents
from portal.access import family as door
from portal.access.family import Family
from portal.consents import preview
from portal.consents.drafts import PaperConsent, TypedConsent
from portal.consents.family import queries as own
from portal.consents.family import service as keeping
from portal.consents.requests import service
from portal.consents.requests.drafts import Channel, PartnerAnswer, RequestDraft
from portal.consents.requests.service import Sent
from portal.consents.signing import Signed
from portal.errors import NotFound, NotReady
from portal.policy.decision import Reason
from portal.policy.facts import OrganizationFacts
from portal.policy.spans import Span
from portal.policy.validity import paper_problems
from portal.store.consents import Consent
from portal.store.papers import Document
from portal.vocabulary import (
    Category,
    ConsentStatus,
    FormKind,
    Instrument,
    Purpose,
    SignerKind,
)
from tests.consents.on_paper.reading import of_pdf, of_word, says
from tests.consents.papers import SCAN
from tests.people import LONG_AGO, NOW, Cast

CASE = "Sample v. Example, docket 26-104"
THERAPY, COUNSELING, COURT = (
    FormKind.PSYCHOTHERAPY_NOTES,
    FormKind.SUD_COUNSELING_NOTES,
    FormKind.COURT_USE,
)
YES = PartnerAnswer(
    purposes=frozenset({Purpose.EVALUATE, Purpose.COORDINATE}),
    out=frozenset({Category.VISITS}),
    subject=True,
)
"""The tick, and one of a form that was tampered with."""


def asked(cast: Cast, kind: FormKind, **changes: Any) -> Sent:
    """Ana asks: a mother for a therapist's notes, the student for what is theirs to share."""
    guardian = kind is THERAPY
    values: dict[str, Any] = {
        "signer_kind": SignerKind.GUARDIAN if guardian else SignerKind.STUDENT,
        "signer_id": cast.maria.id if guardian else cast.luis.id,
        "student_ids": (cast.luis.id,),
        "partner_ids": (cast.riverside.id,),
        "purposes": frozenset({Purpose.EVALUATE, Purpose.COORDINATE}),
        "records_from": date(2026, 1, 1),
        "starts_on": date(2026, 11, 20),
        "channel": Channel.TABLET,
        "kind": kind,
        "case": CASE if kind is COURT else "",
    }
    draft = RequestDraft(**values | changes)
    return service.ask(cast.session, cast.who(cast.ana), draft, NOW, str(uuid.uuid4()))


def holder(cast: Cast, sent: Sent) -> tuple[Family, str]:
    """Whoever sits in front of the tablet, and the pass."""
    held = service.hand_over(cast.session, cast.who(cast.ana), sent.token, NOW)
    return door.holder(cast.session, sent.token, held, NOW), held


def signed(cast: Cast, kind: FormKind, answer: PartnerAnswer = YES, **changes: Any) -> Signed:
    """Signed on the tablet."""
    sent = asked(cast, kind, **changes)
    who, _held = holder(cast, sent)
    signature = TypedConsent(sent.request.signer_name, attests=True)
    evidence = service.evidence_of(who, "", "", "", "en")
    answers = {cast.riverside.id: answer}
    [one] = service.sign(cast.session, who, answers, signature, evidence, NOW)
    return one


def told(cast: Cast, signed: Signed) -> tuple[str, str]:
    """What the receipt says, as a PDF and as a Word file."""
    row = signed.signing
    pdf, word = (cast.session.get_one(Document, key).content for key in (row.pdf_id, row.docx_id))
    return of_pdf(pdf), of_word(word)


@pytest.mark.parametrize("kind", [THERAPY, COUNSELING, COURT])
def test_it_is_signed_and_opens_nothing(cast: Cast, kind: FormKind) -> None:
    [consent] = signed(cast, kind).consents

    assert (consent.form_kind, consent.instrument) == (kind, Instrument.HIPAA)
    assert (consent.discloser_id, consent.recipient_id) == (cast.riverside.id, cast.district.id)
    [facts] = consent_facts.as_facts(cast.session, [consent])
    assert facts.categories == frozenset()
    clinic = OrganizationFacts(
        str(cast.riverside.id), cast.riverside.kind, Span(LONG_AGO), hipaa=True
    )
    for category in Category:
        assert Reason.COMPOUND in paper_problems(facts, clinic, "", category, NOW)


@pytest.mark.parametrize(
    ("kind", "purposes", "subject", "case"),
    [
        (THERAPY, {Purpose.EVALUATE}, "The notes that a therapist at Riverside Clinic made", ""),
        (COUNSELING, {Purpose.COORDINATE}, "notes that a counselor at Riverside Clinic made", ""),
        (COURT, set(), "Facts about the care that Luis got at Riverside Clinic", CASE),
    ],
)
def test_the_receipt_says_what_it_is_about(cast, kind, purposes, subject, case):
    one = signed(cast, kind)

    [consent] = one.consents
    [facts] = consent_facts.as_facts(cast.session, [consent])
    assert facts.purposes == purposes
    assert f'"kind":"{kind}"' in one.signing.agreed
    assert f'"case":"{case}"' in one.signing.agreed
    for paper in told(cast, one):
        assert says(paper, subject)
        assert says(paper, "The case") is bool(case)
        assert says(paper, case)


def test_the_preview_of_such_a_form_opens_nothing_either(cast):
    sent = asked(cast, THERAPY)
    signature = TypedConsent("Maria Sample", attests=True)
    answers = {cast.riverside.id: YES}
    [draft] = service.drafts(cast.session, sent.request, answers, signature, checked=True)

    seen = preview.would_see(cast.session, cast.ana.id, draft, (), NOW)
    assert draft.kind is THERAPY and not draft.categories
    assert not any(line.opens or not line.because for line in seen.lines)


def test_without_its_one_tick_there_is_nothing_to_sign(cast):
    with pytest.raises(NotReady) as caught:
        signed(cast, THERAPY, PartnerAnswer(purposes=frozenset({Purpose.EVALUATE})))
    assert caught.value.problems[0].what == "Nothing is ticked."


@pytest.mark.parametrize("case", ["", "  "])
def test_use_in_court_names_its_case(cast, case):
    with pytest.raises(NotReady) as caught:
        asked(cast, COURT, case=case)
    assert [problem.what for problem in caught.value.problems] == ["The case is not named."]


@pytest.mark.parametrize("kind", [COUNSELING, COURT])
def test_only_the_student_is_asked_for_what_is_the_student_s_to_share(cast, kind):
    with pytest.raises(NotReady) as caught:
        asked(cast, kind, signer_kind=SignerKind.GUARDIAN, signer_id=cast.maria.id)
    assert caught.value.problems[0].field == "Signer"


def test_the_printed_form_has_its_one_box_and_comes_back_signed(cast):
    sent = asked(cast, COURT, channel=Channel.PAPER)
    paper = of_pdf(cast.session.get_one(Document, sent.request.paper_id).content)
    assert says(paper, CASE) and says(paper, "Facts about the care that Luis got")

    brought = PaperConsent(date(2026, 11, 19), SCAN)
    answers = {cast.riverside.id: PartnerAnswer(subject=True)}
    me = cast.who(cast.ana)
    [one] = service.bring_in_paper(cast.session, me, sent.request.id, answers, brought, NOW)
    assert [consent.form_kind for consent in one.consents] == [COURT]


def test_a_request_that_is_sent_again_still_names_its_case(cast):
    sent = asked(cast, COURT)
    me = cast.who(cast.ana)
    again = service.send(cast.session, me, sent.request.id, Channel.PAPER, NOW)

    paper = cast.session.get_one(Document, again.request.paper_id).content
    assert says(of_pdf(paper), CASE)


def followed(cast: Cast, kind: FormKind) -> Family:
    """The signer, on the page that is theirs after signing."""
    sent = asked(cast, kind)
    who, held = holder(cast, sent)
    signature = TypedConsent(sent.request.signer_name, attests=True)
    evidence = service.evidence_of(who, "", "", "", "en")
    service.sign(cast.session, who, {cast.riverside.id: YES}, signature, evidence, NOW)
    token = keeping.follow(cast.session, who, sent.token, held, "en", NOW)
    return door.holder(cast.session, token, held, NOW)


@pytest.mark.parametrize("kind", [THERAPY, COUNSELING])
def test_whoever_signed_it_takes_it_back(cast, kind):
    who = followed(cast, kind)
    [of] = own.shared(cast.session, who, NOW)
    [consent] = of.consents
    assert (consent.form, consent.kinds, consent.status) == (kind, (), ConsentStatus.ACTIVE)

    scope = keeping.Scope(cast.luis.id, number=consent.number)
    taken = keeping.take_back(cast.session, who, scope, NOW)
    assert [row.number for row in taken.consents] == [consent.number]
    [of] = own.shared(cast.session, who, NOW)
    assert of.consents[0].status is ConsentStatus.TAKEN_BACK
    assert keeping.take_back(cast.session, who, scope, NOW).consents == ()


def test_a_parent_is_not_told_of_notes_that_only_the_student_may_share(cast):
    signed(cast, COUNSELING)
    [row] = cast.session.scalars(select(Consent))
    mother = followed(cast, THERAPY)
    [of] = own.shared(cast.session, mother, NOW)
    assert row.number not in {consent.number for consent in of.consents}

    with pytest.raises(NotFound):
        documents.open_as_family(cast.session, mother, row.document_id, NOW)
