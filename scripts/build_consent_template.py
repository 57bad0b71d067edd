"""Build templates/consent/standard.docx: the receipt of a signed consent as a Word file.

    .venv/bin/python scripts/build_consent_template.py [where to write it]

It says what the PDF says (templates/pdf/consent.typ), and has no language either: every word
comes in as a value. A test compares the template in the repository with what this builds.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from docx.shared import Inches
from paper import Paper

OUT = Path(__file__).parent.parent / "templates" / "consent" / "standard.docx"
PAGE = ("{{ page.before }} ", " {{ page.between }} ", " {{ page.after }}")


def build(out: Path) -> None:
    """Write the template to `out`."""
    paper = Paper("{{ district }}, {{ number }}", "{{ form }}", PAGE)
    paper.title("title", "{{ title }}")
    paper.subtitle("{{ number }}")
    _when(paper, "status", "{{ status }}")
    _when(paper, "note", "{{ note }}")
    _facts(paper, ("form", "form"))
    for part in (_people, _directions, _what_for, _told, _signed, _staff, _notices, _proof):
        part(paper)
    out.parent.mkdir(parents=True, exist_ok=True)
    paper.save(out)


# Parts of the paper, in the order of the model form


def _people(paper: Paper) -> None:
    _block(paper, "student", "student")
    paper.say("{{ intro }}", keep=True)
    _facts(
        paper,
        ("name", "student.name"),
        ("born", "student.born"),
        ("school", "student.school"),
        ("local_id", "student.local_id"),
    )
    _end(paper)
    _block(paper, "signer", "signer")
    _facts(
        paper,
        ("name", "signer.name"),
        ("relationship", "signer.relationship"),
        ("authority", "signer.authority"),
    )
    _end(paper)


def _directions(paper: Paper) -> None:
    paper.tag("{%p for side in instruments %}")
    paper.article(None, "{{ side.heading }}")
    _facts(
        paper,
        ("consent", "side.number"),
        ("giver", "side.giver"),
        ("receiver", "side.receiver"),
        ("detail", "side.detail"),
        ("law", "side.law"),
    )
    paper.tag("{%p if side.records %}")
    _listed(
        paper,
        "side.records",
        (1, "answer", "item.answer"),
        (3.1, "records", "item.what"),
        (2.4, "dates", "item.dates"),
    )
    paper.tag("{%p endif %}")
    paper.tag("{%p endfor %}")
    _block(paper, "who", "parties", clause="who")
    _when(paper, "hints.parties", "{{ hints.parties }}")
    _listed(
        paper,
        "parties",
        (2.6, "name", "item.name"),
        (1.5, "role", "item.role"),
        (2.4, "address", "item.address"),
    )
    _end(paper)


def _what_for(paper: Paper) -> None:
    _block(paper, "why", "why")
    _ticks(paper, "purposes", "{{ item.answer }}: {{ item.what }}")
    _when(paper, "purpose_words", "{{ labels.in_own_words }}: {{ purpose_words }}")
    _end(paper)
    _block(paper, "special", "special")
    paper.say("{{ special_intro }}", keep=True)
    paper.tag("{%p if special %}")
    _listed(
        paper,
        "special",
        (1, "answer", "item.answer"),
        (2.5, "special_kind", "item.what"),
        (2, "giver", "item.giver"),
        (1, "initials", "item.initials"),
    )
    paper.tag("{%p else %}")
    paper.say("{{ labels.none }}")
    paper.tag("{%p endif %}")
    paper.say("{{ never }}")
    _end(paper)
    _block(paper, "how_long", "how_long")
    _when(paper, "hints.how_long", "{{ hints.how_long }}")
    _facts(paper, ("how_often", "how_often"))
    _listed(
        paper,
        "instruments",
        (2.1, "direction", "item.heading"),
        (1.6, "first_day", "item.starts_on"),
        (1.6, "last_day", "item.ends_on"),
        (1.2, "event", "item.event"),
    )
    _end(paper)


def _told(paper: Paper) -> None:
    _block(paper, "choices", "choices")
    _ticks(paper, "choices", "{{ item }}")
    _end(paper)
    _block(paper, "taking_back", "taking_back", clause="taking_back")
    _ticks(paper, "taking_back", "{{ item }}")
    _facts(
        paper,
        ("office", "office.name"),
        ("address", "office.address"),
        ("email", "office.email"),
        ("phone", "office.phone"),
    )
    _end(paper)
    for block in ("after", "rights"):
        label = {"after": "afterwards"}.get(block, block)
        _block(paper, block, label)
        _ticks(paper, label, "{{ item }}")
        _end(paper)


def _signed(paper: Paper) -> None:
    _block(paper, "minor", "minor")
    paper.tag("{%p if minor.name %}")
    paper.say("{{ minor.text }}", keep=True)
    _facts(paper, ("name", "minor.name"), ("signed_at", "minor.signed_at"))
    paper.tag("{%p else %}")
    paper.say("{{ labels.not_signed }}")
    paper.tag("{%p endif %}")
    _end(paper)
    _block(paper, "signature", "signature", clause="signature")
    paper.say("{{ signature.statement }}", keep=True)
    _facts(
        paper,
        ("typed", "signature.typed"),
        ("name", "signature.name"),
        ("capacity", "signature.capacity"),
        ("signed_at", "signature.signed_at"),
        ("method", "signature.method"),
    )
    paper.tag("{%p if cosigners %}")
    _listed(
        paper,
        "cosigners",
        (3.5, "cosigners", "item.name"),
        (3, "signed_at", "item.signed_at"),
    )
    paper.tag("{%p endif %}")
    _end(paper)
    _block(paper, "language", "help")
    _facts(
        paper,
        ("language", "help.language"),
        ("translation", "help.translation"),
        ("interpreter", "help.interpreter"),
    )
    _end(paper)


def _staff(paper: Paper) -> None:
    _block(paper, "staff", "staff")
    _facts(
        paper,
        ("identity", "staff.identity"),
        ("custody", "staff.custody"),
        ("entered_by", "staff.entered_by"),
    )
    _end(paper)


def _notices(paper: Paper) -> None:
    _block(paper, "notices", "notices")
    _when(paper, "hints.notices", "{{ hints.notices }}")
    paper.tag("{%p for notice in notices %}")
    paper.strong("{{ notice.title }}")
    paper.say("{{ notice.text }}")
    paper.small("{{ notice.law }} · {{ notice.version }}")
    paper.tag("{%p endfor %}")
    _end(paper)


def _proof(paper: Paper) -> None:
    paper.section("evidence", "{{ labels.evidence }}")
    _facts(
        paper,
        ("form", "evidence.form"),
        ("identity", "evidence.identity"),
        ("signed_at", "evidence.signed_at"),
        ("code", "evidence.code"),
        ("check", "evidence.url"),
        ("agreed", "evidence.agreed_sha256"),
        ("form_sha256", "evidence.form_sha256"),
    )


# What they are made of


def _block(paper: Paper, block: str, label: str, clause: str | None = None) -> None:
    """A block's beginning; the form may lack the block."""
    paper.tag(f"{{%p if blocks.{block} %}}")
    paper.article(clause, f"{{{{ labels.{label} }}}}")


def _end(paper: Paper) -> None:
    paper.tag("{%p endif %}")


def _when(paper: Paper, field: str, text: str) -> None:
    """A paragraph that is left out when it is empty."""
    paper.tag(f"{{%p if {field} %}}")
    paper.say(text, keep=True)
    paper.tag("{%p endif %}")


def _ticks(paper: Paper, items: str, text: str) -> None:
    paper.tag(f"{{%p for item in {items} %}}")
    paper.tick(text)
    paper.tag("{%p endfor %}")


def _facts(paper: Paper, *lines: tuple[str, str]) -> None:
    paper.known_facts([(f"labels.{label}", field) for label, field in lines])


def _listed(paper: Paper, items: str, *columns: tuple[float, str, str]) -> None:
    paper.listed(
        items, [(Inches(width), f"labels.{head}", field) for width, head, field in columns]
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
