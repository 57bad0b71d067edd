"""Who agrees, what for, in which words: the cover and articles 1 to 3."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import AGREEMENTS, EVERY_KIND, MOU_ONLY, SHARING, Clause, Need
from portal.languages.marks import N_
from portal.vocabulary import AgreementKind

COVER = (
    Clause(
        "text_of_record",
        Article.COVER,
        N_("Text of record"),
        (
            "The English text of this agreement is the one that binds. Summaries in plain language "
            "and translations help to read it; they change nothing in it.",
        ),
        N_("The English agreement is what counts. Summaries and translations only help."),
    ),
)

PARTIES = (
    Clause(
        "parties_who",
        Article.PARTIES,
        N_("The parties"),
        (
            "This agreement is between {{ district.name }}{% if district.code %}, district code "
            "{{ district.code }}{% endif %}{% if district.address %}, {{ district.address }}"
            "{% endif %} (the “District”), and{% for partner in partners %}{% if several %}\n* "
            "{% else %} {% endif %}{{ partner.name }}{% if partner.address %}, "
            "{{ partner.address }}{% endif %}{% if partner.licence %}, license "
            "{{ partner.licence }}{% endif %}{% if partner.npi %}, National Provider Identifier "
            "{{ partner.npi }}{% endif %} ({% if several %}a{% else %}the{% endif %} “Partner”)."
            "{% endfor %}",
        ),
        N_("It names the school district and each partner."),
    ),
    Clause(
        "parties_each",
        Article.PARTIES,
        N_("Each Partner for itself"),
        (
            "Each Partner agrees with the District for itself. No Partner answers for another, and "
            "nothing in this agreement lets a Partner see what another Partner shares or receives.",
        ),
        N_("Partners do not answer for one another, and do not see one another's records."),
        when=conditions.SEVERAL,
    ),
    Clause(
        "parties_authority",
        Article.PARTIES,
        N_("Authority to sign"),
        (
            "Each person who signs below states that they may bind the organization they sign for, "
            "in the capacity that stands beside their name.",
        ),
        N_("Whoever signs has the power to sign."),
    ),
    Clause(
        "parties_board_vote",
        Article.PARTIES,
        N_("Vote of the board"),
        ("The District's board of education approved this agreement on {{ board_vote_on }}.",),
        N_("The school board voted for it."),
        need=Need.USUAL,
        when=conditions.BOARD_VOTE,
    ),
    Clause(
        "parties_liaisons",
        Article.PARTIES,
        N_("Liaisons"),
        (
            "The District's liaison is {{ district.liaison }}.{% for partner in partners %}"
            "{% if several %}\n* The liaison of {{ partner.name }} is{% else %} The Partner's "
            "liaison is{% endif %} {{ partner.liaison }}.{% endfor %}",
            "A change of liaison is told to the others in writing within five school days.",
        ),
        N_("Each side names one person whom the others can call."),
        required_in=MOU_ONLY,
        kinds=AGREEMENTS,
    ),
    Clause(
        "parties_contacts",
        Article.PARTIES,
        N_("Contacts"),
        (
            "For single matters these are the contacts:",
            "* for records and the requests of families, {% if contacts.records %}"
            "{{ contacts.records }}{% else %}the District's liaison{% endif %};",
            "* for security and breaches, {% if contacts.security %}{{ contacts.security }}"
            "{% else %}the liaisons{% endif %};",
            "* in a crisis, {% if contacts.crisis %}{{ contacts.crisis }}{% else %}the liaisons"
            "{% endif %};",
            "* for the deletion of student data, {% if contacts.deletion %}"
            "{{ contacts.deletion }}{% else %}the Partner's liaison{% endif %}.",
        ),
        N_("It says whom to call for records, security, a crisis or deletion."),
    ),
    Clause(
        "parties_parent",
        Article.PARTIES,
        N_("The agreement above this one"),
        (
            "This paper stands under {% if document.parent %}{{ document.parent }}{% else %}the "
            "agreement of the parties on the sharing of records{% endif %} (the “parent "
            "agreement”). What the parent agreement asks of the parties applies here too. Where "
            "the two differ, the one that shares less is followed. When the parent agreement ends, "
            "this paper ends with it.",
        ),
        N_("This paper belongs to a larger agreement, shares no more than it, and ends with it."),
        kinds=EVERY_KIND - MOU_ONLY,
        need=Need.OPTIONAL,
    ),
    Clause(
        "parties_parent_letter",
        Article.PARTIES,
        N_("A letter under an agreement"),
        (
            "This letter stands under {% if document.parent %}{{ document.parent }}{% else %}the "
            "agreement of the parties on the sharing of records{% endif %} (the “parent "
            "agreement”), which applies to it in full. This letter allows the one use that it "
            "describes, and widens nothing else. When the parent agreement ends, it ends too.",
        ),
        N_("The letter allows one use of records under a larger agreement, and nothing more."),
        kinds=frozenset({AgreementKind.DATA_USE}),
    ),
    Clause(
        "parties_general_offer",
        Article.PARTIES,
        N_("Another district may join"),
        (
            "Each Partner offers the terms of this agreement to any other public school district "
            "of Connecticut until {{ ends_on }}. A district joins by a paper of its own, signed by "
            "it and by the Partner, which names its schools, its contacts and its own schedules. "
            "It shares nothing under the schedules of this District, and sees none of its records.",
        ),
        N_("Another district may use the same terms, with its own paper and its own lists."),
        need=Need.OPTIONAL,
        kinds=SHARING,
    ),
)

STUDY_LAW = "FERPA's exception for studies"
STUDY_RULE = "34 CFR 99.31(a)(6)(iii)(C)"
AUDIT_LAW = "FERPA's exception for audits and evaluations"
AUDIT_RULE = "34 CFR 99.35(a)(3)"
SERVICE_LAW = "The federal rule on substance use records"
SERVICE_RULE = "42 CFR 2.11"

PURPOSE = (
    Clause(
        "purpose",
        Article.PURPOSE,
        N_("Shared aim"),
        ("{{ purpose }}",),
        N_("It says why the district and the partner work together."),
    ),
    Clause(
        "purpose_schools",
        Article.PURPOSE,
        N_("Schools"),
        (
            "{% if schools %}It covers these schools:{% for school in schools %}\n* {{ school }}"
            "{% endfor %}{% else %}It covers all schools of the District.{% endif %}",
        ),
        N_("It lists the schools that take part."),
        required_in=MOU_ONLY,
        kinds=AGREEMENTS,
    ),
    Clause(
        "purpose_study",
        Article.PURPOSE,
        N_("The study"),
        (
            "The study is conducted for the District, for an end that 34 CFR 99.31(a)(6)(i) names. "
            "Its purpose is: {{ use.topic }}",
            "Its scope: {{ use.scope }}",
            "Its duration: {{ use.duration }}",
            "The student data that it needs are those of {{ at.schedule_district }}, and no "
            "others.",
        ),
        N_("It says what is studied, with which records and for how long."),
        citation=STUDY_RULE,
        required_by=STUDY_LAW,
        kinds=SHARING | {AgreementKind.STUDIES},
        when=conditions.STUDY,
    ),
    Clause(
        "purpose_audit",
        Article.PURPOSE,
        N_("The audit or evaluation"),
        (
            "The student data of {{ at.schedule_district }} are shared to audit or evaluate an "
            "education program that public funds support, as 34 CFR 99.35 allows: {{ use.topic }}",
            "What is done with them: {{ use.scope }}",
        ),
        N_("It says which program is checked, how, and with which records."),
        citation=AUDIT_RULE,
        required_by=AUDIT_LAW,
        kinds=SHARING | {AgreementKind.AUDIT},
        when=conditions.AUDIT,
    ),
    Clause(
        "purpose_representative",
        Article.PURPOSE,
        N_("Authorized representative"),
        (
            "{{ use.representative }} is designated as the authorized representative for this "
            "audit or evaluation. Nobody else acts under this designation.",
        ),
        N_("It names who does the audit or evaluation."),
        citation=AUDIT_RULE,
        required_by=AUDIT_LAW,
        kinds=SHARING | {AgreementKind.AUDIT},
        when=conditions.AUDIT,
    ),
    Clause(
        "purpose_letter",
        Article.PURPOSE,
        N_("The one use"),
        (
            "{{ use.requested_by }} asked for the student data of {{ at.schedule_district }} and "
            "{{ at.schedule_partner }} for this one use: {{ use.topic }}",
            "The data: {{ use.scope }}",
            "Another use, however alike, needs another letter.",
        ),
        N_("It says who asked for the records and for which one use."),
        kinds=frozenset({AgreementKind.DATA_USE}),
    ),
    Clause(
        "purpose_service",
        Article.PURPOSE,
        N_("Services to a substance use program"),
        (
            "One party runs a program under 42 CFR Part 2 (the “Program”), and the other gives it "
            "services (the “Service Organization”).{% for partner in partners %}"
            "{% if partner.is_part2 %} {{ partner.name }} runs such a program."
            "{% endif %}{% endfor %}",
            "The services are: {{ use.scope }}",
            "The Program gives the Service Organization no more information than these services "
            "need.",
        ),
        N_("It says which services one side gives to a program for alcohol or drug use."),
        citation=SERVICE_RULE,
        required_by=SERVICE_LAW,
        kinds=SHARING | {AgreementKind.QSOA},
        when=conditions.PART2_SERVICE,
    ),
)

DEFINITIONS = (
    Clause(
        "definitions",
        Article.DEFINITIONS,
        N_("Words with a fixed meaning"),
        (
            "In this agreement",
            "* “student data” means any information, in whatever form, about a student who can be "
            "told apart from others;",
            "* “education record” means a record about a student that the District, or somebody "
            "acting for it, keeps (20 USC 1232g; 34 CFR Part 99, “FERPA”);",
            "* “health record” means a record that a Partner keeps about a person in its care; "
            "where HIPAA applies to it, it is protected health information (45 CFR Parts 160 and "
            "164);",
            "* “substance use record” means a record of treatment, diagnosis or referral for "
            "alcohol or drug use that 42 CFR Part 2 or Conn. Gen. Stat. § 17a-688 protects;",
            "* “consent” means a written permission, signed and dated by the person who holds the "
            "right to give it, which names the records, the purpose, the recipient and the date or "
            "event on which it ends;",
            "* “portal” means the software in which the parties share student data, and which "
            "reads the schedules of an agreement;",
            "* “school day” means a day on which the schools of the District are in session, and "
            "“day” alone a calendar day.",
        ),
        N_("It explains the words that the agreement uses."),
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "definitions_holder",
        Article.DEFINITIONS,
        N_("Who holds the rights"),
        (
            "The rights over an education record belong to either parent or guardian, unless a "
            "court order or a law takes them away; and to the student instead, once the student is "
            "eighteen or attends college (34 CFR 99.3, 99.5).",
        ),
        N_("Parents hold the rights; at 18, or in college, the student does."),
        citation="34 CFR 99.3, 99.5(a)(1)",
        required_by="FERPA",
        kinds=AGREEMENTS,
    ),
    Clause(
        "definitions_contractor",
        Article.DEFINITIONS,
        N_("Contractor"),
        (
            "The parties keep the rules of Conn. Gen. Stat. §§ 10-234aa to 10-234dd for each "
            "Partner that receives student data, as those of a contractor, whether or not the law "
            "calls the Partner an operator or a consultant.",
        ),
        N_("Connecticut's student data rules are kept for every partner."),
        citation="Conn. Gen. Stat. § 10-234aa",
        required_by="Connecticut's law on student data",
        kinds=AGREEMENTS,
    ),
)
