"""Letters as files in a Maildir: the way out that needs no mail server.

A letter's file name is made of its key. A second sending finds the file in ``new/``, or in ``cur/`` under whatever
flags a mail program gave it, and adds nothing: here "once" needs no luck.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from feedd.errors import DeliveryError
from feedd.model import Letter


class MaildirChannel:
    """Delivers into the Maildir *folder*, made when the first letter comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter, *, about_to: Callable[[], None]) -> str:
        """See `feedd.channels.Channel`. Leaves one file in ``new/``, on disk for good when this returns."""
        with _refusing(letter):
            target = self.where(letter)
            if target.exists():
                return f"{target} was there already"
            draft = self._written(letter, target.name)
        about_to()
        with _refusing(letter):
            draft.rename(target)
            _sync(target.parent)
        return f"delivered to {target}"

    def where(self, letter: Letter) -> Path:
        """The file of *letter*: where it is, or where it would be delivered."""
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
        read = sorted((self._folder / "cur").glob(f"{name}*"))  # flags follow the name there
        return read[0] if read else self._folder / "new" / name

    def close(self) -> None:
        """Nothing stays open."""

    def _written(self, letter: Letter, name: str) -> Path:
        """The letter in ``tmp/``; what a kill left there under its name is written over."""
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / "tmp" / name
        with draft.open("wb") as file:
            file.write(letter.raw.replace(b"\r\n", b"\n"))  # on disk, lines end as the system's do
            file.flush()
            os.fsync(file.fileno())
        return draft


@contextmanager
def _refusing(letter: Letter) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DeliveryError(letter.key, f"The Maildir takes no letter: {error}.", permanent=False) from error


def _sync(folder: Path) -> None:
    """Makes the names in *folder* last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
