"""What a family checks before it signs: its answers, and what each receiver would see with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.access.contents import Item
from portal.consents.forms.questions import SUBJECT, Ask
from portal.consents.preview import KindLine
from portal.consents.queries import local_day
from portal.consents.requests.drafts import PartnerAnswer
from portal.consents.requests.family import Asking, OfPartner, WouldSee
from portal.consents.requests.steps import RECORDS, SPECIAL, UNTIL, WHY, last_day_in_words
from portal.consents.words import DETAIL, PLAIN, PURPOSES
from portal.languages.marks import N_
from portal.policy.decision import Reason
from portal.vocabulary import NEVER, Category, Field, FormKind, Instrument, Purpose
from portal.web.family.speech import Speech

NAME_OF = PLAIN | {
    Category.IDENTITY: N_("Name, school and grade"),
    Category.MANDATED_REPORT: N_("Reports to child protection"),
}
MOST_ITEMS = 50

CLOSED = (
    (Reason.MINOR_SIGNATURE_NEEDED, N_("Only the student may say yes to this.")),
    (Reason.NO_SPECIAL_INITIALS, N_("It has no initials.")),
    (Reason.ITEM_NOT_COVERED, N_("It is not ticked.")),
    (Reason.BLOCKED, N_("The school has stopped sharing with them.")),
    (Reason.NO_AGREEMENT, N_("The school has no agreement with them that allows it.")),
    (Reason.AGREEMENT_NOT_SIGNED, N_("The school has no agreement with them that allows it.")),
    (Reason.AGREEMENT_NOT_YET, N_("The agreement between them does not hold yet.")),
    (Reason.AGREEMENT_ENDED, N_("The agreement between them has ended.")),
    (Reason.AGREEMENT_TERMINATED, N_("The agreement between them has ended.")),
    (Reason.NOT_IN_SCHEDULE, N_("The agreement between them does not list it.")),
    (Reason.DATE_OUTSIDE_RANGE, N_("It is outside the days of this form.")),
)
"""Why something that is ticked stays closed all the same, in a family's words."""

OTHERWISE = N_("A rule of the school or of the law keeps it closed.")
NOT_TICKED = N_("You did not tick it.")
NEVER_SHARED = N_("This is never shared.")


@dataclass(frozen=True)
class Row:
    """One answer. change: the page on which it is changed; empty when there is none."""

    term: str
    told: tuple[str, ...]
    change: str = ""


@dataclass(frozen=True)
class Seen:
    """A kind of record that would be open: how many, the newest, and what and when each is."""

    kind: str
    told: str
    items: tuple[tuple[str, str], ...]
    more: int
    notes: bool


@dataclass(frozen=True)
class Shut:
    """A kind of record that stays closed, and why."""

    kind: str
    because: str


@dataclass(frozen=True)
class Screen:
    """What one receiver would see of one student."""

    student: str
    giver: str
    receiver: str
    open: tuple[Seen, ...]
    closed: tuple[Shut, ...]


def rows(asking: Asking, of: OfPartner, speech: Speech) -> list[Row]:
    """What was answered about one partner, each with the page where it is changed."""
    given = asking.given()[of.id]
    why = asking.step(f"{WHY}-{of.number}")
    until = asking.step(f"{UNTIL}-{of.number}")
    reasons = [speech.t(PURPOSES[purpose]) for purpose in Purpose if purpose in given.purposes]
    reasons += [of.asked.case] if asking.form.kind is FormKind.COURT_USE else []
    last = speech.day(of.asked.ends_on)
    if until is not None:
        last = last_day_in_words(until, asking.answers.get(until.key) or {}, speech.code)
    first = speech.day(of.asked.records_from)
    window = (speech.t(N_("From %(day)s on"), day=first), speech.t(DETAIL[of.asked.detail]))
    return [
        *_records(asking, of, given, speech),
        _row(speech.t(N_("Why")), reasons, why.key if why and why.needed else "", speech),
        Row(speech.t(N_("Until when")), (last,), until.key if until else ""),
        Row(speech.t(N_("Which records")), window),
    ]


def _records(asking: Asking, of: OfPartner, given: PartnerAnswer, speech: Speech) -> list[Row]:
    found = []
    records = asking.step(f"{RECORDS}-{of.number}")
    for question in records.questions if records else ():
        out = question.ask is Ask.SCHOOL_MAY_GIVE
        heading = (
            N_("The school gives to %(partner)s") if out else N_("%(partner)s tells the school")
        )
        kinds = given.out if out else given.back
        told = [speech.t(PLAIN[kind]) for kind in PLAIN if kind in kinds]
        if given.subject:
            told = [choice.words.words for choice in question.choices if choice.code == SUBJECT]
        found.append(
            _row(speech.t(heading, partner=of.name), told, f"{RECORDS}-{of.number}", speech)
        )
    special = asking.step(f"{SPECIAL}-{of.number}")
    for question in special.questions if special else ():
        initials = asking.answers.get(f"{SPECIAL}-{of.number}") or {}
        told = [
            f"{choice.words.words} ({initials[choice.code]}). "
            f"{choice.group.words if choice.group else ''}"
            for choice in question.choices
            if initials.get(choice.code)
        ]
        heading = speech.t(N_("With your initials"))
        found.append(_row(heading, told, f"{SPECIAL}-{of.number}", speech))
    return found


def _row(term: str, told: Sequence[str], change: str, speech: Speech) -> Row:
    return Row(term, tuple(told) or (speech.t(N_("Nothing")),), change)


def says_yes(asking: Asking) -> bool:
    """Is there anything to sign?"""
    return any(
        given.out or given.back or given.out_initials or given.back_initials or given.subject
        for given in asking.given().values()
    )


def screen(seen: WouldSee, speech: Speech, tz: str) -> Screen:
    """The receiver's own screen, in the family's language; what items say is in the school's."""
    record = seen.preview.record
    items = {
        entry.category: given
        for entry in (record.open if record else ())
        if (given := [item for item in entry.items if item.record_id in seen.preview.given])
    }
    lines = {line.category: line for line in seen.preview.lines}
    open_kinds = [
        _seen(kind, items.get(kind, ()), lines.get(kind), speech, tz)
        for kind in Category
        if kind in items or (kind in lines and not lines[kind].because)
    ]
    shut = [
        Shut(speech.t(NAME_OF[line.category]), _why_not(line, speech))
        for line in seen.preview.lines
        if line.because and line.category not in items
    ]
    if seen.instrument is Instrument.FERPA:
        shut += [Shut(speech.t(NAME_OF[kind]), speech.t(NEVER_SHARED)) for kind in NEVER]
    return Screen(
        seen.student, seen.preview.giver, seen.preview.receiver, tuple(open_kinds), tuple(shut)
    )


def _seen(
    kind: Category, items: Sequence[Item], line: KindLine | None, speech: Speech, tz: str
) -> Seen:
    return Seen(
        kind=speech.t(NAME_OF[kind]),
        told=_how_many(kind, len(items), max((i.when for i in items), default=None), speech, tz),
        items=()
        if kind is Category.IDENTITY
        else tuple(
            (speech.day(local_day(item.when, tz)), item.parts.get(Field.WHAT, ""))
            for item in items[:MOST_ITEMS]
        ),
        more=max(0, len(items) - MOST_ITEMS),
        notes=any(Field.NARRATIVE in item.parts for item in items),
    )


def _how_many(kind: Category, number: int, newest: datetime | None, speech: Speech, tz: str) -> str:
    if kind is Category.IDENTITY:
        return ""
    if newest is None:
        return speech.t(N_("Nothing so far"))
    counted = speech.catalog.ngettext("%(num)s record", "%(num)s records", number)
    return speech.t(
        N_("%(counted)s, the newest of %(day)s"),
        counted=counted,
        day=speech.day(local_day(newest, tz)),
    )


def _why_not(line: KindLine, speech: Speech) -> str:
    if not line.ticked:
        return speech.t(NOT_TICKED)
    found = next((words for reason, words in CLOSED if reason in line.codes), OTHERWISE)
    return speech.t(found)
