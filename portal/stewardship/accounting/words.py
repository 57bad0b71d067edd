"""The list of disclosures in the words of a family: at most the sixth grade, in each language."""

from __future__ import annotations

from collections.abc import Iterable

from portal.languages.marks import N_
from portal.languages.plain import PLAIN
from portal.policy.accounting import Law
from portal.policy.decision import Reason
from portal.vocabulary import Category, LegalKind

LAW_LABELS = {
    Law.EVERYTHING: "Everything",
    Law.FERPA: "School records that left the school (FERPA)",
    Law.IDEA: "Special education records (IDEA)",
    Law.HIPAA: "Given by a health care provider without a form (HIPAA)",
    Law.CT_HIV: "HIV-related information (Connecticut)",
}
"""For staff who choose, and in English as the rest of their pages."""

TITLES = {
    Law.EVERYTHING: N_("Who has seen the records"),
    Law.FERPA: N_("Who asked for school records, and who got them"),
    Law.IDEA: N_("Who has seen special education records"),
    Law.HIPAA: N_("What a health care provider gave without a signed form"),
    Law.CT_HIV: N_("Who was told about HIV"),
}

INTRODUCTIONS = {
    Law.EVERYTHING: N_(
        "This list has each time when somebody opened the records, saw the name in a list, or "
        "worked on them here."
    ),
    Law.FERPA: N_(
        "This list has each time when somebody outside the school asked for school records. It "
        "tells what they got, or why they did not get it. The law does not ask for what you "
        "agreed to in writing. We list it too, and we say so."
    ),
    Law.IDEA: N_(
        "This list has everyone outside the school who got to see the records of a student in "
        "special education. Parents and school staff are not on it."
    ),
    Law.HIPAA: N_(
        "This list has what a health care provider gave in the last six years without a form "
        "that you signed. What you agreed to in writing is not on it."
    ),
    Law.CT_HIV: N_(
        "This list has each time when somebody was told about HIV tests, status or care. When it "
        "was told in spoken words, the written notice must follow within 10 days."
    ),
}

LAW_LINE = N_("The law behind this list: %(law)s.")
AS_ONE = N_(
    "When one person did the same thing more than once, we tell it as one row: the first day, the "
    "last day, and how often."
)

ALL_TIME = N_("All that is written down, until %(day)s")
SIX_YEARS = N_("The six years until %(day)s")
FOOT = N_("Made on %(when)s for %(name)s.")

NOBODY = N_("Nobody. Nothing of this kind is written down.")
NOBODY_REFUSED = N_("Nobody. No request was turned down.")
NOT_ASKED = N_("This law does not ask about requests that were turned down.")
NOT_FOR_THIS_STUDENT = N_(
    "The school has no special education plan for this student, so this law asks for no list."
)

TIMES = N_("%(first)s to %(last)s: %(times)s times")
BETWEEN = N_("%(fewest)s to %(most)s")
SHOWN = N_("Records shown: %(shown)s. Not shown: %(withheld)s.")
TOLD_WITH_IT = N_("Told with it: %(notices)s (%(law)s, version %(version)s).")
ON_SCREEN = N_("Shown on a screen.")
FINGERPRINT = N_("Fingerprint of the file: %(begins)s.")

KINDS = PLAIN | {
    Category.IDENTITY: N_("Name, school and grade"),
    Category.MANDATED_REPORT: N_("Reports to child protection"),
}

EVENTS = (
    ("record.printed", N_("Printed the record")),
    ("record.", N_("Opened the record")),
    ("students.", N_("Saw the name in a list")),
    ("document.", N_("Opened a paper")),
    ("visit.", N_("Worked on a visit")),
    ("referral.listed_by_agency", N_("Saw the name on a request for help")),
    ("referral.opened_by_link", N_("Saw the name on a request for help")),
    ("referral.", N_("Worked on help from others")),
    ("consent.exported", N_("Took the consent along as a file")),
    ("consent.", N_("Worked on a consent")),
    ("consents.", N_("Worked on a consent")),
    ("request.", N_("Worked on a consent")),
    *((begins, N_("Worked on help at school")) for begins in ("service.", "need.", "strength.")),
    ("summary.", N_("Made a page for the family")),
    ("team.", N_("Chose who works with the student")),
    ("caseload.", N_("Chose who works with the student")),
    ("guardian.", N_("Worked on the family's details")),
    ("disclosures.", N_("Asked for this list")),
    ("family.", N_("Looked at the family's page")),
    ("student.see_openings", N_("Looked at who has seen the record")),
    ("student.keep_supports", N_("Worked on help at school")),
    ("student.", N_("Opened the student's page")),
)
"""What happened, by how the trail's code begins; the first that fits."""

OTHERWISE = N_("Worked with the record")

NO_PURPOSE = N_("Not told")
CONSENT = N_("Consent %(number)s (%(law)s)")
AGREEMENT = N_("Agreement %(number)s with the school")
LEGAL = {
    LegalKind.COURT_ORDER: N_("A judge's order"),
    LegalKind.CHILD_WELFARE: N_("The state's child welfare agency, by law"),
    LegalKind.EMERGENCY: N_("An emergency"),
}
STAFF = N_("Works at the school or the district")
FAMILY = N_("Is the student, or of the family")
OWN = N_("Their own records")
BY_CONSENT = N_("You agreed to it, so this law does not ask for this row.")
NO_END = N_("No end is set")
THEIR_WORK = N_("As long as it is their work")
NO_ADDRESS = N_("No address is known")

NOT_AGREED = N_("No signed consent allowed it.")
NO_AGREEMENT = N_("The school had no agreement with them that allowed it.")
NOT_THEIRS = N_("It is not their task to see this student's records.")
BY_RULE = N_("The rules do not allow it.")

REASONS = (
    (
        NOT_THEIRS,
        frozenset(
            {
                Reason.NO_RELATION,
                Reason.NOT_ON_CASE_TEAM,
                Reason.NEVER_IDENTIFIED,
                Reason.SUPPORT_STAFF_ONLY,
                Reason.NO_SUCH_TASK,
                Reason.NOT_OUR_STAFF,
                Reason.USER_INACTIVE,
                Reason.ORGANIZATION_INACTIVE,
            }
        ),
    ),
    (
        NO_AGREEMENT,
        frozenset(
            {
                Reason.NO_AGREEMENT,
                Reason.AGREEMENT_NOT_SIGNED,
                Reason.AGREEMENT_NOT_YET,
                Reason.AGREEMENT_ENDED,
                Reason.AGREEMENT_TERMINATED,
                Reason.NOT_IN_SCHEDULE,
            }
        ),
    ),
    (
        NOT_AGREED,
        frozenset(
            {
                Reason.NO_CONSENT,
                Reason.NO_RECIPIENT,
                Reason.RECIPIENT_NOT_NAMED,
                Reason.NO_RECORDS,
                Reason.ITEM_NOT_COVERED,
                Reason.NO_PURPOSE,
                Reason.PURPOSE_DIFFERS,
                Reason.DATE_OUTSIDE_RANGE,
                Reason.NOT_SIGNED,
                Reason.NOT_YET_EFFECTIVE,
                Reason.EXPIRED,
                Reason.REVOKED,
                Reason.REVOCATION_HOLD,
                Reason.NOTHING_ELSE_OPEN,
            }
        ),
    ),
)
"""Why something was not shown. No sentence tells that a paper of somebody else exists."""

RIGHTS = (
    N_("You may see the records yourself. Ask the school."),
    N_("If something in the records is wrong, you may ask the school to correct it."),
    N_("If you do not know why somebody is on this list, ask the school."),
    N_("You may take a consent back on any day. What was shown before cannot be called back."),
    N_("You may write to the Student Privacy Policy Office of the U.S. Department of Education."),
)


def event(code: str) -> str:
    """What happened, in English, to be translated."""
    return next((words for begins, words in EVENTS if code.startswith(begins)), OTHERWISE)


def reasons(codes: Iterable[str]) -> list[str]:
    """Why something was not shown, each sentence once; in English, to be translated."""
    given = set(codes)
    found = [words for words, group in REASONS if group & given]
    return found or [BY_RULE]
