"""The whole chain with the real process and real clients: a file dropped is a feed entry, a page, a letter."""

from __future__ import annotations

import email
import email.policy
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from acceptance.house import House, free_port, until
from aiosmtpd.controller import Controller

from factories import a_text
from feedd import packaged

pytestmark = pytest.mark.acceptance

SEEDS = sorted(packaged("seeds").glob("*.txt"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "a house with blänks")


def test_the_samples_become_a_site_feeds_and_one_letter(house: House) -> None:
    with house.running("--samples"):
        [letter] = until(house.letters, "the sample letter")
        assert len(house.titles()) == 3
        message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
        for part in ("plain", "html"):
            body = message.get_body((part,)).get_content()
            assert all(title.replace("&", "&amp;") in body or title in body for title in house.titles())
            assert "/unsubscribe/" in body
        assert house.get("").status_code == 200
        assert house.get("").headers["content-type"] == "text/html; charset=utf-8"
        assert house.stop() == 0


def test_a_second_start_adds_nothing(house: House) -> None:
    with house.running("--samples"):
        until(house.letters, "the sample letter")
        house.stop()
    before, letters = house.tree(), house.letters()
    with house.running("--samples"):
        until(lambda: house.get("healthz").json()["status"] == "ok", "health")
        time.sleep(3)  # a settle time and a pass; nothing is expected, so there is nothing to wait for
        house.stop()
    assert house.tree() == before
    assert house.letters() == letters


def test_a_copied_a_moved_and_a_slowly_written_file_appear_once_and_whole(house: House) -> None:
    texts = {
        name: a_text(f"Harbour Copper {name}", body=f"The last line of {name}.") for name in ("One", "Two", "Three")
    }
    (house.folder / "one.txt").write_bytes(texts["One"])
    (house.folder / "two.txt").write_bytes(texts["Two"])
    with house.running():
        shutil.copy(house.folder / "one.txt", house.inbox / "one.txt")
        (house.folder / "two.txt").rename(house.inbox / "two.txt")
        with (house.inbox / "three.txt").open("wb") as slow:
            for start in range(0, len(texts["Three"]), 150):
                slow.write(texts["Three"][start : start + 150])
                slow.flush()
                time.sleep(0.8)
        until(lambda: len(house.titles()) == 3, "three entries")
        time.sleep(1)  # long enough for a second, wrong take
        assert Counter(house.titles()) == Counter(f"Harbour Copper {name}" for name in texts)
        for entry in house.entries():
            assert f"The last line of {entry.title.split()[-1]}." in entry.content[0].value
            assert house.get(entry.link.partition(f":{house.port}/")[2]).status_code == 200


def test_categories_carry_class_subtopic_and_tickers(house: House) -> None:
    with house.running("--samples"):
        until(lambda: len(house.titles()) == 3, "three entries")
        terms = {entry.title: [tag.term for tag in entry.tags] for entry in house.entries()}
    notice = next(terms[title] for title in terms if "to Release" in title)
    assert notice[:2] == ["earnings_notice", "earnings.date-notice"]
    assert [term for term in notice if ":" in term] == ["NYSEAMERICAN:AXU", "TSX:AXR"]


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_no_feed_has_a_fault_and_each_class_has_its_one_sample(house: House, suffix: str) -> None:
    with house.running("--samples"):
        until(house.letters, "the letter, which goes when everything stands")
        assert len(house.titles(f"all.{suffix}")) == 3
        for class_ in ("earnings_notice", "operational_update", "corporate_milestone"):
            assert len(house.titles(f"{class_}.{suffix}")) == 1, class_


def test_a_second_get_with_either_validator_gets_304(house: House) -> None:
    with house.running("--samples"):
        until(lambda: len(house.titles()) == 3, "three entries")
        first = house.get("feeds/all.atom")
        assert first.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert house.get("feeds/all.atom", **{"If-None-Match": first.headers["etag"]}).status_code == 304
        assert house.get("feeds/all.atom", **{"If-Modified-Since": first.headers["last-modified"]}).status_code == 304


class Received:
    """A mailbox behind a real SMTP server."""

    def __init__(self) -> None:
        self.envelopes: list = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.envelopes.append(envelope)
        return "250 taken"


@pytest.fixture
def mailbox():
    received = Received()
    received.port = free_port()
    controller = Controller(received, hostname="127.0.0.1", port=received.port)
    controller.start()
    yield received
    controller.stop()


def test_the_sample_digest_reaches_a_real_mail_server(tmp_path: Path, mailbox) -> None:
    house = House(
        tmp_path, mail__transport="smtp", mail__host="127.0.0.1", mail__port=str(mailbox.port),
        site__base_url="https://news.example.com", site__title="Example Newsroom",
    )  # fmt: skip
    with house.running("--samples"):
        until(lambda: mailbox.envelopes, "a letter")
        house.stop()
    [envelope] = mailbox.envelopes
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    text = message.get_body(("plain",)).get_content()
    order = [text.casefold().index(word) for word in ("earnings notice", "operational update", "corporate milestone")]
    assert order == sorted(order)
    assert text.count("https://news.example.com/releases/") == 3
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "https://news.example.com/unsubscribe/" in message["List-Unsubscribe"]


def test_the_unsubscribe_link_asks_first_and_ends_only_on_post(house: House) -> None:
    import httpx

    with house.running("--samples"):
        [letter] = until(house.letters, "the sample letter")
        text = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default).get_body(("plain",))
        link = next(word for word in text.get_content().split() if "/unsubscribe/" in word).strip("<>.")
        asked = httpx.get(link)
        assert asked.status_code == 200 and "<button" in asked.text
        assert [row["state"] for row in house.json("subscribers", "list")] == ["active"]
        ended = httpx.post(link, data={"List-Unsubscribe": "One-Click"})
        assert ended.status_code == 200
        assert [row["state"] for row in house.json("subscribers", "list")] == ["ended"]
        assert httpx.get(link + "x").status_code == 404


def test_an_alert_comes_at_once(house: House) -> None:
    house.command("subscribers", "add", "ana@example.com", "--cadence", "at-once")
    today = time.strftime("%B %-d, %Y", time.gmtime())
    with house.running():
        (house.inbox / "news.txt").write_bytes(a_text("Harbour Copper Opens Its Gate", day=today))
        [letter] = until(house.letters, "the alert")
        assert b"Harbour Copper Opens Its Gate" in letter.read_bytes()


def test_a_kill_between_commit_and_publish_is_made_up_for_at_the_next_start(house: House) -> None:
    """The site's folder is blocked while the drop is taken in, so that the kill falls exactly in between."""
    house.command("once")
    shutil.rmtree(house.out)
    house.out.write_text("in the way")
    with house.running():
        (house.inbox / "news.txt").write_bytes(a_text("Harbour Copper Opens Its Gate"))
        until(lambda: house.json("status")["releases"]["operational_update"]
              + house.json("status")["releases"]["corporate_milestone"] == 1, "the commit")  # fmt: skip
        house.stop(signal.SIGKILL)
    house.out.unlink()
    with house.running():
        until(lambda: house.titles() == ["Harbour Copper Opens Its Gate"], "the entry")
        house.stop()


def test_everything_anew_gives_the_same_bytes_in_any_zone_locale_and_hash_seed(house: House) -> None:
    for seed in SEEDS:
        shutil.copy(seed, house.inbox)
    assert house.command("once").returncode == 0
    before = house.bytes()
    assert sum(path.startswith("releases/") and path.endswith("/index.html") for path in before) == 3
    shutil.rmtree(house.out)
    done = house.command("publish", "--full", PYTHONHASHSEED="7", TZ="Asia/Kolkata", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert house.bytes() == before


def test_sigterm_and_ctrl_c_end_it_cleanly_within_five_seconds(house: House) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with house.running("--samples"):
            began_s = time.monotonic()
            assert house.stop(number) == 0
            assert time.monotonic() - began_s < 5


def test_the_first_five_lines_say_where_everything_is(house: House) -> None:
    with house.running("--samples"):
        assert house.process is not None and house.process.stdout is not None
        lines = [house.process.stdout.readline() for _ in range(4)]
        said = "".join(lines)
        assert f"http://127.0.0.1:{house.port}/" in said
        assert f"http://127.0.0.1:{house.port}/feeds/" in said
        assert "state/mail" in said and "inbox/" in said


def test_two_daemons_do_not_share_one_database(house: House) -> None:
    with house.running():
        again = house.command("run")
        assert again.returncode == 1
        assert "feedd run" in again.stderr and "stop it first" in again.stderr
