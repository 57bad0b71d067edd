"""What a referral would send to whom, in words; and how much room a provider has."""

from __future__ import annotations

from datetime import datetime

from portal.referrals import rules
from portal.referrals.queries import Provider
from portal.referrals.rules import ReferralDraft
from portal.referrals.sending.checks import Outlook, look
from portal.ui import parts, when
from portal.vocabulary import CAPACITY_LABELS, Capacity

__all__ = ["look", "provider_label", "show"]


def provider_label(provider: Provider, now: datetime, tz: str) -> str:
    """The provider, and whether it has room, as it said on a day."""
    if provider.capacity is None or provider.told_at is None:
        return provider.label
    room = CAPACITY_LABELS[provider.capacity].lower()
    if provider.capacity is Capacity.WAITING_LIST and provider.weeks:
        room = f"waiting list of {when.counted(provider.weeks, 'week')}"
    return f"{provider.label} · {room}, {when.day_of(provider.told_at, now, tz)}"


def show(seen: Outlook, draft: ReferralDraft, now: datetime, tz: str) -> None:
    """What stands against it, what will go, on which papers, and what to do for more."""
    against = [*rules.can_receive(seen.recipient)]
    for problem in against:
        parts.notice(f"{problem.what} {problem.do_next}", "bad")
    if against:
        return
    if seen.declined_on is not None:
        day = when.day(seen.declined_on, when.local_day(now, tz))
        parts.notice(
            f"{seen.agency} declined this student for this need on {day}, and nobody has reviewed "
            "that yet. Review it on the page Referrals, or choose another provider.",
            "warn",
        )
    if seen.unnamed is not None:
        parts.notice(f"{seen.unnamed.because} {seen.unnamed.do_next}", "info")
        return
    parts.notice(named_line(seen, draft, now, tz), "ok")


def named_line(seen: Outlook, draft: ReferralDraft, now: datetime, tz: str) -> str:
    """The name goes; with the family's details or without; on which papers until when."""
    goes = "name, need and the family's contact details" if seen.family else "name and need"
    text = f"{seen.agency} will see the student's {goes}"
    text += f", on {', '.join(seen.papers)}" if seen.papers else ""
    if seen.until is not None:
        text += f", until {when.day(seen.until, when.local_day(now, tz))}"
    if draft.do_not_contact:
        text += ". No contact details go along: it replies only to you"
    return f"{text}."
