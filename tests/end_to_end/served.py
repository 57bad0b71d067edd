"""The real portal in a process of its own, and its command line, on one database."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-c", "from portal.cli import main; main()"]
SECRET = "a key for the tests alone, long enough to be taken"
OPENS_WITHIN = 60


@dataclass(frozen=True)
class Portal:
    """A portal that is open: its address and its database."""

    address: str
    database: str

    def run(self, *arguments: str, typed: str = "") -> str:
        """What `portal …` prints; fails when the command does."""
        return run(self.database, *arguments, typed=typed)


def run(database: str, *arguments: str, typed: str = "") -> str:
    """Run a `portal` command on a database, with `typed` as its standard input."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=_environment(database),
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"portal {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def demonstration(folder: Path) -> str:
    """A database of one's own that holds the demonstration, with its outside folder beside it.

    It is made once in a run, for all workers; what each gets is a copy.
    """
    once = Path(os.environ["PORTAL_TEST_RUN_FOLDER"]) / "demonstration"
    once.mkdir(exist_ok=True)
    with (once / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (once / "made").exists():
            run(_sqlite(once), "demo")
            (once / "made").touch()
    shutil.copy(once / "portal.db", folder)
    shutil.copytree(_outside(_sqlite(once)), _outside(_sqlite(folder)))
    return _sqlite(folder)


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'portal.db'}"


def _outside(database: str) -> Path:
    return Path(database.removeprefix("sqlite:///")).parent / "outside"


@contextmanager
def served(database: str, log: Path) -> Iterator[Portal]:
    """Open the portal on a free port until the block ends; its log goes to `log`."""
    port = _free_port()
    environment = _environment(database) | {"PORT": str(port)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*COMMAND, "serve"], env=environment, cwd=ROOT, stdout=output, stderr=output
        )
    try:
        address = f"http://localhost:{port}"
        _wait_until_open(address, process, log)
        yield Portal(address, database)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _environment(database: str) -> dict[str, str]:
    return dict(os.environ) | {
        "PORTAL_DATABASE_URL": database,
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_OUTSIDE_FOLDER": str(_outside(database)),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + OPENS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"the portal did not open:\n{log.read_text(errors='replace')}")
