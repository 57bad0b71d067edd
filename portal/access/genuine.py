"""Is a paper that somebody holds one of ours, and does it still stand? Told without a name.

To anybody who asks.

    found = genuine.by_code(session, "7K3Q-F2HM-9XWD", now())
    found = genuine.by_hash(session, sha256_of_the_file, now())

The answer is a state and a day: no student, no signer, no partner, and no kind of record.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import trail
from portal.access.numbers import LETTERS
from portal.policy.facts import ConsentFacts
from portal.policy.papers import Standing, standing
from portal.store.consents import Consent, ConsentSigning
from portal.store.papers import Document
from portal.store.places import Organization

NOT_A_LETTER = re.compile(f"[^{LETTERS}]")


@dataclass(frozen=True)
class Verified:
    """How a paper stands. at: since when, where that is told; tz: the district's."""

    standing: Standing
    at: datetime | None = None
    tz: str = "America/New_York"


def by_code(session: Session, code: str, at: datetime) -> Verified:
    """By the code that is printed on a receipt, however it was typed."""
    letters = NOT_A_LETTER.sub("", code.upper()[:100])
    printed = "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))
    signing = session.scalar(select(ConsentSigning).where(ConsentSigning.code == printed))
    return _answered(session, _of_signings(session, [signing.id] if signing else []), "code", at)


def by_hash(session: Session, sha256: str, at: datetime) -> Verified:
    """By the SHA-256, in hex, of the file that somebody has."""
    ours = session.scalars(select(Document.id).where(Document.sha256 == sha256)).all()
    signings = session.scalars(
        select(ConsentSigning.id).where(
            or_(ConsentSigning.pdf_id.in_(ours), ConsentSigning.docx_id.in_(ours))
        )
    ).all()
    scans = session.scalars(
        select(Consent).where(Consent.document_id.in_(ours), Consent.signed_at.is_not(None))
    ).all()
    return _answered(session, [*_of_signings(session, signings), *scans], "file", at)


def _of_signings(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[Consent]:
    return session.scalars(
        select(Consent)
        .where(Consent.signing_id.in_(ids), Consent.signed_at.is_not(None))
        .order_by(Consent.number)
    ).all()


def _answered(session: Session, rows: Sequence[Consent], how: str, at: datetime) -> Verified:
    told: Sequence[ConsentFacts] = consent_facts.as_facts(session, rows)
    found, since = standing(told, at)
    detail = {"standing": str(found), "by": how}
    trail.write(session, None, trail.Entry("consent.verified", bool(rows), at, detail=detail))
    if not rows:
        return Verified(found)
    return Verified(found, since, session.get_one(Organization, _district(session, rows[0])).tz)


def _district(session: Session, row: Consent) -> uuid.UUID:
    """Whose clock tells the day: the district that keeps the paper."""
    if row.document_id is None:
        return row.discloser_id
    return session.get_one(Document, row.document_id).owner_id
