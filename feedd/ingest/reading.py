"""Drops are understood: here in this process, one after the other; what fails is a refusal and stops no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Protocol

from feedd.errors import DropError
from feedd.ingest.judging import OWN_FAULT, Job, Read, Understood
from feedd.model import Document, Reading


class Understand(Protocol):
    """`feedd.understand.understand` with its settings given."""

    def __call__(self, data: bytes, *, path: str, mtime: dt.datetime) -> tuple[Document, Reading]: ...


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
