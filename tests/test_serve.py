"""The site over HTTP: most tests ask the application itself, those about sockets ask a real server."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import os
import resource
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser
from starlette.types import ASGIApp

from feedd.errors import ConfigError, InUseError, StoreError, TokenError
from feedd.serve import Server, make_app, serve

FEED = "feeds/all.atom"
PAGE = "releases/2026/03/north-ridge-opens-second-mill/index.html"
ORIGINAL = "releases/2026/03/north-ridge-opens-second-mill/original.txt"

FILES = {
    "index.html": b"<h1>News</h1>",
    "404.html": b"<h1>Nothing here</h1>",
    "style.css": b"body { color: black }",
    "feeds/index.html": b"<h1>Feeds</h1>",
    FEED: b"<feed>" + b"<entry/>" * 500 + b"</feed>",
    "feeds/all.rss": b"<rss/>",
    "feeds/all.json": b"{}",
    "feeds.opml": b"<opml/>",
    "calendar/all.ics": b"BEGIN:VCALENDAR",
    "sitemap.xml": b"<sitemapindex/>",
    "robots.txt": b"User-agent: *",
    PAGE: b"<h1>North Ridge opens second mill</h1>",
    ORIGINAL: b"North Ridge opens second mill\r\n",
}


class Pages:
    """Pages reduced to the words that tests look for."""

    def unsubscribe(self, address: str, what: str, action: str) -> bytes:
        return f'{address} {what} <form method="post" action="{action}"><button>End</button></form>'.encode()

    def unsubscribed(self, what: str) -> bytes:
        return f"{what} has ended".encode()

    def link_problem(self, sentence: str) -> bytes:
        return f"<h1>{sentence}</h1>".encode()


class Door:
    """One subscription behind the token ``good``; ``stuck`` meets a database that does not answer."""

    def __init__(self) -> None:
        self.ended = 0
        self.thread = ""

    def look(self, token: str) -> tuple[str, str]:
        self.thread = threading.current_thread().name
        if token == "stuck":
            raise StoreError("The database is locked.")
        if token != "good":
            raise TokenError("This link is damaged.")
        return "ann@example.com", "the daily digest"

    def end(self, token: str) -> str:
        _, what = self.look(token)
        self.ended += 1
        return what


class Visitor:
    """Asks the application without a socket, and follows no redirect."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **more))

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        headers = {"Accept-Encoding": "identity"}
        async with httpx.AsyncClient(
            transport=transport, base_url="https://news.example.com", headers=headers
        ) as client:
            return await client.request(method, path, **more)

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.request("GET", path, headers=headers)

    def head(self, path: str) -> httpx.Response:
        return self.request("HEAD", path)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.request("POST", path, **body)


class Site:
    """A small ``out/`` behind the real application."""

    def __init__(self, out: Path, base_url: str = "https://news.example.com") -> None:
        self.out, self.door, self.troubles = out, Door(), list[str]()
        self.store_answers = True
        self.app = make_app(
            out=out,
            base_url=base_url,
            health=self.health,
            pages=Pages(),
            unsubscribe=self.door,
        )
        self.client = Visitor(self.app)

    def health(self) -> list[str]:
        if not self.store_answers:
            raise StoreError("The database is locked.")
        return self.troubles

    def write(self, name: str, content: bytes) -> Path:
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "out")
    for name, content in FILES.items():
        site.write(name, content)
    return site


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    server = serve(site.app, "127.0.0.1", 0)
    yield server
    server.stop()


def ask(server: Server, method: str, target: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, target, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("feeds/all.atom", "application/atom+xml; charset=utf-8"),
        ("feeds/all.rss", "application/rss+xml; charset=utf-8"),
        ("feeds/all.json", "application/feed+json; charset=utf-8"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("calendar/all.ics", "text/calendar; charset=utf-8"),
        ("", "text/html; charset=utf-8"),
        ("feeds/", "text/html; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
    ],
)
def test_every_output_has_its_type_and_charset(site: Site, path: str, content_type: str) -> None:
    answer = site.client.get(f"/{path}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type


def test_what_is_sent_is_the_file(site: Site) -> None:
    answer = site.client.get(f"/{FEED}")

    assert answer.content == FILES[FEED]
    assert answer.headers["content-length"] == str(len(FILES[FEED]))


def test_a_folder_shows_its_index(site: Site) -> None:
    assert site.client.get("/feeds/").content == FILES["feeds/index.html"]


def test_a_folder_without_slash_leads_to_the_one_with(site: Site) -> None:
    answer = site.client.get("/releases/2026/03/north-ridge-opens-second-mill")

    assert answer.status_code == 301
    assert answer.headers["location"] == "./north-ridge-opens-second-mill/"


def test_a_redirect_never_leaves_the_site(site: Site) -> None:
    answer = site.client.get("https://news.example.com//feeds")

    assert answer.next_request is not None
    assert answer.next_request.url.host == "news.example.com"


def test_a_file_with_a_slash_after_it_is_not_there(site: Site) -> None:
    assert site.client.get(f"/{FEED}/").status_code == 404


@pytest.mark.parametrize("path", ["nothing", "releases/1999/", "feeds/all.atom/x", "x" * 300, "%00", "feeds/%ff"])
def test_what_is_missing_gets_the_sites_own_page(site: Site, path: str) -> None:
    answer = site.client.get(f"/{path}")

    assert answer.status_code == 404
    assert answer.content == FILES["404.html"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_what_is_missing_is_not_remembered_as_missing(site: Site) -> None:
    assert site.client.get("/releases/2026/04/").headers["cache-control"] == "no-store"


def test_a_site_without_out_is_empty_and_not_broken(tmp_path: Path) -> None:
    site = Site(tmp_path / "out")

    assert site.client.get("/").status_code == 404
    assert site.client.get("/healthz").status_code == 200


def test_out_may_appear_later(tmp_path: Path) -> None:
    site = Site(tmp_path / "out")
    site.client.get("/")
    site.write("index.html", b"here")

    assert site.client.get("/").content == b"here"


@pytest.mark.parametrize("name", [".index.html.tmp", ".hidden/page.html", "feeds/.all.atom.x7"])
def test_hidden_and_half_written_files_are_never_served(site: Site, name: str) -> None:
    site.write(name, b"half")

    assert site.client.get(f"/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/secret", "/feeds/..%2f..%2fsecret", "//etc/passwd"])
def test_nothing_outside_of_out_is_served(server: Server, site: Site, path: str) -> None:
    (site.out.parent / "secret").write_bytes(b"key")

    assert ask(server, "GET", path)[0] == 404


def test_a_link_that_leads_out_is_not_followed(site: Site) -> None:
    secret = site.out.parent / "secret"
    secret.write_bytes(b"key")
    (site.out / "way.txt").symlink_to(secret)

    assert site.client.get("/way.txt").status_code == 404


def test_a_pipe_in_out_does_not_hang_the_server(site: Site) -> None:
    os.mkfifo(site.out / "pipe.txt")

    assert site.client.get("/pipe.txt").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_files_can_only_be_read(site: Site, method: str) -> None:
    answer = site.client.request(method, f"/{FEED}")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert (site.out / FEED).read_bytes() == FILES[FEED]


def test_head_says_the_same_without_the_body(site: Site) -> None:
    got, head = site.client.get(f"/{FEED}"), site.client.head(f"/{FEED}")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == got.headers


def test_a_part_can_be_asked_for(site: Site) -> None:
    answer = site.client.get(f"/{FEED}", headers={"Range": "bytes=6-13"})

    assert answer.status_code == 206
    assert answer.content == b"<entry/>"
    assert answer.headers["content-range"] == f"bytes 6-13/{len(FILES[FEED])}"


def test_a_part_of_what_has_changed_is_the_whole(site: Site) -> None:
    headers = {"Range": "bytes=0-5", "If-Range": '"of an older feed"'}

    assert site.client.get(f"/{FEED}", headers=headers).content == FILES[FEED]


def test_a_part_beyond_the_end_is_refused(site: Site) -> None:
    assert site.client.get(f"/{FEED}", headers={"Range": "bytes=999999-"}).status_code == 416


# ── Has it changed? ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [FEED, "", "style.css", ORIGINAL])
@pytest.mark.parametrize(("given", "asked"), [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")])
def test_etag_and_date_each_alone_bring_a_304(site: Site, path: str, given: str, asked: str) -> None:
    first = site.client.get(f"/{path}")
    second = site.client.get(f"/{path}", headers={asked: first.headers[given]})

    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["cache-control"] == first.headers["cache-control"]


def test_a_weak_etag_in_a_list_is_recognised(site: Site) -> None:
    etag = site.client.get(f"/{FEED}").headers["etag"]
    answer = site.client.get(f"/{FEED}", headers={"If-None-Match": f'"old", W/{etag}'})

    assert answer.status_code == 304


def test_the_etag_is_of_the_content_alone(site: Site) -> None:
    before = site.client.get(f"/{FEED}").headers["etag"]
    (site.out / FEED).unlink()
    os.utime(site.write(FEED, FILES[FEED]), (1, 1))

    assert site.client.get(f"/{FEED}").headers["etag"] == before


def test_a_change_of_equal_size_and_time_is_seen(site: Site) -> None:
    feed = site.out / FEED
    os.utime(feed, (1_000, 1_000))
    etag = site.client.get(f"/{FEED}").headers["etag"]
    beside = site.write("feeds/.new", FILES[FEED].replace(b"entry", b"Entry"))
    os.utime(beside, (1_000, 1_000))
    beside.rename(feed)

    assert site.client.get(f"/{FEED}", headers={"If-None-Match": etag}).status_code == 200


def test_an_etag_weighs_more_than_a_date(site: Site) -> None:
    date = site.client.get(f"/{FEED}").headers["last-modified"]
    headers = {"If-None-Match": '"of an older feed"', "If-Modified-Since": date}

    assert site.client.get(f"/{FEED}", headers=headers).status_code == 200


def test_fingerprints_of_many_files_do_not_fill_the_memory(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedd.serve._KNOWN_FILES", 2)
    etags = [{site.client.get(f"/{name}").headers["etag"] for name in FILES} for _ in range(2)]

    assert etags[0] == etags[1]


# ── Gzip ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def packed(site: Site) -> Site:
    site.write(f"{FEED}.gz", gzip.compress(FILES[FEED], 1, mtime=0))
    return site


def test_gzip_comes_from_the_file_beside(packed: Site) -> None:
    answer = packed.client.get(f"/{FEED}", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["content-length"] == str((packed.out / f"{FEED}.gz").stat().st_size)
    assert answer.content == FILES[FEED]


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("", None),
        ("br", None),
        ("gzip;q=0", None),
        ("gzip; q=0.000", None),
        ("*, gzip;q=0", None),
        ("gzip;q=1.2.3", None),
        ("x-gzipped", None),
    ],
)
def test_gzip_only_for_those_who_take_it(packed: Site, accept: str, encoding: str | None) -> None:
    answer = packed.client.get(f"/{FEED}", headers={"Accept-Encoding": accept})

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == FILES[FEED]


def test_the_gzip_has_an_etag_of_its_own_and_a_304(packed: Site) -> None:
    plain = packed.client.get(f"/{FEED}")
    small = packed.client.get(f"/{FEED}", headers={"Accept-Encoding": "gzip"})
    headers = {"Accept-Encoding": "gzip", "If-None-Match": small.headers["etag"]}

    assert plain.headers["etag"] != small.headers["etag"]
    assert packed.client.get(f"/{FEED}", headers=headers).status_code == 304


def test_both_forms_have_the_date_of_the_feed(packed: Site) -> None:
    os.utime(packed.out / f"{FEED}.gz", (2_000, 2_000))
    plain = packed.client.get(f"/{FEED}")
    small = packed.client.get(f"/{FEED}", headers={"Accept-Encoding": "gzip"})

    assert small.headers["last-modified"] == plain.headers["last-modified"]


@pytest.mark.parametrize("left_over", [gzip.compress(b"the feed of yesterday"), b"", b"short"], ids=len)
def test_a_gzip_of_other_bytes_is_not_served(site: Site, left_over: bytes) -> None:
    site.write(f"{FEED}.gz", left_over)
    answer = site.client.get(f"/{FEED}", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in answer.headers
    assert answer.content == FILES[FEED]


def test_a_gzip_without_its_feed_is_not_a_feed(packed: Site) -> None:
    (packed.out / FEED).unlink()

    assert packed.client.get(f"/{FEED}", headers={"Accept-Encoding": "gzip"}).status_code == 404


def test_a_part_is_always_of_the_plain_form(packed: Site) -> None:
    headers = {"Accept-Encoding": "gzip", "Range": "bytes=0-5"}
    answer = packed.client.get(f"/{FEED}", headers=headers)

    assert answer.content == b"<feed>"


# ── What goes with the files ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [FEED, "feeds/all.rss", "feeds/all.json", "calendar/all.ics"])
def test_feeds_and_calendars_name_themselves_and_are_open_to_all(site: Site, path: str) -> None:
    headers = site.client.get(f"/{path}").headers

    assert headers["link"] == f'<https://news.example.com/{path}>; rel="self"'
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("path", ["", "style.css", PAGE])
def test_pages_are_kept_for_a_minute_and_closed_to_other_sites(site: Site, path: str) -> None:
    headers = site.client.get(f"/{path}").headers

    assert headers["cache-control"] == "public, max-age=60"
    assert "access-control-allow-origin" not in headers
    assert "link" not in headers


@pytest.mark.parametrize("path", ["", FEED, "nothing", "healthz", "unsubscribe/good", "unsubscribe/forged"])
def test_every_answer_is_safe_in_a_browser(site: Site, path: str) -> None:
    headers = site.client.get(f"/{path}").headers
    policy = headers["content-security-policy"]

    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy


@pytest.mark.parametrize("name", ["original.txt", "original.html", "original.pdf", "original.bin"])
def test_an_original_is_kept_and_never_shown(site: Site, name: str) -> None:
    path = f"releases/2026/03/x/{name}"
    site.write(path, b"<script>alert(1)</script>")
    headers = site.client.get(f"/{path}").headers

    assert headers["content-disposition"] == "attachment"
    assert headers["content-security-policy"] == "sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert "charset" not in headers["content-type"]


def test_a_folder_that_is_called_original_is_a_page_like_others(site: Site) -> None:
    site.write("releases/2026/03/original/index.html", b"<h1>The original</h1>")

    assert "content-disposition" not in site.client.get("/releases/2026/03/original/").headers


# ── Unsubscribing ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_an_unsubscribe_link_changes_nothing(site: Site, method: str) -> None:
    assert site.client.request(method, "/unsubscribe/good").status_code == 200
    assert site.door.ended == 0


def test_the_unsubscribe_page_says_who_and_what_and_has_one_button(site: Site) -> None:
    page = site.client.get("/unsubscribe/good").text

    assert "ann@example.com the daily digest" in page
    assert 'action="/unsubscribe/good"' in page
    assert page.count("<button") == 1


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Click"}])
def test_a_post_ends_the_subscription_without_detour(site: Site, body: dict[str, str]) -> None:
    answer = site.client.post("/unsubscribe/good", data=body)

    assert answer.status_code == 200
    assert answer.text == "the daily digest has ended"
    assert site.door.ended == 1


def test_one_click_may_be_multipart(site: Site) -> None:
    answer = site.client.post("/unsubscribe/good", files={"List-Unsubscribe": (None, b"One-Click")})

    assert answer.status_code == 200
    assert site.door.ended == 1


def test_ending_twice_is_as_good_as_once(site: Site) -> None:
    site.client.post("/unsubscribe/good")

    assert site.client.post("/unsubscribe/good").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_gets_a_polite_page(site: Site, method: str) -> None:
    answer = site.client.request(method, "/unsubscribe/forged")

    assert answer.status_code == 404
    assert answer.text == "<h1>This link is damaged.</h1>"
    assert site.door.ended == 0


def test_a_database_that_does_not_answer_asks_to_try_later(site: Site) -> None:
    answer = site.client.post("/unsubscribe/stuck")

    assert answer.status_code == 503
    assert "try again" in answer.text
    assert "locked" not in answer.text


@pytest.mark.parametrize(("method", "token"), [("GET", "good"), ("POST", "good"), ("GET", "forged"), ("GET", "stuck")])
def test_unsubscribe_pages_are_nobody_elses_business(site: Site, method: str, token: str) -> None:
    answer = site.client.request(method, f"/unsubscribe/{token}")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers


def test_doors_that_block_do_not_block_the_loop(site: Site) -> None:
    site.client.get("/unsubscribe/good")

    assert "worker" in site.door.thread.lower()


def test_an_unsubscribe_link_takes_no_other_method(site: Site) -> None:
    assert site.client.request("PUT", "/unsubscribe/good").status_code == 405
    assert site.door.ended == 0


# ── Health and faults ─────────────────────────────────────────────────────────────────────────────────────────


def test_health_is_ok_without_troubles(site: Site) -> None:
    answer = site.client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "troubles": []}
    assert answer.headers["cache-control"] == "no-store"


def test_health_names_the_troubles(site: Site) -> None:
    site.troubles.append("out/ cannot be written.")
    answer = site.client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "degraded", "troubles": ["out/ cannot be written."]}
    assert answer.headers["cache-control"] == "no-store"


def test_a_database_that_does_not_answer_is_a_trouble(site: Site) -> None:
    site.store_answers = False
    answer = site.client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "degraded", "troubles": ["The database is locked."]}


def test_a_fault_of_our_own_tells_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: str) -> bytes:
        raise RuntimeError("/srv/feedd/secret")

    monkeypatch.setattr(Pages, "unsubscribe", broken)
    answer = site.client.get("/unsubscribe/good")

    assert answer.status_code == 500
    assert answer.text == "Internal Server Error"
    assert answer.headers["x-content-type-options"] == "nosniff"


# ── A site below a path ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def below(site: Site) -> Site:
    return Site(site.out, "https://news.example.com/press/news")


@pytest.mark.parametrize("path", ["", "feeds/", FEED, PAGE, "healthz", "unsubscribe/good"])
@pytest.mark.parametrize("prefix", ["/", "/press/news/"])
def test_a_site_below_a_path_answers_with_it_and_without(below: Site, prefix: str, path: str) -> None:
    assert below.client.get(prefix + path).status_code == 200


def test_the_bare_path_leads_to_the_site(below: Site) -> None:
    assert below.client.get("/press/news").headers["location"] == "./news/"


def test_links_and_forms_of_such_a_site_carry_its_path(below: Site) -> None:
    feed = below.client.get(f"/{FEED}")
    page = below.client.get("/unsubscribe/good")

    assert feed.headers["link"] == f'<https://news.example.com/press/news/{FEED}>; rel="self"'
    assert 'action="/press/news/unsubscribe/good"' in page.text


def test_a_redirect_keeps_the_path(below: Site) -> None:
    answer = below.client.get("/press/news/feeds")

    assert answer.next_request is not None
    assert answer.next_request.url.path == "/press/news/feeds/"


# ── The server ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_server_answers_as_soon_as_it_is_made(server: Server) -> None:
    assert ask(server, "GET", f"/{FEED}") == (200, FILES[FEED])


def test_the_server_can_be_left_in_the_middle(server: Server, site: Site) -> None:
    site.write("feeds/long.atom", b"x" * 20_000_000)
    with socket.create_connection(("127.0.0.1", server.port)) as visitor:
        visitor.sendall(b"GET /feeds/long.atom HTTP/1.1\r\nHost: x\r\n\r\n")
        visitor.recv(1000)

    assert ask(server, "GET", "/healthz")[0] == 200


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET"],
    ids=["nothing", "an endless header", "half a second request"],
)
def test_a_visitor_who_never_ends_a_request_is_left(
    server: Server, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr("feedd.serve._PATIENCE_S", 0.05)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as visitor:
        visitor.sendall(said)
        while visitor.recv(10_000):  # ends when the server hangs up; else the socket's own timeout is an error
            pass


def test_an_answer_may_take_longer_than_its_question(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedd.serve._PATIENCE_S", 0.05)
    released = threading.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.get_running_loop().run_in_executor(None, released.wait, 20)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    server = serve(slow, "127.0.0.1", 0)
    threading.Timer(0.3, released.set).start()
    assert ask(server, "GET", "/") == (204, b"")
    server.stop()


def test_one_visitor_too_many_is_turned_away_and_the_next_is_not(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedd.serve._most_connections", lambda: 1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as first:
        first.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first.recv(10)
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as second:
            assert second.recv(10) == b""
    monkeypatch.undo()
    assert ask(server, "GET", "/healthz")[0] == 200


def test_the_server_asks_for_more_than_the_usual_open_files(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft >= min(hard, 8192) or hard == resource.RLIM_INFINITY


def test_a_one_click_post_over_the_wire(server: Server, site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/unsubscribe/good", "List-Unsubscribe=One-Click", headers)
    answer = connection.getresponse()

    assert (answer.status, answer.read()) == (200, b"the daily digest has ended")
    assert answer.headers["Server"] is None
    connection.close()


def test_nobody_ever_gets_half_a_feed(server: Server, site: Site) -> None:
    """A feed is replaced as fast as possible, by shorter and longer ones, while it is read."""
    done = threading.Event()

    def rebuild() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            content = b"%d\n" % turn * (1 + turn % 700)
            site.write("feeds/.all.atom.gz", gzip.compress(content, 1)).rename(site.out / f"{FEED}.gz")
            site.write("feeds/.all.atom", content).rename(site.out / FEED)

    builder = threading.Thread(target=rebuild)
    builder.start()
    try:
        answers = [ask(server, "GET", f"/{FEED}", {"Accept-Encoding": ("gzip", "")[n % 2]}) for n in range(200)]
    finally:
        done.set()
        builder.join()

    for status, body in answers:
        whole = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        assert status == 200
        assert whole == FILES[FEED] or len(set(whole.split())) == 1
        assert whole == FILES[FEED] or whole.count(b"\n") == 1 + int(whole.split()[0]) % 700


def test_no_file_stays_open(server: Server, site: Site) -> None:
    site.write(f"{FEED}.gz", gzip.compress(FILES[FEED]))
    ask(server, "GET", f"/{FEED}")
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    for accept in ["gzip", "identity"] * 10:
        ask(server, "GET", f"/{FEED}", {"Accept-Encoding": accept, "If-None-Match": "*"})
        ask(server, "HEAD", f"/{FEED}", {"Accept-Encoding": accept})
        ask(server, "GET", "/feeds", {"Accept-Encoding": accept})

    # A connection or two may not be closed yet on the server's side.
    assert len(list(Path("/proc/self/fd").iterdir())) < open_before + 10


def test_stopping_frees_the_port(site: Site) -> None:
    first = serve(site.app, "127.0.0.1", 0)
    first.stop()
    second = serve(site.app, "127.0.0.1", first.port)
    try:
        assert ask(second, "GET", "/healthz")[0] == 200
    finally:
        second.stop()


def test_stopping_does_not_wait_for_idle_visitors(site: Site) -> None:
    server = serve(site.app, "127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", server.port)):
        server.stop()

    assert not any(thread.name == "serve" for thread in threading.enumerate())


def test_stopping_does_not_wait_for_a_door_that_blocks(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, leave, left = threading.Event(), threading.Event(), threading.Event()

    def slow(*_: str) -> bytes:
        entered.set()
        leave.wait(30)
        left.set()
        return b""

    monkeypatch.setattr(Pages, "unsubscribe", slow)
    server = serve(site.app, "127.0.0.1", 0)
    visitor = socket.create_connection(("127.0.0.1", server.port))
    visitor.sendall(b"GET /unsubscribe/good HTTP/1.1\r\nHost: x\r\n\r\n")
    entered.wait(10)
    server.stop()

    assert not left.is_set()
    visitor.close()
    leave.set()


def test_a_port_in_use_is_one_sentence(site: Site, server: Server) -> None:
    with pytest.raises(InUseError) as caught:
        serve(site.app, "127.0.0.1", server.port)

    assert str(caught.value) == (
        f"serve.port is {server.port}, which another program uses; choose another or stop that one."
    )


def test_a_host_that_is_not_ours_is_one_sentence(site: Site) -> None:
    with pytest.raises(ConfigError) as caught:
        serve(site.app, "192.0.2.1", 0)

    assert str(caught.value) == "serve.host is '192.0.2.1'; give an address of this machine, such as 127.0.0.1."


# ── In a browser ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.browser
def test_a_browser_applies_our_style_and_runs_no_script(chromium: Browser, server: Server, site: Site) -> None:
    page_of_ours = (
        b'<link rel="stylesheet" href="style.css"><title>News</title><h1 style="color: red">News</h1>'
        b'<script>document.title = "taken over"</script>'
    )
    site.write("index.html", page_of_ours)
    site.write("style.css", b"h1 { color: rgb(0, 0, 255) }")
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/")

    assert page.title() == "News"
    assert page.eval_on_selector("h1", "h1 => getComputedStyle(h1).color") == "rgb(0, 0, 255)"
    page.close()


@pytest.mark.browser
def test_the_button_works_in_a_browser(chromium: Browser, server: Server, site: Site) -> None:
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/unsubscribe/good")
    page.click("button")
    page.wait_for_selector("text=the daily digest has ended")

    assert site.door.ended == 1
    page.close()
