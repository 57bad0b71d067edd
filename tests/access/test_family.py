"""The door for those without an account: it tells nothing before somebody proves who they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import family
from portal.access.family import Proof
from portal.errors import NotFound, Refused
from portal.policy.family import TRIES, TRIES_OF_AN_ADDRESS
from portal.store.accounts import SignInAttempt
from portal.store.consents import ConsentRequest, ConsentRequestPart
from portal.store.ledger import TrailLine
from portal.store.people import Guardianship
from portal.vocabulary import FamilyLinkKind, IdentityCheck, SignerKind
from tests import factories as make
from tests.people import NOW

LATER = NOW + timedelta(days=14)
HERE = "192.0.2.7"


def a_link(cast, kind=FamilyLinkKind.KEEP, signer=None, **options):
    signer = signer or (SignerKind.GUARDIAN, cast.maria.id, "Maria Sample")
    return family.new_link(
        cast.session, cast.who(cast.ana), kind, signer, "en", LATER, NOW, **options
    )


def right(cast) -> Proof:
    return Proof(born=cast.luis.born)


def test_the_right_birth_date_lets_the_mother_in(cast):
    link, token, _code = a_link(cast)

    opened = family.prove(cast.session, link, right(cast), HERE, NOW)
    who = family.holder(cast.session, token, opened, NOW)
    assert (who.name, [student.given_name for student in who.students]) == (
        "Maria Sample",
        ["Luis"],
    )
    assert who.identity_check is IdentityCheck.LINK_AND_BIRTH_DATE


def test_of_a_link_only_digests_are_kept(cast):
    link, token, code = a_link(cast, with_code=True)
    opened = family.prove(cast.session, link, Proof(cast.luis.born, code), HERE, NOW)

    kept = {str(getattr(link, column.key)) for column in link.__table__.columns}
    assert not {token, code, opened} & kept


@pytest.mark.parametrize(
    "proof", [Proof(), Proof(date(2001, 1, 1)), Proof(date(2013, 5, 6), "123456")]
)
def test_a_wrong_proof_is_counted_and_after_a_few_the_link_is_locked(cast, proof):
    link, token, _code = a_link(cast)

    for _ in range(TRIES):
        assert family.prove(cast.session, link, proof, HERE, NOW) is None
    assert link.locked_at == NOW
    with pytest.raises(NotFound, match="locked"):
        family.find(cast.session, token, NOW)


def test_a_code_told_apart_is_asked_for_too(cast):
    link, token, code = a_link(cast, with_code=True)

    assert family.prove(cast.session, link, right(cast), HERE, NOW) is None
    spaced = f"{code[:3]} {code[3:]}"
    opened = family.prove(cast.session, link, Proof(cast.luis.born, spaced), HERE, NOW)
    who = family.holder(cast.session, token, opened, NOW)
    assert who.identity_check is IdentityCheck.LINK_BIRTH_DATE_AND_CODE


def test_one_address_cannot_try_for_ever(cast):
    link, _token, _code = a_link(cast)
    cast.session.add_all(
        SignInAttempt(name_key=str(n), address=HERE, at=NOW, succeeded=False)
        for n in range(TRIES_OF_AN_ADDRESS)
    )
    cast.session.flush()

    assert family.prove(cast.session, link, right(cast), HERE, NOW) is None
    assert family.prove(cast.session, link, right(cast), "192.0.2.8", NOW) is not None


def test_nobody_gets_in_with_another_pass_or_after_doing_nothing(cast):
    link, token, _code = a_link(cast)
    opened = family.prove(cast.session, link, right(cast), HERE, NOW)

    for wrong in ("", "x", token):
        with pytest.raises(Refused, match="kept"):
            family.holder(cast.session, token, wrong, NOW)
    with pytest.raises(Refused, match="away for a while"):
        family.holder(cast.session, token, opened, NOW + timedelta(minutes=30))


def test_each_act_keeps_the_pass_going(cast):
    link, token, _code = a_link(cast)
    opened = family.prove(cast.session, link, right(cast), HERE, NOW)

    for minutes in (20, 40, 60):
        assert family.holder(cast.session, token, opened, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("token", "at", "said"),
    [("x" * 43, NOW, "does not work"), ("\x00", NOW, "does not work"), (None, LATER, "run out")],
)
def test_a_link_that_leads_nowhere_says_so_and_is_noted(cast, token, at, said):
    _link, known, _code = a_link(cast)

    with pytest.raises(NotFound, match=said):
        family.find(cast.session, token or known, at)


def test_who_lost_the_right_sees_nobody(cast):
    link, token, _code = a_link(cast)
    opened = family.prove(cast.session, link, right(cast), HERE, NOW)
    held = cast.session.scalars(
        select(Guardianship).where(Guardianship.guardian_id == cast.maria.id)
    )
    for row in held:
        row.rights_until = NOW
    cast.session.flush()

    assert family.holder(cast.session, token, opened, NOW).students == ()
    assert family.prove(cast.session, link, right(cast), HERE, NOW) is None


def test_a_student_comes_in_for_themself_and_under_18_only_for_what_they_signed(cast):
    adult = make.student(cast.session, cast.district, "Ada", "Sample", date(2006, 1, 2))
    for student, sees in ((adult, True), (cast.luis, False)):
        link, token, _code = a_link(cast, signer=(SignerKind.STUDENT, student.id, "A Student"))
        opened = family.prove(cast.session, link, Proof(born=student.born), HERE, NOW)
        who = family.holder(cast.session, token, opened, NOW)

        assert who.students == (student,)
        assert bool(family.may_see_of(cast.session, who, student, NOW)) is sees
        assert family.may_decide(cast.session, who, student, NOW)


def test_after_signing_the_proof_goes_on_to_a_link_of_ones_own(cast):
    link, token, _code = a_link(cast)
    opened = family.prove(cast.session, link, right(cast), HERE, NOW)
    who = family.holder(cast.session, token, opened, NOW)
    kept = family.follow(cast.session, who, token, opened, "es", LATER, NOW)
    family.end(link, NOW)

    assert kept == family.kept_token(token, opened) != token
    again = family.holder(cast.session, kept, opened, NOW)
    assert (again.link.kind, again.link.language) == (FamilyLinkKind.KEEP, "es")
    assert again.identity_check is IdentityCheck.LINK_AND_BIRTH_DATE
    family.leave(again.link)
    with pytest.raises(Refused):
        family.holder(cast.session, kept, opened, NOW)


def test_a_link_to_sign_is_about_the_students_asked_for(cast):
    make.stored(
        cast.session,
        Guardianship(
            guardian_id=cast.maria.id,
            student_id=cast.mei.id,
            relationship="parent",
            rights_from=make.LONG_AGO,
        ),
    )
    link, _token, _code = a_link(cast, kind=FamilyLinkKind.SIGN)
    version = make.form_version(cast.session, cast.district)
    request = make.stored(
        cast.session,
        ConsentRequest(
            number="Q-1", district_id=cast.district.id, form_version_id=version.id,
            link_id=link.id, channel="email", signer_kind=SignerKind.GUARDIAN,
            signer_id=cast.maria.id, signer_name="Maria Sample", made_by=cast.ana.id,
            made_at=NOW, expires_at=LATER,
        ),
    )  # fmt: skip
    part = ConsentRequestPart(
        request_id=request.id, place=0, student_id=cast.mei.id, partner_id=cast.riverside.id
    )
    make.stored(cast.session, part)

    assert [s.given_name for s in family.students_of(cast.session, link, NOW)] == ["Mei"]


def test_staff_vouch_for_whoever_sits_at_the_tablet(cast):
    link, token, _code = a_link(cast)

    opened = family.vouch(cast.session, cast.who(cast.ana), link, NOW)
    who = family.holder(cast.session, token, opened, NOW)
    assert (who.identity_check, who.link.identity_by) == (IdentityCheck.IN_PERSON, cast.ana.id)


def test_a_link_that_has_served_leads_nowhere(cast):
    link, token, _code = a_link(cast)
    opened = family.prove(cast.session, link, right(cast), HERE, NOW)
    family.end(link, NOW)

    with pytest.raises(NotFound, match="used already"):
        family.holder(cast.session, token, opened, NOW)


def test_coming_in_leaves_a_line_with_the_name_and_no_student(cast):
    link, _token, _code = a_link(cast)
    family.prove(cast.session, link, right(cast), HERE, NOW)
    family.prove(cast.session, link, Proof(), HERE, NOW)

    lines = cast.session.scalars(select(TrailLine).order_by(TrailLine.id)).all()
    told = [(line.event, line.allowed, line.user_name) for line in lines]
    assert told[-2:] == [
        ("family.came_in", True, "Maria Sample"),
        ("family.proof_failed", False, ""),
    ]
