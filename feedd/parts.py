"""The composition root: the one place that reads the configuration and hands each part what it needs."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from feedd import __version__, clock, files, jobs, layout, packaged, rules
from feedd.channels import CHANNELS, Channel
from feedd.classify.labels import labels
from feedd.classify.lessons import written
from feedd.config import Config
from feedd.deliver import Sender
from feedd.errors import StoreError
from feedd.files import Lock
from feedd.ingest import Job, Read, Terms
from feedd.ingest.reading import in_sandbox
from feedd.jumps import Tick
from feedd.model import Site
from feedd.notify import Desk, compose
from feedd.publish import Press
from feedd.render.letters import Letters
from feedd.render.pages import Pages
from feedd.sandbox import Sandbox
from feedd.store import Store
from feedd.subscribe import UnsubscribeLinks
from feedd.tokens import Tokens

_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Parts:
    """Every door opened and every table filled, as the configuration says. `now` gives the time, UTC.

    `lock` is None where the database keeps several processes apart by itself.
    """

    config: Config
    now: Callable[[], dt.datetime]
    tick: Callable[[], Tick]
    store: Store
    lock: Lock | None
    terms: Terms
    read: Read
    sandbox: Sandbox
    press: Press
    desk: Desk
    links: UnsubscribeLinks

    def close(self) -> None:
        """Ends the processes that read drops, and the connections to the database."""
        self.sandbox.close()
        self.store.close()


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def assemble(config: Config, now: Callable[[], dt.datetime] = utc_now, tick: Callable[[], Tick] | None = None) -> Parts:
    """Opens the database, made and migrated where needed, and makes the rest. Raises `FeeddError`.

    *tick* looks at all clocks of the machine, of which *now* is one.
    """
    guard = lock(config)
    _refuse_lost_database(guard)
    store = Store(config.store.url)
    store.migrate()
    site = _site(config)
    press = _press(config, site)
    sandbox = _sandbox()
    terms = _terms(config, press)
    tokens = Tokens(files.secrets(config.site.secret_file))
    mail, overrides = config.mail, config.out.templates
    letters = Letters(site, press.labels, overrides, sender=mail.sender, reply_to=mail.reply_to)
    return Parts(
        config=config,
        now=now,
        tick=tick or (lambda: clock.tick(now())),
        store=store,
        lock=guard,
        terms=terms,
        read=_reader(config, terms, sandbox),
        sandbox=sandbox,
        press=press,
        desk=Desk(letters, tokens, site.base_url),
        links=UnsubscribeLinks(store, tokens, press.labels, now),
    )


def sender(parts: Parts) -> Sender:
    """A way out for letters, for one thread."""
    return Sender(
        channel=_channel(parts.config),
        compose=lambda conn, claimed: compose(conn, claimed, parts.desk),
        owner=f"{socket.gethostname()}:{os.getpid()}",
        resend_uncertain=parts.config.mail.on_uncertain == "resend",
    )


def lock(config: Config) -> Lock | None:
    """What one process at a time holds while it publishes or sends: a file beside an SQLite database."""
    if not config.store.url.startswith(_SQLITE):
        return None
    return Lock(Path(config.store.url.removeprefix(_SQLITE) + ".lock"))


def _refuse_lost_database(guard: Lock | None) -> None:
    """Nobody may begin an empty database while a daemon runs whose own was taken away."""
    file = guard.path.with_suffix("") if guard else None
    if guard and file and not file.exists() and (holder := guard.holder()):
        raise StoreError(f"The database {file} is not there any more while {holder} runs; put it back.")


def _site(config: Config) -> Site:
    site = config.site
    return Site(
        title=site.title,
        base_url=site.base_url,
        author_name=site.author_name,
        author_email=site.author_email,
        language=site.language,
        time_zone=site.time_zone,
        imprint=site.imprint,
    )


def _press(config: Config, site: Site) -> Press:
    words = labels()
    feeds = layout.feeds(words, site.title)
    return Press(
        out=config.out.folder,
        site=site,
        feeds=feeds,
        labels=words,
        pages=Pages(site, feeds, words, config.out.templates),
        window=config.out.window,
        originals=config.out.originals,
        fingerprint=_fingerprint(config, site),
    )


def _terms(config: Config, press: Press) -> Terms:
    below = config.classify.review_below
    return Terms(
        base_url=press.site.base_url,
        time_zone=press.site.time_zone,
        language=press.site.language,
        feeds=press.feeds,
        originals=press.originals,
        alert_max_age=config.notify.max_age,
        alerts_per_hour=config.notify.alerts_per_hour,
        version=__version__,
        review_below=None if below == "auto" else below,
        publish_unsure=config.classify.publish_unsure,
        rules=rules.load(config.classify.rules) if config.classify.rules else None,
    )


def _reader(config: Config, terms: Terms, sandbox: Sandbox) -> Read:
    def packed(job: Job) -> bytes:
        return jobs.Job(
            job.data,
            job.drop.path,
            job.drop.mtime,
            time_zone=terms.time_zone,
            review_below=terms.review_below,
            publish_unsure=terms.publish_unsure,
            rules=str(config.classify.rules.absolute()) if config.classify.rules else "",
            lesson=written(job.lesson) if job.lesson.version else "",
        ).packed()

    return in_sandbox(sandbox, packed)


def _sandbox() -> Sandbox:
    """Children for every core and one more, so that a drop that hangs does not hold up the rest."""
    samples = (sample.read_bytes() for sample in sorted(packaged("seeds").glob("*.txt")))
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    warm_up = [jobs.Job(data, "warm-up", at).packed() for data in (*samples, *jobs.OF_EACH_FORMAT)]
    return Sandbox("feedd.jobs:understood", warm_up=warm_up, children=(os.cpu_count() or 1) + 1)


def _channel(config: Config) -> Channel:
    mail = config.mail
    if mail.transport == "maildir":
        return CHANNELS["maildir"](mail.maildir)
    password = files.password(mail.password_file) if mail.password_file else None
    return CHANNELS["smtp"](mail.host, mail.port, mail.tls, mail.user or None, password)


def _fingerprint(config: Config, site: Site) -> str:
    """Changes with whatever, besides the store, decides the bytes of ``out/``."""
    settings = (__version__, site, config.out.window, sorted(config.out.originals))
    digest = hashlib.sha256(repr(settings).encode())
    for folder in filter(None, (packaged("templates"), config.out.templates)):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
