"""What an administrator does with accounts, on both databases."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.trail import WAITING
from portal.accounts import operating, passwords, people, queries, service
from portal.accounts.operating import FirstAdmin
from portal.accounts.people import PersonDraft, StandingDraft
from portal.errors import NotFound, NotReady, Refused
from portal.policy.people import AGENCY_ROLES, LEVELS_OF_ROLE
from portal.store.accounts import SignInProvider
from portal.store.ledger import TrailLine
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Level, OrganizationKind, Role
from tests import factories as make
from tests.accounts.conftest import PASSWORD, SignIn
from tests.people import NOW, Cast

HOUR = timedelta(hours=1)


def draft(of: Organization, **changes) -> PersonDraft:
    """A clinician of this organization, or whoever `changes` say."""
    whole = PersonDraft(
        organization_id=of.id,
        name="Nina New",
        email="Nina.New@example.org",
        role=Role.SUPPORT_STAFF,
        level=Level.CLINICIAN,
    )
    return replace(whole, **changes)


def fields(error: NotReady) -> list[str]:
    return [problem.field for problem in error.problems]


def test_an_administrator_adds_somebody_who_can_sign_in_once_invited(
    cast: Cast, sign_in: SignIn
) -> None:
    user = people.add_person(cast.session, cast.who(cast.dina), draft(cast.district), NOW)
    assert user.username == "nina.new@example.org"
    assert sign_in(user.username) is None

    token = people.invite(cast.session, cast.who(cast.dina), user.id, NOW)
    service.accept_invitation(cast.session, token, passwords.hashed(PASSWORD), NOW + HOUR)

    assert sign_in(user.username, at=NOW + HOUR) is not None


def test_every_problem_of_a_new_person_is_told_at_once(cast: Cast) -> None:
    bad = draft(cast.riverside, name=" ", email="nina@", role=Role.PRINCIPAL)

    with pytest.raises(NotReady) as told:
        people.add_person(cast.session, cast.who(cast.dina), bad, NOW)

    assert fields(told.value) == ["name", "email", "role", "school"]


def test_an_address_in_use_is_refused_whatever_its_capitals(cast: Cast) -> None:
    taken = draft(cast.district, email=cast.ana.username.upper())

    with pytest.raises(NotReady) as told:
        people.add_person(cast.session, cast.who(cast.dina), taken, NOW)

    assert fields(told.value) == ["email"]


def test_a_principal_needs_a_building_of_the_district(cast: Cast) -> None:
    principal = draft(cast.district, role=Role.PRINCIPAL, level=Level.PRINCIPAL)
    elsewhere = make.organization(cast.session, "Elsewhere Schools", code="0990099")
    theirs = make.school(cast.session, elsewhere, "Theirs", "9909911")

    for school_id in (None, theirs.id):
        with pytest.raises(NotReady) as told:
            unready = replace(principal, school_id=school_id)
            people.add_person(cast.session, cast.who(cast.dina), unready, NOW)
        assert fields(told.value) == ["school"]
    ready = replace(principal, school_id=cast.north.id)
    assert people.add_person(cast.session, cast.who(cast.dina), ready, NOW).school_id


@pytest.mark.parametrize(
    ("role", "level"),
    [
        (Role.TEACHER, Level.SUPERINTENDENT),
        (Role.DISTRICT_ADMIN, Level.BUDGET),  # an office's, since there is the central office
        (Role.CENTRAL_OFFICE, Level.SPECIAL_EDUCATION),
        (Role.SECRETARY, Level.PRINCIPAL),
    ],
)
def test_a_level_must_go_with_the_role(cast: Cast, role: Role, level: Level) -> None:
    wrong = draft(cast.district, role=role, level=level)

    with pytest.raises(NotReady) as told:
        people.add_person(cast.session, cast.who(cast.sue), wrong, NOW)

    assert fields(told.value) == ["level"]


@pytest.mark.parametrize("verb", ["add", "invite", "sign_out", "end", "reopen"])
@pytest.mark.parametrize("who", ["ana", "omar", "rita"])
def test_nobody_manages_people_but_administrators_and_the_superintendent(
    cast: Cast, who: str, verb: str
) -> None:
    me = cast.who(getattr(cast, who))
    with pytest.raises(Refused):
        manage(cast, me, verb, cast.rob)


def manage(cast: Cast, me, verb: str, user: User) -> None:
    if verb == "add":
        people.add_person(cast.session, me, draft(cast.district), NOW)
    elif verb == "invite":
        people.invite(cast.session, me, user.id, NOW)
    elif verb == "sign_out":
        people.sign_out_everywhere(cast.session, me, user.id, NOW)
    elif verb == "end":
        people.deactivate(cast.session, me, user.id, NOW)
    else:
        people.reopen(cast.session, me, user.id, NOW)


HEADS = {"peer": Role.DISTRICT_ADMIN, "head": Role.SUPERINTENDENT, "nurse": Role.SUPPORT_STAFF}
TAKEN_OVER = ("invite", "change", "add")
LOOKED_AFTER = ("sign_out", "end", "reopen")


@pytest.mark.parametrize(
    ("me", "about", "refused"),
    [
        ("dina", "nurse", ()),
        ("dina", "peer", TAKEN_OVER),
        ("dina", "head", TAKEN_OVER + LOOKED_AFTER),
        ("sue", "nurse", ()),
        ("sue", "peer", ()),
        ("sue", "head", ()),
    ],
)
def test_no_administrator_becomes_somebody_who_decides_about_them(
    cast: Cast, me: str, about: str, refused: tuple[str, ...]
) -> None:
    role = HEADS[about]
    them = make.user(cast.session, cast.district, "Some Body", role, LEVELS_OF_ROLE[role][0])
    assert refused_verbs(cast, getattr(cast, me), them) == list(refused)


def refused_verbs(cast: Cast, user: User, them: User) -> list[str]:
    """What this manager is refused about them, of all there is; each try leaves its line."""
    me, refused = cast.who(user), []
    for verb in (*TAKEN_OVER, *LOOKED_AFTER):
        try:
            if verb == "add":
                place = cast.session.get_one(Organization, them.organization_id)
                new = draft(place, email="new@example.org", role=them.role, level=them.level)
                people.add_person(cast.session, me, new, NOW)
            elif verb == "change":
                raised = StandingDraft(Role.TEACHER, Level.TEACHER)
                if them.role in AGENCY_ROLES:
                    raised = StandingDraft(Role.AGENCY_ADMIN, Level.AGENCY_ADMIN)
                with cast.session.begin_nested() as tried:
                    people.change_standing(cast.session, me, them.id, raised, NOW)
                    tried.rollback()
                cast.session.refresh(them)
            else:
                manage(cast, me, verb, them)
        except Refused as refusal:
            refused.append(verb)
            assert refusal.do_next
    assert len(cast.session.info.get(WAITING, ())) == len(refused)
    return refused


@pytest.mark.parametrize("role", [Role.DISTRICT_ADMIN, Role.SUPERINTENDENT])
def test_nobody_is_made_a_head_by_an_administrator_who_had_their_link(
    cast: Cast, role: Role
) -> None:
    raised = StandingDraft(role, LEVELS_OF_ROLE[role][0])
    with pytest.raises(Refused):
        people.change_standing(cast.session, cast.who(cast.dina), cast.ana.id, raised, NOW)
    people.change_standing(cast.session, cast.who(cast.sue), cast.ana.id, raised, NOW)


@pytest.mark.parametrize("who", ["dina", "sue", "alma"])
def test_nobody_makes_a_link_for_themselves(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    with pytest.raises(Refused, match="about yourself"):
        people.invite(cast.session, cast.who(user), user.id, NOW)


ALL = [*TAKEN_OVER, *LOOKED_AFTER]


@pytest.mark.parametrize(
    ("ties", "refused"),
    [
        ([], ALL),
        (["ours: draft"], []),
        (["ours: draft discarded"], ALL),
        (["ours"], []),
        (["ours: over"], ALL),
        (["ours: to be terminated"], []),
        (["ours", "theirs: draft"], ALL),
        (["ours", "theirs"], ALL),
        (["ours", "theirs: over"], []),
        (["ours", "theirs: issued and discarded"], []),
        (["theirs"], ALL),
    ],
)
def test_an_agency_is_looked_after_by_the_one_district_that_it_serves(
    cast: Cast, ties: list[str], refused: list[str]
) -> None:
    agency = make.organization(cast.session, "Lakeside", OrganizationKind.PROVIDER)
    other = make.organization(cast.session, "Elsewhere Schools", code="0990099")
    for tie in ties:
        whose, _, how = tie.partition(": ")
        tied(cast, {"ours": cast.district, "theirs": other}[whose], agency, how)
    them = make.user(cast.session, agency, "Lea Lake", Role.AGENCY_STAFF, Level.STAFF)
    me = cast.who(cast.dina)

    assert refused_verbs(cast, cast.dina, them) == refused
    assert (them.id in [line.id for line in queries.people(cast.session, me, NOW)]) is not refused
    places = [place.id for place in queries.organizations(cast.session, me, NOW)]
    assert (agency.id in places) is not bool(refused)
    several = refused and {tie.partition(":")[0] for tie in ties} == {"ours", "theirs"}
    assert queries.of_several(cast.session, me, NOW) == ([("Lakeside", "")] if several else [])


def tied(cast: Cast, district: Organization, agency: Organization, how: str) -> None:
    """A paper between the two: in force, or as `how` says."""
    if "draft" in how or "discarded" in how:
        gone = {"discarded_at": NOW} if "discarded" in how else {}
        paper = make.agreement_paper(cast.session, district, agency, cast.dina, **gone)
    if "draft" in how:
        return
    changes = {
        "over": {"ends_at": NOW},
        "to be terminated": {"terminated_at": NOW + HOUR, "terminated_reason": "Moved"},
        "issued and discarded": {"paper_id": paper.id} if "discarded" in how else {},
    }
    make.agreement(cast.session, agency, district, **changes.get(how, {}))


def test_an_agencys_administrator_looks_after_its_people_and_no_others(cast: Cast) -> None:
    other = make.organization(cast.session, "Elsewhere Schools", code="0990099")
    make.agreement(cast.session, other, cast.riverside)
    alma = cast.who(cast.alma)
    assert refused_verbs(cast, cast.alma, cast.rob) == []
    for foreign in (cast.hugo, cast.ana):
        assert refused_verbs(cast, cast.alma, foreign) == ALL
        cast.session.info.clear()

    names = {line.name for line in queries.people(cast.session, alma, NOW)}
    assert {"Rita River", "Rob River", "Alma River"} <= names
    assert not names & {"Hugo Hill", "Ana Counts"}
    told = queries.of_several(cast.session, cast.who(cast.dina), NOW)
    assert told == [("Riverside Clinic", "Alma River")]


@pytest.mark.parametrize("verb", ["invite", "sign_out", "end", "reopen"])
def test_people_of_another_district_are_out_of_reach(cast: Cast, verb: str) -> None:
    elsewhere = make.organization(cast.session, "Elsewhere Schools", code="0990099")
    theirs = make.user(cast.session, elsewhere, "Eve Else", Role.TEACHER, Level.TEACHER)
    me = cast.who(cast.dina)

    manage(cast, me, verb, cast.rob)
    with pytest.raises(Refused):
        manage(cast, me, verb, theirs)
    names = [line.name for line in queries.people(cast.session, me, NOW)]
    assert "Rob River" in names
    assert "Eve Else" not in names
    assert elsewhere.id not in [place.id for place in queries.organizations(cast.session, me, NOW)]


def test_somebody_out_of_reach_and_somebody_unknown_get_the_same_answer(cast: Cast) -> None:
    elsewhere = make.organization(cast.session, "Elsewhere Schools", code="0990099")
    theirs = make.user(cast.session, elsewhere, "Eve Else", Role.TEACHER, Level.TEACHER)
    said = set()
    for user_id in (theirs.id, uuid.uuid4()):
        with pytest.raises(Refused) as refused:
            people.invite(cast.session, cast.who(cast.dina), user_id, NOW)
        said.add((refused.value.what, refused.value.do_next))

    assert len(said) == 1


def test_a_welcome_link_works_once(cast: Cast) -> None:
    token = people.invite(cast.session, cast.who(cast.dina), cast.rob.id, NOW)
    service.accept_invitation(cast.session, token, "$argon2id$first", NOW)

    with pytest.raises(NotFound):
        service.accept_invitation(cast.session, token, "$argon2id$second", NOW)
    with pytest.raises(NotFound):
        service.invited(cast.session, token, NOW)
    assert cast.rob.password_hash == "$argon2id$first"


@pytest.mark.parametrize("why", ["late", "newer", "ended", "made_up"])
def test_a_welcome_link_stops_working(cast: Cast, why: str) -> None:
    me, at = cast.who(cast.dina), NOW
    token = people.invite(cast.session, me, cast.rob.id, NOW)
    assert service.invited(cast.session, token, NOW).id == cast.rob.id

    if why == "late":
        at = NOW + 72 * HOUR
    elif why == "newer":
        people.invite(cast.session, me, cast.rob.id, NOW)
    elif why == "ended":
        people.deactivate(cast.session, me, cast.rob.id, NOW)
    else:
        token = service.new_token()

    with pytest.raises(NotFound):
        service.accept_invitation(cast.session, token, "$argon2id$x", at)
    assert cast.rob.password_hash is None


def test_a_new_password_by_link_ends_the_sessions_of_the_old_one(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    session_token = sign_in(ana.username)
    link = people.invite(cast.session, cast.who(cast.dina), ana.id, NOW)
    assert service.who_holds(cast.session, session_token or "", NOW)

    service.accept_invitation(cast.session, link, "$argon2id$new", NOW)

    assert not service.who_holds(cast.session, session_token or "", NOW)


def test_sign_out_everywhere_ends_every_session(cast: Cast, ana: User, sign_in: SignIn) -> None:
    tokens = [sign_in(ana.username), sign_in(ana.username)]

    assert people.sign_out_everywhere(cast.session, cast.who(cast.dina), ana.id, NOW) == 2
    assert not any(service.who_holds(cast.session, token or "", NOW) for token in tokens)


def test_an_ended_account_is_out_at_once_and_cannot_come_back(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    token = sign_in(ana.username)
    people.deactivate(cast.session, cast.who(cast.dina), ana.id, NOW)

    assert not service.who_holds(cast.session, token or "", NOW)
    assert sign_in(ana.username) is None


def test_administrators_cannot_end_their_own_account(cast: Cast) -> None:
    with pytest.raises(Refused):
        people.deactivate(cast.session, cast.who(cast.dina), cast.dina.id, NOW)


def test_what_an_administrator_does_is_in_the_trail_without_any_token(cast: Cast) -> None:
    me = cast.who(cast.dina)
    user = people.add_person(cast.session, me, draft(cast.district), NOW)
    token = people.invite(cast.session, me, user.id, NOW)
    people.sign_out_everywhere(cast.session, me, user.id, NOW)
    people.deactivate(cast.session, me, user.id, NOW)

    lines = list(cast.session.scalars(select(TrailLine).order_by(TrailLine.id)))
    assert [line.event for line in lines] == [
        "account.added",
        "account.invited",
        "account.sessions_ended",
        "account.ended",
    ]
    assert {line.user_id for line in lines} == {cast.dina.id}
    assert {line.subject for line in lines} == {str(user.id)}
    assert not any(token in str(vars(line)) for line in lines)


FIRST = FirstAdmin("0990099", "Elsewhere Schools", "Nora First", "nora@example.org")


def test_the_first_administrator_comes_with_the_district(cast: Cast, sign_in: SignIn) -> None:
    admin = operating.create_admin(cast.session, FIRST, PASSWORD, NOW)

    assert (admin.role, admin.level) == (Role.DISTRICT_ADMIN, Level.STAFF)
    assert cast.session.get_one(Organization, admin.organization_id).code == "0990099"
    assert sign_in("nora@example.org") is not None


def test_a_district_that_is_there_is_used_and_a_name_in_use_refused(cast: Cast) -> None:
    there = replace(FIRST, district_code=cast.district.code or "")
    admin = operating.create_admin(cast.session, there, PASSWORD, NOW)
    assert admin.organization_id == cast.district.id

    with pytest.raises(NotReady):
        operating.create_admin(cast.session, there, PASSWORD, NOW)


@pytest.mark.parametrize("password", ["", "admin", "Passw0rd!Passw0rd!", "elsewhereschools"])
def test_the_first_administrator_needs_a_good_password(cast: Cast, password: str) -> None:
    with pytest.raises(NotReady):
        operating.create_admin(cast.session, FIRST, password, NOW)


def test_the_welcome_letter_has_the_link_that_works_once_and_no_word_of_a_student(
    cast: Cast,
) -> None:
    me = cast.who(cast.dina)
    token = people.invite(cast.session, me, cast.rob.id, NOW)
    letter = people.welcome_letter(cast.session, me, cast.rob.id, token, NOW)

    assert letter.to == cast.rob.username
    assert f"http://localhost:8501/welcome/{token}\n" in letter.text
    assert "72 hours" in letter.text
    assert "Dina Desk of Harbor Point Public Schools" in letter.text
    assert not any(name in letter.text for name in ("Luis", "Mei", "Sample"))


def test_whoever_must_use_single_sign_on_gets_no_password(cast: Cast) -> None:
    make.stored(
        cast.session,
        SignInProvider(
            organization_id=cast.district.id,
            name="Harbor Point Google",
            issuer="https://accounts.google.com",
            client_id="x",
            client_secret="x",
            required=True,
            active_from=NOW,
        ),
    )
    me = cast.who(cast.dina)
    with pytest.raises(Refused) as told:
        people.invite(cast.session, me, cast.tom.id, NOW)
    assert "Harbor Point Google" in told.value.what

    assert people.invite(cast.session, me, cast.rob.id, NOW)  # of an agency
    assert people.invite(cast.session, cast.who(cast.sue), cast.dina.id, NOW)  # to mend it


def test_a_changed_role_holds_at_once_and_says_from_what_to_what(cast: Cast) -> None:
    me = cast.who(cast.dina)
    principal = StandingDraft(Role.PRINCIPAL, Level.PRINCIPAL, cast.south.id)
    people.change_standing(cast.session, me, cast.ana.id, principal, NOW)

    now = cast.who(cast.ana)
    assert (now.role, now.level, now.school_id) == (
        Role.PRINCIPAL,
        Level.PRINCIPAL,
        cast.south.id,
    )
    line = cast.session.scalars(select(TrailLine)).all()[-1]
    assert (line.event, line.subject, line.at) == ("account.changed", str(cast.ana.id), NOW)
    assert line.detail["before"] == ["support_staff", "clinician"]
    assert line.detail["after"] == ["principal", "principal", str(cast.south.id)]

    teacher = StandingDraft(Role.TEACHER, Level.TEACHER, cast.south.id)
    people.change_standing(cast.session, me, cast.ana.id, teacher, NOW)
    assert cast.who(cast.ana).school_id is None


def test_nobody_changes_their_own_standing_and_none_that_does_not_fit(cast: Cast) -> None:
    me = cast.who(cast.dina)
    teacher = StandingDraft(Role.TEACHER, Level.TEACHER)
    with pytest.raises(Refused):
        people.change_standing(cast.session, me, cast.dina.id, teacher, NOW)
    with pytest.raises(Refused):
        people.change_standing(cast.session, cast.who(cast.omar), cast.ana.id, teacher, NOW)
    for user, draft, field in (
        (cast.ana, StandingDraft(Role.TEACHER, Level.SUPERINTENDENT), ["level"]),
        (cast.ana, StandingDraft(Role.PRINCIPAL, Level.PRINCIPAL), ["school"]),
        (cast.rob, teacher, ["role"]),
        (cast.tom, teacher, [""]),
    ):
        with pytest.raises(NotReady) as told:
            people.change_standing(cast.session, me, user.id, draft, NOW)
        assert fields(told.value) == field
