"""/answer/{token}: an agency answers one referral, without an account and without a script.

Opening the page changes nothing, for the mail of many agencies is opened by a robot first; only
a button does. A link that leads nowhere, for whatever reason, is told in the same words and with
the same status, so that nobody learns from it which links there were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import Response

from portal import clock, mail
from portal.access.answer_links import Asked
from portal.access.unit_of_work import unit_of_work
from portal.errors import Problem, Refused
from portal.referrals import links
from portal.referrals.links import Answered, Letter, NotAnswered
from portal.referrals.rules import LONGEST_WAIT, Answer, AnswerDraft, answers_to
from portal.vocabulary import NotAccessedReason, ReferralStatus, Urgency
from portal.web import forms, plain

T = TypeVar("T")

_threads = CapacityLimiter(10)

NO_NUMBER = Problem("The weeks are not a number.", "Write 6, for example.", "weeks")
NO_DATE = Problem("This is not a date.", "Choose the day of the appointment.", "kept_on")
FIELDS = {"Weeks": "weeks", "Date": "kept_on", "Reason": "reason"}
"""Where the page shows what a rule calls so."""


async def answer(request: Request) -> Response:
    """The page of a link, and what its buttons send."""
    token = request.path_params["token"]
    address = request.client.host if request.client else ""
    if request.method != "POST":
        return await _run(_ask, token, address)
    try:
        form = await forms.read(request)
    except Refused as refusal:
        return plain.message(413, "This form is too long", refusal.what, refusal.do_next)
    return await _run(_take, token, address, form)


async def nothing_here(_request: Request) -> Response:
    """Nothing else is under this address; without this Streamlit would answer."""
    return _leads_nowhere()


async def _run(work: Callable[..., T], *values: object) -> T:
    return await anyio.to_thread.run_sync(work, *values, limiter=_threads)


def _ask(token: str, address: str) -> Response:
    with unit_of_work() as session:
        asked = links.open_link(session, token, address, clock.now())
    return _asking(asked, [], {}, 200) if asked else _leads_nowhere()


def _take(token: str, address: str, form: Mapping[str, str]) -> Response:
    draft = _draft(form)
    if isinstance(draft, Problem):
        with unit_of_work() as session:
            asked = links.open_link(session, token, address, clock.now())
        return _asking(asked, [draft], form, 422) if asked else _leads_nowhere()
    with unit_of_work() as session:
        done = links.answer(session, token, address, draft, clock.now())
    if done is None:
        return _leads_nowhere()
    if isinstance(done, NotAnswered):
        return _asking(done.asked, done.problems, form, 422)
    return _answered(done, _post(done.letter))


def _draft(form: Mapping[str, str]) -> AnswerDraft | Problem:
    """What was sent. What belongs to another answer is left aside."""
    said = form.get("answer", "")
    chosen = Answer(said) if said in set(Answer) else None
    match chosen:
        case Answer.WAITLIST:
            weeks = form.get("weeks", "").strip()
            if weeks and not (weeks.isdecimal() and len(weeks) <= 4):
                return NO_NUMBER
            return AnswerDraft(chosen, weeks=int(weeks) if weeks else None)
        case Answer.DECLINE:
            reason = form.get("reason", "")
            known = reason in set(NotAccessedReason)
            return AnswerDraft(chosen, NotAccessedReason(reason) if known else None)
        case Answer.APPOINTMENT_KEPT:
            day = _day(form.get("kept_on", ""))
            return AnswerDraft(chosen, kept_on=day) if day else NO_DATE
    return AnswerDraft(chosen)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()[:10])
    except ValueError:
        return None


def _post(letter: Letter | None) -> bool:
    """Send the next link, now that the answer is saved; was it sent?"""
    # Where it was not, the answer stands; what comes next can be told by telephone.
    return letter is not None and mail.sent(letter.to, letter.subject, letter.text)


def _asking(
    asked: Asked, problems: Sequence[Problem], typed: Mapping[str, str], status: int
) -> Response:
    return plain.page(
        "partner/ask.html",
        status,
        asked=asked,
        offered=[str(one) for one in answers_to(asked.status)],
        waiting=asked.status in {ReferralStatus.SENT, ReferralStatus.RECEIVED},
        urgent=asked.urgency is Urgency.URGENT,
        problems=[(problem, FIELDS.get(problem.field, problem.field)) for problem in problems],
        typed=typed,
        longest=LONGEST_WAIT,
    )


def _answered(done: Answered, mailed: bool) -> Response:
    return plain.page("partner/answered.html", asked=done.asked, said=str(done.said), mailed=mailed)


def _leads_nowhere() -> Response:
    return plain.message(
        404,
        "This link does not work",
        "It works once, for a limited time, and as long as the school waits for the answer. "
        "If you have answered with it, the school has your answer.",
        "If you want to say something else, call the school, or sign in if you have an account.",
    )
