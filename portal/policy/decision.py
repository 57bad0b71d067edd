"""The answer to "may I?": yes or no, always with the reason and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.errors import Refused
from portal.languages.marks import N_
from portal.vocabulary import Field


class Reason(StrEnum):
    """Why something is refused. The code is what the trail and `portal decide` print."""

    CONFLICT_OF_INTEREST = "CONFLICT_OF_INTEREST"
    USER_UNKNOWN = "USER_UNKNOWN"
    RECORD_UNKNOWN = "RECORD_UNKNOWN"
    PURPOSE_UNKNOWN = "PURPOSE_UNKNOWN"
    CATEGORY_UNKNOWN = "CATEGORY_UNKNOWN"
    USER_INACTIVE = "USER_INACTIVE"
    ORGANIZATION_INACTIVE = "ORGANIZATION_INACTIVE"
    CUSTODIAN_INACTIVE = "CUSTODIAN_INACTIVE"
    NO_SUCH_TASK = "NO_SUCH_TASK"
    TOO_MANY_OPENED = "TOO_MANY_OPENED"
    DRAFT = "DRAFT"
    SEALED = "SEALED"
    NEVER_SHARED = "NEVER_SHARED"
    RESTRICTED = "RESTRICTED"
    INSIDE_ONLY = "INSIDE_ONLY"
    BLOCKED = "BLOCKED"
    NEVER_IDENTIFIED = "NEVER_IDENTIFIED"
    NO_SUCH_NUMBERS = "NO_SUCH_NUMBERS"
    NO_RELATION = "NO_RELATION"
    SUPPORT_STAFF_ONLY = "SUPPORT_STAFF_ONLY"
    NOT_IN_AUDIENCE = "NOT_IN_AUDIENCE"
    NOT_ON_CASE_TEAM = "NOT_ON_CASE_TEAM"
    HIDDEN_FROM_LISTS = "HIDDEN_FROM_LISTS"
    NOT_OUR_STAFF = "NOT_OUR_STAFF"
    NOT_THE_RECIPIENT = "NOT_THE_RECIPIENT"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    NOT_THE_AUTHOR = "NOT_THE_AUTHOR"
    OWN_RECORD = "OWN_RECORD"
    OWN_REQUEST = "OWN_REQUEST"
    ABOUT_ONESELF = "ABOUT_ONESELF"
    SUPERINTENDENTS_ACCOUNT = "SUPERINTENDENTS_ACCOUNT"
    DECIDES_ABOUT_YOU = "DECIDES_ABOUT_YOU"
    AGENCY_SERVES_SEVERAL = "AGENCY_SERVES_SEVERAL"
    TOO_LATE_TO_UNDO = "TOO_LATE_TO_UNDO"
    SECOND_FACTOR_NEEDED = "SECOND_FACTOR_NEEDED"
    EXPORT_OVER = "EXPORT_OVER"
    NOTHING_ELSE_OPEN = "NOTHING_ELSE_OPEN"
    NO_CONSENT = "NO_CONSENT"
    NO_RECIPIENT = "NO_RECIPIENT"
    RECIPIENT_NOT_NAMED = "RECIPIENT_NOT_NAMED"
    NO_RECORDS = "NO_RECORDS"
    ITEM_NOT_COVERED = "ITEM_NOT_COVERED"
    NO_SPECIAL_INITIALS = "NO_SPECIAL_INITIALS"
    NO_PURPOSE = "NO_PURPOSE"
    PURPOSE_DIFFERS = "PURPOSE_DIFFERS"
    DATE_OUTSIDE_RANGE = "DATE_OUTSIDE_RANGE"
    NOT_SIGNED = "NOT_SIGNED"
    NOT_DATED = "NOT_DATED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    NOT_YET_EFFECTIVE = "NOT_YET_EFFECTIVE"
    EXPIRED = "EXPIRED"
    EVENT_PENDING_REVIEW = "EVENT_PENDING_REVIEW"
    REVOKED = "REVOKED"
    REVOCATION_HOLD = "REVOCATION_HOLD"
    SUPERSEDED = "SUPERSEDED"
    KNOWN_FALSE = "KNOWN_FALSE"
    SIGNER_NOT_HOLDER = "SIGNER_NOT_HOLDER"
    ORDER_LIMITS_SIGNER = "ORDER_LIMITS_SIGNER"
    HOLDER_CHANGED = "HOLDER_CHANGED"
    BIRTH_DATE_UNKNOWN = "BIRTH_DATE_UNKNOWN"
    MINOR_SIGNATURE_NEEDED = "MINOR_SIGNATURE_NEEDED"
    ALL_FAMILY_NEEDED = "ALL_FAMILY_NEEDED"
    SIGNATURE_UNAUTHENTICATED = "SIGNATURE_UNAUTHENTICATED"
    MISSING_AUTHORITY = "MISSING_AUTHORITY"
    MISSING_REVOKE = "MISSING_STATEMENT:revoke"
    MISSING_NO_CONDITION = "MISSING_STATEMENT:no_condition"
    MISSING_MAY_BE_REDISCLOSED = "MISSING_STATEMENT:may_be_redisclosed"
    MISSING_PART2_REDISCLOSURE = "MISSING_STATEMENT:part2_redisclosure"
    MISSING_PART2_REFUSAL = "MISSING_STATEMENT:part2_refusal"
    MISSING_CT_REFUSAL = "MISSING_STATEMENT:ct_refusal"
    COMPOUND = "COMPOUND"
    FORM_SUPERSEDED = "FORM_SUPERSEDED"
    TEXT_MISMATCH = "TEXT_MISMATCH"
    NO_AGREEMENT = "NO_AGREEMENT"
    AGREEMENT_NOT_SIGNED = "AGREEMENT_NOT_SIGNED"
    AGREEMENT_NOT_YET = "AGREEMENT_NOT_YET"
    AGREEMENT_ENDED = "AGREEMENT_ENDED"
    AGREEMENT_TERMINATED = "AGREEMENT_TERMINATED"
    NOT_IN_SCHEDULE = "NOT_IN_SCHEDULE"
    PURPOSE_NOT_IN_AGREEMENT = "PURPOSE_NOT_IN_AGREEMENT"
    BASIS_NOT_IN_AGREEMENT = "BASIS_NOT_IN_AGREEMENT"
    ADDED_AFTER_CONSENT = "ADDED_AFTER_CONSENT"
    TOLD_AFTER_CONSENT = "TOLD_AFTER_CONSENT"
    LINK_UNKNOWN = "LINK_UNKNOWN"
    LINK_USED = "LINK_USED"
    LINK_EXPIRED = "LINK_EXPIRED"
    LINK_LOCKED = "LINK_LOCKED"
    PASS_ENDED = "PASS_ENDED"  # noqa: S105
    LEGAL_BASIS_OUT_OF_TIME = "LEGAL_BASIS_OUT_OF_TIME"
    LEGAL_BASIS_NOT_FOR_USER = "LEGAL_BASIS_NOT_FOR_USER"
    LEGAL_BASIS_DEFECTIVE = "LEGAL_BASIS_DEFECTIVE"


class BasisKind(StrEnum):
    """What an allow rests on."""

    OWN = "own"
    GRANT = "grant"
    CONSENT = "consent"
    COURT_ORDER = "court_order"
    CHILD_WELFARE = "child_welfare"
    EMERGENCY = "emergency"
    OWN_EMERGENCY = "own_emergency"


@dataclass(frozen=True)
class Basis:
    """One ground that holds by itself: the papers, what they open, and when the first ends.

    grant: the id of a grant, written or of an emergency: no paper between two organizations.
    """

    kind: BasisKind
    papers: tuple[str, ...]
    fields: frozenset[Field]
    until: datetime | None = None
    grant: str = ""


FULL = frozenset(Field)
SUMMARY = frozenset({Field.WHAT, Field.WHEN})


@dataclass(frozen=True)
class Decision:
    """The answer. Truthy when allowed; `codes` are all reasons of a refusal, sorted by weight."""

    allowed: bool
    codes: tuple[Reason, ...] = ()
    bases: tuple[Basis, ...] = ()
    because: str = ""
    do_next: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def fields(self) -> tuple[Field, ...]:
        """The union of what each basis opens, in the order of display."""
        opened = frozenset[Field]().union(*(basis.fields for basis in self.bases))
        return tuple(field for field in Field if field in opened)

    @property
    def papers(self) -> tuple[str, ...]:
        """Ids of every consent, agreement or legal basis that holds, sorted, each once."""
        return tuple(sorted({paper for basis in self.bases for paper in basis.papers}))

    @property
    def grants(self) -> tuple[str, ...]:
        """Ids of every written grant that holds, sorted, each once."""
        return tuple(sorted({basis.grant for basis in self.bases if basis.grant}))

    @property
    def until(self) -> datetime | None:
        """When the last basis that holds ends; None when one has no end."""
        ends = [basis.until for basis in self.bases]
        return None if None in ends else max((end for end in ends if end), default=None)

    def or_refuse(self) -> Decision:
        """Itself when allowed; otherwise raises `Refused` with the same sentence."""
        if self.allowed:
            return self
        raise Refused(self.because, self.do_next, [str(code) for code in self.codes])


def allow(*bases: Basis, because: str = "") -> Decision:
    """Yes, on these grounds."""
    return Decision(allowed=True, bases=bases, because=because)


def refuse(codes: Sequence[Reason], lead: Sequence[Reason] = ()) -> Decision:
    """No. Every code is kept, each once.

    The sentence is that of the weightiest reason of `lead`, what the nearest
    paper lacks, when that is known; otherwise of all.
    """
    because, do_next = SENTENCES[_ranked(lead or codes)[0]]
    return Decision(allowed=False, codes=_ranked(codes), because=because, do_next=do_next)


def _ranked(codes: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(set(codes), key=list(Reason).index))


ASK_FOR_CONSENT = "Ask the school's support staff to send the family the consent form."
ASK_FOR_RENEWAL = "Ask the school's support staff to renew the consent with the family."
ASK_PARTNERSHIP = "Ask the district's partnership lead about the agreement."
ASK_ADMIN = "Ask your administrator."
THE_OPERATOR = "whoever runs the portal, who has the command `portal account` for it"
OUT_OF_REACH = (
    "There is no student here whom you may open.",
    "Search again, or ask the school's support staff or your administrator.",
)
"""For a student who does not exist, one out of reach and one locked: nobody can tell which."""

SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.CONFLICT_OF_INTEREST: OUT_OF_REACH,
    Reason.USER_UNKNOWN: ("Nobody by that name uses the portal.", ASK_ADMIN),
    Reason.RECORD_UNKNOWN: ("There is no such record.", "Search for the student again."),
    Reason.PURPOSE_UNKNOWN: ("That purpose is not on the list.", "Choose a purpose from the list."),
    Reason.CATEGORY_UNKNOWN: ("That kind of record is not on the list.", ASK_ADMIN),
    Reason.USER_INACTIVE: ("Your account is not active.", ASK_ADMIN),
    Reason.ORGANIZATION_INACTIVE: ("Your organization is not active in the portal.", ASK_ADMIN),
    Reason.CUSTODIAN_INACTIVE: (
        "The organization that holds this record is not active in the portal.",
        "Ask that organization directly.",
    ),
    Reason.TOO_MANY_OPENED: (
        "You have opened so many records within an hour that no more are opened to you.",
        "Tell an administrator of the district, who can lift it on the page Use of the portal.",
    ),
    Reason.NO_SUCH_TASK: ("Your role does not include this task.", ASK_ADMIN),
    Reason.DRAFT: ("This record is still a draft.", "Ask its author to finish it."),
    Reason.SEALED: ("This record is sealed.", "Ask the district's records officer."),
    Reason.NEVER_SHARED: ("Records of this kind are never shared.", "There is nothing to ask for."),
    Reason.RESTRICTED: (
        "To respect the student's privacy, its author or an administrator restricted this record.",
        "Talk with its author.",
    ),
    Reason.INSIDE_ONLY: (
        "This record stays within the organization that holds it.",
        "There is nothing to ask for.",
    ),
    Reason.BLOCKED: (
        "Sharing this student's records with your organization is stopped.",
        "Ask the district's records officer.",
    ),
    Reason.NEVER_IDENTIFIED: (
        "Your level of access does not include records that name a student.",
        "Apply in writing to the Superintendent if you need one.",
    ),
    Reason.NO_SUCH_NUMBERS: (
        "Your level of access does not include these numbers.",
        "Apply in writing to the Superintendent if you need them.",
    ),
    Reason.NO_RELATION: (
        "This student is not assigned to you.",
        "Ask the principal to assign the student, or apply in writing to the Superintendent.",
    ),
    Reason.SUPPORT_STAFF_ONLY: (
        "Records of this kind are limited to authorized support staff and administrators.",
        "Apply in writing to the Superintendent if you need one.",
    ),
    Reason.NOT_IN_AUDIENCE: (
        "This record is for other levels of access than yours.",
        "Ask the district's administrator who may see it.",
    ),
    Reason.NOT_ON_CASE_TEAM: (
        "You are not on this student's case team.",
        "Ask your agency's administrator to add you to the case team.",
    ),
    Reason.NOT_THE_RECIPIENT: (
        "This referral was not sent to your organization.",
        "Search for the referral's number again, or ask the school's contact.",
    ),
    Reason.CONSENT_WITHDRAWN: (
        "The family took back the consent behind this referral, so it is on hold.",
        "Wait until the school sends it again, or talk with the school's contact.",
    ),
    Reason.NOT_THE_AUTHOR: ("Somebody else wrote this.", "Ask its author to undo or correct it."),
    Reason.OWN_RECORD: (
        "You wrote or decided this yourself, so a second person is needed.",
        "Ask the principal or the district's administrator.",
    ),
    Reason.OWN_REQUEST: (
        "You asked for this yourself, and nobody decides their own request.",
        "Ask whoever acts for the Superintendent, by the Board's appointment.",
    ),
    Reason.ABOUT_ONESELF: (
        "This is about yourself, so somebody else decides.",
        "Ask another administrator, or the superintendent.",
    ),
    Reason.SUPERINTENDENTS_ACCOUNT: (
        "This is a superintendent's account, which only another superintendent looks after.",
        f"Ask another superintendent, or {THE_OPERATOR}.",
    ),
    Reason.DECIDES_ABOUT_YOU: (
        "Administrators decide about one another, so none makes a link for another one, adds one "
        "or changes what one may do.",
        f"Ask the superintendent, or {THE_OPERATOR}.",
    ),
    Reason.AGENCY_SERVES_SEVERAL: (
        "This agency serves another district too, so its own administrator looks after its people.",
        f"Ask the agency's administrator. If it has none yet, ask {THE_OPERATOR}.",
    ),
    Reason.TOO_LATE_TO_UNDO: (
        "It can be undone for ten minutes only, and they have passed.",
        "Correct it with a reason, or ask the district's administrator.",
    ),
    Reason.SECOND_FACTOR_NEEDED: (
        "With this you take out more than fifty students or five hundred rows today.",
        "Show your second factor again, by the link on this page or on Take out data; or take out "
        "less today.",
    ),
    Reason.EXPORT_OVER: (
        "A file of taken-out data opens for one day only.",
        "Take the data out again, if you still need it.",
    ),
    Reason.HIDDEN_FROM_LISTS: (
        "This student is left out of lists and searches.",
        "Type the whole SASID, or ask an administrator of the district.",
    ),
    Reason.NOT_OUR_STAFF: (
        "This person is not on your organization's active staff.",
        "Choose somebody from the list, or add the person to your staff first.",
    ),
    Reason.NOTHING_ELSE_OPEN: ("Nothing of this student is open to you.", ASK_FOR_CONSENT),
    Reason.NO_CONSENT: ("No consent names your organization for this student.", ASK_FOR_CONSENT),
    Reason.NO_RECIPIENT: ("The consent names nobody who may receive records.", ASK_FOR_CONSENT),
    Reason.RECIPIENT_NOT_NAMED: (
        "The consent names other people of your organization, and not you.",
        "Ask a colleague whom it names, or ask the school for a new consent.",
    ),
    Reason.NO_RECORDS: ("Nothing is ticked on the consent.", ASK_FOR_CONSENT),
    Reason.ITEM_NOT_COVERED: ("Not ticked on the consent.", ASK_FOR_CONSENT),
    Reason.NO_SPECIAL_INITIALS: (
        "The consent lacks the separate initials for this kind of record.",
        ASK_FOR_CONSENT,
    ),
    Reason.NO_PURPOSE: ("The consent names no purpose.", ASK_FOR_CONSENT),
    Reason.PURPOSE_DIFFERS: (
        "The consent does not allow this purpose.",
        "Choose a purpose that the consent names, or ask the school for a new consent.",
    ),
    Reason.DATE_OUTSIDE_RANGE: (
        "This record is outside the dates that the consent covers.",
        ASK_FOR_CONSENT,
    ),
    Reason.NOT_SIGNED: ("The consent is not signed.", ASK_FOR_CONSENT),
    Reason.NOT_DATED: ("The signature on the consent has no date.", ASK_FOR_CONSENT),
    Reason.NOT_CONFIRMED: (
        "A second person has not yet compared the scan with the paper.",
        "Ask the school's support staff to confirm it.",
    ),
    Reason.NOT_YET_EFFECTIVE: ("The consent has not begun.", "Wait for its first day."),
    Reason.EXPIRED: ("The consent has ended.", ASK_FOR_RENEWAL),
    Reason.REVOKED: ("The family took the consent back.", "Talk with the school's support staff."),
    Reason.EVENT_PENDING_REVIEW: (
        "Somebody must first look whether the event that ends the consent has happened.",
        "Ask the school's support staff to review it.",
    ),
    Reason.REVOCATION_HOLD: (
        "The family said that it takes the consent back; until that is settled nothing is shared.",
        "Talk with the school's support staff.",
    ),
    Reason.SUPERSEDED: (
        "Another consent has taken this one's place.",
        "Look at what the newer consent opens.",
    ),
    Reason.KNOWN_FALSE: ("The consent was found to be false.", ASK_FOR_CONSENT),
    Reason.ORDER_LIMITS_SIGNER: (
        "A court order limits the signer's right to consent.",
        "Ask the school's support staff to have somebody else sign.",
    ),
    Reason.ALL_FAMILY_NEEDED: (
        "Not every member of the family in therapy has signed.",
        "Ask the school's support staff to have the others sign.",
    ),
    Reason.SIGNATURE_UNAUTHENTICATED: (
        "It is not written down how it was made sure who signed on the screen.",
        ASK_FOR_CONSENT,
    ),
    Reason.MISSING_AUTHORITY: (
        "The consent does not say what gives the signer the right to act for the student.",
        ASK_FOR_CONSENT,
    ),
    Reason.MISSING_REVOKE: (
        "The form does not say how to take the consent back.",
        ASK_FOR_CONSENT,
    ),
    Reason.MISSING_NO_CONDITION: (
        "The form does not say whether care may depend on signing.",
        ASK_FOR_CONSENT,
    ),
    Reason.MISSING_MAY_BE_REDISCLOSED: (
        "The form does not say that what is given may be passed on and lose its protection.",
        ASK_FOR_CONSENT,
    ),
    Reason.MISSING_PART2_REDISCLOSURE: (
        "The form does not say what may become of substance use records once given.",
        ASK_FOR_CONSENT,
    ),
    Reason.MISSING_PART2_REFUSAL: (
        "The form does not say what follows from refusing to share substance use records.",
        ASK_FOR_CONSENT,
    ),
    Reason.MISSING_CT_REFUSAL: (
        "The form does not say that refusing does not put treatment at risk.",
        ASK_FOR_CONSENT,
    ),
    Reason.COMPOUND: (
        "The consent is on a form that may be used for one purpose alone.",
        "Ask the school for a consent on the standard form.",
    ),
    Reason.FORM_SUPERSEDED: (
        "The form lacks something that the law now requires.",
        ASK_FOR_CONSENT,
    ),
    Reason.TEXT_MISMATCH: (
        "The kept paper is not the one that was signed.",
        "Ask the district's records officer.",
    ),
    Reason.SIGNER_NOT_HOLDER: (
        "Whoever signed the consent does not hold the right to sign.",
        ASK_FOR_CONSENT,
    ),
    Reason.HOLDER_CHANGED: (
        "The right to consent has passed to the student.",
        "Ask the school's support staff to have the student sign.",
    ),
    Reason.BIRTH_DATE_UNKNOWN: (
        "The student's birth date is not known, so nobody's right to sign can be checked.",
        "Ask the school to complete the roster.",
    ),
    Reason.MINOR_SIGNATURE_NEEDED: (
        "Only the student may consent to sharing this kind of record.",
        "Ask the school's support staff to have the student sign.",
    ),
    Reason.NO_AGREEMENT: (
        "There is no agreement between your organization and the one that holds the record.",
        ASK_PARTNERSHIP,
    ),
    Reason.AGREEMENT_NOT_SIGNED: ("The agreement is not signed by both sides.", ASK_PARTNERSHIP),
    Reason.AGREEMENT_NOT_YET: ("The agreement is not in force yet.", ASK_PARTNERSHIP),
    Reason.AGREEMENT_ENDED: ("The agreement has ended.", ASK_PARTNERSHIP),
    Reason.AGREEMENT_TERMINATED: ("The agreement was terminated.", ASK_PARTNERSHIP),
    Reason.NOT_IN_SCHEDULE: ("Not in the agreement's schedule of records.", ASK_PARTNERSHIP),
    Reason.PURPOSE_NOT_IN_AGREEMENT: (
        "The agreement does not list this kind of record for this purpose.",
        "Choose a purpose that the agreement lists, or ask the district's partnership lead.",
    ),
    Reason.BASIS_NOT_IN_AGREEMENT: (
        "The agreement lists this kind of record on another legal basis.",
        ASK_PARTNERSHIP,
    ),
    Reason.ADDED_AFTER_CONSENT: (
        "The agreement came to list this kind of record only after the consent was signed.",
        "Ask the school's support staff to send the family a new consent form.",
    ),
    Reason.TOLD_AFTER_CONSENT: (
        "The consent was signed before the family was told of this record.",
        "Ask the school's support staff to send the family a new consent form.",
    ),
    Reason.LINK_UNKNOWN: (
        N_("This link does not work."),
        N_("Check that you have all of it, or ask the school for a new one."),
    ),
    Reason.LINK_USED: (
        N_("This link has been used already, or the school has taken it back."),
        N_("If you want to change something, ask the school for a new one."),
    ),
    Reason.LINK_EXPIRED: (N_("This link has run out."), N_("Ask the school for a new one.")),
    Reason.LINK_LOCKED: (
        N_("There were too many wrong tries, so this link is locked."),
        N_("Ask the school for a new one."),
    ),
    Reason.PASS_ENDED: (
        N_("You were away for a while. What you filled in is kept."),
        N_("Tell us once more who you are to go on."),
    ),
    Reason.LEGAL_BASIS_OUT_OF_TIME: (
        "The legal basis is not in force.",
        "Ask the district's records officer.",
    ),
    Reason.LEGAL_BASIS_NOT_FOR_USER: (
        "The legal basis does not name you.",
        "Ask the district's records officer.",
    ),
    Reason.LEGAL_BASIS_DEFECTIVE: (
        "The legal basis lacks something that the law requires.",
        "Ask the district's records officer.",
    ),
}
