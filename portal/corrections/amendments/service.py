"""A family's request to amend a record: written down, decided, heard, and answered by letter.

Each verb is one transaction with its line `amendment.…` and a line in the record's own history.
Whether what was asked for is in the record is looked at, not believed: a request cannot be
called granted while nothing in the record has changed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import corrections, once, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.corrections import Change, Found
from portal.corrections import queries as records
from portal.corrections.amendments import letters, queries, rules
from portal.corrections.amendments.rules import HearingDraft, RequestDraft, Standing
from portal.errors import NotFound, NotReady, Problem
from portal.policy.corrections import may_decide, may_record_hearing, reason_problems
from portal.policy.family import may_see_of
from portal.policy.tasks import Task
from portal.store.support import AmendmentRequest
from portal.vocabulary import AmendmentDecision, SignerKind

NO_REQUEST = NotFound(
    "There is no request here that you may work on.",
    "Open it from the list, or ask the principal.",
)
NO_HOLDER = Problem(
    "This person may not ask to amend the record now.",
    "Check on the page Families who holds the rights for this student.",
    "Who asks",
)
NOTHING_CHANGED = Problem(
    "Nothing in the record has changed since they asked.",
    "Change or remove what they contest first; then say here that it is amended.",
    "Decision",
)
NO_DECISION = Problem("No decision is chosen.", "Choose what was decided.", "Decision")
NOT_NOW = NotReady(
    [Problem("The request does not stand there any more.", "Open the page again to see it.")]
)


@dataclass(frozen=True)
class _Open:
    """A request with the record that it is about."""

    request: AmendmentRequest
    found: Found


def ask(session: Session, me: Actor, draft: RequestDraft, at: datetime, key: str) -> uuid.UUID:
    """Write down that a guardian, or a student who holds the rights, asks to amend a record.

    key: the form's; a second click finds the first one's request. Raises NotFound, and NotReady
    with every problem: also when whoever asks does not hold the right to (34 CFR 99.3, 99.20).
    """
    found = corrections.open_one(session, me, draft.record_id, at, task=Task.AMEND_RECORDS)
    told = rules.problems(draft, _today(me, at))
    if draft.by_student or draft.asked_by is not None:
        told += [] if _may_ask(session, me, draft, found, at) else [NO_HOLDER]
    if told or draft.asked_on is None:
        raise NotReady(told)
    request_id = uuid.uuid4()
    earlier = once.first_result(session, me, "amendment.asked", key, request_id, at)
    if earlier is not None:
        return earlier
    session.add(
        AmendmentRequest(
            id=request_id,
            record_id=found.record.id,
            student_id=found.student.id,
            asked_by=None if draft.by_student else draft.asked_by,
            asked_on=draft.asked_on,
            wants=draft.wants.strip(),
            written_by=me.id,
            written_at=at,
        )
    )
    _keep(session, me, _Open(session.get_one(AmendmentRequest, request_id), found), "asked", "", at)
    return request_id


def decide(
    session: Session,
    me: Actor,
    request_id: uuid.UUID,
    decision: AmendmentDecision | None,
    reason: str,
    at: datetime,
) -> None:
    """Answer a request, and make the letter that tells the family, and their right to a hearing.

    reason: what was changed, or why not; it stands in the letter.
    """
    it = _open(session, me, request_id, at)
    corrections.require(
        session, me, it.found, may_decide(str(me.id), me.role, it.found.written), at
    )
    _require_standing(it, Standing.ASKED)
    problems = reason_problems(reason, needed=True)
    if decision is None:
        problems.append(NO_DECISION)
    if decision is AmendmentDecision.AMENDED and not _changed(session, it):
        problems.append(NOTHING_CHANGED)
    if problems or decision is None:
        raise NotReady(problems)
    request = it.request
    request.decision, request.decided_at, request.decided_by = decision, at, me.id
    request.reason = reason.strip()
    request.letter_id = letters.keep(session, me, request, it.found, at)
    _keep(session, me, it, decision, request.reason, at)


def ask_hearing(
    session: Session, me: Actor, request_id: uuid.UUID, on: date | None, at: datetime
) -> None:
    """Write down that the family asks for a hearing after a refusal (34 CFR 99.21(a))."""
    it = _open(session, me, request_id, at)
    _require_standing(it, Standing.REFUSED)
    if on is None or on > _today(me, at) or on < it.request.asked_on:
        raise NotReady(
            [Problem("That day cannot be.", "Choose the day on which they asked.", "Asked on")]
        )
    it.request.hearing_asked_on = on
    _keep(session, me, it, "hearing_asked", "", at)


def record_hearing(
    session: Session, me: Actor, request_id: uuid.UUID, draft: HearingDraft, at: datetime
) -> None:
    """Write down what the hearing decided, and make the letter that tells the family.

    Not by the author of the record or whoever refused: they have an interest in its outcome
    (34 CFR 99.22(c)). The decision is in writing, with its reasons (99.22(e), (f)).
    """
    it = _open(session, me, request_id, at)
    request = it.request
    decision = may_record_hearing(
        str(me.id), me.role, it.found.written, str(request.decided_by or "")
    )
    corrections.require(session, me, it.found, decision, at)
    _require_standing(it, Standing.HEARING_ASKED)
    asked_on = request.hearing_asked_on or request.asked_on
    problems = rules.hearing_problems(draft, asked_on, _today(me, at))
    if draft.decision is AmendmentDecision.AMENDED and not _changed(session, it):
        problems.append(NOTHING_CHANGED)
    if problems:
        raise NotReady(problems)
    request.hearing_held_on, request.hearing_by = draft.held_on, draft.held_by.strip()
    request.hearing_decision, request.hearing_reason = draft.decision, draft.reason.strip()
    request.hearing_letter_id = letters.keep(session, me, request, it.found, at)
    _keep(session, me, it, f"hearing_{draft.decision}", request.hearing_reason, at)


def state(session: Session, me: Actor, request_id: uuid.UUID, text: str, at: datetime) -> None:
    """Put the family's statement of disagreement into the record (34 CFR 99.21(b)(2)).

    It stays for as long as the record does, and goes wherever the record goes (99.21(c)).
    """
    it = _open(session, me, request_id, at)
    if queries.standing_of(it.request) not in rules.MAY_STATE or it.request.statement:
        raise NOT_NOW
    problems = list(rules.text_problems(text, rules.LONGEST_STATEMENT, "Statement"))
    if problems:
        raise NotReady(problems)
    it.request.statement, it.request.statement_on = text.strip(), _today(me, at)
    session.flush()
    written = [Change("statement", "", it.request.statement)]
    corrections.write_down(session, me, it.found.record, written, "", at)
    corrections.note(session, me, it.found, "amendment.stated", (), at)


# What they share


def _open(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> _Open:
    """The request, when its record is open to me; also one whose record was removed meanwhile."""
    request = session.get(AmendmentRequest, request_id)
    if request is None:
        entry = trail.Entry("record.amend_records", False, at, codes=["RECORD_UNKNOWN"])
        trail.write_refusal(session, me, entry)
        raise NO_REQUEST
    task = Task.AMEND_RECORDS
    found = corrections.open_one(session, me, request.record_id, at, task=task, removed=True)
    return _Open(request, found)


def _require_standing(it: _Open, wanted: Standing) -> None:
    if queries.standing_of(it.request) is not wanted:
        raise NOT_NOW


def _may_ask(session: Session, me: Actor, draft: RequestDraft, found: Found, at: datetime) -> bool:
    facts = facts_of.load_known(session, me.id, found.student.id)
    kind = SignerKind.STUDENT if draft.by_student else SignerKind.GUARDIAN
    asker = str(found.student.id) if draft.by_student else str(draft.asked_by)
    return bool(may_see_of(facts, kind, asker, at))


def _changed(session: Session, it: _Open) -> bool:
    """Has the record changed since they asked? What we cannot edit here is changed elsewhere."""
    if not records.is_edited_here(session, it.found.record.id):
        return True
    return records.changed_since(session, it.found.record.id, it.request.written_at)


def _keep(session: Session, me: Actor, it: _Open, what: str, reason: str, at: datetime) -> None:
    session.flush()
    change = Change("amendment", "", str(what))
    corrections.write_down(session, me, it.found.record, [change], reason, at)
    corrections.note(session, me, it.found, f"amendment.{what}", (), at)


def _today(me: Actor, at: datetime) -> date:
    return at.astimezone(ZoneInfo(me.tz)).date()
