"""The papers of a pass as one zip: the exact issued bytes, and a list that says what they are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import documents, sheets
from portal.access.actor import Actor
from portal.agreements import queries as agreement_queries
from portal.agreements.renewing.queries import Made
from portal.store.papers import Document
from portal.vocabulary import DocumentKind

MEDIA_TYPE = "application/zip"
MANIFEST = "manifest.csv"
COLUMNS = (
    "Renews",
    "Partner",
    "First day",
    "Last day",
    "Result",
    "Number",
    "File",
    "SHA-256",
    "What stands against it",
)


def keep(session: Session, me: Actor, made: Sequence[Made], at: datetime) -> Document:
    """Keep the zip as my district's own document."""
    day = agreement_queries.local_day(at, me.tz)
    return documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.AGREEMENT_BUNDLE,
        f"Renewals-{day.isoformat()}.zip",
        MEDIA_TYPE,
        zipped(made, at),
        at,
    )


def zipped(made: Iterable[Made], at: datetime) -> bytes:
    """The zip. Its papers are stored as they are: a Word file is packed already."""
    made = list(made)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        _add(file, MANIFEST, manifest(made), at)
        for one in made:
            if one.document is not None:
                _add(file, name_of(one), one.document.content, at)
    return out.getvalue()


def _add(file: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    info = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    info.external_attr = 0o644 << 16
    file.writestr(info, content)


def name_of(one: Made) -> str:
    """The file of a paper: its number, and with whom it is."""
    return documents.safe_file_name(f"{one.item.result} {one.item.partner}.docx")


def manifest(made: Iterable[Made]) -> bytes:
    """Every agreement of the pass, as a spreadsheet opens it; nothing in it is a formula."""
    return sheets.written(COLUMNS, (_row(one) for one in made))


def _row(one: Made) -> list[str]:
    item, paper = one.item, one.document
    result = "Out for signature" if item.issued else "Draft" if item.result else "Not renewed"
    return [
        item.number,
        item.partner,
        item.first_day.isoformat(),
        item.last_day.isoformat(),
        result,
        item.result,
        name_of(one) if paper else "",
        paper.sha256 if paper else "",
        " ".join(item.problems),
    ]
