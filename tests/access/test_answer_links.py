"""The link in a mail: what is kept of it, what it leads to, what it tells, and what is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import answer_links, trail
from portal.access.answer_links import Asked
from portal.access.family import digest
from portal.policy.answering import TRIES, TRIES_OF_AN_ADDRESS
from portal.store.accounts import SignInAttempt
from portal.store.ledger import TrailLine
from portal.store.places import AgencyService
from portal.store.records import Record, Referral, ReferralEvent, ReferralLink
from portal.vocabulary import Category, ReferralEventKind, ReferralStatus, Urgency
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

HERE = "192.0.2.7"
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
HOLDER = "Whoever holds the link mailed to Riverside Clinic"


@pytest.fixture
def sent(cast: Cast) -> Referral:
    """Luis was referred to Riverside."""
    return make.referral(cast.session, cast.luis, cast.riverside, cast.ana)


@pytest.fixture
def token(cast: Cast, sent: Referral) -> str:
    return answer_links.new_link(cast.session, sent, "in@riverside.example", cast.ana.id, NOW)[1]


def the_link(cast: Cast) -> ReferralLink:
    return cast.session.scalars(select(ReferralLink)).one()


def told(session: Session) -> dict[str, Any]:
    """The one line of the trail there is, without its place in the chain."""
    trail.settle(session)
    line = session.scalars(select(TrailLine)).one()
    beside = {"id", "chain", "position", "hash", "_sa_instance_state"}
    return {name: value for name, value in vars(line).items() if name not in beside}


LINE: dict[str, Any] = {
    "at": NOW,
    "event": "referral.opened_by_link",
    "allowed": True,
    "user_id": None,
    "user_name": HOLDER,
    "purpose": "",
    "opened": [],
    "closed": [],
    "codes": [],
    "basis": [],
    "detail": {},
    "students": [],
}


def line(cast: Cast, number: str, **changes: object) -> dict[str, Any]:
    """What the trail tells of Riverside at a link to the referral of this number."""
    agency = {"organization_id": cast.riverside.id, "organization_name": "Riverside Clinic"}
    return LINE | agency | {"subject": number} | changes


def test_of_a_new_link_all_is_kept_but_the_token(cast: Cast, sent: Referral) -> None:
    link, token = answer_links.new_link(cast.session, sent, "a@b.example", cast.ana.id, NOW)

    kept = {name: value for name, value in vars(link).items() if name[0] != "_" and name != "id"}
    assert len(token) == 43  # 256 bits
    assert kept == {
        "referral_id": sent.record_id,
        "token_hash": digest(token),
        "sent_to": "a@b.example",
        "made_at": NOW,
        "made_by": cast.ana.id,
        "expires_at": NOW + timedelta(days=14),
        "tries": 0,
        "answer": "",
    }


def test_a_link_leads_to_its_own_referral(cast: Cast, sent: Referral, token: str) -> None:
    make.referral(cast.session, cast.mei, cast.hilltop, cast.omar)
    came = answer_links.come_in(cast.session, token, HERE, NOW)

    assert came is not None
    assert (came.link.token_hash, came.referral) == (digest(token), sent)
    assert (came.record.student_id, came.agency) == (cast.luis.id, cast.riverside)
    assert came.district == cast.district


# When it leads nowhere


def event(cast: Cast, of: Referral, **changes: object) -> None:
    values = {
        "referral_id": of.record_id,
        "kind": ReferralEventKind.ANSWERED,
        "at": NOW + HOUR,
        "to_status": ReferralStatus.SENT,
    }
    make.stored(cast.session, ReferralEvent(**values | changes))


def set_of(row: Callable[[Cast, Referral], Any], **values: object) -> Any:
    def change(cast: Cast, sent: Referral) -> None:
        for name, value in values.items():
            setattr(row(cast, sent), name, value)

    return change


def link_of(cast: Cast, _sent: Referral) -> ReferralLink:
    return the_link(cast)


def record_of(cast: Cast, sent: Referral) -> Record:
    return cast.session.get_one(Record, sent.record_id)


STOPS = {
    "used": (set_of(link_of, used_at=NOW), "LINK_USED"),
    "taken back": (set_of(link_of, revoked_at=NOW), "LINK_USED"),
    "over": (set_of(link_of, expires_at=NOW + HOUR), "LINK_EXPIRED"),
    "tried too often": (set_of(link_of, tries=TRIES), "LINK_LOCKED"),
    "answered": (event, "LINK_USED"),
    "a draft": (set_of(record_of, draft=True), "DRAFT"),
    "sealed": (set_of(record_of, sealed_from=NOW), "SEALED"),
    "closed": (set_of(lambda _cast, sent: sent, status=ReferralStatus.CLOSED), "LINK_USED"),
    "agency gone": (
        set_of(lambda cast, _sent: cast.riverside, active_until=NOW + HOUR),
        "ORGANIZATION_INACTIVE",
    ),
    "district gone": (
        set_of(lambda cast, _sent: cast.district, active_until=NOW + HOUR),
        "CUSTODIAN_INACTIVE",
    ),
}


@pytest.mark.parametrize("why", STOPS)
def test_a_link_that_leads_nowhere_is_noted_with_the_reason_and_of_whom_it_was(
    cast: Cast, sent: Referral, token: str, why: str
) -> None:
    change, code = STOPS[why]
    change(cast, sent)
    cast.session.flush()

    assert answer_links.come_in(cast.session, token, HERE, NOW + HOUR) is None
    expected = line(cast, sent.number, at=NOW + HOUR, allowed=False, codes=[code])
    assert told(cast.session) == expected
    assert cast.session.scalars(select(SignInAttempt)).all() == []  # nobody guessed


def test_every_reason_is_noted_in_order(cast: Cast, sent: Referral, token: str) -> None:
    the_link(cast).tries = TRIES
    record_of(cast, sent).draft = True
    cast.session.flush()

    assert answer_links.come_in(cast.session, token, HERE, NOW) is None
    assert told(cast.session)["codes"] == ["DRAFT", "LINK_LOCKED"]


@pytest.mark.parametrize("guessed", [True, False])
def test_what_was_never_made_is_counted_against_the_address_and_what_is_gone_is_not(
    cast: Cast, token: str, guessed: bool
) -> None:
    if not guessed:
        the_link(cast).referral_id = cast.luis.id
    tried = "guess" if guessed else token
    assert answer_links.come_in(cast.session, tried, HERE, NOW) is None

    nobody = {"user_name": "", "organization_id": None, "organization_name": ""}
    expected = line(cast, "", allowed=False, codes=["LINK_UNKNOWN"], **nobody)
    assert told(cast.session) == expected
    rows = cast.session.scalars(select(SignInAttempt)).all()
    kept = [(row.name_key, row.address, row.at, row.succeeded) for row in rows]
    assert kept == ([(digest(f"answer link {HERE}"), HERE, NOW, False)] if guessed else [])


@pytest.mark.parametrize(
    ("events", "good"),
    [
        ([{"at": NOW}], True),
        ([{"at": NOW + TICK}], False),
        ([{"at": NOW + TICK}, {"at": NOW - HOUR}], False),
        ([{"at": NOW - HOUR}, {"at": NOW + TICK}], False),
        ([{"kind": ReferralEventKind.RECEIVED}, {"kind": ReferralEventKind.REMINDED}], True),
        ([{"to_status": None}], True),
    ],
)
def test_a_link_is_good_while_nothing_was_said_since_it_was_mailed(
    cast: Cast, sent: Referral, token: str, events: list[dict[str, object]], good: bool
) -> None:
    event(cast, make.referral(cast.session, cast.mei, cast.riverside, cast.ana))
    for one in events:
        event(cast, sent, **one)

    assert (answer_links.come_in(cast.session, token, HERE, NOW) is not None) is good


@pytest.mark.parametrize(
    ("tried", "listened_to"),
    [
        ({}, False),
        ({"at": NOW - HOUR + TICK}, False),
        ({"at": NOW - HOUR}, True),
        ({"address": "192.0.2.8"}, True),
        ({"succeeded": True}, True),
    ],
)
def test_who_guessed_too_often_within_an_hour_is_not_listened_to(
    cast: Cast, token: str, tried: dict[str, object], listened_to: bool
) -> None:
    values = {"name_key": "k", "address": HERE, "at": NOW, "succeeded": False}
    tries = [values] * (TRIES_OF_AN_ADDRESS - 1) + [values | tried]
    cast.session.add_all(SignInAttempt(**one) for one in tries)
    cast.session.flush()

    assert (answer_links.come_in(cast.session, token, HERE, NOW) is not None) is listened_to
    trail.settle(cast.session)
    assert cast.session.scalars(select(TrailLine)).all() == []


def test_a_link_is_good_again_once_its_referral_is_not_sealed_any_more(
    cast: Cast, sent: Referral, token: str
) -> None:
    record = record_of(cast, sent)
    record.sealed_from, record.sealed_until = LONG_AGO, NOW
    cast.session.flush()

    assert answer_links.come_in(cast.session, token, HERE, NOW - TICK) is None
    assert answer_links.come_in(cast.session, token, HERE, NOW) is not None


# What it tells

REASONS = (
    ("unable_to_contact", "Unable to contact family"),
    ("family_declined", "Family declined"),
    ("student_declined", "Student declined"),
    ("not_eligible", "Not eligible"),
    ("no_capacity", "No capacity"),
    ("insurance_or_cost", "Insurance or cost"),
    ("transportation", "Transportation"),
    ("language", "Language"),
    ("moved", "Moved or transferred"),
    ("met_elsewhere", "Need met elsewhere"),
    ("duplicate", "Duplicate or mistake"),
    ("other", "Other"),
)


def ask(cast: Cast, token: str) -> Asked:
    came = answer_links.come_in(cast.session, token, HERE, NOW)
    assert came is not None
    return answer_links.asked(cast.session, came, NOW)


def test_the_slip_tells_whom_to_call_and_not_of_whom_it_is(
    cast: Cast, sent: Referral, token: str
) -> None:
    cast.ana.email = "ana@sampletown.example"
    late = NOW.replace(hour=2)  # the evening before in Connecticut
    record_of(cast, sent).event_at = late - timedelta(days=1)
    came = answer_links.come_in(cast.session, token, HERE, NOW)
    assert came is not None

    assert answer_links.asked(cast.session, came, late) == Asked(
        number=sent.number,
        status=ReferralStatus.SENT,
        agency="Riverside Clinic",
        district="Harbor Point Public Schools",
        school="Harbor Point Public Schools",
        contact="Ana Counts",
        contact_email="ana@sampletown.example",
        contact_phone="860-555-0100",
        need="Other",
        service="",
        urgency=Urgency.ROUTINE,
        initials="",
        today=date(2026, 11, 19),
        sent_on=date(2026, 11, 18),
        reasons=REASONS,
    )
    status = {"link": str(came.link.id), "status": "sent"}
    assert told(cast.session) == line(cast, sent.number, at=late, detail=status)


def test_of_the_school_and_the_service_it_tells_the_names(
    cast: Cast, sent: Referral, token: str
) -> None:
    offered = AgencyService(organization_id=cast.riverside.id, name="Family therapy")
    sent.service_id = make.stored(cast.session, offered).id
    sent.sent_by = cast.omar.id
    asked = ask(cast, token)

    assert (asked.school, asked.service, asked.contact) == (
        "North School",
        "Family therapy",
        "Omar Keys",
    )


def test_where_a_consent_opens_the_name_the_initials_are_told_and_noted(
    cast: Cast, sent: Referral, token: str
) -> None:
    signed = make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])

    assert ask(cast, token).initials == "L.S."
    found = told(cast.session)
    assert str(signed.id) in found["basis"]
    assert found == line(
        cast,
        sent.number,
        purpose="coordinate",
        opened=["referrals", "identity"],
        basis=found["basis"],
        detail={"link": str(the_link(cast).id), "status": "sent"},
        students=[cast.luis.id.hex],
    )


def test_what_is_done_by_it_is_noted_as_the_agency_s(
    cast: Cast, sent: Referral, token: str
) -> None:
    came = answer_links.come_in(cast.session, token, HERE, NOW)
    assert came is not None
    answer_links.tell(cast.session, came, "referral.answered_by_link", NOW + HOUR)

    assert told(cast.session) == line(
        cast,
        sent.number,
        at=NOW + HOUR,
        event="referral.answered_by_link",
        detail={"link": str(came.link.id), "status": "sent"},
        students=[cast.luis.id.hex],
    )


def test_taking_back_ends_the_links_of_that_referral_that_were_still_good(
    cast: Cast, sent: Referral
) -> None:
    other = make.referral(cast.session, cast.mei, cast.riverside, cast.ana)
    used, ended, good, elsewhere = (
        answer_links.new_link(cast.session, of, "a@b.example", None, NOW)[0]
        for of in (sent, sent, sent, other)
    )
    used.used_at, ended.revoked_at = NOW, LONG_AGO
    cast.session.flush()
    answer_links.take_back(cast.session, sent.record_id, NOW + HOUR)

    cast.session.expire_all()
    found = [row.revoked_at for row in (used, ended, good, elsewhere)]
    assert found == [None, LONG_AGO, NOW + HOUR, None]
