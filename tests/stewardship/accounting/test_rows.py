"""What a row tells, and which rows each law asks for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, trail
from portal.access.lists import shared_students
from portal.access.trail import Entry
from portal.errors import NotFound, Refused
from portal.policy.accounting import Law, Party
from portal.referrals import queries as slips
from portal.referrals import service as referrals
from portal.referrals.rules import ReferralDraft
from portal.stewardship.accounting import service
from portal.store.ledger import TrailLine
from portal.store.papers import LegalBasis, LegalBasisCategory
from portal.vocabulary import (
    Category,
    DocumentKind,
    Instrument,
    LegalKind,
    Need,
    ProgramKind,
    ReferralTarget,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW
from tests.stewardship.accounting.conftest import AN_HOUR_AGO, NOTE, Story

DAY = timedelta(days=1)


def by(story: Story, person: str, law: Law = Law.EVERYTHING):
    return [row for row in story.for_ana(law).rows if row.person == person]


def test_a_disclosure_is_told_with_all_that_the_laws_ask(story: Story) -> None:
    story.opens(story.cast.rita)

    [row] = by(story, "Rita River")
    assert (row.organization, row.address, row.party) == (
        "Riverside Clinic",
        "1 River Road",
        Party.OUTSIDE,
    )
    assert (row.at, row.allowed, row.purpose) == (AN_HOUR_AGO, True, "coordinate")
    assert row.kinds == (Category.IDENTITY, Category.VISITS)
    assert (row.items, row.withheld, row.method) == (2, 0, "screen")
    assert len(row.content_sha256) == len(row.hash) == 64
    told = {ground.kind: (ground.number, ground.law) for ground in row.grounds}
    assert told["consent"] == ("C-0192", "34 CFR 99.30")
    assert told["agreement"][0].startswith("M-")
    assert row.by_consent
    assert not row.own


def test_until_is_when_the_paper_ends_as_known_now(story: Story) -> None:
    story.opens(story.cast.rita)
    agreement = next(g for g in by(story, "Rita River")[0].grounds if g.kind == "agreement")
    [row] = by(story, "Rita River")

    assert agreement.until is None
    assert row.until == story.cast.luis.majority_at, "a guardian's consent ends at 18"


def test_a_request_that_was_refused_has_its_reasons(story: Story) -> None:
    with pytest.raises(NotFound):
        story.opens(story.cast.hugo)
    trail.save_refusals(story.cast.session, story.cast.session.info.pop(trail.WAITING))
    trail.settle(story.cast.session)

    [row] = by(story, "Hugo Hill", Law.FERPA)
    assert (row.allowed, row.kinds, row.grounds) == (False, (), ())
    assert "NO_CONSENT" in row.reasons


def test_a_name_in_a_list_is_a_row_with_its_papers(story: Story) -> None:
    shared_students(story.cast.session, story.cast.who(story.cast.rita), "coordinate", AN_HOUR_AGO)
    trail.settle(story.cast.session)

    [row] = by(story, "Rita River", Law.FERPA)
    assert (row.event, row.kinds) == ("students.listed_across", (Category.IDENTITY,))
    assert {ground.kind for ground in row.grounds} == {"consent", "agreement"}


def test_a_slip_names_the_paper_that_opened_the_name(story: Story) -> None:
    cast = story.cast
    consent = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS], number="C-0300"
    )
    draft = ReferralDraft(
        cast.luis.id, ReferralTarget.COMMUNITY, Need.LOW_MOOD, agency_id=cast.riverside.id
    )
    referrals.refer(cast.session, cast.who(cast.ana), draft, AN_HOUR_AGO, "form-1")
    slips.to_my_agency(cast.session, cast.who(cast.rita), NOW)
    trail.settle(cast.session)

    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "referral.listed_by_agency")
    ).one()
    assert str(consent.id) in line.basis
    [row] = by(story, "Rita River", Law.FERPA)
    assert [ground.number for ground in row.grounds if ground.kind == "consent"] == ["C-0300"]


def test_a_list_tells_of_each_student_only_what_is_theirs(story: Story) -> None:
    cast = story.cast
    mother = make.guardian(cast.session, cast.mei, "Ming Sample")
    make.record(cast.session, cast.mei, Category.VISITS)
    make.relation(cast.session, cast.rita, cast.mei, "team")
    make.consent(cast.session, cast.mei, cast.riverside, mother, number="C-MEI")
    shared_students(cast.session, cast.who(cast.rita), "coordinate", AN_HOUR_AGO)
    trail.settle(cast.session)

    [row] = by(story, "Rita River")
    assert "C-MEI" not in {ground.number for ground in row.grounds}


def test_an_opened_paper_is_a_row_with_its_hash(story: Story) -> None:
    cast = story.cast
    kept = documents.keep(
        cast.session,
        cast.ana.id,
        cast.district.id,
        DocumentKind.CONSENT,
        "consent.pdf",
        "application/pdf",
        b"%PDF-1.7 signed",
        NOW,
        student_id=cast.luis.id,
    )
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, document_id=kept.id)
    documents.open_document(cast.session, cast.who(cast.omar), kept.id, AN_HOUR_AGO)
    trail.settle(cast.session)

    [row] = by(story, "Omar Keys")
    assert (row.event, row.file_sha256, row.party) == ("document.opened", kept.sha256, Party.SCHOOL)


def legal(story: Story, kind: LegalKind, custodian, recipient, category: Category) -> LegalBasis:
    row = make.stored(
        story.cast.session,
        LegalBasis(
            kind=kind,
            student_id=story.cast.luis.id,
            custodian_id=custodian.id,
            recipient_id=recipient.id,
            starts_at=LONG_AGO,
        ),
    )
    make.stored(story.cast.session, LegalBasisCategory(legal_basis_id=row.id, category=category))
    return row


def test_ferpa_marks_what_the_law_exempts_and_not_an_order(story: Story) -> None:
    story.opens(story.cast.rita)
    legal(
        story,
        LegalKind.COURT_ORDER,
        story.cast.district,
        story.cast.riverside,
        Category.ATTENDANCE,
    )
    make.record(story.cast.session, story.cast.luis, Category.ATTENDANCE)
    story.opens(story.cast.rita, NOW)
    trail.settle(story.cast.session)

    by_consent, by_order = by(story, "Rita River", Law.FERPA)
    assert (by_consent.by_consent, by_order.by_consent) == (True, False)
    assert ("court_order", "34 CFR 99.31(a)(9)") in {(g.kind, g.law) for g in by_order.grounds}


def test_the_idea_leaves_out_family_and_staff_and_students_without_a_program(story: Story) -> None:
    story.opens(story.cast.rita)
    story.opens(story.cast.ana)
    story.for_maria()
    without = story.for_ana(Law.IDEA)
    make.program(story.cast.session, story.cast.luis, ProgramKind.SPECIAL_EDUCATION)

    assert (without.rows, without.applies) == ((), False)
    found = story.for_ana(Law.IDEA)
    assert ([row.person for row in found.rows], found.applies) == (["Rita River"], True)


def test_hipaa_has_what_a_clinic_gave_without_an_authorization(story: Story) -> None:
    cast = story.cast
    cast.riverside.is_hipaa = True
    make.record(cast.session, cast.luis, Category.SERVICE_STATUS, custodian=cast.riverside)
    make.record(cast.session, cast.luis, Category.HEALTH, custodian=cast.riverside)
    make.consent(
        cast.session,
        cast.luis,
        cast.district,
        cast.maria,
        [Category.SERVICE_STATUS],
        instrument=Instrument.HIPAA,
        discloser_id=cast.riverside.id,
        authority="Parent",
    )
    story.opens(cast.ana)
    assert story.for_ana(Law.HIPAA).rows == ()

    legal(story, LegalKind.COURT_ORDER, cast.riverside, cast.district, Category.HEALTH)
    story.opens(cast.ana, NOW)
    [row] = story.for_ana(Law.HIPAA).rows
    assert (row.person, row.at) == ("Ana Counts", NOW)


def test_the_hiv_list_has_hiv_alone(story: Story) -> None:
    cast = story.cast
    story.opens(cast.rita)
    make.record(cast.session, cast.luis, Category.HIV)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.HIV])
    story.opens(cast.rita, NOW)

    [row] = story.for_ana(Law.CT_HIV).rows
    assert row.at == NOW
    assert Category.HIV in row.kinds


def test_alike_rows_are_told_as_one_and_kept_as_many(story: Story) -> None:
    for hours in (1, 2, 30):
        story.opens(story.cast.rita, NOW - hours * timedelta(hours=1))

    found = story.for_ana(Law.FERPA)
    [one] = found.given
    assert len(found.rows) == 3
    assert (one.times, one.first, one.last) == (3, NOW - timedelta(hours=30), AN_HOUR_AGO)
    assert (one.items, one.withheld) == ((2, 2), (0, 0))


def test_no_row_tells_what_a_note_says(story: Story) -> None:
    story.opens(story.cast.rita)
    story.opens(story.cast.ana)

    assert NOTE not in repr(asdict(story.for_ana()))
    assert NOTE not in repr(asdict(story.for_maria()))


def test_the_notices_are_told_as_they_are_written_down(story: Story) -> None:
    ways = ([["ferpa-99.33", "2026-1"]], ["ferpa-99.33 2026-1"])
    for notices in ways:
        entry = Entry(
            "consent.exported", True, NOW, (story.cast.luis.id,), detail={"notices": notices}
        )
        trail.write(story.cast.session, story.cast.who(story.cast.rita), entry)
    trail.settle(story.cast.session)

    found = {row.notices for row in by(story, "Rita River")}
    assert found == {(("ferpa-99.33", "2026-1"),)}


def test_who_may_not_see_openings_gets_no_list(story: Story) -> None:
    cast = story.cast
    for user, error in ((cast.tom, Refused), (cast.rita, NotFound), (cast.dina, NotFound)):
        with pytest.raises(error):
            service.for_staff(cast.session, cast.who(user), cast.luis.id, Law.EVERYTHING, NOW)


def test_that_a_list_was_made_is_a_line(story: Story) -> None:
    story.for_ana(Law.FERPA)
    trail.settle(story.cast.session)

    line = story.cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "disclosures.accounted")
    ).one()
    assert line.detail == {"law": "ferpa", "rows": 0, "for": "school"}
