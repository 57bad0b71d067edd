"""What a partner's file says, what it could ask, and every way of being wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal.consents.fhir import answering, codes, export, reading
from portal.consents.fhir.answering import Asks, SaysNo
from portal.errors import BadFile
from portal.vocabulary import Category, ConsentStatus, Detail, Purpose
from tests.consents.fhir import samples
from tests.people import NOW

Json = dict[str, Any]


def a_file(change: Callable[[Json], object] = lambda made: None) -> bytes:
    """Ours, with one thing changed."""
    made = copy.deepcopy(export.resource(samples.told()))
    change(made)
    return json.dumps(made).encode()


def refused(content: bytes) -> str:
    """All that is told of it, as one text; each problem with what to do next."""
    with pytest.raises(BadFile) as caught:
        answering.answer(content, NOW)
    assert all(problem.what and problem.do_next for problem in caught.value.problems)
    return "\n".join(f"{problem.where} {problem.what}" for problem in caught.value.problems)


def test_ours_asks_for_exactly_what_it_allowed():
    asks = answering.answer(a_file(), NOW)

    assert isinstance(asks, Asks)
    assert (asks.discloser, asks.recipient) == (samples.DISTRICT, samples.RIVERSIDE)
    assert asks.categories == {Category.VISITS, Category.ATTENDANCE}
    assert (asks.purposes, asks.detail) == ({Purpose.COORDINATE}, Detail.FULL)
    assert (asks.starts_on, asks.ends_on) == (date(2026, 11, 20), date(2027, 6, 30))
    assert asks.records_from == date(2026, 1, 5)
    assert (asks.patient.name, asks.patient.born) == ("Luis Sample", date(2013, 5, 5))


def test_a_kind_that_was_taken_back_or_not_initialed_is_not_asked_for():
    told = samples.everything()
    made = export.resource(told)
    made["provision"] |= {
        "extension": [],
        "actor": export.resource(samples.told())["provision"]["actor"],
    }

    asks = answering.answer(json.dumps(made).encode(), NOW)

    assert isinstance(asks, Asks)
    assert asks.categories == {Category.VISITS, Category.HIV}
    assert asks.detail is Detail.SUMMARY


@pytest.mark.parametrize("status", ConsentStatus)
def test_what_does_not_open_anything_says_so(status):
    answer = answering.answer(export.write(samples.told(status=status)), NOW)

    over = codes.STATUS[status] in ("inactive", "rejected")
    assert isinstance(answer, SaysNo if over else Asks)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m: m["provision"].update(type="deny"), "It forbids sharing with Riverside Clinic."),
        (
            lambda m: m.update(policyRule=codes.concept((codes.ACT_CODE, "OPTOUT", ""))),
            "It opts out of sharing (OPTOUT).",
        ),
        (
            lambda m: m.update(category=[codes.concept((codes.ACT_CODE, "EMRGONLY", ""))]),
            "It is for emergencies only (EMRGONLY).",
        ),
        (lambda m: m.update(status="entered-in-error"), "its status is entered-in-error."),
    ],
)
def test_a_no_is_a_no_whatever_else_it_says(change, sentence):
    answer = answering.answer(a_file(change), NOW)

    assert isinstance(answer, SaysNo)
    assert sentence in answer.sentences[0]
    assert "Share nothing" in answer.do_next


def put(**parts: Any) -> Callable[[Json], object]:
    """These parts of the provision."""
    return lambda made: made["provision"].update(parts)


def out(name: str) -> Callable[[Json], object]:
    return lambda made: made["provision"].pop(name)


ODD = [{"system": "http://loinc.org", "code": "11488-4"}]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            put(code=[{"coding": ODD}]),
            "code[0] The portal does not know “11488-4” of http://loinc.org.",
        ),
        (put(code=[{"text": "Everything"}]), "does not know “Everything”"),
        (
            put(purpose=[codes.coding(codes.ACT_REASON, "TREAT")]),
            "purpose[0] The portal does not know “TREAT”",
        ),
        (put(securityLabel=[codes.coding(codes.CONFIDENTIALITY, "V")]), "securityLabel[0]"),
        (
            put(**{"class": [codes.coding("http://hl7.org/fhir/resource-types", "Task")]}),
            "class[0]",
        ),
        (put(action=[codes.concept((codes.ACTION, "correct", ""))]), "allows “correct”"),
        (
            put(data=[{"meaning": "related", "reference": {"reference": "Task/9"}}]),
            "single items (Task/9)",
        ),
        (
            put(modifierExtension=[{"url": "https://e.example/x", "valueCode": "y"}]),
            "https://e.example/x",
        ),
        (put(modifierExtension=[{"url": codes.DETAIL, "valueCode": "half"}]), "“half”"),
        (put(provision=[{"type": "permit"}]), "A permission within a permission"),
        (put(provision=[{"type": "deny"}]), "cannot keep apart"),
        (
            put(
                code=[
                    {
                        "coding": [
                            codes.coding(codes.RECORD_KIND, "visits"),
                            codes.coding(codes.ACT_CODE, "HIV"),
                        ]
                    }
                ]
            ),
            "different kinds",
        ),
        (put(code=[codes.kind(Category.MANDATED_REPORT)]), "cannot be shared"),
        (
            put(
                actor=[
                    {
                        "role": codes.concept((codes.ROLE_CODE, "X", "")),
                        "reference": {"reference": "#recipient"},
                    }
                ]
            ),
            "actor[0].role",
        ),
        (
            put(
                actor=[
                    {
                        "role": codes.concept((codes.PARTICIPATION, "PRCP", "")),
                        "reference": {"reference": "Patient/1"},
                    }
                ]
            ),
            "no organization but: Patient",
        ),
        (out("code"), "names no kind of record"),
        (out("purpose"), "names no purpose"),
        (out("actor"), "who receives"),
        (out("period"), "until when"),
        (put(period={"end": "2026-11-19"}), "It has ended."),
        (put(period={"start": "2027-02-01", "end": "2027-01-01"}), "ends before it begins"),
        (put(dataPeriod={"end": "2027-01-01"}), "records end before"),
        (lambda made: made.pop("organization"), "who gives"),
        (
            lambda made: made.update(organization=[{"display": "A"}, {"display": "B"}]),
            "More than one",
        ),
        (
            lambda made: made.update(scope=codes.concept((codes.SCOPE, "research", ""))),
            "about privacy",
        ),
        (
            lambda made: made.update(implicitRules="https://e.example/rules"),
            "Consent.implicitRules",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name_and_place(change, told):
    assert told in refused(a_file(change))


def test_every_problem_is_told_at_once():
    told = refused(a_file(lambda made: made.update(provision={"class": ODD})))

    assert len(told.splitlines()) == 5


def test_a_consent_that_names_people_or_ends_with_an_event_is_asked_on_our_form():
    told = refused(export.write(samples.everything()))

    assert "names people" in told
    assert "ends with an event" in told


def test_a_receiver_named_by_a_foreign_file_is_an_organization():
    actor = {
        "role": codes.concept((codes.PARTICIPATION, "PRCP", "")),
        "reference": {"type": "Organization", "display": "  Riverside\u202e Clinic "},
    }
    answer = answering.answer(a_file(put(actor=[actor])), NOW)

    assert isinstance(answer, Asks)
    assert answer.recipient.name == "Riverside Clinic"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"<Consent xmlns='http://hl7.org/fhir'/>", "not JSON"),
        (b"[]", "no FHIR resource"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "levels deep"),
        (b'{"resourceType": "Bundle"}', "no Consent but: Bundle"),
        (b'{"resourceType": ["Consent"]}', "no Consent but"),
        (b'{"resourceType": "Consent"}', "Consent."),
        (b'{"resourceType": "Consent", "status": NaN}', "not JSON"),
        (b'{"resourceType": "Consent", "id": "\\ud800"}', "not JSON"),
        (b'{"resourceType": "Consent", "resourceType": "Consent"}', "stands twice"),
        (b"{" + b" " * 10_000_000 + b"}", "larger than a megabyte"),
    ],
)
def test_what_is_no_consent_is_refused_with_a_sentence(content, told):
    assert told in refused(content)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda m: m.update(foo=1), "Consent.foo"),
        (lambda m: m.update(dateTime="13/40/2014"), "Consent.dateTime"),
        (lambda m: m["provision"]["period"].update(end="tomorrow"), "Consent.provision.period.end"),
        (lambda m: m["provision"].update(code="visits"), "Consent.provision.code"),
        (lambda m: m.update(contained=[{"resourceType": "Nothing"}]), ""),
    ],
)
def test_what_fhir_does_not_allow_is_told_with_its_place(change, where):
    assert where in refused(a_file(change))


@pytest.mark.parametrize("day", ["2026-02-30", "2026-11-31", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_no_day(day):
    assert "Consent.provision.period" in refused(a_file(put(period={"end": day, "start": "9998"})))


@pytest.mark.parametrize(
    ("written", "first", "after"),
    [
        ("2026", "2026-01-01T05:00", "2027-01-01T05:00"),
        ("2026-12", "2026-12-01T05:00", "2027-01-01T05:00"),
        ("2026-02", "2026-02-01T05:00", "2026-03-01T05:00"),
        ("2026-11-20", "2026-11-20T05:00", "2026-11-21T05:00"),
        ("2026-11-20T10:00:00-05:00", "2026-11-20T15:00", "2026-11-20T15:00:01"),
        ("2026-11-20T15:00:00.5Z", "2026-11-20T15:00:00.500000", "2026-11-20T15:00:00.500001"),
    ],
)
def test_an_end_includes_all_that_it_names(written, first, after):
    told = reading.read(a_file(put(period={"start": written, "end": written})))

    assert told.starts and told.ends
    assert told.starts.isoformat().startswith(first)
    assert told.ends.isoformat().startswith(after)
    assert told.ends - told.starts <= timedelta(days=366)


def test_names_full_of_markup_are_text_and_never_long():
    name = "<script>alert('x')</script>" + "é" * 200
    told = samples.told(student=name, changed_at=NOW)

    made = export.resource(told)
    answer = answering.answer(export.write(told), NOW)

    assert "<script>" not in made["text"]["div"]
    assert "&lt;script&gt;" in made["text"]["div"]
    assert len(answer.patient.name) <= 81
