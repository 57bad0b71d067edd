"""What the law asks a consent form to have, element by element, and what a form lacks.

THE TABLE is printed as docs/reference/consent-elements.md. An element of the form is found
by the parts and sentences that carry it; an element of the process names who fulfils it,
because no form can. Not decided here: whether one signed consent is valid, which the gate
asks at every use (policy), and whether a text is well written (`publishing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.consents.forms import bounds
from portal.consents.forms.definition import Definition, Section
from portal.consents.words import SECTIONS
from portal.errors import Problem
from portal.vocabulary import Statement


class Law(StrEnum):
    """Whose rule it is."""

    FERPA = "FERPA"
    IDEA = "IDEA"
    HIPAA = "HIPAA"
    PART2 = "42 CFR Part 2"
    CT = "Connecticut"
    SIGNATURE = "Electronic signature"


class Rank(StrEnum):
    """Does a form without it stay unpublished?"""

    MUST = "must"
    GOOD = "good"


@dataclass(frozen=True)
class Element:
    """One thing that must, or should, be so. lacks: what is wrong where it is not.

    where: the parts and sentences that carry it, all of them. holds: what else must be
    true of the definition. by: who fulfils what no form can carry.
    """

    id: str
    words: str
    law: Law
    citation: str
    bound: bounds.Bound
    rank: Rank = Rank.MUST
    where: tuple[Section | Statement, ...] = ()
    lacks: str = ""
    holds: Callable[[Definition], bool] = lambda _definition: True
    by: str = ""

    @property
    def of_the_form(self) -> bool:
        """Can a form carry it?"""
        return not self.by

    def missing(self, definition: Definition) -> tuple[Section | Statement, ...]:
        """The parts and sentences that this form does not print."""
        return tuple(part for part in self.where if not definition.prints(part))

    def is_met(self, definition: Definition) -> bool:
        """Is it on this form?"""
        return not self.missing(definition) and self.holds(definition)


SAYS_NO = "The form does not say"

ELEMENTS: tuple[Element, ...] = (
    # 34 CFR 99.30: the school gives
    Element(
        "ferpa-signer",
        "Signed by a parent, or by the eligible student",
        Law.FERPA,
        "34 CFR 99.30(a), 99.3, 99.5(a)(1)",
        bounds.SCHOOL_GIVES,
        where=(Section.SIGNER,),
        lacks=f"{SAYS_NO} who signs",
    ),
    Element(
        "ferpa-signed",
        "Written, signed and dated before anything is given",
        Law.FERPA,
        "34 CFR 99.30(a)",
        bounds.SCHOOL_GIVES,
        where=(Section.SIGNATURE,),
        lacks="The form has no place for the signature and its date",
    ),
    Element(
        "ferpa-records",
        "The records that may be given",
        Law.FERPA,
        "34 CFR 99.30(b)(1)",
        bounds.SCHOOL_GIVES,
        where=(Section.SCHOOL_MAY_GIVE,),
        holds=bounds.names_records_out,
        lacks=f"{SAYS_NO} which records the school may give",
    ),
    Element(
        "ferpa-purpose",
        "Why they may be given",
        Law.FERPA,
        "34 CFR 99.30(b)(2)",
        bounds.SCHOOL_GIVES,
        where=(Section.WHY,),
        holds=bounds.names_purpose,
        lacks=f"{SAYS_NO} why the records may be given",
    ),
    Element(
        "ferpa-party",
        "To whom they may be given",
        Law.FERPA,
        "34 CFR 99.30(b)(3)",
        bounds.SCHOOL_GIVES,
        where=(Section.WHO,),
        lacks=f"{SAYS_NO} who may get the records",
    ),
    Element(
        "ferpa-electronic",
        "On a screen: who signs is identified and authenticated, and approves of the content",
        Law.FERPA,
        "34 CFR 99.30(d)",
        bounds.SCHOOL_GIVES,
        where=(Section.SIGNATURE, Section.STAFF),
        lacks="The form has no place for how it was made sure who signs",
    ),
    Element(
        "ferpa-no-redisclosure",
        "The recipient may not pass the records on, and uses them for the purpose only",
        Law.FERPA,
        "34 CFR 99.33(a), (d)",
        bounds.SCHOOL_GIVES,
        where=(Statement.REDISCLOSURE_LIMIT, Section.NOTICES),
        lacks=f"{SAYS_NO} that the records may not be passed on",
    ),
    Element(
        "ferpa-copy-of-records",
        "On request a copy of what was given, for the parent and for the student",
        Law.FERPA,
        "34 CFR 99.30(c)",
        bounds.SCHOOL_GIVES,
        by="consents: the receipt and the list of what was shared, opened by the family",
    ),
    Element(
        "ferpa-contested",
        "A contested record travels with the statement about it",
        Law.FERPA,
        "34 CFR 99.21(c)",
        bounds.SCHOOL_GIVES,
        by="the records officer, who keeps the statement with the record",
    ),
    Element(
        "ferpa-recipient-told",
        "The recipient is told that it may not pass the records on",
        Law.FERPA,
        "34 CFR 99.33(d)",
        bounds.SCHOOL_GIVES,
        by="access: the notice on each page and file that leaves, its version in the trail",
    ),
    Element(
        "ferpa-student",
        "Which student it is about",
        Law.FERPA,
        "good practice",
        bounds.SCHOOL_GIVES,
        Rank.GOOD,
        where=(Section.STUDENT,),
        lacks=f"{SAYS_NO} which student it is about",
    ),
    Element(
        "ferpa-end",
        "The day on which it ends",
        Law.FERPA,
        "FERPA is silent; the strictest law is followed",
        bounds.SCHOOL_GIVES,
        Rank.GOOD,
        where=(Section.HOW_LONG,),
        holds=bounds.ends_on_a_date,
        lacks=f"{SAYS_NO} when the permission ends",
    ),
    Element(
        "ferpa-revocation",
        "How it is taken back",
        Law.FERPA,
        "FERPA is silent; the strictest law is followed",
        bounds.SCHOOL_GIVES,
        Rank.GOOD,
        where=(Section.TAKING_BACK, Statement.REVOKE),
        lacks=f"{SAYS_NO} how to take the permission back",
    ),
    Element(
        "ferpa-voluntary",
        "Nobody has to sign",
        Law.FERPA,
        "good practice",
        bounds.SCHOOL_GIVES,
        Rank.GOOD,
        where=(Section.CHOICES, Statement.VOLUNTARY),
        lacks=f"{SAYS_NO} that it is a choice",
    ),
    Element(
        "ferpa-holder-changes",
        "At 18, or in college, the student decides",
        Law.FERPA,
        "34 CFR 99.5(a)(1)",
        bounds.SCHOOL_GIVES,
        Rank.GOOD,
        where=(Section.RIGHTS, Statement.HOLDER_CHANGES),
        lacks=f"{SAYS_NO} that the right passes to the student",
    ),
    Element(
        "ferpa-language",
        "The language it was read in, and who helped",
        Law.FERPA,
        "good practice",
        bounds.SCHOOL_GIVES,
        Rank.GOOD,
        where=(Section.LANGUAGE,),
        lacks="The form has no place for the language and the interpreter",
    ),
    # 34 CFR part 300: special education records
    Element(
        "idea-voluntary",
        "Consent is voluntary",
        Law.IDEA,
        "34 CFR 300.9(c)(1), 300.622",
        bounds.SPECIAL_EDUCATION,
        where=(Section.CHOICES, Statement.VOLUNTARY),
        lacks=f"{SAYS_NO} that the parent may say no",
    ),
    Element(
        "idea-revocation",
        "It may be taken back, not for what was done before",
        Law.IDEA,
        "34 CFR 300.9(c)(2)",
        bounds.SPECIAL_EDUCATION,
        where=(Section.TAKING_BACK, Statement.REVOKE),
        lacks=f"{SAYS_NO} that the permission may be taken back",
    ),
    Element(
        "idea-language",
        "In the parent's native language or another mode of communication",
        Law.IDEA,
        "34 CFR 300.9(a)",
        bounds.SPECIAL_EDUCATION,
        where=(Section.LANGUAGE,),
        lacks="The form does not offer to be read in the family's language",
    ),
    Element(
        "idea-transition",
        "A consent of its own for agencies that pay for transition services",
        Law.IDEA,
        "34 CFR 300.622(b)(2)",
        bounds.SPECIAL_EDUCATION,
        by="consents: one consent names one partner, so each agency has its own",
    ),
    Element(
        "idea-log",
        "A record of each party that got access: name, date, purpose",
        Law.IDEA,
        "34 CFR 300.614",
        bounds.SPECIAL_EDUCATION,
        by="access: the trail, written in the transaction that gives",
    ),
    # 45 CFR 164.508: a health care provider gives
    Element(
        "hipaa-description",
        "A specific and meaningful description of what may be given",
        Law.HIPAA,
        "45 CFR 164.508(c)(1)(i)",
        bounds.HIPAA_GIVES,
        where=(Section.PARTNER_MAY_GIVE,),
        holds=bounds.names_records_in,
        lacks=f"{SAYS_NO} what the partner may give",
    ),
    Element(
        "hipaa-discloser",
        "Who may give it",
        Law.HIPAA,
        "45 CFR 164.508(c)(1)(ii)",
        bounds.HIPAA_GIVES,
        where=(Section.WHO,),
        lacks=f"{SAYS_NO} who may give the facts",
    ),
    Element(
        "hipaa-recipient",
        "Who may get it",
        Law.HIPAA,
        "45 CFR 164.508(c)(1)(iii)",
        bounds.HIPAA_GIVES,
        where=(Section.WHO,),
        lacks=f"{SAYS_NO} who may get the facts",
    ),
    Element(
        "hipaa-purpose",
        "Each purpose",
        Law.HIPAA,
        "45 CFR 164.508(c)(1)(iv)",
        bounds.HIPAA_GIVES,
        where=(Section.WHY,),
        holds=bounds.names_purpose,
        lacks=f"{SAYS_NO} for which purpose the facts may be given",
    ),
    Element(
        "hipaa-end",
        "A date or an event on which it ends",
        Law.HIPAA,
        "45 CFR 164.508(c)(1)(v)",
        bounds.HIPAA_GIVES,
        where=(Section.HOW_LONG,),
        holds=bounds.ends_on_a_date,
        lacks=f"{SAYS_NO} on which day the permission ends",
    ),
    Element(
        "hipaa-signature",
        "Signature and date; of a representative, the authority",
        Law.HIPAA,
        "45 CFR 164.508(c)(1)(vi)",
        bounds.HIPAA_GIVES,
        where=(Section.SIGNATURE, Section.SIGNER),
        lacks="The form has no place for the signature and for why this person may sign",
    ),
    Element(
        "hipaa-revocation",
        "The right to take it back in writing, how, and what it does not reach",
        Law.HIPAA,
        "45 CFR 164.508(c)(2)(i)",
        bounds.HIPAA_GIVES,
        where=(Section.TAKING_BACK, Statement.REVOKE),
        lacks=f"{SAYS_NO} how to take the permission back",
    ),
    Element(
        "hipaa-conditions",
        "Whether care, payment or enrollment may depend on signing",
        Law.HIPAA,
        "45 CFR 164.508(c)(2)(ii)",
        bounds.HIPAA_GIVES,
        where=(Section.CHOICES, Statement.NO_CONDITION),
        lacks=f"{SAYS_NO} whether care may depend on signing",
    ),
    Element(
        "hipaa-redisclosure",
        "What is given may be passed on and is then no longer protected by HIPAA",
        Law.HIPAA,
        "45 CFR 164.508(c)(2)(iii)",
        bounds.HIPAA_GIVES,
        where=(Section.AFTER, Statement.MAY_BE_REDISCLOSED),
        lacks=f"{SAYS_NO} that health facts may lose their protection at the school",
    ),
    Element(
        "hipaa-plain",
        "Plain language",
        Law.HIPAA,
        "45 CFR 164.508(c)(3)",
        bounds.HIPAA_GIVES,
        holds=bounds.is_plain,
        lacks=f"The form asks for more than {bounds.HIGHEST_GRADE} years of school",
    ),
    Element(
        "hipaa-copy",
        "A copy for whoever signs",
        Law.HIPAA,
        "45 CFR 164.508(c)(4)",
        bounds.HIPAA_GIVES,
        where=(Section.RIGHTS, Statement.COPY),
        lacks=f"{SAYS_NO} that the signer may have a copy",
    ),
    Element(
        "hipaa-kept",
        "The signed authorization is kept for six years",
        Law.HIPAA,
        "45 CFR 164.508(b)(6), 164.530(j)",
        bounds.HIPAA_GIVES,
        by="consents: signed papers are only ever added to",
    ),
    Element(
        "hipaa-defects",
        "Expired, not filled in, known to be revoked or false: not valid",
        Law.HIPAA,
        "45 CFR 164.508(b)(2)",
        bounds.HIPAA_GIVES,
        by="policy: the gate asks each of these at every use",
    ),
    Element(
        "hipaa-compound",
        "Psychotherapy notes have an authorization of their own",
        Law.HIPAA,
        "45 CFR 164.508(b)(3)(ii)",
        bounds.NOTES,
        where=(Section.PARTNER_MAY_GIVE,),
        holds=bounds.is_about_one_thing,
        lacks="The form joins psychotherapy notes with something else",
    ),
    # 42 CFR 2.31: a substance-use program gives
    Element(
        "part2-patient",
        "The name of the patient",
        Law.PART2,
        "42 CFR 2.31(a)(1)",
        bounds.PART2_GIVES,
        where=(Section.STUDENT,),
        lacks=f"{SAYS_NO} which student it is about",
    ),
    Element(
        "part2-discloser",
        "Who may give",
        Law.PART2,
        "42 CFR 2.31(a)(2)",
        bounds.PART2_GIVES,
        where=(Section.WHO,),
        lacks=f"{SAYS_NO} which program may give the facts",
    ),
    Element(
        "part2-description",
        "A specific description of what may be given",
        Law.PART2,
        "42 CFR 2.31(a)(3)",
        bounds.PART2_GIVES,
        where=(Section.PARTNER_MAY_GIVE,),
        lacks=f"{SAYS_NO} what the program may give",
    ),
    Element(
        "part2-recipient",
        "Who may get it, by name",
        Law.PART2,
        "42 CFR 2.31(a)(4)(i)",
        bounds.PART2_GIVES,
        where=(Section.WHO,),
        lacks=f"{SAYS_NO} by name who may get the facts",
    ),
    Element(
        "part2-redisclosure",
        "It may be passed on as HIPAA lets it be, except in proceedings against the patient",
        Law.PART2,
        "42 CFR 2.31(a)(4)(iii), (a)(10)",
        bounds.PART2_GIVES,
        where=(Section.AFTER, Statement.PART2_REDISCLOSURE),
        lacks=f"{SAYS_NO} how facts about substance use may be passed on",
    ),
    Element(
        "part2-purpose",
        "The purpose",
        Law.PART2,
        "42 CFR 2.31(a)(5)",
        bounds.PART2_GIVES,
        where=(Section.WHY,),
        lacks=f"{SAYS_NO} why the program may give the facts",
    ),
    Element(
        "part2-revocation",
        "The right to take it back in writing, how, and what it does not reach",
        Law.PART2,
        "42 CFR 2.31(a)(6)",
        bounds.PART2_GIVES,
        where=(Section.TAKING_BACK, Statement.REVOKE),
        lacks=f"{SAYS_NO} how to take this permission back",
    ),
    Element(
        "part2-end",
        "A date, an event or a condition on which it ends",
        Law.PART2,
        "42 CFR 2.31(a)(7)",
        bounds.PART2_GIVES,
        where=(Section.HOW_LONG,),
        holds=bounds.ends_on_a_date,
        lacks=f"{SAYS_NO} when the program must stop",
    ),
    Element(
        "part2-signature",
        "The patient's signature, or that of whoever may sign, and its date",
        Law.PART2,
        "42 CFR 2.31(a)(8), (a)(9)",
        bounds.PART2_GIVES,
        where=(Section.SIGNATURE, Section.SIGNER),
        lacks="The form has no place for the patient's signature",
    ),
    Element(
        "part2-refusal",
        "What follows from a refusal to sign",
        Law.PART2,
        "42 CFR 2.31(a)(10)",
        bounds.PART2_GIVES,
        where=(Section.CHOICES, Statement.PART2_REFUSAL),
        lacks=f"{SAYS_NO} what follows when the patient says no",
    ),
    Element(
        "part2-minor",
        "The minor signs, where the minor may seek this care alone",
        Law.PART2,
        "42 CFR 2.14",
        bounds.PART2_GIVES,
        where=(Section.MINOR,),
        lacks="The form has no place for the minor's own signature",
    ),
    Element(
        "part2-notice",
        "With each disclosure a notice, and a copy of the consent or its scope",
        Law.PART2,
        "42 CFR 2.32(a), (b)",
        bounds.PART2_GIVES,
        where=(Section.NOTICES,),
        lacks="The form does not name the notice that goes along",
    ),
    Element(
        "part2-notice-given",
        "The notice and the copy do go along",
        Law.PART2,
        "42 CFR 2.32(a), (b)",
        bounds.PART2_GIVES,
        by="access: the notices attached to what leaves",
    ),
    Element(
        "part2-compound",
        "Counseling notes, and use in a proceeding, have a consent of their own",
        Law.PART2,
        "42 CFR 2.31(b), (d)",
        bounds.ONE_MATTER,
        where=(Section.PARTNER_MAY_GIVE,),
        holds=bounds.is_about_one_thing,
        lacks="The form joins a single-purpose consent with something else",
    ),
    # Connecticut
    Element(
        "ct-psychiatric-use",
        "Psychiatric: to whom and for what use",
        Law.CT,
        "CGS 52-146e(b)",
        bounds.PSYCHIATRIC,
        where=(Section.WHO, Section.WHY),
        lacks=f"{SAYS_NO} to whom and for what use treatment may be told",
    ),
    Element(
        "ct-psychiatric-refusal",
        "A refusal does not put treatment at risk, unless it needs the disclosure",
        Law.CT,
        "CGS 52-146e(b)",
        bounds.PSYCHIATRIC,
        where=(Section.CHOICES, Statement.CT_REFUSAL),
        lacks=f"{SAYS_NO} that a refusal does not put treatment at risk",
    ),
    Element(
        "ct-psychiatric-withdrawal",
        "Withdrawn in writing at the office where it is filed, not for what was done before",
        Law.CT,
        "CGS 52-146e(c)",
        bounds.PSYCHIATRIC,
        where=(Section.TAKING_BACK, Statement.REVOKE),
        lacks=f"{SAYS_NO} how permission about treatment is withdrawn",
    ),
    Element(
        "ct-office",
        "The office where a consent is filed and taken back",
        Law.CT,
        "CGS 52-146e(c); 45 CFR 164.508(c)(2)(i)",
        bounds.EVERY,
        where=(Section.TAKING_BACK,),
        holds=bounds.has_office,
        lacks="The form does not name the office that takes it back, with an address or an e-mail",
    ),
    Element(
        "ct-social-worker",
        "Clinical social worker: to whom, scope, purpose and the day on which it ends",
        Law.CT,
        "CGS 52-146q(b)",
        bounds.CLINICAL,
        where=(Section.WHO, Section.WHY, Section.HOW_LONG),
        lacks=f"{SAYS_NO} to whom, why and until when a social worker may tell",
    ),
    Element(
        "ct-counselor",
        "Licensed professional counselor: in writing, withdrawn in writing",
        Law.CT,
        "CGS 52-146s(b)",
        bounds.CLINICAL,
        where=(Section.SIGNATURE, Section.TAKING_BACK, Statement.REVOKE),
        lacks=f"{SAYS_NO} how permission to a counselor is given and withdrawn",
    ),
    Element(
        "ct-family-therapist",
        "Family therapist: every member of the family in the therapy consents",
        Law.CT,
        "CGS 52-146p(b)",
        bounds.CLINICAL,
        by="the provider, who asks each member of the family",
    ),
    Element(
        "ct-hiv-specific",
        "HIV: a general release is not enough",
        Law.CT,
        "CGS 19a-581, 19a-583, 19a-585(a)",
        bounds.HIV,
        where=(Section.SPECIAL,),
        lacks="The form has no initials of their own for facts about HIV",
    ),
    Element(
        "ct-hiv-notice",
        "HIV: the written notice that goes along",
        Law.CT,
        "CGS 19a-585(a)",
        bounds.HIV,
        where=(Statement.HIV_NOTICE, Section.NOTICES),
        lacks=f"{SAYS_NO} that a notice goes along with facts about HIV",
    ),
    Element(
        "ct-hiv-noted",
        "HIV: each disclosure is noted in the record; what was said aloud, in writing in 10 days",
        Law.CT,
        "CGS 19a-585(a), (b)",
        bounds.HIV,
        by="access: the trail; and whoever tells it aloud",
    ),
    Element(
        "ct-own-care",
        "Mental health care or substance use care that a minor sought alone: the minor signs",
        Law.CT,
        "CGS 19a-14c(b), 17a-688, 19a-592",
        bounds.OWN_CARE,
        where=(Section.MINOR,),
        lacks="The form has no place where a minor says yes for care sought alone",
    ),
    Element(
        "ct-own-care-findings",
        "A minor's own mental health care: the five findings are documented",
        Law.CT,
        "CGS 19a-14c(b)",
        bounds.OWN_CARE,
        by="the provider, in its own record",
    ),
    Element(
        "ct-dcf",
        "Records that DCF holds: named facts, named recipients, a limited time",
        Law.CT,
        "CGS 17a-28(a)(4)",
        bounds.PARTNER_GIVES,
        where=(Section.PARTNER_MAY_GIVE, Section.WHO, Section.HOW_LONG),
        lacks=f"{SAYS_NO} which facts a state agency may give, to whom and until when",
    ),
    Element(
        "ct-school-record",
        "What reaches the school becomes a record that either parent may read",
        Law.CT,
        "34 CFR 99.10; CGS 10-15b(a)",
        bounds.PARTNER_GIVES,
        where=(Section.AFTER, Statement.BECOMES_SCHOOL_RECORD),
        lacks=f"{SAYS_NO} that what the partner gives becomes a school record",
    ),
    Element(
        "ct-clinic",
        "A children's psychiatric clinic has the parent's written permission and keeps its record",
        Law.CT,
        "Regs. 17a-20-37",
        bounds.CLINICAL,
        by="the provider, in its own record",
    ),
    Element(
        "ct-contract",
        "Student data goes to a contractor under a contract with the ten clauses",
        Law.CT,
        "CGS 10-234aa, 10-234bb(a)",
        bounds.SCHOOL_GIVES,
        by="agreements: a consent opens nothing without an agreement in force",
    ),
    Element(
        "special-initials",
        "Each specially protected kind has its own initials; a blank is a no",
        Law.CT,
        "CGS 19a-581; 42 CFR 2.31; CGS 52-146c to 52-146x",
        bounds.SPECIAL_KINDS,
        where=(Section.SPECIAL,),
        lacks="The form offers specially protected records without initials of their own",
    ),
    # Electronic signature
    Element(
        "esign",
        "The name is meant as a signature, and the record can be kept and printed",
        Law.SIGNATURE,
        "CGS 1-267(8), 1-272, 1-274; 15 USC 7001",
        bounds.EVERY,
        where=(Section.SIGNATURE,),
        holds=lambda form: bool(form.signing.en.strip()),
        lacks=f"{SAYS_NO} that the name stands for a signature",
    ),
)


STATEMENT_NAMES = {
    Statement.VOLUNTARY: "signing is a choice",
    Statement.REVOKE: "how to take it back",
    Statement.NO_CONDITION: "care does not depend on signing",
    Statement.MAY_BE_REDISCLOSED: "health facts may lose their protection",
    Statement.REDISCLOSURE_LIMIT: "the records may not be passed on",
    Statement.BECOMES_SCHOOL_RECORD: "what is given becomes a school record",
    Statement.COPY: "a copy for the signer",
    Statement.HOLDER_CHANGES: "the right passes to the student",
    Statement.PART2_REDISCLOSURE: "how substance-use facts may be passed on",
    Statement.PART2_REFUSAL: "what follows from a refusal, for substance use",
    Statement.CT_REFUSAL: "a refusal does not put treatment at risk",
    Statement.HIV_NOTICE: "the notice about HIV",
}
"""Each sentence as staff call it."""


def lacking(definition: Definition, rank: Rank) -> Iterator[Problem]:
    """The elements of this rank that bind this form and are not on it."""
    for element in ELEMENTS:
        bound = element.of_the_form and element.rank is rank and element.bound.test(definition)
        if bound and not element.is_met(definition):
            yield Problem(
                f"{element.lacks} ({element.citation}).", _to_add(element, definition), element.id
            )


def _to_add(element: Element, definition: Definition) -> str:
    names = [name_of(part) for part in element.missing(definition)]
    if not names:
        return f"Add: {element.words[:1].lower()}{element.words[1:]}."
    return f"Add {' and '.join(names)}."


def name_of(part: Section | Statement) -> str:
    """A part or a sentence of the form as staff find it."""
    if isinstance(part, Section):
        return f"the part “{SECTIONS[part]}”"
    return f"the sentence “{STATEMENT_NAMES[part]}”"
