"""The reader of mails: subject, date, the text and the documents that came along. Recipients are never read.

    headers and parts counted ─► first text (plain before HTML) ─► covers of forwards and signatures cut ─► document

The parser's modern policy takes a gigabyte for one long header, so headers are read by its plain one.
"""

from __future__ import annotations

import codecs
import datetime as dt
import email
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import parsedate_to_datetime

from feedd.errors import UnreadableDocument
from feedd.model import Attachment, Document, Stated
from feedd.readers import html, text, unread
from feedd.readers.decode import clean, decode
from feedd.readers.page import Page, Piece

MAX_HEADER_BYTES = 256_000
MAX_FIELD_BYTES = 16_000  # of a header that says how a part is made; its parser takes the square of the length
MAX_PARTS = 200
MAX_BOUNDARIES = 5_000  # lines that begin like one; a long text has some too
MAX_FORWARDS = 5  # mails inside each other
SNIFFED = 16_000  # bytes
FEWEST_LETTERS = 20
"""A text with fewer letters says nothing itself: the mail that it carries does."""

SHORTEST_BESIDE = 600
"""Characters. A shorter text beside an attached document only says that it is attached; it is not news."""

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_ROUTE = frozenset((b"received", b"message-id", b"mime-version", b"return-path", b"x-mailer", b"delivered-to"))
_MEANT = frozenset((b"from", b"subject", b"date", b"to"))
_MADE = re.compile(rb"^content-(?:type|disposition)[ \t]*:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")

DOCUMENTS = (".pdf", ".docx", ".doc", ".rtf", ".htm", ".html", ".txt", ".md", ".xml", ".eml")
"""How the names of attachments end that can hold a release."""

_DOCUMENT_TYPES = {
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_TEXT_TYPES = {"text/plain": ".txt", "text/html": ".html", "text/markdown": ".md"}

LONGEST_NAME = 200
LONGEST_SUBJECT = 300  # characters
_NOT_IN_NAMES = re.compile(r"[\\/\0]")

_PREFIX = re.compile(
    r"\A(?:\s*(?:fwd?|re|wg|aw|tr|rv|sv|vs|i|doorst)\s*(?:\[\d+\])?\s*:|\s*\[(?:external|ext)\])+\s*", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^-- \n.*", re.DOTALL | re.MULTILINE)
_SOFT_BREAK = re.compile(r"(?m)(?<!^--) \n(?=[^\s>])")
_QUOTED = re.compile(r"(?m)^(?:> ?)+")
_COVER = re.compile(r"[>\s]*-{3,}[^-]+-{3,}\s*|\s*_{5,}\s*|[>\s]*begin forwarded message:\s*", re.IGNORECASE)
_COVER_FIELD = re.compile(
    r"[>*\s]*(?:from|sent|to|cc|bcc|date|subject|reply-to|von|gesendet|an|betreff|datum|de|envoyé|à|objet|para|asunto|"
    r"fecha|da|oggetto|data)\s*(?:\*\s*)?:\*?(?:\s.*)?",
    re.IGNORECASE,
)
OPENING = 600  # characters, where a text says of itself that it must wait

MUCH_LONGER = 3
"""How many times as long a text in HTML must be as a short plain one, to be what the mail is about."""

FEWEST_FIELDS = 3
"""Lines in a row that make the head of a forwarded mail."""


def sniff(data: bytes, name: str) -> bool:
    """Headers of a mail at the start: where it went, or all of who, when and what about."""
    names = {match.lower() for match in _field_names(data[:SNIFFED])}
    return bool(names & _ROUTE and names & _MEANT) or {b"from", b"subject", b"date"} <= names


def read(data: bytes) -> Document:
    """The document in *data*.

    Raises `UnreadableDocument` with code ``resource-limit``, ``encrypted``, or one of the text's reader.
    """
    _refuse_costly(data)
    try:
        return _document(email.message_from_bytes(data.removeprefix(codecs.BOM_UTF8), policy=compat32))
    except RecursionError as error:
        raise _costly("parts inside each other without end") from error


# ── Cheap guards ────────────────────────────────────────────────────────────────────────────────────────────────


def _field_names(data: bytes) -> Iterator[bytes]:
    """The names of the headers at the start of *data*; none where a line is no header."""
    found = []
    for line in data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n").splitlines():
        field = _FIELD.match(line)
        if field:
            found.append(field[1])
        elif not line:
            break
        elif not line.startswith((b" ", b"\t", b"From ")):
            return
    yield from found


def _refuse_costly(data: bytes) -> None:
    end = _END_OF_HEADER.search(data)
    if (end.start() if end else len(data)) > MAX_HEADER_BYTES:
        raise _costly(f"headers of more than {MAX_HEADER_BYTES:,} bytes")
    if data.count(b"\n--") > MAX_BOUNDARIES:
        raise _costly(f"more than {MAX_PARTS} parts")
    for count, field in enumerate(_MADE.finditer(data), 1):
        if field.end() - field.start() > MAX_FIELD_BYTES:
            raise _costly(f"a header of more than {MAX_FIELD_BYTES:,} bytes")
        if count > 2 * MAX_PARTS:
            raise _costly(f"more than {MAX_PARTS} parts")


def _costly(what: str) -> UnreadableDocument:
    return UnreadableDocument(
        "resource-limit", f"The mail has {what}.", "Save the release that came with it, and drop that alone."
    )


# ── From message to document ────────────────────────────────────────────────────────────────────────────────────


def _document(message: Message, depth: int = 0) -> Document:
    """The document in *message*, which is carried by *depth* others."""
    parts = list(_parts(message))
    if len(parts) > MAX_PARTS or depth > MAX_FORWARDS:
        raise _costly(f"more than {MAX_PARTS} parts or {MAX_FORWARDS} mails inside each other")
    body = _body(parts)
    carried = next((part for part in parts if _is_mail(part)), None)
    if body is None and carried is not None:
        inner = _document(_mail(carried), depth + 1)
        doubts = unread.doubts(_left_out(message, parts, Page().document("eml")))
        attachments = (*_attachments(parts, carried), *inner.attachments)
        return replace(inner, attachments=attachments, doubts=tuple(dict.fromkeys(doubts + inner.doubts)))
    brought = tuple(_attachments(parts, body))
    told = Page().document("eml") if body is None else _told(body)
    if brought and len(told.text) < SHORTEST_BESIDE:
        told = Page().document("eml")
    doubts = unread.doubts(_left_out(message, parts, told))
    stated = Stated(date=_date(message))
    return replace(told, title=_title(message), stated=stated, attachments=brought, doubts=doubts)


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something themselves, in order; a carried mail is one."""
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
        raise UnreadableDocument(
            "encrypted", "The mail is encrypted, or signed as a whole.", "Save its text and drop that."
        )
    if _is_mail(message) or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _is_mail(part: Message) -> bool:
    return part.get_content_type() == "message/rfc822" and part.is_multipart()


def _mail(part: Message) -> Message:
    """The mail that *part* carries."""
    payload = part.get_payload()
    assert isinstance(payload, list) and isinstance(payload[0], Message)  # noqa: S101  # `_is_mail` has looked
    return payload[0]


def _body(parts: Sequence[Message]) -> Message | None:
    """The part with the text: the plain one, or the one in HTML where the plain one only points to it."""
    plain, coloured = (_first(parts, kind) for kind in ("text/plain", "text/html"))
    if plain is None or coloured is None:
        return plain or coloured
    length = len(_words(plain))
    is_stub = length < SHORTEST_BESIDE and len(_told(coloured).text) > length * MUCH_LONGER
    return coloured if is_stub else plain


def _first(parts: Sequence[Message], kind: str) -> Message | None:
    """The first part of *kind* that is no attachment and says something."""
    own = (part for part in parts if part.get_content_type() == kind and not _is_attached(part))
    return next(filter(_says_something, own), None)


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _says_something(part: Message) -> bool:
    return sum(character.isalpha() for character in _words(part)[:2_000]) >= FEWEST_LETTERS


def _words(part: Message) -> str:
    return decode(_bytes(part), part.get_content_charset())


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


# ── The text ────────────────────────────────────────────────────────────────────────────────────────────────────


def _told(part: Message) -> Document:
    """The text of *part* without the heads of forwarded mails and without a signature."""
    if part.get_content_type() == "text/plain":
        return replace(text.read(_own_words(_flowing(part))), format="eml")
    page = Page()
    for piece in _own_pieces(html.text_pieces(_words(part))):
        page.add(piece.kind, piece.content, level=piece.level)
    return page.document("eml")


def _left_out(message: Message, parts: Sequence[Message], told: Document) -> str:
    """What the mail says beside the text that is *told*: notes and threads around it, and the subject.

    A subject that repeats what the text opens with says nothing more.
    """
    own = [part for part in parts if part.get_content_type() == "text/plain" and not _is_attached(part)]
    around = "\n".join(map(_around, own))
    note = "\n".join(map(_words, own)) if not told.blocks else around
    subject = "" if unread.asks_to_hold(told.text[:OPENING]) else _header(message, "subject")
    return f"{subject}\n{note}"


def _around(part: Message) -> str:
    lines = _words(part).split("\n")
    own = _own_lines(lines)
    return "\n".join(lines[: own.start] + lines[own.stop :])


def _flowing(part: Message) -> str:
    """The words of *part*; lines that a mail program broke to send them are put together (RFC 3676)."""
    words = _words(part)
    is_flowed = str(part.get_param("format") or "").lower() == "flowed"
    return _SOFT_BREAK.sub(" ", words) if is_flowed else words


def _own_words(words: str) -> str:
    lines = words.split("\n")
    own = lines[_own_lines(lines)]
    quoted = sum(line.startswith(">") for line in own)
    told = "\n".join(own)
    if quoted > len(own) / 3:  # all that is left is what was forwarded
        told = _QUOTED.sub("", told)
    return _SIGNATURE.sub("", told)


def _own_pieces(pieces: Sequence[Piece]) -> list[Piece]:
    lines = [(index, line) for index, piece in enumerate(pieces) for line in piece.content.split("\n")]
    own: dict[int, list[str]] = {}
    for index, line in lines[_own_lines([line for _, line in lines])]:
        own.setdefault(index, []).append(line)
    return [pieces[index]._replace(content="\n".join(left)) for index, left in own.items()]


def _own_lines(lines: Sequence[str]) -> slice:
    """The longest stretch of *lines* without the head of a forwarded mail: no note above it and no thread below."""
    stretches, start, run = [], 0, 0
    for index, line in enumerate([*lines, ""]):
        if _COVER_FIELD.fullmatch(line) or (run >= FEWEST_FIELDS and "@" in line):  # or more recipients
            run += 1
            continue
        if run >= FEWEST_FIELDS:
            end = index - run
            stretches.append(slice(start, end - bool(end and _COVER.fullmatch(lines[end - 1]))))
            start = index
        run = 0
    stretches.append(slice(start, len(lines)))
    return max(stretches, key=lambda stretch: sum(map(len, lines[stretch])))


# ── Facts and attachments ───────────────────────────────────────────────────────────────────────────────────────


def _title(message: Message) -> str | None:
    """The subject without what mail programs put before it."""
    return _PREFIX.sub("", _header(message, "subject"))[:LONGEST_SUBJECT].strip() or None


def _date(message: Message) -> str | None:
    try:
        sent = parsedate_to_datetime(_header(message, "date"))
    except (TypeError, ValueError):
        return None
    return (sent if sent.tzinfo else sent.replace(tzinfo=dt.UTC)).isoformat()  # "-0000" is UTC


def _header(message: Message, name: str) -> str:
    """A header on one line, decoded; "" where there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    return " ".join(clean(_decoded(raw)).split())


def _decoded(raw: str) -> str:
    if not raw.isascii():  # eight-bit bytes, which the parser keeps as halves of a pair
        return decode(raw.encode("utf-8", "surrogateescape"))
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError, MessageError):
        return raw


def _attachments(parts: Sequence[Message], body: Message | None) -> Iterator[Attachment]:
    """The documents among *parts*, in order, less the one that was read already."""
    for part in parts:
        name = _name(part)
        if part is not body and name.lower().endswith(DOCUMENTS):
            data = _mail(part).as_bytes() if _is_mail(part) else _bytes(part)
            if data:
                yield Attachment(name, data)


def _name(part: Message) -> str:
    """A name for *part* without folders; "" for what is neither named nor of a known kind."""
    named = _NOT_IN_NAMES.split(_decoded(part.get_filename() or ""))[-1]
    kind = part.get_content_type()
    ending = ".eml" if _is_mail(part) else _DOCUMENT_TYPES.get(kind, "")
    if not ending and _is_attached(part):
        ending = _TEXT_TYPES.get(kind, "")
    name = clean(named)[-LONGEST_NAME:].strip()
    return name if not ending or name.lower().endswith(DOCUMENTS) else (name or "attachment") + ending
