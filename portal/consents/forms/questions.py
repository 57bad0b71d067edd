"""What a family is asked, page by page, one thing on each. Pure values: web draws them.

Asked is what staff propose, as far as the form offers it; nothing is ticked beforehand, and
what is left blank is a no. The order of the parts is the form's own; checking and signing
come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from portal.access import data_points
from portal.access.data_points import Named
from portal.consents.forms.definition import Definition, Section, Text
from portal.consents.forms.telling import Partner, Said, office, say, told
from portal.consents.forms.terms import latest_day, usual_day
from portal.consents.words import EXPLAINED, PLAIN, PURPOSES
from portal.errors import Problem
from portal.languages.catalog import ENGLISH, day
from portal.languages.marks import N_
from portal.vocabulary import (
    CATEGORY_LABELS,
    SHAREABLE,
    SPECIAL,
    SUBJECT_ONLY,
    Category,
    FormKind,
    Purpose,
    Statement,
)

SUBJECT = "subject"
"""The code of the one choice of a single-purpose form."""

CASE = "case"
"""The code of the proceeding that a form for use in court names."""


class Ask(StrEnum):
    """What a page asks."""

    SIGNER = "signer"
    SCHOOL_MAY_GIVE = "school_may_give"
    PARTNER_MAY_GIVE = "partner_may_give"
    SPECIAL = "special"
    WHY = "why"
    HOW_LONG = "how_long"
    READ = "read"
    CHECK = "check"
    SIGN = "sign"


TITLES = {
    Ask.SIGNER: N_("Who are you?"),
    Ask.SCHOOL_MAY_GIVE: N_("What may the school give to %(partner)s?"),
    Ask.PARTNER_MAY_GIVE: N_("What may %(partner)s tell the school?"),
    Ask.SPECIAL: N_("These need your initials"),
    Ask.WHY: N_("Why may they share it?"),
    Ask.HOW_LONG: N_("Until when?"),
    Ask.READ: N_("Please read"),
    Ask.CHECK: N_("Check your answers"),
    Ask.SIGN: N_("Sign"),
}

ALSO = N_("Also what the school asks itself: %(questions)s.")
"""The district's own data points of a kind of record."""

FROM_THE_SCHOOL = N_("From the school to %(partner)s")
TO_THE_SCHOOL = N_("From %(partner)s to the school")


@dataclass(frozen=True)
class Proposal:
    """What staff ask the family about one partner. Days are local and included.

    ends_on: None for the form's usual last day. case: the proceeding, on a form for use in
    court.
    """

    partner: Partner
    starts_on: date
    ends_on: date | None = None
    out: frozenset[Category] = frozenset()
    back: frozenset[Category] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    case: str = ""

    def last_day(self, definition: Definition) -> date:
        """The day that is proposed, or else the form's usual one."""
        return self.ends_on or usual_day(definition, self.starts_on)


class Reader(StrEnum):
    """Who reads and signs, by what the law lets them share."""

    GUARDIAN = "guardian"
    ELIGIBLE_STUDENT = "eligible_student"
    MINOR = "minor"


MAY_SHARE = {
    Reader.GUARDIAN: frozenset(SHAREABLE) - SUBJECT_ONLY,
    Reader.ELIGIBLE_STUDENT: frozenset(SHAREABLE),
    Reader.MINOR: SUBJECT_ONLY,
}
"""A guardian is not asked for what only the student may share, a minor for nothing else."""


@dataclass(frozen=True)
class About:
    """Whom it is about, and who reads it in which language. student: the first name.

    named: the district's own data points that go along with a kind of record.
    """

    student: str
    language: str
    reader: Reader = Reader.GUARDIAN
    named: Named = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """A box to tick, or to write initials into. group: which direction it belongs to."""

    code: str
    words: Said
    more: Said | None = None
    initials: bool = False
    group: Said | None = None


@dataclass(frozen=True)
class Question:
    """One page. key: names it within the form, and nobody; partner: whom it is about.

    told: the sentences to read, each with its id, so that the signature can name them.
    latest: the last day that may be chosen; suggested: the day that staff propose.
    """

    key: str
    ask: Ask
    title: Said
    help: Said | None = None
    partner: Partner | None = None
    choices: tuple[Choice, ...] = ()
    told: tuple[tuple[Statement, Said], ...] = ()
    suggested: date | None = None
    latest: date | None = None


@dataclass(frozen=True)
class _Asking:
    """One form about one student, read in one language."""

    form: Definition
    about: About
    values: Mapping[str, str] = field(default_factory=dict)

    def with_(self, proposal: Proposal) -> _Asking:
        until = proposal.last_day(self.form)
        return _Asking(
            self.form,
            self.about,
            {
                "student": self.about.student,
                "office": office(self.form, self.about.language),
                "partner": proposal.partner.name,
                "until": day(until, self.about.language),
            },
        )

    def say(self, text: Text | str) -> Said:
        return say(text, self.about.language, self.values)

    def help(self, section: Section) -> Said | None:
        text = self.form.help.get(section)
        return self.say(text) if text is not None else None

    def explained(self, kind: Category, *, ours: bool) -> Said:
        """What is in a kind of record. ours: the school gives it, with the district's questions."""
        language = self.about.language
        own = data_points.told(self.about.named, kind, language) if ours else ""
        if not own:
            return self.say(EXPLAINED[kind])
        english = data_points.told(self.about.named, kind)
        usual = self.say(EXPLAINED[kind])
        more = say(ALSO, language, {"questions": own})
        record = say(ALSO, ENGLISH, {"questions": english}).record
        return replace(
            usual, words=f"{usual.words} {more.words}", record=f"{usual.record} {record}"
        )

    def kinds(self, proposed: frozenset[Category], offered: Sequence[Category]) -> list[Category]:
        """The proposed kinds that this form offers and this reader may share."""
        asked = proposed & MAY_SHARE[self.about.reader]
        return [kind for kind in offered if kind in asked]


def questions(
    definition: Definition, proposals: Sequence[Proposal], about: About
) -> tuple[Question, ...]:
    """The pages in their order: who signs; each partner in turn; read; check; sign."""
    asking = _Asking(definition, about, {"student": about.student})
    found = [Question("who", Ask.SIGNER, asking.say(TITLES[Ask.SIGNER]), asking.help(_SIGNER))]
    for number, proposal in enumerate(proposals, start=1):
        found += _of_partner(asking.with_(proposal), proposal, number)
    return (
        *found,
        Question("check", Ask.CHECK, asking.say(TITLES[Ask.CHECK])),
        Question(
            "sign",
            Ask.SIGN,
            asking.say(TITLES[Ask.SIGN]),
            asking.help(Section.SIGNATURE),
            choices=(Choice("agree", asking.say(definition.signing)),),
        ),
    )


_SIGNER = Section.SIGNER


def _of_partner(asking: _Asking, proposal: Proposal, number: int) -> Iterator[Question]:
    for section in asking.form.sections:
        page = PAGES.get(section)
        question = page(asking, proposal, f"{section.replace('_', '-')}-{number}") if page else None
        if question is not None:
            yield question
    yield from _reading(asking, proposal, number)


def _school_gives(asking: _Asking, proposal: Proposal, key: str) -> Question | None:
    kinds = asking.kinds(proposal.out, asking.form.categories_out)
    return _ticks(
        asking, proposal, key, Ask.SCHOOL_MAY_GIVE, [k for k in kinds if k not in SPECIAL]
    )


def _partner_gives(asking: _Asking, proposal: Proposal, key: str) -> Question | None:
    if asking.form.subject is not None:
        return Question(
            key,
            Ask.PARTNER_MAY_GIVE,
            asking.say(TITLES[Ask.PARTNER_MAY_GIVE]),
            asking.help(Section.PARTNER_MAY_GIVE),
            proposal.partner,
            (Choice(SUBJECT, asking.say(asking.form.subject)),),
        )
    kinds = asking.kinds(proposal.back, asking.form.categories_in)
    return _ticks(
        asking, proposal, key, Ask.PARTNER_MAY_GIVE, [k for k in kinds if k not in SPECIAL]
    )


def _ticks(
    asking: _Asking, proposal: Proposal, key: str, ask: Ask, kinds: Sequence[Category]
) -> Question | None:
    if not kinds:
        return None
    return Question(
        key,
        ask,
        asking.say(TITLES[ask]),
        asking.help(Section(ask.value)),
        proposal.partner,
        tuple(_choice(asking, kind, ours=ask is Ask.SCHOOL_MAY_GIVE) for kind in kinds),
    )


def _choice(asking: _Asking, kind: Category, group: str = "", *, ours: bool) -> Choice:
    return Choice(
        f"{group}-{kind}" if group else str(kind),
        asking.say(PLAIN[kind]),
        asking.explained(kind, ours=ours),
        initials=bool(group),
        group=asking.say(GROUPS[group]) if group else None,
    )


GROUPS = {"out": FROM_THE_SCHOOL, "in": TO_THE_SCHOOL}
"""A kind of record with initials may go either way, and needs them for each."""


def _special(asking: _Asking, proposal: Proposal, key: str) -> Question | None:
    form = asking.form
    sides = {
        "out": asking.kinds(proposal.out, form.categories_out),
        "in": asking.kinds(proposal.back, form.categories_in),
    }
    choices = [
        _choice(asking, kind, group, ours=group == "out")
        for group, kinds in sides.items()
        for kind in kinds
        if kind in SPECIAL
    ]
    if not choices:
        return None
    return Question(
        key,
        Ask.SPECIAL,
        asking.say(TITLES[Ask.SPECIAL]),
        asking.help(Section.SPECIAL),
        proposal.partner,
        tuple(choices),
    )


def _why(asking: _Asking, proposal: Proposal, key: str) -> Question:
    choices = [
        Choice(str(purpose), asking.say(PURPOSES[purpose]))
        for purpose in asking.form.purposes
        if purpose in proposal.purposes
    ]
    if asking.form.kind is FormKind.COURT_USE:
        choices.append(Choice(CASE, Said(proposal.case, proposal.case, "en")))
    return Question(
        key,
        Ask.WHY,
        asking.say(TITLES[Ask.WHY]),
        asking.help(Section.WHY),
        proposal.partner,
        tuple(choices),
    )


def _how_long(asking: _Asking, proposal: Proposal, key: str) -> Question:
    return Question(
        key,
        Ask.HOW_LONG,
        asking.say(TITLES[Ask.HOW_LONG]),
        asking.help(Section.HOW_LONG),
        proposal.partner,
        suggested=proposal.last_day(asking.form),
        latest=latest_day(asking.form, proposal.starts_on),
    )


PAGES: dict[Section, Callable[[_Asking, Proposal, str], Question | None]] = {
    Section.SCHOOL_MAY_GIVE: _school_gives,
    Section.PARTNER_MAY_GIVE: _partner_gives,
    Section.SPECIAL: _special,
    Section.WHY: _why,
    Section.HOW_LONG: _how_long,
}
"""The parts of the form that ask something of each partner."""


def _reading(asking: _Asking, proposal: Proposal, number: int) -> Iterator[Question]:
    """The sentences that this partner's part of the form tells."""
    form = asking.form
    sentences = told(
        form,
        proposal.partner,
        asking.kinds(proposal.out, form.categories_out),
        asking.kinds(proposal.back, form.categories_in),
        subject=form.subject is not None,
    )
    if sentences:
        yield Question(
            f"read-{number}",
            Ask.READ,
            asking.say(TITLES[Ask.READ]),
            None,
            proposal.partner,
            told=tuple((one, asking.say(form.statements[one])) for one in sentences),
        )


def proposal_problems(definition: Definition, proposal: Proposal) -> Iterator[Problem]:
    """Why staff cannot ask a family this by this form."""
    offered = {"out": definition.categories_out, "back": definition.categories_in}
    for name, kinds in (("out", proposal.out), ("back", proposal.back)):
        for kind in sorted(kinds - set(offered[name])):
            yield Problem(
                f"This form does not offer {CATEGORY_LABELS[kind]} in this direction.",
                "Take it out, or choose another form.",
                name,
            )
    if definition.subject is None and not proposal.out | proposal.back:
        yield Problem("Nothing is asked for.", "Choose what may be shared.", "out")
    if definition.kind is FormKind.COURT_USE:
        if not proposal.case.strip():
            yield Problem("The case is not named.", "Write which proceeding it is.", "case")
    elif not proposal.purposes & set(definition.purposes):
        yield Problem("No purpose of this form is chosen.", "Choose why.", "purposes")
    yield from _days(definition, proposal)


def _days(definition: Definition, proposal: Proposal) -> Iterator[Problem]:
    last, latest = proposal.last_day(definition), latest_day(definition, proposal.starts_on)
    if last < proposal.starts_on:
        yield Problem("The end is before the start.", "Correct the two days.", "ends_on")
    elif last > latest:
        yield Problem(
            f"By this form a consent lasts at most {definition.most_months} months.",
            f"Choose a last day up to {day(latest, 'en')}.",
            "ends_on",
        )
