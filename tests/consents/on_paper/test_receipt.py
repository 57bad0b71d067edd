"""The receipt says what was agreed, the same in both shapes and in each language."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from docx import Document

from portal.consents.drafts import TypedConsent
from portal.consents.forms.definition import Section
from portal.consents.papers import receipt, word
from portal.consents.papers.receipt import signed
from portal.consents.papers.writer import LABEL_OF
from portal.consents.words import SECTIONS
from portal.languages.catalog import catalog
from portal.vocabulary import Category, Instrument, SignerKind
from tests.consents.forms.ready import without
from tests.consents.on_paper import samples
from tests.consents.on_paper.reading import of_pdf, of_word, says, squeezed
from tests.pdf.reading import Pdf

LANGUAGES = ("en", "es", "pt")
BY_WORD_ITSELF = {"page.before", "page.between", "page.after"}


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest):
    """The values of a receipt, and what both of its shapes say."""
    agreed = samples.agreed(request.param)
    papers = receipt(agreed)
    return signed(agreed), of_pdf(papers.pdf), of_word(papers.docx)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text among these values, with where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item, f"{path}[]")


def test_the_word_file_and_the_pdf_say_the_same(made) -> None:
    consent, pdf, docx = made
    told = [
        (path, text)
        for path, text in texts(word.values(consent))
        if path not in BY_WORD_ITSELF and not path.startswith(("blocks.", "labels."))
    ]

    assert len(told) > 80
    assert [line for line in told if not says(docx, line[1])] == []
    assert [line for line in told if not says(pdf, line[1])] == []


def test_each_direction_has_its_number_and_its_own_answers(made) -> None:
    consent, _pdf, _docx = made
    out, back = consent.instruments

    assert (out.number, back.number) == ("C-1A", "C-2A")
    assert (out.giver, out.receiver) == ("Harbor Point Public Schools", "Riverside Clinic")
    assert (back.giver, back.receiver) == (out.receiver, out.giver)
    assert [tick.ticked for tick in back.records] == [True, False]
    assert sum(tick.ticked for tick in out.records) == 3


def test_a_special_kind_bears_its_initials_and_the_others_say_no(made) -> None:
    consent, _pdf, _docx = made
    yes = {(kind.giver, kind.initials) for kind in consent.special if kind.ticked}

    assert yes == {
        ("Harbor Point Public Schools", "MS"),
        ("Riverside Clinic", "MS"),
        ("Riverside Clinic", "M.S."),
    }
    assert all(not kind.initials for kind in consent.special if not kind.ticked)
    assert len(consent.special) == 7


def test_what_proves_it_is_printed(made) -> None:
    _consent, pdf, docx = made
    for told in (pdf, docx):
        for proof in ("K7XM-2QPD-9RTW", "0123456789abcdef" * 4, "fedcba9876543210" * 4):
            assert says(told, proof)
        assert says(told, "http://localhost:8501/verify/K7XM-2QPD-9RTW")
        assert says(told, "EST (UTC-05:00)")


def test_every_label_is_in_the_signer_s_language() -> None:
    consent = signed(samples.agreed("es"))
    english = signed(samples.agreed("en"))
    same = {
        path
        for (path, text), (_path, other) in zip(
            texts(consent.labels.__dict__), texts(english.labels.__dict__), strict=True
        )
        if text == other
    }

    assert same == set()
    assert consent.help.language == "Español"
    assert "version 1" in consent.help.translation


def test_the_word_file_says_its_language() -> None:
    made = receipt(samples.agreed("es"))
    styles = zipfile.ZipFile(io.BytesIO(made.docx)).read("word/styles.xml").decode()

    assert Document(io.BytesIO(made.docx)).core_properties.language == "es"
    assert '<w:lang w:val="es"' in styles
    assert Pdf(made.pdf).catalog["/Lang"] == "es"


def test_the_pdf_is_tagged_and_its_figures_are_told_in_words() -> None:
    pdf = Pdf(receipt(samples.drawn()).pdf)

    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp
    assert pdf.alts()[0] == "Signature of Maria Sample"
    assert pdf.alts()[1] == "QR code that opens http://localhost:8501/verify/K7XM-2QPD-9RTW"


def test_a_drawn_signature_is_told_with_its_interpreter_and_who_identified_the_signer() -> None:
    made = receipt(samples.drawn())
    for told in (of_pdf(made.pdf), of_word(made.docx)):
        assert says(told, "Drawn on a screen, and the name typed")
        assert says(told, "Name as typedMaria Sample")
        assert says(told, "InterpreterInés Intérprete")
        assert says(told, "by a member of the school's staff (Ana Counts)")


def test_a_receipt_of_a_paper_says_that_it_waits_to_be_confirmed() -> None:
    made = receipt(samples.on_paper())
    for told in (of_pdf(made.pdf), of_word(made.docx)):
        assert says(told, "Signed by hand on November 18, 2026. The school keeps the scan.")
        assert says(told, "Nothing is shared until a second person has compared")
        assert not says(told, "Name as typed")
        assert says(told, "By the signature on the paper")
        assert not says(told, "This is your copy.")


def test_everybody_of_a_family_in_therapy_is_listed() -> None:
    drafts = samples.both(cosigners=("Olga Sample", "Omar Sample"))
    made = receipt(samples.agreed(drafts=drafts))
    for told in (of_pdf(made.pdf), of_word(made.docx)):
        assert says(told, "Olga Sample November 20, 2026, 10:00 AM EST (UTC-05:00)")
        assert says(told, "Omar Sample")


def test_people_who_alone_may_get_it_are_named() -> None:
    rita = samples.MARIA.id
    drafts = (samples.draft(Instrument.FERPA, people=frozenset({rita})),)
    consent = signed(samples.agreed(drafts=drafts, people={rita: "Rita River"}))

    assert consent.instruments[0].receiver == "Riverside Clinic: Rita River"
    assert [party.role for party in consent.parties] == ["Gives", "Gets"]


def test_one_direction_alone_has_no_word_of_the_other() -> None:
    consent = signed(samples.agreed(drafts=(samples.draft(Instrument.FERPA),)))

    assert [side.block for side in consent.instruments] == ["school_may_give"]
    assert {kind.giver for kind in consent.special} == {"Harbor Point Public Schools"}
    assert [notice.law for notice in consent.notices] == ["34 CFR 99.33(a), (d), (e)"]


def test_an_event_ends_it_in_words() -> None:
    drafts = samples.both(ends_on=None, ends_on_event="The care ends")
    consent = signed(samples.agreed(drafts=drafts))

    assert {side.event for side in consent.instruments} == {"The care ends"}
    assert "We stop after The care ends." in consent.hints.how_long
    assert says(of_word(receipt(samples.agreed(drafts=drafts)).docx), "The care ends")


def test_a_partner_under_no_health_law_gives_by_written_permission() -> None:
    plain = samples.partner(is_hipaa=False, is_part2=False)
    consent = signed(samples.agreed(partner=plain))

    assert consent.instruments[1].law == "Written permission"
    assert not any("HIPAA" in sentence for sentence in consent.afterwards)


def test_a_student_signs_for_care_of_their_own() -> None:
    luis = replace(samples.MARIA, kind=SignerKind.STUDENT, name="Luis Sample", capacity="Student")
    drafts = (
        samples.draft(
            Instrument.HIPAA,
            categories=frozenset({Category.SUD}),
            initials={Category.SUD: "LS"},
            signature=TypedConsent("Luis Sample", attests=True),
        ),
    )
    agreed = samples.agreed(
        drafts=drafts, signer=luis, signing=samples.signing(typed_name="Luis Sample")
    )
    made = receipt(agreed)

    assert signed(agreed).minor is not None
    for told in (of_pdf(made.pdf), of_word(made.docx)):
        assert not says(told, "Not signed here. A blank means no.")
        assert says(told, "no one else may say yes for you")
    assert says(of_pdf(receipt(samples.agreed()).pdf), "Not signed here. A blank means no.")


def test_what_staff_wrote_of_the_signer_s_authority_stands_as_it_is() -> None:
    drafts = samples.both(authority="Order of the probate court, June 2026")

    assert signed(samples.agreed(drafts=drafts)).signer.authority == (
        "Order of the probate court, June 2026"
    )


def test_a_part_that_the_form_lacks_is_on_neither_shape() -> None:
    form = without(samples.form(), Section.STUDENT)
    made = receipt(samples.agreed(form=form))
    heading = squeezed("The student")

    assert heading not in of_pdf(made.pdf)
    assert heading not in of_word(made.docx)


def test_the_district_s_order_is_kept() -> None:
    form = samples.form()
    parts = list(form.sections)
    parts.remove(Section.RIGHTS)
    moved = form.model_copy(update={"sections": (Section.RIGHTS, *parts)})
    heads = [h for h in Pdf(receipt(samples.agreed(form=moved)).pdf).headings() if h[:2] == "H2"]

    assert heads[:2] == ["H2 Your rights", "H2 The student"]


def test_no_sasid_is_on_a_paper_that_the_family_keeps() -> None:
    made = receipt(samples.agreed())

    assert "0000000101" not in of_pdf(made.pdf) + of_word(made.docx)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headings_are_those_of_the_screen(language: str) -> None:
    labels = signed(samples.agreed(language)).labels
    t = catalog(language).gettext

    assert {getattr(labels, name) for name in LABEL_OF.values()} == {
        t(SECTIONS[section]) for section in LABEL_OF
    }
