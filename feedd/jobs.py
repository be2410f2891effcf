"""Understanding a drop in another process: the drop goes there as a `Job`, and an `Answer` comes back.

    Job ─► bytes ─► understood ─► bytes ─► Answer

Plain bytes and JSON, nothing pickled: what comes back was made near hostile input, so it may be wrong, but it runs
nothing. Apart from `understand`, because pydantic costs a start 50 ms that ``feedd explain`` need not wait for.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter

from feedd import rules
from feedd.classify import lessons
from feedd.errors import DropError
from feedd.model import Attachment, Reading
from feedd.rules import Rules
from feedd.understand import understand

OF_EACH_FORMAT = (
    b"<!DOCTYPE html><html><body><article><h1>Warm</h1><p>Words that are read once.</p></article></body></html>",
    b"%PDF-1.4\nno more than a name",
    rb"{\rtf1\ansi Words that are read once.\par}",
    b"From: a@b.example\nSubject: Warm\nDate: Mon, 2 Mar 2026 12:00:00 +0000\n\nWords that are read once.\n",
    b"<?xml version='1.0'?><nitf><body><body.content><p>Words that are read once.</p></body.content></body></nitf>",
    b"# Warm\n\nWords that are read once.\n",
)
"""Drops that let a process load what each format needs; whether they are understood does not matter."""


@dataclass(frozen=True, slots=True)
class Job:
    """A drop to be understood elsewhere: the arguments of `understand`."""

    data: bytes
    path: str
    mtime: dt.datetime
    time_zone: str = "UTC"
    review_below: float | None = None
    publish_unsure: bool = True
    rules: str = ""  # the operator's folder of rules; "" for none
    lesson: str = ""  # what decisions taught, as `feedd.classify.lessons` writes it; "" for nothing

    def packed(self) -> bytes:
        settings = {
            "path": self.path,
            "mtime": self.mtime.isoformat(),
            "time_zone": self.time_zone,
            "review_below": self.review_below,
            "publish_unsure": self.publish_unsure,
            "rules": self.rules,
            "lesson": self.lesson,
        }
        return _packed(settings, self.data)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        settings, (data,) = _unpacked(packed)
        return cls(data, **{**settings, "mtime": dt.datetime.fromisoformat(settings["mtime"])})


@dataclass(frozen=True, slots=True)
class Answer:
    """What `understand` gave elsewhere: a reading, or the refusal; and the documents that came inside the drop.

    `json` is the reading as the store keeps it.
    """

    reading: Reading | None
    json: str = ""
    refusal: DropError | None = None
    attachments: tuple[Attachment, ...] = ()

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """What is in an answer of `understood`. Raises `ValueError` when it is none."""
        head, parts = _unpacked(packed)
        names = head["names"]
        inside = parts[len(parts) - len(names) :]
        attachments = tuple(Attachment(name, data) for name, data in zip(names, inside, strict=True))
        if "code" in head:
            return cls(None, refusal=DropError(head["code"], head["reason"], head["wish"]), attachments=attachments)
        return cls(_readings().validate_json(parts[0]), parts[0].decode(), attachments=attachments)


def understood(job: bytes) -> bytes:
    """What a packed `Job` gives, packed as well: the reading, or the refusal, and the bytes of attachments."""
    wanted = Job.unpacked(job)
    try:
        document, reading = understand(
            wanted.data,
            path=wanted.path,
            mtime=wanted.mtime,
            time_zone=wanted.time_zone,
            review_below=wanted.review_below,
            publish_unsure=wanted.publish_unsure,
            by=_rules(wanted.rules, wanted.lesson),
        )
    except DropError as refusal:
        why = {"code": refusal.code, "reason": refusal.reason, "wish": refusal.wish}
        return _answer(why, (), refusal.attachments)
    return _answer({}, (_readings().dump_json(reading),), document.attachments)


@lru_cache(maxsize=4)
def _rules(folder: str, lesson: str) -> Rules:
    own = rules.load(Path(folder)) if folder else rules.packaged()
    return own.taught(lessons.read(lesson) if lesson else lessons.NOTHING)


def _answer(head: dict[str, Any], parts: tuple[bytes, ...], attachments: tuple[Attachment, ...]) -> bytes:
    names = [each.name for each in attachments]
    return _packed({**head, "names": names}, *parts, *(each.data for each in attachments))


def _packed(head: dict[str, Any], *parts: bytes) -> bytes:
    """One line of JSON with the lengths of the parts, then the parts as they are."""
    line = json.dumps({"head": head, "lengths": [len(part) for part in parts]})
    return b"\n".join((line.encode(), b"".join(parts)))


def _unpacked(packed: bytes) -> tuple[dict[str, Any], list[bytes]]:
    line, _, rest = packed.partition(b"\n")
    frame = json.loads(line)
    parts, start = [], 0
    for length in frame["lengths"]:
        parts.append(rest[start : start + length])
        start += length
    return frame["head"], parts


@cache
def _readings() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)
