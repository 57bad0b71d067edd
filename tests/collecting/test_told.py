"""A family is told of a shareable data point, partners agree on it, and only then it opens."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import docx
import pytest

from portal.access import data_points
from portal.agreements import issuing
from portal.collecting import template
from portal.consents import service as consents
from portal.consents.forms.questions import About, Ask, Proposal, questions
from portal.consents.forms.telling import Partner
from portal.consents.papers.form import packet
from portal.consents.papers.receipt import signed
from portal.store.consents import ConsentSigning
from portal.store.papers import Document
from portal.vocabulary import Category, Instrument, Purpose
from tests.agreements import papers as agreements
from tests.collecting.points import MOOD, defined, dina
from tests.collecting.test_answers import answer
from tests.consents.forms.ready import ready
from tests.consents.on_paper import samples
from tests.consents.on_paper.reading import of_word, says
from tests.consents.papers import a_draft
from tests.people import NOW, Cast

BEFORE = NOW - timedelta(days=30)
NAMED = {
    Category.ATTENDANCE: ({"en": "Walks to school", "es": "Va a pie"}, {"en": "Late bus"}),
    Category.SERVICE_STATUS: ({"en": "Not the partner's"},),
    Category.PSYCHIATRIC: ({"en": "Mood"},),
}


def test_only_what_may_go_to_partners_is_named(cast: Cast) -> None:
    defined(cast, shared=True)
    defined(cast, MOOD, shared=False)

    named = data_points.shared(cast.session, cast.district.id)

    assert list(named) == [Category.HEALTH]
    assert data_points.told(named, Category.HEALTH) == "Asthma plan on file"
    assert data_points.told(named, Category.HEALTH, "es") == "Plan de asma en la escuela"
    assert data_points.told(named, Category.HEALTH, "pt") == "Asthma plan on file"
    assert data_points.told(named, Category.VISITS) == ""


def test_a_retired_question_is_named_as_long_as_it_has_answers(cast: Cast) -> None:
    with_answer, without = defined(cast, shared=True), defined(cast, MOOD, shared=True)
    answer(cast, {with_answer.id: "yes"})
    for point in (with_answer, without):
        template.retire(cast.session, dina(cast), point.id, NOW)

    named = data_points.shared(cast.session, cast.district.id)
    assert data_points.told(named, Category.HEALTH) == "Asthma plan on file"


@pytest.mark.parametrize(
    ("language", "says_"),
    [
        ("en", "Also what the school asks itself: Walks to school; Late bus."),
        ("es", "También lo que la escuela pregunta por su cuenta: Va a pie; Late bus."),
    ],
)
def test_a_family_reads_it_in_its_language_where_it_is_asked(language: str, says_: str) -> None:
    proposal = Proposal(
        Partner("1", "Riverside"),
        NOW.date(),
        out=frozenset({Category.ATTENDANCE, Category.VISITS}),
        back=frozenset({Category.SERVICE_STATUS}),
        purposes=frozenset({Purpose.COORDINATE}),
    )
    pages = questions(ready(), [proposal], About("Luis", language, named=NAMED))
    choices = {
        choice.code: choice
        for page in pages
        for choice in page.choices
        if page.ask in (Ask.SCHOOL_MAY_GIVE, Ask.PARTNER_MAY_GIVE)
    }
    told = {code: choice.more for code, choice in choices.items() if choice.more}

    assert told["attendance"].words.endswith(says_)
    assert told["attendance"].record.endswith(
        "Also what the school asks itself: Walks to school; Late bus."
    )
    assert "asks itself" not in told["visits"].record
    assert "asks itself" not in told["service_status"].record  # the partner gives that


def test_it_stands_on_the_form_to_sign_and_on_the_receipt() -> None:
    form = packet(replace(samples.to_sign(), named=NAMED)).sheets[0]
    receipt = signed(samples.agreed("es", named=NAMED))

    assert "Days at school and days missed, with: Walks to school; Late bus" in [
        tick.what for tick in form.instruments[0].records
    ]
    assert "Mental health care, with: Mood" in [special.what for special in form.special]
    assert [tick.what for tick in receipt.instruments[0].records if "Va a pie" in tick.what]
    assert not [tick.what for tick in receipt.instruments[1].records if "Not" in tick.what]


def test_a_signature_keeps_what_the_family_was_told(cast: Cast) -> None:
    defined(cast, MOOD, category=Category.VISITS, shared=True, at=BEFORE)
    [consent] = consents.record(cast.session, cast.who(cast.ana), [a_draft(cast)], NOW, "k")
    signing = cast.session.get_one(ConsentSigning, consent.signing_id)
    kept = cast.session.get_one(Document, signing.docx_id)

    assert consent.discloser_id == cast.district.id
    assert a_draft(cast).instrument is Instrument.FERPA
    assert says(of_word(kept.content), "what for, with: Mood today")


def test_it_stands_in_the_schedule_of_an_agreement(cast: Cast) -> None:
    defined(cast, MOOD, category=Category.VISITS, shared=True)
    defined(cast, category=Category.SERVICE_STATUS, shared=True)
    paper = agreements.drafted(cast)
    content = agreements.a_content(cast)
    made = docx.Document(io.BytesIO(issuing.preview(cast.session, paper, content, NOW)))
    cells = {cell.text for table in made.tables for row in table.rows for cell in row.cells}

    assert "Support visits and services, with: Mood today" in cells
    assert "Service status" in cells  # the partner gives that
