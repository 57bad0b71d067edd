"""A line of a review in words: on the page and in the kept record alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from portal.vocabulary import (
    CATEGORY_LABELS,
    LEVEL_LABELS,
    ROLE_LABELS,
    SCOPE_LABELS,
    UNNAMED_VIEW_LABELS,
    Level,
    ReviewKind,
    ReviewSubject,
    Role,
)

if TYPE_CHECKING:
    from portal.reviewing.service import Line

SUBJECT_LABELS = {
    ReviewSubject.PERSON: "People",
    ReviewSubject.GRANT: "Grants beyond a level",
    ReviewSubject.SERVICE_ACCOUNT: "Service accounts",
    ReviewSubject.STALE: "Nothing changed for long",
    ReviewSubject.DUPLICATE: "Perhaps the same twice",
    ReviewSubject.CORRECTION: "Corrected since the review before",
}
SUBJECTS = {
    ReviewKind.ACCESS: (
        ReviewSubject.PERSON,
        ReviewSubject.GRANT,
        ReviewSubject.SERVICE_ACCOUNT,
    ),
    ReviewKind.DATA: (
        ReviewSubject.STALE,
        ReviewSubject.DUPLICATE,
        ReviewSubject.CORRECTION,
    ),
}
INTRODUCTIONS = {
    ReviewKind.ACCESS: (
        "Everybody of the district and its partners who could sign in when the review opened, "
        "every grant beyond a level of access, and every service account, each with what was "
        "decided about it."
    ),
    ReviewKind.DATA: (
        "What had not changed for long, what may be there twice, and what was corrected since the "
        "review before, each with what was decided. No student is named in this record."
    ),
}
GRANTS = {
    "written": "A written grant for one student",
    "emergency": "Opened in an emergency for one student",
    "unnamed": "A view without names",
}
FOUND = {
    "open_referral": "A referral open for more than 90 days",
    "late_service": "A service past its estimated end",
    "caseload_of_left": "On a caseload, and left the district",
    "unused_account": "An account that was never used",
    "same_student": "Two students, perhaps one",
    "same_person": "Two accounts of one name",
    "corrected": "A corrected record",
    "amended": "A family asked to amend a record",
}
MEND = {
    "open_referral": ("Close it, or ask the agency.", "follow_referrals.py"),
    "late_service": ("End it, or move its end, on the student's page.", "see_student.py"),
    "caseload_of_left": ("End it, or hand the student over.", "assign_caseload.py"),
    "unused_account": ("Invite them again, or end the account.", "manage_people.py"),
    "same_student": ("Mend it in the student information system; the next roster tells it.", ""),
    "same_person": ("End the one that is not used.", "manage_people.py"),
    "corrected": ("Look whether the same mistake is made again.", ""),
    "amended": ("Look whether it was answered in time.", "amend_records.py"),
}
"""What mends it, and the page where that is done."""


def about(line: Line, *, named: bool = True) -> str:
    """Whom or what it is about. named: with the students, as far as the reader may name them."""
    if "what" in line.facts:
        others = line.students if named else ()
        people = [line.who.name] if line.who else []
        ask = [f"ask {line.ask}"] if line.ask else []
        return "; ".join([FOUND[line.facts["what"]], *others, *people, *ask])
    if line.who is not None:
        return f"{line.who.name}, {line.who.title}" if line.who.title else line.who.name
    return str(line.facts.get("name") or SUBJECT_LABELS[line.subject])


def stood(facts: Mapping[str, Any], tz: str) -> str:
    """What stood beside it when the review opened."""
    return ". ".join(told for tell in TELLERS if (told := tell(facts, tz))) + "."


def _level(facts: Mapping[str, Any], _tz: str) -> str:
    if "level" not in facts:
        return ""
    role, level = ROLE_LABELS[Role(facts["role"])], LEVEL_LABELS[Level(facts["level"])]
    told = role if role == level else f"{role}, level {level}"
    where = facts["building"] or facts.get("partner")
    return f"{told}, {where}" if where else told


def _grant(facts: Mapping[str, Any], _tz: str) -> str:
    return GRANTS[facts["grant"]] if "grant" in facts else ""


def _opens(facts: Mapping[str, Any], _tz: str) -> str:
    labels: dict[str, str] = {
        **{str(key): told for key, told in CATEGORY_LABELS.items()},
        **{str(key): told for key, told in UNNAMED_VIEW_LABELS.items()},
        **{str(key): told for key, told in SCOPE_LABELS.items()},
    }
    return "; ".join(labels.get(code, code) for code in facts.get("opens", ()))


def _until(facts: Mapping[str, Any], tz: str) -> str:
    if "until" not in facts:
        return ""
    return f"Until {_day(facts['until'], tz)}" if facts["until"] else "Without an end"


def _signed_in(facts: Mapping[str, Any], tz: str) -> str:
    if "last_sign_in" not in facts:
        return ""
    if not facts["last_sign_in"]:
        return "Never signed in"
    return f"Last signed in {_day(facts['last_sign_in'], tz)}"


def _used(facts: Mapping[str, Any], tz: str) -> str:
    if "last_used" not in facts:
        return ""
    never, last = ("Never used", "Last used")
    if "level" in facts:
        never, last = ("Never opened a record", "Last opened a record")
    return f"{last} {_day(facts['last_used'], tz)}" if facts["last_used"] else never


def _since(facts: Mapping[str, Any], tz: str) -> str:
    if "what" not in facts or not facts.get("since"):
        return ""
    times = facts.get("times", 1)
    word = "On" if facts["what"] in ("corrected", "amended") else "Since"
    return f"{word} {_day(facts['since'], tz)}" + (f", {times} changes" if times > 1 else "")


def _mends(facts: Mapping[str, Any], _tz: str) -> str:
    return MEND[facts["what"]][0].rstrip(".") if "what" in facts else ""


def _counts(facts: Mapping[str, Any], _tz: str) -> str:
    told = []
    if carried := facts.get("caseload"):
        told.append(f"{carried} on the caseload")
    if grants := facts.get("grants"):
        told.append("1 grant" if grants == 1 else f"{grants} grants")
    return ", ".join(told)


TELLERS: tuple[Callable[[Mapping[str, Any], str], str], ...] = (
    _level,
    _grant,
    _opens,
    _until,
    _signed_in,
    _used,
    _counts,
    _since,
    _mends,
)


def _day(told: str, tz: str) -> str:
    day = _local(told, tz)
    return f"{day:%b} {day.day}, {day.year}"


def _local(told: str, tz: str) -> date:
    if "T" not in told:
        return date.fromisoformat(told)
    return datetime.fromisoformat(told).astimezone(ZoneInfo(tz)).date()
