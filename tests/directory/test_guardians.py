"""Guardians: dated rights, and what a court order takes away and gives back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.access import gate
from portal.directory.guardians import queries, rules, service
from portal.directory.guardians.rules import CollegeDraft, EndDraft, GuardianDraft, OrderDraft
from portal.errors import NotFound, NotReady, Refused
from portal.policy.spans import Span
from portal.store.consents import Consent
from portal.store.people import CourtOrder, Guardianship
from portal.vocabulary import Category, CourtRight, Relationship
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast


def order(cast: Cast, **changes: object) -> CourtOrder:
    values: dict[str, object] = {
        "limits": CourtRight.BOTH,
        "first_day": date(2026, 11, 10),
        "document_reference": "Superior Court, docket 00-0000",
    }
    draft = OrderDraft(cast.luis.id, cast.maria.id, **values | changes)  # type: ignore[arg-type]
    return service.record_court_order(cast.session, cast.who(cast.ana), draft, NOW)


def spans(cast: Cast) -> list[tuple[datetime, datetime | None]]:
    rows = cast.session.scalars(select(Guardianship).order_by(Guardianship.rights_from))
    return [(row.rights_from, row.rights_until) for row in rows]


@pytest.fixture
def consent(cast: Cast) -> Consent:
    make.record(cast.session, cast.luis, Category.VISITS)
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria)


def test_an_order_ends_the_right_and_with_it_what_the_consent_opened(
    cast: Cast, consent: Consent
) -> None:
    rita = cast.who(cast.rita)
    assert gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)

    order(cast)

    assert spans(cast) == [(LONG_AGO, datetime(2026, 11, 10, 5, tzinfo=UTC))]
    with pytest.raises(NotFound):
        gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)


def test_an_order_with_a_last_day_gives_the_right_back_the_day_after(cast: Cast) -> None:
    order(cast, last_day=date(2026, 12, 31))

    assert spans(cast) == [
        (LONG_AGO, datetime(2026, 11, 10, 5, tzinfo=UTC)),
        (datetime(2027, 1, 1, 5, tzinfo=UTC), None),
    ]


def test_an_order_about_seeing_records_leaves_the_right_to_consent(cast: Cast) -> None:
    order(cast, limits=CourtRight.ACCESS)

    assert spans(cast) == [(LONG_AGO, None)]
    assert cast.session.scalars(select(CourtOrder)).one().checked_by == cast.ana.id


def test_an_order_from_before_the_rights_began_leaves_no_instant(cast: Cast) -> None:
    order(cast, first_day=date(2020, 1, 1))

    assert spans(cast) == [(LONG_AGO, LONG_AGO)]


def test_a_new_guardian_has_rights_and_a_relative_has_none(cast: Cast) -> None:
    for name, relationship in (("Pat Sample", "guardian"), ("Gran Sample", "relative")):
        draft = GuardianDraft(cast.luis.id, name, Relationship(relationship))
        service.add(cast.session, cast.who(cast.ana), draft, NOW)

    today = datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert spans(cast) == [(LONG_AGO, None), (today, None), (today, today)]


def test_only_whoever_may_record_a_consent_for_the_student(cast: Cast) -> None:
    draft = GuardianDraft(cast.luis.id, "Pat Sample", Relationship.PARENT)
    for user in (cast.tom, cast.dina, cast.rita):
        with pytest.raises((NotFound, Refused)):
            service.add(cast.session, cast.who(user), draft, NOW)
    assert len(spans(cast)) == 1


def test_every_problem_is_told(cast: Cast) -> None:
    with pytest.raises(NotReady) as bad_order:
        order(cast, limits=None, first_day=None, document_reference=" ")
    with pytest.raises(NotReady) as bad_guardian:
        draft = GuardianDraft(cast.luis.id, " ", None, rights_from=date(2030, 1, 1))
        service.add(cast.session, cast.who(cast.ana), draft, NOW)
    stranger = OrderDraft(cast.mei.id, cast.maria.id)
    with pytest.raises(NotReady) as no_relation:
        service.record_court_order(cast.session, cast.who(cast.ana), stranger, NOW)

    assert [p.field for p in bad_order.value.problems] == ["Limits", "From", "Document"]
    assert [p.field for p in bad_guardian.value.problems] == ["Name", "Relation", "Since"]
    assert no_relation.value.problems[0].field == "Guardian"


days = st.integers(1, 12).map(lambda day: datetime(2026, 11, day, tzinfo=UTC))
some_spans = st.builds(Span, days, st.one_of(st.none(), days))


@given(held=some_spans, limit=some_spans, t=days)
def test_an_order_leaves_exactly_what_lies_outside_it(held: Span, limit: Span, t: datetime) -> None:
    left = rules.without([held], limit)

    assert any(span.contains(t) for span in left) == (held.contains(t) and not limit.contains(t))


# Other holders, and rights that end


def added(cast: Cast, relationship: Relationship, **changes: object) -> Guardianship:
    draft = GuardianDraft(cast.luis.id, "Pat Example", relationship, **changes)  # type: ignore[arg-type]
    guardian = service.add(cast.session, cast.who(cast.ana), draft, NOW)
    return cast.session.scalars(
        select(Guardianship).where(Guardianship.guardian_id == guardian.id)
    ).one()


@pytest.mark.parametrize("relationship", [Relationship.SURROGATE, Relationship.STATE_AGENCY])
def test_who_is_appointed_says_what_shows_it(cast: Cast, relationship: Relationship) -> None:
    with pytest.raises(NotReady) as missing:
        added(cast, relationship)
    assert "what shows this right" in missing.value.what

    row = added(cast, relationship, evidence="Letter of 1 Nov", rights_until=date(2027, 6, 30))
    assert (row.evidence, row.written_by) == ("Letter of 1 Nov", "Ana Counts")
    assert row.rights_until == datetime(2027, 7, 1, 4, 0, tzinfo=UTC)


def test_a_relative_signs_only_where_something_shows_that_they_act_as_the_parent(
    cast: Cast,
) -> None:
    without = added(cast, Relationship.RELATIVE)
    shown = added(cast, Relationship.RELATIVE, evidence="Affidavit of caregiver")

    assert without.rights_until == without.rights_from
    assert shown.rights_until is None


def test_rights_that_end_before_they_begin_are_refused(cast: Cast) -> None:
    with pytest.raises(NotReady):
        added(cast, Relationship.PARENT, rights_until=date(2026, 11, 1))
    with pytest.raises(NotReady):
        added(cast, Relationship.PARENT, evidence="x" * 201)


def test_a_change_of_custody_closes_what_the_former_holder_signed(
    cast: Cast, consent: Consent
) -> None:
    rita, ana = cast.who(cast.rita), cast.who(cast.ana)
    draft = EndDraft(cast.luis.id, cast.maria.id, date(2026, 11, 18), "Custody order 00-0001")
    service.end_right(cast.session, ana, draft, NOW)

    with pytest.raises(NotFound):
        gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)
    [line] = queries.family(cast.session, ana, cast.luis.id, NOW)
    [right] = line.rights
    assert (right.ended_how, right.ended_by) == ("Custody order 00-0001", "Ana Counts")
    assert right.span.end == datetime(2026, 11, 19, 5, 0, tzinfo=UTC)
    assert not line.holds_now


def test_ending_a_right_names_what_is_missing(cast: Cast) -> None:
    with pytest.raises(NotReady) as missing:
        service.end_right(cast.session, cast.who(cast.ana), EndDraft(cast.luis.id), NOW)

    assert [problem.field for problem in missing.value.problems] == ["Whose", "Last day", "Why"]


def test_college_gives_the_rights_to_the_student_at_any_age(cast: Cast, consent: Consent) -> None:
    rita, ana = cast.who(cast.rita), cast.who(cast.ana)
    draft = CollegeDraft(cast.luis.id, date(2026, 11, 16), None, "Letter of enrollment")
    service.attends_college(cast.session, ana, draft, NOW)

    with pytest.raises(NotFound):
        gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)
    told = queries.college(cast.session, ana, cast.luis.id, NOW)
    assert told is not None
    assert (told.evidence, told.written_by) == ("Letter of enrollment", "Ana Counts")
    assert queries.college(cast.session, ana, cast.mei.id, NOW) is None


def test_college_names_what_is_missing(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    backwards = CollegeDraft(cast.luis.id, date(2026, 11, 16), date(2026, 11, 1), "A letter")
    for draft, field in ((CollegeDraft(cast.luis.id), "From"), (backwards, "Until")):
        with pytest.raises(NotReady) as missing:
            service.attends_college(cast.session, ana, draft, NOW)
        assert missing.value.problems[0].field == field
