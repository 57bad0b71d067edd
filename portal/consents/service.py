"""Record a consent that a family signed with staff: typed on the screen, or brought in on paper.

What is signed on screen counts from this instant; what was signed on paper from the day on the
paper, once a second person has confirmed it. Nothing signed is ever edited: see `life`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import gate, once
from portal.access.actor import Actor
from portal.config import settings
from portal.consents import queries, rules, signing
from portal.consents.drafts import ConsentDraft
from portal.consents.forms import service as forms
from portal.consents.queries import PossibleSigner
from portal.consents.signing import Evidence
from portal.consents.words import LANGUAGES
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.consents import Consent
from portal.store.people import Student
from portal.vocabulary import FormKind, IdentityCheck


def record(
    session: Session, me: Actor, drafts: Sequence[ConsentDraft], at: datetime, key: str
) -> list[Consent]:
    """Keep a signed form with its papers; from now the gate obeys it, paper once confirmed.

    drafts: of one student and one partner, one for each direction. It needs no agreement:
    without one in force the gate opens nothing under it. key: the form's; a second click with
    the same key finds the first one's consents.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = gate.open_student(session, me, drafts[0].student_id, Task.RECORD_CONSENT, at)
    signer = _signer(session, drafts[0], student, at)
    found = [
        problem
        for draft in drafts
        for problem in rules.problems(draft, _known(session, me, draft, signer, at), at)
    ]
    found += _language_problems(drafts[0])
    if found or signer is None:
        raise NotReady(list(dict.fromkeys(found)))
    claim = uuid.uuid4()
    earlier = once.first_result(session, me, "consent.recorded", key, claim, at)
    if earlier is not None:
        return queries.of_key(session, earlier)
    form = forms.in_use(session, me.organization_id, FormKind.STANDARD, at)
    in_person = drafts[0].on_screen
    evidence = Evidence(
        identity_check=IdentityCheck.IN_PERSON if in_person else None,
        identity_by=me.id if in_person else None,
    )
    signed = signing.sign(
        session, me.id, form, student, signer, drafts, evidence, me, at, key=claim
    )
    return list(signed.consents)


def preview(
    session: Session, me: Actor, draft: ConsentDraft, at: datetime
) -> list[queries.WouldOpen]:
    """What each tick would open if it were signed now, and why not; nothing is kept.

    Raises NotReady with every problem but those of the signature.
    """
    student = gate.open_student(session, me, draft.student_id, Task.RECORD_CONSENT, at)
    signer = _signer(session, draft, student, at)
    found = rules.unsigned_problems(draft, _known(session, me, draft, signer, at), at)
    if found:
        raise NotReady(found)
    return queries.what_it_would_open(session, me, draft, at)


def _language_problems(draft: ConsentDraft) -> list[Problem]:
    """Staff's own screen is in English; a family reads its language on its phone or a tablet."""
    if not draft.on_screen or draft.language == "en":
        return []
    spoken = LANGUAGES.get(draft.language, draft.language)
    return [
        Problem(
            "The form on this screen is in English only.",
            f"Send a link, or hand over a tablet: there the form is in {spoken} where we have it.",
            "Language",
        )
    ]


def _signer(
    session: Session, draft: ConsentDraft, student: Student, at: datetime
) -> PossibleSigner | None:
    return next(
        (
            signer
            for signer in queries.possible_signers(session, student, at)
            if (signer.kind, signer.id) == (draft.signer_kind, draft.signer_id)
        ),
        None,
    )


def _known(
    session: Session, me: Actor, draft: ConsentDraft, signer: PossibleSigner | None, at: datetime
) -> rules.Known:
    return rules.Known(
        agency_active=queries.is_active_agency(session, draft.agency_id, at),
        signer_name=signer.name if signer else None,
        facts=facts_of.load_known(session, me.id, draft.student_id),
        today=queries.local_day(at, me.tz),
        most_megabytes=settings().upload_megabytes,
    )
