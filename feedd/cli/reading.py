"""``feedd explain``: what is understood in files, and why. Touches no state and waits for no database."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedd.cli.console import AsJson, err, out, print_json
from feedd.cli.works import FAILED
from feedd.errors import DropError
from feedd.visible import visible_name

if TYPE_CHECKING:
    from feedd.rules import Rules

app = typer.Typer()


@app.command()
def explain(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders to be walked in name order.")],
    as_json: AsJson = False,
    text: Annotated[bool, typer.Option("--text", help="Only the plain text that the reader delivers.")] = False,
    own: Annotated[Path | None, typer.Option("--rules", help="A folder of rules of your own to be tried.")] = None,
) -> None:
    """What feedd understands in files, and why. Touches no state."""
    from feedd import rules

    by = rules.load(own)
    failed = False
    for path in _files(paths):
        try:
            data, mtime = _contents(path)
        except OSError as error:
            err.print(f"feedd: {visible_name(str(path))} cannot be read ({error.strerror}); give a file.", markup=False)
            failed = True
            continue
        _explain_one(path, data, mtime, by, as_json=as_json, text=text)
    if failed:
        raise typer.Exit(FAILED)


def _contents(path: Path) -> tuple[bytes, dt.datetime]:
    """The bytes and the time of a file. Raises OSError, also for a pipe or a device, which might never end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "no regular file")
    return path.read_bytes(), dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)


def _explain_one(path: Path, data: bytes, mtime: dt.datetime, by: Rules, *, as_json: bool, text: bool) -> None:
    from feedd.classify.labels import codes, labels
    from feedd.render.explain import as_contract, as_refusal
    from feedd.understand import understand

    sha256 = hashlib.sha256(data).hexdigest()
    try:
        document, reading = understand(data, path=str(path), mtime=mtime, by=by)
    except DropError as error:
        if as_json:
            print_json(as_refusal(str(path), sha256, error))
        else:
            out.print(f"{visible_name(str(path))}: {error.reason} {error.wish}".rstrip(), markup=False)
        return
    if as_json:
        own_codes = codes(reading.classification.subtopic)
        print_json(as_contract(str(path), sha256, document, reading, codes=own_codes))
    elif text:
        sys.stdout.write(document.text)
    else:
        from feedd.render.report import report

        out.print(report(visible_name(str(path)), document, reading, labels=labels()))


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        else:
            yield path
