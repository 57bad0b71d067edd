"""Records: which kinds go which way between the district and each partner, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from portal.agreements.content import Content, Line, PartnerTerms
from portal.agreements.looking import Room
from portal.agreements.printing import DETAILS
from portal.agreements.rules import bases_of
from portal.ui import parts
from portal.ui.agreement_fields import Form
from portal.ui.agreement_partner import choose, name_of
from portal.vocabulary import (
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    FREQUENCY_LABELS,
    LINE_BASIS_LABELS,
    LISTS_FOR_THE_GATE,
    NEVER,
    PURPOSE_LABELS,
    RETENTION_LABELS,
    SHAREABLE,
    SPECIAL,
    Category,
    Direction,
    LineBasis,
    OrganizationKind,
)

KINDS: dict[Category, str] = {kind: CATEGORY_LABELS[kind] for kind in SHAREABLE}
OPENS = "A record opens only when it is listed here and ticked on a consent."
OPENS_NOTHING = "This kind of agreement opens no record in the portal; the list is what it allows."


def draw(form: Form, room: Room, content: Content) -> Content:
    """What the fields of this step say."""
    parts.muted(OPENS if content.kind in LISTS_FOR_THE_GATE else OPENS_NOTHING)
    place = choose(form, room, content)
    name = name_of(room, content, place)
    terms = content.partners[place]
    with form.at("Records"):
        terms = replace(terms, lines=_lines(form, room, content, terms, name))
        waives = form.tick(
            f"Any user of {name} may open what a consent opens, not the case team only",
            terms.waive_team,
            f"waive-{place}",
        )
    content = content.with_partner(place, replace(terms, waive_team=waives))
    if len(content.partners) > 1 and form.button("Give every partner these lines", "spread"):
        content = _spread(content, terms.lines)
        form.again = True
    never = ", ".join(CATEGORY_LABELS[kind].lower() for kind in sorted(NEVER))
    parts.notice(f"Never shared, whatever an agreement says: {never}.", "plain")
    content = replace(content, special_known=_special(form, content))
    with st.expander("Further kinds that you hold as sensitive (optional)"):
        extra = form.lines("One kind a line", content.extra_sensitive)
    return replace(content, extra_sensitive=extra)


def _spread(content: Content, lines: tuple[Line, ...]) -> Content:
    partners = tuple(replace(terms, lines=lines) for terms in content.partners)
    return replace(content, partners=partners)


def _lines(
    form: Form, room: Room, content: Content, terms: PartnerTerms, name: str
) -> tuple[Line, ...]:
    agency = room.agencies.get(terms.agency_id) if terms.agency_id else None
    bases = bases_of(content.kind, agency.kind if agency else None)
    asked = {
        Direction.A_TO_B: f"The district may share with {name}",
        Direction.B_TO_A: f"{name} may share with the district",
    }
    return tuple(
        line
        for way, label in asked.items()
        for line in _way(
            form, way, label, terms, _bases(way, bases, agency.kind if agency else None)
        )
    )


def _bases(
    way: Direction, bases: Sequence[LineBasis], kind: OrganizationKind | None
) -> Sequence[LineBasis]:
    """What comes back to the district rests on consent, whatever else a school may share on."""
    if way is Direction.B_TO_A and kind is OrganizationKind.CHILD_WELFARE:
        return [basis for basis in bases if basis is not LineBasis.CHILD_WELFARE]
    return bases


def _way(
    form: Form,
    way: Direction,
    label: str,
    terms: PartnerTerms,
    bases: Sequence[LineBasis],
) -> list[Line]:
    """Which kinds go this way, and a line for each."""
    saved = {line.category: line for line in terms.lines if line.direction is way}
    key = f"{way}-{terms.agency_id}"
    chosen = form.several(
        label,
        KINDS,
        saved,
        key,
        placeholder="Choose kinds of record",
    )
    fresh = {kind: Line(way, kind, basis=bases[0]) for kind in chosen}
    ordered = [kind for kind in SHAREABLE if kind in chosen]
    return [_line(form, saved.get(kind, fresh[kind]), f"{key}-{kind}", bases) for kind in ordered]


def _line(form: Form, line: Line, key: str, bases: Sequence[LineBasis]) -> Line:
    """One kind: its terms in a sentence, and folded away the fields that change them."""
    kind = CATEGORY_LABELS[line.category]
    told = replace(
        line,
        detail=form.now(f"{key}-much", line.detail),
        purposes=tuple(form.now(f"{key}-purposes", line.purposes)),
        frequency=form.now(f"{key}-often", line.frequency),
        method=form.now(f"{key}-how", line.method),
    )
    with st.expander(f"{kind}: {_told(told)}", key=f"{form.key(key)}-fold"):
        left, right = st.columns(2)
        with left:
            detail = form.choose(f"{kind}: how much", DETAILS, line.detail, f"{key}-much")
            basis = _basis(form, line, kind, key, bases)
            often = form.choose(
                f"{kind}: how often", FREQUENCY_LABELS, line.frequency, f"{key}-often"
            )
        with right:
            purposes = form.several(
                f"{kind}: what for",
                PURPOSE_LABELS,
                line.purposes,
                f"{key}-purposes",
                placeholder="Any purpose that the consent names",
            )
            how = form.choose(f"{kind}: how", CHANNEL_LABELS, line.method, f"{key}-how")
            kept = form.choose(
                f"{kind}: kept until", RETENTION_LABELS, line.retention, f"{key}-kept"
            )
    return replace(
        line,
        detail=detail,
        purposes=purposes,
        basis=basis,
        frequency=often,
        method=how,
        retention=kept,
    )


def _basis(form: Form, line: Line, kind: str, key: str, bases: Sequence[LineBasis]) -> LineBasis:
    labels = {basis: LINE_BASIS_LABELS[basis] for basis in dict.fromkeys([*bases, line.basis])}
    return form.choose(f"{kind}: on what basis", labels, line.basis, f"{key}-basis")


def _told(line: Line) -> str:
    purposes = [PURPOSE_LABELS[purpose].lower() for purpose in line.purposes]
    told = [
        DETAILS[line.detail].lower(),
        "to " + " or ".join(purposes) if purposes else "for any purpose consented to",
        FREQUENCY_LABELS[line.frequency].lower(),
        CHANNEL_LABELS[line.method].lower(),
    ]
    return ", ".join(told)


def _special(form: Form, content: Content) -> bool:
    """Asked only when a sensitive kind of record is listed."""
    listed: set[Category] = {line.category for terms in content.partners for line in terms.lines}
    if not listed & SPECIAL:
        return content.special_known
    names = ", ".join(CATEGORY_LABELS[kind].lower() for kind in sorted(listed & SPECIAL))
    return form.tick(
        f"We mean to list {names}: each consent needs separate initials for it",
        content.special_known,
        "special",
    )
