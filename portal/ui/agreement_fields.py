"""The fields of a draft: each has its label and its place, and saves when it is left."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from portal.agreements.content import Contact, Signer
from portal.ui import parts
from portal.ui.agreement_draft import Desk, Go

T = TypeVar("T")
LONGEST = 2000


def place_of(field: str) -> str:
    """The key of the container around a field, by the name that a problem gives it."""
    return "at-" + re.sub(r"[^a-z0-9]+", "-", field.casefold()).strip("-")


SHORTCODE = re.compile(r":[\w/+-]+[:\[]")
"""What Streamlit would make a picture or a color of."""


def as_label(text: str) -> str:
    """A label as typed. A screen reader reads it raw, so nothing is escaped without need."""
    marked = parts.MARKDOWN - {":"}
    return parts.plain(text) if set(text) & marked or SHORTCODE.search(text) else text


@dataclass
class Form:
    """The fields of the step that is open. go: where to go on. again: rows were added or taken."""

    desk: Desk
    go: Go | None = None
    again: bool = False
    template_id: uuid.UUID | None = None

    def at(self, field: str) -> AbstractContextManager[Any]:
        """The place to which a problem of this field leads."""
        return st.container(key=place_of(field))

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"{self.desk.token}-{name}"

    def now(self, name: str, value: T) -> T:
        """What a field further down says already."""
        said: T = st.session_state.get(self.key(name), value)
        return said

    def text(self, label: str, value: str, name: str = "", **more: Any) -> str:
        """One line."""
        key = self.key(name or label)
        told = st.text_input(as_label(label), value, LONGEST, key, **more)
        return told or ""

    def area(
        self, label: str, value: str, name: str = "", *, most: int = LONGEST, **more: Any
    ) -> str:
        """Several lines."""
        key = self.key(name or label)
        told = st.text_area(as_label(label), value, max_chars=most, key=key, **more)
        return told or ""

    def lines(self, label: str, value: Sequence[str], **more: Any) -> tuple[str, ...]:
        """One of a list on each line."""
        told = self.area(label, "\n".join(value), **more)
        return tuple(line.strip() for line in told.splitlines() if line.strip())

    def day(self, label: str, value: date | None) -> date | None:
        """A day, or none yet."""
        told: date | None = st.date_input(
            label, value=value, format="MM/DD/YYYY", key=self.key(label)
        )
        return told

    def number(self, label: str, value: int, least: int, most: int) -> int:
        """A whole number between two others."""
        within = min(max(value, least), most)
        return int(st.number_input(label, least, most, within, key=self.key(label)))

    def tick(self, label: str, value: bool, name: str = "", **more: Any) -> bool:
        """Yes or no."""
        key = self.key(name or label)
        return st.checkbox(as_label(label), value, key=key, wrap=True, **more)

    def choose(self, label: str, labels: Mapping[T, str], value: T, name: str = "") -> T:
        """One of several."""
        options = list(labels)
        index = options.index(value) if value in options else 0
        return st.selectbox(
            as_label(label),
            options,
            index,
            format_func=labels.__getitem__,
            key=self.key(name or label),
        )

    def several(
        self, label: str, labels: Mapping[T, str], value: Iterable[T], name: str = "", **more: Any
    ) -> tuple[T, ...]:
        """None, one or several."""
        chosen = st.multiselect(
            as_label(label),
            list(labels),
            [one for one in value if one in labels],
            format_func=lambda one: labels.get(one, str(one)),
            key=self.key(name or label),
            **more,
        )
        return tuple(chosen)

    def button(self, label: str, name: str, **more: Any) -> bool:
        """Something to do with the fields; it is done after all of them are read."""
        return st.button(as_label(label), key=self.key(name), **more)

    # People

    def contact(self, field: str, value: Contact) -> Contact:
        """Name, e-mail and phone, side by side."""
        with self.at(field):
            name, email, phone = st.columns(3, vertical_alignment="bottom")
            with name:
                called = self.text(field, value.name)
            with email:
                written = self.text(f"{field}: e-mail", value.email)
            with phone:
                dialed = self.text(f"{field}: phone (optional)", value.phone)
        return Contact(called, written, dialed)

    def signers(self, field: str, who: str, value: Sequence[Signer]) -> tuple[Signer, ...]:
        """Who signs for one side, row by row. field: as a problem names it."""
        with self.at(field):
            return self.rows(f"Signer for {who}", value, self._signer, Signer(), "Add a signer")

    def _signer(self, label: str, value: Signer) -> Signer:
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            called = self.text(f"{label}: name", value.name)
            by_right = self.text(
                f"{label}: capacity (optional)",
                value.capacity,
                placeholder="By vote of the board of June 1",
            )
        with right:
            title = self.text(f"{label}: title", value.title)
            email = self.text(f"{label}: e-mail (optional)", value.email)
        return Signer(called, title, by_right, email)

    # Rows

    def rows(
        self,
        name: str,
        value: Sequence[T],
        draw: Callable[[str, T], T],
        empty: T,
        add: str,
    ) -> tuple[T, ...]:
        """Several of one kind, each in a frame of its own, to be added to and taken from."""
        told: list[T] = []
        for place, one in enumerate(value, start=1):
            label = name if len(value) == 1 else f"{name} ({place})"
            with st.container(border=True):
                drawn = draw(label, one)
                gone = len(value) > 1 and self.button(f"Take out: {label}", f"{label}-out")
            self.again = self.again or gone
            told += [] if gone else [drawn]
        if self.button(add, f"{name}-add", icon=":material/add:"):
            self.again = True
            told.append(empty)
        return tuple(told)
