"""Is this a OneRoster set that can be read as a whole, and of which version?

Version 1.1 keeps a user's role and schools in users.csv, 1.2 in roles.csv. A
delta holds only what changed: taken for the whole, it would make everybody
else leave, so it is refused.
"""

from __future__ import annotations

from portal.directory.loaders import table
from portal.directory.loaders.package import Package
from portal.directory.loaders.report import Report

ASK_FOR_BULK = "Ask for a full (bulk) export of OneRoster 1.1 or 1.2."


def version_of(package: Package, report: Report) -> str | None:
    """1.1 or 1.2, by the shape of the files; None when it cannot be read as a whole roster."""
    shape = "1.2" if "roles.csv" in package.files else "1.1"
    if "manifest.csv" not in package.files:
        report.warn("There is no manifest.csv.", f"Read as OneRoster {shape}.", package.name)
        return shape
    said = _manifest(package, report)
    if said is None:
        return None
    row, version = said.get("oneroster.version", (None, ""))
    if version and version not in ("1.1", "1.2"):
        report.problem(
            f"OneRoster {version} is not read here.", ASK_FOR_BULK, "manifest.csv", row, "value"
        )
    elif version and version != shape:
        there = "is" if shape == "1.2" else "is not"
        report.warn(
            f"The manifest says OneRoster {version}, but roles.csv {there} there.",
            f"Read as OneRoster {shape}.",
            "manifest.csv",
            row,
        )
    return None if "delta" in {value.lower() for _row, value in said.values()} else shape


def _manifest(package: Package, report: Report) -> dict[str, tuple[int, str]] | None:
    found = table.read("manifest.csv", package.files["manifest.csv"], report)
    if found is None:
        return None
    said: dict[str, tuple[int, str]] = {}
    for row in found.rows:
        name = row.get("propertyName").lower()
        if name in said:
            report.problem(
                "The property is there twice.",
                "Keep the one that is right.",
                found.file,
                row.number,
                "propertyName",
            )
        said[name] = (row.number, row.get("value"))
    for name, (number, value) in said.items():
        if name.startswith("file."):
            _check_file_line(package, name.removeprefix("file."), number, value.lower(), report)
    return said


def _check_file_line(package: Package, name: str, number: int, value: str, report: Report) -> None:
    place = ("manifest.csv", number, "value")
    there = f"{name}.csv" in package.files
    if value == "delta":
        report.problem(
            f"{name}.csv is a delta: it holds only what changed, and read as the whole roster "
            "it would make everybody else leave.",
            ASK_FOR_BULK,
            *place,
        )
    elif value not in ("bulk", "absent"):
        report.problem(
            f"'{value[:40]}' is neither bulk nor delta nor absent.", ASK_FOR_BULK, *place
        )
    elif there and value == "absent":
        report.problem(
            f"The manifest says that {name}.csv is absent, and it is there.",
            "Take the file out, or write bulk if it belongs to the set.",
            *place,
        )
    elif value == "bulk" and not there:
        report.problem(
            f"The manifest promises {name}.csv, and it is missing.",
            "Export the set again, or write absent if it does not belong to it.",
            *place,
        )


def is_something_else(package: Package, report: Report) -> bool:
    """Not OneRoster, or not enough of it; the report then says what it is."""
    files = package.files
    if "relationships.csv" in files or "userflags.csv" in files:
        report.problem(
            "This is a Microsoft School Data Sync set, not OneRoster.", ASK_FOR_BULK, package.name
        )
    missing = [name for name in ("users.csv", "orgs.csv") if name not in files]
    if missing and report.accepted:
        report.problem(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: without "
            "users nobody comes in, and without orgs nobody's school is known.",
            f"{ASK_FOR_BULK} It holds users.csv and orgs.csv.",
            package.name,
        )
    return not report.accepted
