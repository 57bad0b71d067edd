"""Every element that the law asks for is ticked off against what is printed."""

from __future__ import annotations

import pytest

from portal.consents.forms.definition import SECTION_OF, Section
from portal.consents.forms.elements import ELEMENTS, Element
from portal.consents.forms.telling import say
from portal.consents.papers import form_to_sign, receipt
from portal.consents.words import PLAIN, PURPOSES, SECTIONS
from portal.languages.catalog import catalog, day
from portal.vocabulary import Category, Purpose, Statement
from tests.consents.on_paper import samples
from tests.consents.on_paper.reading import of_pdf, of_word, says

LANGUAGES = ("en", "es", "pt")
LAST_DAY = samples.draft(samples.Instrument.FERPA).ends_on
PRINTED = {
    "receipt": lambda language: of_pdf(receipt(samples.agreed(language)).pdf),
    "receipt in Word": lambda language: of_word(receipt(samples.agreed(language)).docx),
    "form": lambda language: of_pdf(form_to_sign(samples.to_sign(language))),
}
VALUES = {
    "student": "Luis",
    "partner": "Riverside Clinic",
    "office": "the Records Office",
}


def values(language: str) -> dict[str, str]:
    assert LAST_DAY is not None
    return {**VALUES, "until": day(LAST_DAY, language)}


def content(section: Section, language: str) -> tuple[str, ...]:
    """What must stand in this part, besides its heading."""
    t = catalog(language).gettext
    form = samples.form()
    sentences = [form.statements[s] for s in Statement if SECTION_OF[s] is section]
    return {
        Section.STUDENT: ("Luis Sample",),
        Section.SIGNER: ("Maria Sample", t("Parent"), t("Why this person may sign")),
        Section.SCHOOL_MAY_GIVE: (
            t("What the school may give to %(partner)s", partner="Riverside Clinic"),
            t(PLAIN[Category.ATTENDANCE]),
            t(PLAIN[Category.SPECIAL_EDUCATION]),
        ),
        Section.PARTNER_MAY_GIVE: (
            t("What %(partner)s may give to the school", partner="Riverside Clinic"),
            t(PLAIN[Category.SERVICE_STATUS]),
        ),
        Section.WHO: ("Harbor Point Public Schools", "Riverside Clinic", "20 Mill Road"),
        Section.WHY: (t(PURPOSES[Purpose.COORDINATE]),),
        Section.SPECIAL: tuple(
            t(text)
            for text in (
                PLAIN[Category.PSYCHIATRIC],
                PLAIN[Category.SUD],
                PLAIN[Category.HIV],
                "Initials",
            )
        ),
        Section.HOW_LONG: (values(language)["until"],),
        Section.TAKING_BACK: ("1 Sample Street", "records_office@sampletown.example"),
        Section.SIGNATURE: (say(form.signing, language, values(language)).words,),
        Section.LANGUAGE: (catalog(language).own_name,),
        Section.STAFF: (t("How we knew who it was"),),
        Section.NOTICES: ("34 CFR 99.33(a), (d), (e)", "42 CFR 2.32(a), (b)", "CGS 19a-585(a)"),
    }.get(section, tuple(say(text, language, values(language)).words for text in sentences))


DIRECTIONS = (Section.SCHOOL_MAY_GIVE, Section.PARTNER_MAY_GIVE)


def is_printed(part: Section | Statement, told: str, language: str) -> bool:
    if isinstance(part, Statement):
        sentence = say(samples.form().statements[part], language, values(language))
        return sentence.language == language and says(told, sentence.words)
    heading = catalog(language).gettext(SECTIONS[part])
    headed = part in DIRECTIONS or says(told, heading)
    return headed and all(says(told, text) for text in content(part, language))


def of_this_form() -> list[Element]:
    """Those that a standard form with every kind of partner carries."""
    return [e for e in ELEMENTS if e.of_the_form and e.where and e.bound.test(samples.form())]


def test_there_is_much_to_tick_off() -> None:
    assert len(of_this_form()) > 40
    assert {part for element in of_this_form() for part in element.where} >= {
        *(section for section in Section),
        *(statement for statement in Statement),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", PRINTED)
def test_each_element_is_printed(paper: str, language: str) -> None:
    told = PRINTED[paper](language)
    missing = {
        element.id: [part for part in element.where if not is_printed(part, told, language)]
        for element in of_this_form()
    }

    assert {id_: parts for id_, parts in missing.items() if parts} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_initials_that_were_written_are_printed_beside_their_kind(language: str) -> None:
    told = of_pdf(receipt(samples.agreed(language)).pdf)
    t = catalog(language).gettext

    for kind, giver, initials in (
        (Category.PSYCHIATRIC, "Harbor Point Public Schools", "MS"),
        (Category.SUD, "Riverside Clinic", "MS"),
        (Category.HIV, "Riverside Clinic", "M.S."),
    ):
        assert says(told, f"{t('Yes')} {t(PLAIN[kind])} {giver} {initials}")
