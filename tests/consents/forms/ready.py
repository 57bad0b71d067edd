"""A form that could be published, and one with something changed, as a test's one call."""

from __future__ import annotations

from typing import Any

from portal.consents.forms import shipped
from portal.consents.forms.definition import Definition, Office, Section, Text
from portal.vocabulary import FormKind, Statement

OFFICE = Office(
    office="the Records Office",
    address="1 Sample Street, Suite #2, Sampletown",
    email="records_office@sampletown.example",
    phone="(860) 555-0100",
)


def ready(kind: FormKind = FormKind.STANDARD, **changes: Any) -> Definition:
    """The shipped form of this kind with Sampletown's office."""
    return shipped.FORMS[kind].model_copy(update={"office": OFFICE, **changes})


def without(form: Definition, part: Section | Statement) -> Definition:
    """The form without this part or this sentence."""
    if isinstance(part, Section):
        sections = tuple(section for section in form.sections if section is not part)
        return form.model_copy(update={"sections": sections})
    kept = {one: text for one, text in form.statements.items() if one is not part}
    return form.model_copy(update={"statements": kept})


def saying(form: Definition, statement: Statement, text: Text) -> Definition:
    """The form with another text for this sentence."""
    return form.model_copy(update={"statements": {**form.statements, statement: text}})
