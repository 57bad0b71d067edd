"""The words that a family reads before it signs: on the screen and on the paper alike.

At most the sixth grade; a test measures it. 34 CFR 99.30 and 99.33; voluntary and
free to take back, as 34 CFR 300.9 asks for.
"""

from __future__ import annotations

from portal.vocabulary import Category, Detail

FORM = "Consent for Release, version 1"

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "pt": "Portuguese",
    "ht": "Haitian Creole",
    "zh": "Chinese",
    "pl": "Polish",
    "ar": "Arabic",
}
"""In which a paper may have been signed; on screen the form is in English."""

PLAIN = {
    Category.CONTACT: "Address, phone and e-mail",
    Category.ENROLLMENT: "Schools and grades so far",
    Category.ATTENDANCE: "Days at school and days missed",
    Category.DISCIPLINE: "Times in trouble at school",
    Category.ASSESSMENT: "Test scores",
    Category.COURSES: "Classes and grades",
    Category.SPECIAL_EDUCATION: "Special education plan",
    Category.SECTION_504: "Section 504 plan",
    Category.HEALTH: "What the school nurse knows",
    Category.VISITS: "Visits with support staff: when, how long, what for",
    Category.VISIT_NOTES: "Notes that support staff wrote about visits",
    Category.REFERRALS: "Help that the school asked others for",
    Category.SERVICE_STATUS: "Whether help has begun",
    Category.SAFETY_PLAN: "Safety plan",
    Category.HIV: "HIV: tests, status or care",
    Category.SUD: "Care for alcohol or drug use",
}
"""Each kind of record in a family's words."""

DETAIL = {
    Detail.FULL: "All of each record",
    Detail.SUMMARY: "Only what and when, not who and not the story",
}


def statements(student: str, agency: str, ends_on: str) -> list[str]:
    """What the signer must know. student: the first name; ends_on: a day, in words."""
    return [
        "You choose. You may say no. If you say no, nothing at school will change.",
        f"We share only what is ticked, and only with {agency}. We stop after {ends_on}.",
        "You may take this back on any day. Tell the school, best in writing. We stop "
        "sharing at once. We cannot call back what was shared before.",
        f"{agency} may use this only to help {student}. They may not pass it on unless you "
        "say yes again. This is the law.",
        "You may have a copy of this form. You may see what we share and who has looked at it.",
        f"When {student} turns 18 or goes to college, {student} will decide.",
    ]


SIGNING = "I have read this, or it was read to me. I agree. My typed name is my signature."
