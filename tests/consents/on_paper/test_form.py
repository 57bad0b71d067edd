"""The form that is printed to be signed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.consents.forms.shipped import FORMS
from portal.consents.papers import form_to_sign
from portal.consents.papers.form import packet
from portal.consents.papers.values import AskedOf
from portal.vocabulary import Category, FormKind
from tests.consents.forms.ready import ready
from tests.consents.on_paper import samples
from tests.consents.on_paper.reading import of_pdf, says
from tests.pdf.reading import Pdf

LANGUAGES = ("en", "es", "pt")


def two():
    """One student and two partners, the second of which gives nothing."""
    first = samples.to_sign().asked[0]
    hilltop = samples.partner(name="Hilltop Youth House", is_hipaa=False, is_part2=False)
    second = replace(first, partner=hilltop, proposal=samples.asked(back=frozenset()))
    return samples.to_sign(asked=(first, second))


def test_it_asks_only_what_staff_propose_and_answers_nothing() -> None:
    sheet = packet(samples.to_sign()).sheets[0]

    assert [tick.what for tick in sheet.instruments[0].records] == [
        "Days at school and days missed",
        "Special education plan",
        "Visits with support staff: when, how long, what for",
    ]
    assert not any(tick.ticked or tick.answer for tick in sheet.instruments[0].records)
    assert [(kind.giver, kind.what) for kind in sheet.special] == [
        ("Harbor Point Public Schools", "Mental health care"),
        ("Riverside Clinic", "Care for alcohol or drug use"),
        ("Riverside Clinic", "HIV: tests, status or care"),
    ]
    assert not any(kind.initials for kind in sheet.special)


def test_it_has_room_for_two_pens_and_no_proof() -> None:
    told = of_pdf(form_to_sign(samples.to_sign()))

    assert told.count("SignhereDate") == 2
    assert not says(told, "Verification code")
    assert says(told, "Luis Sample")


def test_it_names_the_form_s_usual_last_day_where_none_is_proposed() -> None:
    sheet = packet(samples.to_sign()).sheets[0]

    assert {side.ends_on for side in sheet.instruments} == {"June 30, 2027"}
    assert "June 30, 2027" in sheet.hints.how_long


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tagged_and_in_the_signer_s_language(language: str) -> None:
    pdf = Pdf(form_to_sign(samples.to_sign(language)))

    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.xmp
    assert pdf.catalog["/Lang"] == language


def test_each_partner_has_a_form_of_its_own_that_begins_on_a_page_of_its_own() -> None:
    pdf = Pdf(form_to_sign(two()))
    begin = [page for page in pdf.pages if "1. The student" in page]

    assert [head for head in pdf.headings() if head[:2] == "H1"] == ["H1 Consent for Release"] * 2
    assert len(begin) == 2
    assert "Q-4K2XQ9 · 1/2" in begin[0]
    assert "Q-4K2XQ9 · 2/2" in begin[1]
    assert all("Q-4K2XQ9 · 2/2" in page for page in pdf.pages[pdf.pages.index(begin[1]) :])


def test_a_form_says_nothing_of_the_other_partner() -> None:
    pdf = Pdf(form_to_sign(two()))
    start = next(n for n, page in enumerate(pdf.pages) if "· 2/2" in page)

    assert "Riverside" not in " ".join(pdf.pages[start:])
    assert "Hilltop" not in " ".join(pdf.pages[:start])
    assert "HIPAA" not in " ".join(pdf.pages[start:])


@pytest.mark.parametrize("kind", [kind for kind in FormKind if kind is not FormKind.STANDARD])
def test_a_form_for_one_matter_names_it(kind: FormKind) -> None:
    nothing: frozenset[Category] = frozenset()
    purposes = frozenset(FORMS[kind].purposes)
    proposal = samples.asked(out=nothing, back=nothing, purposes=purposes)
    of = AskedOf(samples.student(), "North School", samples.partner(), proposal)
    sheet = packet(samples.to_sign(form=ready(kind), asked=(of,))).sheets[0]
    told = of_pdf(form_to_sign(samples.to_sign(form=ready(kind), asked=(of,))))

    assert (
        sheet.instruments[0]
        .records[0]
        .what.endswith(("apart from the rest of the file.", "named on this form."))
    )
    assert says(told, sheet.instruments[0].records[0].what)
    assert says(told, "The case") == (kind is FormKind.COURT_USE)


def test_the_logo_is_kept_once_for_all() -> None:
    wanted = replace(two(), form=samples.form().model_copy(update={"logo": samples.LOGO}))
    made = packet(wanted)

    assert made.logo is not None
    assert [sheet.logo for sheet in made.sheets] == [None, None]
    assert Pdf(form_to_sign(wanted)).alts()[0] == "Harbor Point Public Schools"
