"""What is looked up before a referral goes, what is kept of it, and drafts; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal.errors import NotFound, NotReady, Refused
from portal.referrals import answering, capacity, queries, service, settings
from portal.referrals.following import service as following
from portal.referrals.rules import Answer, AnswerDraft, ReferralDraft
from portal.referrals.sending import checks
from portal.referrals.sending.checks import Outlook
from portal.referrals.sending.queries import usual_providers
from portal.referrals.settings import SHIPPED, ReferralSettings, SafetyNumber
from portal.store.people import Block
from portal.store.places import AgencyService
from portal.store.records import Record, Referral
from portal.vocabulary import (
    Capacity,
    Category,
    ContactWay,
    Need,
    NotAccessedReason,
    ReferralStatus,
    ReferralTarget,
    Urgency,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

LATER = NOW + timedelta(days=3)


def a_draft(cast: Cast, **changes: object) -> ReferralDraft:
    good = ReferralDraft(
        cast.luis.id, ReferralTarget.COMMUNITY, Need.LOW_MOOD, agency_id=cast.riverside.id
    )
    return replace(good, **changes)


def sent(cast: Cast, key: str = "form-1", **changes: object) -> Referral:
    return service.refer(cast.session, cast.who(cast.ana), a_draft(cast, **changes), NOW, key)


def outlook(cast: Cast, **changes: object) -> Outlook:
    seen = checks.look(cast.session, cast.who(cast.ana), a_draft(cast, **changes), NOW)
    assert seen is not None
    return seen


def consented(cast: Cast, *categories: Category) -> None:
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, categories)


# What would go


def test_without_a_consent_the_slip_goes_without_a_name(cast: Cast) -> None:
    seen = outlook(cast)

    assert (seen.named, seen.family, seen.papers) == (False, False, ())
    assert seen.unnamed is not None
    assert "No consent lets Riverside Clinic see this referral" in seen.unnamed.because


def test_without_an_agreement_the_form_says_so(cast: Cast) -> None:
    lone = make.organization(cast.session, "Lone Clinic", cast.riverside.kind)
    seen = outlook(cast, agency_id=lone.id)

    assert seen.unnamed is not None
    assert "no agreement in force with Lone Clinic" in seen.unnamed.because


def test_a_consent_opens_the_name_on_its_papers(cast: Cast) -> None:
    consented(cast, Category.REFERRALS)
    seen = outlook(cast)

    assert (seen.named, seen.family, seen.unnamed) == (True, False, None)
    assert [number[0] for number in seen.papers] == ["C", "M"]


def test_the_familys_details_go_only_where_contact_is_open_and_may_be_used(cast: Cast) -> None:
    consented(cast, Category.REFERRALS, Category.CONTACT)

    assert outlook(cast).family
    assert not outlook(cast, do_not_contact=True).family


def test_nothing_is_looked_up_before_student_and_agency_are_chosen(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    for changes in (
        {"student_id": None},
        {"agency_id": None},
        {"agency_id": cast.district.id},
        {"target": ReferralTarget.SCHOOL},
    ):
        assert checks.look(cast.session, ana, a_draft(cast, **changes), NOW) is None


def test_the_outlook_is_for_those_who_may_refer_the_student(cast: Cast) -> None:
    with pytest.raises(Refused):
        checks.look(cast.session, cast.who(cast.tom), a_draft(cast), NOW)
    with pytest.raises(NotFound):
        checks.look(cast.session, cast.who(cast.ana), a_draft(cast, student_id=cast.zoe.id), NOW)


def test_a_decline_is_told_until_somebody_reviewed_it(cast: Cast) -> None:
    referral = sent(cast)
    draft = AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY)
    answering.answer(cast.session, cast.who(cast.rita), referral.record_id, draft, NOW)

    assert outlook(cast).declined_on == date(2026, 11, 20)
    assert outlook(cast, need=Need.BEHAVIOR).declined_on is None
    following.accept_decline(cast.session, cast.who(cast.ana), referral.record_id, LATER)
    assert outlook(cast).declined_on is None


def test_a_block_stands_in_the_outlook(cast: Cast) -> None:
    block = Block(student_id=cast.luis.id, organization_id=cast.riverside.id, starts_at=LONG_AGO)
    make.stored(cast.session, block)

    assert outlook(cast).recipient.blocked


# What was sent


def test_what_was_sent_is_kept_with_name_family_and_papers(cast: Cast) -> None:
    consented(cast, Category.REFERRALS, Category.CONTACT)
    ways = (ContactWay.PHONE, ContactWay.TEXT)
    referral = sent(cast, urgency=Urgency.URGENT, contact_ways=ways, contact_note="After 4 PM.")
    kept = referral.snapshot

    assert referral.named
    assert kept["student"]["name"] == "Luis Sample"
    assert [adult["name"] for adult in kept["family"]] == ["Maria Sample"]
    assert (kept["urgency"], kept["need"], kept["to"]) == ("urgent", "Low mood", "Riverside Clinic")
    assert (kept["contact_ways"], kept["contact_note"]) == (["phone", "text"], "After 4 PM.")
    assert kept["papers"]


def test_without_a_consent_what_was_sent_tells_nobody(cast: Cast) -> None:
    referral = sent(cast, contact_note="Ask for Luis's aunt.")

    assert not referral.named
    assert (referral.snapshot["student"], referral.snapshot["family"]) == (None, [])
    assert "Luis" not in str(referral.snapshot)
    [slip] = queries.to_my_agency(cast.session, cast.who(cast.rita), NOW)
    assert slip.contact_note == ""


def test_within_the_school_nothing_is_sent(cast: Cast) -> None:
    referral = sent(cast, target=ReferralTarget.SCHOOL, agency_id=None, school_provider="Nurse")

    assert (referral.named, referral.snapshot["student"]) == (False, None)


def test_what_was_sent_never_changes(cast: Cast) -> None:
    referral = sent(cast)
    referral.do_not_contact = True
    cast.session.flush()

    with pytest.raises(DatabaseError, match="never changes"), cast.session.begin_nested():
        cast.session.execute(text('UPDATE referral SET snapshot = \'{"to": "nobody"}\''))


# Kept for later


def test_a_draft_is_its_authors_alone_until_it_is_sent(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    draft = service.save_draft(cast.session, ana, a_draft(cast), NOW, "form-1")
    again = service.save_draft(cast.session, ana, a_draft(cast), NOW, "form-1")

    assert draft.record_id == again.record_id
    assert draft.snapshot == {}
    assert queries.to_my_agency(cast.session, cast.who(cast.rita), NOW) == []
    assert queries.my_open(cast.session, ana, NOW) == []
    with pytest.raises(NotFound):
        service.send_draft(cast.session, cast.who(cast.omar), draft.record_id, LATER)

    service.send_draft(cast.session, ana, draft.record_id, LATER)

    record = cast.session.get_one(Record, draft.record_id)
    assert (draft.status, record.draft, record.event_at) == (ReferralStatus.SENT, False, LATER)
    assert len(queries.to_my_agency(cast.session, cast.who(cast.rita), LATER)) == 1
    with pytest.raises(NotReady, match="sent already"):
        service.send_draft(cast.session, ana, draft.record_id, LATER)


def test_a_draft_is_checked_when_it_goes_not_when_it_is_kept(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    draft = service.save_draft(cast.session, ana, a_draft(cast), NOW, "form-1")
    cast.riverside.active_until = LATER

    with pytest.raises(NotReady, match="no longer takes part"):
        service.send_draft(cast.session, ana, draft.record_id, LATER)
    assert draft.status is ReferralStatus.DRAFT


def test_a_draft_names_need_and_provider(cast: Cast) -> None:
    with pytest.raises(NotReady) as not_ready:
        service.save_draft(
            cast.session,
            cast.who(cast.ana),
            a_draft(cast, need=None, agency_id=None),
            NOW,
            "form-1",
        )
    assert [problem.field for problem in not_ready.value.problems] == ["Need", "Provider"]


def test_its_author_takes_a_referral_back_for_ten_minutes(cast: Cast) -> None:
    referral = sent(cast)
    with pytest.raises(Refused):
        service.undo(cast.session, cast.who(cast.omar), referral.record_id, NOW)
    with pytest.raises(Refused):
        ana, late = cast.who(cast.ana), NOW + timedelta(minutes=10)
        service.undo(cast.session, ana, referral.record_id, late)
    service.undo(cast.session, cast.who(cast.ana), referral.record_id, NOW)

    assert referral.status is ReferralStatus.ENTERED_IN_ERROR


def test_the_usual_providers_are_those_referred_to_last(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    for hours, agency in enumerate((cast.hilltop, cast.riverside, cast.hilltop)):
        draft = a_draft(cast, agency_id=agency.id)
        service.refer(cast.session, ana, draft, NOW + timedelta(hours=hours), f"form-{hours}")

    assert usual_providers(cast.session, ana, LATER) == [
        (cast.hilltop.id, None),
        (cast.riverside.id, None),
    ]
    assert usual_providers(cast.session, cast.who(cast.omar), LATER) == []


# Room


def test_an_agency_tells_whether_it_has_room_and_the_school_reads_it(cast: Cast) -> None:
    alma, ana = cast.who(cast.alma), cast.who(cast.ana)
    talk = make.stored(cast.session, AgencyService(organization_id=cast.riverside.id, name="Talk"))
    capacity.tell(cast.session, alma, None, Capacity.NO_ROOM, None, NOW)
    capacity.tell(cast.session, alma, talk.id, Capacity.WAITING_LIST, 8, NOW)
    capacity.tell(cast.session, alma, talk.id, Capacity.WAITING_LIST, 6, LATER)

    told = [p for p in queries.providers(cast.session, ana, LATER) if "Riverside" in p.label]
    assert [(p.capacity, p.weeks, p.told_at) for p in told] == [(Capacity.WAITING_LIST, 6, LATER)]
    assert len(capacity.of_my_agency(cast.session, alma)) == 2

    talk.status = "inactive"
    cast.session.flush()
    [whole] = [p for p in queries.providers(cast.session, ana, LATER) if "Riverside" in p.label]
    assert (whole.capacity, whole.weeks) == (Capacity.NO_ROOM, None)


@pytest.mark.parametrize(
    ("told", "weeks", "said"),
    [
        (None, None, "not said whether there is room"),
        (Capacity.WAITING_LIST, 0, "0 weeks"),
        (Capacity.WAITING_LIST, 105, "105 weeks"),
    ],
)
def test_what_room_must_say(
    cast: Cast, told: Capacity | None, weeks: int | None, said: str
) -> None:
    with pytest.raises(NotReady, match=said):
        capacity.tell(cast.session, cast.who(cast.alma), None, told, weeks, NOW)


def test_nobody_tells_of_anothers_room(cast: Cast) -> None:
    music = make.stored(cast.session, AgencyService(organization_id=cast.hilltop.id, name="Music"))
    with pytest.raises(NotFound):
        capacity.tell(cast.session, cast.who(cast.alma), music.id, Capacity.HAS_ROOM, None, NOW)
    with pytest.raises(Refused):
        capacity.tell(cast.session, cast.who(cast.ana), None, Capacity.HAS_ROOM, None, NOW)


# Settings


def test_a_district_sets_its_numbers_and_its_days(cast: Cast) -> None:
    dina = cast.who(cast.dina)
    assert settings.settings_of(cast.session, cast.district.id) == SHIPPED
    draft = ReferralSettings((SafetyNumber("Danger", "911"),), 10, 1)

    settings.keep(cast.session, dina, draft, NOW)
    settings.keep(cast.session, dina, replace(draft, overdue_days=7), LATER)

    kept = settings.settings_of(cast.session, cast.district.id)
    assert kept == replace(draft, overdue_days=7)
    with pytest.raises(Refused):
        settings.keep(cast.session, cast.who(cast.ana), draft, NOW)


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (ReferralSettings(()), ["Numbers"]),
        (ReferralSettings(SHIPPED.numbers * 3), ["Numbers"]),
        (ReferralSettings((SafetyNumber(" ", "911"),)), ["Numbers"]),
        (ReferralSettings((SafetyNumber("Danger", "call us"),)), ["Numbers"]),
        (ReferralSettings((SafetyNumber("x" * 81, "911"),)), ["Numbers"]),
        (ReferralSettings(overdue_days=0, urgent_days=121), ["Overdue", "Urgent"]),
    ],
)
def test_a_safety_stop_is_short_and_complete(
    cast: Cast, draft: ReferralSettings, fields: list[str]
) -> None:
    with pytest.raises(NotReady) as not_ready:
        settings.keep(cast.session, cast.who(cast.dina), draft, NOW)
    assert [problem.field for problem in not_ready.value.problems] == fields


def test_nothing_was_written_by_what_was_refused(cast: Cast) -> None:
    with pytest.raises(NotReady):
        sent(cast, contact_note="x" * 1001)
    assert cast.session.scalar(select(func.count()).select_from(Referral)) == 0
