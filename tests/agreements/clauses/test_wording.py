"""A clause's wording becomes paragraphs; what a person typed stays what it is."""

from __future__ import annotations

from portal.agreements.clauses.wording import Paragraph, fields, printed

VALUES = {
    "purpose": "To help",
    "several": True,
    "schools": ["North & South", "East <b>", "{{ purpose }}"],
}


def test_a_new_line_begins_a_paragraph_and_a_star_an_item():
    told = printed(("One.\nTwo.", "* Three"), VALUES)

    assert told == (Paragraph("One."), Paragraph("Two."), Paragraph("Three", is_item=True))


def test_a_list_becomes_an_item_for_each():
    told = printed(("Schools:{% for school in schools %}\n* {{ school }}{% endfor %}",), VALUES)

    assert [p.text for p in told] == ["Schools:", "North & South", "East <b>", "{{ purpose }}"]
    assert [p.is_item for p in told] == [False, True, True, True]


def test_what_comes_out_empty_is_no_paragraph():
    assert printed(("{% if several %}{% else %}One.{% endif %}", " "), VALUES) == ()


def test_a_value_begins_no_paragraph_of_its_own():
    value = "Harbor\n* Point\ue001 twice \ue000"
    [told] = printed(("{{ purpose }}",), {"purpose": value.replace("\ue001", "").strip("\ue000 ")})

    assert told.text.startswith("Harbor\n* Point") and not told.is_item


def test_the_fields_of_a_wording_are_those_it_names():
    used, problems = fields(("{{ purpose }}{% if several %}{{ at.security }}{% endif %}",))

    assert (used, problems) == ({"purpose", "several", "at.security"}, [])
