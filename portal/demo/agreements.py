"""Agreements in every state, written, issued and signed as people do it in the portal."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.agreements import service
from portal.agreements.drafts import (
    AgreementDraft,
    Contact,
    Line,
    PaperSignature,
    Signer,
    Terms,
    TypedSignature,
)
from portal.demo.scan import a_scan
from portal.demo.stage import Act, Stage
from portal.store.papers import Agreement
from portal.vocabulary import SHAREABLE, SPECIAL, Category, Direction

ORDINARY = tuple(category for category in SHAREABLE if category not in SPECIAL)
A_FEW = (Category.CONTACT, Category.ATTENDANCE, Category.VISITS, Category.REFERRALS)


@dataclass(frozen=True)
class MadeAgreement:
    """One agreement. Days are counted from today: before it they are negative.

    signs_district, signs_partner: None when that side has not signed. partner: the
    sign-in name of the agency's administrator; without one it signs on paper.
    """

    agency: str
    written: int
    first: int
    last: int
    partner: str | None = None
    issued: int | None = None
    signs_district: int | None = None
    signs_partner: int | None = None
    ended: tuple[int, str] | None = None
    gives: tuple[Category, ...] = ORDINARY
    waive_team: bool = False


AGREEMENTS = (
    MadeAgreement(
        "Riverside Clinic",
        -102,
        -98,
        266,
        partner="clinicadmin@demo.example",
        issued=-101,
        signs_district=-100,
        signs_partner=-99,
    ),
    MadeAgreement(
        "Hilltop Clinic",
        -101,
        -95,
        20,
        partner="hilltopadmin@demo.example",
        issued=-100,
        signs_district=-99,
        signs_partner=-96,
        gives=(*ORDINARY, Category.SUD),
    ),
    MadeAgreement(
        "Harbor Youth Center",
        -80,
        -70,
        290,
        issued=-79,
        signs_district=-77,
        signs_partner=-75,
        gives=A_FEW,
        waive_team=True,
    ),
    MadeAgreement(
        "Tide Pool Pediatrics",
        -103,
        -98,
        -9,
        partner="tidepooladmin@demo.example",
        issued=-102,
        signs_district=-101,
        signs_partner=-99,
    ),
    MadeAgreement(
        "Tide Pool Pediatrics",
        -12,
        14,
        370,
        partner="tidepooladmin@demo.example",
        issued=-11,
        signs_district=-8,
        signs_partner=-5,
    ),
    MadeAgreement(
        "Lantern Family Services",
        -100,
        -91,
        270,
        partner="lanternadmin@demo.example",
        issued=-99,
        signs_district=-97,
        signs_partner=-92,
        ended=(-33, "The partner moved its office out of town; a new agreement follows."),
    ),
    MadeAgreement(
        "Lantern Family Services",
        -8,
        7,
        370,
        partner="lanternadmin@demo.example",
        issued=-6,
        signs_district=-4,
    ),
    MadeAgreement("Open Door Pantry", -1, 14, 379, gives=(Category.CONTACT,)),
)


def plan(stage: Stage) -> None:
    """Every step of every agreement, by whoever takes it."""
    for made in AGREEMENTS:
        _Steps(stage, made).plan()


class _Steps:
    """One agreement on its way."""

    def __init__(self, stage: Stage, made: MadeAgreement) -> None:
        self.stage = stage
        self.made = made
        self.agreement: Agreement | None = None

    def plan(self) -> None:
        made = self.made
        self._then(made.written, self.draft)
        self._then(made.issued, self.issue)
        self._then(made.signs_district, self.sign_for_district)
        self._then(made.signs_partner, self.sign_for_partner)
        if made.ended is not None:
            self._then(made.ended[0], self.end)

    def _then(self, day: int | None, act: Act) -> None:
        if day is not None:
            self.stage.then(self.stage.days_ago(-day, hour=9), act)

    def _day(self, day: int) -> date:
        return self.stage.today + timedelta(days=day)

    @property
    def id(self) -> uuid.UUID:
        if self.agreement is None:
            raise LookupError("nothing is signed before it is written")
        return self.agreement.id

    def draft(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        key = f"demo-{self.made.agency}-{self.made.written}"
        self.agreement = service.draft(self.stage.session, me, self._drafted(), at, key)

    def _drafted(self) -> AgreementDraft:
        made, agency = self.made, self.stage.agencies[self.made.agency]
        lines = tuple(Line(Direction.A_TO_B, category) for category in made.gives)
        return AgreementDraft(
            agency_id=agency.id,
            starts_on=self._day(made.first),
            ends_on=self._day(made.last),
            waive_team=made.waive_team,
            lines=(*lines, Line(Direction.B_TO_A, Category.SERVICE_STATUS)),
            terms=self._terms(),
        )

    def _terms(self) -> Terms:
        agency = self.stage.agencies[self.made.agency]
        offered = self.stage.services.get(agency.id, [])
        partner = self.stage.users.get(self.made.partner or "")
        signer = Signer(partner.name, partner.title) if partner else Signer("Petra Sample", "Chair")
        return Terms(
            schools=tuple(school.name for school in self.stage.made.schools),
            services=tuple(service.name for service in offered),
            district_signer=Signer("Sue Perin", "Superintendent"),
            partner_signer=signer,
            district_liaison=Contact("Dina Desk", "admin@demo.example", "(860) 555-0101"),
            partner_liaison=Contact(signer.name, "office@example.org", agency.phone),
            records_contact=Contact("Dina Desk", "admin@demo.example", "(860) 555-0101"),
            is_part2=Category.SUD in self.made.gives,
            special_known=bool(SPECIAL.intersection(self.made.gives)),
            review_on=self._day(self.made.last - 5),
        )

    def issue(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        service.issue(self.stage.session, me, self.id, at)

    def sign_for_district(self, at: datetime) -> None:
        me = self.stage.who("superintendent@demo.example", at)
        signature = TypedSignature(me.name, attests=True)
        service.sign_for_district(self.stage.session, me, self.id, signature, at)

    def sign_for_partner(self, at: datetime) -> None:
        if self.made.partner is not None:
            me = self.stage.who(self.made.partner, at)
            typed = TypedSignature(me.name, attests=True)
            service.sign_for_partner(self.stage.session, me, self.id, typed, at)
            return
        me = self.stage.who("admin@demo.example", at)
        day = at.date()
        paper = PaperSignature("Petra Sample", "Chair", day, a_scan("Signed agreement"))
        service.sign_for_partner(self.stage.session, me, self.id, paper, at)

    def end(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        reason = self.made.ended[1] if self.made.ended else ""
        service.terminate(self.stage.session, me, self.id, reason, at)
