"""Parties and purpose: with whom, under which laws each partner stands, for what, where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portal.agreements.content import Content, PartnerTerms, Special
from portal.agreements.looking import Room
from portal.agreements.proposals import terms_of
from portal.agreements.rules import DESTROYS, needs_of
from portal.ui import parts
from portal.ui.agreement_fields import Form
from portal.ui.labels import unlike
from portal.vocabulary import AGREEMENT_KIND_LABELS

HIPAA = "A health care provider under HIPAA"
PART2 = "Runs a substance use program under 42 CFR Part 2"
ACTS = "Acts for the district, as one of its school officials"
HIPAA_HELP = (
    "It bills or keeps health records electronically. What it shares with the district then needs "
    "the family's authorization (45 CFR 164.508)."
)
PART2_HELP = (
    "It is federally assisted and gives substance use care. Its records then need a consent that "
    "names it, and may not be passed on (42 CFR 2.31 and 2.32)."
)
ACTS_HELP = (
    "It does what the district would otherwise do itself, under the district's direct control "
    "(34 CFR 99.31(a)(1)(i)(B)). Not for a clinic that treats students on its own account."
)


def draw(form: Form, room: Room, content: Content) -> Content:
    """What the fields of this step say."""
    content = replace(content, partners=_partners(form, room, content))
    content = replace(
        content,
        partners=tuple(_laws(form, room, terms) for terms in content.partners),
    )
    with form.at("Purpose"):
        purpose = form.area("Purpose", content.purpose)
    with form.at("Schools"):
        schools = form.several(
            "Schools",
            {name: name for name in dict.fromkeys([*room.schools, *content.schools])},
            content.schools,
            placeholder="Choose the schools it covers",
        )
    return replace(content, purpose=purpose, schools=schools, special=_special(form, content))


def _partners(form: Form, room: Room, content: Content) -> tuple[PartnerTerms, ...]:
    """The partners in the order of the paper; a new one comes with what the portal knows."""
    labels = unlike((agency.id, agency.name) for agency in room.agencies.values())
    before = {terms.agency_id: terms for terms in content.partners if terms.agency_id}
    gone = {key: "An agency that is no longer active" for key in before if key not in labels}
    with form.at("Partners"):
        chosen = form.several("Partners", {**labels, **gone}, before, placeholder="Choose one")
    if not chosen:
        parts.muted("An agreement has at least one partner; the last one stays until you choose.")
        return content.partners
    return tuple(
        before.get(key) or terms_of(content.kind, key, room.agencies.get(key)) for key in chosen
    )


def _laws(form: Form, room: Room, terms: PartnerTerms) -> PartnerTerms:
    agency = room.agencies.get(terms.agency_id) if terms.agency_id else None
    name, key = (agency.name if agency else "This partner"), str(terms.agency_id)
    parts.subheading(name, "Tick what is true; the clauses and the consent form follow from it.")
    return replace(
        terms,
        is_hipaa=form.tick(HIPAA, terms.is_hipaa, f"hipaa-{key}", help=HIPAA_HELP),
        is_part2=form.tick(PART2, terms.is_part2, f"part2-{key}", help=PART2_HELP),
        acts_for_district=form.tick(ACTS, terms.acts_for_district, f"acts-{key}", help=ACTS_HELP),
        licence=form.text(f"{name}: license (optional)", terms.licence, f"licence-{key}"),
        npi=form.text(f"{name}: National Provider Identifier (optional)", terms.npi, f"npi-{key}"),
    )


def _special(form: Form, content: Content) -> Special:
    """The terms that the law asks of this kind alone."""
    needs = needs_of(content.kind)
    if not needs:
        return content.special
    parts.subheading(f"What a {AGREEMENT_KIND_LABELS[content.kind].lower()} must say")
    said: dict[str, Any] = {}
    for name, label in needs:
        with form.at(label):
            said[name] = form.area(label, getattr(content.special, name))
    special = replace(content.special, **said)
    if content.kind in DESTROYS:
        with form.at("Destroy by"):
            special = replace(special, destroy_on=form.day("Destroy by", special.destroy_on))
    return special
