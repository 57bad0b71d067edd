"""Cases of the rules beside the gate: tasks, papers, slips, caseloads, teams, accounts, undoing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from portal.policy import (
    case_teams,
    caseloads,
    corrections,
    emergencies,
    exports,
    family,
    finding,
    papers,
    people,
    referrals,
    restricting,
    reviewing,
    taking,
    tasks,
    undo,
    unnamed,
    use,
    written_requests,
)
from portal.policy.decision import Decision
from portal.policy.facts import ConsentFacts, Facts, RecordFacts, UserFacts
from portal.policy.family import LinkFacts
from portal.policy.gate import may_open
from portal.policy.people import Managed, Manager
from portal.policy.spans import Span
from portal.policy.tasks import Task
from portal.vocabulary import ExportKind, Level, OrganizationKind, Role, UnnamedView
from tests.policy.values import (
    DAY,
    LONG_AGO,
    TICK,
    Change,
    T,
    a_grant,
    a_legal_basis,
    add,
    alter,
    drop,
    enrolled,
    facts_about,
    respan,
    stands,
    world_with,
)


@dataclass(frozen=True)
class Case:
    """A question to one rule: the codes of its refusal, or none when it allows."""

    rule: str
    says: str
    ask: Callable[[], Decision]
    codes: frozenset[str]

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}"


def case(rule: str, says: str, codes: str, ask: Callable[..., Decision], *args: Any, **kw: Any):
    return Case(rule, says, partial(ask, *args, **kw), frozenset(codes.split()))


def known(who: str, *changes: Change, student: str = "luis") -> Facts:
    return facts_about(world_with(*changes), who, student)


# Which record


def misplaced() -> Iterator[Case]:
    facts = known("sue")
    [visit] = [record for record in facts.shelf if record.category == "visits"]
    rule = partial(may_open, facts)
    wrong = "RECORD_UNKNOWN"
    of_mei = replace(visit, student="mei")
    yield case("record", "of another student", wrong, rule, of_mei, "coordinate", T)
    strange = replace(visit, custodian="nobody")
    yield case("record", "held by nobody known", wrong, rule, strange, "coordinate", T)
    every = "RECORD_UNKNOWN PURPOSE_UNKNOWN CATEGORY_UNKNOWN"
    gossip = replace(of_mei, category="gossip")
    yield case("record", "every reason is told", every, rule, gossip, "curiosity", T)


# Tasks


def by_role() -> Iterator[Case]:
    for role in Role:
        for task in Task:
            codes = "" if role in WHO_HAS[task].split() else "NO_SUCH_TASK"
            yield case("tasks", f"{role}: {task}", codes, tasks.may_do, role, task)


DISTRICT = "support_staff teacher principal district_admin superintendent central_office secretary"
AGENCY = "agency_staff agency_admin"
WHO_HAS = {
    "see_today": f"{DISTRICT} {AGENCY}",
    "set_notices": f"{DISTRICT} {AGENCY}",
    # of the district's people
    "ask_for_access": DISTRICT,
    # of school staff
    "amend_records": "support_staff principal district_admin",
    "correct_record": "support_staff principal district_admin",
    "count_screenings": "support_staff principal",
    "export_records": "support_staff principal district_admin superintendent",
    "follow_referrals": "support_staff principal",
    "hand_over": "support_staff principal",
    "keep_guardians": "support_staff principal district_admin",
    "keep_supports": "support_staff principal",
    "log_visit": "support_staff principal",
    "print_record": "support_staff principal district_admin superintendent",
    "record_consent": "support_staff principal district_admin",
    "see_catalog": DISTRICT,
    "see_levels": DISTRICT,
    "see_my_time": "support_staff principal",
    "see_openings": "support_staff principal district_admin superintendent",
    "see_student": DISTRICT,
    "see_unnamed": DISTRICT,
    "see_words": "support_staff principal district_admin",
    # of the district
    "assign_caseload": "principal district_admin",
    "close_year": "district_admin superintendent",
    "decide_requests": "superintendent",
    "keep_data_points": "district_admin",
    "keep_forms": "district_admin",
    "keep_holds": "district_admin superintendent",
    "keep_locks": "principal district_admin",
    "keep_service_accounts": "district_admin",
    "keep_templates": "district_admin superintendent",
    "keep_word_lists": "district_admin",
    "make_agreement": "district_admin superintendent",
    "manage_people": "district_admin superintendent agency_admin",
    "move_student": "principal district_admin",
    "open_emergency": "support_staff principal district_admin",
    "read_trail": "district_admin superintendent",
    "renew_agreements": "district_admin superintendent",
    "review_access": "district_admin superintendent",
    "review_data": "district_admin superintendent",
    "see_groups": "principal district_admin superintendent",
    "see_who_could": "district_admin superintendent",
    "set_referrals": "district_admin",
    "set_retention": "district_admin superintendent",
    "write_request": "district_admin superintendent",
    "watch_use": "district_admin superintendent",
    "set_sign_in": "district_admin",
    # of partners
    "answer_referral": AGENCY,
    "assign_case_team": "agency_admin",
    "see_shared": AGENCY,
    "watch_our_use": "agency_admin",
    # of both
    "sign_agreement": "superintendent agency_admin",
}
"""Which roles have which task: written a second time, so that a change is made on purpose.

A new task is one line here, in the place of the alphabet among its own.
"""


def for_a_student() -> Iterator[Case]:
    def rule(says: str, codes: str, facts: Facts, role: Role, task: Task, at: datetime = T):
        return case("task", says, codes, tasks.may_do_for, facts, role, task, "D1", at)

    staff, teacher = Role.SUPPORT_STAFF, Role.TEACHER
    yield rule("a student one serves", "", known("ana"), staff, Task.LOG_VISIT)
    gone = drop("relations", user="ana")
    yield rule("one's no longer", "NO_RELATION", known("ana", gone), staff, Task.LOG_VISIT)
    until = known("ana", respan("relations", [LONG_AGO, T], user="ana"))
    yield rule("until then: before", "", until, staff, Task.LOG_VISIT, T - TICK)
    yield rule("until then: then", "NO_RELATION", until, staff, Task.LOG_VISIT)
    yield rule("a teacher sees", "", known("tom"), teacher, Task.SEE_STUDENT)
    yield rule(
        "and logs nothing", "NO_SUCH_TASK SUPPORT_STAFF_ONLY", known("tom"), teacher, Task.LOG_VISIT
    )
    for task in sorted(tasks.SUPPORT_TASKS):
        says = f"{task} is for support levels, whatever the role"
        yield rule(says, "SUPPORT_STAFF_ONLY", known("tom"), Role.PRINCIPAL, task)
    nobody = "NEVER_IDENTIFIED"
    yield rule("never identified", nobody, known("paula"), Role.DISTRICT_ADMIN, Task.SEE_STUDENT)
    yield rule("an agency", "NO_RELATION", known("rita"), staff, Task.LOG_VISIT)
    yield rule("another district", "NO_RELATION", known("dee"), staff, Task.LOG_VISIT)
    inactive = known("ana", alter("users", "ana", active=[LONG_AGO, T]))
    yield rule("no longer there", "USER_INACTIVE", inactive, staff, Task.LOG_VISIT)
    closed_down = known("ana", alter("orgs", "D1", active=[LONG_AGO, T]))
    yield rule("nor the district", "ORGANIZATION_INACTIVE", closed_down, staff, Task.LOG_VISIT)
    locked = add("locks", user="ana", student="luis", span=[T, None])
    for task in sorted(tasks.ROLE_TASKS[staff]):
        says = f"a conflict of interest refuses {task}"
        yield rule(says, "CONFLICT_OF_INTEREST", known("ana", locked), staff, task)
    yield rule("locked from then on", "", known("ana", locked), staff, Task.LOG_VISIT, T - TICK)
    assign, admin = Task.ASSIGN_CASELOAD, Role.DISTRICT_ADMIN
    yield rule("an administrator assigns, unnamed", "", known("paula"), admin, assign)
    yield rule("a principal assigns in the building", "", known("omar"), Role.PRINCIPAL, assign)
    moved = known("omar", enrolled("B2", [LONG_AGO, None]))
    yield rule("and not beyond", "NO_RELATION", moved, Role.PRINCIPAL, assign)
    yield rule("nor a teacher", "NO_SUCH_TASK", known("tom"), teacher, assign)
    yield rule("nor another district's", "NO_RELATION", known("dee"), admin, assign)
    see, named = Task.SEE_STUDENT, a_grant("paula", categories=["identity"])
    yield rule("a written grant of the name lets look", "", known("paula", named), admin, see)
    unnamed = known("paula", a_grant("paula"))
    yield rule("not one of visits alone", "NEVER_IDENTIFIED", unnamed, admin, see)
    both = f"{nobody} SUPPORT_STAFF_ONLY"
    yield rule("and lets do nothing else", both, known("paula", named), admin, Task.AMEND_RECORDS)


def finding_students() -> Iterator[Case]:
    code = "HIDDEN_FROM_LISTS"

    def rule(says: str, codes: str, facts: Facts, at: datetime = T, **how: bool):
        return case("find", says, codes, finding.may_find, facts, "D1", at, **how)

    def hidden(who: str, *changes: Change, span: Span = Span(T)) -> Facts:  # noqa: B008
        return replace(known(who, *changes), hidden=(span,))

    for who in ("ana", "cora", "tom"):
        yield rule(f"{who} knows the student", "", hidden(who))
    for who in ("omar", "dina", "sue"):
        yield rule(f"{who} finds whoever is not hidden", "", known(who))
        yield rule(f"{who} does not find the hidden", code, hidden(who))
        yield rule(f"{who} finds them by number", "", hidden(who), by_number=True)
    yield rule("hidden from then on", "", hidden("sue"), at=T - TICK)
    yield rule("hidden until then", "", hidden("sue", span=Span(LONG_AGO, T)))
    served = (*stands("sue", "service"), alter("users", "sue", level="superintendent"))
    yield rule("whoever serves them", "", hidden("sue", *served))
    over = (*served, respan("relations", [LONG_AGO, T], user="sue"))
    yield rule("and serves them no longer", code, hidden("sue", *over))
    team = stands("sue", "team")
    yield rule("a case team is another matter", code, hidden("sue", *team))
    yield rule("nor out of reach", "NO_RELATION", known("paula"), by_number=True)
    yield rule("nor another district's", "NO_RELATION", known("dee"), by_number=True)
    locked = add("locks", user="ana", student="luis", span=[T, None])
    yield rule("nor with a lock", "CONFLICT_OF_INTEREST", hidden("ana", locked), by_number=True)


def finding_by_grant() -> Iterator[Case]:
    def rule(says: str, codes: str, facts: Facts, at: datetime = T):
        return case("find by grant", says, codes, finding.may_find_by_grant, facts, "D1", at)

    named = a_grant("paula", categories=["identity"])
    yield rule("a grant of the name", "", known("paula", named))
    yield rule("no grant", "NO_RELATION", known("paula"))
    yield rule("a grant without the name", "NO_RELATION", known("paula", a_grant("paula")))
    refused = a_grant("paula", categories=["identity"], approved=False)
    yield rule("a refused one", "NO_RELATION", known("paula", refused))
    until = a_grant("paula", categories=["identity"], span=[LONG_AGO, T])
    yield rule("until then: before", "", known("paula", until), T - TICK)
    yield rule("until then: then", "NO_RELATION", known("paula", until))
    yield rule("another district's", "NO_RELATION", known("dee", a_grant("dee")))
    locked = add("locks", user="paula", student="luis", span=[T, None])
    yield rule("with a lock", "CONFLICT_OF_INTEREST", known("paula", named, locked))


def written_requests_() -> Iterator[Case]:
    chief, admin, staff = Role.SUPERINTENDENT, Role.DISTRICT_ADMIN, Role.SUPPORT_STAFF
    no_part, no_task = "NO_RELATION", "NO_SUCH_TASK"
    decide = partial(case, "decide a request", ask=written_requests.may_decide, district="D1")
    sue: Any = {"user": "sue", "role": chief, "organization": "D1"}
    yield decide("the Superintendent decides", "", **sue, applicant="tom")
    yield decide("and what is asked from outside", "", **sue, applicant="")
    yield decide("never what they ask themselves", "OWN_REQUEST", **sue, applicant="sue")
    dina: Any = {"user": "dina", "role": admin, "organization": "D1"}
    yield decide("it is never delegated", no_task, **dina, applicant="tom")
    yield decide("nor to oneself", f"{no_task} OWN_REQUEST", **dina, applicant="dina")
    dan: Any = {"user": "dan", "role": chief, "organization": "D2"}
    yield decide("nor in another district", no_part, **dan, applicant="tom")
    change = partial(case, "change a request", ask=written_requests.may_change)
    yield change("one's own", "", user="tom", applicant="tom")
    yield change("a colleague's", "NOT_THE_AUTHOR", user="ana", applicant="tom")
    keep = partial(case, "keep requests", ask=written_requests.may_keep, district="D1")
    for role in (admin, chief):
        yield keep(f"{role} writes down", "", organization="D1", role=role)
    yield keep("staff do not", no_task, organization="D1", role=staff)
    yield keep("nor another district", no_part, organization="D2", role=admin)
    yield keep("nor an agency", f"{no_part} {no_task}", organization="P1", role=Role.AGENCY_ADMIN)
    read = partial(case, "read a letter", ask=written_requests.may_read_letter, district="D1")
    tom: Any = {"user": "tom", "role": Role.TEACHER, "organization": "D1"}
    yield read("the applicant reads", "", **tom, applicant="tom")
    yield read("nobody else's", no_task, **tom, applicant="ana")
    yield read("the Superintendent does", "", **sue, applicant="tom")
    yield read("an administrator does not", no_task, **dina, applicant="tom")
    yield read("but what goes outside", "", **dina, applicant="")
    yield read("which staff do not", no_task, **tom, applicant="")
    yield read("nor another district", no_part, **dan, applicant="")


# Papers


def of_papers() -> Iterator[Case]:
    admin, chief, staff = Role.DISTRICT_ADMIN, Role.SUPERINTENDENT, Role.SUPPORT_STAFF
    no_part, no_task = "NO_RELATION", "NO_SUCH_TASK"
    see = partial(case, "agreement", ask=papers.may_see_agreement, maker="D1", partners=["P1"])
    partner: Any = {"organization": "P1", "role": Role.AGENCY_ADMIN}
    for role in (admin, chief):
        yield see(f"{role} sees a draft", "", organization="D1", role=role, shown=False)
    yield see("which is not the partner's", no_part, **partner, shown=False)
    yield see("until it is sent or issued", "", **partner, shown=True)
    yield see("no other role", no_task, organization="D1", role=staff, shown=True)
    yield see("no third party", no_part, organization="P2", role=admin, shown=True)
    both = f"{no_part} {no_task}"
    yield see("neither", both, organization="P2", role=staff, shown=True)
    answer = partial(case, "agreement", ask=papers.may_answer_agreement, partners=["P1", "P2"])
    yield answer("a partner answers", "", **partner)
    yield answer("not who wrote it", no_part, organization="D1", role=chief)
    yield answer("not whoever does not sign", no_task, organization="P2", role=Role.AGENCY_STAFF)
    keep = partial(case, "template", ask=papers.may_keep_templates, owner="D1")
    yield keep("a district's own tools", "", organization="D1", role=admin)
    yield keep("are not another's", no_part, organization="D2", role=admin)
    yield keep("nor its staff's", no_task, organization="D1", role=staff)
    change = partial(case, "agreement", ask=papers.may_change_agreement, maker="D1")
    yield change("the maker changes", "", organization="D1", role=admin)
    neither = f"{no_part} {no_task}"
    yield change("a signer does not", neither, organization="P1", role=Role.AGENCY_ADMIN)
    yield change("nor another district", no_part, organization="D2", role=admin)
    yield change("nor a teacher", no_task, organization="D1", role=Role.TEACHER)
    sign = partial(case, "agreement", ask=papers.may_sign_agreement)
    yield sign("for one's side", "", organization="D1", role=chief, side="D1")
    yield sign("not for the other", no_part, organization="D1", role=chief, side="P1")
    yield sign("who makes it does not sign", no_task, organization="D1", role=admin, side="D1")
    listed = partial(case, "consent", ask=papers.may_list_consents)
    yield listed("support staff list", "", role=staff, level=Level.CLINICIAN)
    yield listed(
        "no teacher", f"{no_task} SUPPORT_STAFF_ONLY", role=Role.TEACHER, level=Level.TEACHER
    )
    yield listed("no budget", "SUPPORT_STAFF_ONLY", role=admin, level=Level.BUDGET)
    consent = partial(case, "consent", ask=papers.may_read_consent, district="D1", at=T)
    yield consent("who may record it reads it", "", facts=known("ana"), role=staff)
    oversight = partial(
        case, "consent", ask=papers.may_read_of_oversight, owner="D1", task=Task.REVIEW_ACCESS
    )
    yield oversight("a review", "", organization="D1", role=Role.SUPERINTENDENT)
    yield oversight("not a principal", "NO_SUCH_TASK", organization="D1", role=Role.PRINCIPAL)
    yield oversight("not another's", "NO_RELATION", organization="D2", role=Role.DISTRICT_ADMIN)
    sample = partial(case, "consent", ask=papers.may_read_sample, owner="D1")
    yield sample("whoever keeps the forms", "", organization="D1", role=admin)
    yield sample("no other staff", "NO_SUCH_TASK", organization="D1", role=staff)
    yield sample("no other district", "NO_RELATION", organization="D2", role=admin)
    gone = known("ana", drop("relations", user="ana"))
    yield consent("not of another's student", no_part, facts=gone, role=staff)
    yield consent(
        "nor the recipient", f"{no_part} {no_task}", facts=known("rita"), role=Role.AGENCY_STAFF
    )


def of_taking_along() -> Iterator[Case]:
    [consent] = known("rita").consents
    staff, agency = Role.SUPPORT_STAFF, Role.AGENCY_STAFF
    take = partial(case, "take", ask=taking.may_take_consent, consent=consent, district="D1", at=T)
    gone = known("ana", drop("relations", user="ana"))
    yield take("who records it", "", facts=known("ana"), role=staff)
    yield take("not of another's student", "NO_RELATION", facts=gone, role=staff)
    yield take("the case team", "", facts=known("rita"), role=agency)
    yield take("no third party", "NO_RELATION", facts=known("charlie"), role=agency)
    yield take("not with another task", "NO_SUCH_TASK", facts=known("rita"), role=staff)
    left = known("rita", respan("relations", [LONG_AGO, T], user="rita"))
    lone = "NOT_ON_CASE_TEAM MINOR_SIGNATURE_NEEDED"
    yield take("not after leaving the team", lone, facts=left, role=agency)
    away = known("rita", alter("users", "rita", active=[LONG_AGO, T]))
    both = "USER_INACTIVE MINOR_SIGNATURE_NEEDED"
    yield take("not after leaving the agency", both, facts=away, role=agency)
    visits = replace(consent, categories=frozenset({"visits"}))
    over = replace(visits, revoked_at=T)
    yield take("not once taken back", "REVOKED", facts=known("rita"), role=agency, consent=over)
    nothing = replace(consent, purposes=frozenset())
    yield take("nor for nothing", "NO_RECORDS", facts=known("rita"), role=agency, consent=nothing)
    turned = replace(visits, discloser="P1", recipient="D1")
    yield take("the provider's own", "", facts=known("rita"), role=agency, consent=turned)
    yield take(
        "not off its team", "NOT_ON_CASE_TEAM", facts=known("rob"), role=agency, consent=turned
    )
    yield take("nor having left", "USER_INACTIVE", facts=away, role=agency, consent=turned)
    by_law = known("rita", add("legal", **a_legal_basis("court_order", "P1")))
    yield take("nor what the law opens", "REVOKED", facts=by_law, role=agency, consent=over)
    ended = replace(turned, revoked_at=T)
    yield take("nor when it is over", "REVOKED", facts=known("rita"), role=agency, consent=ended)


# Slips


def slips() -> Iterator[Case]:
    slip = RecordFacts("r1", "luis", "D1", "referrals", T - DAY, author="ana")
    see = partial(case, "slip", ask=referrals.may_see_slip, at=T)
    answer = partial(case, "slip", ask=referrals.may_answer, at=T, withdrawn=False)
    for who in ("rita", "rob", "alma"):
        yield see(f"{who} of the recipient", "", facts=known(who), referral=slip, agency="P1")
    yield see("another's", "NOT_THE_RECIPIENT", facts=known("charlie"), referral=slip, agency="P1")
    yield see("nobody's", "NOT_THE_RECIPIENT", facts=known("rita"), referral=slip, agency=None)
    draft = replace(slip, draft=True)
    yield see("a draft", "DRAFT", facts=known("rita"), referral=draft, agency="P1")
    lock = known("rita", add("locks", user="rita", student="luis", span=[T, None]))
    yield see("a lock", "CONFLICT_OF_INTEREST", facts=lock, referral=slip, agency="P1")
    for says, span, codes in (
        ("sealed", Span(T), "SEALED"),
        ("sealed until then", Span(LONG_AGO, T), ""),
        ("to be sealed", Span(T + TICK), ""),
    ):
        sealed = replace(slip, sealed=span)
        yield see(says, codes, facts=known("rita"), referral=sealed, agency="P1")
    gone = known("rita", alter("users", "rita", active=[LONG_AGO, T]))
    yield see("no longer there", "USER_INACTIVE", facts=gone, referral=slip, agency="P1")
    for who, codes in (("rita", ""), ("alma", ""), ("rob", "NOT_ON_CASE_TEAM")):
        yield answer(f"{who} answers", codes, facts=known(who), referral=slip, agency="P1")
    both = "NOT_THE_RECIPIENT NOT_ON_CASE_TEAM"
    yield answer("not another's", both, facts=known("charlie"), referral=slip, agency="P1")
    held = partial(answer, referral=slip, agency="P1", withdrawn=True)
    for who, codes in (("rita", ""), ("alma", ""), ("rob", " NOT_ON_CASE_TEAM")):
        says = f"{who}, of a consent taken back"
        yield held(says, f"CONSENT_WITHDRAWN{codes}", facts=known(who))
    yield see("still seen", "", facts=known("rita"), referral=slip, agency="P1")


# People


def accounts() -> Iterator[Case]:
    admin, sue, alma = Role.DISTRICT_ADMIN, Role.SUPERINTENDENT, Role.AGENCY_ADMIN
    teacher, staff = Role.TEACHER, Role.AGENCY_STAFF

    def rules(says: str, codes: str, me: Role, them: Managed, both: str = "") -> Iterator[Case]:
        """codes: of making the link; both: of looking after it too."""
        by = Manager("me", "P1" if me is alma else "D1", me)
        yield case("accounts", says, both, people.may_manage, by, them)
        yield case("links", says, both or codes, people.may_empower, by, them)

    def ours(role: Role, person: str = "them") -> Managed:
        return Managed("D1", OrganizationKind.DISTRICT, role, id=person)

    def theirs(*districts: str, role: Role = staff) -> Managed:
        return Managed("P1", OrganizationKind.PROVIDER, role, frozenset(districts), "them")

    yield from rules("one's own", "", admin, ours(teacher))
    yield from rules("oneself", "ABOUT_ONESELF", admin, ours(admin, "me"))
    yield from rules("another administrator", "DECIDES_ABOUT_YOU", admin, ours(admin))
    yield from rules("the superintendent", "", admin, ours(sue), "SUPERINTENDENTS_ACCOUNT")
    yield from rules("the superintendent's own", "", sue, ours(teacher))
    yield from rules("the superintendent, of an administrator", "", sue, ours(admin))
    yield from rules("of another superintendent", "", sue, ours(sue))
    yield from rules("of oneself", "ABOUT_ONESELF", sue, ours(sue, "me"))
    elsewhere = Managed("D2", OrganizationKind.DISTRICT, teacher, frozenset({"D1"}), "them")
    unknown, several = "USER_UNKNOWN", "AGENCY_SERVES_SEVERAL"
    for me in (admin, sue, alma):
        yield from rules("never another district's", "", me, elsewhere, unknown)
    yield from rules("of an agency that serves us", "", admin, theirs("D1"))
    yield from rules("and its administrator", "", admin, theirs("D1", role=alma))
    yield from rules("not by the superintendent", "", sue, theirs("D1"), unknown)
    yield from rules("that serves another", "", admin, theirs("D2"), unknown)
    yield from rules("that serves nobody", "", admin, theirs(), unknown)
    yield from rules("that serves us and another", "", admin, theirs("D1", "D2"), several)
    for served in (theirs("D1"), theirs("D1", "D2"), theirs()):
        yield from rules("an agency's own", "", alma, served)
    peer = Managed("P1", OrganizationKind.PROVIDER, alma, id="them")
    yield from rules("and another administrator of it", "", alma, peer)
    another = Managed("P2", OrganizationKind.PROVIDER, staff, frozenset({"D1"}), "them")
    yield from rules("not another agency's", "", alma, another, unknown)
    for says, codes, them in (
        ("a district's own head", "", ours(sue)),
        ("another district's", unknown, elsewhere),
        ("of an agency that serves it", "", theirs("D1", "D2")),
        ("of one that serves nobody yet", "", theirs()),
        ("of one that serves another", unknown, theirs("D2")),
    ):
        yield case("by command", says, codes, people.may_let_in, "D1", them)


def staff() -> Iterator[Case]:
    ana = UserFacts("ana", "D1", Level.CLINICIAN, Span(LONG_AGO, T))
    carry = partial(case, "caseload", ask=caseloads.may_carry, district="D1")
    yield carry("a clinician", "", person=ana, at=T - TICK)
    yield carry("a counselor", "", person=replace(ana, level=Level.COUNSELOR), at=T - TICK)
    yield carry("no longer there", "NOT_OUR_STAFF", person=ana, at=T)
    yield carry("elsewhere", "NOT_OUR_STAFF", person=replace(ana, organization="D2"), at=T - TICK)
    teacher = replace(ana, level=Level.TEACHER)
    yield carry("classes come from the roster", "NOT_OUR_STAFF", person=teacher, at=T - TICK)


def handing_over() -> Iterator[Case]:
    give = partial(case, "hand over", ask=caseloads.may_hand_over, me="ana")
    yield give("one's own", "", role=Role.SUPPORT_STAFF, whose="ana")
    yield give("a colleague's", "NO_RELATION", role=Role.SUPPORT_STAFF, whose="tom")
    yield give("a colleague's, by the principal", "", role=Role.PRINCIPAL, whose="tom")
    cora = UserFacts("cora", "D1", Level.COUNSELOR, Span(LONG_AGO, T))
    take = partial(case, "take over", ask=caseloads.may_take_over, person=cora, at=T - TICK)
    yield take("a counselor", "", role=Role.SUPPORT_STAFF, district="D1")
    yield take("of another district", "NOT_OUR_STAFF", role=Role.SUPPORT_STAFF, district="D2")
    yield take("a guidance secretary", "NOT_OUR_STAFF", role=Role.SECRETARY, district="D1")


def numbers() -> Iterator[Case]:
    see = partial(case, "numbers", ask=unnamed.may_see_numbers, grants=(), at=T)
    budget = UnnamedView.BUDGET
    yield see("the budget office", "", level=Level.BUDGET, view=budget)
    yield see("no other office", "NO_SUCH_NUMBERS", level=Level.PERSONNEL, view=budget)


def teams() -> Iterator[Case]:
    [consent] = known("rita").consents
    rita, admin = UserFacts("rita", "P1", Level.STAFF, Span(LONG_AGO, T)), Role.AGENCY_ADMIN
    assign = partial(case, "team", ask=case_teams.may_assign)

    def asked(**changes: Any) -> dict[str, Any]:
        usually = {"role": admin, "organization": "P1", "person": rita, "consent": consent}
        return usually | {"at": T - TICK} | changes

    yield assign("one's staff, for one's consent", "", **asked())
    yield assign("by staff", "NO_SUCH_TASK", **asked(role=Role.AGENCY_STAFF))
    yield assign("another's consent", "NO_CONSENT", **asked(consent=_to(consent, "P2")))
    revoked = replace(consent, revoked_at=T - DAY)
    yield assign("a consent taken back", "REVOKED", **asked(consent=revoked))
    yield assign("somebody who left", "NOT_OUR_STAFF", **asked(at=T))
    elsewhere = replace(rita, organization="P2")
    yield assign("another's staff", "NOT_OUR_STAFF", **asked(person=elsewhere))
    end = partial(case, "team", ask=case_teams.may_end, organization="P1", consent=consent)
    yield end("ended on any day", "", role=admin, person=rita)
    yield end("not by staff", "NO_SUCH_TASK", role=Role.AGENCY_STAFF, person=rita)
    yield end("not another's staff", "NOT_OUR_STAFF", role=admin, person=elsewhere)
    other = partial(case, "team", ask=case_teams.may_end, organization="P1")
    yield other("not another's", "NO_CONSENT", role=admin, person=rita, consent=_to(consent, "P2"))


def _to(consent: ConsentFacts, recipient: str) -> ConsentFacts:
    return replace(consent, recipient=recipient)


def reviews() -> Iterator[Case]:
    decide = partial(case, "review", ask=reviewing.may_decide, user="dina")
    admin, sue = Role.DISTRICT_ADMIN, Role.SUPERINTENDENT
    yield decide("the administrator", "", role=admin, about="ana", about_role=Role.SUPPORT_STAFF)
    yield decide("another administrator", "", role=admin, about="dan", about_role=admin)
    yield decide("a thing of nobody", "", role=admin, about="", about_role=None)
    yield decide("oneself", "ABOUT_ONESELF", role=admin, about="dina", about_role=admin)
    yield decide(
        "the superintendent, of an administrator", "", role=sue, about="dan", about_role=admin
    )
    only = "NO_SUCH_TASK"
    yield decide("of anybody else", only, role=sue, about="ana", about_role=Role.TEACHER)
    yield decide("of a thing", only, role=sue, about="", about_role=None)
    yield decide("of another superintendent", "", role=sue, about="sam", about_role=sue)
    yield decide("of oneself", "ABOUT_ONESELF", role=sue, about="dina", about_role=sue)
    both = "NO_SUCH_TASK ABOUT_ONESELF"
    yield decide("a teacher, of oneself", both, role=Role.TEACHER, about="dina", about_role=admin)
    yield decide("not a principal", only, role=Role.PRINCIPAL, about="ana", about_role=admin)
    sign = partial(case, "review signed", ask=reviewing.may_sign_off)
    for role in Role:
        yield sign(str(role), "" if role is admin else only, role=role)


def undoing() -> Iterator[Case]:
    take_back = partial(case, "undo", ask=undo.may_undo, user="ana")
    minutes = timedelta(minutes=10)
    yield take_back("one's own, at once", "", author="ana", written_at=T, at=T)
    yield take_back("within ten minutes", "", author="ana", written_at=T, at=T + minutes - TICK)
    late = "TOO_LATE_TO_UNDO"
    yield take_back("after ten minutes", late, author="ana", written_at=T, at=T + minutes)
    yield take_back("written nobody knows when", late, author="ana", written_at=None, at=T)
    yield take_back("another's", "NOT_THE_AUTHOR", author="tom", written_at=T, at=T)
    yield take_back("nobody's", "NOT_THE_AUTHOR", author=None, written_at=T, at=T)


def taking_out() -> Iterator[Case]:
    much = partial(case, "much at once", ask=exports.may_take_much, at=T, required=True)
    yield much("the second factor shown just now", "", shown_at=T)
    yield much("never shown", "SECOND_FACTOR_NEEDED", shown_at=None)
    mine = exports.Taken(ExportKind.VISITS, "ana", T, reaches_all=True)
    again = partial(case, "taken out", ask=exports.may_open_export, user="ana", taken=mine)
    staff = {"role": Role.SUPPORT_STAFF, "level": Level.CLINICIAN}
    yield again("within a day", "", at=T + timedelta(days=1) - TICK, **staff)
    yield again("after a day", "EXPORT_OVER", at=T + timedelta(days=1), **staff)


def correcting() -> Iterator[Case]:
    own = corrections.Written("ana", T)
    removed = replace(own, removed_by="ana", removed_at=T)
    staff, admin, principal = Role.SUPPORT_STAFF, Role.DISTRICT_ADMIN, Role.PRINCIPAL
    others, lone = "NOT_THE_AUTHOR", "OWN_RECORD"
    edit = partial(case, "edit", ask=corrections.may_edit, written=own)
    yield edit("the author", "", user="ana", role=staff)
    yield edit("nobody else", others, user="tom", role=staff)
    for role in (admin, principal):
        yield edit(f"{role}, unasked", others, user="omar", role=role)
        yield edit(f"{role}, of a request to amend", "", user="omar", role=role, asked=True)
    yield edit("staff, of a request to amend", others, user="tom", role=staff, asked=True)
    brought = corrections.Written(None, None)
    yield edit("what was brought in", others, user="ana", role=staff, written=brought)
    remove = partial(case, "remove", ask=corrections.may_remove, written=own)
    yield remove("the author", "", user="ana", role=staff)
    yield remove("the administrator", "", user="dina", role=admin)
    yield remove("nobody else", others, user="omar", role=principal)
    restore = partial(case, "restore", ask=corrections.may_restore, written=removed)
    soon, late = T + timedelta(minutes=10) - TICK, T + timedelta(minutes=10)
    yield restore("who removed it, soon", "", user="ana", role=staff, at=soon)
    yield restore("later", "TOO_LATE_TO_UNDO", user="ana", role=staff, at=late)
    yield restore("the administrator, any time", "", user="dina", role=admin, at=late)
    yield restore("nobody else", others, user="tom", role=staff, at=soon)
    both = "NOT_THE_AUTHOR TOO_LATE_TO_UNDO"
    yield restore("what nobody removed", both, user="ana", role=staff, at=soon, written=own)
    for says, rule in (("approve", corrections.may_approve), ("decide", corrections.may_decide)):
        second = partial(case, says, ask=rule, written=own)
        yield second("a principal", "", user="omar", role=principal)
        yield second("an administrator", "", user="dina", role=admin)
        yield second("not one's own", lone, user="ana", role=principal)
        yield second("not staff", "NO_SUCH_TASK", user="tom", role=staff)
        yield second("least of all one's own", f"NO_SUCH_TASK {lone}", user="ana", role=staff)
    hear = partial(
        case, "hearing", ask=corrections.may_record_hearing, written=own, decided_by="omar"
    )
    yield hear("a third person", "", user="dina", role=admin)
    yield hear("not who refused", lone, user="omar", role=principal)
    yield hear("not the author", lone, user="ana", role=admin)
    yield hear("not staff", "NO_SUCH_TASK", user="tom", role=staff)


# Families who come in by a link


def restricting_notes() -> Iterator[Case]:
    may = partial(case, "restrict", ask=restricting.may_restrict, user="ana")
    yield may("the author", "", author="ana", role=Role.SUPPORT_STAFF)
    yield may("an administrator", "", author="cora", role=Role.DISTRICT_ADMIN)
    yield may("a principal", "", author=None, role=Role.PRINCIPAL)
    for role in (Role.SUPPORT_STAFF, Role.SUPERINTENDENT, Role.AGENCY_ADMIN):
        yield may(f"another who is {role}", "NOT_THE_AUTHOR", author="cora", role=role)
    yield may("of nobody known", "NOT_THE_AUTHOR", author=None, role=Role.SUPPORT_STAFF)


def prints() -> Iterator[Case]:
    may = partial(case, "print", ask=papers.may_open_print, district="D1", at=T)
    staff = {"facts": known("ana"), "role": Role.SUPPORT_STAFF}
    yield may("who made it", "", maker="ana", **staff)
    yield may("a summary, by anybody who may print", "", maker=None, **staff)
    yield may("another's print", "NOT_THE_AUTHOR", maker="omar", **staff)
    gone = known("ana", drop("relations", user="ana"))
    yield may(
        "once made, no longer theirs",
        "NO_RELATION",
        maker="ana",
        facts=gone,
        role=Role.SUPPORT_STAFF,
    )
    teacher = {"facts": known("tom"), "role": Role.TEACHER}
    yield may("a teacher", "NO_SUCH_TASK SUPPORT_STAFF_ONLY", maker=None, **teacher)


def links() -> Iterator[Case]:
    come_in = partial(case, "link", ask=family.may_open, at=T)
    good = LinkFacts(expires_at=T + DAY)
    yield come_in("one that is good", "", link=good)
    yield come_in("nobody's", "LINK_UNKNOWN", link=None)
    yield come_in("run out at this instant", "LINK_EXPIRED", link=replace(good, expires_at=T))
    yield come_in("used", "LINK_USED", link=replace(good, ended_at=T))
    yield come_in("ends later", "", link=replace(good, ended_at=T + DAY))
    yield come_in("locked", "LINK_LOCKED", link=replace(good, locked_at=T))
    every = "LINK_USED LINK_EXPIRED LINK_LOCKED"
    yield come_in("every reason is told", every, link=LinkFacts(T, T, T))


def passes() -> Iterator[Case]:
    go_on = partial(case, "pass", ask=family.may_go_on)
    half_an_hour = timedelta(minutes=30)
    until = family.pass_end(T)
    yield go_on("just used", "", pass_until=until, at=T)
    yield go_on("almost half an hour of nothing", "", pass_until=until, at=T + half_an_hour - TICK)
    yield go_on("half an hour of nothing", "PASS_ENDED", pass_until=until, at=T + half_an_hour)
    yield go_on("none", "PASS_ENDED", pass_until=None, at=T)


def declaring() -> Iterator[Case]:
    """Who declares an emergency, and who looks at it and at unusual use."""
    for role, level, codes in (
        (Role.SUPPORT_STAFF, Level.CLINICIAN, ""),
        (Role.SUPPORT_STAFF, Level.COUNSELOR, ""),
        (Role.PRINCIPAL, Level.PRINCIPAL, ""),
        (Role.DISTRICT_ADMIN, Level.SPECIAL_EDUCATION, ""),
        (Role.DISTRICT_ADMIN, Level.STAFF, "SUPPORT_STAFF_ONLY"),
        (Role.DISTRICT_ADMIN, Level.BUDGET, "SUPPORT_STAFF_ONLY"),
        (Role.TEACHER, Level.TEACHER, "NO_SUCH_TASK"),
        (Role.SUPERINTENDENT, Level.SUPERINTENDENT, "NO_SUCH_TASK"),
        (Role.AGENCY_STAFF, Level.STAFF, "NO_SUCH_TASK"),
    ):
        says = f"{role} of level {level} declares one"
        yield case("emergency", says, codes, emergencies.may_declare, role, level)
    settle = use.may_settle
    yield case("use", "somebody else settles it", "", settle, "ana", "dina", Role.DISTRICT_ADMIN)
    yield case("use", "never oneself", "OWN_RECORD", settle, "sue", "sue", Role.SUPERINTENDENT)
    yield case("use", "not a principal", "NO_SUCH_TASK", settle, "ana", "omar", Role.PRINCIPAL)
    go_on, end = use.may_go_on, use.STOP_AT
    yield case("use", "up to a thousand", "", go_on, end - 1, stopped=False)
    yield case("use", "and no further", "TOO_MANY_OPENED", go_on, end, stopped=False)
    yield case("use", "nor once stopped", "TOO_MANY_OPENED", go_on, 0, stopped=True)


CASES = [
    *declaring(),
    *misplaced(),
    *by_role(),
    *for_a_student(),
    *finding_students(),
    *finding_by_grant(),
    *written_requests_(),
    *of_papers(),
    *of_taking_along(),
    *slips(),
    *accounts(),
    *staff(),
    *handing_over(),
    *numbers(),
    *teams(),
    *reviews(),
    *undoing(),
    *restricting_notes(),
    *prints(),
    *taking_out(),
    *correcting(),
    *links(),
    *passes(),
]
