"""The command line: what people type, what they read back, and the exit code (0 done, 1 failed, 2 bad usage).

Every command says what happened in its first line and what to do next in its last. Logging is configured here.
What a command needs is imported when it runs: `explain` must not wait for the database and the web server.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedd import __version__
from feedd.errors import ConfigError, DropError, FeeddError
from feedd.model import Cadence, Class
from feedd.visible import visible, visible_json, visible_name

if TYPE_CHECKING:
    from feedd.config import Config
    from feedd.parts import Parts
    from feedd.publish import Published

FAILED, USAGE = 1, 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Turns a company's news release, dropped into a folder, into feeds, pages and letters.",
)
digest_app = typer.Typer(no_args_is_help=True, help="See or send a digest before its hour.")
subscribers_app = typer.Typer(no_args_is_help=True, help="Who gets letters.")
quarantine_app = typer.Typer(no_args_is_help=True, help="Files that could not be understood, and why.")
config_app = typer.Typer(no_args_is_help=True, help="What is configured.")
app.add_typer(digest_app, name="digest")
app.add_typer(subscribers_app, name="subscribers")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(config_app, name="config")


class _Console(Console):
    """Shows what would steer a terminal instead of obeying it: names of files and words in them come from anybody."""

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(visible(text), **how)


out = _Console(highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())
err = _Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of words.")]
Id = Annotated[str, typer.Argument(help="A release: the first 10 letters of its hash, or its slug.")]


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


# ── The daemon and its single pass ──────────────────────────────────────────────────────────────────────────────


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
    _log_to_stderr()
    with _parts(context) as parts, _holding(parts, "feedd run"):
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

    _log_to_stderr(logging.ERROR)
    with _parts(context) as parts, _holding(parts, "feedd once"):
        done = one_pass(parts)
    became = [outcome.became for outcome in done.outcomes]
    if as_json:
        _print_json({
            "drops": [{"path": o.path, "became": o.became, "release": o.release, "sentence": o.sentence}
                      for o in done.outcomes],
            "waiting": done.waiting, "outputs": done.published.made, "changed": done.published.changed,
            "letters": [{"key": d.key, "became": d.became} for d in done.delivered],
            "troubles": done.published.troubles,
        })  # fmt: skip
    else:
        sent = sum(d.became == "sent" for d in done.delivered)
        out.print(f"{_count(len(became), 'drop')} taken in, {_count(done.published.changed, 'file')} of "
                  f"{parts.press.out} changed, {_count(sent, 'letter')} sent.", markup=False)  # fmt: skip
        for outcome in done.outcomes:
            if outcome.became in ("quarantined", "held"):
                out.print(f"{outcome.became}: {outcome.path}: {outcome.sentence}", markup=False)
        for sentence in done.waiting:
            out.print(f"waiting: {sentence}", markup=False)
    _fail_on_troubles(done.published)


@app.command()
def publish(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Make every output anew, not only what is stale.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what differs from the store.")] = False,
) -> None:
    """Rebuild what is stale in the site's folder, or everything."""
    from feedd.daemon import publish_all
    from feedd.publish import check as differing

    _log_to_stderr(logging.ERROR)
    with _parts(context) as parts:
        if check:
            _say_differing(parts, differing(parts.store, parts.press))
            return
        with _holding(parts, "feedd publish"):
            done = publish_all(parts, full=full)
    out.print(f"{_count(done.made, 'output')} made, {_count(done.changed, 'file')} of {parts.press.out} changed.",
              markup=False)  # fmt: skip
    _fail_on_troubles(done)


# ── Understanding ───────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def explain(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders to be walked in name order.")],
    as_json: AsJson = False,
    text: Annotated[bool, typer.Option("--text", help="Only the plain text that the reader delivers.")] = False,
) -> None:
    """What feedd understands in files, and why. Touches no state."""
    failed = False
    for path in _files(paths):
        try:
            data, mtime = _contents(path)
        except OSError as error:
            err.print(f"feedd: {visible_name(str(path))} cannot be read ({error.strerror}); give a file.", markup=False)
            failed = True
            continue
        _explain_one(path, data, mtime, as_json=as_json, text=text)
    if failed:
        raise typer.Exit(FAILED)


def _contents(path: Path) -> tuple[bytes, dt.datetime]:
    """The bytes and the time of a file. Raises OSError, also for a pipe or a device, which might never end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "no regular file")
    return path.read_bytes(), dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)


def _explain_one(path: Path, data: bytes, mtime: dt.datetime, *, as_json: bool, text: bool) -> None:
    import hashlib

    from feedd.classify.labels import codes, labels
    from feedd.render.explain import as_contract, as_refusal
    from feedd.understand import understand

    sha256 = hashlib.sha256(data).hexdigest()
    try:
        document, reading = understand(data, path=str(path), mtime=mtime)
    except DropError as error:
        if as_json:
            _print_json(as_refusal(str(path), sha256, error))
        else:
            out.print(f"{visible_name(str(path))}: {error.reason} {error.wish}".rstrip(), markup=False)
        return
    if as_json:
        own_codes = codes(reading.classification.subtopic)
        _print_json(as_contract(str(path), sha256, document, reading, codes=own_codes))
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


# ── Decisions ───────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def release(
    context: typer.Context,
    id: Id,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Publish a held release, after asking."""
    from feedd.ingest import let_out
    from feedd.store import releases

    _log_to_stderr(logging.ERROR)
    with _parts(context) as parts:
        with parts.store.read() as conn:
            known = releases.find(conn, id)
        if known.state != "held":
            out.print(f"{known.short_id} is public already: {parts.press.site.url(known.folder)}", markup=False)
            return
        if not yes:
            out.print(f"{known.title}\nheld: {' '.join(known.held)}", markup=False)
            typer.confirm("Publish it now?", abort=True)
        let_out(parts.store, id, parts.terms, parts.now)
        _publish_unless_daemon(parts)
        out.print(f"{known.short_id} is public: {parts.press.site.url(known.folder)}", markup=False)


@quarantine_app.command("list")
def quarantine_list(context: typer.Context, as_json: AsJson = False) -> None:
    """Files that could not be understood, oldest first."""
    from feedd.store import drops

    with _parts(context) as parts, parts.store.read() as conn:
        found = drops.quarantined(conn)
    if as_json:
        _print_json([_plain(each) for each in found])
    elif not found:
        out.print("No file is in quarantine.")
    else:
        out.print(f"{_count(len(found), 'file')} in quarantine:")
        out.print(_table(("no", "file", "code", "why"), [(str(f.id), f.path, f.code, f.reason) for f in found]))
        out.print("`feedd quarantine show NO` says what to do about one.")


@quarantine_app.command("show")
def quarantine_show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NO", help="The number in `feedd quarantine list`.")],
    as_json: AsJson = False,
) -> None:
    """One file in quarantine: why it is there, what to do, how it begins."""
    from feedd.store import drops

    with _parts(context) as parts, parts.store.read() as conn:
        found = drops.quarantined_one(conn, number)
        if found is None:
            raise FeeddError(f"No file in quarantine has the number {number}; see `feedd quarantine list`.")
        data = drops.original_bytes(conn, found.sha256)
    if as_json:
        _print_json(_plain(found))
        return
    out.print(f"{found.path}: {found.reason}\n{found.wish}", markup=False)
    out.print(f"{found.size} bytes, first seen {found.first_seen:%Y-%m-%d %H:%M:%S} UTC, code {found.code}, "
              f"SHA-256 {found.sha256}", markup=False)  # fmt: skip
    begins = "".join(c if c.isprintable() or c == "\n" else "·" for c in data[:400].decode("utf-8", "replace"))
    out.print(f"It begins:\n{begins}" if begins.strip() else "There is nothing to show of it.", markup=False)


# ── Letters ─────────────────────────────────────────────────────────────────────────────────────────────────────

Only = Annotated[str, typer.Option("--to", help="Only the digests of this address.")]


@digest_app.command("preview")
def digest_preview(context: typer.Context, to: Only = "", as_json: AsJson = False) -> None:
    """The open windows' letters, as if they closed now. Sends and records nothing."""
    import email
    import email.policy

    from feedd.notify import preview

    with _parts(context) as parts:
        letters = preview(
            parts.store, _token_ids(parts, to), parts.now(), parts.config.notify.digest_max_age, parts.desk
        )
    if as_json:
        _print_json([{"to": each.recipient, "subject": each.subject} for each in letters])
        return
    if not letters:
        out.print("Nothing to say yet: no release since the last digest.")
    for each in letters:
        message = email.message_from_bytes(each.raw, policy=email.policy.default)
        part = message.get_body(("plain",))
        out.print(f"To: {each.recipient}\nSubject: {each.subject}\n", markup=False)
        out.print(part.get_content() if part else "", markup=False)


@digest_app.command("send")
def digest_send(context: typer.Context, to: Only = "") -> None:
    """Close the open windows now and send their letters."""
    from feedd.daemon import deliver_due, publish_all
    from feedd.notify import close_now

    _log_to_stderr(logging.ERROR)
    with _parts(context) as parts, _holding(parts, "feedd digest send"):
        done = publish_all(parts)  # a letter waits for the pages it links to
        close_now(parts.store, _token_ids(parts, to), parts.now, parts.config.notify.digest_max_age)
        wake(parts)
        delivered = list(deliver_due(parts))
    sent = sum(each.became == "sent" for each in delivered)
    out.print(f"{_count(sent, 'letter')} sent." if delivered else "Nothing to say: no release since the last digest.")
    for each in delivered:
        if each.became != "sent":
            out.print(f"{each.became}: {each.sentence}", markup=False)
    _fail_on_troubles(done)


@subscribers_app.command("add")
def subscribers_add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="A mail address.")],
    cadence: Annotated[Cadence, typer.Option(help="How often.")] = Cadence.DAILY,
    classes: Annotated[list[Class] | None, typer.Option("--class", help="Only these classes; may be repeated.")] = None,
    time_zone: Annotated[
        str, typer.Option(help="Their zone, such as America/Toronto (else theirs or the site's).")
    ] = "",
    hour: Annotated[str, typer.Option(help="Their hour for digests, such as 06:30 (else notify.digest_hour).")] = "",
) -> None:
    """Add a subscriber, or another subscription of one."""
    from feedd.config import check_address, check_hour, check_time_zone
    from feedd.store import subscribers
    from feedd.store.subscribers import Wish
    from feedd.subscribe import selection_in_words, subscribe

    with _parts(context) as parts:
        config, address = parts.config, check_address("ADDRESS", address)
        with parts.store.read() as conn:
            usual_zone = subscribers.zone_of(conn, address) or config.site.time_zone
        wish = Wish(
            address=address,
            classes=tuple(classes or ()),
            cadence=cadence,
            time_zone=check_time_zone("--time-zone", time_zone) if time_zone else usual_zone,
            digest_hour=check_hour("--hour", hour) if hour else config.notify.digest_hour,
            language=config.site.language,
        )
        what = selection_in_words(wish.cadence, wish.classes, parts.press.labels)
        if subscribe(parts.store, wish, parts.now):
            out.print(f"{wish.address} gets {what} from now on.", markup=False)
        else:
            out.print(f"{wish.address} gets {what} already.", markup=False)


@subscribers_app.command("list")
def subscribers_list(context: typer.Context, as_json: AsJson = False) -> None:
    """Every subscription, ended ones too."""
    from feedd.store import subscribers

    with _parts(context) as parts, parts.store.read() as conn:
        found = subscribers.everybody(conn)
    rows: list[dict[str, Any]] = [
        {"address": s.address, "cadence": s.cadence.value, "classes": [c.value for c in s.classes],
         "time_zone": s.time_zone, "digest_hour": f"{s.digest_hour:%H:%M}", "state": state,
         "since": since.isoformat()}
        for s, state, since in found
    ]  # fmt: skip
    if as_json:
        _print_json(rows)
    elif not rows:
        out.print("Nobody is subscribed; `feedd subscribers add ADDRESS` adds someone.")
    else:
        out.print(_table(
            ("address", "cadence", "classes", "at", "state"),
            [(r["address"], r["cadence"], ", ".join(r["classes"]) or "all",
              f"{r['digest_hour']} {r['time_zone']}" if r["cadence"] != "at-once" else "", r["state"])
             for r in rows],
        ))  # fmt: skip


# ── How things stand ────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """How things stand: what is published, what waits, what is wrong."""
    from feedd.status import status as ask

    with _parts(context) as parts:
        now = ask(parts.store, parts.lock.holder() if parts.lock else None)
    if as_json:
        _print_json(_plain(now))
        return
    public = sum(now.releases[c.value] for c in Class)
    out.print(f"{_count(public, 'release')} public, {len(now.held)} held, {len(now.quarantined)} in quarantine; "
              + (f"{now.daemon} is running." if now.daemon else "no daemon is running."), markup=False)  # fmt: skip
    for class_ in Class:
        out.print(f"  {now.releases[class_.value]:>6}  {class_.value}")
    if now.releases["needs_review"]:
        out.print(f"{_count(now.releases['needs_review'], 'public release')} not sure of the class; worth a look.")
    unsent = sum(now.letters.get(state, 0) for state in ("waiting", "ready", "claimed", "data"))
    out.print(f"{_count(now.letters.get('sent', 0), 'letter')} sent, {unsent} to be sent, "
              f"{now.letters.get('failed', 0)} failed; {_count(now.stale_outputs, 'output')} stale.")  # fmt: skip
    for known in now.held:
        out.print(f"held: {known.short_id} {known.title}: {' '.join(known.held)}", markup=False)
    for drop in now.quarantined:
        out.print(f"quarantine: {drop.path}: {drop.reason}", markup=False)
    for _name, sentence, since in now.troubles:
        out.print(f"trouble since {since:%Y-%m-%d %H:%M} UTC: {sentence}", style="red" if out.is_terminal else None,
                  markup=False)  # fmt: skip
    if now.held:
        out.print("`feedd release ID` publishes a held release.")


@config_app.command("show")
def config_show(context: typer.Context, as_json: AsJson = False) -> None:
    """Every setting, and where its value comes from. Passwords are not shown."""
    shown = _config(context).shown()
    if as_json:
        _print_json(shown)
    else:
        out.print(
            _table(("key", "value", "from"), [(key, str(row["value"]), row["from"]) for key, row in shown.items()])
        )


@config_app.command("check")
def config_check(context: typer.Context) -> None:
    """Whether the configuration is right; exit code 2 and one sentence when it is not."""
    config = _config(context)
    out.print(f"The configuration is right ({config.file or 'no file: defaults'}).", markup=False)


# ── What the commands share ─────────────────────────────────────────────────────────────────────────────────────


def _config(context: typer.Context) -> Config:
    from feedd.config import load

    return load(context.obj, environ=os.environ, folder=Path.cwd())


@contextmanager
def _parts(context: typer.Context) -> Iterator[Parts]:
    from feedd.parts import assemble

    parts = assemble(_config(context))
    try:
        yield parts
    finally:
        parts.store.close()


@contextmanager
def _holding(parts: Parts, command: str) -> Iterator[None]:
    """Holds the lock that writing ``out/`` and sending need; raises `InUseError` naming who has it."""
    if parts.lock is None:
        yield
        return
    with parts.lock.acquire(command):
        yield


def _publish_unless_daemon(parts: Parts) -> None:
    """A running daemon acts on stale marks within seconds; without one this command does."""
    from feedd.daemon import deliver_due, publish_all
    from feedd.errors import InUseError

    try:
        with _holding(parts, "feedd release"):
            done = publish_all(parts)
            list(deliver_due(parts))
    except InUseError:
        return
    _fail_on_troubles(done)


def wake(parts: Parts) -> None:
    from feedd.store import deliveries

    with parts.store.begin() as conn:
        deliveries.wake(conn)


def _token_ids(parts: Parts, address: str) -> list[str]:
    from feedd.store import subscribers

    if not address:
        return []
    with parts.store.read() as conn:
        key = subscribers.address_key(address)
        found = [s.token_id for s in subscribers.active(conn) if subscribers.address_key(s.address) == key]
    if not found:
        raise FeeddError(f"{address} has no subscription; see `feedd subscribers list`.")
    return found


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
        f"  Letters  {_short(letters)}",
        f"  Drop     a news release (.txt or .md) into {_short(config.watch.folder)}/",
    ]
    for line in lines:
        out.print(line, markup=False)
    sys.stdout.flush()


def _short(path: object) -> str:
    """A path as a person in this folder would write it."""
    if isinstance(path, Path) and path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def _say_differing(parts: Parts, paths: list[str]) -> None:
    for path in paths:
        out.print(f"differs: {path}", markup=False)
    if paths:
        raise FeeddError(
            f"{_count(len(paths), 'output')} of {parts.press.out} differ; `feedd publish --full` mends it."
        )
    out.print(f"{parts.press.out} is what the store would write.", markup=False)


def _fail_on_troubles(done: Published) -> None:
    if done.troubles:
        raise FeeddError(done.troubles[0])


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim" if out.is_terminal else None)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*[Text(visible(cell)) for cell in row])
    return table


def _print_json(value: object) -> None:
    sys.stdout.write(visible_json(json.dumps(value, ensure_ascii=False)) + "\n")


def _plain(value: Any) -> Any:
    """Frozen values as JSON has them."""
    from dataclasses import fields, is_dataclass

    if is_dataclass(value):
        return {field.name.rstrip("_"): _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


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


class _Stderr:
    """Where log lines go. A terminal that was closed or a pipe that broke must not stop what the line is about."""

    def write(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def _fields_visible(_logger: Any, _method: str, fields: Any) -> Any:
    """A step of the log: no field steers the terminal that shows the line."""
    return {name: visible(value) if isinstance(value, str) else value for name, value in fields.items()}


def _log_to_stderr(level: int = logging.INFO) -> None:
    """One line a unit of work: words on a terminal, JSON in a pipe or under systemd."""
    import structlog

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
