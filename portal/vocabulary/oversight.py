"""Accounts, written requests, what is watched and reviewed, and how long things are kept."""

from __future__ import annotations

from enum import StrEnum


class SessionHow(StrEnum):
    """How a person showed who they are when a session began."""

    PASSWORD = "password"  # noqa: S105
    SINGLE_SIGN_ON = "single_sign_on"


class GrantKind(StrEnum):
    """What an access grant rests on: a decided request, or an emergency that is looked at later."""

    WRITTEN = "written"
    EMERGENCY = "emergency"


class RequestKind(StrEnum):
    """Who asks in writing: one's own staff (the policy's level 10) or somebody outside."""

    STAFF = "staff"
    OUTSIDE = "outside"
    RESEARCH = "research"
    BOARD = "board"


REQUEST_KIND_LABELS = {
    RequestKind.STAFF: "Access for a member of staff",
    RequestKind.OUTSIDE: "Data asked for from outside",
    RequestKind.RESEARCH: "External research",
    RequestKind.BOARD: "The Board of Education",
}


class InformationForm(StrEnum):
    """In what form information is asked for, and granted."""

    IDENTIFIED = "identified"
    DEIDENTIFIED = "deidentified"
    AGGREGATE = "aggregate"


INFORMATION_FORM_LABELS = {
    InformationForm.IDENTIFIED: "With names",
    InformationForm.DEIDENTIFIED: "Without names, by group",
    InformationForm.AGGREGATE: "Counts only",
}


class RequestStatus(StrEnum):
    """Where a written request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


REQUEST_STATUS_LABELS = {
    RequestStatus.DRAFT: "Draft",
    RequestStatus.SUBMITTED: "Waits for the Superintendent",
    RequestStatus.GRANTED: "Granted",
    RequestStatus.PARTLY_GRANTED: "Granted in part",
    RequestStatus.REFUSED: "Refused",
    RequestStatus.WITHDRAWN: "Withdrawn",
    RequestStatus.ENDED: "Ended",
}


class RequestEventKind(StrEnum):
    """What happened to a written request; each is a row that never changes."""

    SUBMITTED = "submitted"
    DECIDED = "decided"
    NOTIFIED = "notified"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    ANSWERED = "answered"
    PARENTS_NOTIFIED = "parents_notified"


class UnnamedView(StrEnum):
    """The views without names, of the policy's levels 5 to 7."""

    PERSONNEL = "personnel"
    BUDGET = "budget"
    CURRICULUM = "curriculum"


UNNAMED_VIEW_LABELS = {
    UnnamedView.PERSONNEL: "Personnel",
    UnnamedView.BUDGET: "Budget",
    UnnamedView.CURRICULUM: "Curriculum",
}


class UseFlagKind(StrEnum):
    """Why somebody's use of the portal is looked at by a person."""

    VOLUME = "volume"
    OFF_HOURS = "off_hours"
    NOT_OWN_STUDENTS = "not_own_students"
    BULK_EXPORT = "bulk_export"
    MANY_REFUSALS = "many_refusals"
    UNUSUAL_SIGN_IN = "unusual_sign_in"
    SHARED_ACCOUNT = "shared_account"


USE_FLAG_LABELS = {
    UseFlagKind.VOLUME: "Opened unusually many records",
    UseFlagKind.OFF_HOURS: "Opened records outside working hours",
    UseFlagKind.NOT_OWN_STUDENTS: "Asked for students who are not theirs",
    UseFlagKind.BULK_EXPORT: "Took out much at once",
    UseFlagKind.MANY_REFUSALS: "Was refused unusually often",
    UseFlagKind.UNUSUAL_SIGN_IN: "Signed in from a new place",
    UseFlagKind.SHARED_ACCOUNT: "Signed in from two places at once",
}


class FlagOutcome(StrEnum):
    """What came of looking at it."""

    PROPER = "proper"
    TALKED_TO = "talked_to"
    ACCESS_ENDED = "access_ended"
    INCIDENT = "incident"


FLAG_OUTCOME_LABELS = {
    FlagOutcome.PROPER: "Proper use",
    FlagOutcome.TALKED_TO: "Talked to them",
    FlagOutcome.ACCESS_ENDED: "Ended their access",
    FlagOutcome.INCIDENT: "An incident: told to the Superintendent",
}


class ReviewKind(StrEnum):
    """What a periodic review goes through."""

    ACCESS = "access"
    DATA = "data"


REVIEW_KIND_LABELS = {
    ReviewKind.ACCESS: "Who has access",
    ReviewKind.DATA: "The data itself",
}


class ReviewSubject(StrEnum):
    """What a line of a review is about."""

    PERSON = "person"
    GRANT = "grant"
    SERVICE_ACCOUNT = "service_account"
    STALE = "stale"
    DUPLICATE = "duplicate"
    CORRECTION = "correction"


class ReviewDecision(StrEnum):
    """What was decided about a line."""

    KEEP = "keep"
    CHANGE = "change"
    REMOVE = "remove"


REVIEW_DECISION_LABELS = {
    ReviewDecision.KEEP: "Keep",
    ReviewDecision.CHANGE: "Change",
    ReviewDecision.REMOVE: "Remove",
}


class ExportKind(StrEnum):
    """What a file that leaves the portal holds."""

    VISITS = "visits"
    REFERRALS = "referrals"
    TRAIL = "trail"
    PEOPLE = "people"
    NUMBERS = "numbers"
    USE_OF_TIME = "use_of_time"
    CONSENT = "consent"


EXPORT_KIND_LABELS = {
    ExportKind.VISITS: "Visits",
    ExportKind.REFERRALS: "Referrals",
    ExportKind.TRAIL: "Disclosures",
    ExportKind.PEOPLE: "People and their levels of access",
    ExportKind.NUMBERS: "Counts without names",
    ExportKind.USE_OF_TIME: "My use of time",
    ExportKind.CONSENT: "A consent for a record system (FHIR)",
}


class ExportPurpose(StrEnum):
    """What data is taken out for; each rests on an educational purpose (the policy, Proper Use)."""

    SUPPORT_MEETING = "support_meeting"
    OWN_WORK = "own_work"
    REQUIRED_REPORT = "required_report"
    ACCESS_REVIEW = "access_review"
    RECORDS_REQUEST = "records_request"
    SCHOOL_IMPROVEMENT = "school_improvement"
    FAMILY_ASKED = "family_asked"
    CARE_RECORD = "care_record"


EXPORT_PURPOSE_LABELS = {
    ExportPurpose.SUPPORT_MEETING: "A meeting about the students who are supported",
    ExportPurpose.OWN_WORK: "My own work away from the portal",
    ExportPurpose.REQUIRED_REPORT: "A report that the State or the Board requires",
    ExportPurpose.ACCESS_REVIEW: "A review or an audit of who has access",
    ExportPurpose.RECORDS_REQUEST: "A lawful request for records",
    ExportPurpose.SCHOOL_IMPROVEMENT: "School improvement",
    ExportPurpose.FAMILY_ASKED: "The family asked to see the record",
    ExportPurpose.CARE_RECORD: "The record system of whoever the consent is for",
}


class ExportShape(StrEnum):
    """As which kind of file."""

    CSV = "csv"
    PDF = "pdf"
    FHIR = "fhir"


EXPORT_SHAPE_LABELS = {
    ExportShape.CSV: "Spreadsheet (CSV)",
    ExportShape.PDF: "Paper (PDF)",
    ExportShape.FHIR: "Record system (FHIR R4)",
}


class KeptFrom(StrEnum):
    """The event from which a period of keeping runs."""

    CREATED = "created"
    SCHOOL_YEAR_END = "school_year_end"
    LEFT_DISTRICT = "left_district"
    GRADUATED = "graduated"
    CONSENT_ENDED = "consent_ended"
    AGREEMENT_ENDED = "agreement_ended"
    ACCOUNT_ENDED = "account_ended"


KEPT_FROM_LABELS = {
    KeptFrom.CREATED: "the day it was written",
    KeptFrom.SCHOOL_YEAR_END: "the end of the school year",
    KeptFrom.LEFT_DISTRICT: "the day the student left the district",
    KeptFrom.GRADUATED: "the day the student graduated or would have",
    KeptFrom.CONSENT_ENDED: "the end of the consent",
    KeptFrom.AGREEMENT_ENDED: "the end of the agreement",
    KeptFrom.ACCOUNT_ENDED: "the end of the account",
}


class Scope(StrEnum):
    """What a service account may do at the command line; each command asks for one."""

    IMPORT = "import"
    DIGEST = "digest"
    AUDIT = "audit"
    CHECKPOINT = "checkpoint"
    YEAR = "year"
    CONSENT = "consent"
    AGREEMENT = "agreement"
    ACCOUNTS = "accounts"
    WATCH = "watch"


SCOPE_LABELS = {
    Scope.IMPORT: "Bring in rosters, agencies, guardians and caseloads",
    Scope.DIGEST: "Send the daily mail",
    Scope.AUDIT: "Read and prove the ledger",
    Scope.CHECKPOINT: "Write down where the ledger ends",
    Scope.YEAR: "Close the school year",
    Scope.CONSENT: "Look after consents",
    Scope.AGREEMENT: "Look after agreements",
    Scope.ACCOUNTS: "Look after accounts",
    Scope.WATCH: "Look for unusual use and overdue reviews",
}
