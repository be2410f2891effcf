"""The HTTP face: hands out ``out/`` as a site, takes back subscriptions, and says how feedd is.

No GET and no HEAD changes anything: programs follow every link of a letter before its reader does. Nothing here
writes to disk; what a visitor sees is either a file of ``out/`` or made by the doors that are passed in.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
import resource
import socket
import stat
import struct
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path, PurePath
from typing import BinaryIO, Protocol
from urllib.parse import quote, urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from feedd.errors import ConfigError, InUseError, StoreError, TokenError

# What people subscribe to. Other sites' scripts may read these; a reader asks again after five minutes.
_FEED_TYPES = {
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
    ".json": "application/feed+json",
    ".ics": "text/calendar",
    ".opml": "text/x-opml",
}
_OTHER_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".gz": "application/gzip",
}
_BYTES = frozenset({"image/png", "application/pdf", "application/gzip", "application/octet-stream"})

_FEED_AGE_S = 300
_PAGE_AGE_S = 60  # a correction must not hide for long, and a 304 costs little

_SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
# An original came from outside: it is kept, never shown inside the site.
_ORIGINAL = {"content-disposition": "attachment", "content-security-policy": "sandbox"}
# The address of such a page is a secret, and what it says holds only now.
_PRIVATE = {"referrer-policy": "no-referrer", "cache-control": "no-store", "x-robots-tag": "noindex"}

_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ENAMETOOLONG, errno.ELOOP})
_PATIENCE_S = 10.0  # what a visitor gets to say a whole request
_OPEN_FILES = 8192  # wanted for the process, as far as the system gives them
_KNOWN_FILES = 10_000  # about 3 MB of memory
_CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([\d.]+))?", re.ASCII)


class ServePages(Protocol):
    """Makes the pages that are no files of ``out/``, each a whole HTML document in UTF-8."""

    def unsubscribe(self, address: str, what: str, action: str) -> bytes:
        """Asks *address* whether *what* shall end: one button that posts to *action*."""

    def unsubscribed(self, what: str) -> bytes:
        """Says that *what* has ended."""

    def link_problem(self, sentence: str) -> bytes:
        """Says politely why a link does not work."""


class UnsubscribeDoor(Protocol):
    """What the signed links of letters lead to. Both may block."""

    def look(self, token: str) -> tuple[str, str]:
        """The address and, in words, what it subscribes to. Changes nothing. Raises `TokenError`."""

    def end(self, token: str) -> str:
        """Ends the subscription, once or again, and says in words which. Raises `TokenError`."""


# ── Files of out/ ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Print:
    """What is known of a file's bytes: the hex of their SHA-256, and how a gzip of them must end (RFC 1952, 2.3.1)."""

    sha256: str
    trailer: bytes


class _Prints:
    """Fingerprints of open files; each file is read once, until it changes or too many others were asked for."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], _Print] = {}
        self._lock = threading.Lock()

    def of(self, file: BinaryIO) -> _Print:
        status = os.fstat(file.fileno())
        key = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
        with self._lock:
            known = self._known.get(key)
        return known or self._learn(key, file)

    def _learn(self, key: tuple[int, ...], file: BinaryIO) -> _Print:
        digest, crc, size = hashlib.sha256(), 0, 0
        while block := file.read(1 << 18):
            digest.update(block)
            crc, size = zlib.crc32(block, crc), size + len(block)
        learnt = _Print(digest.hexdigest(), struct.pack("<II", crc, size & 0xFFFFFFFF))
        with self._lock:
            self._known[key] = learnt
            if len(self._known) > _KNOWN_FILES:
                del self._known[next(iter(self._known))]
        return learnt


class _OpenFileResponse(FileResponse):
    """Sends the very file that was opened, even when another has been renamed over its name since.

    Starlette's opens by name while it answers: a feed replaced in between would go out under the wrong length
    and ETag. The kernel's name of the open file has no such gap.
    """

    def __init__(self, file: BinaryIO, headers: Mapping[str, str], status_code: int = 200) -> None:
        self._file = file
        super().__init__(f"/proc/self/fd/{file.fileno()}", status_code, headers, stat_result=os.fstat(file.fileno()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file:
            await super().__call__(scope, receive, send)


class _Published(StaticFiles):
    """``out/`` as a site: Starlette's safe way from an address to a file, with our own headers on what is found."""

    def __init__(self, out: Path, base_url: str) -> None:
        super().__init__(directory=out, html=True, check_dir=False)
        self._base_url = base_url
        self._prints = _Prints()

    async def check_config(self) -> None:
        """Nothing: while ``out/`` is missing its files are, and that is no fault of the visitor's request."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        return await run_in_threadpool(self._answer, path, scope)

    def _answer(self, path: str, scope: Scope) -> Response:
        index = str(PurePath(path, "index.html"))
        name = index if scope["path"].endswith("/") else path
        if file := self._open(name):
            return self._found(name, file, Headers(scope=scope))
        if name != index and (file := self._open(index)):
            file.close()
            return _to_folder(path)
        if file := self._open("404.html"):
            return _OpenFileResponse(file, {"content-type": _type_of("404.html")}, 404)
        raise HTTPException(404)

    def _open(self, name: str) -> BinaryIO | None:
        """The file *name* below ``out/``; None where there is none, or none for visitors (hidden, half written)."""
        if any(part.startswith(".") for part in PurePath(name).parts):
            return None
        try:
            full_path, status = self.lookup_path(name)
            if status is None or not stat.S_ISREG(status.st_mode):
                return None
            return Path(full_path).open("rb")
        except ValueError:  # a NUL in the address
            return None
        except OSError as trouble:
            if trouble.errno in _NOT_THERE:
                return None
            raise

    def _found(self, name: str, file: BinaryIO, asked: Headers) -> Response:
        """The answer for an open file: the whole, a part, its gzip, or that nothing has changed."""
        fingerprint = self._prints.of(file)
        about = {
            **_about(name, self._base_url),
            "etag": f'"{fingerprint.sha256[:32]}"',
            "last-modified": formatdate(os.fstat(file.fileno()).st_mtime, usegmt=True),
        }
        form = {"content-type": _type_of(name)}
        if _takes_gzip(asked) and (packed := self._packed(name, fingerprint)):
            file.close()
            file = packed
            about["etag"] = f'"{fingerprint.sha256[:32]}-gz"'
            form["content-encoding"] = "gzip"
        if self.is_not_modified(Headers(about), asked):
            file.close()
            return Response(status_code=304, headers=about)
        return _OpenFileResponse(file, {**about, **form})

    def _packed(self, name: str, fingerprint: _Print) -> BinaryIO | None:
        """The ``.gz`` beside a file, if it holds the very same bytes; the two are renamed one after the other."""
        packed = self._open(f"{name}.gz")
        if packed is None:
            return None
        size = os.fstat(packed.fileno()).st_size
        if os.pread(packed.fileno(), 8, max(size - 8, 0)) == fingerprint.trailer:
            return packed
        packed.close()
        return None


def _to_folder(path: str) -> Response:
    """Leads from a folder's name to the folder; relative, to hold behind a proxy that took a prefix off."""
    return RedirectResponse(
        f"./{quote(PurePath(path).name)}/", 301, {"cache-control": f"public, max-age={_PAGE_AGE_S}"}
    )


def _is_original(name: str) -> bool:
    return name.startswith("releases/") and PurePath(name).stem == "original"


def _type_of(name: str) -> str:
    """The Content-Type of a file of ``out/``. All that feedd writes is UTF-8; an original is as it came."""
    suffix = PurePath(name).suffix
    kind = _FEED_TYPES.get(suffix) or _OTHER_TYPES.get(suffix, "application/octet-stream")
    return kind if kind in _BYTES or _is_original(name) else f"{kind}; charset=utf-8"


def _about(name: str, base_url: str) -> dict[str, str]:
    """What is said of a file of ``out/`` with every answer, also with 304."""
    if _is_original(name):
        return {"cache-control": f"public, max-age={_PAGE_AGE_S}", "vary": "Accept-Encoding", **_ORIGINAL}
    if PurePath(name).suffix not in _FEED_TYPES:
        return {"cache-control": f"public, max-age={_PAGE_AGE_S}", "vary": "Accept-Encoding"}
    return {
        "cache-control": f"public, max-age={_FEED_AGE_S}",
        "vary": "Accept-Encoding",
        "link": f'<{base_url}/{quote(name)}>; rel="self"',
        "access-control-allow-origin": "*",
    }


def _takes_gzip(asked: Headers) -> bool:
    """Whether the answer may be a gzip. Never for a Range: parts of a gzip are of no use to whoever resumes."""
    weights = {
        coding.lower(): float(weight or 1)
        for coding, weight in _CODING.findall(asked.get("accept-encoding", ""))
        if re.fullmatch(r"(\d+(\.\d*)?)?", weight)
    }
    return "range" not in asked and weights.get("gzip", weights.get("*", 0)) > 0


# ── Pages that are made when asked for ────────────────────────────────────────────────────────────────────────


class _Unsubscribing:
    """The two answers behind a letter's unsubscribe link. Starlette runs both in its threads."""

    def __init__(self, pages: ServePages, door: UnsubscribeDoor, prefix: str) -> None:
        self._pages, self._door, self._prefix = pages, door, prefix

    def ask(self, request: Request) -> Response:
        token = request.path_params["token"]
        address, what = self._door.look(token)
        action = f"{self._prefix}/unsubscribe/{quote(token)}"
        return _private_page(self._pages.unsubscribe(address, what, action))

    def end(self, request: Request) -> Response:
        """Needs no cookie and no body: mail programs post by themselves and follow no redirect (RFC 8058)."""
        return _private_page(self._pages.unsubscribed(self._door.end(request.path_params["token"])))

    def bad_link(self, request: Request, error: Exception) -> Response:
        return _private_page(self._pages.link_problem(str(error)), 404)

    def try_later(self, request: Request, error: Exception) -> Response:
        sentence = "This cannot be done at the moment. Please try again in a few minutes."
        return _private_page(self._pages.link_problem(sentence), 503)


def _private_page(body: bytes, status_code: int = 200) -> Response:
    return Response(body, status_code, _PRIVATE, "text/html; charset=utf-8")


def _healthz(health: Callable[[], list[str]]) -> Callable[[Request], Response]:
    def healthz(request: Request) -> Response:
        try:
            troubles = health()
        except StoreError as error:
            troubles = [str(error)]
        body = {"status": "degraded" if troubles else "ok", "troubles": troubles}
        return JSONResponse(body, 503 if troubles else 200, {"cache-control": "no-store"})

    return healthz


def _fault(request: Request, error: Exception) -> Response:
    """A fault of our own. Starlette answers it outside the middleware, so the headers are put on here."""
    return Response("Internal Server Error", 500, {**_SAFE, "cache-control": "no-store"}, "text/plain")


class _SafeHeaders:
    """Puts the headers of `_SAFE` on every answer that has none of its own; keeps refusals out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
                if message["status"] >= 400:
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, send_safely)


def make_app(
    *,
    out: Path,
    base_url: str,
    health: Callable[[], list[str]],
    pages: ServePages,
    unsubscribe: UnsubscribeDoor,
) -> Starlette:
    """The site as an ASGI application.

    `out` is served as its root and may be missing for a while. `base_url` (no slash at its end) is the public
    address; if it has a path, the site answers below that path too, because some proxies take it off and some
    do not. `health` gives the sentences of present troubles, none if all is well; it may block, and a
    `StoreError` of it is a trouble like others.
    """
    prefix = urlsplit(base_url).path.rstrip("/")
    unsubscribing = _Unsubscribing(pages, unsubscribe, prefix)
    routes: list[BaseRoute] = [
        Route("/healthz", _healthz(health)),
        Route("/unsubscribe/{token}", unsubscribing.ask),
        Route("/unsubscribe/{token}", unsubscribing.end, methods=["POST"]),
        Mount("/", _Published(out, base_url)),
    ]
    if prefix:
        routes = [Route(prefix, lambda request: _to_folder(prefix)), Mount(prefix, routes=routes), *routes]
    return Starlette(
        routes=routes,
        middleware=[Middleware(_SafeHeaders)],
        exception_handlers={
            TokenError: unsubscribing.bad_link,
            StoreError: unsubscribing.try_later,
            Exception: _fault,
        },
    )


# ── The server ────────────────────────────────────────────────────────────────────────────────────────────────


class _Connection(H11Protocol):
    """A visitor who must say a request within `_PATIENCE_S`. One too many is turned away at once.

    uvicorn waits for ever for a request's end. A thousand visitors who never come to it would take every file that
    the process may open: those of the site, and then the database's and the inbox's too.
    """

    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > _most_connections():
            transport.abort()
        else:
            self._hurry = self.loop.call_later(_PATIENCE_S, transport.abort)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        is_asking = self.cycle is None or self.cycle.response_complete
        if self._hurry and not is_asking:
            self._hurry.cancel()
            self._hurry = None
        elif self._hurry is None and is_asking:
            self._hurry = self.loop.call_later(_PATIENCE_S, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._hurry:
            self._hurry.cancel()
        super().connection_lost(exc)


def _most_connections() -> int:
    """A quarter of the files that the process may open: an answer holds two, and the rest of feedd needs some."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4


def _open_more_files() -> None:
    """Raises the usual 1024 as far as the system lets it; more than the limit is never asked for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if resource.RLIM_INFINITY != soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Server:
    """An application that answers on a port, in a thread of its own, until it is stopped."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                http=_Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,  # addresses carry tokens
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        # A daemon thread: a door that blocks must not keep the process from ending.
        self._thread = threading.Thread(target=self._uvicorn.run, args=([listener],), name="serve", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Takes no more connections, gives running answers a second, and returns within two."""
        self._uvicorn.should_exit = True
        self._thread.join(2)


def serve(app: ASGIApp, host: str, port: int) -> Server:
    """Starts answering on *host* and *port* (0: any free one, see `Server.port`); clients may connect at once.

    Raises `InUseError` when another program has the port, `ConfigError` when the host is not this machine's or
    the port needs rights that feedd lacks.
    """
    listener = _listen(host, port)
    _open_more_files()
    return Server(app, listener)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except PermissionError as error:
        raise ConfigError("serve.port", port, "give a port from 1024 up, or run feedd with the right to it") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sentence = f"serve.port is {port}, which another program uses; choose another or stop that one."
            raise InUseError(sentence) from error
        raise ConfigError("serve.host", host, "give an address of this machine, such as 127.0.0.1") from error
