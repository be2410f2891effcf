"""The real `smtplib` against a real server on loopback, which says what the test tells it to say."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from feedd.channels import SmtpChannel
from feedd.errors import DeliveryError
from feedd.model import Letter

LETTER = Letter(
    key="digest:k7Qz:2026-07-01",
    message_id="<1@news.example>",
    sender="news@news.example",
    recipient="anna@reader.example",
    subject="2 releases",
    raw=b"From: news@news.example\r\nSubject: 2 releases\r\n\r\nGood morning.\r\n.\r\n..dots\r\n",
)
OTHER = replace(LETTER, key="digest:m3Xy:2026-07-01", recipient="ben@reader.example")


@dataclass
class Receiver:
    """An aiosmtpd handler with a script: the answers to the coming MAIL, RCPT and DATA, ``hang up`` among them.

    It keeps what it took, and the commands that it heard.
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    letters: list[tuple[list[str], bytes]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)

    def answer(self, command: str, server: Any) -> str:
        self.heard.append(command)
        answers = self.script.get(command, [])
        answer = answers.pop(0) if answers else "250 2.0.0 Fine"
        if answer == "hang up":
            server.transport.abort()
            raise ConnectionResetError
        if answer.startswith("421"):
            server._loop.call_soon(server.transport.close)
        return answer

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.heard.append(f"EHLO {hostname}")
        self.connections.add(server.transport)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        return self.answer("MAIL", server)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.answer("RCPT", server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answer("DATA", server)
        if answer.startswith("2"):
            self.letters.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return answer

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:
        self.heard.append("RSET")
        return "250 2.0.0 Forgotten"


class AnyPort(Controller):
    """Asks the system for a free port, which the one of the library cannot."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def running(receiver: Receiver, **parameters: Any) -> Iterator[AnyPort]:
    server = AnyPort(receiver, hostname="127.0.0.1", port=0, **parameters)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def channel_to(receiver: Receiver, **parameters: Any) -> Iterator[SmtpChannel]:
    with running(receiver, **parameters) as server:
        channel = SmtpChannel("127.0.0.1", server.port, timeout_s=5)
        try:
            yield channel
        finally:
            channel.close()


def nothing() -> None:
    pass


def refused(channel: SmtpChannel, letter: Letter = LETTER, about_to: Callable[[], None] = nothing) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(letter, about_to=about_to)
    assert caught.value.delivery == letter.key
    return caught.value


# ── What arrives ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_arrives_byte_for_byte_dots_and_all() -> None:
    receiver = Receiver()
    with channel_to(receiver) as channel:
        channel.send(LETTER, about_to=nothing)
    assert receiver.letters == [([LETTER.recipient], LETTER.raw)]


def test_a_letter_that_does_not_end_its_last_line_arrives() -> None:
    receiver = Receiver()
    with channel_to(receiver) as channel:
        channel.send(replace(LETTER, raw=b"Subject: short\r\n\r\nno end"), about_to=nothing)
    parsed = email.message_from_bytes(receiver.letters[0][1], policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert parsed.get_content().strip() == "no end"


def test_the_reply_of_the_server_is_given_back() -> None:
    with channel_to(Receiver({"DATA": ["250 2.0.0 Ok: queued as 4F5"]})) as channel:
        assert channel.send(LETTER, about_to=nothing) == "250 2.0.0 Ok: queued as 4F5"


def test_about_to_is_called_once_when_the_server_has_the_text_but_not_the_dot() -> None:
    receiver = Receiver()
    seen: list[tuple[list[str], int]] = []
    with channel_to(receiver) as channel:
        channel.send(LETTER, about_to=lambda: seen.append((receiver.heard[-2:], len(receiver.letters))))
    assert seen == [(["MAIL", "RCPT"], 0)]


def test_a_sender_who_loses_the_right_to_send_sends_nothing() -> None:
    def lost() -> None:
        raise LookupError("the lease is over")

    receiver = Receiver()
    with channel_to(receiver) as channel:
        with pytest.raises(LookupError):
            channel.send(LETTER, about_to=lost)
        assert receiver.letters == []
        channel.send(OTHER, about_to=nothing)
    assert [recipients for recipients, _ in receiver.letters] == [[OTHER.recipient]]


def test_the_server_is_greeted_with_the_senders_domain() -> None:
    receiver = Receiver()
    with channel_to(receiver) as channel:
        channel.send(LETTER, about_to=nothing)
    assert "EHLO news.example" in receiver.heard


# ── What the server refuses ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "permanent"), [("451 4.3.0 Try later", False), ("550 5.1.1 No such user", True)])
def test_a_refusal_says_whether_trying_again_can_help(command: str, answer: str, permanent: bool) -> None:
    with channel_to(Receiver({command: [answer]})) as channel:
        error = refused(channel)
    assert str(error) == f"The mail server says {answer}."
    assert (error.permanent, error.uncertain) == (permanent, False)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_nothing_is_uncertain_when_the_recipient_is_refused(command: str) -> None:
    called: list[str] = []
    with channel_to(Receiver({command: ["550 5.1.1 No such user"]})) as channel:
        refused(channel, about_to=lambda: called.append("uncertain"))
    assert called == []


def test_after_a_refused_recipient_the_server_forgets_and_the_next_letter_goes_to_its_own() -> None:
    receiver = Receiver({"RCPT": ["550 5.1.1 No such user"]})
    with channel_to(receiver) as channel:
        refused(channel)
        channel.send(OTHER, about_to=nothing)
    assert receiver.heard[-5:] == ["RCPT", "RSET", "MAIL", "RCPT", "DATA"]
    assert [recipients for recipients, _ in receiver.letters] == [[OTHER.recipient]]
    assert len(receiver.connections) == 1


def test_a_wish_for_a_login_is_the_operators_trouble_and_not_the_letters_end() -> None:
    with channel_to(Receiver({"MAIL": ["530 5.7.0 Authentication required"]})) as channel:
        assert not refused(channel).permanent


def test_an_address_outside_ascii_is_refused_before_anything_is_sent() -> None:
    receiver = Receiver()
    with channel_to(receiver) as channel:
        error = refused(channel, replace(LETTER, recipient="jürgen@reader.example"))
    assert error.permanent
    assert "'jürgen@reader.example' cannot be written in ASCII" in str(error)
    assert receiver.heard == []


# ── The connection ──────────────────────────────────────────────────────────────────────────────────────────────


def test_letters_share_one_connection() -> None:
    receiver = Receiver()
    with channel_to(receiver) as channel:
        for _ in range(3):
            channel.send(LETTER, about_to=nothing)
    assert len(receiver.letters) == 3
    assert len(receiver.connections) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
@pytest.mark.parametrize("end", ["421 4.7.0 Enough for one connection", "hang up"])
def test_a_server_that_ends_a_kept_connection_is_called_again(command: str, end: str) -> None:
    receiver = Receiver({command: ["250 2.0.0 Fine", end]})
    with channel_to(receiver) as channel:
        channel.send(LETTER, about_to=nothing)
        channel.send(OTHER, about_to=nothing)
    assert [recipients for recipients, _ in receiver.letters] == [[LETTER.recipient], [OTHER.recipient]]
    assert len(receiver.connections) == 2


def test_a_connection_closed_while_nothing_was_said_costs_nothing() -> None:
    receiver = Receiver()
    with running(receiver) as server:
        channel = SmtpChannel("127.0.0.1", server.port, timeout_s=5)
        channel.send(LETTER, about_to=nothing)
        for transport in receiver.connections:
            server.loop.call_soon_threadsafe(transport.close)
        channel.send(OTHER, about_to=nothing)
        channel.close()
    assert len(receiver.letters) == 2


@pytest.mark.parametrize("end", ["421 4.3.2 Closing", "hang up"])
def test_a_server_that_ends_a_fresh_connection_is_tried_later(end: str) -> None:
    receiver = Receiver({"MAIL": [end]})
    with channel_to(receiver) as channel:
        error = refused(channel)
        assert (error.permanent, error.uncertain) == (False, False)
        channel.send(LETTER, about_to=nothing)
    assert len(receiver.letters) == 1


def test_a_connection_that_breaks_after_the_dot_leaves_the_outcome_uncertain() -> None:
    receiver = Receiver({"DATA": ["hang up"]})
    called: list[str] = []
    with channel_to(receiver) as channel:
        error = refused(channel, about_to=lambda: called.append("uncertain"))
        assert (error.permanent, error.uncertain) == (False, True)
        assert called == ["uncertain"]  # and not sent a second time by itself
        channel.send(OTHER, about_to=nothing)
    assert [recipients for recipients, _ in receiver.letters] == [[OTHER.recipient]]


def test_a_goodbye_after_the_dot_is_a_no_and_the_next_letter_calls_again() -> None:
    receiver = Receiver({"DATA": ["421 4.3.2 Closing"]})
    with channel_to(receiver) as channel:
        error = refused(channel)
        assert (error.permanent, error.uncertain) == (False, False)
        channel.send(LETTER, about_to=nothing)
    assert len(receiver.connections) == 2


def test_a_server_that_is_not_there_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = refused(SmtpChannel("127.0.0.1", port, timeout_s=5))
    assert not error.permanent
    assert f"The mail server 127.0.0.1:{port} cannot be used:" in str(error)


def test_a_server_that_never_says_a_word_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        channel = SmtpChannel("127.0.0.1", server.getsockname()[1], timeout_s=0.2)
        error = refused(channel)
    assert not error.permanent
    assert "timed out" in str(error)


def test_a_closed_channel_opens_again_for_the_next_letter() -> None:
    receiver = Receiver()
    with channel_to(receiver) as channel:
        channel.send(LETTER, about_to=nothing)
        channel.close()
        channel.close()
        channel.send(OTHER, about_to=nothing)
    assert len(receiver.letters) == 2


# ── TLS and login ───────────────────────────────────────────────────────────────────────────────────────────────

# Made for these tests alone: a key that opens nothing, a certificate for 127.0.0.1 that only they trust.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAJ6QflCBXKoAPBfs
HOvJIxtqH+c1GLpEFy3yLhG5mv2hRANCAASzfa0IGTx9L4+WBUuUTenjWxURch09
U1aks6bV4vW36YDrJnPbbWz0cHO707zxsOtEBlr6qXaWgV6/mxv99QJo
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUYLNOXd11C53tDhuXK+ObhGA4f28wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE3MDUzMVoYDzIxMjYxMDI4
MTcwNTMxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASzfa0IGTx9L4+WBUuUTenjWxURch09U1aks6bV4vW36YDrJnPbbWz0
cHO707zxsOtEBlr6qXaWgV6/mxv99QJoo28wbTAdBgNVHQ4EFgQUR02sjc6a6IEc
hlKQR9rqr48ZqpYwHwYDVR0jBBgwFoAUR02sjc6a6IEchlKQR9rqr48ZqpYwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhALo8MWmDRx6HHEFRP9ciAif+scn3X1S1hPCcof0oGsiMAiB6
5s2LzcL2mEJITLERJz7JNCwKkJpW7n3yLe8NH1BkIg==
-----END CERTIFICATE-----
"""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "loopback.pem"
    path.write_text(CERTIFICATE)
    return path


@pytest.fixture
def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def our_side(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def let_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"feedd", b"sesame"), handled=False)


def test_a_letter_goes_after_starttls_and_login(server_side: ssl.SSLContext, our_side: ssl.SSLContext) -> None:
    receiver = Receiver()
    with running(receiver, tls_context=server_side, auth_required=True, authenticator=let_in) as server:
        channel = SmtpChannel("127.0.0.1", server.port, "starttls", "feedd", "sesame", 5, context=our_side)
        channel.send(LETTER, about_to=nothing)
        channel.close()
    assert len(receiver.letters) == 1


def test_a_wrong_password_is_the_operators_trouble_and_not_the_letters_end(
    server_side: ssl.SSLContext, our_side: ssl.SSLContext
) -> None:
    with running(Receiver(), tls_context=server_side, authenticator=let_in) as server:
        channel = SmtpChannel("127.0.0.1", server.port, "starttls", "feedd", "wrong", 5, context=our_side)
        error = refused(channel)
    assert not error.permanent
    assert "535" in str(error)


def test_a_letter_goes_in_tls_from_the_first_byte(server_side: ssl.SSLContext, our_side: ssl.SSLContext) -> None:
    receiver = Receiver()
    with running(receiver, ssl_context=server_side) as server:
        channel = SmtpChannel("127.0.0.1", server.port, "tls", timeout_s=5, context=our_side)
        channel.send(LETTER, about_to=nothing)
        channel.close()
    assert len(receiver.letters) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server_side: ssl.SSLContext) -> None:
    receiver = Receiver()
    with running(receiver, tls_context=server_side) as server:
        error = refused(SmtpChannel("127.0.0.1", server.port, "starttls", timeout_s=5))
    assert not error.permanent
    assert "certificate" in str(error)
    assert receiver.letters == []


def test_starttls_never_falls_back_to_open_text() -> None:
    receiver = Receiver()
    with running(receiver) as server:
        error = refused(SmtpChannel("127.0.0.1", server.port, "starttls", timeout_s=5))
    assert "STARTTLS" in str(error)
    assert receiver.letters == []
