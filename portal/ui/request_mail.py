"""The mail about a written request, once what it tells is saved; it has no content."""

from __future__ import annotations

from portal import mail
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.config import settings
from portal.ui.days import Days
from portal.written_requests import deciding, reviewed
from portal.written_requests.deciding import Mail

DECIDED = (
    "A decision on your request is there",
    "The Superintendent has decided on your request {number}.\n\n"
    "Sign in to read the letter: {address}\n",
)
ENDED = (
    "What was granted to you has ended",
    "What was granted on your request {number} has ended.\n\n"
    "Sign in to read the letter: {address}\n",
)
NO_MAIL = "No mail could be sent: tell the applicant."


def post(me: Actor, told: Mail | None, days: Days) -> str:
    """Tell the applicant of a decision, and say whether that could be done."""
    if told is None:
        return "Hand it over or send it to the applicant."
    if not _sent(told, DECIDED):
        return NO_MAIL
    with unit_of_work() as session:
        deciding.notified(session, me, told.request_id, days.now)
    return "The applicant has a mail."


def post_end(me: Actor, told: Mail, days: Days) -> str:
    """Tell the applicant that a review has ended what was granted."""
    if not _sent(told, ENDED):
        return NO_MAIL
    with unit_of_work() as session:
        reviewed.notified(session, me, told, days.now)
    return "The applicant has a mail."


def _sent(told: Mail, words: tuple[str, str]) -> bool:
    subject, text = words
    address = f"{(settings().public_url or '').rstrip('/')}/ask_for_access"
    return mail.sent(told.to, subject, text.format(number=told.number, address=address))
