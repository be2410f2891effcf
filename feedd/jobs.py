"""Understanding a drop in another process: the drop goes there as a `Job`, and an `Understood` comes back.

    Job ─► bytes ─► understood ─► bytes ─► Understood, or the same refusal

Plain bytes and JSON, nothing pickled: what comes back was made near hostile input, so it may be wrong, but it runs
nothing. Apart from `understand`, because pydantic costs a start 50 ms that ``feedd explain`` need not wait for.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

from pydantic import TypeAdapter

from feedd.errors import DropError
from feedd.model import Attachment, Document, Reading
from feedd.understand import understand


@dataclass(frozen=True, slots=True)
class Job:
    """A drop to be understood elsewhere: the arguments of `understand`."""

    data: bytes
    path: str
    mtime: dt.datetime
    time_zone: str = "UTC"
    review_below: float | None = None
    publish_unsure: bool = True

    def packed(self) -> bytes:
        settings = {
            "path": self.path,
            "mtime": self.mtime.isoformat(),
            "time_zone": self.time_zone,
            "review_below": self.review_below,
            "publish_unsure": self.publish_unsure,
        }
        return _packed(settings, self.data)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        settings, (data,) = _unpacked(packed)
        return cls(data, **{**settings, "mtime": dt.datetime.fromisoformat(settings["mtime"])})


@dataclass(frozen=True, slots=True)
class Understood:
    """What `understand` gave elsewhere. `reading_json` is the reading as the store keeps it."""

    document: Document
    reading: Reading
    reading_json: str

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """What is in an answer of `understood`. Raises `DropError` if that was a refusal."""
        head, parts = _unpacked(packed)
        if "code" in head:
            raise DropError(head["code"], head["reason"], head["wish"])
        document, reading, *attachments = parts
        return cls(
            replace(_documents().validate_json(document), attachments=_attachments(head["names"], attachments)),
            _readings().validate_json(reading),
            reading.decode(),
        )


def understood(job: bytes) -> bytes:
    """What a packed `Job` gives, packed as well: document, reading and the bytes of attachments, or the refusal."""
    wanted = Job.unpacked(job)
    try:
        document, reading = understand(
            wanted.data,
            path=wanted.path,
            mtime=wanted.mtime,
            time_zone=wanted.time_zone,
            review_below=wanted.review_below,
            publish_unsure=wanted.publish_unsure,
        )
    except DropError as refusal:
        return _packed({"code": refusal.code, "reason": refusal.reason, "wish": refusal.wish})
    return _packed(
        {"names": [each.name for each in document.attachments]},
        _documents().dump_json(replace(document, attachments=())),
        _readings().dump_json(reading),
        *(each.data for each in document.attachments),
    )


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


def _attachments(names: list[str], data: list[bytes]) -> tuple[Attachment, ...]:
    return tuple(Attachment(name, each) for name, each in zip(names, data, strict=True))


@cache
def _documents() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


@cache
def _readings() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)
