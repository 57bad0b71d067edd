"""One referral to read: how it stands, what was sent, whom one tried to reach, its history."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st

from portal.referrals.following.queries import AttemptLine, Detail, EventLine, Honest, LinkLine
from portal.referrals.queries import ReferralLine
from portal.ui import parts, visit_words, when
from portal.ui.parts import Cell, Moment
from portal.vocabulary import (
    CLOSE_REASON_LABELS,
    CONFIRMED_BY_LABELS,
    CONTACT_WAY_LABELS,
    REFERRAL_EVENT_LABELS,
    REFERRAL_STATUS_LABELS,
    URGENCY_LABELS,
    Access,
    ReferralStatus,
    ReferralTarget,
    Urgency,
)

HOW_IT_ENDED = {
    Access.ACCESSED: "The service was reached",
    Access.NOT_ACCESSED: "The service was not reached",
    Access.UNKNOWN: "Not known whether the service was reached",
}


def honest_line(told: Honest) -> str:
    """Of 42 sent in a year, 20 reached the service, 8 did not, of 14 it is not known."""
    if not told.sent:
        return "Referrals of your students that were sent within a year are counted here."
    text = (
        f"Of {when.counted(told.sent, 'referral')} of your students in a year, {told.accessed} "
        f"led to the service, {told.not_accessed} did not, and of {told.unknown} it is not known."
    )
    if told.days is not None:
        text += f" Half began within {when.counted(round(told.days), 'day')}."
    return text


def facts(detail: Detail, now: datetime, tz: str) -> None:
    """How it stands, in a strip."""
    line = detail.line
    told: list[tuple[str, list[Cell]]] = [
        ("Status", [REFERRAL_STATUS_LABELS[line.status]]),
        ("Service", [_service(detail, when.local_day(now, tz))]),
    ]
    if line.status is ReferralStatus.WAITLISTED and line.waitlist_weeks:
        told.append(("Waiting list", [when.counted(line.waitlist_weeks, "week")]))
    if line.urgency is Urgency.URGENT:
        told.append(("Urgency", [URGENCY_LABELS[Urgency.URGENT]]))
    if detail.close_reason is not None:
        told.append(("Ended", [CLOSE_REASON_LABELS[detail.close_reason]]))
    parts.strip(told)


def _service(detail: Detail, today: date) -> str:
    line = detail.line
    if line.access is not Access.ACCESSED or line.accessed_on is None:
        return HOW_IT_ENDED[line.access]
    text = f"Since {when.day(line.accessed_on, today)}"
    days = (line.accessed_on - line.sent_at.date()).days
    if days >= 0:
        text += f", after {when.days(days)}" if days else ", the same day"
    if detail.confirmed_by is not None:
        text += f", told by {CONFIRMED_BY_LABELS[detail.confirmed_by].lower()}"
    return text


def restrictions(detail: Detail) -> None:
    """Before anybody calls: how the family may be reached."""
    if detail.do_not_contact:
        parts.notice("Do not contact the family about this referral.", "bad")
    elif detail.contact_ways:
        ways = ", ".join(CONTACT_WAY_LABELS[way].lower() for way in detail.contact_ways)
        parts.notice(f"Reach the family only so: {ways}.", "warn")
    if detail.contact_note:
        parts.muted(f"To mind: {detail.contact_note}")


def what_was_sent(detail: Detail, now: datetime, tz: str) -> None:
    """The snapshot: what went, as it was then."""
    sent = detail.snapshot
    with st.expander("What was sent"):
        if detail.target is ReferralTarget.SCHOOL:
            parts.muted("Within the school nothing is sent: tell the provider yourself.")
            return
        if not sent:
            parts.muted("It was sent before the portal kept what was sent.")
            return
        student, sender = sent["student"], sent["sender"]
        lines = [
            ("To", sent["to"]),
            ("Number", sent["number"]),
            ("Sent", when.moment(datetime.fromisoformat(sent["sent_at"]), now, tz)),
            ("Need", sent["need"]),
            ("Service", sent["service"] or "None named"),
            ("Urgency", URGENCY_LABELS[Urgency(sent["urgency"])]),
            ("Whom to ask", f"{sender['name']}, {sender['school']}, {sender['email']}"),
            ("Student", _student(student) if student else "No name was sent"),
            ("Family", "\n".join(_adult(one) for one in sent["family"]) or "No details were sent"),
            ("Papers", ", ".join(sent["papers"]) or "None: it names nobody"),
        ]
        parts.table(
            "It is kept as it was sent and never changes",
            ["Part", "What was sent"],
            lines,
            "",
        )


def _student(student: dict[str, str]) -> str:
    born = f", born {date.fromisoformat(student['born']):%m/%d/%Y}" if student["born"] else ""
    return f"{student['name']}{born}"


def _adult(adult: dict[str, str]) -> str:
    return ", ".join(part for part in (adult["name"], adult["phone"], adult["email"]) if part)


def attempts(lines: tuple[AttemptLine, ...], today: date) -> None:
    """Whom one tried to reach, when and how."""
    parts.table(
        "Attempts to reach the family",
        ["Day", "How", "Result", "By"],
        [
            [
                when.day(line.on, today),
                CONTACT_WAY_LABELS[line.way],
                "Reached" if line.reached else "Not reached",
                line.by,
            ]
            for line in lines
        ],
        "Nobody has tried yet.",
    )


def history(detail: Detail, now: datetime, tz: str) -> None:
    """Every step, the last one first; and the links that were mailed."""
    with st.expander("History"):
        moments = [_moment(line, now, tz) for line in reversed(detail.events)]
        parts.timeline([("Steps", moments)] if moments else [], "No step was written down.")
        if detail.links:
            parts.subheading("Links mailed to the provider")
            parts.listed(_link(line, now, tz) for line in detail.links)


def _moment(line: EventLine, now: datetime, tz: str) -> Moment:
    head = REFERRAL_EVENT_LABELS[line.kind]
    if line.to is not None and REFERRAL_STATUS_LABELS[line.to] != head:
        head += f": {REFERRAL_STATUS_LABELS[line.to].lower()}"
    who = "by the link in the mail" if line.by_link else line.by or "by the portal"
    below = ". ".join(part for part in (line.reason, line.note) if part)
    return Moment(head[0], head, f"{when.moment(line.at, now, tz)}, {who}", below)


def _link(line: LinkLine, now: datetime, tz: str) -> str:
    told = f"{line.sent_to}, {when.moment(line.made_at, now, tz)}: "
    if line.used_at is not None:
        return f"{told}used {when.moment(line.used_at, now, tz)}"
    if line.revoked_at is not None:
        return f"{told}taken back"
    past = "ended" if line.expires_at <= now else "good until"
    return f"{told}{past} {when.day_of(line.expires_at, now, tz)}"


def on_hold(line: ReferralLine, now: datetime, tz: str) -> None:
    """Why it waits for a consent, and what was received meanwhile."""
    parts.notice(
        "The family took back the consent behind this referral, so the provider cannot answer it. "
        "Nothing already received is undone. Once a new consent opens it, send it again; or "
        "withdraw it.",
        "warn",
    )
    visit_words.received(line.received, f"What {line.provider} already received", now, tz)
