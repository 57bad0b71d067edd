"""Is a consent valid as a paper, and has nothing happened to it since? As a SELECT.

The same rules as `policy.validity`, told a second time for the Consent of the enclosing SELECT;
`access.visible` asks both functions, and the property test holds rule and query together.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal.access import sql
from portal.access.sql import there_is, within
from portal.policy.statements import OF_A_CATEGORY, OF_A_HIPAA_DISCLOSER, OF_A_PART2_DISCLOSER
from portal.store.consents import (
    Consent,
    ConsentCosigner,
    ConsentEvent,
    ConsentFormRecall,
    ConsentPerson,
    ConsentStatement,
)
from portal.store.papers import Document
from portal.store.places import Organization
from portal.vocabulary import (
    ELECTRONIC,
    ConsentEventKind,
    FormKind,
    SignatureMethod,
    SignerKind,
    Statement,
)

Condition = ColumnElement[bool]
Kind = ConsentEventKind

ENDINGS = (Kind.ENDED_BY_EVENT, Kind.KNOWN_FALSE, Kind.REVOKED, Kind.SUPERSEDED)
"""Events after which nothing opens; only a revocation may be of one kind of record."""


def alive(category: Any, at: datetime) -> Condition:
    """Nothing has happened to it that closes this kind of record at `at`."""
    return and_(not_ended(category, at), not_(_held(at)), _reviewed(at), _confirmed(at))


def not_ended(category: Any, at: datetime) -> Condition:
    """It has not been taken back, replaced, found false or ended by its event."""
    event = aliased(ConsentEvent)
    ended = there_is(
        event,
        where=[
            event.consent_id == Consent.id,
            event.kind.in_(ENDINGS),
            event.at <= at,
            or_(event.category == "", event.category == category),
        ],
    )
    return not_(ended)


def _held(at: datetime) -> Condition:
    hold, lift = aliased(ConsentEvent), aliased(ConsentEvent)
    lifted = there_is(
        lift, where=[lift.kind == Kind.HOLD_LIFTED, lift.lifts_id == hold.id, lift.at <= at]
    )
    return there_is(
        hold,
        where=[
            hold.consent_id == Consent.id,
            hold.kind == Kind.HELD,
            within(hold.at, hold.until, at),
            not_(lifted),
        ],
    )


def _reviewed(at: datetime) -> Condition:
    review = aliased(ConsentEvent)
    looked = there_is(
        review,
        where=[
            review.consent_id == Consent.id,
            review.kind == Kind.REVIEWED,
            within(review.at, review.until, at),
        ],
    )
    return or_(Consent.review_at.is_(None), at < Consent.review_at, looked)


def _confirmed(at: datetime) -> Condition:
    event = aliased(ConsentEvent)
    confirmed = there_is(
        event,
        where=[event.consent_id == Consent.id, event.kind == Kind.CONFIRMED, event.at <= at],
    )
    return or_(Consent.method.is_(None), Consent.method != SignatureMethod.PAPER, confirmed)


def valid(user_id: uuid.UUID, category: Any, at: datetime) -> Condition:
    """It says and bears what the law asks for, where this user asks for this kind of record."""
    return and_(
        Consent.form_kind == FormKind.STANDARD,
        or_(
            Consent.method.is_(None),
            Consent.method.not_in(sorted(ELECTRONIC)),
            Consent.identity_check.is_not(None),
        ),
        _names(user_id),
        _cosigned(at),
        not_(_recalled(at)),
        or_(Consent.signed_sha256 == "", _is_the_signed_paper()),
        _healthy(category),
    )


def _names(user_id: uuid.UUID) -> Condition:
    somebody = there_is(ConsentPerson, where=[ConsentPerson.consent_id == Consent.id])
    me = there_is(
        ConsentPerson,
        where=[ConsentPerson.consent_id == Consent.id, ConsentPerson.user_id == user_id],
    )
    return or_(not_(somebody), me)


def _cosigned(at: datetime) -> Condition:
    return not_(
        there_is(
            ConsentCosigner,
            where=[
                ConsentCosigner.consent_id == Consent.id,
                or_(ConsentCosigner.signed_at.is_(None), at < ConsentCosigner.signed_at),
            ],
        )
    )


def _recalled(at: datetime) -> Condition:
    return there_is(
        ConsentFormRecall,
        where=[
            ConsentFormRecall.version_id == Consent.form_version_id,
            ConsentFormRecall.at <= at,
        ],
    )


def _is_the_signed_paper() -> Condition:
    return there_is(
        Document,
        where=[Document.id == Consent.document_id, Document.sha256 == Consent.signed_sha256],
    )


def _healthy(category: Any) -> Condition:
    """HIPAA, Part 2 and Connecticut, by who gives the records and of which kind."""
    authority = or_(
        Consent.signer_kind == SignerKind.STUDENT, not_(sql.is_blank(Consent.authority))
    )
    of_kinds = [
        or_(category != kind, _says(statements)) for kind, statements in OF_A_CATEGORY.items()
    ]
    return and_(
        or_(not_(_discloser(Organization.is_hipaa)), and_(_says(OF_A_HIPAA_DISCLOSER), authority)),
        or_(not_(_discloser(Organization.is_part2)), _says(OF_A_PART2_DISCLOSER)),
        *of_kinds,
    )


def _discloser(trait: Any) -> Condition:
    return there_is(Organization, where=[Organization.id == Consent.discloser_id, trait])


def _says(statements: Sequence[Statement]) -> Condition:
    """Each of these sentences stood on it."""
    said = (
        select(func.count())
        .select_from(ConsentStatement)
        .where(
            ConsentStatement.consent_id == Consent.id,
            ConsentStatement.statement.in_([str(statement) for statement in statements]),
        )
        .correlate_except(ConsentStatement)
        .scalar_subquery()
    )
    return said == len(statements)
