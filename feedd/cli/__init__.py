"""The command line: what people type, what they read back, and the exit code (0 done, 1 failed, 2 bad usage).

Every command says what happened in its first line and what to do next in its last. What a command needs is imported
when it runs: `explain` must not wait for the database and the web server.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from feedd import __version__
from feedd.cli import archive, daily, deciding, letters, reading, review, standing
from feedd.cli.console import err, out
from feedd.cli.works import FAILED, USAGE
from feedd.errors import ConfigError, FeeddError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Turns a company's news release, dropped into a folder, into feeds, pages and letters.",
)
for room in (daily, reading, deciding, review, archive, letters, standing):
    app.add_typer(room.app)


def main() -> None:
    """The program ``feedd``. Every failure that feedd foresees is one sentence and an exit code."""
    os.umask(0o077)  # what feedd makes is its own: addresses, held releases. `files` says so where others may read
    try:
        app()
    except ConfigError as error:
        _stop(error, USAGE)
    except FeeddError as error:
        _stop(error, FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)


def _stop(error: FeeddError, code: int) -> NoReturn:
    err.print(f"feedd: {error}", style="red" if err.is_terminal else None, markup=False)
    sys.exit(code)


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="The TOML file (else FEEDD_CONFIG, ./feedd.toml, /etc/feedd/)."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=lambda asked: _say_version(asked), help="Say it and stop."),
    ] = False,
) -> None:
    context.obj = config


def _say_version(asked: bool) -> None:
    if asked:
        out.print(f"feedd {__version__}")
        raise typer.Exit
