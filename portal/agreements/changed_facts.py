"""Which facts of an agreement changed: dates, parties, services, schedules, clocks, signers.

Each is told by a label, its value before and after, and what that means where it matters: a line
of a schedule that opens more is wider, one that opens less is narrower. Pure.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.agreements import effects
from portal.agreements.content import Contact, Content, Line, PartnerTerms, Service, Signer
from portal.agreements.printing import DETAILS, Printed, listed, told
from portal.vocabulary import (
    AGREEMENT_KIND_LABELS,
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    FREQUENCY_LABELS,
    LINE_BASIS_LABELS,
    PURPOSE_LABELS,
    RETENTION_LABELS,
    SERVICE_TIER_LABELS,
    Category,
    Detail,
    Direction,
)


class Turn(StrEnum):
    """What became of a fact. Wider and narrower: what a schedule lets through."""

    CHANGED = "changed"
    ADDED = "added"
    TAKEN_OUT = "taken_out"
    WIDER = "wider"
    NARROWER = "narrower"


TURN_LABELS = {
    Turn.CHANGED: "Changed",
    Turn.ADDED: "Added",
    Turn.TAKEN_OUT: "Taken out",
    Turn.WIDER: "Wider",
    Turn.NARROWER: "Narrower",
}


@dataclass(frozen=True)
class FactChange:
    """label: what it is, in words. old, new: before and after, empty where there is none."""

    label: str
    old: str
    new: str
    turn: Turn = Turn.CHANGED


Facts = Mapping[str, str]
"""Each fact by its label, in words."""

_CLOCKS = {
    "breach_student_days": ("Breach of student data: the partner tells within", "days"),
    "breach_other_days": ("Breach of other data: the partner tells within", "days"),
    "breach_notice_hours": ("Breach: families are told within", "hours"),
    "deletion_days": ("Deletion on request within", "days"),
    "destroy_days": ("At the end, returned or destroyed within", "days"),
    "review_days": ("Access is reviewed every", "days"),
    "training_months": ("Training every", "months"),
    "respond_days": ("A family that asks to read is answered within", "days"),
    "notice_days": ("Notice to end it", "days"),
}
_SPECIAL = {
    "topic": "The study, program or one use",
    "scope": "Its scope",
    "duration": "Its duration",
    "representative": "Authorized representative",
    "requested_by": "Requested by",
}


def fact_changes(old: Printed, new: Printed) -> tuple[FactChange, ...]:
    """Every fact that differs, in the order in which an agreement is filled in."""
    return (
        *_differing(_whole(old), _whole(new)),
        *(change for name, a, b in _partners(old, new) for change in _of_partner(name, a, b)),
        *_differing(_people(old), _people(new)),
        *_differing(_terms(old.content), _terms(new.content)),
    )


def _differing(old: Facts, new: Facts) -> Iterator[FactChange]:
    for label in {**old, **new}:
        before, after = old.get(label, ""), new.get(label, "")
        if before != after:
            yield FactChange(label, before, after, _turn(before, after))


def _turn(before: str, after: str) -> Turn:
    if not before:
        return Turn.ADDED
    return Turn.CHANGED if after else Turn.TAKEN_OUT


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


# The whole


def _whole(printed: Printed) -> Facts:
    content = printed.content
    return {
        "Kind of agreement": AGREEMENT_KIND_LABELS[content.kind],
        "First day": told(content.starts_on),
        "Last day": told(content.ends_on),
        "Review": told(content.review_on),
        "Purpose": content.purpose,
        "Schools": listed(content.schools),
        "Stands under": printed.parent,
        "Everybody may download it": _yes(content.public),
    }


def _people(printed: Printed) -> Facts:
    content = printed.content
    return {
        "Signers of the district": _signers(content.district_signers),
        "Vote of the board": told(content.board_vote_on),
        "Order of signing": _order(printed),
        "Liaison of the district": _contact(content.district_liaison),
        "Contact for records": _contact(content.records_contact),
        "Contact for security": _contact(content.security_contact),
        "Contact in a crisis": _contact(content.crisis_contact),
        "Contact for deletion": _contact(content.deletion_contact),
    }


def _order(printed: Printed) -> str:
    sides = [printed.district.name, *(party.name for party in printed.partners)]
    usual = (*range(1, len(sides)), 0)
    places = printed.content.order or usual
    return ", then ".join(sides[place] for place in places if place < len(sides))


def _terms(content: Content) -> Facts:
    clocks: dict[str, Any] = vars(content.clocks)
    special: dict[str, Any] = vars(content.special)
    return {
        **{label: f"{clocks[name]} {unit}" for name, (label, unit) in _CLOCKS.items()},
        "Costs": content.costs,
        "What the parties look at": "; ".join(content.metrics),
        "Further sensitive records": "; ".join(content.extra_sensitive),
        **{label: str(special[name]) for name, label in _SPECIAL.items()},
        "Destroyed by": told(content.special.destroy_on),
    }


def _contact(contact: Contact) -> str:
    return contact.line


def _signers(signers: Iterable[Signer]) -> str:
    told_of = (
        ", ".join(part for part in (s.name, s.title, s.capacity, s.email) if part) for s in signers
    )
    return "; ".join(text for text in told_of if text)


# A partner


Terms = PartnerTerms | None


def _partners(old: Printed, new: Printed) -> Iterator[tuple[str, Terms, Terms]]:
    """Each partner by its organization, named as the newer paper names it."""
    names: dict[uuid.UUID | None, str] = {}
    for printed in (new, old):
        for terms, party in zip(printed.content.partners, printed.partners, strict=False):
            names.setdefault(terms.agency_id, party.name)
    before, after = (
        {terms.agency_id: terms for terms in printed.content.partners} for printed in (old, new)
    )
    for key in dict.fromkeys((*after, *before)):
        yield names.get(key, "A partner"), before.get(key), after.get(key)


def _of_partner(name: str, old: Terms, new: Terms) -> Iterator[FactChange]:
    if old is None or new is None:
        turn = Turn.ADDED if old is None else Turn.TAKEN_OUT
        yield FactChange("Partner", name if old else "", name if new else "", turn)
    before, after = (_standing(name, terms) if terms else {} for terms in (old, new))
    if old is not None and new is not None:
        yield from _differing(before, after)
    yield from _services(name, old.services if old else (), new.services if new else ())
    yield from _lines(name, old.lines if old else (), new.lines if new else ())


def _standing(name: str, terms: PartnerTerms) -> Facts:
    return {
        f"{name}: license": terms.licence,
        f"{name}: NPI": terms.npi,
        f"{name}: health care provider under HIPAA": _yes(terms.is_hipaa),
        f"{name}: substance use program (Part 2)": _yes(terms.is_part2),
        f"{name}: acts for the district": _yes(terms.acts_for_district),
        f"{name}: anybody there may open what a consent opens": _yes(terms.waive_team),
        f"{name}: liaison": _contact(terms.liaison),
        f"{name}: signers": _signers(terms.signers),
        f"{name}: answers a referral within": f"{terms.response_days} school days",
        f"{name}: first contact within": f"{terms.first_contact_days} school days",
        f"{name}: insurance": terms.insurance,
    }


def _services(name: str, old: Sequence[Service], new: Sequence[Service]) -> Iterator[FactChange]:
    before, after = ({s.name: _service(s) for s in services} for services in (old, new))
    for service in {**before, **after}:
        was, now = before.get(service, ""), after.get(service, "")
        if was != now:
            yield FactChange(f"{name}: service “{service}”", was, now, _turn(was, now))


def _service(service: Service) -> str:
    told_of = [
        SERVICE_TIER_LABELS[service.tier],
        listed(service.sites),
        service.days,
        "by telehealth" if service.telehealth else "",
    ]
    return ", ".join(part for part in told_of if part)


# A schedule


def _lines(name: str, old: Iterable[Line], new: Iterable[Line]) -> Iterator[FactChange]:
    before, after = effects.by_way(old), effects.by_way(new)
    wider = effects.added_by(after, before)
    narrower = effects.added_by(before, after)
    for way in Direction:
        for category in Category:
            key = way, category
            was, now = before.get(key), after.get(key)
            if was == now:
                continue
            label = _goes(name, way, category)
            turn = _line_turn(was, now, wider=key in wider, narrower=key in narrower)
            yield FactChange(label, line_words(was), line_words(now), turn)


def _goes(name: str, way: Direction, category: Category) -> str:
    kind = CATEGORY_LABELS[category]
    return f"{kind}, to {name}" if way is Direction.A_TO_B else f"{kind}, from {name}"


def _line_turn(was: Line | None, now: Line | None, *, wider: bool, narrower: bool) -> Turn:
    if was is None or now is None:
        return Turn.ADDED if was is None else Turn.TAKEN_OUT
    if wider == narrower:
        return Turn.CHANGED
    return Turn.WIDER if wider else Turn.NARROWER


def line_words(line: Line | None) -> str:
    """A line of a schedule as a sentence without a verb; nothing for none."""
    if line is None:
        return ""
    purposes = "; ".join(
        label for purpose, label in PURPOSE_LABELS.items() if purpose in line.purposes
    )
    detail = "" if line.detail is Detail.FULL else DETAILS[line.detail]
    told_of = [
        detail,
        f"for {purposes[:1].lower()}{purposes[1:]}" if purposes else "any purpose of the consent",
        LINE_BASIS_LABELS[line.basis],
        FREQUENCY_LABELS[line.frequency],
        CHANNEL_LABELS[line.method],
        f"kept until {RETENTION_LABELS[line.retention][:1].lower()}"
        f"{RETENTION_LABELS[line.retention][1:]}",
    ]
    return ", ".join(part for part in told_of if part)
