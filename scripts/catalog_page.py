"""docs/reference/data-catalog.md: what is held, told by the catalog itself."""

from __future__ import annotations

from collections.abc import Iterator

from portal.policy.keeping import SHIPPED
from portal.retaining import catalog
from portal.retaining.catalog import Entry

HEAD = """# Data catalog

Every table and column that the portal holds: what it is, why it is held, which law or policy asks
for it, how often it comes, from whom, who sees it and how long it is kept. A district's own
questions and its own periods of keeping stand beside this on the page *What data is held*. A test
fails when a table or a column is missing here. Written by `scripts/reference.py` from
`portal/retaining/catalog`; who sees it is computed from `portal/policy`.
"""

SCHEDULE = """## How long data is kept

As shipped; a district may keep longer, and shorter only down to what the law lets.

| code | what | period | at least | authority | destroyed by the portal | what stays |
|---|---|---|---|---|---|---|
"""


def data_catalog() -> str:
    """The whole page."""
    parts = [HEAD, SCHEDULE + "\n".join(_schedule()) + "\n"]
    for group in catalog.groups():
        parts.append(f"## {group}\n")
        parts += [_table(entry) for entry in catalog.entries() if entry.group == group]
    return "\n".join(parts)


def _schedule() -> Iterator[str]:
    for line in SHIPPED:
        least = "for ever" if line.least is None else f"{line.least} years"
        gone = "yes" if line.destroyed else "no"
        yield (
            f"| `{line.code}` | {line.label} | {line.period} | {least} | {line.authority} "
            f"| {gone} | {line.left} |"
        )


def _table(entry: Entry) -> str:
    lines = [
        f"### `{entry.table}`: {entry.what}",
        "",
        f"{entry.why}. {entry.how_often}; {entry.source}. {entry.mandate}.",
        "",
        f"Seen by: {'; '.join(entry.seen_by)}. Kept: {entry.kept.period} (`{entry.kept.code}`).",
        "",
        "| column | what it tells |",
        "|---|---|",
        *(f"| `{element.name}` | {element.what} |" for element in entry.elements),
        "",
    ]
    return "\n".join(lines)
