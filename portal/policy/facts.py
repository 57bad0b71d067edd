"""The plain values that the rules read: what is known about one user and one student.

Ids are text. `access.facts` brings these from the database; nothing here knows how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.policy.spans import Span
from portal.vocabulary import (
    CourtRight,
    Detail,
    FormKind,
    LegalKind,
    Level,
    OrganizationKind,
    RelationKind,
    SignatureMethod,
    SignerKind,
)


@dataclass(frozen=True)
class OrganizationFacts:
    """An organization, when it is active, and which health laws bind what it gives."""

    id: str
    kind: OrganizationKind
    active: Span
    hipaa: bool = False
    part2: bool = False


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
    """A grant of access to this user about this student.

    emergency: opened by the user in a health or safety emergency, with its reason in words; else
    it rests on a written request. id: by which an emergency is named in the trail.
    """

    categories: frozenset[str]
    approved: bool
    span: Span
    id: str = ""
    emergency: bool = False
    reason: str = ""


@dataclass(frozen=True)
class GuardianshipFacts:
    """A span of educational rights of one guardian for one student."""

    guardian: str
    student: str
    rights: Span


@dataclass(frozen=True)
class OrderFacts:
    """A court order, statute or binding document that limits a right of one guardian."""

    guardian: str
    student: str
    limits: CourtRight
    span: Span


@dataclass(frozen=True)
class AudienceFacts:
    """Who may open a record at most. It only narrows.

    levels: inside, those that alone may; None for any, and none at all for an empty list.
    inside_only: it never leaves its organization. told_from: a consent signed before does not
    open it, because the family had not been told of it.
    """

    levels: frozenset[str] | None = None
    inside_only: bool = False
    told_from: datetime | None = None


NOBODY = AudienceFacts(frozenset(), inside_only=True)
"""The audience of a record whose own was not asked for: so nothing opens by forgetting it."""


@dataclass(frozen=True)
class RecordFacts:
    """One item on the shelf.

    restricted: its text is for its author, a few, and told_to, the user whom it was written for.
    """

    id: str
    student: str
    custodian: str
    category: str
    event: datetime
    author: str | None = None
    draft: bool = False
    sealed: Span | None = None
    restricted: bool = False
    told_to: str | None = None
    audience: AudienceFacts | None = None


@dataclass(frozen=True)
class LineFacts:
    """What a line of a schedule carries of its category; as it stands here, all of it.

    purposes: empty for any that the consent names. basis: the code of the ground that may
    rest on it, empty for any. added: not in the agreement before this one. since: from when on
    agreements have listed it without a break, where an earlier one added it.
    """

    purposes: frozenset[str] = frozenset()
    basis: str = ""
    detail: Detail = Detail.FULL
    added: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class AgreementFacts:
    """An agreement between a and b, with the line of each category listed in each direction."""

    id: str
    a: str
    b: str
    a_to_b: Mapping[str, LineFacts]
    b_to_a: Mapping[str, LineFacts]
    span: Span
    a_signed: datetime | None
    b_signed: datetime | None
    terminated: datetime | None = None
    waive_team: bool = False

    @property
    def bound_at(self) -> datetime | None:
        """When it became binding: with the later signature; None while one is missing."""
        if self.a_signed is None or self.b_signed is None:
            return None
        return max(self.a_signed, self.b_signed)

    def schedule(self, giver: str, receiver: str) -> Mapping[str, LineFacts] | None:
        """The lines from `giver` to `receiver`; None if the agreement is not theirs."""
        if (giver, receiver) == (self.a, self.b):
            return self.a_to_b
        if (giver, receiver) == (self.b, self.a):
            return self.b_to_a
        return None


@dataclass(frozen=True)
class PaperFacts:
    """What a consent looks like as a paper: whether it says and bears what the law asks for.

    statements: ids of the sentences that stood on it. cosigners: when each of the others
    whose signature is needed signed, None for not yet. text_matches: the kept bytes are
    those that were signed. recalled_at: from when the form lacks an element now required.
    """

    method: SignatureMethod | None = None
    identity_checked: bool = False
    authority: str = ""
    form: FormKind = FormKind.STANDARD
    statements: frozenset[str] = frozenset()
    cosigners: tuple[datetime | None, ...] = ()
    recalled_at: datetime | None = None
    text_matches: bool = True


@dataclass(frozen=True)
class LifeFacts:
    """What became of a consent since: what was written down, each from its instant on.

    withdrawn: kinds of record taken back by themselves. holds: spans in which it is held.
    confirmed_at: a second person compared the scan with the paper. review_at and reviews:
    until when somebody has made sure that the event which ends it has not happened.
    """

    withdrawn: Mapping[str, datetime] = field(default_factory=dict)
    holds: tuple[Span, ...] = ()
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    known_false_at: datetime | None = None
    superseded_at: datetime | None = None
    review_at: datetime | None = None
    reviews: tuple[Span, ...] = ()


@dataclass(frozen=True)
class ConsentFacts:
    """A consent: who may give what to whom, why, for which events, from when until when.

    recipient: empty when the paper names nobody. named: users of the recipient whom it
    names; with none, it is the organization.
    """

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
    named: frozenset[str] = frozenset()
    paper: PaperFacts = PaperFacts()
    life: LifeFacts = field(default_factory=LifeFacts)


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

    shelf: the student's records, which `identity` asks after. locks: of this user, for a
    conflict of interest. hidden: while lists and searches leave the student out.
    """

    user: UserFacts
    student: StudentFacts
    organizations: Mapping[str, OrganizationFacts]
    relations: tuple[RelationFacts, ...] = ()
    enrollments: tuple[EnrollmentFacts, ...] = ()
    programs: tuple[Span, ...] = ()
    grants: tuple[GrantFacts, ...] = ()
    guardianships: tuple[GuardianshipFacts, ...] = ()
    orders: tuple[OrderFacts, ...] = ()
    agreements: tuple[AgreementFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    legal: tuple[LegalFacts, ...] = ()
    blocks: tuple[BlockFacts, ...] = ()
    locks: tuple[Span, ...] = ()
    hidden: tuple[Span, ...] = ()
    shelf: tuple[RecordFacts, ...] = field(default=(), repr=False)
