"""The recurring parts of a page, as semantic HTML; whatever a person typed is shown as typed.

Every text goes through `esc`; nothing here is markdown. Style is in theme.css.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from portal.errors import BadFile, NotReady, PortalError
from portal.policy.proper_use import PROPER_USE, SOURCE

FLASH = "portal-flash"


@dataclass(frozen=True)
class Tag:
    """A word with a color; the word alone carries the meaning. kind: ok, warn, bad, info, plain."""

    word: str
    kind: str = "plain"

    @property
    def markup(self) -> str:
        """The tag as HTML."""
        return f'<span class="p-tag p-{esc(self.kind)}">{esc(self.word)}</span>'


@dataclass(frozen=True)
class Link:
    """A link to another page of the portal; its address names no student."""

    text: str
    address: str

    @property
    def markup(self) -> str:
        """The link as HTML."""
        return f'<a href="{esc(self.address)}" target="_self">{esc(self.text)}</a>'


Cell = str | Tag | Link


def esc(text: object) -> str:
    """Text for HTML, with control and bidirectional-override characters taken out."""
    shown = "".join(c for c in str(text) if c in "\n\t" or (c.isprintable() and c not in BIDI))
    return html.escape(shown)


BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def plain(text: str) -> str:
    """Text for a label that Streamlit takes for markdown: shown as typed, with no link or picture.

    For labels of boxes and folds; every other part of a page goes through `esc`.
    """
    return "".join(f"\\{c}" if c in MARKDOWN else c for c in text)


MARKDOWN = frozenset("\\`*_{}[]<>#|~:$!")


def cell(value: Cell) -> str:
    """A cell's text, tag or link as HTML."""
    return esc(value) if isinstance(value, str) else value.markup


def title(text: str, below: str = "") -> None:
    """The page's heading, and one muted line under it."""
    st.html(f"<h1>{esc(text)}</h1>" + (f'<p class="p-muted">{esc(below)}</p>' if below else ""))


def heading(text: str, below: str = "") -> None:
    """A section's heading, and one muted line under it."""
    st.html(f"<h2>{esc(text)}</h2>" + (f'<p class="p-muted">{esc(below)}</p>' if below else ""))


def step_heading(text: str) -> None:
    """The heading of a step, which takes the cursor when one comes to it."""
    st.html(f'<h2 class="p-step" tabindex="-1">{esc(text)}</h2>')


def subheading(text: str, below: str = "") -> None:
    """The heading of a part of a section, and one muted line under it."""
    st.html(f"<h3>{esc(text)}</h3>" + (f'<p class="p-muted">{esc(below)}</p>' if below else ""))


def say(text: str) -> None:
    """A paragraph, shown as typed."""
    st.html(f"<p>{esc(text)}</p>")


def muted(text: str) -> None:
    """A quieter paragraph."""
    st.html(f'<p class="p-muted">{esc(text)}</p>')


def strip(facts: Sequence[tuple[str, Sequence[Cell]]]) -> None:
    """The status strip: a label and its values side by side."""
    cells = "".join(
        f"<div><dt>{esc(label)}</dt><dd>{' '.join(cell(v) for v in values)}</dd></div>"
        for label, values in facts
    )
    st.html(f'<dl class="p-strip">{cells}</dl>')


def rows(lines: Iterable[tuple[str, str, Cell]], empty: str) -> None:
    """A list of rows (title, second line, tag or text at the right), or what to say when empty."""
    items = "".join(
        f'<li><div><strong>{esc(head)}</strong><span class="p-muted">{esc(below)}</span></div>'
        f"<div>{cell(right)}</div></li>"
        for head, below, right in lines
    )
    st.html(f'<ul class="p-rows">{items}</ul>' if items else f'<p class="p-empty">{esc(empty)}</p>')


def row(head: str, below: str, right: Cell) -> None:
    """One row by itself, above the buttons that act on it."""
    st.html(
        f'<div class="p-row"><div><strong>{esc(head)}</strong>'
        f'<span class="p-muted">{esc(below)}</span></div><div>{cell(right)}</div></div>'
    )


def document(text: str, document_id: UUID) -> None:
    """A link to a kept document; the address says nothing about whom it is."""
    st.html(f'<p><a href="/doc/{document_id}">{esc(text)}</a></p>')


def plain_page(text: str, address: str) -> None:
    """A link to a page without a script, in place of this one."""
    st.html(f'<p><a href="{esc(address)}" target="_self">{esc(text)}</a></p>')


def listed(items: Iterable[str]) -> None:
    """Sentences or names, one under the other, with bullets."""
    lines = "".join(f"<li>{esc(item)}</li>" for item in items)
    st.html(f'<ul class="p-list">{lines}</ul>')


def table(
    caption: str, columns: Sequence[str], lines: Iterable[Sequence[Cell]], empty: str
) -> None:
    """A table with a caption, in a region that the keyboard can scroll, or the empty text."""
    body = "".join(
        "<tr>" + _row_header(line[0]) + "".join(f"<td>{cell(v)}</td>" for v in line[1:]) + "</tr>"
        for line in lines
    )
    if not body:
        st.html(f'<p class="p-empty">{esc(empty)}</p>')
        return
    head = "".join(f'<th scope="col">{esc(name)}</th>' for name in columns)
    st.html(
        f'<div class="p-scroll" role="region" tabindex="0" aria-label="{esc(caption)}">'
        f'<table class="p-table"><caption>{esc(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row_header(value: Cell) -> str:
    return f'<th scope="row">{cell(value)}</th>'


@dataclass(frozen=True)
class Moment:
    """One entry of a timeline. letter: what kind it is, in one letter."""

    letter: str
    head: str
    when: str
    below: str = ""
    tag: Tag | None = None


def timeline(groups: Sequence[tuple[str, Sequence[Moment]]], empty: str) -> None:
    """Moments under their month, newest first; or what to say when empty."""
    if not groups:
        st.html(f'<p class="p-empty">{esc(empty)}</p>')
        return
    parts_of = []
    for month, moments in groups:
        items = "".join(_moment(moment) for moment in moments)
        parts_of.append(f'<h3>{esc(month)}</h3><ol class="p-timeline">{items}</ol>')
    st.html("".join(parts_of))


def _moment(moment: Moment) -> str:
    tag = moment.tag.markup if moment.tag else ""
    below = f'<div class="p-below">{esc(moment.below)}</div>' if moment.below else ""
    return (
        f'<li><span class="p-letter" aria-hidden="true">{esc(moment.letter)}</span>'
        f"<div><strong>{esc(moment.head)}</strong> "
        f'<span class="p-muted">{esc(moment.when)}</span> {tag}{below}</div></li>'
    )


def notice(text: str, kind: str = "info") -> None:
    """A framed sentence: why you can see this, or what ends soon."""
    st.html(f'<div class="p-notice p-{esc(kind)}"><p>{esc(text)}</p></div>')


def proper_use() -> None:
    """What the portal is not for, wherever numbers could be mistaken for somebody's worth."""
    st.html(
        f'<div class="p-notice p-info" role="note"><p>{esc(PROPER_USE)}</p>'
        f'<p class="p-muted">{esc(SOURCE)}</p></div>'
    )


def refusal(what: str, do_next: str) -> None:
    """A page of its own for a refusal: what stands against it and who can help."""
    st.html(f"<h1>This page is not open to you</h1><p>{esc(what)}</p><p>{esc(do_next)}</p>")


def problem_summary(error: PortalError) -> None:
    """There is a problem: every problem, with its field and what to do."""
    if isinstance(error, NotReady | BadFile):
        listed = "".join(
            f"<li>{esc(f'{p.where} ' if p.where else '')}{esc(p.what)} {esc(p.do_next)}</li>"
            for p in error.problems
        )
    else:
        listed = f"<li>{esc(error.what)} {esc(error.do_next)}</li>"
    st.html(
        '<div class="p-problem" role="alert" tabindex="-1">'
        f"<h2>There is a problem</h2><ul>{listed}</ul></div>"
    )


def flash(text: str) -> None:
    """Say this in the status line once the page has run again."""
    st.session_state[FLASH] = text


def status_line() -> None:
    """A fixed place for the last word said by `flash`; announced to screen readers."""
    text = st.session_state.pop(FLASH, "")
    st.html(f'<div class="p-status" role="status">{esc(text)}</div>')
