"""What a visit says."""

from __future__ import annotations

from enum import StrEnum

from portal.languages.marks import N_


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
