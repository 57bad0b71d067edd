"""The trail's codes in words that a family or an administrator can read."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.policy.decision import SENTENCES, Reason
from portal.vocabulary import (
    CATEGORY_LABELS,
    PURPOSE_LABELS,
    Category,
    LegalKind,
    Purpose,
    SignerKind,
)


class Kind(StrEnum):
    """What a reader of the trail may narrow it to."""

    DISCLOSURES = "disclosures"
    OPENINGS = "openings"
    SUPPORT = "support"
    PAPERS = "papers"
    PEOPLE = "people"
    EVERYTHING = "everything"


KIND_LABELS = {
    Kind.DISCLOSURES: "Asked for by partners",
    Kind.OPENINGS: "Opened or listed by anybody",
    Kind.SUPPORT: "Visits and referrals",
    Kind.PAPERS: "Consents and agreements",
    Kind.PEOPLE: "Accounts, case teams, rosters and settings",
    Kind.EVERYTHING: "Everything",
}

KIND_EVENTS: dict[Kind, tuple[str, ...]] = {
    Kind.DISCLOSURES: ("record.", "student.", "students.", "document.", "referral."),
    Kind.OPENINGS: (
        *("record.", "student.", "students.", "document.", "disclosures."),
        *("history.", "summary."),
    ),
    Kind.SUPPORT: (
        *("visit.", "referral.", "answer.", "amendment."),
        *("service.", "need.", "strength.", "note.", "history.", "support."),
    ),
    Kind.PAPERS: ("consent.", "agreement.", "guardian."),
    Kind.PEOPLE: (
        *("account.", "caseload.", "import.", "page.", "session.", "team.", "trail."),
        *("data_point.", "time.", "words."),
    ),
    Kind.EVERYTHING: (),
}
"""How the events of each kind begin; nothing is everything. Disclosures are those of others."""

EVENT_WORDS = {
    "account.signed_in": "Signed in",
    "account.signed_out": "Signed out",
    "answer.given": "Answered the district's questions",
    "answer.listed": "Listed answers to the district's questions",
    "calendar.read": "Fetched their own calendar",
    "caseload.handed_over": "Handed the student over to a colleague",
    "consent.brought_in": "Brought a partner's consent file in",
    "consent.exported": "Took a consent along as a file",
    "disclosures.accounted": "Asked for the list of who has seen the record",
    "disclosures.made": "Made the list of who has seen the record",
    "document.opened": "Opened a document",
    "groups.counted": "Counted visits in groups",
    "guardian.added": "Added somebody to the family",
    "guardian.order_recorded": "Wrote down a court order",
    "handover.listed": "Listed who was handed over to them",
    "hiding.lifted": "Let lists show the student again",
    "hiding.set": "Left the student out of lists",
    "history.opened": "Opened the older history",
    "import.agencies": "Brought agencies in",
    "import.oneroster": "Brought a roster in",
    "lock.lifted": "Lifted the lock between a colleague and the student",
    "lock.set": "Locked a colleague out of the record",
    "page.refused": "Asked for a page",
    "record.approved": "Approved a record",
    "record.amend_records": "Asked to amend a record",
    "record.correct_record": "Asked to correct a record",
    "record.history_read": "Read what a record said before",
    "record.opened": "Opened the record",
    "record.printed": "Printed the record",
    "record.removed": "Removed a record",
    "record.removed_listed": "Listed removed records",
    "record.restored": "Restored a record",
    "referral.listed": "Listed referrals",
    "referral.answered_by_link": "Answered a referral by a mailed link",
    "referral.listed_by_agency": "Listed referrals sent to them",
    "referral.opened_by_link": "Opened a referral by a mailed link",
    "student.assign_caseload": "Changed who works with the student",
    "student.hand_over": "Handed the student over",
    "student.keep_guardians": "Worked on the family",
    "student.keep_locks": "Worked on locks",
    "student.move_student": "Changed the student's school",
    "student.moved": "Wrote down a change of school",
    "service.end_moved": "Changed the estimated end of a service",
    "service.undone": "Took a service back",
    "strength.undone": "Took a strength back",
    "student.keep_supports": "Worked on services and needs",
    "student.print_record": "Asked for a paper about the student",
    "student.follow_referrals": "Followed a referral",
    "student.log_visit": "Wrote about a visit",
    "student.record_consent": "Worked on a consent",
    "student.see_openings": "Read who has seen the record",
    "student.see_student": "Opened the student's page",
    "students.listed": "Listed students",
    "summary.made": "Made the summary for the family",
    "students.listed_across": "Name and grade in a list",
    "team.assigned": "Put on the case team",
    "team.ended": "Taken off the case team",
    "trail.read": "Read the trail",
    "visit.corrected": "Corrected a visit",
    "visit.listed": "Listed visits",
}

NUMBERED = ("agreement.", "consent.", "team.")
"""Events whose subject is the number on a paper."""

LEGAL_BASES = {
    LegalKind.CHILD_WELFARE: "Child welfare agency",
    LegalKind.COURT_ORDER: "Court order",
    LegalKind.EMERGENCY: "Health or safety emergency",
}

SIGNERS = {
    SignerKind.GUARDIAN: "A parent or guardian",
    SignerKind.STUDENT: "The student",
}


def event(code: str) -> str:
    """What happened: `visit.logged` is "Visit logged" unless the list above says it better."""
    return EVENT_WORDS.get(code) or code.replace(".", " ").replace("_", " ").capitalize()


def what(code: str, subject: str, opened: Iterable[str]) -> str:
    """The categories that were opened, or what else happened, with the number of its paper."""
    if code.startswith(NUMBERED) and subject:
        return f"{event(code)} ({subject})"
    listed = code == "students.listed_across"
    return event(code) if listed else categories(opened) or event(code)


def categories(codes: Iterable[str]) -> str:
    """Category labels in the order of the vocabulary; an unknown code is shown as it is."""
    wanted = set(codes)
    known = [label for category, label in CATEGORY_LABELS.items() if category in wanted]
    return ", ".join([*known, *sorted(wanted - set(Category))])


def purpose(code: str) -> str:
    """A purpose's label; an unknown code, or none, is shown as it is."""
    return PURPOSE_LABELS[Purpose(code)] if code in set(Purpose) else code


def reasons(codes: Iterable[str]) -> str:
    """Why something was refused, weightiest reason first; unknown codes are shown as they are."""
    given = list(codes)
    known = [reason for reason in Reason if reason in given]
    others = [code for code in given if code not in set(Reason)]
    return " ".join([*(SENTENCES[reason][0] for reason in known), *others])
