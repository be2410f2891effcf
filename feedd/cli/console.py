"""What commands print, and how: words for people, JSON for programs, nothing that steers a terminal."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedd.visible import visible, visible_json

if TYPE_CHECKING:
    from feedd.store.drops import Quarantined

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of words.")]


class _Console(Console):
    """Shows what would steer a terminal instead of obeying it: names of files and words in them come from anybody."""

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(visible(text), **how)


out = _Console(highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())
err = _Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim" if out.is_terminal else None)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*[Text(visible(cell)) for cell in row])
    return table


MOST_LINES = 20
"""Files in quarantine that are named one by one; more are counted by what is wrong with them."""


def by_code(files: Sequence[Quarantined]) -> Table:
    """How many files are in quarantine for what, the most frequent first, and what to do about them."""
    wishes = {each.code: each.wish for each in files}
    counts = Counter(each.code for each in files).most_common()
    return table(("files", "code", "what to do"), [(str(number), code, wishes[code]) for code, number in counts])


def print_json(value: object) -> None:
    sys.stdout.write(visible_json(json.dumps(value, ensure_ascii=False)) + "\n")


def plain(value: Any) -> Any:
    """Frozen values as JSON has them."""
    if is_dataclass(value):
        return {field.name.rstrip("_"): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def short(path: object) -> str:
    """A path as a person in this folder would write it."""
    if isinstance(path, Path) and path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return str(path)
