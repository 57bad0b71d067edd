"""Whatever somebody does to the inside of a Word file, the answer is a document or sentences."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.agreements import documents
from portal.word import annotate, blanks, checking, filling
from portal.word.checking import ready, samples
from portal.word.leaving import Told
from portal.word.problems import Unusable
from tests.word.templates import AT, packed, raw, table, template

TAGS = ("{{ ", " }}", "{%", "%}", "{%p if x %}", "{%p endif %}", "{%tr for a in b %}", "{#", "#}")
MARKUP = ("<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:tc>", "<w:tr/>", "<w:ins>")
OTHER = ('<w:fldChar w:fldCharType="begin"/>', "<!-- x -->", "<![CDATA[", "&amp;", "\ufdd0", "_")
PIECES = ("", "name", "{% endfor %}", *TAGS, *MARKUP, *OTHER)


@st.composite
def edited(draw) -> bytes:
    """A good template of which some part was cut, doubled or written into."""
    content = draw(st.sampled_from(GOOD))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()}
    name = draw(st.sampled_from([n for n in sorted(files) if n.endswith((".xml", ".rels"))] + MAIN))
    text = files[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = text[:start] + draw(st.sampled_from([*PIECES, text[start:end] * 2])) + text[end:]
    return packed({**files, name: text})


MAIN = ["word/document.xml"] * 20
GOOD = [
    template("{{ name }}", "{% if x %}", "Clause.", "{% endif %}"),
    raw(table(("{%tr for a in b %}",), ("{{ a }}",), ("{%tr endfor %}",))),
    documents.shipped().content,
]


@settings(max_examples=80, deadline=None)
@given(edited())
def test_an_edit_gives_a_document_or_problems_and_nothing_else(content):
    _, problems = checking.check(content, None, ())
    if problems:
        try:
            annotate.annotated(content, problems)
        except Unusable as bad:
            assert bad.problems
    else:
        made = ready(content)
        values = samples([use for use, _ in made.uses], full=True)
        try:
            assert filling.fill(made, values, Told("", "", AT))
        except Unusable as bad:
            assert bad.problems


@settings(max_examples=50, deadline=None)
@given(edited())
def test_blanks_of_an_edited_file_can_be_replaced_or_are_not_found(content):
    try:
        found = blanks.find(content, ["name"])
        made = blanks.with_fields(content, {blank.id: "name" for blank in found})
    except Unusable as bad:
        assert bad.problems
        return
    assert isinstance(made, bytes)
