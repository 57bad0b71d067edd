"""Give a consent as a FHIR file to those who may take it along, for a stated purpose.

The staff who record consents for that student, and those of the partner to whom it opens
something. The file says who took it, when and what for; its row and its line are all that is
written. But for that mark, the same consent gives the same bytes until something happens to it.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import exports, taking, trail
from portal.access.actor import Actor
from portal.access.exports import Wanted
from portal.access.taking import Opened
from portal.consents.fhir import export, queries
from portal.consents.fhir.values import TakenAlong
from portal.vocabulary import EXPORT_PURPOSE_LABELS, ExportKind, ExportPurpose, ExportShape

FORMAT = "fhir-r4"


@dataclass(frozen=True)
class Exported:
    """A file that leaves: its exact bytes, and their SHA-256 as the trail has it."""

    file_name: str
    content: bytes
    sha256: str
    media_type: str = export.MEDIA_TYPE


@dataclass(frozen=True)
class Stated:
    """What a consent is taken along for: from the list, and in one's own words."""

    purpose: ExportPurpose | None
    words: str


def number_of(session: Session, me: Actor, consent_id: uuid.UUID, at: datetime) -> str:
    """The number of a consent that I may take along. Raises NotFound for any other."""
    return taking.open_consent(session, me, consent_id, at).consent.number


def export_consent(
    session: Session, me: Actor, consent_id: uuid.UUID, stated: Stated, at: datetime
) -> Exported:
    """The consent as a FHIR R4 resource.

    Raises NotFound for one that is not theirs to take, NotReady without a purpose, and Refused
    without the second factor when they have taken out much today.
    """
    opened = taking.open_consent(session, me, consent_id, at)
    taken = _taken(session, me, opened, stated, at)
    told = replace(queries.told_of(session, opened, at), taken=taken)
    content = export.write(told)
    digest = hashlib.sha256(content).hexdigest()
    entry = trail.Entry(
        taking.EVENT,
        True,
        at,
        (opened.student.id,),
        subject=told.number,
        purpose=str(stated.purpose),
        basis=[told.id],
        detail={
            "format": FORMAT,
            "number": taken.number,
            "sha256": digest,
            "status": export.status(told),
            "notices": [f"{notice.id} {notice.version}" for notice in told.notices],
        },
    )
    trail.write(session, me, entry)
    return Exported(f"Consent-{told.number}.json", content, digest)


def _taken(session: Session, me: Actor, opened: Opened, stated: Stated, at: datetime) -> TakenAlong:
    wanted = Wanted(
        ExportKind.CONSENT,
        ExportShape.FHIR,
        stated.purpose,
        stated.words,
        asked={"consent": opened.consent.number},
    )
    number = exports.hand_out(session, me, wanted, frozenset({opened.student.id}), at)
    by = ", ".join(part for part in (me.name, me.title, me.organization_name) if part)
    label = EXPORT_PURPOSE_LABELS[ExportPurpose(str(stated.purpose))]
    return TakenAlong(number, by, at, f"{label}: {' '.join(stated.words.split())}")
