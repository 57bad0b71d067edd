"""The shipped clauses, in the order in which the paper prints them. Our own words.

They say no more of the law than our sources do; where those were not read in full, a clause is a
term of the contract, not a statement about the law. A district's counsel confirms them before
use. `plain` and `title` are marked for translation; the English text is the one that binds.
"""

from __future__ import annotations

from portal.agreements.clauses.texts import (
    connecticut,
    ending,
    laws,
    parties,
    protecting,
    sharing,
    working,
)
from portal.agreements.clauses.types import Clause

CLAUSES: tuple[Clause, ...] = (
    *parties.COVER,
    *parties.PARTIES,
    *parties.PURPOSE,
    *parties.DEFINITIONS,
    *laws.LAWS,
    *working.SERVICES,
    *working.DISTRICT_DUTIES,
    *working.PARTNER_DUTIES,
    *working.REFERRALS,
    *working.FAMILIES,
    *sharing.CONSENT_FIRST,
    *sharing.SCHEDULE_DISTRICT,
    *sharing.SCHEDULE_PARTNER,
    *sharing.NEVER_SHARED,
    *sharing.SENSITIVE,
    *sharing.REDISCLOSURE,
    *connecticut.CONNECTICUT,
    *protecting.SECURITY,
    *protecting.REVIEW,
    *protecting.BREACH,
    *protecting.RIGHTS,
    *protecting.EMERGENCY,
    *ending.OUTCOMES,
    *ending.RETENTION,
    *ending.TERM,
    *ending.MONEY,
    *ending.GENERAL,
    *ending.SIGNATURES,
)
