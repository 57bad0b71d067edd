"""/fhir/consent/{id}: a consent leaves as a file, for those who may take it along."""

from __future__ import annotations

import hashlib
import uuid

import pytest
from fhir.resources.R4B.consent import Consent as FhirConsent
from sqlalchemy import select

from portal.store.ledger import TrailLine
from portal.store.oversight import DataExport
from tests import factories as make
from tests.web.conftest import Site


@pytest.fixture
def path(site: Site) -> str:
    """Where Maria's consent for Luis to Riverside is taken along."""
    cast = site.db.cast
    with site.db.writing() as session:
        consent = make.consent(session, cast.luis, cast.riverside, cast.maria)
        return f"/fhir/consent/{consent.id}"


WHY = {"purpose": "care_record", "words": "For the clinic's own record of the student"}


def test_what_it_is_for_is_asked_first(site: Site, path: str) -> None:
    ana = site.signed_in(site.db.cast.ana)
    asked, lacking = ana.get(path), ana.post(path, data={"purpose": "own_work", "words": "<b>"})

    assert (asked.status_code, lacking.status_code) == (200, 422)
    assert asked.headers["content-type"].startswith("text/html")
    assert "Luis" not in asked.text
    assert "It is not said what the data is for." in lacking.text
    assert "&lt;b&gt;" in lacking.text
    with site.db.writing() as session:
        assert session.scalars(select(DataExport)).all() == []


def test_who_may_take_it_gets_a_fhir_file_that_no_browser_keeps(site: Site, path: str) -> None:
    answer = site.signed_in(site.db.cast.ana).post(path, data=WHY)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    FhirConsent.model_validate_json(answer.content)


def test_the_trail_has_the_hash_of_what_left_and_who_was_refused(site: Site, path: str) -> None:
    content = site.signed_in(site.db.cast.ana).post(path, data=WHY).content
    site.signed_in(site.db.cast.tom).post(path, data=WHY)

    with site.db.writing() as session:
        lines = session.scalars(select(TrailLine).where(TrailLine.event == "consent.exported"))
        told = [(line.user_name, line.allowed, line.detail.get("sha256")) for line in lines]
    assert told == [
        ("Ana Counts", True, hashlib.sha256(content).hexdigest()),
        ("Tom Chalk", False, None),
    ]


def test_somebody_elses_none_and_a_slip_get_the_same_answer(site: Site, path: str) -> None:
    browser = site.signed_in(site.db.cast.tom)
    answers = [browser.get(p) for p in (path, f"/fhir/consent/{uuid.uuid4()}", "/fhir/consent/x")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_without_a_session_it_leads_to_the_sign_in(site: Site, path: str) -> None:
    assert site.browser().get(path).status_code == 303
