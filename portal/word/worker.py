"""The process in which templates are read and filled: it takes orders until its input closes.

A file from elsewhere is opened here and nowhere else. Before the first order the process gives
up whatever such a file could want of it (`portal.workers.limits`).
"""

from __future__ import annotations

import codecs
import hashlib
import importlib
import io
import json
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any

from portal.word import annotate, blanks, checking, comparing, filling
from portal.word.compiled import Compiled
from portal.word.leaving import Told
from portal.word.package import SAVED_AGAIN
from portal.word.problems import TemplateProblem, Unusable, of_file
from portal.workers.frames import FAILED, MADE, receive, send
from portal.workers.limits import end_after, give_up, pipes

KEPT = 32
"""Templates that stay compiled, the latest used."""


def main() -> None:
    """Serve until the portal closes the pipe, or ends."""
    orders, answers = pipes()
    _warm_up()
    give_up()
    serve(orders, answers)


def serve(orders: IO[bytes], answers: IO[bytes]) -> None:
    """One answer for each order: a line of JSON, and the template after it."""
    while (order := receive(orders)) is not None:
        said, _, template = order.partition(b"\n")
        send(answers, _answer(json.loads(said), template))


def _answer(order: dict[str, Any], template: bytes) -> bytes:
    end_after(order.pop("seconds"))
    try:
        return MADE + VERBS[order.pop("verb")](template, **order)
    except Unusable as bad:
        return FAILED + _told(bad.problems)
    except (MemoryError, RecursionError):
        return FAILED + _told([of_file("The template needs too much memory.", "Make it simpler.")])
    except Exception:  # whatever a stranger's file brings about, the next order is another one's
        return FAILED + _told([of_file("The template cannot be read.", SAVED_AGAIN)])
    finally:
        end_after(0)


def _told(problems: Any) -> bytes:
    return json.dumps([problem.as_dict() for problem in problems]).encode()


_READY: OrderedDict[bytes, Compiled] = OrderedDict()


def ready(template: bytes) -> Compiled:
    """The template, screened and compiled once for as long as it is in use. Raises Unusable."""
    key = hashlib.sha256(template).digest()
    if key not in _READY:
        _READY[key] = checking.ready(template)
        while len(_READY) > KEPT:
            _READY.popitem(last=False)
    _READY.move_to_end(key)
    return _READY[key]


def _check(template: bytes, declared: list[str] | None, clauses: list[str]) -> bytes:
    fields, problems = checking.check(template, declared, clauses)
    told = {"fields": fields, "problems": [problem.as_dict() for problem in problems]}
    return json.dumps(told).encode()


def _fill(template: bytes, values: dict[str, Any], told: dict[str, Any]) -> bytes:
    return filling.fill(ready(template), values, _meta(told))


def _render(
    template: bytes,
    values: dict[str, Any],
    fields: list[str],
    clauses: list[str],
    told: dict[str, Any],
) -> bytes:
    made = ready(template)
    if problems := comparing.disagreements(made, values, fields, clauses):
        raise Unusable(problems)
    return filling.fill(made, values, _meta(told), clauses)


def _meta(told: dict[str, Any]) -> Told:
    at = datetime.fromisoformat(told["at"])
    return Told(told["title"], told["author"], at, told["language"])


def _sample(template: bytes) -> bytes:
    return checking.sample(ready(template))


def _annotate(template: bytes, problems: list[dict[str, Any]]) -> bytes:
    return annotate.annotated(template, [TemplateProblem(**problem) for problem in problems])


def _blanks(template: bytes, declared: list[str]) -> bytes:
    return json.dumps([blank.as_dict() for blank in blanks.find(template, declared)]).encode()


def _with_fields(template: bytes, choices: dict[str, str]) -> bytes:
    return blanks.with_fields(template, choices)


VERBS: dict[str, Callable[..., bytes]] = {
    "annotate": _annotate,
    "blanks": _blanks,
    "check": _check,
    "fill": _fill,
    "render": _render,
    "sample": _sample,
    "with_fields": _with_fields,
}


def _warm_up() -> None:
    """Loads what is loaded when it is first needed, while files can still be opened."""
    importlib.import_module("jinja2.debug")
    for encoding in CODECS:
        codecs.lookup(encoding)
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        for name, text in TINY.items():
            archive.writestr(name, text)
    content = saved.getvalue()
    checking.check(content, ["name"], ["none"])
    annotate.annotated(content, [of_file("", "")])
    blanks.find(content, ["name"])
    try:
        filling.fill(checking.ready(content), {}, TRIAL)
    except Unusable:
        filling.fill(checking.ready(content), {"name": "x", "names": []}, TRIAL)


TRIAL = Told("", "", checking.SAMPLE_AT, "en-US")

CODECS = ("ascii", "cp437", "unicode-escape", "utf-16", "utf-16-be", "utf-16-le", "utf-8-sig")

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/package/2006/relationships"
_O = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
TINY = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": f'<Relationships xmlns="{_R}">'
    f'<Relationship Id="a" Type="{_O}" Target="d.xml"/></Relationships>',
    "d.xml": f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>'
    "{{ name|default('-') }} {% for n in names|sort %}{{ n }}{% endfor %} ____"
    "</w:t></w:r></w:p></w:body></w:document>",
}
"""The smallest Word file there is."""


if __name__ == "__main__":
    main()
