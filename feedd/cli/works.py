"""What commands share: the configuration, the parts it makes, the lock, and how a failure ends a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from feedd.errors import FeeddError

if TYPE_CHECKING:
    from feedd.config import Config
    from feedd.parts import Parts
    from feedd.publish import Published

FAILED, USAGE = 1, 2  # exit codes


def config(context: typer.Context) -> Config:
    from feedd.config import load

    return load(context.obj, environ=os.environ, folder=Path.cwd())


@contextmanager
def opened(context: typer.Context) -> Iterator[Parts]:
    from feedd.parts import assemble

    parts = assemble(config(context))
    try:
        yield parts
    finally:
        parts.close()


@contextmanager
def holding(parts: Parts, command: str) -> Iterator[None]:
    """Holds the lock that writing ``out/`` and sending need; raises `InUseError` naming who has it."""
    if parts.lock is None:
        yield
        return
    with parts.lock.acquire(command):
        yield


def judge_unless_daemon(parts: Parts) -> None:
    """A running daemon judges what waits within seconds; without one this command does, and publishes."""
    publish_unless_daemon(parts, "feedd quarantine retry", judge=True)


def publish_unless_daemon(parts: Parts, command: str = "feedd release", *, judge: bool = False) -> None:
    """A running daemon acts on stale marks within seconds; without one this *command* does."""
    from feedd.daemon import deliver_due, judge_all, publish_all
    from feedd.errors import InUseError

    try:
        with holding(parts, command):
            if judge:
                judge_all(parts)
            done = publish_all(parts)
            list(deliver_due(parts))
    except InUseError:
        return
    fail_on_troubles(done)


def fail_on_troubles(done: Published) -> None:
    if done.troubles:
        raise FeeddError(done.troubles[0])
