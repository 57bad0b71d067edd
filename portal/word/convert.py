"""A Word file as a PDF, by LibreOffice where it is installed. It is an extra: Word is the record.

The program runs without a window in a folder of its own that is thrown away, with macros off and
links to elsewhere not followed, and sees nothing of the portal's settings. One at a time; what
takes too long is ended with everything that it has started.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from portal.config import settings
from portal.errors import NotReady, Problem

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60.0
WAITING = 30.0
LARGEST = 64 * 1024 * 1024

FILTER = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"}}'
)
"""Tagged, so that a screen reader can read it."""

OPTIONS = (
    "--headless",
    "--norestore",
    "--nologo",
    "--nodefault",
    "--nolockcheck",
    "--nofirststartwizard",
)
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
"""Macros never run, not even trusted ones; pictures and links elsewhere are not fetched."""

INSTALL = "Ask whoever looks after the portal to install LibreOffice, or to set PORTAL_SOFFICE."
WORD_FILE = "The Word file is the record and is there all the same. "
NONE = Problem("This server has no program that makes a PDF of a Word file.", WORD_FILE + INSTALL)
BUSY = Problem(
    "Another PDF is being made just now.", "The Word file is there. Try again in a minute."
)
LATE = Problem(
    "Making the PDF took too long, and was stopped.", WORD_FILE + "Try again in a minute."
)
FAILED = Problem(
    "The PDF could not be made: the program that makes it stopped.",
    WORD_FILE + "If it happens again, tell whoever looks after the portal.",
)
NO_PDF = Problem(
    "What the program made is no PDF.",
    WORD_FILE + "Tell whoever looks after the portal to check PORTAL_SOFFICE.",
)

_one_at_a_time = threading.Lock()


def program() -> Path | None:
    """LibreOffice's command: as it is set, or as it is found on the path; None when it is not."""
    told = settings().soffice
    names = (told,) if told else PROGRAMS
    found = next((path for name in names if (path := shutil.which(name))), None)
    return Path(found) if found else None


def to_pdf(word: bytes, *, seconds: float = SECONDS, waiting: float = WAITING) -> bytes:
    """The PDF of a Word file. Raises NotReady, with what to do, when it cannot be made.

    seconds: for the program; waiting: for the one before it. Not within a transaction: it takes
    seconds.
    """
    found = program()
    if found is None:
        raise NotReady([NONE])
    if not _one_at_a_time.acquire(timeout=waiting):
        raise NotReady([BUSY])
    try:
        with tempfile.TemporaryDirectory(prefix="portal-pdf-", ignore_cleanup_errors=True) as room:
            return _converted(found, word, Path(room), seconds)
    finally:
        _one_at_a_time.release()


def _converted(found: Path, word: bytes, room: Path, seconds: float) -> bytes:
    profile, given, made = room / "profile", room / "agreement.docx", room / "made"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    made.mkdir()
    given.write_bytes(word)
    command = [
        str(found),
        f"-env:UserInstallation={profile.as_uri()}",
        *OPTIONS,
        "--convert-to",
        FILTER,
        "--outdir",
        str(made),
        str(given),
    ]
    _run(command, room, seconds)
    return _read(made / "agreement.pdf")


def _run(command: list[str], room: Path, seconds: float) -> None:
    """Raises NotReady when it cannot be started, fails, or is late; then its family is ended."""
    try:
        process = subprocess.Popen(  # noqa: S603 (a program that the operator has named)
            command,
            cwd=room,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(room), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # it may quote a name
            start_new_session=True,
        )
    except OSError:
        raise NotReady([NONE]) from None
    try:
        failed = process.wait(seconds) != 0
    except subprocess.TimeoutExpired:
        raise NotReady([LATE]) from None
    finally:
        _end(process)
    if failed:
        raise NotReady([FAILED])


def _end(process: subprocess.Popen[bytes]) -> None:
    """soffice is a script that starts the program proper: all of them, however it went."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise NotReady([NO_PDF])
        made = file.read_bytes()
    except OSError:
        raise NotReady([NO_PDF]) from None
    if not made.startswith(b"%PDF-") or b"%%EOF" not in made[-1024:]:
        raise NotReady([NO_PDF])
    return made
