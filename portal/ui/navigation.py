"""Every page, with the task it serves: the menu, the gate and the tests read this one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.config import ROOT
from portal.policy.tasks import Task, may_do
from portal.vocabulary import Role

PAGES_FOLDER = ROOT / "pages"


@dataclass(frozen=True)
class Page:
    """A file of pages/ and how the menu shows it. The first page of the table is at /.

    menu: False for a page that one reaches from another; its address opens it all the same.
    menu_of: the roles in whose menu it is all the same; beside_of: those in whose menu it is not.
    """

    task: Task
    file: str
    title: str
    icon: str
    menu: bool = True
    menu_of: tuple[Role, ...] = ()
    beside_of: tuple[Role, ...] = ()

    @property
    def name(self) -> str:
        """Its address without the slash."""
        return self.file.removesuffix(".py")

    def in_menu(self, role: Role) -> bool:
        """Is it in the menu of this role, where the role has it?"""
        return (self.menu or role in self.menu_of) and role not in self.beside_of


PAGES = (
    Page(Task.SEE_TODAY, "today.py", "Today", "today"),
    Page(Task.SET_NOTICES, "my_settings.py", "My settings", "notifications", menu=False),
    Page(Task.LOG_VISIT, "log_visit.py", "Log a visit", "edit_note"),
    Page(Task.COUNT_SCREENINGS, "count_screenings.py", "Count screenings", "tag", menu=False),
    Page(
        Task.SEE_STUDENT,
        "see_student.py",
        "Student",
        "person",
        beside_of=(Role.CENTRAL_OFFICE,),  # nobody by name, but for a written grant
    ),
    Page(Task.OPEN_EMERGENCY, "open_in_emergency.py", "Emergency", "emergency", menu=False),
    Page(Task.CORRECT_RECORD, "correct_record.py", "Correct a record", "edit", menu=False),
    Page(Task.AMEND_RECORDS, "amend_records.py", "Requests to amend", "rule", menu=False),
    Page(Task.FOLLOW_REFERRALS, "follow_referrals.py", "Referrals", "forward"),
    Page(Task.RECORD_CONSENT, "record_consent.py", "Consents", "signature"),
    Page(Task.KEEP_FORMS, "keep_forms.py", "Consent form", "contract", menu=False),
    Page(Task.KEEP_GUARDIANS, "keep_guardians.py", "Families", "family_restroom"),
    Page(Task.SEE_SHARED, "see_shared.py", "Shared with us", "handshake"),
    Page(Task.ANSWER_REFERRAL, "answer_referral.py", "Referrals to us", "inbox"),
    Page(Task.ASSIGN_CASE_TEAM, "assign_case_team.py", "Case teams", "groups"),
    Page(Task.WATCH_OUR_USE, "watch_our_use.py", "Use by our people", "monitor_heart", menu=False),
    Page(Task.ASSIGN_CASELOAD, "assign_caseload.py", "Caseloads", "assignment_ind"),
    Page(Task.HAND_OVER, "hand_over.py", "Hand over", "move_up", menu=False),
    Page(
        Task.MOVE_STUDENT,
        "move_student.py",
        "Change of school",
        "transfer_within_a_station",
        menu=False,
    ),
    Page(Task.KEEP_LOCKS, "keep_locks.py", "Locks", "lock", menu=False),
    Page(Task.CLOSE_YEAR, "close_year.py", "End of the year", "event_available", menu=False),
    Page(Task.MAKE_AGREEMENT, "make_agreement.py", "Agreements", "description"),
    Page(Task.KEEP_TEMPLATES, "keep_templates.py", "Templates and clauses", "note_alt", menu=False),
    Page(Task.RENEW_AGREEMENTS, "renew_agreements.py", "Renewals", "event_repeat", menu=False),
    Page(Task.SIGN_AGREEMENT, "sign_agreement.py", "Agreements to sign", "draw"),
    Page(Task.MANAGE_PEOPLE, "manage_people.py", "People", "manage_accounts"),
    Page(Task.KEEP_WORD_LISTS, "keep_word_lists.py", "Word lists", "list_alt", menu=False),
    Page(Task.KEEP_DATA_POINTS, "keep_data_points.py", "Data points", "quiz", menu=False),
    Page(Task.SET_REFERRALS, "set_referrals.py", "Referral settings", "settings_phone", menu=False),
    Page(
        Task.KEEP_SERVICE_ACCOUNTS,
        "keep_service_accounts.py",
        "Service accounts",
        "terminal",
        menu=False,
    ),
    Page(Task.SET_SIGN_IN, "set_sign_in.py", "Single sign-on", "login", menu=False),
    Page(Task.SEE_WORDS, "see_words.py", "What the words mean", "menu_book", menu=False),
    Page(Task.EXPORT_RECORDS, "export_records.py", "Take out data", "file_save", menu=False),
    Page(Task.SEE_MY_TIME, "see_my_time.py", "My use of time", "schedule", menu=False),
    Page(Task.SEE_LEVELS, "see_levels.py", "Levels of access", "layers", menu=False),
    Page(
        Task.SEE_UNNAMED,
        "see_unnamed.py",
        "Numbers",
        "bar_chart",
        menu=False,
        menu_of=(Role.CENTRAL_OFFICE,),
    ),
    Page(Task.SEE_WHO_COULD, "who_could_look.py", "Who could look", "person_search", menu=False),
    Page(Task.WATCH_USE, "watch_use.py", "Use of the portal", "monitor_heart", menu=False),
    Page(Task.READ_TRAIL, "read_trail.py", "Disclosures", "visibility"),
    Page(Task.KEEP_HOLDS, "keep_holds.py", "Legal holds", "gavel", menu=False),
    Page(
        Task.SET_RETENTION, "set_retention.py", "How long data is kept", "auto_delete", menu=False
    ),
    Page(Task.SEE_CATALOG, "see_catalog.py", "What data is held", "inventory_2", menu=False),
    Page(Task.REVIEW_DATA, "review_data.py", "Review of the data", "rule_folder", menu=False),
    Page(Task.ASK_FOR_ACCESS, "ask_for_access.py", "Ask for access", "key", menu=False),
    Page(Task.DECIDE_REQUESTS, "decide_requests.py", "Requests", "gavel"),
    Page(Task.WRITE_REQUEST, "write_request.py", "Register of requests", "inventory", menu=False),
    Page(Task.REVIEW_ACCESS, "review_access.py", "Review of access", "fact_check", menu=False),
)


def pages_of(role: Role) -> list[Page]:
    """The pages of this role, in the table's order; those of the menu, and those beside it."""
    return [page for page in PAGES if may_do(role, page.task)]


def addresses(pages: Iterable[Page] = PAGES) -> dict[str, Task]:
    """Each page's address and its task; the first page is at / and has no other."""
    first, *others = pages
    return {"/": first.task} | {f"/{page.name}": page.task for page in others}
