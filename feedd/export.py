"""All that the store holds, for other programs; and whether it still holds what it was given.

A release's line bears its names, state and times, and under ``reading`` what ``feedd explain --json`` says of a file.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from feedd.classify.labels import codes
from feedd.model import Document
from feedd.render.explain import as_contract
from feedd.store import Store, drops, releases


def releases_of(store: Store, *, embed: bool = False) -> Iterator[dict[str, Any]]:
    """Every version of every release as JSON has it, in the order in which they came.

    ``original`` names its file as `originals` does; with *embed* it holds the bytes in base64.
    """
    with store.read() as conn:
        for each in releases.every_version(conn):
            known, reading, source = each.known, each.reading, each.source
            document = Document(reading.release.format, "", ())
            words = as_contract(
                source.path, source.sha256, document, reading, codes=codes(reading.classification.subtopic)
            )
            yield {
                "id": known.short_id,
                "guid": known.guid,
                "slug": known.slug,
                "folder": known.folder,
                "state": known.state,
                "version": each.number,
                "first_seen": known.first_seen,
                "committed_at": source.at,
                "embargo_until": known.embargo_until,
                "public_at": known.public_at,
                "published": known.published,
                "held": known.held,
                "original": base64.b64encode(drops.original_bytes(conn, source.sha256)).decode()
                if embed
                else source.sha256,
                "reading": words,
            }


def drops_of(store: Store) -> Iterator[dict[str, Any]]:
    """Every file that was dropped, and what became of it."""
    with store.read() as conn:
        yield from drops.every(conn)


def originals(store: Store) -> Iterator[tuple[str, bytes]]:
    """Every original by the hash of its bytes."""
    with store.read() as conn:
        yield from drops.originals(conn)


def damaged(store: Store) -> Iterator[str | None]:
    """For every original None, or its hash when its bytes are not those that were dropped."""
    for sha256, data in originals(store):
        yield None if hashlib.sha256(data).hexdigest() == sha256 else sha256
