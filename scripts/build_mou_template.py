"""Build templates/mou/standard.docx: the standard agreement of a district and a partner.

    .venv/bin/python scripts/build_mou_template.py [where to write it]

The words are below, in the order of the paper; templates/README.md explains each
placeholder. A test compares the template in the repository with what this builds.
The wording is our own; each district's counsel reviews it before it is used.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from paper import Paper, schedule, signature_block

OUT = Path(__file__).parent.parent / "templates" / "mou" / "standard.docx"

# An article: its clause id, its heading, and its paragraphs. "* " begins an item of a list;
# "{%p …" is a tag on a paragraph of its own; a pair (id, text) is a clause with a bookmark.
ARTICLES = [
    (
        "parties",
        "Parties and authority",
        [
            "This agreement is between {{ district.name }}"
            "{% if district.code %}, district code {{ district.code }}{% endif %}"
            "{% if district.address %}, {{ district.address }}{% endif %} (the “District”), and "
            "{{ partner.name }}{% if partner.address %}, {{ partner.address }}{% endif %} "
            "(the “Partner”).",
            "Each person who signs below states that they may bind the organization they sign for.",
            "The District's liaison is {{ district.liaison }}. The Partner's liaison is "
            "{{ partner.liaison }}. A change of liaison is told in writing within five school "
            "days.",
        ],
    ),
    (
        "purpose",
        "Purpose",
        [
            "{{ purpose }}",
            "It covers these schools:",
            "{%p for school in schools %}",
            "* {{ school }}",
            "{%p endfor %}",
        ],
    ),
    (
        "definitions",
        "Definitions",
        [
            "“Student data” means any information about a student who can be told apart from "
            "others, in whatever form, held by either side.",
            "“Education record” means a record about a student that the District, or somebody "
            "acting for it, keeps (FERPA: 20 USC 1232g, 34 CFR Part 99).",
            "“Health record” means a record that the Partner keeps about a person it cares for.",
            "“Consent” means a written permission, signed and dated by the person who holds the "
            "right to give it, which names the records, the purpose, the recipient and an end "
            "date. A student of eighteen, or one who attends college, holds that right instead "
            "of the parent.",
            "“Portal” means the software in which the two sides share student data, and which "
            "reads the schedules of this agreement.",
            "“School day” means a day on which the schools of the District are in session.",
        ],
    ),
    (
        "laws",
        "Which law covers which record",
        [
            "The District's education records are governed by FERPA and, for students with "
            "disabilities, by the IDEA (34 CFR Part 300).",
            "{%p if partner.is_hipaa %}",
            "The Partner is a health care provider under HIPAA (45 CFR Parts 160 and 164). Its "
            "health records leave it only on an authorization that meets 45 CFR 164.508, or where "
            "HIPAA allows it without one.",
            "{%p endif %}",
            "{%p if partner.is_part2 %}",
            "The Partner runs a substance use program under 42 CFR Part 2. Records of that program "
            "leave it only on a consent that meets 42 CFR 2.31, with the notice of 42 CFR 2.32.",
            "{%p endif %}",
            "What the Partner's clinicians learn in confidence is also protected by the privilege "
            "laws of Connecticut (Conn. Gen. Stat. §§ 52-146c to 52-146s).",
            "A health record that the Partner gives to the District becomes an education record. "
            "From then on a parent may read it, and HIPAA no longer protects it. The Partner tells "
            "the family so before it shares.",
        ],
    ),
    (
        "services",
        "Services",
        [
            "The Partner offers these services to students of the District:",
            "{%p for service in services %}",
            "* {{ service }}",
            "{%p endfor %}",
            "This agreement does not limit a family's right to choose another provider.",
        ],
    ),
    (
        "district_duties",
        "What the District does",
        [
            "The District names a liaison, and for each school the person who sends referrals.",
            "It gives the Partner, when services take place in a school, a private room and a way "
            "for students to leave class without others learning why.",
            "It sends a referral only after it has talked with the family, except in an emergency.",
        ],
    ),
    (
        "partner_duties",
        "What the Partner does",
        [
            "The Partner uses staff who hold the license or certificate that the service needs, "
            "who are supervised, and whose background has been checked as Connecticut law "
            "requires of people who work with students.",
            "It keeps professional liability insurance of at least {{ insurance }}.",
            "It answers a referral within {{ response_days }} school days: accepted, on a waiting "
            "list, or declined with the reason.",
            "It keeps its list of portal users correct and takes a person off on the day they "
            "leave.",
        ],
    ),
    (
        "referrals",
        "Referrals and closing the loop",
        [
            "Referrals go through the portal. For each the Partner reports whether it led to "
            "service: accessed, not accessed with the reason, or not known.",
            "“Accessed” means that the first appointment was kept, with its date. Silence is "
            "never read as “not accessed”.",
            "A referral shows the Partner who the student is only when a consent opens that.",
        ],
    ),
    (
        "families",
        "Families decide",
        [
            "Services and the sharing of records are voluntary. Nobody loses a school service, a "
            "place or a grade for saying no, or for taking a consent back.",
            "Both sides speak and write to families in a language they understand.",
        ],
    ),
    (
        "consent_first",
        "Consent comes first",
        [
            "This agreement by itself opens no record. Data about a student go from one side to "
            "the other only with a consent that is in force ({{ consent_form }}), or under an "
            "exception named in Article 21.",
            "A record is shared only when it is listed in Article 11 or 12, ticked on the consent, "
            "asked for with a purpose that the consent names, and within the consent's dates. "
            "Each of these narrows; none of them widens another.",
            "A consent that is taken back closes the records at once. What was shared before "
            "stays governed by this agreement.",
        ],
    ),
    (
        "schedule_district",
        "Records the District may share with the Partner",
        [
            "The portal reads this schedule. A category that is not listed is not shared.",
            "{%p if from_district %}",
            "[schedule from_district]",
            "{%p else %}",
            "The District shares no records under this agreement.",
            "{%p endif %}",
            "Name, school and grade go with the first listed record that is open, so that the "
            "student can be told apart.",
        ],
    ),
    (
        "schedule_partner",
        "Records the Partner may share with the District",
        [
            "The Partner shares what the school needs to know to help: whether the student was "
            "seen, where the service stands, and agreed plans. It never shares session notes.",
            "{%p if from_partner %}",
            "[schedule from_partner]",
            "{%p else %}",
            "The Partner shares no records under this agreement.",
            "{%p endif %}",
        ],
    ),
    (
        "never_shared",
        "Never shared",
        [
            "No consent and no schedule opens these to the other side:",
            "{%p for kind in never %}",
            "* {{ kind }}",
            "{%p endfor %}",
            "* Psychotherapy notes",
            "* Counseling notes of a substance use program",
            "* Anything about immigration or citizenship, which neither side asks for",
            "* Information about other students or other members of a family, which is taken "
            "out before a record is shared",
        ],
    ),
    (
        "sensitive",
        "Sensitive records",
        [
            "Records of substance use treatment, HIV, reproductive care, care that a minor may "
            "lawfully seek alone, domestic violence and sexual assault are shared only when the "
            "consent names that kind of record separately and carries its own initials.",
            "Records of substance use treatment are shared only on the student's own consent.",
            "{%p if special %}",
            "The schedules of this agreement list the following such records, knowingly:",
            "{%p for kind in special %}",
            "* {{ kind }}",
            "{%p endfor %}",
            "{%p else %}",
            "The schedules of this agreement list no such records.",
            "{%p endif %}",
        ],
    ),
    (
        "redisclosure",
        "Use only for the purpose; no passing on",
        [
            "Whoever receives a record under this agreement uses it only for the purpose for "
            "which it was shared, and gives it to nobody else without a new consent "
            "(34 CFR 99.33).",
            "Each record shared carries a notice that says so. Records of a substance use program "
            "carry the notice of 42 CFR 2.32, and HIV-related information the notice of "
            "Conn. Gen. Stat. § 19a-585.",
        ],
    ),
    (
        "connecticut",
        "Connecticut's student data clauses",
        [
            "For Conn. Gen. Stat. § 10-234bb the sides agree:",
            (
                "ct_property",
                "* Student data are not the Partner's property and are not under its control. "
                "They belong to the student or the District.",
            ),
            (
                "ct_deletion",
                "* The District may ask at any time, in writing to the Partner's liaison, that "
                "student data be deleted. The Partner deletes them within {{ destroy_days }} days "
                "and confirms it in writing.",
            ),
            (
                "ct_use",
                "* The Partner uses student data for nothing but what this agreement allows.",
            ),
            (
                "ct_correction",
                "* A student, parent or guardian may review student data and ask that an error be "
                "corrected by writing to {{ records_contact }}. The Partner helps the District "
                "to answer.",
            ),
            (
                "ct_security",
                "* The Partner keeps student data secure and confidential by the measures of "
                "Article 17.",
            ),
            (
                "ct_breach",
                "* When student data are reached, used or disclosed without permission, both "
                "sides follow Article 19.",
            ),
            (
                "ct_retention",
                "* When its services are completed the Partner keeps no student data, unless a "
                "student or parent chooses to keep an account with the Partner to store what the "
                "student made, or another law obliges the Partner to keep its own health records.",
            ),
            ("ct_ferpa", "* Both sides make sure that FERPA is kept."),
            ("ct_law", "* The laws of the State of Connecticut govern the rights of both sides."),
            (
                "ct_severability",
                "* If a court finds a part of this agreement invalid, the rest stays in force.",
            ),
            "The Partner does not use student data for targeted advertising, builds no profile of "
            "a student for any other end, and does not sell or rent student data.",
        ],
    ),
    (
        "security",
        "Security",
        [
            "Everybody who opens student data does so under a name of their own, with a second "
            "factor where the portal offers one. Nobody shares a password.",
            "{%p if waive_team %}",
            "Any user whom the Partner has authorized in the portal may open what a consent has "
            "opened to the Partner.",
            "{%p else %}",
            "At the Partner, only the members of a student's case team may open what a consent "
            "has opened.",
            "{%p endif %}",
            "Student data are encrypted on the way and at rest. They are not put on private "
            "devices, in private mail, or into services that learn from them.",
            "Both sides train their users before the first use and then every year.",
        ],
    ),
    (
        "review",
        "Review of access",
        [
            "At least every {{ review_days }} days each side checks its list of users and case "
            "teams and takes off whoever no longer needs access.",
            "Every opening of a record is logged with person, time, purpose and the paper it "
            "rested on. The District may read the log of its students' records at any time, and "
            "a family may have it on request.",
        ],
    ),
    (
        "breach",
        "Breach",
        [
            "The Partner tells the District without unreasonable delay, and within "
            "{{ breach.student_days }} days at most, when it discovers that student information "
            "was reached, used or disclosed without permission; and within "
            "{{ breach.other_days }} days at most for directory information, student records and "
            "content that students made.",
            "The District tells the students and parents concerned within "
            "{{ breach.notice_hours }} hours of learning of it, and posts a notice on its website.",
            "The Partner helps to find the cause, to stop it and to answer families. Duties to "
            "notify under HIPAA or other laws stay as they are.",
        ],
    ),
    (
        "rights",
        "Rights of parents and students",
        [
            "A parent, or a student who holds the rights, may read the education record, ask for "
            "a correction, have a copy of a consent and of what was shared under it, learn who "
            "opened it, and take a consent back.",
            "They write to {{ records_contact }}. The District answers a request to read within "
            "45 days at most.",
        ],
    ),
    (
        "emergency",
        "Crisis, mandated reports and orders",
        [
            "Without a consent, a record may be shared when a significant threat to somebody's "
            "health or safety requires it (34 CFR 99.36), with the reason written down at the "
            "time; on a court order; or with a child welfare agency that is responsible for the "
            "student, as 20 USC 1232g(b)(1)(L) allows.",
            "Nothing here delays a report that the law obliges somebody to make (Conn. Gen. Stat. "
            "§ 17a-101a). Reports themselves are not shared under this agreement.",
            "In a crisis the person who learns of it first calls for help first, and the other "
            "side's liaison next.",
        ],
    ),
    (
        "outcomes",
        "Outcomes and published numbers",
        [
            "At each review the sides look at: referrals made and answered in time, referrals "
            "that led to service and the reasons when not, and days from referral to service.",
            "No published table shows a number of students below {{ smallest_count }}, or lets "
            "it be worked out from its totals.",
        ],
    ),
    (
        "retention",
        "Keeping, returning and destroying",
        [
            "Each record received is kept no longer than its line in Article 11 or 12 says.",
            "Within {{ destroy_days }} days of the end of this agreement the Partner destroys or "
            "returns the District's student data, and certifies in writing what was destroyed, "
            "when and how. Health records that the law obliges the Partner to keep are excepted.",
        ],
    ),
    (
        "term",
        "Term, review, change and end",
        [
            "This agreement is in force from {{ starts_on }}, or from the last signature if that "
            "is later, through {{ ends_on }}. The sides review it by {{ review_on }}.",
            "It is changed only by a new agreement that both sides sign. A schedule is never "
            "changed after signing.",
            "Either side may end it with {{ notice_days }} days' written notice, and at once when "
            "the other side has broken it in a way that endangers student data. From that instant "
            "the portal shares nothing under it.",
            "When it ends, the sides see to it that no student is left without care.",
        ],
    ),
    (
        "money",
        "Money, liability and independence",
        [
            "{{ costs }}",
            "Each side answers for its own acts and omissions. Neither is the agent, employee or "
            "partner in law of the other.",
            "Neither side treats anybody differently on grounds that state or federal law forbids.",
        ],
    ),
    (
        "general",
        "Governing law and order of papers",
        [
            "The laws of Connecticut, and federal law where it applies, govern this agreement. "
            "If a part of it is invalid, the rest stays in force.",
            "Where this agreement and a consent differ, the one that shares less is followed. "
            "Where this agreement and a statute differ, the statute is followed.",
            "This is the whole agreement between the sides on this subject.",
        ],
    ),
    (
        "signatures",
        "Signatures",
        [
            "A side signs by hand, or in the portal by typing the signer's name after signing in. "
            "Both sides agree to electronic signatures (Conn. Gen. Stat. §§ 1-266 to 1-286). The "
            "portal keeps this document unchanged, with its SHA-256 fingerprint, who signed, and "
            "when.",
            "[signatures]",
        ],
    ),
]


def build(out: Path) -> None:
    """Write the template to `out`."""
    paper = Paper(
        "Memorandum of understanding {{ document.number }}",
        "{{ district.name }} and {{ partner.name }}",
    )
    _cover(paper)
    for clause, heading, paragraphs in ARTICLES:
        paper.article(clause, heading)
        for paragraph in paragraphs:
            _paragraph(paper, paragraph)
    out.parent.mkdir(parents=True, exist_ok=True)
    paper.save(out)


def _cover(paper: Paper) -> None:
    paper.title("cover", "Memorandum of Understanding")
    paper.subtitle("between {{ district.name }} and {{ partner.name }}")
    paper.facts(
        [
            ("Agreement", "{{ document.number }}"),
            ("In force from", "{{ starts_on }}, or the last signature if later"),
            ("Through", "{{ ends_on }}"),
            ("Review by", "{{ review_on }}"),
            ("Written", "{{ document.written_on }}"),
            ("Template", "{{ template.name }}, fingerprint {{ template.fingerprint }}"),
        ]
    )


def _paragraph(paper: Paper, paragraph: str | tuple[str, str]) -> None:
    clause, text = paragraph if isinstance(paragraph, tuple) else (None, paragraph)
    match text.split():
        case ["[schedule", name]:
            schedule(paper, name.rstrip("]"))
        case ["[signatures]"]:
            signature_block(paper, ["district", "partner"])
        case ["{%p", *_]:
            paper.tag(text)
        case ["*", *_]:
            paper.item(text.removeprefix("* "), clause)
        case _:
            paper.clause(text)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
