"""A district's forms: written, published, recalled. What is published never changes.

Where a district has published none, the form that comes with the portal is its version 1.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.access.forms import newest_published
from portal.consents.forms import definition as forms
from portal.consents.forms import publishing, queries
from portal.consents.forms.definition import Definition, Office
from portal.consents.forms.shipped import FORMS
from portal.consents.signing import Form
from portal.errors import NotFound, NotReady, Problem
from portal.policy.tasks import Task
from portal.store.consents import ConsentFormRecall, ConsentFormVersion
from portal.store.places import Organization
from portal.vocabulary import FormKind

NOT_FOUND = NotFound("There is no such form here.", "Open it from the list of forms.")
NO_FORM = Problem(
    "The district's consent form is not complete.",
    "Ask a district administrator to complete and publish it.",
)


def in_use(session: Session, district_id: uuid.UUID, kind: FormKind, at: datetime) -> Form:
    """The newest published version of this form that has not been recalled.

    Where there is none, the one that comes with the portal becomes it, with the district as the
    office. Raises NotReady with what still keeps that one from being published.
    """
    row = newest_published(session, district_id, kind, at)
    return _form(row or _shipped(session, district_id, kind, at))


def _shipped(
    session: Session, district_id: uuid.UUID, kind: FormKind, at: datetime
) -> ConsentFormVersion:
    district = session.get_one(Organization, district_id)
    definition = FORMS[kind].model_copy(update={"office": _office(district)})
    if found := publishing.problems(definition):
        raise NotReady([NO_FORM, *found])
    row = _written(session, district_id, definition, None, at)
    row.published_at = at
    session.flush()
    return row


def _office(district: Organization) -> Office:
    """Where a consent is taken back, until the district names an office of its own."""
    return Office(
        office=district.name,
        address=", ".join(line.strip() for line in district.address.splitlines()),
        email=district.email,
        phone=district.phone,
    )


def version(session: Session, version_id: uuid.UUID) -> Form:
    """A version that is known to exist."""
    return _form(session.get_one(ConsentFormVersion, version_id))


def _form(row: ConsentFormVersion) -> Form:
    return Form(row, forms.from_json(json.dumps(row.definition)))


def write(session: Session, me: Actor, definition: Definition, at: datetime) -> ConsentFormVersion:
    """Keep a draft of the next version; the draft that was there is written over."""
    me.may(Task.KEEP_FORMS).or_refuse()
    draft = queries.draft_of(session, me.organization_id, definition.kind)
    if draft is None:
        draft = _written(session, me.organization_id, definition, me.id, at)
    _fill(draft, definition)
    draft.written_at, draft.written_by = at, me.id
    session.flush()
    _told(session, me, "form.written", _form(draft), at)
    return draft


def begin_next(session: Session, me: Actor, kind: FormKind, at: datetime) -> ConsentFormVersion:
    """A draft of the next version that says what the one in use says; the draft that is there."""
    me.may(Task.KEEP_FORMS).or_refuse()
    draft = queries.draft_of(session, me.organization_id, kind)
    if draft is not None:
        return draft
    published = newest_published(session, me.organization_id, kind, at)
    if published is not None:
        return write(session, me, _form(published).definition, at)
    district = session.get_one(Organization, me.organization_id)
    return write(session, me, FORMS[kind].model_copy(update={"office": _office(district)}), at)


def to_show(session: Session, me: Actor, kind: FormKind, at: datetime) -> Form | None:
    """The draft, else what is published; None where the district has neither."""
    me.may(Task.KEEP_FORMS).or_refuse()
    draft = queries.draft_of(session, me.organization_id, kind)
    row = draft or newest_published(session, me.organization_id, kind, at)
    return _form(row) if row is not None else None


def publish(session: Session, me: Actor, version_id: uuid.UUID, at: datetime) -> Form:
    """From now this version is the one that families sign; it never changes again.

    Raises NotReady with everything that the form lacks, each with its citation.
    """
    row = _mine(session, me, version_id)
    if row.published_at is not None:
        raise NotReady([Problem("This version is published already.", "Write the next one.")])
    form = _form(row)
    found = publishing.problems(form.definition)
    if found:
        raise NotReady(found)
    row.published_at, row.published_by = at, me.id
    session.flush()
    _told(session, me, "form.published", form, at)
    return form


def recall(
    session: Session, me: Actor, version_id: uuid.UUID, element: str, at: datetime
) -> ConsentFormRecall:
    """From now nothing opens under this version: it lacks an element that the law now requires.

    element: its id in `elements`.
    """
    row = _mine(session, me, version_id)
    if row.published_at is None:
        raise NotReady([Problem("This version is a draft.", "Change it instead.")])
    if session.get(ConsentFormRecall, row.id) is not None:
        raise NotReady([Problem("This version is recalled already.", "Nothing is to be done.")])
    if not element.strip():
        raise NotReady(
            [Problem("It is not said what the form lacks.", "Choose the element.", "Element")]
        )
    recalled = ConsentFormRecall(
        version_id=row.id, at=at, element=element[:40], written_by=me.id, written_at=at
    )
    session.add(recalled)
    session.flush()
    _told(session, me, "form.recalled", _form(row), at)
    return recalled


def _mine(session: Session, me: Actor, version_id: uuid.UUID) -> ConsentFormVersion:
    me.may(Task.KEEP_FORMS).or_refuse()
    row = session.get(ConsentFormVersion, version_id)
    if row is None or row.district_id != me.organization_id:
        raise NOT_FOUND
    return row


def _written(
    session: Session,
    district_id: uuid.UUID,
    definition: Definition,
    by: uuid.UUID | None,
    at: datetime,
) -> ConsentFormVersion:
    row = ConsentFormVersion(
        id=uuid.uuid4(),
        district_id=district_id,
        kind=definition.kind,
        version=queries.last_number(session, district_id, definition.kind) + 1,
        written_at=at,
        written_by=by,
    )
    _fill(row, definition)
    session.add(row)
    session.flush()
    return row


def _fill(row: ConsentFormVersion, definition: Definition) -> None:
    row.definition = json.loads(forms.to_json(definition))
    row.sha256 = forms.digest(definition)


def _told(session: Session, me: Actor, event: str, form: Form, at: datetime) -> None:
    detail = {"version": form.row.version, "sha256": form.row.sha256}
    entry = trail.Entry(event, True, at, subject=str(form.row.kind), detail=detail)
    trail.write(session, me, entry)
