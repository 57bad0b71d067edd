"""Go through a review: keep, change, remove, each with its line; at the end sign it off.

    with unit_of_work() as session:
        desk = service.desk(session, me, ReviewKind.ACCESS, at)
    with unit_of_work() as session:
        service.keep(session, me, [line.id], at)

To remove a person their account is ended first, in the same transaction (accounts.people), and to
remove what a written request gave it is ended by its letter (written_requests.reviewed); the page
joins them, and `remove` refuses while the account or such a grant is open.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.policy.corrections import reason_problems
from portal.policy.decision import Decision, Reason
from portal.policy.papers import same_name
from portal.policy.reviewing import (
    STATEMENTS,
    is_overdue,
    is_to_withdraw,
    may_decide,
    may_sign_off,
    was_used_lately,
)
from portal.policy.tasks import Task
from portal.reviewing import opening, papers, queries
from portal.reviewing.data import queries as data
from portal.reviewing.queries import Who
from portal.store.accounts import ServiceAccount
from portal.store.oversight import (
    Review,
    ReviewLine,
    UnnamedGrant,
)
from portal.store.people import AccessGrant, Relation
from portal.store.places import Organization
from portal.vocabulary import (
    ReviewDecision,
    ReviewKind,
    ReviewSubject,
    Role,
)

TASKS = {ReviewKind.ACCESS: Task.REVIEW_ACCESS, ReviewKind.DATA: Task.REVIEW_DATA}

NOT_HERE = NotFound(
    "There is no such line in a review that is open to you.", "Open the review again."
)
SIGNED = Refused(
    "This review is signed off and does not change any more.",
    "What is wrong in it is put right in the next one, or on the page People at once.",
)
NOT_REMOVED_HERE = Refused(
    "This is not removed from a review.",
    "Mend it where it stands, and say here that it changes.",
)
REMOVED = Refused(
    "This was removed meanwhile, and has ended.",
    "Look at the list again; if it is needed after all, it is granted anew.",
)
STILL_OPEN = Refused(
    "The account is still open, so it is not removed.",
    "An administrator ends it on the page People; then say here that it is removed.",
)

STILL_GRANTED = Refused(
    "A written request gave this, and it is still open, so it is not removed.",
    "Remove it on the page of the review, which writes the letter about its end.",
)


@dataclass(frozen=True)
class Line:
    """A line of a review as a page shows it.

    who: the person it is about, or whose grant it is; None for a service account. over: it has
    ended or was mended by now, so nothing is left to decide. mine: I may decide it. students:
    what those are called whom it is about, as far as I may read it. ask: who knows more of it.
    """

    id: uuid.UUID
    subject: ReviewSubject
    subject_id: uuid.UUID
    facts: dict[str, Any]
    who: Who | None
    over: bool
    mine: bool
    used_lately: bool
    decision: ReviewDecision | None
    note: str
    decided_at: datetime | None
    decided_by: str
    students: tuple[str, ...] = ()
    ask: str = ""

    @property
    def is_open(self) -> bool:
        """Does somebody still have to decide it?"""
        return self.decision is None and not self.over


@dataclass(frozen=True)
class Desk:
    """One review with all its lines. to_withdraw: it waited so long that it is listed."""

    review: Review
    lines: tuple[Line, ...]
    overdue: bool
    to_withdraw: bool
    may_sign: bool
    signed_by: str = ""

    @property
    def to_decide(self) -> int:
        """How many lines still wait."""
        return sum(line.is_open for line in self.lines)


def desk(
    session: Session, me: Actor, kind: ReviewKind, at: datetime, review_id: uuid.UUID | None = None
) -> Desk:
    """The review to go through: the oldest that is not signed off, or this very one.

    Opens this quarter's when it is not open yet. Raises NotFound for another organization's.
    """
    me.may(TASKS[kind]).or_refuse()
    organization = session.get_one(Organization, me.organization_id)
    opening.open_due(session, organization, kind, at)
    review = _chosen(session, me, kind, review_id)
    lines = _with_students(session, me, _lines(session, me, review, at), at)
    entry = trail.Entry("review.read", True, at, subject=str(review.id), detail={"kind": str(kind)})
    trail.write(session, me, entry)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    signer = review.signed_by
    return Desk(
        review=review,
        lines=lines,
        overdue=review.signed_at is None and is_overdue(review.due_on, today),
        to_withdraw=review.signed_at is None and is_to_withdraw(review.due_on, today),
        may_sign=bool(may_sign_off(me.role)),
        signed_by=queries.people(session, {signer}, at)[signer].name if signer else "",
    )


def _chosen(session: Session, me: Actor, kind: ReviewKind, review_id: uuid.UUID | None) -> Review:
    if review_id is not None:
        found = session.get(Review, review_id)
        if found is None or found.organization_id != me.organization_id or found.kind is not kind:
            raise NOT_HERE
        return found
    waiting = queries.unsigned(session, me.organization_id, kind)
    return (waiting or queries.signed(session, me.organization_id, kind))[0]


def _lines(session: Session, me: Actor, review: Review, at: datetime) -> tuple[Line, ...]:
    rows = queries.lines_of(session, review.id)
    about = {row.id: _about(row) for row in rows}
    deciders = {row.decided_by for row in rows}
    knowing = {uuid.UUID(row.facts["ask"]) for row in rows if "ask" in row.facts}
    ids = {key for key in {*about.values(), *deciders, *knowing} if key}
    people = queries.people(session, ids, at)
    ended = queries.ended(session, rows, at) | _mended(session, review, rows, at)
    return tuple(
        sorted(
            (_line(me, row, people, about[row.id], ended, at) for row in rows),
            key=lambda line: (list(ReviewSubject).index(line.subject), _name(line).casefold()),
        )
    )


def _mended(
    session: Session, review: Review, rows: Sequence[ReviewLine], at: datetime
) -> set[uuid.UUID]:
    """What was found when a review of the data opened, and would not be found any more."""
    if review.kind is not ReviewKind.DATA or review.signed_at is not None:
        return set()
    found = {one.subject_id for one in data.open_findings(session, review.organization_id, at)}
    stays = ReviewSubject.CORRECTION
    return {row.subject_id for row in rows if row.subject is not stays} - found


def _with_students(
    session: Session, me: Actor, lines: Sequence[Line], at: datetime
) -> tuple[Line, ...]:
    ids = data.students_of([line.facts for line in lines])
    called = data.named(session, me, ids, at) if ids else {}
    return tuple(
        replace(line, students=tuple(_called(line, key, called) for key in sorted(theirs)))
        for line in lines
        for theirs in [data.students_of([line.facts])]
    )


def _called(line: Line, key: uuid.UUID, called: Mapping[uuid.UUID, tuple[str, str]]) -> str:
    """The name; where my level names nobody, a few digits, and for what tells of support none."""
    name, tail = called.get(key, ("", ""))
    if name:
        return name
    return f"Student …{tail}" if line.facts["what"] in NUMBERED else "A student"


NUMBERED = (data.SAME_STUDENT, data.CASELOAD_OF_LEFT)


def _name(line: Line) -> str:
    return line.who.name if line.who else str(line.facts.get("name", ""))


def _about(row: ReviewLine) -> uuid.UUID | None:
    if row.subject is ReviewSubject.PERSON:
        return row.subject_id
    return uuid.UUID(row.facts["user"]) if "user" in row.facts else None


def _line(
    me: Actor,
    row: ReviewLine,
    people: dict[uuid.UUID, Who],
    about: uuid.UUID | None,
    ended: set[uuid.UUID],
    at: datetime,
) -> Line:
    who = people.get(about) if about else None
    used = row.facts.get("last_used")
    decider = people.get(row.decided_by) if row.decided_by else None
    return Line(
        id=row.id,
        subject=row.subject,
        subject_id=row.subject_id,
        facts=row.facts,
        who=who,
        over=row.subject_id in ended or (who is not None and who.over),
        mine=bool(_may(me, who)),
        used_lately=was_used_lately(datetime.fromisoformat(used) if used else None, at),
        decision=row.decision,
        note=row.note,
        decided_at=row.decided_at,
        decided_by=decider.name if decider else "",
        ask=people[uuid.UUID(row.facts["ask"])].name if "ask" in row.facts else "",
    )


def _may(me: Actor, who: Who | None) -> Decision:
    about = (str(who.id), who.role) if who else ("", None)
    return may_decide(str(me.id), me.role, *about)


def earlier(session: Session, me: Actor, kind: ReviewKind) -> Sequence[Review]:
    """The reviews of my organization that were signed off, the newest first."""
    me.may(TASKS[kind]).or_refuse()
    return queries.signed(session, me.organization_id, kind)


# Deciding


def keep(session: Session, me: Actor, line_ids: Sequence[uuid.UUID], at: datetime) -> int:
    """These stay as they are; how many. Several at once only where each was used lately.

    Raises NotFound, Refused for a line that is not mine to decide, NotReady for one that is to
    be looked at by itself.
    """
    found = [_open_line(session, me, key, at) for key in line_ids]
    for row, _review in found if len(found) > 1 else ():
        used = row.facts.get("last_used")
        if not was_used_lately(datetime.fromisoformat(used) if used else None, at):
            raise NotReady(
                [
                    Problem(
                        "One of these was not used for 90 days.",
                        "Decide it by itself: keep it, or remove it.",
                    )
                ]
            )
    for row, review in found:
        _decide(session, me, row, review, ReviewDecision.KEEP, "", at)
    return len(found)


def change(session: Session, me: Actor, line_id: uuid.UUID, note: str, at: datetime) -> None:
    """Something about it is to change, which the page that mends it does; the note says what."""
    row, review = _open_line(session, me, line_id, at)
    _with_a_reason(note)
    _decide(session, me, row, review, ReviewDecision.CHANGE, note.strip(), at)


def remove(session: Session, me: Actor, line_id: uuid.UUID, note: str, at: datetime) -> None:
    """It ends now. A grant and a service account end here; a person's account ended before.

    Raises NotReady without a reason, and Refused while a person's account is still open.
    """
    row, review = _open_line(session, me, line_id, at)
    _with_a_reason(note)
    if not is_removable(row.subject, row.facts):
        raise NOT_REMOVED_HERE
    if is_of_an_account(row.subject, row.facts):
        if not queries.people(session, {row.subject_id}, at)[row.subject_id].over:
            raise STILL_OPEN
    else:
        _end(session, row, at)
    _decide(session, me, row, review, ReviewDecision.REMOVE, note.strip(), at)


def is_of_an_account(subject: ReviewSubject, facts: Mapping[str, Any]) -> bool:
    """To remove it is to end a person's account, which the page People does."""
    return subject is ReviewSubject.PERSON or facts.get("what") == data.UNUSED_ACCOUNT


def is_removable(subject: ReviewSubject, facts: Mapping[str, Any]) -> bool:
    """Can it be removed from here? What else is wrong with the data is mended where it stands."""
    what = facts.get("what")
    return what in (None, data.UNUSED_ACCOUNT, data.CASELOAD_OF_LEFT)


def _end(session: Session, row: ReviewLine, at: datetime) -> None:
    """The grant, the account or the caseload opens nothing from this instant on."""
    relation = session.get(Relation, row.subject_id)
    if relation is not None and (relation.ends_at is None or relation.ends_at > at):
        relation.ends_at = at
    grants = session.get(AccessGrant, row.subject_id), session.get(UnnamedGrant, row.subject_id)
    for grant in grants:
        if grant is not None and (grant.ends_at is None or grant.ends_at > at):
            if grant.request_id is not None:
                raise STILL_GRANTED
            grant.ends_at = at
    account = session.get(ServiceAccount, row.subject_id)
    if account is not None and account.ended_at is None:
        account.ended_at = at


def _open_line(
    session: Session, me: Actor, line_id: uuid.UUID, at: datetime
) -> tuple[ReviewLine, Review]:
    row = session.get(ReviewLine, line_id)
    review = session.get(Review, row.review_id) if row else None
    if row is None or review is None or review.organization_id != me.organization_id:
        _refused(session, me, line_id, [Reason.RECORD_UNKNOWN], at)
        raise NOT_HERE
    me.may(TASKS[review.kind]).or_refuse()
    about = _about(row)
    who = queries.people(session, {about}, at).get(about) if about else None
    decision = _may(me, who)
    if not decision:
        _refused(session, me, line_id, decision.codes, at)
        decision.or_refuse()
    if review.signed_at is not None:
        raise SIGNED
    return row, review


def _refused(
    session: Session, me: Actor, line_id: uuid.UUID, codes: Sequence[Reason], at: datetime
) -> None:
    told = [str(code) for code in codes]
    entry = trail.Entry("review.decided", False, at, subject=str(line_id), codes=told)
    trail.write_refusal(session, me, entry)


def _with_a_reason(note: str) -> None:
    if problems := reason_problems(note, needed=True, field="Note"):
        raise NotReady(problems)


def _decide(
    session: Session,
    me: Actor,
    row: ReviewLine,
    review: Review,
    decision: ReviewDecision,
    note: str,
    at: datetime,
) -> None:
    ended_here = not is_of_an_account(row.subject, row.facts)
    undone = row.decision is ReviewDecision.REMOVE and decision is not ReviewDecision.REMOVE
    if undone and ended_here:
        raise REMOVED  # else what is signed would say that it was kept
    row.decision, row.note, row.decided_at, row.decided_by = decision, note, at, me.id
    detail = {
        "review": str(review.id),
        "about": str(row.subject),
        "id": str(row.subject_id),
        "decision": str(decision),
    }
    entry = trail.Entry("review.decided", True, at, subject=str(row.id), detail=detail)
    trail.write(session, me, entry)


# Signing off


def sign_off(session: Session, me: Actor, review_id: uuid.UUID, typed: str, at: datetime) -> Review:
    """The review is done: signed with one's typed name, kept as a PDF, never changed again.

    Raises NotReady while a line waits or when the name is another's; a second click finds the
    review signed and changes nothing.
    """
    review = session.get(Review, review_id)
    if review is None or review.organization_id != me.organization_id:
        raise NOT_HERE
    me.may(TASKS[review.kind]).or_refuse()
    may_sign_off(me.role).or_refuse()
    if review.signed_at is not None:
        return review
    lines = _lines(session, me, review, at)
    if problems := _unready(me, lines, typed):
        raise NotReady(problems)
    review.signed_at, review.signed_by = at, me.id
    review.statement = STATEMENTS[review.kind]
    kept = papers.keep_record(session, me, review, lines, at)
    review.document_id = kept.id
    detail = {"kind": str(review.kind), "period": review.period, "sha256": kept.sha256}
    entry = trail.Entry("review.signed", True, at, subject=str(review.id), detail=detail)
    trail.write(session, me, entry)
    return review


def _unready(me: Actor, lines: Sequence[Line], typed: str) -> list[Problem]:
    found = []
    if waiting := sum(line.is_open for line in lines):
        many = "1 line waits" if waiting == 1 else f"{waiting:,} lines wait"
        found.append(Problem(f"{many} for a decision.", "Decide it first.", "Review"))
    if not same_name(typed, me.name):
        found.append(
            Problem("The typed name is not yours.", f"Type it as it is here: {me.name}.", "Name")
        )
    return found


# What waits, for Today and the daily mail


@dataclass(frozen=True)
class Waiting:
    """A review that is not signed off: how many lines I may decide wait in it, and others'."""

    review: Review
    to_decide: int
    others: int
    overdue: bool


def waiting(session: Session, me: Actor, kind: ReviewKind, at: datetime) -> list[Waiting]:
    """The reviews that are not signed off, the oldest first.

    Opens this quarter's when it is not open yet. Whoever signs is told of every one; whoever
    only oversees, of one that is overdue or has a line for them to decide.
    """
    me.may(TASKS[kind]).or_refuse()
    organization = session.get_one(Organization, me.organization_id)
    opening.open_due(session, organization, kind, at)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = []
    for review in queries.unsigned(session, me.organization_id, kind):
        lines = _lines(session, me, review, at)
        mine = sum(line.is_open and line.mine for line in lines)
        others = sum(line.is_open and not line.mine for line in lines)
        late = is_overdue(review.due_on, today)
        if late or mine or me.role is Role.DISTRICT_ADMIN:
            found.append(Waiting(review, mine, others, late))
    return found
