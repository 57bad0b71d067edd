"""A form filled in about nobody: as it prints, and as a family reads it page by page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import documents, trail
from portal.access.actor import Actor
from portal.consents import papers
from portal.consents.forms import service as forms
from portal.consents.forms.definition import Definition
from portal.consents.forms.questions import About, Proposal, Question, questions
from portal.consents.forms.telling import Partner
from portal.consents.queries import PossibleSigner
from portal.consents.requests.drafts import Asked
from portal.consents.rules import start_of_school_year
from portal.errors import NotFound, NotReady, Problem
from portal.policy.tasks import Task
from portal.store.consents import ConsentFormVersion
from portal.store.papers import Document
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import (
    RELATIONSHIP_LABELS,
    Detail,
    DocumentKind,
    OrganizationKind,
    Relationship,
    SignerKind,
)

GIVEN, FAMILY, PARTNER = "Sam", "Sample", "Sample Clinic"
"""Plainly made up: a sample is about nobody."""

SIGNER = PossibleSigner(
    SignerKind.GUARDIAN, uuid.UUID(int=0), "Pat Sample", RELATIONSHIP_LABELS[Relationship.PARENT]
)


def keep(
    session: Session, me: Actor, version_id: uuid.UUID, language: str, at: datetime
) -> Document:
    """The form as it prints, kept so that it can leave by its address.

    Raises NotFound for another district's form, NotReady where it has not this language.
    """
    me.may(Task.KEEP_FORMS).or_refuse()
    row = session.get(ConsentFormVersion, version_id)
    if row is None or row.district_id != me.organization_id:
        raise NotFound("There is no such form here.", "Open it from the list of forms.")
    form = forms.version(session, version_id)
    _or_not_ready(form.definition, language)
    district = session.get_one(Organization, me.organization_id)
    document = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.CONSENT_FORM,
        f"Sample-{row.kind}-{row.version}-{language}.pdf",
        papers.PDF,
        papers.form_to_sign(_to_sign(form.definition, form.name, district, language, at)),
        at,
    )
    entry = trail.Entry("form.sampled", True, at, subject=str(row.kind))
    trail.write(session, me, entry)
    return document


def _or_not_ready(definition: Definition, language: str) -> None:
    if language not in definition.languages:
        raise NotReady(
            [Problem("The form is not in this language.", "Add it to its languages.", "Language")]
        )


def _to_sign(
    definition: Definition, name: str, district: Organization, language: str, at: datetime
) -> papers.ToSign:
    today = at.astimezone(ZoneInfo(district.tz)).date()
    student = Student(
        id=uuid.UUID(int=0),
        district_id=district.id,
        given_name=GIVEN,
        family_name=FAMILY,
        local_id="",
        born=date(today.year - 13, 1, 1),
    )
    partner = Organization(
        id=uuid.UUID(int=0),
        kind=OrganizationKind.PROVIDER,
        name=PARTNER,
        address="",
        tz=district.tz,
        is_hipaa=True,
        is_part2=True,
    )
    return papers.ToSign(
        form=definition,
        form_name=name,
        number="SAMPLE",
        asked=(papers.AskedOf(student, "", partner, _proposed(definition, today)),),
        district=district,
        signer=SIGNER,
        language=language,
        interpreter="",
        at=at,
    )


def _proposed(definition: Definition, today: date) -> Asked:
    """Everything that the form offers."""
    return Asked(
        out=frozenset(definition.categories_out),
        back=frozenset(definition.categories_in),
        purposes=frozenset(definition.purposes),
        detail=Detail.FULL,
        records_from=start_of_school_year(today),
        starts_on=today,
        ends_on=None,
        replaces={},
    )


def pages(definition: Definition, language: str, today: date) -> Sequence[Question]:
    """What a family is asked by this form about a partner under every law, page by page."""
    proposal = Proposal(
        partner=Partner("sample", PARTNER, hipaa=True, part2=True),
        starts_on=today,
        out=frozenset(definition.categories_out),
        back=frozenset(definition.categories_in),
        purposes=frozenset(definition.purposes),
    )
    return questions(definition, [proposal], About(GIVEN, language))
