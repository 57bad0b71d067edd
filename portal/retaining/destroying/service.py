"""Propose a destruction, approve it as a second person, or give it up.

What is due is asked anew when it is approved: a hold that was placed meanwhile, or a request that
came in, keeps what it covers. Gone is gone: only a backup of before has it, until that is old.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import documents, due, holds, trail
from portal.access.actor import Actor
from portal.access.due import Taken, Where
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.languages import catalog as languages
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.policy.decision import Reason
from portal.policy.keeping import Line, may_be_second
from portal.policy.tasks import Task
from portal.retaining.destroying import queries
from portal.retaining.destroying.queries import Run
from portal.retaining.service import schedule_of
from portal.store.oversight import Destruction
from portal.store.papers import Document
from portal.vocabulary import DocumentKind

STATEMENT = (
    "What is counted here was destroyed under the district's retention schedule, proposed by one "
    "person and approved by another, while no legal hold and no open request stood against it. "
    "Backups made before still have it until they are destroyed at their age."
)
NOT_HERE = NotFound("There is no such proposal of your district.", "Look at the list again.")
OVER = Refused("This was done or given up already.", "Propose it anew if it is still due.")


@dataclass(frozen=True)
class DueLine:
    """A line of the schedule, with how much is due now, by year."""

    line: Line
    by_year: dict[int, int]

    @property
    def count(self) -> int:
        """How much in all."""
        return sum(self.by_year.values())


@dataclass(frozen=True)
class Desk:
    """The schedule, what is due now, and the runs. held: a hold stands on everything."""

    due: tuple[DueLine, ...]
    runs: Sequence[Run]
    held: bool


def desk(session: Session, me: Actor, at: datetime) -> Desk:
    """What is due now, counted and named by nobody (a dry run: nothing is destroyed)."""
    me.may(Task.SET_RETENTION).or_refuse()
    found = tuple(
        DueLine(line, due.by_year(session, _where(me, line, at)))
        for line in schedule_of(session, me)
    )
    counts = {one.line.code: one.count for one in found if one.count}
    trail.write(session, me, trail.Entry("retention.counted", True, at, detail=counts))
    runs = queries.runs(session, me.organization_id)
    return Desk(found, runs, holds.holds_everything(session, me.organization_id))


def propose(session: Session, me: Actor, codes: Sequence[str], at: datetime) -> Destruction:
    """Propose to destroy what is due of these kinds; nothing goes before another approves it.

    Raises NotReady when nothing of them is due.
    """
    me.may(Task.SET_RETENTION).or_refuse()
    counts = _counts(session, me, _lines(session, me, codes), at)
    if not any(counts.values()):
        raise NotReady(
            [Problem("Nothing of it is due.", "Choose a kind of which something is due.", "What")]
        )
    row = Destruction(
        id=uuid.uuid4(),
        organization_id=me.organization_id,
        asked={
            "lines": sorted(counts),
            "day": at.astimezone(ZoneInfo(me.tz)).date().isoformat(),
            "due": counts,
        },
        proposed_by=me.id,
        proposed_at=at,
    )
    session.add(row)
    session.flush()
    _told(session, me, "destruction.proposed", row, counts, at)
    return row


def give_up(session: Session, me: Actor, run_id: uuid.UUID, at: datetime) -> None:
    """It is not to be done; either of the two may say so."""
    row = _open(session, me, run_id, "destruction.given_up", at)
    row.asked = row.asked | {"given_up": at.isoformat(), "by": str(me.id)}
    session.flush()
    _told(session, me, "destruction.given_up", row, {}, at)


def approve(session: Session, me: Actor, run_id: uuid.UUID, at: datetime) -> Destruction:
    """Do it, as the second person, and keep the certificate: counts and hashes, no content.

    Raises Refused for whoever proposed it and while a hold stands on everything, NotReady when
    more is due by now than was proposed.
    """
    row = _open(session, me, run_id, "destruction.done", at)
    decision = may_be_second(str(me.id), str(row.proposed_by))
    if not decision:
        _refused(session, me, "destruction.done", decision.codes, at)
        decision.or_refuse()
    holds.refuse_if_held(session, me.organization_id, ())
    lines = _lines(session, me, row.asked["lines"])
    _refuse_more(session, me, row, lines, at)
    taken = {line.code: due.take(session, _where(me, line, at)) for line in lines}
    row.approved_by, row.approved_at, row.done_at = me.id, at, at
    row.counts = {code: found.count for code, found in taken.items()}
    kept = _certificate(session, me, row, lines, taken, at)
    row.document_id = kept.id
    session.flush()
    about = {student for found in taken.values() for student in found.students}
    detail = row.counts | {"sha256": kept.sha256}
    _told(session, me, "destruction.done", row, detail, at, tuple(about))
    return row


def _lines(session: Session, me: Actor, codes: Sequence[str]) -> list[Line]:
    return [line for line in schedule_of(session, me) if line.code in codes and line.destroyed]


def _counts(session: Session, me: Actor, lines: Sequence[Line], at: datetime) -> dict[str, int]:
    """How much of each kind is due."""
    return {line.code: sum(due.by_year(session, _where(me, line, at)).values()) for line in lines}


def _refuse_more(
    session: Session, me: Actor, row: Destruction, lines: Sequence[Line], at: datetime
) -> None:
    """An old proposal, or a period that was shortened since: nobody proposed all of that."""
    proposed, now_due = row.asked["due"], _counts(session, me, lines, at)
    more = [line.label for line in lines if now_due[line.code] > proposed.get(line.code, 0)]
    if more:
        raise NotReady(
            [
                Problem(
                    f"More is due now than was proposed: {', '.join(more)}.",
                    "Give the proposal up, look at what is due, and propose it anew.",
                    "What",
                )
            ]
        )


def _where(me: Actor, line: Line, at: datetime) -> Where:
    today = at.astimezone(ZoneInfo(me.tz)).date()
    return Where(me.organization_id, me.tz, line, today, at)


def _open(session: Session, me: Actor, run_id: uuid.UUID, event: str, at: datetime) -> Destruction:
    me.may(Task.SET_RETENTION).or_refuse()
    row = session.get(Destruction, run_id)
    if row is None or row.organization_id != me.organization_id:
        _refused(session, me, event, [Reason.RECORD_UNKNOWN], at)
        raise NOT_HERE
    if row.done_at is not None or "given_up" in row.asked:
        raise OVER
    return row


def _refused(
    session: Session, me: Actor, event: str, codes: Sequence[Reason], at: datetime
) -> None:
    told = [str(code) for code in codes]
    trail.write_refusal(session, me, trail.Entry(event, False, at, codes=told))


def _told(
    session: Session,
    me: Actor,
    event: str,
    row: Destruction,
    detail: Mapping[str, object],
    at: datetime,
    about: tuple[uuid.UUID, ...] = (),
) -> None:
    trail.write(session, me, trail.Entry(event, True, at, about, str(row.id), detail=dict(detail)))


# The certificate


def _certificate(
    session: Session,
    me: Actor,
    row: Destruction,
    lines: Sequence[Line],
    taken: dict[str, Taken],
    at: datetime,
) -> Document:
    paper = values(session, me, row, lines, taken, at)
    return documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.RETENTION_CERTIFICATE,
        "destruction.pdf",
        render.MEDIA_TYPE,
        render.make(pdf.order(paper, language=languages.ENGLISH, at=at)),
        at,
    )


def values(
    session: Session,
    me: Actor,
    row: Destruction,
    lines: Sequence[Line],
    taken: dict[str, Taken],
    at: datetime,
) -> pdf.Minutes:
    """What the certificate prints."""
    [run] = [one for one in queries.runs(session, me.organization_id) if one.id == row.id]
    when = languages.instant(at, me.tz, languages.ENGLISH)
    rows = tuple(
        (line.label, table, f"{len(keys):,}", digest(keys), f"{line.period}. {line.authority}.")
        for line in lines
        for table, keys in taken[line.code].ids.items()
    )
    return pdf.Minutes(
        title="Certificate of destruction",
        number=str(row.id)[:8],
        district=me.organization_name,
        foot=f"Approved by {me.name}, {when}",
        facts=(
            pdf.Fact("Proposed by", run.proposed_by),
            pdf.Fact("Proposed", languages.instant(row.proposed_at, me.tz, languages.ENGLISH)),
            pdf.Fact("Approved and done by", me.name),
            pdf.Fact("Done", when),
        ),
        intro=("The hash is of the row numbers that were destroyed, sorted, one a line.",),
        tables=(
            pdf.Grid(
                "Destroyed",
                ("What", "Table", "Rows", "SHA-256", "Kept until then by"),
                rows,
                "Nothing was destroyed.",
            ),
        ),
        signing="Certified",
        statement=STATEMENT,
        signed=f"{me.name}, {when}",
    )


def digest(keys: Sequence[object]) -> str:
    """The SHA-256 of these keys, one a line; in hex."""
    return hashlib.sha256("\n".join(str(key) for key in keys).encode()).hexdigest()
