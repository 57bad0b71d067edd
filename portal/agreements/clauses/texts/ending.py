"""Results, records at the end, term, money and the last words: articles 22 to 27."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.texts.connecticut import LAW, RULE
from portal.agreements.clauses.texts.parties import AUDIT_LAW, AUDIT_RULE, STUDY_LAW, STUDY_RULE
from portal.agreements.clauses.types import AGREEMENTS, MOU_ONLY, SHARING, Clause, Need
from portal.languages.marks import N_
from portal.vocabulary import AgreementKind

OUTCOMES = (
    Clause(
        "outcomes_metrics",
        Article.OUTCOMES,
        N_("What the parties look at"),
        (
            "At each review the parties look at:{% for metric in metrics %}\n* {{ metric }}{% "
            "endfor %}",
        ),
        N_("It lists the numbers that show whether the work helps."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "outcomes_small_numbers",
        Article.OUTCOMES,
        N_("Small numbers"),
        (
            "No published table shows a number of students below {{ smallest_count }}, or lets it "
            "be worked out from its totals or from another table.",
        ),
        N_("Published tables never show small numbers, so that nobody can be recognized."),
        citation="34 CFR 99.31(b)(1)",
        required_by="FERPA, and the rule of the State Department of Education",
    ),
    Clause(
        "outcomes_meetings",
        Article.OUTCOMES,
        N_("Meetings"),
        (
            "The liaisons meet at least once in each half of the school year. They talk about how "
            "the work goes, not about single students, unless a consent allows it.",
        ),
        N_("Both sides meet at least twice a year."),
        need=Need.USUAL,
        kinds=MOU_ONLY,
    ),
)

RETENTION = (
    Clause(
        "retention_lines",
        Article.RETENTION,
        N_("How long"),
        (
            "Each record received is kept no longer than its line in {{ at.schedule_district }} or "
            "{{ at.schedule_partner }} says.",
        ),
        N_("Records are kept no longer than the list says."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "retention_return",
        Article.RETENTION,
        N_("At the end"),
        (
            "Within {{ clocks.destroy_days }} days of the end of this agreement each Partner "
            "destroys the District's student data or returns them, as the District chooses, and "
            "has those do the same to whom it gave them. Health records that the law obliges a "
            "Partner to keep, and education records that it obliges the District to keep, are "
            "excepted.",
        ),
        N_("At the end, records are destroyed or given back."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "retention_certificate",
        Article.RETENTION,
        N_("Certificate"),
        (
            "The Partner certifies in writing, signed by a person responsible, what was destroyed "
            "or returned, when and how.",
        ),
        N_("The partner confirms in writing what was destroyed."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "retention_pending",
        Article.RETENTION,
        N_("Not while somebody asks"),
        (
            "Nothing is destroyed while a request to read it, a correction or a legal hold is "
            "pending.",
        ),
        N_("Nothing is destroyed while a family waits to read it."),
        need=Need.USUAL,
        citation="34 CFR 99.10(e)",
        kinds=AGREEMENTS,
    ),
    Clause(
        "study_destroy",
        Article.RETENTION,
        N_("After the study"),
        (
            "All student data that identify anybody are destroyed when they are no longer needed "
            "for the study, and by {{ use.destroy_on }} at the latest.",
        ),
        N_("After the study the records are destroyed, by a set day."),
        citation=STUDY_RULE,
        required_by=STUDY_LAW,
        kinds=SHARING | {AgreementKind.STUDIES},
        when=conditions.STUDY,
    ),
    Clause(
        "audit_destroy",
        Article.RETENTION,
        N_("After the audit or evaluation"),
        (
            "The authorized representative destroys the student data when they are no longer "
            "needed for the audit or evaluation, and by {{ use.destroy_on }} at the latest.",
        ),
        N_("After the audit the records are destroyed, by a set day."),
        citation=AUDIT_RULE,
        required_by=AUDIT_LAW,
        kinds=SHARING | {AgreementKind.AUDIT},
        when=conditions.AUDIT,
    ),
    Clause(
        "use_destroy",
        Article.RETENTION,
        N_("After the one use"),
        (
            "The data of this letter are destroyed when the use is done, and by "
            "{{ use.destroy_on }} at the latest.",
        ),
        N_("After the one use the records are destroyed, by a set day."),
        kinds=frozenset({AgreementKind.DATA_USE}),
    ),
)

HOW_IT_ENDS = N_("How a party ends it")

TERM = (
    Clause(
        "term_dates",
        Article.TERM,
        N_("Term"),
        (
            "This agreement is in force from {{ starts_on }}, or from the last signature if that "
            "is later, through {{ ends_on }}. It does not renew itself.",
        ),
        N_("It has a first and a last day, and does not renew itself."),
    ),
    Clause(
        "term_review",
        Article.TERM,
        N_("Review"),
        (
            "{% if review_on %}The parties review it by {{ review_on }}{% else %}The parties "
            "review it before its last day{% endif %} and decide whether to renew, change or end "
            "it.",
        ),
        N_("Before the end, both sides decide how to go on."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
    Clause(
        "term_change",
        Article.TERM,
        N_("Changes to the agreement"),
        (
            "It is changed only by a new agreement that all parties sign. A schedule is never "
            "changed after signing.",
        ),
        N_("It is changed only in writing, signed by all."),
    ),
    Clause(
        "term_notice",
        Article.TERM,
        N_("Ending with notice"),
        (
            "Any party may end it, without giving a reason, with {{ clocks.notice_days }} days' "
            "written notice.",
        ),
        N_("Either side may end it with notice."),
        alternatives=HOW_IT_ENDS,
    ),
    Clause(
        "term_cause",
        Article.TERM,
        N_("Ending for cause"),
        (
            "A party may end it before its last day only when another has broken it, was told so "
            "in writing, and has not put it right within {{ clocks.notice_days }} days.",
        ),
        N_("A side may end it early only if the other broke it."),
        alternatives=HOW_IT_ENDS,
    ),
    Clause(
        "term_year_end",
        Article.TERM,
        N_("Ending at the end of a school year"),
        (
            "Any party may end it as of June 30 of a year with {{ clocks.notice_days }} days' "
            "written notice, so that care is not broken off within a school year.",
        ),
        N_("Either side may end it at the end of a school year."),
        alternatives=HOW_IT_ENDS,
    ),
    Clause(
        "term_at_once",
        Article.TERM,
        N_("Ending at once"),
        (
            "A party may end it at once when another has broken it in a way that endangers student "
            "data or a student. From the instant at which it ends, the portal shares nothing under "
            "it.",
        ),
        N_("If records or students are in danger, it may end at once, and sharing stops."),
    ),
    Clause(
        "term_one_leaves",
        Article.TERM,
        N_("When one Partner leaves"),
        (
            "When it ends between the District and one Partner, it goes on between the District "
            "and the others.",
        ),
        N_("If one partner leaves, the agreement goes on with the others."),
        when=conditions.SEVERAL,
    ),
    Clause(
        "term_continuity",
        Article.TERM,
        N_("Nobody is left without care"),
        (
            "When it ends, District and Partner see to it that no student is left without care: "
            "the Partner tells each family in time, goes on until another provider has begun or "
            "for {{ clocks.notice_days }} days at least where the family wishes it, and hands over "
            "with the family's consent.",
        ),
        N_("When it ends, students are handed over and not left without care."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "term_survives",
        Article.TERM,
        N_("What goes on after the end"),
        (
            "What it says on passing on, security, breach, rights, and keeping and destroying goes "
            "on for as long as a party holds student data received under it.",
        ),
        N_("The duty to protect records goes on after the end."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)

LIABILITY = N_("Who bears a loss")

MONEY = (
    Clause(
        "money_costs",
        Article.MONEY,
        N_("Costs"),
        ("{{ costs }}",),
        N_("It says who pays what."),
        required_in=MOU_ONLY,
        kinds=AGREEMENTS,
    ),
    Clause(
        "money_billing",
        Article.MONEY,
        N_("Billing of families and insurers"),
        (
            "Before a service that a Partner bills begins, it tells the family what will be "
            "billed, to whom, and what may reach them by mail. No student is refused a Tier 1 "
            "service or help in a crisis because of money.",
        ),
        N_("Families learn of costs before a service begins."),
        need=Need.OPTIONAL,
        kinds=MOU_ONLY,
    ),
    Clause(
        "liability_own",
        Article.MONEY,
        N_("Each answers for itself"),
        (
            "Each party answers for its own acts and omissions and those of its people. No party "
            "indemnifies another. Nothing here waives an immunity that the law gives.",
        ),
        N_("Each side answers for what it does."),
        alternatives=LIABILITY,
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "liability_mutual",
        Article.MONEY,
        N_("Each holds the others harmless"),
        (
            "As far as the law allows it, each party holds the others harmless from claims of "
            "third persons that arise from its own negligence, or that of its people, in carrying "
            "out this agreement. Nothing here waives an immunity that the law gives.",
        ),
        N_("Whoever makes a mistake pays for the claims it causes."),
        alternatives=LIABILITY,
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "money_independent",
        Article.MONEY,
        N_("Independence"),
        (
            "The parties are independent. No one of them is the employee, the agent or in law the "
            "partner of another; the word “Partner” says only who works together.",
        ),
        N_("Both sides stay independent of each other."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
    Clause(
        "money_nondiscrimination",
        Article.MONEY,
        N_("No discrimination"),
        (
            "No party treats anybody differently on grounds that state or federal law forbids. "
            "Services are open to students with disabilities and to students who are learning "
            "English.",
        ),
        N_("Nobody is treated worse for who they are."),
        required_in=MOU_ONLY,
        kinds=AGREEMENTS,
    ),
    Clause(
        "money_assignment",
        Article.MONEY,
        N_("No transfer"),
        (
            "No party transfers this agreement to somebody else without the others' written "
            "consent.",
        ),
        N_("Nobody hands the agreement on to another firm."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)

GENERAL = (
    Clause(
        "general_order",
        Article.GENERAL,
        N_("Which paper goes first"),
        (
            "Where this agreement and a consent differ, the one that shares less is followed. "
            "Where this agreement and a statute differ, the statute is followed. Where a schedule "
            "and another part of this agreement differ, the one that shares less is followed.",
        ),
        N_("If two papers differ, the one that shares less counts. The law counts above all."),
    ),
    Clause(
        "general_entire",
        Article.GENERAL,
        N_("The whole agreement"),
        (
            "This is the whole agreement of the parties on its subject. What was said or written "
            "before does not add to it.{% if document.follows %} It takes the place of "
            "{{ document.follows }}.{% endif %}",
        ),
        N_("Everything agreed is in this paper."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
    Clause(
        "general_dispute",
        Article.GENERAL,
        N_("Steps in a dispute"),
        (
            "When the parties disagree, the liaisons talk within ten school days; if that does not "
            "help, the Superintendent and the head of the Partner within twenty more; and then, if "
            "both wish, with a mediator. Services and the protection of records go on meanwhile. "
            "Nothing here keeps a party from a court.",
        ),
        N_("In a dispute people talk first, step by step, while services go on."),
        need=Need.USUAL,
        kinds=SHARING,
    ),
    Clause(
        "general_notices",
        Article.GENERAL,
        N_("Notices"),
        (
            "A notice under this agreement is written and goes to the liaison of the other side, "
            "or to the contact whom {{ at.parties }} names for the matter.",
        ),
        N_("Important messages are written, and go to the named person."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
    Clause(
        "general_public",
        Article.GENERAL,
        N_("A public paper"),
        ("The parties know that this agreement may be a public record. It names no student.",),
        N_("The agreement itself may be read by everybody. It names no student."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)

SIGNATURES = (
    Clause(
        "signatures_electronic",
        Article.SIGNATURES,
        N_("How it is signed"),
        (
            "A party signs by hand, or in the portal by typing the signer's name after signing in. "
            "The parties agree to electronic signatures and records (Conn. Gen. Stat. §§ 1-266 to "
            "1-286). The portal keeps this document unchanged, with its SHA-256 fingerprint, who "
            "signed, and when; each party may have it and print it at any time.",
        ),
        N_("It is signed by hand or in the portal, and kept unchanged."),
        citation="Conn. Gen. Stat. §§ 1-266 to 1-286",
        required_by="Connecticut's law on electronic transactions",
    ),
    Clause(
        "signatures_order",
        Article.SIGNATURES,
        N_("In which order"),
        (
            "The parties sign in the order of the blocks below. It is signed when the last of them "
            "has signed. Copies signed apart are one agreement.",
        ),
        N_("It counts when all have signed."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)
