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

from tests import engines
from tests.people import Cast, store_cast
from tests.scheduling import ByFile, in_order

ROOT = Path(__file__).resolve().parent.parent
RUN_FOLDER = "PORTAL_TEST_RUN_FOLDER"


# --- property tests: `dev` at the desk, `ci` before a change lands, PORTAL_EXAMPLES for a night;
#     `mutants` asks every mutant the same few questions (docs/reference/mutants.md)


def _profile(name: str, examples: int) -> None:
    settings.register_profile(
        name,
        max_examples=int(os.environ.get("PORTAL_EXAMPLES", examples)),
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],  # that tells of the machine, not of the rule
    )


_profile("dev", examples=100)
_profile("ci", examples=300)
settings.register_profile("mutants", settings.get_profile("dev"), max_examples=25, derandomize=True)
if engines.MUTANTS:
    settings.load_profile("mutants")
else:
    settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    in_order(items)
    if engines.MUTANTS:  # the quick tests are asked first, then those that draw many worlds
        items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))


@pytest.hookimpl(optionalhook=True)  # a run without pytest-xdist knows no such hook
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    config.option.loadscopereorder = False
    return ByFile(config, log)


# --- a folder for the whole run: pytest-xdist's workers inherit its name through the environment


def pytest_configure(config: pytest.Config) -> None:
    if engines.MUTANTS:  # each is tried in a fork of a process that remembers the unbroken query
        from portal.scenarios import answering

        answering._select.cache_clear()
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="portal-tests-")
    outside = tempfile.mkdtemp(prefix="outside-", dir=os.environ[RUN_FOLDER])
    os.environ["PORTAL_OUTSIDE_FOLDER"] = outside


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
