"""What a paper says, without the spaces and the line ends that setting it adds."""

from __future__ import annotations

import io
import re

from docx import Document

from tests.pdf.reading import Pdf


def squeezed(text: str) -> str:
    """Without spaces and with one hyphen where a language repeats it at a line's end."""
    return re.sub(r"-+", "-", re.sub(r"[\s\u200b]+", "", text))


def of_pdf(data: bytes) -> str:
    """The whole text of a PDF."""
    return squeezed(Pdf(data).text)


def of_word(data: bytes) -> str:
    """The whole text of a Word file: body, header and footer."""
    document = Document(io.BytesIO(data))
    section = document.sections[0]
    parts = [document.element.body, section.header._element, section.footer._element]
    return squeezed("".join("".join(part.itertext()) for part in parts))


def says(told: str, text: str) -> bool:
    """Does this squeezed text hold these words?"""
    return squeezed(text) in told
