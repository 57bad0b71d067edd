"""The process in which typst runs: it takes orders on its standard input until that closes.

Apart from the portal, because typst keeps its memory, and because a paper that never
ends can then be stopped. Knows no database and imports next to nothing of the portal.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import IO, Any

import typst

from portal.workers.frames import FAILED, MADE, receive, send
from portal.workers.limits import end_after, pipes

FONTS = Path(__file__).resolve().parent / "fonts"

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ROUNDS = 8
"""typst names all that it cannot draw at once; a second round is for what the first uncovers."""

NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def main() -> None:
    """Serve until the portal closes the pipe, or ends."""
    serve(*pipes())


def serve(orders: IO[bytes], answers: IO[bytes]) -> None:
    """One answer for each order."""
    while (order := receive(orders)) is not None:
        send(answers, _answer(json.loads(order)))


def _answer(order: dict[str, Any]) -> bytes:
    end_after(order.pop("seconds"))
    try:
        return MADE + compiled(**order)
    except typst.TypstError as error:
        return FAILED + error.diagnostic.encode()
    finally:
        end_after(0)


def compiled(folder: str, template: str, values: str, meta: str, timestamp: int) -> bytes:
    """The PDF. Characters that no font has become a replacement mark: UA-1 takes no gap.

    values, meta: JSON; values alone is printed. timestamp: seconds, the PDF's only date.
    """
    for _ in range(ROUNDS):
        try:
            return _compiled(folder, template, values, meta, timestamp)
        except typst.TypstError as error:
            told = {_literal(text) for text in NOT_DRAWN.findall(error.diagnostic)}
            # A digit that carries a mark no font has is told as well: the mark is at fault.
            missing = {text for text in told if not text.isascii()}
            if not missing:
                raise
            for text in sorted(missing, key=len, reverse=True):
                values = values.replace(text, REPLACEMENT)
    return _compiled(folder, template, _ascii(values), meta, timestamp)


def _compiled(folder: str, template: str, values: str, meta: str, timestamp: int) -> bytes:
    return typst.compile(
        f"{folder}/{template}.typ",
        root=folder,
        font_paths=fonts(folder),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"values": values, "meta": meta},
        timestamp=timestamp,
    )


@cache
def fonts(folder: str) -> typst.Fonts:
    """Ours, those inside typst, and those that a district put beside its templates.

    The machine's are left out, so that a paper is the same on each.
    """
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS, Path(folder) / "fonts"])


def _literal(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _ascii(values: str) -> str:
    return "".join(c if c.isascii() else REPLACEMENT for c in values)


if __name__ == "__main__":
    main()
