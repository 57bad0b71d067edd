"""Is this paper an agreement made here, and how does that stand? For anybody.

    found = verifying.by_file(session, sha256_of_the_file, now())
    found = verifying.by_number(session, "M-7K3QF2", now())

None when it is none of ours: then it may still be a consent's (`access.genuine`), which also
writes the line of what was not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.numbers import LETTERS
from portal.agreements.queries import document_sha256
from portal.agreements.register import queries
from portal.agreements.register.queries import Known
from portal.policy.papers import may_be_verified
from portal.vocabulary import DocumentKind

NOT_A_LETTER = re.compile(f"[^{LETTERS}]")
NUMBER = re.compile(f"M[{LETTERS}]{{6}}")


class Held(StrEnum):
    """What somebody holds."""

    NUMBER = "number"
    WORD = "word"
    PDF = "pdf"
    CERTIFICATE = "certificate"
    SCAN = "scan"
    VERSION = "version"


@dataclass(frozen=True)
class Verified:
    """An agreement, and as what somebody holds it."""

    held: Held
    of: Known


def by_number(session: Session, typed: str, at: datetime) -> Verified | None:
    """By the number that is printed on it, however it was typed; once it is issued."""
    letters = NOT_A_LETTER.sub("", typed.upper()[:100])
    if not NUMBER.fullmatch(letters):
        return None
    known = queries.numbered(session, f"{letters[0]}-{letters[1:]}", at)
    if known is None or not may_be_verified(issued=True, holds_file=False):
        return None
    return _told(session, Verified(Held.NUMBER, known), at)


def by_file(session: Session, sha256: str, at: datetime) -> Verified | None:
    """By the SHA-256, in hex, of the file that somebody has."""
    found = queries.kept_as(session, sha256)
    if found is None:
        return None
    paper, kind = found
    known = queries.of_paper(session, paper, at)
    if not may_be_verified(issued=known.issued_at is not None, holds_file=True):
        return None
    held = _HELD.get(kind) or _issued(session, known, sha256)
    return _told(session, Verified(held, known), at)


_HELD = {
    DocumentKind.AGREEMENT_CERTIFICATE: Held.CERTIFICATE,
    DocumentKind.SIGNED_AGREEMENT: Held.SCAN,
    DocumentKind.AGREEMENT_VERSION: Held.VERSION,
}


def _issued(session: Session, known: Known, sha256: str) -> Held:
    is_word = document_sha256(session, known.document_id) == sha256
    return Held.WORD if is_word else Held.PDF


def _told(session: Session, found: Verified, at: datetime) -> Verified:
    detail = {"standing": str(found.of.status), "by": str(found.held)}
    entry = trail.Entry("agreement.verified", True, at, subject=found.of.number, detail=detail)
    trail.write(session, None, entry)
    return found
