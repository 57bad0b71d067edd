"""What is signed, published or written down never changes: a raw SQL client is refused too."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.vocabulary import Category, ConsentEventKind
from tests import factories as make
from tests.people import NOW


@pytest.fixture
def signed(cast):
    """A signed consent with an event, on a published form."""
    version = make.form_version(cast.session, cast.district)
    consent = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, form_version_id=version.id
    )
    make.event(cast.session, consent, ConsentEventKind.HELD, NOW)
    return cast


REFUSED = [
    "UPDATE consent SET ends_at = NULL",
    "UPDATE consent SET signer_name = 'Somebody Else'",
    "UPDATE consent SET signed_at = NULL",
    "DELETE FROM consent",
    "UPDATE consent_category SET category = 'hiv'",
    "DELETE FROM consent_category",
    "DELETE FROM consent_purpose",
    "UPDATE consent_statement SET statement = 'x'",
    "DELETE FROM consent_statement",
    "UPDATE consent_event SET at = written_at, kind = 'reviewed'",
    "DELETE FROM consent_event",
    "UPDATE consent_form_version SET version = 9",
    "DELETE FROM consent_form_version",
    "INSERT INTO consent_category (consent_id, category, special, initials) "
    "SELECT id, 'hiv', true, 'xx' FROM consent",
    "INSERT INTO consent_purpose (consent_id, purpose) SELECT id, 'evaluate' FROM consent",
    "INSERT INTO consent_statement (consent_id, statement) SELECT id, 'z' FROM consent",
    "INSERT INTO consent_cosigner (consent_id, name) SELECT id, 'x' FROM consent",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_no_statement_changes_it(signed, statement):
    with pytest.raises(DBAPIError, match="signed and never changes"), signed.session.begin_nested():
        signed.session.execute(text(statement))


def test_what_is_not_signed_yet_may_still_change(cast):
    draft = make.consent(cast.session, cast.luis, cast.riverside, cast.maria, signed_at=None)
    cast.session.execute(text("UPDATE consent SET signer_name = 'M. Sample'"))
    cast.session.execute(text("DELETE FROM consent_category"))
    cast.session.expire_all()

    assert draft.signer_name == "M. Sample"


def test_another_signature_changes_nothing_of_the_first(signed):
    make.consent(signed.session, signed.luis, signed.hilltop, signed.maria, [Category.ATTENDANCE])
    count = signed.session.scalar(text("SELECT count(*) FROM consent_category"))

    assert count == 2
