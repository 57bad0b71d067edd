"""The labels that a family reads before it signs: on the screen and on the paper alike.

At most the sixth grade; a test measures it. Each is marked for translation. The form's own
sentences are in `forms.shipped`, their only home; `statements` puts them together for the
form that staff fill in.
"""

from __future__ import annotations

from portal.consents.forms.definition import Section
from portal.consents.forms.shipped import STANDARD
from portal.languages import plain
from portal.languages.catalog import filled
from portal.languages.marks import N_
from portal.vocabulary import Category, Detail, Relationship, Statement

SIGNING = STANDARD.signing.en
FORM = f"{STANDARD.title.en}, version 1"

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "pt": "Portuguese",
    "ht": "Haitian Creole",
    "zh": "Chinese",
    "pl": "Polish",
    "ar": "Arabic",
}
"""In which a paper may have been signed; the form that staff fill in on screen is in English."""

PLAIN = plain.PLAIN
PURPOSES = plain.PURPOSES

EXPLAINED = {
    Category.CONTACT: N_("Where you live and how to reach you."),
    Category.ENROLLMENT: N_("Which schools, which grades, from when to when."),
    Category.ATTENDANCE: N_("Which days, and if the school was told why."),
    Category.DISCIPLINE: N_("What the school says took place, and what it did."),
    Category.ASSESSMENT: N_("Scores on state and school tests."),
    Category.COURSES: N_("Which classes, and how they went."),
    Category.SPECIAL_EDUCATION: N_("The plan (IEP), its goals and its tests."),
    Category.SECTION_504: N_("What the school changes so that a student can take part."),
    Category.HEALTH: N_("Visits to the nurse, shots, and what the nurse was told."),
    Category.VISITS: N_("Not what was said."),
    Category.VISIT_NOTES: N_("What was said and seen, in the words of staff."),
    Category.REFERRALS: N_("Whom the school asked, for what, and when."),
    Category.SERVICE_STATUS: N_("Is there a place? Did it start? Did the student come? Not why."),
    Category.SAFETY_PLAN: N_("What helps to stay safe, and whom to call."),
    Category.PSYCHIATRIC: N_("What a doctor or therapist for mental health found and did."),
    Category.REPRODUCTIVE: N_("What was asked for, found and done."),
    Category.OWN_CARE: N_("The law lets a student ask for some care without a parent."),
    Category.HIV: N_("If there was a test, what it found, and care since then."),
    Category.SUD: N_("If there is such care, where, and how it goes."),
}
"""One more line on each kind, for whoever wants to know what is in it."""

RELATIONSHIPS = {
    Relationship.PARENT: N_("Parent"),
    Relationship.GUARDIAN: N_("Guardian"),
    Relationship.RELATIVE: N_("Relative who acts as a parent"),
    Relationship.SURROGATE: N_("Surrogate parent for special education"),
    Relationship.STATE_AGENCY: N_("State agency that has custody"),
}
"""Who the signer is to the student."""

DETAIL = {
    Detail.FULL: N_("All of each record"),
    Detail.SUMMARY: N_("Only what and when, not who and not the story"),
}

SECTIONS = {
    Section.STUDENT: N_("The student"),
    Section.SIGNER: N_("Who signs"),
    Section.SCHOOL_MAY_GIVE: N_("What the school may give"),
    Section.PARTNER_MAY_GIVE: N_("What the partner may give"),
    Section.WHO: N_("Who gives and who gets"),
    Section.WHY: N_("Why"),
    Section.SPECIAL: N_("These need your initials"),
    Section.HOW_LONG: N_("How long"),
    Section.CHOICES: N_("Your choice"),
    Section.TAKING_BACK: N_("Taking it back"),
    Section.AFTER: N_("What happens after"),
    Section.RIGHTS: N_("Your rights"),
    Section.MINOR: N_("Your own care"),
    Section.SIGNATURE: N_("Signature"),
    Section.LANGUAGE: N_("Language and help"),
    Section.STAFF: N_("For the school"),
    Section.NOTICES: N_("Notes that go along"),
}
"""The heading of each part of the form."""

_TOLD = (
    Statement.REVOKE,
    Statement.REDISCLOSURE_LIMIT,
    Statement.COPY,
    Statement.HOLDER_CHANGES,
)


def statements(student: str, agency: str, ends_on: str) -> list[str]:
    """What the signer must know. student: the first name; ends_on: a day, in words.

    Of the one direction that the form on screen has: the school gives.
    """
    told = [
        STANDARD.statements[Statement.VOLUNTARY],
        STANDARD.help[Section.HOW_LONG],
        *(STANDARD.statements[statement] for statement in _TOLD),
    ]
    values = {"student": student, "partner": agency, "until": ends_on, "office": "the school"}
    return [filled(text.en, values) for text in told]
