"""Build templates/consent/standard.docx: what was agreed, as evidence of a signature on screen.

    .venv/bin/python scripts/build_consent_template.py [where to write it]

A test compares the template in the repository with what this builds.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from paper import Paper

OUT = Path(__file__).parent.parent / "templates" / "consent" / "standard.docx"

# A section: its clause id, its heading, and its paragraphs; "- " begins an item of a list.
SECTIONS = [
    (
        "records",
        "What may be shared",
        [
            "{{ district.name }} may give these records to {{ agency.name }}:",
            "{%p for record in records %}",
            "- {{ record }}",
            "{%p endfor %}",
            "{%p if special %}",
            "Each of these has its own initials:",
            "{%p for record in special %}",
            "- {{ record.kind }}: {{ record.initials }}",
            "{%p endfor %}",
            "{%p endif %}",
            "How much: {{ detail }}. Records from {{ records_from }} through {{ records_until }}.",
        ],
    ),
    (
        "purpose",
        "Why",
        ["{%p for purpose in purposes %}", "- {{ purpose }}", "{%p endfor %}"],
    ),
    (
        "term",
        "How long",
        ["From {{ starts_on }} through {{ ends_on }}."],
    ),
    (
        "statements",
        "What the signer was told",
        ["{%p for statement in statements %}", "- {{ statement }}", "{%p endfor %}"],
    ),
    (
        "signature",
        "Signature",
        ["{{ signer.statement }}", "[signature]"],
    ),
]


def build(out: Path) -> None:
    """Write the template to `out`."""
    paper = Paper("{{ form }}, {{ number }}", "Use only for the purpose named; do not pass on")
    paper.title("title", "Consent for Release")
    paper.subtitle("of the records of {{ student.name }}")
    paper.facts(
        [
            ("Student", "{{ student.name }}, born {{ student.born }}"),
            ("School", "{{ student.school }}"),
            ("From", "{{ district.name }}"),
            ("To", "{{ agency.name }}"),
        ]
    )
    for clause, heading, paragraphs in SECTIONS:
        paper.section(clause, heading)
        for text in paragraphs:
            _paragraph(paper, text)
    out.parent.mkdir(parents=True, exist_ok=True)
    paper.save(out)


def _paragraph(paper: Paper, text: str) -> None:
    if text == "[signature]":
        paper.facts(
            [
                ("Signed by", "{{ signer.name }}, {{ signer.capacity }}"),
                ("Typed on screen", "{{ signer.typed }}, {{ signer.signed_at }}"),
                ("Checked by", "{{ recorded_by }}"),
            ]
        )
    elif text.startswith("{%p"):
        paper.tag(text)
    elif text.startswith("- "):
        paper.tick(text.removeprefix("- "))
    else:
        paper.say(text)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
