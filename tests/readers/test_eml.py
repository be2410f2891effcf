"""The reader of mails: subject, date, text and documents, and nobody's address."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from feedd.errors import UnreadableDocument
from feedd.model import Attachment, Document
from feedd.readers import eml

NEWS = (
    "Tern Copper restarted its north shaft on Monday, two weeks before the date that it gave in the spring, and the "
    "crews have hoisted ore from all three levels since then without a pause."
)
HEAD = b"From: Ann Ray <ann@tern.example>\r\nTo: desk@gull.example\r\nDate: Tue, 14 Jul 2026 07:00:00 -0400\r\n"


def a_mail(text: str | None = NEWS, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ann Ray <ann@tern.example>"
    message["To"] = "Desk <desk@gull.example>"
    message["Cc"] = "board@tern.example"
    message["Subject"] = headers.pop("subject", "Tern Copper Restarts")
    message["Date"] = headers.pop("date", "Tue, 14 Jul 2026 07:00:00 -0400")
    if text is not None:
        message.set_content(text)
    return message


def attached(message: EmailMessage, name: str, kind: str = "application/octet-stream") -> EmailMessage:
    maintype, _, subtype = kind.partition("/")
    message.add_attachment(b"bytes of it", maintype, subtype, filename=name)
    return message


def read(message: EmailMessage) -> Document:
    return eml.read(message.as_bytes())


def words(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def refusal(data: bytes) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        eml.read(data)
    return caught.value


# ── What a mail is ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "start",
    [
        b"Received: from a\r\n by b\r\nFrom: a@b.example\r\n\r\n",
        b"From a@b.example Tue Jul 14 07:00:00 2026\nReturn-Path: <a>\nSubject: x\n\n",
        b"\xef\xbb\xbfFrom: a\nDate: x\nSubject: y\nTo: z\n\n",
    ],
)
def test_a_mail_is_known_by_its_headers(start: bytes) -> None:
    assert eml.sniff(start + NEWS.encode(), "drop")


@pytest.mark.parametrize(
    "start",
    [b"Contact: Ann Ray\nDate: July 14, 2026\n\n", b"Tern restarts\nFrom: a\nDate: b\nSubject: c\n\n", b"Note: x\n"],
)
def test_other_text_is_no_mail(start: bytes) -> None:
    assert not eml.sniff(start + NEWS.encode(), "drop")


# ── What is taken ───────────────────────────────────────────────────────────────────────────────────────────────


def test_subject_date_and_text_are_taken() -> None:
    document = read(a_mail())

    assert (document.format, document.title, words(document)) == ("eml", "Tern Copper Restarts", [NEWS])
    assert document.stated.date == "2026-07-14T07:00:00-04:00"


def test_no_address_is_taken() -> None:
    assert "@" not in repr(read(a_mail()))


@pytest.mark.parametrize("subject", ["Fwd: Tern Restarts", "FW: RE: [EXTERNAL] Tern Restarts", "AW: Wg: Tern Restarts"])
def test_what_mail_programs_put_before_a_subject_goes(subject: str) -> None:
    assert read(a_mail(subject=subject)).title == "Tern Restarts"


@pytest.mark.parametrize("subject", ["Tern Restarts: Re: Gull", "Reopening: North Shaft", "Fwd"])
def test_other_words_of_a_subject_stay(subject: str) -> None:
    assert read(a_mail(subject=subject)).title == subject


@pytest.mark.parametrize(
    "raw",
    [
        b"=?utf-8?b?WsO8cmljaA==?=",
        b"=?iso-8859-1?q?Z=FCrich?=",
        "Zürich".encode(),
        "Zürich".encode("cp1252"),
    ],
)
def test_a_subject_is_decoded_however_it_was_written(raw: bytes) -> None:
    assert eml.read(HEAD + b"Subject: " + raw + b"\r\n\r\n" + NEWS.encode()).title == "Zürich"


@pytest.mark.parametrize("raw", [b"=?no-such-set?q?Z?=", b"=?utf-8?b?W?="])
def test_a_subject_that_cannot_be_decoded_stays_as_it_is(raw: bytes) -> None:
    assert eml.read(HEAD + b"Subject: " + raw + b"\r\n\r\n" + NEWS.encode()).title == raw.decode()


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 99 Jul 2026 07:00:00 -0400"])
def test_a_date_that_is_none_is_not_kept(date: str) -> None:
    assert eml.read(f"From: a\nSubject: b\nDate: {date}\n\n{NEWS}".encode()).stated.date is None


def test_the_plain_text_is_taken_before_html() -> None:
    message = a_mail()
    message.add_alternative("<p>Coloured words of a release.</p>", subtype="html")

    assert words(read(message)) == [NEWS]


def test_a_plain_text_that_only_points_to_the_html_is_not_taken() -> None:
    message = a_mail("Your program does not show this mail; open it in a browser.")
    message.add_alternative(f"<p>{NEWS}</p><p>{NEWS}</p>", subtype="html")

    assert words(read(message)) == [NEWS, NEWS]


def test_html_is_read_where_there_is_no_plain_text() -> None:
    message = a_mail(None)
    message.set_content(f"<html><body><table><tr><td><h1>Tern Restarts</h1><p>{NEWS}</p></table>", subtype="html")

    assert words(read(message)) == ["Tern Restarts", NEWS]


@pytest.mark.parametrize("charset", ["windows-1250", "iso-8859-2", "utf-16"])
def test_the_character_set_of_a_part_is_believed(charset: str) -> None:
    message = a_mail(None)
    message.set_content(f"{NEWS} Łódź".encode(charset), "text", "plain", params={"charset": charset})
    del message["Content-Disposition"]

    assert read(message).text.strip().endswith("Łódź")


def test_lines_that_were_broken_to_be_sent_are_put_together() -> None:
    broken = NEWS.replace(" ", " \r\n", 5) + "\r\nAnn Ray\r\n"
    head = HEAD + b"Subject: x\r\nContent-Type: text/plain; format=flowed\r\n\r\n"

    assert words(eml.read(head + broken.encode())) == [NEWS, "Ann Ray"]


def test_a_signature_is_cut() -> None:
    assert words(read(a_mail(f"{NEWS}\n\n-- \nAnn Ray\nSent from a telephone\n"))) == [NEWS]


# ── Forwards ────────────────────────────────────────────────────────────────────────────────────────────────────

COVERS = [
    "Please post.\n\n---------- Forwarded message ---------\nFrom: Ann Ray <ann@tern.example>\nDate: x\nSubject: y\n"
    "To: Desk <desk@gull.example>,\n Bea <bea@gull.example>\n\n",
    "-----Ursprüngliche Nachricht-----\nVon: Ann Ray\nGesendet: heute\nAn: desk@gull.example\nBetreff: x\n\n",
    "> From: a\n> Sent: b\n> To: c\n\nFYI\n\n*From:* a\n*Sent:* b\n*To:* c@d.example\n*Subject:* e\n\n",
]


@pytest.mark.parametrize("cover", COVERS)
def test_the_head_of_a_forwarded_mail_goes_with_all_before_it(cover: str) -> None:
    assert words(read(a_mail(cover + NEWS))) == [NEWS]


def test_an_older_thread_below_the_text_goes_with_its_head() -> None:
    thread = "\n\n-----Original Message-----\nFrom: Bea\nSent: x\nTo: ann@tern.example\nSubject: y\n\nPlease send it.\n"

    assert words(read(a_mail(NEWS + thread))) == [NEWS]


def test_the_head_of_a_mail_forwarded_in_html_goes_too() -> None:
    message = a_mail(None)
    cover = (
        "<p>Please post.</p><div>Forwarded message<br>From: <b>Ann</b><br>Date: x<br>To: desk@gull.example<br></div>"
    )
    message.set_content(f"{cover}<h1>Tern Restarts</h1><p>{NEWS}</p>", subtype="html")

    assert words(read(message)) == ["Tern Restarts", NEWS]


def test_a_text_that_is_quoted_as_a_whole_loses_its_marks() -> None:
    assert words(read(a_mail(f"> Tern Restarts\n>\n> {NEWS}\n"))) == ["Tern Restarts", NEWS]


def test_a_carried_mail_speaks_where_its_carrier_does_not() -> None:
    outer = a_mail("FYI", subject="Fwd: x", date="Wed, 15 Jul 2026 09:00:00 +0200")
    outer.add_attachment(a_mail())
    document = read(outer)

    assert (document.title, words(document)) == ("Tern Copper Restarts", [NEWS])
    assert document.stated.date == "2026-07-14T07:00:00-04:00"
    assert document.attachments == ()


@pytest.mark.parametrize(
    "message",
    [
        a_mail(subject="EMBARGOED until 6 am: Tern Restarts"),
        a_mail("Under embargo till six, please.\n\nFrom: Ann\nDate: x\nTo: Bea\n\n" + NEWS),
        attached(a_mail("Not for release before six."), "tern.pdf"),
    ],
)
def test_an_embargo_beside_the_text_is_a_doubt(message: EmailMessage) -> None:
    assert "embargo" in read(message).doubts[0]


def test_an_embargo_that_the_text_states_itself_is_no_doubt() -> None:
    assert read(a_mail(f"EMBARGOED until 6 am\n\n{NEWS}", subject="EMBARGOED: Tern")).doubts == ()


# ── Attachments ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["tern.pdf", "Tern.DOCX", "tern.rtf", "tern.html", "tern.txt", "tern.md"])
def test_documents_are_kept_by_their_names(name: str) -> None:
    assert read(attached(a_mail(NEWS * 9), name)).attachments == (Attachment(name, b"bytes of it"),)


@pytest.mark.parametrize("name", ["logo.png", "invite.ics", "figures.xlsx"])
def test_what_is_no_document_is_left(name: str) -> None:
    assert read(attached(a_mail(), name)).attachments == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/tern.pdf", "tern.pdf"), ("C:\\a\\tern.pdf", "tern.pdf"), ("te\u202ern.pdf", "tern.pdf")],
)
def test_the_name_of_an_attachment_is_not_trusted(given: str, kept: str) -> None:
    assert read(attached(a_mail(), given)).attachments[0].name == kept


def test_a_document_without_a_name_is_named_by_its_kind() -> None:
    message = a_mail()
    message.add_attachment(b"%PDF-", "application", "pdf")

    assert read(message).attachments == (Attachment("attachment.pdf", b"%PDF-"),)


def test_a_note_that_only_brings_a_document_is_no_text() -> None:
    document = read(attached(a_mail("Dear all, please find our news release attached. Kind regards, Ann"), "tern.pdf"))

    assert document.blocks == ()
    assert len(document.attachments) == 1


# ── Hostile mails ───────────────────────────────────────────────────────────────────────────────────────────────

PARTS = b'Subject: x\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3_000))

COSTLY = {
    "a long subject": HEAD + b"Subject: " + b"a" * 2_800_000,
    "parts inside each other": HEAD + NESTED,
    "a million parts": HEAD + PARTS + b"--b\r\n\r\nx\r\n" * 1_000_000,
    "four thousand parts": HEAD + PARTS + b"--b\r\n\r\nx\r\n" * 4_000,
    "a header of quotation marks": HEAD + b"Content-Type: text/plain; " + b';"' * 100_000 + b"\r\n\r\nx",
    "such a header inside": HEAD + PARTS + b"--b\r\nContent-Type: text/plain;" + b'\r\n ;"' * 40_000 + b"\r\n\r\nx",
    "mails inside each other": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 150 + NEWS.encode(),
    "costly html": HEAD + b"Content-Type: text/html\r\n\r\n" + NEWS.encode() + b"<div>" * 100_000,
}


@pytest.mark.parametrize("data", COSTLY.values(), ids=COSTLY)
def test_a_mail_that_would_cost_too_much_is_refused(data: bytes) -> None:
    assert refusal(data).code == "resource-limit"


@pytest.mark.parametrize("line", ["From" + " " * 300_000 + "x", "-" * 300_000, "> " * 200_000, "_" * 300_000])
def test_an_endless_line_costs_no_more_than_its_length(line: str) -> None:
    assert eml.read(HEAD + f"Subject: x\r\n\r\n{NEWS}\n\n{line}\nFrom: a\nTo: b\nDate: c\n\nx".encode()).title == "x"


def test_an_encrypted_mail_is_refused() -> None:
    data = HEAD + b"Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--"

    assert refusal(data).code == "encrypted"


@pytest.mark.parametrize(
    "data",
    [
        HEAD,
        HEAD + b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        HEAD + b"Content-Type: text/plain; charset=no-such-set\r\n\r\n" + NEWS.encode(),
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        HEAD + b"Content-Type: message/rfc822\r\n\r\n",
        HEAD + b'Content-Disposition: attachment; filename="=?no-such-set?q?a?=.pdf"\r\n\r\nx',
    ],
)
def test_a_broken_mail_is_read_as_far_as_it_goes(data: bytes) -> None:
    assert eml.read(data).format == "eml"
