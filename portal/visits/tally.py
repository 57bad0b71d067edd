"""Screenings counted without names: no student is asked for, stored, or found from them.

SBIRT of Massachusetts (M.G.L. c. 71 s. 97) lets no name stand on a screening form; a count by
tool, grade and day is what a program reports from.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import once, trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Problem
from portal.policy.tasks import Task
from portal.policy.undo import may_undo
from portal.store.support import Tally
from portal.visits import queries
from portal.visits.queries import TallyLine
from portal.visits.rules import DAYS_BACK

TOOLS = {
    "crafft": "CRAFFT 2.1",
    "crafft_n": "CRAFFT 2.1+N (nicotine)",
    "s2bi": "S2BI",
    "bstad": "BSTAD",
    "audit_c": "AUDIT-C",
    "phq_9_a": "PHQ-9 for teenagers",
    "gad_7": "GAD-7",
    "other": "Another tool",
}
GRADES = ("K", *(str(grade) for grade in range(1, 13)))
MOST = 9999

NOT_YOURS = NotFound("There is no count of yours here.", "Open the page again.")


@dataclass(frozen=True)
class TallyDraft:
    """A count as somebody filled it in. grade, school_id: empty when not told."""

    tool: str | None = None
    screened: int | None = None
    positive: int = 0
    intervened: int = 0
    referred: int = 0
    on: date | None = None
    grade: str = ""
    school_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Total:
    """All that I counted with one tool. counts: screened, positive, intervened, referred."""

    tool: str
    counts: tuple[int, int, int, int]


def count(session: Session, me: Actor, draft: TallyDraft, at: datetime, key: str) -> uuid.UUID:
    """Write a count down, once for each form; its id. Raises NotReady with every problem."""
    me.may(Task.COUNT_SCREENINGS).or_refuse()
    today = at.astimezone(ZoneInfo(me.tz)).date()
    known = {school_id for school_id, _name in queries.schools(session, me)}
    found = [*_problems(draft, today)]
    if draft.school_id is not None and draft.school_id not in known:
        found.append(
            Problem("The school is not on the list.", "Choose it from the list.", "School")
        )
    if found:
        raise NotReady(found)
    tally_id = uuid.uuid4()
    earlier = once.first_result(session, me, "tally.counted", key, tally_id, at)
    if earlier is not None:
        return earlier
    session.add(
        Tally(
            id=tally_id,
            district_id=me.organization_id,
            school_id=draft.school_id,
            staff_id=me.id,
            on=draft.on or today,
            tool=draft.tool,
            grade=draft.grade,
            screened=draft.screened,
            positive=draft.positive,
            intervened=draft.intervened,
            referred=draft.referred,
            written_at=at,
        )
    )
    trail.write(session, me, trail.Entry("tally.counted", True, at, subject=str(tally_id)))
    return tally_id


def undo(session: Session, me: Actor, tally_id: uuid.UUID, at: datetime) -> None:
    """Take back a count of one's own within ten minutes; a second click changes nothing."""
    me.may(Task.COUNT_SCREENINGS).or_refuse()
    row = session.get(Tally, tally_id)
    if row is None or row.staff_id != me.id:
        raise NOT_YOURS
    may_undo(str(me.id), str(row.staff_id), row.written_at, at).or_refuse()
    if row.removed_at is None:
        row.removed_at = at
        trail.write(session, me, trail.Entry("tally.undone", True, at, subject=str(tally_id)))


def totals(lines: Iterable[TallyLine]) -> list[Total]:
    """My counts added up by tool, in the order of the list of tools."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for line in lines:
        for place, number in enumerate(line.counts):
            sums[line.tool][place] += number
    known = [*TOOLS, *(tool for tool in sums if tool not in TOOLS)]
    return [Total(tool, _four(sums[tool])) for tool in known if tool in sums]


def _four(numbers: list[int]) -> tuple[int, int, int, int]:
    screened, positive, intervened, referred = numbers
    return screened, positive, intervened, referred


def _problems(draft: TallyDraft, today: date) -> Iterable[Problem]:
    if draft.tool not in TOOLS:
        yield Problem("No tool is chosen.", "Choose the screening tool.", "Tool")
    if draft.grade and draft.grade not in GRADES:
        yield Problem("The grade is not on the list.", "Choose it from the list.", "Grade")
    day = draft.on or today
    if day > today:
        yield Problem("The day is in the future.", "Count once it has happened.", "Day")
    if day < today - timedelta(days=DAYS_BACK):
        yield Problem("The day is more than a year ago.", "Correct the day.", "Day")
    if draft.screened is None or not 1 <= draft.screened <= MOST:
        yield Problem("How many were screened is missing.", f"Give 1 to {MOST:,}.", "Screened")
        return
    if not 0 <= draft.positive <= draft.screened:
        yield Problem(
            "More were positive than screened.", "Correct one of the two numbers.", "Positive"
        )
    for number, what, field in (
        (draft.intervened, "had a brief intervention", "Brief intervention"),
        (draft.referred, "were referred", "Referred"),
    ):
        if not 0 <= number <= draft.positive:
            yield Problem(
                f"More {what} than were positive.", "Correct one of the two numbers.", field
            )
