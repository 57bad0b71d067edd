"""Who may open which record: the gate, as rules.

Pure rules over `Facts`. `access.visible` says the same as a SELECT and a
property test holds the two together. Deny is the default, an empty list opens
nothing, a refusal collects every reason, and each paper must satisfy every
condition by itself: two halves never add up to one right.

The letters (O1 … L2) are those of docs/reference/gate.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from portal.policy.decision import (
    FULL,
    SUMMARY,
    Basis,
    BasisKind,
    Decision,
    Reason,
    allow,
    refuse,
)
from portal.policy.facts import (
    AgreementFacts,
    ConsentFacts,
    Facts,
    GrantFacts,
    LegalFacts,
    LineFacts,
    RecordFacts,
)
from portal.policy.levels import LEVELS
from portal.policy.rights import majority_at, signer_problems
from portal.policy.schedules import line_problems, predates
from portal.policy.validity import paper_problems, time_problems
from portal.vocabulary import (
    NEVER,
    SPECIAL,
    SUPPORT,
    Category,
    Detail,
    Field,
    LegalKind,
    Level,
    OrganizationKind,
    Purpose,
    RelationKind,
    SignerKind,
)

EMERGENCY_AT_MOST = timedelta(hours=72)
NOT_IN_EMERGENCY = SPECIAL | NEVER
"""What no emergency opens, inside the organization either."""

FIELDS = {Detail.FULL: FULL, Detail.SUMMARY: SUMMARY}
ADMINISTRATORS = frozenset({Level.AGENCY_ADMIN})
RESTRICTED_READERS = dict.fromkeys(OrganizationKind, ADMINISTRATORS) | {
    OrganizationKind.DISTRICT: frozenset({Level.PRINCIPAL, Level.SUPERINTENDENT})
}
"""Who reads a restricted record in full beside its author and whom it was written for, by the
kind of who holds it."""

KNOWN_CATEGORIES = frozenset(str(category) for category in Category)
KNOWN_PURPOSES = frozenset(str(purpose) for purpose in Purpose)


def may_open(facts: Facts, record: RecordFacts, purpose: str, at: datetime) -> Decision:
    """May this user open this record for this purpose at this instant?"""
    unknown = _unknown(facts, record, purpose)
    if unknown:
        return refuse(unknown)
    if record.custodian == facts.user.organization:
        return _inside(facts, record, at)
    return _across(facts, record, purpose, at)


def _unknown(facts: Facts, record: RecordFacts, purpose: str) -> list[Reason]:
    reasons = []
    if purpose not in KNOWN_PURPOSES:
        reasons.append(Reason.PURPOSE_UNKNOWN)
    if record.category not in KNOWN_CATEGORIES:
        reasons.append(Reason.CATEGORY_UNKNOWN)
    if record.student != facts.student.id or record.custodian not in facts.organizations:
        reasons.append(Reason.RECORD_UNKNOWN)
    return reasons


def standing_problems(facts: Facts, at: datetime) -> list[Reason]:
    """O1, half of X1: is the user active, so their organization, and no lock between the two?"""
    reasons = []
    if any(lock.contains(at) for lock in facts.locks):
        reasons.append(Reason.CONFLICT_OF_INTEREST)
    if not facts.user.active.contains(at):
        reasons.append(Reason.USER_INACTIVE)
    if not facts.organizations[facts.user.organization].active.contains(at):
        reasons.append(Reason.ORGANIZATION_INACTIVE)
    return reasons


# Inside the organization that holds the record


def _inside(facts: Facts, record: RecordFacts, at: datetime) -> Decision:
    reasons = standing_problems(facts, at)
    if record.draft and record.author != facts.user.id:
        reasons.append(Reason.DRAFT)
    if _sealed(record, at):
        reasons.append(Reason.SEALED)
    if not _in_audience(facts, record):
        reasons.append(Reason.NOT_IN_AUDIENCE)
    custodian = facts.organizations[record.custodian]
    fields = _own_fields(facts, record)
    bases = [Basis(BasisKind.OWN, (), fields)]
    if custodian.kind is not OrganizationKind.DISTRICT:
        reasons += _agency_problems(facts, at)
    elif grants := _granted(facts, record.category, at):
        bases = [Basis(BasisKind.GRANT, (), fields, g.span.end, g.id) for g in grants]
    else:
        lacking = level_problems(facts, record.category, at)
        declared = emergencies(facts, record.category, at) if lacking else ()
        if declared:
            kind = BasisKind.OWN_EMERGENCY
            bases = [Basis(kind, (), fields, g.span.end, g.id) for g in declared]
        else:
            reasons += lacking
    return refuse(reasons) if reasons else allow(*bases)


def _in_audience(facts: Facts, record: RecordFacts) -> bool:
    """O5: nobody of another level, not its author, not by a written grant: deny beats allow."""
    levels = record.audience.levels if record.audience else None
    return levels is None or facts.user.level in levels


def _own_fields(facts: Facts, record: RecordFacts) -> frozenset[Field]:
    """O6: of a restricted record its author, whom it was written for and a few read all, the
    others that it is there.

    A written grant opens no more of it.
    """
    readers = RESTRICTED_READERS[facts.organizations[record.custodian].kind]
    theirs = facts.user.id in (record.author, record.told_to)
    if record.restricted and not theirs and facts.user.level not in readers:
        return SUMMARY
    return FULL


def level_problems(facts: Facts, category: str, at: datetime) -> list[Reason]:
    """O3 without the written grant: does this level reach this student and this category?"""
    scope = LEVELS[facts.user.level]
    if not scope.identified:
        return [Reason.NEVER_IDENTIFIED]
    reasons = []
    if not scope.reaches(facts, at):
        reasons.append(Reason.NO_RELATION)
    if category in SUPPORT and not scope.support:
        reasons.append(Reason.SUPPORT_STAFF_ONLY)
    return reasons


def _granted(facts: Facts, category: str, at: datetime) -> list[GrantFacts]:
    """O3: the written grants, approved and in force."""
    return [grant for grant in facts.grants if not grant.emergency and _opens(grant, category, at)]


def _opens(grant: GrantFacts, category: str, at: datetime) -> bool:
    return grant.approved and category in grant.categories and grant.span.contains(at)


def emergencies(facts: Facts, category: str, at: datetime) -> tuple[GrantFacts, ...]:
    """O7: the emergencies that the user declared and that open this kind at this instant.

    34 CFR 99.36: with the threat in words, for at most 72 hours; nothing special. It stands in
    for the level where that does not reach; nothing else gives way to it.
    """
    if category in NOT_IN_EMERGENCY:
        return ()
    return tuple(
        grant
        for grant in facts.grants
        if grant.emergency
        and _opens(grant, category, at)
        and grant.reason.strip()
        and grant.span.end is not None
        and grant.span.end - grant.span.start <= EMERGENCY_AT_MOST
    )


def names_by_grant(facts: Facts, at: datetime) -> bool:
    """Does a grant open at least the student's name, so that their page may be asked for?

    A grant of other kinds alone opens them without the name, and so in no list.
    """
    name = Category.IDENTITY
    return bool(_granted(facts, name, at) or emergencies(facts, name, at))


def _agency_problems(facts: Facts, at: datetime) -> list[Reason]:
    """O4: the case team, or the agency's administrator."""
    if facts.user.level is Level.AGENCY_ADMIN or on_case_team(facts, at):
        return []
    return [Reason.NOT_ON_CASE_TEAM]


def on_case_team(facts: Facts, at: datetime) -> bool:
    """Is the user on the student's case team at t?"""
    return any(r.kind is RelationKind.TEAM and r.span.contains(at) for r in facts.relations)


def _sealed(record: RecordFacts, at: datetime) -> bool:
    return record.sealed is not None and record.sealed.contains(at)


# Across organizations


def _across(facts: Facts, record: RecordFacts, purpose: str, at: datetime) -> Decision:
    if record.category == Category.IDENTITY:
        return _identity(facts, record, purpose, at)
    reasons = _crossing_problems(facts, record, at)
    bases, missing = _bases(facts, record, purpose, at)
    if bases and not reasons:
        return allow(*bases)
    if bases:
        return refuse(reasons)
    every = [reason for lacking in missing for reason in lacking]
    return refuse(reasons + every, lead=reasons + min(missing, key=len))


def _identity(facts: Facts, record: RecordFacts, purpose: str, at: datetime) -> Decision:
    """Name, school and grade open exactly when another record of that student does."""
    reasons = _crossing_problems(facts, record, at)
    bases = tuple(
        basis
        for other in facts.shelf
        if other.category != Category.IDENTITY and other.custodian == record.custodian
        for basis in may_open(facts, other, purpose, at).bases
    )
    if bases and not reasons:
        return allow(*dict.fromkeys(bases))
    return refuse(reasons + ([] if bases else [Reason.NOTHING_ELSE_OPEN]))


def _crossing_problems(facts: Facts, record: RecordFacts, at: datetime) -> list[Reason]:
    """X1, X2 and X3."""
    reasons = standing_problems(facts, at)
    if not facts.organizations[record.custodian].active.contains(at):
        reasons.append(Reason.CUSTODIAN_INACTIVE)
    if record.draft:
        reasons.append(Reason.DRAFT)
    if _sealed(record, at):
        reasons.append(Reason.SEALED)
    if record.category in NEVER:
        reasons.append(Reason.NEVER_SHARED)
    if record.restricted:
        reasons.append(Reason.RESTRICTED)
    if record.audience is not None and record.audience.inside_only:
        reasons.append(Reason.INSIDE_ONLY)
    if any(
        block.organization in (None, facts.user.organization) and block.span.contains(at)
        for block in facts.blocks
    ):
        reasons.append(Reason.BLOCKED)
    return reasons


def _need_to_know(facts: Facts, at: datetime, *, waived: bool = False) -> list[Reason]:
    """X4: the case team on an agency's side, relation and support level on a district's."""
    kind = facts.organizations[facts.user.organization].kind
    if kind is not OrganizationKind.DISTRICT:
        return [] if waived or on_case_team(facts, at) else [Reason.NOT_ON_CASE_TEAM]
    scope = LEVELS[facts.user.level]
    reasons = [] if scope.reaches(facts, at) else [Reason.NO_RELATION]
    return reasons if scope.support else [*reasons, Reason.SUPPORT_STAFF_ONLY]


def _bases(
    facts: Facts, record: RecordFacts, purpose: str, at: datetime
) -> tuple[list[Basis], list[list[Reason]]]:
    """X5: every basis that holds by itself, and what each of the others lacks."""
    tries = [
        *_consent_tries(facts, record, purpose, at),
        *(
            tried
            for legal in _legal_for(facts, record)
            for tried in _legal_tries(facts, legal, record, purpose, at)
        ),
    ]
    holding = [basis for basis, lacking in tries if not lacking]
    return holding, [lacking for _, lacking in tries]


Try = tuple[Basis, list[Reason]]
"""A basis, and what it lacks; it holds when that is nothing."""


def _consent_tries(facts: Facts, record: RecordFacts, purpose: str, at: datetime) -> Iterable[Try]:
    """Each consent with each agreement; None stands for the paper that is not there."""
    consents: Sequence[ConsentFacts | None] = _consents_between(facts, record) or [None]
    for consent, agreement in product(consents, _agreements_between(facts, record)):
        lacking = [Reason.NO_CONSENT]
        if consent is not None:
            lacking = consent_problems(facts, consent, record, purpose, at)
        line = _line_for(facts, agreement, record)
        agreed = _agreed(agreement, line, BasisKind.CONSENT, purpose, at)
        if consent is not None and agreement is not None and predates(consent, agreement, line):
            agreed.append(Reason.ADDED_AFTER_CONSENT)
        waived = agreement is not None and agreement.waive_team
        need = _need_to_know(facts, at, waived=waived)
        yield _consent_basis(facts, consent, agreement, line), lacking + agreed + need


def _consents_between(facts: Facts, record: RecordFacts) -> list[ConsentFacts]:
    """C1: the consents of this student, from this custodian to the user's organization.

    With one that names nobody: it opens nothing, and the answer says why.
    """
    wanted = (record.student, record.custodian)
    recipients = (facts.user.organization, "")
    return [
        consent
        for consent in facts.consents
        if (consent.student, consent.discloser) == wanted and consent.recipient in recipients
    ]


def _agreements_between(facts: Facts, record: RecordFacts) -> Sequence[AgreementFacts | None]:
    """M1: those between this custodian and the user's organization; None if there is none."""
    giver, receiver = record.custodian, facts.user.organization
    return [a for a in facts.agreements if a.schedule(giver, receiver) is not None] or [None]


def _line_for(
    facts: Facts, agreement: AgreementFacts | None, record: RecordFacts
) -> LineFacts | None:
    """The line of this agreement that lists the record's category in its direction."""
    if agreement is None:
        return None
    schedule = agreement.schedule(record.custodian, facts.user.organization) or {}
    return schedule.get(record.category)


def _consent_basis(
    facts: Facts,
    consent: ConsentFacts | None,
    agreement: AgreementFacts | None,
    line: LineFacts | None,
) -> Basis:
    if consent is None or agreement is None or line is None:
        return Basis(BasisKind.CONSENT, (), frozenset())
    born = facts.student.born
    majority = majority_at(born, facts.student.tz) if born else None
    return Basis(
        BasisKind.CONSENT,
        (consent.id, agreement.id),
        FIELDS[consent.detail] & FIELDS[line.detail],
        consent_end(consent, agreement, majority),
    )


def consent_end(
    consent: ConsentFacts, agreement: AgreementFacts, majority: datetime | None
) -> datetime | None:
    """When this pair closes by itself: either ends, or the student outgrows a guardian's consent.

    An end already announced counts: a revocation or a termination written for a
    day to come. None when nothing ends it.
    """
    ends = [
        consent.span.end,
        consent.revoked_at,
        consent.life.ended_at,
        consent.life.superseded_at,
        agreement.span.end,
        agreement.terminated,
    ]
    if consent.signer_kind is SignerKind.GUARDIAN:
        ends.append(majority)
    return _earliest(*ends)


def _earliest(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)


def consent_problems(
    facts: Facts, consent: ConsentFacts, record: RecordFacts, purpose: str, at: datetime
) -> list[Reason]:
    """C2 to C7, and C9: what this consent lacks to open this record."""
    reasons = [*_tick_problems(consent, record.category), *_purpose_problems(consent, purpose)]
    if not consent.records.contains(record.event):
        reasons.append(Reason.DATE_OUTSIDE_RANGE)
    if _told_later(consent, record):
        reasons.append(Reason.TOLD_AFTER_CONSENT)
    reasons += time_problems(consent, at)
    reasons += signer_problems(consent, facts, record.category, at)
    discloser = facts.organizations[record.custodian]
    return reasons + paper_problems(consent, discloser, facts.user.id, record.category, at)


def _tick_problems(consent: ConsentFacts, category: str) -> list[Reason]:
    if not consent.categories:
        return [Reason.NO_RECORDS]
    if category not in consent.categories:
        return [Reason.ITEM_NOT_COVERED]
    if category in SPECIAL and category not in consent.special:
        return [Reason.NO_SPECIAL_INITIALS]
    return []


def _told_later(consent: ConsentFacts, record: RecordFacts) -> bool:
    """C9: was it signed before the family was told that there are records of this kind?

    Where the signature is missing, that is what closes it.
    """
    told = record.audience.told_from if record.audience else None
    return told is not None and consent.signed_at is not None and consent.signed_at < told


def _purpose_problems(consent: ConsentFacts, purpose: str) -> list[Reason]:
    if not consent.purposes:
        return [Reason.NO_PURPOSE]
    return [] if purpose in consent.purposes else [Reason.PURPOSE_DIFFERS]


def _agreed(
    agreement: AgreementFacts | None,
    line: LineFacts | None,
    ground: BasisKind,
    purpose: str,
    at: datetime,
) -> list[Reason]:
    """M1 to M3: what this agreement, by this line of it, lacks to carry the ground."""
    if agreement is None:
        return [Reason.NO_AGREEMENT]
    return agreement_time_problems(agreement, at) + line_problems(line, ground, {purpose})


def agreement_time_problems(agreement: AgreementFacts, at: datetime) -> list[Reason]:
    """M1 and M2: signed by both by now, within its span, not terminated."""
    reasons = []
    signatures = (agreement.a_signed, agreement.b_signed)
    if any(signed is None or at < signed for signed in signatures):
        reasons.append(Reason.AGREEMENT_NOT_SIGNED)
    if at < agreement.span.start:
        reasons.append(Reason.AGREEMENT_NOT_YET)
    if agreement.span.end is not None and agreement.span.end <= at:
        reasons.append(Reason.AGREEMENT_ENDED)
    if agreement.terminated is not None and agreement.terminated <= at:
        reasons.append(Reason.AGREEMENT_TERMINATED)
    return reasons


def _legal_for(facts: Facts, record: RecordFacts) -> list[LegalFacts]:
    """L1, its first half: the bases for this student from this custodian to this recipient."""
    wanted = (record.student, record.custodian, facts.user.organization)
    return [
        legal
        for legal in facts.legal
        if (legal.student, legal.custodian, legal.recipient) == wanted
    ]


def _legal_tries(
    facts: Facts, legal: LegalFacts, record: RecordFacts, purpose: str, at: datetime
) -> Iterable[Try]:
    """L1 and L2 for one legal basis; child welfare with each agreement."""
    reasons = []
    if record.category not in legal.categories:
        reasons.append(Reason.ITEM_NOT_COVERED)
    ended = legal.ended_at is not None and legal.ended_at <= at
    if ended or not legal.span.contains(at):
        reasons.append(Reason.LEGAL_BASIS_OUT_OF_TIME)
    if record.category in SPECIAL and legal.kind is not LegalKind.COURT_ORDER:
        reasons.append(Reason.NO_SPECIAL_INITIALS)
    if legal.kind is LegalKind.COURT_ORDER:
        yield _legal_basis(legal), reasons + _need_to_know(facts, at)
    elif legal.kind is LegalKind.EMERGENCY:
        yield _legal_basis(legal), reasons + _emergency_problems(facts, legal, at)
    else:
        reasons += _caseworker_problems(facts, legal, at)
        for agreement in _agreements_between(facts, record):
            line = _line_for(facts, agreement, record)
            agreed = _agreed(agreement, line, BasisKind.CHILD_WELFARE, purpose, at)
            yield _child_welfare_basis(legal, agreement, line), reasons + agreed


def _legal_basis(legal: LegalFacts) -> Basis:
    until = _earliest(legal.span.end, legal.ended_at)
    return Basis(BasisKind(str(legal.kind)), (legal.id,), FULL, until)


def _child_welfare_basis(
    legal: LegalFacts, agreement: AgreementFacts | None, line: LineFacts | None
) -> Basis:
    """The law opens in full what the agreement's line carries."""
    basis = _legal_basis(legal)
    if agreement is None or line is None:
        return replace(basis, fields=frozenset())
    papers = (*basis.papers, agreement.id)
    return replace(basis, papers=papers, fields=basis.fields & FIELDS[line.detail])


def _named(facts: Facts, legal: LegalFacts, at: datetime) -> list[Reason]:
    """Being named is an agency user's need to know; a district's user needs X4 besides."""
    reasons = []
    if facts.user.id not in legal.named_users:
        reasons.append(Reason.LEGAL_BASIS_NOT_FOR_USER)
    if facts.organizations[facts.user.organization].kind is OrganizationKind.DISTRICT:
        reasons += _need_to_know(facts, at)
    return reasons


def _emergency_problems(facts: Facts, legal: LegalFacts, at: datetime) -> list[Reason]:
    """34 CFR 99.36: a named user, the threat in words, at most 72 hours."""
    reasons = _named(facts, legal, at)
    too_long = legal.span.end is None or legal.span.end - legal.span.start > EMERGENCY_AT_MOST
    if too_long or not legal.reason.strip():
        reasons.append(Reason.LEGAL_BASIS_DEFECTIVE)
    return reasons


def _caseworker_problems(facts: Facts, legal: LegalFacts, at: datetime) -> list[Reason]:
    """20 USC 1232g(b)(1)(L): a child-welfare agency's named caseworker."""
    reasons = _named(facts, legal, at)
    ours = facts.organizations[facts.user.organization]
    if ours.kind is not OrganizationKind.CHILD_WELFARE:
        reasons.append(Reason.LEGAL_BASIS_DEFECTIVE)
    return reasons
