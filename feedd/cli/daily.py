"""``feedd run``, ``once``, ``publish``: the daemon, its single pass, and the site alone."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from feedd.cli.console import AsJson, count, out, print_json, short
from feedd.cli.log import log_to_stderr
from feedd.cli.works import fail_on_troubles, holding, opened
from feedd.errors import ConfigError, FeeddError

if TYPE_CHECKING:
    from feedd.parts import Parts

app = typer.Typer()


@app.command()
def run(
    context: typer.Context,
    roles: Annotated[
        str, typer.Option(help="Which parts run here: watch,publish,schedule,deliver,serve.")
    ] = "watch,publish,schedule,deliver,serve",
    samples: Annotated[bool, typer.Option("--samples", help="Fill an empty inbox with three real releases.")] = False,
) -> None:
    """The daemon: watch, ingest, publish, schedule, deliver, serve."""
    from feedd.daemon import Daemon

    chosen = _roles(roles)
    log_to_stderr()
    with opened(context) as parts, holding(parts, "feedd run"):
        daemon = Daemon(parts, chosen, samples=samples)
        ended = _on_signals()
        daemon.start()
        _say_running(parts, daemon.port)
        ended.wait()
        daemon.stop()
    if out.is_terminal:
        out.print("feedd has stopped; nothing is half done.")


@app.command()
def once(context: typer.Context, as_json: AsJson = False) -> None:
    """One full pass, for cron: takes in what lies in the folder, publishes, sends what is due."""
    from feedd.daemon import once as one_pass

    log_to_stderr(logging.ERROR)
    with opened(context) as parts, holding(parts, "feedd once"):
        done = one_pass(parts)
    became = [outcome.became for outcome in done.outcomes]
    if as_json:
        print_json({
            "drops": [{"path": o.path, "became": o.became, "release": o.release, "sentence": o.sentence}
                      for o in done.outcomes],
            "waiting": done.waiting, "outputs": done.published.made, "changed": done.published.changed,
            "letters": [{"key": d.key, "became": d.became} for d in done.delivered],
            "troubles": done.published.troubles,
        })  # fmt: skip
    else:
        sent = sum(d.became == "sent" for d in done.delivered)
        out.print(f"{count(len(became), 'drop')} taken in, {count(done.published.changed, 'file')} of "
                  f"{parts.press.out} changed, {count(sent, 'letter')} sent.", markup=False)  # fmt: skip
        for outcome in done.outcomes:
            if outcome.became in ("quarantined", "held"):
                out.print(f"{outcome.became}: {outcome.path}: {outcome.sentence}", markup=False)
        for sentence in done.waiting:
            out.print(f"waiting: {sentence}", markup=False)
    fail_on_troubles(done.published)


@app.command()
def publish(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Make every output anew, not only what is stale.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what differs from the store.")] = False,
) -> None:
    """Rebuild what is stale in the site's folder, or everything."""
    from feedd.daemon import publish_all
    from feedd.publish import check as differing

    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        if check:
            _say_differing(parts, differing(parts.store, parts.press))
            return
        with holding(parts, "feedd publish"):
            done = publish_all(parts, full=full)
    out.print(f"{count(done.made, 'output')} made, {count(done.changed, 'file')} of {parts.press.out} changed.",
              markup=False)  # fmt: skip
    fail_on_troubles(done)


def _roles(text: str) -> tuple[str, ...]:
    from feedd.daemon import ROLES

    chosen = tuple(word.strip() for word in text.split(",") if word.strip())
    for word in chosen:
        if word not in ROLES:
            raise ConfigError("--roles", word, f"give some of {','.join(ROLES)}")
    return chosen or ROLES


def _on_signals() -> threading.Event:
    """Set at the first SIGTERM or Ctrl-C; a second one ends at once."""
    ended = threading.Event()

    def end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return ended


def _say_running(parts: Parts, port: int | None) -> None:
    config = parts.config
    letters = config.mail.maildir / "new" if config.mail.transport == "maildir" else f"by {config.mail.host}"
    base = parts.press.site.base_url
    lines = [
        "feedd is running; Ctrl-C stops it.",
        f"  Site     {base}/" if port else f"  Site     {config.out.folder}/index.html",
        f"  Feeds    {base}/feeds/",
        f"  Letters  {short(letters)}",
        f"  Drop     a news release (text, HTML, Word, PDF) into {short(config.watch.folder)}/",
    ]
    for line in lines:
        out.print(line, markup=False)
    sys.stdout.flush()


def _say_differing(parts: Parts, paths: list[str]) -> None:
    for path in paths:
        out.print(f"differs: {path}", markup=False)
    if paths:
        raise FeeddError(f"{count(len(paths), 'output')} of {parts.press.out} differ; `feedd publish --full` mends it.")
    out.print(f"{parts.press.out} is what the store would write.", markup=False)
