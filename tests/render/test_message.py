from __future__ import annotations

import datetime as dt
import email
import email.header
import email.policy
import email.utils
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.render.content import one_line
from feedd.render.message import mailbox, message, message_id, wire_domain

AT = dt.datetime(2026, 7, 2, 4, 30, tzinfo=dt.UTC)

# The words of headlines in many languages, and what has broken headers before: commas, quotes, equals signs.
WORDS = st.text(
    st.sampled_from("aehinorst AEZ09,.:;!?-–—’“”\"'()<>@=_%&+/\\$€éüßøñçğřИтыθ日本語決算中文한국🙂́"),
    max_size=120,
).map(one_line)


def made(
    *headers: tuple[str, str | dt.datetime], text: str = "Text.\n", html: str = "<p>Text.", language: str = "en"
) -> bytes:
    return message(headers, text=text, html=html, language=language, boundary="=_fixed")


def parsed(raw: bytes) -> EmailMessage:
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def unfolded(raw: bytes) -> list[str]:
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    return head.replace("\r\n ", " ").split("\r\n")


# ── The message ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_parts_come_back_as_they_were() -> None:
    read = parsed(made(text="Grüße, 日本.\n", html="<p>Grüße, 日本.</p>\n"))
    text, html = read.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert isinstance(text, EmailMessage) and isinstance(html, EmailMessage)
    assert text.get_content() == "Grüße, 日本.\r\n"
    assert html.get_content() == "<p>Grüße, 日本.</p>\r\n"


def test_the_message_is_ascii_with_lines_of_lawful_length_and_ends() -> None:
    raw = made(("Subject", "日本語 " * 40), text="日本語" * 500, html="<p>" + "ü" * 5000)
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


def test_the_same_values_give_the_same_bytes() -> None:
    assert made(("Subject", "a"), ("Date", AT)) == made(("Subject", "a"), ("Date", AT))


def test_the_language_stands_on_the_message_once() -> None:
    raw = made(language="fr")
    assert parsed(raw)["Content-Language"] == "fr"
    assert raw.count(b"Content-Language") == raw.count(b"MIME-Version") == 1


def test_a_header_that_may_stand_once_is_not_written_twice() -> None:
    with pytest.raises(ValueError, match="at most 1"):
        made(("Subject", "one"), ("Subject", "two"))


def test_the_date_keeps_the_instant() -> None:
    assert parsed(made(("Date", AT)))["Date"].datetime == AT


# ── Words in headers ────────────────────────────────────────────────────────────────────────────────────────────


@given(words=WORDS)
def test_every_subject_round_trips_in_any_mix_of_languages(words: str) -> None:
    read = parsed(made(("Subject", words)))
    assert read["Subject"] == words


@given(words=WORDS)
def test_every_subject_reads_the_same_with_the_older_decoder(words: str) -> None:
    raw = made(("Subject", words))
    old = email.message_from_bytes(raw)["Subject"]
    assert str(email.header.make_header(email.header.decode_header(old))).replace("\r\n ", " ") == words


@pytest.mark.parametrize(
    "words",
    [
        "=?utf-8?q?not_encoded?= is only text",
        "Ende der Bohrungen in Åsgård – Ergebnisse: 決算短信",
        'The "Best" of 2026, (again)',
        "x" * 150,
        "word " * 40,
    ],
)
def test_awkward_subjects_round_trip(words: str) -> None:
    assert parsed(made(("Subject", one_line(words))))["Subject"] == one_line(words)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"])
def test_no_character_of_a_headline_can_end_a_header(end: str) -> None:
    raw = made(("Subject", one_line(f"Results{end}Bcc: everyone@reader.example")))
    assert parsed(raw)["Subject"] == "Results Bcc: everyone@reader.example"
    assert parsed(raw)["Bcc"] is None


@given(words=WORDS.filter(bool))
def test_every_display_name_round_trips(words: str) -> None:
    written = email.message_from_bytes(made(("From", f"{words} <news@news.example>")))["From"]
    name, address = email.utils.parseaddr(written.replace("\r\n ", " "))
    assert str(email.header.make_header(email.header.decode_header(name))) == words
    assert address == "news@news.example"


@pytest.mark.parametrize(
    "name",
    [
        "Harbour News",
        "Smith, Jones & Co.",
        'The "Daily"',
        "Zürich Anzeiger",
        "日本経済の知らせ",
        "Harbour and Hinterland " * 4 + "News",
    ],
)
def test_a_display_name_stands_before_one_address(name: str) -> None:
    (address,) = parsed(made(("From", f"{name} <news@news.example>")))["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "news@news.example")


def test_the_id_of_a_list_is_never_encoded_or_cut() -> None:
    raw = made(("List-Id", "Überblick der Häfen und Küsten, jeden Tag <all.news.example>"))
    assert b"<all.news.example>\r\n" in raw


# ── Addresses in headers ────────────────────────────────────────────────────────────────────────────────────────


@given(
    token=st.text(st.sampled_from("abcXYZ019-_.~%="), min_size=1, max_size=400),
    secure=st.booleans(),
)
def test_list_unsubscribe_leaves_as_plain_text_folded_only_between_addresses(token: str, secure: bool) -> None:
    by_web, by_mail = f"<https://news.example/u/{token}>", f"<mailto:news@news.example?subject=u%20{token}>"
    value = f"{by_web}, {by_mail}" if secure else by_mail
    raw = made(("List-Unsubscribe", value))
    lines = raw.split(b"\r\n")[:2]
    assert f"List-Unsubscribe: {value}" in unfolded(raw)
    assert lines[0] == f"List-Unsubscribe: {by_web},".encode() if secure else True
    assert "".join(parsed(raw)["List-Unsubscribe"].split()) == "".join(value.split())


def test_a_long_recipient_is_not_cut() -> None:
    address = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example"
    assert f"To: {address}\r\n".encode() in made(("To", address))


# ── Addresses ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given_address", "wire"),
    [
        ("anna@reader.example", "anna@reader.example"),
        ("  anna+news@Reader.Example ", "anna+news@reader.example"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@bu\u0308cher.example", "anna@xn--bcher-kva.example"),
        ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
        ("o'neil@reader.example", "o'neil@reader.example"),
        ("root@localhost", "root@localhost"),
        ("root@[127.0.0.1]", "root@[127.0.0.1]"),
    ],
)
def test_an_address_is_written_as_it_goes_over_the_wire(given_address: str, wire: str) -> None:
    assert mailbox(given_address) == wire


@pytest.mark.parametrize(
    "wrong",
    [
        "", "anna", "@reader.example", "anna@", "anna@@reader.example", "a b@reader.example", "anna@rea der.example",
        "anna@reader..example", ".anna@reader.example", "an..na@reader.example", "anna@reader.example, b@c.example",
        "Anna <anna@reader.example>", "anna@reader.example\nBcc: b@c.example", "an\nna@reader.example",
        "anna@-reader.example", "anna@" + "x" * 64 + ".example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_sentence(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a mail address; give one such as"):
        mailbox(wrong)


def test_a_foreign_letter_before_the_at_sign_is_refused_with_its_reason() -> None:
    with pytest.raises(ValueError, match=r"^'jürgen@reader\.example' has a letter outside a-z before the @"):
        mailbox("jürgen@reader.example")


def test_a_domain_that_the_older_rules_would_turn_into_a_strangers_is_refused() -> None:
    assert wire_domain("straße.example") == ""
    with pytest.raises(ValueError, match="not a mail address"):
        mailbox("anna@straße.example")


# ── Message-IDs ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_has_one_message_id_and_every_key_its_own() -> None:
    ids = {message_id(key, "news@news.example") for key in ("a", "b", "a")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("news@news.example", "news.example"),
        ("feedd@localhost.localdomain", "localhost.localdomain"),
        ("feedd@localhost", "localhost.localdomain"),
        ("feedd@[127.0.0.1]", "localhost.localdomain"),
    ],
)
def test_a_message_id_ends_with_the_senders_domain(sender: str, domain: str) -> None:
    name = message_id("alert:1", sender)
    assert name.startswith("<") and name.endswith(f"@{domain}>")
    assert parsed(made(("Message-ID", name)))["Message-ID"] == name
