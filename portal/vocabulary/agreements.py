"""Agreements, their lines, statuses and events."""

from __future__ import annotations

from enum import StrEnum


class AgreementKind(StrEnum):
    """What an agreement is; each asks for the terms that its law requires.

    Only a memorandum and a data-sharing agreement list what a consent may open; the others
    are bases of their own and open nothing in the portal.
    """

    MOU = "mou"
    DATA_SHARING = "data_sharing"
    DATA_USE = "data_use"
    QSOA = "qsoa"
    STUDIES = "studies"
    AUDIT = "audit"


AGREEMENT_KIND_LABELS = {
    AgreementKind.MOU: "Memorandum of understanding",
    AgreementKind.DATA_SHARING: "Data-sharing agreement",
    AgreementKind.DATA_USE: "Data-use letter",
    AgreementKind.QSOA: "Qualified service organization agreement",
    AgreementKind.STUDIES: "Agreement for a study",
    AgreementKind.AUDIT: "Agreement for an audit or evaluation",
}

LISTS_FOR_THE_GATE = frozenset({AgreementKind.MOU, AgreementKind.DATA_SHARING})
"""The kinds whose schedule the gate reads."""


class AgreementStatus(StrEnum):
    """Where an agreement stands on a given day; computed from its dates, never stored.

    Amended and superseded: another took its place, an amendment or a renewal. Ended: its last
    day was moved forward by notice. Expired: its last day passed.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    OUT_FOR_SIGNATURE = "out_for_signature"
    REFUSED = "refused"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    DISCARDED = "discarded"


AGREEMENT_STATUS_LABELS = {
    AgreementStatus.DRAFT: "Draft",
    AgreementStatus.IN_REVIEW: "In review",
    AgreementStatus.OUT_FOR_SIGNATURE: "Out for signature",
    AgreementStatus.REFUSED: "Signature refused",
    AgreementStatus.SIGNED: "Signed, not yet in force",
    AgreementStatus.IN_FORCE: "In force",
    AgreementStatus.AMENDED: "Amended by another",
    AgreementStatus.SUPERSEDED: "Renewed by another",
    AgreementStatus.ENDED: "Ended by notice",
    AgreementStatus.EXPIRED: "Expired",
    AgreementStatus.TERMINATED: "Terminated",
    AgreementStatus.DISCARDED: "Discarded",
}


class Following(StrEnum):
    """How an agreement takes the place of an earlier one."""

    AMENDS = "amends"
    RENEWS = "renews"


class EndedHow(StrEnum):
    """Why the sharing under an agreement stops before its last day."""

    TERMINATED = "terminated"
    NOTICE = "notice"
    AMENDED = "amended"
    SUPERSEDED = "superseded"


class LineBasis(StrEnum):
    """The law on which a line of the schedule is shared."""

    CONSENT = "consent"
    CHILD_WELFARE = "child_welfare"
    SCHOOL_OFFICIAL = "school_official"
    STUDIES = "studies"
    AUDIT = "audit"
    PART_2_SERVICE = "part_2_service"


LINE_BASIS_LABELS = {
    LineBasis.CONSENT: "Consent (34 CFR 99.30)",
    LineBasis.CHILD_WELFARE: "Child welfare (20 USC 1232g(b)(1)(L))",
    LineBasis.SCHOOL_OFFICIAL: "School official (34 CFR 99.31(a)(1)(i)(B))",
    LineBasis.STUDIES: "Study (34 CFR 99.31(a)(6))",
    LineBasis.AUDIT: "Audit or evaluation (34 CFR 99.35)",
    LineBasis.PART_2_SERVICE: "Part 2 service organization (42 CFR 2.11)",
}

GATE_BASES = frozenset({LineBasis.CONSENT, LineBasis.CHILD_WELFARE})
"""The bases on which the gate opens a listed record."""


class ServiceTier(StrEnum):
    """Tiers of a multi-tiered system of supports."""

    UNIVERSAL = "universal"
    TARGETED = "targeted"
    INTENSIVE = "intensive"
    CRISIS = "crisis"


SERVICE_TIER_LABELS = {
    ServiceTier.UNIVERSAL: "Tier 1, for all",
    ServiceTier.TARGETED: "Tier 2, for some",
    ServiceTier.INTENSIVE: "Tier 3, for a few",
    ServiceTier.CRISIS: "Crisis",
}


class VersionOrigin(StrEnum):
    """Where a version of an agreement came from."""

    OURS = "ours"
    RETURNED = "returned"
    ISSUED = "issued"


class AgreementEventKind(StrEnum):
    """What happened to an agreement; only ever added."""

    SENT = "sent"
    COMMENTED = "commented"
    RETURNED = "returned"
    APPROVED = "approved"
    ISSUED = "issued"
    SIGNED = "signed"
    REFUSED = "refused"
    REMINDED = "reminded"
    EXECUTED = "executed"
    WITHDRAWN = "withdrawn"
    NOTICE_GIVEN = "notice_given"
    TERMINATED = "terminated"
    REPLACED = "replaced"
    DESTRUCTION_ASKED = "destruction_asked"
    DESTRUCTION_CERTIFIED = "destruction_certified"


AGREEMENT_EVENT_LABELS = {
    AgreementEventKind.SENT: "Sent for review",
    AgreementEventKind.COMMENTED: "Commented",
    AgreementEventKind.RETURNED: "Sent back",
    AgreementEventKind.APPROVED: "Approved",
    AgreementEventKind.ISSUED: "Issued for signature",
    AgreementEventKind.SIGNED: "Signed",
    AgreementEventKind.REFUSED: "Signature refused",
    AgreementEventKind.REMINDED: "Reminder sent",
    AgreementEventKind.EXECUTED: "Signed by all",
    AgreementEventKind.WITHDRAWN: "Taken back",
    AgreementEventKind.NOTICE_GIVEN: "Notice given",
    AgreementEventKind.TERMINATED: "Terminated",
    AgreementEventKind.REPLACED: "Another took its place",
    AgreementEventKind.DESTRUCTION_ASKED: "Return or destruction asked for",
    AgreementEventKind.DESTRUCTION_CERTIFIED: "Return or destruction certified",
}


class SigningMethod(StrEnum):
    """How a side signed an agreement."""

    TYPED = "typed"
    BY_HAND = "by_hand"


class SettledHow(StrEnum):
    """What became of the records when an agreement ended."""

    DESTROYED = "destroyed"
    RETURNED = "returned"
    BOTH = "both"
    NONE_HELD = "none_held"


SETTLED_LABELS = {
    SettledHow.DESTROYED: "Destroyed",
    SettledHow.RETURNED: "Returned",
    SettledHow.BOTH: "Partly returned, the rest destroyed",
    SettledHow.NONE_HELD: "There were none",
}
