"""What any test may ask for: databases, a session, the public agency files. And no network."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session
from xdist.remote import Producer

from tests import engines, tracing
from tests.people import Cast, store_cast
from tests.scheduling import ByFile, in_order, likeliest_first, remember

ROOT = Path(__file__).resolve().parent.parent
RUN_FOLDER = "PORTAL_TEST_RUN_FOLDER"
ROOMY = 4 * 2**30
"""Bytes: some times what a whole run leaves."""


# --- property tests: PORTAL_EXAMPLES for a night; `mutants` asks every mutant the same few
#     questions (docs/reference/mutants.md)


def _profile(name: str, examples: int) -> None:
    settings.register_profile(
        name,
        max_examples=int(os.environ.get("PORTAL_EXAMPLES", examples)),
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],  # that tells of the machine, not of the rule
    )


_profile("usual", examples=100)
settings.register_profile(
    "mutants", settings.get_profile("usual"), max_examples=25, derandomize=True
)
settings.load_profile("mutants" if engines.MUTANTS else "usual")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    in_order(items)
    if engines.MUTANTS:
        likeliest_first(items, config.cache)


def pytest_exception_interact(node: pytest.Item | pytest.Collector) -> None:
    if engines.MUTANTS:
        remember(node, node.config.cache)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    tracing.follow(item)


@pytest.hookimpl(optionalhook=True)  # a run without pytest-xdist knows no such hook
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    config.option.loadscopereorder = False
    return ByFile(config, log)


# --- a folder for the whole run: pytest-xdist's workers inherit its name through the environment


@pytest.hookimpl(tryfirst=True)  # before pytest makes a folder of its own
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="portal-tests-", dir=_memory())
        os.environ[RUN_FOLDER] = folder
        config.option.basetemp = config.option.basetemp or f"{folder}/each"
    outside = tempfile.mkdtemp(prefix="outside-", dir=os.environ[RUN_FOLDER])
    os.environ["PORTAL_OUTSIDE_FOLDER"] = outside


def _memory() -> str | None:
    """Files in memory, where that is roomy: a test waits for no disk. None: the usual folder."""
    memory = "/dev/shm"
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ROOMY:
        return None
    runs = not os.statvfs(memory).f_flag & os.ST_NOEXEC  # some tests write programs and run them
    return memory if runs else None


def pytest_unconfigure(config: pytest.Config) -> None:
    # A server whose worker was killed stops by itself when its files are gone.
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RUN_FOLDER), ignore_errors=True)


# --- databases


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    own = tmp_path_factory.getbasetemp()
    locks = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with engines.postgres_server(Path(os.environ[RUN_FOLDER]) / "postgres", locks) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """An empty PostgreSQL database, one for each worker; whoever fills it cleans it."""
    with engines.new_postgres_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The place of a file database not yet made, for tests with several connections."""
    return f"sqlite:///{tmp_path / 'portal.db'}"


@pytest.fixture(params=engines.KINDS)
def empty_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without a single table, of both kinds, new for each test: for migrations."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with engines.new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session", params=engines.KINDS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Both databases with today's tables, one after the other. Leave nothing in them."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("sqlite") / "portal.db"
        with engines.migrated(f"sqlite:///{file}") as engine:
            yield engine
        return
    server = request.getfixturevalue("postgres_server")
    with engines.new_postgres_database(server) as url, engines.migrated(url) as engine:
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on an empty database, on both kinds. It may commit; the end undoes it all.

    It holds SQLite's one write lock: code that opens its own connection needs `sqlite_url`.
    """
    with engines.rolled_back(engine) as session:
        yield session


# --- files as agencies publish them


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The folder of public agency files, for tests marked `real_files`."""
    folder = Path(os.environ.get("PORTAL_REAL_FILES") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.fail(f"no real files in {folder}; PORTAL_REAL_FILES names the folder", pytrace=False)
    return folder


# --- no network: a test that depends on the world is not a test


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def connect_here_only(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise RuntimeError(f"tests speak to this machine only, and not to {address[0]}")
        return connect(self, address)

    return connect_here_only


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# --- the cast


@pytest.fixture
def cast(session: Session) -> Cast:
    """The people of tests/people.py, stored; on both kinds of database."""
    return store_cast(session)
