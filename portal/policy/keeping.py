"""How long each kind of data is kept, from which event on, and by whose authority.

The schedule that is shipped. A district may keep longer as it likes, and shorter only down to
`least`. Where the authority says so, its counsel confirms it: Connecticut's schedule M8 itself
was not read, only what districts' regulations tell of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.errors import Problem
from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.vocabulary import KEPT_FROM_LABELS, KeptFrom

FOR_EVER = None
MOST_YEARS = 100
LONGEST = 500
COUNSEL = "the district's counsel confirms it"


@dataclass(frozen=True)
class Line:
    """One kind of data. years None: for ever. least: fewer the law does not let; None: for ever.

    destroyed: whether the portal can destroy it wholly; left: what stays, and why.
    """

    code: str
    label: str
    years: int | None
    kept_from: KeptFrom
    authority: str
    least: int | None
    destroyed: bool = False
    left: str = ""

    @property
    def period(self) -> str:
        """6 years from the day the student left the district."""
        if self.years is None:
            return "For ever"
        many = "1 year" if self.years == 1 else f"{self.years} years"
        return f"{many} from {KEPT_FROM_LABELS[self.kept_from]}"


SHIPPED: tuple[Line, ...] = (
    Line(
        "cumulative",
        "Cumulative record: name, enrollment, attendance, grades",
        50,
        KeptFrom.LEFT_DISTRICT,
        "Connecticut's schedule M8, Category A, as regulations 5125 of districts tell it; "
        + COUNSEL,
        50,
        left="A student is never deleted here: the ledger and signed papers refer to them.",
    ),
    Line(
        "special_education",
        "Special education and Section 504 file",
        6,
        KeptFrom.GRADUATED,
        "Practice of districts under schedule M8: six years after graduation; " + COUNSEL,
        6,
        left="Status and dates only; they go with the cumulative record.",
    ),
    Line(
        "support",
        "Support: visits, notes, referrals, services, follow-ups",
        6,
        KeptFrom.LEFT_DISTRICT,
        "Conn. Agencies Regs. 17b-262-220 where Medicaid was billed: six years; else no mandate",
        6,
        destroyed=True,
        left="Visits with their notes, answers and follow-ups go. A visit that was corrected, that "
        "a family asked to amend, or that led to a referral stays: what was written down of it "
        "never changes.",
    ),
    Line(
        "consents",
        "Consents, forms and signatures of families",
        6,
        KeptFrom.CONSENT_ENDED,
        "45 CFR 164.508(b)(6) and 164.530(j): six years",
        6,
        left="What was signed never changes and is never removed; a district takes it out with "
        "the database.",
    ),
    Line(
        "papers",
        "Other kept papers",
        6,
        KeptFrom.CREATED,
        "45 CFR 164.530(j) for papers under HIPAA: six years; else no mandate",
        6,
        left="Kept with what they belong to.",
    ),
    Line(
        "agreements",
        "Agreements with partners",
        6,
        KeptFrom.AGREEMENT_ENDED,
        "45 CFR 164.530(j) where a partner is under HIPAA: six years; " + COUNSEL,
        6,
        left="What was signed never changes and is never removed.",
    ),
    Line(
        "disclosures",
        "The ledger of openings, refusals and disclosures",
        FOR_EVER,
        KeptFrom.CREATED,
        "34 CFR 99.32(a)(2): as long as the education record itself",
        FOR_EVER,
        left="Only ever added to; a destruction is a line of it.",
    ),
    Line(
        "with_record",
        "Corrections, requests to amend and statements",
        FOR_EVER,
        KeptFrom.CREATED,
        "34 CFR 99.21(c)(1): a statement as long as the contested record",
        FOR_EVER,
        left="They go with the record, which then stays.",
    ),
    Line(
        "requests",
        "Written requests, grants and research consents",
        6,
        KeptFrom.CREATED,
        "District policy, General Access 10; no period in it; " + COUNSEL,
        6,
        left="What happened to a request never changes.",
    ),
    Line(
        "oversight",
        "Reviews, unusual use, exports, holds, destructions",
        6,
        KeptFrom.CREATED,
        "District policy, Proper Use 5 and 6; no period in it; " + COUNSEL,
        6,
        left="They are the proof of oversight.",
    ),
    Line(
        "accounts",
        "Accounts of people and of the command line",
        FOR_EVER,
        KeptFrom.ACCOUNT_ENDED,
        "No mandate: signatures and records name their author",
        FOR_EVER,
        left="An ended account opens nothing, and stays as a name.",
    ),
    Line(
        "sign_ins",
        "Ended sessions and tries to sign in",
        1,
        KeptFrom.CREATED,
        "No mandate: kept to see unusual use",
        1,
        destroyed=True,
        left="That somebody signed in stays in the ledger. Tries to sign in belong to no district "
        "and stay.",
    ),
    Line(
        "links",
        "Links that have run out or were used",
        1,
        KeptFrom.CREATED,
        "No mandate: kept for the work itself",
        0,
        destroyed=True,
        left="Links by which a family signed stay with the consent.",
    ),
    Line(
        "drafts",
        "Unsaved typing, and marks of forms that were sent",
        1,
        KeptFrom.CREATED,
        "No mandate: kept for the work itself",
        0,
        destroyed=True,
    ),
    Line(
        "counts",
        "Counts without names",
        FOR_EVER,
        KeptFrom.CREATED,
        "No mandate: about nobody",
        0,
        left="A district may keep them as long as it likes.",
    ),
    Line(
        "settings",
        "Organizations, word lists, questions, templates, settings",
        FOR_EVER,
        KeptFrom.CREATED,
        "No mandate: what is written down refers to them",
        FOR_EVER,
        left="Retired, never deleted.",
    ),
)
BY_CODE = {line.code: line for line in SHIPPED}


def schedule(own: Mapping[str, tuple[int | None, str]]) -> tuple[Line, ...]:
    """The schedule as a district has it. own: years and authority, by the line's code."""
    return tuple(
        replace(line, years=own[line.code][0], authority=own[line.code][1])
        if line.code in own
        else line
        for line in SHIPPED
    )


def problems(code: str, years: int | None, authority: str) -> list[Problem]:
    """Why a district cannot keep this kind of data for so long; empty when it can."""
    line = BY_CODE.get(code)
    if line is None:
        return [Problem("There is no such kind of data.", "Choose one from the list.", "What")]
    found = []
    if not authority.strip():
        found.append(
            Problem("No reason is given.", "Name the law, or say in a few words why.", "Why")
        )
    elif len(authority.strip()) > LONGEST:
        found.append(Problem("The reason is too long.", f"Shorten it to {LONGEST}.", "Why"))
    if years is not None and not 0 <= years <= MOST_YEARS:
        found.append(
            Problem("That is no number of years.", f"Write one from 0 to {MOST_YEARS}.", "Years")
        )
    if years is not None and (line.least is None or years < line.least):
        least = "for ever" if line.least is None else f"at least {line.least} years"
        found.append(
            Problem(
                f"This is kept {least}: {line.authority}.",
                "Keep it longer, or leave it as it is.",
                "Years",
            )
        )
    return found


def due_on(line: Line, event: date | None) -> date | None:
    """The first day on which it is no longer to be kept; None: not yet known, or never.

    event: the day from which the period runs; None while that has not come. What runs from
    February 29 ends on March 1 of a year that has none.
    """
    if line.years is None or event is None:
        return None
    year = event.year + line.years
    if year > date.max.year:
        return None
    try:
        return event.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def may_be_second(user: str, first: str) -> Decision:
    """May they lift a hold that `first` placed, or approve what `first` proposed? Not their own."""
    if user == first:
        return refuse([Reason.OWN_RECORD])
    return allow(Basis(BasisKind.OWN, (), FULL))


# What may be destroyed


@dataclass(frozen=True)
class VisitFacts:
    """What of a visit decides whether it may go. left_on: None while the student is enrolled.

    corrected, contested, referred: something that never changes refers to it. asked: a request to
    inspect or amend about the student is open (34 CFR 99.10(e)).
    """

    left_on: date | None
    held: bool = False
    corrected: bool = False
    contested: bool = False
    referred: bool = False
    asked: bool = False


def may_destroy(line: Line, facts: VisitFacts, today: date) -> bool:
    """May this visit be destroyed, with its notes and answers?"""
    due = due_on(line, facts.left_on)
    stands = facts.held or facts.asked
    stays = facts.corrected or facts.contested or facts.referred
    return due is not None and due <= today and not stands and not stays


def latest_event(line: Line, today: date) -> date | None:
    """The latest day from which the period is over today; None: it never is."""
    if line.years is None or today.year - line.years < date.min.year:
        return None
    try:
        return today.replace(year=today.year - line.years)
    except ValueError:
        return date(today.year - line.years, 2, 28)
