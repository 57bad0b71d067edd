"""The trail's codes in words a family or an administrator can read."""

from __future__ import annotations

from collections.abc import Iterable

from portal.vocabulary import CATEGORY_LABELS, PURPOSE_LABELS, Category, Purpose

EVENT_WORDS = {
    "record.opened": "Opened the record",
    "student.see_openings": "Read who has seen the record",
    "student.see_student": "Opened the student's page",
    "students.listed": "Listed students",
    "students.listed_across": "Name and grade in a list",
    "trail.read": "Read the trail",
}


def event(code: str) -> str:
    """What happened: `visit.logged` is "Visit logged" unless the list above says it better."""
    return EVENT_WORDS.get(code) or code.replace(".", " ").replace("_", " ").capitalize()


def categories(codes: Iterable[str]) -> str:
    """Category labels in the order of the vocabulary; an unknown code is shown as it is."""
    wanted = set(codes)
    known = [label for category, label in CATEGORY_LABELS.items() if category in wanted]
    return ", ".join([*known, *sorted(wanted - set(Category))])


def purpose(code: str) -> str:
    """A purpose's label; an unknown code, or none, is shown as it is."""
    return PURPOSE_LABELS[Purpose(code)] if code in set(Purpose) else code
