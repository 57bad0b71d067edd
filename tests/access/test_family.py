"""The door for those without an account: it tells nothing before somebody proves who they are."""

from __future__ import annotations

import base64
import hmac
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from portal.access import family
from portal.access.family import Proof
from portal.access.trail import WAITING, Entry
from portal.errors import NotFound, Refused
from portal.policy.decision import Reason, refuse
from portal.policy.family import PASS_MINUTES, TRIES, TRIES_OF_AN_ADDRESS
from portal.store.accounts import SignInAttempt
from portal.store.consents import ConsentRequest, ConsentRequestPart, FamilyLink
from portal.store.ledger import TrailLine
from portal.store.people import CourtOrder, Guardianship
from portal.vocabulary import CourtRight, FamilyLinkKind, IdentityCheck, SignerKind
from tests import factories as make
from tests.people import NOW

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
LATER = NOW + timedelta(days=14)
HERE = "192.0.2.7"


def a_link(cast, kind=FamilyLinkKind.KEEP, signer=None, language="en", **options):
    signer = signer or (SignerKind.GUARDIAN, cast.maria.id, "Maria Sample")
    return family.new_link(
        cast.session, cast.who(cast.ana), kind, signer, language, LATER, NOW, **options
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


def test_a_link_tells_whom_it_is_for_until_when_and_who_made_it(cast):
    link, token, code = a_link(cast, language="pt")

    assert (len(token), code, link.code_sha256) == (43, "", "")  # 32 bytes, of letters for a URL
    assert kept_of(link) == {
        "kind": FamilyLinkKind.KEEP,
        "district_id": cast.district.id,
        "signer_kind": SignerKind.GUARDIAN,
        "signer_id": cast.maria.id,
        "signer_name": "Maria Sample",
        "language": "pt",
        "token_sha256": sha256(token.encode()).hexdigest(),
        "made_by": cast.ana.id,
        "made_at": NOW,
        "expires_at": LATER,
        "tries": 0,
    }


def kept_of(link: FamilyLink) -> dict[str, object]:
    """What the row tells, but for its id and what is empty."""
    told = {column.key: getattr(link, column.key) for column in link.__table__.columns}
    return {key: value for key, value in told.items() if key != "id" and value not in (None, "")}


def test_a_code_has_six_digits_none_of_which_looks_like_a_letter(monkeypatch):
    codes = []
    for place in (0, -1):
        monkeypatch.setattr(family.secrets, "choice", lambda letters, at=place: letters[at])
        codes.append(family._new_code())
    assert codes == ["222222", "999999"]


def test_a_token_of_any_letters_is_no_error():
    odd = "\ud800"
    as_kept = odd.encode(errors="surrogatepass")
    made = hmac.new(b"p", b"keep " + as_kept, sha256).digest()

    assert family.digest(odd) == sha256(as_kept).hexdigest()
    assert family.kept_token(odd, "p") + "=" == base64.urlsafe_b64encode(made).decode()


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

    for number in range(1, TRIES + 1):
        assert link.locked_at is None
        assert family.prove(cast.session, link, proof, HERE, NOW) is None
        assert link.tries == number
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


@pytest.mark.parametrize(
    ("tries", "before", "succeeded", "address", "gets_in"),
    [
        (TRIES_OF_AN_ADDRESS, HOUR - TICK, False, HERE, False),
        (TRIES_OF_AN_ADDRESS, HOUR, False, HERE, True),
        (TRIES_OF_AN_ADDRESS, TICK, True, HERE, True),
        (TRIES_OF_AN_ADDRESS, TICK, False, "192.0.2.8", True),
        (TRIES_OF_AN_ADDRESS - 1, TICK, False, HERE, True),
    ],
)
def test_one_address_cannot_try_for_ever(cast, tries, before, succeeded, address, gets_in):
    link, _token, _code = a_link(cast)
    about = {"address": address, "at": NOW - before, "succeeded": succeeded}
    cast.session.add_all(SignInAttempt(name_key=str(n), **about) for n in range(tries))
    cast.session.flush()

    opened = family.prove(cast.session, link, right(cast), HERE, NOW)
    assert (opened is not None) is gets_in


def test_each_try_is_kept_with_its_address_and_without_a_name(cast):
    link, _token, _code = a_link(cast)
    for proof in (Proof(), right(cast)):
        family.prove(cast.session, link, proof, HERE, NOW)

    tries = cast.session.scalars(select(SignInAttempt)).all()
    key = sha256(f"family {link.id}".encode()).hexdigest()
    assert [(row.name_key, row.address, row.at) for row in tries] == [(key, HERE, NOW)] * 2
    assert [row.succeeded for row in tries] == [False, True]


def test_a_student_without_a_birth_date_is_proved_by_none(cast):
    cast.luis.born = None
    link, _token, _code = a_link(cast)

    assert family.prove(cast.session, link, Proof(), HERE, NOW) is None
    assert family.prove(cast.session, link, Proof(make.LONG_AGO.date()), HERE, NOW) is None


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
    link, known, _code = a_link(cast)

    with pytest.raises(NotFound, match=said) as refused:
        family.find(cast.session, token or known, at)
    code = Reason.LINK_UNKNOWN if token else Reason.LINK_EXPIRED
    assert refused.value.do_next == refuse([code]).do_next
    subject = "" if token else str(link.id)
    entry = Entry("family.came_in", False, at, subject=subject, codes=[str(code)])
    assert cast.session.info[WAITING] == [(None, entry)]


def test_who_comes_back_is_told_apart_from_who_came_first(cast):
    link, token, _code = a_link(cast)
    family.prove(cast.session, link, Proof(), HERE, NOW)
    for at in (NOW, NOW + HOUR):
        opened = family.prove(cast.session, link, right(cast), HERE, at)

    assert len(opened) == 43
    assert (
        kept_of(link).items()
        >= {
            "tries": 0,
            "opened_at": NOW,
            "identity_check": IdentityCheck.LINK_AND_BIRTH_DATE,
            "pass_sha256": sha256(opened.encode()).hexdigest(),
            "pass_until": NOW + HOUR + timedelta(minutes=PASS_MINUTES),
        }.items()
    )
    assert link.identity_by is None
    who = family.holder(cast.session, token, opened, NOW + HOUR + TICK)
    assert link.pass_until == NOW + HOUR + TICK + timedelta(minutes=PASS_MINUTES)
    assert (who.link, who.tz, who.district) == (link, cast.district.tz, cast.district.name)


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
    link.kind, link.identity_by = FamilyLinkKind.SIGN, cast.ana.id
    asked = kept_of(link)
    kept = family.follow(cast.session, who, token, opened, "es", LATER + HOUR, NOW + TICK)
    family.end(link, NOW)

    assert (link.ended_at, link.pass_sha256, link.pass_until) == (NOW, "", None)
    assert kept == family.kept_token(token, opened) != token
    again = family.find(cast.session, kept, NOW)
    assert kept_of(again) == asked | {
        "kind": FamilyLinkKind.KEEP,
        "language": "es",
        "token_sha256": sha256(kept.encode()).hexdigest(),
        "made_at": NOW + TICK,
        "expires_at": LATER + HOUR,
        "opened_at": NOW + TICK,
        "pass_until": NOW + TICK + timedelta(minutes=PASS_MINUTES),
    }
    assert family.holder(cast.session, kept, opened, NOW).link is again
    family.leave(again)
    assert (again.pass_sha256, again.pass_until) == ("", None)
    with pytest.raises(Refused):
        family.holder(cast.session, kept, opened, NOW)


@pytest.mark.parametrize(
    ("kind", "limits", "is_told"),
    [
        (FamilyLinkKind.SIGN, CourtRight.CONSENT, False),
        (FamilyLinkKind.SIGN, CourtRight.ACCESS, True),
        (FamilyLinkKind.KEEP, CourtRight.CONSENT, True),
        (FamilyLinkKind.KEEP, CourtRight.ACCESS, False),
    ],
)
def test_a_court_order_counts_for_what_the_link_is_for(cast, kind, limits, is_told):
    link, _token, _code = a_link(cast, kind=kind)
    asked_of(cast, link, cast.luis)
    order = CourtOrder(
        student_id=cast.luis.id,
        guardian_id=cast.maria.id,
        limits=limits,
        starts_at=make.LONG_AGO,
        document_reference="FA-1",
        checked_by=cast.ana.id,
    )
    make.stored(cast.session, order)

    assert family.students_of(cast.session, link, NOW) == ((cast.luis,) if is_told else ())


def test_a_mothers_students_are_those_of_the_district_of_the_link_by_name(cast):
    away = make.organization(cast.session, "Elsewhere")
    ben, abe = (
        make.student(cast.session, district, given, "Sample", cast.luis.born)
        for district, given in ((away, "Ben"), (cast.district, "Abe"))
    )
    for student in (ben, abe):
        is_mother_of(cast, student)
    link, _token, _code = a_link(cast)

    assert family.students_of(cast.session, link, NOW) == (abe, cast.luis)
    assert set(family._own(cast.session, link)) == {abe, cast.luis}  # no others are asked about


def is_mother_of(cast, student) -> None:
    told = {"relationship": "parent", "rights_from": make.LONG_AGO}
    row = Guardianship(guardian_id=cast.maria.id, student_id=student.id, **told)
    make.stored(cast.session, row)


def asked_of(cast, link: FamilyLink, student) -> None:
    """Maria is asked by this link to sign about this student."""
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
        request_id=request.id, place=0, student_id=student.id, partner_id=cast.riverside.id
    )
    make.stored(cast.session, part)


def test_a_link_to_sign_is_about_the_students_asked_for(cast):
    is_mother_of(cast, cast.mei)
    link, _token, _code = a_link(cast, kind=FamilyLinkKind.SIGN)
    asked_of(cast, link, cast.mei)

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

    lines = cast.session.scalars(select(TrailLine).order_by(TrailLine.id)).all()[-2:]
    assert [(line.event, line.allowed, line.user_name, line.detail) for line in lines] == [
        ("family.came_in", True, "Maria Sample", {"check": "link_and_birth_date"}),
        ("family.proof_failed", False, "", {"tries": 1}),
    ]
    assert {(line.at, line.subject, line.user_id) for line in lines} == {(NOW, str(link.id), None)}
    assert not any(line.students for line in lines)
