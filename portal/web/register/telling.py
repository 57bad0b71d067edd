"""An agreement in the words of whoever reads the public page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.agreements.clauses.articles import ARTICLE_TITLES, Article
from portal.agreements.clauses.library import Standing
from portal.agreements.content import Content, Line, PartnerTerms, Service
from portal.agreements.effects import Answer, Effect, by_way, effects
from portal.agreements.queries import local_day
from portal.agreements.register.queries import Known, Partner
from portal.languages.plain import PURPOSES
from portal.policy.spans import last_day
from portal.vocabulary import NEVER, SPECIAL, SUBJECT_ONLY, Detail, Direction, LineBasis
from portal.web.family.speech import Speech
from portal.web.register import words

THE_LAW_S = Article.CONNECTICUT

Before = Mapping[uuid.UUID, tuple[Line, ...]] | None


@dataclass(frozen=True)
class Told:
    """A service, and for whom, where and when it is."""

    term: str
    told: str


@dataclass(frozen=True)
class Group:
    """Kinds of record that may go under the same conditions."""

    condition: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Sharing:
    """What one partner and the district may give each other."""

    partner: str
    out: tuple[Group, ...]
    back: tuple[Group, ...]


@dataclass(frozen=True)
class Summary:
    """The clauses of an article in plain words."""

    article: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Said:
    """A clause in plain words. changed: the parties worded it otherwise; own: the district's."""

    plain: str
    changed: bool
    own: bool


def span(known: Known, speech: Speech) -> str:
    """From the first through the last day on which it is, or was, in force."""
    first = known.content.starts_on
    if known.executed_at is not None and first is not None:
        first = max(first, local_day(known.executed_at, known.tz))
    return speech.t(words.SPAN, first=speech.day(first), last=last(known, speech))


def last(known: Known, speech: Speech) -> str:
    """The last day on which it is, or was, in force, with whomever."""
    if known.over_at is not None:
        return speech.day(last_day(known.over_at, known.tz))
    return speech.day(known.content.ends_on)


def day(at: datetime | None, known: Known, speech: Speech) -> str:
    """A day on the district's calendar; empty when there is none."""
    return speech.day(local_day(at, known.tz)) if at else ""


def parting(known: Known, at: datetime, speech: Speech) -> list[str]:
    """With which partners it ends on another day than with the last of them."""
    return [
        _parted(partner, partner.over_at, known, at, speech)
        for partner in known.partners
        if partner.over_at is not None and partner.over_at != known.over_at
    ]


def _parted(partner: Partner, over: datetime, known: Known, at: datetime, speech: Speech) -> str:
    if over <= at:
        return speech.t(words.ENDED_ON, partner=partner.name, day=day(over, known, speech))
    until = speech.day(last_day(over, known.tz))
    return speech.t(words.ENDS_ON, partner=partner.name, day=until)


# What may be shared


def sharing(known: Known, before: Before, speech: Speech) -> list[Sharing]:
    """Each partner's schedule, both ways, in plain words."""
    names = {partner.id: partner.name for partner in known.partners}
    return [
        Sharing(
            names[terms.agency_id],
            _groups(known, terms, before, Direction.A_TO_B, speech),
            _groups(known, terms, before, Direction.B_TO_A, speech),
        )
        for terms in known.content.partners
        if terms.agency_id in names
    ]


def _groups(
    known: Known, terms: PartnerTerms, before: Before, way: Direction, speech: Speech
) -> tuple[Group, ...]:
    found: dict[str, list[str]] = {}
    for kind, condition in _lines(known, terms, before, way, speech):
        found.setdefault(condition, []).append(kind)
    return tuple(Group(condition, tuple(kinds)) for condition, kinds in found.items())


def _lines(
    known: Known, terms: PartnerTerms, before: Before, way: Direction, speech: Speech
) -> Iterator[tuple[str, str]]:
    """Each kind of record that the schedule lists this way, and its conditions."""
    lines = by_way(terms.lines)
    followed = before.get(terms.agency_id) if before is not None and terms.agency_id else None
    for row in effects(known.kind, terms.lines, followed):
        effect = row.to_partner if way is Direction.A_TO_B else row.to_district
        line = lines.get((way, row.category))
        if line is not None and effect.answer is not Answer.NEVER:
            yield speech.t(words.NAMES[row.category]), _condition(line, effect, speech)


def _condition(line: Line, effect: Effect, speech: Speech) -> str:
    told = [speech.t(_basis(line))]
    if line.purposes:
        purposes = "; ".join(_lower(speech.t(PURPOSES[purpose])) for purpose in line.purposes)
        told.append(speech.t(words.ONLY_FOR, purposes=purposes))
    if line.detail is Detail.SUMMARY:
        told.append(speech.t(words.ONLY_SUMMARY))
    if effect.since:
        told.append(speech.t(words.ONLY_SINCE))
    return " ".join(told)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _basis(line: Line) -> str:
    if line.basis is not LineBasis.CONSENT:
        return words.BASES[line.basis]
    if line.category in SUBJECT_ONLY:
        return words.OWN_CONSENT
    return words.WITH_INITIALS if line.category in SPECIAL else words.WITH_CONSENT


def never(speech: Speech) -> str:
    """What no agreement lets go."""
    return speech.list([speech.t(words.NAMES[kind]) for kind in sorted(NEVER)])


# Services and clauses


def services(known: Known, speech: Speech) -> list[tuple[str, list[Told]]]:
    """Each partner's services: what, for whom, where and when."""
    names = {partner.id: partner.name for partner in known.partners}
    return [
        (names[terms.agency_id], [_service(service, speech) for service in terms.services])
        for terms in known.content.partners
        if terms.agency_id in names and terms.services
    ]


def _service(service: Service, speech: Speech) -> Told:
    told = [speech.t(words.TIERS[service.tier]), speech.list(list(service.sites)), service.days]
    if service.telehealth:
        told.append(speech.t(words.TELEHEALTH))
    return Told(service.name, "; ".join(part for part in told if part))


def special(content: Content) -> list[str]:
    """What a study, an audit or a letter is about, in the parties' words."""
    use = content.special
    told = (use.topic, use.scope, use.duration, use.representative, use.requested_by)
    return [part for part in told if part]


def summaries(clauses: Sequence[Standing], speech: Speech) -> tuple[list[Summary], list[Summary]]:
    """The clauses in plain words by article: those of Connecticut's law, and the others.

    The law that asks for this page also asks for those clauses (Conn. Gen. Stat. 10-234bb).
    """
    by_law = [standing for standing in clauses if standing.clause.article is THE_LAW_S]
    others = [standing for standing in clauses if standing.clause.article is not THE_LAW_S]
    return _by_article(by_law, speech), _by_article(others, speech)


def _by_article(clauses: Sequence[Standing], speech: Speech) -> list[Summary]:
    found: dict[str, list[Said]] = {}
    for standing in clauses:
        article = speech.t(ARTICLE_TITLES[standing.clause.article])
        clause = standing.clause
        plain = clause.plain if clause.own else speech.t(clause.plain)
        said = Said(plain, standing.is_changed, clause.own)
        found.setdefault(article, []).append(said)
    return [Summary(article, tuple(said)) for article, said in found.items()]
