"""A set of CSV files as somebody hands it over: a folder, a zip, or one file.

What arrives may be hostile: sizes are checked before and while reading, and
nothing is ever unpacked to disk.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portal.directory.loaders.report import Report

MOST_BYTES = 200 * 1024 * 1024
"""Of all files together, unpacked. Twenty thousand students take about a tenth of it."""

MOST_ENTRIES = 500


@dataclass(frozen=True)
class Package:
    """The files by their lower-case names without folders. name: what the person called the set."""

    name: str
    files: Mapping[str, bytes]

    @property
    def sha256(self) -> str:
        """The same for the same files, zipped or not, so that a repeated set is recognized."""
        digest = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def open_package(path: Path, report: Report) -> Package | None:
    """The CSV files at `path`; None when there is a problem, which the report then tells."""
    if path.is_dir():
        found = _from_folder(path, report)
    elif not path.is_file():
        report.problem("There is nothing at this path.", "Check the path.", path.name)
        return None
    elif path.suffix.lower() == ".csv":
        found = _within_limit({path.name.lower(): path}, report)
    else:
        found = _from_zip(path, report)
    if found is not None and not found:
        report.problem("It holds no .csv file.", "Bring the folder or zip of CSV files.", path.name)
    return Package(path.name, found) if found and report.accepted else None


def _from_folder(folder: Path, report: Report) -> dict[str, bytes] | None:
    inside = sorted(entry for entry in folder.iterdir() if not entry.name.startswith((".", "__")))
    folders = [entry for entry in inside if entry.is_dir()]
    files = [entry for entry in inside if entry.is_file() and entry.suffix.lower() == ".csv"]
    if not files and len(folders) == 1:
        return _from_folder(folders[0], report)
    named: dict[str, Path] = {}
    for file in files:
        if file.name.lower() in named:
            _twice(file.name, report)
        named[file.name.lower()] = file
    return _within_limit(named, report)


def _within_limit(files: Mapping[str, Path], report: Report) -> dict[str, bytes] | None:
    if sum(file.stat().st_size for file in files.values()) > MOST_BYTES:
        _too_large(report)
        return None
    return {name: file.read_bytes() for name, file in files.items()}


def _from_zip(path: Path, report: Report) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return _entries(archive, report)
    except zipfile.BadZipFile:
        report.problem(
            "This is neither a folder, nor a .csv file, nor a zip that can be opened.",
            "Bring the folder, or zip it again.",
            path.name,
        )
    except (RuntimeError, NotImplementedError, zlib.error, EOFError):
        report.problem(
            "The zip is damaged, or locked with a password.",
            "Zip the files again, without a password.",
            path.name,
        )
    return None


def _entries(archive: zipfile.ZipFile, report: Report) -> dict[str, bytes] | None:
    if any(_escapes(entry.filename) for entry in archive.infolist()):
        report.problem(
            "The zip holds a path that leads out of it.",
            "Do not use this file; ask whoever sent it.",
        )
        return None
    listed = [entry for entry in archive.infolist() if _is_wanted(entry)]
    if len(listed) > MOST_ENTRIES or sum(entry.file_size for entry in listed) > MOST_BYTES:
        _too_large(report)
        return None
    return _read_all(archive, listed, report)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in path.parts)
    return not entry.is_dir() and not hidden and path.suffix.lower() == ".csv"


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts


def _read_all(
    archive: zipfile.ZipFile, listed: list[zipfile.ZipInfo], report: Report
) -> dict[str, bytes] | None:
    if len({PurePosixPath(entry.filename).parent for entry in listed}) > 1:
        report.problem(
            "The zip holds CSV files in several folders.", "Zip one set of files at a time."
        )
        return None
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in listed:
        name = PurePosixPath(entry.filename).name
        with archive.open(entry) as stream:
            content = stream.read(left + 1)  # the size that the zip states may be a lie
        left -= len(content)
        if left < 0:
            _too_large(report)
            return None
        if name.lower() in found:
            _twice(name, report)
        found[name.lower()] = content
    return found


def _too_large(report: Report) -> None:
    report.problem(
        f"Unpacked, the set is larger than {MOST_BYTES // 1024**2} MB or {MOST_ENTRIES} files.",
        "Bring only the CSV files of one district.",
    )


def _twice(name: str, report: Report) -> None:
    report.problem("This file is there twice.", "Keep the one that is right.", name)
