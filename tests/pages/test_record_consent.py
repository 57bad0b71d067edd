"""The page Consents: what waits, what is signed, a new request, and taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal import mail
from portal.errors import Refused
from portal.store.consents import Consent, ConsentEvent, ConsentRequest
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.store.people import Guardian, Guardianship, Student
from portal.store.records import Referral
from portal.ui import consent_ask
from portal.ui.pick_student import CHOSEN
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    FormKind,
    Instrument,
    Relationship,
    SignatureMethod,
)
from tests import factories as make
from tests.consents.fhir.test_bringing import a_file
from tests.pages.conftest import PortalDb
from tests.people import LONG_AGO, NOW

PAGE = "record_consent.py"
SCAN = b"%PDF-1.7 the signed form"


def button(page: AppTest, label: str):
    return next(b for b in page.button if b.label.startswith(label))


def click(page: AppTest, label: str) -> AppTest:
    page = button(page, label).click().run()
    assert not page.exception
    return page


def field(elements, label: str):
    return next(element for element in elements if element.label.startswith(label))


def for_student(portal_db: PortalDb, student: Student, who=None) -> AppTest:
    page = portal_db.page(PAGE, who or portal_db.cast.ana)
    page.session_state[CHOSEN] = student.id
    return page.run()


@pytest.fixture
def form(portal_db: PortalDb) -> AppTest:
    """Luis's form with Riverside, Maria and three kinds of record on it, not yet signed."""
    cast = portal_db.cast
    page = click(for_student(portal_db, cast.luis), "New consent")
    field(page.multiselect, "With which partners").set_value([cast.riverside.id]).run()
    page.checkbox(f"consent-{key(page)}-out-visits").check()
    page.checkbox(f"consent-{key(page)}-out-attendance").check()
    page.checkbox(f"consent-{key(page)}-back-service_status").check()
    signer = next(s for s in field(page.selectbox, "Who signs").options if "Maria" in s)
    field(page.selectbox, "Who signs").select(signer).run()
    return page


def key(page: AppTest) -> str:
    return page.session_state[consent_ask.FORM]


def signed_by(page: AppTest, how: str) -> AppTest:
    return field(page.radio, "How is it signed?").set_value(consent_ask.How(how)).run()


def sign(page: AppTest) -> AppTest:
    page = signed_by(page, "here")
    field(page.text_input, "Type your full name").set_value("Maria Sample")
    field(page.checkbox, "I have read this").check()
    field(page.checkbox, "For staff").check()
    return click(page, "Save consent")


def stored(portal_db: PortalDb) -> list[Consent]:
    with portal_db.writing() as session:
        return list(session.scalars(select(Consent).order_by(Consent.instrument)))


def events(portal_db: PortalDb) -> list[ConsentEvent]:
    with portal_db.writing() as session:
        return list(session.scalars(select(ConsentEvent).order_by(ConsentEvent.at)))


def test_nobody_and_the_wrong_person_are_turned_away(portal_db):
    assert "You are not signed in" in portal_db.shown(portal_db.run(PAGE, None))
    for who in (portal_db.cast.tom, portal_db.cast.sue, portal_db.cast.rita):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))


# Signed here


def test_a_family_reads_signs_both_ways_and_the_list_shows_it(portal_db, form):
    shown = portal_db.shown(signed_by(form, "here"))
    assert "May we share Luis&#x27;s records with Riverside Clinic?" in shown
    assert "We stop after June 30, 2027." in shown

    page = sign(form)
    out, back = stored(portal_db)
    assert (out.instrument, back.instrument) == (Instrument.FERPA, Instrument.HIPAA)
    assert (out.signer_name, out.method) == ("Maria Sample", SignatureMethod.TYPED)
    shown = portal_db.shown(page)
    assert f"/doc/{out.document_id}" in shown
    for told in ("is saved", "To Riverside Clinic", "From Riverside Clinic to us", "Active"):
        assert told in shown


def test_the_saved_form_is_gone_so_that_the_next_family_never_meets_it(portal_db, form):
    page = click(sign(form), "New consent")

    assert not any(box.value for box in page.checkbox)
    assert field(page.multiselect, "With which partners").value == []


def test_every_gap_is_told_and_nothing_is_kept(portal_db, form):
    page = click(signed_by(form, "here"), "Save consent")

    shown = portal_db.shown(page)
    for what in ("The typed name is not the signer", "The box beside the signature", "you checked"):
        assert what in shown
    assert stored(portal_db) == []
    assert page.checkbox(f"consent-{key(page)}-out-attendance").value


def test_a_sensitive_kind_asks_for_its_own_initials(portal_db, form):
    form.checkbox(f"consent-{key(form)}-out-psychiatric").check().run()
    page = signed_by(form, "here")
    assert "without its own initials" in portal_db.shown(click(page, "Save consent"))

    field(page.text_input, "Initials for “Mental health care”").set_value("MS")
    page = sign(page)
    assert "Mental health treatment (initials MS)" in portal_db.shown(page)


def test_before_signing_the_page_says_what_it_would_open(portal_db, form):
    cast = portal_db.cast
    with portal_db.writing() as session:
        make.record(session, cast.luis, Category.VISITS, NOW, author=cast.ana)
    shown = portal_db.shown(click(form, "What would they see?"))

    assert "the case team of Riverside Clinic would see" in shown
    assert "1 of 1" in shown and "Not ticked on the consent." in shown
    assert "Why you can see this" in shown, "the partner's own screen"
    assert "This consent, to" in shown and "Held by your organization" not in shown
    assert "With these ticks Riverside Clinic would give us" in shown
    assert stored(portal_db) == []
    with portal_db.writing() as session:
        line = session.scalar(select(TrailLine).where(TrailLine.event == "consent.previewed"))
        assert line is not None and line.opened == ["visits"]


def test_a_signed_paper_waits_until_a_second_person_confirms_it(portal_db, form):
    page = signed_by(form, "brought")
    field(page.date_input, "Date on the paper").set_value(date(2026, 11, 18))
    field(page.selectbox, "Language").set_value("es")
    page.file_uploader[0].set_value(("form.pdf", SCAN, "application/pdf"))
    field(page.checkbox, "For staff").check()
    page = click(page, "Save consent")

    out, _back = stored(portal_db)
    assert (out.method, out.language) == (SignatureMethod.PAPER, "es")
    with portal_db.writing() as session:
        assert session.get(Document, out.document_id).content == SCAN
    page = click(page, "Compare with the scan")
    assert "Ask a colleague" in portal_db.shown(page)
    assert button(page, "They say the same").disabled

    page = click(for_student(portal_db, portal_db.cast.luis, portal_db.cast.omar), "Compare with")
    assert f"/doc/{out.document_id}" in portal_db.shown(page)
    page = click(page, "They say the same")
    assert "is confirmed" in portal_db.shown(page)


def test_a_scan_that_is_none_is_sent_back(portal_db, form):
    page = signed_by(form, "brought")
    page.file_uploader[0].set_value(("form.pdf", b"MZ a program", "application/pdf"))

    assert "not a PDF or an image" in portal_db.shown(click(page, "Save consent"))


# Asked


def requests(portal_db: PortalDb) -> list[ConsentRequest]:
    with portal_db.writing() as session:
        return list(session.scalars(select(ConsentRequest).order_by(ConsentRequest.made_at)))


def test_a_tablet_is_handed_over_by_a_plain_form_that_is_shown_once(portal_db, form):
    page = click(signed_by(form, "tablet"), "Open it on this tablet")
    shown = portal_db.shown(page)

    assert '<form method="post" action="/consent/' in shown and "hand-over" in shown
    assert "hand-over" not in portal_db.shown(page.run())
    [request] = requests(portal_db)
    assert request.link_id is not None


def test_the_form_is_printed_and_comes_back_signed(portal_db, form):
    page = click(signed_by(form, "paper"), "Make the form to print")
    [request] = requests(portal_db)
    assert f"/doc/{request.paper_id}" in portal_db.shown(page)

    page = click(page, "Follow up")
    act = field(page.radio, "What is to be done with")
    page = act.set_value("bring").run()
    field(page.checkbox, "Visits with support staff").check()
    field(page.checkbox, "Why: Coordinate").check()
    field(page.date_input, "Date on the paper").set_value(date(2026, 11, 19))
    page.file_uploader[0].set_value(("form.pdf", SCAN, "application/pdf"))
    page = click(page, "Save the signed paper")

    [consent] = stored(portal_db)
    assert consent.method is SignatureMethod.PAPER
    assert "Paper to confirm" in portal_db.shown(page)


def test_a_draft_is_kept_refused_and_withdrawn(portal_db, form):
    page = click(signed_by(form, "draft"), "Keep the draft")
    assert "Draft" in portal_db.shown(page)

    page = click(page, "Follow up")
    page = field(page.radio, "What is to be done with").set_value("refused").run()
    field(page.text_input, "Why, if they said it").set_value("Not <b>now</b>")
    page = click(page, "Write down the no")
    assert "Refused" in portal_db.shown(page)
    assert "Not &lt;b&gt;now&lt;/b&gt;" in portal_db.shown(page)
    assert requests(portal_db)[0].outcome == "refused"


def test_a_request_names_what_is_missing(portal_db):
    page = click(for_student(portal_db, portal_db.cast.luis), "New consent")
    page = click(signed_by(page, "letter"), "Make the letter")

    shown = portal_db.shown(page)
    assert "Who signs is not chosen" in shown and "No agency is chosen" in shown
    assert requests(portal_db) == []


def test_siblings_of_the_signer_are_asked_for_at_once(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        for child in (cast.mei, cast.zoe):
            session.add(
                Guardianship(
                    guardian_id=cast.maria.id,
                    student_id=child.id,
                    relationship=Relationship.PARENT,
                    rights_from=LONG_AGO,
                )
            )
    page = click(for_student(portal_db, cast.luis), "New consent")
    signer = next(s for s in field(page.selectbox, "Who signs").options if "Maria" in s)
    page = field(page.selectbox, "Who signs").select(signer).run()

    assert field(page.multiselect, "Also for").options == ["Mei Sample"], "Zoe is out of reach"


# What becomes of it


def test_a_consent_is_taken_back_with_how_it_was_told(portal_db, form):
    page = click(sign(form), "Change or take back")
    page = field(page.radio, "What is to be done with").set_value("revoke").run()
    page = click(page, "Take this consent back now")
    assert "not said how the family told you" in portal_db.shown(page)

    field(page.text_input, "How were you told?").set_value("<script>x</script> **bold**")
    page = click(page, "Take this consent back now")
    assert "Nothing opens under it now" in portal_db.shown(page)
    assert "&lt;script&gt;x&lt;/script&gt; **bold**" in portal_db.shown(page)
    assert [event.kind for event in events(portal_db)] == [ConsentEventKind.REVOKED]


def test_it_is_held_by_word_of_mouth_and_the_hold_is_lifted(portal_db, form):
    page = click(sign(form), "Change or take back")
    page = field(page.radio, "What is to be done with").set_value("hold").run()
    field(page.text_input, "How were you told?").set_value("By phone")
    page = click(page, "Hold it")
    assert "Held" in portal_db.shown(page)

    page = click(page, "Change or take back")
    field(page.text_input, "How were you told?").set_value("She came in")
    page = click(page, "Lift the hold")
    assert "is lifted" in portal_db.shown(page)


def test_one_kind_of_record_is_taken_back_and_the_rest_stays_open(portal_db, form):
    page = click(sign(form), "Change or take back")
    page = field(page.radio, "What is to be done with").set_value("revoke_kind").run()
    field(page.selectbox, "Which kind of record").set_value(Category.VISITS)
    field(page.text_input, "How were you told?").set_value("A letter")
    page = click(page, "Take back one kind of record")

    assert "Support visits and services (taken back)" in portal_db.shown(page)
    assert events(portal_db)[0].category == "visits"


def test_taking_back_says_which_referral_now_waits(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
    page = click(for_student(portal_db, cast.luis), "Change or take back")
    page = field(page.radio, "What is to be done with").set_value("revoke_all").run()
    field(page.text_input, "How were you told?").set_value("A letter")
    page = click(page, "Take back every consent")

    assert f"referral {referral.number}" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.get_one(Referral, referral.record_id).hold_reason == "consent_withdrawn"


def test_widening_proposes_the_same_ticks_and_replaces_the_consent(portal_db, form):
    page = click(sign(form), "Change or take back")
    page = field(page.radio, "What is to be done with").set_value("change").run()
    page = click(page, "Fill in the request")
    ticked = {box.key.split("-", 2)[2] for box in page.checkbox if box.value}
    assert ticked == {"out-visits", "out-attendance", "back-service_status"}

    signer = next(s for s in field(page.selectbox, "Who signs").options if "Maria" in s)
    field(page.selectbox, "Who signs").select(signer).run()
    sign(page)
    kinds = [event.kind for event in events(portal_db)]
    assert kinds == [ConsentEventKind.SUPERSEDED, ConsentEventKind.SUPERSEDED]


# What waits


def test_the_worklist_leads_to_the_student_and_the_act(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        consent = make.consent(session, cast.luis, cast.riverside, cast.maria)
        make.event(session, consent, ConsentEventKind.HELD, NOW - timedelta(days=3))
    page = portal_db.run(PAGE, cast.ana)
    shown = portal_db.shown(page)
    assert "Held: nothing opens until this is settled (1)" in shown
    assert "Luis Sample" in shown and "Since Nov 17" in shown

    page = click(page, "Settle")
    assert field(page.radio, "What is to be done with").options[0] == "Lift the hold"


def test_an_ending_consent_is_asked_anew_from_the_worklist(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        make.consent(
            session, cast.luis, cast.riverside, cast.maria, ends_at=NOW + timedelta(days=5)
        )
    page = click(portal_db.run(PAGE, cast.ana), "Ask to renew")

    assert page.checkbox(f"consent-{key(page)}-out-visits").value
    assert field(page.multiselect, "With which partners").value == [cast.riverside.id]


def test_one_click_asks_every_ticked_family_and_a_second_sends_nothing(portal_db, mailed):
    cast = portal_db.cast
    with portal_db.writing() as session:
        kim = make.guardian(session, cast.mei, "Kim Sample")
        for student, signer in ((cast.luis, cast.maria), (cast.mei, kim)):
            make.consent(session, student, cast.riverside, signer, ends_at=NOW + timedelta(days=20))
    page = click(portal_db.run(PAGE, cast.ana), "Renew all")
    assert "no e-mail address" in " ".join(box.label for box in page.checkbox)
    page = click(page, "Ask these families")

    shown = portal_db.shown(page)
    assert "Asked to renew" in shown and "maria@family.example" in shown
    assert "No e-mail address" in shown
    assert {request.channel for request in requests(portal_db)} == {"email", "letter"}
    assert [letter[0] for letter in mailed] == ["maria@family.example"]
    page = click(page, "Renew all")
    assert "not asked anew already" in portal_db.shown(page), "each is asked once"


def test_the_list_is_of_ones_own_students_alone(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        parent = make.guardian(session, cast.zoe, "Pat Elsewhere")
        make.consent(session, cast.zoe, cast.riverside, parent, ends_at=NOW + timedelta(days=5))
    assert "Zoe" not in portal_db.shown(portal_db.run(PAGE, cast.ana))


# By e-mail: the server is the edge of the world


@pytest.fixture
def mailed(portal_db, monkeypatch):
    """What was handed to the mail server: to whom, the subject, the text."""
    letters: list[tuple[str, str, str]] = []
    monkeypatch.setattr(mail, "send", lambda *letter: letters.append(letter))
    with portal_db.writing() as session:
        session.get_one(Guardian, portal_db.cast.maria.id).email = "maria@family.example"
    return letters


def test_a_link_goes_by_e_mail_and_its_code_is_told_apart(portal_db, mailed, form):
    page = signed_by(form, "email")
    field(page.checkbox, "Ask for a code too").check()
    page = click(page, "Send the link")

    [(to, subject, text)] = mailed
    assert to == "maria@family.example"
    assert "Luis" not in subject + text and "/consent/" in text
    shown = portal_db.shown(page)
    assert "The link is sent to maria@family.example" in shown
    code = shown.split("as the link: ")[1].split(".")[0]
    assert code not in text
    assert code not in portal_db.shown(page.run()), "it is shown once"


def test_an_e_mail_that_does_not_go_leaves_the_request_and_says_what_to_do(
    portal_db, mailed, form, monkeypatch
):
    def no_server(*_letter):
        raise Refused("No mail server is set.", "Print the letter.")

    monkeypatch.setattr(mail, "send", no_server)
    page = click(signed_by(form, "email"), "Send the link")

    assert "The request is saved, but no e-mail went out. No mail server" in portal_db.shown(page)
    assert len(requests(portal_db)) == 1


# About one thing


CASE = "Sample v. Example, docket 26-104"


def about_one_thing(portal_db: PortalDb, kind: FormKind, signer: str) -> AppTest:
    """Luis's form of this kind with Riverside, not yet sent."""
    page = click(for_student(portal_db, portal_db.cast.luis), "New consent")
    page = field(page.selectbox, "Form").set_value(kind).run()
    field(page.selectbox, "With which partner").set_value(portal_db.cast.riverside.id).run()
    chosen = next(s for s in field(page.selectbox, "Who signs").options if signer in s)
    return field(page.selectbox, "Who signs").select(chosen).run()


def test_a_form_about_one_thing_asks_for_no_kinds_and_is_sent(portal_db):
    page = about_one_thing(portal_db, FormKind.PSYCHOTHERAPY_NOTES, "Maria")
    shown = portal_db.shown(page)
    assert "notes that a therapist at Riverside Clinic made of talks with Luis" in shown
    assert "It opens nothing in the portal" in shown
    assert not [box for box in page.checkbox if "-out-" in str(box.key)]
    assert not [b for b in page.button if b.label == "What would they see?"]
    how = field(page.radio, "How is it signed?").options
    assert "Sign here on this screen" not in how and len(how) == 5

    page = click(field(page.radio, "How is it signed?").set_value("tablet").run(), "Open it on")
    [request] = requests(portal_db)
    assert request.link_id is not None
    assert "Psychotherapy notes" in portal_db.shown(page)


def test_use_in_court_comes_back_on_paper_and_the_list_names_its_case(portal_db):
    page = about_one_thing(portal_db, FormKind.COURT_USE, "Luis")
    page = field(page.radio, "How is it signed?").set_value("paper").run()
    page = click(page, "Make the form to print")
    assert "The case is not named." in portal_db.shown(page)
    field(page.text_input, "Which case").set_value(CASE)
    page = click(click(page, "Make the form to print"), "Follow up")
    page = field(page.radio, "What is to be done with").set_value("bring").run()
    field(page.checkbox, "Facts about the care that Luis got at Riverside Clinic").check()
    field(page.date_input, "Date on the paper").set_value(date(2026, 11, 19))
    page.file_uploader[0].set_value(("form.pdf", SCAN, "application/pdf"))
    page = click(page, "Save the signed paper")

    [consent] = stored(portal_db)
    assert consent.form_kind is FormKind.COURT_USE
    shown = portal_db.shown(page)
    assert "Use in a legal proceeding (42 CFR 2.31(d))" in shown and CASE in shown
    assert "The signed paper for Riverside Clinic. It opens nothing in the portal." in shown
    assert "/fhir/consent/" not in shown
    page = click(for_student(portal_db, portal_db.cast.luis, portal_db.cast.omar), "Compare with")
    assert portal_db.shown(page).count(CASE) == 2
    assert "Use in a legal proceeding" in portal_db.shown(portal_db.run(PAGE, portal_db.cast.ana))

    page = click(click(page, "They say the same"), "Change or take back")
    acts = field(page.radio, "What is to be done with")
    assert "Take back one kind of record" not in acts.options
    page = click(acts.set_value("change").run(), "Fill in the request")
    assert field(page.selectbox, "Form").value is FormKind.COURT_USE
    assert field(page.selectbox, "With which partner").value == portal_db.cast.riverside.id
    assert field(page.text_input, "Which case").value == CASE


def test_a_parent_cannot_be_asked_for_what_is_the_student_s_to_share(portal_db):
    page = about_one_thing(portal_db, FormKind.SUD_COUNSELING_NOTES, "Maria")
    page = field(page.radio, "How is it signed?").set_value("draft").run()
    assert "Only the student" in portal_db.shown(click(page, "Keep the draft"))
    assert requests(portal_db) == []


# A partner's record system


def test_a_consent_is_taken_along_as_a_file(portal_db, form):
    page = sign(form)
    for consent in stored(portal_db):
        assert f"/fhir/consent/{consent.id}" in portal_db.shown(page)


def test_a_partner_s_file_becomes_a_draft_request(portal_db):
    with portal_db.writing() as session:
        content = a_file(replace(portal_db.cast, session=session))
    page = for_student(portal_db, portal_db.cast.luis)
    page = click(page, "Bring it in")
    assert "Choose the file, and who signs." in portal_db.shown(page)

    signer = next(s for s in field(page.selectbox, "Who is to sign it").options if "Maria" in s)
    field(page.selectbox, "Who is to sign it").select(signer)
    page.file_uploader[0].set_value(("consent.json", content, "application/json"))
    page = click(page, "Bring it in")
    [request] = requests(portal_db)
    assert (request.channel, request.signer_name) == ("draft", "Maria Sample")
    shown = portal_db.shown(page)
    assert f"Draft {request.number} is saved." in shown
    assert "Maria Sample about Riverside Clinic" in shown


def test_a_file_that_is_no_consent_is_told_and_nothing_is_kept(portal_db):
    page = for_student(portal_db, portal_db.cast.luis)
    signer = next(s for s in field(page.selectbox, "Who is to sign it").options if "Maria" in s)
    field(page.selectbox, "Who is to sign it").select(signer)
    page.file_uploader[0].set_value(("consent.json", b'{"resourceType": "Patient"}', "text/json"))
    page = click(page, "Bring it in")

    assert "Export the consent as FHIR R4" in portal_db.shown(page)
    assert requests(portal_db) == []
