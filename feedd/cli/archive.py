"""``feedd import``, ``export``, ``verify``: fifteen years in, all of it out again, and whether it is still whole."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedd.cli.console import AsJson, count, out, plain, print_json, short, table
from feedd.cli.log import log_to_stderr
from feedd.cli.works import fail_on_troubles, holding, opened
from feedd.errors import FeeddError
from feedd.visible import visible_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedd.backfill import Progress, Report

app = typer.Typer()

_LINE_EVERY_S = 5.0  # between lines of progress in a pipe


@app.command("import")
def import_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of old releases, with folders inside it.")],
    as_json: AsJson = False,
) -> None:
    """Take in an archive: true dates, no letters. Killed and started again, it goes on where it was."""
    from feedd.backfill import backfill
    from feedd.daemon import publish_all
    from feedd.ingest import retry_faults
    from feedd.publish import publish

    log_to_stderr(logging.ERROR)
    if not folder.is_dir():
        raise FeeddError(f"{folder} is no folder; name the folder that holds the old releases.")
    with opened(context) as parts, holding(parts, "feedd import"):
        retry_faults(parts.store, parts.terms)
        fail_on_troubles(publish_all(parts))
        with _told(quiet=as_json) as told:
            report = backfill(
                parts.store, folder, parts.read, parts.terms, parts.now, told=told,
                publish=lambda up_to: fail_on_troubles(publish(parts.store, parts.press, parts.now, up_to=up_to)),
            )  # fmt: skip
    if as_json:
        print_json(plain(report))
    else:
        _say(report)


@app.command()
def export(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Where to write; without it all goes to the output.")
    ] = None,
) -> None:
    """Everything as JSON Lines with originals: releases, drops, and the files as they were dropped."""
    from feedd import export as everything
    from feedd import files

    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        if folder is None:
            for row in everything.releases_of(parts.store, embed=True):
                sys.stdout.buffer.write(_line(row))
            return
        exported = files.export(
            folder,
            lines={
                "releases.jsonl": map(_line, everything.releases_of(parts.store)),
                "drops.jsonl": map(_line, everything.drops_of(parts.store)),
            },
            originals=everything.originals(parts.store),
        )
    out.print(f"{count(exported, 'original')} and all that is known of them stand in {short(folder)}/.", markup=False)


@app.command()
def verify(context: typer.Context, as_json: AsJson = False) -> None:
    """Whether originals are what was dropped, and the site's folder what the store would write."""
    from feedd.export import damaged
    from feedd.publish import check

    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        judged = list(damaged(parts.store))
        broken = [sha256 for sha256 in judged if sha256]
        differing = check(parts.store, parts.press)
    if as_json:
        print_json({"originals": len(judged), "damaged": broken, "differing": differing})
    else:
        for sha256 in broken:
            out.print(f"damaged: the original {sha256}", markup=False)
        for path in differing:
            out.print(f"differs: {path}", markup=False)
    if broken:
        raise FeeddError(f"{count(len(broken), 'original')} of {len(judged)} no longer what was dropped; "
                         "take the database back from a backup.")  # fmt: skip
    if differing:
        raise FeeddError(f"{count(len(differing), 'output')} of {parts.press.out} differ; "
                         "`feedd publish --full` mends it.")  # fmt: skip
    if not as_json:
        site = short(parts.press.out)
        out.print(f"{count(len(judged), 'original')} whole; {site}/ is what the store would write.", markup=False)


# ── Progress and report ──


@contextmanager
def _told(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Shows how far a back-fill is: a bar on a terminal, a line now and then in a pipe."""
    if quiet:
        yield lambda progress: None
    elif not out.is_terminal:
        yield _Lines()
    else:
        from rich import progress as bar

        columns = (
            bar.SpinnerColumn(), bar.TextColumn("{task.description}"), bar.BarColumn(), bar.MofNCompleteColumn(),
            bar.TextColumn("{task.fields[rate]}"), bar.TimeRemainingColumn(),
        )  # fmt: skip
        with bar.Progress(*columns, console=out) as bars:
            task = bars.add_task("Importing", rate="")
            began_s = time.monotonic()

            def show(progress: Progress) -> None:
                rate = f"{progress.done / max(time.monotonic() - began_s, 0.1):.0f}/s"
                bars.update(task, total=progress.total, completed=progress.before + progress.done, rate=rate)

            yield show


class _Lines:
    """One line every few seconds: how many, how fast, how much longer."""

    def __init__(self) -> None:
        self._began_s = self._said_s = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        now_s = time.monotonic()
        is_last = progress.before + progress.done >= progress.total
        if now_s - self._said_s < _LINE_EVERY_S and not (is_last and progress.done):
            return
        self._said_s = now_s
        rate = progress.done / max(now_s - self._began_s, 0.001)
        left = (progress.total - progress.before - progress.done) / rate if rate else 0.0
        out.print(f"{progress.before + progress.done} of {progress.total} files, {rate:.0f} a second, "
                  f"{left:.0f} s left")  # fmt: skip


def _say(report: Report) -> None:
    out.print(f"{count(report.releases, 'release')}, {count(report.duplicates, 'duplicate')}, {report.held} held, "
              f"{count(len(report.quarantined), 'file')} in quarantine; {count(report.review, 'release')} to review."
              )  # fmt: skip
    if report.codes:
        out.print(table(("files", "code", "why"), [
            (str(number), code, next(each.reason for each in report.quarantined if each.code == code))
            for code, number in report.codes.items()
        ]))  # fmt: skip
        out.print("`feedd quarantine list` names them; `feedd quarantine retry --code CODE` reads them again.")
    for sentence in report.unread:
        out.print(f"not read: {sentence}", markup=False)


def _line(row: object) -> bytes:
    return visible_json(json.dumps(plain(row), ensure_ascii=False)).encode() + b"\n"
