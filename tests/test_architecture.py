"""The house: which room may know which, and which words belong to which room.

Read with plain `ast`; nothing of the portal is imported.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
FLOORS = {
    0: {
        "clock",
        "config",
        "errors",
        "failures",
        "languages",
        "mail",
        "pdf",
        "vocabulary",
        "word",
        "word_lists",
        "workers",
    },
    1: {"policy", "store"},
    2: {"access"},
    3: {
        "accounts",
        "agreements",
        "collecting",
        "consents",
        "corrections",
        "directory",
        "exporting",
        "monitoring",
        "notifications",
        "referrals",
        "retaining",
        "reviewing",
        "scenarios",
        "stewardship",
        "supports",
        "transitions",
        "unnamed",
        "visits",
        "written_requests",
    },
    4: {"ui", "web"},
    5: {"app", "main", "cli", "commands", "demo", "pages"},
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
CAPABILITIES = FLOORS[3]
MAY_ENTER_FROM_POLICY = FLOORS[0] | {"policy"}
MAY_ENTER_FROM_STORE = FLOORS[0] | {"store"}

FILES = [*PORTAL.rglob("*.py"), *(ROOT / "pages").glob("*.py")]
TREES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in FILES}
MIGRATIONS = PORTAL / "store" / "migrations"
LONGEST_FUNCTION = 60


def each_file(rule: Callable[[Path], None]) -> Callable[[], None]:
    """The rule asked of every file, as one test that names all the files that break it."""

    def test() -> None:
        assert [told for file in FILES if (told := broken(file))] == []

    def broken(file: Path) -> str:
        try:
            rule(file)
        except AssertionError as error:
            return f"{file.relative_to(ROOT)}: {error}"
        return ""

    test.__name__ = rule.__name__
    return test


def room_of(file: Path) -> str:
    first = file.relative_to(ROOT).parts
    return "pages" if first[0] == "pages" else first[1].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_entered(file: Path) -> set[str]:
    """The rooms of the portal that a file imports, its own aside."""
    names = (name.split(".") for name in imports(TREES[file]) if name.startswith("portal."))
    return {name[1] for name in names} - {room_of(file)}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """`select` of `select(…)`, `commit` of `session.commit()`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@each_file
def test_imports_point_down(file: Path):
    if room_of(file) == "__init__":
        return
    floor = FLOOR_OF[room_of(file)]
    for entered in rooms_entered(file):
        beside = FLOOR_OF[entered] == floor and floor in (0, 4, 5)
        assert FLOOR_OF[entered] < floor or beside, f"{room_of(file)} may not know {entered}"


@each_file
def test_capabilities_do_not_know_one_another(file: Path):
    if room_of(file) in CAPABILITIES:
        assert not rooms_entered(file) & CAPABILITIES


@each_file
def test_rules_know_no_database_and_no_screen_and_shelves_know_no_rule(file: Path):
    room = room_of(file)
    if room == "policy":
        assert rooms_entered(file) <= MAY_ENTER_FROM_POLICY
        outside = {name.split(".")[0] for name in imports(TREES[file])}
        assert not outside & {"sqlalchemy", "streamlit", "starlette"}
    if room == "store":
        assert rooms_entered(file) <= MAY_ENTER_FROM_STORE


@each_file
def test_streamlit_is_known_to_screens_only(file: Path):
    if room_of(file) in {"pages", "ui", "web", "main", "app", "commands"}:
        return
    assert "streamlit" not in {name.split(".")[0] for name in imports(TREES[file])}


def asks(file: Path) -> bool:
    """Is it a file of questions, or one of a package of them?"""
    return file.name == "queries.py" or file.parent.name == "queries"


@each_file
def test_questions_are_asked_where_questions_live(file: Path):
    may = room_of(file) in {"store", "access"} or asks(file)
    if may or room_of(file) == "scenarios":
        return
    assert "select" not in {called(call) for call in calls(TREES[file])}, "move it to queries.py"


GATED = {
    "AttendanceYear",
    "HistoryEntry",
    "Record",
    "Referral",
    "Visit",
    "VisitNote",
    "VisitServiceLine",
}
"""Tables that tell something about a student."""

WHO_MAY_SEE = {"portal.access.visible", "portal.access.slips.slips"}
BRINGS_IN = PORTAL / "directory" / "roster" / "queries.py"
"""The importer compares what a file brings with what is there; it answers nobody."""


@each_file
def test_a_question_about_students_knows_the_gate(file: Path):
    if not asks(file) or file == BRINGS_IN:
        return
    names = set(imports(TREES[file]))
    if {name.rpartition(".")[2] for name in names if name.startswith("portal.store")} & GATED:
        assert names & WHO_MAY_SEE, "narrow it by access.visible"


@each_file
def test_statements_are_written_where_tables_are_known(file: Path):
    may = {"store", "access", "scenarios"}
    writes = PORTAL / "directory" / "changes.py"  # a roster's rows, many at once
    if room_of(file) in may or asks(file) or file == writes:
        return
    words = {f"sqlalchemy.{word}" for word in ("select", "exists", "text", "insert", "update")}
    assert not words & set(imports(TREES[file]))


@each_file
def test_only_the_unit_of_work_commits(file: Path):
    if file == PORTAL / "access" / "unit_of_work.py":
        return
    assert "commit" not in {called(call) for call in calls(TREES[file])}


CLOCKS = (
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.localtime", "time.gmtime", "func.now"),
)


@each_file
def test_only_the_clock_asks_what_time_it_is(file: Path):
    if file == PORTAL / "clock.py":
        return
    for call in calls(TREES[file]):
        assert not ast.unparse(call.func).endswith(CLOCKS), f"line {call.lineno}"


@each_file
def test_what_is_shared_or_leaves_by_a_side_door_is_not_used(file: Path):
    for node in ast.walk(TREES[file]):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"cache_data", "download_button", "experimental_memo"}
        if isinstance(node, ast.keyword):
            assert not (node.arg or "").startswith("unsafe_allow")


@each_file
def test_nothing_is_shown_before_the_trail_line_is_durable(file: Path):
    for node in ast.walk(TREES[file]):
        if isinstance(node, ast.With) and any(
            "unit_of_work" in ast.unparse(item) for item in node.items
        ):
            for call in (call for part in node.body for call in calls(part)):
                assert not shows(call), f"line {call.lineno}: {ast.unparse(call.func)}"


def shows(call: ast.Call) -> bool:
    """Does this put something on the screen: by itself, or as a function of portal.ui does?"""
    function = ast.unparse(call.func)
    if function.startswith("st.session_state"):
        return False
    if function.startswith(("st.", "parts.")):
        return True
    module, _, name = function.partition(".")
    return any(shows(inner) for inner in calls_within(PORTAL / "ui" / f"{module}.py", name))


def calls_within(file: Path, name: str) -> list[ast.Call]:
    found = [
        node
        for node in ast.walk(TREES.get(file, ast.Module([], [])))
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    return [call for function in found for call in calls(function)]


@each_file
def test_a_function_can_be_read_without_scrolling(file: Path):
    if MIGRATIONS in file.parents:
        return
    for node in ast.walk(TREES[file]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_the_guard_itself_sees_what_shows():
    def says(code: str) -> bool:
        return shows(next(calls(ast.parse(code))))

    assert says("st.write(1)")
    assert says("parts.heading('x')")
    assert says("today_parts.agreements(views, now, tz)")
    assert not says("today_parts.due(views, now, tz)")
    assert not says("st.session_state.get('x')")


def test_a_page_is_short():
    for file in (ROOT / "pages").glob("*.py"):
        assert 20 <= len(file.read_text(encoding="utf-8").splitlines()) <= 90, file.name


def test_the_main_script_has_no_pages_beside_it():
    assert not (PORTAL / "pages").exists()


def test_no_module_hides_one_of_python_s():
    """Streamlit puts the main script's folder on the path: a room by such a name would win."""
    names = {path.stem for path in [*PORTAL.iterdir(), *(ROOT / "pages").iterdir()]}
    assert not names & sys.stdlib_module_names


def test_every_room_is_on_a_floor():
    rooms = {room_of(file) for file in FILES} - {"__init__"}
    assert rooms == set(FLOOR_OF)
