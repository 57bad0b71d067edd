"""Build templates/letters/decision.docx: the letter about a written request, as a Word file.

    .venv/bin/python scripts/build_letter_template.py [where to write it]

It says what the PDF says (templates/pdf/reply.typ). A test compares the template in the
repository with what this builds.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from paper import Paper

OUT = Path(__file__).parent.parent / "templates" / "letters" / "decision.docx"


def build(out: Path) -> None:
    """Write the template to `out`."""
    paper = Paper("{{ district }}, {{ number }}", "{{ foot }}")
    paper.small("{{ district }}")
    _when(paper, "address", "{{ address }}")
    _when(paper, "phone", "Phone: {{ phone }}")
    paper.title("title", "{{ title }}")
    paper.subtitle("{{ number }}")
    paper.say("{{ to }}")
    paper.say("{{ date }}")
    paper.say("{{ greeting }}", keep=True)
    paper.tag("{%p for section in sections %}")
    paper.strong("{{ section.heading }}")
    paper.tag("{%p for text in section.paragraphs %}")
    paper.say("{{ text }}")
    paper.tag("{%p endfor %}")
    paper.tag("{%p endfor %}")
    paper.say("{{ closing }}", keep=True)
    paper.say("{{ signed_by }}", keep=True)
    paper.small("{{ signed_title }}")
    out.parent.mkdir(parents=True, exist_ok=True)
    paper.save(out)


def _when(paper: Paper, field: str, text: str) -> None:
    paper.tag(f"{{%p if {field} %}}")
    paper.small(text)
    paper.tag("{%p endif %}")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
