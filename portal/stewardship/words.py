"""The trail's codes in words that a family or an administrator can read."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.policy.decision import SENTENCES, Reason
from portal.vocabulary import (
    CATEGORY_LABELS,
    EXPORT_PURPOSE_LABELS,
    PURPOSE_LABELS,
    Category,
    ExportPurpose,
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
        *("data.", "history.", "summary.", "emergency."),
    ),
    Kind.SUPPORT: (
        *("visit.", "referral.", "answer.", "amendment."),
        *("service.", "need.", "strength.", "note.", "history.", "support."),
    ),
    Kind.PAPERS: ("consent.", "agreement.", "guardian."),
    Kind.PEOPLE: (
        *("account.", "caseload.", "import.", "page.", "request.", "session.", "team.", "trail."),
        *("data_point.", "time.", "words.", "use.", "onlookers.", "reach."),
        *("service_account.", "sign_in.", "review.", "hold.", "retention.", "destruction."),
    ),
    Kind.EVERYTHING: (),
}
"""How the events of each kind begin; nothing is everything. Disclosures are those of others."""

EVENT_WORDS = {
    "account.acknowledged": "Accepted the duty of confidentiality",
    "account.added": "Added a person",
    "account.bound": "Was known by single sign-on for the first time",
    "account.changed": "Changed a person's role, level or building",
    "account.code_locked": "Must wait after too many wrong codes",
    "account.code_right": "Showed the second factor",
    "account.code_wrong": "Typed a wrong code",
    "account.ended": "Ended an account",
    "account.in_two_places": "Signed in from two places at once",
    "account.invited": "Made a welcome link",
    "account.locked": "Must wait after too many wrong passwords",
    "account.not_signed_in": "Tried to sign in",
    "account.password_changed": "Changed the password",
    "account.password_set": "Set a password by a welcome link",
    "account.recovery_code_used": "Used a recovery code",
    "account.recovery_codes_made": "Made recovery codes",
    "account.refused": "Was refused about a person's account",
    "account.reopened": "Opened an account again",
    "account.second_factor_reset": "Reset a person's second factor",
    "account.second_factor_set": "Set up a second factor",
    "account.session_ended": "Ended one of their sign-ins",
    "account.sessions_ended": "Signed a person out everywhere",
    "account.signed_in": "Signed in",
    "account.signed_out": "Signed out",
    "account.signed_out_everywhere": "Signed out everywhere",
    "account.unbound": "Forgot whom single sign-on knew",
    "account.unlocked": "Unlocked after being away",
    "account.unusual_sign_in": "Signed in from a new place or browser",
    "answer.given": "Answered the district's questions",
    "answer.listed": "Listed answers to the district's questions",
    "calendar.read": "Fetched their own calendar",
    "caseload.handed_over": "Handed the student over to a colleague",
    "consent.brought_in": "Brought a partner's consent file in",
    "consent.exported": "Took a consent along as a file",
    "data.exported": "Took data out as a file",
    "destruction.done": "Destroyed data whose time is over",
    "destruction.given_up": "Gave a proposed destruction up",
    "destruction.proposed": "Proposed to destroy data whose time is over",
    "digest.not_sent": "The daily mail was not taken",
    "digest.written": "The daily mail was sent",
    "disclosures.accounted": "Asked for the list of who has seen the record",
    "disclosures.made": "Made the list of who has seen the record",
    "document.opened": "Opened a document",
    "emergency.closed": "Closed what was open in an emergency",
    "emergency.looked_up": "Looked for a student in an emergency",
    "emergency.opened": "Opened the record in an emergency",
    "emergency.reviewed": "Reviewed an opening in an emergency",
    "emergency.told": "Told of an opening in an emergency by mail",
    "groups.counted": "Counted visits in groups",
    "guardian.added": "Added somebody to the family",
    "guardian.order_recorded": "Wrote down a court order",
    "handover.listed": "Listed who was handed over to them",
    "hiding.lifted": "Let lists show the student again",
    "hiding.set": "Left the student out of lists",
    "history.opened": "Opened the older history",
    "hold.lifted": "Lifted a legal hold",
    "hold.listed": "Read the legal holds",
    "hold.placed": "Placed a legal hold",
    "import.agencies": "Brought agencies in",
    "import.oneroster": "Brought a roster in",
    "lock.lifted": "Lifted the lock between a colleague and the student",
    "lock.set": "Locked a colleague out of the record",
    "numbers.read": "Read numbers without names",
    "numbers.refused": "Asked for numbers without names",
    "onlookers.asked": "Asked who could have looked",
    "page.refused": "Asked for a page",
    "reach.asked": "Asked whom somebody could have opened",
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
    "service_account.ended": "Ended a service account",
    "service_account.made": "Made a service account",
    "service_account.refused": "A command was turned away",
    "service_account.used": "Ran a command by a service account",
    "retention.counted": "Counted what is due to be destroyed",
    "retention.set": "Changed how long data is kept",
    "review.decided": "Decided a line of a review",
    "review.escalated": "Told the superintendent of an overdue review",
    "review.not_sent": "A mail about an overdue review was not taken",
    "review.opened": "Opened a review",
    "review.read": "Read a review",
    "review.signed": "Signed a review off",
    "sign_in.ended": "Switched single sign-on off",
    "sign_in.opened": "Switched single sign-on on",
    "sign_in.set": "Set single sign-on up",
    "sign_in.tried": "Tried single sign-on",
    "student.assign_caseload": "Changed who works with the student",
    "student.hand_over": "Handed the student over",
    "student.keep_guardians": "Worked on the family",
    "student.keep_locks": "Worked on locks",
    "student.move_student": "Changed the student's school",
    "student.moved": "Wrote down a change of school",
    "request.answered": "Answered a written request from outside",
    "request.consent_recorded": "Wrote down a consent to a study",
    "request.decided": "Decided a written request for access",
    "request.drafted": "Wrote a request for access",
    "request.ended": "Ended what was granted on a written request",
    "request.notified": "Told the applicant of the decision by mail",
    "request.opened": "Opened a written request for access",
    "request.register_read": "Read the register of written requests",
    "request.submitted": "Asked in writing for access",
    "request.use_read": "Read what was opened under a grant",
    "request.withdrawn": "Took a request for access back",
    "request.written_down": "Wrote down a request from outside",
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
    "use.gone_over": "The ledger was gone over for unusual use",
    "use.settings_kept": "Set what counts as unusual use",
    "use.settled": "Settled a finding of unusual use",
    "use.stop_lifted": "Let somebody open records again",
    "use.stopped": "Was stopped after opening too many records",
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


BROWSERS = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
"""How a browser calls itself; the first that is found is meant."""


def place(address: str, agent: str) -> str:
    """From where a sign-in came: 192.0.2.7, Chrome."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "")
    return ", ".join(part for part in (address, browser) if part)


def categories(codes: Iterable[str]) -> str:
    """Category labels in the order of the vocabulary; an unknown code is shown as it is."""
    wanted = set(codes)
    known = [label for category, label in CATEGORY_LABELS.items() if category in wanted]
    return ", ".join([*known, *sorted(wanted - set(Category))])


def purpose(code: str) -> str:
    """A purpose's label; an unknown code, or none, is shown as it is."""
    if code in set(ExportPurpose):
        return EXPORT_PURPOSE_LABELS[ExportPurpose(code)]
    return PURPOSE_LABELS[Purpose(code)] if code in set(Purpose) else code


def reasons(codes: Iterable[str]) -> str:
    """Why something was refused, weightiest reason first; unknown codes are shown as they are."""
    given = list(codes)
    known = [reason for reason in Reason if reason in given]
    others = [code for code in given if code not in set(Reason)]
    return " ".join([*(SENTENCES[reason][0] for reason in known), *others])
