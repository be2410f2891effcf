"""Processes with limits: one bad job costs one job, whatever it does, and nothing outlives whom it worked for."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import feedd
from feedd.errors import DropError, SandboxError
from feedd.sandbox import Fault, Limits, Sandbox

WORK = "hostile:work"
TIGHT = Limits(memory=256 << 20, answer=1 << 20, wall_s=60)
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """For what leaves no trace: one that is used by many tests."""
    with Sandbox(WORK, limits=TIGHT) as sandbox:
        yield sandbox


def a_sandbox(*, warm_up: Sequence[bytes] = (), children: int = 1, **limits: Any) -> Sandbox:
    return Sandbox(WORK, warm_up=warm_up, children=children, limits=Limits(**{"wall_s": 60, **limits}))


def refusal(sandbox: Sandbox, job: bytes) -> DropError:
    with pytest.raises(DropError) as caught:
        sandbox.run(job)
    return caught.value


def number(sandbox: Sandbox, deed: bytes = b"number") -> int:
    return int(sandbox.run(deed))


def is_running(process: int) -> bool:
    """Neither gone nor a zombie, which only waits for whoever inherited it."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until_gone(*processes: int) -> None:
    while any(is_running(each) for each in processes):  # the test's own time limit ends this
        time.sleep(0.01)


# ── Bytes in, bytes out ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_job_is_done(shared: Sandbox) -> None:
    assert shared.run(b"say good morning") == b"good morning"


def test_a_job_may_be_larger_than_any_pipe(shared: Sandbox) -> None:
    word = "x" * 900_000

    assert shared.run(f"say {word}".encode()) == word.encode()


def test_many_jobs_are_done_in_order_by_all_children(shared: Sandbox) -> None:
    items = range(50)
    results = list(shared.map(items, lambda item: f"say {item}".encode()))

    assert results == [(item, str(item).encode()) for item in items]


def test_jobs_are_taken_as_they_are_needed(shared: Sandbox) -> None:
    taken: list[int] = []
    results = shared.map((taken.append(item) or item for item in range(1000)), lambda item: b"say")
    next(results)
    results.close()  # type: ignore[attr-defined]

    assert len(taken) < 100


def test_what_warms_up_is_done_once_and_every_child_knows_it() -> None:
    with a_sandbox(warm_up=[b"say tern", b"say gull"], jobs=1) as sandbox:
        assert [sandbox.run(b"heard") for _ in range(2)] == [b"tern gull "] * 2


def test_a_child_is_replaced_when_it_has_done_its_share() -> None:
    with a_sandbox(jobs=3) as sandbox:
        numbers = [number(sandbox) for _ in range(6)]

    assert numbers[0] == numbers[2] != numbers[3] == numbers[5]


def test_where_little_is_to_do_one_child_does_it(shared: Sandbox) -> None:
    assert number(shared) == number(shared)


# ── One bad job costs one job ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("job", "code", "words"),
    [
        (b"eat", "resource-limit", "256 MiB of memory"),
        (b"abort", "resource-limit", "SIGABRT"),
        (b"repeat 2000000", "resource-limit", "more than 1 MiB"),
        (b"recurse", "parse-error", "RecursionError"),
        (b"trip over", "parse-error", "ValueError: over"),
        (b"exit early", "parse-error", "SystemExit: early"),
        (b"leave 3", "parse-error", "exit code 3"),
        (b"leave 0", "parse-error", "exit code 0"),
    ],
)
def test_a_bad_job_is_refused_and_the_next_is_done(shared: Sandbox, job: bytes, code: str, words: str) -> None:
    refused = refusal(shared, job)

    assert (refused.code, words in refused.reason, bool(refused.wish)) == (code, True, True)
    assert shared.run(b"say after") == b"after"


def test_a_job_that_hangs_is_ended() -> None:
    with a_sandbox(wall_s=0.5) as sandbox:
        refused = refusal(sandbox, b"hang")

    assert (refused.code, refused.reason) == ("parse-timeout", "Reading it takes longer than 0.5 seconds.")


def test_a_job_that_spins_is_ended_by_the_processor_time_it_takes() -> None:
    with a_sandbox(cpu_s=0) as sandbox:
        refused = refusal(sandbox, b"spin")

    assert (refused.code, "processor time" in refused.reason) == ("resource-limit", True)


def test_every_job_has_the_whole_processor_time() -> None:
    with a_sandbox(cpu_s=1) as sandbox:
        seconds = [sandbox.run(b"spin_for 0.7") for _ in range(3)]

    assert seconds == [b"0.7"] * 3


def test_an_exception_is_told_with_its_place(shared: Sandbox) -> None:
    cause = refusal(shared, b"trip over").__cause__

    assert isinstance(cause, Fault)
    assert "hostile.py" in str(cause)


def test_only_the_bad_among_many_fail() -> None:
    jobs = [b"abort" if n % 50 == 7 else b"say %d" % n for n in range(500)]
    with a_sandbox(children=2, jobs=100) as sandbox:
        results = list(sandbox.map(jobs, bytes))

    assert [n for n, (_, result) in enumerate(results) if isinstance(result, DropError)] == list(range(7, 500, 50))
    assert all(isinstance(result, DropError) or b"say " + result == job for job, result in results)


def test_one_that_hangs_is_waited_for_once_and_then_overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    patience: list[float] = []
    real = feedd.sandbox.wait

    def wait(futures, timeout=None, **how):
        if timeout is not None:
            patience.append(timeout)
        return real(futures, timeout, **how)

    monkeypatch.setattr(feedd.sandbox, "wait", wait)
    monkeypatch.setattr(feedd.sandbox, "PATIENCE_S", 60.0)
    with a_sandbox(children=2, wall_s=2.0) as sandbox:
        list(sandbox.map([b"say on"], bytes))  # the children are there
        monkeypatch.setattr(feedd.sandbox, "PATIENCE_S", 0.01)
        results = [job for job, _result in sandbox.map([b"hang", *[b"say on"] * 9], bytes)]

    assert results == [*[b"say on"] * 9, b"hang"]
    assert patience.count(0.01) == 1


def test_the_others_go_on_while_one_hangs() -> None:
    def hang() -> None:
        with pytest.raises(SandboxError, match="closed"):
            sandbox.run(b"hang")

    with a_sandbox(children=2) as sandbox:
        stuck = threading.Thread(target=hang)
        stuck.start()
        said = [sandbox.run(b"say on") for _ in range(20)]
        sandbox.close()
        stuck.join()

    assert said == [b"on"] * 20


def test_a_refusal_of_the_job_itself_is_a_value_too(shared: Sandbox) -> None:
    refused = DropError("empty", "The file is empty.")

    def job(item: int) -> bytes:
        if item == 1:
            raise refused
        return b"say"

    assert list(shared.map(range(3), job)) == [(0, b""), (1, refused), (2, b"")]


# ── Trouble from outside ────────────────────────────────────────────────────────────────────────────────────────


def test_a_child_that_somebody_ends_is_replaced() -> None:
    with a_sandbox() as sandbox:
        child = number(sandbox)
        os.kill(child, signal.SIGKILL)

        assert number(sandbox) != child


def test_a_server_that_somebody_ends_is_replaced() -> None:
    with a_sandbox() as sandbox:
        server, child = number(sandbox, b"server"), number(sandbox)
        os.kill(server, signal.SIGKILL)
        wait_until_gone(server, child)

        assert number(sandbox, b"server") != server


@pytest.mark.parametrize("interruption", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_is_left_to_the_daemon(interruption: signal.Signals) -> None:
    with a_sandbox() as sandbox:
        server, child = number(sandbox, b"server"), number(sandbox)
        os.kill(server, interruption)
        os.kill(child, interruption)

        assert (number(sandbox, b"server"), number(sandbox)) == (server, child)


def test_a_function_that_cannot_be_had_says_nothing_of_a_drop() -> None:
    with Sandbox("hostile:nothing") as sandbox, pytest.raises(SandboxError, match="no attribute 'nothing'"):
        sandbox.run(b"say")


# ── What a child may not do ─────────────────────────────────────────────────────────────────────────────────────


def refuses(sandbox: Sandbox, limit: str) -> bool:
    return limit in sandbox.describe().partition("refused")[2]


def test_a_child_writes_into_no_file(shared: Sandbox, tmp_path: Path) -> None:
    written = tmp_path / "written"

    assert "Error" in refusal(shared, f"write {written}".encode()).reason
    assert not written.exists() or not written.read_bytes()


@pytest.mark.parametrize("job", ["remove {}", "write {}", "run /bin/true"])
def test_a_child_changes_and_runs_no_file(shared: Sandbox, tmp_path: Path, job: str) -> None:
    if refuses(shared, "no file made, changed or run"):
        pytest.skip("this kernel has no Landlock")
    precious = tmp_path / "precious"
    precious.write_text("state")

    assert "Permission denied" in refusal(shared, job.format(precious).encode()).reason
    assert precious.read_text() == "state"


def test_a_child_signals_nobody(shared: Sandbox) -> None:
    if refuses(shared, "no signal to others"):
        pytest.skip("this kernel's Landlock does not know of signals")

    assert "not permitted" in refusal(shared, b"signal").reason


def test_a_child_opens_few_files(shared: Sandbox) -> None:
    assert shared.run(b"open 10") == b"10"
    assert "Too many open files" in refusal(shared, b"open 100").reason


def test_a_child_reaches_no_network(shared: Sandbox) -> None:
    if refuses(shared, "no network") and refuses(shared, "no TCP"):
        pytest.skip("the kernel forbids no network here")
    with socket.create_server(("127.0.0.1", 0)) as server:
        refused = refusal(shared, b"call %d" % server.getsockname()[1])

    assert "Error" in refused.reason


def test_a_child_says_nothing_and_hears_nothing(shared: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert shared.run(b"chatter aloud") == b""
    assert capfd.readouterr() == ("", "")


def test_a_child_does_not_know_what_the_environment_holds(shared: Sandbox) -> None:
    assert b"PATH" not in shared.run(b"surroundings")


def test_the_limits_are_told(shared: Sandbox) -> None:
    sentence = shared.describe()

    assert sentence.startswith("Drops are read in 2 processes with limits: ")
    assert "256 MiB of memory" in sentence.partition("refused")[0]


# ── What is left behind ─────────────────────────────────────────────────────────────────────────────────────────


def mine() -> tuple[set[str], set[str], int]:
    """This process's descriptors, children and threads."""
    descriptors = {path.name for path in Path("/proc/self/fd").iterdir()}
    children = {word for path in Path("/proc/self/task").glob("*/children") for word in path.read_text().split()}
    return descriptors, children, threading.active_count()


def test_nothing_is_left_behind() -> None:
    before = mine()
    with a_sandbox(children=2, jobs=5) as sandbox:
        processes = [number(sandbox, deed) for deed in (b"server", b"number")]
        for _, _result in sandbox.map([b"abort", b"trip", b"say"] * 5, bytes):
            pass

    assert mine() == before
    assert not any(Path(f"/proc/{each}").exists() for each in processes)


def test_nothing_is_started_before_it_is_needed() -> None:
    before = mine()
    a_sandbox().close()

    assert mine() == before


def test_what_is_closed_stays_closed() -> None:
    sandbox = a_sandbox()
    sandbox.start()
    sandbox.close()
    sandbox.close()

    with pytest.raises(SandboxError, match="closed"):
        sandbox.run(b"say")
    with pytest.raises(SandboxError, match="closed"):
        sandbox.start()


DAEMON = """
import sys, threading
from feedd.sandbox import Sandbox
sandbox = Sandbox("hostile:work", children=2)
numbers = [sandbox.run(deed).decode() for deed in (b"server", b"number")]
threading.Thread(target=sandbox.run, args=(b"hang",)).start()
print(*numbers, sandbox.run(b"number").decode(), sandbox.run(b"home").decode(), sep="\\n", flush=True)
"""


def daemon_in(folder: Path) -> subprocess.Popen[str]:
    """A program that uses the package of *folder*, with one child at work and another idle."""
    surroundings = {"PYTHONPATH": f"{folder}:{HERE}", "LC_ALL": "C"}
    command = [sys.executable, "-c", DAEMON]
    return subprocess.Popen(command, env=surroundings, cwd=folder, stdout=subprocess.PIPE, text=True)


def test_nothing_outlives_a_daemon_that_is_killed() -> None:
    with daemon_in(Path(feedd.__file__).parent.parent) as daemon:
        assert daemon.stdout is not None
        processes = [int(daemon.stdout.readline()) for _ in range(3)]
        running = [is_running(each) for each in processes]
        daemon.kill()

    wait_until_gone(*processes)
    assert running == [True] * 3


def test_a_checkout_may_lie_anywhere(tmp_path: Path) -> None:
    folder = tmp_path / "Meldungen für übermorgen"
    ours = Path(feedd.__file__).parent
    for name in ("__init__.py", "errors.py"):
        (folder / "feedd").mkdir(parents=True, exist_ok=True)
        shutil.copy(ours / name, folder / "feedd")
    shutil.copytree(ours / "sandbox", folder / "feedd" / "sandbox")
    with daemon_in(folder) as daemon:
        assert daemon.stdout is not None
        *_, home = (daemon.stdout.readline() for _ in range(4))
        daemon.kill()

    assert home == f"{folder}\n"
