"""The writer to disk, the secret, the lock and the samples, each on a real disk."""

from __future__ import annotations

import gzip
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedd import files
from feedd.errors import ConfigError, InUseError, OutputError
from feedd.files import Lock


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def private_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ── Outputs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_first_write_makes_the_file_and_its_folders(out: Path) -> None:
    assert files.write(out, "releases/2026/05/a-mine/index.html", b"<p>") is True
    assert (out / "releases/2026/05/a-mine/index.html").read_bytes() == b"<p>"
    assert names(out / "releases/2026/05/a-mine") == ["index.html"]


def test_equal_bytes_leave_the_file_and_its_times_alone(out: Path) -> None:
    files.write(out, "all.atom", b"<feed/>", gz=True)
    before = [(out / name).stat() for name in names(out)]
    assert files.write(out, "all.atom", b"<feed/>", gz=True) is False
    assert [(out / name).stat() for name in names(out)] == before


def test_changed_bytes_replace_the_file_as_a_whole(out: Path) -> None:
    files.write(out, "all.atom", b"old")
    with (out / "all.atom").open("rb") as reader:
        assert files.write(out, "all.atom", b"new") is True
        assert reader.read() == b"old"
    assert (out / "all.atom").read_bytes() == b"new"


def test_readers_never_see_a_half_written_file(out: Path) -> None:
    contents = [bytes([letter]) * 200_000 for letter in b"ab"]
    files.write(out, "all.atom", contents[0])
    done, seen = threading.Event(), set()

    def read() -> None:
        while not done.is_set():
            seen.add((out / "all.atom").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(30):
        files.write(out, "all.atom", contents[turn % 2])
    done.set()
    reader.join()
    assert seen <= set(contents)


def test_a_change_of_equal_size_is_at_least_a_whole_second_younger(out: Path) -> None:
    files.write(out, "all.atom", b"profit 1.2", gz=True)
    before = {name: (out / name).stat().st_mtime_ns // 10**9 for name in names(out)}
    files.write(out, "all.atom", b"profit 1.3", gz=True)
    for name, second in before.items():
        assert (out / name).stat().st_mtime_ns // 10**9 > second, name


def test_the_compressed_twin_holds_the_same_and_is_the_same_every_time(out: Path) -> None:
    files.write(out, "a/all.atom", b"<feed/>" * 100, gz=True)
    files.write(out, "b/all.atom", b"<feed/>" * 100, gz=True)
    twin = (out / "a/all.atom.gz").read_bytes()
    assert gzip.decompress(twin) == b"<feed/>" * 100
    assert twin == (out / "b/all.atom.gz").read_bytes()
    assert twin[4:8] == bytes(4)  # no time inside


def test_a_lost_or_stale_twin_is_mended_and_its_file_left_alone(out: Path) -> None:
    files.write(out, "all.atom", b"new", gz=True)
    before = (out / "all.atom").stat()
    (out / "all.atom.gz").write_bytes(gzip.compress(b"old"))
    assert files.write(out, "all.atom", b"new", gz=True) is True
    assert gzip.decompress((out / "all.atom.gz").read_bytes()) == b"new"
    assert (out / "all.atom").stat() == before


def test_outputs_are_readable_for_everybody_whatever_the_umask(out: Path, private_umask: None) -> None:
    files.write(out, "feeds/all.atom", b"<feed/>", gz=True)
    assert mode(out) == mode(out / "feeds") == 0o755
    assert mode(out / "feeds/all.atom") == mode(out / "feeds/all.atom.gz") == 0o644


def test_the_mode_of_a_folder_that_stood_before_is_left_alone(out: Path) -> None:
    out.mkdir(mode=0o750)
    files.write(out, "index.html", b"")
    assert mode(out) == 0o750


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "", ".", "a\0b"])
def test_a_path_that_leads_out_is_refused(out: Path, path: str) -> None:
    with pytest.raises(OutputError, match="give one that stays inside"):
        files.write(out, path, b"x")
    with pytest.raises(OutputError):
        files.remove(out, path)


def test_a_folder_linked_out_is_refused(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    out.mkdir()
    (out / "releases").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="leads out of"):
        files.write(out, "releases/index.html", b"x")
    with pytest.raises(OutputError, match="leads out of"):
        files.write(out, "releases/deep/index.html", b"x")
    assert names(tmp_path / "elsewhere") == []


def test_a_file_linked_out_is_replaced_and_its_target_left_alone(out: Path, tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"keep")
    out.mkdir()
    (out / "index.html").symlink_to(tmp_path / "target")
    assert files.write(out, "index.html", b"keep") is True
    assert not (out / "index.html").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"keep"


def test_the_output_folder_itself_may_be_a_link(out: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    out.symlink_to(tmp_path / "disk")
    files.write(out, "feeds/all.atom", b"x")
    assert (tmp_path / "disk/feeds/all.atom").read_bytes() == b"x"


def test_a_folder_in_the_place_of_a_file_is_told_in_a_sentence(out: Path) -> None:
    (out / "index.html").mkdir(parents=True)
    with pytest.raises(OutputError) as caught:
        files.write(out, "index.html", b"x")
    assert str(caught.value) == (
        f"{out}/index.html could not be written (Is a directory); "
        "take away the folder that stands where a file belongs."
    )
    assert names(out) == ["index.html"]


def test_a_file_in_the_place_of_a_folder_is_told_in_a_sentence(out: Path) -> None:
    files.write(out, "releases", b"x")
    with pytest.raises(OutputError, match="take away the file that stands where a folder belongs"):
        files.write(out, "releases/index.html", b"x")
    with pytest.raises(OutputError, match="take away the file"):
        files.make_folder(out / "releases")


@pytest.mark.parametrize(
    ("number", "wish"),
    [
        (28, "make room on the disk"),
        (30, "mount the disk for writing"),
        (13, "let the account that runs feedd write"),
        (5, "see whether its folder and disk are well"),
    ],
)
def test_a_disk_that_refuses_keeps_the_last_good_file(
    out: Path, monkeypatch: pytest.MonkeyPatch, number: int, wish: str
) -> None:
    files.write(out, "all.atom", b"good", gz=True)

    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match=rf"/out/all\.atom could not be written \({os.strerror(number)}\); {wish}"):
        files.write(out, "all.atom", b"other", gz=True)
    assert (out / "all.atom").read_bytes() == b"good"
    assert names(out) == ["all.atom", "all.atom.gz"]


# ── Many together ───────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_of_a_batch_shows_before_it_goes_public(out: Path) -> None:
    with files.Batch(out) as batch:
        batch.write("a/index.html", b"<p>", gz=True)
        batch.write("feeds/all.atom", b"<feed/>")
        assert not any(path.suffix != ".tmp" for path in out.rglob("*") if path.is_file())
        assert batch.go_public() == {}
    assert names(out / "a") == ["index.html", "index.html.gz"] and names(out / "feeds") == ["all.atom"]
    assert batch.changed == 2


def test_a_batch_that_does_not_go_public_leaves_nothing(out: Path) -> None:
    with pytest.raises(RuntimeError), files.Batch(out) as batch:
        batch.write("a/index.html", b"<p>", gz=True)
        raise RuntimeError
    assert names(out / "a") == []


def test_outputs_of_a_batch_go_public_in_their_order(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed: list[str] = []
    real = os.rename
    monkeypatch.setattr(os, "rename", lambda old, new: (renamed.append(Path(new).name), real(old, new)))
    with files.Batch(out) as batch:
        for name in ("page", "feed", "list"):
            batch.write(name, name.encode())
        batch.go_public()
    assert renamed == ["page", "feed", "list"]


def test_one_place_in_trouble_does_not_stop_the_others_of_its_batch(out: Path) -> None:
    (out / "b").mkdir(parents=True)
    with files.Batch(out) as batch:
        for name in "abc":
            batch.write(name, b"x")
        failed = batch.go_public()
    assert list(failed) == ["b"] and "take away the folder" in str(failed["b"])
    assert names(out) == ["a", "b", "c"] and names(out / "b") == []


def test_a_batch_that_cannot_be_made_to_last_changes_nothing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> bool:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(files, "_sync_disk", refuse)
    with files.Batch(out) as batch:
        for name in "abcd":
            batch.write(name, b"x")
        assert list(batch.go_public()) == list("abcd")
    assert names(out) == []


def test_many_files_are_synced_with_their_disk_and_few_by_themselves(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real_one = files._sync_one
    monkeypatch.setattr(files, "_sync_one", lambda path: (synced.append("one"), real_one(path)))
    monkeypatch.setattr(files, "_sync_disk", lambda folder: synced.append("disk") is None)
    files.write(out, "a", b"x")
    assert set(synced) == {"one"}
    synced.clear()
    with files.Batch(out) as batch:
        for number in range(9):
            batch.write(f"{number}/index.html", b"x")
        batch.go_public()
    assert synced == ["disk", "disk"]


def test_where_a_disk_cannot_be_synced_as_a_whole_each_file_is(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_sync_disk", lambda folder: False)
    synced: list[str] = []
    monkeypatch.setattr(files, "_sync_one", synced.append)
    with files.Batch(out) as batch:
        for number in range(9):
            batch.write(f"{number}/index.html", b"x")
        batch.go_public()
    assert len(synced) == 18  # nine files, nine folders


def test_removing_takes_the_twin_too_and_tells(out: Path) -> None:
    files.write(out, "all.atom", b"x", gz=True)
    assert files.remove(out, "all.atom") is True
    assert names(out) == []
    assert files.remove(out, "all.atom") is False
    assert files.remove(out, "never/there") is False


def test_a_sweep_removes_only_what_a_killed_writer_left(out: Path) -> None:
    files.write(out, "feeds/all.atom", b"x")
    (out / "feeds/.feedd-k3j2.tmp").write_bytes(b"half")
    (out / ".htaccess").write_bytes(b"keep")
    assert files.sweep(out) == 1
    assert names(out / "feeds") == ["all.atom"]
    assert names(out) == [".htaccess", "feeds"]
    assert files.sweep(out / "missing") == 0


# ── Secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secret"
    (key,) = files.secrets(path)
    assert len(key) >= 32
    assert mode(path) == 0o600
    assert files.secrets(path) == [key]
    assert names(path.parent) == ["secret"]


def test_two_sites_get_two_secrets(tmp_path: Path) -> None:
    assert files.secrets(tmp_path / "a") != files.secrets(tmp_path / "b")


def test_each_line_is_a_key_and_the_order_stays(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("# new in May\n" + "n" * 40 + "\n\n" + "o" * 40 + "\n", encoding="ascii")
    assert files.secrets(path) == ["n" * 40, "o" * 40]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "short\n", "a" * 40 + "\nshort\n", "clé" * 20])
def test_a_secret_that_keeps_nothing_secret_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^site\.secret_file is "):
        files.secrets(path)


def test_a_secret_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="ascii")
    with pytest.raises(ConfigError, match=r"give the path of a file that feedd can make or read"):
        files.secrets(tmp_path / "state" / "secret")


def test_many_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    found: list[str] = []
    starters = [threading.Thread(target=lambda: found.extend(files.secrets(tmp_path / "s"))) for _ in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_password_is_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("correct horse \nbattery\n", encoding="utf-8")
    assert files.password(path) == "correct horse "
    with pytest.raises(ConfigError, match=r"^mail\.password_file is "):
        files.password(tmp_path / "missing")


# ── The lock ────────────────────────────────────────────────────────────────────────────────────────────────────

HOLDER = """
import sys
from pathlib import Path
from feedd.files import Lock
with Lock(Path(sys.argv[1])).acquire("feedd run"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "state" / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_holder_is_refused_and_told_who_is_first(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    path = tmp_path / "state" / "lock"
    with pytest.raises(InUseError) as caught:
        Lock(path).acquire("feedd publish")
    assert str(caught.value) == f"`feedd run` (process {holder.pid}) holds {path}; stop it first."
    assert Lock(path).holder() == f"`feedd run` (process {holder.pid})"


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    lock = Lock(tmp_path / "state" / "lock")
    holder.kill()
    holder.wait()
    assert lock.holder() is None
    with lock.acquire("feedd once"):
        pass


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    with lock.acquire("feedd once"):
        assert lock.holder() == f"`feedd once` (process {os.getpid()})"
        with pytest.raises(InUseError, match="`feedd once`"):
            Lock(tmp_path / "lock").acquire("feedd publish")
    assert lock.holder() is None
    with Lock(tmp_path / "lock").acquire("feedd publish"):
        pass


def test_asking_for_the_holder_never_gets_in_the_way(tmp_path: Path) -> None:
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            Lock(tmp_path / "lock").holder()

    asker = threading.Thread(target=ask)
    asker.start()
    for _ in range(50):
        Lock(tmp_path / "lock").acquire("feedd once").release()
    done.set()
    asker.join()


def test_a_lock_that_was_never_made_has_no_holder(tmp_path: Path) -> None:
    assert Lock(tmp_path / "lock").holder() is None


def test_a_place_without_room_for_a_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="ascii")
    with pytest.raises(InUseError, match=r"lock cannot be locked"):
        Lock(tmp_path / "state" / "lock").acquire("feedd run")


# ── Samples ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in ("b.txt", "a.txt", "notes.md"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_samples_fill_a_missing_inbox_byte_for_byte(tmp_path: Path, samples: Path) -> None:
    assert files.copy_samples(tmp_path / "new" / "inbox", samples) == 2
    assert names(tmp_path / "new" / "inbox") == ["a.txt", "b.txt"]
    assert (tmp_path / "new" / "inbox" / "a.txt").read_bytes() == b"a.txt"


def test_a_second_time_adds_nothing(tmp_path: Path, samples: Path) -> None:
    files.copy_samples(tmp_path / "inbox", samples)
    assert files.copy_samples(tmp_path / "inbox", samples) == 0


def test_an_inbox_in_use_is_left_alone_and_a_hidden_file_is_no_use(tmp_path: Path, samples: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / ".gitkeep").touch()
    assert files.copy_samples(inbox, samples) == 2
    for sample in ("a.txt", "b.txt"):
        (inbox / sample).unlink()
    (inbox / "own.txt").touch()
    assert files.copy_samples(inbox, samples) == 0
    assert names(inbox) == [".gitkeep", "own.txt"]


def test_an_inbox_that_cannot_be_made_is_told(tmp_path: Path, samples: Path) -> None:
    (tmp_path / "inbox").write_text("a file", encoding="ascii")
    with pytest.raises(OutputError, match="inbox could not be written"):
        files.copy_samples(tmp_path / "inbox", samples)


def test_a_folder_is_tried_out_and_left_as_it_was(tmp_path: Path) -> None:
    files.try_out(tmp_path)
    assert names(tmp_path) == []
    with pytest.raises(OutputError, match="nowhere could not be written"):
        files.try_out(tmp_path / "nowhere")
