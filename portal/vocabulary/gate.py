"""What the gate decides by: kinds of records, purposes, levels, roles, relations."""

from __future__ import annotations

from enum import StrEnum


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
    CENTRAL_OFFICE = "central_office"
    SECRETARY = "secretary"
    AGENCY_STAFF = "agency_staff"
    AGENCY_ADMIN = "agency_admin"


ROLE_LABELS = {
    Role.SUPPORT_STAFF: "School support staff",
    Role.TEACHER: "Teacher",
    Role.PRINCIPAL: "Principal",
    Role.DISTRICT_ADMIN: "District administrator",
    Role.SUPERINTENDENT: "Superintendent",
    Role.CENTRAL_OFFICE: "Central office",
    Role.SECRETARY: "Secretary",
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
