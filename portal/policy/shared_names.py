"""One e-mail address, one person: an address of an office or a task gets no account.

The trail says who opened a record (34 CFR 99.32); an account that several people use cannot.
"""

from __future__ import annotations

import re

GENERIC = frozenset(
    {
        "account",
        "accounts",
        "admin",
        "administration",
        "administrator",
        "admissions",
        "all",
        "attendance",
        "billing",
        "clinic",
        "contact",
        "counseling",
        "counselor",
        "counselors",
        "desk",
        "district",
        "enrollment",
        "everyone",
        "faculty",
        "frontdesk",
        "frontoffice",
        "group",
        "guest",
        "guidance",
        "health",
        "healthoffice",
        "hello",
        "help",
        "helpdesk",
        "info",
        "intake",
        "it",
        "library",
        "mail",
        "mailbox",
        "mainoffice",
        "manager",
        "noreply",
        "nurse",
        "nurses",
        "office",
        "postmaster",
        "principal",
        "reception",
        "receptionist",
        "records",
        "referral",
        "referrals",
        "registrar",
        "root",
        "school",
        "schooloffice",
        "secretary",
        "security",
        "service",
        "shared",
        "socialwork",
        "socialworker",
        "staff",
        "sub",
        "substitute",
        "superintendent",
        "support",
        "teacher",
        "teachers",
        "team",
        "temp",
        "test",
        "user",
        "webmaster",
        "worker",
    }
)

MADE_UP = ".example"
"""Reserved for examples (RFC 2606): nobody's mail. The demonstration's people sign in so."""

WHY = "This e-mail address belongs to an office or a task, and not to one person."
INSTEAD = (
    "Use the person's own address. An account is one person's: the portal writes down who opened "
    "which record."
)


def is_shared(email: str) -> bool:
    """Is this the address of an office: nurse@, front.desk@, office2@ …?"""
    local, _, domain = email.strip().casefold().partition("@")
    if domain.endswith(MADE_UP):
        return False
    return re.sub(r"[^a-z]", "", local.partition("+")[0]) in GENERIC
