"""Which law covers which record: article 4."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.texts.parties import SERVICE_LAW, SERVICE_RULE
from portal.agreements.clauses.types import AGREEMENTS, SHARING, Clause, Need
from portal.languages.marks import N_
from portal.vocabulary import AgreementKind

SCHOOL_OFFICIAL_RULE = "34 CFR 99.31(a)(1)(i)(B)"

LAWS = (
    Clause(
        "laws_ferpa",
        Article.LAWS,
        N_("Education records"),
        (
            "The District's education records are governed by FERPA and, for students with "
            "disabilities, also by the IDEA (34 CFR 300.610 to 300.627).",
        ),
        N_("School records are protected by a federal law called FERPA."),
        citation="20 USC 1232g; 34 CFR Part 99",
        required_by="FERPA",
    ),
    Clause(
        "laws_hipaa",
        Article.LAWS,
        N_("Health records"),
        (
            "{% for partner in partners %}{% if partner.is_hipaa %}{{ partner.name }} is a health "
            "care provider under HIPAA. {% endif %}{% endfor %}The health records of such a "
            "Partner leave it only on an authorization that meets 45 CFR 164.508, or where HIPAA "
            "allows it without one.",
        ),
        N_("Health records leave a health care provider only as the health privacy law allows."),
        citation="45 CFR 164.508",
        required_by="HIPAA",
        when=conditions.HIPAA,
    ),
    Clause(
        "laws_part2",
        Article.LAWS,
        N_("Substance use records"),
        (
            "Substance use records are protected wherever they are. "
            "{% for partner in partners %}{% if partner.is_part2 %}{{ partner.name }} runs a "
            "program under 42 CFR Part 2. {% endif %}{% endfor %}Such a record leaves the program "
            "that made it only on a consent that meets 42 CFR 2.31, with the notice of 42 CFR 2.32 "
            "and a copy of the consent or a clear account of what it covers, or where that Part "
            "allows it without one. Conn. Gen. Stat. § 17a-688 is kept besides.",
        ),
        N_("Records of care for alcohol or drug use have the strictest rules of all."),
        citation="42 CFR 2.31, 2.32; Conn. Gen. Stat. § 17a-688",
        required_by="The federal rule on substance use records, and Connecticut's law beside it",
        when=conditions.PART2,
    ),
    Clause(
        "laws_privilege",
        Article.LAWS,
        N_("What is said in confidence"),
        (
            "What a clinician learns in confidence is also protected by the privilege laws of "
            "Connecticut (Conn. Gen. Stat. §§ 52-146c to 52-146s). Nothing in this agreement "
            "waives a privilege.",
        ),
        N_("What a student tells a counselor in confidence stays protected by state law."),
        citation="Conn. Gen. Stat. §§ 52-146c to 52-146s",
        required_by="Connecticut's privilege laws",
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "laws_becomes_school_record",
        Article.LAWS,
        N_("What happens to a record that is given to the school"),
        (
            "A record that a Partner gives to the District, and that the District keeps, becomes "
            "an education record. From then on either parent may read it (34 CFR 99.10; Conn. Gen. "
            "Stat. § 10-15b), and HIPAA no longer protects it. The Partner tells the family so "
            "before it shares (45 CFR 164.508(c)(2)(iii)).",
        ),
        N_("Health facts given to the school become school records that a parent may read."),
        citation="34 CFR 99.10; Conn. Gen. Stat. § 10-15b; 45 CFR 164.508(c)(2)(iii)",
        required_by="FERPA, HIPAA and Connecticut's law on school records",
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "laws_own_care",
        Article.LAWS,
        N_("Care that a student may seek alone"),
        (
            "A record of care that the law lets a minor seek without a parent (Conn. Gen. Stat. "
            "§§ 19a-14c, 17a-688 and 19a-592) is given to the District only when the minor has "
            "consented to just that. Without it the record is not put into an education record, "
            "and that there was such care is told to nobody, the parents included.",
        ),
        N_("Care that a student lawfully sought alone is shared only if the student agrees."),
        citation="Conn. Gen. Stat. §§ 19a-14c, 17a-688, 19a-592",
        required_by="Connecticut's laws on minors' own care",
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "laws_own_account",
        Article.LAWS,
        N_("A Partner that cares for students on its own account"),
        (
            "A Partner that gives care on its own account is not a school official of the "
            "District, and receives no education record as one. {% for partner in partners %}"
            "{% if partner.acts_for_district %}{% else %}{{ partner.name }} works on its own "
            "account. {% endif %}{% endfor %}",
        ),
        N_("A clinic that works for its own patients gets no records as if it were the school."),
        need=Need.USUAL,
        citation=SCHOOL_OFFICIAL_RULE,
        kinds=SHARING,
        when=conditions.OWN_ACCOUNT,
    ),
    Clause(
        "laws_school_official",
        Article.LAWS,
        N_("A Partner that acts for the District"),
        (
            "{% for partner in partners %}{% if partner.acts_for_district %}{{ partner.name }} "
            "acts for the District as a school official in what it does for it. {% endif %}{% "
            "endfor %}What a schedule shares on the basis “School official” is shared with such a "
            "Partner only.",
            "Such a Partner performs an institutional service or function for which the District "
            "would otherwise use its own staff; is under the direct control of the District in the "
            "use and the keeping of education records; uses them for that function only, under the "
            "limits of 34 CFR 99.33(a); and meets the criteria for school officials in the "
            "District's annual notice (34 CFR 99.7(a)(3)(iii)). The District writes these "
            "criteria into its annual notice.",
        ),
        N_("A partner that does the school's own work follows the school's rules for records."),
        citation=f"{SCHOOL_OFFICIAL_RULE}, 99.7(a)(3)(iii)",
        required_by="FERPA's exception for school officials",
        when=conditions.SCHOOL_OFFICIAL,
    ),
    Clause(
        "laws_business_associate",
        Article.LAWS,
        N_("Health information handled for the District"),
        (
            "This agreement is not a business associate agreement. Where a Partner would handle "
            "protected health information for the District as HIPAA understands it, the two sign "
            "one first (45 CFR 164.504(e)).",
        ),
        N_("If a partner handles health records for the school, a further contract comes first."),
        citation="45 CFR 164.504(e)",
        required_by="HIPAA, where it applies to the District",
        when=conditions.HIPAA_FOR_DISTRICT,
    ),
    Clause(
        "laws_child_welfare",
        Article.LAWS,
        N_("Child welfare agency: certification"),
        (
            "A record that a schedule shares on the basis “Child welfare” goes only to a "
            "caseworker or another representative of an agency that has the right to see the "
            "student's case plan, and only while the agency is legally responsible for the "
            "student's care and protection (20 USC 1232g(b)(1)(L)).",
            "The agency certifies by its signature that it gives such a record to nobody else, "
            "except to those who are engaged in meeting the student's education needs and whom the "
            "agency has authorized to have it. In any other case a consent is needed.",
        ),
        N_(
            "A child welfare agency gets records only for children in its care, and promises "
            "in writing not to pass them on."
        ),
        citation="20 USC 1232g(b)(1)(L)",
        required_by="The Uninterrupted Scholars Act",
        kinds=SHARING,
        when=conditions.CHILD_WELFARE,
    ),
    Clause(
        "laws_part2_service",
        Article.LAWS,
        N_("The Service Organization is bound by Part 2"),
        (
            "The Service Organization acknowledges that, in receiving, storing, processing or "
            "otherwise dealing with the Program's patient records, it is fully bound by "
            "42 CFR Part 2. If need be it will resist in court any effort to obtain information "
            "that identifies a patient, except as that Part permits.",
            "It passes such information on to nobody but back to the Program.",
        ),
        N_("Whoever serves a program for alcohol or drug use keeps the program's strict rules."),
        citation=SERVICE_RULE,
        required_by=SERVICE_LAW,
        kinds=SHARING | {AgreementKind.QSOA},
        when=conditions.PART2_SERVICE,
    ),
)
