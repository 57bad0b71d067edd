"""The receipt as a Word file: the same values as the PDF, in templates/consent/standard.docx."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from portal.config import ROOT
from portal.pdf import papers as pdf
from portal.pdf.render import Order
from portal.word.render import render as render_word
from portal.word.values import Values

TEMPLATE = ROOT / "templates" / "consent" / "standard.docx"

_FIELDS = """
title number district page.before page.between page.after status note form
intro student.name student.born student.school student.local_id
signer.name signer.relationship signer.authority
instruments instruments[].heading instruments[].number instruments[].giver
instruments[].receiver instruments[].detail instruments[].law instruments[].starts_on
instruments[].ends_on instruments[].event instruments[].records
instruments[].records[].answer instruments[].records[].what instruments[].records[].dates
parties parties[].name parties[].role parties[].address
purposes purposes[].answer purposes[].what purpose_words
special_intro special special[].answer special[].what special[].giver special[].initials never
how_often choices choices[] taking_back taking_back[] afterwards afterwards[] rights rights[]
office.name office.address office.email office.phone
minor.text minor.name minor.signed_at signature.statement signature.typed signature.name
signature.capacity signature.signed_at signature.method
cosigners cosigners[].name cosigners[].signed_at
help.language help.translation help.interpreter
staff.identity staff.custody staff.entered_by
notices notices[].title notices[].text notices[].law notices[].version
evidence.form evidence.identity evidence.signed_at evidence.code evidence.url
evidence.agreed_sha256 evidence.form_sha256
hints.parties hints.how_long hints.notices
"""

_BLOCKS = """
student signer who why special how_long choices taking_back after rights minor signature language
staff notices
"""

_LABELS = """
form student name born school local_id signer relationship authority consent giver receiver detail
law answer records dates parties role address why in_own_words special special_kind initials none
how_long how_often direction first_day last_day event choices taking_back office email phone
afterwards rights minor not_signed signature typed capacity signed_at method cosigners help language
translation interpreter staff identity custody entered_by notices evidence code check
agreed form_sha256
"""

FIELDS = frozenset(
    [
        *_FIELDS.split(),
        *(f"blocks.{block}" for block in _BLOCKS.split()),
        *(f"labels.{label}" for label in _LABELS.split()),
    ]
)
"""Every placeholder, explained in templates/README.md."""

CLAUSES = ("title", "who", "taking_back", "signature", "evidence")


def render(consent: pdf.Consent, order: Order) -> bytes:
    """The paper as a Word file. order: how the same paper is made as a PDF."""
    return render_word(
        _template(TEMPLATE),
        values(consent),
        FIELDS,
        CLAUSES,
        title=order.title,
        author=order.author,
        at=order.at,
        language=order.language,
    )


@cache
def _template(path: Path) -> bytes:
    return path.read_bytes()


def values(consent: pdf.Consent) -> Values:
    """What each placeholder prints; what only a picture can show is left to the PDF."""
    told = asdict(consent)
    told["blocks"] = {block: block in consent.order for block in _BLOCKS.split()}
    told["minor"] = _minor(consent.minor)
    told["page"] = _page(consent.labels.page)
    kept: dict[str, Any] = _only(told, _tree(FIELDS))
    return kept


def _minor(minor: pdf.Minor | None) -> dict[str, str]:
    """Who signed for care of their own; all empty where nobody did."""
    if minor is None or minor.signature is None:
        return {"text": "", "name": "", "signed_at": ""}
    mark = minor.signature
    return {"text": minor.text, "name": mark.name, "signed_at": mark.signed_at}


def _page(label: str) -> dict[str, str]:
    """Word counts the pages by itself, so the label is taken apart around its two numbers."""
    before, between, after = re.split(r"\{page\}|\{pages\}", label)
    return {"before": before, "between": between, "after": after}


Tree = dict[str, Any]


def _tree(paths: frozenset[str]) -> Tree:
    """The fields as nested keys; the key `[]` is what a list holds."""
    root: Tree = {}
    for path in paths:
        at = root
        for step in path.replace("[]", ".[]").split("."):
            at = at.setdefault(step, {})
    return root


def _only(value: Any, tree: Tree) -> Any:
    """The value without what the tree does not name."""
    if "[]" in tree:
        return [_only(item, tree["[]"]) for item in value]
    if tree:
        return {key: _only(value[key], within) for key, within in tree.items()}
    return value
