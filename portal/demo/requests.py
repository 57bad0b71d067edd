"""Families that are asked: by letter and by e-mail, one that said no, one that nobody asks now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.consents.requests import service
from portal.consents.requests.drafts import Channel, RequestDraft
from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.store.consents import ConsentRequest
from portal.vocabulary import Category, Purpose, SignerKind

ASKED = frozenset({Category.ATTENDANCE, Category.VISITS, Category.SERVICE_STATUS})
WORKER = "worker@demo.example"
TO_CONFIRM = 8
"""How many of the caseload have consents of their own (`demo.consents`)."""


@dataclass(frozen=True)
class MadeRequest:
    """One request. made: days before today. then: what became of it a day later."""

    agency: str
    made: int
    channel: Channel
    language: str = "en"
    then: str = ""


MADE = (
    MadeRequest("Riverside Clinic", 3, Channel.LETTER, "es"),
    MadeRequest("Hilltop Clinic", 20, Channel.LETTER),
    MadeRequest("Harbor Youth Center", 9, Channel.LETTER, then="refused"),
    MadeRequest("Riverside Clinic", 12, Channel.PAPER, then="withdrawn"),
    MadeRequest("Harbor Youth Center", 1, Channel.DRAFT),
)


def plan(stage: Stage) -> None:
    """Every request on its day, about the next students of Ana's caseload."""
    caseload = stage.caseload[stage.users[WORKER].id]
    named = {stage.pupil(name) for name in ("Luis Sample", "Mei Sample", "Jayden Example")}
    free = [pupil for pupil in caseload if pupil not in named and stage.holders.get(pupil.id)]
    for made, pupil in zip(MADE, free[TO_CONFIRM:], strict=False):
        asked = _Asked(stage, made, pupil)
        stage.then(stage.days_ago(made.made, hour=13), asked.ask)
        if made.then:
            stage.then(stage.days_ago(made.made - 1, hour=16), asked.end)


class _Asked:
    """One request on its way."""

    def __init__(self, stage: Stage, made: MadeRequest, pupil: Pupil) -> None:
        self.stage, self.made, self.pupil = stage, made, pupil
        self.request: ConsentRequest | None = None

    def ask(self, at: datetime) -> None:
        today = self.stage.today
        draft = RequestDraft(
            signer_kind=SignerKind.GUARDIAN,
            signer_id=self.stage.holders[self.pupil.id][0].id,
            student_ids=(self.pupil.id,),
            partner_ids=(self.stage.agencies[self.made.agency].id,),
            out=ASKED,
            back=frozenset({Category.SERVICE_STATUS}),
            purposes=frozenset({Purpose.COORDINATE}),
            records_from=today - timedelta(days=400),
            starts_on=today - timedelta(days=self.made.made),
            channel=self.made.channel,
            language=self.made.language,
        )
        me = self.stage.who(WORKER, at)
        key = f"demo-asked-{self.pupil.source_id}"
        self.request = service.ask(self.stage.session, me, draft, at, key).request

    def end(self, at: datetime) -> None:
        me = self.stage.who(WORKER, at)
        if self.request is None:
            return
        if self.made.then == "refused":
            reason = "They want to wait until spring."
            service.refused_in_person(self.stage.session, me, self.request.id, reason, at)
        else:
            service.withdraw(self.stage.session, me, self.request.id, at)
