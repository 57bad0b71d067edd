"""Kinds of record and purposes in the words of families; what several rooms tell them of."""

from __future__ import annotations

from portal.languages.marks import N_
from portal.vocabulary import Category, Purpose

PLAIN = {
    Category.CONTACT: N_("Address, phone and e-mail"),
    Category.ENROLLMENT: N_("Schools and grades so far"),
    Category.ATTENDANCE: N_("Days at school and days missed"),
    Category.DISCIPLINE: N_("Times in trouble at school"),
    Category.ASSESSMENT: N_("Test scores"),
    Category.COURSES: N_("Classes and grades"),
    Category.SPECIAL_EDUCATION: N_("Special education plan"),
    Category.SECTION_504: N_("Section 504 plan"),
    Category.HEALTH: N_("What the school nurse knows"),
    Category.VISITS: N_("Visits with support staff: when, how long, what for"),
    Category.VISIT_NOTES: N_("Notes that support staff wrote about visits"),
    Category.REFERRALS: N_("Help that the school asked others for"),
    Category.SERVICE_STATUS: N_("Whether help has begun"),
    Category.SAFETY_PLAN: N_("Safety plan"),
    Category.PSYCHIATRIC: N_("Mental health care"),
    Category.REPRODUCTIVE: N_("Care about birth control, pregnancy or gender"),
    Category.OWN_CARE: N_("Care that the student asked for alone"),
    Category.HIV: N_("HIV: tests, status or care"),
    Category.SUD: N_("Care for alcohol or drug use"),
}
"""Each kind of record in a family's words."""

PURPOSES = {
    Purpose.COORDINATE: N_("To plan help together and see that it works"),
    Purpose.EVALUATE: N_("To find out what the student needs"),
    Purpose.PLACEMENT: N_("To choose the right school or program"),
}
"""Why it may be shared."""
