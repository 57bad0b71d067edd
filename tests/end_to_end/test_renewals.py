"""A superintendent renews the agreements of a year, in a real browser, and the portal goes on."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.agreements.content import from_json, to_json
from portal.demo.people import PASSWORD
from portal.store.agreements import AgreementPaper, AgreementPartner
from portal.store.engine import make_engine
from portal.store.places import Organization
from portal.vocabulary import OrganizationKind
from tests import factories as make
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser

MANY = 30
LONG = 300_000
ANSWERS_WITHIN = 15.0


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demonstration, with thirty partners more whose agreements end in four months."""
    folder = tmp_path_factory.mktemp("renewals")
    database = demonstration(folder)
    engine = make_engine(database)
    with Session(engine) as session, session.begin():
        for n in range(MANY):
            _one_more(session, n)
    engine.dispose()
    with served(database, folder / "log") as portal:
        yield portal


def _one_more(session: Session, n: int) -> None:
    signed = AgreementPaper.executed_at.is_not(None)
    model = session.scalars(select(AgreementPaper).where(signed).limit(1)).one()
    district = session.get_one(Organization, model.district_id)
    agency = make.organization(session, f"Shore Partner {n:02}", OrganizationKind.PROVIDER)
    content, last = from_json(model.content), clock.now().date() + timedelta(days=100)
    terms = replace(content.partners[0], agency_id=agency.id)
    content = replace(content, partners=(terms,), ends_on=last, review_on=last)
    own = {"id", "number", "content", "parent_id", "follows_id", "follows_how"}
    columns = [c.key for c in AgreementPaper.__table__.columns if c.key not in own]
    same = {name: getattr(model, name) for name in columns}
    number = f"M-SHORE{n:02}"
    paper = make.stored(session, AgreementPaper(number=number, content=to_json(content), **same))
    session.add(AgreementPartner(paper_id=paper.id, organization_id=agency.id, place=1))
    make.agreement(session, district, agency, number=number, paper_id=paper.id)


def test_thirty_are_renewed_while_the_portal_answers_and_the_window_is_closed(
    browser: Browser, portal: Portal, tmp_path
) -> None:
    sue = signed_in(browser, portal, "superintendent@demo.example")
    sue.page.goto(f"{portal.address}/renew_agreements")
    sue.sees("Shore Partner 00", "Renew those that are ticked")
    sue.page.get_by_role("button", name="Renew 3").click()
    expect(sue.page.get_by_text("agreements done").first).to_be_visible(timeout=LONG)

    dina = signed_in(browser, portal, "admin@demo.example")
    began = time.monotonic()
    dina.page.goto(portal.address)
    dina.sees("Agreements to see to")
    assert time.monotonic() - began < ANSWERS_WITHIN
    sue.page.close()  # in the middle of it

    dina.page.goto(f"{portal.address}/renew_agreements")
    expect(dina.page.get_by_text("What came of it")).to_be_visible(timeout=LONG)
    dina.sees("Out for signature", "Shore Partner 00")
    kept = dina.download("All papers of this pass (zip)")
    kept.save_as(tmp_path / "papers.zip")
    with zipfile.ZipFile(tmp_path / "papers.zip") as file:
        papers = [name for name in file.namelist() if "Shore-Partner" in name]
        assert len(papers) == len(set(papers)) == MANY
        assert file.read("manifest.csv").decode("utf-8-sig").count("Shore Partner") == MANY


def signed_in(browser: Browser, portal: Portal, name: str) -> Person:
    person = Person(browser, portal.address)
    person.sign_in(name, PASSWORD)
    return person
