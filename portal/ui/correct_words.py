"""What a correction says, in words: from codes and ISO dates to what a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from portal.access.words import Words
from portal.ui import when
from portal.visits.revising import LABELS, LISTS
from portal.vocabulary import ATTENDANCE_LABELS, VISIT_MODE_LABELS, Attendance, VisitMode, WordList

OF_ALL = {
    "removed": "Removed",
    "restored": "Restored",
    "approved": "Approved",
    "amendment": "Request to amend",
    "statement": "Statement of disagreement",
}
"""Changes of a record as a whole, and what the history calls them."""

STEPS = {
    "asked": "The family asks to amend it",
    "amended": "Amended as asked",
    "refused": "Not amended",
    "hearing_asked": "The family asks for a hearing",
    "hearing_amended": "Amended after a hearing",
    "hearing_refused": "Not amended after a hearing",
}

FIXED: Mapping[str, Mapping[str, str]] = {
    "mode": {str(mode): VISIT_MODE_LABELS[mode] for mode in VisitMode},
    "amendment": STEPS,
    "attendance": {str(came): ATTENDANCE_LABELS[came] for came in Attendance},
}


def part(field: str) -> str:
    """What a part of a record is called."""
    return OF_ALL.get(field) or LABELS.get(field) or field.replace("_", " ").capitalize()


def told(field: str, value: str, words: Words, now: datetime, tz: str) -> str:
    """A value of this part; what no list knows is told by its own letters."""
    if not value:
        return ""
    if field in LISTS:
        return words.label(LISTS[field], value)
    if field == "services":
        return ", ".join(words.label(WordList.VISIT_SERVICE, code) for code in value.split())
    if field in ("began", "approved"):
        return when.moment(datetime.fromisoformat(value), now, tz)
    if field == "minutes":
        return when.length(int(value))
    return FIXED.get(field, {}).get(value, value)
