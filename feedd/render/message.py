"""A letter's bytes: headers that survive every mail server, and two parts that say the same.

The standard library writes the message, but not these headers: it turns a long List-Unsubscribe into encoded words,
loses or doubles blanks in subjects of mixed languages (3.11 to 3.13), and refuses a domain outside ASCII. The
header classes here write such headers themselves, through `email.header`, which gets all of that right.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import formataddr
from typing import Any

_LINE = 78  # RFC 5322, 2.1.1: the length a header line should keep

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")

_LOOPBACK = "localhost.localdomain"


def message(
    headers: Iterable[tuple[str, str | dt.datetime]], *, text: str, html: str, language: str, boundary: str
) -> bytes:
    """The whole RFC 5322 message in ASCII with CRLF, its parts quoted-printable.

    *headers* are in the order they shall stand in, each name once, each value on one line. *boundary* must be the
    same for the same letter, or its bytes would differ at every making; quoted-printable text never holds ``=_``,
    so begin with that.
    """
    made = EmailMessage(policy=_POLICY)
    for name, value in headers:
        made[name] = value
    made.set_content(text, cte="quoted-printable")
    made.make_alternative(boundary)
    made.add_alternative(html, subtype="html", cte="quoted-printable")
    for part in made.iter_parts():
        del part["MIME-Version"]  # it belongs to the message
    made["Content-Language"] = language  # last: whatever sets content drops the Content- headers it finds
    return made.as_bytes()


def mailbox(given: str) -> str:
    """The address *given* as it goes over the wire, its domain in IDNA.

    Raises `ValueError` with a sentence when it is no address, or one that only servers with SMTPUTF8 take.
    """
    local, _, domain = given.strip().rpartition("@")
    if not local.isascii():
        raise ValueError(
            f"{given!r} has a letter outside a-z before the @, which many servers refuse; give an address without."
        )
    wire = wire_domain(domain)
    if not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(wire):
        raise ValueError(f"{given!r} is not a mail address; give one such as anna@example.org.")
    return f"{local}@{wire}"


def wire_domain(domain: str) -> str:
    """*domain* in ASCII: ``xn--bcher-kva.example`` for ``bücher.example``; "" where that cannot be.

    Python knows the older IDNA, which reads ß as ss, and so names a stranger's domain: such a domain is refused.
    """
    wanted = unicodedata.normalize("NFKC", domain).lower()
    try:
        wire = wanted.encode("idna")
        return wire.decode("ascii") if wire.decode("idna") == wanted or wanted.isascii() else ""
    except UnicodeError:
        return ""


def message_id(key: str, sender: str) -> str:
    """The Message-ID of the letter with this *key*: the same at every try, another for every other key."""
    domain = sender.rpartition("@")[2]
    name = hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{name}@{domain if '.' in domain and '[' not in domain else _LOOPBACK}>"


# ── Headers ─────────────────────────────────────────────────────────────────────────────────────────────────────


class _Written(UniqueUnstructuredHeader):
    """A header that we write and nobody reads back here: its value stays as given, encoded words or not."""

    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["decoded"], kwds["parse_tree"] = value, None


class _Words(_Written):
    """Running text: Subject."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {_coded(str(self), self.name, policy)}{policy.linesep}"


class _Named(_Written):
    """Words for people and, in angle brackets, a name for machines: From, List-Id."""

    def fold(self, *, policy: Policy) -> str:
        words, _, machine = str(self).rpartition(" <")
        quoted = formataddr((words, "")).removesuffix(" <>") if _is_plain(words) else words
        phrase = f"{self.name}: {_coded(quoted, self.name, policy)}"
        fits = len(phrase.rpartition(policy.linesep)[2]) + len(f" <{machine}") <= _LINE
        return f"{phrase}{'' if fits else policy.linesep} <{machine}{policy.linesep}"


class _AsWritten(_Written):
    """Addresses, which no line end may cut: folded between the members of a list and nowhere else."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {str(self).replace(', ', f',{policy.linesep} ')}{policy.linesep}"


def _coded(words: str, name: str, policy: Policy) -> str:
    """*words* folded, in encoded words where they are not plain."""
    charset = "us-ascii" if _is_plain(words) else "utf-8"
    return Header(words, charset, header_name=name).encode(linesep=policy.linesep)


def _is_plain(words: str) -> bool:
    """Whether *words* can stand as they are: ASCII, not to be taken for encoded words, no word too long to fold."""
    return words.isascii() and "=?" not in words and all(len(word) < _LINE - 20 for word in words.split())


def _policy() -> Policy:
    registry = HeaderRegistry()  # of our own: a policy's clone shares the registry of all others
    kinds = {
        "subject": _Words,
        "from": _Named,
        "list-id": _Named,
        "to": _AsWritten,
        "reply-to": _AsWritten,
        "message-id": _AsWritten,
        "list-unsubscribe": _AsWritten,
    }
    for name, kind in kinds.items():
        # Typeshed wants a finished header; the registry itself finishes these, as it does the library's own.
        registry.map_to_type(name, kind)  # type: ignore[arg-type]
    return SMTP.clone(header_factory=registry, cte_type="7bit")


_POLICY = _policy()
