"""What a paper of a consent is made from, and what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.access.data_points import Named
from portal.consents.drafts import ConsentDraft
from portal.consents.forms.definition import Definition
from portal.consents.queries import PossibleSigner
from portal.consents.requests.drafts import Asked
from portal.pdf.render import MEDIA_TYPE as PDF
from portal.store.consents import ConsentSigning
from portal.store.people import Student
from portal.store.places import Organization
from portal.word.render import MEDIA_TYPE as WORD

__all__ = ["PDF", "WORD", "Agreed", "AskedOf", "Made", "ToSign"]


@dataclass(frozen=True)
class Agreed:
    """A signed form with all that belongs to it. drafts and numbers: one for each direction.

    form_sha256: of the form as it is kept. people: names of those whom a draft names, by id.
    identity_by, entered_by: members of staff, by name; empty where there was none. named: the
    district's own data points that go along with a kind of record.
    """

    form: Definition
    form_name: str
    form_sha256: str
    drafts: tuple[ConsentDraft, ...]
    numbers: tuple[str, ...]
    signing: ConsentSigning
    student: Student
    school: str
    district: Organization
    partner: Organization
    signer: PossibleSigner
    at: datetime
    people: Mapping[uuid.UUID, str] = field(default_factory=dict)
    identity_by: str = ""
    entered_by: str = ""
    named: Named = field(default_factory=dict)


@dataclass(frozen=True)
class AskedOf:
    """What is asked about one student and one partner."""

    student: Student
    school: str
    partner: Organization
    proposal: Asked


@dataclass(frozen=True)
class ToSign:
    """A form to be signed by hand, for each student and partner of a request.

    named: the district's own data points that go along with a kind of record.
    """

    form: Definition
    form_name: str
    number: str
    asked: tuple[AskedOf, ...]
    district: Organization
    signer: PossibleSigner
    language: str
    interpreter: str
    at: datetime
    named: Named = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """The same paper in both shapes."""

    pdf: bytes
    docx: bytes
