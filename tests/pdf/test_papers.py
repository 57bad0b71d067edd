"""What the shipped papers are to a screen reader, and what they say.

Their conformance to PDF/UA-1 is declared by typst, which refuses what it can see to break it;
it was not checked by a validator such as veraPDF.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.errors import BadFile
from portal.pdf import papers, render
from tests.pdf import samples
from tests.pdf.reading import Pdf

BLOCKS = """
The student|Who signs|The school may give|The clinic may give|Who gives and who gets|Why
These need your initials|How long|Your choice|Taking it back|What happens after|Your rights
Your own care|Signature|Language and help|For the school|Notes that go along
"""

KINDS = (
    *("consent", "form", "letter", "reply"),
    *("disclosures", "certificate", "record", "export", "summary", "minutes"),
)


def made(paper, pool, language="en", at=samples.AT):
    return render.make(papers.order(paper, language=language, at=at), pool)


@pytest.fixture(scope="module")
def read(pool):
    """Each sample, made once and read back."""
    return {
        kind: Pdf(made(paper, pool))
        for kind, paper in zip(KINDS, samples.everything(), strict=True)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_tagged_and_says_so(read, kind):
    pdf = read[kind]

    assert pdf.catalog["/MarkInfo"]["/Marked"] is not None
    assert pdf.catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 (pypdf's own boolean)
    assert pdf.catalog["/Lang"] == "en"
    assert pdf.catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp
    assert "<dc:creator><rdf:Seq><rdf:li>Sampleton Public Schools<" in pdf.xmp


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_has_a_title_one_first_heading_and_no_figure_without_words(read, kind):
    pdf = read[kind]
    paper = dict(zip(KINDS, samples.everything(), strict=True))[kind]

    assert f">{f'{paper.title} {paper.number}'.strip()}</rdf:li>" in pdf.xmp
    assert [head for head in pdf.headings() if head[:2] == "H1"] == [f"H1 {paper.title}"]
    assert all(pdf.alts())


@pytest.mark.parametrize("kind", KINDS)
def test_each_page_says_which_it_is_of_how_many(read, kind):
    pages = read[kind].pages

    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text


@pytest.mark.parametrize(
    "kind", ["consent", "form", "disclosures", "certificate", "record", "export", "summary"]
)
def test_each_table_has_heads_and_every_cell_is_in_a_row(read, kind):
    tags = read[kind].tags
    tables = [tag for tag in tags if tag.kind == "Table"]

    assert tables
    assert sum(tag.kind == "THead" for tag in tags) == len(tables)
    assert all(tag.within[-2:] == ("THead", "TR") for tag in tags if tag.kind == "TH")
    assert all(tag.within[-1] == "TR" for tag in tags if tag.kind in ("TH", "TD"))


def test_the_consent_has_the_blocks_of_the_model_form_in_their_order(read):
    heads = [head[3:] for head in read["consent"].headings() if head[:2] == "H2"]

    assert heads == [*BLOCKS.strip().replace("\n", "|").split("|"), "Proof of this consent"]
    assert "17. Notes that go along" in read["consent"].text


def test_a_tick_is_told_in_words(read):
    text = read["consent"].text

    assert "Yes Days at school and days missed July 1, 2026 – June 30, 2027" in text
    assert "No Test scores" in text
    assert "Yes: To work on a plan together" in text
    assert "Yes Care for alcohol or drug use Riverside Sample Clinic ME" in text


def test_each_direction_has_days_of_its_own(read):
    text = read["consent"].text

    assert "The school may give September 14, 2026 June 30, 2027 The care ends" in text
    assert "The clinic may give September 14, 2026 December 31, 2026" in text


def test_a_receipt_shows_the_signature_and_what_proves_it(read):
    pdf = read["consent"]

    assert "Signature of Marisol Ejemplo" in pdf.alts()
    assert f"QR code that opens {samples.VERIFY}" in pdf.alts()
    assert "September 14, 2026, 10:05 AM EDT (UTC-4)" in pdf.text
    assert "01234567 89abcdef" in pdf.text
    assert "Verification code K7XM-2QPD" in pdf.text
    assert samples.VERIFY in pdf.text.replace("- ", "-")


def test_a_consent_that_was_taken_back_says_so_before_anything_else(read):
    first = read["consent"].pages[0]

    assert first.index("Taken back on December 3, 2026") < first.index("1. The student")


def test_a_form_has_room_to_sign_and_no_proof(read):
    pdf = read["form"]

    assert pdf.text.count("Sign here") == 2
    assert "Proof of this consent" not in pdf.text
    assert pdf.alts() == [samples.LOGO.alt]


def test_a_letter_shows_the_link_in_letters_and_as_a_code(read):
    pdf = read["letter"]

    assert samples.LINK in pdf.text.replace("- ", "-")
    assert f"QR code that opens {samples.LINK}" in pdf.alts()
    assert "Is this letter real?" in pdf.text
    assert "Español" in pdf.text


def test_a_letter_has_no_place_for_the_name_of_a_student():
    assert not [field for field in papers.Letter.__dataclass_fields__ if "student" in field]


def test_the_heads_of_a_long_table_stand_on_each_of_its_pages(read):
    pages = read["disclosures"].pages

    assert len(pages) > 3
    assert all("What allowed it" in page for page in pages[:-1])


def test_a_row_stays_on_one_page(read):
    for page in read["disclosures"].pages:
        assert page.count("Dana Doe-Sample") == page.count("CFR 99.30)")


def test_a_certificate_shows_each_signature_with_its_fingerprints_and_where_it_is_checked(read):
    pdf = read["certificate"]

    assert [head for head in pdf.headings() if head[:2] == "H3"] == [
        "H3 Rosa Sample",
        "H3 Pat Sample",
    ]
    assert pdf.text.count("Fingerprint of the scan") == 1
    assert "01234567 89abcdef" in pdf.text
    assert "QR code that opens https://portal.example.org/verify/M-7K3QF2" in pdf.alts()


def test_a_certificate_of_many_signers_keeps_each_of_them_on_one_page(pool):
    pages = Pdf(made(samples.certificate(24), pool)).pages

    assert len(pages) > 4
    assert sum(page.count("Pat Sample") for page in pages) == 2 * 23
    assert all(page.count("Name typed, signed in") == page.count("For Sampleton") for page in pages)


def test_an_empty_accounting_says_that_nothing_was_found(pool):
    paper = replace(samples.disclosures(0), refused=())
    text = Pdf(made(paper, pool)).text

    assert paper.no_given in text
    assert paper.no_refused in text
    assert "What allowed it" not in text


def test_labels_come_in_another_language(pool):
    labels = papers.labels(papers.LetterLabels, lambda text: text.replace("Phone", "Tel\u00e9fono"))
    pdf = Pdf(made(replace(samples.letter(), labels=labels), pool, language="es"))

    assert "Tel\u00e9fono" in pdf.text
    assert pdf.catalog["/Lang"] == "es"
    assert "Phone" in papers.english(papers.LetterLabels)


def test_a_language_that_is_none_is_our_own_mistake(pool):
    with pytest.raises(ValueError, match="small letters"):
        made(samples.letter(), pool, language="Spanish")


@pytest.mark.parametrize(
    ("data", "alt", "what"),
    [
        (b"<svg/>", "A tree", "cannot be the logo"),
        (b"GIF89a", "A tree", "cannot be the logo"),
        (papers.SHAPES["png"] + bytes(300_000), "A tree", "cannot be the logo"),
        (samples.LOGO.data, "  ", "has no words"),
    ],
)
def test_a_logo_is_a_small_picture_with_words(data, alt, what):
    with pytest.raises(BadFile, match=what):
        papers.logo(data, alt)


@pytest.mark.parametrize("language", ["ar", "ht", "pl", "pt-BR"])
def test_a_paper_says_its_language(language, pool):
    assert Pdf(made(samples.letter(), pool, language=language)).catalog["/Lang"] == language


def test_the_same_paper_has_the_same_bytes_and_another_time_another(pool):
    first, second = (made(samples.consent(), pool) for _ in range(2))
    later = made(samples.consent(), pool, at=samples.AT + timedelta(days=1))

    assert first == second
    assert later != first
    assert b"D:20260914140500Z" in first
