"""The list as a paper: tagged, in plain words, in three languages, and kept."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from portal.access import documents, trail
from portal.access.trail import Entry
from portal.consents.forms.wording import grade
from portal.errors import NotFound, NotReady
from portal.languages.catalog import available, catalog
from portal.policy.accounting import Law
from portal.policy.decision import Reason
from portal.stewardship.accounting import papers, service, words
from portal.store.ledger import TrailLine
from portal.vocabulary import Category, DocumentKind, ExportPurpose, LegalKind
from tests import factories as make
from tests.pdf.reading import Pdf
from tests.people import NOW
from tests.stewardship.accounting.conftest import NOTE, Story


@pytest.fixture
def told(story: Story) -> Story:
    """Rita opened the record twice, Hugo was refused, and a program's file went along."""
    cast = story.cast
    story.opens(cast.rita)
    story.opens(cast.rita, NOW)
    refusal = Entry("record.opened", False, NOW, (cast.luis.id,), codes=["NO_CONSENT"])
    trail.write(cast.session, cast.who(cast.hugo), refusal)
    taken = Entry(
        "consent.exported",
        True,
        NOW,
        (cast.luis.id,),
        detail={"sha256": "a" * 64, "notices": [["ferpa-99.33", "2026-1"], ["gone", "1"]]},
    )
    trail.write(cast.session, cast.who(cast.rita), taken)
    trail.settle(cast.session)
    return story


def test_the_list_says_who_what_when_why_and_on_what_ground(told: Story) -> None:
    values = papers.values(told.for_maria(Law.FERPA), "en")

    opened = next(one for one in values.given if "2 times" in one.date)
    assert (opened.person, opened.organization, opened.address) == (
        "Rita River",
        "Riverside Clinic",
        "1 River Road",
    )
    assert "Visits with support staff" in opened.what
    assert "Records shown: 2. Not shown: 0." in opened.what
    assert opened.why == "To plan help together and see that it works"
    assert "Consent C-0192 (34 CFR 99.30)." in opened.ground
    assert "this law does not ask for this row" in opened.ground
    assert opened.until == "May 4, 2031"
    taken = next(one for one in values.given if one is not opened)
    assert "Told with it: Do not pass school records on (34 CFR 99.33" in taken.what
    assert "Told with it: gone" in taken.what
    assert "Fingerprint of the file: aaaaaaaaaaaaaaaa…." in taken.what
    [refused] = values.refused
    assert (refused.person, refused.reason) == ("Hugo Hill", words.NOT_AGREED)
    assert refused.address == "No address is known"


def test_everything_names_staff_family_and_what_they_did(told: Story) -> None:
    told.for_maria()
    trail.settle(told.cast.session)
    told.opens(told.cast.ana)
    values = papers.values(told.for_ana(), "en")
    grounds = {one.person: one.ground for one in values.given}
    until = {one.person: one.until for one in values.given}

    assert grounds["Ana Counts"] == "Works at the school or the district (34 CFR 99.31(a)(1))."
    assert grounds["Maria Sample"] == "Is the student, or of the family (34 CFR 99.10)."
    assert (until["Ana Counts"], until["Maria Sample"]) == ("As long as it is their work", "")


@pytest.mark.parametrize("law", list(Law))
@pytest.mark.parametrize("language", list(available()))
def test_each_law_in_each_language_makes_values_without_a_hole(
    told: Story, law: Law, language: str
) -> None:
    values = papers.values(told.for_maria(law), language)

    assert values.title == catalog(language).gettext(words.TITLES[law])
    assert "%(" not in repr(values)
    assert NOTE not in repr(values)


def test_the_paper_is_tagged_and_in_its_language(told: Story) -> None:
    made = service.list_for_family(
        told.cast.session, told.maria(), told.cast.luis.id, Law.FERPA, "es", NOW
    )
    trail.settle(told.cast.session)
    pdf = Pdf(made.content)

    assert pdf.catalog["/Lang"] == "es"
    assert "Quién pidió datos de la escuela" in " ".join(pdf.headings())
    assert sum(tag.kind == "Table" for tag in pdf.tags) == 2
    line = told.cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "disclosures.made")
    ).one()
    assert line.detail["sha256"] == hashlib.sha256(made.content).hexdigest()
    assert (line.user_name, line.detail["language"]) == ("Maria Sample", "es")


def made_for(story: Story, user, holder=None, law: Law = Law.EVERYTHING):
    cast = story.cast
    key = holder.id if holder else None
    why = None if key else ExportPurpose.ACCESS_REVIEW
    return service.make_list(cast.session, cast.who(user), cast.luis.id, law, "pt", NOW, key, why)


def test_the_school_says_what_its_own_list_is_for(told: Story) -> None:
    cast, luis, everything = told.cast, told.cast.luis.id, Law.EVERYTHING
    for why in (None, ExportPurpose.OWN_WORK):
        with pytest.raises(NotReady):
            service.make_list(
                cast.session, cast.who(cast.ana), luis, everything, "en", NOW, None, why
            )
    text = " ".join(Pdf(made_for(told, cast.ana).content).text.split())
    trail.settle(cast.session)

    assert "A review or an audit of who has access" in text
    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "disclosures.made")
    ).one()
    assert line.purpose == "access_review"


def test_one_click_keeps_the_list_and_whoever_sees_openings_may_open_it(told: Story) -> None:
    cast = told.cast
    kept = made_for(told, cast.ana, cast.maria)

    assert (kept.kind, kept.student_id) == (DocumentKind.DISCLOSURES, cast.luis.id)
    for user in (cast.ana, cast.omar, cast.sue):
        opened = documents.open_document(cast.session, cast.who(user), kept.id, NOW)
        assert opened.content.startswith(b"%PDF")
    for user in (cast.tom, cast.dina, cast.rita, cast.alma, cast.hugo):
        with pytest.raises(NotFound):
            documents.open_document(cast.session, cast.who(user), kept.id, NOW)


def test_the_list_for_the_school_leaves_nothing_out_and_the_mothers_does(told: Story) -> None:
    cast = told.cast
    entry = Entry("record.opened", True, NOW, (cast.luis.id,), opened=["sud"])
    trail.write(cast.session, cast.who(cast.rita), entry)
    trail.settle(cast.session)
    ana, luis = cast.who(cast.ana), cast.luis.id
    everything = service.for_staff(cast.session, ana, luis, Law.FERPA, NOW)
    hers = service.for_staff(cast.session, ana, luis, Law.FERPA, NOW, cast.maria.id)

    assert len(everything.rows) == len(hers.rows) + 1
    assert (everything.made_for, hers.made_for) == ("Harbor Point Public Schools", "Maria Sample")
    assert made_for(told, cast.ana).content.startswith(b"%PDF")


def test_a_list_is_made_only_for_whom_the_law_gives_it_to(told: Story) -> None:
    cast = told.cast
    found = service.holders(cast.session, cast.who(cast.ana), cast.luis.id, NOW)

    assert [holder.name for holder in found] == ["Maria Sample"]
    for nobody in (cast.luis, cast.tom):
        with pytest.raises(NotReady, match="may get this list"):
            made_for(told, cast.ana, nobody)
    with pytest.raises(NotFound):
        service.holders(cast.session, cast.who(cast.ana), cast.rita.id, NOW)


def test_a_paper_that_leaves_its_keeper_has_its_notices_in_the_trail(told: Story) -> None:
    cast = told.cast
    cast.riverside.is_hipaa = True
    keep = {"owner_id": cast.riverside.id, "student_id": cast.luis.id}
    kept = documents.keep(
        cast.session,
        cast.rita.id,
        kind=DocumentKind.CONSENT,
        file_name="consent.pdf",
        media_type="application/pdf",
        content=b"%PDF-1.7",
        at=NOW,
        **keep,
    )
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, document_id=kept.id)
    documents.open_document(cast.session, cast.who(cast.ana), kept.id, NOW)
    trail.settle(cast.session)

    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "document.opened", TrailLine.allowed)
    ).one()
    assert line.detail["notices"] == [["hipaa-164.508", "2026-1"]]


def test_the_words_are_those_of_the_sixth_grade() -> None:
    sentences = [*words.INTRODUCTIONS.values(), *words.RIGHTS, words.AS_ONE, words.NOT_ASKED]

    assert grade(" ".join(sentences)) <= 6
    assert all(grade(text) <= 9 for text in sentences)


def test_every_code_has_its_words() -> None:
    assert set(words.KINDS) == set(Category)
    assert set(words.LEGAL) == set(LegalKind)
    assert set(words.TITLES) == set(words.INTRODUCTIONS) == set(words.LAW_LABELS) == set(Law)
    assert words.reasons([Reason.KNOWN_FALSE]) == [words.BY_RULE]
    assert words.event("something.new") == words.OTHERWISE
