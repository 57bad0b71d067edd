"""What a consent must say before it counts, and where it stands. Pure rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from portal.consents.drafts import ConsentDraft, DrawnConsent, PaperConsent, TypedConsent
from portal.consents.words import LANGUAGES
from portal.errors import Problem
from portal.pdf import signature as signatures
from portal.policy.decision import SENTENCES, Reason
from portal.policy.endings import ends_soon
from portal.policy.facts import ConsentFacts, Facts, LifeFacts, PaperFacts
from portal.policy.papers import same_name, scan_problems
from portal.policy.rights import kinds_of, signer_problems
from portal.policy.spans import Span, is_likely_day, local_midnight, midnight_after
from portal.policy.validity import time_problems
from portal.vocabulary import (
    CATEGORY_LABELS,
    FORM_KIND_LABELS,
    KIND_OF_FORM,
    SHAREABLE,
    SPECIAL,
    SUBJECT_ONLY,
    Category,
    ConsentStatus,
    Detail,
    FormKind,
    Instrument,
    Purpose,
    SignatureMethod,
    SignerKind,
)

SCHOOL_YEAR_ENDS = (6, 30)


# Where it stands


STATUS_OF_REASON = (
    (Reason.REVOKED, ConsentStatus.TAKEN_BACK),
    (Reason.SUPERSEDED, ConsentStatus.SUPERSEDED),
    (Reason.EXPIRED, ConsentStatus.ENDED),
    (Reason.NOT_CONFIRMED, ConsentStatus.TO_CONFIRM),
    (Reason.REVOCATION_HOLD, ConsentStatus.HELD),
    (Reason.KNOWN_FALSE, ConsentStatus.HELD),
    (Reason.EVENT_PENDING_REVIEW, ConsentStatus.HELD),
    (Reason.NOT_SIGNED, ConsentStatus.NOT_YET),
    (Reason.NOT_YET_EFFECTIVE, ConsentStatus.NOT_YET),
)
"""What a consent is called when this stands against it; the first that does names it."""


def status(consent: ConsentFacts, at: datetime) -> ConsentStatus:
    """Computed from what is written down; whether the signer still holds the right is
    `rights_problem`."""
    reasons = time_problems(consent, at)
    if consent.signed_at is None and Reason.REVOKED not in reasons:
        return ConsentStatus.DRAFT
    named = next((status for reason, status in STATUS_OF_REASON if reason in reasons), None)
    if named is not None:
        return named
    return ConsentStatus.ENDS_SOON if ends_soon(consent.span.end, at) else ConsentStatus.ACTIVE


def rights_problem(consent: ConsentFacts, facts: Facts, at: datetime) -> str:
    """Why the gate does not obey it although its dates are right; empty when it does."""
    reasons = {
        reason
        for category in kinds_of(consent)
        for reason in signer_problems(consent, facts, category, at)
    }
    first = next((reason for reason in Reason if reason in reasons), None)
    return SENTENCES[first][0] if first else ""


OVER = frozenset({ConsentStatus.TAKEN_BACK, ConsentStatus.ENDED, ConsentStatus.SUPERSEDED})


def revoke_problems(now: ConsentStatus, how: str) -> list[Problem]:
    """Why this consent cannot be taken back as told."""
    found = []
    if now in OVER:
        found.append(Problem("This consent is over already.", "There is nothing to take back."))
    if not how.strip():
        found.append(
            Problem(
                "It is not said how the family told you.",
                "Write who told whom, and how: a letter, a call, in person.",
                "How you were told",
            )
        )
    return found


# What it must say


@dataclass(frozen=True)
class Known:
    """What bears on a draft besides itself. agency_active, signer_name: None while not chosen."""

    agency_active: bool | None
    signer_name: str | None
    facts: Facts
    today: date
    most_megabytes: int


def problems(draft: ConsentDraft, known: Known, at: datetime) -> list[Problem]:
    """All that is missing or contradictory."""
    return [*unsigned_problems(draft, known, at), *_signature(draft, known)]


def unsigned_problems(draft: ConsentDraft, known: Known, at: datetime) -> list[Problem]:
    """The same, before anybody signs."""
    return [
        *_agency(known),
        *_ticks(draft),
        *_dates(draft, known.today),
        *_signer(draft, known, at),
    ]


def _agency(known: Known) -> Iterator[Problem]:
    if known.agency_active is None:
        yield Problem("No agency is chosen.", "Choose who may receive the records.", "Agency")
    elif not known.agency_active:
        yield Problem("This agency is not active in the portal.", "Choose another.", "Agency")


def _ticks(draft: ConsentDraft) -> Iterator[Problem]:
    if draft.kind is FormKind.STANDARD:
        yield from _records(draft)
    else:
        yield from _nothing_joined(draft)
    if draft.kind is FormKind.COURT_USE:
        if not draft.case.strip():
            yield Problem("The case is not named.", "Write which proceeding it is.", "Case")
    elif not draft.purposes & set(Purpose):
        yield Problem("No purpose is ticked.", "Tick why it may be shared.", "Purpose")
    if draft.detail not in set(Detail):
        yield Problem("How much is shared is not said.", "Choose from the list.", "How much")
    if draft.language not in LANGUAGES:
        yield Problem("This language is not on the list.", "Choose from the list.", "Language")


def _nothing_joined(draft: ConsentDraft) -> Iterator[Problem]:
    """45 CFR 164.508(b)(3)(ii); 42 CFR 2.31(b), (d)."""
    if draft.categories:
        yield Problem(
            f"{FORM_KIND_LABELS[draft.kind]}: this form can be joined to no other consent.",
            "Take the ticks away, and ask for the records on the standard form.",
            "Records",
        )


def _records(draft: ConsentDraft) -> Iterator[Problem]:
    if not draft.categories:
        yield Problem("Nothing is ticked.", "Tick what may be shared.", "Records")
    for category in sorted(draft.categories - set(SHAREABLE)):
        yield Problem(f"{_label(category)} cannot be shared.", "Take the tick away.", "Records")
    for category in sorted(draft.categories & SPECIAL - draft.special):
        yield Problem(
            f"{_label(category)} is ticked without its own initials.",
            "Have the signer write their initials beside it, or take the tick away.",
            "Initials",
        )


def _label(category: str) -> str:
    return CATEGORY_LABELS[Category(category)] if category in set(Category) else category


def _dates(draft: ConsentDraft, today: date) -> Iterator[Problem]:
    unlikely = list(_unlikely_days(draft))
    yield from unlikely or _spans(draft, today)


def _unlikely_days(draft: ConsentDraft) -> Iterator[Problem]:
    for field, day in (
        ("From", draft.starts_on),
        ("Through", draft.ends_on),
        ("Records from", draft.records_from),
        ("Records until", draft.records_until),
    ):
        if day is not None and not is_likely_day(day):
            yield Problem(f"{field}: the year is {day.year}.", "Correct the year.", field)


def _spans(draft: ConsentDraft, today: date) -> Iterator[Problem]:
    start, end = draft.starts_on, draft.ends_on
    if start is None:
        yield Problem("The first day is missing.", "Say when sharing begins.", "From")
    if end is None and not draft.ends_on_event.strip():
        yield Problem("The last day is missing.", "Say when sharing ends.", "Through")
    elif end is not None and end < today:
        yield Problem("The last day has passed.", "Choose a later one.", "Through")
    if start is not None and end is not None and end < start:
        yield Problem("The end is before the start.", "Correct the two dates.", "Through")
    elif start is not None and end is not None and end >= a_year_after(start):
        yield Problem(
            "A consent lasts for at most a year.",
            f"Choose a last day before {a_year_after(start):%B %d, %Y}.",
            "Through",
        )
    if draft.records_from is None:
        yield Problem(
            "From when on records may be shared is missing.", "Give a date.", "Records from"
        )
    elif draft.records_until is not None and draft.records_until < draft.records_from:
        yield Problem(
            "The last day of the records is before the first.", "Correct them.", "Records until"
        )


def a_year_after(day: date) -> date:
    """The same day a year later; for 29 February, 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def end_of_school_year(today: date) -> date:
    """The usual last day: the next 30 June."""
    end = date(today.year, *SCHOOL_YEAR_ENDS)
    return end if today <= end else date(today.year + 1, *SCHOOL_YEAR_ENDS)


def start_of_school_year(today: date) -> date:
    """The last 1 July, from which records are usually shared."""
    return date(end_of_school_year(today).year - 1, 7, 1)


# Who signs


def as_facts(
    draft: ConsentDraft,
    district: str,
    signed_at: datetime | None,
    tz: str,
    statements: Collection[str] = (),
) -> ConsentFacts:
    """The draft as the gate would see it, once signed at this instant. Needs its dates.

    district: the id of the student's district. statements: what stands on the form.
    """
    by_event = bool(draft.ends_on_event.strip())
    if draft.records_from is None or draft.starts_on is None:
        raise ValueError("a consent without its dates opens nothing")
    if draft.ends_on is None and not by_event:
        raise ValueError("a consent without an end opens nothing")
    until = draft.records_until or draft.ends_on
    parties = (district, str(draft.agency_id))
    discloser, recipient = parties if draft.instrument is Instrument.FERPA else parties[::-1]
    start = local_midnight(draft.starts_on, tz)
    return ConsentFacts(
        id="",
        student=str(draft.student_id),
        discloser=discloser,
        recipient=recipient,
        categories=frozenset(str(category) for category in draft.categories),
        special=frozenset(str(category) for category in draft.special & SPECIAL),
        purposes=frozenset(str(purpose) for purpose in draft.purposes),
        records=Span(local_midnight(draft.records_from, tz), _midnight_after(until, tz)),
        span=Span(start, _midnight_after(draft.ends_on, tz)),
        signer_kind=draft.signer_kind or SignerKind.GUARDIAN,
        signer=str(draft.signer_id),
        signed_at=signed_at,
        detail=draft.detail,
        named=frozenset(str(person) for person in draft.people),
        paper=PaperFacts(
            method=method(draft),
            identity_checked=draft.checked,
            authority=draft.authority,
            statements=frozenset(statements),
            cosigners=tuple(signed_at for _name in draft.cosigners),
            form=draft.kind,
        ),
        life=LifeFacts(
            # What is asked before anybody signs is asked as if the paper were confirmed.
            confirmed_at=None if draft.on_screen else signed_at,
            review_at=local_midnight(a_year_after(draft.starts_on), tz) if by_event else None,
        ),
    )


def _midnight_after(day: date | None, tz: str) -> datetime | None:
    return midnight_after(day, tz) if day is not None else None


def method(draft: ConsentDraft) -> SignatureMethod:
    """How it is signed."""
    if isinstance(draft.signature, PaperConsent):
        return SignatureMethod.PAPER
    drawn = isinstance(draft.signature, DrawnConsent)
    return SignatureMethod.DRAWN if drawn else SignatureMethod.TYPED


def signed_at(draft: ConsentDraft, at: datetime, tz: str) -> datetime | None:
    """Now, when it is signed on screen; the beginning of the day on the paper."""
    if not isinstance(draft.signature, PaperConsent):
        return at
    day = draft.signature.signed_on
    return local_midnight(day, tz) if day is not None and is_likely_day(day) else None


def _signer(draft: ConsentDraft, known: Known, at: datetime) -> Iterator[Problem]:
    if known.signer_name is None:
        yield Problem("Who signs is not chosen.", "Choose the parent or the student.", "Signer")
        return
    signed = signed_at(draft, at, known.facts.student.tz)
    reasons = {
        reason
        for category in draft.categories or {KIND_OF_FORM.get(draft.kind, Category.VISITS)}
        for reason in _rights(draft, known, category, signed, at)
    }
    for reason in (reason for reason in SIGNER_PROBLEMS if reason in reasons):
        what, do_next = SIGNER_PROBLEMS[reason]
        yield Problem(what, do_next, "Signer")


def _rights(
    draft: ConsentDraft, known: Known, category: Category, signed: datetime | None, at: datetime
) -> list[Reason]:
    asked = ConsentFacts(
        id="",
        student=known.facts.student.id,
        discloser="",
        recipient="",
        categories=frozenset({str(category)}),
        special=frozenset(),
        purposes=frozenset(),
        records=Span(at),
        span=Span(at),
        signer_kind=draft.signer_kind or SignerKind.GUARDIAN,
        signer=str(draft.signer_id),
        signed_at=signed,
    )
    return signer_problems(asked, known.facts, category, at)


SIGNER_PROBLEMS = {
    Reason.ORDER_LIMITS_SIGNER: (
        "A court order limits this person's right to consent.",
        "Have somebody else who holds the rights sign.",
    ),
    Reason.BIRTH_DATE_UNKNOWN: (
        "The student's birth date is not known, so nobody's right to sign can be checked.",
        "Complete the roster first.",
    ),
    Reason.SIGNER_NOT_HOLDER: (
        "This person does not hold the right to sign, or did not on that day.",
        "Choose a parent or guardian with rights. A student under 18 signs only for "
        + ", ".join(CATEGORY_LABELS[c].lower() for c in sorted(SUBJECT_ONLY))
        + ".",
    ),
    Reason.HOLDER_CHANGED: (
        "The student is 18 or attends college, so the right to sign is the student's.",
        "Have the student sign.",
    ),
    Reason.MINOR_SIGNATURE_NEEDED: (
        "Only the student may sign for "
        + ", ".join(CATEGORY_LABELS[c].lower() for c in sorted(SUBJECT_ONLY))
        + ".",
        "Take that tick away, and record a consent of its own that the student signs.",
    ),
}
"""What the gate would say of this signer, told to whoever records the consent."""


def _signature(draft: ConsentDraft, known: Known) -> Iterator[Problem]:
    if isinstance(draft.signature, PaperConsent):
        yield from _on_paper(draft.signature, known)
    else:
        yield from _on_screen(draft.signature, draft, known)
    if not draft.checked:
        yield Problem(
            "It is not ticked that you checked who signed.",
            "Check it, then tick the box for staff.",
            "For staff",
        )


def _on_screen(
    signature: TypedConsent | DrawnConsent, draft: ConsentDraft, known: Known
) -> Iterator[Problem]:
    if known.signer_name is not None and not same_name(signature.name, known.signer_name):
        yield Problem(
            "The typed name is not the signer's.",
            f"Have {known.signer_name} type this name as it is written here.",
            "Typed name",
        )
    if not signature.attests:
        yield Problem(
            "The box beside the signature is not ticked.",
            "Have the signer read the page and tick it.",
            "Signature",
        )
    if isinstance(signature, DrawnConsent):
        yield from signatures.problems(signature.strokes)


def _on_paper(signature: PaperConsent, known: Known) -> Iterator[Problem]:
    if signature.signed_on is None:
        yield Problem("The date on the paper is missing.", "Copy it from the paper.", "Signed on")
    elif signature.signed_on > known.today:
        yield Problem("The date is in the future.", "Copy it from the paper.", "Signed on")
    elif not is_likely_day(signature.signed_on):
        yield Problem("The date is too long ago.", "Copy it from the paper.", "Signed on")
    yield from scan_problems(signature.scan, known.most_megabytes, "Scan")
