"""How the two sides work together: articles 5 to 9. Only a memorandum of understanding has most."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import AGREEMENTS, MOU_ONLY, SHARING, Clause, Need
from portal.languages.marks import N_

SERVICES = (
    Clause(
        "services_list",
        Article.SERVICES,
        N_("What each Partner offers"),
        (
            "Each Partner offers the services that stand under its name in the table below, in the "
            "tiers, at the sites and on the days shown.",
        ),
        N_("It lists the services, where and when they are given."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "services_choice",
        Article.SERVICES,
        N_("Choice of provider"),
        ("Nothing in this agreement limits a family's right to choose another provider.",),
        N_("A family may choose another provider."),
        need=Need.USUAL,
        kinds=MOU_ONLY,
    ),
    Clause(
        "services_telehealth",
        Article.SERVICES,
        N_("Telehealth"),
        (
            "A service by telehealth is given over a secure connection, to a student who sits in a "
            "private room, by a clinician who may practice where the student is. Before it begins, "
            "clinician and school agree which adult at the school helps at once if it is needed. "
            "Nothing is recorded.",
        ),
        N_("Care by video is private, never recorded, and an adult is near."),
        kinds=MOU_ONLY,
        when=conditions.TELEHEALTH,
    ),
    Clause(
        "services_mobile_crisis",
        Article.SERVICES,
        N_("Mobile crisis services"),
        (
            "For the mobile crisis services for children of this State (EMPS), the District and "
            "the Partner that gives them keep a referral protocol: who at the school calls, what "
            "is told, who stays with the student, and how the school learns what it needs to know "
            "afterwards. The liaisons named here are the liaisons for it, also towards a "
            "school-based health center where there is one.",
        ),
        N_("It says how the school and the mobile crisis team call and inform each other."),
        need=Need.OPTIONAL,
        citation="Public Act 13-178",
        kinds=MOU_ONLY,
    ),
)

DISTRICT_DUTIES = (
    Clause(
        "district_referrers",
        Article.DISTRICT_DUTIES,
        N_("Who sends referrals"),
        (
            "The District names for each school the person who sends referrals, and tells each "
            "Partner.",
        ),
        N_("Each school names the person who asks a partner for help."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "district_family_first",
        Article.DISTRICT_DUTIES,
        N_("The family first"),
        (
            "The District sends a referral only after it has talked with the family, or with the "
            "student who may decide alone, except in an emergency.",
        ),
        N_("The school talks with the family before it asks a partner for help."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "district_space",
        Article.DISTRICT_DUTIES,
        N_("Space"),
        (
            "Where a service takes place in a school, the District gives the Partner a private "
            "room in which nobody overhears, a place that locks for its files and devices, and a "
            "connection to the internet, at the times agreed with the principal.",
        ),
        N_("The school gives a private room for the service."),
        need=Need.USUAL,
        kinds=MOU_ONLY,
    ),
    Clause(
        "district_release",
        Article.DISTRICT_DUTIES,
        N_("Leaving class"),
        (
            "Students can leave class for a service without others learning why, and the time is "
            "chosen with the teacher so that as little instruction as possible is missed.",
        ),
        N_("Students can go to the service without others learning why."),
        need=Need.USUAL,
        kinds=MOU_ONLY,
    ),
    Clause(
        "district_orientation",
        Article.DISTRICT_DUTIES,
        N_("Introduction to the school"),
        (
            "The District shows the Partner's staff the building, its safety procedures, its "
            "calendar and its policies on bullying, attendance and restraint before they begin.",
        ),
        N_("The school shows the partner's staff its rules and its building."),
        need=Need.OPTIONAL,
        kinds=MOU_ONLY,
    ),
)

PARTNER_DUTIES = (
    Clause(
        "partner_staff",
        Article.PARTNER_DUTIES,
        N_("Licensed staff"),
        (
            "Each Partner uses staff who hold the license, certificate or permit that the service "
            "needs, keeps proof of it, and shows it to the District on request.",
        ),
        N_("The partner's staff hold the license their work needs."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "partner_supervision",
        Article.PARTNER_DUTIES,
        N_("Supervision"),
        (
            "Each Partner supervises its staff. Whoever is not licensed to practice alone works "
            "under a named clinician who is. Staff of a Partner are not supervised clinically by "
            "the District.",
        ),
        N_("The partner's staff have a supervisor of their own."),
        need=Need.USUAL,
        kinds=MOU_ONLY,
    ),
    Clause(
        "partner_background",
        Article.PARTNER_DUTIES,
        N_("Background checks"),
        (
            "Before anybody works with students, the Partner has the background checks made that "
            "Connecticut law asks for people who work with students, and confirms it to the "
            "District. Whoever does not pass does not come into a school.",
        ),
        N_("The background of everybody who works with students is checked first."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "partner_insurance",
        Article.PARTNER_DUTIES,
        N_("Insurance"),
        (
            "Each Partner keeps professional liability insurance of at least"
            "{% for partner in partners %}{% if several %}\n* {{ partner.name }}:{% endif %} "
            "{{ partner.insurance }}{% if several %}{% else %}.{% endif %}{% endfor %}",
            "It shows proof of it before the first service and at each renewal.",
        ),
        N_("The partner is insured."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "partner_answers",
        Article.PARTNER_DUTIES,
        N_("Time to answer"),
        (
            "Each Partner answers a referral as accepted, on a waiting list, or declined with the "
            "reason, within{% for partner in partners %}{% if several %}\n* {{ partner.name }}:"
            "{% endif %} {{ partner.response_days }} school days"
            "{% if several %}{% else %}.{% endif %}{% endfor %}",
        ),
        N_("The partner answers a request for help within a few school days."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "partner_rules",
        Article.PARTNER_DUTIES,
        N_("Rules of the school"),
        (
            "In a school, the Partner's staff sign in, wear identification, and follow the rules "
            "of the building. The District may ask that a person no longer be sent.",
        ),
        N_("The partner's staff follow the rules of the school."),
        need=Need.USUAL,
        kinds=MOU_ONLY,
    ),
    Clause(
        "partner_subcontractors",
        Article.PARTNER_DUTIES,
        N_("Subcontractors"),
        (
            "A Partner gives student data to a subcontractor only after it has named it to the "
            "District in writing, the District has agreed, and the subcontractor is bound in "
            "writing to everything that this agreement asks of the Partner. The Partner answers "
            "for the subcontractor as for itself.",
        ),
        N_(
            "A helper firm of the partner gets records only if the district agrees, and keeps the "
            "same rules."
        ),
        citation="34 CFR 99.33(a), (b)",
        required_by="FERPA",
        kinds=AGREEMENTS,
    ),
)

REFERRALS = (
    Clause(
        "referrals_route",
        Article.REFERRALS,
        N_("The way of a referral"),
        (
            "Referrals go through the portal, one for each service that is asked for. A referral "
            "has one of these states: {% for status in statuses %}{{ status }}"
            "{% if loop.last %}.{% else %}, {% endif %}{% endfor %}",
        ),
        N_("Requests for help go through the portal, one for each service."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "referrals_identity",
        Article.REFERRALS,
        N_("Who the student is"),
        (
            "A referral shows a Partner who the student is only when a consent that is in force "
            "opens that.",
        ),
        N_("The partner learns who the student is only with consent."),
        kinds=MOU_ONLY,
        citation="34 CFR 99.30",
        required_by="FERPA",
    ),
    Clause(
        "referrals_first_contact",
        Article.REFERRALS,
        N_("First contact"),
        (
            "After it has accepted a referral, a Partner reaches out to the family within"
            "{% for partner in partners %}{% if several %}\n* {{ partner.name }}:{% endif %} "
            "{{ partner.first_contact_days }} school days"
            "{% if several %}{% else %}.{% endif %}{% endfor %}",
            "It tries at least three times, on different days, before it closes a referral because "
            "nobody was reached. Where a family has asked not to be contacted in a certain way, it "
            "is not.",
        ),
        N_("The partner reaches out soon, and tries at least three times."),
        kinds=MOU_ONLY,
    ),
    Clause(
        "referrals_outcome",
        Article.REFERRALS,
        N_("Closing the loop"),
        (
            "For each referral the Partner reports whether it led to service: accessed, not "
            "accessed with the reason, or not known. “Accessed” means that the first appointment "
            "was kept, with its date. Silence is never read as “not accessed”. What it reports "
            "beyond that, {{ at.schedule_partner }} and the consent decide.",
        ),
        N_(
            "The partner tells the school whether the help began, and no more than the family "
            "allowed."
        ),
        kinds=MOU_ONLY,
    ),
    Clause(
        "referrals_no_report",
        Article.REFERRALS,
        N_("What a referral is not"),
        (
            "A referral is neither a report to child protection nor a call for help in a crisis. "
            "{{ at.emergency }} says what is done then.",
        ),
        N_("A request for help does not replace an emergency call or a report of abuse."),
        need=Need.USUAL,
        kinds=MOU_ONLY,
    ),
)

FAMILIES = (
    Clause(
        "families_voluntary",
        Article.FAMILIES,
        N_("Nobody has to"),
        (
            "Services and the sharing of records are voluntary. Nobody loses a school service, a "
            "place or a grade for saying no, or for taking a consent back.",
        ),
        N_("Families may say no, or change their mind, and lose nothing at school."),
        kinds=SHARING,
    ),
    Clause(
        "families_language",
        Article.FAMILIES,
        N_("Language"),
        (
            "The parties speak and write to families in a language they understand, with a "
            "qualified interpreter where one is needed. No child is used as an interpreter. A "
            "consent is explained in the family's language before it is signed.",
        ),
        N_("Families are told everything in a language they understand."),
        kinds=SHARING,
    ),
    Clause(
        "families_told",
        Article.FAMILIES,
        N_("Before a family signs"),
        (
            "Before a consent is signed the family is shown which records would go to whom, for "
            "what and until when, and it receives a copy of what it signed.",
        ),
        N_("Families see what would be shared before they sign, and get a copy."),
        need=Need.USUAL,
        kinds=SHARING,
    ),
    Clause(
        "families_partnership",
        Article.FAMILIES,
        N_("Families have a say"),
        (
            "At least once a year the parties ask families and students how the work goes for "
            "them, and say what they change because of it.",
        ),
        N_("Families are asked once a year how it goes."),
        need=Need.OPTIONAL,
        kinds=MOU_ONLY,
    ),
)
