"""A drop understood in another process gives the same as here, refusals among it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from factories import a_text
from feedd import jobs
from feedd.errors import DropError
from feedd.jobs import Answer, Job, understood
from feedd.model import Attachment, Document, Reading
from feedd.sandbox import Sandbox
from feedd.understand import understand

MTIME = dt.datetime(2026, 3, 2, 9, 30, 0, 250, tzinfo=dt.timezone(dt.timedelta(hours=-7)))


def a_job(data: bytes | None = None, **changes: Any) -> Job:
    return Job(a_text() if data is None else data, **{"path": "news/drop.txt", "mtime": MTIME, **changes})


def test_a_job_arrives_as_it_was_sent() -> None:
    job = a_job(time_zone="Asia/Tokyo", review_below=0.25, publish_unsure=False)

    assert Job.unpacked(job.packed()) == job


@pytest.mark.parametrize("path", ["late\nnews\x1b.txt", "Übermorgen/📈.txt", "not-\udcff-utf8.txt", ""])
def test_a_path_may_hold_anything(path: str) -> None:
    assert Job.unpacked(a_job(path=path).packed()).path == path


@pytest.mark.parametrize("data", [b"", b"\n", b"\0\n\xff" * 1000])
def test_a_drop_may_hold_anything(data: bytes) -> None:
    assert Job.unpacked(a_job(data).packed()).data == data


def test_what_comes_back_is_what_understanding_gives() -> None:
    job = a_job()
    answer = Answer.unpacked(understood(job.packed()))

    assert answer.reading == understand(job.data, path=job.path, mtime=job.mtime)[1]


def test_what_the_site_wishes_is_heeded() -> None:
    answer = Answer.unpacked(understood(a_job(review_below=1.1, publish_unsure=False).packed()))

    assert answer.reading is not None
    assert answer.reading.needs_review
    assert answer.reading.held


def test_the_reading_comes_as_it_is_kept() -> None:
    answer = Answer.unpacked(understood(a_job().packed()))

    assert answer.reading is not None
    assert answer.json.encode() == TypeAdapter(Reading).dump_json(answer.reading)


def test_a_refusal_comes_back_as_one() -> None:
    refusal = Answer.unpacked(understood(a_job(b"").packed())).refusal

    assert refusal is not None
    assert (refusal.code, refusal.reason) == ("empty", "The file is empty.")
    assert refusal.wish


INSIDE = (Attachment("report\n.pdf", b"%PDF\n\0\xff"), Attachment("", b""), Attachment("two", b"\n\n"))


@pytest.mark.parametrize("attachments", [INSIDE, INSIDE[:1], ()])
def test_attachments_come_back_byte_for_byte(
    monkeypatch: pytest.MonkeyPatch, attachments: tuple[Attachment, ...]
) -> None:
    def with_attachments(data: bytes, **terms: Any) -> tuple[Document, Reading]:
        document, reading = understand(data, **terms)
        return replace(document, attachments=attachments), reading

    monkeypatch.setattr(jobs, "understand", with_attachments)

    assert Answer.unpacked(understood(a_job().packed())).attachments == attachments


def test_what_is_inside_a_refused_drop_comes_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(data: bytes, **terms: Any) -> tuple[Document, Reading]:
        refusal = DropError("no-headline", "It has none.")
        refusal.attachments = INSIDE
        raise refusal

    monkeypatch.setattr(jobs, "understand", refused)
    answer = Answer.unpacked(understood(a_job().packed()))

    assert (answer.reading, answer.attachments) == (None, INSIDE)
    assert answer.refusal is not None and answer.refusal.code == "no-headline"


def test_a_process_with_limits_gives_the_same() -> None:
    job = a_job()
    with Sandbox("feedd.jobs:understood", warm_up=[job.packed()], children=1) as sandbox:
        assert sandbox.run(job.packed()) == understood(job.packed())
