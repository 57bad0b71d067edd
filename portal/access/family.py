"""The door for those without an account: a link, a proof of who one is, then a pass.

Right:
    with unit_of_work() as session:
        family = access.family.holder(session, token, pass_token, now())     # every request anew
        students = family.students                                           # rights asked now

Wrong: session.get(ConsentRequest, …) from a token       nobody has proved anything yet

A wrong proof is counted and answered, not raised: its rows must be saved.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import trail
from portal.access.actor import Actor
from portal.errors import NotFound
from portal.policy import family as rules
from portal.policy.decision import Decision
from portal.store.accounts import SignInAttempt
from portal.store.consents import ConsentRequest, ConsentRequestPart, FamilyLink
from portal.store.people import Guardianship, Student
from portal.store.places import Organization
from portal.vocabulary import FamilyLinkKind, IdentityCheck, SignerKind

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Proof:
    """What somebody typed to show who they are. code: only digits and letters count."""

    born: date | None = None
    code: str = ""


@dataclass(frozen=True)
class Family:
    """A family member who has proved who they are, and the students they hold rights for now."""

    link: FamilyLink
    name: str
    tz: str
    district: str
    students: tuple[Student, ...]

    @property
    def identity_check(self) -> IdentityCheck | None:
        """How it was made sure who this is."""
        return self.link.identity_check


def new_link(
    session: Session,
    me: Actor,
    kind: FamilyLinkKind,
    signer: tuple[SignerKind, uuid.UUID, str],
    language: str,
    until: datetime,
    at: datetime,
    *,
    with_code: bool = False,
) -> tuple[FamilyLink, str, str]:
    """A new link with its token and its code (empty unless asked for); both are told only now.

    The service that calls has authorized itself and writes the trail.
    """
    token, code = secrets.token_urlsafe(32), _new_code() if with_code else ""
    link = FamilyLink(
        kind=kind,
        district_id=me.organization_id,
        signer_kind=signer[0],
        signer_id=signer[1],
        signer_name=signer[2],
        language=language,
        token_sha256=digest(token),
        code_sha256=digest(code) if code else "",
        made_by=me.id,
        made_at=at,
        expires_at=until,
    )
    session.add(link)
    session.flush()
    return link, token, code


def _new_code() -> str:
    return "".join(secrets.choice("23456789") for _ in range(6))


def digest(secret: str) -> str:
    """What is kept of a token: its SHA-256 in hex."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def find(session: Session, token: str, at: datetime) -> FamilyLink:
    """The link of this token, while it leads somewhere. It tells nothing about any student.

    Raises NotFound, with a sentence for each way in which a link stops working.
    """
    link = session.scalar(
        select(FamilyLink).where(FamilyLink.token_sha256 == digest(token)).with_for_update()
    )  # locked: of two clicks at once the second sees what the first one did
    told = None
    if link is not None:
        told = rules.LinkFacts(link.expires_at, link.ended_at, link.locked_at)
    decision = rules.may_open(told, at)
    if link is None or not decision:
        _note_refusal(session, link, decision, at)
        raise NotFound(decision.because, decision.do_next)
    return link


def _note_refusal(
    session: Session, link: FamilyLink | None, decision: Decision, at: datetime
) -> None:
    codes = [str(code) for code in decision.codes]
    subject = str(link.id) if link else ""
    trail.write_refusal(
        session, None, trail.Entry("family.came_in", False, at, subject=subject, codes=codes)
    )


def prove(
    session: Session, link: FamilyLink, proof: Proof, address: str, at: datetime
) -> str | None:
    """A new pass when the proof is right; None when it is not, and the try is counted.

    The work is the same whether the student exists, has a birth date, or neither.
    """
    if _too_many_from(session, address, at):
        return None
    right = _is_right(session, link, proof, at)
    session.add(
        SignInAttempt(name_key=digest(f"family {link.id}"), address=address, at=at, succeeded=right)
    )
    if not right:
        _count(session, link, at)
        return None
    check = IdentityCheck.LINK_BIRTH_DATE_AND_CODE if link.code_sha256 else None
    return _let_in(session, link, check or IdentityCheck.LINK_AND_BIRTH_DATE, None, at)


def _too_many_from(session: Session, address: str, at: datetime) -> bool:
    wrong = select(func.count()).where(
        SignInAttempt.address == address,
        SignInAttempt.at > at - HOUR,
        SignInAttempt.succeeded.is_(False),
    )
    return session.scalars(wrong).one() >= rules.TRIES_OF_AN_ADDRESS


def _is_right(session: Session, link: FamilyLink, proof: Proof, at: datetime) -> bool:
    births = [student.born for student in students_of(session, link, at) if student.born]
    born = proof.born in births
    typed = digest(re.sub(r"\W", "", proof.code))
    code = not link.code_sha256 or hmac.compare_digest(typed, link.code_sha256)
    return born and code


def _count(session: Session, link: FamilyLink, at: datetime) -> None:
    link.tries += 1
    if link.tries >= rules.TRIES:
        link.locked_at = at
    entry = trail.Entry(
        "family.proof_failed", False, at, subject=str(link.id), detail={"tries": link.tries}
    )
    trail.write(session, None, entry)


def _let_in(
    session: Session, link: FamilyLink, check: IdentityCheck, by: uuid.UUID | None, at: datetime
) -> str:
    pass_token = secrets.token_urlsafe(32)
    link.pass_sha256, link.pass_until = digest(pass_token), rules.pass_end(at)
    link.identity_check, link.identity_by = check, by
    link.opened_at, link.tries = link.opened_at or at, 0
    detail = {"check": str(check)}
    entry = trail.Entry(
        "family.came_in", True, at, subject=str(link.id), detail=detail, by=link.signer_name
    )
    trail.write(session, None, entry)
    return pass_token


def vouch(session: Session, me: Actor, link: FamilyLink, at: datetime) -> str:
    """A pass for somebody whom staff know or have identified, in person (a tablet at school).

    The service that calls has authorized itself.
    """
    return _let_in(session, link, IdentityCheck.IN_PERSON, me.id, at)


def kept_token(token: str, pass_token: str) -> str:
    """The token of the link that follows a link to sign.

    Whoever signed can make it again from what their browser holds, so that a second click on
    "Sign" arrives where the first one did; from what is kept here nobody can.
    """
    told = b"keep " + token.encode(errors="surrogatepass")
    made = hmac.new(pass_token.encode(), told, hashlib.sha256)
    return base64.urlsafe_b64encode(made.digest()).decode().removesuffix("=")


def follow(
    session: Session,
    who: Family,
    token: str,
    pass_token: str,
    language: str,
    until: datetime,
    at: datetime,
) -> str:
    """A link to keep an eye on what was just signed, for the same person; its token.

    The proof that was given goes along, and so does the pass. The service that calls writes
    the trail.
    """
    signed, kept = who.link, kept_token(token, pass_token)
    link = FamilyLink(
        kind=FamilyLinkKind.KEEP,
        district_id=signed.district_id,
        signer_kind=signed.signer_kind,
        signer_id=signed.signer_id,
        signer_name=signed.signer_name,
        language=language,
        token_sha256=digest(kept),
        made_by=signed.made_by,
        made_at=at,
        expires_at=until,
        opened_at=at,
        identity_check=signed.identity_check,
        identity_by=signed.identity_by,
        pass_sha256=digest(pass_token),
        pass_until=rules.pass_end(at),
    )
    session.add(link)
    session.flush()
    return kept


def leave(link: FamilyLink) -> None:
    """The pass is handed back: whoever comes next proves who they are."""
    link.pass_sha256, link.pass_until = "", None


def holder(session: Session, token: str, pass_token: str, at: datetime) -> Family:
    """Who holds this pass, and for whom they may act at this instant; the pass goes on.

    Raises NotFound when the link no longer works, Refused when the pass has run out.
    """
    link = find(session, token, at)
    same = hmac.compare_digest(digest(pass_token), link.pass_sha256)
    rules.may_go_on(link.pass_until if same else None, at).or_refuse()
    link.pass_until = rules.pass_end(at)
    district = session.get_one(Organization, link.district_id)
    return Family(
        link=link,
        name=link.signer_name,
        tz=district.tz,
        district=district.name,
        students=students_of(session, link, at),
    )


def students_of(session: Session, link: FamilyLink, at: datetime) -> tuple[Student, ...]:
    """Whom the link is about and for whom its holder has the right at this instant, by name.

    A link to sign is about the students of its request; a link to keep an eye on it, about all.
    """
    about = _asked_for(session, link) if link.kind is FamilyLinkKind.SIGN else _own(session, link)
    may = rules.may_sign_for if link.kind is FamilyLinkKind.SIGN else rules.may_keep_an_eye_on
    held = [
        student
        for student in about
        if may(
            facts_of.load_known(session, link.made_by, student.id),
            link.signer_kind,
            str(link.signer_id),
            at,
        )
    ]
    return tuple(sorted(held, key=lambda student: (student.search_name, student.id)))


def may_see_of(session: Session, who: Family, student: Student, at: datetime) -> Decision:
    """May they see this student's record and who has seen it? Asked apart of each student."""
    facts = facts_of.load_known(session, who.link.made_by, student.id)
    return rules.may_see_of(facts, who.link.signer_kind, str(who.link.signer_id), at)


def may_decide(session: Session, who: Family, student: Student, at: datetime) -> Decision:
    """May they sign for this student, and so take back what was signed?"""
    facts = facts_of.load_known(session, who.link.made_by, student.id)
    return rules.may_sign_for(facts, who.link.signer_kind, str(who.link.signer_id), at)


def _asked_for(session: Session, link: FamilyLink) -> list[Student]:
    students = (
        select(ConsentRequestPart.student_id)
        .join(ConsentRequest, ConsentRequest.id == ConsentRequestPart.request_id)
        .where(ConsentRequest.link_id == link.id)
    )
    return list(session.scalars(select(Student).where(Student.id.in_(students))))


def _own(session: Session, link: FamilyLink) -> list[Student]:
    if link.signer_kind is SignerKind.STUDENT:
        return [session.get_one(Student, link.signer_id)]
    of_guardian = select(Guardianship.student_id).where(Guardianship.guardian_id == link.signer_id)
    found = select(Student).where(
        Student.id.in_(of_guardian), Student.district_id == link.district_id
    )
    return list(session.scalars(found))


def end(link: FamilyLink, at: datetime) -> None:
    """The link has served; from now on it leads nowhere."""
    link.ended_at, link.pass_sha256, link.pass_until = at, "", None
