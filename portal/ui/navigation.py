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
    """

    task: Task
    file: str
    title: str
    icon: str
    menu: bool = True

    @property
    def name(self) -> str:
        """Its address without the slash."""
        return self.file.removesuffix(".py")


PAGES = (
    Page(Task.SEE_TODAY, "today.py", "Today", "today"),
    Page(Task.SET_NOTICES, "my_settings.py", "My settings", "notifications", menu=False),
    Page(Task.LOG_VISIT, "log_visit.py", "Log a visit", "edit_note"),
    Page(Task.COUNT_SCREENINGS, "count_screenings.py", "Count screenings", "tag", menu=False),
    Page(Task.SEE_STUDENT, "see_student.py", "Student", "person"),
    Page(Task.CORRECT_RECORD, "correct_record.py", "Correct a record", "edit", menu=False),
    Page(Task.AMEND_RECORDS, "amend_records.py", "Requests to amend", "rule", menu=False),
    Page(Task.FOLLOW_REFERRALS, "follow_referrals.py", "Referrals", "forward"),
    Page(Task.RECORD_CONSENT, "record_consent.py", "Consents", "signature"),
    Page(Task.KEEP_FORMS, "keep_forms.py", "Consent form", "contract", menu=False),
    Page(Task.KEEP_GUARDIANS, "keep_guardians.py", "Families", "family_restroom"),
    Page(Task.SEE_SHARED, "see_shared.py", "Shared with us", "handshake"),
    Page(Task.ANSWER_REFERRAL, "answer_referral.py", "Referrals to us", "inbox"),
    Page(Task.ASSIGN_CASE_TEAM, "assign_case_team.py", "Case teams", "groups"),
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
    Page(Task.SEE_WORDS, "see_words.py", "What the words mean", "menu_book", menu=False),
    Page(Task.SEE_MY_TIME, "see_my_time.py", "My use of time", "schedule", menu=False),
    Page(Task.READ_TRAIL, "read_trail.py", "Disclosures", "visibility"),
)


def pages_of(role: Role) -> list[Page]:
    """The pages of this role, in the table's order; those of the menu, and those beside it."""
    return [page for page in PAGES if may_do(role, page.task)]


def addresses(pages: Iterable[Page] = PAGES) -> dict[str, Task]:
    """Each page's address and its task; the first page is at / and has no other."""
    first, *others = pages
    return {"/": first.task} | {f"/{page.name}": page.task for page in others}
