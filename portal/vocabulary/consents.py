"""Signatures, forms and what becomes of a consent; who may sign."""

from __future__ import annotations

from enum import StrEnum

from portal.vocabulary.gate import Category


class SignatureMethod(StrEnum):
    """How a consent or an agreement was signed."""

    PAPER = "paper"
    TYPED = "typed"
    DRAWN = "drawn"


SIGNATURE_METHOD_LABELS = {
    SignatureMethod.PAPER: "Signed on paper, scanned",
    SignatureMethod.TYPED: "Typed and signed on screen",
    SignatureMethod.DRAWN: "Drawn and signed on screen",
}

ELECTRONIC = frozenset({SignatureMethod.TYPED, SignatureMethod.DRAWN})
"""Must identify and authenticate the signer (34 CFR 99.30(d))."""


class IdentityCheck(StrEnum):
    """How it was made sure who signs on a screen."""

    IN_PERSON = "in_person"
    LINK_AND_BIRTH_DATE = "link_and_birth_date"
    LINK_BIRTH_DATE_AND_CODE = "link_birth_date_and_code"


IDENTITY_CHECK_LABELS = {
    IdentityCheck.IN_PERSON: "Known to staff, or identified, in person",
    IdentityCheck.LINK_AND_BIRTH_DATE: "One-time link and the student's birth date",
    IdentityCheck.LINK_BIRTH_DATE_AND_CODE: "One-time link, birth date and a code told apart",
}


class Instrument(StrEnum):
    """Which law a consent answers to, by who gives the records."""

    FERPA = "ferpa"
    HIPAA = "hipaa"


class FormKind(StrEnum):
    """What a consent form is for; the single-purpose ones may not be combined with anything."""

    STANDARD = "standard"
    PSYCHOTHERAPY_NOTES = "psychotherapy_notes"
    SUD_COUNSELING_NOTES = "sud_counseling_notes"
    COURT_USE = "court_use"


FORM_KIND_LABELS = {
    FormKind.STANDARD: "Consent for release",
    FormKind.PSYCHOTHERAPY_NOTES: "Psychotherapy notes (45 CFR 164.508(b)(3)(ii))",
    FormKind.SUD_COUNSELING_NOTES: "SUD counseling notes (42 CFR 2.31(b))",
    FormKind.COURT_USE: "Use in a legal proceeding (42 CFR 2.31(d))",
}

KIND_OF_FORM = {
    FormKind.PSYCHOTHERAPY_NOTES: Category.PSYCHIATRIC,
    FormKind.SUD_COUNSELING_NOTES: Category.SUD,
    FormKind.COURT_USE: Category.SUD,
}
"""A single-purpose form ticks no kind of record; who may sign it and know of it is as for this."""


class Statement(StrEnum):
    """What the signer must have been told; each is a sentence of the form with this id.

    The law behind each, and for whom it is required, is in `policy.statements`.
    """

    VOLUNTARY = "voluntary"
    REVOKE = "revoke"
    NO_CONDITION = "no_condition"
    MAY_BE_REDISCLOSED = "may_be_redisclosed"
    REDISCLOSURE_LIMIT = "redisclosure_limit"
    BECOMES_SCHOOL_RECORD = "becomes_school_record"
    COPY = "copy"
    HOLDER_CHANGES = "holder_changes"
    PART2_REDISCLOSURE = "part2_redisclosure"
    PART2_REFUSAL = "part2_refusal"
    CT_REFUSAL = "ct_refusal"
    HIV_NOTICE = "hiv_notice"


class FamilyLinkKind(StrEnum):
    """What a family's link is for."""

    SIGN = "sign"
    KEEP = "keep"


class ConsentEventKind(StrEnum):
    """What happened to a signed consent. Rows are only ever added; the consent never changes."""

    REVOKED = "revoked"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"
    CONFIRMED = "confirmed"
    ENDED_BY_EVENT = "ended_by_event"
    REVIEWED = "reviewed"
    KNOWN_FALSE = "known_false"
    SUPERSEDED = "superseded"
    OBJECTED = "objected"


CONSENT_EVENT_LABELS = {
    ConsentEventKind.REVOKED: "Taken back",
    ConsentEventKind.HELD: "Put on hold",
    ConsentEventKind.HOLD_LIFTED: "Hold lifted",
    ConsentEventKind.CONFIRMED: "Paper confirmed by a second person",
    ConsentEventKind.ENDED_BY_EVENT: "The event that ends it happened",
    ConsentEventKind.REVIEWED: "Reviewed, goes on",
    ConsentEventKind.KNOWN_FALSE: "Found to be false",
    ConsentEventKind.SUPERSEDED: "Replaced by another consent",
    ConsentEventKind.OBJECTED: "The other parent objects",
}


class Frequency(StrEnum):
    """How often a line of an agreement's schedule is shared."""

    AS_IT_HAPPENS = "as_it_happens"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    AT_REVIEW = "at_review"
    ON_REQUEST = "on_request"


FREQUENCY_LABELS = {
    Frequency.AS_IT_HAPPENS: "As it happens",
    Frequency.WEEKLY: "Weekly",
    Frequency.MONTHLY: "Monthly",
    Frequency.AT_REVIEW: "At each case review",
    Frequency.ON_REQUEST: "On request",
}


class Channel(StrEnum):
    """How a line of an agreement's schedule is shared."""

    PORTAL = "portal"
    ENCRYPTED_MAIL = "encrypted_mail"
    BY_HAND = "by_hand"


CHANNEL_LABELS = {
    Channel.PORTAL: "In the portal",
    Channel.ENCRYPTED_MAIL: "By encrypted e-mail",
    Channel.BY_HAND: "On paper, by hand",
}


class Retention(StrEnum):
    """Until when a recipient keeps what a line of the schedule gave it."""

    AGREEMENT_END = "agreement_end"
    SCHOOL_YEAR = "school_year"
    CASE_CLOSED = "case_closed"
    LEGAL_MINIMUM = "legal_minimum"


RETENTION_LABELS = {
    Retention.AGREEMENT_END: "The agreement ends",
    Retention.SCHOOL_YEAR: "The school year ends",
    Retention.CASE_CLOSED: "The case is closed",
    Retention.LEGAL_MINIMUM: "The law allows it to be destroyed",
}


class ConsentStatus(StrEnum):
    """Where a consent stands at a given instant; computed from its dates, never stored."""

    DRAFT = "draft"
    OUT_FOR_SIGNATURE = "out_for_signature"
    REFUSED = "refused"
    TO_CONFIRM = "to_confirm"
    NOT_YET = "not_yet"
    ACTIVE = "active"
    ENDS_SOON = "ends_soon"
    HELD = "held"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"
    SUPERSEDED = "superseded"


CONSENT_STATUS_LABELS = {
    ConsentStatus.DRAFT: "Not signed",
    ConsentStatus.OUT_FOR_SIGNATURE: "Out for signature",
    ConsentStatus.REFUSED: "Refused",
    ConsentStatus.TO_CONFIRM: "Paper to confirm",
    ConsentStatus.NOT_YET: "Starts later",
    ConsentStatus.ACTIVE: "Active",
    ConsentStatus.ENDS_SOON: "Ends soon",
    ConsentStatus.HELD: "Held",
    ConsentStatus.ENDED: "Ended",
    ConsentStatus.TAKEN_BACK: "Taken back",
    ConsentStatus.SUPERSEDED: "Replaced",
}


class Relationship(StrEnum):
    """How a guardian is related to a student."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    RELATIVE = "relative"
    SURROGATE = "surrogate"
    STATE_AGENCY = "state_agency"


RELATIONSHIP_LABELS = {
    Relationship.PARENT: "Parent",
    Relationship.GUARDIAN: "Guardian",
    Relationship.RELATIVE: "Relative acting as parent",
    Relationship.SURROGATE: "Surrogate parent",
    Relationship.STATE_AGENCY: "State agency with custody",
}


class CourtRight(StrEnum):
    """Which right of a guardian a court order limits."""

    CONSENT = "consent"
    ACCESS = "access"
    BOTH = "both"


COURT_RIGHT_LABELS = {
    CourtRight.CONSENT: "The right to consent",
    CourtRight.ACCESS: "Seeing the records",
    CourtRight.BOTH: "Both",
}
