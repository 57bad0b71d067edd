"""An open tab, message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portal.policy.signing_in import Step
from portal.web import gate, sessions
from portal.web.gate import Conversation

HELD = SimpleNamespace(step=None)
LOCKED = SimpleNamespace(step=Step.UNLOCK)


class Wire:
    """Both ends of a websocket: what the browser will say, and what it was told."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)
        self.told: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if not self.messages:
            await asyncio.Event().wait()
        return self.messages.pop(0)

    async def send(self, message: Any) -> None:
        self.told.append(message)

    def sent_away(self, to: str = "/login?ended=1") -> bool:
        """Was the browser sent there, and the line cut?"""
        first, second = self.told
        url = ForwardMsg.FromString(first["bytes"]).auth_redirect.url
        return url == to and second["type"] == "websocket.close"


def said(**kind: Any) -> dict[str, Any]:
    """What the browser sends."""
    return {"type": "websocket.receive", "bytes": BackMsg(**kind).SerializeToString()}


def holder(monkeypatch: pytest.MonkeyPatch, *answers: object) -> list[bool]:
    """The session holds as these answers say, the last for ever; which were acts of a person."""
    left, acts_seen = list(answers), []

    async def who_holds(_token: str, *, acts: bool, address: str) -> object:
        acts_seen.append(acts)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(sessions, "who_holds", who_holds)
    return acts_seen


def talk(wire: Wire, story: Callable[[Conversation], Awaitable[Any]]) -> Any:
    """Run the story on a new conversation."""

    async def run() -> Any:
        conversation = Conversation("token", wire.receive, wire.send)
        try:
            return await asyncio.wait_for(story(conversation), 5)
        finally:
            conversation.end()

    return asyncio.run(run())


def test_a_silent_tab_is_sent_away_when_its_session_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LOOK_EVERY", 0.01)
    acts = holder(monkeypatch, HELD, HELD, None)
    wire = Wire()

    last = talk(wire, lambda conversation: conversation.receive())

    assert last["type"] == "websocket.disconnect"
    assert wire.sent_away()
    assert acts == [False, False, False]  # looking does not keep a session alive


def test_no_message_is_lost_by_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LOOK_EVERY", 0.01)
    holder(monkeypatch, HELD)

    class Slow(Wire):
        async def receive(self) -> dict[str, Any]:
            await asyncio.sleep(0.05)
            return await super().receive()

    wire = Slow(said(stop_script=True), {"type": "websocket.disconnect", "code": 1000})

    async def story(conversation: Conversation) -> list[str]:
        return [(await conversation.receive())["type"] for _ in range(2)]

    assert talk(wire, story) == ["websocket.receive", "websocket.disconnect"]


def test_only_what_a_person_does_keeps_the_session_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    acts = holder(monkeypatch, HELD)
    by_itself, by_hand = said(), said()
    by_itself["bytes"] = BackMsg(rerun_script={"is_auto_rerun": True}).SerializeToString()
    by_hand["bytes"] = BackMsg(rerun_script={"page_name": "log_visit"}).SerializeToString()
    wire = Wire(by_itself, by_hand)

    async def story(conversation: Conversation) -> None:
        await conversation.receive()
        await conversation.receive()

    talk(wire, story)
    assert acts == [False, True]


def test_a_lost_database_closes_the_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    holder(monkeypatch, OperationalError("SELECT", {}, Exception("gone")))
    wire = Wire(said(stop_script=True))

    assert talk(wire, lambda c: c.receive())["type"] == "websocket.disconnect"
    assert wire.sent_away()


def test_a_silent_tab_survives_a_short_loss_of_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "LOOK_EVERY", 0.01)
    acts = holder(monkeypatch, OperationalError("SELECT", {}, Exception("gone")), HELD, None)
    wire = Wire()

    talk(wire, lambda conversation: conversation.receive())

    assert len(acts) == 3
    assert wire.sent_away()


def test_nothing_is_told_to_a_tab_that_was_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    holder(monkeypatch, None)
    wire = Wire(said(stop_script=True))

    async def story(conversation: Conversation) -> None:
        await conversation.receive()
        await conversation.send({"type": "websocket.send", "bytes": b"a record"})

    talk(wire, story)
    assert len(wire.told) == 2
    assert wire.sent_away()


def test_a_tab_whose_session_is_locked_is_sent_to_be_unlocked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holder(monkeypatch, LOCKED)
    wire = Wire(said(stop_script=True))

    talk(wire, lambda conversation: conversation.receive())

    assert wire.sent_away("/unlock")
