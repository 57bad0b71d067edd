"""What /verify answers about an agreement: which it is, between whom, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.agreements.register.verifying import Held, Verified
from portal.languages.marks import N_
from portal.vocabulary import AgreementStatus
from portal.web.family.speech import Speech
from portal.web.register import telling, words

STANDING = {
    AgreementStatus.OUT_FOR_SIGNATURE: (
        N_("This agreement is genuine, but not all have signed it"),
        N_("Nothing may be shared by it yet."),
        "warn",
    ),
    AgreementStatus.REFUSED: (
        N_("This agreement is genuine, but somebody refused to sign it"),
        N_("Nothing may be shared by it."),
        "bad",
    ),
    AgreementStatus.DISCARDED: (
        N_("This agreement is genuine, but it was taken back before all had signed"),
        N_("Nothing may be shared by it."),
        "bad",
    ),
    AgreementStatus.SIGNED: (
        N_("This agreement is genuine and signed by all"),
        N_("It is not in force yet: its first day is %(first)s."),
        "ok",
    ),
    AgreementStatus.IN_FORCE: (
        N_("This agreement is genuine and in force"),
        N_("It is signed by all. Its last day is %(last)s."),
        "ok",
    ),
    AgreementStatus.AMENDED: (
        N_("This agreement is genuine, but another has changed it"),
        N_("Since %(over)s agreement %(next)s holds in its place."),
        "warn",
    ),
    AgreementStatus.SUPERSEDED: (
        N_("This agreement is genuine, but another has renewed it"),
        N_("Since %(over)s agreement %(next)s holds in its place."),
        "warn",
    ),
    AgreementStatus.ENDED: (
        N_("This agreement is genuine, but notice was given and it has ended"),
        N_("Since %(over)s nothing may be shared by it."),
        "warn",
    ),
    AgreementStatus.EXPIRED: (
        N_("This agreement is genuine, but its last day has passed"),
        N_("Since %(over)s nothing may be shared by it."),
        "warn",
    ),
    AgreementStatus.TERMINATED: (
        N_("This agreement is genuine, but it was ended early"),
        N_("Since %(over)s nothing may be shared by it."),
        "warn",
    ),
}
A_DRAFT = (
    N_("This is a draft version, not the agreement"),
    N_("It went back and forth between the parties before they agreed. Nothing is shared by it."),
    "warn",
)
HELD = {
    Held.NUMBER: N_(
        "Its number only. Choose the file as well: a number does not show what it says."
    ),
    Held.WORD: N_("The document that was signed (Word)"),
    Held.PDF: N_("A PDF made of the document that was signed"),
    Held.CERTIFICATE: N_("The certificate of who signed when"),
    Held.SCAN: N_("A scan of what was signed by hand"),
    Held.VERSION: N_("A version that was sent to be read"),
}


@dataclass(frozen=True)
class Answer:
    """What the page says. register: the address of its public page, when it has one."""

    title: str
    told: str
    color: str
    kind: str
    number: str
    parties: tuple[str, ...]
    held: str
    status: tuple[str, str]
    parting: tuple[str, ...]
    register: str


def answer(found: Verified, at: datetime, speech: Speech) -> Answer:
    """The answer in this language."""
    known = found.of
    draft = found.held is Held.VERSION
    title, told, color = A_DRAFT if draft else STANDING[known.status]
    status, tag = words.STATUS[known.status]
    over = known.over_at
    values = {
        "first": speech.day(known.content.starts_on),
        "last": telling.last(known, speech),
        "over": speech.moment(over, known.tz) if over else "",
        "next": known.followed_by,
    }
    return Answer(
        title=speech.t(title),
        told=speech.t(told, **values),
        color=color,
        kind=speech.t(words.KINDS[known.kind]),
        number=known.number,
        parties=known.parties,
        held=speech.t(HELD[found.held]),
        status=(speech.t(status), tag),
        parting=tuple(telling.parting(known, at, speech)),
        register=f"/agreements/{known.number}?lang={speech.code}" if known.posted(at) else "",
    )
