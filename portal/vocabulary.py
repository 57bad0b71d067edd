"""Every closed list that a rule depends on, in the field's words.

Stable codes are what is stored; labels are what people read. Codes are never
reused. Rules ask these lists; pages fill their choices from them.
"""

from __future__ import annotations

from enum import StrEnum

from portal.languages.marks import N_


class Category(StrEnum):
    """The kinds of record that a consent ticks, an agreement lists and the gate opens."""

    IDENTITY = "identity"
    CONTACT = "contact"
    ENROLLMENT = "enrollment"
    ATTENDANCE = "attendance"
    DISCIPLINE = "discipline"
    ASSESSMENT = "assessment"
    COURSES = "courses"
    SPECIAL_EDUCATION = "special_education"
    SECTION_504 = "section_504"
    HEALTH = "health"
    VISITS = "visits"
    VISIT_NOTES = "visit_notes"
    REFERRALS = "referrals"
    SERVICE_STATUS = "service_status"
    SAFETY_PLAN = "safety_plan"
    PSYCHIATRIC = "psychiatric"
    REPRODUCTIVE = "reproductive"
    OWN_CARE = "own_care"
    HIV = "hiv"
    SUD = "sud"
    MANDATED_REPORT = "mandated_report"


CATEGORY_LABELS = {
    Category.IDENTITY: "Name, school and grade",
    Category.CONTACT: "Contact details",
    Category.ENROLLMENT: "Enrollment history",
    Category.ATTENDANCE: "Attendance",
    Category.DISCIPLINE: "Discipline",
    Category.ASSESSMENT: "Test scores",
    Category.COURSES: "Courses and grades",
    Category.SPECIAL_EDUCATION: "Special education",
    Category.SECTION_504: "Section 504 plan",
    Category.HEALTH: "School health",
    Category.VISITS: "Support visits and services",
    Category.VISIT_NOTES: "Notes of support visits",
    Category.REFERRALS: "Referrals",
    Category.SERVICE_STATUS: "Service status",
    Category.SAFETY_PLAN: "Safety plan",
    Category.PSYCHIATRIC: "Mental health treatment",
    Category.REPRODUCTIVE: "Reproductive or gender-affirming care",
    Category.OWN_CARE: "Care a minor sought alone",
    Category.HIV: "HIV-related information",
    Category.SUD: "Substance use treatment",
    Category.MANDATED_REPORT: "Reports to child protection",
}

SUPPORT = frozenset(
    {
        Category.VISITS,
        Category.VISIT_NOTES,
        Category.REFERRALS,
        Category.SERVICE_STATUS,
        Category.SAFETY_PLAN,
        Category.PSYCHIATRIC,
        Category.REPRODUCTIVE,
        Category.OWN_CARE,
        Category.HIV,
        Category.SUD,
        Category.MANDATED_REPORT,
    }
)
"""Limited to authorized support staff and administrators."""

SPECIAL = frozenset(
    {
        Category.PSYCHIATRIC,
        Category.REPRODUCTIVE,
        Category.OWN_CARE,
        Category.HIV,
        Category.SUD,
    }
)
"""Need their own initials on the consent (CGS 19a-581, 42 CFR 2.31, CGS 52-146c to 52-146x)."""

SUBJECT_ONLY = frozenset({Category.OWN_CARE, Category.SUD})
"""Only the student may sign for these (42 CFR 2.14, CGS 17a-688, CGS 19a-14c)."""

NEVER = frozenset({Category.MANDATED_REPORT})
"""Never leave the organization that holds them."""

SHAREABLE = tuple(c for c in Category if c not in NEVER and c is not Category.IDENTITY)
"""What a consent may tick and a schedule may list, in the order of the form."""


class Purpose(StrEnum):
    """Why a partner opens a record; a consent names each purpose it allows."""

    COORDINATE = "coordinate"
    EVALUATE = "evaluate"
    PLACEMENT = "placement"


PURPOSE_LABELS = {
    Purpose.COORDINATE: "Coordinate support and services",
    Purpose.EVALUATE: "Evaluate the student",
    Purpose.PLACEMENT: "Decide on a placement",
}


class OrganizationKind(StrEnum):
    """What an organization is; only a district has schools and levels."""

    DISTRICT = "district"
    PROVIDER = "provider"
    CHILD_WELFARE = "child_welfare"
    COURT_SUPPORT = "court_support"


class Level(StrEnum):
    """Levels of access: the district policy's in its order, then the agencies' two."""

    TEACHER = "teacher"
    COUNSELOR = "counselor"
    CLINICIAN = "clinician"
    PRINCIPAL = "principal"
    PERSONNEL = "personnel"
    BUDGET = "budget"
    CURRICULUM = "curriculum"
    SPECIAL_EDUCATION = "special_education"
    SUPERINTENDENT = "superintendent"
    STAFF = "staff"
    AGENCY_ADMIN = "agency_admin"


class Role(StrEnum):
    """What somebody does in the portal: which tasks, and so which pages, they have."""

    SUPPORT_STAFF = "support_staff"
    TEACHER = "teacher"
    PRINCIPAL = "principal"
    DISTRICT_ADMIN = "district_admin"
    SUPERINTENDENT = "superintendent"
    AGENCY_STAFF = "agency_staff"
    AGENCY_ADMIN = "agency_admin"


ROLE_LABELS = {
    Role.SUPPORT_STAFF: "School support staff",
    Role.TEACHER: "Teacher",
    Role.PRINCIPAL: "Principal",
    Role.DISTRICT_ADMIN: "District administrator",
    Role.SUPERINTENDENT: "Superintendent",
    Role.AGENCY_STAFF: "Agency staff",
    Role.AGENCY_ADMIN: "Agency administrator",
}

LEVEL_LABELS = {
    Level.TEACHER: "Teacher",
    Level.COUNSELOR: "Counselor",
    Level.CLINICIAN: "Psychologist, social worker, nurse",
    Level.PRINCIPAL: "Principal",
    Level.PERSONNEL: "Personnel office",
    Level.BUDGET: "Budget office",
    Level.CURRICULUM: "Curriculum office",
    Level.SPECIAL_EDUCATION: "Special education",
    Level.SUPERINTENDENT: "Superintendent",
    Level.STAFF: "Staff",
    Level.AGENCY_ADMIN: "Agency administrator",
}


class RelationKind(StrEnum):
    """How one person stands to one student, with dates."""

    CLASS = "class"
    COUNSELOR = "counselor"
    SERVICE = "service"
    EVALUATION = "evaluation"
    TEAM = "team"


class ProgramKind(StrEnum):
    """Programs that put a student within the special-education administrator's scope."""

    SPECIAL_EDUCATION = "special_education"
    SECTION_504 = "section_504"


class SignerKind(StrEnum):
    """Who signed a consent."""

    GUARDIAN = "guardian"
    STUDENT = "student"


class LegalKind(StrEnum):
    """Bases of disclosure that need no consent."""

    CHILD_WELFARE = "child_welfare"
    COURT_ORDER = "court_order"
    EMERGENCY = "emergency"


class Detail(StrEnum):
    """How much of a record a consent opens."""

    FULL = "full"
    SUMMARY = "summary"


class Field(StrEnum):
    """The parts of a record that a field set names, in the order they are shown."""

    WHAT = "what"
    WHEN = "when"
    WHO = "who"
    NARRATIVE = "narrative"


class Direction(StrEnum):
    """Which way an agreement's schedule line runs between its two parties."""

    A_TO_B = "a_to_b"
    B_TO_A = "b_to_a"


class VisitPurpose(StrEnum):
    """Why a student and a member of the support staff met; one tap."""

    CHECK_IN = "check_in"
    INDIVIDUAL = "individual"
    GROUP = "group"
    CRISIS = "crisis"
    ATTENDANCE = "attendance"
    CONFLICT = "conflict"
    FAMILY_CONTACT = "family_contact"
    HEALTH = "health"
    CONSULTATION = "consultation"
    OTHER = "other"


VISIT_PURPOSE_LABELS = {
    VisitPurpose.CHECK_IN: N_("Check-in"),
    VisitPurpose.INDIVIDUAL: N_("Individual counseling"),
    VisitPurpose.GROUP: N_("Group"),
    VisitPurpose.CRISIS: N_("Crisis"),
    VisitPurpose.ATTENDANCE: N_("Attendance"),
    VisitPurpose.CONFLICT: N_("Conflict"),
    VisitPurpose.FAMILY_CONTACT: N_("Family contact"),
    VisitPurpose.HEALTH: N_("Health"),
    VisitPurpose.CONSULTATION: N_("Consultation"),
    VisitPurpose.OTHER: N_("Other"),
}


class VisitService(StrEnum):
    """What was provided during a visit; several may apply."""

    INDIVIDUAL_COUNSELING = "individual_counseling"
    SMALL_GROUP = "small_group"
    CRISIS_SUPPORT = "crisis_support"
    SCREENING = "screening"
    CLASSROOM_LESSON = "classroom_lesson"
    SKILL_BUILDING = "skill_building"
    TEACHER_CONSULT = "teacher_consult"
    FAMILY_CONTACT = "family_contact"
    ATTENDANCE_OUTREACH = "attendance_outreach"
    BASIC_NEEDS = "basic_needs"
    REENTRY_MEETING = "reentry_meeting"
    OBSERVATION = "observation"


VISIT_SERVICE_LABELS = {
    VisitService.INDIVIDUAL_COUNSELING: N_("Individual counseling"),
    VisitService.SMALL_GROUP: N_("Small group"),
    VisitService.CRISIS_SUPPORT: N_("Crisis support"),
    VisitService.SCREENING: N_("Screening (SBIRT)"),
    VisitService.CLASSROOM_LESSON: N_("Classroom lesson"),
    VisitService.SKILL_BUILDING: N_("Skill building"),
    VisitService.TEACHER_CONSULT: N_("Consult with teacher"),
    VisitService.FAMILY_CONTACT: N_("Family contact"),
    VisitService.ATTENDANCE_OUTREACH: N_("Attendance outreach"),
    VisitService.BASIC_NEEDS: N_("Basic needs"),
    VisitService.REENTRY_MEETING: N_("Re-entry meeting"),
    VisitService.OBSERVATION: N_("Observation"),
}

USUAL_SERVICE = {
    VisitPurpose.INDIVIDUAL: VisitService.INDIVIDUAL_COUNSELING,
    VisitPurpose.GROUP: VisitService.SMALL_GROUP,
    VisitPurpose.CRISIS: VisitService.CRISIS_SUPPORT,
    VisitPurpose.ATTENDANCE: VisitService.ATTENDANCE_OUTREACH,
    VisitPurpose.FAMILY_CONTACT: VisitService.FAMILY_CONTACT,
    VisitPurpose.CONSULTATION: VisitService.TEACHER_CONSULT,
}
"""The service that a purpose implies when the person chose none."""


class ReferralTarget(StrEnum):
    """Where a referral goes."""

    SCHOOL = "school"
    COMMUNITY = "community"


SCHOOL_PROVIDERS = (
    N_("School counselor"),
    N_("School nurse"),
    N_("School psychologist"),
    N_("School social worker"),
    N_("School-based health center"),
    N_("Attendance team"),
    N_("Special education team"),
)
"""Whom within the school a referral usually goes to; another may be typed."""


class Need(StrEnum):
    """What a referral asks for; one need, and so one service, per referral."""

    ANXIETY_OR_WORRY = "anxiety_or_worry"
    LOW_MOOD = "low_mood"
    GRIEF_OR_LOSS = "grief_or_loss"
    BEHAVIOR = "behavior"
    SUBSTANCE_USE = "substance_use"
    FAMILY_SUPPORT = "family_support"
    BASIC_NEEDS = "basic_needs"
    MENTORING = "mentoring"
    HEALTH_CARE = "health_care"
    EVALUATION = "evaluation"
    OTHER = "other"


NEED_LABELS = {
    Need.ANXIETY_OR_WORRY: N_("Anxiety or worry"),
    Need.LOW_MOOD: N_("Low mood"),
    Need.GRIEF_OR_LOSS: N_("Grief or loss"),
    Need.BEHAVIOR: N_("Behavior"),
    Need.SUBSTANCE_USE: N_("Substance use"),
    Need.FAMILY_SUPPORT: N_("Family support"),
    Need.BASIC_NEEDS: N_("Basic needs"),
    Need.MENTORING: N_("Mentoring"),
    Need.HEALTH_CARE: N_("Health care"),
    Need.EVALUATION: N_("Evaluation"),
    Need.OTHER: N_("Other"),
}


class ReferralStatus(StrEnum):
    """The life of a referral."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    IN_SERVICE = "in_service"
    ON_HOLD = "on_hold"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


REFERRAL_STATUS_LABELS = {
    ReferralStatus.DRAFT: "Draft",
    ReferralStatus.SENT: "Sent",
    ReferralStatus.RECEIVED: "Received",
    ReferralStatus.ACCEPTED: "Accepted",
    ReferralStatus.WAITLISTED: "On a waiting list",
    ReferralStatus.IN_SERVICE: "In service",
    ReferralStatus.ON_HOLD: "On hold",
    ReferralStatus.DECLINED: "Declined",
    ReferralStatus.WITHDRAWN: "Withdrawn",
    ReferralStatus.CLOSED: "Closed",
    ReferralStatus.ENTERED_IN_ERROR: "Entered in error",
}


class Access(StrEnum):
    """Did the referral result in access to service? Unknown is never folded into no."""

    ACCESSED = "accessed"
    NOT_ACCESSED = "not_accessed"
    UNKNOWN = "unknown"


ACCESS_LABELS = {
    Access.ACCESSED: "Accessed",
    Access.NOT_ACCESSED: "Not accessed",
    Access.UNKNOWN: "Unknown",
}


class NotAccessedReason(StrEnum):
    """Why a referral did not lead to service."""

    UNABLE_TO_CONTACT = "unable_to_contact"
    FAMILY_DECLINED = "family_declined"
    STUDENT_DECLINED = "student_declined"
    NOT_ELIGIBLE = "not_eligible"
    NO_CAPACITY = "no_capacity"
    INSURANCE_OR_COST = "insurance_or_cost"
    TRANSPORTATION = "transportation"
    LANGUAGE = "language"
    MOVED = "moved"
    MET_ELSEWHERE = "met_elsewhere"
    DUPLICATE = "duplicate"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    AGREEMENT_LAPSED = "agreement_lapsed"
    OTHER = "other"


NOT_ACCESSED_LABELS = {
    NotAccessedReason.UNABLE_TO_CONTACT: N_("Unable to contact family"),
    NotAccessedReason.FAMILY_DECLINED: N_("Family declined"),
    NotAccessedReason.STUDENT_DECLINED: N_("Student declined"),
    NotAccessedReason.NOT_ELIGIBLE: N_("Not eligible"),
    NotAccessedReason.NO_CAPACITY: N_("No capacity"),
    NotAccessedReason.INSURANCE_OR_COST: N_("Insurance or cost"),
    NotAccessedReason.TRANSPORTATION: N_("Transportation"),
    NotAccessedReason.LANGUAGE: N_("Language"),
    NotAccessedReason.MOVED: N_("Moved or transferred"),
    NotAccessedReason.MET_ELSEWHERE: N_("Need met elsewhere"),
    NotAccessedReason.DUPLICATE: N_("Duplicate or mistake"),
    NotAccessedReason.CONSENT_WITHDRAWN: N_("Consent withdrawn"),
    NotAccessedReason.AGREEMENT_LAPSED: N_("Agreement lapsed"),
    NotAccessedReason.OTHER: N_("Other"),
}


class ConfirmedBy(StrEnum):
    """Who said whether service was reached."""

    PROVIDER = "provider"
    FAMILY = "family"
    STUDENT = "student"
    SCHOOL_STAFF = "school_staff"


CONFIRMED_BY_LABELS = {
    ConfirmedBy.PROVIDER: "The provider",
    ConfirmedBy.FAMILY: "The family",
    ConfirmedBy.STUDENT: "The student",
    ConfirmedBy.SCHOOL_STAFF: "School staff",
}


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


class DocumentKind(StrEnum):
    """What a kept document is; the rule for opening it asks this."""

    AGREEMENT = "agreement"
    SIGNED_AGREEMENT = "signed_agreement"
    AGREEMENT_VERSION = "agreement_version"
    AGREEMENT_CERTIFICATE = "agreement_certificate"
    AGREEMENT_BUNDLE = "agreement_bundle"
    DESTRUCTION_CERTIFICATE = "destruction_certificate"
    WORD_TEMPLATE = "word_template"
    CONSENT = "consent"
    CONSENT_FORM = "consent_form"
    DISCLOSURES = "disclosures"
    AMENDMENT_LETTER = "amendment_letter"
    FAMILY_SUMMARY = "family_summary"
    FHIR_CONSENT = "fhir_consent"
    RECORD_PRINT = "record_print"
    USE_OF_TIME = "use_of_time"


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

# The Student Support Page: what a visit, a service and a referral say beyond purpose and need


class VisitMode(StrEnum):
    """How a visit took place."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"


VISIT_MODE_LABELS = {
    VisitMode.IN_PERSON: N_("In person"),
    VisitMode.PHONE: N_("By phone"),
    VisitMode.VIDEO: N_("By video"),
}


class VisitFormat(StrEnum):
    """One student, or several at once: then each has a visit of their own."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"


VISIT_FORMAT_LABELS = {
    VisitFormat.ONE_TO_ONE: "One to one",
    VisitFormat.GROUP: "Group",
}


class Attendance(StrEnum):
    """Did the student come? What nobody wrote down is never taken for an absence."""

    ATTENDED = "attended"
    LATE = "late"
    NO_SHOW = "no_show"


ATTENDANCE_LABELS = {
    Attendance.ATTENDED: "Came",
    Attendance.LATE: "Came late",
    Attendance.NO_SHOW: "Did not come",
}


class MissedReason(StrEnum):
    """Why a student came late or not at all."""

    ABSENT_FROM_SCHOOL = "absent_from_school"
    KEPT_IN_CLASS = "kept_in_class"
    STUDENT_CHOSE_NOT_TO = "student_chose_not_to"
    FAMILY_CANCELED = "family_canceled"
    STAFF_CANCELED = "staff_canceled"
    SCHOOL_CLOSED = "school_closed"
    OTHER = "other"


MISSED_REASON_LABELS = {
    MissedReason.ABSENT_FROM_SCHOOL: N_("Absent from school"),
    MissedReason.KEPT_IN_CLASS: N_("Kept in class"),
    MissedReason.STUDENT_CHOSE_NOT_TO: N_("Student chose not to come"),
    MissedReason.FAMILY_CANCELED: N_("Family canceled"),
    MissedReason.STAFF_CANCELED: N_("Staff canceled"),
    MissedReason.SCHOOL_CLOSED: N_("School closed"),
    MissedReason.OTHER: N_("Other"),
}


class Disposition(StrEnum):
    """Where a student went after a visit to the health office (NASN data point)."""

    BACK_TO_CLASS = "back_to_class"
    SENT_HOME = "sent_home"
    AMBULANCE = "ambulance"
    REFERRED = "referred"
    OTHER = "other"


DISPOSITION_LABELS = {
    Disposition.BACK_TO_CLASS: N_("Back to class"),
    Disposition.SENT_HOME: N_("Sent home or picked up"),
    Disposition.AMBULANCE: N_("Ambulance"),
    Disposition.REFERRED: N_("Referred"),
    Disposition.OTHER: N_("Other"),
}


class Tier(StrEnum):
    """Tier of the multi-tiered system of supports (MTSS)."""

    TIER_1 = "tier_1"
    TIER_2 = "tier_2"
    TIER_3 = "tier_3"
    NOT_TIERED = "not_tiered"


TIER_LABELS = {
    Tier.TIER_1: N_("Tier 1"),
    Tier.TIER_2: N_("Tier 2"),
    Tier.TIER_3: N_("Tier 3"),
    Tier.NOT_TIERED: N_("Not tiered"),
}


class VisitPlace(StrEnum):
    """Where a visit took place."""

    OFFICE = "office"
    CLASSROOM = "classroom"
    HEALTH_OFFICE = "health_office"
    HOME = "home"
    COMMUNITY = "community"
    OTHER = "other"


VISIT_PLACE_LABELS = {
    VisitPlace.OFFICE: N_("Office"),
    VisitPlace.CLASSROOM: N_("Classroom"),
    VisitPlace.HEALTH_OFFICE: N_("Health office"),
    VisitPlace.HOME: N_("At home"),
    VisitPlace.COMMUNITY: N_("In the community"),
    VisitPlace.OTHER: N_("Elsewhere"),
}


class WordList(StrEnum):
    """The drop-downs that a district edits: labels, order, definitions, crosswalk."""

    VISIT_PURPOSE = "visit_purpose"
    VISIT_SERVICE = "visit_service"
    NEED = "need"
    VISIT_MODE = "visit_mode"
    VISIT_PLACE = "visit_place"
    MISSED_REASON = "missed_reason"
    DISPOSITION = "disposition"
    TIER = "tier"
    NOT_ACCESSED = "not_accessed"
    SCHOOL_PROVIDER = "school_provider"


WORD_LIST_LABELS = {
    WordList.VISIT_PURPOSE: "Purpose of a visit",
    WordList.VISIT_SERVICE: "Services provided",
    WordList.NEED: "Needs",
    WordList.VISIT_MODE: "How a visit took place",
    WordList.VISIT_PLACE: "Where a visit took place",
    WordList.MISSED_REASON: "Why a student came late or not",
    WordList.DISPOSITION: "After a visit to the nurse",
    WordList.TIER: "Tiers of support",
    WordList.NOT_ACCESSED: "Why a referral led to no service",
    WordList.SCHOOL_PROVIDER: "School-based providers",
}

CLOSED_LISTS = frozenset({WordList.VISIT_MODE, WordList.TIER, WordList.NOT_ACCESSED})
"""Rules and reports depend on these codes: labels, order and definitions change, codes do not."""


class Urgency(StrEnum):
    """How soon a referral needs an answer; neither is a crisis line."""

    ROUTINE = "routine"
    URGENT = "urgent"


URGENCY_LABELS = {Urgency.ROUTINE: "Routine", Urgency.URGENT: "Urgent, within two school days"}


class ContactWay(StrEnum):
    """How a family may be reached, and how it was tried."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"
    THROUGH_SCHOOL = "through_school"


CONTACT_WAY_LABELS = {
    ContactWay.PHONE: "Phone",
    ContactWay.TEXT: "Text message",
    ContactWay.EMAIL: "E-mail",
    ContactWay.LETTER: "Letter",
    ContactWay.IN_PERSON: "In person",
    ContactWay.THROUGH_SCHOOL: "Only through the school",
}


class CloseReason(StrEnum):
    """How a referral came to its end."""

    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    CANCELED = "canceled"


CLOSE_REASON_LABELS = {
    CloseReason.COMPLETED: "Completed",
    CloseReason.ENDED_EARLY: "Ended early",
    CloseReason.CANCELED: "Canceled before it began",
}


class ReferralEventKind(StrEnum):
    """What happened to a referral; only ever added."""

    DRAFTED = "drafted"
    SENT = "sent"
    RECEIVED = "received"
    ANSWERED = "answered"
    DECLINE_SENT_BACK = "decline_sent_back"
    DECLINE_REVIEWED = "decline_reviewed"
    HELD = "held"
    SENT_AGAIN = "sent_again"
    OUTCOME = "outcome"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    REOPENED = "reopened"
    ENTERED_IN_ERROR = "entered_in_error"
    REMINDED = "reminded"
    RENEWAL_ASKED = "renewal_asked"


REFERRAL_EVENT_LABELS = {
    ReferralEventKind.DRAFTED: "Drafted",
    ReferralEventKind.SENT: "Sent",
    ReferralEventKind.RECEIVED: "Received",
    ReferralEventKind.ANSWERED: "Answered",
    ReferralEventKind.DECLINE_SENT_BACK: "Decline sent back",
    ReferralEventKind.DECLINE_REVIEWED: "Decline reviewed",
    ReferralEventKind.HELD: "Put on hold",
    ReferralEventKind.SENT_AGAIN: "Sent again",
    ReferralEventKind.OUTCOME: "Outcome recorded",
    ReferralEventKind.WITHDRAWN: "Withdrawn",
    ReferralEventKind.CLOSED: "Closed",
    ReferralEventKind.REOPENED: "Opened again",
    ReferralEventKind.ENTERED_IN_ERROR: "Entered in error",
    ReferralEventKind.REMINDED: "Reminder sent",
    ReferralEventKind.RENEWAL_ASKED: "The agency asked to renew the consent",
}


class Capacity(StrEnum):
    """Whether a service has room (Gravity SDOHCC capacity status)."""

    HAS_ROOM = "has_room"
    WAITING_LIST = "waiting_list"
    NO_ROOM = "no_room"


CAPACITY_LABELS = {
    Capacity.HAS_ROOM: "Has room",
    Capacity.WAITING_LIST: "Has a waiting list",
    Capacity.NO_ROOM: "Has no room now",
}


class AnswerKind(StrEnum):
    """What the answer to a district's own data point is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SCALE = "scale"


ANSWER_KIND_LABELS = {
    AnswerKind.TEXT: "Text",
    AnswerKind.NUMBER: "Number",
    AnswerKind.DATE: "Date",
    AnswerKind.CHOICE: "Choice from a list",
    AnswerKind.SCALE: "Scale",
}


class AskedWhere(StrEnum):
    """Where a data point is asked: with each visit, or once of a student."""

    VISIT = "visit"
    STUDENT = "student"


ASKED_WHERE_LABELS = {
    AskedWhere.VISIT: "With a visit",
    AskedWhere.STUDENT: "On the student's page",
}


class StrengthSource(StrEnum):
    """Whose words a strength is told in, in the order in which they are shown."""

    STUDENT = "student"
    FAMILY = "family"
    STAFF = "staff"


STRENGTH_SOURCE_LABELS = {
    StrengthSource.STUDENT: "In the student's words",
    StrengthSource.FAMILY: "In the family's words",
    StrengthSource.STAFF: "In the staff's words",
}


class ServiceEnd(StrEnum):
    """Why a service in place ended."""

    GOAL_REACHED = "goal_reached"
    YEAR_ENDED = "year_ended"
    STUDENT_LEFT = "student_left"
    FAMILY_ENDED = "family_ended"
    CHANGED = "changed"
    OTHER = "other"


SERVICE_END_LABELS = {
    ServiceEnd.GOAL_REACHED: "The goal was reached",
    ServiceEnd.YEAR_ENDED: "The school year ended",
    ServiceEnd.STUDENT_LEFT: "The student left the school",
    ServiceEnd.FAMILY_ENDED: "The family or the student ended it",
    ServiceEnd.CHANGED: "Another service took its place",
    ServiceEnd.OTHER: "Other",
}


class GivenStatus(StrEnum):
    """How a service stands that a partner gives."""

    STARTED = "started"
    CONTINUING = "continuing"
    PAUSED = "paused"
    ENDED = "ended"


GIVEN_STATUS_LABELS = {
    GivenStatus.STARTED: "Started",
    GivenStatus.CONTINUING: "Continuing",
    GivenStatus.PAUSED: "Paused",
    GivenStatus.ENDED: "Ended",
}


class AmendmentDecision(StrEnum):
    """What became of a request to amend a record (34 CFR 99.20 to 99.22)."""

    AMENDED = "amended"
    REFUSED = "refused"


AMENDMENT_DECISION_LABELS = {
    AmendmentDecision.AMENDED: "Amended as asked",
    AmendmentDecision.REFUSED: "Not amended",
}


class MoveReason(StrEnum):
    """Why a student changes school within the district."""

    MOVED = "moved"
    NEXT_GRADE = "next_grade"
    PLACEMENT = "placement"
    FAMILY_CHOICE = "family_choice"
    OTHER = "other"


MOVE_REASON_LABELS = {
    MoveReason.MOVED: "The family moved",
    MoveReason.NEXT_GRADE: "The next grade is there",
    MoveReason.PLACEMENT: "A program or placement is there",
    MoveReason.FAMILY_CHOICE: "The family chose it",
    MoveReason.OTHER: "Other",
}


class HandoverPrompt(StrEnum):
    """What one member of the staff tells the next about a student, in this order."""

    STRENGTHS = "strengths"
    CONNECTING = "connecting"
    COMMUNITY = "community"
    PEERS = "peers"
    FAMILY = "family"
    FIRST = "first"


HANDOVER_LABELS = {
    HandoverPrompt.STRENGTHS: "Strengths, and what goes well",
    HandoverPrompt.CONNECTING: "How to connect with this student",
    HandoverPrompt.COMMUNITY: "Who in the community helps",
    HandoverPrompt.PEERS: "Friends and peers",
    HandoverPrompt.FAMILY: "Working with the family",
    HandoverPrompt.FIRST: "What to do first",
}
