"""The drop-downs as shipped: a stable code, a label, what it means, and the crosswalk.

A district edits them (`access.words`); a code is never reused and never deleted, only retired.
The crosswalks, each a closed list below:
    Asca        the ASCA National Model's use of time
    SocialWork  the scope of practice of CSDE's guidelines for school social work (2013)
    Sbch        kinds of service of Medicaid School Based Child Health in Connecticut
                (Conn. Agencies Regs. 17b-262-213 to 17b-262-224, State Plan 16-0014)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.languages.catalog import catalog
from portal.vocabulary import (
    DISPOSITION_LABELS,
    MISSED_REASON_LABELS,
    NEED_LABELS,
    NOT_ACCESSED_LABELS,
    SCHOOL_PROVIDERS,
    TIER_LABELS,
    USUAL_SERVICE,
    VISIT_MODE_LABELS,
    VISIT_PLACE_LABELS,
    VISIT_PURPOSE_LABELS,
    VISIT_SERVICE_LABELS,
    Disposition,
    MissedReason,
    Need,
    NotAccessedReason,
    Tier,
    VisitMode,
    VisitPlace,
    VisitPurpose,
    VisitService,
    WordList,
)


class Asca(StrEnum):
    """Use of time in the ASCA National Model; direct and indirect together are the main part."""

    INSTRUCTION = "direct_instruction"
    APPRAISAL = "direct_appraisal"
    COUNSELING = "direct_counseling"
    CONSULTATION = "indirect_consultation"
    COLLABORATION = "indirect_collaboration"
    REFERRALS = "indirect_referrals"
    PROGRAM = "program"
    OTHER_TASKS = "non_counseling"


ASCA_LABELS = {
    Asca.INSTRUCTION: "Direct: instruction",
    Asca.APPRAISAL: "Direct: appraisal and advisement",
    Asca.COUNSELING: "Direct: counseling",
    Asca.CONSULTATION: "Indirect: consultation",
    Asca.COLLABORATION: "Indirect: collaboration",
    Asca.REFERRALS: "Indirect: referrals",
    Asca.PROGRAM: "Program planning and school support",
    Asca.OTHER_TASKS: "Not school counseling",
}


class SocialWork(StrEnum):
    """Scope of practice: CSDE, Practice Guidelines for Delivery of School Social Work Services."""

    PREVENTION = "prevention"
    BARRIERS = "barrier_identification"
    EVALUATION = "evaluation"
    TREATMENT = "intervention_treatment"
    CONSULTATION = "collaboration_consultation"
    ADVOCACY = "advocacy"
    LINKAGES = "linkages_to_community"


SOCIAL_WORK_LABELS = {
    SocialWork.PREVENTION: "Prevention",
    SocialWork.BARRIERS: "Barrier identification",
    SocialWork.EVALUATION: "Evaluation",
    SocialWork.TREATMENT: "Intervention or treatment",
    SocialWork.CONSULTATION: "Collaboration or consultation",
    SocialWork.ADVOCACY: "Advocacy",
    SocialWork.LINKAGES: "Linkages to community resources",
}


class Sbch(StrEnum):
    """Kinds of service that Connecticut's School Based Child Health covers.

    Covered only for a child whom Medicaid covers, as the IEP or Section 504 plan has it, by
    somebody with the license for it: the word alone makes no visit billable.
    """

    ASSESSMENT = "assessment"
    BEHAVIORAL_HEALTH = "behavioral_health"
    NURSING = "nursing"
    MEDICAL = "medical"
    AUDIOLOGY = "audiology"
    OCCUPATIONAL_THERAPY = "occupational_therapy"
    PHYSICAL_THERAPY = "physical_therapy"
    SPEECH = "speech"
    OPTOMETRY = "optometry"
    RESPIRATORY = "respiratory"
    PERSONAL_CARE = "personal_care"
    TRANSPORTATION = "transportation"


SBCH_UNIT = 15
"""Minutes of a unit. Conn. Agencies Regs. 17b-262-220 asks for units and does not measure them;
the minutes stand beside, so that whoever bills may count otherwise."""

SBCH_LABELS = {
    Sbch.ASSESSMENT: "Assessment",
    Sbch.BEHAVIORAL_HEALTH: "Behavioral health (psychological and counseling)",
    Sbch.NURSING: "Nursing",
    Sbch.MEDICAL: "Medical",
    Sbch.AUDIOLOGY: "Audiology",
    Sbch.OCCUPATIONAL_THERAPY: "Occupational therapy",
    Sbch.PHYSICAL_THERAPY: "Physical therapy",
    Sbch.SPEECH: "Speech therapy",
    Sbch.OPTOMETRY: "Optometry",
    Sbch.RESPIRATORY: "Respiratory care",
    Sbch.PERSONAL_CARE: "Personal care",
    Sbch.TRANSPORTATION: "Transportation",
}


@dataclass(frozen=True)
class Word:
    """One choice of a drop-down.

    label: in English; labels: a district's own in other languages, by their code. implies: the
    code of the service that a purpose implies. asca, social_work, sbch: its place in each
    crosswalk, empty where it has none. own: a district's own code. retired: no longer offered,
    still read.
    """

    code: str
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)
    definition: str = ""
    implies: str = ""
    asca: str = ""
    social_work: str = ""
    sbch: str = ""
    own: bool = False
    retired: bool = False

    def told_in(self, language: str) -> str:
        """Its label in this language: the district's, the portal's, or else in English."""
        return self.labels.get(language) or catalog(language).gettext(self.label)


def code_of(label: str) -> str:
    """The code of a shipped label that has no other: its words in lower case."""
    return "_".join(label.lower().replace("-", " ").split())


_PURPOSES = {
    VisitPurpose.CHECK_IN: "A short look at how the student is doing; no lesson and no treatment.",
    VisitPurpose.INDIVIDUAL: "Planned counseling with one student.",
    VisitPurpose.GROUP: "Planned work with several students at once. One save, one visit for each.",
    VisitPurpose.CRISIS: "The student's or somebody's safety could not wait.",
    VisitPurpose.ATTENDANCE: "About days missed, coming late, or leaving early.",
    VisitPurpose.CONFLICT: "A quarrel with another student or an adult, and how to mend it.",
    VisitPurpose.FAMILY_CONTACT: "With a parent or guardian, with or without the student.",
    VisitPurpose.HEALTH: "A health complaint, medicine, or care at the health office.",
    VisitPurpose.CONSULTATION: "With teachers or others about the student, who was not there.",
    VisitPurpose.OTHER: "None of the others fits.",
}
_SERVICES = {
    VisitService.INDIVIDUAL_COUNSELING: "Counseling with one student, toward a goal.",
    VisitService.SMALL_GROUP: "A group of up to about ten students with a common goal.",
    VisitService.CRISIS_SUPPORT: "Help to be safe now, and who stays with the student next.",
    VisitService.SCREENING: "Screening, brief intervention and referral to treatment (SBIRT).",
    VisitService.CLASSROOM_LESSON: "A lesson of the support staff with a whole class.",
    VisitService.SKILL_BUILDING: "Practice of one skill, such as asking for a break.",
    VisitService.TEACHER_CONSULT: "Talk with a teacher about what helps the student in class.",
    VisitService.FAMILY_CONTACT: "Talk with the family, at school, at home or by phone.",
    VisitService.ATTENDANCE_OUTREACH: "Finding out why days are missed, and what would help.",
    VisitService.BASIC_NEEDS: "Food, clothes, a place to stay, or help to get them.",
    VisitService.REENTRY_MEETING: "A meeting to come back to school after time away.",
    VisitService.OBSERVATION: "Watching how the student does in class or at lunch.",
}
_NEEDS = {
    Need.ANXIETY_OR_WORRY: "Worry or fear that gets in the way of school or of life at home.",
    Need.LOW_MOOD: "Sadness or loss of interest on most days.",
    Need.GRIEF_OR_LOSS: "Somebody died, left or moved away.",
    Need.BEHAVIOR: "Behavior that keeps the student or others from learning.",
    Need.SUBSTANCE_USE: "Alcohol, nicotine or drugs, the student's own use.",
    Need.FAMILY_SUPPORT: "Help for the family together.",
    Need.BASIC_NEEDS: "Food, clothes, housing, or money for them.",
    Need.MENTORING: "A steady adult or older student beside the family.",
    Need.HEALTH_CARE: "A doctor, a dentist, glasses, or insurance.",
    Need.EVALUATION: "Somebody is to find out what is behind it, before any plan.",
    Need.OTHER: "None of the others fits.",
}
_MODES = {
    VisitMode.IN_PERSON: "In the same room.",
    VisitMode.PHONE: "Voice only.",
    VisitMode.VIDEO: "Both could see each other.",
}
_PLACES = {
    VisitPlace.OFFICE: "The room of the support staff.",
    VisitPlace.CLASSROOM: "During or after class, in the classroom.",
    VisitPlace.HEALTH_OFFICE: "The nurse's room.",
    VisitPlace.HOME: "Where the student lives.",
    VisitPlace.COMMUNITY: "A partner's office, a library, or another place in town.",
    VisitPlace.OTHER: "None of the others fits.",
}
_MISSED = {
    MissedReason.ABSENT_FROM_SCHOOL: "The student was not at school at all.",
    MissedReason.KEPT_IN_CLASS: "A test, a lesson or a teacher kept the student.",
    MissedReason.STUDENT_CHOSE_NOT_TO: "The student was at school and did not want to come.",
    MissedReason.FAMILY_CANCELED: "The family said beforehand that it would not be.",
    MissedReason.STAFF_CANCELED: "The staff could not; it says nothing about the student.",
    MissedReason.SCHOOL_CLOSED: "Snow day, early closing, or the like.",
    MissedReason.OTHER: "None of the others fits.",
}
_DISPOSITIONS = {
    Disposition.BACK_TO_CLASS: "Returned to class or to what comes next at school.",
    Disposition.SENT_HOME: "Went home with a parent or somebody whom the parent named.",
    Disposition.AMBULANCE: "911 was called and the student was taken away.",
    Disposition.REFERRED: "Sent on to a doctor or another provider, not in an ambulance.",
    Disposition.OTHER: "None of the others fits.",
}
_TIERS = {
    Tier.TIER_1: "What every student gets.",
    Tier.TIER_2: "Added for some students, mostly in a group and for some weeks.",
    Tier.TIER_3: "Added for few students, one to one and for as long as it takes.",
    Tier.NOT_TIERED: "Not part of a tiered plan.",
}
_NOT_ACCESSED = {
    NotAccessedReason.UNABLE_TO_CONTACT: "Three tries on different days, and nobody was reached.",
    NotAccessedReason.FAMILY_DECLINED: "The family was reached and did not want it.",
    NotAccessedReason.STUDENT_DECLINED: "The student was asked and did not want it.",
    NotAccessedReason.NOT_ELIGIBLE: "Age, town or another condition of the service did not fit.",
    NotAccessedReason.NO_CAPACITY: "The provider had no room, not even on a waiting list.",
    NotAccessedReason.INSURANCE_OR_COST: "It would not have been paid for.",
    NotAccessedReason.TRANSPORTATION: "There was no way to get there.",
    NotAccessedReason.LANGUAGE: "Nobody there speaks the family's language.",
    NotAccessedReason.MOVED: "The student left the school or the town.",
    NotAccessedReason.MET_ELSEWHERE: "Somebody else meets the need.",
    NotAccessedReason.DUPLICATE: "It was sent twice, or should not have been sent.",
    NotAccessedReason.CONSENT_WITHDRAWN: "The family took its consent back.",
    NotAccessedReason.AGREEMENT_LAPSED: "The agreement with the provider was not in force.",
    NotAccessedReason.OTHER: "None of the others fits.",
}
_PROVIDERS = {
    "school_counselor": "Academic, career and social-emotional counseling (ASCA).",
    "school_nurse": "Health care at school, medicine, and health plans.",
    "school_psychologist": "Evaluation, counseling, and crisis response.",
    "school_social_worker": "Links the student, the family, the school and the community.",
    "school_based_health_center": "A clinic in the school; a parent signs for its care.",
    "attendance_team": "Looks at days missed with the family (CGS 10-198c).",
    "special_education_team": "The planning and placement team (PPT).",
}

_COUNSELED = (Asca.COUNSELING, SocialWork.TREATMENT, Sbch.BEHAVIORAL_HEALTH)
_WITH_ADULTS = (Asca.CONSULTATION, SocialWork.CONSULTATION, "")

CROSSWALK: Mapping[str, tuple[str, str, str]] = {
    VisitPurpose.CHECK_IN: (Asca.COUNSELING, SocialWork.PREVENTION, ""),
    VisitPurpose.INDIVIDUAL: _COUNSELED,
    VisitPurpose.GROUP: _COUNSELED,
    VisitPurpose.CRISIS: _COUNSELED,
    VisitPurpose.ATTENDANCE: (Asca.APPRAISAL, SocialWork.BARRIERS, ""),
    VisitPurpose.CONFLICT: (Asca.COUNSELING, SocialWork.TREATMENT, ""),
    VisitPurpose.FAMILY_CONTACT: (Asca.COLLABORATION, SocialWork.CONSULTATION, ""),
    VisitPurpose.HEALTH: (Asca.OTHER_TASKS, "", Sbch.NURSING),
    VisitPurpose.CONSULTATION: _WITH_ADULTS,
    VisitService.INDIVIDUAL_COUNSELING: _COUNSELED,
    VisitService.SMALL_GROUP: _COUNSELED,
    VisitService.CRISIS_SUPPORT: _COUNSELED,
    VisitService.SCREENING: (Asca.APPRAISAL, SocialWork.EVALUATION, Sbch.ASSESSMENT),
    VisitService.CLASSROOM_LESSON: (Asca.INSTRUCTION, SocialWork.PREVENTION, ""),
    VisitService.SKILL_BUILDING: (Asca.COUNSELING, SocialWork.TREATMENT, ""),
    VisitService.TEACHER_CONSULT: _WITH_ADULTS,
    VisitService.ATTENDANCE_OUTREACH: (Asca.APPRAISAL, SocialWork.BARRIERS, ""),
    VisitService.BASIC_NEEDS: (Asca.REFERRALS, SocialWork.LINKAGES, ""),
    VisitService.REENTRY_MEETING: (Asca.COLLABORATION, SocialWork.ADVOCACY, ""),
    VisitService.OBSERVATION: (Asca.APPRAISAL, SocialWork.EVALUATION, ""),
}
"""By the code of a purpose or a service: use of time, social work, School Based Child Health.

The purpose `family_contact` and the service of that name share their code and their place.
"""


def _words(labels: Mapping[Any, str], definitions: Mapping[Any, str]) -> tuple[Word, ...]:
    return tuple(
        Word(str(code), label, definition=definitions[code]) for code, label in labels.items()
    )


def _counted(labels: Mapping[Any, str], definitions: Mapping[Any, str]) -> tuple[Word, ...]:
    """Words of a visit, which the crosswalks count."""
    found = []
    for code, label in labels.items():
        asca, social_work, sbch = CROSSWALK.get(code, ("", "", ""))
        word = Word(
            str(code),
            label,
            definition=definitions[code],
            implies=str(USUAL_SERVICE.get(code, "")) if isinstance(code, VisitPurpose) else "",
            asca=str(asca),
            social_work=str(social_work),
            sbch=str(sbch),
        )
        found.append(word)
    return tuple(found)


SHIPPED: Mapping[WordList, tuple[Word, ...]] = {
    WordList.VISIT_PURPOSE: _counted(VISIT_PURPOSE_LABELS, _PURPOSES),
    WordList.VISIT_SERVICE: _counted(VISIT_SERVICE_LABELS, _SERVICES),
    WordList.NEED: _words(NEED_LABELS, _NEEDS),
    WordList.VISIT_MODE: _words(VISIT_MODE_LABELS, _MODES),
    WordList.VISIT_PLACE: _words(VISIT_PLACE_LABELS, _PLACES),
    WordList.MISSED_REASON: _words(MISSED_REASON_LABELS, _MISSED),
    WordList.DISPOSITION: _words(DISPOSITION_LABELS, _DISPOSITIONS),
    WordList.TIER: _words(TIER_LABELS, _TIERS),
    WordList.NOT_ACCESSED: _words(NOT_ACCESSED_LABELS, _NOT_ACCESSED),
    WordList.SCHOOL_PROVIDER: _words(
        {code_of(label): label for label in SCHOOL_PROVIDERS}, _PROVIDERS
    ),
}

COUNTED_LISTS = frozenset({WordList.VISIT_PURPOSE, WordList.VISIT_SERVICE})
"""Lists whose words have a place in the crosswalks."""
