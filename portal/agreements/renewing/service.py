"""One pass over the agreements of a year: begun once, then done one agreement at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import failures
from portal.access import once, trail
from portal.access.actor import Actor
from portal.access.attempt import attempt
from portal.agreements import desk, drafting, issuing, proposals
from portal.agreements import queries as agreement_queries
from portal.agreements.content import Content, from_json
from portal.agreements.drafting import Origin
from portal.agreements.renewing import bundle, queries
from portal.errors import BadFile, NotFound, NotReady, PortalError, Problem
from portal.policy.decision import Reason
from portal.policy.spans import is_likely_day
from portal.policy.tasks import Task
from portal.store.agreements import AgreementPaper, RenewalItem, RenewalRun
from portal.vocabulary import EndedHow, Following

MOST = 1000
ENDED_BY_US = frozenset({EndedHow.TERMINATED, EndedHow.NOTICE})
NOT_FOUND = NotFound(
    "There is no such pass of renewals here.", "Open the list of renewals again from the menu."
)


@dataclass(frozen=True)
class Chosen:
    """An agreement to renew, and the first and the last day of its renewal."""

    paper_id: uuid.UUID
    first_day: date
    last_day: date


def begin(
    session: Session, me: Actor, chosen: Sequence[Chosen], at: datetime, key: str
) -> RenewalRun:
    """Write down which agreements are to be renewed; `step` then does one after the other.

    key: the form's; a second click with the same key finds the first one's pass.
    Raises Refused, NotFound for a foreign agreement, and NotReady for a choice that is none.
    """
    me.may(Task.RENEW_AGREEMENTS).or_refuse()
    run_id = uuid.uuid4()
    earlier = once.first_result(session, me, "agreements.renewing", key, run_id, at)
    if earlier is not None:
        return session.get_one(RenewalRun, earlier)
    desk.or_not_ready(list(_choice_problems(session, me, chosen)))
    for one in chosen:
        desk.visible(session, me, one.paper_id, "agreements.renewing", at)
    run = RenewalRun(id=run_id, district_id=me.organization_id, begun_at=at, begun_by=me.id)
    session.add(run)
    session.flush()
    session.add_all(
        RenewalItem(
            run_id=run_id,
            paper_id=one.paper_id,
            place=place,
            first_day=one.first_day,
            last_day=one.last_day,
            problems=[],
        )
        for place, one in enumerate(chosen, start=1)
    )
    session.flush()
    detail = {"chosen": len(chosen)}
    trail.write(session, me, trail.Entry("agreements.renewing", True, at, detail=detail))
    return run


def _choice_problems(session: Session, me: Actor, chosen: Sequence[Chosen]) -> Iterator[Problem]:
    if queries.unfinished(session, me.organization_id) is not None:
        yield Problem("A pass of renewals is still going on.", "Wait until it is through.")
    if not chosen:
        yield Problem("No agreement is chosen.", "Tick those that are to be renewed.", "Agreements")
    if len(chosen) > MOST:
        yield Problem(f"More than {MOST:,} are chosen.", "Renew them in parts.", "Agreements")
    if len({one.paper_id for one in chosen}) < len(chosen):
        yield Problem("An agreement is chosen twice.", "Choose again.", "Agreements")
    if any(not _is_span(one) for one in chosen):
        yield Problem(
            "A first day is after its last day, or far from now.", "Correct the two days.", "Span"
        )


def _is_span(one: Chosen) -> bool:
    likely = is_likely_day(one.first_day) and is_likely_day(one.last_day)
    return likely and one.first_day <= one.last_day


@dataclass(frozen=True)
class Step:
    """Where a pass is after a step. more: there is more to do. to_print: a draft to print next."""

    more: bool
    to_print: uuid.UUID | None = None


@dataclass(frozen=True)
class Print:
    """A draft as it was printed; or why it could not be."""

    paper_id: uuid.UUID
    ready: issuing.Ready | None = None
    problems: tuple[str, ...] = ()


def step(
    session: Session, me: Actor, run_id: uuid.UUID, at: datetime, given: Print | None = None
) -> Step:
    """Draft the next agreement, issue the one that was printed, or close the pass.

    One call, one short transaction: whoever stops in the middle loses nothing, and the next
    call goes on, by the same person or another of the district. What it asks to have printed
    goes through `printed`, outside of any transaction that writes, and comes back as `given`.
    Raises Refused and NotFound.
    """
    me.may(Task.RENEW_AGREEMENTS).or_refuse()
    run = _run(session, me, run_id, at)
    if run.finished_at is not None:
        return Step(more=False)
    item = queries.next_item(session, run_id)
    if item is None:
        return Step(more=_close(session, me, run_id, at))
    if item.result_id is None:
        _draft(session, me, item, at)
    elif given is not None and given.paper_id == item.result_id:
        _issue(session, me, item, given, at)
    session.flush()
    return Step(more=True, to_print=item.result_id if item.done_at is None else None)


def printed(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> Print:
    """Print a draft of a pass; writes nothing. `at`: the instant of the step that issues it."""
    try:
        return Print(paper_id, issuing.ready(session, me, paper_id, at))
    except Exception as error:  # the step writes down why
        return Print(paper_id, problems=tuple(_told(error)))


def _run(session: Session, me: Actor, run_id: uuid.UUID, at: datetime) -> RenewalRun:
    run = queries.run(session, me, run_id)
    if run is None:
        codes = [Reason.NO_RELATION]
        entry = trail.Entry("agreements.renewing", False, at, subject=str(run_id), codes=codes)
        trail.write_refusal(session, me, entry)
        raise NOT_FOUND
    return run


# One agreement


def _draft(session: Session, me: Actor, item: RenewalItem, at: datetime) -> None:
    """Its renewal as a draft; it is done when that is not made, or cannot be issued as it is."""
    try:
        with attempt(session):
            paper = _drafted(session, me, item, at)
    except Exception as error:  # one that cannot be renewed does not stop the others
        item.problems, item.done_at = _told(error), at
        return
    item.result_id = paper.id
    found = issuing.problems(session, me, paper, at)
    if problems := [problem for listed in found.values() for problem in listed]:
        item.problems, item.done_at = _told(NotReady(problems)), at


def _issue(session: Session, me: Actor, item: RenewalItem, given: Print, at: datetime) -> None:
    """Out for signature; or left as a draft, and why."""
    item.problems, item.done_at = list(given.problems), at
    if given.ready is None:
        return
    try:
        with attempt(session):
            issuing.issue(session, me, given.paper_id, at, given.ready)
    except Exception as error:  # the draft stays, and so does the reason
        item.problems = _told(error)


def _drafted(session: Session, me: Actor, item: RenewalItem, at: datetime) -> AgreementPaper:
    before = session.get_one(AgreementPaper, item.paper_id)
    if (there := queries.successor(session, before.id)) is not None:
        raise NotReady([Problem(f"{there.number} renews it already.", "Go on with that one.")])
    content = renewed(session, me, before, item.first_day, item.last_day)
    origin = Origin(before.parent_id, before.id, Following.RENEWS)
    return drafting.begin(session, me, content, at, f"{item.run_id}|{before.id}", origin)


def renewed(
    session: Session, me: Actor, before: AgreementPaper, first_day: date, last_day: date
) -> Content:
    """The same agreement for another span, with what the library now requires of it.

    A partner with whom it was ended, or to whom notice was given, is not in it any more.
    """
    pairs = agreement_queries.pairs(session, before.id)
    left = {pair.b_id for pair in pairs if pair.ended_how in ENDED_BY_US}
    content = proposals.without(from_json(before.content), left)
    content = proposals.renewal(content, first_day, last_day)
    library = agreement_queries.library(session, me.organization_id)
    return replace(content, clauses=library.fitted(content))


def _told(error: Exception) -> list[str]:
    if isinstance(error, NotReady | BadFile):
        return [
            " ".join(part for part in (p.where and f"{p.where}:", p.what, p.do_next) if part)
            for p in error.problems
        ]
    if isinstance(error, PortalError):
        return [f"{error.what} {error.do_next}"]
    code = failures.report(error)
    return [f"The portal failed here; its keeper finds why under the code {code}. Renew it alone."]


# The end


def _close(session: Session, me: Actor, run_id: uuid.UUID, at: datetime) -> bool:
    """Keep the papers of the pass as one file, once all are done."""
    run = queries.held(session, run_id)
    if run.finished_at is not None:
        return False
    if queries.how_many_left(session, run_id):
        return True  # another window is doing the last of them
    made = queries.made(session, run_id)
    kept = bundle.keep(session, me, made, at) if any(one.document for one in made) else None
    run.bundle_id, run.finished_at = (kept.id if kept else None), at
    issued = sum(one.item.issued for one in made)
    told = {"chosen": len(made), "issued": issued, "sha256": kept.sha256 if kept else ""}
    session.flush()
    trail.write(session, me, trail.Entry("agreements.renewed", True, at, detail=told))
    return False
