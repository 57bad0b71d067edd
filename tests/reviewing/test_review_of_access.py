"""The quarterly review of people, grants and service accounts."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from portal.access import documents, trail
from portal.accounts import people
from portal.errors import NotFound, NotReady, Refused
from portal.policy.people import LEVELS_OF_ROLE
from portal.policy.reviewing import STATEMENTS
from portal.reviewing import escalating, opening, service
from portal.reviewing.service import Desk, Line
from portal.store.accounts import ServiceAccount, ServiceAccountScope, UserSession
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest, AccessRequestEvent, Review, ReviewLine
from portal.store.papers import Agreement
from portal.store.people import AccessGrant, AccessGrantCategory, User
from portal.vocabulary import (
    Category,
    InformationForm,
    Level,
    RequestEventKind,
    RequestKind,
    RequestStatus,
    ReviewDecision,
    ReviewKind,
    ReviewSubject,
    Role,
    Scope,
)
from portal.written_requests import deciding, reviewed
from tests import factories as make
from tests.pdf.reading import Pdf
from tests.people import LONG_AGO, NOW, Cast

DAY = timedelta(days=1)
ACCESS = ReviewKind.ACCESS


def desk(cast: Cast, by: User, at=NOW) -> Desk:
    return service.desk(cast.session, cast.who(by), ACCESS, at)


def line_of(of: Desk, subject_id: uuid.UUID) -> Line:
    return next(line for line in of.lines if line.subject_id == subject_id)


def a_grant(cast: Cast, user: User) -> AccessGrant:
    grant = make.stored(
        cast.session,
        AccessGrant(
            user_id=user.id,
            student_id=cast.luis.id,
            approved=True,
            starts_at=LONG_AGO,
            ends_at=None,
        ),
    )
    make.stored(
        cast.session,
        AccessGrantCategory(access_grant_id=grant.id, category=Category.ATTENDANCE),
    )
    return grant


def a_request(cast: Cast) -> AccessRequest:
    """Granted to Tom; the grants are the test's."""
    cast.tom.email = "tom@example.org"
    return make.stored(
        cast.session,
        AccessRequest(
            organization_id=cast.district.id,
            number="W-1",
            kind=RequestKind.STAFF,
            status=RequestStatus.GRANTED,
            applicant_id=cast.tom.id,
            applicant_name=cast.tom.name,
            form=InformationForm.IDENTIFIED,
            wanted_from=date(2026, 9, 1),
            wanted_until=date(2027, 6, 1),
            written_by=cast.tom.id,
            written_at=LONG_AGO,
        ),
    )


def an_account(cast: Cast) -> ServiceAccount:
    account = make.stored(
        cast.session,
        ServiceAccount(
            organization_id=cast.district.id,
            name="nightly roster",
            token_sha256="0" * 64,
            made_at=LONG_AGO,
            expires_at=NOW + 100 * DAY,
        ),
    )
    make.stored(cast.session, ServiceAccountScope(account_id=account.id, scope=Scope.IMPORT))
    return account


def used(cast: Cast, user: User, at) -> None:
    """They opened Luis's record then."""
    trail.write(
        cast.session, cast.who(user), trail.Entry("record.opened", True, at, (cast.luis.id,))
    )
    trail.settle(cast.session)


def decide_all(cast: Cast) -> Desk:
    """The administrator decides, and the superintendent about the administrator."""
    for by in (cast.dina, cast.sue):
        for line in desk(cast, by).lines:
            if line.is_open and line.mine:
                service.keep(cast.session, cast.who(by), [line.id], NOW)
    return desk(cast, cast.dina)


def test_it_opens_once_a_quarter_with_a_line_for_each_person_grant_and_account(cast: Cast) -> None:
    grant, account = a_grant(cast, cast.tom), an_account(cast)
    used(cast, cast.ana, NOW - DAY)
    make.stored(
        cast.session,
        UserSession(
            token_sha256="1" * 64,
            user_id=cast.ana.id,
            started_at=NOW - 2 * DAY,
            seen_at=NOW,
            expires_at=NOW + DAY,
        ),
    )
    found = desk(cast, cast.dina)

    assert (found.review.period, found.review.due_on) == ("2026-Q4", date(2026, 12, 20))
    assert desk(cast, cast.dina).review.id == found.review.id
    everybody = set(cast.session.scalars(select(User.id)))
    assert {line.subject_id for line in found.lines} == {*everybody, grant.id, account.id}
    assert line_of(found, cast.rita.id).facts["partner"] == "Riverside Clinic"
    assert line_of(found, cast.rita.id).mine
    ana = line_of(found, cast.ana.id).facts
    assert (ana["role"], ana["level"], ana["caseload"]) == ("support_staff", "clinician", 2)
    assert ana["last_used"] == (NOW - DAY).isoformat()
    assert ana["last_sign_in"] == (NOW - 2 * DAY).isoformat()
    assert line_of(found, cast.omar.id).facts["building"] == "North School"
    assert line_of(found, cast.tom.id).facts["grants"] == 1
    assert line_of(found, grant.id).facts["opens"] == ["attendance"]
    assert line_of(found, account.id).facts["opens"] == ["import"]


def test_no_line_of_it_names_a_student(cast: Cast) -> None:
    a_grant(cast, cast.tom)
    desk(cast, cast.dina)
    told = [str(row.facts) for row in cast.session.scalars(select(ReviewLine))]

    assert told
    assert not [text for text in told if "Luis" in text or str(cast.luis.id) in text]


def test_each_line_is_kept_changed_or_removed_with_its_line_in_the_trail(cast: Cast) -> None:
    grant = a_grant(cast, cast.tom)
    found, me = desk(cast, cast.dina), cast.who(cast.dina)
    service.keep(cast.session, me, [line_of(found, cast.ana.id).id], NOW)
    service.change(cast.session, me, line_of(found, cast.omar.id).id, " Other building ", NOW)
    service.remove(cast.session, me, line_of(found, grant.id).id, "No longer teaches him", NOW)

    after = desk(cast, cast.dina)
    assert line_of(after, cast.ana.id).decision is ReviewDecision.KEEP
    assert line_of(after, cast.omar.id).note == "Other building"
    assert grant.ends_at == NOW
    assert after.to_decide == found.to_decide - 3
    trail.settle(cast.session)
    written = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "review.decided").order_by(TrailLine.id)
    ).all()
    assert [row.detail["decision"] for row in written] == ["keep", "change", "remove"]


def test_what_was_removed_is_not_kept_by_whoever_has_an_older_page_open(cast: Cast) -> None:
    grant = a_grant(cast, cast.tom)
    line, me = line_of(desk(cast, cast.dina), grant.id), cast.who(cast.dina)
    service.remove(cast.session, me, line.id, "No longer teaches him", NOW)

    with pytest.raises(Refused, match="removed meanwhile"):
        service.keep(cast.session, me, [line.id], NOW)

    service.remove(cast.session, me, line.id, "No longer teaches him", NOW)
    assert line_of(desk(cast, cast.dina), grant.id).decision is ReviewDecision.REMOVE


def test_a_person_is_removed_with_their_account_in_one_transaction(cast: Cast) -> None:
    me, line = cast.who(cast.dina), line_of(desk(cast, cast.dina), cast.tom.id)
    with pytest.raises(Refused):
        service.remove(cast.session, me, line.id, "Left", NOW)

    people.deactivate(cast.session, me, cast.tom.id, NOW)
    service.remove(cast.session, me, line.id, "Left", NOW)

    assert line_of(desk(cast, cast.dina), cast.tom.id).decision is ReviewDecision.REMOVE


@pytest.mark.parametrize("role", [Role.DISTRICT_ADMIN, Role.SUPERINTENDENT])
def test_the_superintendent_removes_an_administrator_and_a_former_superintendent(
    cast: Cast, role: Role
) -> None:
    level = LEVELS_OF_ROLE[role][0]
    gone = make.user(cast.session, cast.district, "Gone Away", role, level)
    line, sue = line_of(desk(cast, cast.sue), gone.id), cast.who(cast.sue)
    assert line.mine

    people.deactivate(cast.session, sue, gone.id, NOW)
    service.remove(cast.session, sue, line.id, "Left", NOW)
    assert line_of(desk(cast, cast.dina), gone.id).decision is ReviewDecision.REMOVE


def test_a_service_account_is_ended(cast: Cast) -> None:
    account = an_account(cast)
    line = line_of(desk(cast, cast.dina), account.id)
    service.remove(cast.session, cast.who(cast.dina), line.id, "Not needed", NOW)

    assert account.ended_at == NOW


def test_a_written_request_ends_with_the_last_of_its_grants(cast: Cast) -> None:
    request = a_request(cast)
    grants = [a_grant(cast, cast.tom), a_grant(cast, cast.tom)]
    for grant in grants:
        grant.request_id = request.id
    found, me = desk(cast, cast.dina), cast.who(cast.dina)

    def remove(grant: AccessGrant) -> deciding.Mail | None:
        told = reviewed.end_grant(cast.session, me, grant.id, "Not needed", NOW)
        service.remove(cast.session, me, line_of(found, grant.id).id, "Not needed", NOW)
        return told

    with pytest.raises(Refused, match="still open"):
        service.remove(cast.session, me, line_of(found, grants[0].id).id, "Not needed", NOW)
    assert remove(grants[0]) is None
    assert request.status is RequestStatus.GRANTED
    told = remove(grants[1])

    assert told is not None
    assert (told.number, told.to) == ("W-1", "tom@example.org")
    assert request.status is RequestStatus.ENDED
    [event] = cast.session.scalars(select(AccessRequestEvent)).all()
    assert (event.kind, event.note) == (RequestEventKind.ENDED, "Not needed")
    assert event.document_id
    tom = cast.who(cast.tom)
    letter = documents.open_document(cast.session, tom, event.document_id, NOW)
    text = " ".join(Pdf(letter.content).text.split())
    assert "The reason: Not needed" in text
    assert "Dina Desk District administrator" in text
    assert remove(grants[1]) is None  # a second click writes no second letter

    reviewed.notified(cast.session, me, told, NOW)
    with pytest.raises(NotFound):
        reviewed.notified(cast.session, cast.who(cast.sue), told, NOW)


@pytest.mark.parametrize("who", ["tom", "omar", "other"])
def test_nobody_ends_a_grant_but_who_decides_in_the_review(cast: Cast, who: str) -> None:
    grant = a_grant(cast, cast.ana)
    other = make.organization(cast.session, "Other Schools")
    eve = make.user(cast.session, other, "Eve Other", Role.DISTRICT_ADMIN, Level.STAFF)
    assert reviewed.end_grant(cast.session, cast.who(cast.dina), grant.id, "No", NOW) is None
    grant.request_id = a_request(cast).id
    with pytest.raises((Refused, NotFound)):
        user = eve if who == "other" else getattr(cast, who)
        reviewed.end_grant(cast.session, cast.who(user), grant.id, "No", NOW)
    assert grant.ends_at != NOW


def test_only_who_used_it_lately_is_kept_with_others(cast: Cast) -> None:
    used(cast, cast.ana, NOW - DAY)
    used(cast, cast.tom, NOW - 90 * DAY)
    found, me = desk(cast, cast.dina), cast.who(cast.dina)
    ana, tom = line_of(found, cast.ana.id), line_of(found, cast.tom.id)
    assert (ana.used_lately, tom.used_lately) == (True, False)

    with pytest.raises(NotReady):
        service.keep(cast.session, me, [ana.id, tom.id], NOW)
    assert service.keep(cast.session, me, [ana.id], NOW) == 1


def test_nobody_decides_about_oneself_and_the_superintendent_about_administrators(
    cast: Cast,
) -> None:
    found = desk(cast, cast.dina)
    own, anas = line_of(found, cast.dina.id), line_of(found, cast.ana.id)
    assert (own.mine, anas.mine) == (False, True)
    with pytest.raises(Refused) as told:
        service.keep(cast.session, cast.who(cast.dina), [own.id], NOW)
    assert told.value.codes == ("ABOUT_ONESELF",)

    with pytest.raises(Refused):
        service.keep(cast.session, cast.who(cast.sue), [anas.id], NOW)
    service.keep(cast.session, cast.who(cast.sue), [own.id], NOW)
    assert line_of(desk(cast, cast.dina), cast.dina.id).decided_by == "Sue Perin"


def test_others_have_no_part_in_it(cast: Cast) -> None:
    line = line_of(desk(cast, cast.dina), cast.ana.id)
    for other in (cast.ana, cast.omar, cast.tom, cast.alma):
        with pytest.raises(Refused):
            desk(cast, other)
    elsewhere = make.organization(cast.session, "Other Schools")
    dan = make.user(cast.session, elsewhere, "Dan Other", Role.DISTRICT_ADMIN, cast.dina.level)
    stranger = replace(cast.who(cast.dina), id=dan.id, organization_id=elsewhere.id)
    for act in (
        lambda: service.keep(cast.session, stranger, [line.id], NOW),
        lambda: service.change(cast.session, stranger, line.id, "x", NOW),
        lambda: service.keep(cast.session, cast.who(cast.dina), [uuid.uuid4()], NOW),
        lambda: service.desk(
            cast.session, stranger, ACCESS, NOW, review_id=desk(cast, cast.dina).review.id
        ),
        lambda: service.sign_off(
            cast.session, stranger, desk(cast, cast.dina).review.id, "Dan Other", NOW
        ),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_note_is_needed_to_change_or_remove(cast: Cast) -> None:
    me, line = cast.who(cast.dina), line_of(desk(cast, cast.dina), cast.ana.id)
    for act in (service.change, service.remove):
        with pytest.raises(NotReady):
            act(cast.session, me, line.id, "  ", NOW)


def test_it_is_signed_off_once_every_line_is_decided_and_kept_as_a_record(cast: Cast) -> None:
    me, review = cast.who(cast.dina), desk(cast, cast.dina).review
    with pytest.raises(NotReady) as told:
        service.sign_off(cast.session, me, review.id, "Somebody Else", NOW)
    assert [problem.field for problem in told.value.problems] == ["Review", "Name"]

    decide_all(cast)
    with pytest.raises(Refused):
        service.sign_off(cast.session, cast.who(cast.sue), review.id, "Sue Perin", NOW)
    signed = service.sign_off(cast.session, me, review.id, "dina desk", NOW)

    assert (signed.signed_at, signed.statement) == (NOW, STATEMENTS[ACCESS])
    kept = documents.open_document(cast.session, cast.who(cast.sue), signed.document_id, NOW)
    assert kept.content.startswith(b"%PDF")
    with pytest.raises(NotFound):
        documents.open_document(cast.session, cast.who(cast.omar), signed.document_id, NOW)
    assert service.sign_off(cast.session, me, review.id, "", NOW).signed_at == NOW
    with pytest.raises(Refused):
        service.keep(cast.session, me, [line_of(desk(cast, cast.dina), cast.ana.id).id], NOW)
    assert [row.id for row in service.earlier(cast.session, me, ACCESS)] == [review.id]
    assert service.waiting(cast.session, me, ACCESS, NOW) == []


def test_who_left_meanwhile_needs_no_decision(cast: Cast) -> None:
    desk(cast, cast.dina)
    cast.tom.active_until = NOW
    cast.session.flush()

    line = line_of(desk(cast, cast.dina), cast.tom.id)
    assert (line.over, line.is_open) == (True, False)


def test_an_overdue_review_is_told_to_the_superintendent_once_in_numbers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.sue.email = "sue@example.org"
    monkeypatch.setattr(opening, "FINDERS", {ACCESS: opening.FINDERS[ACCESS]})
    [(_name, review)] = opening.open_everywhere(cast.session, NOW)
    assert opening.open_everywhere(cast.session, NOW + DAY) == []
    due = NOW + 30 * DAY
    assert escalating.write(cast.session, due) == []
    [mine] = service.waiting(cast.session, cast.who(cast.sue), ACCESS, due)
    assert (mine.to_decide, mine.overdue) == (1, False)

    [letter] = escalating.write(cast.session, due + DAY)
    assert letter.to == "sue@example.org"
    assert "2026-Q4" in letter.text
    assert f"nobody has decided: {len(desk(cast, cast.dina).lines)}" in letter.text
    assert escalating.write(cast.session, due + 2 * DAY) == []
    escalating.not_sent(cast.session, letter, due + DAY)
    assert len(escalating.write(cast.session, due + 2 * DAY)) == 1

    [told] = service.waiting(cast.session, cast.who(cast.sue), ACCESS, due + DAY)
    assert (told.overdue, told.to_decide) == (True, 1)
    late = service.desk(cast.session, cast.who(cast.dina), ACCESS, due + 31 * DAY)
    assert (late.overdue, late.to_withdraw) == (True, True)
    assert late.review.id == review.id


def test_people_of_an_agency_whose_agreement_has_ended_are_not_in_it(cast: Cast) -> None:
    cast.session.execute(update(Agreement).values(ends_at=NOW))
    ours = User.organization_id == cast.district.id

    found = {line.subject_id for line in desk(cast, cast.dina).lines}
    assert found == set(cast.session.scalars(select(User.id).where(ours)))


def test_a_quarter_that_somebody_else_opened_at_the_same_instant_is_left(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opening.open_due(cast.session, cast.district, ACCESS, NOW)
    monkeypatch.setattr("portal.reviewing.queries.review_of", lambda *_args: None)

    assert first is not None
    assert opening.open_due(cast.session, cast.district, ACCESS, NOW) is None
    assert len(cast.session.scalars(select(Review)).all()) == 1


def test_every_kind_of_line_has_its_place_on_the_record() -> None:
    from portal.reviewing import words

    told = [subject for subjects in words.SUBJECTS.values() for subject in subjects]
    assert sorted(told) == sorted(ReviewSubject)
