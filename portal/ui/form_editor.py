"""Write the draft of a consent form: one part at a time, each saved by its own button."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import streamlit as st

from portal.consents.forms.definition import (
    LONGEST_TERM,
    SECTION_OF,
    Definition,
    Office,
    Section,
    Term,
    TermEnd,
    Text,
    Translation,
    from_json,
    to_json,
)
from portal.consents.forms.elements import name_of
from portal.consents.words import PLAIN, SECTIONS
from portal.errors import NotReady, Problem
from portal.languages.catalog import available, catalog
from portal.ui import parts
from portal.vocabulary import (
    FORM_KIND_LABELS,
    PURPOSE_LABELS,
    Category,
    FormKind,
    Purpose,
    Statement,
)

DRAFT = "form-draft"
"""A random part of every field's key; a new one empties the fields to what is saved."""


class Part(StrEnum):
    """What of the form is being written."""

    TEXTS = "Texts"
    ORDER = "Order of the parts"
    KINDS = "Records and purposes"
    TERM = "Term and office"
    LOOK = "Logo and languages"
    FILE = "As a file"


def begin_anew() -> None:
    """Show what is saved."""
    st.session_state[DRAFT] = uuid.uuid4().hex


def _key(name: str) -> str:
    return f"form-{st.session_state.setdefault(DRAFT, uuid.uuid4().hex)}-{name}"


def edited(definition: Definition) -> Definition | None:
    """The form as changed, once a button of its part is clicked. Raises BadFile for a bad file."""
    choices: list[Part] = [*Part]
    part = st.segmented_control(
        "What to write", choices, default=Part.TEXTS, required=True, key="form-part", wrap=True
    )
    return PARTS[part](definition)


def same_kind(form: Definition, kind: FormKind) -> None:
    """Raises NotReady for the file of another kind of form."""
    if form.kind is not kind:
        what = f"This is a form for “{FORM_KIND_LABELS[form.kind]}”."
        raise NotReady([Problem(what, "Choose that form above first, then bring it in.", "kind")])


# Texts


def _texts(form: Definition) -> Definition | None:
    texts = dict(form.texts())
    absent = {f"statements.{s}": Text(en="") for s in Statement if s not in form.statements} | {
        f"help.{s}": Text(en="") for s in Section if s not in form.help
    }
    every = texts | absent
    field = st.selectbox(
        "Which text",
        list(every),
        format_func=lambda name: _named(name) + ("" if name in texts else " (not on the form)"),
        key="form-text",
    )
    text = every[field]
    english = st.text_area("English, the text of record", text.en, key=_key(f"{field}-en"))
    parts.muted("It may use %(student)s, %(partner)s, %(until)s and %(office)s.")
    translations = {
        code: told
        for code in form.languages
        if code != "en" and (told := _translation(text, field, code)) is not None
    }
    with st.container(horizontal=True):
        save = st.button("Save this text", type="primary", key="form-save-text")
        removable = field.startswith(("help.", "statements.")) and field in texts
        remove = removable and st.button("Take it out of the form", key="form-remove-text")
    if save:
        return _with_text(form, field, Text(en=english or "", translations=translations))
    return _with_text(form, field, None) if remove else None


def _named(field: str) -> str:
    """A text as staff find it: the title, or the sentence and its part."""
    group, _, name = field.partition(".")
    if group == "help":
        return f"Help for {name_of(Section(name))}"
    if group == "statements":
        statement = Statement(name)
        told = name_of(statement)
        return f"{told[0].upper()}{told[1:]}, in {name_of(SECTION_OF[statement])}"
    return {"title": "Title", "signing": "What the signer ticks", "subject": "Subject"}[group]


def _translation(text: Text, field: str, code: str) -> Translation | None:
    """The district's own translation; empty leaves the portal's, where it has one."""
    spoken, own = catalog(code), text.translations.get(code)
    said = spoken.gettext(text.en) if text.en and spoken.has(text.en) else ""
    with st.container(border=True, key=f"form-translation-{code}"):
        told = st.text_area(
            f"{spoken.own_name} (empty: the portal's own)",
            own.text if own else "",
            key=_key(f"{field}-{code}"),
        )
        if said:
            parts.muted(f"The portal's own: {said}")
        left, right = st.columns(2)
        with left:
            translator = st.text_input(
                f"Who translated it into {spoken.own_name}",
                own.translator if own else "",
                key=_key(f"{field}-{code}-who"),
            )
        with right:
            version = st.text_input(
                f"Version of the {spoken.own_name} text",
                own.version if own else "",
                key=_key(f"{field}-{code}-version"),
            )
    if not (told or "").strip():
        return None
    return Translation(text=told or "", translator=translator or "", version=version or "")


def _with_text(form: Definition, field: str, text: Text | None) -> Definition:
    """The form with this text in its place, or without it."""
    group, _, name = field.partition(".")
    if group == "help":
        return _changed(form, help=_put(form.help, Section(name), text))
    if group == "statements":
        return _changed(form, statements=_put(form.statements, Statement(name), text))
    return _changed(form, **{group: text})


def _put(texts: Mapping[Any, Text], name: Any, text: Text | None) -> dict[Any, Text]:
    rest = {key: told for key, told in texts.items() if key != name or text is not None}
    return rest | ({name: text} if text is not None else {})


def _changed(form: Definition, **changes: Any) -> Definition:
    return form.model_copy(update=changes)


# Order


def _order(form: Definition) -> Definition | None:
    order = list(form.sections)
    parts.listed(f"{place}. {SECTIONS[part]}" for place, part in enumerate(order, start=1))
    part = st.selectbox(
        "Part to move", order, format_func=lambda one: SECTIONS[one], key="form-move"
    )
    absent = [one for one in Section if one not in order]
    with st.container(horizontal=True):
        up = st.button("Move up", key="form-up")
        down = st.button("Move down", key="form-down")
        out = st.button("Take it out", key="form-out")
    added = None
    if absent:
        chosen = st.selectbox(
            "Part to add", absent, format_func=lambda one: SECTIONS[one], key="form-absent"
        )
        added = chosen if st.button("Add it at the end", key="form-add") else None
    if up or down:
        return _changed(form, sections=_moved(order, part, -1 if up else 1))
    if out:
        return _changed(form, sections=tuple(one for one in order if one is not part))
    return _changed(form, sections=(*order, added)) if added else None


def _moved(order: Sequence[Section], part: Section, step: int) -> tuple[Section, ...]:
    place = order.index(part)
    to = min(max(place + step, 0), len(order) - 1)
    left = [one for one in order if one is not part]
    return (*left[:to], part, *left[to:])


# Kinds


def _kinds(form: Definition) -> Definition | None:
    left, right = st.columns(2, gap="large")
    with left:
        parts.heading("The school may give")
        out = _offered("out", form.categories_out)
    with right:
        parts.heading("The partner may give")
        back = _offered("in", form.categories_in)
    parts.heading("Why")
    purposes = tuple(
        purpose
        for purpose in Purpose
        if st.checkbox(
            PURPOSE_LABELS[purpose], purpose in form.purposes, key=_key(f"why-{purpose}")
        )
    )
    if st.button("Save records and purposes", type="primary", key="form-save-kinds"):
        return _changed(form, categories_out=out, categories_in=back, purposes=purposes)
    return None


def _offered(way: str, now: Sequence[Category]) -> tuple[Category, ...]:
    return tuple(
        kind
        for kind in PLAIN
        if st.checkbox(PLAIN[kind], kind in now, key=_key(f"{way}-{kind}"), wrap=True)
    )


# Term and office


def _term(form: Definition) -> Definition | None:
    ends = st.radio(
        "A consent usually ends",
        [TermEnd.SCHOOL_YEAR, TermEnd.MONTHS],
        index=0 if form.term.ends is TermEnd.SCHOOL_YEAR else 1,
        format_func=lambda end: (
            "with the school year, on June 30"
            if end is TermEnd.SCHOOL_YEAR
            else "after some months"
        ),
        key=_key("ends"),
    )
    months = form.term.months or LONGEST_TERM
    if ends is TermEnd.MONTHS:
        months = st.number_input("After how many months", 1, LONGEST_TERM, months, key=_key("term"))
    most = st.number_input(
        "Most months that staff may propose", 1, LONGEST_TERM, form.most_months, key=_key("most")
    )
    parts.heading("Where a family takes a consent back")
    office = Office(**{name: _line(form.office, name, label) for name, label in OFFICE.items()})
    if st.button("Save term and office", type="primary", key="form-save-term"):
        by_months = ends is TermEnd.MONTHS
        term = Term(ends=ends, months=int(months) if by_months else None)
        return _changed(form, term=term, most_months=int(most), office=office)
    return None


OFFICE = {
    "office": "Office",
    "address": "Postal address",
    "email": "E-mail address",
    "phone": "Phone",
}


def _line(office: Office, name: str, label: str) -> str:
    return st.text_input(label, getattr(office, name), key=_key(f"office-{name}")) or ""


# Logo and languages


def _look(form: Definition) -> Definition | None:
    parts.say("It has a logo." if form.logo else "It has no logo.")
    file = st.file_uploader("Logo (PNG or JPEG)", type=["png", "jpg", "jpeg"], key=_key("logo"))
    without = bool(form.logo) and st.checkbox("Without a logo", key=_key("no-logo"))
    names = available()
    spoken = st.multiselect(
        "Languages in which a family may read it",
        list(names),
        default=[code for code in form.languages if code in names],
        format_func=lambda code: names[code],
        key=_key("languages"),
    )
    parts.muted("A language whose translation is not complete keeps the form from being published.")
    if st.button("Save logo and languages", type="primary", key="form-save-look"):
        logo = b"" if without else file.getvalue() if file else form.logo
        return _changed(form, logo=logo, languages=tuple(spoken))
    return None


# As a file


def _file(form: Definition) -> Definition | None:
    parts.muted("The whole form as data. Keep it, or bring it to another district's portal.")
    with st.expander("This draft as JSON"):
        st.code(to_json(form), language="json", wrap_lines=True)
    file = st.file_uploader("A form's file (JSON)", type=["json"], key=_key("file"))
    pasted = st.text_area("Or paste it here", key=_key("pasted"))
    if st.button("Bring it in as the draft", type="primary", key="form-bring"):
        text: bytes | str = file.getvalue() if file else pasted or ""
        return from_json(text)
    return None


PARTS: dict[Part, Callable[[Definition], Definition | None]] = {
    Part.TEXTS: _texts,
    Part.ORDER: _order,
    Part.KINDS: _kinds,
    Part.TERM: _term,
    Part.LOOK: _look,
    Part.FILE: _file,
}
