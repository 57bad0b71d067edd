"""The page Referrals to us, for an agency."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal import mail
from portal.referrals import links, service
from portal.referrals.inbox.queries import Tab
from portal.referrals.rules import Answer, ReferralDraft
from portal.store.papers import Agreement
from portal.store.people import User
from portal.store.records import Record, Referral
from portal.vocabulary import (
    Access,
    Attendance,
    Capacity,
    Category,
    GivenStatus,
    Instrument,
    Need,
    NotAccessedReason,
    ReferralStatus,
)
from portal.vocabulary import ReferralTarget as Target
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "answer_referral.py"


@pytest.fixture
def sent(portal_db: PortalDb) -> PortalDb:
    """Luis was referred to Riverside today."""
    cast = portal_db.cast
    draft = ReferralDraft(cast.luis.id, Target.COMMUNITY, Need.LOW_MOOD, cast.riverside.id)
    ana = portal_db.who(cast.ana)
    with portal_db.writing() as session:
        service.refer(session, ana, draft, NOW, "form")
    return portal_db


def referral(portal_db: PortalDb) -> Referral:
    with portal_db.writing() as session:
        return session.scalars(select(Referral)).one()


def click(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def group(page: AppTest, label: str) -> Any:
    return next(group for group in page.button_group if group.label == label)


def test_one_click_accepts(sent: PortalDb) -> None:
    page = click(sent.run(PAGE, sent.cast.rita), "Accept")

    assert referral(sent).status is ReferralStatus.ACCEPTED
    assert "accepted." in sent.shown(page)
    assert "Accept" not in [button.label for button in page.button]


def test_a_decline_takes_three_clicks_and_needs_a_reason(sent: PortalDb) -> None:
    page = click(sent.run(PAGE, sent.cast.alma), "Decline")
    click(page, "Save answer")
    assert "Choose why you decline." in sent.shown(page)

    group(page, "Why do you decline?").set_value(NotAccessedReason.NO_CAPACITY)
    click(page, "Save answer")

    assert referral(sent).status is ReferralStatus.DECLINED
    assert referral(sent).not_accessed_reason is NotAccessedReason.NO_CAPACITY


def test_the_first_appointment_kept_is_access_to_service(sent: PortalDb) -> None:
    page = click(sent.run(PAGE, sent.cast.rita), "First appointment kept")
    click(page, "Save answer")

    assert referral(sent).accessed_on == date(2026, 11, 20)
    assert referral(sent).access is Access.ACCESSED


def test_the_student_is_named_only_where_a_consent_opens_it(sent: PortalDb) -> None:
    before = sent.shown(sent.run(PAGE, sent.cast.rita))
    with sent.writing() as session:
        cast = sent.cast
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    after = sent.shown(sent.run(PAGE, sent.cast.rita))

    assert "Luis" not in before
    assert referral(sent).number in before
    assert "Ana Counts" in before
    assert "Sample, Luis" in after


def test_who_is_not_on_the_case_team_sees_the_slip_and_no_button(sent: PortalDb) -> None:
    page = sent.run(PAGE, sent.cast.rob)

    assert referral(sent).number in sent.shown(page)
    assert "case team" in sent.shown(page)
    number = referral(sent).number
    assert not [button for button in page.button if number in (button.key or "")]
    assert not page.checkbox


def test_another_agency_sees_nothing(sent: PortalDb) -> None:
    shown = sent.shown(sent.run(PAGE, sent.cast.hugo))

    assert referral(sent).number not in shown
    assert "They appear here when a school refers a student to you." in shown


@pytest.mark.parametrize("who", ["ana", "tom", "dina", "sue", "omar"])
def test_schools_do_not_answer_for_agencies(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run(PAGE, getattr(portal_db.cast, who))

    assert "This page is not open to you" in portal_db.shown(page)


def test_what_is_on_hold_says_why_and_what_we_received_and_cannot_be_answered(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
        referral.status, referral.hold_reason = ReferralStatus.ON_HOLD, "consent_withdrawn"
    page = portal_db.run("answer_referral.py", cast.rita)

    shown = portal_db.shown(page)
    assert "On hold – consent withdrawn" in shown
    assert "What your organization already received: nothing" in shown
    buttons = [b.label for b in page.button if referral.number in (b.key or "")]
    assert buttons == ["Ask the school to renew the consent"]


# Lists


def two_more(portal_db: PortalDb) -> list[str]:
    """Luis was referred twice more; the numbers of all three."""
    cast = portal_db.cast
    with portal_db.writing() as session:
        for _ in range(2):
            make.referral(session, cast.luis, cast.riverside, cast.ana)
        return sorted(session.scalars(select(Referral.number)))


def change(portal_db: PortalDb, **values: object) -> None:
    with portal_db.writing() as session:
        for row in session.scalars(select(Referral)):
            for name, value in values.items():
                setattr(row, name, value)


def test_each_list_tells_how_many_are_in_it_and_shows_them(sent: PortalDb) -> None:
    two_more(sent)
    page = sent.run(PAGE, sent.cast.rita)
    fresh = referral_of_today(sent)

    labels = " ".join(str(option) for option in group(page, "List").options)
    assert "All (3)" in labels
    assert "Overdue (2)" in labels
    assert "Urgent (0)" in labels
    group(page, "List").set_value(Tab.OVERDUE).run()
    assert fresh not in sent.shown(page)
    assert "Overdue: waiting" in sent.shown(page)
    group(page, "List").set_value(Tab.URGENT).run()
    assert "Nothing urgent waits for an answer." in sent.shown(page)


def referral_of_today(portal_db: PortalDb) -> str:
    with portal_db.writing() as session:
        wanted = select(Referral.number).join(Record, Record.id == Referral.record_id)
        return session.scalars(wanted.where(Record.event_at == NOW)).one()


def test_opening_the_list_says_that_it_was_received(sent: PortalDb) -> None:
    sent.run(PAGE, sent.cast.rob)
    assert referral(sent).status is ReferralStatus.SENT

    page = sent.run(PAGE, sent.cast.rita)
    assert referral(sent).status is ReferralStatus.RECEIVED
    page = sent.run(PAGE, sent.cast.rita)
    assert "Received" in sent.shown(page)
    assert "Rita River" in sent.shown(page)


def test_a_waiting_list_has_weeks(sent: PortalDb) -> None:
    page = click(sent.run(PAGE, sent.cast.rita), "Waiting list")
    page.number_input[0].set_value(6)
    page = click(page, "Save answer")

    assert referral(sent).waitlist_weeks == 6
    assert "On a waiting list, 6 weeks" in sent.shown(page)


def test_one_answer_to_several(sent: PortalDb) -> None:
    two_more(sent)
    page = sent.run(PAGE, sent.cast.rita)
    for box in page.checkbox:
        box.check()
    page.run()
    assert "3 referrals chosen" in sent.shown(page)
    group(page, "Answer").set_value(Answer.ACCEPT).run()
    page = click(page, "Answer 3 referrals")

    assert "3 referrals answered." in sent.shown(page)
    with sent.writing() as session:
        statuses = set(session.scalars(select(Referral.status)))
    assert statuses == {ReferralStatus.ACCEPTED}
    assert not page.checkbox


def test_of_several_what_cannot_be_answered_is_told_by_its_number(sent: PortalDb) -> None:
    numbers = two_more(sent)
    page = sent.run(PAGE, sent.cast.rita)
    for box in page.checkbox:
        box.check()
    page.run()
    group(page, "Answer").set_value(Answer.DECLINE).run()
    page = click(page, "Answer 3 referrals")

    shown = sent.shown(page)
    assert "0 referrals answered. These were not:" in shown
    assert all(f"{number}: No reason is chosen." in shown for number in numbers)
    with sent.writing() as session:
        assert ReferralStatus.DECLINED not in set(session.scalars(select(Referral.status)))


def test_choosing_none_takes_the_bar_away(sent: PortalDb) -> None:
    page = sent.run(PAGE, sent.cast.rita)
    page.checkbox[0].check().run()
    page = click(page, "Choose none")
    assert "chosen" not in sent.shown(page)
    assert not page.checkbox[0].value


def test_how_the_family_wants_to_be_reached_is_told(sent: PortalDb) -> None:
    change(sent, contact_ways="phone text", contact_note="After five")
    shown = sent.shown(sent.run(PAGE, sent.cast.rita))
    assert "Reach the family: phone, text message." in shown
    assert "After five" not in shown  # it may tell whose it is

    change(sent, do_not_contact=True)
    shown = sent.shown(sent.run(PAGE, sent.cast.rita))
    assert "Do not contact the family." in shown
    assert "text message" not in shown


# What we gave


@pytest.fixture
def accepted(sent: PortalDb) -> PortalDb:
    change(sent, status=ReferralStatus.ACCEPTED)
    return sent


def filled(page: AppTest, strategies: str = "") -> AppTest:
    group(page, "Did the student come?").set_value(Attendance.ATTENDED)
    group(page, "How does the service stand?").set_value(GivenStatus.STARTED)
    page.text_area[0].set_value(strategies)
    return page


def test_a_contact_is_logged_and_the_form_says_that_the_school_will_not_see_it(accepted) -> None:
    page = click(accepted.run(PAGE, accepted.cast.rita), "Log a contact")
    assert "will not see this: no authorization of the family" in accepted.shown(page)
    assert "Never notes" in accepted.shown(page)
    page = click(filled(page, "A **quiet** <b>place</b>"), "Save contact")

    shown = accepted.shown(page)
    assert "contact logged." in shown
    assert "A **quiet** &lt;b&gt;place&lt;/b&gt;" in shown
    assert referral(accepted).status is ReferralStatus.IN_SERVICE


def test_with_an_authorization_the_form_says_that_the_school_will_see_it(accepted) -> None:
    cast = accepted.cast
    with accepted.writing() as session:
        make.consent(
            session,
            cast.luis,
            cast.district,
            cast.maria,
            [Category.SERVICE_STATUS],
            discloser_id=cast.riverside.id,
            instrument=Instrument.HIPAA,
        )
    page = click(accepted.run(PAGE, cast.rita), "Log a contact")
    assert "will see this, by the family" in accepted.shown(page)


def test_without_an_agreement_in_force_the_form_says_whom_to_ask(accepted) -> None:
    cast = accepted.cast
    with accepted.writing() as session:
        make.consent(
            session,
            cast.luis,
            cast.district,
            cast.maria,
            [Category.SERVICE_STATUS],
            discloser_id=cast.riverside.id,
            instrument=Instrument.HIPAA,
        )
        for agreement in session.scalars(select(Agreement)):
            agreement.terminated_reason, agreement.terminated_at = "Ended early", NOW
    page = click(accepted.run(PAGE, cast.rita), "Log a contact")
    assert "partnership lead" in accepted.shown(page)


def test_what_is_missing_is_told_and_what_was_typed_stays(accepted) -> None:
    page = click(accepted.run(PAGE, accepted.cast.rita), "Log a contact")
    page.text_area[0].set_value("x" * 50_000)
    page = click(page, "Save contact")

    shown = accepted.shown(page)
    assert "Choose one." in shown
    assert "50,000 characters" in shown
    assert page.text_area[0].value == "x" * 50_000


def test_a_contact_is_corrected_with_its_reason(accepted) -> None:
    page = click(accepted.run(PAGE, accepted.cast.rita), "Log a contact")
    page = click(filled(page), "Save contact")
    page = click(page, "Correct")
    group(page, "Did the student come?").set_value(Attendance.NO_SHOW)
    page = click(page, "Save correction")
    assert "No reason is given." in accepted.shown(page)
    page.text_input[0].set_value("It was the day before")
    page = click(page, "Save correction")

    assert "corrected: It was the day before" in accepted.shown(page)
    assert referral(accepted).access is Access.UNKNOWN


def test_a_form_can_be_left(accepted) -> None:
    page = click(accepted.run(PAGE, accepted.cast.rita), "Log a contact")
    page = click(page, "Cancel")
    assert not page.text_area


# The consent, the room, the mail


def ended(portal_db: PortalDb) -> None:
    """What was sent named Luis; the consent for it has run out."""
    cast = portal_db.cast
    change(portal_db, named=True)
    with portal_db.writing() as session:
        session.get_one(User, cast.ana.id).email = "ana@school.example"
        make.consent(
            session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS], ends_at=NOW
        )


def test_where_the_consent_ended_the_school_can_be_asked_once_a_day(sent, monkeypatch) -> None:
    letters: list[tuple[str, ...]] = []
    monkeypatch.setattr(mail, "send", lambda *letter: letters.append(letter))
    ended(sent)
    page = sent.run(PAGE, sent.cast.rita)
    group(page, "List").set_value(Tab.CONSENT_ENDED).run()
    page = click(page, "Ask the school to renew the consent")

    assert "the school is asked" in sent.shown(page)
    [(to, subject, text)] = letters
    assert to == "ana@school.example"
    assert referral(sent).number in subject
    assert "Luis" not in text + subject
    page = click(page, "Ask the school to renew the consent")
    assert "asked today already" in sent.shown(page)
    assert len(letters) == 1

    sent.at(NOW + timedelta(days=1))
    click(sent.run(PAGE, sent.cast.rita), "Ask the school to renew the consent")
    assert len(letters) == 2


def test_without_a_mail_server_the_request_is_written_down_all_the_same(sent) -> None:
    ended(sent)
    page = click(sent.run(PAGE, sent.cast.rita), "Ask the school to renew the consent")
    assert "No mail went out" in sent.shown(page)
    assert "The agency asked to renew the consent" in sent.shown(page)


def test_an_administrator_off_the_case_team_is_not_told_that_a_consent_ended(sent) -> None:
    ended(sent)
    page = sent.run(PAGE, sent.cast.alma)
    assert "renew the consent" not in [button.label for button in page.button]


def test_the_agency_tells_whether_it_has_room(sent) -> None:
    page = sent.run(PAGE, sent.cast.rita)
    group(page, "Is there room?").set_value(Capacity.WAITING_LIST).run()
    page.number_input[0].set_value(4)
    page = click(page, "Save room")
    assert "Has a waiting list, 4 weeks" in sent.shown(page)


def test_room_that_is_not_said_is_told(sent) -> None:
    page = click(sent.run(PAGE, sent.cast.rita), "Save room")
    assert "It is not said whether there is room." in sent.shown(page)


def test_only_the_administrator_turns_the_mail_off(sent) -> None:
    assert not sent.run(PAGE, sent.cast.rita).toggle
    page = sent.run(PAGE, sent.cast.alma)
    page = page.toggle[0].set_value(False).run()

    assert "Mail is off" in sent.shown(page)
    with sent.writing() as session:
        assert not links.wants_mail(session, sent.cast.riverside.id)
    page = page.toggle[0].set_value(True).run()
    assert "Mail is on." in sent.shown(page)
