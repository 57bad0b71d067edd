"""The plain values that the rules read: what is known about one user and one student.

Ids are text. `access.facts` brings these from the database; nothing here knows how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.policy.spans import Span
from portal.vocabulary import Detail, LegalKind, Level, OrganizationKind, RelationKind, SignerKind


@dataclass(frozen=True)
class OrganizationFacts:
    """An organization and when it is active."""

    id: str
    kind: OrganizationKind
    active: Span


@dataclass(frozen=True)
class UserFacts:
    """A user, their level, when they are active, and a principal's building."""

    id: str
    organization: str
    level: Level
    active: Span
    building: str | None = None


@dataclass(frozen=True)
class StudentFacts:
    """A student's birth date, zone of local midnights, and postsecondary attendance."""

    id: str
    born: date | None
    tz: str
    postsecondary: Span | None = None


@dataclass(frozen=True)
class RelationFacts:
    """How this user stands to this student."""

    kind: RelationKind
    span: Span


@dataclass(frozen=True)
class EnrollmentFacts:
    """A span in a building."""

    building: str
    span: Span


@dataclass(frozen=True)
class GrantFacts:
    """A written grant of access to this user about this student."""

    categories: frozenset[str]
    approved: bool
    span: Span


@dataclass(frozen=True)
class GuardianshipFacts:
    """A span of educational rights of one guardian for one student."""

    guardian: str
    student: str
    rights: Span


@dataclass(frozen=True)
class RecordFacts:
    """One item on the shelf."""

    id: str
    student: str
    custodian: str
    category: str
    event: datetime
    author: str | None = None
    draft: bool = False
    sealed: Span | None = None


@dataclass(frozen=True)
class AgreementFacts:
    """An agreement between a and b, with its schedule in each direction."""

    id: str
    a: str
    b: str
    a_to_b: frozenset[str]
    b_to_a: frozenset[str]
    span: Span
    a_signed: datetime | None
    b_signed: datetime | None
    terminated: datetime | None = None
    waive_team: bool = False

    def schedule(self, giver: str, receiver: str) -> frozenset[str] | None:
        """The categories listed from `giver` to `receiver`; None if it is not theirs."""
        if (giver, receiver) == (self.a, self.b):
            return self.a_to_b
        if (giver, receiver) == (self.b, self.a):
            return self.b_to_a
        return None


@dataclass(frozen=True)
class ConsentFacts:
    """A consent: who may give what to whom, why, for which events, from when until when."""

    id: str
    student: str
    discloser: str
    recipient: str
    categories: frozenset[str]
    special: frozenset[str]
    purposes: frozenset[str]
    records: Span
    span: Span
    signer_kind: SignerKind
    signer: str
    signed_at: datetime | None
    revoked_at: datetime | None = None
    detail: Detail = Detail.FULL


@dataclass(frozen=True)
class LegalFacts:
    """A legal basis without consent."""

    id: str
    kind: LegalKind
    student: str
    custodian: str
    recipient: str
    categories: frozenset[str]
    span: Span
    named_users: frozenset[str] = frozenset()
    reason: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class BlockFacts:
    """No sharing with this organization (None: with any) while the span is open."""

    organization: str | None
    span: Span


@dataclass(frozen=True)
class Facts:
    """All that bears on what one user may see of one student.

    shelf: the student's records, which `identity` asks after.
    """

    user: UserFacts
    student: StudentFacts
    organizations: Mapping[str, OrganizationFacts]
    relations: tuple[RelationFacts, ...] = ()
    enrollments: tuple[EnrollmentFacts, ...] = ()
    programs: tuple[Span, ...] = ()
    grants: tuple[GrantFacts, ...] = ()
    guardianships: tuple[GuardianshipFacts, ...] = ()
    agreements: tuple[AgreementFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    legal: tuple[LegalFacts, ...] = ()
    blocks: tuple[BlockFacts, ...] = ()
    shelf: tuple[RecordFacts, ...] = field(default=(), repr=False)
