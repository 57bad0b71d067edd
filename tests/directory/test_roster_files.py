"""Roster files that are not in order: every problem with its file, row, column and way out."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from portal.directory.loaders import oneroster, package
from portal.directory.loaders.package import Package, open_package
from portal.directory.loaders.report import Line, Report
from tests.directory.files import Files, raw, roster
from tests.people import NOW

TODAY = NOW.date()
USERS = "sourcedId,givenName,familyName,role,orgSourcedIds"
ORGS = "sourcedId,name,type\nn,North School,school\n"


def problems(files: Files | Package) -> list[Line]:
    report = Report()
    oneroster.read(files.package() if isinstance(files, Files) else files, report, TODAY)
    assert all(line.what and line.do_next for line in report.problems)
    return report.problems


def one(files: Files | Package) -> tuple[str, int | None, str]:
    (line,) = problems(files)
    return line.file, line.row, line.column


def users(text: str | bytes) -> Package:
    """A roster whose users.csv is this text."""
    return raw(orgs=ORGS, users=text)


# One cell


@pytest.mark.parametrize(
    "written", ["8/27/2014", "27.08.2014", "2014-13-40", "140827", "2014-8-7", "yesterday"]
)
def test_a_date_that_is_none(written: str) -> None:
    files = roster()
    files["demographics.csv"][1]["birthDate"] = written

    (line,) = problems(files)
    assert (line.file, line.row, line.column) == ("demographics.csv", 3, "birthDate")
    assert written in line.what
    assert "2014-08-27" in line.do_next


def test_a_date_with_a_time_is_read_as_its_day() -> None:
    files = roster()
    files["demographics.csv"][1]["birthDate"] = "2014-02-02T00:00:00.000Z"
    report = Report()

    found = oneroster.read(files.package(), report, TODAY)
    assert found is not None
    assert found.people["mei"].born is not None
    assert report.accepted


@pytest.mark.parametrize("written", ["2026-11-21", "1899-12-31"])
def test_a_birth_date_that_cannot_be(written: str) -> None:
    files = roster()
    files["demographics.csv"][0]["birthDate"] = written

    assert one(files) == ("demographics.csv", 2, "birthDate")


@pytest.mark.parametrize(
    ("file", "row", "column"),
    [
        ("orgs.csv", 0, "name"),
        ("orgs.csv", 1, "type"),
        ("users.csv", 0, "givenName"),
        ("users.csv", 1, "familyName"),
        ("users.csv", 2, "role"),
        ("users.csv", 2, "orgSourcedIds"),
        ("users.csv", 5, "sourcedId"),
        ("classes.csv", 0, "title"),
    ],
)
def test_a_needed_cell_that_is_empty(file: str, row: int, column: str) -> None:
    files = roster()
    files[file][row][column] = " "

    assert (file, row + 2, column) in [(p.file, p.row, p.column) for p in problems(files)]


@pytest.mark.parametrize(
    ("file", "row", "column"),
    [
        ("users.csv", 0, "orgSourcedIds"),
        ("classes.csv", 0, "schoolSourcedId"),
        ("enrollments.csv", 0, "classSourcedId"),
        ("enrollments.csv", 1, "userSourcedId"),
    ],
)
def test_a_reference_to_nothing(file: str, row: int, column: str) -> None:
    files = roster()
    files[file][row][column] = "nowhere"

    assert one(files) == (file, row + 2, column)


def test_a_sasid_that_lost_its_zeros() -> None:
    files = roster()
    files.user("luis")["userIds"] = "{SASID:101}"

    (line,) = problems(files)
    assert (line.row, line.column) == (2, "userIds")
    assert "leading zeros" in line.do_next


def test_two_different_state_ids_in_one_row() -> None:
    files = roster()
    files.user("luis")["identifier"] = "0000000999"

    assert one(files) == ("users.csv", 2, "userIds")


def test_days_that_end_before_they_begin() -> None:
    files = roster()
    files["enrollments.csv"][0] |= {"beginDate": "2026-09-02", "endDate": "2026-09-01"}

    assert one(files) == ("enrollments.csv", 2, "endDate")


@pytest.mark.parametrize("file", ["orgs.csv", "users.csv", "classes.csv", "demographics.csv"])
def test_the_same_id_twice(file: str) -> None:
    files = roster()
    files[file].append(dict(files[file][0]))

    assert one(files) == (file, len(files[file]) + 1, "sourcedId")


def test_a_cell_of_a_million_characters() -> None:
    files = roster()
    files.user("luis")["middleName"] = "x" * 1_000_000

    (line,) = problems(files)
    assert (line.row, line.column) == (2, "middleName")
    assert "1,000,000 characters" in line.what


@pytest.mark.parametrize("name", ["Lu\x00is", "Lu\x07is"])
def test_an_invisible_character(name: str) -> None:
    files = roster()
    files.user("luis")["givenName"] = name

    assert one(files) == ("users.csv", 2, "givenName")


def test_every_problem_of_every_file_at_once() -> None:
    files = roster()
    files["orgs.csv"][2]["name"] = ""
    files.user("luis")["familyName"] = ""
    files["demographics.csv"][1]["birthDate"] = "2/2/2014"
    files["demographics.csv"][2]["birthDate"] = "2032-01-01"
    files["enrollments.csv"][0]["classSourcedId"] = "c9"

    assert [(p.file, p.row) for p in problems(files)] == [
        ("orgs.csv", 4),
        ("demographics.csv", 3),
        ("demographics.csv", 4),
        ("users.csv", 2),
        ("enrollments.csv", 2),
    ]


# Whole rows and files


def test_a_row_with_too_few_or_too_many_cells() -> None:
    found = problems(users(f"{USERS}\na,A,Sample,student\nb,B,Sample,student,n,more\n"))

    assert [(p.row, p.column) for p in found] == [(2, ""), (3, "")]
    assert "6 cells and the header 5" in found[1].what


def test_empty_cells_in_excess_are_remarked_upon() -> None:
    report = Report()
    found = oneroster.read(users(f"{USERS}\na,A,Sample,student,n,,\n"), report, TODAY)

    assert found is not None
    assert found.people["a"].family == "Sample"
    assert report.accepted
    assert [line.row for line in report.warnings if line.file == "users.csv"] == [2]


def test_text_in_a_column_without_a_name() -> None:
    assert one(users(f"{USERS},\na,A,Sample,student,n,x\n")) == ("users.csv", 2, "")


def test_what_refers_to_an_unreadable_row_is_not_complained_of_too() -> None:
    files = roster().package()
    broken = files.files["users.csv"].replace(b"luis,,true", b"luis,,,true")

    found = problems(Package("roster", {**files.files, "users.csv": broken}))
    assert [(p.file, p.row) for p in found] == [("users.csv", 2)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"", "empty"),
        (b"\n", "no column names"),
        (USERS.replace(",", ";").encode(), "semicolons"),
        (USERS.replace(",", "\t").encode(), "tabs"),
        (f"{USERS},role\na,A,Sample,student,n,x\n".encode(), "twice"),
        (f"{USERS}\n".encode(), "nobody"),
        (f"{USERS}\na,A,Sample,student,n\n".encode("utf-16"), "UTF-16"),
        (f"{USERS}\na,A,Sample,student,n\n".encode("utf-16-le"), "UTF-16"),
        (f'{USERS}\na,"A,Sample,student,n\nb,B,Sample,student,n\n'.encode(), "not closed"),
        (f'{USERS}\na,A"lice",Sample,student,n\nb,"B"o,Sample,student,n\n'.encode(), "not closed"),
        (f'{USERS}\na,"A\nB",Sample,student,n\n'.encode(), "several lines"),
        (USERS.replace("familyName", "lastName").encode() + b"\n1,1,1,1,1\n", "column is missing"),
    ],
)
def test_a_file_that_cannot_be_read(text: bytes, what: str) -> None:
    found = problems(users(text))

    assert any(what in line.what for line in found)
    assert {line.file for line in found} == {"users.csv"}


def test_the_row_and_column_of_a_byte_that_is_not_utf_8() -> None:
    text = f"{USERS}\na,A,Sample,student,n\nb,B,Muñoz,student,n\n".encode("cp1252")

    (line,) = problems(users(text))
    assert (line.row, line.column) == (3, "familyName")
    assert "Windows-1252" in line.what


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_do_not_matter(end: str, mark: str) -> None:
    text = f"{mark}{USERS}\na,A,Sample,student,n\n\n".replace("\n", end)
    report = Report()

    found = oneroster.read(users(text), report, TODAY)
    assert found is not None
    assert list(found.people) == ["a"]
    assert report.accepted


# Which set it is


@pytest.fixture
def told() -> Files:
    """The small roster with its manifest."""
    files = roster()
    names = ("orgs", "users", "classes", "academicSessions", "enrollments", "demographics")
    files.manifest = {"manifest.version": "1.0", "oneroster.version": "1.1"}
    files.manifest |= {f"file.{name}": "bulk" for name in names}
    return files


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("file.users", "delta", "users.csv is a delta"),
        ("file.users", "absent", "it is there"),
        ("file.courses", "bulk", "it is missing"),
        ("file.orgs", "some", "neither bulk nor delta nor absent"),
        ("oneroster.version", "1.0", "OneRoster 1.0 is not read"),
    ],
)
def test_a_manifest_that_contradicts(told: Files, name: str, value: str, what: str) -> None:
    assert told.manifest is not None
    assert problems(told) == []
    told.manifest[name] = value

    (line,) = problems(told)
    assert what in line.what
    assert line.file == "manifest.csv"
    assert line.row is not None


def test_the_shape_counts_more_than_the_manifest_s_version(told: Files) -> None:
    report = Report()
    assert told.manifest is not None
    told.manifest["oneroster.version"] = "1.2"

    found = oneroster.read(told.package(), report, TODAY)
    assert found is not None
    assert found.version == "1.1"
    assert any("roles.csv is not there" in line.what for line in report.warnings)


def test_a_lone_file_of_users() -> None:
    (line,) = problems(raw(users=f"{USERS}\na,A,Sample,student,n\n"))

    assert "orgs.csv is missing" in line.what


def test_a_cousin_of_the_standard() -> None:
    (line,) = problems(raw(users="sourcedId\na\n", orgs=ORGS, relationships="a,b\n"))

    assert "School Data Sync" in line.what


# Zips and folders


def zipped(tmp_path: Path, **entries: bytes) -> Path:
    path = tmp_path / "roster.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def refused(path: Path) -> str:
    report = Report()
    assert open_package(path, report) is None
    (line,) = report.problems
    assert line.do_next
    return line.what


def test_a_zip_a_folder_and_one_within_are_the_same_set(tmp_path: Path) -> None:
    files = roster().package().files
    flat = zipped(tmp_path, **files)
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name, content in files.items():
        (tmp_path / "a" / "b" / name).write_bytes(content)
    nested = {f"export/{name}": content for name, content in files.items()}
    (tmp_path / "nested").mkdir()
    within = zipped(tmp_path / "nested", **nested, **{"__MACOSX/users.csv": b"x"})

    found = [open_package(path, Report()) for path in (flat, tmp_path / "a", within)]
    assert len({item.sha256 for item in found if item}) == 1
    assert None not in found


def test_names_of_files_in_capitals(tmp_path: Path) -> None:
    found = open_package(zipped(tmp_path, **{"Users.CSV": b"a"}), Report())

    assert found is not None
    assert list(found.files) == ["users.csv"]


def test_nothing_there(tmp_path: Path) -> None:
    assert "nothing at this path" in refused(tmp_path / "nowhere")
    assert "no .csv file" in refused(tmp_path)
    assert "no .csv file" in refused(zipped(tmp_path, **{"readme.txt": b"hello"}))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"not a zip"])
def test_something_that_is_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.zip"
    path.write_bytes(content)

    assert "nor a zip" in refused(path)


def test_a_zip_that_is_damaged_within(tmp_path: Path) -> None:
    path = zipped(tmp_path, **{"users.csv": b"a,b\n" * 1000})
    content = bytearray(path.read_bytes())
    content[40:60] = b"\xff" * 20
    path.write_bytes(bytes(content))

    assert "damaged" in refused(path) or "nor a zip" in refused(path)


@pytest.mark.parametrize("name", ["../users.csv", "/etc/users.csv", "a/../../b.txt", "..\\u.csv"])
def test_a_path_out_of_the_zip(tmp_path: Path, name: str) -> None:
    assert "leads out of it" in refused(zipped(tmp_path, **{name: b"x"}))


def test_two_sets_in_one_zip(tmp_path: Path) -> None:
    entries = {"north/users.csv": b"x", "south/users.csv": b"x"}

    assert "several folders" in refused(zipped(tmp_path, **entries))


def test_a_zip_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 100_000)
    bomb = zipped(tmp_path, **{"users.csv": b"0" * 200_000})
    assert bomb.stat().st_size < 1_000

    assert "larger than" in refused(bomb)


def test_a_zip_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 100_000)
    bomb = zipped(tmp_path, **{"users.csv": b"0" * 200_000})
    honest = (200_000).to_bytes(4, "little")
    bomb.write_bytes(bomb.read_bytes().replace(honest, (50_000).to_bytes(4, "little")))

    report = Report()
    assert open_package(bomb, report) is None
    assert len(report.problems) == 1


def test_too_many_files(tmp_path: Path) -> None:
    entries = {f"file{n}.csv": b"x" for n in range(package.MOST_ENTRIES + 1)}

    assert "500 files" in refused(zipped(tmp_path, **entries))


def test_a_zip_within_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("users.csv", "x")

    assert "no .csv file" in refused(zipped(tmp_path, **{"roster.zip": inner.getvalue()}))


# The report


def test_the_report_as_json_and_as_text() -> None:
    report = Report(counts={"students": 3})
    report.problem("It is wrong.", "Put it right.", "users.csv", 2, "role")
    for row in (4, 5):
        report.warn("It is odd.", "Look at it.", "users.csv", row)

    told = json.loads(json.dumps(report.as_json()))
    assert told["accepted"] is False
    assert told["counts"] == {"students": 3}
    assert told["problems"] == [
        {
            "what": "It is wrong.",
            "do_next": "Put it right.",
            "file": "users.csv",
            "row": 2,
            "column": "role",
        }
    ]
    assert [(line["row"], line["what"]) for line in told["warnings"]] == [
        (4, "It is odd. (2 rows, this is the first.)")
    ]
    assert list(report.as_text()) == [
        "Problem  users.csv, row 2, column role: It is wrong. Put it right.",
        "Note     users.csv, row 4: It is odd. (2 rows, this is the first.) Look at it.",
    ]


def test_a_long_report_says_how_much_more_there_is() -> None:
    report = Report()
    for row in range(5):
        report.problem("It is wrong.", "Put it right.", "users.csv", row)

    assert list(report.as_text(most=3))[-1] == "… and 2 more problems; --json lists them all."
