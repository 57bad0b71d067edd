"""What waits, computed from papers and dates; and many families asked at once to renew."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from portal.consents.requests import service as requests
from portal.consents.requests.drafts import Channel, RequestDraft, asked
from portal.consents.worklist import queries, service
from portal.consents.worklist.rules import Group
from portal.errors import NotReady, Refused
from portal.store.consents import ConsentRequest, ConsentRequestPart
from portal.store.ledger import TrailLine
from portal.store.papers import Agreement
from portal.store.people import Guardianship
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    FormKind,
    Instrument,
    Level,
    Purpose,
    RelationKind,
    Relationship,
    Role,
    SignatureMethod,
    SignerKind,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW

DAY = timedelta(days=1)


def a_consent(cast, **changes):
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, **changes)


def groups(cast, who=None, at=NOW):
    """Each group that has something, with why."""
    found = queries.worklist(cast.session, cast.who(who or cast.ana), at)
    return {group: [line.why for line in lines] for group, lines in found.items() if lines}


def a_request(cast, **changes):
    values = {
        "signer_kind": SignerKind.GUARDIAN,
        "signer_id": cast.maria.id,
        "student_ids": (cast.luis.id,),
        "partner_ids": (cast.riverside.id,),
        "out": frozenset({Category.VISITS}),
        "purposes": frozenset({Purpose.COORDINATE}),
        "records_from": date(2026, 7, 1),
        "starts_on": date(2026, 11, 20),
        "channel": Channel.LETTER,
    }
    draft = RequestDraft(**values | changes)
    return requests.ask(cast.session, cast.who(cast.ana), draft, NOW, "form-1").request


def test_a_consent_that_goes_on_asks_for_nothing(cast):
    a_consent(cast)
    a_consent(cast, ends_at=NOW + 61 * DAY)
    a_consent(cast, ends_at=NOW - DAY)
    a_consent(cast, revoked_at=NOW - DAY)

    assert groups(cast) == {}


def test_a_paper_waits_for_a_second_person(cast):
    paper = a_consent(cast, method=SignatureMethod.PAPER)
    assert set(groups(cast)) == {Group.TO_CONFIRM}

    make.event(cast.session, paper, ConsentEventKind.CONFIRMED, NOW - DAY)
    assert groups(cast) == {}


@pytest.mark.parametrize(
    ("days", "group"),
    [(0.5, Group.ENDS_7), (7, Group.ENDS_7), (8, Group.ENDS_30), (60, Group.ENDS_60)],
)
def test_what_ends_is_listed_by_how_soon(cast, days, group):
    a_consent(cast, ends_at=NOW + days * DAY)

    assert set(groups(cast)) == {group}


def test_the_eighteenth_birthday_appears_by_itself_ahead_and_on_the_day(cast):
    a_consent(cast)
    cast.luis.born = date(2009, 1, 4)
    cast.session.flush()

    assert set(groups(cast)) == {Group.PASSES}
    birthday = NOW.replace(year=2027, month=1, day=4)
    assert set(groups(cast, at=birthday)) == {Group.HELD}
    assert groups(cast, at=birthday)[Group.HELD] == [
        "The right to consent has passed to the student."
    ]


def test_a_change_of_custody_appears_by_itself(cast):
    a_consent(cast)
    row = cast.session.scalars(
        select(Guardianship).where(Guardianship.guardian_id == cast.maria.id)
    ).one()
    row.rights_until = NOW + 10 * DAY
    cast.session.flush()

    assert set(groups(cast)) == {Group.PASSES}
    assert set(groups(cast, at=NOW + 11 * DAY)) == {Group.HELD}


def test_a_hold_a_falsehood_and_an_event_to_look_at_are_held(cast):
    for kind in (ConsentEventKind.HELD, ConsentEventKind.KNOWN_FALSE):
        make.event(cast.session, a_consent(cast), kind, NOW - DAY)
    a_consent(cast, ends_on_event="The evaluation is done", review_at=NOW - DAY)

    assert set(groups(cast)) == {Group.HELD}
    assert len(groups(cast)[Group.HELD]) == 2, "what is known to be false is over"


def test_an_agreement_that_ends_before_the_consent_is_told(cast):
    a_consent(cast)
    agreement = cast.session.scalars(
        select(Agreement).where(Agreement.b_id == cast.riverside.id)
    ).one()
    agreement.ends_at = NOW + 20 * DAY
    cast.session.flush()
    assert set(groups(cast)) == {Group.AGREEMENT}

    agreement.terminated_at, agreement.terminated_reason = NOW, "Closed"
    cast.session.flush()
    assert "No agreement in force" in groups(cast)[Group.AGREEMENT][0]


def test_a_form_about_one_thing_needs_no_agreement_and_is_renewed_by_itself(cast):
    notes = FormKind.PSYCHOTHERAPY_NOTES
    a_consent(cast, form_kind=notes, ends_at=NOW + 20 * DAY)
    for agreement in cast.session.scalars(select(Agreement)):
        agreement.ends_at = NOW - DAY
    cast.session.flush()

    assert set(groups(cast)) == {Group.ENDS_30}
    [line] = queries.worklist(cast.session, cast.who(cast.ana), NOW)[Group.ENDS_30]
    assert line.form is notes
    assert queries.renewals(cast.session, cast.who(cast.ana), NOW) == []


def test_a_request_tells_by_which_form_it_asks(cast):
    why = frozenset({Purpose.EVALUATE})
    a_request(cast, kind=FormKind.PSYCHOTHERAPY_NOTES, out=frozenset(), purposes=why)
    [line] = queries.worklist(cast.session, cast.who(cast.ana), NOW)[Group.OUT]
    assert line.form is FormKind.PSYCHOTHERAPY_NOTES


def test_requests_tell_where_they_stand(cast):
    request = a_request(cast)
    assert groups(cast) == {Group.OUT: ["Waits for Maria Sample."]}
    assert "run out" in groups(cast, at=NOW + 15 * DAY)[Group.OUT][0]

    requests.refused_in_person(
        cast.session, cast.who(cast.ana), request.id, "Not this year", NOW + DAY
    )
    told = groups(cast, at=NOW + 2 * DAY)
    assert told == {Group.REFUSED: ["Maria Sample said no: Not this year"]}
    assert groups(cast, at=NOW + 70 * DAY) == {}


def test_nobody_lists_what_is_out_of_reach(cast):
    parent = make.guardian(cast.session, cast.zoe, "Pat Elsewhere")
    make.consent(cast.session, cast.zoe, cast.riverside, parent, ends_at=NOW + DAY)

    assert groups(cast) == {}
    assert queries.renewals(cast.session, cast.who(cast.ana), NOW) == []
    for who in (cast.tom, cast.rita):
        with pytest.raises(Refused):
            queries.worklist(cast.session, cast.who(who), NOW)


def test_listing_is_written_down_and_names_each_student(cast):
    a_consent(cast, ends_at=NOW + DAY)
    groups(cast)

    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "consents.worklist")
    ).one()
    assert line.user_name == "Ana Counts"


@contextmanager
def counted(session):
    told = []

    def note(*args):
        told.append(args[2])

    event.listen(session.connection(), "before_cursor_execute", note)
    yield told
    event.remove(session.connection(), "before_cursor_execute", note)


def test_a_longer_list_takes_no_more_questions(cast):
    ana = cast.who(cast.ana)
    numbers = []
    for more in (1, 12):
        for number in range(more):
            child = make.student(
                cast.session, cast.district, f"Kid{more}{number}", "Sample", date(2013, 1, 1)
            )
            make.relation(cast.session, cast.ana, child, RelationKind.SERVICE)
            parent = make.guardian(cast.session, child, "Pat Sample")
            make.consent(cast.session, child, cast.riverside, parent, ends_at=NOW + 5 * DAY)
        cast.session.flush()
        with counted(cast.session) as told:
            queries.worklist(cast.session, ana, NOW)
        numbers.append(sum(text.lstrip().upper().startswith("SELECT") for text in told))
    assert numbers[0] == numbers[1]


# Renewals


def renewed(cast, *consents, key="form-1"):
    ids = [consent.id for consent in consents]
    return service.renew(cast.session, cast.who(cast.ana), ids, NOW, key)


def parts(cast):
    rows = cast.session.scalars(select(ConsentRequestPart)).all()
    return [(row, asked(row.proposal)) for row in rows]


def test_both_directions_are_asked_together_with_the_same_ticks(cast):
    out = a_consent(cast, ends_at=NOW + 5 * DAY, categories=[Category.VISITS, Category.ATTENDANCE])
    make.event(cast.session, out, ConsentEventKind.REVOKED, NOW - DAY, category="attendance")
    back = a_consent(
        cast,
        categories=[Category.SERVICE_STATUS],
        discloser_id=cast.riverside.id,
        recipient_id=cast.district.id,
        instrument=Instrument.HIPAA,
        ends_at=NOW + 5 * DAY,
    )

    [one] = renewed(cast, out, back)
    assert (one.signer, one.channel) == ("Maria Sample", Channel.LETTER)
    [(_part, proposal)] = parts(cast)
    assert (proposal.out, proposal.back) == ({Category.VISITS}, {Category.SERVICE_STATUS})
    assert proposal.replaces == {Instrument.FERPA: out.id, Instrument.HIPAA: back.id}
    assert proposal.starts_on == date(2026, 11, 26)


def test_a_second_click_asks_nobody_twice(cast):
    consent = a_consent(cast, ends_at=NOW + 5 * DAY)
    renewed(cast, consent)

    assert queries.renewals(cast.session, cast.who(cast.ana), NOW) == []
    with pytest.raises(NotReady):
        renewed(cast, consent)
    assert len(cast.session.scalars(select(ConsentRequest)).all()) == 1


def test_siblings_with_the_same_ticks_are_asked_in_one_request(cast):
    cast.maria.email = "maria@family.example"
    cast.session.add(
        Guardianship(
            guardian_id=cast.maria.id,
            student_id=cast.mei.id,
            relationship=Relationship.PARENT,
            rights_from=LONG_AGO,
        )
    )
    consents = [
        make.consent(cast.session, child, cast.riverside, cast.maria, ends_at=NOW - 5 * DAY)
        for child in (cast.luis, cast.mei)
    ]

    [one] = renewed(cast, *consents)
    assert (one.channel, one.out.sent.email) == (Channel.EMAIL, "maria@family.example")
    assert {part.student_id for part, _asked in parts(cast)} == {cast.luis.id, cast.mei.id}


def test_different_ticks_are_asked_apart(cast):
    visits = a_consent(cast, ends_at=NOW + 5 * DAY)
    other = make.consent(
        cast.session,
        cast.luis,
        cast.hilltop,
        cast.maria,
        [Category.ATTENDANCE],
        ends_at=NOW + 5 * DAY,
    )

    assert len(renewed(cast, visits, other)) == 2


def test_a_family_that_cannot_be_asked_is_told_with_why(cast):
    consent = a_consent(cast, ends_at=NOW - 5 * DAY)
    cast.luis.born = date(2008, 11, 1)
    cast.session.flush()

    [one] = renewed(cast, consent)
    assert one.out is None
    assert "The right to consent has passed to the student." in one.problems[0].what
    assert parts(cast) == []


def test_what_ended_long_ago_or_was_taken_back_is_not_renewed(cast):
    a_consent(cast, ends_at=NOW - 61 * DAY)
    a_consent(cast, ends_at=NOW + 5 * DAY, revoked_at=NOW - DAY)
    a_consent(cast)

    assert queries.renewals(cast.session, cast.who(cast.ana), NOW) == []


def test_a_principal_sees_the_building_and_nobody_else(cast):
    a_consent(cast, ends_at=NOW + DAY)
    south = make.user(
        cast.session, cast.district, "Sol South", Role.PRINCIPAL, Level.PRINCIPAL, school=cast.south
    )

    assert set(groups(cast, cast.omar)) == {Group.ENDS_7}
    assert groups(cast, south) == {}
