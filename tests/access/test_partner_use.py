"""Which lines are about a district's students, and whom a partner has by a referral."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.access import partner_use, trail
from portal.access.trail import Entry
from portal.store.ledger import TrailLine, TrailStudent
from portal.vocabulary import ReferralStatus
from tests import factories as make
from tests.people import NOW, Cast


def test_a_line_is_about_a_district_whose_student_is_in_it(cast: Cast) -> None:
    other = make.organization(cast.session, "Elsewhere Schools", code="0990099")
    theirs = make.student(cast.session, other, "Elsa", "Sample", None)
    rita = cast.who(cast.rita)
    about = ((cast.luis.id,), (theirs.id,), (theirs.id, cast.mei.id), ())
    for number, students in enumerate(about):
        trail.write(cast.session, rita, Entry("record.opened", True, NOW, students, str(number)))
    trail.settle(cast.session)

    def lines(district) -> list[str]:
        asked = select(TrailLine.subject).where(partner_use.about(district.id))
        return sorted(cast.session.scalars(asked))

    def students(district) -> set:
        asked = select(TrailStudent.student_id).where(partner_use.is_of(district.id))
        return set(cast.session.scalars(asked))

    assert lines(cast.district) == ["0", "2"]
    assert lines(other) == ["1", "2"]
    assert lines(cast.riverside) == []
    assert students(cast.district) == {cast.luis.id, cast.mei.id}
    assert students(other) == {theirs.id}


@pytest.mark.parametrize("status", ReferralStatus)
def test_a_referral_counts_once_it_was_sent_and_is_no_mistake(
    cast: Cast, status: ReferralStatus
) -> None:
    counts = status not in {ReferralStatus.DRAFT, ReferralStatus.ENTERED_IN_ERROR}
    for student, agency in ((cast.luis, cast.riverside), (cast.mei, cast.hilltop)):
        make.referral(cast.session, student, agency, cast.ana).status = status
    cast.session.flush()
    both, everybody = [cast.riverside.id, cast.hilltop.id], [cast.luis.id, cast.mei.id]
    luis = {(cast.riverside.id, cast.luis.id)} if counts else set()
    mei = {(cast.hilltop.id, cast.mei.id)} if counts else set()

    assert partner_use.referred(cast.session, both, everybody) == luis | mei
    assert partner_use.referred(cast.session, both, [cast.luis.id]) == luis
    assert partner_use.referred(cast.session, [cast.hilltop.id], everybody) == mei
