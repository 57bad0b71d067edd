"""The gate as a SELECT: which rows of the shelf a person may open.

The same rule as `policy.gate`, told a second time for lists; a property test
holds the two together on both engines. Change one, and it will ask for the other.

>>> select(Record).where(visible.records(me, Purpose.COORDINATE, now))

`me` must be loaded for this very request (`access.actor.load` gives None for
whoever is not active), and still the SELECT asks again whether they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Uuid,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.access import locks, papers, sql
from portal.access.sql import outside, there_is, within
from portal.policy.decision import BasisKind
from portal.policy.finding import KNOWS_THEM
from portal.policy.gate import (
    KNOWN_CATEGORIES,
    KNOWN_PURPOSES,
    NOT_IN_EMERGENCY,
    RESTRICTED_READERS,
)
from portal.policy.levels import LEVELS
from portal.policy.rights import LIMITS_CONSENT
from portal.store.consents import Consent, ConsentCategory, ConsentPurpose
from portal.store.papers import (
    Agreement,
    AgreementLine,
    LegalBasis,
    LegalBasisCategory,
    LegalBasisUser,
)
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Block,
    CourtOrder,
    Enrollment,
    Guardianship,
    HiddenStudent,
    Program,
    Relation,
    Student,
    User,
    UserStanding,
)
from portal.store.places import Organization
from portal.store.records import Audience, AudienceLevel, Record
from portal.vocabulary import (
    NEVER,
    SPECIAL,
    SUBJECT_ONLY,
    SUPPORT,
    Category,
    Detail,
    Direction,
    GrantKind,
    LegalKind,
    Level,
    OrganizationKind,
    RelationKind,
    SignerKind,
)


@dataclass(frozen=True)
class Viewer:
    """As much of an actor as the SELECT needs; `access.actor.Actor` has it all."""

    id: uuid.UUID
    organization_id: uuid.UUID
    organization_kind: OrganizationKind
    level: Level
    school_id: uuid.UUID | None


WIDE = {Level.PRINCIPAL, Level.SPECIAL_EDUCATION, Level.SUPERINTENDENT}
"""Levels that reach a large part of a district: their newest records are found by walking back."""

LATELY = timedelta(days=14)
"""Where the newest are looked for first."""

_KEYS = select(Record.id, Record.event_at)
_ITEM = aliased(Record, name="item")
"""What a paper opens, next to the shelf that is asked about."""

Condition = ColumnElement[bool]
Keys = Select[uuid.UUID, datetime]
"""Keys of records, and when what they tell happened."""


def records(
    me: Any,
    purpose: str,
    at: datetime,
    *,
    of: Any = Record,
    in_full: bool = False,
    kinds: Collection[Category] = (),
) -> Condition:
    """Condition on the shelf `of`: rows this viewer may open for this purpose at this instant.

    me: a Viewer or an Actor. in_full: only rows whose author and narrative are open too.
    kinds: these alone, identity not among them; it spares the database all the others.
    For rows that something else has narrowed already; `newest` lists by itself.
    """
    if purpose not in KNOWN_PURPOSES:
        return false()
    return and_(_standing(me, at), _opened(me, purpose, at, of, in_full, kinds))


def records_then(me: Any, purpose: str, at: datetime) -> Condition:
    """The same for a past instant: what `me`, as they stood then, could have opened.

    me: a Viewer with the level and building of the standing that held at that instant. What has
    no date is taken as it is today; a record that was written down later was not there yet.
    """
    there = or_(Record.written_at.is_(None), Record.written_at <= at)
    return and_(_stood(me, at), there, _opened(me, purpose, at, Record, False, ()))


def _opened(
    me: Any, purpose: str, at: datetime, of: Any, in_full: bool, kinds: Collection[Category]
) -> Condition:
    held = _held(me, purpose, at, in_full, kinds)
    ways = [_inside(me, of, at, scope.reaches, in_full) for scope in _own_scopes(me, of, at)]
    ways.append(of.id.in_(_items(held, at).with_only_columns(_ITEM.id).correlate(None)))
    if not kinds:
        return or_(*ways, _identity(of, at, held))
    return and_(of.category.in_(sorted(kinds)), or_(*ways))


def newest(me: Any, purpose: str, at: datetime, most: int, *, in_full: bool = False) -> Keys:
    """Keys of the `most` newest records that `records` opens, newest first.

    Each way of opening is followed by itself: by their OR the whole shelf would be read.
    """
    if purpose not in KNOWN_PURPOSES:
        return _KEYS.where(false())
    held = _held(me, purpose, at, in_full)
    named = _once(_KEYS.where(_identity(Record, at, held)))
    ways = [named, *_late_and_early(held, at, most)]
    for scope in _own_scopes(me, Record, at):
        own = _KEYS.where(_inside(me, Record, at, scope.reaches, in_full))
        ways.append(own.subquery() if scope.wide else _once(own))
    firsts = [select(_first(way, most).subquery()) for way in ways]
    return _first(union(*firsts).subquery(), most).where(_standing(me, at))


def _late_and_early(held: CTE, at: datetime, most: int) -> list[FromClause]:
    """Items of the last days; and those before, which are read only where these are too few."""
    since = at - LATELY
    late = _once(_items(held, at).where(_ITEM.event_at >= since))
    many = select(func.count(late.c.id.distinct())).scalar_subquery()
    early = _once(_items(held, at).where(_ITEM.event_at < since, many < most))
    return [select(way).distinct().subquery() for way in (late, early)]


def _first(keys: FromClause, most: int) -> Keys:
    newest_first = (keys.c.event_at.desc(), keys.c.id)
    return select(keys.c.id, keys.c.event_at).order_by(*newest_first).limit(most)


def students(me: Any, at: datetime) -> Condition:
    """Condition on Student: those of the viewer's own district whom their lists show.

    The same rule as `policy.finding.may_find`, told a second time.
    """
    return and_(students_by_number(me, at), not_hidden(me, at))


def students_by_number(me: Any, at: datetime) -> Condition:
    """The same, hidden ones too: for whoever has the exact number of the student."""
    return and_(
        _standing(me, at),
        Student.district_id == me.organization_id,
        locks.unlocked(me, Student.id, at),
        _reached(me, Student.id, at),
    )


def students_by_grant(me: Any, at: datetime) -> Condition:
    """Condition on Student: those whose name a written grant opens to this viewer.

    The same rule as `policy.finding.may_find_by_grant`, told a second time.
    """
    granted = _grants_now(me, at).where(AccessGrantCategory.category == Category.IDENTITY)
    return and_(
        _standing(me, at),
        Student.district_id == me.organization_id,
        locks.unlocked(me, Student.id, at),
        Student.id.in_(granted.with_only_columns(AccessGrant.student_id).correlate(None)),
    )


def not_hidden(me: Any, at: datetime, of: Any = Student.id) -> Condition:
    """Condition on Student: whom a list may show to this viewer, of all whom they may open.

    of: the column with the student's id, where a list is of something else about them.
    """
    hidden = select(HiddenStudent.student_id).where(
        within(HiddenStudent.starts_at, HiddenStudent.ends_at, at)
    )
    return or_(
        of.not_in(hidden.correlate(None)),
        _related(me, of, at, *sorted(KNOWS_THEM)),
    )


def shared_students(me: Any, purpose: str, at: datetime) -> Condition:
    """Condition on Student: those whose name another organization's records open to the viewer."""
    if purpose not in KNOWN_PURPOSES:
        return false()
    named = select(Record.student_id).where(_identity(Record, at, _held(me, purpose, at)))
    return and_(_standing(me, at), Student.id.in_(named.correlate(None)))


def papers_behind(me: Any, purpose: str, at: datetime) -> Subquery:
    """Which papers open which records of others to this viewer, identity aside.

    Columns: record, student, paper (a consent or a legal basis), agreement or null.
    """
    held = _held(me, purpose, at)
    return (
        select(
            _ITEM.id.label("record"),
            _ITEM.student_id.label("student"),
            held.c.paper.label("paper"),
            held.c.agreement.label("agreement"),
        )
        .join_from(held, _ITEM, _opens(held, _ITEM, at))
        .distinct()
        .subquery()
    )


def _standing(me: Any, at: datetime) -> Condition:
    return there_is(
        User,
        (Organization, Organization.id == User.organization_id),
        where=[
            User.id == me.id,
            within(User.active_from, User.active_until, at),
            within(Organization.active_from, Organization.active_until, at),
        ],
    )


def _stood(me: Any, at: datetime) -> Condition:
    return there_is(
        UserStanding,
        (Organization, Organization.id == me.organization_id),
        where=[
            UserStanding.user_id == me.id,
            UserStanding.level == me.level,
            within(UserStanding.starts_at, UserStanding.ends_at, at),
            within(Organization.active_from, Organization.active_until, at),
        ],
    )


# Inside the organization that holds the record


def _inside(me: Any, of: Any, at: datetime, scope: Condition, in_full: bool) -> Condition:
    return and_(
        of.custodian_id == me.organization_id,
        of.category.in_(sorted(KNOWN_CATEGORIES)),
        or_(not_(of.draft), of.author_id == me.id),
        outside(of.sealed_from, of.sealed_until, at),
        _in_audience(me, of),
        locks.unlocked(me, of.student_id, at),
        _unrestricted(me, of) if in_full else true(),
        scope,
    )


def _in_audience(me: Any, of: Any) -> Condition:
    """O5. The audiences that leave out a level are few, and asked for once."""
    told = select(AudienceLevel.audience_id).where(AudienceLevel.level == me.level)
    others = select(AudienceLevel.audience_id).where(
        AudienceLevel.audience_id.not_in(told.correlate(None))
    )
    return or_(of.audience_id.is_(None), of.audience_id.not_in(others.correlate(None)))


def _unrestricted(me: Any, of: Any) -> Condition:
    """O6: the author and narrative too."""
    if me.level in RESTRICTED_READERS[me.organization_kind]:
        return true()
    return or_(not_(of.restricted), of.author_id == me.id, of.told_to_id == me.id)


@dataclass(frozen=True)
class _Scope:
    """One way of reaching records of one's own organization; `wide`: of a large part of it."""

    reaches: Condition
    wide: bool


def _own_scopes(me: Any, of: Any, at: datetime) -> list[_Scope]:
    """O3 and O4: each of the ways."""
    if me.organization_kind is not OrganizationKind.DISTRICT:
        if me.level is Level.AGENCY_ADMIN:
            return [_Scope(true(), wide=True)]
        return [_Scope(_on_case_team(me, of.student_id, at), wide=False)]
    reached = _reached(me, of.student_id, at)
    if not LEVELS[me.level].support:
        reached = and_(reached, of.category.not_in(sorted(SUPPORT)))
    return [_Scope(_granted(me, of, at), wide=False), _Scope(reached, me.level in WIDE)]


def _granted(me: Any, of: Any, at: datetime) -> Condition:
    """O3, the written grant, and O7, what the viewer opened in an emergency."""
    granted = _grants_now(me, at)
    theirs = of.student_id.in_(granted.with_only_columns(AccessGrant.student_id).correlate(None))
    return and_(theirs, tuple_(of.student_id, of.category).in_(granted.correlate(None)))


def _grants_now(me: Any, at: datetime) -> Select[uuid.UUID, str]:
    return (
        select(AccessGrant.student_id, AccessGrantCategory.category)
        .join(AccessGrantCategory, AccessGrantCategory.access_grant_id == AccessGrant.id)
        .where(
            AccessGrant.user_id == me.id,
            AccessGrant.approved,
            within(AccessGrant.starts_at, AccessGrant.ends_at, at),
            or_(AccessGrant.kind == GrantKind.WRITTEN, _own_emergency()),
        )
    )


def _own_emergency() -> Condition:
    """34 CFR 99.36: with a reason, for at most 72 hours, and nothing special.

    Of a grant that is not a written one.
    """
    return and_(
        not_(sql.is_blank(AccessGrant.reason)),
        sql.three_days_before(AccessGrant.ends_at) <= AccessGrant.starts_at,
        AccessGrantCategory.category.not_in(sorted(NOT_IN_EMERGENCY)),
    )


def _reached(me: Any, student_id: Any, at: datetime) -> Condition:
    """O3: the students of each level of the district policy; nobody for a level not named here."""
    match me.level:
        case Level.TEACHER:
            return _related(me, student_id, at, RelationKind.CLASS)
        case Level.COUNSELOR:
            return _related(me, student_id, at, RelationKind.COUNSELOR)
        case Level.CLINICIAN:
            return _related(me, student_id, at, RelationKind.SERVICE, RelationKind.EVALUATION)
        case Level.PRINCIPAL:
            return _enrolled_in(me.school_id, student_id, at)
        case Level.SPECIAL_EDUCATION:
            return _in_a_program(student_id, at)
        case Level.SUPERINTENDENT:
            return true()
        case _:
            return false()


def _related(me: Any, student_id: Any, at: datetime, *kinds: RelationKind) -> Condition:
    related = select(Relation.student_id).where(
        Relation.user_id == me.id,
        Relation.kind.in_(kinds),
        within(Relation.starts_at, Relation.ends_at, at),
    )
    return student_id.in_(related.correlate(None))  # type: ignore[no-any-return]


def _enrolled_in(
    school_id: uuid.UUID | None, student_id: ColumnElement[Any], at: datetime
) -> Condition:
    enrolled = select(Enrollment.student_id).where(
        Enrollment.school_id == school_id,
        within(Enrollment.starts_at, Enrollment.ends_at, at),
    )
    return student_id.in_(enrolled.correlate(None))


def _in_a_program(student_id: ColumnElement[Any], at: datetime) -> Condition:
    enrolled = select(Program.student_id).where(within(Program.starts_at, Program.ends_at, at))
    return student_id.in_(enrolled.correlate(None))


def _on_case_team(me: Any, student_id: Any, at: datetime) -> Condition:
    return _related(me, student_id, at, RelationKind.TEAM)


# Across organizations


def _held(
    me: Any,
    purpose: str,
    at: datetime,
    in_full: bool = False,
    kinds: Collection[Category] = (),
) -> CTE:
    """What papers open to the viewer: student, custodian, kind, record window; and which papers.

    It starts from the viewer's own papers, not from the shelf: an agency may see a few
    hundred students of half a million. And it is worked out before any item is read: left
    to itself, an engine asks some of it once an item. Without a window (null) it is any.
    """
    ways = [_by_consent(me, purpose, at, in_full), _by_law(me, purpose, at, in_full)]
    if kinds:
        ways = [way.where(way.selected_columns.category.in_(sorted(kinds))) for way in ways]
    return _once(union_all(*ways))


def _once(rows: Any) -> CTE:
    """Rows that the engine works out once, whatever it thinks of its own estimates."""
    return rows.cte().prefix_with("MATERIALIZED")  # type: ignore[no-any-return]


def _items(held: CTE, at: datetime) -> Keys:
    """The items themselves, identity aside: it follows from the others.

    What is held is grouped, because SQLite takes groups to be few and begins with them; of a
    CTE that is asked twice it believes that it has a million rows.
    """
    papers_held = select(held).group_by(*held.c).subquery()
    return select(_ITEM.id, _ITEM.event_at).join_from(
        papers_held, _ITEM, _opens(papers_held, _ITEM, at)
    )


def _identity(of: Any, at: datetime, held: CTE) -> Condition:
    """Name, school and grade open exactly when another record of that student does."""
    beside = select(held.c.student_id, held.c.custodian_id).where(
        there_is(_ITEM, where=[_opens(held, _ITEM, at)])
    )
    theirs = of.student_id.in_(select(held.c.student_id).correlate(None))
    named = tuple_(of.student_id, of.custodian_id).in_(beside.correlate(None))
    return and_(of.category == Category.IDENTITY, theirs, named, _open_item(of, at))


def _opens(held: FromClause, item: Any, at: datetime) -> Condition:
    """The item is one that the paper is about (C4, C9 too); identity follows from the others."""
    paper = held.c
    return and_(
        item.student_id == paper.student_id,
        item.custodian_id == paper.custodian_id,
        item.category == paper.category,
        paper.category != Category.IDENTITY,
        or_(
            paper.records_from.is_(None),
            within(paper.records_from, paper.records_until, item.event_at),
        ),
        _open_item(item, at),
        _told_in_time(item, paper.signed_at),
    )


def _told_in_time(item: Any, signed_at: Any) -> Condition:
    """C9: of a consent; a legal basis (null) opens what nobody was told of, too."""
    later = there_is(
        Audience, where=[Audience.id == item.audience_id, signed_at < Audience.told_from]
    )
    return or_(item.audience_id.is_(None), not_(later))


@dataclass(frozen=True)
class _About:
    """What a paper is about. Conditions on these cut papers away before any item is read."""

    student_id: Any
    custodian_id: Any
    category: Any


def _may_cross(me: Any, about: Any, at: datetime) -> Condition:
    """X1 (the custodian's half), X3, NEVER and a lock: what depends on no single item."""
    custodian = there_is(
        Organization,
        where=[
            Organization.id == about.custodian_id,
            within(Organization.active_from, Organization.active_until, at),
        ],
    )
    blocked = there_is(
        Block,
        where=[
            Block.student_id == about.student_id,
            or_(Block.organization_id.is_(None), Block.organization_id == me.organization_id),
            within(Block.starts_at, Block.ends_at, at),
        ],
    )
    return and_(
        about.custodian_id != me.organization_id,
        about.category.in_(sorted(KNOWN_CATEGORIES - NEVER)),
        custodian,
        not_(blocked),
        locks.unlocked(me, about.student_id, at),
    )


def _open_item(item: Any, at: datetime) -> Condition:
    """X2 but for the category: neither a draft, sealed, restricted nor for the inside only."""
    inside_only = select(Audience.id).where(Audience.inside_only)
    return and_(
        not_(item.draft),
        not_(item.restricted),
        outside(item.sealed_from, item.sealed_until, at),
        or_(item.audience_id.is_(None), item.audience_id.not_in(inside_only.correlate(None))),
    )


def _need_to_know(me: Any, of: Any, at: datetime) -> Condition:
    """X4."""
    if me.organization_kind is not OrganizationKind.DISTRICT:
        return _on_case_team(me, of.student_id, at)
    return _reached(me, of.student_id, at) if LEVELS[me.level].support else false()


def _by_consent(me: Any, purpose: str, at: datetime, in_full: bool) -> Any:
    """One consent with one agreement: C1 to C6 but for C4, and M1 to M3.

    Its window is never null, by its table.
    """
    promised = _promised(me, BasisKind.CONSENT, purpose, at, in_full)
    about = _About(Consent.student_id, Consent.discloser_id, ConsentCategory.category)
    need = _need_to_know(me, about, at)
    if me.organization_kind is not OrganizationKind.DISTRICT:
        need = or_(promised.c.waive_team, need)
    in_detail = [Consent.detail == Detail.FULL] if in_full else []
    return (
        select(
            Consent.student_id,
            Consent.discloser_id.label("custodian_id"),
            ConsentCategory.category,
            Consent.records_from,
            Consent.records_until,
            Consent.signed_at,
            Consent.id.label("paper"),
            promised.c.agreement,
        )
        .join(Student, Student.id == Consent.student_id)
        .join(ConsentCategory, ConsentCategory.consent_id == Consent.id)
        .join(ConsentPurpose, ConsentPurpose.consent_id == Consent.id)
        .join(
            promised,
            and_(
                promised.c.custodian_id == about.custodian_id,
                promised.c.category == about.category,
                or_(promised.c.added_at.is_(None), promised.c.added_at <= Consent.signed_at),
                or_(promised.c.since.is_(None), promised.c.since <= Consent.signed_at),
            ),
        )
        .where(
            Consent.recipient_id == me.organization_id,
            *in_detail,
            or_(about.category.not_in(sorted(SPECIAL)), ConsentCategory.special),
            ConsentPurpose.purpose == purpose,
            Consent.signed_at <= at,
            within(Consent.starts_at, Consent.ends_at, at),
            need,
            _signed_by_a_holder(about, at),
            papers.valid(me.id, about.category, at),
            papers.alive(about.category, at),
            _may_cross(me, about, at),
        )
    )


def _signed_by_a_holder(of: Any, at: datetime) -> Condition:
    """C6."""
    adult = and_(_eligible(Consent.signed_at), _eligible(at))
    by_student = and_(
        Consent.signer_kind == SignerKind.STUDENT,
        Consent.signer_id == Consent.student_id,
        or_(of.category.in_(sorted(SUBJECT_ONLY)), adult),
    )
    by_guardian = and_(
        Consent.signer_kind == SignerKind.GUARDIAN,
        of.category.not_in(sorted(SUBJECT_ONLY)),
        there_is(
            Guardianship,
            where=[
                Guardianship.guardian_id == Consent.signer_id,
                Guardianship.student_id == Consent.student_id,
                within(Guardianship.rights_from, Guardianship.rights_until, Consent.signed_at),
                within(Guardianship.rights_from, Guardianship.rights_until, at),
            ],
        ),
        not_(_limited(at)),
        not_(_eligible(Consent.signed_at)),
        not_(_eligible(at)),
    )
    return and_(Student.born.is_not(None), or_(by_student, by_guardian))


def _limited(at: datetime) -> Condition:
    """A court order limits the signer's right to consent, or did at signing."""
    return there_is(
        CourtOrder,
        where=[
            CourtOrder.guardian_id == Consent.signer_id,
            CourtOrder.student_id == Consent.student_id,
            CourtOrder.limits.in_(sorted(LIMITS_CONSENT)),
            or_(
                within(CourtOrder.starts_at, CourtOrder.ends_at, Consent.signed_at),
                within(CourtOrder.starts_at, CourtOrder.ends_at, at),
            ),
        ],
    )


def _eligible(at: Any) -> Condition:
    """An eligible student at `at`; never null, so that it can be negated."""
    return or_(
        and_(Student.majority_at.is_not(None), Student.majority_at <= at),
        within(Student.postsecondary_from, Student.postsecondary_until, at),
    )


def _promised(me: Any, ground: BasisKind, purpose: str, at: datetime, in_full: bool) -> CTE:
    """M1 to M3: whose records of which kind an agreement in force promises to the viewer's own.

    A row for each line of each agreement that may carry the ground for this purpose (custodian,
    kind, waive_team, agreement; added_at, since: a consent signed before that instant does not
    open what was added then, by this agreement or an earlier one).
    """
    line = [
        or_(AgreementLine.purposes == "", sql.lists_word(AgreementLine.purposes, purpose)),
        AgreementLine.basis.in_(["", ground]),
        *([AgreementLine.detail == Detail.FULL] if in_full else []),
    ]
    last_signed = case(
        (Agreement.a_signed_at > Agreement.b_signed_at, Agreement.a_signed_at),
        else_=Agreement.b_signed_at,
    )
    sides = (
        (Direction.A_TO_B, Agreement.a_id, Agreement.b_id),
        (Direction.B_TO_A, Agreement.b_id, Agreement.a_id),
    )
    return _once(
        union(
            *(
                select(
                    giver.label("custodian_id"),
                    AgreementLine.category,
                    Agreement.waive_team,
                    Agreement.id.label("agreement"),
                    case((AgreementLine.added, last_signed)).label("added_at"),
                    AgreementLine.since,
                )
                .join_from(Agreement, AgreementLine, AgreementLine.agreement_id == Agreement.id)
                .where(
                    receiver == me.organization_id,
                    AgreementLine.direction == direction,
                    *line,
                    Agreement.a_signed_at <= at,
                    Agreement.b_signed_at <= at,
                    within(Agreement.starts_at, Agreement.ends_at, at),
                    or_(Agreement.terminated_at.is_(None), at < Agreement.terminated_at),
                )
                for direction, giver, receiver in sides
            )
        )
    )


def _by_law(me: Any, purpose: str, at: datetime, in_full: bool) -> Any:
    """L1 and L2. Its columns are those of `_by_consent`, which names them."""
    no_window_no_signature, no_agreement = (null(), null(), null()), cast(None, Uuid())
    about = _About(LegalBasis.student_id, LegalBasis.custodian_id, LegalBasisCategory.category)
    kinds = [
        and_(LegalBasis.kind == LegalKind.COURT_ORDER, _need_to_know(me, about, at)),
        and_(LegalBasis.kind == LegalKind.EMERGENCY, _emergency(), _named(me, about, at)),
    ]
    if me.organization_kind is OrganizationKind.CHILD_WELFARE:
        promised = _promised(me, BasisKind.CHILD_WELFARE, purpose, at, in_full).c
        agreed = tuple_(about.custodian_id, about.category).in_(
            select(promised.custodian_id, promised.category)
        )
        kinds.append(
            and_(LegalBasis.kind == LegalKind.CHILD_WELFARE, agreed, _named(me, about, at))
        )
    return (
        select(
            LegalBasis.student_id,
            LegalBasis.custodian_id,
            LegalBasisCategory.category,
            *no_window_no_signature,
            LegalBasis.id,
            no_agreement,
        )
        .join(LegalBasisCategory, LegalBasisCategory.legal_basis_id == LegalBasis.id)
        .where(
            LegalBasis.recipient_id == me.organization_id,
            within(LegalBasis.starts_at, LegalBasis.ends_at, at),
            or_(LegalBasis.ended_at.is_(None), at < LegalBasis.ended_at),
            or_(
                about.category.not_in(sorted(SPECIAL)),
                LegalBasis.kind == LegalKind.COURT_ORDER,
            ),
            or_(*kinds),
            _may_cross(me, about, at),
        )
    )


def _named(me: Any, of: Any, at: datetime) -> Condition:
    named = there_is(
        LegalBasisUser,
        where=[LegalBasisUser.legal_basis_id == LegalBasis.id, LegalBasisUser.user_id == me.id],
    )
    if me.organization_kind is not OrganizationKind.DISTRICT:
        return named
    return and_(named, _need_to_know(me, of, at))


def _emergency() -> Condition:
    """34 CFR 99.36: with a reason, and for at most 72 hours."""
    return and_(
        not_(sql.is_blank(LegalBasis.reason)),
        sql.three_days_before(LegalBasis.ends_at) <= LegalBasis.starts_at,
    )
