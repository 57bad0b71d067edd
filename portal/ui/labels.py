"""Labels for choices, no two alike: the browser sends back the label, not the value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def unlike(choices: Iterable[tuple[T, str]]) -> dict[T, str]:
    """Each value with its label; a label met before gets a number, so that none means two."""
    labels: dict[T, str] = {}
    met: dict[str, int] = {}
    for value, label in choices:
        met[label] = met.get(label, 0) + 1
        labels[value] = label if met[label] == 1 else f"{label} ({met[label]})"
    return labels
