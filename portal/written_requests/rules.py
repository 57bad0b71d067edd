"""What a written request must say, what a decision must say, and where a request stands.

Pure rules. The policy, General Access 10: "the precise information requested and the legitimate
educational need". External Requests 4: five parts of a written statement, and a formal agreement.
Delegation 2: the Board's own requests "by instruction of the entire Board of Education".
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.errors import Problem
from portal.policy.written_requests import CLOSED_BY_LAW, GRANTABLE
from portal.vocabulary import (
    CATEGORY_LABELS,
    Category,
    InformationForm,
    RequestKind,
    RequestStatus,
    UnnamedView,
)

LONGEST = 4_000
LONGEST_LINE = 200
MOST_STUDENTS = 40
LONGEST_NUMBER = 20

REMIND_WITHIN = timedelta(days=30)
RENEW_WITHIN = timedelta(days=60)
TELL_FOR = timedelta(days=14)
"""How long Today tells an applicant of a decision."""

STATEMENT_PARTS = {
    "purpose": "The purpose of the study",
    "methods": "The research methods",
    "consequences": "The consequences of the study",
    "competence": "The competence of the researcher",
    "consent": "The provision for voluntary informed consent by subjects",
}
"""The policy, External Requests 4."""

INFORMATION = "Precisely which information"
NEED, NEED_OUTSIDE = "The legitimate educational need", "What it is needed for"
WHO, ORGANIZATION, ADDRESS = "Who asks", "Organization", "Address for the decision"
MINUTES = "Where its minutes say so"
REASON = "The reason"
"""What the fields are called on the forms, and so in the sentences about them."""

LATER = "Choose a later day for “Through”."

OUTSIDE_KINDS = (RequestKind.OUTSIDE, RequestKind.RESEARCH, RequestKind.BOARD)
DECIDED = frozenset({RequestStatus.GRANTED, RequestStatus.PARTLY_GRANTED})

ONE_MEMBER = Problem(
    "The Superintendent will provide data analyses only to the Board of Education as a whole.",
    "A request for such reports should be by instruction of the entire Board of Education: "
    "bring its vote.",
    WHO,
)


@dataclass(frozen=True)
class AskDraft:
    """What a member of staff asks for; first and last: the days of the term, both included.

    student_ids: whom they reach. numbers: of others, as typed. view: one without names, which
    takes the place of students and kinds of record.
    """

    information: str = ""
    need: str = ""
    form: InformationForm = InformationForm.IDENTIFIED
    student_ids: tuple[uuid.UUID, ...] = ()
    numbers: tuple[str, ...] = ()
    categories: frozenset[Category] = frozenset()
    view: UnnamedView | None = None
    first: date | None = None
    last: date | None = None
    renews: uuid.UUID | None = None

    @property
    def says_nothing(self) -> bool:
        """Was nothing written or chosen yet?"""
        chosen = self.student_ids or self.numbers or self.categories or self.view
        return not (self.information.strip() or self.need.strip() or chosen)


@dataclass(frozen=True)
class OutsideDraft:
    """What somebody outside, a researcher or the Board asks for, as it is written down.

    statement: by the names of STATEMENT_PARTS. agreement: a file that was brought, or empty.
    vote_on, minutes: of the whole Board; one_member: a single member asks.
    """

    kind: RequestKind
    name: str = ""
    organization: str = ""
    address: str = ""
    information: str = ""
    need: str = ""
    form: InformationForm = InformationForm.AGGREGATE
    first: date | None = None
    last: date | None = None
    categories: frozenset[Category] = frozenset()
    statement: Mapping[str, str] = field(default_factory=dict)
    agreement_number: str = ""
    agreement: bytes = field(default=b"", repr=False)
    vote_on: date | None = None
    minutes: str = ""
    one_member: bool = False


@dataclass(frozen=True)
class DecisionDraft:
    """What the Superintendent decides. students: of those asked for, whom it opens.

    foia: what the Freedom of Information Act requires to be released. confirmed: the number of
    the request, typed.
    """

    grant: bool | None
    reason: str
    confirmed: str
    form: InformationForm = InformationForm.IDENTIFIED
    students: frozenset[uuid.UUID] = frozenset()
    categories: frozenset[Category] = frozenset()
    view: UnnamedView | None = None
    last: date | None = None
    foia: str = ""


def school_year_ends(day: date) -> date:
    """The end of the school year that this day is in (July 1 to June 30, CGS 10-259)."""
    return date(day.year + (day.month > 6), 6, 30)


def ask_problems(draft: AskDraft, today: date) -> list[Problem]:
    """Why this cannot be sent yet; all of it."""
    return [
        *_said(draft.information, INFORMATION, "Say what you ask for, and no more than you need."),
        *_said(draft.need, NEED, "Say for which educational purpose you need it."),
        *_term(draft.first, draft.last, today),
        *_content(draft),
    ]


def _content(draft: AskDraft) -> Iterator[Problem]:
    if draft.form is not InformationForm.IDENTIFIED:
        if draft.view is None:
            yield Problem("No view is chosen.", "Choose a view without names.", "View")
        return
    count = len(draft.student_ids) + len(draft.numbers)
    if not count:
        yield Problem(
            "No student is named.", "Choose a student, or type a student's number.", "Students"
        )
    if count > MOST_STUDENTS:
        many = f"{count} students are more than one request can name."
        yield Problem(many, f"Name up to {MOST_STUDENTS}, or ask without names.", "Students")
    yield from number_problems(draft.numbers)
    yield from _kinds(draft.categories)


def number_problems(numbers: Collection[str]) -> Iterator[Problem]:
    """Numbers that no student can have; whether one has it, nobody is told."""
    for number in numbers:
        if not number.isalnum() or not number.isascii() or len(number) > LONGEST_NUMBER:
            yield Problem(
                f"“{number[:LONGEST_NUMBER]}” is not a student's number.",
                "Type the SASID (ten digits) or the school's student number, one a line.",
                "Numbers",
            )


def _kinds(categories: Collection[Category]) -> Iterator[Problem]:
    if not categories:
        yield Problem("No kind of record is chosen.", "Choose at least one.", "Kinds of record")
    for category in sorted(set(categories) - set(GRANTABLE)):
        law = CLOSED_BY_LAW.get(category, "it goes along by itself")
        yield Problem(
            f"{CATEGORY_LABELS[category]} cannot be granted: {law}.",
            "Leave it out; ask the family, or the student, for their consent.",
            "Kinds of record",
        )


def _term(first: date | None, last: date | None, today: date) -> Iterator[Problem]:
    if first is None or last is None:
        yield Problem("The term is missing.", "Choose a day for “From” and for “Through”.", "Term")
    elif last < first:
        yield Problem("The term ends before it begins.", LATER, "Last day")
    elif last < today:
        yield Problem("The term is over already.", LATER, "Last day")
    elif last > school_year_ends(max(first, today)):
        ends = school_year_ends(max(first, today))
        yield Problem(
            "The term is longer than one school year.",
            f"Choose “Through” up to {ends:%B} {ends.day}, {ends.year}; it can be renewed.",
            "Last day",
        )


def outside_problems(draft: OutsideDraft, today: date) -> list[Problem]:
    """Why this cannot be written down; all of it."""
    if draft.kind is RequestKind.BOARD:
        return [*_board(draft, today), *_asked(draft, today)]
    return [
        *_said(draft.name, WHO, "Write their name.", LONGEST_LINE),
        *_said(draft.address, ADDRESS, "Write where the letter is sent.", LONGEST_LINE),
        *_short(draft.organization, ORGANIZATION),
        *_asked(draft, today),
        *(_research(draft) if draft.kind is RequestKind.RESEARCH else ()),
    ]


def _asked(draft: OutsideDraft, today: date) -> Iterator[Problem]:
    yield from _said(draft.information, INFORMATION, "Write what is asked for, as they do.")
    yield from _said(draft.need, NEED_OUTSIDE, "Write the purpose that they give.")
    yield from _term(draft.first, draft.last, today)
    if draft.form is InformationForm.IDENTIFIED:
        if draft.kind is RequestKind.RESEARCH:
            yield from _kinds(draft.categories)
        else:
            yield Problem(
                "Information with names is not given on such a request.",
                "Choose a form without names; students' names are not released (CGS 1-210(b)(17), "
                "34 CFR 99.30).",
                "Form",
            )


def _board(draft: OutsideDraft, today: date) -> Iterator[Problem]:
    if draft.one_member:
        yield ONE_MEMBER
        return
    if draft.vote_on is None or draft.vote_on > today:
        yield Problem(
            "The day of the Board's vote is missing.",
            "Write the day on which the entire Board instructed the Superintendent.",
            "Day of the vote",
        )
    yield from _said(draft.minutes, MINUTES, "Write the date and the item.", LONGEST_LINE)


def _research(draft: OutsideDraft) -> Iterator[Problem]:
    for part, label in STATEMENT_PARTS.items():
        text = draft.statement.get(part, "")
        if not text.strip():
            said = f"The written statement is silent on {label[0].lower()}{label[1:]}."
            yield Problem(said, "Write it: the policy asks for all five parts.", label)
        yield from _short(text, label, LONGEST)
    if not draft.agreement_number.strip() and not draft.agreement:
        yield Problem(
            "The formal written agreement is missing.",
            "Write the number of the agreement, or bring the signed file.",
            "Agreement",
        )


def decision_problems(
    draft: DecisionDraft,
    *,
    number: str,
    kind: RequestKind,
    asked: Collection[Category],
    view: UnnamedView | None,
    students: Collection[uuid.UUID],
    locked: Collection[uuid.UUID],
    first: date,
    until: date,
    today: date,
) -> list[Problem]:
    """Why it cannot be decided so; all of it. students, asked, until: what was asked for."""
    told = list(_said(draft.reason, REASON, "Write why; it stands in the letter."))
    if draft.confirmed.strip().upper() != number:
        told.append(
            Problem("The decision is not confirmed.", f"Type {number} to confirm.", "Confirm")
        )
    if draft.grant is None:
        told.append(Problem("Nothing is decided.", "Choose to grant or to refuse.", "Decision"))
    if not draft.grant:
        return told
    told += _last_day(draft.last, max(first, today), until)
    if kind is RequestKind.OUTSIDE and not draft.foia.strip():
        told.append(
            Problem(
                "It is not said what the law requires to be released.",
                "Name what the Connecticut Freedom of Information Act (CGS 1-200 and following) "
                "requires; nothing beyond it is released.",
                "Freedom of information",
            )
        )
    if draft.form is not InformationForm.IDENTIFIED:
        if kind is RequestKind.STAFF and (draft.view or view) is None:
            told.append(Problem("No view is chosen.", "Choose the view to open.", "View"))
    elif kind in (RequestKind.STAFF, RequestKind.RESEARCH):
        told += _identified(draft, kind, asked, students, locked)
    else:
        told.append(Problem("Names are not given outside.", "Choose a form without names.", "Form"))
    return told


def _last_day(last: date | None, begins: date, until: date) -> Iterator[Problem]:
    if last is None or last < begins or last > until:
        yield Problem(
            "The last day is not within the term that was asked for.",
            f"Choose a day from {begins:%m/%d/%Y} to {until:%m/%d/%Y}.",
            "Last day",
        )


def _identified(
    draft: DecisionDraft,
    kind: RequestKind,
    asked: Collection[Category],
    students: Collection[uuid.UUID],
    locked: Collection[uuid.UUID],
) -> Iterator[Problem]:
    yield from _kinds(draft.categories)
    if not set(draft.categories) <= set(asked):
        yield Problem(
            "A kind of record is chosen that nobody asked for.",
            "Grant what was asked for, or less.",
            "Kinds of record",
        )
    if kind is RequestKind.RESEARCH:
        return
    if not draft.students or not draft.students <= set(students):
        yield Problem("No student is chosen.", "Choose whom the grant is about.", "Students")
    if draft.students & set(locked):
        yield Problem(
            "A conflict of interest is on file between the applicant and a student.",
            "Leave that student out: a lock is stronger than a grant.",
            "Students",
        )


def status_after(
    draft: DecisionDraft,
    *,
    form: InformationForm,
    asked: Collection[Category],
    count: int | None,
    until: date,
) -> RequestStatus:
    """What the decision makes of the request.

    count: of the students and numbers asked for; None where a request names none.
    """
    if not draft.grant:
        return RequestStatus.REFUSED
    whole = draft.form is form and draft.last == until
    if form is InformationForm.IDENTIFIED:
        everybody = count is None or len(draft.students) == count
        whole = whole and draft.categories == set(asked) and everybody
    return RequestStatus.GRANTED if whole else RequestStatus.PARTLY_GRANTED


def standing(status: RequestStatus, last: date | None, today: date) -> RequestStatus:
    """Where it stands today: what was granted ends with its last day, whoever looks."""
    over = status in DECIDED and last is not None and last < today
    return RequestStatus.ENDED if over else status


def may_renew(status: RequestStatus, last: date | None, today: date) -> bool:
    """Is it time to ask anew? From 60 days before the end; what has ended too."""
    return status in DECIDED and last is not None and today >= last - RENEW_WITHIN


def ends_soon(status: RequestStatus, last: date | None, today: date) -> bool:
    """Does it end within 30 days?"""
    return status in DECIDED and last is not None and today <= last <= today + REMIND_WITHIN


def typed_numbers(text: str) -> tuple[str, ...]:
    """The numbers in a box, one a line or with commas between; each once, in order."""
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def _said(text: str, field_: str, do_next: str, most: int = LONGEST) -> Sequence[Problem]:
    if not text.strip():
        return [Problem(f"“{field_}” is empty.", do_next, field_)]
    return _short(text, field_, most)


def _short(text: str, field_: str, most: int = LONGEST_LINE) -> Sequence[Problem]:
    if len(text) > most:
        return [Problem(f"“{field_}” is too long.", f"Shorten it to {most:,} characters.", field_)]
    if "\x00" in text:
        return [Problem(f"“{field_}” has an invisible character.", "Type it again.", field_)]
    return []
