"""A PDF by a program of somebody else's: what is asked of it, and what happens when it fails."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
import time
from pathlib import Path

import docx
import pytest

from portal.config import settings
from portal.errors import NotReady
from portal.word import convert
from tests.pdf.reading import Pdf

GOOD = "(folder / 'agreement.pdf').write_bytes(b'%PDF-1.7 ' + word + b' %%EOF')"
HEAD = """#!{python}
import json, os, subprocess, sys, time
from pathlib import Path
options = dict(zip(sys.argv[1:], sys.argv[2:]))
folder, word = Path(options["--outdir"]), Path(sys.argv[-1]).read_bytes()
"""


@pytest.fixture
def converter(tmp_path, monkeypatch):
    """Put a program of our own in LibreOffice's place: `converter("what it does")`."""

    def put(does: str) -> Path:
        script = tmp_path / "soffice"
        script.write_text(HEAD.format(python=sys.executable) + does, encoding="utf-8")
        script.chmod(0o755)
        monkeypatch.setenv("PORTAL_SOFFICE", str(script))
        settings.cache_clear()
        return script

    yield put
    settings.cache_clear()


def told(caught) -> str:
    return f"{caught.value.what} {caught.value.do_next}"


def word(text: str = "An agreement between two sides.") -> bytes:
    made, document = io.BytesIO(), docx.Document()
    document.add_heading("Memorandum of understanding", 1)
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def test_the_bytes_that_came_are_the_bytes_that_are_converted(converter):
    converter(GOOD)

    assert convert.to_pdf(b"the word file") == b"%PDF-1.7 the word file %%EOF"


def test_the_program_has_a_folder_of_its_own_and_nothing_of_ours(converter, tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_SECRET_KEY", "a secret of forty letters and not for others")
    seen = tmp_path / "seen"
    converter(
        "told = [dict(os.environ), os.getcwd(), sys.argv]\n"
        "profile = sys.argv[1].partition('file://')[2]\n"
        "told.append((Path(profile) / 'user/registrymodifications.xcu').read_text())\n"
        f"Path({str(seen)!r}).write_text(json.dumps(told))\n" + GOOD
    )
    convert.to_pdf(b"x")

    environment, where, command, profile = json.loads(seen.read_text())
    assert set(environment) <= {"PATH", "HOME", "LANG", "LC_CTYPE"}
    assert environment["HOME"] == where
    assert not Path(where).exists()
    assert "--headless" in command
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in profile
    assert '"Link" oor:op="fuse"><value>0<' in profile


@pytest.mark.parametrize(
    ("does", "what"),
    [
        ("sys.exit(77)", "the program that makes it stopped"),
        ("os.kill(os.getpid(), 11)", "the program that makes it stopped"),
        ("pass", "no PDF"),
        ("(folder / 'agreement.pdf').write_bytes(b'')", "no PDF"),
        ("(folder / 'agreement.pdf').write_bytes(b'<html>Sign in</html>')", "no PDF"),
        ("(folder / 'agreement.pdf').write_bytes(b'%PDF-1.7 half of it')", "no PDF"),
        ("(folder / 'agreement.pdf').mkdir()", "no PDF"),
        ("(folder / 'other.pdf').write_bytes(b'%PDF-1.7 %%EOF')", "no PDF"),
    ],
)
def test_a_program_that_fails_has_its_sentence_and_the_word_file_is_there(converter, does, what):
    converter(does)

    with pytest.raises(NotReady, match=what) as caught:
        convert.to_pdf(b"x")
    assert "The Word file is the record" in told(caught)


def test_a_program_that_never_ends_is_ended_with_all_that_it_started(converter, tmp_path):
    child = tmp_path / "child"
    converter(
        "started = subprocess.Popen(['sleep', '300'])\n"
        f"Path({str(child)!r}).write_text(str(started.pid))\n"
        "time.sleep(300)"
    )
    began = time.monotonic()

    with pytest.raises(NotReady, match="took too long"):
        convert.to_pdf(b"x", seconds=2)
    assert time.monotonic() - began < 20
    assert not _runs(int(child.read_text()))


def _runs(pid: int) -> bool:
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        except OSError:
            return False
        if state.split()[0] == "Z":
            return False
        time.sleep(0.1)
    return True


def test_they_are_made_one_at_a_time_and_a_second_waits_its_turn(converter, tmp_path):
    busy = tmp_path / "busy"
    converter(f"os.mkdir({str(busy)!r})\ntime.sleep(0.5)\nos.rmdir({str(busy)!r})\n" + GOOD)
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(convert.to_pdf(b"x"))) for _ in "ab"]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    with pytest.raises(NotReady, match="Another PDF"):
        convert.to_pdf(b"x", waiting=0.01)
    for thread in threads:
        thread.join()
    assert len(made) == 2


@pytest.mark.parametrize("where", ["/nowhere/soffice", "no-such-program"])
def test_without_a_program_it_says_how_to_get_one(monkeypatch, where):
    monkeypatch.setenv("PORTAL_SOFFICE", where)
    settings.cache_clear()
    try:
        assert convert.program() is None
        with pytest.raises(NotReady, match="no program") as caught:
            convert.to_pdf(b"x")
    finally:
        settings.cache_clear()
    assert "PORTAL_SOFFICE" in told(caught)


def test_a_file_that_is_no_program_is_no_converter(tmp_path, monkeypatch):
    script = tmp_path / "soffice"
    script.write_text("not a program", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PORTAL_SOFFICE", str(script))
    settings.cache_clear()
    try:
        with pytest.raises(NotReady, match="no program"):
            convert.to_pdf(b"x")
    finally:
        settings.cache_clear()


def test_it_is_found_on_the_path(tmp_path, monkeypatch):
    script = tmp_path / "libreoffice"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))

    assert convert.program() == script


def test_libreoffice_makes_a_tagged_pdf_of_a_word_file():
    """The real one, which `make test` installs."""
    pdf = Pdf(convert.to_pdf(word()))

    assert "An agreement between two sides." in pdf.text
    assert pdf.catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 (pypdf's own boolean)
    assert "H1" in pdf.kinds()


def test_libreoffice_says_no_to_what_is_no_word_file():
    with pytest.raises(NotReady):
        convert.to_pdf(b"\x00\x01 no Word file")
