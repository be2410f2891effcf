"""Drops are understood, in processes with limits or here in this one; what fails is a refusal and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from feedd.errors import DropError
from feedd.ingest import again
from feedd.ingest.judging import OWN_FAULT, Job, Read, Understood
from feedd.ingest.terms import Terms
from feedd.jobs import Answer
from feedd.sandbox import Sandbox


def in_sandbox(sandbox: Sandbox, packed: Callable[[Job], bytes]) -> Read:
    """A reader that survives whatever a drop does; *packed* makes the job that `feedd.jobs.understood` reads."""

    def read(jobs: Iterable[Job]) -> Iterator[tuple[Job, Understood]]:
        return ((job, _answered(answer)) for job, answer in sandbox.map(jobs, packed))

    return read


def _answered(answer: bytes | DropError) -> Understood:
    if isinstance(answer, DropError):
        return Understood(None, answer)
    try:
        found = Answer.unpacked(answer)
    except (ValueError, KeyError, IndexError, TypeError) as fault:  # made near hostile input, it may be anything
        return Understood(None, own_fault(fault))
    return Understood(found.reading, found.refusal, found.attachments, found.json or None)


def in_process(terms: Terms) -> Read:
    """A reader that needs no other process."""

    def read(jobs: Iterable[Job]) -> Iterator[tuple[Job, Understood]]:
        return ((job, _understood(job, terms)) for job in jobs)

    return read


def _understood(job: Job, terms: Terms) -> Understood:
    drop, data = job.drop, job.data
    try:
        document, reading = again.read(data, drop.path, drop.mtime, terms, job.lesson)
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
