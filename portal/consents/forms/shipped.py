"""The forms that come with the portal, and the one home of what they say.

Written for six years of school; a test measures it. Our own words and no legal advice:
a district's counsel reads them before they are used. Each sentence answers to the law
named in `policy.statements`; which must be there is in `elements`.
"""

from __future__ import annotations

from portal.consents.forms.definition import (
    LONGEST_TERM,
    Definition,
    Office,
    Section,
    Term,
    TermEnd,
    Text,
)
from portal.languages.marks import N_
from portal.vocabulary import SHAREABLE, Category, FormKind, Purpose, Statement

STATEMENTS = {
    Statement.VOLUNTARY: N_(
        "You choose. You may say no. If you say no, nothing at school will change."
    ),
    Statement.REVOKE: N_(
        "You may take this back on any day. Tell %(office)s, best in writing. We stop "
        "sharing at once. We cannot call back what was shared before."
    ),
    Statement.NO_CONDITION: N_(
        "%(partner)s may not make you sign. If you say no, your care, your bills and your "
        "health plan stay the same."
    ),
    Statement.MAY_BE_REDISCLOSED: N_(
        "Once %(partner)s gives health facts to the school, the health privacy law (HIPAA) "
        "may not guard them. They could be shared again."
    ),
    Statement.REDISCLOSURE_LIMIT: N_(
        "%(partner)s may use this only to help %(student)s. They may not pass it on unless "
        "you say yes again. This is the law."
    ),
    Statement.BECOMES_SCHOOL_RECORD: N_(
        "What %(partner)s gives to the school goes into the school file. Each parent may "
        "read that file."
    ),
    Statement.COPY: N_(
        "You may have a copy of this form. You may see what we share and who has looked at it."
    ),
    Statement.HOLDER_CHANGES: N_(
        "When %(student)s turns 18 or goes to college, %(student)s will decide."
    ),
    Statement.PART2_REDISCLOSURE: N_(
        "A strict law guards care for alcohol or drug use (42 CFR Part 2). A doctor or a "
        "health plan that gets these facts may pass them on as health law lets them. No one "
        "may use them in court against the person who got the care, unless that person says "
        "yes or a judge orders it."
    ),
    Statement.PART2_REFUSAL: N_(
        "If you say no, %(partner)s cannot tell the school about this care. You can still get "
        "the care."
    ),
    Statement.CT_REFUSAL: N_(
        "If you say no, no one may stop mental health care for it. The one case is when the "
        "care cannot be given unless the facts are shared."
    ),
    Statement.HIV_NOTICE: N_(
        "Facts about HIV go out only with your initials beside them. A note goes with them. "
        "It says that state law does not let anyone pass them on, unless you say yes to just "
        "that in writing."
    ),
}

HELP = {
    Section.STUDENT: N_("This form is about %(student)s and no one else."),
    Section.SIGNER: N_(
        "A parent or guardian signs. At 18 or in college, the student signs. Tell us who you "
        "are and why you may sign."
    ),
    Section.SCHOOL_MAY_GIVE: N_(
        "Tick what the school may give to %(partner)s. What you do not tick stays closed."
    ),
    Section.PARTNER_MAY_GIVE: N_(
        "Tick what %(partner)s may tell the school. What you do not tick stays closed."
    ),
    Section.WHO: N_(
        "The school and %(partner)s are named here. No one else may get the records by this form."
    ),
    Section.WHY: N_("Tick each reason that you agree with. The records may be used for no other."),
    Section.SPECIAL: N_(
        "The law guards these more. Write your initials by each one that you say yes to. "
        "A blank means no."
    ),
    Section.HOW_LONG: N_(
        "We share only what is ticked, and only with %(partner)s. We stop after %(until)s."
    ),
    Section.CHOICES: N_("You do not have to sign. Read what happens if you say no."),
    Section.TAKING_BACK: N_("A yes is not for good. You may change your mind."),
    Section.AFTER: N_("Read what may be done with the records once they are shared."),
    Section.RIGHTS: N_("Read what you may ask us for."),
    Section.MINOR: N_(
        "You got this care on your own? Then no one else may say yes for you, even if you are "
        "under 18. Sign here. A blank means no."
    ),
    Section.SIGNATURE: N_("Read your answers once more. Then sign with your name and the date."),
    Section.LANGUAGE: N_(
        "Ask for this form in your language, or for someone who reads it to you. It is free."
    ),
    Section.STAFF: N_(
        "The school fills in this part: who made sure that it was you, how, and when."
    ),
    Section.NOTICES: N_(
        "A note goes along with the records. It says what they may be used for, and that they "
        "may not be passed on."
    ),
}

SIGNING = N_("I have read this, or it was read to me. I agree, and I sign with my name.")

SINGLE_SECTIONS = tuple(
    section for section in Section if section not in (Section.SCHOOL_MAY_GIVE, Section.SPECIAL)
)
"""A single-purpose form has no list to tick: only what it is about."""

NO_OFFICE = Office(office="", address="", email="", phone="")
"""The district fills it in before it publishes."""


def texts(*, of: dict[Statement, str], without: frozenset[Statement]) -> dict[Statement, Text]:
    """Sentences as texts, those aside that a form does not need."""
    return {
        statement: Text(en=words) for statement, words in of.items() if statement not in without
    }


def _help(sections: tuple[Section, ...], **own: str) -> dict[Section, Text]:
    told = HELP | {Section(name): words for name, words in own.items()}
    return {section: Text(en=told[section]) for section in sections}


STANDARD = Definition(
    kind=FormKind.STANDARD,
    title=Text(en=N_("Consent for Release")),
    sections=tuple(Section),
    help=_help(tuple(Section)),
    categories_out=SHAREABLE,
    categories_in=(Category.SERVICE_STATUS, Category.SAFETY_PLAN),
    purposes=tuple(Purpose),
    term=Term(ends=TermEnd.SCHOOL_YEAR),
    most_months=LONGEST_TERM,
    statements=texts(of=STATEMENTS, without=frozenset()),
    signing=Text(en=SIGNING),
    office=NO_OFFICE,
    languages=("en", "es", "pt"),
)
"""Two directions on one form: the school to a partner, and the partner to the school."""


def _single(
    kind: FormKind,
    title: str,
    subject: str,
    purposes: tuple[Purpose, ...],
    without: frozenset[Statement],
    **own: str,
) -> Definition:
    return Definition(
        kind=kind,
        title=Text(en=title),
        sections=SINGLE_SECTIONS,
        help=_help(
            SINGLE_SECTIONS,
            partner_may_give=N_("This form is about one thing. It can be joined to no other."),
            **own,
        ),
        subject=Text(en=subject),
        categories_out=(),
        categories_in=(),
        purposes=purposes,
        term=Term(ends=TermEnd.MONTHS, months=6),
        most_months=LONGEST_TERM,
        statements=texts(of=STATEMENTS, without=without | {Statement.HIV_NOTICE}),
        signing=Text(en=SIGNING),
        office=NO_OFFICE,
        languages=("en", "es", "pt"),
    )


_OF_PART2 = frozenset({Statement.PART2_REDISCLOSURE, Statement.PART2_REFUSAL})

PSYCHOTHERAPY_NOTES = _single(
    FormKind.PSYCHOTHERAPY_NOTES,
    N_("Consent for Therapy Notes"),
    N_(
        "The notes that a therapist at %(partner)s made of talks with %(student)s. They are kept "
        "apart from the rest of the file."
    ),
    (Purpose.EVALUATE,),
    _OF_PART2,
)
"""45 CFR 164.508(b)(3)(ii)."""

SUD_COUNSELING_NOTES = _single(
    FormKind.SUD_COUNSELING_NOTES,
    N_("Consent for Notes of Talks about Alcohol or Drugs"),
    N_(
        "The notes that a counselor at %(partner)s made of talks with %(student)s about alcohol "
        "or drug use. They are kept apart from the rest of the file."
    ),
    (Purpose.COORDINATE,),
    frozenset({Statement.CT_REFUSAL}),
)
"""42 CFR 2.31(b)."""

COURT_USE = _single(
    FormKind.COURT_USE,
    N_("Consent for Use in Court"),
    N_(
        "Facts about the care that %(student)s got at %(partner)s for alcohol or drug use. They "
        "are for the one case that is named on this form."
    ),
    (),
    frozenset({Statement.CT_REFUSAL}),
    why=N_("The facts may be used in the case that is named here, and in no other."),
)
"""42 CFR 2.31(d)."""

FORMS = {
    form.kind: form for form in (STANDARD, PSYCHOTHERAPY_NOTES, SUD_COUNSELING_NOTES, COURT_USE)
}
