"""The preview beside a draft is the document that issuing it keeps; nobody else may look."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.agreements import drafting, issuing, looking
from portal.agreements.content import from_json
from portal.agreements.rules import Step
from portal.errors import NotFound, NotReady, Refused
from portal.store.papers import Document
from portal.vocabulary import Following
from portal.word.outline import Grid, Text, outline
from tests.agreements.papers import BOTH_WAYS, drafted, issued, signed
from tests.people import NOW


def parts(content: bytes) -> dict[str, bytes]:
    """Every file in a Word file; the zip around them tells when it was packed."""
    packed = zipfile.ZipFile(io.BytesIO(content))
    return {name: packed.read(name) for name in packed.namelist()}


def test_the_preview_and_the_issued_document_are_the_same_paper(cast):
    paper, dina = drafted(cast), cast.who(cast.dina)
    seen = looking.preview(cast.session, dina, paper.id, NOW)

    issuing.issue(cast.session, dina, paper.id, NOW)
    kept = cast.session.get_one(Document, paper.document_id).content
    assert "word/document.xml" in parts(kept)
    assert parts(kept) == parts(seen)


def test_the_preview_is_kept_nowhere_and_shows_what_was_saved_last(cast):
    paper, dina = drafted(cast), cast.who(cast.dina)
    content = replace(from_json(paper.content), purpose="A heron stands in the harbor.")
    drafting.save(cast.session, dina, paper.id, content, paper.revision, NOW)

    seen = outline(looking.preview(cast.session, dina, paper.id, NOW))
    assert any(isinstance(b, Text) and "A heron stands in the harbor." in b.text for b in seen)
    assert cast.session.scalar(select(func.count()).select_from(Document)) == 0


def test_the_preview_numbers_its_articles_and_has_the_lines_of_the_schedule(cast):
    seen = outline(looking.preview(cast.session, cast.who(cast.dina), drafted(cast).id, NOW))

    numbered = [block.number for block in seen if isinstance(block, Text) and block.level == 2]
    assert numbered[:3] == ["1.", "2.", "3."]
    cells = {
        cell for block in seen if isinstance(block, Grid) for row in block.rows for cell in row
    }
    assert {"Attendance", "Support visits and services", "Service status"} <= cells


def test_what_stands_against_issuing_is_told_step_by_step(cast):
    paper = drafted(cast, partner={"services": (), "lines": BOTH_WAYS}, schools=())
    found = looking.problems(cast.session, cast.who(cast.dina), paper.id, NOW)

    assert set(found) == {Step.PARTIES, Step.SERVICES}


def test_the_form_offers_what_the_portal_knows(cast):
    offered = looking.room(cast.session, cast.who(cast.dina), drafted(cast).id, NOW)

    assert {agency.name for agency in offered.agencies.values()} == {
        "Riverside Clinic",
        "Hilltop Clinic",
    }
    assert offered.schools == ("North School", "South School")
    assert offered.before == {} and offered.follows == ""


def test_an_amendment_knows_the_lines_before_it(cast):
    first = signed(cast)
    origin = drafting.Origin(follows_id=first.id, follows_how=Following.AMENDS)
    content = from_json(first.content)
    dina = cast.who(cast.dina)
    paper = drafting.begin(cast.session, dina, content, NOW, "k2", origin)

    offered = looking.room(cast.session, dina, paper.id, NOW)
    assert offered.before == {cast.riverside.id: BOTH_WAYS}
    assert first.number in offered.follows


@pytest.mark.parametrize("look", [looking.room, looking.problems, looking.preview])
def test_only_the_district_that_writes_it_may_look_and_only_while_it_is_a_draft(cast, look):
    paper = drafted(cast)
    for who in (cast.alma, cast.hugo):
        with pytest.raises(NotFound):
            look(cast.session, cast.who(who), paper.id, NOW)
    with pytest.raises((NotFound, Refused)):
        look(cast.session, cast.who(cast.ana), paper.id, NOW)

    done = issued(cast, key="k2")
    with pytest.raises(NotReady):
        look(cast.session, cast.who(cast.dina), done.id, NOW)
