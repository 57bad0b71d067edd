"""Agencies come in: the shapes that are about, what changes, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.directory.agencies import service
from portal.directory.loaders.package import Package
from portal.directory.loaders.report import Line, Report
from portal.store.ledger import TrailLine
from portal.store.places import AgencyService, AgencySite, Organization
from portal.vocabulary import OrganizationKind
from tests import factories as make
from tests.directory.files import raw
from tests.directory.test_roster_comes_in import everything
from tests.people import NOW

ORGANIZATIONS = "id,name,description,email,website\n1,Riverside Clinic,Counseling,a@example.org,\n"
SERVICES = (
    "id,organization_id,name,description,status,eligibility_description,minimum_age,maximum_age\n"
    "s1,1,Counseling,Weekly,active,Residents,6,21\n"
    "s2,1,Grief group,,inactive,,,\n"
)
LOCATIONS = "id,organization_id,name\nl1,1,Main office\n"
ADDRESSES = (
    "id,location_id,address_1,city,state_province,postal_code\n"
    "a1,l1,1 Example Street,Harbor Point,CT,00000\n"
)


def files(**changes: str) -> Package:
    texts = {
        "organizations": ORGANIZATIONS,
        "services": SERVICES,
        "locations": LOCATIONS,
        "addresses": ADDRESSES,
        "phones": 'id,organization_id,number,extension\np1,1,"""555 0100""",7\n',
        "languages": "id,service_id,name\nx,s1,Spanish\ny,s1,English\n",
    }
    return raw(**{name: text for name, text in (texts | changes).items() if text})


def bring(session: Session, package: Package, days: int = 0, source: str = "hsds") -> Report:
    return service.bring_in(session, package, NOW + timedelta(days=days), source)


def refused(session: Session, package: Package) -> list[Line]:
    before = everything(session)
    report = bring(session, package, 1)
    assert not report.accepted
    assert everything(session) == before
    assert all(line.what and line.do_next for line in report.problems)
    return report.problems


def test_an_agency_comes_with_its_services_and_sites(session: Session) -> None:
    report = bring(session, files())

    assert report.problems == []
    agency = session.scalars(select(Organization)).one()
    assert (agency.kind, agency.name) == (OrganizationKind.PROVIDER, "Riverside Clinic")
    assert agency.phone == "555 0100 ext. 7"
    assert agency.address == "1 Example Street, Harbor Point, CT 00000"
    counseling, grief = session.scalars(select(AgencyService).order_by(AgencyService.name)).all()
    assert (counseling.minimum_age, counseling.maximum_age) == (6, 21)
    assert counseling.languages == ["Spanish", "English"]
    assert (grief.status, grief.minimum_age) == ("inactive", None)
    assert session.scalars(select(AgencySite.name)).all() == ["Main office"]
    line = session.scalars(select(TrailLine)).one()
    assert (line.event, line.detail["agencies"]) == ("import.agencies", 1)


def test_the_same_set_again_changes_nothing(session: Session) -> None:
    bring(session, files())
    before = everything(session)

    assert "Nothing changed." in [line.do_next for line in bring(session, files(), 1).warnings]
    assert everything(session) == before


def test_a_dry_run_writes_nothing(session: Session) -> None:
    report = service.bring_in(session, files(), NOW, dry_run=True)

    assert report.counts == {"agencies": 1, "services": 2, "sites": 1, "rows": 4}
    assert session.scalars(select(Organization)).all() == []


def test_what_changed_is_changed_and_a_service_no_longer_listed_rests(session: Session) -> None:
    bring(session, files())
    services = SERVICES.replace("s2,1,Grief group,,inactive,,,\n", "").replace("6,21", "5,")
    report = bring(
        session,
        files(services=services, organizations=ORGANIZATIONS.replace("Clinic", "Center")),
        1,
    )

    assert report.accepted
    assert session.scalars(select(Organization.name)).all() == ["Riverside Center"]
    rows = session.execute(
        select(AgencyService.name, AgencyService.status, AgencyService.minimum_age).where(
            AgencyService.status == "active"
        )
    ).all()
    assert [tuple(row) for row in rows] == [("Counseling", "active", 5)]
    assert session.scalar(select(func.count()).select_from(AgencyService)) == 2


def test_an_agency_that_a_part_of_the_directory_leaves_out_stays(session: Session) -> None:
    bring(session, files())
    other = ORGANIZATIONS.replace("1,Riverside", "2,Hilltop")
    nothing = {"services": "", "locations": "", "addresses": "", "phones": "", "languages": ""}
    bring(session, files(organizations=other, **nothing), 1)

    names = session.scalars(select(Organization.name).order_by(Organization.name)).all()
    assert names == ["Hilltop Clinic", "Riverside Clinic"]
    assert "active" in session.scalars(select(AgencyService.status)).all()


def test_an_agency_added_by_hand_is_found_by_its_name(session: Session) -> None:
    mine = make.organization(session, "Riverside Clinic", OrganizationKind.PROVIDER)

    bring(session, files())

    assert session.scalars(select(Organization.id)).all() == [mine.id]


def test_the_older_shapes_are_read_too(session: Session) -> None:
    by_location = raw(
        organizations="id,name\n1,Riverside Clinic\n",
        locations="id,organization_id,name\n9,1,Main office\n",
        services='id,location_id,name,eligibility,languages,status\ns1,9,Talks,All,"A, B",active\n',
    )
    with_prefix = raw(
        organizations="organization_uuid,organization_name,organization_url\nu1,Hilltop,h.example\n",
        services=(
            "service_uuid,organization_uuid,service_name,service_min_age,service_max_age\n"
            "v1,u1,Help,0,200\n"
        ),
        locations=(
            "location_uuid,organization_uuid,location_name,location_address\nw1,u1,Main,State: CT\n"
        ),
    )

    assert bring(session, by_location).problems == []
    assert bring(session, with_prefix, source="other").problems == []

    rows = session.execute(
        select(
            AgencyService.name,
            AgencyService.eligibility,
            AgencyService.languages,
            AgencyService.minimum_age,
            AgencyService.maximum_age,
        ).order_by(AgencyService.name)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("Help", "", [], 0, None),
        ("Talks", "All", ["A", "B"], None, None),
    ]


def test_ids_that_count_from_one_may_be_another_directory_s(session: Session) -> None:
    bring(session, files())
    other = files(organizations="id,name\n1,Dental Bus\n")

    (line,) = refused(session, other)
    assert "--source" in line.do_next

    assert bring(session, other, 1, source="dental").accepted
    assert session.scalar(select(func.count()).select_from(Organization)) == 2


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        (
            {"organizations": ORGANIZATIONS.replace("Riverside Clinic", "")},
            ("organizations.csv", 2),
        ),
        ({"organizations": ORGANIZATIONS + "1,Again,,,\n"}, ("organizations.csv", 3)),
        ({"services": SERVICES.replace("s2,1,Grief group", "s2,1,")}, ("services.csv", 3)),
        ({"services": SERVICES.replace("s2,1", "s2,9")}, ("services.csv", 3)),
        ({"services": SERVICES.replace("s2", "s1")}, ("services.csv", 3)),
        ({"services": SERVICES.replace("inactive", "sometimes")}, ("services.csv", 3)),
        ({"services": SERVICES.replace("6,21", "six,21")}, ("services.csv", 2)),
        ({"services": SERVICES.replace("6,21", "21,6")}, ("services.csv", 2)),
        ({"services": SERVICES.replace("s2,", ",")}, ("services.csv", 3)),
        ({"services": SERVICES.replace("6,21", "6,21,x")}, ("services.csv", 2)),
        ({"organizations": ""}, ("raw", None)),
    ],
)
def test_what_is_refused(
    session: Session, changes: dict[str, str], place: tuple[str, int | None]
) -> None:
    assert place in [(line.file, line.row) for line in refused(session, files(**changes))]


@pytest.mark.parametrize("source", ["", " ", "x" * 31])
def test_a_source_without_a_usable_name(session: Session, source: str) -> None:
    assert not bring(session, files(), source=source).accepted


def test_a_site_of_nobody_is_left_out(session: Session) -> None:
    report = bring(session, files(locations=LOCATIONS + "l2,9,Elsewhere\n"))

    assert report.accepted
    assert [line.row for line in report.warnings] == [3]
    assert report.counts["sites"] == 1


def test_descriptions_may_go_over_several_lines(session: Session) -> None:
    text = ORGANIZATIONS.replace("Counseling", '"One line\nand another"')

    assert bring(session, files(organizations=text)).accepted
    assert "\n" in session.scalars(select(Organization.description)).one()
