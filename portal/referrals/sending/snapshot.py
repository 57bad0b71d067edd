"""What was sent, as it was then. It is written once; the database refuses to change it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.words import words_of
from portal.referrals.sending import queries
from portal.referrals.sending.checks import Outlook
from portal.store.people import Student, User
from portal.store.places import AgencyService, School
from portal.store.records import Referral
from portal.vocabulary import WordList


def of(
    session: Session,
    me: Actor,
    referral: Referral,
    student: Student,
    outlook: Outlook | None,
    at: datetime,
) -> dict[str, Any]:
    """Number, need, service, urgency, sender and the ways to reach the family; and the name, the
    family and the note where the outlook says that they go. outlook: None within the school.
    """
    sender = session.get_one(User, me.id)
    school = None if sender.school_id is None else session.get(School, sender.school_id)
    words = words_of(session, me.organization_id)
    service = (
        None if referral.service_id is None else session.get(AgencyService, referral.service_id)
    )
    named = outlook is not None and outlook.named
    return {
        "number": referral.number,
        "sent_at": at.isoformat(),
        "to": outlook.agency if outlook else referral.school_provider,
        "need": words.label(WordList.NEED, referral.need),
        "service": service.name if service else "",
        "urgency": str(referral.urgency),
        "sender": {
            "name": sender.name,
            "email": sender.email,
            "school": school.name if school else me.organization_name,
        },
        "do_not_contact": referral.do_not_contact,
        "contact_ways": referral.contact_ways.split(),
        "contact_note": referral.contact_note if named else "",
        "student": _named(student) if named else None,
        "family": _family(session, student, at) if outlook and outlook.family else [],
        "papers": list(outlook.papers) if outlook else [],
    }


def _named(student: Student) -> dict[str, str]:
    return {
        "name": f"{student.given_name} {student.family_name}",
        "born": student.born.isoformat() if student.born else "",
        "language": student.language,
    }


def _family(session: Session, student: Student, at: datetime) -> list[dict[str, str]]:
    return [
        {"name": adult.name, "phone": adult.phone, "email": adult.email, "language": adult.language}
        for adult in queries.family_of(session, student.id, at)
    ]
