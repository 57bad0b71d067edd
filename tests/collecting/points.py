"""Data points for the tests: one call each, by the service that keeps them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from portal.access.actor import Actor
from portal.collecting import queries, template
from portal.collecting.rules import Asking, Choice, DataPointDraft, Point
from portal.vocabulary import AnswerKind, AskedWhere, Category
from tests.people import NOW, Cast

PLAN = Asking(
    AnswerKind.CHOICE,
    {"en": "Asthma plan on file", "es": "Plan de asma en la escuela"},
    choices=(Choice({"en": "Yes", "es": "Sí"}), Choice({"en": "No"})),
)
MOOD = Asking(AnswerKind.SCALE, {"en": "Mood today"}, low=0, high=10)


def draft(asking: Asking = PLAN, **changes: Any) -> DataPointDraft:
    """A question on the student's page about school health, unless said otherwise."""
    usual = DataPointDraft(asking, AskedWhere.STUDENT, Category.HEALTH)
    return replace(usual, **changes)


def defined(cast: Cast, asking: Asking = PLAN, at: Any = NOW, **changes: Any) -> Point:
    """A data point of the cast's district, as Dina defines it."""
    row = template.define(cast.session, cast.who(cast.dina), draft(asking, **changes), at)
    return point(cast, row.id)


def point(cast: Cast, point_id: uuid.UUID) -> Point:
    """As it is now."""
    every = queries.points(cast.session, cast.district.id)
    return next(each for each in every if each.id == point_id)


def codes(cast: Cast) -> list[str]:
    """The codes of what is asked or was, in their order."""
    return [each.code for each in queries.points(cast.session, cast.district.id)]


def dina(cast: Cast) -> Actor:
    """Who keeps the template."""
    return cast.who(cast.dina)
