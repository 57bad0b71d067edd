"""Put a scenario's consents on the shelves: ticks, paper, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from portal.scenarios.keys import CLERK, EVER, HOUSE, Keys, Rows, span_of
from portal.scenarios.reading import Consent as Told
from portal.scenarios.reading import Scenario
from portal.store.base import Base
from portal.store.consents import (
    Consent,
    ConsentCategory,
    ConsentCosigner,
    ConsentEvent,
    ConsentFormRecall,
    ConsentFormVersion,
    ConsentPerson,
    ConsentPurpose,
    ConsentStatement,
)
from portal.vocabulary import ConsentEventKind, FormKind, IdentityCheck, SignerKind

Kind = ConsentEventKind
NOT_THE_SIGNED_ONE = "0" * 64


def world(scenario: Scenario, keys: Keys) -> Iterable[tuple[type[Base], Rows]]:
    """The tables of the consents with their rows, those referred to first."""
    yield ConsentFormVersion, _versions(scenario, keys)
    yield ConsentFormRecall, _recalls(scenario, keys)
    yield Consent, (_consent(number, told, keys) for number, told in _each(scenario))
    yield ConsentCategory, _categories(scenario, keys)
    yield ConsentPurpose, _listed(scenario, keys, "purposes", "purpose")
    yield ConsentStatement, _listed(scenario, keys, "statements", "statement")
    yield ConsentPerson, _persons(scenario, keys)
    yield ConsentCosigner, _cosigners(scenario, keys)
    yield ConsentEvent, _events(scenario, keys)


def sign(session: Session, scenario: Scenario, keys: Keys) -> None:
    """Sign what is signed, last: a signed consent takes no tick any more."""
    signed = [
        {"key": keys.of("consents", told.id), "then": told.signed_at}
        for told in scenario.consents
        if told.signed_at is not None
    ]
    if signed:
        consent = cast(Table, Consent.__table__)
        of_one = update(consent).where(consent.c.id == bindparam("key"))
        session.execute(of_one.values(signed_at=bindparam("then")), signed)


def _each(scenario: Scenario) -> Iterable[tuple[int, Told]]:
    return enumerate(scenario.consents)


def _recalled(scenario: Scenario) -> Iterator[tuple[int, Told]]:
    return ((number, told) for number, told in _each(scenario) if told.form_recalled_at)


def _versions(scenario: Scenario, keys: Keys) -> Rows:
    for number, told in _recalled(scenario):
        yield {
            "id": keys.of("versions", told.id),
            "district_id": keys.of(*HOUSE),
            "kind": FormKind.STANDARD,
            "version": number,
            "definition": {},
            "sha256": "",
            "written_at": EVER,
        }


def _recalls(scenario: Scenario, keys: Keys) -> Rows:
    for _number, told in _recalled(scenario):
        yield {
            "version_id": keys.of("versions", told.id),
            "at": told.form_recalled_at,
            "element": "an element",
            "written_by": keys.of(*CLERK),
            "written_at": told.form_recalled_at,
        }


def _consent(number: int, told: Told, keys: Keys) -> dict[str, Any]:
    signers = "students" if told.signer_kind is SignerKind.STUDENT else "guardians"
    return {
        "id": keys.of("consents", told.id),
        "number": str(number),
        "student_id": keys.of("students", told.student),
        "discloser_id": keys.of("orgs", told.discloser),
        "recipient_id": None if told.recipient is None else keys.of("orgs", told.recipient),
        "form_version_id": keys.of("versions", told.id) if told.form_recalled_at else None,
        "form_kind": told.form,
        "signer_kind": told.signer_kind,
        "signer_id": keys.of(signers, told.signer),
        "authority": told.authority,
        "method": told.method,
        "identity_check": IdentityCheck.IN_PERSON if told.identity_checked else None,
        "signed_sha256": "" if told.text_matches else NOT_THE_SIGNED_ONE,
        "review_at": told.review_at,
        "detail": told.detail,
        **span_of(told.records, "records_from", "records_until"),
        **span_of(told.span, "starts_at", "ends_at"),
    }


def _categories(scenario: Scenario, keys: Keys) -> Rows:
    for consent in scenario.consents:
        for category in consent.categories:
            yield {
                "consent_id": keys.of("consents", consent.id),
                "category": category,
                "special": category in consent.special,
            }


def _listed(scenario: Scenario, keys: Keys, field: str, column: str) -> Rows:
    for consent in scenario.consents:
        for value in getattr(consent, field):
            yield {"consent_id": keys.of("consents", consent.id), column: value}


def _persons(scenario: Scenario, keys: Keys) -> Rows:
    users = {user.id for user in scenario.users}
    for consent in scenario.consents:
        # Whoever is none of the users could not ask, and yet the others are not named.
        for name in consent.named:
            user = ("users", name) if name in users else CLERK
            yield {"consent_id": keys.of("consents", consent.id), "user_id": keys.of(*user)}


def _cosigners(scenario: Scenario, keys: Keys) -> Rows:
    for consent in scenario.consents:
        for place, signed_at in enumerate(consent.cosigned):
            yield {
                "consent_id": keys.of("consents", consent.id),
                "name": str(place),
                "signed_at": signed_at,
            }


ONCE = {
    "revoked_at": Kind.REVOKED,
    "confirmed_at": Kind.CONFIRMED,
    "ended_at": Kind.ENDED_BY_EVENT,
    "known_false_at": Kind.KNOWN_FALSE,
    "superseded_at": Kind.SUPERSEDED,
}
"""Fields that are one event each."""


def _events(scenario: Scenario, keys: Keys) -> Rows:
    for consent in scenario.consents:
        for number, event in enumerate((*_of(consent), *_holds(consent, keys))):
            usual = {
                "id": keys.of("events", f"{number} of {consent.id}"),
                "until": None,
                "category": "",
                "lifts_id": None,
                "written_at": event["at"],
            }
            yield {"consent_id": keys.of("consents", consent.id)} | usual | event


def _of(consent: Told) -> Iterator[dict[str, Any]]:
    for field, kind in ONCE.items():
        if (at := getattr(consent, field)) is not None:
            yield {"kind": kind, "at": at}
    for start, end in consent.reviews:
        yield {"kind": Kind.REVIEWED, "at": start, "until": end}
    for category, at in consent.withdrawn.items():
        yield {"kind": Kind.REVOKED, "at": at, "category": category}


def _holds(consent: Told, keys: Keys) -> Iterator[dict[str, Any]]:
    """A hold is lifted, or ends by itself: the gate reads both, so the two take turns here."""
    for number, (start, end) in enumerate(consent.holds):
        hold = keys.of("holds", f"{number} of {consent.id}")
        lifted = end is not None and number % 2 == 0
        yield {"id": hold, "kind": Kind.HELD, "at": start, "until": None if lifted else end}
        if lifted:
            yield {"kind": Kind.HOLD_LIFTED, "at": end, "lifts_id": hold}
