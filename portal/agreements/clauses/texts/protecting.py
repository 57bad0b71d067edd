"""How records are protected, and what families may ask: articles 17 to 21."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.texts.connecticut import LAW, RULE
from portal.agreements.clauses.types import AGREEMENTS, MOU_ONLY, SHARING, Clause, Need
from portal.languages.marks import N_

SECURITY = (
    Clause(
        "security_users",
        Article.SECURITY,
        N_("Named users"),
        (
            "Everybody who opens student data does so under a name of their own, with a second "
            "factor where the system offers one, and only as far as their work needs it. Nobody "
            "shares a password. Each party keeps its list of users correct and takes a person off "
            "on the day they leave.",
        ),
        N_("Everybody who sees records signs in under their own name."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "security_team",
        Article.SECURITY,
        N_("Who at a Partner may open a record"),
        (
            "What a consent has opened to a Partner may be opened there"
            "{% for partner in partners %}{% if several %}\n* at {{ partner.name }}{% endif %} "
            "{% if partner.waive_team %}by any user whom it has authorized in the portal"
            "{% else %}only by the members of the student's case team{% endif %}"
            "{% if several %}{% else %}.{% endif %}{% endfor %}",
            "The Partner answers for each opening by its users.",
        ),
        N_("It says who at the partner may open a student's records."),
        kinds=SHARING,
    ),
    Clause(
        "security_encryption",
        Article.SECURITY,
        N_("Encryption"),
        ("Student data are encrypted on the way and where they are stored.",),
        N_("Records are encrypted."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "security_devices",
        Article.SECURITY,
        N_("Devices and services"),
        (
            "Student data are not put on private devices, into private mail, or into services that "
            "learn from them. A device that holds them locks itself and can be wiped when it is "
            "lost.",
        ),
        N_("Records do not go on private phones or into services that learn from them."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
    Clause(
        "security_exports",
        Article.SECURITY,
        N_("Prints and files"),
        (
            "A print or a file of student data is made only when the work cannot be done without "
            "it, is logged with its maker, and is destroyed when it is no longer needed.",
        ),
        N_("Paper copies and files are the exception, and are destroyed after use."),
        need=Need.USUAL,
        kinds=SHARING,
    ),
    Clause(
        "security_training",
        Article.SECURITY,
        N_("Training"),
        (
            "Each party trains its users on these rules before the first use, and then at least "
            "every {{ clocks.training_months }} months.",
        ),
        N_("People who see records are trained."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "security_contact",
        Article.SECURITY,
        N_("Contact for security"),
        (
            "Whoever finds a weakness or suspects a misuse tells "
            "{% if contacts.security %}{{ contacts.security }}{% else %}the District's liaison"
            "{% endif %} at once.",
        ),
        N_("It says whom to tell when something looks unsafe."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)

REVIEW = (
    Clause(
        "review_users",
        Article.REVIEW,
        N_("Review of users"),
        (
            "At least every {{ clocks.review_days }} days each party checks its list of users and "
            "case teams, takes off whoever no longer needs access, and records that it has done "
            "so.",
        ),
        N_("Both sides check regularly who still needs access."),
        required_in=SHARING,
    ),
    Clause(
        "review_log",
        Article.REVIEW,
        N_("Log of disclosures"),
        (
            "Every opening of a record in the portal, and every refusal, is logged with person, "
            "time, purpose and the paper it rested on; what is given outside the portal is "
            "recorded in the same way. The District may read the log of its students' records at "
            "any time. A family may have it on request.",
        ),
        N_("Every look at a record is written down, and families may ask for the list."),
        citation="34 CFR 99.32, 300.614; Conn. Gen. Stat. § 19a-585(b)",
        required_by="FERPA, the IDEA and Connecticut's law on HIV-related information",
    ),
    Clause(
        "review_audit",
        Article.REVIEW,
        N_("Audit"),
        (
            "With ten school days' notice, and at once after a breach, the District may check how "
            "a Partner keeps student data under this agreement. The Partner shows its policies, "
            "its training records and its list of users. It shows no health record for it.",
        ),
        N_("The district may check how a partner keeps student data."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)

BREACH_LAW = "Connecticut's law on breaches of student data"
BREACH_RULE = "Conn. Gen. Stat. § 10-234dd"

BREACH = (
    Clause(
        "breach_partner_tells",
        Article.BREACH,
        N_("The Partner tells the District"),
        (
            "A Partner that discovers that student data were reached, used or disclosed without "
            "permission tells {% if contacts.security %}{{ contacts.security }}{% else %}the "
            "District's liaison{% endif %} without unreasonable delay: for student information "
            "within {{ clocks.breach_student_days }} days at most, for directory information, "
            "student records and content that students made within "
            "{{ clocks.breach_other_days }} days at most. It says what happened, whose data, and "
            "what it has done.",
        ),
        N_("If data get into wrong hands, the partner tells the district within set days."),
        citation=BREACH_RULE,
        required_by=BREACH_LAW,
    ),
    Clause(
        "breach_district_tells",
        Article.BREACH,
        N_("The District tells families"),
        (
            "Within {{ clocks.breach_notice_hours }} hours after it has learned of it, the "
            "District tells the students, parents and guardians concerned, and posts a notice on "
            "its website.",
        ),
        N_("The district then tells families within hours."),
        citation=BREACH_RULE,
        required_by=BREACH_LAW,
    ),
    Clause(
        "breach_hipaa",
        Article.BREACH,
        N_("Duties under health law"),
        (
            "A Partner's own duties to notify under HIPAA, within sixty days at most, and under "
            "other laws stay as they are. Notice under this article does not replace them.",
        ),
        N_("The partner's own duties under the health privacy law go on besides."),
        citation="45 CFR Part 164",
        required_by="HIPAA",
        when=conditions.HIPAA,
    ),
    Clause(
        "breach_help",
        Article.BREACH,
        N_("Finding the cause"),
        (
            "The party at which it happened finds the cause, stops it, bears the cost of notice, "
            "and helps to answer families. A misuse by a party's own people is a breach too.",
        ),
        N_("Whoever caused it finds out why, stops it and helps families."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)

RIGHTS = (
    Clause(
        "rights_read",
        Article.RIGHTS,
        N_("To read"),
        (
            "A parent, or the student who holds the rights, may read the education record. They "
            "write to {% if contacts.records %}{{ contacts.records }}{% else %}the District's "
            "liaison{% endif %}. The District answers within {{ clocks.respond_days }} days at "
            "most, and destroys nothing that somebody has asked to read.",
        ),
        N_("Families may read school records, and get an answer within set days."),
        citation="34 CFR 99.10",
        required_by="FERPA",
    ),
    Clause(
        "rights_correct",
        Article.RIGHTS,
        N_("To have it corrected"),
        (
            "They may ask that a record be amended which is wrong, misleading or a breach of "
            "privacy; have a hearing when the District refuses; and add a statement that stays "
            "with the record (34 CFR 99.20 to 99.22). A Partner corrects what it received when the "
            "District has corrected it.",
        ),
        N_("Families may have mistakes corrected, or add their own statement."),
        citation="34 CFR 99.20 to 99.22",
        required_by="FERPA",
        kinds=AGREEMENTS,
    ),
    Clause(
        "rights_copies",
        Article.RIGHTS,
        N_("To have copies and the list"),
        (
            "They may have a copy of a consent they signed, of the records shared under it, and "
            "the list of who received records, when and why.",
        ),
        N_("Families may have copies, and the list of who got records."),
        citation="34 CFR 99.30(c), 99.32",
        required_by="FERPA",
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "rights_take_back",
        Article.RIGHTS,
        N_("To take a consent back"),
        (
            "They may take a consent back at the District or at the Partner. Whoever receives it "
            "enters it in the portal at once and tells the other.",
        ),
        N_("Families may take a consent back at the school or at the partner."),
        kinds=SHARING,
    ),
    Clause(
        "rights_either_parent",
        Article.RIGHTS,
        N_("Either parent"),
        (
            "Either parent may use these rights, unless the District has been shown a court order "
            "or another binding paper that takes them away.",
        ),
        N_("Either parent has these rights, unless a court order says otherwise."),
        need=Need.USUAL,
        citation="34 CFR 99.4; Conn. Gen. Stat. § 10-15b",
        kinds=AGREEMENTS,
    ),
    Clause(
        "rights_complaint",
        Article.RIGHTS,
        N_("To complain"),
        (
            "They may complain to either side, and about education records to the Student Privacy "
            "Policy Office of the U.S. Department of Education.",
        ),
        N_("Families may complain."),
        need=Need.OPTIONAL,
        kinds=AGREEMENTS,
    ),
)

EMERGENCY = (
    Clause(
        "emergency_exceptions",
        Article.EMERGENCY,
        N_("Without a consent"),
        (
            "Without a consent a record may be shared",
            "* when there is an articulable and significant threat to somebody's health or safety, "
            "with those whose knowledge is needed, while it lasts, and with the threat and the "
            "recipients written down at the time (34 CFR 99.36);",
            "* on a court order or subpoena that the law obliges a party to obey, after reasonable "
            "notice to the family unless that is barred; substance use records never on a subpoena "
            "alone;",
            "* with a child welfare agency that is legally responsible for the student's care and "
            "protection, as 20 USC 1232g(b)(1)(L) allows;",
            "* where another law allows or commands it for the case at hand.",
            "Each time is recorded. None of these is a standing permission.",
        ),
        N_("In an emergency, or when a court orders it, a record may be shared without consent."),
        citation="34 CFR 99.31(a)(9), 99.36; 20 USC 1232g(b)(1)(L)",
        required_by="FERPA",
        kinds=SHARING,
    ),
    Clause(
        "emergency_reports",
        Article.EMERGENCY,
        N_("Mandated reports"),
        (
            "Nothing here delays a report of abuse or neglect that the law obliges somebody to "
            "make (Conn. Gen. Stat. §§ 17a-101 to 17a-101d). Everybody makes their own report. "
            "Reports themselves are not shared under this agreement.",
        ),
        N_("Nothing delays a report of abuse. Such reports are not shared."),
        citation="Conn. Gen. Stat. §§ 17a-101 to 17a-101d",
        required_by="Connecticut's law on mandated reports",
        required_in=MOU_ONLY,
        kinds=SHARING,
    ),
    Clause(
        "emergency_crisis",
        Article.EMERGENCY,
        N_("In a crisis"),
        (
            "In a crisis, whoever learns of it first stays with the student, calls for help first, "
            "and then "
            "{% if contacts.crisis %}{{ contacts.crisis }}{% else %}the other side's liaison"
            "{% endif %}. The parents are told as soon as it is safe for the student. Within two "
            "school days District and Partner agree on the next steps, as far as a consent lets "
            "them share.",
        ),
        N_("In a crisis the student is not left alone, help is called, and parents are told."),
        kinds=MOU_ONLY,
    ),
)
