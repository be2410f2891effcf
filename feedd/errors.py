"""The error tree. The class says what went wrong, the attributes say to which thing, the cause says why.

Three kinds of trouble, three habits: a bad drop is set aside and the daemon goes on (`DropError`); a passing
failure outside is tried again with patience (`DeliveryError` that is not permanent, `StoreError`); a broken
promise of our own is raised loudly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedd.model import Attachment


class FeeddError(Exception):
    """Something feedd was asked to do could not be done."""


class ConfigError(FeeddError):
    """A configuration key or value is wrong.

    `key` as the operator writes it (``serve.port`` or ``FEEDD_SERVE__PORT``), `value` as given, `wish` what would
    be right, as the end of a sentence: "give a whole number from 1 to 65535".
    """

    def __init__(self, key: str, value: object, wish: str) -> None:
        self.key, self.value, self.wish = key, value, wish
        super().__init__(f"{key} is {value!r}; {wish}.")


class InUseError(FeeddError):
    """A thing that only one process may hold (the lock, the port) is held by another."""


class DropError(FeeddError):
    """A drop could not be understood; it waits in quarantine.

    `code` is one of the codes of ``feedd explain`` (``empty``, ``binary``, ``no-headline`` …), `reason` a sentence
    for people, `wish` what they can do about it.
    """

    def __init__(self, code: str, reason: str, wish: str = "") -> None:
        self.code, self.reason, self.wish = code, reason, wish
        self.attachments: tuple[Attachment, ...] = ()  # the documents inside it, which may be well
        super().__init__(reason)


class UnreadableDocument(DropError):
    """The bytes of a drop are not a document that any reader knows."""


class ParseError(DropError):
    """The text was read, but it is not a release: the field that nobody may miss was not found."""


class SandboxError(FeeddError):
    """The processes with limits, in which drops are read, cannot be had. Says nothing about any drop."""


class WatchError(FeeddError):
    """The watched folder cannot be read."""


class StoreError(FeeddError):
    """The database cannot be used."""


class UnknownId(StoreError):
    """No release has this id."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(
            f"No release has the id {given!r}; give the first 10 letters of its hash or its slug, "
            "as `feedd status` shows them."
        )


class OutputError(FeeddError):
    """An output could not be written; the last good one stays."""


class RenderError(FeeddError):
    """A feed, page or letter could not be made. `what` names it, `template` the file if there is one."""

    def __init__(self, what: str, template: str | None, why: str) -> None:
        self.what, self.template = what, template
        place = f" (template {template})" if template else ""
        super().__init__(f"{what} could not be made{place}: {why}")


class DeliveryError(FeeddError):
    """A letter was not taken. `permanent` says that trying again cannot help.

    `uncertain` says that nobody knows: the connection was lost between the letter's end and the receiver's answer.
    """

    def __init__(self, delivery: str, why: str, *, permanent: bool, uncertain: bool = False) -> None:
        self.delivery, self.why, self.permanent, self.uncertain = delivery, why, permanent, uncertain
        super().__init__(why)


class TokenError(FeeddError):
    """A signed link is forged, damaged, or too old."""
