"""Agreements in every state, written, issued and signed as people do it in the portal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.agreements import drafting, ending, issuing, queries, reviewing, signing
from portal.agreements.content import (
    Contact,
    Content,
    Line,
    PaperSignature,
    PartnerTerms,
    Service,
    Signer,
    TypedSignature,
)
from portal.agreements.drafting import Origin
from portal.demo.scan import a_scan
from portal.demo.stage import Act, Stage
from portal.store.agreements import AgreementPaper
from portal.vocabulary import SHAREABLE, SPECIAL, Category, Direction, Following

ORDINARY = tuple(category for category in SHAREABLE if category not in SPECIAL)
A_FEW = (Category.CONTACT, Category.ATTENDANCE, Category.VISITS, Category.REFERRALS)


@dataclass(frozen=True)
class MadeAgreement:
    """One agreement. Days are counted from today: before it they are negative.

    signs_district, signs_partner: None when that side has not signed; the partner signs first.
    partner: the sign-in name of the agency's administrator; without one it signs on paper.
    notice: the day on which it was given, and the last day. follows: the day on which the one
    that it amends or renews was written.
    """

    agency: str
    written: int
    first: int
    last: int
    partner: str | None = None
    sent: int | None = None
    issued: int | None = None
    signs_district: int | None = None
    signs_partner: int | None = None
    refused: int | None = None
    ended: tuple[int, str] | None = None
    notice: tuple[int, int] | None = None
    discarded: int | None = None
    follows: tuple[int, Following] | None = None
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
        signs_partner=-100,
        signs_district=-99,
    ),
    MadeAgreement(
        "Hilltop Clinic",
        -101,
        -95,
        20,
        partner="hilltopadmin@demo.example",
        issued=-100,
        signs_partner=-99,
        signs_district=-96,
        gives=(*ORDINARY, Category.SUD),
    ),
    MadeAgreement(
        "Harbor Youth Center",
        -80,
        -70,
        290,
        issued=-79,
        signs_partner=-77,
        signs_district=-75,
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
        signs_partner=-101,
        signs_district=-99,
    ),
    MadeAgreement(
        "Tide Pool Pediatrics",
        -12,
        14,
        370,
        partner="tidepooladmin@demo.example",
        issued=-11,
        signs_partner=-8,
        signs_district=-5,
    ),
    MadeAgreement(
        "Lantern Family Services",
        -100,
        -91,
        270,
        partner="lanternadmin@demo.example",
        issued=-99,
        signs_partner=-97,
        signs_district=-92,
        ended=(-33, "The partner moved its office out of town; a new agreement follows."),
    ),
    MadeAgreement(
        "Lantern Family Services",
        -8,
        7,
        370,
        partner="lanternadmin@demo.example",
        issued=-6,
    ),
    MadeAgreement("Open Door Pantry", -1, 14, 379, gives=(Category.CONTACT,)),
    MadeAgreement("Open Door Pantry", -60, -50, 300, gives=A_FEW, discarded=-55),
    MadeAgreement(
        "Hilltop Clinic", -6, 21, 386, partner="hilltopadmin@demo.example", sent=-5, gives=A_FEW
    ),
    MadeAgreement(
        "Riverside Clinic",
        -20,
        -10,
        300,
        partner="clinicadmin@demo.example",
        issued=-18,
        refused=-15,
        gives=A_FEW,
    ),
    MadeAgreement(
        "Open Door Pantry",
        -95,
        -90,
        200,
        issued=-93,
        signs_partner=-92,
        signs_district=-91,
        gives=(Category.CONTACT,),
    ),
    MadeAgreement(
        "Open Door Pantry",
        -50,
        -40,
        300,
        issued=-48,
        signs_partner=-46,
        signs_district=-45,
        gives=(Category.CONTACT,),
        follows=(-95, Following.RENEWS),
        notice=(-36, -5),
    ),
    MadeAgreement(
        "Harbor Youth Center",
        -34,
        -30,
        290,
        issued=-33,
        signs_partner=-32,
        signs_district=-31,
        gives=(*A_FEW, Category.ENROLLMENT),
        waive_team=True,
        follows=(-80, Following.AMENDS),
    ),
)


def plan(stage: Stage) -> None:
    """Every step of every agreement, by whoever takes it."""
    written: dict[tuple[str, int], _Steps] = {}
    for made in AGREEMENTS:
        steps = written[made.agency, made.written] = _Steps(stage, made, written)
        steps.plan()


class _Steps:
    """One agreement on its way."""

    def __init__(
        self, stage: Stage, made: MadeAgreement, written: Mapping[tuple[str, int], _Steps]
    ) -> None:
        self.stage = stage
        self.made = made
        self.written = written
        self.paper: AgreementPaper | None = None

    def plan(self) -> None:
        made = self.made
        steps: tuple[tuple[int | None, Act], ...] = (
            (made.written, self.draft),
            (made.sent, self.send),
            (made.issued, self.issue),
            (made.signs_partner, self.sign_for_partner),
            (made.signs_district, self.sign_for_district),
            (made.refused, self.refuse),
            (made.ended[0] if made.ended else None, self.end),
            (made.notice[0] if made.notice else None, self.give_notice),
            (made.discarded, self.discard),
        )
        for day, act in steps:
            if day is not None:
                self.stage.then(self.stage.days_ago(-day, hour=9), act)

    def _day(self, day: int) -> date:
        return self.stage.today + timedelta(days=day)

    @property
    def id(self) -> uuid.UUID:
        if self.paper is None:
            raise LookupError("nothing is signed before it is written")
        return self.paper.id

    def draft(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        key = f"demo-{self.made.agency}-{self.made.written}"
        session = self.stage.session
        content = self._content()
        library = queries.library(session, me.organization_id)
        content = replace(content, clauses=library.usual(content))
        self.paper = drafting.begin(session, me, content, at, key, self._origin())

    def _origin(self) -> Origin:
        if self.made.follows is None:
            return Origin()
        day, how = self.made.follows
        return Origin(follows_id=self.written[self.made.agency, day].id, follows_how=how)

    def _content(self) -> Content:
        made = self.made
        desk = Contact("Dina Desk", "admin@demo.example", "(860) 555-0101")
        return Content(
            starts_on=self._day(made.first),
            ends_on=self._day(made.last),
            review_on=self._day(made.last - 5),
            schools=tuple(school.name for school in self.stage.made.schools),
            partners=(self._partner(),),
            district_signers=(
                Signer("Sue Perin", "Superintendent", email="superintendent@demo.example"),
            ),
            district_liaison=desk,
            records_contact=desk,
            special_known=bool(SPECIAL.intersection(made.gives)),
        )

    def _partner(self) -> PartnerTerms:
        made, agency = self.made, self.stage.agencies[self.made.agency]
        schools = tuple(school.name for school in self.stage.made.schools)
        offered = self.stage.services.get(agency.id, [])
        named = tuple(Service(s.name, sites=schools[:1], days="As agreed") for s in offered)
        user = self.stage.users.get(made.partner or "")
        signer = Signer(user.name, user.title) if user else Signer("Petra Sample", "Chair")
        lines = tuple(Line(Direction.A_TO_B, category) for category in made.gives)
        return PartnerTerms(
            agency_id=agency.id,
            is_part2=Category.SUD in made.gives,
            services=named or (Service("Help in kind", sites=schools, days="As agreed"),),
            lines=(*lines, Line(Direction.B_TO_A, Category.SERVICE_STATUS)),
            waive_team=made.waive_team,
            liaison=Contact(signer.name, "office@example.org", agency.phone),
            signers=(replace(signer, email=made.partner or ""),),
        )

    def send(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        message = "Please read it by the end of next week."
        reviewing.send(self.stage.session, me, self.id, message, at)

    def issue(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        issuing.issue(self.stage.session, me, self.id, at)

    def sign_for_partner(self, at: datetime) -> None:
        session = self.stage.session
        if self.made.partner is not None:
            me = self.stage.who(self.made.partner, at)
            typed = TypedSignature(me.name, attests=True)
            signing.sign(session, me, self.id, 1, typed, at)
            return
        me = self.stage.who("admin@demo.example", at)
        paper = PaperSignature("Petra Sample", "Chair", at.date(), a_scan("Signed agreement"))
        signing.sign(session, me, self.id, 1, paper, at)

    def sign_for_district(self, at: datetime) -> None:
        me = self.stage.who("superintendent@demo.example", at)
        signature = TypedSignature(me.name, attests=True)
        signing.sign(self.stage.session, me, self.id, 2, signature, at)

    def refuse(self, at: datetime) -> None:
        me = self.stage.who(self.made.partner or "", at)
        reason = "Our board asks for a longer time to answer referrals."
        signing.refuse(self.stage.session, me, self.id, 1, reason, at)

    def end(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        reason = self.made.ended[1] if self.made.ended else ""
        ending.terminate(self.stage.session, me, self.id, reason, at)

    def give_notice(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        last = self._day(self.made.notice[1]) if self.made.notice else None
        reason = "The pantry moves to another town."
        ending.give_notice(self.stage.session, me, self.id, last, reason, at)

    def discard(self, at: datetime) -> None:
        me = self.stage.who("admin@demo.example", at)
        drafting.discard(self.stage.session, me, self.id, "Begun twice.", at)
