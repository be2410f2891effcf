"""Drops are understood, in processes with limits or here in this one; what fails is a refusal and stops no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from feedd.errors import DropError
from feedd.ingest.judging import OWN_FAULT, Job, Read, Understood
from feedd.jobs import Answer
from feedd.model import Document, Reading
from feedd.sandbox import Sandbox


class Understand(Protocol):
    """`feedd.understand.understand` with its settings given."""

    def __call__(self, data: bytes, *, path: str, mtime: dt.datetime) -> tuple[Document, Reading]: ...


def in_sandbox(sandbox: Sandbox, packed: Callable[[Job], bytes]) -> Read:
    """A reader that survives whatever a drop does; *packed* makes the job that `feedd.jobs.understood` reads."""

    def read(jobs: Iterable[Job]) -> Iterator[Understood]:
        return (_answered(answer) for _job, answer in sandbox.map(jobs, packed))

    return read


def _answered(answer: bytes | DropError) -> Understood:
    if isinstance(answer, DropError):
        return Understood(None, answer)
    try:
        found = Answer.unpacked(answer)
    except (ValueError, KeyError, IndexError, TypeError) as fault:  # made near hostile input, it may be anything
        return Understood(None, own_fault(fault))
    return Understood(found.reading, found.refusal, found.attachments, found.json or None)


def in_process(understand: Understand) -> Read:
    """A reader that needs no other process."""

    def read(jobs: Iterable[Job]) -> Iterator[Understood]:
        return (_understood(understand, job) for job in jobs)

    return read


def _understood(understand: Understand, job: Job) -> Understood:
    try:
        document, reading = understand(job.data, path=job.path, mtime=job.mtime)
        return Understood(reading, attachments=document.attachments)
    except DropError as refusal:
        return Understood(None, refusal, refusal.attachments)
    except Exception as fault:
        return Understood(None, own_fault(fault))


def own_fault(fault: Exception) -> DropError:
    """What a drop is told when feedd itself failed on it."""
    refusal = DropError(
        OWN_FAULT,
        f"feedd itself failed on this file ({type(fault).__name__}: {fault}).",
        "Nothing is wrong with the file; the next version of feedd tries it again by itself. Please report it.",
    )
    refusal.__cause__ = fault
    return refusal
