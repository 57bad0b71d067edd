"""`portal decide` from the outside: lines in, lines out, a status, and nothing left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, text, true
from typer.testing import CliRunner, Result

import portal.commands.decide as command
from portal.cli import app
from portal.policy.decision import Reason
from portal.scenarios import answering
from portal.scenarios.answering import throwaway
from tests.policy.values import T, a_record, iso, usual
from tests.scenarios.worlds import a_world

World = dict[str, Any]


@pytest.fixture(scope="module")
def shelves() -> Iterator[Engine]:
    with throwaway("sqlite://") as engine:
        yield engine


@pytest.fixture(autouse=True)
def _tables_made_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests share the tables that the command makes for itself; `own_tables` do not."""
    if request.node.get_closest_marker("usefixtures") is None:
        shared = nullcontext(request.getfixturevalue("shelves"))
        monkeypatch.setattr(command, "throwaway", lambda _url: shared)


@pytest.fixture
def own_tables() -> None:
    """The command makes its tables, as it does for everybody."""


def decide(*lines: Any, database: str | None = None, files: tuple[Path, ...] = ()) -> Result:
    """Run the command on these lines (text, bytes, or a world) as standard input."""
    told = b"".join(_line(line) + b"\n" for line in lines)
    options = ["--database", database] if database else []
    return CliRunner().invoke(app, ["decide", *options, *map(str, files)], input=told)


def _line(line: Any) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode()


def answered(result: Result) -> list[World]:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


def asking(*questions: World, **changes: Any) -> World:
    return usual() | {"questions": list(questions)} | changes


def question(user: str = "rita", **changes: Any) -> World:
    return {"user": user, "purpose": "coordinate", "at": iso(T)} | changes


# Answers


def test_a_line_answers_each_question_for_every_record():
    [told] = answered(decide(asking(question(), question("ana"), id="w1")))

    assert told["id"] == "w1"
    assert told["disagreements"] == []
    records = [record["id"] for record in usual()["records"]]
    assert [(line["user"], line["record"]) for line in told["answers"]] == [
        (user, record) for user in ("rita", "ana") for record in records
    ]


def test_an_answer_has_the_fields_of_the_format_and_no_others():
    [told] = answered(decide(asking(question(record="visits"), question(record="sud"))))

    assert told["answers"] == [
        {
            "user": "rita",
            "record": "visits",
            "purpose": "coordinate",
            "at": iso(T),
            "allow": True,
            "fields": ["what", "when", "who", "narrative"],
            "basis": ["c1", "m1"],
            "reasons": [],
        },
        {
            "user": "rita",
            "record": "sud",
            "purpose": "coordinate",
            "at": iso(T),
            "allow": False,
            "fields": [],
            "basis": [],
            "reasons": ["MINOR_SIGNATURE_NEEDED"],
        },
    ]
    assert list(told) == ["id", "answers", "disagreements"]


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-20T15:00:00+00:00",
        "2026-11-20T10:00:00-05:00",
        "2026-11-20T15:00:00Z",
        "2026-11-20T15:00:00.000000Z",
        "20261120T150000Z",
        "2026-11-20 15:00Z",
        "2026-11-21T00:45:00+09:45",
    ],
)
def test_an_instant_is_echoed_as_it_was_written(at):
    [told] = answered(decide(asking(question(record="visits", at=at))))

    assert told["answers"][0]["at"] == at
    assert told["answers"][0]["allow"] is True


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"user": "nobody"}, {Reason.USER_UNKNOWN}),
        ({"record": "nothing"}, {Reason.RECORD_UNKNOWN}),
        ({"user": "nobody", "record": "nothing"}, {Reason.USER_UNKNOWN, Reason.RECORD_UNKNOWN}),
        ({"purpose": "curiosity"}, {Reason.PURPOSE_UNKNOWN}),
        ({"purpose": ""}, {Reason.PURPOSE_UNKNOWN}),
    ],
)
def test_what_nobody_knows_is_denied_and_not_an_error(asked, codes):
    result = decide(asking(question(**{"record": "visits"} | asked)))

    [line] = answered(result)[0]["answers"]
    assert (line["allow"], set(line["reasons"])) == (False, codes)
    assert result.exit_code == 0


def test_a_question_without_a_purpose_is_denied():
    asked = question(record="visits")
    del asked["purpose"]

    [line] = answered(decide(asking(asked)))[0]["answers"]

    assert (line["purpose"], line["reasons"]) == ("", ["PURPOSE_UNKNOWN"])


def test_a_category_that_nobody_knows_is_denied_to_everybody():
    world = asking(question(record="visits"), question("sue", record="visits"))
    world["records"] = [r | {"category": "gossip"} for r in world["records"]]

    lines = answered(decide(world))[0]["answers"]

    assert [line["reasons"] for line in lines] == [["CATEGORY_UNKNOWN"]] * 2


def test_an_empty_world_has_no_answers():
    assert answered(decide({"id": "empty"})) == [
        {"id": "empty", "answers": [], "disagreements": []}
    ]


def test_a_world_without_records_answers_for_the_record_asked_for():
    world = asking(question(), question(record="visits"), records=[])

    [line] = answered(decide(world))[0]["answers"]

    assert line["reasons"] == ["RECORD_UNKNOWN"]


def test_names_may_be_in_any_script():
    world = asking(question(record="r1"), id="w\u00f6rld", records=[a_record("r1", "visits")])
    told = json.dumps(world)
    names = {
        "rita": "R\u00edta \u6f22\u5b57 \U0001f642\u202e",
        "luis": "\u0141uis",
        "r1": 'Besuch "1" \\ \n\t',
    }
    for plain, odd in names.items():
        told = told.replace(json.dumps(plain), json.dumps(odd))

    [answer] = answered(decide(told))

    [line] = answer["answers"]
    assert (answer["id"], line["user"], line["record"]) == (
        "w\u00f6rld",
        names["rita"],
        names["r1"],
    )
    assert line["allow"] is True


def test_the_calendar_s_ends_are_instants_like_any_other():
    first, last = "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"
    world = asking(question(record="visits", at=last), question(record="visits", at=first))
    for table in ("orgs", "users"):
        world[table] = [row | {"active": [first, None]} for row in world[table]]

    lines = answered(decide(world))[0]["answers"]

    assert "HOLDER_CHANGED" in lines[0]["reasons"]
    assert "NOT_SIGNED" in lines[1]["reasons"]


# Malformed


def malformed(world: Any) -> set[str]:
    """The fields that are named; nothing is answered, and the status says so."""
    result = decide(world)
    [told] = answered(result)
    assert result.exit_code == 2
    assert (told["answers"], told["disagreements"]) == ([], [])
    for problem in told["malformed"]:
        assert problem["what"].endswith(".")
        assert problem["do_next"] == "Write it as docs/reference/gate.md says."
        assert problem["where"] == "standard input, line 1"
    return {problem["field"] for problem in told["malformed"]}


def with_row(table: str, index: int, **changes: Any) -> World:
    world = asking(question())
    rows = [dict(row) for row in world[table]]
    rows[index] |= changes
    return world | {table: rows}


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("orgs", "kind", "school"),
        ("orgs", "active", None),
        ("orgs", "active", []),
        ("orgs", "active", [iso(T)]),
        ("orgs", "active", [iso(T), None, None]),
        ("orgs", "id", 1),
        ("orgs", "id", None),
        ("orgs", "id", "a\0b"),
        ("users", "org", "nowhere"),
        ("users", "level", "janitor"),
        ("users", "building", 7),
        ("students", "born", "2010-02-30"),
        ("students", "born", "5 May 2010"),
        ("students", "born", "1273017600"),
        ("students", "born", 20100505),
        ("students", "born", "2010-05-05T00:00:00Z"),
        ("students", "born", "9999-01-01"),
        ("students", "born", "0001-01-01"),
        ("students", "postsecondary", True),
        ("students", "postsecondary", "soon"),
        ("students", "postsecondary", [iso(T)]),
        ("enrollments", "student", "nobody"),
        ("special_education", "span", "always"),
        ("relations", "kind", "friend"),
        ("relations", "user", "nobody"),
        ("relations", "student", "nobody"),
        ("guardians", "student", "nobody"),
        ("guardians", "rights", None),
        ("records", "student", "nobody"),
        ("records", "custodian", "nowhere"),
        ("records", "category", None),
        ("records", "event", "yesterday"),
        ("records", "event", "2026-11-20T15:00:00"),
        ("records", "event", "2026-11-20"),
        ("records", "event", "1700000000"),
        ("records", "event", 1700000000),
        ("records", "event", "2026-11-20T25:00:00Z"),
        ("records", "event", "9999-12-31T23:59:59-05:00"),
        ("records", "event", "0001-01-01T00:00:00+05:00"),
        ("records", "event", "+10000-01-01T00:00:00Z"),
        ("records", "draft", "no"),
        ("records", "draft", 0),
        ("records", "sealed", "later"),
        ("records", "author", 3),
        ("records", "told_to", 3),
        ("agreements", "a", "nowhere"),
        ("agreements", "b", "nowhere"),
        ("agreements", "a_to_b", "visits"),
        ("agreements", "a_signed", "yes"),
        ("agreements", "waive_team", None),
        ("consents", "student", "nobody"),
        ("consents", "discloser", "nowhere"),
        ("consents", "recipient", "nowhere"),
        ("consents", "purposes", None),
        ("consents", "signer_kind", "aunt"),
        ("consents", "signed_at", "in May"),
        ("consents", "revoked_at", False),
        ("consents", "detail", "some"),
        ("orgs", "hipaa", "yes"),
        ("orgs", "part2", None),
        ("consents", "recipient", 4),
        ("consents", "named", "rita"),
        ("consents", "named", [7]),
        ("consents", "method", "fax"),
        ("consents", "identity_checked", "in person"),
        ("consents", "identity_checked", None),
        ("consents", "authority", None),
        ("consents", "form", "loose leaf"),
        ("consents", "form", None),
        ("consents", "statements", ["one of our own"]),
        ("consents", "statements", "revoke"),
        ("consents", "cosigned", iso(T)),
        ("consents", "cosigned", ["soon"]),
        ("consents", "cosigned", [iso(T), 0]),
        ("consents", "form_recalled_at", "2026-11-20"),
        ("consents", "text_matches", "yes"),
        ("consents", "withdrawn", ["visits"]),
        ("consents", "withdrawn", {"visits": None}),
        ("consents", "withdrawn", {"visits": "today"}),
        ("consents", "holds", [iso(T)]),
        ("consents", "holds", [[iso(T)]]),
        ("consents", "holds", [[None, iso(T)]]),
        ("consents", "holds", iso([T, None])),
        ("consents", "confirmed_at", True),
        ("consents", "ended_at", "graduation"),
        ("consents", "known_false_at", "2026-11-20T15:00:00"),
        ("consents", "superseded_at", "c2"),
        ("consents", "review_at", 12),
        ("consents", "reviews", [["never", None]]),
    ],
)
def test_a_malformed_field_is_named(table, field, value):
    named = malformed(with_row(table, 0, **{field: value}))

    assert any(found.startswith(f"{table}[0].{field}") for found in named)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"kind": "divorce"}, "legal[0].kind"),
        ({"student": "nobody"}, "legal[0].student"),
        ({"custodian": "nowhere"}, "legal[0].custodian"),
        ({"recipient": "nowhere"}, "legal[0].recipient"),
        ({"named_users": "cass"}, "legal[0].named_users"),
        ({"reason": None}, "legal[0].reason"),
        ({"categories": ["visits", 3]}, "legal[0].categories[1]"),
    ],
)
def test_a_malformed_legal_basis_is_named(row, field):
    basis = {
        "id": "b1",
        "kind": "court_order",
        "student": "luis",
        "custodian": "D1",
        "recipient": "J1",
        "categories": ["visits"],
        "span": iso([T, None]),
    }

    assert malformed(asking(question(), legal=[basis | row])) == {field}
    assert answered(decide(asking(question(), legal=[basis])))[0]["disagreements"] == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"student": "nobody"}, "orders[0].student"),
        ({"guardian": None}, "orders[0].guardian"),
        ({"limits": "everything"}, "orders[0].limits"),
        ({"span": None}, "orders[0].span"),
        ({"judge": "Doe"}, "orders[0].judge"),
    ],
)
def test_a_malformed_order_is_named(row, field):
    order = {"guardian": "maria", "student": "luis", "limits": "both", "span": iso([T, None])}

    [named] = malformed(asking(question(), orders=[order | row]))
    assert named.startswith(field)
    told = answered(decide(asking(question(record="visits"), orders=[order])))
    assert told[0]["answers"][0]["reasons"] == ["ORDER_LIMITS_SIGNER"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"direction": "both"}, "direction"),
        ({"category": 7}, "category"),
        ({"category": "gossip"}, "category"),
        ({"direction": "b_to_a"}, "category"),
        ({"purposes": "coordinate"}, "purposes"),
        ({"purposes": None}, "purposes"),
        ({"purposes": []}, "purposes"),
        ({"purposes": [""]}, "purposes[0]"),
        ({"purposes": ["coordinate evaluate"]}, "purposes[0]"),
        ({"purposes": ["coordinate\t"]}, "purposes[0]"),
        ({"purposes": ["a\0b"]}, "purposes[0]"),
        ({"basis": None}, "basis"),
        ({"basis": "x" * 41}, "basis"),
        ({"detail": "some"}, "detail"),
        ({"added": 1}, "added"),
        ({"since": "2026-01-01"}, "since"),
        ({"frequency": "weekly"}, "frequency"),
    ],
)
def test_a_malformed_line_of_an_agreement_is_named(row, field):
    line = {"direction": "a_to_b", "category": "visits"}
    fine = with_row("agreements", 0, lines=[line])
    assert answered(decide(fine))[0]["disagreements"] == []

    named = malformed(with_row("agreements", 0, lines=[line | row]))

    assert named == {f"agreements[0].lines[0].{field}"}


def test_a_line_without_its_category_and_a_second_line_are_named():
    line = {"direction": "a_to_b", "category": "visits"}

    assert malformed(with_row("agreements", 1, lines=[{"direction": "a_to_b"}])) == {
        "agreements[1].lines[0].category"
    }
    twice = [line, line | {"added": True}, line | {"category": "courses"}]
    assert malformed(with_row("agreements", 1, lines=twice)) == {"agreements[1].lines[1].category"}
    assert malformed(with_row("agreements", 0, lines=None)) == {"agreements[0].lines"}


def test_every_field_of_a_line_is_read_from_a_line_written_by_hand():
    line = {
        "direction": "a_to_b",
        "category": "visits",
        "purposes": ["evaluate", "coordinate"],
        "basis": "consent",
        "detail": "summary",
        "added": True,
    }
    world = with_row("agreements", 0, lines=[line])
    world["questions"] = [question(record="visits"), question(record="attendance")]

    told = answered(decide(world))[0]

    assert [len(answer["fields"]) for answer in told["answers"]] == [2, 4]
    assert told["disagreements"] == []


def test_every_field_of_a_consent_is_read_from_a_line_written_by_hand():
    consent = usual()["consents"][0] | {
        "named": ["rita"],
        "method": "paper",
        "identity_checked": False,
        "confirmed_at": "2026-11-19T09:00:00-05:00",
        "authority": "his mother",
        "form": "standard",
        "statements": ["revoke", "ct_refusal"],
        "cosigned": ["2026-11-19T09:00:00-05:00"],
        "form_recalled_at": None,
        "text_matches": True,
        "withdrawn": {"attendance": "2026-11-19T09:00:00-05:00"},
        "holds": [["2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"]],
        "ended_at": None,
        "known_false_at": None,
        "superseded_at": "2026-11-20T10:00:00.000001-05:00",
        "review_at": "2026-11-01T00:00:00-04:00",
        "reviews": [["2026-10-31T00:00:00-04:00", None]],
    }
    asked = (question(record="visits"), question(record="attendance"))

    told = answered(decide(asking(*asked, consents=[consent])))[0]

    assert [line["reasons"] for line in told["answers"]] == [[], ["REVOKED"]]
    assert told["disagreements"] == []


@pytest.mark.parametrize("field", ["named", "holds", "withdrawn", "statements", "cosigned"])
def test_an_optional_field_of_a_consent_may_be_left_out_and_may_not_be_null(field):
    assert malformed(with_row("consents", 0, **{field: None})) == {f"consents[0].{field}"}


def test_the_recipient_of_a_consent_may_be_null_and_may_not_be_left_out():
    world = asking(question(record="visits"))
    world["consents"][0]["recipient"] = None
    assert answered(decide(world))[0]["answers"][0]["reasons"] == ["NO_RECIPIENT"]

    del world["consents"][0]["recipient"]
    assert malformed(world) == {"consents[0].recipient"}


def test_a_block_must_name_an_organization_of_the_scenario_or_none():
    block = {"student": "luis", "span": iso([T, None])}

    assert malformed(asking(question(), blocks=[block | {"org": "nowhere"}])) == {"blocks[0].org"}
    assert answered(decide(asking(question(), blocks=[block])))[0]["answers"][0]["reasons"]


def test_a_field_that_the_format_does_not_have_is_named():
    assert malformed(with_row("users", 0, password="x")) == {"users[0].password"}
    assert malformed(asking(question(why="I ask"))) == {"questions[0].why"}


def test_a_field_that_is_missing_is_named():
    world = asking(question())
    del world["consents"][0]["purposes"]
    del world["agreements"][1]["span"]

    assert malformed(world) == {"consents[0].purposes", "agreements[1].span"}


def test_every_problem_is_told_at_once():
    world = with_row("orgs", 0, kind="school")
    world["users"][3]["level"] = "janitor"
    world["questions"][0]["at"] = "now"

    assert malformed(world) == {"orgs[0].kind", "users[3].level", "questions[0].at"}


@pytest.mark.parametrize(
    "table", ["orgs", "users", "students", "records", "agreements", "consents"]
)
def test_an_id_used_twice_is_named(table):
    world = asking(question())
    world[table] = [*world[table], world[table][0]]

    assert malformed(world) == {f"{table}[{len(world[table]) - 1}].id"}


def test_one_name_may_stand_for_a_user_and_a_student():
    text_of = json.dumps(asking(question(record="visits"))).replace('"luis"', '"rita"')

    [line] = answered(decide(text_of))[0]["answers"]

    assert line["allow"] is True


@pytest.mark.parametrize("at", ["now", "", "2026-11-20T15:00", "1700000000", 0, None, ["x"]])
def test_an_instant_that_is_none_is_named(at):
    [field] = malformed(asking(question(at=at)))

    assert field == "questions[0].at"


@pytest.mark.parametrize("tz", ["Mars/Olympus", "", "../../etc/passwd", "New York", "\0", 5])
def test_a_time_zone_that_does_not_exist_is_named(tz):
    assert malformed(asking(question(), policy={"tz": tz})) == {"policy.tz"}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("nonsense", None),
        ("[]", None),
        ("42", None),
        ('"w1"', None),
        ("null", None),
        ("{", None),
        ('{"id": "w1"', None),
        ("{}", None),
        ('{"id": 7}', None),
        ('{"id": "w1", "records": {}}', "w1"),
        ('{"id": "w1", "records": [null]}', "w1"),
        ('{"id": "w1", "questions": 1e999}', "w1"),
        ("[" * 100_000, None),
        ('{"id": "w1", "orgs": ' + "[" * 100_000 + "}", None),
        (b"\xff\xfe\x00 no utf-8", None),
        ('{"id": "\\ud800"}', "\ud800"),
        ('{"id": "a\\u0000b"}', "a\0b"),
    ],
)
def test_what_is_no_scenario_is_refused_by_the_name_it_has(line, name):
    result = decide(line, {"id": "next"})

    refused, following = answered(result)
    assert refused["id"] == name
    assert refused["malformed"]
    assert following == {"id": "next", "answers": [], "disagreements": []}
    assert result.exit_code == 2


def test_a_note_at_the_top_is_left_alone():
    result = decide(asking(question(record="visits"), note="who, what, why", expect=[]))

    assert result.exit_code == 0


# Where from, where to


def test_files_are_read_one_after_the_other(tmp_path):
    for name in ("a", "b"):
        lines = [json.dumps({"id": f"{name}{n}"}) for n in (1, 2)]
        (tmp_path / name).write_text("\n\n".join(lines) + "\n\n", encoding="utf-8")

    result = decide(files=(tmp_path / "a", tmp_path / "b"))

    assert [told["id"] for told in answered(result)] == ["a1", "a2", "b1", "b2"]


def test_a_malformed_line_is_told_with_file_and_line(tmp_path):
    (tmp_path / "cases.jsonl").write_text('{"id": "w1"}\n\n{"id": 2}\n', encoding="utf-8")

    [_fine, bad] = answered(decide(files=(tmp_path / "cases.jsonl",)))

    assert bad["malformed"][0]["where"] == "cases.jsonl, line 3"


def test_a_byte_order_mark_and_a_missing_last_newline_do_no_harm(tmp_path):
    (tmp_path / "bom").write_bytes(b'\xef\xbb\xbf{"id": "w1"}\r\n{"id": "w2"}')

    assert [told["id"] for told in answered(decide(files=(tmp_path / "bom",)))] == ["w1", "w2"]
    assert [told["id"] for told in answered(decide(b'\xef\xbb\xbf{"id": "w1"}'))] == ["w1"]


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path):
    for missing in (tmp_path / "missing", tmp_path):
        result = decide(files=(missing,))
        assert result.exit_code == 2
        assert "Name a file of JSON lines." in result.stderr


@pytest.mark.usefixtures("own_tables")
def test_nothing_in_nothing_out():
    result = decide()

    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.usefixtures("own_tables")
@pytest.mark.parametrize(
    "url",
    ["garbage", "mysql://localhost/x", "nosuchthing://x", "postgresql+psycopg://localhost:1/none"],
)
def test_a_database_that_cannot_be_used_is_a_sentence(url):
    result = decide({"id": "w1"}, database=url)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "The database cannot be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_disagreement_is_told_and_outweighs_a_malformed_line(monkeypatch):
    """The query is made to open everything; the rule does not follow."""
    answering._select.cache_clear()
    monkeypatch.setattr(answering.visible, "records", lambda *_, **__: true())
    try:
        result = decide("nonsense", asking(question("charlie", record="visits")), "nonsense")
    finally:
        answering._select.cache_clear()

    told = answered(result)[1]
    assert result.exit_code == 1
    assert told["disagreements"] == [
        {
            "user": "charlie",
            "record": "visits",
            "purpose": "coordinate",
            "at": iso(T),
            "by_rule": {"allow": False, "fields": []},
            "by_query": {"allow": True, "fields": ["what", "when", "who", "narrative"]},
        }
    ]


# Both databases


@pytest.mark.usefixtures("own_tables")
def test_sqlite_and_postgresql_print_the_same_lines(postgres_url):
    random = Random(20261120)
    worlds = [*(a_world(random) for _ in range(60)), usual() | {"questions": [question()]}]

    on_sqlite = decide(*worlds, "nonsense")
    on_postgres = decide(*worlds, "nonsense", database=postgres_url)

    assert on_sqlite.stdout == on_postgres.stdout
    assert on_sqlite.exit_code == on_postgres.exit_code == 2
    assert all(not told["disagreements"] for told in answered(on_sqlite))


@pytest.mark.usefixtures("own_tables")
def test_the_portal_s_own_file_is_never_touched(tmp_path):
    file = tmp_path / "portal.db"
    file.write_bytes(b"the portal's own data")
    before = file.stat()

    result = decide(asking(question()), database=f"sqlite:///{file}")

    assert result.exit_code == 0
    assert file.read_bytes() == b"the portal's own data"
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.usefixtures("own_tables")
def test_a_file_that_does_not_exist_is_not_made(tmp_path):
    decide(asking(question()), database=f"sqlite:///{tmp_path / 'portal.db'}")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("own_tables")
@pytest.mark.parametrize("line", [{"id": "w1"}, "nonsense"])
def test_postgresql_is_left_as_it_was(postgres_url, line):
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE student (name text)"))
        connection.execute(text("INSERT INTO student VALUES ('the portal''s own')"))
    before = inspect(engine).get_schema_names()
    try:
        decide(asking(question()), line, database=postgres_url)

        assert inspect(engine).get_schema_names() == before
        assert inspect(engine).get_table_names() == ["student"]
        with engine.connect() as connection:
            assert connection.scalars(text("SELECT name FROM student")).all() == [
                "the portal's own"
            ]
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE student"))
        engine.dispose()


@pytest.mark.usefixtures("own_tables")
def test_postgresql_is_left_as_it_was_when_the_work_is_broken_off(postgres_url):
    engine = create_engine(postgres_url)
    before = inspect(engine).get_schema_names()

    with pytest.raises(KeyboardInterrupt), throwaway(postgres_url):
        raise KeyboardInterrupt

    assert inspect(engine).get_schema_names() == before
    engine.dispose()


def test_one_scenario_leaves_nothing_to_the_next():
    world = asking(question(record="visits"))
    without = asking(question(record="visits"), consents=[])

    told = answered(decide(world, without, world))

    assert [line["answers"][0]["allow"] for line in told] == [True, False, True]
