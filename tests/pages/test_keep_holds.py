"""The page of legal holds."""

from __future__ import annotations

from tests.pages.conftest import PortalDb
from tests.pages.test_review_access import button

PAGE = "keep_holds.py"


def test_a_hold_is_placed_and_lifted_by_another(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    page = portal_db.run(PAGE, cast.dina)
    assert "No hold stands." in portal_db.shown(page)
    button(page, "Place the hold").click().run()
    assert "No student of the district has this number." in portal_db.shown(page)
    for label, text in (
        ("SASID or number at school", "0000000101"),
        ("Matter", "Case <b>26-17</b>"),
        ("Reason", "The court asked us."),
    ):
        next(box for box in page.text_input if box.label == label).set_value(text)
    button(page, "Place the hold").click().run()
    assert not page.exception
    assert "Case &lt;b&gt;26-17&lt;/b&gt;" in portal_db.shown(page)
    assert "another officer lifts it" in portal_db.shown(page)

    other = portal_db.run(PAGE, cast.sue)
    assert "Luis Sample" in portal_db.shown(other)
    button(other, "Lift …").click().run()
    other.text_input[0].set_value("Settled.").run()
    button(other, "Lift this hold").click().run()
    assert "No hold stands." in portal_db.shown(other)
    assert "Lifted by Sue Perin: Settled." in portal_db.shown(other)
