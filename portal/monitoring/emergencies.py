"""Break-glass: a student is opened in an emergency, and somebody else looks at it afterwards.

34 CFR 99.36; kept with the record of disclosures (99.32(a)(5)). The emergency is a grant that one
makes oneself: what it opens is the gate's to say (O7), and it closes by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import once, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.monitoring import queries
from portal.policy.decision import Reason
from portal.policy.emergencies import HOURS_AT_MOST, LEAST_REASON, OPENABLE, may_declare
from portal.policy.use import may_settle
from portal.store.people import AccessGrant, AccessGrantCategory
from portal.vocabulary import Category, GrantKind

LONGEST = 2000
NO_EMERGENCY = NotFound(
    "There is no such emergency.", "Choose one from the list on the page Use of the portal."
)
WAITS = Refused(
    "You opened this student in an emergency before, and nobody has looked at that yet.",
    "Ask the superintendent or an administrator to review it first, or let a colleague open it.",
)


@dataclass(frozen=True)
class Declared:
    """An emergency as somebody declares it. threat: what threatens whom, and how one knows."""

    student_id: uuid.UUID | None
    kinds: frozenset[Category]
    threat: str
    hours: int


def declare(
    session: Session, me: Actor, draft: Declared, key: str, at: datetime
) -> tuple[uuid.UUID, bool]:
    """Open this student to me at once, for so many hours; its id, and whether it is new.

    Raises Refused for whoever may not, NotReady with every problem, and NotFound for a student
    of another district or one who is locked for me: nobody can tell which.
    """
    may_declare(me.role, me.level).or_refuse()
    found = [*problems(draft)]
    if found or draft.student_id is None:
        raise NotReady(found)
    if not queries.is_within_reach(session, me, draft.student_id, at):
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry("emergency.opened", False, at, codes=codes))
        raise NOT_FOUND
    grant_id = uuid.uuid4()
    earlier = once.first_result(session, me, "emergency.opened", key, grant_id, at)
    if earlier is not None:
        return earlier, False
    if queries.not_yet_reviewed(session, me.id, draft.student_id):
        trail.write_refusal(
            session, me, trail.Entry("emergency.opened", False, at, (draft.student_id,))
        )
        raise WAITS
    _grant(session, me, draft, grant_id, at)
    return grant_id, True


def problems(draft: Declared) -> Iterator[Problem]:
    """All that is missing before the record opens."""
    if draft.student_id is None:
        yield Problem("No student is chosen.", "Find the student first.", "Student")
    if not draft.kinds:
        yield Problem("Nothing is asked for.", "Choose what you need to know.", "Records")
    if draft.kinds - set(OPENABLE):
        yield Problem(
            "An emergency does not open these records.", "Choose others from the list.", "Records"
        )
    threat = " ".join(draft.threat.split())
    if not LEAST_REASON <= len(threat) <= LONGEST:
        yield Problem(
            "The threat is not told.",
            f"Say in {LEAST_REASON} to {LONGEST:,} characters what threatens whom, and how you "
            "know (34 CFR 99.36).",
            "Threat",
        )
    if not 1 <= draft.hours <= HOURS_AT_MOST:
        yield Problem(
            f"{draft.hours} hours are not possible.", f"Give 1 to {HOURS_AT_MOST}.", "Hours"
        )


def _grant(session: Session, me: Actor, draft: Declared, grant_id: uuid.UUID, at: datetime) -> None:
    assert draft.student_id is not None  # noqa: S101  (problems has seen to it)
    session.add(
        AccessGrant(
            id=grant_id,
            user_id=me.id,
            student_id=draft.student_id,
            approved=True,
            kind=GrantKind.EMERGENCY,
            starts_at=at,
            ends_at=at + timedelta(hours=draft.hours),
            reason=draft.threat.strip(),
        )
    )
    session.flush()
    kinds = sorted(draft.kinds | {Category.IDENTITY})
    session.add_all(AccessGrantCategory(access_grant_id=grant_id, category=kind) for kind in kinds)
    session.flush()
    entry = trail.Entry(
        "emergency.opened",
        True,
        at,
        (draft.student_id,),
        opened=kinds,
        detail={"hours": draft.hours, "grants": [str(grant_id)]},
    )
    trail.write(session, me, entry)


def close(session: Session, me: Actor, grant_id: uuid.UUID, at: datetime) -> None:
    """It is over sooner: nothing opens by it from now on. Only for whoever declared it."""
    grant = session.get(AccessGrant, grant_id)
    if grant is None or grant.kind is not GrantKind.EMERGENCY or grant.user_id != me.id:
        raise NO_EMERGENCY
    if grant.ends_at is None or at < grant.ends_at:
        grant.ends_at = at
        session.flush()
        _told(session, me, "emergency.closed", grant, at)


@dataclass(frozen=True)
class Verdict:
    """What a second person found. guardian: when and how the family was told, or why not yet."""

    proper: bool | None
    note: str
    guardian: str


def review(
    session: Session, me: Actor, grant_id: uuid.UUID, verdict: Verdict, at: datetime
) -> None:
    """Was it proper? Said by somebody else, once. What was not proper closes at once.

    Raises Refused for one's own, NotReady with every problem, NotFound for another district's.
    """
    grant = queries.emergency(session, me, grant_id)
    if grant is None:
        raise NO_EMERGENCY
    may_settle(str(grant.user_id), str(me.id), me.role).or_refuse()
    found = [*_verdict_problems(verdict)]
    if found:
        raise NotReady(found)
    if grant.reviewed_at is not None:
        return
    grant.reviewed_at, grant.reviewed_by = at, me.id
    grant.proper = verdict.proper
    grant.review_note = f"{verdict.note.strip()}\nFamily: {verdict.guardian.strip()}"
    if not verdict.proper and (grant.ends_at is None or at < grant.ends_at):
        grant.ends_at = at
    session.flush()
    _told(session, me, "emergency.reviewed", grant, at)


def _verdict_problems(verdict: Verdict) -> Iterator[Problem]:
    if verdict.proper is None:
        yield Problem("Nothing is decided.", "Say whether it was proper.", "Was it proper?")
    if not verdict.note.strip():
        yield Problem("“What you found” is empty.", "Say what you looked at.", "What you found")
    if not verdict.guardian.strip():
        yield Problem(
            "Nothing says whether the family was told.",
            "Say when and how, or why not yet.",
            "Notice to the family",
        )


def _told(session: Session, me: Actor, event: str, grant: AccessGrant, at: datetime) -> None:
    detail = {} if grant.proper is None else {"proper": grant.proper}
    entry = trail.Entry(event, True, at, (grant.student_id,), subject=str(grant.id), detail=detail)
    trail.write(session, me, entry)


def mailed(session: Session, me: Actor, grant_id: uuid.UUID, at: datetime) -> None:
    """The superintendent and the administrators were told by mail."""
    grant = session.get_one(AccessGrant, grant_id)
    grant.told_at = at
    session.flush()
    _told(session, me, "emergency.told", grant, at)
