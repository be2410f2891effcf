from __future__ import annotations

import email.policy
import mailbox
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from feedd.channels import MaildirChannel
from feedd.errors import DeliveryError
from feedd.model import Letter

LETTER = Letter(
    key="digest:k7Qz:2026-07-01",
    message_id="<1@news.example>",
    sender="news@news.example",
    recipient="anna@reader.example",
    subject="2 releases",
    raw=b"From: news@news.example\r\nSubject: 2 releases\r\n\r\nGood morning.\r\n",
)


def nothing() -> None:
    pass


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def failing() -> None:
    raise LookupError("the lease is over")


def test_a_letter_lies_in_new_and_reads_as_sent(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path / "mail")
    reply = channel.send(LETTER, about_to=nothing)
    path = channel.where(LETTER)
    assert path.parent == tmp_path / "mail" / "new"
    assert path.read_bytes() == LETTER.raw.replace(b"\r\n", b"\n")
    assert reply == f"delivered to {path}"


def test_the_standard_library_reads_the_maildir(tmp_path: Path) -> None:
    MaildirChannel(tmp_path / "mail").send(LETTER, about_to=nothing)
    (message,) = mailbox.Maildir(tmp_path / "mail", factory=None, create=False)
    assert message["Subject"] == LETTER.subject
    assert message.get_payload() == "Good morning.\n"


def test_the_same_letter_sent_twice_lies_there_once(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    channel.send(LETTER, about_to=nothing)
    again = channel.send(replace(LETTER, raw=b"made anew\r\n"), about_to=failing)
    assert again == f"{channel.where(LETTER)} was there already"
    assert len(files(tmp_path)) == 1
    assert b"Good morning" in channel.where(LETTER).read_bytes()


@pytest.mark.parametrize("flags", ["", ":2,", ":2,RS", ",S=77:2,S"])
def test_a_letter_that_was_read_is_found_and_not_sent_again(tmp_path: Path, flags: str) -> None:
    channel = MaildirChannel(tmp_path)
    channel.send(LETTER, about_to=nothing)
    arrived = channel.where(LETTER)
    read = arrived.rename(tmp_path / "cur" / (arrived.name + flags))
    assert channel.where(LETTER) == read
    assert "was there already" in channel.send(LETTER, about_to=failing)
    assert files(tmp_path) == [f"cur/{read.name}"]


def test_other_letters_lie_beside_it(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    for key in ("a", "b", "digest:../../up"):
        channel.send(replace(LETTER, key=key), about_to=nothing)
    assert len(files(tmp_path / "new")) == 3
    assert files(tmp_path) == [f"new/{name}" for name in files(tmp_path / "new")]


def test_about_to_is_called_while_the_letter_is_whole_but_not_yet_delivered(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    seen: list[list[str]] = []
    channel.send(LETTER, about_to=lambda: seen.append(files(tmp_path)))
    assert seen == [[f"tmp/{channel.where(LETTER).name}"]]


def test_a_sender_who_loses_the_right_to_send_delivers_nothing(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    with pytest.raises(LookupError):
        channel.send(LETTER, about_to=failing)
    assert files(tmp_path / "new") == []


def test_what_a_kill_left_half_written_is_written_over(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    with pytest.raises(LookupError):
        channel.send(LETTER, about_to=failing)
    (tmp_path / "tmp" / channel.where(LETTER).name).write_bytes(b"half a le")
    channel.send(LETTER, about_to=nothing)
    assert files(tmp_path) == [f"new/{channel.where(LETTER).name}"]
    assert channel.where(LETTER).read_bytes().endswith(b"Good morning.\n")


def test_the_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    MaildirChannel(tmp_path / "mail").send(LETTER, about_to=nothing)
    assert all((tmp_path / "mail" / part).stat().st_mode & 0o077 == 0 for part in ("tmp", "new", "cur"))


def in_the_way(folder: Path) -> None:
    folder.write_text("a file where the Maildir should be")


def link_in_a_circle(folder: Path) -> None:
    folder.symlink_to(folder)


@pytest.mark.parametrize("obstacle", [in_the_way, link_in_a_circle])
def test_a_maildir_that_cannot_be_written_is_tried_again_later(
    tmp_path: Path, obstacle: Callable[[Path], None]
) -> None:
    obstacle(tmp_path / "mail")
    with pytest.raises(DeliveryError, match="The Maildir takes no letter") as caught:
        MaildirChannel(tmp_path / "mail").send(LETTER, about_to=nothing)
    assert not caught.value.permanent
    assert not caught.value.uncertain
    assert isinstance(caught.value.__cause__, OSError)


def test_a_rename_that_fails_leaves_no_letter_behind_in_new(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)

    def pull_away() -> None:
        (tmp_path / "new").rmdir()

    with pytest.raises(DeliveryError):
        channel.send(LETTER, about_to=pull_away)
    assert channel.send(LETTER, about_to=nothing).startswith("delivered to")


def test_a_letter_reads_the_same_whichever_line_ends_it_was_made_with(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    channel.send(LETTER, about_to=nothing)
    parsed = email.message_from_bytes(channel.where(LETTER).read_bytes(), policy=email.policy.default)
    sent = email.message_from_bytes(LETTER.raw, policy=email.policy.default)
    assert parsed.items() == sent.items()
    assert os.linesep == "\n"
