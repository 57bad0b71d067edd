"""The cover and the 27 articles of an agreement, in the order of the paper."""

from __future__ import annotations

from enum import StrEnum

from portal.languages.marks import N_


class Article(StrEnum):
    """A heading of the paper; the code is a name in templates, such as `articles.security`."""

    COVER = "cover"
    PARTIES = "parties"
    PURPOSE = "purpose"
    DEFINITIONS = "definitions"
    LAWS = "laws"
    SERVICES = "services"
    DISTRICT_DUTIES = "district_duties"
    PARTNER_DUTIES = "partner_duties"
    REFERRALS = "referrals"
    FAMILIES = "families"
    CONSENT_FIRST = "consent_first"
    SCHEDULE_DISTRICT = "schedule_district"
    SCHEDULE_PARTNER = "schedule_partner"
    NEVER_SHARED = "never_shared"
    SENSITIVE = "sensitive"
    REDISCLOSURE = "redisclosure"
    CONNECTICUT = "connecticut"
    SECURITY = "security"
    REVIEW = "review"
    BREACH = "breach"
    RIGHTS = "rights"
    EMERGENCY = "emergency"
    OUTCOMES = "outcomes"
    RETENTION = "retention"
    TERM = "term"
    MONEY = "money"
    GENERAL = "general"
    SIGNATURES = "signatures"


ARTICLE_TITLES = {
    Article.COVER: N_("Cover"),
    Article.PARTIES: N_("Parties and authority"),
    Article.PURPOSE: N_("Purpose"),
    Article.DEFINITIONS: N_("Definitions"),
    Article.LAWS: N_("Which law covers which record"),
    Article.SERVICES: N_("Services"),
    Article.DISTRICT_DUTIES: N_("What the District does"),
    Article.PARTNER_DUTIES: N_("What each Partner does"),
    Article.REFERRALS: N_("Referrals and closing the loop"),
    Article.FAMILIES: N_("Families decide"),
    Article.CONSENT_FIRST: N_("Consent comes first"),
    Article.SCHEDULE_DISTRICT: N_("Records the District may share"),
    Article.SCHEDULE_PARTNER: N_("Records each Partner may share"),
    Article.NEVER_SHARED: N_("Never shared"),
    Article.SENSITIVE: N_("Sensitive records"),
    Article.REDISCLOSURE: N_("Use only for the purpose; no passing on"),
    Article.CONNECTICUT: N_("Connecticut's student data clauses"),
    Article.SECURITY: N_("Security"),
    Article.REVIEW: N_("Review of access and audit"),
    Article.BREACH: N_("Breach"),
    Article.RIGHTS: N_("Rights of parents and students"),
    Article.EMERGENCY: N_("Crisis, mandated reports and orders"),
    Article.OUTCOMES: N_("Outcomes and published numbers"),
    Article.RETENTION: N_("Keeping, returning and destroying"),
    Article.TERM: N_("Term, review, change and end"),
    Article.MONEY: N_("Money, liability and independence"),
    Article.GENERAL: N_("Order of papers, disputes and notices"),
    Article.SIGNATURES: N_("Signatures"),
}
"""As the paper prints them; marked, so that a screen can show them in a family's language."""

NUMBERED = tuple(article for article in Article if article is not Article.COVER)
"""The 27 that are articles of the text."""
