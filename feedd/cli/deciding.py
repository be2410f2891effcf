"""``feedd release``, ``withdraw``, ``quarantine``: what waits for a person."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from feedd.cli.console import MOST_LINES, AsJson, by_code, count, out, plain, print_json, table
from feedd.cli.log import log_to_stderr
from feedd.cli.works import judge_unless_daemon, opened, publish_unless_daemon
from feedd.errors import FeeddError

if TYPE_CHECKING:
    from feedd.store.drops import Quarantined
    from feedd.store.releases import Known

Code = Annotated[str | None, typer.Option(metavar="CODE", help="Every file with this code, such as scanned.")]
Numbers = Annotated[list[int] | None, typer.Argument(metavar="NO...", help="As `feedd quarantine list` counts.")]
All = Annotated[bool, typer.Option("--all", help="Every file in quarantine.")]
Id = Annotated[str, typer.Argument(help="A release: the first 10 letters of its hash, or its slug.")]

app = typer.Typer()
quarantine_app = typer.Typer(no_args_is_help=True, help="Files that could not be understood, and why.")
app.add_typer(quarantine_app, name="quarantine")


@app.command()
def release(
    context: typer.Context,
    id: Id,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    keep_embargo: Annotated[
        bool, typer.Option("--keep-embargo", help="Clear why it is held, and let its embargo go on.")
    ] = False,
) -> None:
    """Publish a held, embargoed or withdrawn release, after asking."""
    from feedd.ingest import let_out
    from feedd.store import releases

    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        with parts.store.read() as conn:
            known = releases.find(conn, id)
        if known.state == "public":
            out.print(f"{known.short_id} is public already: {parts.press.site.url(known.folder)}", markup=False)
            return
        if known.state == "retired" and known.version_of is not None:
            raise FeeddError(f"{known.short_id} has become a version of another release; name that one.")
        if not yes:
            out.print("\n".join([known.title, *_why_waiting(known)]), markup=False)
            typer.confirm("Let its embargo decide?" if keep_embargo else "Publish it now?", abort=True)
        state = let_out(parts.store, id, parts.terms, parts.now, keep_embargo=keep_embargo)
        publish_unless_daemon(parts)
        if state == "embargoed":
            out.print(f"{known.short_id} opens by itself at {known.embargo_until:%Y-%m-%d %H:%M:%S} UTC.", markup=False)
        else:
            out.print(f"{known.short_id} is public: {parts.press.site.url(known.folder)}", markup=False)


@app.command()
def withdraw(
    context: typer.Context,
    id: Id,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take a release back, after asking: its page and its entries in the feeds say so."""
    from feedd.ingest import take_back
    from feedd.store import releases

    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        with parts.store.read() as conn:
            known = releases.find(conn, id)
        if not yes:
            out.print(known.title, markup=False)
            typer.confirm("Take it back?", abort=True)
        state = take_back(parts.store, id, parts.terms, parts.now)
        publish_unless_daemon(parts)
        if state == "retired":
            out.print(f"{known.short_id} was not public yet and will not be.", markup=False)
        else:
            out.print(f"{known.short_id} is withdrawn: {parts.press.site.url(known.folder)}", markup=False)


def _why_waiting(known: Known) -> Iterator[str]:
    if known.held:
        yield f"held: {' '.join(known.held)}"
    if known.embargo_until:
        yield f"embargo: until {known.embargo_until:%Y-%m-%d %H:%M:%S} UTC"
    if known.state == "withdrawn":
        yield "withdrawn: its page says so"
    if known.state == "retired":
        yield "withdrawn before it was public"


@quarantine_app.command("list")
def quarantine_list(context: typer.Context, code: Code = None, as_json: AsJson = False) -> None:
    """Files that could not be understood, oldest first; many are counted by their codes."""
    from feedd.store import drops

    with opened(context) as parts, parts.store.read() as conn:
        found = [each for each in drops.quarantined(conn) if code in (None, each.code)]
    if as_json:
        print_json([plain(each) for each in found])
    elif not found:
        out.print(f"No file is in quarantine as {code}." if code else "No file is in quarantine.", markup=False)
    elif len(found) > MOST_LINES and code is None:
        out.print(f"{count(len(found), 'file')} in quarantine:")
        out.print(by_code(found))
        out.print("`feedd quarantine list --code CODE` names the files; retry and discard know --code too.")
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
    if not found.kept:
        out.print("Files as large as this are not kept while they are in quarantine.")
        return
    begins = "".join(c if c.isprintable() or c == "\n" else "·" for c in data[:400].decode("utf-8", "replace"))
    out.print(f"It begins:\n{begins}" if begins.strip() else "There is nothing to show of it.", markup=False)


@quarantine_app.command("retry")
def quarantine_retry(
    context: typer.Context,
    numbers: Numbers = None,
    all_: All = False,
    code: Code = None,
) -> None:
    """Read files in quarantine again: after an update, or when what was wrong outside is mended."""
    chosen, moved = _moved(context, numbers or [], all_=all_, code=code, retry=True)
    out.print(f"{count(moved, 'file')} to be read again.")
    for each in chosen:
        if not each.kept:
            out.print(f"{each.path} has {each.size:,} bytes, which were not kept; drop it again.", markup=False)


@quarantine_app.command("discard")
def quarantine_discard(
    context: typer.Context,
    numbers: Numbers = None,
    all_: All = False,
    code: Code = None,
) -> None:
    """Take files off the list of quarantine. The files themselves are not touched."""
    _chosen, moved = _moved(context, numbers or [], all_=all_, code=code, retry=False)
    out.print(f"{count(moved, 'file')} off the list.")


def _moved(
    context: typer.Context, numbers: list[int], *, all_: bool, code: str | None, retry: bool
) -> tuple[list[Quarantined], int]:
    """The files that are meant, and how many of them left the quarantine."""
    from feedd.store import drops

    log_to_stderr(logging.ERROR)
    if not (numbers or all_ or code):
        raise typer.BadParameter("name files by their numbers, or give --all or --code")
    with opened(context) as parts:
        with parts.store.in_turn() as conn:
            listed = {each.id: each for each in drops.quarantined(conn)}
            for number in numbers:
                if number not in listed:
                    raise FeeddError(f"No file in quarantine has the number {number}; see `feedd quarantine list`.")
            chosen = [each for each in listed.values() if all_ or each.code == code or each.id in numbers]
            act = drops.retry if retry else drops.discard
            moved = sum(act(conn, each.id) for each in chosen)
        if retry and moved:
            judge_unless_daemon(parts)
    return chosen, moved
