"""The paper says what the Content says: its clauses, its schedules, its signers, and no more."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.agreements import documents, elements
from portal.agreements.clauses.articles import ARTICLE_TITLES, NUMBERED
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.clauses.texts.connecticut import CT_CLAUSES
from portal.agreements.clauses.types import Clause, Need
from portal.agreements.content import Content, Line, Signer
from portal.agreements.printing import ANY_PURPOSE, AS_AGREED, DETAILS
from portal.errors import NotReady
from portal.vocabulary import (
    AGREEMENT_KIND_LABELS,
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    FREQUENCY_LABELS,
    LINE_BASIS_LABELS,
    PURPOSE_LABELS,
    RETENTION_LABELS,
    SHAREABLE,
    SPECIAL,
    AgreementKind,
    Category,
    Channel,
    Detail,
    Direction,
    Frequency,
    LineBasis,
    Purpose,
    Retention,
)
from tests.agreements.contents import (
    CLINIC,
    DISTRICT,
    HAVEN,
    HILLTOP,
    PARTIES,
    back,
    content,
    opened,
    printed,
    rendered,
    terms,
    texts,
    without,
    worded,
)

SCHEDULE = ["Records", "How much", "Purposes", "Basis", "How often", "How", "Kept until"]


def tables(document, head):
    """The rows of each table with this head, without it."""
    rows = [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]
    return [table[1:] for table in rows if table[0] == head]


def schedules(document):
    """The schedules as printed, by their label: A-1 the district's for the first partner."""
    labels = [
        found[1] for text in texts(document) if (found := re.match(r"Schedule ([AB]-\d+): ", text))
    ]
    empty = [text for text in texts(document) if " shares no records with " in text]
    printed_ = tables(document, SCHEDULE)
    assert len(labels) == len(printed_) + len(empty)
    return labels, printed_, empty


def row(line: Line) -> list[str]:
    """What the paper prints of a line; told here a second time, from the vocabulary alone."""
    purposes = "; ".join(PURPOSE_LABELS[p] for p in Purpose if p in line.purposes)
    anything = ANY_PURPOSE if line.basis is LineBasis.CONSENT else AS_AGREED
    return [
        CATEGORY_LABELS[line.category],
        DETAILS[line.detail],
        purposes or anything,
        LINE_BASIS_LABELS[line.basis],
        FREQUENCY_LABELS[line.frequency],
        CHANNEL_LABELS[line.method],
        RETENTION_LABELS[line.retention],
    ]


def rows(made: Content, place: int, way: Direction) -> list[list[str]]:
    ours = [line for line in made.partners[place].lines if line.direction is way]
    order = list(Category)
    return [row(line) for line in sorted(ours, key=lambda line: order.index(line.category))]


# Schedules

drawn_lines = st.lists(
    st.builds(
        Line,
        direction=st.sampled_from(Direction),
        category=st.sampled_from(SHAREABLE),
        detail=st.sampled_from(Detail),
        purposes=st.lists(st.sampled_from(Purpose), unique=True).map(tuple),
        basis=st.sampled_from(LineBasis),
        frequency=st.sampled_from(Frequency),
        method=st.sampled_from(Channel),
        retention=st.sampled_from(Retention),
    ),
    max_size=6,
    unique_by=lambda line: (line.direction, line.category),
).map(tuple)


@settings(max_examples=15, deadline=None)
@given(drawn=st.lists(drawn_lines, min_size=1, max_size=3))
def test_the_schedules_read_back_are_the_lines_of_the_agreement(drawn):
    made = content(partners=tuple(terms(n, lines=lines) for n, lines in enumerate(drawn)))

    _labels, shown, _empty = schedules(opened(made))
    places = range(len(drawn))
    expected = [rows(made, n, way) for way in Direction for n in places if rows(made, n, way)]
    assert shown == expected


def test_each_of_several_partners_has_schedules_services_and_terms_of_its_own():
    partners = (
        terms(0),
        terms(1, lines=(back(Category.SERVICE_STATUS),), services=()),
        terms(2, lines=(), waive_team=True, insurance="$9,000,000"),
    )
    document = opened(content(partners=partners))
    told = texts(document)

    labels, shown, empty = schedules(document)
    assert labels == ["A-1", "A-2", "A-3", "B-1", "B-2", "B-3"]
    assert [len(table) for table in shown] == [2, 1, 1]
    assert empty == [
        f"The District shares no records with {HILLTOP.name} under this agreement.",
        f"The District shares no records with {HAVEN.name} under this agreement.",
        f"{HAVEN.name} shares no records with the District under this agreement.",
    ]
    assert f"No service is listed for {HILLTOP.name}." in told
    assert f"{HAVEN.name}: $9,000,000" in told
    assert f"{HILLTOP.name}: 6 school days" in told
    assert f"at {HAVEN.name} by any user whom it has authorized in the portal" in told
    assert f"at {CLINIC.name} only by the members of the student's case team" in told


def test_the_cover_lists_every_schedule_with_its_place():
    [listed] = tables(
        opened(content(partners=(terms(0), terms(1, lines=())))),
        ["Schedule", "From", "To", "Lines", "Where"],
    )

    assert listed == [
        ["A-1", DISTRICT.name, CLINIC.name, "2", "Article 11"],
        ["A-2", DISTRICT.name, HILLTOP.name, "None", "Article 11"],
        ["B-1", CLINIC.name, DISTRICT.name, "1", "Article 12"],
        ["B-2", HILLTOP.name, DISTRICT.name, "None", "Article 12"],
    ]


def test_the_services_are_listed_with_tier_site_and_days():
    [listed] = tables(opened(content()), ["Service", "Tier", "Sites", "Days"])

    assert listed == [
        ["Individual counseling", "Tier 3, for a few", "North School", "Mondays"],
        [
            "Group for grieving students (also by telehealth)",
            "Tier 2, for some",
            "All schools it covers",
            "As agreed",
        ],
    ]


def test_sensitive_records_are_named_knowingly_and_their_absence_too():
    listed = content(partners=(terms(lines=tuple(back(c) for c in SPECIAL)),))
    told = texts(opened(listed))
    start = next(
        n for n, text in enumerate(told) if "the following such records, knowingly" in text
    )

    assert told[start + 1 : start + 6] == [CATEGORY_LABELS[c] for c in Category if c in SPECIAL]
    assert any("list no such records" in text for text in texts(opened(content())))


# Clauses


@pytest.mark.parametrize("kind", AgreementKind)
def test_every_clause_is_printed_within_its_bookmark_word_for_word(kind):
    made = content(kind)
    document = opened(made)

    told = documents.worded(document.element.body)
    assert told == documents.wording(printed(made), SHIPPED)
    assert set(told) == {choice.id for choice in made.clauses}
    assert set(CT_CLAUSES) <= set(told)


@pytest.mark.parametrize("kind", AgreementKind)
def test_each_kind_prints_the_articles_it_has_and_points_to_them_by_their_number(kind):
    made = content(kind)
    document = opened(made)
    here = {standing.clause.article for standing in SHIPPED.standing(made)}
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]

    assert headings == [ARTICLE_TITLES[article] for article in NUMBERED if article in here]
    number = headings.index("Security") + 1
    assert any(f"by the measures of Article {number} at least." in text for text in texts(document))
    assert document.paragraphs[0].text == AGREEMENT_KIND_LABELS[kind]


def test_a_memorandum_has_twenty_eight_headings():
    document = opened(content())

    headings = [p for p in document.paragraphs if p.style.name in ("Title", "Heading 1")]
    assert len(headings) == 28


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AgreementKind.STUDIES, "Its duration: From November 2026 through June 2027."),
        (AgreementKind.STUDIES, "no longer needed for the study, and by September 30, 2027"),
        (AgreementKind.AUDIT, "The Center for School Research is designated as the authorized"),
        (AgreementKind.AUDIT, "audit or evaluation, and by September 30, 2027 at the latest"),
        (AgreementKind.QSOA, "fully bound by 42 CFR Part 2"),
        (AgreementKind.QSOA, "If need be it will resist in court"),
        (AgreementKind.DATA_USE, "Riverside Clinic asked for the student data of Article 5"),
        (AgreementKind.DATA_USE, "This letter stands under M-4H8TWC of September 1, 2026"),
    ],
)
def test_each_kind_prints_the_terms_that_its_law_requires(kind, said):
    assert said in " ".join(texts(opened(content(kind))))


def test_a_changed_wording_is_marked_where_it_stands_and_listed_at_the_end():
    made = worded(content(), "ct_deletion", "Within two days.", reviewed_by="A. Counsel")
    document = opened(made)
    told = texts(document)

    at = told.index("Deletion on request. Within two days.")
    assert told[at + 1] == "Wording changed from the standard clause."
    assert told.count("Wording changed from the standard clause.") == 1
    [listed] = tables(document, ["Where", "Clause", "What", "Read by counsel"])
    assert listed == [
        [
            "16.2",
            "Deletion on request",
            "Wording changed from the standard clause, version 1",
            "A. Counsel",
        ]
    ]
    assert "Every clause stands in its standard wording." in texts(opened(content()))


def test_a_district_s_own_clause_is_printed_and_listed():
    bus = Clause(
        "own_bus",
        NUMBERED[5],
        "The late bus",
        ("A bus of {{ district.name }}.",),
        "A bus.",
        need=Need.USUAL,
    )
    library = SHIPPED.with_district([bus])
    document = opened(content(library=library), library)

    assert f"The late bus. A bus of {DISTRICT.name}." in texts(document)
    assert "A clause of the District's own." in texts(document)
    [listed] = tables(document, ["Where", "Clause", "What", "Read by counsel"])
    assert [line[1:3] for line in listed] == [["The late bus", "A clause of the district's own"]]


def test_the_annex_says_what_each_law_asks_and_where_it_stands():
    made = content()
    [listed] = tables(opened(made), ["Where", "Clause", "Law", "Citation"])

    assert len(listed) == sum(bool(s.clause.citation) for s in SHIPPED.standing(made))
    assert [
        "16.1",
        "Whose the data are",
        "Connecticut's law on contracts about student data",
        "Conn. Gen. Stat. § 10-234bb(a)",
    ] in listed


def test_required_clauses_are_known_by_their_ids_and_of_alternatives_the_chosen_one():
    required = documents.required_for(content(), SHIPPED)

    assert {*CT_CLAUSES, "term_notice", "liability_own"} <= required
    assert not required & {"term_cause", "liability_mutual", "laws_part2"}
    assert "term_notice" in documents.required_for(without(content(), "term_notice"), SHIPPED)


def test_a_clause_that_would_print_nothing_is_told_before_the_agreement_is_issued():
    quiet = worded(content(purpose=" "), "ct_law", "{% if several %}Ours.{% endif %}")

    assert documents.silent(printed(content()), SHIPPED) == []
    told = documents.silent(printed(quiet), SHIPPED)
    assert [problem.field for problem in told] == ["clauses.purpose", "clauses.ct_law"]


# Elements


@pytest.mark.parametrize("kind", AgreementKind)
def test_every_element_that_binds_has_its_clause_and_every_field_of_it_is_printed(kind):
    made = content(kind)
    asked = documents.read(documents.prepared(documents.shipped().content)).fields
    used = asked | documents.text_fields(made, SHIPPED)

    assert elements.lacking(made) == ()
    for element in elements.ELEMENTS:
        if element.binds(made):
            assert set(element.fields) <= used, element.id


# Signatures


def blocks(document):
    """Each place to sign: for whom, and who signs by what right."""
    found = []
    for table in document.tables:
        cells = [[cell.text for cell in line.cells] for line in table.rows]
        if cells[0][0].startswith("For "):
            assert [line[0] for line in cells[1:]] == [
                "Signature",
                "Name, title",
                "Capacity",
                "Date",
            ]
            found.append((cells[0][0], cells[2][1], cells[3][1]))
    return found


def test_every_signer_has_a_place_to_sign_partners_first_then_the_district():
    made = content(partners=(terms(0), terms(1, signers=(Signer("Hal Top", "Chair", ""),))))

    assert blocks(opened(made)) == [
        (f"For {CLINIC.name}", "Alma River 0, Executive Director", "By its bylaws"),
        (f"For {HILLTOP.name}", "Hal Top, Chair", ""),
        (
            f"For {DISTRICT.name}",
            "Sue Perin, Superintendent",
            "Authorized by the board. Vote of the board of education: November 10, 2026",
        ),
    ]


def test_the_order_of_signing_is_the_order_of_the_places():
    signers = (Signer("Sue Perin", "Superintendent"), Signer("Bo Ard", "Chair of the board"))
    made = content(partners=(terms(0), terms(1)), order=(0, 2, 1), district_signers=signers)

    assert [(block[0], block[1]) for block in blocks(opened(made))] == [
        (f"For {DISTRICT.name}", "Sue Perin, Superintendent"),
        (f"For {DISTRICT.name}", "Bo Ard, Chair of the board"),
        (f"For {HILLTOP.name}", "Alma River 1, Executive Director"),
        (f"For {CLINIC.name}", "Alma River 0, Executive Director"),
    ]


# The file


def test_hostile_names_and_terms_are_printed_as_they_are():
    name = "Rivers & Sons <Clinic> </w:t></w:r> O'Neil \u202egnp.exe"
    party = replace(CLINIC, name=name, address="1 & 2 <b>Street</b>")
    made = content(schools=("North & <South>",), purpose='To "help" & <i>heal</i>.')
    document = docx.Document(io.BytesIO(rendered(made, partners=(party,))))
    told = " ".join(texts(document))

    clean = name.replace("\u202e", "")
    assert f"between {DISTRICT.name} and {clean}" in texts(document)
    assert clean in document.sections[0].header.paragraphs[0].text
    assert "North & <South>" in told and 'To "help" & <i>heal</i>.' in told
    assert "\u202e" not in told


@pytest.mark.parametrize("field", ["purpose", "costs"])
def test_a_term_that_looks_like_a_field_is_sent_back(field):
    with pytest.raises(NotReady) as caught:
        rendered(content(**{field: "To help {{ everybody }}."}))

    assert caught.value.problems[0].field == field


def test_a_wording_that_cannot_be_filled_is_sent_back():
    with pytest.raises(NotReady) as caught:
        rendered(worded(content(), "ct_law", "The law of {{ nobody.name }}."))

    assert caught.value.problems[0].field == "clauses"


def test_no_tag_is_left_and_the_page_numbers_are_fields():
    with zipfile.ZipFile(io.BytesIO(rendered(content()))) as parts:
        whole = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))

    assert "{{" not in whole and "{%" not in whole
    assert 'w:instr="PAGE"' in whole and 'w:instr="NUMPAGES"' in whole


def test_bookmarks_have_names_and_numbers_that_word_takes():
    body = opened(content(partners=tuple(terms(n) for n in range(3)))).element.body
    key = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    starts = list(body.iter(f"{key}bookmarkStart"))
    ends = [end.get(f"{key}id") for end in body.iter(f"{key}bookmarkEnd")]
    names = [start.get(f"{key}name") for start in starts]
    numbers = [start.get(f"{key}id") for start in starts]

    assert len(set(names)) == len(names) and max(map(len, names)) <= 40
    assert len(set(numbers)) == len(numbers) and all(number.isdigit() for number in numbers)
    assert ends == numbers


def test_the_file_says_its_title_its_language_and_which_rows_are_heads():
    document = opened(content())
    key = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    heads = [
        t for t in document.tables if t.rows[0]._tr.find(f"{key}trPr/{key}tblHeader") is not None
    ]

    assert document.core_properties.title == "Memorandum of understanding M-7K3QF2"
    assert document.core_properties.language == "en-US"
    assert len(heads) == len(document.tables) - 3, (
        "all but the cover's facts and the two signatures"
    )
    for table in document.tables:
        assert table._tbl.tblPr.find(f"{key}tblCaption") is not None
        assert all(line._tr.find(f"{key}trPr/{key}cantSplit") is not None for line in table.rows)


def test_a_draft_with_nothing_filled_in_is_printed_with_its_gaps():
    empty = Content()
    drafted = replace(empty, clauses=SHIPPED.usual(empty))

    assert opened(drafted, partners=PARTIES[:1]).paragraphs[0].text == "Memorandum of understanding"
