"""The door to a consent that is taken along: what is opened, and what is noted of a refusal."""

from __future__ import annotations

import uuid

import pytest

from portal.access import consents, taking, trail
from portal.access.taking import Opened
from portal.errors import NotFound
from portal.policy.decision import Reason
from portal.store.consents import Consent
from portal.vocabulary import Category, OrganizationKind, Statement
from tests import factories as make
from tests.people import NOW, Cast


@pytest.fixture
def consent(cast: Cast) -> Consent:
    return make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, [Category.VISITS, Category.SUD]
    )


def test_a_consent_opens_with_whose_it_is_who_gives_and_what_it_does_not_open(
    cast: Cast, consent: Consent
) -> None:
    [told] = consents.as_facts(cast.session, [consent])
    for who in (cast.ana, cast.rita):
        opened = taking.open_consent(cast.session, cast.who(who), consent.id, NOW)
        closed: dict[str, tuple[Reason, ...]] = {"sud": (Reason.MINOR_SIGNATURE_NEEDED,)}
        assert opened == Opened(consent, cast.luis, cast.district, told, closed)
    assert trail.WAITING not in cast.session.info


@pytest.mark.parametrize(
    ("law", "missing"),
    [("is_hipaa", Statement.MAY_BE_REDISCLOSED), ("is_part2", Statement.PART2_REDISCLOSURE)],
)
def test_what_the_form_lacks_depends_on_the_laws_that_bind_who_gives(
    cast: Cast, law: str, missing: Statement
) -> None:
    giver = make.organization(cast.session, "Harbor Care", OrganizationKind.PROVIDER)
    setattr(giver, law, True)
    signed = make.consent(
        cast.session,
        cast.luis,
        cast.district,
        cast.maria,
        discloser_id=giver.id,
        authority="Parent",
        statements=[one for one in Statement if one is not missing],
    )
    opened = taking.open_consent(cast.session, cast.who(cast.ana), signed.id, NOW)

    assert opened.discloser == giver
    assert opened.closed == {"visits": (Reason(f"MISSING_STATEMENT:{missing}"),)}


def test_somebody_else_s_is_not_found_and_every_reason_is_noted_about_the_student(
    cast: Cast, consent: Consent
) -> None:
    me = cast.who(cast.sue)
    with pytest.raises(NotFound) as caught:
        taking.open_consent(cast.session, me, consent.id, NOW)

    assert caught.value is taking.NOT_FOUND
    codes = [Reason.NO_SUCH_TASK]
    about = (cast.luis.id,)
    entry = trail.Entry("consent.exported", False, NOW, about, consent.number, codes=codes)
    assert cast.session.info[trail.WAITING] == [(me, entry)]


def test_what_is_not_there_is_not_found_and_noted_by_what_was_asked_for(cast: Cast) -> None:
    me, asked = cast.who(cast.ana), uuid.UUID(int=1)
    with pytest.raises(NotFound) as caught:
        taking.open_consent(cast.session, me, asked, NOW)

    assert caught.value is taking.NOT_FOUND
    codes = [Reason.RECORD_UNKNOWN]
    entry = trail.Entry("consent.exported", False, NOW, (), str(asked), codes=codes)
    assert cast.session.info[trail.WAITING] == [(me, entry)]


def test_a_consent_is_found_by_its_number(cast: Cast, consent: Consent) -> None:
    make.consent(cast.session, cast.luis, cast.hilltop, cast.maria)

    assert taking.id_of(cast.session, consent.number) == consent.id
    assert taking.id_of(cast.session, "C-9999999") is None
