"""The words in which each kind of record is told: one line for what it is, one for its narrative.

Nothing here reads the database; `access.contents` brings the rows, of open parts only. What is
told in a line never names anybody else, so a visit of a group says that it was one, and no more.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from portal.access.words import ENGLISH, Words
from portal.store.records import AttendanceYear, Referral, Visit
from portal.store.support import DataPointVersion, StudentNeed, StudentService
from portal.vocabulary import (
    ACCESS_LABELS,
    ATTENDANCE_LABELS,
    GIVEN_STATUS_LABELS,
    HANDOVER_LABELS,
    REFERRAL_STATUS_LABELS,
    SERVICE_END_LABELS,
    STRENGTH_SOURCE_LABELS,
    Access,
    AnswerKind,
    Attendance,
    GivenStatus,
    StrengthSource,
    VisitFormat,
    VisitMode,
    WordList,
)


def day(on: date) -> str:
    """November 3, 2026."""
    return f"{on:%B} {on.day}, {on.year}"


def visit(row: Visit, services: Sequence[str], words: Words) -> str:
    """Purpose, minutes, what was not as usual; then services that the purpose does not say."""
    purpose = words.label(WordList.VISIT_PURPOSE, row.purpose)
    told = [words.label(WordList.VISIT_SERVICE, service) for service in services]
    others = ", ".join(service for service in told if service != purpose)
    after = words.label(WordList.DISPOSITION, row.disposition)
    first = ", ".join([purpose, *_minutes(row), *_how(row, words), *_attendance(row, words)])
    return ". ".join(sentence for sentence in (first, others, after) if sentence)


def _minutes(row: Visit) -> list[str]:
    return [f"{row.minutes} min"] if row.minutes else []


def _how(row: Visit, words: Words) -> list[str]:
    by = [] if row.mode is VisitMode.IN_PERSON else [words.label(WordList.VISIT_MODE, row.mode)]
    group = ["in a group"] if row.format is VisitFormat.GROUP else []
    return [label.lower() for label in by] + group


def _attendance(row: Visit, words: Words) -> list[str]:
    if row.attendance is Attendance.ATTENDED:
        return []
    label = ATTENDANCE_LABELS[row.attendance].lower()
    reason = words.label(WordList.MISSED_REASON, row.missed_reason)
    return [f"{label} ({reason.lower()})" if reason else label]


def referral(row: Referral, agency: str | None, words: Words) -> str:
    """To whom, what for, how far it came, and whether it led to a service where that is known."""
    to = agency or row.school_provider
    need_ = words.label(WordList.NEED, row.need).lower()
    text = f"Referred to {to}: {need_}. {REFERRAL_STATUS_LABELS[row.status]}"
    if row.access is Access.UNKNOWN:
        return text
    return f"{text}. Service: {ACCESS_LABELS[row.access].lower()}"


def service(row: StudentService, agency: str | None, words: Words) -> str:
    """A service in place: from whom, since when, until when."""
    label = words.label(WordList.VISIT_SERVICE, row.service)
    span = f"since {day(row.started_on)}"
    if row.estimated_end and not row.ended_on:
        span += f", until about {day(row.estimated_end)}"
    told = [f"{label} from {agency or row.provider}, {span}", *_tier(row.tier, words)]
    if row.ended_on:
        why = f": {SERVICE_END_LABELS[row.end_reason].lower()}" if row.end_reason else ""
        told.append(f"Ended {day(row.ended_on)}{why}")
    return ". ".join(told)


def service_details(intensity: str, data_owner: str) -> str:
    """How often, and who answers for its data."""
    owner = f"Data kept by {data_owner}" if data_owner else ""
    return ". ".join(part for part in (intensity, owner) if part)


def need(row: StudentNeed, words: Words) -> str:
    """A need: since when, and whether it is met."""
    since = f"Need: {words.label(WordList.NEED, row.need).lower()}, since {day(row.since_on)}"
    if row.met_on:
        stands = f"Met {day(row.met_on)}"
    else:
        stands = (
            f"Not met yet, awaited from {row.awaited_from}" if row.awaited_from else "Not met yet"
        )
    return ". ".join([since, *_tier(row.tier, words), stands])


def _tier(tier: str, words: Words) -> list[str]:
    return [words.label(WordList.TIER, tier)] if tier else []


def given(attendance_: Attendance, status: GivenStatus, corrects: uuid.UUID | None) -> str:
    """A contact that a partner logged back."""
    came = ATTENDANCE_LABELS[attendance_].lower()
    told = f"Service given: {came}. {GIVEN_STATUS_LABELS[status]}"
    return f"{told}. Corrects an earlier entry" if corrects else told


def strategies(agreed: str, reason: str) -> str:
    """What was agreed with the school, and why an entry took another's place."""
    why = f"Corrected because: {reason}" if reason else ""
    return "\n".join(part for part in (agreed, why) if part)


def strength(source: StrengthSource) -> str:
    """In whose words."""
    label = STRENGTH_SOURCE_LABELS[source]
    return f"Strength, {label[0].lower()}{label[1:]}"


def handover(answers: Mapping[str, str]) -> str:
    """Each prompt with its answer, in the order of the prompts."""
    order = [str(prompt) for prompt in HANDOVER_LABELS]
    told = sorted(answers, key=lambda key: (order.index(key) if key in order else len(order), key))
    labels = {str(prompt): label for prompt, label in HANDOVER_LABELS.items()}
    return "\n".join(
        f"{labels[key]}: {answers[key]}" if key in labels else answers[key]
        for key in told
        if answers[key]
    )


def in_english(labels: Mapping[str, str]) -> str:
    """A district's own words, in English or else in whichever language they have."""
    return labels.get(ENGLISH) or next(iter(labels.values()), "")


def answer(value: str, version: DataPointVersion) -> str:
    """An answer as its question was asked; what that does not know is told as it was kept."""
    if version.kind is AnswerKind.CHOICE:
        labels = {choice["code"]: choice["labels"] for choice in version.choices}
        return in_english(labels[value]) if value in labels else value
    if version.kind is AnswerKind.SCALE and version.high is not None:
        return f"{value} of {version.high}"
    if version.kind is AnswerKind.DATE:
        return _day_of(value)
    return value


def _day_of(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def attendance(year: AttendanceYear, school: str) -> str:
    """Days of a school year, and a rate where it is known how many there were."""
    if not year.days_scheduled:
        return (
            f"{year.school_year}, {school}: {year.days_attended} days attended, rate not available"
        )
    share = round(100 * year.days_attended / year.days_scheduled)
    missed = year.days_scheduled - year.days_attended
    return f"{year.school_year}, {school}: {share} % attended, {missed} days missed"
