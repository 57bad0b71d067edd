"""HL7's own example consents: each is answered, and none of them can become a release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fhir.resources.R4B.consent import Consent

from portal.consents.fhir import answering, export
from portal.consents.fhir.answering import Asks, SaysNo
from portal.errors import BadFile
from tests.consents.fhir import samples
from tests.people import NOW

pytestmark = pytest.mark.real_files


def read(real_files: Path, name: str) -> bytes:
    return (real_files / "fhir-r4" / f"consent-example{name}.json").read_bytes()


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        (
            "-Emergency",
            ("It is for emergencies only (EMRGONLY, ETREAT).", "It opts out of sharing (OPTOUT)."),
        ),
        ("-grantor", ("It opts out of sharing (OPTOUT).",)),
        ("-notOrg", ("It forbids sharing with Organization/f001.",)),
    ],
)
def test_what_opts_out_or_forbids_is_a_no(real_files: Path, name: str, sentences: tuple[str, ...]):
    answer = answering.answer(read(real_files, name), NOW)

    assert isinstance(answer, SaysNo)
    assert answer.sentences == sentences
    assert answer.do_next


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", ["It does not say who receives the records.", "It has ended."]),
        ("-notThis", ["It names single items (Task/example3);", "It names no purpose."]),
        (
            "-smartonfhir",
            ["“MedicationRequest” of http://hl7.org/fhir/resource-types", "It has ended."],
        ),
    ],
)
def test_what_a_family_could_not_be_asked_is_refused_with_every_reason(
    real_files: Path, name: str, told: list[str]
):
    with pytest.raises(BadFile) as caught:
        answering.answer(read(real_files, name), NOW)

    said = "\n".join(problem.what for problem in caught.value.problems)
    assert "It names no kind of record" in said
    assert [sentence for sentence in told if sentence not in said] == []
    assert all(problem.where.startswith("Consent.") for problem in caught.value.problems)


def test_no_example_is_forgotten(real_files: Path):
    names = {file.stem for file in (real_files / "fhir-r4").glob("consent-*.json")}

    assert names == {
        f"consent-example{name}"
        for name in ("", "-Emergency", "-grantor", "-notOrg", "-notThis", "-smartonfhir")
    }


def test_every_other_resource_is_refused_by_its_name(real_files: Path):
    others = [f for f in (real_files / "fhir-r4").glob("*.json") if "consent-" not in f.name]

    for file in others:
        kind = json.loads(file.read_text(encoding="utf-8"))["resourceType"]
        with pytest.raises(BadFile, match=f"no Consent but: {kind}"):
            answering.answer(file.read_bytes(), NOW)
    assert len(others) > 8


def test_an_example_that_is_filled_in_with_our_codes_could_be_asked(real_files: Path):
    made = json.loads(read(real_files, ""))
    ours = export.resource(samples.told())
    for part in ("provision", "organization", "contained"):
        made[part] = ours[part]

    answer = answering.answer(json.dumps(made).encode(), NOW)

    assert isinstance(answer, Asks)
    assert answer.patient.name == "P. van de Heuvel"


def test_ours_validates_as_the_examples_do(real_files: Path):
    for content in (read(real_files, ""), export.write(samples.everything())):
        assert Consent.model_validate_json(content).status == "active"
