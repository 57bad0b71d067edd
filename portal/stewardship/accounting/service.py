"""The two doors to an accounting of disclosures: staff who may see openings, and the family.

Each call is one transaction with its line `disclosures.accounted`, and a file has one more. What
it answers may be shown when the transaction has ended, and not when a line could not be kept.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import documents, gate, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.family import Family
from portal.errors import NotFound, NotReady, Problem
from portal.pdf import render
from portal.policy.accounting import Law, Reader
from portal.policy.exports import FIELD_PURPOSE, OF_DISCLOSURES
from portal.policy.facts import Facts
from portal.policy.family import may_see_of
from portal.policy.tasks import Task, may_do_for
from portal.stewardship.accounting import papers, queries
from portal.stewardship.accounting.rows import Accounting, Holder
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import EXPORT_PURPOSE_LABELS, DocumentKind, ExportPurpose, SignerKind

ACCOUNTED, MADE = "disclosures.accounted", "disclosures.made"

NOTHING_HERE = NotFound(
    "There is no student here whose list you may ask for.",
    "Go back to your page, or ask the school.",
)
NO_HOLDER = NotReady(
    [
        Problem(
            "Nobody of the family may get this list now.",
            "Check on the page Families who holds the rights for this student.",
            "For whom",
        )
    ]
)
NO_PURPOSE = Problem(
    "It is not said what the list is for.", "Choose what the school makes it for.", FIELD_PURPOSE
)


@dataclass(frozen=True)
class Made:
    """A list as a file. content: a tagged PDF."""

    content: bytes
    file_name: str
    media_type: str = render.MEDIA_TYPE


# Staff


def for_staff(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    law: Law,
    at: datetime,
    holder_id: uuid.UUID | None = None,
) -> Accounting:
    """Every request and disclosure that this law asks for.

    holder_id: for somebody of the family, as they may know it; None: for the school, with
    nothing left out. Raises NotFound or Refused for whoever may not see openings of this
    student, and NotReady when the holder may not have the list now.
    """
    student = gate.open_student(session, me, student_id, Task.SEE_OPENINGS, at)
    reader, made_for = None, _district(session, student).name
    if holder_id is not None:
        holder = next((h for h in holders(session, me, student_id, at) if h.id == holder_id), None)
        if holder is None:
            raise NO_HOLDER
        facts = facts_of.load_known(session, me.id, student_id)
        reader, made_for = _reader(facts, holder.kind, holder.id, at), holder.name
    found = _accounting(session, student, law, reader, made_for, me.name, at)
    _told(session, me, found, reader.kind if reader else "school", at)
    return found


def holders(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> list[Holder]:
    """Of the family, those for whom a list may be made now, by name (34 CFR 99.10, 99.32(c)).

    Without a line of its own: the page that asks has opened the student to show the openings.
    """
    student = session.get(Student, student_id)
    if student is None:
        raise gate.NOT_FOUND
    facts = facts_of.load_known(session, me.id, student_id)
    may_do_for(facts, me.role, Task.SEE_OPENINGS, str(student.district_id), at).or_refuse()
    asked = queries.family_of(session, student)
    return [one for one in asked if may_see_of(facts, one.kind, str(one.id), at)]


def make_list(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    law: Law,
    language: str,
    at: datetime,
    holder_id: uuid.UUID | None = None,
    why: ExportPurpose | None = None,
) -> Document:
    """That list as a kept PDF, with a line of its own; open it at /doc/{id}.

    why: what the school's own is for, which stands on it; the family's is theirs. Raises as
    `for_staff` does, and NotReady when the school's is for nothing.
    """
    found = for_staff(session, me, student_id, law, at, holder_id)
    if holder_id is None:
        if why is None or why not in OF_DISCLOSURES:
            raise NotReady([NO_PURPOSE])
        found = replace(found, made_for=f"{found.made_for}. {EXPORT_PURPOSE_LABELS[why]}")
    made = _made(found, language)
    kept = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.DISCLOSURES,
        made.file_name,
        made.media_type,
        made.content,
        at,
        student_id=student_id,
    )
    _kept(session, me, found, language, made, at, str(kept.id), why=why if not holder_id else None)
    return kept


# The family


def for_family(
    session: Session, who: Family, student_id: uuid.UUID, law: Law, at: datetime
) -> Accounting:
    """The same list for somebody of the family who came in by a link.

    Raises NotFound for a student who is not theirs, and Refused when they may not see of this
    one now: a student under 18, or a parent whom a court order keeps from the records.
    """
    student = next((one for one in who.students if one.id == student_id), None)
    if student is None:
        raise NOTHING_HERE
    facts = facts_of.load_known(session, who.link.made_by, student.id)
    reader = _reader(facts, who.link.signer_kind, who.link.signer_id, at)
    reader.sees.or_refuse()
    found = _accounting(session, student, law, reader, who.name, who.name, at)
    _told(session, None, found, who.link.signer_kind, at, who.name)
    return found


def list_for_family(
    session: Session, who: Family, student_id: uuid.UUID, law: Law, language: str, at: datetime
) -> Made:
    """That list as a file, with its hash in a line of its own; raises as `for_family` does."""
    found = for_family(session, who, student_id, law, at)
    made = _made(found, language)
    _kept(session, None, found, language, made, at, by=who.name)
    return made


# An auditor, at the command line


@dataclass(frozen=True)
class Asked:
    """Of which lines. student: SASID, number at school or id; person: user name, id or name."""

    student: str = ""
    person: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class AuditLine:
    """A line of the trail in ids and codes; names only as it has them. hash: proves it."""

    id: int
    at: datetime
    event: str
    allowed: bool
    person: str
    person_id: uuid.UUID | None
    organization: str
    subject: str
    purpose: str
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    codes: tuple[str, ...]
    basis: tuple[str, ...]
    detail: dict[str, Any]
    students: tuple[str, ...]
    hash: str


def for_auditor(
    session: Session,
    asked: Asked,
    why: ExportPurpose,
    at: datetime,
    district_id: uuid.UUID | None = None,
) -> list[AuditLine]:
    """The lines that were asked for, oldest first. Whoever may run commands here may ask.

    why: one of the purposes of such a list. district_id: of whose service account asks; it reads
    nothing of another's. Raises NotFound when the number is no student's, or is that of several,
    and NotReady for another purpose.
    """
    if why not in OF_DISCLOSURES:
        raise NotReady([NO_PURPOSE])
    student = _numbered(session, asked.student, district_id)
    lines = queries.lines_of(session, student, asked.person, asked.since, district_id)
    found = [_audit_line(line) for line in lines]
    detail = {"for": queries.AUDITOR, "rows": len(found), "person": bool(asked.person)}
    about = (student,) if student else ()
    entry = trail.Entry(
        ACCOUNTED, True, at, about, purpose=why, detail=detail, by="An auditor, by command"
    )
    trail.write(session, None, entry)
    return found


def _numbered(session: Session, typed: str, district_id: uuid.UUID | None) -> uuid.UUID | None:
    if not typed:
        return None
    found = queries.students_by_number(session, typed, district_id)
    if len(found) != 1:
        what = "Several students have this number." if found else "No student has this number."
        raise NotFound(what, "Give the SASID, or the id that the portal has.")
    return found[0].id


def _audit_line(line: TrailLine) -> AuditLine:
    return AuditLine(
        id=line.id,
        at=line.at,
        event=line.event,
        allowed=line.allowed,
        person=line.user_name,
        person_id=line.user_id,
        organization=line.organization_name,
        subject=line.subject,
        purpose=line.purpose,
        opened=tuple(line.opened),
        closed=tuple(line.closed),
        codes=tuple(line.codes),
        basis=tuple(line.basis),
        detail=line.detail,
        students=tuple(line.students),
        hash=line.hash,
    )


# What they share


def _reader(facts: Facts, kind: SignerKind, key: uuid.UUID, at: datetime) -> Reader:
    return Reader(kind, str(key), may_see_of(facts, kind, str(key), at))


def _district(session: Session, student: Student) -> Organization:
    return session.get_one(Organization, student.district_id)


def _accounting(
    session: Session,
    student: Student,
    law: Law,
    reader: Reader | None,
    made_for: str,
    made_by: str,
    at: datetime,
) -> Accounting:
    district = _district(session, student)
    return Accounting(
        student_id=student.id,
        student=f"{student.given_name} {student.family_name}",
        law=law,
        applies=law is not Law.IDEA or queries.has_special_education(session, student.id),
        rows=queries.rows(session, student, law, reader, at),
        district=district.name,
        tz=district.tz,
        made_for=made_for,
        made_by=made_by,
        made_at=at,
    )


def _made(found: Accounting, language: str) -> Made:
    return Made(papers.paper(found, language), "disclosures.pdf")


def _told(
    session: Session, me: Actor | None, found: Accounting, reader: str, at: datetime, by: str = ""
) -> None:
    detail = {"law": str(found.law), "rows": len(found.rows), "for": str(reader)}
    entry = trail.Entry(ACCOUNTED, True, at, (found.student_id,), detail=detail, by=by)
    trail.write(session, me, entry)


def _kept(
    session: Session,
    me: Actor | None,
    found: Accounting,
    language: str,
    made: Made,
    at: datetime,
    document: str = "",
    by: str = "",
    why: ExportPurpose | None = None,
) -> None:
    """The line of a file: its subject is the kept document, where it is kept."""
    sha256 = documents.sha256_of(made.content)
    detail = {"law": str(found.law), "language": language, "sha256": sha256}
    about = (found.student_id,)
    entry = trail.Entry(MADE, True, at, about, document, str(why or ""), detail=detail, by=by)
    trail.write(session, me, entry)
