"""Sentences of this room; those of the family's summary in plain words, in each language."""

from __future__ import annotations

from portal.languages.marks import N_
from portal.vocabulary import StrengthSource

TITLE = N_("How the school helps %(name)s")
INTRO = (
    N_("This page tells what goes well, what help is in place, and what comes next."),
    N_("It is yours to keep. No notes of talks are in it."),
)
FOOT = N_("Made on %(when)s for %(name)s.")

SOURCES = {
    StrengthSource.STUDENT: N_("(the student's own words)"),
    StrengthSource.FAMILY: N_("(your family's words)"),
    StrengthSource.STAFF: N_("(the school's words)"),
}

SINCE = N_("Since %(first)s")
UNTIL = N_("From %(first)s to about %(last)s")
ASKED = N_("%(need)s: we asked %(who)s on %(day)s. We wait for the answer.")
AWAITED = N_("%(need)s: we wait for help from %(who)s.")
LOOKING = N_("%(need)s: we are looking for help.")

NO_STRENGTHS = N_("Nothing is written down yet. Tell us what goes well!")
NO_SERVICES = N_("No help is in place now.")
NO_STEPS = N_("No step is open now. Call us when you need something.")

RIGHTS = (
    N_("You may see the records yourself. Ask the school."),
    N_("If something in the records is wrong, you may ask the school to correct it."),
    N_("If you do not want this help any more, tell us."),
)

WITHHELD = "To respect the student's privacy, the author or an administrator restricted this note."
"""For staff, in place of a text that is not for them."""
