"""A request that was asked becomes a letter or an e-mail, and its link is kept nowhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.consents.requests import sending, service
from portal.consents.requests.drafts import Channel, RequestDraft
from portal.consents.requests.service import Sent
from portal.store.papers import Document
from portal.vocabulary import Category, Purpose, SignerKind
from tests.consents.on_paper.reading import of_pdf, says
from tests.people import NOW, Cast


def asked(cast: Cast, **changes: Any) -> Sent:
    """Ana asks Maria about Luis and Riverside."""
    values: dict[str, Any] = {
        "signer_kind": SignerKind.GUARDIAN,
        "signer_id": cast.maria.id,
        "student_ids": (cast.luis.id,),
        "partner_ids": (cast.riverside.id,),
        "out": frozenset({Category.ATTENDANCE}),
        "back": frozenset({Category.SERVICE_STATUS}),
        "purposes": frozenset({Purpose.COORDINATE}),
        "records_from": date(2026, 7, 1),
        "starts_on": date(2026, 11, 20),
        "channel": Channel.LETTER,
        "language": "es",
    }
    draft = RequestDraft(**{**values, **changes})
    return service.ask(cast.session, cast.who(cast.ana), draft, NOW, "k1")


def test_the_letter_holds_the_link_and_speaks_to_the_signer(cast: Cast) -> None:
    sent = asked(cast)
    told = of_pdf(sending.letter(cast.session, cast.who(cast.ana), sent, NOW))

    assert says(told, f"/consent/{sent.token}")
    assert says(told, "Hola, Maria Sample:")
    assert says(told, "Ana Counts")
    assert cast.session.query(Document).count() == 0


def test_the_mail_asks_for_the_code_only_where_there_is_one(cast: Cast) -> None:
    cast.maria.email = "maria@example.org"
    sent = asked(cast, channel=Channel.EMAIL, with_code=True)
    mail = sending.mail(cast.session, cast.who(cast.ana), sent, NOW)

    assert sent.email == "maria@example.org"
    assert "por otro medio" in mail.body
    assert sent.code not in mail.body
    assert sent.request.number in mail.subject


def test_a_form_to_sign_by_hand_is_kept(cast: Cast) -> None:
    sent = asked(cast, channel=Channel.PAPER)
    document = cast.session.get_one(Document, sent.request.paper_id)

    assert document.file_name == f"Form-{sent.request.number}.pdf"
    assert says(of_pdf(document.content), "Días de clase y días de ausencia")


def test_a_second_click_has_no_link_to_send(cast: Cast) -> None:
    asked(cast)
    again = asked(cast)

    with pytest.raises(ValueError, match="without its link"):
        sending.letter(cast.session, cast.who(cast.ana), again, NOW)


def test_a_letter_is_kept_to_be_printed_and_a_second_click_makes_none(cast: Cast) -> None:
    sent = asked(cast)
    sending.prepare(cast.session, cast.who(cast.ana), sent, NOW)
    kept = sent.request.paper_id
    assert cast.session.get_one(Document, kept).file_name == f"Letter-{sent.request.number}.pdf"

    out = sending.prepare(cast.session, cast.who(cast.ana), asked(cast), NOW)
    assert (out.mail, out.sent.request.paper_id) == (None, kept)
