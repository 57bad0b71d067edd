"""A partner's file becomes a draft request, for a student whom a person chose; it opens nothing."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.access import gate
from portal.access.documents import keep, open_document
from portal.consents.fhir import export
from portal.consents.fhir.bringing import Choice, bring_in
from portal.consents.fhir.values import Party, Told
from portal.consents.requests import queries
from portal.consents.requests.drafts import asked
from portal.errors import BadFile, NotFound, NotReady
from portal.store.consents import Consent, ConsentRequest
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.vocabulary import Category, ConsentStatus, DocumentKind, Purpose, SignerKind
from tests.consents.fhir import samples
from tests.people import NOW, Cast


def a_file(cast: Cast, **changes: Any) -> bytes:
    """Riverside's, about Luis: the district may give visits and attendance."""
    return export.write(_told(cast, **changes))


def _told(cast: Cast, **changes: Any) -> Told:
    district = Party(cast.district.name, "", cast.district.code or "")
    scope = samples.a_scope(discloser=district, recipient=Party("Riverside Clinic"))
    return samples.told(replace(scope, **changes.pop("scope", {})), **changes)


def chosen(cast: Cast, **changes: Any) -> Choice:
    return replace(Choice(cast.luis.id, SignerKind.GUARDIAN, cast.maria.id), **changes)


def brought(cast: Cast, content: bytes, choice: Choice | None = None, key: str = "k") -> Any:
    me = cast.who(cast.ana)
    return bring_in(cast.session, me, content, choice or chosen(cast), NOW, key)


def refused(cast: Cast, content: bytes, choice: Choice | None = None) -> str:
    with pytest.raises(BadFile) as caught:
        brought(cast, content, choice)
    return " ".join(problem.what for problem in caught.value.problems)


def test_what_it_allows_is_asked_of_the_family_and_nothing_is_sent(cast):
    request = brought(cast, a_file(cast))

    [part] = queries.parts(cast.session, request)
    proposal = asked(part.proposal)
    assert (request.channel, request.link_id, request.ended_at) == ("draft", None, None)
    assert (part.student_id, part.partner_id) == (cast.luis.id, cast.riverside.id)
    assert (proposal.out, proposal.back) == ({Category.VISITS, Category.ATTENDANCE}, frozenset())
    assert proposal.purposes == {Purpose.COORDINATE}
    assert (proposal.starts_on, proposal.ends_on) == (date(2026, 11, 20), date(2027, 6, 30))


def test_it_opens_nothing(cast):
    brought(cast, a_file(cast))

    assert cast.session.scalar(select(func.count()).select_from(Consent)) == 0
    with pytest.raises(NotFound):
        gate.open_record(cast.session, cast.who(cast.rita), cast.luis.id, "coordinate", NOW)


def test_what_the_partner_may_give_is_asked_the_other_way(cast):
    turned = {
        "discloser": Party("riverside  clinic"),
        "recipient": Party("", "", "0990011"),
        "categories": frozenset({Category.SERVICE_STATUS}),
    }

    request = brought(cast, a_file(cast, scope=turned))

    [part] = queries.parts(cast.session, request)
    assert asked(part.proposal).back == {Category.SERVICE_STATUS}
    assert asked(part.proposal).out == frozenset()


def test_the_file_is_kept_as_it_came_for_those_who_record_consents(cast):
    content = a_file(cast)
    brought(cast, content)
    kept = cast.session.scalars(select(Document)).one()

    assert open_document(cast.session, cast.who(cast.ana), kept.id, NOW).content == content
    for who in (cast.tom, cast.rita, cast.hugo):
        with pytest.raises(NotFound):
            open_document(cast.session, cast.who(who), kept.id, NOW)


def test_another_file_about_the_same_student_stays_closed(cast):
    brought(cast, a_file(cast))
    ana, student = cast.who(cast.ana), cast.luis.id
    kind = DocumentKind.FHIR_CONSENT
    loose = keep(cast.session, ana.id, cast.district.id, kind, "x.json", "a/b", b"{}", NOW, student)

    with pytest.raises(NotFound):
        open_document(cast.session, ana, loose.id, NOW)


def test_a_second_click_finds_the_first_one_s_request(cast):
    first, second = (brought(cast, a_file(cast)) for _click in range(2))

    assert first.id == second.id
    assert cast.session.scalar(select(func.count()).select_from(ConsentRequest)) == 1
    assert cast.session.scalar(select(func.count()).select_from(Document)) == 1
    lines = select(TrailLine).where(TrailLine.event == "consent.brought_in")
    assert [line.subject for line in cast.session.scalars(lines)] == [first.number]


def test_somebody_out_of_reach_is_not_chosen(cast):
    with pytest.raises(NotFound):
        brought(cast, a_file(cast), chosen(cast, student_id=cast.zoe.id))


def test_a_file_about_somebody_born_on_another_day_is_not_this_student_s(cast):
    assert "born on another day" in refused(cast, a_file(cast, born=date(2013, 5, 6)))


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ({"recipient": Party("Riverside")}, "No active organization here is called Riverside."),
        ({"recipient": Party("", str(uuid.UUID(int=1)))}, "No active organization"),
        ({"discloser": Party("Hilltop Clinic")}, "neither the one that gives"),
        ({"recipient": Party("", "", "0990011")}, "neither the one that gives"),
    ],
)
def test_organizations_are_those_of_the_identifier_or_exactly_the_name(cast, scope, told):
    assert told in refused(cast, a_file(cast, scope=scope))


def test_two_organizations_of_one_name_are_told_apart_by_a_person(cast):
    cast.hilltop.name = "Riverside Clinic"
    cast.session.flush()

    assert "Several organizations" in refused(cast, a_file(cast))


def test_a_no_is_not_asked_again(cast):
    told = refused(cast, a_file(cast, status=ConsentStatus.TAKEN_BACK))

    assert "status is inactive" in told


def test_from_when_on_records_are_meant_somebody_says_where_the_file_does_not(cast):
    made = json.loads(a_file(cast))
    made["provision"].pop("dataPeriod")
    content = json.dumps(made).encode()

    with pytest.raises(NotReady, match="Records from"):
        brought(cast, content)
    request = brought(cast, content, chosen(cast, records_from=date(2026, 9, 1)))
    [part] = queries.parts(cast.session, request)
    assert asked(part.proposal).records_from == date(2026, 9, 1)
