"""The words in which the public reads of agreements; each is translated."""

from __future__ import annotations

from portal.languages.marks import N_
from portal.languages.plain import PLAIN
from portal.vocabulary import (
    AgreementKind,
    AgreementStatus,
    Category,
    LineBasis,
    ServiceTier,
)

KINDS = {
    AgreementKind.MOU: N_("Memorandum of understanding"),
    AgreementKind.DATA_SHARING: N_("Data-sharing agreement"),
    AgreementKind.DATA_USE: N_("Data-use letter"),
    AgreementKind.QSOA: N_("Qualified service organization agreement"),
    AgreementKind.STUDIES: N_("Agreement for a study"),
    AgreementKind.AUDIT: N_("Agreement for an audit or evaluation"),
}

STATUS = {
    AgreementStatus.IN_REVIEW: (N_("Being negotiated"), "warn"),
    AgreementStatus.OUT_FOR_SIGNATURE: (N_("Not signed by all"), "warn"),
    AgreementStatus.REFUSED: (N_("A signer said no"), "warn"),
    AgreementStatus.SIGNED: (N_("Signed by all, not begun yet"), "info"),
    AgreementStatus.IN_FORCE: (N_("In force"), "ok"),
    AgreementStatus.AMENDED: (N_("Changed by another agreement"), "warn"),
    AgreementStatus.SUPERSEDED: (N_("Renewed by another agreement"), "warn"),
    AgreementStatus.ENDED: (N_("Ended by notice"), "warn"),
    AgreementStatus.EXPIRED: (N_("Its last day has passed"), "warn"),
    AgreementStatus.TERMINATED: (N_("Ended early"), "warn"),
    AgreementStatus.DISCARDED: (N_("Taken back before all had signed"), "warn"),
}
"""Where an agreement stands, and the color of it. A draft is its maker's own."""

TIERS = {
    ServiceTier.UNIVERSAL: N_("for all students"),
    ServiceTier.TARGETED: N_("for some students"),
    ServiceTier.INTENSIVE: N_("for a few students"),
    ServiceTier.CRISIS: N_("in a crisis"),
}

NAMES = PLAIN | {
    Category.IDENTITY: N_("Name, school and grade"),
    Category.MANDATED_REPORT: N_("Reports to child protection"),
}

WITH_CONSENT = N_("Only when the family has signed a consent.")
WITH_INITIALS = N_("Only when the family has signed a consent, with separate initials for this.")
OWN_CONSENT = N_("Only when the student has signed a consent, with separate initials for this.")
BASES = {
    LineBasis.CHILD_WELFARE: N_(
        "For the caseworker of a child in the state's care, without a consent "
        "(20 USC 1232g(b)(1)(L))."
    ),
    LineBasis.SCHOOL_OFFICIAL: N_(
        "For work that the district would otherwise do itself, under its control "
        "(34 CFR 99.31(a)(1))."
    ),
    LineBasis.STUDIES: N_("For this study only, without a consent (34 CFR 99.31(a)(6))."),
    LineBasis.AUDIT: N_("For this audit or evaluation only, without a consent (34 CFR 99.35)."),
    LineBasis.PART_2_SERVICE: N_(
        "For services to a program for alcohol or drug use (42 CFR 2.11, 2.12)."
    ),
}
ONLY_SUMMARY = N_("Only what and when, no more.")
ONLY_FOR = N_("Only for this: %(purposes)s.")
ONLY_SINCE = N_("An older consent does not open it.")

SPAN = N_("%(first)s through %(last)s")
ENDS_ON = N_("%(partner)s: until %(day)s")
ENDED_ON = N_("%(partner)s: ended on %(day)s")
NO_PAGE = (
    N_("There is no such agreement"),
    N_("No agreement that is in force, or that ended in the last twelve months, has this number."),
    N_("Look for it in the list of agreements."),
)
NO_FILE = (
    N_("There is no such document"),
    N_("The document of this agreement is not published here."),
    N_("Ask the district for it."),
)
TELEHEALTH = N_("also by video")
