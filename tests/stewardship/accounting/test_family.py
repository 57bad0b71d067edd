"""What a family is told: all of its own student, nothing of another's, nothing kept from it."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access import trail
from portal.access.trail import Entry
from portal.errors import NotFound, Refused
from portal.policy.accounting import Law, Party
from portal.stewardship.accounting import service
from portal.store.people import CourtOrder
from portal.vocabulary import Category, CourtRight, SignerKind
from tests import factories as make
from tests.people import LONG_AGO, NOW
from tests.stewardship.accounting.conftest import Story


def people(rows) -> set[str]:
    return {row.person for row in rows}


def test_a_mother_sees_who_saw_it_and_that_she_asked(story: Story) -> None:
    story.opens(story.cast.rita)
    story.for_maria()
    trail.settle(story.cast.session)

    found = story.for_maria()
    assert people(found.rows) >= {"Rita River", "Maria Sample"}
    assert (found.made_for, found.student) == ("Maria Sample", "Luis Sample")
    own = next(row for row in found.rows if row.person == "Maria Sample")
    assert (own.party, own.event) == (Party.FAMILY, "disclosures.accounted")


def test_what_only_the_student_may_know_of_is_not_told_to_a_mother(story: Story) -> None:
    cast = story.cast
    program = make.organization(cast.session, "A Program", "provider")
    program.is_part2 = True
    pia = make.user(cast.session, program, "Pia Program", cast.rita.role, cast.rita.level)
    make.relation(cast.session, pia, cast.luis, "team")
    make.agreement(cast.session, cast.district, program)
    make.record(cast.session, cast.luis, Category.SUD)
    make.consent(
        cast.session,
        cast.luis,
        program,
        cast.maria,
        [Category.SUD],
        number="C-OWN",
        signer_kind=SignerKind.STUDENT,
        signer_id=cast.luis.id,
    )
    story.opens(pia)
    refusal = Entry("record.opened", False, NOW, (cast.luis.id,), codes=["PURPOSE_DIFFERS"])
    trail.write(cast.session, cast.who(pia), refusal)
    subject = Entry("consent.signed", True, NOW, (cast.luis.id,), subject="C-OWN", by="Luis")
    trail.write(cast.session, None, subject)
    trail.settle(cast.session)

    assert [row.person for row in story.for_ana().rows].count("Pia Program") == 2
    told = repr(asdict(story.for_maria()))
    for secret in ("Pia", "A Program", "C-OWN", "sud", "Luis'"):
        assert secret not in told


def test_of_a_mixed_opening_the_rest_is_told_without_its_counts(story: Story) -> None:
    cast = story.cast
    entry = Entry(
        "record.opened",
        True,
        NOW,
        (cast.luis.id,),
        opened=["visits", "sud"],
        detail={
            "items": 5,
            "items_closed": 2,
            "content_sha256": "f" * 64,
            "notices": [["part2-2.32", "2026-1"], ["ferpa-99.33", "2026-1"]],
            "bases": ["consent"],
        },
    )
    trail.write(cast.session, cast.who(cast.rita), entry)
    trail.settle(cast.session)

    row = next(row for row in story.for_maria().rows if row.person == "Rita River")
    assert row.kinds == (Category.VISITS,)
    assert (row.items, row.withheld, row.content_sha256) == (None, None, "")
    assert row.notices == (("ferpa-99.33", "2026-1"),)


def test_a_student_of_eighteen_has_the_list_and_the_mother_no_longer(story: Story) -> None:
    luis = story.cast.luis
    mother = story.maria()
    luis.born, luis.majority_at = luis.born.replace(year=2005), LONG_AGO
    own = story.comes_in(SignerKind.STUDENT, luis.id, "Luis Sample")

    assert service.for_family(story.cast.session, own, luis.id, Law.EVERYTHING, NOW).applies
    with pytest.raises(Refused):
        service.for_family(story.cast.session, mother, luis.id, Law.EVERYTHING, NOW)


def test_a_parent_kept_from_the_records_by_an_order_gets_no_list(story: Story) -> None:
    mother = story.maria()
    order = CourtOrder(
        student_id=story.cast.luis.id,
        guardian_id=story.cast.maria.id,
        limits=CourtRight.ACCESS,
        starts_at=LONG_AGO,
        document_reference="A made-up order",
        checked_by=story.cast.ana.id,
    )
    make.stored(story.cast.session, order)

    with pytest.raises(Refused):
        service.for_family(story.cast.session, mother, story.cast.luis.id, Law.FERPA, NOW)


@pytest.mark.parametrize("other", ["mei", "zoe"])
def test_another_students_list_looks_as_if_there_were_no_such_student(
    story: Story, other: str
) -> None:
    mother = story.maria()
    for key in (getattr(story.cast, other).id, uuid.uuid4()):
        with pytest.raises(NotFound, match="no student here"):
            service.for_family(story.cast.session, mother, key, Law.EVERYTHING, NOW)


LINES = st.lists(
    st.tuples(
        st.sets(st.sampled_from(["luis", "mei", "zoe"]), min_size=1),
        st.sampled_from(["rita", "hugo", "ana", None]),
        st.sampled_from(["record.opened", "students.listed_across", "document.opened"]),
        st.booleans(),
        st.sets(st.sampled_from(list(Category)), max_size=3),
        st.sampled_from(list(Law)),
    ),
    min_size=1,
    max_size=8,
)


@given(lines=LINES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_family_ever_reads_a_line_that_is_not_about_its_student(story: Story, lines) -> None:
    cast, session = story.cast, story.cast.session
    mother = story.maria()
    with session.begin_nested() as undone:
        for number, (about, who, event, allowed, kinds, _law) in enumerate(lines):
            entry = Entry(
                event,
                allowed,
                NOW - timedelta(minutes=number),
                tuple(getattr(cast, name).id for name in about),
                subject=f"line {number}",
                opened=sorted(kinds) if allowed else (),
                by=f"{number}",
            )
            trail.write(session, cast.who(getattr(cast, who)) if who else None, entry)
        trail.settle(session)
        mine = {NOW - timedelta(minutes=n) for n, line in enumerate(lines) if "luis" in line[0]}
        for law in Law:
            found = service.for_family(session, mother, cast.luis.id, law, NOW)
            written = [row for row in found.rows if row.event in ENTRIES]
            assert {row.at for row in written} <= mine
        undone.rollback()


ENTRIES = {"record.opened", "students.listed_across", "document.opened"}
