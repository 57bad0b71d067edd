"""Give a consent as a FHIR file to those who may take it along.

The staff who record consents for that student, and those of the partner to whom it opens
something. Nothing but the trail line is written: asked again, the same consent gives the same
bytes until something happens to it.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import taking, trail
from portal.access.actor import Actor
from portal.consents.fhir import export, queries

FORMAT = "fhir-r4"


@dataclass(frozen=True)
class Exported:
    """A file that leaves: its exact bytes, and their SHA-256 as the trail has it."""

    file_name: str
    content: bytes
    sha256: str
    media_type: str = export.MEDIA_TYPE


def export_consent(session: Session, me: Actor, consent_id: uuid.UUID, at: datetime) -> Exported:
    """The consent as a FHIR R4 resource. Raises NotFound for one that is not theirs to take."""
    opened = taking.open_consent(session, me, consent_id, at)
    told = queries.told_of(session, opened, at)
    content = export.write(told)
    digest = hashlib.sha256(content).hexdigest()
    entry = trail.Entry(
        taking.EVENT,
        True,
        at,
        (opened.student.id,),
        subject=told.number,
        basis=[told.id],
        detail={
            "format": FORMAT,
            "sha256": digest,
            "status": export.status(told),
            "notices": [f"{notice.id} {notice.version}" for notice in told.notices],
        },
    )
    trail.write(session, me, entry)
    return Exported(f"Consent-{told.number}.json", content, digest)
