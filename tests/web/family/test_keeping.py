"""A family's own page: what is shared, taking it back, who has seen the record, receipts."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import family, gate
from portal.errors import NotFound
from portal.policy.accounting import Law
from portal.policy.family import PASS_MINUTES
from portal.store.consents import Consent, ConsentEvent, ConsentSigning
from portal.store.ledger import TrailLine
from portal.store.people import Guardianship, Student
from portal.vocabulary import Category, FamilyLinkKind, Purpose, SignerKind
from tests import factories as make
from tests.people import NOW
from tests.web.family.conftest import BORN, Phone, sign


@pytest.fixture
def own(asked, phone, site, some_records) -> str:
    """The address of Maria's own page, right after she signed for Riverside."""
    sign(phone, asked())
    return phone.at.removesuffix("/signed")


def links(phone: Phone, word: str) -> list[str]:
    found = re.findall(r'href="([^"]+)"', phone.answer.text)
    return [link.replace("&amp;", "&") for link in found if word in link]


def fields(phone: Phone) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', phone.answer.text))


def opened(site) -> set[str]:
    """What Rita of Riverside may open of Luis now; nothing when he is not even found."""
    me = site.db.who(site.db.cast.rita)
    with site.db.writing() as session:
        try:
            record = gate.open_record(session, me, site.db.cast.luis.id, Purpose.COORDINATE, NOW)
        except NotFound:
            return set()
    return {str(entry.category) for entry in record.open}


def test_who_signed_reads_what_was_agreed_and_takes_the_receipts_along(own, phone, site):
    assert "Receipt F-" in phone.text
    pdf, word = links(phone, "/paper/")
    assert phone.get(pdf).content.startswith(b"%PDF-")
    assert phone.answer.headers["content-disposition"].startswith("attachment;")
    assert phone.get(word).content.startswith(b"PK")
    with site.db.writing() as session:
        lines = session.scalars(select(TrailLine).where(TrailLine.event == "document.opened"))
        assert [(line.user_name, line.allowed) for line in lines] == [("Maria Sample", True)] * 2


def test_the_page_asks_each_time_who_one_is(own, phone, site):
    site.db.at(NOW + timedelta(minutes=PASS_MINUTES + 1))
    for path in (own, f"{own}/signed", f"{own}/take-back", f"{own}/paper/{own}"):
        if "paper" not in path:
            phone.get(path)
            assert phone.at == own
            assert "Luis" not in phone.answer.text
    phone.post(own, **BORN)
    assert "Shared now" in phone.text


def test_one_tap_and_one_question_and_the_partner_sees_nothing(own, phone, site):
    assert "visits" in opened(site)
    phone.get(own)
    phone.get(links(phone, "with=")[0])
    assert "Take it back?" in phone.text
    assert "visits" in opened(site)
    phone.get(phone.at + next(link for link in links(phone, "lang=es")))
    assert "¿Retirarlo?" in phone.text
    phone.get(phone.at + next(link for link in links(phone, "lang=en")))
    phone.post(f"{own}/take-back", **fields(phone))

    assert "It is taken back." in phone.text
    assert opened(site) == set()


def test_one_kind_of_record_is_taken_back_and_the_others_stay(own, phone, site):
    phone.get(own)
    phone.get(next(link for link in links(phone, "kind=") if "visits" in link))
    phone.post(f"{own}/take-back", **fields(phone))

    assert "Taken back on November 20, 2026" in phone.text
    assert "visits" not in opened(site)
    assert "Days at school and days missed" in phone.text


def test_two_people_at_once_both_get_a_clear_answer(own, phone, site):
    phone.get(own)
    phone.get(links(phone, "with=")[0])
    form = fields(phone)
    other = Phone(site.browser(), site)
    other.browser.cookies = phone.browser.cookies
    other.post(f"{own}/take-back", **form)
    phone.post(f"{own}/take-back", **form)

    assert "It is taken back." in other.text
    assert "It was taken back already." in phone.text
    with site.db.writing() as session:
        assert len(session.scalars(select(ConsentEvent)).all()) == 1
    phone.get(f"{own}/take-back?of={form['of']}&with={form['with']}")
    assert "It was taken back already" in phone.text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"of": "0" * 16},
        {"with": "no uuid"},
        {"kind": "no_kind", "number": "C-1"},
        {"number": "C-NOTHING"},
        {"with": "00000000-0000-0000-0000-000000000001"},
    ],
)
def test_a_forged_form_takes_nothing_back(own, phone, site, form):
    phone.get(own)
    of = re.search(r"of=(\w+)", phone.answer.text)
    assert of is not None
    phone.post(f"{own}/take-back", **({"of": of[1]} | form if form else {}))

    assert phone.answer.status_code == 404
    assert "visits" in opened(site)


def test_a_mother_whose_right_to_consent_a_court_limits_may_look_and_not_take_back(
    own, phone, site
):
    from portal.store.people import CourtOrder
    from portal.vocabulary import CourtRight

    cast = site.db.cast
    with site.db.writing() as session:
        session.add(
            CourtOrder(
                student_id=cast.luis.id,
                guardian_id=cast.maria.id,
                limits=CourtRight.CONSENT,
                starts_at=NOW - timedelta(days=1),
                document_reference="Docket 1",
                checked_by=cast.ana.id,
            )
        )
    phone.get(own)
    assert "On hold: someone else may decide now" in phone.text
    phone.get(links(phone, "with=")[0])
    assert phone.answer.status_code == 404


def test_who_has_seen_the_record_is_told_in_plain_words(own, phone, site):
    opened(site)
    phone.get(own)
    phone.get(links(phone, "/seen/")[0])

    for told in ("Rita River", "Riverside Clinic", "Another organization", "Your consent C-"):
        assert told in phone.text
    assert "To plan help together" in phone.text
    phone.get(f"{own}/seen/{'0' * 16}")
    assert phone.answer.status_code == 404


def test_the_list_of_who_has_seen_it_is_a_file_to_keep(own, phone, site):
    opened(site)
    phone.get(own)
    phone.get(links(phone, "/seen/")[0])
    lists = links(phone, "/list/")
    assert len(lists) == len(Law)

    for address in [*lists, lists[0].replace("everything", "no-such-law")]:
        phone.get(address)
        assert phone.answer.content.startswith(b"%PDF")
        assert "attachment" in phone.answer.headers["Content-Disposition"]
    phone.get(f"{own}/list/{'0' * 16}")
    assert phone.answer.status_code == 404


def test_what_a_student_signed_alone_is_the_student_s_to_know(own, phone, site):
    cast = site.db.cast
    with site.db.writing() as session:
        make.consent(
            session, cast.luis, cast.riverside, cast.maria, {Category.SUD},
            signer_kind=SignerKind.STUDENT, signer_id=cast.luis.id, signer_name="Luis Sample",
        )  # fmt: skip
        make.record(session, cast.luis, Category.SUD, NOW)
    assert "sud" in opened(site)
    phone.get(own)
    assert "alcohol" not in phone.text
    phone.get(links(phone, "/seen/")[0])

    assert "alcohol" not in phone.text


def test_a_student_under_18_looks_after_what_they_signed_and_nothing_else(own, phone, site):
    cast = site.db.cast
    me = site.db.who(cast.ana)
    with site.db.writing() as session:
        alone = make.consent(
            session, cast.luis, cast.hilltop, cast.maria, {Category.SUD},
            signer_kind=SignerKind.STUDENT, signer_id=cast.luis.id, signer_name="Luis Sample",
        )  # fmt: skip
        signer = (SignerKind.STUDENT, cast.luis.id, "Luis Sample")
        _link, token, _code = family.new_link(
            session, me, FamilyLinkKind.KEEP, signer, "en", NOW + timedelta(days=9), NOW
        )
    teen = Phone(site.browser(), site)
    teen.get(f"/family/{token}")
    assert 'autocomplete="bday-year"' in teen.answer.text
    teen.post(f"/family/{token}", **BORN)

    assert "Care for alcohol or drug use" in teen.text
    assert "Riverside" not in teen.text
    assert links(teen, "/seen/") == []
    teen.get(links(teen, "with=")[0])
    teen.post(f"/family/{token}/take-back", **fields(teen))
    with site.db.writing() as session:
        assert session.scalars(select(ConsentEvent)).one().consent_id == alone.id


def test_rights_that_ended_close_the_page_at_once(own, phone, site):
    with site.db.writing() as session:
        for row in session.scalars(select(Guardianship)):
            row.rights_until = NOW - timedelta(hours=1)
    phone.get(own)

    assert "Luis" not in phone.answer.text
    assert "Nothing is shared." in phone.text


def test_somebody_else_s_paper_and_none_at_all_look_alike(own, phone, site):
    with site.db.writing() as session:
        other = session.scalars(select(ConsentSigning)).one()
        zoe = session.get_one(Student, site.db.cast.zoe.id)
        assert zoe.born == date(2012, 3, 3)
        rows = session.scalars(select(Consent)).all()
    foreign = str(site.db.cast.zoe.id)
    first = phone.get(f"{own}/paper/{foreign}")
    second = phone.get(f"{own}/paper/nothing")

    assert first.status_code == second.status_code == 404
    assert first.text == second.text
    assert (other.partner_id, len(rows)) == (site.db.cast.riverside.id, 1)


def test_closing_the_page_asks_again_on_this_device(own, phone):
    phone.post(f"{own}/leave")
    assert "Your page is closed" in phone.text
    phone.get(own)

    assert "First, show that it is you" in phone.text
    phone.post(f"{own}/leave")
    assert phone.answer.status_code == 200


def test_the_address_names_nobody(own, phone, site):
    phone.get(own)
    cast = site.db.cast
    for link in links(phone, "/"):
        for name in ("Luis", "Sample", str(cast.luis.id), cast.luis.sasid):
            assert name not in link
