"""Mail goes out by the district's server, secretly, and tells the log nothing."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from portal import mail
from portal.config import settings
from portal.errors import Refused

TO = "maria.sample@example.org"


class Sink(socketserver.StreamRequestHandler):
    """A mail server of one room: it takes what comes, or refuses as told."""

    said: ClassVar[list[str]] = []
    letters: ClassVar[list[str]] = []
    refuses: ClassVar[str] = ""

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline().decode().strip():
            self.said.append(line)
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                self._take()
            elif word == self.refuses:
                self._say("550 no")
            elif word == "QUIT":
                return self._say("221 bye")
            self._say(
                "250-sink\r\n250 AUTH PLAIN"
                if word == "EHLO"
                else "235 ok"
                if word == "AUTH"
                else "250 ok"
            )

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        self.letters.append("\n".join(lines))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Sink]]:
    Sink.said, Sink.letters, Sink.refuses = [], [], ""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        where = f"smtp://some%40body:a%2Fsecret@127.0.0.1:{sink.server_address[1]}"
        monkeypatch.setenv("PORTAL_SMTP_URL", where)
        monkeypatch.setenv("PORTAL_MAIL_FROM", "Harbor Point <portal@example.org>")
        settings.cache_clear()
        yield Sink
        sink.shutdown()
    settings.cache_clear()


def test_a_letter_arrives_as_plain_text(server):
    mail.send(TO, "Una pregunta de la escuela", "¿Podemos compartir?\nhttps://x/consent/abc")

    [letter] = server.letters
    assert f"To: {TO}" in letter
    assert "Subject: Una pregunta de la escuela" in letter
    assert "Auto-Submitted: auto-generated" in letter
    assert "text/plain" in letter
    assert any(line.startswith("AUTH") for line in server.said)


def test_without_a_server_one_is_told_to_print_the_letter(monkeypatch):
    monkeypatch.delenv("PORTAL_SMTP_URL", raising=False)
    settings.cache_clear()
    with pytest.raises(Refused) as refused:
        mail.send(TO, "x", "y")
    assert "Print the letter" in refused.value.do_next
    settings.cache_clear()


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "AUTH"])
def test_a_server_that_says_no_is_told_without_the_address(server, caplog, word):
    server.refuses = word
    with pytest.raises(Refused) as refused:
        mail.send(TO, "x", "https://x/consent/abc")

    told = f"{refused.value.what} {refused.value.do_next} {refused.value.__context__} {caplog.text}"
    assert "did not take" in told
    assert "maria" not in told
    assert "abc" not in told


def test_no_server_at_the_address_is_told_too(monkeypatch, server):
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    with pytest.raises(Refused, match="did not take"):
        mail.send(TO, "x", "y")


@pytest.mark.parametrize("to", ["", "nobody", "a@b\r\nBcc: c@d", "@", "a b@c d", "x@", "a@b, c@d"])
def test_what_is_no_address_gets_no_letter(server, to):
    with pytest.raises(Refused, match="not an e-mail address"):
        mail.send(to, "x", "y")
    assert server.letters == []


def test_a_subject_stays_one_line(server):
    mail.send(TO, "one\r\nBcc: two@example.org", "y")
    assert "Subject: one Bcc: two@example.org" in server.letters[0]
    assert not any("two@" in line for line in server.said)


def test_a_server_elsewhere_without_tls_gets_no_secret(server, monkeypatch):
    monkeypatch.setattr(mail, "HERE", frozenset())
    with pytest.raises(Refused, match="does not keep the e-mail secret"):
        mail.send(TO, "x", "y")
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.said)
