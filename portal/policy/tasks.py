"""Who may do what: each role's tasks, and when a task may touch a student."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from portal.policy.decision import FULL as FULL_FIELDS
from portal.policy.decision import Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.facts import Facts
from portal.policy.gate import names_by_grant, standing_problems
from portal.policy.levels import LEVELS
from portal.vocabulary import Level, Role


class Task(StrEnum):
    """The verbs of the portal; each page serves one, each service asks for one."""

    SEE_TODAY = "see_today"
    SEE_GROUPS = "see_groups"
    SET_NOTICES = "set_notices"

    ANSWER_REFERRAL = "answer_referral"
    COUNT_SCREENINGS = "count_screenings"
    FOLLOW_REFERRALS = "follow_referrals"
    KEEP_SUPPORTS = "keep_supports"
    LOG_VISIT = "log_visit"
    PRINT_RECORD = "print_record"
    SEE_OPENINGS = "see_openings"
    SEE_STUDENT = "see_student"

    AMEND_RECORDS = "amend_records"
    CORRECT_RECORD = "correct_record"

    KEEP_FORMS = "keep_forms"
    KEEP_GUARDIANS = "keep_guardians"
    RECORD_CONSENT = "record_consent"

    KEEP_TEMPLATES = "keep_templates"
    MAKE_AGREEMENT = "make_agreement"
    RENEW_AGREEMENTS = "renew_agreements"
    SIGN_AGREEMENT = "sign_agreement"

    ASSIGN_CASE_TEAM = "assign_case_team"
    SEE_SHARED = "see_shared"
    WATCH_OUR_USE = "watch_our_use"

    ASSIGN_CASELOAD = "assign_caseload"
    KEEP_DATA_POINTS = "keep_data_points"
    KEEP_WORD_LISTS = "keep_word_lists"
    CLOSE_YEAR = "close_year"
    HAND_OVER = "hand_over"
    KEEP_LOCKS = "keep_locks"
    KEEP_SERVICE_ACCOUNTS = "keep_service_accounts"
    MANAGE_PEOPLE = "manage_people"
    MOVE_STUDENT = "move_student"
    OPEN_EMERGENCY = "open_emergency"
    READ_TRAIL = "read_trail"
    KEEP_HOLDS = "keep_holds"
    REVIEW_ACCESS = "review_access"
    SEE_WHO_COULD = "see_who_could"
    REVIEW_DATA = "review_data"
    SET_RETENTION = "set_retention"
    SET_REFERRALS = "set_referrals"
    SET_SIGN_IN = "set_sign_in"
    WATCH_USE = "watch_use"

    SEE_CATALOG = "see_catalog"
    EXPORT_RECORDS = "export_records"

    SEE_LEVELS = "see_levels"
    SEE_MY_TIME = "see_my_time"
    SEE_UNNAMED = "see_unnamed"
    SEE_WORDS = "see_words"

    ASK_FOR_ACCESS = "ask_for_access"
    DECIDE_REQUESTS = "decide_requests"
    WRITE_REQUEST = "write_request"


EVERYBODY = frozenset({Task.SEE_TODAY, Task.SET_NOTICES})

_DISTRICT = EVERYBODY | {
    Task.ASK_FOR_ACCESS,
    Task.SEE_CATALOG,
    Task.SEE_LEVELS,
    Task.SEE_UNNAMED,
}
"""Which numbers without names are open is `policy.unnamed`'s to say: a request may open them."""

_OVERSIGHT = frozenset({Task.KEEP_HOLDS, Task.REVIEW_ACCESS, Task.REVIEW_DATA, Task.SET_RETENTION})
"""Looking after how the portal is used and what it keeps."""

_SUPPORT = _DISTRICT | frozenset(
    {
        Task.LOG_VISIT,
        Task.COUNT_SCREENINGS,
        Task.SEE_STUDENT,
        Task.SEE_OPENINGS,
        Task.FOLLOW_REFERRALS,
        Task.AMEND_RECORDS,
        Task.CORRECT_RECORD,
        Task.KEEP_GUARDIANS,
        Task.KEEP_SUPPORTS,
        Task.PRINT_RECORD,
        Task.RECORD_CONSENT,
        Task.SEE_MY_TIME,
        Task.SEE_WORDS,
        Task.HAND_OVER,
        Task.OPEN_EMERGENCY,
        Task.EXPORT_RECORDS,
    }
)
_BUILDING = frozenset({Task.ASSIGN_CASELOAD, Task.MOVE_STUDENT, Task.KEEP_LOCKS})

ROLE_TASKS: dict[Role, frozenset[Task]] = {
    Role.SUPPORT_STAFF: _SUPPORT,
    Role.TEACHER: _DISTRICT | {Task.SEE_STUDENT},
    Role.PRINCIPAL: _SUPPORT | _BUILDING | {Task.SEE_GROUPS},
    Role.DISTRICT_ADMIN: _DISTRICT
    | _BUILDING
    | _OVERSIGHT
    | frozenset(
        {
            Task.SEE_GROUPS,
            Task.CLOSE_YEAR,
            Task.SEE_STUDENT,
            Task.SEE_OPENINGS,
            Task.AMEND_RECORDS,
            Task.CORRECT_RECORD,
            Task.PRINT_RECORD,
            Task.KEEP_FORMS,
            Task.KEEP_GUARDIANS,
            Task.RECORD_CONSENT,
            Task.KEEP_TEMPLATES,
            Task.MAKE_AGREEMENT,
            Task.RENEW_AGREEMENTS,
            Task.ASSIGN_CASELOAD,
            Task.KEEP_DATA_POINTS,
            Task.KEEP_WORD_LISTS,
            Task.MANAGE_PEOPLE,
            Task.OPEN_EMERGENCY,
            Task.READ_TRAIL,
            Task.SEE_WHO_COULD,
            Task.SET_REFERRALS,
            Task.SET_SIGN_IN,
            Task.KEEP_SERVICE_ACCOUNTS,
            Task.SEE_WORDS,
            Task.WRITE_REQUEST,
            Task.WATCH_USE,
            Task.EXPORT_RECORDS,
        }
    ),
    Role.SUPERINTENDENT: _DISTRICT
    | _OVERSIGHT
    | frozenset(
        {
            Task.SEE_GROUPS,
            Task.CLOSE_YEAR,
            Task.SEE_STUDENT,
            Task.SEE_OPENINGS,
            Task.PRINT_RECORD,
            Task.KEEP_TEMPLATES,
            Task.MAKE_AGREEMENT,
            Task.MANAGE_PEOPLE,
            Task.RENEW_AGREEMENTS,
            Task.SIGN_AGREEMENT,
            Task.READ_TRAIL,
            Task.DECIDE_REQUESTS,
            Task.WRITE_REQUEST,
            Task.SEE_WHO_COULD,
            Task.WATCH_USE,
            Task.EXPORT_RECORDS,
        }
    ),
    Role.CENTRAL_OFFICE: _DISTRICT | {Task.SEE_STUDENT},
    Role.SECRETARY: _DISTRICT | {Task.SEE_STUDENT},
    Role.AGENCY_STAFF: EVERYBODY | {Task.SEE_SHARED, Task.ANSWER_REFERRAL},
    Role.AGENCY_ADMIN: EVERYBODY
    | frozenset(
        {
            Task.SEE_SHARED,
            Task.ANSWER_REFERRAL,
            Task.ASSIGN_CASE_TEAM,
            Task.MANAGE_PEOPLE,
            Task.SIGN_AGREEMENT,
            Task.WATCH_OUR_USE,
        }
    ),
}

SUPPORT_TASKS = frozenset(
    {
        Task.AMEND_RECORDS,
        Task.CORRECT_RECORD,
        Task.FOLLOW_REFERRALS,
        Task.HAND_OVER,
        Task.KEEP_GUARDIANS,
        Task.KEEP_SUPPORTS,
        Task.LOG_VISIT,
        Task.PRINT_RECORD,
        Task.RECORD_CONSENT,
        Task.SEE_OPENINGS,
    }
)
"""Tasks that write, read or name SUPPORT records, so only a support level may do them."""

UNNAMED_TASKS = frozenset(
    {Task.ASSIGN_CASELOAD, Task.MOVE_STUDENT, Task.KEEP_LOCKS, Task.SEE_WHO_COULD}
)
"""Tasks about a student of one's own organization that open no record of theirs."""


def may_do(role: Role, task: Task) -> Decision:
    """Does this role have this task at all?"""
    if task in ROLE_TASKS[role]:
        return allow(Basis(BasisKind.OWN, (), FULL_FIELDS))
    return refuse([Reason.NO_SUCH_TASK])


def may_do_for(facts: Facts, role: Role, task: Task, district: str, at: datetime) -> Decision:
    """May this person do this task for this student, who belongs to `district`?"""
    reasons = standing_problems(facts, at)
    if task not in ROLE_TASKS[role]:
        reasons.append(Reason.NO_SUCH_TASK)
    if facts.user.organization != district:
        reasons.append(Reason.NO_RELATION)
    elif task in UNNAMED_TASKS:
        reasons += _building_problems(facts, role, at)
    else:
        reasons += _reach_problems(facts, task, at)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL_FIELDS))


def _building_problems(facts: Facts, role: Role, at: datetime) -> list[Reason]:
    """A principal acts within the building, a district administrator in all of the district."""
    if role is not Role.PRINCIPAL or LEVELS[Level.PRINCIPAL].reaches(facts, at):
        return []
    return [Reason.NO_RELATION]


def _reach_problems(facts: Facts, task: Task, at: datetime) -> list[Reason]:
    if task is Task.SEE_STUDENT and names_by_grant(facts, at):
        return []
    scope = LEVELS[facts.user.level]
    reasons = []
    if not scope.reaches(facts, at):
        reasons.append(Reason.NO_RELATION if scope.identified else Reason.NEVER_IDENTIFIED)
    if task in SUPPORT_TASKS and not scope.support:
        reasons.append(Reason.SUPPORT_STAFF_ONLY)
    return reasons
