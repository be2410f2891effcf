"""``feedd release``, ``quarantine``: what waits for a person."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from feedd.cli.console import AsJson, count, out, plain, print_json, table
from feedd.cli.log import log_to_stderr
from feedd.cli.works import opened, publish_unless_daemon
from feedd.errors import FeeddError

Id = Annotated[str, typer.Argument(help="A release: the first 10 letters of its hash, or its slug.")]

app = typer.Typer()
quarantine_app = typer.Typer(no_args_is_help=True, help="Files that could not be understood, and why.")
app.add_typer(quarantine_app, name="quarantine")


@app.command()
def release(
    context: typer.Context,
    id: Id,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Publish a held release, after asking."""
    from feedd.ingest import let_out
    from feedd.store import releases

    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        with parts.store.read() as conn:
            known = releases.find(conn, id)
        if known.state != "held":
            out.print(f"{known.short_id} is public already: {parts.press.site.url(known.folder)}", markup=False)
            return
        if not yes:
            out.print(f"{known.title}\nheld: {' '.join(known.held)}", markup=False)
            typer.confirm("Publish it now?", abort=True)
        let_out(parts.store, id, parts.terms, parts.now)
        publish_unless_daemon(parts)
        out.print(f"{known.short_id} is public: {parts.press.site.url(known.folder)}", markup=False)


@quarantine_app.command("list")
def quarantine_list(context: typer.Context, as_json: AsJson = False) -> None:
    """Files that could not be understood, oldest first."""
    from feedd.store import drops

    with opened(context) as parts, parts.store.read() as conn:
        found = drops.quarantined(conn)
    if as_json:
        print_json([plain(each) for each in found])
    elif not found:
        out.print("No file is in quarantine.")
    else:
        out.print(f"{count(len(found), 'file')} in quarantine:")
        out.print(table(("no", "file", "code", "why"), [(str(f.id), f.path, f.code, f.reason) for f in found]))
        out.print("`feedd quarantine show NO` says what to do about one.")


@quarantine_app.command("show")
def quarantine_show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NO", help="The number in `feedd quarantine list`.")],
    as_json: AsJson = False,
) -> None:
    """One file in quarantine: why it is there, what to do, how it begins."""
    from feedd.store import drops

    with opened(context) as parts, parts.store.read() as conn:
        found = drops.quarantined_one(conn, number)
        if found is None:
            raise FeeddError(f"No file in quarantine has the number {number}; see `feedd quarantine list`.")
        data = drops.original_bytes(conn, found.sha256)
    if as_json:
        print_json(plain(found))
        return
    out.print(f"{found.path}: {found.reason}\n{found.wish}", markup=False)
    out.print(f"{found.size} bytes, first seen {found.first_seen:%Y-%m-%d %H:%M:%S} UTC, code {found.code}, "
              f"SHA-256 {found.sha256}", markup=False)  # fmt: skip
    begins = "".join(c if c.isprintable() or c == "\n" else "·" for c in data[:400].decode("utf-8", "replace"))
    out.print(f"It begins:\n{begins}" if begins.strip() else "There is nothing to show of it.", markup=False)
