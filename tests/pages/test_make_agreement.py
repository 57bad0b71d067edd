"""The page Agreements: the list, a new one, its draft step by step, and its issue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest

from portal.agreements import drafting, queries
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.content import Content, from_json
from portal.agreements.rules import Step
from portal.store.agreements import AgreementPaper
from portal.store.papers import AgreementLine
from portal.ui.agreement_views import IN_ADDRESS, OPEN
from portal.vocabulary import AgreementKind, Category, Detail, Direction
from tests.agreements import papers
from tests.pages.conftest import PortalDb
from tests.people import NOW, Cast

PAGE = "make_agreement.py"


def click(page: AppTest, label: str) -> AppTest:
    found = next(button for button in page.button if button.label.startswith(label))
    return found.click().run()


def field(elements, label: str):
    return next(element for element in elements if element.label.startswith(label))


def fill(page: AppTest, label: str, text: str) -> AppTest:
    inputs = [*page.text_input, *page.text_area]
    return field(inputs, label).set_value(text).run()


def forward(page: AppTest, steps: int) -> AppTest:
    for _step in range(steps):
        page = click(page, "Next")
        assert not page.exception
    return page


def to_step(page: AppTest, step: Step) -> AppTest:
    """By the bar."""
    bar = next(group for group in page.button_group if group.label == "Steps")
    return bar.set_value(step).run()


def the_paper(portal_db: PortalDb) -> AgreementPaper:
    with portal_db.writing() as session:
        return session.scalars(select(AgreementPaper)).one()


def content(portal_db: PortalDb) -> Content:
    return from_json(the_paper(portal_db).content)


def at_home(portal_db: PortalDb, session) -> Cast:
    return replace(portal_db.cast, session=session)


@pytest.fixture
def begun(portal_db: PortalDb) -> AppTest:
    """A memorandum with Riverside, begun by Dina."""
    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page.multiselect, "With whom").set_value([portal_db.cast.riverside.id])
    return click(page, "Begin")


@pytest.fixture
def complete(portal_db: PortalDb) -> AppTest:
    """A draft in which nothing is missing, open on Dina's page."""
    with portal_db.writing() as session:
        paper = papers.drafted(at_home(portal_db, session))
    page = portal_db.page(PAGE, portal_db.cast.dina)
    page.session_state[OPEN] = paper.id
    return page.run()


# The list


def test_nobody_and_the_wrong_person_are_turned_away(portal_db):
    assert "You are not signed in" in portal_db.shown(portal_db.run(PAGE, None))
    for who in (portal_db.cast.ana, portal_db.cast.alma, portal_db.cast.tom):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))


def test_what_ends_soonest_comes_first_and_what_is_over_last(portal_db):
    with portal_db.writing() as session:
        cast = at_home(portal_db, session)
        late = papers.drafted(cast, key="a", ends_on=date(2027, 6, 30))
        soon = papers.drafted(cast, key="b", ends_on=date(2027, 2, 1))
        gone = papers.drafted(cast, key="c", ends_on=date(2026, 12, 1))
        drafting.discard(session, cast.who(cast.dina), gone.id, "Written twice.", NOW)

    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.dina))
    assert shown.index(soon.number) < shown.index(late.number) < shown.index(gone.number)


def test_the_list_is_narrowed_by_status_and_by_a_part_of_a_name(portal_db):
    with portal_db.writing() as session:
        cast = at_home(portal_db, session)
        papers.signed(cast, key="a")
        hilltop = papers.terms_of(cast, agency_id=cast.hilltop.id)
        papers.drafted(cast, key="b", content=papers.a_content(cast, partners=(hilltop,)))

    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page.selectbox, "Show").set_value("In force").run()
    assert "Riverside Clinic" in portal_db.shown(page)
    assert "Hilltop Clinic" not in portal_db.shown(page)

    field(page.selectbox, "Show").set_value("All").run()
    shown = portal_db.shown(fill(page, "Partner or number", "hill"))
    assert "Hilltop Clinic" in shown and "Riverside Clinic" not in shown
    assert "None of the 2" in portal_db.shown(fill(page, "Partner or number", "nobody"))


def test_two_hundred_agreements_are_listed_with_as_many_questions_as_two(portal_db):
    def questions(how_many: int) -> int:
        with portal_db.writing() as session:
            cast = at_home(portal_db, session)
            for n in range(how_many):
                papers.drafted(cast, key=f"{how_many}-{n}")
        asked: list[str] = []
        dina = portal_db.who(portal_db.cast.dina)
        with portal_db.writing() as session:
            listen = (session.connection(), "before_cursor_execute")
            event.listen(*listen, note := lambda *told: asked.append(told[2]))
            queries.ours(session, dina, NOW)
            event.remove(*listen, note)
        return len(asked)

    few = questions(2)
    assert questions(198) == few
    page = portal_db.run(PAGE, portal_db.cast.dina)
    assert len([b for b in page.button if b.label == "Open"]) == 20


def test_an_agreement_of_others_cannot_be_opened(portal_db):
    page = portal_db.page(PAGE, portal_db.cast.dina)
    page.session_state[OPEN] = portal_db.cast.riverside.id
    page.run()

    assert not page.exception
    assert "Without an agreement in force" in portal_db.shown(page)


# Beginning


def test_a_new_one_begins_with_what_the_portal_knows(portal_db, begun):
    assert not begun.exception
    said = content(portal_db)
    assert said.kind is AgreementKind.MOU
    assert said.schools == ("North School", "South School")
    assert said.district_signers[0].name == "Sue Perin"
    assert said.partners[0].signers[0].name == "Alma River"
    assert said.district_liaison.name == "Dina Desk"
    assert len(said.clauses) > 80


def test_it_begins_with_what_the_last_one_said_and_says_so(portal_db):
    with portal_db.writing() as session:
        last = papers.signed(at_home(portal_db, session), costs="The district pays the taxi.")

    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page.multiselect, "With whom").set_value([portal_db.cast.riverside.id])
    page = click(page, "Begin")
    assert f"It begins with what {last.number} said" in portal_db.shown(page)
    page = to_step(page, Step.TERMS)
    assert field(page.text_input, "Costs").value == "The district pays the taxi."


def test_without_a_partner_nothing_is_begun(portal_db):
    page = click(portal_db.run(PAGE, portal_db.cast.dina), "Begin")

    assert "There is a problem" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.scalars(select(AgreementPaper)).all() == []


def test_a_letter_of_data_use_is_begun_under_an_agreement(portal_db):
    with portal_db.writing() as session:
        above = papers.signed(at_home(portal_db, session))
    page = portal_db.run(PAGE, portal_db.cast.dina)
    page.radio(key="agreement-kind").set_value(AgreementKind.DATA_USE).run()
    field(page.multiselect, "With whom").set_value([portal_db.cast.riverside.id])
    field(page.selectbox, "Under which agreement").set_value(above.id)
    page = click(page, "Begin")

    assert "Data-use letter with Riverside Clinic" in portal_db.shown(page)
    with portal_db.writing() as session:
        letters = select(AgreementPaper).where(AgreementPaper.kind == AgreementKind.DATA_USE)
        assert session.scalars(letters).one().parent_id == above.id


# The steps


def test_every_step_opens_and_the_document_stands_beside_it(portal_db, begun):
    page = begun
    for title in ("Services", "Records", "Clauses", "People", "Dates", "Review"):
        page = click(page, "Next")
        assert not page.exception
        assert f". {title}" in portal_db.shown(page)
        assert 'class="p-sheet"' in portal_db.shown(page)
    assert "Back" in [button.label for button in page.button]


def test_a_field_is_saved_when_it_is_left(portal_db, begun):
    fill(begun, "Purpose", "A heron stands in the harbor.")

    assert content(portal_db).purpose == "A heron stands in the harbor."
    assert the_paper(portal_db).revision == 2
    assert "A heron stands in the harbor." in portal_db.shown(begun)  # in the document beside
    assert "Saved at 10:00 AM" in portal_db.shown(begun)


def test_a_step_whose_fields_stay_as_they_are_saves_nothing(portal_db, begun):
    forward(begun, 6)

    assert the_paper(portal_db).revision == 1


def test_left_and_opened_again_it_goes_on_at_the_same_step(portal_db, begun):
    page = forward(begun, 2)
    page = click(page, "Back to all agreements")
    assert "Without an agreement in force" in portal_db.shown(page)

    page = click(page, "Open")
    assert "3. Records" in portal_db.shown(page)


def test_a_reload_finds_the_draft_and_the_step_by_the_address(portal_db, begun):
    fill(forward(begun, 1), "Service: what", "Counseling")
    page = portal_db.page(PAGE, portal_db.cast.dina)
    page.query_params[IN_ADDRESS] = str(the_paper(portal_db).id)
    page.query_params["step"] = "services"
    page.run()

    assert "2. Services" in portal_db.shown(page)
    assert field(page.text_input, "Service: what").value == "Counseling"


def test_opened_on_another_day_it_goes_on_where_something_is_missing(portal_db, begun):
    fill(begun, "Purpose", "Another purpose.")
    page = portal_db.page(PAGE, portal_db.cast.dina)
    page.session_state[OPEN] = the_paper(portal_db).id

    assert "2. Services" in portal_db.shown(page.run())


def test_what_somebody_else_saved_is_not_overwritten_and_what_was_typed_stays(portal_db, begun):
    paper = the_paper(portal_db)
    with portal_db.writing() as session:
        sue = at_home(portal_db, session).who(portal_db.cast.sue)
        told = replace(from_json(paper.content), purpose="Sue was here.")
        drafting.save(session, sue, paper.id, told, paper.revision, NOW)
    desk = begun.session_state["agreement-draft"]
    assert desk.revision == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.ui.agreement_draft.of", lambda view, step="": desk)
        page = fill(begun, "Purpose", "Dina was here.")

    shown = portal_db.shown(page)
    assert "Somebody else has saved this draft" in shown
    assert "Not saved. What you typed is still here." in shown
    assert field(page.text_area, "Purpose").value == "Dina was here."
    assert content(portal_db).purpose == "Sue was here."

    page = click(page, "Open the newer draft")
    assert field(page.text_area, "Purpose").value == "Sue was here."


def test_partners_are_added_and_taken_out(portal_db, begun):
    cast = portal_db.cast
    field(begun.multiselect, "Partners").set_value([cast.riverside.id, cast.hilltop.id]).run()
    page = forward(begun, 2)
    assert [group.label for group in page.button_group] == ["Steps", "Partner"]
    assert [terms.agency_id for terms in content(portal_db).partners] == [
        cast.riverside.id,
        cast.hilltop.id,
    ]

    page = to_step(page, Step.PARTIES)
    field(page.multiselect, "Partners").set_value([cast.hilltop.id]).run()
    assert [terms.agency_id for terms in content(portal_db).partners] == [cast.hilltop.id]


def test_each_of_several_partners_has_lines_of_its_own(portal_db, begun):
    cast = portal_db.cast
    field(begun.multiselect, "Partners").set_value([cast.riverside.id, cast.hilltop.id]).run()
    page = to_step(begun, Step.RECORDS)
    field(page.multiselect, "The district may share with Riverside").set_value(
        [Category.ATTENDANCE]
    ).run()
    partner = next(group for group in page.button_group if group.label == "Partner")
    page = partner.set_value(1).run()
    field(page.multiselect, "The district may share with Hilltop").set_value(
        [Category.DISCIPLINE]
    ).run()

    def listed(place: int) -> set[Category]:
        lines = content(portal_db).partners[place].lines
        return {line.category for line in lines if line.direction is Direction.A_TO_B}

    assert (listed(0), listed(1)) == ({Category.ATTENDANCE}, {Category.DISCIPLINE})
    click(page, "Give every partner these lines")
    assert listed(0) == listed(1) == {Category.DISCIPLINE}


def test_services_are_added_and_taken_out_row_by_row(portal_db, begun):
    page = fill(forward(begun, 1), "Service: what", "Counseling")
    page = click(page, "Add a service")
    fill(page, "Service (2): what", "Evaluation")
    assert [s.name for s in content(portal_db).partners[0].services] == ["Counseling", "Evaluation"]

    page = click(page, "Take out: Service (1)")
    assert [s.name for s in content(portal_db).partners[0].services] == ["Evaluation"]
    assert field(page.text_input, "Service: what").value == "Evaluation"


def test_a_line_of_the_schedule_is_narrowed(portal_db, begun):
    page = to_step(begun, Step.RECORDS)
    field(page.selectbox, "Attendance: how much").set_value(Detail.SUMMARY).run()

    line = next(x for x in content(portal_db).partners[0].lines if x.category == "attendance")
    assert line.detail is Detail.SUMMARY
    assert any("only what and when" in expander.label for expander in page.expander)


def test_sensitive_records_are_listed_only_when_that_is_meant(portal_db, begun):
    page = to_step(begun, Step.RECORDS)
    field(page.multiselect, "The district may share").set_value([Category.SUD]).run()
    assert any("sensitive records" in b.label for b in to_step(page, Step.REVIEW).button)

    page = to_step(page, Step.RECORDS)
    field(page.checkbox, "We mean to list").check().run()
    assert not any("sensitive records" in b.label for b in to_step(page, Step.REVIEW).button)


def test_it_says_who_can_sign_in_the_portal(portal_db, begun):
    shown = portal_db.shown(to_step(begun, Step.PEOPLE))

    assert "In the portal can sign: Sue Perin. Others sign on paper" in shown
    assert "In the portal can sign: Alma River." in shown


# Clauses


def test_a_required_clause_is_locked_with_the_law_that_asks_for_it(portal_db, begun):
    page = to_step(begun, Step.CLAUSES)
    field(page.selectbox, "Which article").select("connecticut").run()

    shown = portal_db.shown(page)
    assert "Required" in shown and "10-234bb" in shown
    assert [box.label for box in page.checkbox] == []


def test_an_optional_clause_is_added_and_of_alternatives_one_is_chosen(portal_db, begun):
    page = to_step(begun, Step.CLAUSES)
    field(page.selectbox, "Which article").select("parties").run()
    optional = page.checkbox(key=next(b.key for b in page.checkbox if "general_offer" in b.key))
    optional.check().run()
    assert "parties_general_offer" in {choice.id for choice in content(portal_db).clauses}

    field(page.selectbox, "Which article").select("money").run()
    who = field(page.radio, "Who bears a loss")
    who.set_value(SHIPPED.current["liability_mutual"]).run()
    ids = {choice.id for choice in content(portal_db).clauses}
    assert "liability_mutual" in ids and "liability_own" not in ids


def test_a_changed_wording_shows_old_and_new_and_asks_who_read_it(portal_db, begun):
    page = to_step(begun, Step.CLAUSES)
    field(page.selectbox, "Which article").select("cover").run()
    page = click(page, "Edit the wording")
    page = fill(page, "Wording of", "The Spanish text of this agreement is the one that binds.")
    page = click(page, "Save the wording")
    shown = portal_db.shown(page)
    assert "Changed" in shown and "<ins>" in shown and "<del>" in shown
    assert any("was changed" in button.label for button in to_step(page, Step.REVIEW).button)

    page = to_step(page, Step.CLAUSES)
    field(page.selectbox, "Which article").select("cover").run()
    click(page, "Take the library's wording")
    assert all(choice.text is None for choice in content(portal_db).clauses)


# Review and issue


def test_every_gap_is_listed_and_leads_to_its_field(portal_db, begun):
    page = to_step(begun, Step.REVIEW)
    labels = [button.label for button in page.button]
    assert any("No service is named." in label for label in labels)
    assert page.button(
        key=next(b.key for b in page.button if (b.key or "").endswith("-issue"))
    ).disabled

    page = click(page, "No service is named.")
    assert "2. Services" in portal_db.shown(page)
    assert "Name at least one service." in portal_db.shown(page)


def test_what_it_will_allow_and_forbid_is_told_per_category_and_direction(portal_db, complete):
    shown = portal_db.shown(to_step(complete, Step.REVIEW))

    assert "Riverside Clinic may see" in shown and "Harbor Point Public Schools may see" in shown
    assert "With consent" in shown and "Never" in shown


def test_a_complete_one_is_issued_and_is_then_no_form_any_more(portal_db, complete):
    page = click(to_step(complete, Step.REVIEW), "Issue for signature")

    assert not page.exception
    paper = the_paper(portal_db)
    shown = portal_db.shown(page)
    assert f"Issued. {paper.number} now waits for its signatures." in shown
    assert "Out for signature" in shown
    assert not any(button.label.startswith("Next") for button in page.button)
    with portal_db.writing() as session:
        rows = session.scalars(
            select(AgreementLine.category).where(AgreementLine.frequency != "")
        ).all()
    assert sorted(rows) == ["attendance", "service_status", "visits"]


def test_it_is_sent_to_the_partners_with_its_gaps_and_can_still_be_written(portal_db, begun):
    page = fill(to_step(begun, Step.REVIEW), "Message", "Please read article 5.")
    page = click(page, "Send for review")

    assert "Sent for review to Riverside Clinic." in portal_db.shown(page)
    show = next(group for group in page.button_group if group.label == "Show")
    show.set_value("The draft").run()
    assert any(group.label == "Steps" for group in page.button_group)


def test_a_draft_is_discarded_with_a_reason(portal_db, begun):
    page = click(to_step(begun, Step.REVIEW), "Discard the draft")
    assert "The reason is missing" in portal_db.shown(page)

    page = click(fill(page, "Why is it discarded", "Written twice."), "Discard the draft")
    assert "is discarded" in portal_db.shown(page)
    assert the_paper(portal_db).discarded_reason == "Written twice."


def test_an_amendment_says_what_only_a_later_consent_opens(portal_db):
    with portal_db.writing() as session:
        cast = at_home(portal_db, session)
        first = papers.signed(cast)
        dina = cast.who(cast.dina)
        wider = (*papers.BOTH_WAYS, *papers.lines(Category.DISCIPLINE))
        told = papers.a_content(cast, partner={"lines": wider})
        origin = drafting.Origin(follows_id=first.id, follows_how="amends")
        paper = drafting.begin(session, dina, told, NOW + timedelta(days=1), "k9", origin)
    portal_db.at(NOW + timedelta(days=1))
    page = portal_db.page(PAGE, portal_db.cast.dina)
    page.session_state[OPEN] = paper.id

    shown = portal_db.shown(to_step(page.run(), Step.REVIEW))
    assert shown.count("only on a consent signed after this agreement") == 1
