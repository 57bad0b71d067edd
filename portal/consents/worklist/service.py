"""Ask many families at once to renew: the same ticks are proposed, and each answers for itself."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.consents import queries as consent_queries
from portal.consents.forms import service as forms
from portal.consents.forms.definition import Definition
from portal.consents.requests import sending
from portal.consents.requests import service as requests
from portal.consents.requests.drafts import Channel, RequestDraft
from portal.consents.requests.sending import Out
from portal.consents.worklist import queries
from portal.errors import NotReady, Problem
from portal.policy.facts import ConsentFacts
from portal.policy.spans import last_day
from portal.store.consents import Consent
from portal.vocabulary import Category, FormKind, Instrument, Purpose

Key = uuid.UUID
Both = tuple[Consent, ConsentFacts]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Renewed:
    """What became of one family. out: None when it could not be asked, for `problems`."""

    signer: str
    numbers: tuple[str, ...]
    channel: Channel
    out: Out | None
    problems: tuple[Problem, ...] = ()


def renew(
    session: Session, me: Actor, ids: Collection[Key], at: datetime, key: str
) -> list[Renewed]:
    """Ask the families of these consents anew: by e-mail where there is an address, else by letter.

    key: the form's; a second click finds the first one's requests, and sends nothing twice.
    Raises NotReady when nothing is chosen that can still be renewed.
    """
    chosen = queries.chosen(session, me, ids, at)
    if not chosen:
        what = "Nothing is chosen that can still be renewed."
        raise NotReady([Problem(what, "Choose from the list; it is up to date now.", "Consents")])
    form = forms.in_use(session, me.organization_id, FormKind.STANDARD, at).definition
    reachable = queries.with_email(session, [consent for consent, _facts in chosen])
    return [_ask(session, me, form, family, reachable, at, key) for family in families(me, chosen)]


def families(me: Actor, chosen: Sequence[Both]) -> list[Sequence[Both]]:
    """What one request can ask: the same signer, with the same ticks for each student and partner.

    A request asks about every student and every partner it names, so consents whose pairs
    do not fill that grid are asked one student at a time.
    """
    pairs: dict[object, list[Both]] = defaultdict(list)
    for both in chosen:
        consent = both[0]
        signer = (consent.signer_kind, consent.signer_id)
        pairs[signer, consent.student_id, _partner(me, consent)].append(both)
    alike: dict[object, list[list[Both]]] = defaultdict(list)
    for (signer, _student, _partner_id), pair in pairs.items():  # type: ignore[misc]
        alike[signer, _scope(pair)].append(pair)
    found: list[Sequence[Both]] = []
    for group in alike.values():
        every = [both for pair in group for both in pair]
        if _is_grid(me, every):
            found.append(every)
        else:
            found += _by_student(every)
    return found


def _partner(me: Actor, consent: Consent) -> Key | None:
    ours = consent.discloser_id == me.organization_id
    return consent.recipient_id if ours else consent.discloser_id


def _scope(pair: Iterable[Both]) -> frozenset[object]:
    return frozenset(
        (consent.instrument, facts.categories, facts.purposes, consent.detail, consent.records_from)
        for consent, facts in pair
    )


def _is_grid(me: Actor, chosen: Sequence[Both]) -> bool:
    pairs = {(consent.student_id, _partner(me, consent)) for consent, _facts in chosen}
    students, partners = {s for s, _p in pairs}, {p for _s, p in pairs}
    return len(pairs) == len(students) * len(partners)


def _by_student(chosen: Sequence[Both]) -> list[Sequence[Both]]:
    of: dict[Key, list[Both]] = defaultdict(list)
    for both in chosen:
        of[both[0].student_id].append(both)
    return list(of.values())


def _ask(
    session: Session,
    me: Actor,
    form: Definition,
    family: Sequence[Both],
    reachable: set[Key],
    at: datetime,
    key: str,
) -> Renewed:
    first = family[0][0]
    channel = Channel.EMAIL if first.signer_id in reachable else Channel.LETTER
    numbers = tuple(consent.number for consent, _facts in family)
    draft = proposed(me, form, family, channel, consent_queries.local_day(at, me.tz))
    one = f"{key}|{first.id}"
    try:
        sent = requests.ask(session, me, draft, at, one)
    except NotReady as error:
        return Renewed(first.signer_name, numbers, channel, None, error.problems)
    return Renewed(first.signer_name, numbers, channel, sending.prepare(session, me, sent, at))


def proposed(
    me: Actor, form: Definition, family: Sequence[Both], channel: Channel, today: date
) -> RequestDraft:
    """The same ticks again, as far as the form offers them, from the day after the first end."""
    first, _facts = family[0]
    ends = [last_day(facts.span.end, me.tz) for _c, facts in family if facts.span.end]
    after = min((day + ONE_DAY for day in ends), default=today)
    return RequestDraft(
        signer_kind=first.signer_kind,
        signer_id=first.signer_id,
        student_ids=tuple(dict.fromkeys(c.student_id for c, _f in family)),
        partner_ids=tuple(p for p in dict.fromkeys(_partner(me, c) for c, _f in family) if p),
        out=_kinds(family, Instrument.FERPA) & set(form.categories_out),
        back=_kinds(family, Instrument.HIPAA) & set(form.categories_in),
        purposes=frozenset(Purpose(p) for _c, facts in family for p in facts.purposes),
        detail=first.detail,
        records_from=min(consent_queries.local_day(c.records_from, me.tz) for c, _f in family),
        starts_on=max(today, after),
        channel=channel,
        language=first.language,
        replaces=_replaces(me, family),
    )


def _kinds(family: Iterable[Both], instrument: Instrument) -> frozenset[Category]:
    """What is ticked in this direction, without what was taken back by itself."""
    return frozenset(
        Category(kind)
        for consent, facts in family
        if consent.instrument is instrument
        for kind in facts.categories - facts.life.withdrawn.keys()
    )


def _replaces(me: Actor, family: Iterable[Both]) -> Mapping[tuple[Key, Key, Instrument], Key]:
    return {
        (consent.student_id, partner, consent.instrument): consent.id
        for consent, _facts in family
        if (partner := _partner(me, consent)) is not None
    }
