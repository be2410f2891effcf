"""The log: one line a unit of work, words on a terminal, JSON in a pipe or under systemd. Configured only here."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import Any

from feedd.visible import visible


def log_to_stderr(level: int = logging.INFO) -> None:
    """One line a unit of work: words on a terminal, JSON in a pipe or under systemd."""
    import structlog  # costs 50 ms, and `explain` writes no log

    render: list[Callable[..., Any]] = [structlog.processors.JSONRenderer(ensure_ascii=False)]
    if sys.stderr.isatty():
        render = [_log_line]
    processors: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper("iso"),
        structlog.processors.format_exc_info,
        _fields_visible,
        *render,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(_Stderr()),  # type: ignore[arg-type]
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # what it says of its jobs says nothing about ours


def _log_line(_logger: object, level: str, event: MutableMapping[str, Any]) -> str:
    """``17:34:36  drop  acme.txt  release 8bb4586b68``: for people at a terminal."""
    at = dt.datetime.fromisoformat(event.pop("timestamp")).astimezone()
    trace = event.pop("exception", "")
    event.pop("level", None)
    name = event.pop("event")
    seconds = event.pop("seconds", None)
    words = [
        f"{value} {key}" if isinstance(value, int) else str(value) for key, value in event.items() if value is not None
    ]
    words += [f"({seconds:.2f} s)"] if seconds is not None else []
    line = "  ".join([f"{at:%H:%M:%S}", f"{name:<9}", *words])
    return line + (f"\n{trace}" if trace else "")


def _fields_visible(_logger: Any, _method: str, fields: Any) -> Any:
    """A step of the log: no field steers the terminal that shows the line."""
    return {name: visible(value) if isinstance(value, str) else value for name, value in fields.items()}


class _Stderr:
    """Where log lines go. A terminal that was closed or a pipe that broke must not stop what the line is about."""

    def write(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
