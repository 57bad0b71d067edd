"""A foreign id, a missing one and what is no id at all: the same answer, by every address."""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import delete

from portal.access.exports import Wanted
from portal.exporting.service import DaysAsked, take_out
from portal.store.papers import Document
from portal.store.people import Relation, User
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import DocumentKind, ExportKind, ExportPurpose, ExportShape
from tests import factories as make
from tests.people import NOW
from tests.web.conftest import Site

ODD = (
    *("-1", "0", "1e9", "NaN", "null", "undefined", "__proto__", "[object Object]", "a,b"),
    *("../../etc/passwd", "..\\..\\x", "%2e%2e%2f", "%252e%252e", "a\0b", "\u202eabc", "\u200b"),
    *("' OR 1=1--", "<script>alert(1)</script>", "{{7*7}}", "$(id)", "漢字"),
    "x" * 60_000,
)
ADDRESSES = ("/doc/", "/fhir/consent/")


def foreign_ids(site: Site) -> list[uuid.UUID]:
    """Things there are and that Tom, a teacher, may not have: of each kind that has an address."""
    cast = site.db.cast
    with site.db.writing() as session:
        consent = make.consent(session, cast.luis, cast.riverside, cast.maria)
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
        kept = [
            make.stored(
                session,
                Document(
                    owner_id=cast.district.id,
                    student_id=cast.luis.id,
                    kind=kind,
                    file_name="a.pdf",
                    media_type="application/pdf",
                    sha256="0" * 64,
                    content=b"%PDF-",
                    made_at=NOW,
                    made_by=cast.ana.id,
                ),
            ).id
            for kind in DocumentKind
        ]
        return [consent.id, referral.record_id, cast.luis.id, cast.ana.id, cast.district.id, *kept]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_foreign_id_and_one_of_another_kind_are_answered_like_a_missing_one(
    site: Site, address: str
) -> None:
    browser = site.signed_in(site.db.cast.tom)
    missing = browser.get(f"{address}{uuid.uuid4()}")
    assert missing.status_code == 404

    for one in foreign_ids(site):
        for spelled in (str(one), str(one).upper(), one.hex, f"{{{one}}}", f"urn:uuid:{one}"):
            answer = browser.get(address + spelled)
            assert (answer.status_code, answer.text) == (404, missing.text), (address, spelled)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_id_is_answered_like_a_missing_one(site: Site, address: str) -> None:
    browser = site.signed_in(site.db.cast.ana)
    missing = browser.get(f"{address}{uuid.uuid4()}").text

    for odd in ODD:
        answer = browser.get(address + quote(odd, safe=""))
        assert (answer.status_code, answer.text) == (404, missing), odd
    twice = browser.get(f"{address}{uuid.uuid4()}?id=1&id=2&id[]=3")
    assert (twice.status_code, twice.text) == (404, missing)


def taken_out(site: Site) -> str:
    """Where Ana's export of this moment is."""
    ana = site.db.who(site.db.cast.ana)
    with site.db.writing() as session:
        draft = VisitDraft(site.db.cast.luis.id, "individual", 20)
        visits.log(session, ana, draft, NOW, uuid.uuid4().hex)
        wanted = Wanted(
            ExportKind.VISITS, ExportShape.CSV, ExportPurpose.OWN_WORK, "To plan the week"
        )
        days = DaysAsked(NOW.date(), NOW.date())
        return f"/doc/{take_out(session, ana, wanted, days, NOW, uuid.uuid4().hex).id}"


@pytest.mark.parametrize("how", ["signed out", "password", "ended", "caseload", "a day later"])
def test_what_was_taken_out_closes_with_the_right_to_it(site: Site, how: str) -> None:
    path, ana = taken_out(site), site.db.cast.ana
    browser = site.signed_in(ana)
    assert browser.get(path).status_code == 200
    cookie = browser.cookies["portal"]

    if how == "signed out":
        browser.post("/logout")
    if how == "password":
        new = "another lantern in the harbor"
        form = {"present": "harbor lantern quiet maple", "password": new, "again": new}
        browser.post("/password", data=form)
    if how == "ended":
        with site.db.writing() as session:
            session.get_one(User, ana.id).active_until = ana.active_from
    if how == "caseload":
        with site.db.writing() as session:
            session.execute(delete(Relation).where(Relation.user_id == ana.id))
    if how == "a day later":
        site.db.at(NOW + timedelta(days=1))
        browser = site.signed_in(ana)
        cookie = browser.cookies["portal"]

    browser.cookies.set("portal", cookie)
    answer = browser.get(path)
    assert answer.status_code in (303, 404)
    assert b"Sample" not in answer.content
