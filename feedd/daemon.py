"""The daemon: loops that ask the store what is to be done, and do it.

    watch ──► ingest ──► store ──► publish ──► out/ ──► serve
                           │          └─► wakes ─► deliver ─► mail
    schedule (tick, next instant) ──► digests due? ─┘

A poke only makes a loop ask sooner. So any of them may die and start again, here or on another machine (`--roles`),
and nothing is lost or done twice.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

import structlog

from feedd import files, layout, packaged
from feedd.deliver import Delivered, deliver_one
from feedd.errors import FeeddError, OutputError, SandboxError, StoreError
from feedd.ingest import MOST_AT_ONCE, Outcome, handfuls, judge, open_due, retry_faults, sources_gone, take_in
from feedd.jumps import Jump
from feedd.notify import close_first, next_slot, plan_digests
from feedd.parts import Parts, sender
from feedd.publish import Published, fit, publish
from feedd.schedule import Schedule
from feedd.serve import Server, make_app, serve
from feedd.store import deliveries, drops, releases, troubles
from feedd.subscribe import subscribe_sample
from feedd.timekeeping import Timekeeper
from feedd.watch import Watch

ROLES = ("watch", "publish", "schedule", "deliver", "serve")
_ROLE_OF = {"judge": "watch", "open": "publish"}  # loops that go with another's role
SAMPLE_ADDRESS = "reader@feedd.example"  # a name that can never receive mail (RFC 2606)

RETRY_S = 5.0  # after trouble outside
IDLE_S = 5.0  # a loop that nobody pokes asks this often: another command may have changed the store
APART_S = 1.0  # and this often where the one who would poke is another process
STOP_S = 3.0  # what all loops together get to end
MOST_IN_A_STEP = 1_000  # drops that are judged before the loop comes round
LISTS_EVERY_S = 2.0  # in a burst
MOST_BYTES_AT_ONCE = 4_000_000  # of drops in one transaction
LATE_S = 60.0  # a drop that waits longer is worth a sentence
LOOK_S = 1.0  # the clock is looked at this often: a machine that slept must not oversleep an embargo's end

# Troubles that do not bear the name of the role that tells of them.
_TOLD_BY = {"out": "publish", "watch-folder": "watch", "drop": "watch", "clock": "open"}

_log = structlog.get_logger("feedd")


# ── One full pass ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Pass:
    """What one full pass did. `waiting` are sentences about drops that stayed open, changing or unreadable."""

    outcomes: tuple[Outcome, ...]
    waiting: tuple[str, ...]
    published: Published
    delivered: tuple[Delivered, ...]


def once(parts: Parts, patience_s: float = 60.0) -> Pass:
    """Takes in every drop that is present now, publishes, makes the letters that are due, sends them."""
    retry_faults(parts.store, parts.terms)
    outcomes, waiting = _take_all(parts, patience_s)
    _open(parts, Timekeeper(parts.store, parts.tick))
    published = publish_all(parts)
    _plan(parts)
    return Pass(tuple(outcomes), tuple(waiting), published, tuple(deliver_due(parts)))


def publish_all(parts: Parts, *, full: bool = False) -> Published:
    """Makes what is stale, with *full* everything."""
    fit(parts.store, parts.press, parts.now, full=full)
    _sweep(parts)
    published = publish(parts.store, parts.press, parts.now)
    _note(parts, "out", published.troubles[0] if published.troubles else None)
    return published


def deliver_due(parts: Parts) -> Iterator[Delivered]:
    """Sends the letters that are due, one after the other, and gives what became of each."""
    by = sender(parts)
    try:
        while delivered := deliver_one(parts.store, by, parts.now):
            _log_delivered(delivered)
            yield delivered
    finally:
        by.channel.close()


def _take_all(parts: Parts, patience_s: float) -> tuple[list[Outcome], list[str]]:
    settings = parts.config.watch
    files.make_folder(settings.folder)
    known = _known(parts)
    ends_s = time.monotonic() + patience_s
    with Watch(
        settings.folder, mode="poll", settle_s=settings.settle_s, rescan_s=1.0, after=settings.done_folder
    ) as watch:
        outcomes = _take_and_judge(parts, watch, known)
        present = {each.path for each in watch.waiting(known)}
        while True:
            still = {each.path: each for each in watch.waiting(known) if each.path in present}
            if all(each.lasting for each in still.values()) or time.monotonic() >= ends_s:
                return outcomes, [each.sentence for each in still.values()]
            watch.wait(watch.due_in_s(time.monotonic()))
            outcomes += _take_and_judge(parts, watch, known)


def _known(parts: Parts) -> dict[str, str]:
    with parts.store.read() as conn:
        return drops.signatures(conn)


def _take(parts: Parts, watch: Watch, known: dict[str, str]) -> Iterator[int]:
    """Takes what has settled; *known* learns it. Gives how many drops each handful adds to those to be judged."""
    for taken in handfuls(watch.settled(known, time.monotonic()), MOST_AT_ONCE, MOST_BYTES_AT_ONCE):
        fresh = take_in(parts.store, taken, parts.now)
        known.update((each.path, each.signature) for each in taken)
        yield fresh


def _judge(parts: Parts) -> Iterator[Outcome]:
    """Judges drops that were taken, many but not without end; none when none waits."""
    began_s = time.monotonic()
    for outcome in judge(parts.store, parts.read, parts.terms, parts.now, most=MOST_IN_A_STEP):
        _log_outcome(outcome, time.monotonic() - began_s)
        yield outcome
        began_s = time.monotonic()


def judge_all(parts: Parts) -> list[Outcome]:
    """Judges every drop that waits."""
    all_of_them: list[Outcome] = []
    while outcomes := list(_judge(parts)):
        all_of_them += outcomes
    return all_of_them


def _take_and_judge(parts: Parts, watch: Watch, known: dict[str, str]) -> list[Outcome]:
    for _fresh in _take(parts, watch, known):
        pass
    watch.put_away(known)
    return judge_all(parts)


def _open(parts: Parts, keeper: Timekeeper) -> int:
    """Makes public what an embargo held back until now."""
    keeper.look()
    opened = open_due(parts.store, parts.terms, parts.now, keeper.is_shut)
    for short_id in opened:
        _log.info("opened", release=short_id)
    return len(opened)


def _plan(parts: Parts) -> None:
    max_age = parts.config.notify.digest_max_age
    close_first(parts.store, parts.now, max_age)
    plan_digests(parts.store, parts.now, max_age)


def _sweep(parts: Parts) -> None:
    """Takes away what a killed writer left half written, where the lock proves that no other writes now."""
    if parts.lock is not None and parts.press.out.is_dir():
        with suppress(OutputError):  # the pass that follows says better what is wrong with the folder
            files.sweep(parts.press.out)


def _note(parts: Parts, name: str, sentence: str | None) -> None:
    """Keeps what is wrong outside where `feedd status` finds it; None when it is over."""
    with parts.store.begin() as conn:
        if sentence:
            troubles.begin(conn, name, sentence, parts.now())
        else:
            troubles.end(conn, name)


def _log_outcome(outcome: Outcome, seconds: float) -> None:
    """One line a drop. Of what is not public nothing but its short id is said: a log is read by many."""
    level = _log.warning if outcome.became in ("quarantined", "held") else _log.info
    name = {} if outcome.is_secret else {"drop": outcome.path}  # a file's name may tell what is in it
    why = {"reason": outcome.sentence} if outcome.became == "quarantined" else {}
    fault = {"exc_info": outcome.fault} if outcome.fault else {}
    level("drop", **name, release=outcome.release, status=outcome.became, seconds=round(seconds, 3),
          **why, **fault)  # fmt: skip


def _log_delivered(delivered: Delivered) -> None:
    if delivered.became == "sent":
        _log.info("letter", delivery=delivered.key, status=delivered.became)
    else:
        _log.warning("letter", delivery=delivered.key, status=delivered.became, reason=delivered.sentence)


def _clock_trouble(jump: Jump | None) -> str | None:
    if jump is None:
        return None
    return (
        f"The clock leapt forward from {jump.start:%Y-%m-%d %H:%M:%S} to {jump.end:%H:%M:%S} UTC; embargoes that end "
        "in between stay shut until a time service keeps the clock, or `feedd release ID` opens them."
    )


# ── The loops ───────────────────────────────────────────────────────────────────────────────────────────────────


class _Loop:
    """A thread that calls *step* again and again; *step* gives the seconds until it wants to be called next.

    *told* hears what a step raised, which is tried again after `RETRY_S`, or None when it went well. *wait* and *wake*
    take the place of the loop's own event where something else ends its sleep.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], float],
        told: Callable[[str, Exception | None], None],
        *,
        wait: Callable[[float], object] | None = None,
        wake: Callable[[], None] | None = None,
    ) -> None:
        self._woken = threading.Event()
        self.name = name
        self.poke = wake or self._woken.set
        self._step, self._told = step, told
        self._wait = wait or self._sleep
        self._ending = False
        # A daemon thread: a mail server that does not answer must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending = True
        self.poke()

    @property
    def is_ending(self) -> bool:
        return self._ending

    def join(self, timeout_s: float) -> None:
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._ending:
            self._wait(self._guarded())

    def _sleep(self, pause_s: float) -> None:
        self._woken.wait(pause_s)
        self._woken.clear()

    def _guarded(self) -> float:
        try:
            pause_s = self._step()
        except Exception as error:
            with suppress(Exception):  # whatever telling costs, the loop goes on
                self._told(self.name, error)
            return RETRY_S
        with suppress(Exception):
            self._told(self.name, None)
        return pause_s


class Daemon:
    """Everything that runs between `start` and `stop`, in the roles that were asked for.

    With *samples* an empty inbox is filled with the sample releases, and the sample subscriber is added.
    """

    def __init__(self, parts: Parts, roles: Collection[str] = ROLES, *, samples: bool = False) -> None:
        self.parts, self.roles, self._samples = parts, frozenset(roles), samples
        settings = parts.config.watch
        self._watch = Watch(
            settings.folder,
            mode=settings.mode,
            settle_s=settings.settle_s,
            rescan_s=settings.rescan_s,
            after=settings.done_folder,
            sing=settings.canary,
            count_gone=settings.on_delete == "withdraw",
        )
        self._known: dict[str, str] = {}
        self._troubles: dict[str, str] = {}  # name → sentence
        self._unnoted: set[str] = set()  # troubles whose begin or end the store could not take down
        self._late: dict[str, float] = {}  # drop that is not taken → since when, monotonic
        self._is_taken = False  # nothing settles in the inbox any more
        self._passed = threading.Event()  # what lay in the inbox at the start is judged
        self._fitted = False
        self._in_burst = False  # more drops wait than are judged in one go
        self._lists_s = 0.0  # when feeds and lists were made last, monotonic
        self._server: Server | None = None
        self._schedule = Schedule(self._tick, self._next_instant)
        self._keeper = Timekeeper(parts.store, parts.tick)
        self._loops = {
            loop.name: loop for loop in self._make_loops() if _ROLE_OF.get(loop.name, loop.name) in self.roles
        }

    def start(self) -> None:
        """Opens the port and the folder, then lets the loops run. Raises `FeeddError` when one cannot be opened."""
        retry_faults(self.parts.store, self.parts.terms)
        if "watch" in self.roles:
            with suppress(SandboxError):  # the first drop that waits for it says so; the site is served all the same
                self.parts.sandbox.start()
        if "serve" in self.roles:
            self._server = self._serve()
        self._remember_troubles()
        if "deliver" in self.roles and self.parts.lock is not None:
            with self.parts.store.begin() as conn:
                deliveries.give_back(conn)
        if "watch" in self.roles:
            self._start_watch()
        else:
            self._passed.set()
        for loop in self._loops.values():
            loop.start()
        if "schedule" in self.roles:
            self._schedule.start()

    def stop(self) -> None:
        """Ends within a few seconds; what was not finished is begun again at the next start."""
        for loop in self._loops.values():
            loop.stop()
        if "schedule" in self.roles:
            self._schedule.stop()
        if self._server:
            self._server.stop()
        ends_s = time.monotonic() + STOP_S
        for loop in self._loops.values():
            loop.join(max(0.0, ends_s - time.monotonic()))
        self._watch.stop()
        self.parts.close()

    @property
    def port(self) -> int | None:
        return self._server.port if self._server else None

    def troubles(self) -> list[str]:
        """What is wrong at this moment: sentences."""
        return [sentence for _name, sentence in sorted(self._troubles.items())]

    def _troubles_for_anybody(self) -> list[str]:
        """The same without names of drops: a file's name may tell a release that is not public yet."""
        open_to_all = [sentence for name, sentence in sorted(self._troubles.items()) if not name.startswith("drop:")]
        late = len(self._troubles) - len(open_to_all)
        return [*open_to_all, *([f"{late} of the files dropped cannot be taken in yet."] if late else [])]

    # ── What each loop does, one step ──

    def _take(self) -> float:
        for fresh in _take(self.parts, self._watch, self._known):
            if fresh:  # a hundred megabytes take seconds: the first of them are judged meanwhile
                self._poke("judge")
        self._watch.put_away(self._known)
        if self.parts.config.watch.on_delete == "withdraw":
            self._let_go()
        waiting = self._watch.waiting(self._known)
        self._is_taken = all(each.lasting for each in waiting)
        if self._is_taken and not self._passed.is_set():
            self._poke("judge")
        self._say("watch-folder", self._watch.trouble)
        self._say_late({each.path: each.sentence for each in waiting})
        return self._watch.due_in_s(time.monotonic())

    def _let_go(self) -> None:
        """Withdraws what was deleted from the folder."""
        gone = self._watch.vanished(self._known)
        if gone and sources_gone(self.parts.store, gone, self.parts.terms, self.parts.now):
            self._poke("publish")
        for path in gone:
            del self._known[path]

    def _judge(self) -> float:
        was_taken = self._is_taken  # asked before: what is taken after this look has its own
        number = 0
        for number, _outcome in enumerate(_judge(self.parts), start=1):
            self._in_burst |= number > MOST_AT_ONCE
            self._poke("publish")
            if self._loops["judge"].is_ending:
                break
        if number:
            self._poke("open")
            return 0.0
        if self._in_burst:
            self._in_burst = False
            self._poke("publish")
        if was_taken and not self._passed.is_set():
            self._passed.set()
            self._poke("publish")
        return IDLE_S

    def _open(self) -> float:
        """Opens what is due; its own loop, so that neither a long pass nor a slow reader delays the second."""
        if _open(self.parts, self._keeper):
            self._poke("publish")
        self._say("clock", _clock_trouble(self._keeper.jump))
        with self.parts.store.read() as conn:
            coming = releases.next_embargo(conn)
        pause_s = (coming - self.parts.now()).total_seconds() if coming else LOOK_S
        return min(max(pause_s, 0.0) or LOOK_S, LOOK_S)

    def _publish(self) -> float:
        if not self._fitted:
            fit(self.parts.store, self.parts.press, self.parts.now)
            _sweep(self.parts)
            self._fitted = True
        published = publish(self.parts.store, self.parts.press, self.parts.now, up_to=self._last_rank())
        self._say("out", published.troubles[0] if published.troubles else None)
        if published.made:
            _log.info("published", outputs=published.made, changed=published.changed)
        if self._passed.is_set():
            close_first(self.parts.store, self.parts.now, self.parts.config.notify.digest_max_age)
        with self.parts.store.begin() as conn:
            if deliveries.wake(conn) or published.made:
                self._poke("deliver")
        return RETRY_S if published.troubles else self._idle_s("watch")

    def _last_rank(self) -> int:
        """In a burst most passes make pages alone: their feeds and lists would be old before they are read."""
        now_s = time.monotonic()
        if self._in_burst and now_s - self._lists_s < LISTS_EVERY_S:
            return layout.RANK_RELEASE
        self._lists_s = now_s
        return layout.RANK_LIST

    def _deliver(self) -> float:
        for _delivered in deliver_due(self.parts):
            if self._loops["deliver"].is_ending:
                break
        with self.parts.store.read() as conn:
            resend = self.parts.config.mail.on_uncertain == "resend"
            due = deliveries.next_due(conn, resend_uncertain=resend)
        pause_s = (due - self.parts.now()).total_seconds() if due else IDLE_S
        return min(max(pause_s, 1.0), self._idle_s("publish"))

    def _tick(self) -> None:
        """Asks what is due, and whether another command marked something stale."""
        try:
            _open(self.parts, self._keeper)  # first: a window must not close over what became public in it
            plan_digests(self.parts.store, self.parts.now, self.parts.config.notify.digest_max_age)
        except Exception as error:
            self._told("schedule", error)
        else:
            self._told("schedule", None)
        self._poke("publish")
        self._poke("deliver")

    def _next_instant(self) -> dt.datetime | None:
        try:
            return next_slot(self.parts.store, self.parts.now())
        except FeeddError as error:
            self._told("schedule", error)
            return None

    # ── Starting ──

    def _remember_troubles(self) -> None:
        """Takes over the troubles that the last run of these roles left noted, so that their end is noted too."""
        with self.parts.store.read() as conn:
            noted = troubles.present(conn)
        own = {*self._loops, *(["schedule"] if "schedule" in self.roles else [])}
        self._troubles |= {
            name: sentence for name, sentence, _since in noted if _TOLD_BY.get(name.partition(":")[0], name) in own
        }

    def _make_loops(self) -> Iterator[_Loop]:
        yield _Loop("watch", self._take, self._told, wait=self._watch.wait, wake=self._watch.poke)
        yield _Loop("judge", self._judge, self._told)
        yield _Loop("open", self._open, self._told)
        yield _Loop("publish", self._publish, self._told)
        yield _Loop("deliver", self._deliver, self._told)

    def _serve(self) -> Server:
        config, press = self.parts.config, self.parts.press
        app = make_app(
            out=press.out,
            base_url=press.site.base_url,
            health=self._troubles_for_anybody,
            pages=press.pages,
            unsubscribe=self.parts.links,
        )
        return serve(app, config.serve.host, config.serve.port)

    def _start_watch(self) -> None:
        files.make_folder(self._watch.folder)
        self._known = _known(self.parts)
        self._watch.start()
        if self._samples:
            files.copy_samples(self._watch.folder, packaged("seeds"))
            self._add_sample_subscriber()

    def _add_sample_subscriber(self) -> None:
        parts = self.parts
        site, hour = parts.config.site, parts.config.notify.digest_hour
        subscribe_sample(parts.store, SAMPLE_ADDRESS, site.time_zone, hour, site.language, parts.now)

    # ── Poking and telling ──

    def _poke(self, name: str) -> None:
        if name in self._loops:
            self._loops[name].poke()

    def _idle_s(self, poked_by: str) -> float:
        return IDLE_S if poked_by in self.roles else APART_S

    def _told(self, name: str, error: Exception | None) -> None:
        if error is None or isinstance(error, FeeddError):
            self._say(name, str(error) if error else None)
            return
        if name not in self._troubles:
            _log.error("failed", loop=name, exc_info=error)
        self._say(name, f"The {name} loop failed ({type(error).__name__}: {error}); it is tried again.")

    def _say(self, name: str, sentence: str | None) -> None:
        """Keeps a trouble, here and where `feedd status` finds it; None when it is over. Said once in the log."""
        if self._troubles.get(name) == sentence and name not in self._unnoted:
            return
        if sentence and self._troubles.get(name) != sentence:
            self._troubles[name] = sentence
            _log.warning("trouble", name=name, reason=sentence)
        elif not sentence and self._troubles.pop(name, ""):
            _log.info("recovered", name=name)
        self._unnoted.add(name)
        with suppress(StoreError):  # the store may be what is wrong; then it is told at the next step
            _note(self.parts, name, sentence)
            self._unnoted.discard(name)

    def _say_late(self, waiting: dict[str, str]) -> None:
        """A drop that cannot be taken for a minute is worth a sentence."""
        now_s = time.monotonic()
        self._late = {path: self._late.get(path, now_s) for path in waiting}
        late = {f"drop:{path}": waiting[path] for path, since_s in self._late.items() if now_s - since_s > LATE_S}
        for name in [name for name in self._troubles if name.startswith("drop:") and name not in late]:
            self._say(name, None)
        for name, sentence in late.items():
            self._say(name, sentence)
