"""A link in a mail, for one answer to one referral."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.family import digest
from portal.errors import NotFound
from portal.policy.answering import TRIES, TRIES_OF_AN_ADDRESS
from portal.referrals import answering, links
from portal.referrals.following import service as following
from portal.referrals.links import Answered, Letter, NotAnswered
from portal.referrals.rules import Answer, AnswerDraft
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.people import Guardian
from portal.store.records import Referral, ReferralEvent, ReferralLink
from portal.vocabulary import (
    Access,
    Category,
    NotAccessedReason,
    ReferralEventKind,
    ReferralStatus,
    ReferralTarget,
)
from tests import factories as make
from tests.people import NOW, Cast

HERE = "192.0.2.7"
LATER = NOW + timedelta(minutes=5)
ACCEPT = AnswerDraft(Answer.ACCEPT)


@pytest.fixture
def sent(cast: Cast) -> Referral:
    """Luis was referred to Riverside, which has an address for mail."""
    cast.riverside.email = "intake@riverside.example"
    return make.referral(cast.session, cast.luis, cast.riverside, cast.ana)


@pytest.fixture
def letter(cast: Cast, sent: Referral) -> Letter:
    """The mail that Ana's page sends."""
    written = links.invite(cast.session, cast.who(cast.ana), sent.record_id, NOW)
    assert written is not None
    return written


def token_in(letter: Letter) -> str:
    found = re.search(r"/answer/(\S+)", letter.text)
    assert found
    return found[1]


def lines(session: Session, event: str) -> list[TrailLine]:
    trail.settle(session)
    wanted = select(TrailLine).where(TrailLine.event == event)
    return list(session.scalars(wanted.order_by(TrailLine.at, TrailLine.id)))


def about(session: Session, line: TrailLine) -> list[object]:
    wanted = select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    return list(session.scalars(wanted))


# The mail


def test_the_mail_tells_the_number_and_nothing_about_anybody(cast, sent, letter):
    assert letter.to == "intake@riverside.example"
    assert letter.subject == "1 referral awaits your answer"
    assert sent.number in letter.text
    for name in ("Luis", "Sample", "Ana", "North", "other"):
        assert name not in letter.text + letter.subject


def test_only_the_digest_of_the_link_is_kept(cast, letter):
    [link] = cast.session.scalars(select(ReferralLink))

    assert link.token_hash == digest(token_in(letter))
    assert link.expires_at == NOW + timedelta(days=14)
    assert token_in(letter) not in str(vars(link))
    [line] = lines(cast.session, "referral.link_mailed")
    assert (line.user_name, line.subject) == ("Ana Counts", links_number(cast))
    assert token_in(letter) not in str(vars(line))


def links_number(cast: Cast) -> str:
    return cast.session.scalars(select(Referral.number)).one()


@pytest.mark.parametrize("address", ["", "   "])
def test_an_agency_without_an_address_is_not_mailed(cast, sent, address):
    cast.riverside.email = address
    assert links.invite(cast.session, cast.who(cast.ana), sent.record_id, NOW) is None


def test_an_agency_that_wants_no_mail_is_not_mailed(cast, sent):
    alma = cast.who(cast.alma)
    links.set_mail(cast.session, alma, False, NOW)
    assert links.invite(cast.session, cast.who(cast.ana), sent.record_id, NOW) is None

    links.set_mail(cast.session, alma, True, NOW)
    assert links.invite(cast.session, cast.who(cast.ana), sent.record_id, NOW) is not None


def test_what_stays_within_the_school_is_mailed_to_nobody(cast, sent):
    sent.target, sent.agency_id = ReferralTarget.SCHOOL, None
    sent.school_provider = "School nurse"
    assert links.invite(cast.session, cast.who(cast.ana), sent.record_id, NOW) is None


def test_nothing_is_mailed_of_a_referral_that_awaits_nothing(cast, sent):
    sent.status = ReferralStatus.CLOSED
    assert links.invite(cast.session, cast.who(cast.ana), sent.record_id, NOW) is None


def test_the_portal_itself_can_send_one_again(cast, sent):
    letter = links.write(cast.session, None, sent, NOW)

    assert letter is not None
    [line] = lines(cast.session, "referral.link_mailed")
    assert (line.user_id, line.user_name) == (None, "The portal")


@pytest.mark.parametrize("who", ["tom", "rita"])
def test_nobody_mails_a_referral_that_is_not_theirs(cast, sent, who):
    me = cast.who(getattr(cast, who))
    with pytest.raises(NotFound):
        links.invite(cast.session, me, sent.record_id, NOW)


# Opening it


def test_opening_it_changes_nothing_and_is_in_the_trail(cast, sent, letter):
    asked = links.open_link(cast.session, token_in(letter), HERE, NOW)

    assert asked is not None
    assert (asked.number, asked.agency) == (sent.number, "Riverside Clinic")
    assert (asked.contact, asked.initials) == ("Ana Counts", "")
    assert sent.status is ReferralStatus.SENT
    assert list(cast.session.scalars(select(ReferralEvent))) == []
    [line] = lines(cast.session, "referral.opened_by_link")
    assert line.user_name == "Whoever holds the link mailed to Riverside Clinic"
    assert line.organization_name == "Riverside Clinic"
    assert about(cast.session, line) == []


def test_initials_are_told_only_where_a_consent_opens_the_name(cast, sent, letter):
    signed = make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    asked = links.open_link(cast.session, token_in(letter), HERE, NOW)

    assert asked is not None
    assert asked.initials == "L.S."
    [line] = lines(cast.session, "referral.opened_by_link")
    assert about(cast.session, line) == [cast.luis.id]
    assert str(signed.id) in line.basis
    assert line.opened == [Category.REFERRALS, Category.IDENTITY]


def test_a_consent_to_another_agency_tells_no_initials(cast, sent, letter):
    make.consent(cast.session, cast.luis, cast.hilltop, cast.maria, [Category.REFERRALS])
    asked = links.open_link(cast.session, token_in(letter), HERE, NOW)
    assert asked is not None and asked.initials == ""


# Answering by it


def test_an_acceptance_is_the_referral_s_and_asks_for_the_first_appointment(cast, sent, letter):
    done = links.answer(cast.session, token_in(letter), HERE, ACCEPT, NOW)

    assert isinstance(done, Answered)
    assert sent.status is ReferralStatus.ACCEPTED
    assert (sent.answered_at, sent.answered_by, sent.received_at) == (NOW, None, NOW)
    [event] = cast.session.scalars(select(ReferralEvent))
    assert (event.kind, event.by_link, event.by_id) == (ReferralEventKind.ANSWERED, True, None)
    [line] = lines(cast.session, "referral.answered_by_link")
    assert about(cast.session, line) == [cast.luis.id]
    assert done.letter is not None
    assert done.letter.to == "intake@riverside.example"
    assert "first appointment" in done.letter.text
    assert "Luis" not in done.letter.text

    kept = AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=date(2026, 11, 20))
    then = links.answer(cast.session, token_in(done.letter), HERE, kept, LATER)
    assert isinstance(then, Answered) and then.letter is None
    assert (sent.status, sent.access) == (ReferralStatus.IN_SERVICE, Access.ACCESSED)
    assert sent.accessed_on == date(2026, 11, 20)


def test_a_waiting_list_has_weeks_and_asks_again(cast, sent, letter):
    draft = AnswerDraft(Answer.WAITLIST, weeks=6)
    done = links.answer(cast.session, token_in(letter), HERE, draft, NOW)

    assert isinstance(done, Answered) and done.letter is not None
    assert (sent.status, sent.waitlist_weeks) == (ReferralStatus.WAITLISTED, 6)
    assert done.letter.subject == "1 referral on your waiting list"


def test_a_decline_has_a_reason_and_asks_nothing_more(cast, sent, letter):
    draft = AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY)
    done = links.answer(cast.session, token_in(letter), HERE, draft, NOW)

    assert isinstance(done, Answered) and done.letter is None
    assert sent.status is ReferralStatus.DECLINED


def test_an_agency_that_turned_mail_off_is_asked_nothing_more(cast, sent, letter):
    links.set_mail(cast.session, cast.who(cast.alma), False, NOW)
    done = links.answer(cast.session, token_in(letter), HERE, ACCEPT, NOW)
    assert isinstance(done, Answered) and done.letter is None


def test_what_an_answer_lacks_is_told_and_the_link_stays_good(cast, sent, letter):
    bare = links.answer(cast.session, token_in(letter), HERE, AnswerDraft(Answer.DECLINE), NOW)

    assert isinstance(bare, NotAnswered)
    assert [problem.field for problem in bare.problems] == ["Reason"]
    assert sent.status is ReferralStatus.SENT
    assert isinstance(links.answer(cast.session, token_in(letter), HERE, ACCEPT, NOW), Answered)


def test_after_too_many_wrong_answers_the_link_is_locked(cast, sent, letter):
    for _ in range(TRIES):
        links.answer(cast.session, token_in(letter), HERE, AnswerDraft(), NOW)
    assert links.answer(cast.session, token_in(letter), HERE, ACCEPT, NOW) is None
    assert sent.status is ReferralStatus.SENT


# Links that lead nowhere


def codes(session: Session) -> list[list[str]]:
    return [line.codes for line in lines(session, "referral.opened_by_link") if not line.allowed]


def test_a_link_is_used_once(cast, sent, letter):
    links.answer(cast.session, token_in(letter), HERE, ACCEPT, NOW)
    again = links.answer(cast.session, token_in(letter), HERE, ACCEPT, NOW)

    assert again is None
    assert links.open_link(cast.session, token_in(letter), HERE, NOW) is None
    assert len(list(cast.session.scalars(select(ReferralEvent)))) == 1
    assert codes(cast.session) == [["LINK_USED"], ["LINK_USED"]]


def test_one_answer_takes_every_other_link_back(cast, sent, letter):
    other = links.invite(cast.session, cast.who(cast.ana), sent.record_id, NOW)
    assert other is not None
    links.answer(cast.session, token_in(other), HERE, ACCEPT, NOW)
    assert links.open_link(cast.session, token_in(letter), HERE, NOW) is None


def test_a_link_ends_after_fourteen_days(cast, letter):
    assert links.open_link(cast.session, token_in(letter), HERE, NOW + timedelta(days=14)) is None


def test_an_answer_in_the_inbox_ends_the_link(cast, sent, letter):
    answering.answer(cast.session, cast.who(cast.rita), sent.record_id, ACCEPT, LATER)
    assert links.open_link(cast.session, token_in(letter), HERE, LATER) is None


def test_that_it_was_seen_in_the_inbox_does_not_end_the_link(cast, sent, letter):
    answering.receive(cast.session, cast.who(cast.rita), sent.record_id, LATER)
    assert links.open_link(cast.session, token_in(letter), HERE, LATER) is not None


def test_a_referral_taken_back_takes_its_link_back_even_when_opened_again(cast, sent, letter):
    ana = cast.who(cast.ana)
    following.withdraw(cast.session, ana, sent.record_id, LATER)
    assert links.open_link(cast.session, token_in(letter), HERE, LATER) is None

    then = LATER + timedelta(minutes=1)
    following.reopen(cast.session, ana, sent.record_id, "The family asks again", then)
    assert sent.status is ReferralStatus.SENT
    assert links.open_link(cast.session, token_in(letter), HERE, then) is None


def test_a_consent_taken_back_meanwhile_stops_the_link(cast, sent, letter):
    sent.status, sent.hold_reason = ReferralStatus.ON_HOLD, "consent_withdrawn"
    assert links.answer(cast.session, token_in(letter), HERE, ACCEPT, NOW) is None
    assert sent.status is ReferralStatus.ON_HOLD


def test_a_consent_taken_back_meanwhile_closes_the_initials(cast, sent, letter):
    make.consent(
        cast.session,
        cast.luis,
        cast.riverside,
        cast.maria,
        [Category.REFERRALS],
        revoked_at=LATER,
    )
    before = links.open_link(cast.session, token_in(letter), HERE, NOW)
    after = links.open_link(cast.session, token_in(letter), HERE, LATER)
    assert before is not None and before.initials
    assert after is not None and not after.initials


def test_whoever_guesses_is_not_listened_to_any_more(cast, letter):
    for number in range(TRIES_OF_AN_ADDRESS):
        assert links.open_link(cast.session, f"guess-{number}", HERE, NOW) is None
    assert links.open_link(cast.session, token_in(letter), HERE, NOW) is None

    assert links.open_link(cast.session, token_in(letter), "192.0.2.8", NOW) is not None
    assert links.open_link(cast.session, token_in(letter), HERE, NOW + timedelta(hours=2))


def test_a_student_with_one_name_has_one_initial(cast, sent, letter):
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    cast.luis.given_name = ""
    asked = links.open_link(cast.session, token_in(letter), HERE, NOW)
    assert asked is not None and asked.initials == "S."


def test_what_the_guardian_is_called_is_nowhere(cast, letter):
    assert cast.session.get_one(Guardian, cast.maria.id).name not in letter.text
