"""Who may open a kept paper, and what counts as a scan of one.

An agreement is read by those on either side who make or sign agreements. A
consent tells something about one student, so it is read by whoever of its
discloser may record a consent for that very student; owning the file, or
working where it is kept, is no reason by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.errors import Problem
from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.facts import ConsentFacts, Facts
from portal.policy.family import may_know_of
from portal.policy.levels import LEVELS
from portal.policy.tasks import ROLE_TASKS, Task, may_do, may_do_for
from portal.policy.validity import time_problems
from portal.vocabulary import Level, Role, SignerKind

AGREEMENT_TASKS = frozenset({Task.MAKE_AGREEMENT, Task.SIGN_AGREEMENT})


def may_see_agreement(
    organization: str, role: Role, maker: str, partners: Collection[str], *, shown: bool
) -> Decision:
    """May they see it, and what was kept of it? shown: it was sent for review, or issued.

    Until then it is its maker's own.
    """
    reasons = []
    if organization not in ({maker, *partners} if shown else {maker}):
        reasons.append(Reason.NO_RELATION)
    if not AGREEMENT_TASKS & ROLE_TASKS[role]:
        reasons.append(Reason.NO_SUCH_TASK)
    return refuse(reasons) if reasons else _own()


def may_change_agreement(organization: str, role: Role, maker: str) -> Decision:
    """May they write, issue and end it, and record what was signed on paper?"""
    return _of_task(organization, role, maker, Task.MAKE_AGREEMENT)


def may_answer_agreement(organization: str, role: Role, partners: Collection[str]) -> Decision:
    """May they approve what was sent for review, comment on it, and send it back?"""
    side = organization if organization in partners else ""
    return _of_task(organization, role, side, Task.SIGN_AGREEMENT)


def may_sign_agreement(organization: str, role: Role, side: str) -> Decision:
    """May they type their name for this side?"""
    return _of_task(organization, role, side, Task.SIGN_AGREEMENT)


def may_see_to_continuity(role: Role) -> Decision:
    """May they list, without a name, which referrals of their district run to an agency?

    Whoever ends agreements may, so that no student is left without care; no level of access
    to support records is asked, because the list names nobody.
    """
    return may_do(role, Task.MAKE_AGREEMENT)


def may_open_print(
    facts: Facts, role: Role, district: str, maker: str | None, at: datetime
) -> Decision:
    """May they open a kept print of this student's record? maker: who alone may; None: anybody.

    A print holds what was open to whoever made it, which may be more than is open to others.
    """
    decision = may_do_for(facts, role, Task.PRINT_RECORD, district, at)
    if decision and maker not in (None, facts.user.id):
        return refuse([Reason.NOT_THE_AUTHOR])
    return decision


def may_keep_templates(organization: str, role: Role, owner: str) -> Decision:
    """May they bring and open a Word template or a clause of this district's own?"""
    return _of_task(organization, role, owner, Task.KEEP_TEMPLATES)


class Posted(StrEnum):
    """In which list of the public page an agreement stands."""

    IN_FORCE = "in_force"
    ENDED = "ended"


SHOWN_AFTER = timedelta(days=365)


def posted(executed_at: datetime | None, over_at: datetime | None, at: datetime) -> Posted | None:
    """Is an agreement on the page for everybody, and in which list? None: it is not.

    Whatever a board shares student data by is posted, from the last signature until a year after
    its end (CGS 10-234bb(g)). Nothing before all have signed: a draft is its maker's own.
    over_at: when the last of its partners was no longer bound, or will not be.
    """
    if executed_at is None or at < executed_at:
        return None
    if over_at is None or at < over_at:
        return Posted.IN_FORCE
    return Posted.ENDED if at < over_at + SHOWN_AFTER else None


def may_everybody_open(where: Posted | None, *, public: bool) -> bool:
    """May anybody take the document along? public: its parties said so in the agreement."""
    return where is not None and public


def may_be_verified(*, issued: bool, holds_file: bool) -> bool:
    """May somebody be told what this paper is, of which agreement, and how that stands?

    An agreement is about no student and no secret. Before it is issued only who holds the very
    file learns that there is one.
    """
    return issued or holds_file


def _of_task(organization: str, role: Role, of: str, task: Task) -> Decision:
    reasons = []
    if organization != of:
        reasons.append(Reason.NO_RELATION)
    if task not in ROLE_TASKS[role]:
        reasons.append(Reason.NO_SUCH_TASK)
    return refuse(reasons) if reasons else _own()


def may_read_consent(facts: Facts, role: Role, district: str, at: datetime) -> Decision:
    """May this person open a consent form of this student of `district`, signed or not?"""
    return may_do_for(facts, role, Task.RECORD_CONSENT, district, at)


def may_read_sample(organization: str, role: Role, owner: str) -> Decision:
    """May they open an empty consent form of this district? It is about nobody."""
    return _of_task(organization, role, owner, Task.KEEP_FORMS)


def may_read_of_oversight(organization: str, role: Role, owner: str, task: Task) -> Decision:
    """May they open a record of how the portal is overseen? It names staff, and no student."""
    return _of_task(organization, role, owner, task)


def may_read_own(user: str, made_by: str) -> Decision:
    """May they open what is its maker's alone, such as their own use of time? Nobody else may."""
    return _own() if user == made_by else refuse([Reason.NOT_THE_AUTHOR])


def may_read_as_family(
    reader: tuple[SignerKind, str],
    signer: tuple[SignerKind, str],
    categories: Collection[str],
    sees: Decision,
) -> Decision:
    """May somebody of the family open the paper of a consent that `signer` signed?

    The paper tells all of what was agreed, so they must be allowed to know of every kind
    of record on it (`policy.family.may_know_of`). 34 CFR 99.10, 99.30(c).
    """
    answers = [may_know_of(reader, signer, category, sees) for category in categories]
    return next((answer for answer in answers if not answer), _own())


def _own() -> Decision:
    return allow(Basis(BasisKind.OWN, (), FULL))


def may_list_consents(role: Role, level: Level) -> Decision:
    """May they list the consents of the students they reach? Whom they reach is asked apart."""
    reasons = []
    if Task.RECORD_CONSENT not in ROLE_TASKS[role]:
        reasons.append(Reason.NO_SUCH_TASK)
    if not LEVELS[level].support:
        reasons.append(Reason.SUPPORT_STAFF_ONLY)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL))


APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`"), "'") | dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013"), "-"
)
"""A phone writes O\u2019Brien where a roster has O'Brien."""


def same_name(one: str, other: str) -> bool:
    """The same name, whatever the case, the accents, the spaces and the marks nobody sees."""
    return _plain_name(one) == _plain_name(other)


def _plain_name(name: str) -> list[str]:
    taken_apart = unicodedata.normalize("NFKD", name.translate(APOSTROPHES)).casefold()
    return "".join(c for c in taken_apart if unicodedata.category(c) not in ("Mn", "Cf")).split()


class Standing(StrEnum):
    """How a paper stands that somebody asks about. It tells nothing of what is on it."""

    GENUINE = "genuine"
    PARTLY_TAKEN_BACK = "partly_taken_back"
    ON_HOLD = "on_hold"
    TAKEN_BACK = "taken_back"
    REPLACED = "replaced"
    ENDED = "ended"
    NOT_OURS = "not_ours"


def standing(consents: Sequence[ConsentFacts], at: datetime) -> tuple[Standing, datetime | None]:
    """How the paper of these consents stands, and since when: one form may hold two."""
    if not consents:
        return Standing.NOT_OURS, None
    if all(consent.revoked_at and consent.revoked_at <= at for consent in consents):
        return Standing.TAKEN_BACK, max(c.revoked_at for c in consents if c.revoked_at)
    reasons = [set(time_problems(consent, at)) for consent in consents]
    for reason, state in _OVER:
        if all(reason in found for found in reasons):
            return state, _since(consents, state)
    taken = [when for consent in consents for when in _taken_back(consent) if when <= at]
    if taken:
        return Standing.PARTLY_TAKEN_BACK, max(taken)
    held = any(found & _HOLDS for found in reasons)
    return (Standing.ON_HOLD if held else Standing.GENUINE), None


_OVER = ((Reason.SUPERSEDED, Standing.REPLACED), (Reason.EXPIRED, Standing.ENDED))
_HOLDS = frozenset(
    {
        Reason.REVOCATION_HOLD,
        Reason.KNOWN_FALSE,
        Reason.NOT_CONFIRMED,
        Reason.EVENT_PENDING_REVIEW,
    }
)


def _since(consents: Sequence[ConsentFacts], state: Standing) -> datetime:
    if state is Standing.REPLACED:
        return max(c.life.superseded_at for c in consents if c.life.superseded_at)
    ends = (end for c in consents for end in (c.life.ended_at, c.span.end) if end is not None)
    return min(ends)


def _taken_back(consent: ConsentFacts) -> list[datetime]:
    whole = [consent.revoked_at] if consent.revoked_at else []
    return [*whole, *consent.life.withdrawn.values()]


@dataclass(frozen=True)
class ScanType:
    """A kind of file that a scanner makes, known by its first bytes and never by its name."""

    magic: bytes
    media_type: str
    ending: str


SCAN_TYPES = (
    ScanType(b"%PDF-", "application/pdf", ".pdf"),
    ScanType(b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    ScanType(b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)


def scan_type(content: bytes) -> ScanType | None:
    """What the first bytes say this is; None when it is no PDF and no image."""
    return next((kind for kind in SCAN_TYPES if content.startswith(kind.magic)), None)


def scan_problems(content: bytes, most_megabytes: int, field: str) -> list[Problem]:
    """Why this cannot be kept as the scan of a signed paper; empty when it can."""
    if not content:
        return [Problem("The scan is missing.", "Choose the scanned paper.", field)]
    problems = []
    if scan_type(content) is None:
        problems.append(
            Problem(
                "The scan is not a PDF or an image.",
                "Scan or photograph the signed paper as PDF, PNG or JPEG.",
                field,
            )
        )
    if len(content) > most_megabytes * 1024 * 1024:
        problems.append(
            Problem(
                f"The scan is larger than {most_megabytes} megabytes.",
                "Scan it again at a lower resolution, or in black and white.",
                field,
            )
        )
    return problems
