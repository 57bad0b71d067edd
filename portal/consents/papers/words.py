"""The words of the papers that stand neither on a page nor in the form; each is translated."""

from __future__ import annotations

from portal.consents.words import RELATIONSHIPS
from portal.languages.marks import N_
from portal.vocabulary import (
    RELATIONSHIP_LABELS,
    IdentityCheck,
    Instrument,
    SignatureMethod,
)

YES, NO = N_("Yes"), N_("No")

HEADINGS = {
    Instrument.FERPA: N_("What the school may give to %(partner)s"),
    Instrument.HIPAA: N_("What %(partner)s may give to the school"),
}
"""Of each direction."""

FERPA_LAW = N_("FERPA consent (34 CFR 99.30)")
HIPAA_LAW = N_("HIPAA authorization (45 CFR 164.508)")
PART2_LAW = N_("Consent of a patient in care for alcohol or drug use (42 CFR 2.31)")
OTHER_LAW = N_("Written permission")

GIVES, GETS, GIVES_AND_GETS = N_("Gives"), N_("Gets"), N_("Gives and gets")

WITH = N_("%(kind)s, with: %(questions)s")
"""A kind of record with the district's own data points that go along."""

DAYS = N_("%(first)s to %(last)s")
HOW_OFTEN = N_("As it happens, until the last day")
THE_CASE = N_("The case")
NEVER_HERE = N_(
    "Never on this form: a therapist's own notes, notes of talks about alcohol or drug use, and "
    "use in court. Each of these has a form of its own."
)

METHODS = {
    SignatureMethod.PAPER: N_("Signed by hand on paper; the school keeps the scan"),
    SignatureMethod.TYPED: N_("The name typed on a screen"),
    SignatureMethod.DRAWN: N_("Drawn on a screen, and the name typed"),
}
"""How it was signed."""

CHECKS = {
    IdentityCheck.IN_PERSON: N_("In person, by a member of the school's staff"),
    IdentityCheck.LINK_AND_BIRTH_DATE: N_("By a link that works once, and the birth date"),
    IdentityCheck.LINK_BIRTH_DATE_AND_CODE: N_(
        "By a link that works once, the birth date, and a code told in another way"
    ),
}
"""How it was made sure who signs."""

BY_HAND = N_("By the signature on the paper")
NO_ORDER = N_("Checked when it was signed: no court order that limits the signer is known")
TO_CONFIRM = N_(
    "Signed by hand on %(day)s. The school keeps the scan. Nothing is shared until a second "
    "person has compared the scan with this paper."
)
RECEIPT_NOTE = N_(
    "This is your copy. It says what was agreed. Keep it: the code at its end shows that it is "
    "genuine."
)
FORM_NOTE = N_(
    "Sign this form by hand and give it to the school. Mark a box only where you say yes."
)

STUDENT = N_("Student")

CAPACITIES = {RELATIONSHIP_LABELS[each]: plain for each, plain in RELATIONSHIPS.items()} | {
    STUDENT: STUDENT
}
"""As what somebody signs, by how the portal keeps it."""
