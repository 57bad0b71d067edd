"""Record a consent that a family signed with staff: typed on the screen, or brought in on paper.

What is signed on screen counts from this instant; what was signed on paper from the day on the
paper, once a second person has confirmed it. Nothing signed is ever edited: see `life`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import gate, once, trail
from portal.access.actor import Actor
from portal.config import settings
from portal.consents import queries, rules, signing
from portal.consents.drafts import ConsentDraft
from portal.consents.forms import service as forms
from portal.consents.preview import Preview, would_see
from portal.consents.queries import PossibleSigner
from portal.consents.signing import Evidence
from portal.consents.words import LANGUAGES
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.consents import Consent
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import SPECIAL, FormKind, IdentityCheck, Instrument


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


def previewed(
    session: Session, me: Actor, drafts: Sequence[ConsentDraft], at: datetime
) -> list[Preview]:
    """What would be seen with exactly these ticks, from the student's own records; nothing is kept.

    drafts: of one student and one partner, one for each direction. What a partner holds is not
    ours to see before the family has signed: of that direction only the rule is asked.
    Raises NotReady with every problem but those of the signature.
    """
    student = gate.open_student(session, me, drafts[0].student_id, Task.RECORD_CONSENT, at)
    initialed = [_initialed(draft) for draft in drafts]
    signer = _signer(session, drafts[0], student, at)
    found = [
        problem
        for draft in initialed
        for problem in rules.unsigned_problems(draft, _known(session, me, draft, signer, at), at)
    ]
    if found:
        raise NotReady(list(dict.fromkeys(found)))
    form = forms.in_use(session, me.organization_id, FormKind.STANDARD, at)
    partner = session.get_one(Organization, drafts[0].agency_id)
    statements = signing.statements_of(form.definition, partner, initialed)
    seen = [
        _ours_alone(draft, would_see(session, me.id, draft, statements, at)) for draft in initialed
    ]
    entry = trail.Entry(
        "consent.previewed",
        True,
        at,
        (student.id,),
        opened=sorted({line.category for one in seen for line in one.lines if line.opens}),
        detail={"partner": str(partner.id), "directions": [str(d.instrument) for d in drafts]},
    )
    trail.write(session, me, entry)
    return seen


def _initialed(draft: ConsentDraft) -> ConsentDraft:
    """As if the signer had written the initials that are still missing."""
    missing = dict.fromkeys(draft.categories & SPECIAL - draft.special, "…")
    return replace(draft, initials={**draft.initials, **missing})


def _ours_alone(draft: ConsentDraft, seen: Preview) -> Preview:
    if draft.instrument is Instrument.FERPA:
        return seen
    lines = tuple(replace(line, opens=0, opens_now=0, held=0, newest=None) for line in seen.lines)
    return replace(seen, record=None, lines=lines, given=frozenset())


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
