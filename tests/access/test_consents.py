"""A consent as the rules see it: the paper and its ticks as kept, and what became of it since."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.access import consents, documents
from portal.policy.facts import ConsentFacts, LifeFacts, PaperFacts
from portal.policy.spans import Span
from portal.store.consents import (
    Consent,
    ConsentCosigner,
    ConsentFormRecall,
    ConsentPerson,
)
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    Detail,
    DocumentKind,
    FormKind,
    Purpose,
    SignatureMethod,
    SignerKind,
    Statement,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

DAY = timedelta(days=1)
Kind = ConsentEventKind


def a_consent(cast: Cast, **changes) -> Consent:
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, **changes)


def told(cast: Cast, *rows: Consent) -> tuple[ConsentFacts, ...]:
    return consents.as_facts(cast.session, rows)


def life(cast: Cast, consent: Consent) -> LifeFacts:
    [found] = told(cast, consent)
    return found.life


def test_a_paper_with_all_that_can_stand_on_it_is_told_as_it_is_kept(cast: Cast):
    session = cast.session
    form = make.form_version(session, cast.district, kind=FormKind.COURT_USE)
    why = {"element": "expiry", "written_by": cast.dina.id, "written_at": NOW}
    make.stored(session, ConsentFormRecall(version_id=form.id, at=NOW, **why))
    scan = documents.keep(
        session, cast.ana.id, cast.district.id, DocumentKind.CONSENT, "x.pdf", "application/pdf",
        b"scan", NOW,
    )  # fmt: skip
    row = a_consent(
        cast,
        categories=[Category.VISITS, Category.HIV],
        purposes=[Purpose.COORDINATE, Purpose.EVALUATE],
        statements=[Statement.REVOKE],
        signed_at=None,
        records_until=NOW + DAY,
        ends_at=NOW + 2 * DAY,
        review_at=NOW + 3 * DAY,
        detail=Detail.SUMMARY,
        method=SignatureMethod.DRAWN,
        authority="Parent",
        form_kind=FormKind.COURT_USE,
        form_version_id=form.id,
        document_id=scan.id,
        signed_sha256=scan.sha256,
    )
    for name, signed_at in (("Zoe", None), ("Abe", NOW)):
        make.stored(session, ConsentCosigner(consent_id=row.id, name=name, signed_at=signed_at))
    make.stored(session, ConsentPerson(consent_id=row.id, user_id=cast.rita.id))
    row.signed_at = LONG_AGO
    session.flush()
    plain = a_consent(cast)

    assert told(cast, row, plain) == (
        ConsentFacts(
            id=str(row.id),
            student=str(cast.luis.id),
            discloser=str(cast.district.id),
            recipient=str(cast.riverside.id),
            categories=frozenset({"visits", "hiv"}),
            special=frozenset({"hiv"}),
            purposes=frozenset({"coordinate", "evaluate"}),
            records=Span(LONG_AGO, NOW + DAY),
            span=Span(LONG_AGO, NOW + 2 * DAY),
            signer_kind=SignerKind.GUARDIAN,
            signer=str(cast.maria.id),
            signed_at=LONG_AGO,
            detail=Detail.SUMMARY,
            named=frozenset({str(cast.rita.id)}),
            paper=PaperFacts(
                method=SignatureMethod.DRAWN,
                identity_checked=True,
                authority="Parent",
                form=FormKind.COURT_USE,
                statements=frozenset({Statement.REVOKE}),
                cosigners=(NOW, None),
                recalled_at=NOW,
            ),
            life=LifeFacts(review_at=NOW + 3 * DAY),
        ),
        ConsentFacts(
            id=str(plain.id),
            student=str(cast.luis.id),
            discloser=str(cast.district.id),
            recipient=str(cast.riverside.id),
            categories=frozenset({"visits"}),
            special=frozenset(),
            purposes=frozenset({"coordinate"}),
            records=Span(LONG_AGO),
            span=Span(LONG_AGO),
            signer_kind=SignerKind.GUARDIAN,
            signer=str(cast.maria.id),
            signed_at=LONG_AGO,
            paper=PaperFacts(
                method=SignatureMethod.TYPED, identity_checked=True, statements=frozenset(Statement)
            ),
        ),
    )


@pytest.mark.parametrize(
    ("signed", "kept", "matches"),
    [("", False, True), ("", True, True), ("0" * 64, True, False), ("0" * 64, False, False)],
)
def test_a_paper_that_is_not_the_one_that_was_signed_does_not_match(
    cast: Cast, signed, kept, matches
):
    asked = (cast.session, cast.ana.id, cast.district.id, DocumentKind.CONSENT, "x.pdf")
    scan = documents.keep(*asked, "application/pdf", b"scan", NOW).id if kept else None

    [found] = told(cast, a_consent(cast, signed_sha256=signed, document_id=scan))

    assert found.paper.text_matches is matches


def test_whose_identity_nobody_checked_is_told_so(cast: Cast):
    [found] = told(cast, a_consent(cast, identity_check=None, method=None))

    assert (found.paper.identity_checked, found.paper.method) == (False, None)


def test_of_what_happened_twice_the_first_counts(cast: Cast):
    row, other = a_consent(cast), a_consent(cast)
    for when in (NOW, NOW - DAY):  # written down in the other order
        for kind in (Kind.CONFIRMED, Kind.ENDED_BY_EVENT, Kind.KNOWN_FALSE, Kind.SUPERSEDED):
            make.event(cast.session, row, kind, when)
        make.event(cast.session, row, Kind.REVOKED, when, category="visits")
        make.event(cast.session, row, Kind.REVIEWED, when, until=when + DAY)

    first = NOW - DAY
    assert life(cast, row) == LifeFacts(
        withdrawn={"visits": first},
        confirmed_at=first,
        ended_at=first,
        known_false_at=first,
        superseded_at=first,
        reviews=(Span(first, NOW), Span(NOW, NOW + DAY)),
    )
    assert life(cast, other) == LifeFacts()


def test_taking_back_all_is_not_taking_back_a_kind(cast: Cast):
    row = a_consent(cast)
    make.event(cast.session, row, Kind.REVOKED, NOW - DAY, category="visits")
    make.event(cast.session, row, Kind.HELD, NOW - DAY)
    [kind_only] = told(cast, row)
    for when in (NOW + DAY, NOW):
        make.event(cast.session, row, Kind.REVOKED, when)

    [whole] = told(cast, row)

    assert (kind_only.revoked_at, whole.revoked_at) == (None, NOW)
    assert kind_only.life.withdrawn == whole.life.withdrawn == {"visits": NOW - DAY}


def test_events_of_one_instant_stand_in_one_order(cast: Cast):
    row = a_consent(cast)
    for number in (2, 1):
        until = NOW + number * DAY
        make.event(cast.session, row, Kind.HELD, NOW, id=uuid.UUID(int=number), until=until)

    assert life(cast, row).holds == (Span(NOW, NOW + DAY), Span(NOW, NOW + 2 * DAY))


@pytest.mark.parametrize(
    ("until", "lifted", "end"),
    [
        (None, [], None),
        (NOW + DAY, [], NOW + DAY),
        (None, [NOW], NOW),
        (NOW + DAY, [NOW], NOW),
        (NOW - DAY, [NOW], NOW - DAY),
        (None, [NOW + DAY, NOW], NOW),  # lifted twice
    ],
)
def test_a_hold_ends_with_the_first_thing_that_ends_it(cast: Cast, until, lifted, end):
    row = a_consent(cast)
    start = NOW - 2 * DAY
    hold = make.event(cast.session, row, Kind.HELD, start, until=until)
    make.event(cast.session, row, Kind.HELD, start + DAY / 2)
    for when in lifted:
        make.event(cast.session, row, Kind.HOLD_LIFTED, when, lifts_id=hold.id)

    assert life(cast, row).holds == (Span(start, end), Span(start + DAY / 2))


def test_those_about_a_student_are_to_one_organization_or_to_nobody_in_particular(cast: Cast):
    ours = a_consent(cast)
    to_nobody = a_consent(cast, recipient_id=None, recipient_name="")
    make.consent(cast.session, cast.luis, cast.hilltop, cast.maria)
    make.consent(cast.session, cast.mei, cast.riverside, cast.maria)

    found = consents.about(cast.session, cast.riverside.id, cast.luis.id)

    assert {(one.id, one.recipient) for one in found} == {
        (str(ours.id), str(cast.riverside.id)),
        (str(to_nobody.id), ""),
    }


@contextmanager
def counted(cast: Cast) -> Iterator[list[str]]:
    statements: list[str] = []
    listen = (cast.session.connection(), "before_cursor_execute")

    def keep(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(*listen, keep)
    yield statements
    event.remove(*listen, keep)


def test_nothing_is_asked_about_no_consent_and_nothing_of_papers_that_are_not_kept(cast: Cast):
    row = a_consent(cast)
    with counted(cast) as asked:
        assert told(cast) == ()
    assert asked == []
    with counted(cast) as asked:
        told(cast, row)
    assert not any("FROM document" in each or "recall" in each for each in asked)
