"""How the partners work together."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import AGREEMENTS, MOU_ONLY, SHARING
from portal.agreements.elements.element import GOOD, Element, Rank

WORKING = (
    Element(
        "services",
        Article.SERVICES,
        "Services by tier, with sites, days and telehealth",
        GOOD,
        clauses=("services_list",),
        fields=tuple(
            f"partners[].services[].{name}"
            for name in ("name", "tier", "sites", "days", "telehealth")
        ),
        kinds=MOU_ONLY,
    ),
    Element(
        "telehealth",
        Article.SERVICES,
        "How a service by telehealth is given",
        GOOD,
        clauses=("services_telehealth",),
        kinds=MOU_ONLY,
        when=conditions.TELEHEALTH,
    ),
    Element(
        "mobile-crisis",
        Article.SERVICES,
        "Mobile crisis services (EMPS): referral protocol and liaison; a must for such a partner",
        "Public Act 13-178",
        Rank.GOOD,
        clauses=("services_mobile_crisis",),
        kinds=MOU_ONLY,
        when=conditions.CRISIS,
    ),
    Element(
        "district-duties",
        Article.DISTRICT_DUTIES,
        "Liaison, and who sends referrals after talking with the family",
        GOOD,
        clauses=("parties_liaisons", "district_referrers", "district_family_first"),
        fields=("district.liaison", "partners[].liaison"),
        kinds=MOU_ONLY,
    ),
    Element(
        "space",
        Article.DISTRICT_DUTIES,
        "Space, and a way out of class",
        GOOD,
        Rank.GOOD,
        clauses=("district_space", "district_release"),
        kinds=MOU_ONLY,
    ),
    Element(
        "partner-duties",
        Article.PARTNER_DUTIES,
        "Licensed staff, background checks, insurance, time to answer",
        GOOD,
        clauses=("partner_staff", "partner_background", "partner_insurance", "partner_answers"),
        fields=("partners[].insurance", "partners[].response_days"),
        kinds=MOU_ONLY,
    ),
    Element(
        "supervision",
        Article.PARTNER_DUTIES,
        "Supervision",
        GOOD,
        Rank.GOOD,
        clauses=("partner_supervision",),
        kinds=MOU_ONLY,
    ),
    Element(
        "subcontractors",
        Article.PARTNER_DUTIES,
        "Subcontractors: named, agreed to and bound",
        "34 CFR 99.33(a), (b)",
        clauses=("partner_subcontractors",),
        kinds=AGREEMENTS,
    ),
    Element(
        "referrals",
        Article.REFERRALS,
        "How referrals go, their states, first contact, and when service counts as accessed",
        GOOD,
        clauses=(
            *("referrals_route", "referrals_identity"),
            *("referrals_first_contact", "referrals_outcome"),
        ),
        fields=("statuses[]", "partners[].first_contact_days"),
        kinds=MOU_ONLY,
    ),
    Element(
        "families",
        Article.FAMILIES,
        "Voluntary: no school service is lost by refusing; in the family's language",
        GOOD,
        clauses=("families_voluntary", "families_language"),
        kinds=SHARING,
    ),
)
