"""Consents in every state: signed on screen and on paper, by parents and by students."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from portal.access.numbers import new_number
from portal.consents import life, service
from portal.consents.drafts import ConsentDraft, PaperConsent, TypedConsent
from portal.demo import requests
from portal.demo.queries import Pupil
from portal.demo.scan import a_scan
from portal.demo.stage import Stage
from portal.directory.case_teams import service as case_teams
from portal.store.consents import Consent, ConsentCategory, ConsentPurpose
from portal.vocabulary import SPECIAL, Category, Detail, Instrument, Purpose, SignerKind

USUAL = frozenset(
    {
        Category.CONTACT,
        Category.ATTENDANCE,
        Category.VISITS,
        Category.REFERRALS,
        Category.SERVICE_STATUS,
    }
)
STATUS = frozenset({Category.SERVICE_STATUS})
MORE = USUAL | {Category.VISIT_NOTES, Category.ASSESSMENT, Category.ENROLLMENT}


@dataclass(frozen=True)
class MadeConsent:
    """One consent. Days are counted from today; before it they are negative.

    team: who of the agency is put on the case team. revoked, held: the day it was taken back,
    or said by word of mouth that it is. back: what the agency may tell the school in return.
    confirmed: a second person has compared the scan. narrowed: the day on which a consent for
    attendance alone took its place.
    """

    pupil: Pupil
    agency: str
    signed: int
    last: int
    first: int | None = None
    by: str = "worker@demo.example"
    categories: frozenset[Category] = USUAL
    purposes: frozenset[Purpose] = frozenset({Purpose.COORDINATE})
    detail: Detail = Detail.FULL
    signer: SignerKind = SignerKind.GUARDIAN
    paper: bool = False
    language: str = "en"
    team: str | None = None
    revoked: int | None = None
    held: int | None = None
    narrowed: int | None = None
    confirmed: bool = True
    back: frozenset[Category] = frozenset()
    records_from: date = field(default=date(2020, 7, 1))


CLINIC, HILLTOP, YOUTH = "Riverside Clinic", "Hilltop Clinic", "Harbor Youth Center"
RITA, HANNA = "clinic@demo.example", "hilltop2@demo.example"
CORA, PRINCIPAL = "counselor@demo.example", "principal@demo.example"
TEAM_ADMINS = {CLINIC: "clinicadmin@demo.example", HILLTOP: "hilltopadmin@demo.example"}


def plan(stage: Stage) -> None:
    """Every consent on the day it was signed, its case team, and its end."""
    for made in (*_at_north(stage), *_at_high(stage)):
        _Steps(stage, made).plan()
    stage.then(stage.days_ago(2, hour=14), lambda at: _unsigned(stage, at))
    requests.plan(stage)


def _at_north(stage: Stage) -> list[MadeConsent]:
    """Ana's: three that everybody finds by name, and others of her caseload."""
    luis, mei, jayden = (
        stage.pupil(name) for name in ("Luis Sample", "Mei Sample", "Jayden Example")
    )
    ana = stage.users["worker@demo.example"].id
    others = [
        pupil
        for pupil in stage.caseload[ana]
        if pupil not in (luis, mei, jayden) and stage.holders.get(pupil.id)
    ]
    a, b, c, d, e, f, g, h = others[:8]
    both = frozenset({Purpose.COORDINATE, Purpose.EVALUATE})
    return [
        MadeConsent(luis, CLINIC, -70, 210, categories=MORE, purposes=both, team=RITA, back=STATUS),
        MadeConsent(
            mei,
            CLINIC,
            -60,
            9,
            categories=USUAL | {Category.SECTION_504, Category.SPECIAL_EDUCATION},
            paper=True,
            language="es",
            team=RITA,
        ),
        MadeConsent(jayden, CLINIC, -65, 200, team=RITA, revoked=-12),
        MadeConsent(a, CLINIC, -50, 200, detail=Detail.SUMMARY, team=RITA),
        MadeConsent(b, CLINIC, -40, 180, paper=True, team=RITA),
        MadeConsent(c, CLINIC, -80, -20, team=RITA),
        MadeConsent(d, CLINIC, -6, 220, first=5),
        MadeConsent(e, CLINIC, -30, 200, held=-3),
        MadeConsent(f, YOUTH, -45, 160, categories=frozenset({Category.ATTENDANCE})),
        MadeConsent(g, YOUTH, -2, 200, paper=True, confirmed=False),
        MadeConsent(h, "Lantern Family Services", -60, 200, narrowed=-15),
    ]


def _at_high(stage: Stage) -> list[MadeConsent]:
    """Cora's: students who sign for themselves, and a right that passed to the student."""
    cora = stage.users[CORA].id
    mine = [pupil for pupil in stage.caseload[cora] if stage.holders.get(pupil.id)]
    adults = [pupil for pupil in mine if pupil.majority_at < stage.days_ago(42)]
    minors = [pupil for pupil in mine if pupil.majority_at > stage.now + timedelta(days=90)]
    passed = [p for p in mine if stage.days_ago(35) < p.majority_at < stage.days_ago(2)]
    sud = MadeConsent(
        minors[0],
        HILLTOP,
        -40,
        15,
        by=CORA,
        categories=frozenset({Category.SUD}),
        signer=SignerKind.STUDENT,
        team=HANNA,
    )
    found = [sud, MadeConsent(minors[1], HILLTOP, -33, 120, by=CORA, team=HANNA)]
    found += [
        MadeConsent(pupil, HILLTOP, -40, 100, by=CORA, signer=SignerKind.STUDENT, team=HANNA)
        for pupil in adults[:1]
    ]
    return found + [MadeConsent(pupil, CLINIC, -38, 150, by=CORA) for pupil in passed[:1]]


class _Steps:
    """One consent on its way."""

    def __init__(self, stage: Stage, made: MadeConsent) -> None:
        self.stage = stage
        self.made = made
        self.consent: Consent | None = None

    def plan(self) -> None:
        stage, made = self.stage, self.made
        stage.then(stage.days_ago(-made.signed, hour=11), self.record)
        if made.team is not None:
            stage.then(stage.days_ago(-made.signed - 1, hour=9), self.put_on_team)
        for days, step in (
            (made.revoked, self.revoke),
            (made.held, self.hold),
            (made.narrowed, self.narrow),
        ):
            if days is not None:
                stage.then(stage.days_ago(-days, hour=15), step)

    def record(self, at: datetime) -> None:
        me = self.stage.who(self.made.by, at)
        key = f"demo-{self.made.pupil.source_id}-{self.made.agency}-{self.made.signed}"
        given = self._draft()
        drafts = [given]
        if self.made.back:
            back = replace(given, instrument=Instrument.HIPAA, categories=self.made.back)
            drafts.append(replace(back, initials={}, detail=Detail.FULL))
        self.consent, *_ = service.record(self.stage.session, me, drafts, at, key)
        if self.made.paper and self.made.confirmed:
            colleague = self.stage.who(PRINCIPAL, at)
            life.confirm(self.stage.session, colleague, self.consent.id, at)

    def _draft(self) -> ConsentDraft:
        made, today = self.made, self.stage.today
        signed_on = today + timedelta(days=made.signed)
        signer_id, name = made.pupil.id, made.pupil.name
        if made.signer is SignerKind.GUARDIAN:
            holder = self.stage.holders[made.pupil.id][0]
            signer_id, name = holder.id, holder.name
        return ConsentDraft(
            student_id=made.pupil.id,
            agency_id=self.stage.agencies[made.agency].id,
            categories=made.categories,
            initials=dict.fromkeys(made.categories & SPECIAL, "x.x."),
            purposes=made.purposes,
            records_from=made.records_from,
            starts_on=signed_on if made.first is None else today + timedelta(days=made.first),
            ends_on=today + timedelta(days=made.last),
            detail=made.detail,
            language=made.language,
            signer_kind=made.signer,
            signer_id=signer_id,
            signature=PaperConsent(signed_on, a_scan("Signed consent"))
            if made.paper
            else TypedConsent(name, attests=True),
            checked=True,
        )

    def put_on_team(self, at: datetime) -> None:
        me = self.stage.who(TEAM_ADMINS[self.made.agency], at)
        person = self.stage.users[self.made.team or ""]
        if self.consent is not None:
            case_teams.assign(self.stage.session, me, self.consent.id, person.id, at)

    def revoke(self, at: datetime) -> None:
        me = self.stage.who(self.made.by, at)
        if self.consent is not None:
            how = "The mother said so on the phone and sent a note."
            life.revoke(self.stage.session, me, self.consent.id, how, at)

    def hold(self, at: datetime) -> None:
        me = self.stage.who(self.made.by, at)
        if self.consent is not None:
            life.hold(self.stage.session, me, self.consent.id, "The father said so at a game.", at)

    def narrow(self, at: datetime) -> None:
        me = self.stage.who(self.made.by, at)
        if self.consent is not None:
            draft = replace(
                self._draft(),
                categories=frozenset({Category.ATTENDANCE}),
                starts_on=self.stage.today + timedelta(days=self.made.narrowed or 0),
                replaces_id=self.consent.id,
            )
            key = f"demo-narrowed-{self.consent.number}"
            service.record(self.stage.session, me, [draft], at, key)


def _unsigned(stage: Stage, at: datetime) -> None:
    """One that a family took home to read."""
    pupil = stage.pupil("Luis Sample")
    holder = stage.holders[pupil.id][0]
    agency = stage.agencies[YOUTH]
    consent = Consent(
        number=new_number(stage.session, Consent.number, "C"),
        student_id=pupil.id,
        discloser_id=stage.district.id,
        recipient_id=agency.id,
        recipient_name=agency.name,
        records_from=at,
        starts_at=at,
        ends_at=at + timedelta(days=200),
        signer_kind=SignerKind.GUARDIAN,
        signer_id=holder.id,
        detail=Detail.FULL,
        recorded_by=stage.users["worker@demo.example"].id,
        recorded_at=at,
    )
    stage.session.add(consent)
    stage.session.flush()
    stage.session.add(ConsentCategory(consent_id=consent.id, category=Category.ATTENDANCE))
    stage.session.add(ConsentPurpose(consent_id=consent.id, purpose=Purpose.COORDINATE))
    stage.session.flush()
