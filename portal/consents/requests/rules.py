"""What a request must say before it goes out, and how long a family has. Pure rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.consents.requests.drafts import Channel, RequestDraft
from portal.errors import Problem
from portal.policy.decision import Decision
from portal.policy.spans import is_likely_day
from portal.vocabulary import FormKind

DAYS_TO_SIGN = 14
"""A link to sign runs out after this many days."""

MINUTES_ON_A_TABLET = 60
MOST_PEOPLE = 20

WHO, WITH_WHOM = "Signer", "Agency"


@dataclass(frozen=True)
class Known:
    """What bears on a request besides itself.

    rights: for each student by first name, whether the signer may sign. inactive: names of
    chosen partners that take no part in the portal. email: the signer's.
    """

    signer_name: str | None
    email: str
    rights: tuple[tuple[str, Decision], ...]
    inactive: tuple[str, ...]
    languages: Collection[str]
    today: date


def until(channel: Channel, at: datetime) -> datetime:
    """When a request that goes out now runs out."""
    if channel is Channel.TABLET:
        return at + timedelta(minutes=MINUTES_ON_A_TABLET)
    return at + timedelta(days=DAYS_TO_SIGN)


def problems(draft: RequestDraft, known: Known) -> list[Problem]:
    """All that keeps it from going out, but for what the form itself says of the proposal."""
    return [*_people(draft, known), *_channel(draft, known), *_days(draft)]


def _people(draft: RequestDraft, known: Known) -> Iterator[Problem]:
    if known.signer_name is None:
        yield Problem("Who signs is not chosen.", "Choose the parent or the student.", WHO)
    if not draft.student_ids:
        yield Problem("No student is chosen.", "Choose whom it is about.", "Student")
    if not draft.partner_ids:
        yield Problem("No agency is chosen.", "Choose who may receive the records.", WITH_WHOM)
    if len(draft.student_ids) * len(draft.partner_ids) > MOST_PEOPLE:
        yield Problem("This asks too much at once.", "Ask in two requests.", WITH_WHOM)
    for name in known.inactive:
        yield Problem(f"{name} is not active in the portal.", "Choose another.", WITH_WHOM)
    for student, decision in known.rights:
        if not decision:
            yield Problem(f"{student}: {decision.because}", decision.do_next, WHO)


def _channel(draft: RequestDraft, known: Known) -> Iterator[Problem]:
    if draft.channel is Channel.EMAIL and "@" not in known.email:
        yield Problem(
            "No e-mail address of the signer is known.",
            "Add it on the page Families, or print a letter.",
            "How",
        )
    if draft.language not in known.languages and draft.channel is not Channel.DRAFT:
        yield Problem(
            "The form is not ready in this language.",
            "Choose another, and note the interpreter who reads it aloud.",
            "Language",
        )
    if draft.kind is not FormKind.STANDARD and len(draft.partner_ids) > 1:
        yield Problem("This form is for one agency at a time.", "Choose one.", WITH_WHOM)


def _days(draft: RequestDraft) -> Iterator[Problem]:
    for field, day in (("From", draft.starts_on), ("Records from", draft.records_from)):
        if day is None:
            yield Problem(f"{field}: the day is missing.", "Give a date.", field)
        elif not is_likely_day(day):
            yield Problem(f"{field}: the year is {day.year}.", "Correct the year.", field)
    if draft.ends_on is not None and not is_likely_day(draft.ends_on):
        yield Problem(f"Through: the year is {draft.ends_on.year}.", "Correct the year.", "Through")
