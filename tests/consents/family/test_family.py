"""What a family looks after: what is shared, taking it back, who has seen it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import family, gate
from portal.access.family import Proof
from portal.consents.family import queries, service
from portal.consents.family.service import Scope
from portal.errors import NotFound
from portal.stewardship.family.queries import seen_by
from portal.store.consents import ConsentEvent
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    ConsentStatus,
    FamilyLinkKind,
    Purpose,
    SignerKind,
)
from tests import factories as make
from tests.people import NOW

LATER = NOW + timedelta(days=30)


@pytest.fixture
def maria(cast):
    """Luis's mother, who has proved who she is."""
    signer = (SignerKind.GUARDIAN, cast.maria.id, "Maria Sample")
    link, token, _code = family.new_link(
        cast.session, cast.who(cast.ana), FamilyLinkKind.KEEP, signer, "en", LATER, NOW
    )
    opened = family.prove(cast.session, link, Proof(born=cast.luis.born), "", NOW)
    return family.holder(cast.session, token, opened, NOW)


def a_consent(cast, *kinds, **changes):
    return make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, kinds or {Category.VISITS}, **changes
    )


def shared(cast, who):
    [of] = queries.shared(cast.session, who, NOW)
    return list(of.consents)


def test_both_directions_are_told_with_whom_why_and_until_when(cast, maria):
    a_consent(cast, ends_at=LATER)
    a_consent(cast, Category.SERVICE_STATUS, discloser_id=cast.riverside.id,
              recipient_id=cast.district.id, recipient_name=cast.district.name)  # fmt: skip
    gives, gets = shared(cast, maria)

    assert (gives.gives, gives.partner, gives.ends_on) == (
        True, "Riverside Clinic", date(2026, 12, 20),
    )  # fmt: skip
    assert (gets.gives, gets.partner, gets.partner_id) == (
        False, "Riverside Clinic", cast.riverside.id,
    )  # fmt: skip
    assert gives.purposes == (Purpose.COORDINATE,)


def test_what_became_of_each_is_told(cast, maria):
    held, old, newer, back = (a_consent(cast) for _ in range(4))
    make.event(cast.session, held, ConsentEventKind.HELD, NOW)
    make.event(cast.session, old, ConsentEventKind.SUPERSEDED, NOW)
    make.event(cast.session, back, ConsentEventKind.REVOKED, NOW)
    make.event(cast.session, newer, ConsentEventKind.REVOKED, NOW, category="visits")
    by_number = {view.number: view for view in shared(cast, maria)}

    assert by_number[held.number].status is ConsentStatus.HELD
    assert by_number[old.number].over_on == by_number[back.number].over_on == NOW.date()
    assert by_number[newer.number].kinds[0].taken_back == NOW.date()
    assert by_number[newer.number].open_kinds == by_number[back.number].open_kinds == ()


def test_everything_one_partner_or_one_kind_is_taken_back_and_no_more(cast, maria):
    one = a_consent(cast, Category.VISITS, Category.ATTENDANCE)
    other = make.consent(cast.session, cast.luis, cast.hilltop, cast.maria)
    visits = Scope(cast.luis.id, number=one.number, category=Category.VISITS)
    assert service.take_back(cast.session, maria, visits, NOW).consents == (one,)
    assert service.take_back(cast.session, maria, visits, NOW).consents == ()
    with_riverside = Scope(cast.luis.id, cast.riverside.id)
    assert service.take_back(cast.session, maria, with_riverside, NOW).consents == (one,)
    assert service.take_back(cast.session, maria, Scope(cast.luis.id), NOW).consents == (other,)

    events = cast.session.scalars(select(ConsentEvent)).all()
    assert sorted(event.category for event in events) == ["", "", "visits"]
    assert {(event.by_id, event.by_name) for event in events} == {(None, "Maria Sample")}


@pytest.mark.parametrize("of", ["mei", "zoe"])
def test_somebody_else_s_child_is_not_here(cast, maria, of):
    with pytest.raises(NotFound):
        service.take_back(cast.session, maria, Scope(getattr(cast, of).id), NOW)


def test_who_has_seen_the_record_is_told_once_a_day_with_its_ground(cast, maria):
    consent = a_consent(cast)
    make.record(cast.session, cast.luis, Category.VISITS)
    rita = cast.who(cast.rita)
    for _ in range(2):
        gate.open_record(cast.session, rita, cast.luis.id, Purpose.COORDINATE, NOW)
    [line] = seen_by(cast.session, maria, cast.luis, NOW)

    assert (line.person, line.times, line.outside) == ("Rita River", 2, True)
    assert Category.VISITS in line.opened
    assert (line.consents, len(line.agreements), line.legal) == ((consent.number,), 1, ())


def test_a_parent_is_not_told_who_saw_what_only_the_student_may_know(cast, maria):
    a_consent(
        cast, Category.SUD, signer_kind=SignerKind.STUDENT, signer_id=cast.luis.id,
        purposes=[Purpose.COORDINATE],
    )  # fmt: skip
    make.record(cast.session, cast.luis, Category.SUD)
    gate.open_record(cast.session, cast.who(cast.rita), cast.luis.id, Purpose.COORDINATE, NOW)

    assert shared(cast, maria) == []
    assert seen_by(cast.session, maria, cast.luis, NOW) == []
