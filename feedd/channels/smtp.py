"""Letters over SMTP: one connection, kept as long as the server lets us, opened again when it does not."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Literal

from feedd.errors import DeliveryError
from feedd.model import Letter

Tls = Literal["none", "starttls", "tls"]

_GOODBYE = 421  # RFC 5321, 3.8: the server closes the connection, now or soon
_NONSENSE = -1  # smtplib's code for an answer without one
_LEAVING = frozenset({_GOODBYE, _NONSENSE})
# Answers about our login, not about the letter (RFC 4954, section 6): for the operator to mend.
_LOGIN_WANTED = frozenset({530, 534, 535, 538})

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpChannel:
    """Delivers to the server at *host* and *port*.

    *tls* is ``none``, ``starttls`` (a server that does not offer it is refused) or ``tls`` from the first byte.
    Without *user* no login is tried. *timeout_s*, in seconds, holds for connecting and for each answer. *context*
    decides which certificates count; by default those that the system trusts.
    """

    def __init__(
        self,
        host: str,
        port: int,
        tls: Tls = "none",
        user: str | None = None,
        password: str | None = None,
        timeout_s: float = 30,
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._host, self._port, self._tls, self._timeout_s = host, port, tls, timeout_s
        self._user, self._password = user, password
        self._context = context
        self._smtp: smtplib.SMTP | None = None

    def send(self, letter: Letter, *, about_to: Callable[[], None]) -> str:
        """See `feedd.channels.Channel`. A kept connection that the server has left is replaced once, silently."""
        if not (letter.sender + letter.recipient).isascii():
            why = f"{letter.recipient!r} cannot be written in ASCII; give an address without foreign letters."
            raise DeliveryError(letter.key, why, permanent=True)
        if self._smtp is not None:
            try:
                return self._talk(self._smtp, letter, about_to)
            except _Gone:
                self._drop()
        try:
            return self._talk(self._opened(letter), letter, about_to)
        except _Gone as gone:
            self._drop()
            raise DeliveryError(letter.key, str(gone), permanent=False) from gone

    def close(self) -> None:
        """Says goodbye and closes, however the server takes it."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    # ── The connection ──────────────────────────────────────────────────────────────────────────────────────────

    def _opened(self, letter: Letter) -> smtplib.SMTP:
        """A new connection, greeted, in TLS and logged in as wished."""
        try:
            self._smtp = self._connected(hello=letter.sender.rpartition("@")[2])
            self._greet(self._smtp)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            why = f"The mail server {self._host}:{self._port} cannot be used: {_said(error)}."
            raise DeliveryError(letter.key, why, permanent=False) from error
        return self._smtp

    def _connected(self, hello: str) -> smtplib.SMTP:
        """*hello* is the name we greet with: asking the system for its own may ask a name server, and wait."""
        if self._tls == "tls":
            return smtplib.SMTP_SSL(
                self._host, self._port, hello, timeout=self._timeout_s, context=self._certificates()
            )
        return smtplib.SMTP(self._host, self._port, hello, timeout=self._timeout_s)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._tls == "starttls":
            smtp.starttls(context=self._certificates())
            smtp.ehlo_or_helo_if_needed()
        if self._user:
            smtp.login(self._user, self._password or "")
        # The final dot is a packet of its own; without this the kernel may hold it back for 40 ms.
        _socket(smtp).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _certificates(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    # ── One letter ──────────────────────────────────────────────────────────────────────────────────────────────

    def _talk(self, smtp: smtplib.SMTP, letter: Letter, about_to: Callable[[], None]) -> str:
        """MAIL, RCPT, DATA, the letter, the dot. Raises `_Gone` when the server left before it could have it."""
        try:
            self._expect(250, *smtp.mail(letter.sender), letter)
            self._expect(25, *smtp.rcpt(letter.recipient), letter)
            self._expect(354, *smtp.docmd("DATA"), letter)
            smtp.send(_LEADING_DOT.sub(b"..", letter.raw))
        except (OSError, smtplib.SMTPException) as error:
            raise _Gone(f"The mail server closed the connection: {_said(error)}.") from error
        try:
            about_to()
        except BaseException:
            self._drop()  # without its final dot the server throws the letter away
            raise
        return self._ended(smtp, letter)

    def _expect(self, wanted: int, code: int, reply: bytes, letter: Letter) -> None:
        """Raises unless *code* is *wanted* or begins with it: `_Gone` when the server is leaving."""
        if str(code).startswith(str(wanted)):
            return
        if code in _LEAVING:
            raise _Gone(f"The mail server says {_text(code, reply)}.")
        self._forget()
        raise _refusal(letter, code, reply)

    def _forget(self) -> None:
        """Makes the server drop the letter it refused, or the next could go to this one's recipient too."""
        try:
            if self._smtp is not None:
                self._smtp.docmd("RSET")
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _ended(self, smtp: smtplib.SMTP, letter: Letter) -> str:
        """The final dot, and the answer to it as text."""
        try:
            smtp.send(b".\r\n" if letter.raw.endswith(b"\r\n") else b"\r\n.\r\n")
            code, reply = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            why = f"The connection broke before the mail server answered: {_said(error)}."
            raise DeliveryError(letter.key, why, permanent=False, uncertain=True) from error
        if code in _LEAVING:
            self._drop()
        if not 200 <= code < 300:
            raise _refusal(letter, code, reply)
        return _text(code, reply)


class _Gone(Exception):
    """The server left before it could have the letter."""


def _refusal(letter: Letter, code: int, reply: bytes) -> DeliveryError:
    permanent = code >= 500 and code not in _LOGIN_WANTED
    why = f"The mail server says {_text(code, reply)}."
    return DeliveryError(letter.key, why, permanent=permanent, uncertain=code == _NONSENSE)


def _socket(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection was closed")
    return smtp.sock


def _text(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return _text(error.smtp_code, reply if isinstance(reply, bytes) else reply.encode())
    return str(error) or type(error).__name__
