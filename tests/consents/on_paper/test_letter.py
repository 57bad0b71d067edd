"""The letter and the e-mail with a link: in each language, and telling nobody anything."""

from __future__ import annotations

import pytest

from portal.consents.papers import letter, mail_text
from portal.consents.words import PLAIN
from portal.languages.catalog import available, catalog
from portal.policy.papers import same_name
from tests.consents.on_paper import samples
from tests.consents.on_paper.reading import of_pdf, says
from tests.pdf.reading import Pdf

LANGUAGES = ("en", "es", "pt")
LINK = "http://localhost:8501/consent/7Qm4-sample-one-time-link-of-forty-characters"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_shows_the_link_in_letters_and_as_a_code(language: str) -> None:
    pdf = Pdf(letter(samples.invitation(language)))

    assert says(of_pdf(letter(samples.invitation(language))), LINK)
    assert any(LINK in alt for alt in pdf.alts())
    assert len(pdf.pages) == 1
    assert pdf.catalog["/Lang"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_neither_names_a_student_a_partner_or_a_kind_of_record(language: str) -> None:
    told = Pdf(letter(samples.invitation(language))).text
    mail = mail_text(samples.invitation(language))
    told = f"{told} {mail.subject} {mail.body}"
    t = catalog(language).gettext

    assert not any(name in told for name in ("Luis", "Riverside", "Mei"))
    assert not any(t(kind) in told for kind in PLAIN.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_offered_in_every_language_of_the_portal(language: str) -> None:
    pdf = Pdf(letter(samples.invitation(language)))
    mail = mail_text(samples.invitation(language))
    for name in available().values():
        assert f"{name}: " in pdf.text
        assert f"{name}: " in mail.body
    assert "Le ayudamos en su idioma" in mail.body
    assert "(860) 555-0100" in mail.body


def test_a_language_is_told_to_a_reading_voice() -> None:
    tags = Pdf(letter(samples.invitation())).kinds()

    assert tags.count("LI") >= 3


def test_the_mail_is_plain_text_with_the_link_on_a_line_of_its_own() -> None:
    mail = mail_text(samples.invitation("es"))

    assert mail.subject == "Por favor, responda una pregunta de su escuela (Q-4K2XQ9)"
    assert LINK in mail.body.splitlines()
    assert "<" not in mail.body
    assert same_name(mail.body.splitlines()[0].strip("Hola,:"), "Maria Sample")


def test_a_code_is_announced_and_never_told() -> None:
    plain = mail_text(samples.invitation()).body
    with_code = mail_text(samples.invitation(with_code=True)).body

    assert "code that the school gives you in another way" in with_code
    assert "in another way" not in plain


def test_without_a_phone_the_school_is_named() -> None:
    silent = samples.form().office.model_copy(update={"phone": ""})
    district = samples.district()
    district.phone = ""
    form = samples.form().model_copy(update={"office": silent})
    mail = mail_text(samples.invitation(form=form, district=district))

    assert "It is free. Ask the school." in mail.body


def test_the_address_that_a_family_compares_is_the_portal_s_own() -> None:
    assert "The address begins with http://localhost:8501/." in mail_text(samples.invitation()).body
