"""Files outside the database: only added to, each line tied to the one before."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.access import outside


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "to be" / "made" / "notes.jsonl"


def said(file: Path) -> list[int | None]:
    return [line.said.get("n") for line in outside.read(file)]


def test_lines_come_back_in_order_and_follow_one_another(file: Path) -> None:
    outside.append(file, [{"n": 1}, {"n": 2}])
    outside.append(file, [{"n": 3}])

    assert said(file) == [1, 2, 3]
    assert all(line.follows for line in outside.read(file))
    assert [line.number for line in outside.read(file)] == [1, 2, 3]


def test_nothing_is_read_from_a_file_that_is_not_there(file: Path) -> None:
    assert said(file) == []
    assert outside.size(file) == 0


def test_to_add_nothing_makes_the_file(file: Path) -> None:
    outside.append(file, [])

    assert file.read_bytes() == b""


@pytest.mark.parametrize(("cut", "odd"), [(0, 1), (1, 2)])
def test_a_line_changed_or_taken_out_breaks_the_next(file: Path, cut: int, odd: int) -> None:
    outside.append(file, [{"n": number} for number in range(4)])
    lines = file.read_text().splitlines(keepends=True)
    changed = [*lines[:cut], lines[cut].replace("n", "m"), *lines[cut + 1 :]]

    file.write_text("".join(changed))
    assert [line.number for line in outside.read(file) if not line.follows] == [odd + 1]
    file.write_text("".join([*lines[:cut], *lines[cut + 1 :]]))
    assert [line.number for line in outside.read(file) if not line.follows] == [odd]


@pytest.mark.parametrize("cut", ['{"n": 2, "prev', '{"n": 2, ', '{"n": "X'])
def test_a_line_cut_short_is_passed_over_and_the_next_begins_on_its_own(
    file: Path, cut: str
) -> None:
    outside.append(file, [{"n": 1}])
    with file.open("a") as stream:
        stream.write(cut)
    outside.append(file, [{"n": 3}])

    assert said(file) == [1, None, 3]
    assert all(line.follows for line in outside.read(file))
    *_, last = outside.read(file)
    assert last.said["previous"] == hashlib.sha256(cut.encode()).hexdigest()


def test_each_line_holds_the_hash_of_the_one_before_and_is_told_with_its_end(file: Path) -> None:
    outside.append(file, [{"n": 1}, {"n": 2}])

    first, second = file.read_bytes().splitlines()
    assert json.loads(first) == {"n": 1, "previous": outside.FIRST}
    hashes = [hashlib.sha256(told).hexdigest() for told in (first, second)]
    assert json.loads(second) == {"n": 2, "previous": hashes[0]}
    assert [(line.end, line.sha256) for line in outside.read(file)] == [
        (len(first) + 1, hashes[0]),
        (len(first) + len(second) + 2, hashes[1]),
    ]


def test_a_line_that_does_not_say_what_was_before_it_does_not_follow(file: Path) -> None:
    outside.append(file, [])
    file.write_text('{"n": 1}\n')

    assert [(line.number, line.follows) for line in outside.read(file)] == [(1, False)]


def test_what_was_added_and_the_name_of_a_new_file_are_on_the_disk(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int]] = []

    def note(number: int) -> None:
        found = os.fstat(number)
        synced.append((found.st_ino, found.st_size))

    monkeypatch.setattr(os, "fsync", note)
    outside.append(file, [{"n": 1}])
    one, folder = file.stat(), file.parent.stat()
    outside.append(file, [{"n": 2}])
    two = file.stat()

    places = [(found.st_ino, found.st_size) for found in (one, folder, two)]
    assert synced == places


@pytest.mark.parametrize("longest", [0, 1])
def test_the_longest_line_that_may_be_is_read_to_its_beginning_and_no_more_of_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    outside.append(file, [{"n": 1}, {"n": 2}])
    last = file.read_bytes().splitlines(keepends=True)[-1]
    monkeypatch.setattr(outside, "LONGEST_LINE", len(last) - longest)
    outside.append(file, [{"n": 3}])

    assert [line.follows for line in outside.read(file)] == [True, True, not longest]


def test_what_is_json_and_no_line_of_ours_says_nothing(file: Path) -> None:
    outside.append(file, [])
    file.write_text("[1]\n")

    assert said(file) == [None]


def test_reading_goes_on_where_it_stopped_and_stops_where_it_is_told(file: Path) -> None:
    outside.append(file, [{"n": 1}, {"n": 2}])
    until = outside.size(file)
    first, _second = outside.read(file)
    outside.append(file, [{"n": 3}])

    assert [line.said["n"] for line in outside.read(file, first)] == [2, 3]
    assert [line.said["n"] for line in outside.read(file, first, until)] == [2]
    assert all(line.follows for line in outside.read(file, first))


def test_many_may_add_at_once(file: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: outside.append(file, [{"n": number}]), range(60)))

    assert sorted(json.loads(line)["n"] for line in file.read_text().splitlines()) == [*range(60)]
    assert all(line.follows for line in outside.read(file))
