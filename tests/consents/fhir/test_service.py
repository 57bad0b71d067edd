"""Who may take a consent along, what leaves, and what the trail keeps of it."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.consent import Consent as FhirConsent
from sqlalchemy import select

from portal.access import documents, trail
from portal.consents.fhir import codes, reading
from portal.consents.fhir.service import Exported, Stated, export_consent
from portal.errors import NotFound, NotReady
from portal.store.consents import Consent, ConsentPerson
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.oversight import DataExport
from portal.vocabulary import (
    SPECIAL,
    Category,
    ConsentEventKind,
    Detail,
    DocumentKind,
    ExportPurpose,
    Instrument,
    Purpose,
    RelationKind,
    SignatureMethod,
    SignerKind,
)
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)
STATED = Stated(ExportPurpose.CARE_RECORD, "For the clinic's own record of Luis")


def taken(cast: Cast, consent: Consent, who: str = "ana") -> dict[str, Any]:
    """The resource that this person takes along, known to be valid."""
    exported = export_consent(cast.session, cast.who(getattr(cast, who)), consent.id, STATED, NOW)
    told = json.loads(exported.content)
    FhirConsent.model_validate(told)
    return told


def kinds(told: dict[str, Any]) -> set[str]:
    return {code["coding"][0]["code"] for code in told["provision"].get("code", [])}


@pytest.fixture
def consent(cast: Cast) -> Consent:
    """Maria's, for Luis, to Riverside: visits and attendance, to coordinate."""
    return make.consent(
        cast.session,
        cast.luis,
        cast.riverside,
        cast.maria,
        categories=[Category.VISITS, Category.ATTENDANCE],
        authority="Parent",
    )


@pytest.mark.parametrize("who", ["ana", "omar", "rita"])
def test_staff_who_record_it_and_the_case_team_it_opens_something_to_take_it(cast, consent, who):
    assert kinds(taken(cast, consent, who)) == {"visits", "attendance"}


@pytest.mark.parametrize("who", ["tom", "dina", "sue", "rob", "alma", "hugo"])
def test_nobody_else_does_and_cannot_tell_it_from_none(cast, consent, who):
    me = cast.who(getattr(cast, who))
    answers = []
    for asked in (consent.id, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            export_consent(cast.session, me, asked, STATED, NOW)
        answers.append((caught.value.what, caught.value.do_next))

    assert answers[0] == answers[1]
    assert [entry.allowed for _me, entry in cast.session.info[trail.WAITING]] == [False, False]


def test_the_partner_takes_it_only_while_it_opens_something(cast, consent):
    make.event(cast.session, consent, ConsentEventKind.REVOKED, NOW - DAY)

    with pytest.raises(NotFound):
        taken(cast, consent, "rita")
    assert taken(cast, consent, "ana")["status"] == "inactive"


def test_the_trail_names_the_student_and_the_hash_of_what_left(cast, consent):
    exported = export_consent(cast.session, cast.who(cast.rita), consent.id, STATED, NOW)

    [line] = cast.session.scalars(select(TrailLine).where(TrailLine.event == "consent.exported"))
    about = select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    assert line.detail["sha256"] == hashlib.sha256(exported.content).hexdigest()
    assert (line.subject, line.basis) == (consent.number, [str(consent.id)])
    assert cast.session.scalars(about).all() == [cast.luis.id]
    assert line.detail["notices"][0].startswith("ferpa-99.33 ")
    [row] = cast.session.scalars(select(DataExport))
    assert (line.purpose, line.detail["number"]) == ("care_record", row.number)
    assert (row.user_id, row.rows, row.students) == (cast.rita.id, 1, 1)


def test_the_file_says_who_took_it_when_what_for_and_which(cast, consent):
    told = taken(cast, consent, "rita")

    [row] = cast.session.scalars(select(DataExport))
    [mark] = [e for e in told["extension"] if e["url"] == codes.TAKEN]
    parts = {
        part["url"]: next(v for k, v in part.items() if k != "url") for part in mark["extension"]
    }
    assert parts["number"] == row.number
    assert parts["by"].startswith("Rita River")
    assert parts["at"] == "2026-11-20T10:00:00-05:00"
    assert parts["purpose"].endswith("For the clinic's own record of Luis")
    assert row.number in told["text"]["div"]
    assert reading.read(json.dumps(told).encode()).categories  # who reads it need not know the mark


def test_without_a_purpose_of_its_list_nothing_leaves(cast, consent):
    for stated in (Stated(None, "x" * 20), Stated(ExportPurpose.OWN_WORK, "x" * 20)):
        with pytest.raises(NotReady):
            export_consent(cast.session, cast.who(cast.ana), consent.id, stated, NOW)


def test_asked_again_it_is_the_same_file_until_something_happens(cast, consent):
    me = cast.who(cast.ana)

    def again(at: Any) -> dict[str, Any]:
        return but_for_the_mark(export_consent(cast.session, me, consent.id, STATED, at))

    first, later = again(NOW), again(NOW + DAY)
    make.event(cast.session, consent, ConsentEventKind.HELD, NOW + DAY)

    assert first == later
    assert again(NOW + DAY) != first


def but_for_the_mark(exported: Exported) -> dict[str, Any]:
    told = json.loads(exported.content)
    told["extension"] = [e for e in told["extension"] if e["url"] != codes.TAKEN]
    told["text"] = told["text"]["div"].split("<p>Copy ")[0]
    return told


def test_only_name_and_birth_date_of_the_student_leave(cast, consent):
    told = taken(cast, consent, "rita")

    [student] = [c for c in told["contained"] if c["resourceType"] == "Patient"]
    assert student == {
        "resourceType": "Patient",
        "id": "student",
        "name": [{"text": "Luis Sample"}],
        "birthDate": "2013-05-05",
    }
    assert str(cast.luis.sasid) not in json.dumps(told)
    assert str(cast.luis.id) not in json.dumps(told)


def test_a_guardian_cannot_share_what_is_the_student_s_alone(cast):
    every = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, categories=[Category.VISITS, *SPECIAL]
    )

    told = taken(cast, every)

    denied = {
        inner["code"][0]["coding"][0]["code"]: [e["valueString"] for e in inner["extension"]]
        for inner in told["provision"]["provision"]
    }
    assert denied == {"sud": ["MINOR_SIGNATURE_NEEDED"], "own_care": ["MINOR_SIGNATURE_NEEDED"]}
    assert kinds(told) == {"visits", "psychiatric", "reproductive", "hiv"}
    assert told["policyRule"]["coding"][1]["code"] == "42CFRPart2"


def test_a_kind_taken_back_by_itself_is_denied_from_that_instant(cast, consent):
    make.event(cast.session, consent, ConsentEventKind.REVOKED, NOW - DAY, category="attendance")

    told = taken(cast, consent, "rita")

    [denied] = told["provision"]["provision"]
    assert kinds(told) == {"visits"}
    assert denied["period"]["start"] == "2026-11-19T10:00:00-05:00"
    assert reading.read(json.dumps(told).encode()).withdrawn == {Category.ATTENDANCE: NOW - DAY}


def test_a_consent_whose_signer_lost_the_right_is_not_active(cast, consent):
    told = export_consent(cast.session, cast.who(cast.ana), consent.id, STATED, NOW + 2000 * DAY)

    made = json.loads(told.content)
    assert (made["status"], made["provision"]["type"]) == ("inactive", "deny")
    assert "HOLDER_CHANGED" in told.content.decode()


def test_people_whom_it_names_receive_and_their_organization_does_not(cast):
    named = make.consent(cast.session, cast.luis, cast.riverside, cast.maria, signed_at=None)
    cast.session.add(ConsentPerson(consent_id=named.id, user_id=cast.rita.id))
    cast.session.flush()
    named.signed_at = make.LONG_AGO
    cast.session.flush()

    told = taken(cast, named, "rita")

    [actor] = told["provision"]["actor"]
    assert actor["reference"] == {"reference": "#person-1"}
    assert reading.read(json.dumps(told).encode()).people[0].name == "Rita River"


def test_a_provider_s_authorization_goes_with_its_case_team(cast):
    authorization = make.consent(
        cast.session,
        cast.luis,
        cast.district,
        cast.maria,
        categories=[Category.SERVICE_STATUS],
        discloser_id=cast.riverside.id,
        instrument=Instrument.HIPAA,
    )

    for who in ("ana", "rita"):
        told = taken(cast, authorization, who)
        assert told["policyRule"]["coding"][0]["code"] == "hipaa-auth"
    with pytest.raises(NotFound):
        taken(cast, authorization, "rob")


def test_an_event_that_ends_it_bounds_its_period_until_somebody_looks(cast):
    by_event = make.consent(
        cast.session,
        cast.luis,
        cast.riverside,
        cast.maria,
        ends_on_event="Luis leaves Riverside",
        review_at=NOW + DAY,
        detail=Detail.SUMMARY,
        purposes=[Purpose.COORDINATE, Purpose.EVALUATE],
    )
    make.event(cast.session, by_event, ConsentEventKind.REVIEWED, NOW - DAY, until=NOW + 90 * DAY)

    told = taken(cast, by_event, "rita")

    assert told["provision"]["period"]["end"] == "2027-02-18T09:59:59-05:00"
    assert told["provision"]["modifierExtension"][0]["valueCode"] == "summary"
    assert [p["code"] for p in told["provision"]["purpose"]] == ["CAREMGT", "evaluate"]


def test_the_kept_paper_is_named_by_both_hashes(cast):
    paper = b"%PDF-1.7 the signed paper"
    kept = documents.keep(
        cast.session,
        cast.ana.id,
        cast.district.id,
        DocumentKind.CONSENT,
        "consent.pdf",
        "application/pdf",
        paper,
        NOW,
        student_id=cast.luis.id,
    )
    consent = make.consent(
        cast.session,
        cast.luis,
        cast.riverside,
        cast.maria,
        document_id=kept.id,
        signed_sha256=kept.sha256,
        method=SignatureMethod.PAPER,
        identity_check=None,
    )

    waiting = taken(cast, consent)
    make.event(cast.session, consent, ConsentEventKind.CONFIRMED, NOW)
    attached, confirmed = taken(cast, consent)["sourceAttachment"], taken(cast, consent)

    assert (waiting["status"], waiting["verification"][0]["verified"]) == ("proposed", False)
    assert confirmed["verification"][0]["verified"] is True
    assert base64.b64decode(attached["hash"]) == hashlib.sha1(paper).digest()
    assert attached["extension"][0]["valueString"] == hashlib.sha256(paper).hexdigest()
    assert attached["url"].endswith("/verify")


def test_a_student_s_own_consent_is_performed_by_the_student(cast):
    own = make.consent(
        cast.session,
        cast.luis,
        cast.riverside,
        cast.maria,
        categories=[Category.SUD],
        signer_kind=SignerKind.STUDENT,
        signer_id=cast.luis.id,
        signer_name="Luis Sample",
    )

    told = taken(cast, own, "rita")

    assert told["performer"] == [{"reference": "#student", "display": "Luis Sample"}]
    assert "RelatedPerson" not in {c["resourceType"] for c in told["contained"]}
    assert any("42 CFR" in e.get("valueString", "") for e in told["extension"])


def test_a_draft_and_one_that_names_nobody_open_nothing(cast):
    draft = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, signed_at=None, method=None
    )
    nobody = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, recipient_id=None, recipient_name=""
    )

    told = taken(cast, nobody)
    assert taken(cast, draft)["status"] == "draft"
    assert (told["status"], told["provision"]["type"]) == ("inactive", "deny")
    assert "actor" not in told["provision"]


def test_a_case_team_of_another_student_does_not_help(cast, consent):
    make.relation(cast.session, cast.rob, cast.mei, RelationKind.TEAM)

    with pytest.raises(NotFound):
        taken(cast, consent, "rob")
