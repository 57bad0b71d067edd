"""What may be shared, and on what conditions: articles 10 to 15."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.texts.parties import AUDIT_LAW, AUDIT_RULE, STUDY_LAW, STUDY_RULE
from portal.agreements.clauses.types import AGREEMENTS, BESIDE_THE_GATE, SHARING, Clause, Need
from portal.languages.marks import N_
from portal.vocabulary import AgreementKind

CONSENT_FIRST = (
    Clause(
        "consent_opens_nothing",
        Article.CONSENT_FIRST,
        N_("The agreement opens nothing by itself"),
        (
            "This agreement by itself opens no record. Data about a student go from one side to "
            "the other only with a consent that is in force ({{ consent_form }}), or under an "
            "exception of the law that a schedule names or {{ at.emergency }} describes.",
        ),
        N_("The agreement alone shares nothing. A consent, or a clear rule of law, comes first."),
        citation="34 CFR 99.30",
        required_by="FERPA",
        kinds=SHARING,
    ),
    Clause(
        "consent_two_ways",
        Article.CONSENT_FIRST,
        N_("Two directions, two permissions"),
        (
            "What the District gives needs a consent under FERPA (34 CFR 99.30). What a Partner "
            "gives needs an authorization or a consent under the laws that bind the Partner. One "
            "form may hold both, but each is judged, ends and is taken back on its own.",
        ),
        N_("Permission for the school to share and for the partner to share are two things."),
        citation="34 CFR 99.30; 45 CFR 164.508",
        required_by="FERPA and HIPAA",
        kinds=SHARING,
    ),
    Clause(
        "consent_narrows",
        Article.CONSENT_FIRST,
        N_("Each limit narrows"),
        (
            "A record is shared only when it is listed in {{ at.schedule_district }} or "
            "{{ at.schedule_partner }}, covered by the consent, asked for with a purpose that both "
            "name, and within the dates of both. Each of these narrows what is shared; none of "
            "them widens another. A change of this agreement that lists less narrows at once; one "
            "that lists more widens no consent that was signed before.",
        ),
        N_("A record is shared only if the agreement and the consent both allow it."),
        citation="34 CFR 99.30(b)",
        required_by="FERPA",
        kinds=SHARING,
    ),
    Clause(
        "consent_named",
        Article.CONSENT_FIRST,
        N_("Named recipients"),
        (
            "A consent names the organization that receives the records. A class of recipients, "
            "such as “all treating providers”, is not used between the parties.",
        ),
        N_("A consent says by name who gets the records."),
        citation="34 CFR 99.30(b)(3); 45 CFR 164.508(c)(1)(iii)",
        need=Need.USUAL,
        kinds=SHARING,
    ),
    Clause(
        "consent_taken_back",
        Article.CONSENT_FIRST,
        N_("Taking a consent back"),
        (
            "A consent may be taken back in writing at any time. It closes the records at once. "
            "What was shared before was shared lawfully, and stays governed by this agreement. "
            "When somebody takes it back by word of mouth, sharing waits until it is in writing or "
            "withdrawn.",
        ),
        N_("A consent can be taken back at any time, and sharing stops at once."),
        citation="45 CFR 164.508(b)(5), (c)(2)(i)",
        required_by="HIPAA, and the parties' own rule for all consents",
        kinds=SHARING,
    ),
    Clause(
        "consent_eighteen",
        Article.CONSENT_FIRST,
        N_("When a student turns eighteen"),
        (
            "When the right passes to the student, nothing more is shared on a consent that a "
            "parent signed until the student has signed.",
        ),
        N_("At 18 the student is asked anew."),
        citation="34 CFR 99.5(a)(1)",
        need=Need.USUAL,
        kinds=SHARING,
    ),
    Clause(
        "basis_named",
        Article.CONSENT_FIRST,
        N_("The basis of each line"),
        (
            "This paper opens no record in the portal. Student data are shared under it only on "
            "the basis that stands beside each line of {{ at.schedule_district }} and "
            "{{ at.schedule_partner }}, and only as far as the law allows it on that basis. Where "
            "the law asks for a consent, a consent is needed.",
        ),
        N_("Records go only on the legal ground that stands beside them."),
        citation="34 CFR 99.30, 99.31",
        required_by="FERPA",
        kinds=BESIDE_THE_GATE,
    ),
)

SCHEDULE_DISTRICT = (
    Clause(
        "schedule_reads",
        Article.SCHEDULE_DISTRICT,
        N_("The District's schedules"),
        (
            "The tables below list, for each Partner, the records that the District may share with "
            "it. The portal reads them: a kind of record that is not listed is not shared, "
            "whatever else is signed.",
        ),
        N_("These lists say which school records may go to which partner. Nothing else may."),
        citation="34 CFR 99.30(b)",
        required_by="FERPA",
        kinds=SHARING,
    ),
    Clause(
        "schedule_outside",
        Article.SCHEDULE_DISTRICT,
        N_("The District's schedules, outside the portal"),
        (
            "The tables below list, for each Partner, the student data that the District gives to "
            "it under this paper. They open nothing in the portal.",
        ),
        N_("These lists say which school records are given. The portal opens nothing for them."),
        kinds=BESIDE_THE_GATE,
    ),
    Clause(
        "schedule_identity",
        Article.SCHEDULE_DISTRICT,
        N_("Name, school and grade"),
        (
            "Name, school and grade go with the first listed record that is open, so that the "
            "student can be told apart.",
        ),
        N_("The student's name, school and grade go along with what is shared."),
        kinds=SHARING,
    ),
    Clause(
        "schedule_other_bases",
        Article.SCHEDULE_DISTRICT,
        N_("Lines that the portal does not open"),
        (
            "The portal opens a line on the basis “Consent” or “Child welfare” only. What stands "
            "on another basis is given outside the portal, by the persons named as contacts, and "
            "each time is recorded.",
        ),
        N_("Some lines rest on other legal grounds; the portal does not open them."),
        kinds=SHARING,
        when=conditions.OUTSIDE_THE_GATE,
    ),
    Clause(
        "schedule_least",
        Article.SCHEDULE_DISTRICT,
        N_("No more than is needed"),
        (
            "Even what is listed and permitted is shared only as far as the purpose at hand needs "
            "it.",
        ),
        N_("Only what is needed is shared."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
)

SCHEDULE_PARTNER = (
    Clause(
        "schedule_partner",
        Article.SCHEDULE_PARTNER,
        N_("The Partners' schedules"),
        (
            "A Partner shares what the school needs to know to help: whether the student was seen, "
            "where the service stands, and plans that were agreed, as the tables below list them. "
            "It never shares session notes.",
        ),
        N_("The partner tells the school only what is listed here, never notes of a session."),
        citation="45 CFR 164.508(c)(1)(i)",
        required_by="HIPAA",
        kinds=SHARING,
    ),
    Clause(
        "schedule_partner_outside",
        Article.SCHEDULE_PARTNER,
        N_("The Partners' schedules, outside the portal"),
        (
            "The tables below list what each Partner gives to the District under this paper. They "
            "open nothing in the portal.",
        ),
        N_("These lists say what a partner gives. The portal opens nothing for them."),
        kinds=BESIDE_THE_GATE,
    ),
)

NEVER_SHARED = (
    Clause(
        "never_shared",
        Article.NEVER_SHARED,
        N_("What no consent opens"),
        (
            "No schedule and no consent under this agreement opens these to the other side:"
            "{% for kind in never %}\n* {{ kind }}{% endfor %}",
            "* Psychotherapy notes, and counseling notes of a substance use program, which need a "
            "form of their own and are not kept in the portal",
            "* Anything about immigration or citizenship, which no party asks for or records",
            "* What a counselor for victims of domestic violence or sexual assault was told",
            "* Information about other students, or about other members of a family, which is "
            "taken out before a record is shared",
        ),
        N_(
            "Some things are never shared: therapy notes, immigration status, other people's "
            "information."
        ),
        citation="45 CFR 164.508(a)(2), (b)(3); 42 CFR 2.31(b); Conn. Gen. Stat. § 52-146k; "
        "34 CFR 99.12(a)",
        required_by="HIPAA, 42 CFR Part 2, FERPA and Connecticut law",
    ),
    Clause(
        "never_combined",
        Article.NEVER_SHARED,
        N_("Permissions that stand alone"),
        (
            "A consent for psychotherapy notes, for substance use counseling notes, or for the use "
            "of substance use records in a legal proceeding is never combined with another "
            "consent.",
        ),
        N_("Permission for therapy notes or for use in court is never mixed with another."),
        citation="45 CFR 164.508(b)(3); 42 CFR 2.31(b), (d)",
        required_by="HIPAA and 42 CFR Part 2",
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
)

SENSITIVE = (
    Clause(
        "sensitive_initials",
        Article.SENSITIVE,
        N_("Named separately"),
        (
            "Records of mental health treatment, substance use treatment, HIV, reproductive or "
            "gender-affirming care, and care that a minor may lawfully seek alone are shared only "
            "when the consent names that kind of record separately and carries initials of its own "
            "for it. A line that was left blank means no.",
        ),
        N_("Sensitive records need their own initials. A blank means no."),
        citation="Conn. Gen. Stat. §§ 19a-581, 52-146c to 52-146x; 42 CFR 2.31",
        required_by="Connecticut's confidentiality laws and 42 CFR Part 2",
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "sensitive_listed",
        Article.SENSITIVE,
        N_("Sensitive records in the schedules"),
        (
            "{% if special %}The schedules of this agreement list the following such records, "
            "knowingly:{% for kind in special %}\n* {{ kind }}{% endfor %}{% else %}The schedules "
            "of this agreement list no such records.{% endif %}",
        ),
        N_("It says openly which sensitive records are on the lists, or that none are."),
    ),
    Clause(
        "sensitive_extra",
        Article.SENSITIVE,
        N_("Further sensitive records"),
        (
            "The parties treat these as sensitive too: they are shared only when somebody has "
            "looked at the single case.{% for kind in extra_sensitive %}\n* {{ kind }}{% endfor %}",
        ),
        N_("The parties name more records that need special care."),
        when=conditions.EXTRA_SENSITIVE,
        kinds=AGREEMENTS,
    ),
    Clause(
        "sensitive_psychiatric",
        Article.SENSITIVE,
        N_("Mental health treatment"),
        (
            "A consent to share records of mental health treatment says to whom and for what use; "
            "for a clinical social worker also the scope and the day on which it ends. The patient "
            "is told that refusing will not put treatment at risk, unless the treatment needs the "
            "disclosure. In family therapy, every member who took part consents.",
        ),
        N_("Mental health records need a consent that says for what they are used."),
        citation="Conn. Gen. Stat. §§ 52-146e, 52-146p, 52-146q, 52-146s",
        required_by="Connecticut's privilege laws",
        when=conditions.PSYCHIATRIC,
    ),
    Clause(
        "sensitive_substance_use",
        Article.SENSITIVE,
        N_("Substance use treatment"),
        (
            "A substance use record is shared only on the student's own signed consent, to a "
            "recipient whom the consent names. That there is, or was, such treatment is told to "
            "nobody without it, a parent included.",
        ),
        N_("Only the student can allow the sharing of care for alcohol or drug use."),
        citation="42 CFR 2.14, 2.31; Conn. Gen. Stat. § 17a-688",
        required_by="42 CFR Part 2 and Connecticut's law on substance use records",
        required_in=SHARING,
    ),
    Clause(
        "sensitive_hiv",
        Article.SENSITIVE,
        N_("HIV-related information"),
        (
            "HIV-related information is shared only on a release that names it; a general release "
            "is not enough. Each disclosure goes with the written notice that Conn. Gen. Stat. "
            "§ 19a-585 asks for, in the words of the statute; one made by word of mouth is "
            "followed by that notice within ten days. Each disclosure is noted in the record.",
        ),
        N_("HIV information needs its own permission, and each sharing is written down."),
        citation="Conn. Gen. Stat. §§ 19a-581, 19a-583, 19a-585",
        required_by="Connecticut's law on HIV-related information",
        when=conditions.HIV,
    ),
    Clause(
        "sensitive_own_care",
        Article.SENSITIVE,
        N_("The student's own signature"),
        (
            "For care that a minor sought alone, and for substance use treatment, the student is "
            "the one who signs, and the one who takes the consent back.",
        ),
        N_("For care a student sought alone, the student signs."),
        citation="Conn. Gen. Stat. §§ 19a-14c, 17a-688; 42 CFR 2.14",
        required_by="Connecticut's laws on minors' own care",
        when=conditions.OWN_CARE,
    ),
)

REDISCLOSURE = (
    Clause(
        "redisclosure_limit",
        Article.REDISCLOSURE,
        N_("For the purpose only, and to nobody else"),
        (
            "Whoever receives a record under this agreement uses it only for the purpose for which "
            "it was shared, and gives it to nobody else without a new consent, or where the law "
            "allows it (34 CFR 99.33(a)).",
        ),
        N_("Whoever gets a record uses it for one purpose and passes it on to nobody."),
        citation="34 CFR 99.33(a)",
        required_by="FERPA",
    ),
    Clause(
        "redisclosure_notices",
        Article.REDISCLOSURE,
        N_("Notices that go along"),
        (
            "Each record shared carries a notice that says so (34 CFR 99.33(d)). Substance use "
            "records carry the notice of 42 CFR 2.32 and a copy of the consent or a clear account "
            "of what it covers; HIV-related information carries the notice of Conn. Gen. Stat. "
            "§ 19a-585. A contested record travels with the statement about it (34 CFR 99.21(c)).",
        ),
        N_("A note goes along that says the record may not be passed on."),
        citation="34 CFR 99.33(d); 42 CFR 2.32; Conn. Gen. Stat. § 19a-585",
        required_by="FERPA, 42 CFR Part 2 and Connecticut's law on HIV-related information",
        required_in=SHARING,
        kinds=AGREEMENTS,
    ),
    Clause(
        "redisclosure_demands",
        Article.REDISCLOSURE,
        N_("When somebody demands a record"),
        (
            "When a court, an agency or anybody else demands student data that a party received "
            "under this agreement, it tells the party they came from at once, unless the law "
            "forbids it, and gives nothing before that party could answer.",
        ),
        N_("If somebody demands a record, the side it came from is told first."),
        need=Need.USUAL,
        kinds=AGREEMENTS,
    ),
    Clause(
        "redisclosure_consequence",
        Article.REDISCLOSURE,
        N_("Consequence of passing on"),
        (
            "The parties know that an outside party which breaks FERPA's rule against passing on "
            "may be kept from education records for at least five years (34 CFR 99.33(e)).",
        ),
        N_("Whoever breaks the rule can be kept from school records for years."),
        need=Need.USUAL,
        citation="34 CFR 99.33(e)",
        kinds=AGREEMENTS,
    ),
    Clause(
        "redisclosure_on_behalf",
        Article.REDISCLOSURE,
        N_("Passing on for the District"),
        (
            "A Partner may pass education records on for the District only to the persons whom the "
            "District has named in writing beforehand, with their interest in them, so that the "
            "District can record it (34 CFR 99.33(b), 99.32(b)).",
        ),
        N_("A partner passes records on for the school only to people named beforehand."),
        need=Need.OPTIONAL,
        citation="34 CFR 99.33(b), 99.32(b)",
        kinds=AGREEMENTS,
    ),
    Clause(
        "study_use",
        Article.REDISCLOSURE,
        N_("Only for the study"),
        (
            "The organization that conducts the study uses student data only to meet its purpose "
            "as stated in {{ at.purpose }}.",
        ),
        N_("The records are used for the study and for nothing else."),
        citation=STUDY_RULE,
        required_by=STUDY_LAW,
        kinds=SHARING | {AgreementKind.STUDIES},
        when=conditions.STUDY,
    ),
    Clause(
        "study_no_identification",
        Article.REDISCLOSURE,
        N_("Nobody is identified"),
        (
            "The study is conducted so that nobody but representatives of the organization with a "
            "legitimate interest in the data can identify a parent or a student. Nothing published "
            "from it identifies anybody.",
        ),
        N_("Nobody outside the study team can tell who a student is."),
        citation=STUDY_RULE,
        required_by=STUDY_LAW,
        kinds=SHARING | {AgreementKind.STUDIES},
        when=conditions.STUDY,
    ),
    Clause(
        "audit_no_further",
        Article.REDISCLOSURE,
        N_("Policies of the representative"),
        (
            "The authorized representative has written policies, consistent with FERPA, that keep "
            "student data from further disclosure and from any use but this audit or evaluation: "
            "named users, training before access, and consequences for whoever breaks them.",
        ),
        N_("Whoever does the audit has written rules that keep the records safe."),
        citation=AUDIT_RULE,
        required_by=AUDIT_LAW,
        kinds=SHARING | {AgreementKind.AUDIT},
        when=conditions.AUDIT,
    ),
)
