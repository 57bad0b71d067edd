"""Taking back by one's own hand, and the link by which a family comes again.

Who may take back is who may sign: the right to decide, asked at this instant
(`policy.family.may_sign_for`). Nothing is asked but the wish (34 CFR 300.9(c)(3)).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import family as door
from portal.access import trail
from portal.access.family import Family
from portal.consents import life
from portal.consents.family import queries
from portal.consents.family.queries import FamilyConsent
from portal.consents.life import TakenBack
from portal.errors import NotFound
from portal.languages.marks import N_
from portal.store.people import Student
from portal.vocabulary import Category

A_YEAR = timedelta(days=365)
HOW = "By the family's own hand, on its page of the portal."

NOTHING_HERE = NotFound(
    N_("There is nothing here that you can take back."),
    N_("Start again from your own page, or ask the school."),
)


@dataclass(frozen=True)
class Scope:
    """What is to be taken back of one student: everything, or what is said more narrowly.

    number: of one consent; category: one kind of record of it.
    """

    student_id: uuid.UUID
    partner_id: uuid.UUID | None = None
    number: str = ""
    category: Category | None = None


def follow(
    session: Session, who: Family, token: str, pass_token: str, language: str, at: datetime
) -> str:
    """The token of a link to the family's own page, good for a year, after it has signed."""
    kept = door.follow(session, who, token, pass_token, language, at + A_YEAR, at)
    about = tuple(student.id for student in who.students)
    trail.write(session, None, trail.Entry("family.link_kept", True, at, about, by=who.name))
    return kept


def within(
    session: Session, who: Family, scope: Scope, at: datetime
) -> tuple[Student, list[FamilyConsent]]:
    """Whom and what a scope is about, whether it is over or not.

    Raises NotFound when there is nothing of the kind that this person may take back.
    """
    of = next(
        (s for s in queries.shared(session, who, at) if s.student.id == scope.student_id), None
    )
    found = [consent for consent in (of.consents if of else ()) if _within(consent, scope)]
    if of is None or not found or not door.may_decide(session, who, of.student, at):
        raise NOTHING_HERE
    return of.student, found


def _within(consent: FamilyConsent, scope: Scope) -> bool:
    if scope.number:
        kinds = {kind.category for kind in consent.kinds}
        return consent.number == scope.number and (
            scope.category is None or scope.category in kinds
        )
    return scope.partner_id is None or consent.partner_id == scope.partner_id


def take_back(session: Session, who: Family, scope: Scope, at: datetime) -> TakenBack:
    """Take it back at this instant; what is over already stays as it is, and that is no mistake."""
    _student, found = within(session, who, scope, at)
    still = [consent.id for consent in found if _still_open(consent, scope.category)]
    rows = queries.mine(session, still)
    return life.revoke_as_family(session, who, rows, HOW, at, scope.category)


def _still_open(consent: FamilyConsent, category: Category | None) -> bool:
    kinds = {kind.category for kind in consent.open_kinds}
    if category is None:
        return bool(kinds) or (consent.single and not consent.over)
    return category in kinds


def leave(session: Session, who: Family, at: datetime) -> None:
    """Close it on this device: the next one proves who they are."""
    door.leave(who.link)
    trail.write(session, None, trail.Entry("family.left", True, at, by=who.name))
