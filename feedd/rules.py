"""The rules by which drops are read, as one value: the package's own, under those of an operator's folder.

The only reader of that folder. Each of its files is checked wholly before any rule acts: what is wrong is one sentence
with the file and the line, and nothing that somebody wrote is silently without effect.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from feedd import identity, toml
from feedd.classify import cues, labels, lexicon
from feedd.classify.learned import rules_version
from feedd.classify.lessons import Lesson
from feedd.classify.lexicon import CUES, MARKS, Lexicon
from feedd.errors import ConfigError
from feedd.model import Zone
from feedd.parse import tables, tickers
from feedd.parse.tickers import Venues

VENUES, NAMES = "venues.toml", "names.toml"

_SETTINGS = ("zones", "void", "certain")
_WORD = r"(?:#|\*[^\W_]+|[^\W_]+\*?)"
_PHRASE_PART = re.compile(rf"\.\.\d{{1,2}}|{_WORD}(?:\|{_WORD})*|\[{_WORD}(?:\|{_WORD})*\]")


@dataclass(frozen=True, slots=True)
class Rules:
    """All that decides a reading besides the drop.

    `names` leads the key of a company's other name to the key of its one name.
    """

    lexicon: Lexicon
    venues: Venues
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """A short hash of all files that went in; what decisions taught has a version of its own."""
        return self.lexicon.version

    def taught(self, lesson: Lesson) -> Rules:
        """The same with what decisions taught."""
        taught = self.lexicon.taught(lesson)
        return self if taught is self.lexicon else replace(self, lexicon=taught)


@cache
def packaged() -> Rules:
    """The rules of this package."""
    return Rules(replace(lexicon.packaged(), version=_version({})), tickers.packaged())


def load(folder: Path | None) -> Rules:
    """The package's rules under those in *folder*. Raises `ConfigError`."""
    if folder is None:
        return packaged()
    files = {path.name: _bytes(path) for path in _listed(folder)}
    for name in files:
        if name not in _CHECKS:
            wish = f"give it one of the names {', '.join(_CHECKS)}, or take it out of the folder"
            raise ConfigError(str(folder / name), "no file of rules", wish)
    written = {name: _read(str(folder / name), data) for name, data in files.items()}
    for name, one in written.items():
        _CHECKS[name](one)
    return _made(written, _version(files))


@dataclass(frozen=True, slots=True)
class _Written:
    """One file of the folder: its path for sentences, and its values."""

    file: str
    text: bytes
    rows: dict[str, Any]

    def wrong(self, wish: str, *path: str, word: str = "") -> ConfigError:
        return toml.wrong(self.file, self.text, path, wish, word=word)


def _read(file: str, text: bytes) -> _Written:
    return _Written(file, text, toml.read(file, text))


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        wish = f"give one that can be read ({error.strerror})"
        raise ConfigError("The folder of rules", str(folder), wish) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), error.strerror, "make it a file that can be read, or take it away") from error


def _version(files: Mapping[str, bytes]) -> str:
    together = hashlib.sha256(rules_version().encode())
    for path in sorted(tables.HERE.glob("*.toml")):
        together.update(path.read_bytes())
    for name, data in files.items():
        together.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return together.hexdigest()[:10]


def _made(written: Mapping[str, _Written], version: str) -> Rules:
    rows = {name: written[name].rows if name in written else {} for name in _CHECKS}
    if rows[CUES] or rows[MARKS]:
        words = lexicon.make(_over(cues.rows(CUES), rows[CUES]), _over(cues.rows(MARKS), rows[MARKS]), version)
    else:
        words = replace(lexicon.packaged(), version=version)
    return Rules(words, _venues(rows[VENUES]), _names(rows[NAMES]))


def _over(own: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """The package's cues with an operator's: a cue of the same id takes the place, lists grow."""
    merged = dict(own)
    for subject, value in others.items():
        if subject == "void":
            merged[subject] = {
                **own.get(subject, {}),
                **{key: [*own.get(subject, {}).get(key, ()), *phrases] for key, phrases in value.items()},
            }
        elif subject == "certain":
            merged[subject] = [*own.get(subject, ()), *value]
        else:
            merged[subject] = {**own.get(subject, {}), **value}
    return merged


def _venues(rows: Mapping[str, Any]) -> Venues:
    others = rows.get("venue", [])
    if not others:
        return tickers.packaged()
    replaced = {row["mic"] for row in others}
    own = tables.load(VENUES)["venue"]
    return Venues([*(row for row in own if row["mic"] not in replaced), *others])


def _names(rows: Mapping[str, Any]) -> dict[str, str]:
    listed = [(identity.company_key(name), others) for name, others in rows.get("names", {}).items()]
    return {_key(other): key for key, others in listed if key for other in others}


def _key(name: str) -> str:
    return identity.company_key(name) or ""


# ── Checks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_cues(written: _Written) -> None:
    heads = {subtopic.partition(".")[0] for subtopic in labels.SUBTOPICS}
    _check_subjects(written, labels.SUBTOPICS, "subtopic", ("zones", "void"))
    _check_voids(written, {*heads, *labels.SUBTOPICS})
    _check_all_cues(written, CUES, least=0.0)


def _check_marks(written: _Written) -> None:
    kinds = [key for key in cues.rows(MARKS) if key not in _SETTINGS]
    _check_subjects(written, kinds, "kind of third party", _SETTINGS)
    _check_voids(written, set(kinds))
    _check_all_cues(written, MARKS, least=-math.inf)
    certain = _texts(written, written.rows.get("certain", []), "certain")
    known = cues.ids(cues.make(_over(cues.rows(MARKS), written.rows)))
    for cue in certain:
        if cue not in known:
            wish = f"no such cue is known, {toml.nearest(cue, known)}"
            raise written.wrong(wish, "certain", word=cue)


def _check_subjects(written: _Written, known: Iterable[str], what: str, settings: Iterable[str]) -> None:
    for subject, table in written.rows.items():
        if subject not in known and subject not in settings:
            raise written.wrong(f"no such {what} is known, {toml.nearest(subject, known)}", subject)
        if subject != "certain" and not isinstance(table, dict):
            raise written.wrong(f'write it as a section, ["{subject}"], with rows below it', subject)
    for zone, share in written.rows.get("zones", {}).items():
        if zone not in list(Zone):
            raise written.wrong(f"no such zone is known, {toml.nearest(zone, list(Zone))}", "zones", zone)
        if not _is_number(share, 0.0):
            raise written.wrong("give a zone a number from 0 on", "zones", zone)


def _check_voids(written: _Written, known: Iterable[str]) -> None:
    for subject, phrases in written.rows.get("void", {}).items():
        if subject not in known:
            raise written.wrong(f"no such subject is known, {toml.nearest(subject, known)}", "void", subject)
        _check_phrases(written, phrases, "void", subject)


def _check_all_cues(written: _Written, name: str, *, least: float) -> None:
    known = cues.weights(name)
    for subject, table in written.rows.items():
        for cue, row in table.items() if subject not in _SETTINGS else ():
            _check_cue(written, row, least, subject, cue)
            if not row[0] and f"{subject}/{cue}" not in known:
                near = toml.nearest(cue, [id.rpartition("/")[2] for id in known if id.startswith(f"{subject}/")])
                raise written.wrong(f"there is no such cue to be switched off, {near}", subject, cue)


def _check_cue(written: _Written, row: Any, least: float, *path: str) -> None:
    if not isinstance(row, list) or len(row) != 2:
        raise written.wrong('write a cue as a weight and phrases: [5, ["first gold", "gold pour"]]', *path)
    weight, phrases = row
    if not _is_number(weight, least):
        raise written.wrong("give a number as the weight" + (" from 0 on" if least == 0 else ""), *path)
    _check_phrases(written, phrases, *path)
    if weight and not phrases:
        raise written.wrong("give at least one phrase, or the weight 0, which switches a cue off", *path)


def _check_phrases(written: _Written, phrases: Any, *path: str) -> None:
    for phrase in _texts(written, phrases, *path):
        parts = phrase.split()
        bad = next((part for part in parts if not _PHRASE_PART.fullmatch(part)), None)
        if bad is not None or not parts:
            wish = "write words, word|word, word*, *word, [word], # or ..3 with one blank between them"
            raise written.wrong(wish, *path, word=phrase)
        if not _is_word(parts[0]) or parts[-1].startswith(".."):
            raise written.wrong("begin a phrase with a word and end it with one, not with a gap", *path, word=phrase)


def _is_word(part: str) -> bool:
    return not part.startswith(("..", "["))


def _check_venues(written: _Written) -> None:
    known = {key for row in tables.load(VENUES)["venue"] for key in row}
    rows = written.rows.get("venue", [])
    for key in written.rows:
        if key != "venue" or not isinstance(rows, list):
            raise written.wrong("write each venue as a section of its own, [[venue]]", key)
    for number, row in enumerate(rows):
        _check_venue(written, row, known, "venue", str(number))


def _check_venue(written: _Written, row: Mapping[str, Any], known: set[str], *path: str) -> None:
    for key in row:
        if key not in known:
            raise written.wrong(f"no such key is known, {toml.nearest(key, known)}", *path, key)
    for key, form, wish in _VENUE_TEXTS:
        if not (isinstance(row.get(key), str) and re.fullmatch(form, row[key])):
            raise written.wrong(f"give the venue {wish}", *path, key)
    for key in known - {"mic", "name", "code", "former"}:
        _texts(written, row.get(key, []), *path, key)
    if not row.get("texts"):
        raise written.wrong("give the venue its texts, a list of what releases call it", *path, "texts")
    formers = row.get("former", [])
    is_right = isinstance(formers, list) and all(
        isinstance(one, dict) and isinstance(one.get("name"), str) and _is_texts(one.get("texts")) for one in formers
    )
    if not is_right:
        raise written.wrong('write former names as [{ texts = ["OLD"], name = "Old Exchange" }]', *path, "former")


_VENUE_TEXTS = (
    ("mic", r"[A-Z0-9]{4}", "its mic, the four letters of ISO 10383"),
    ("name", r"\S.*", "its name as one line of text"),
    ("code", r"[A-Z0-9]{1,16}", "its code, capitals and figures only"),
)


def _check_names(written: _Written) -> None:
    table = written.rows.get("names", {})
    for key in written.rows:
        if key != "names" or not isinstance(table, dict):
            raise written.wrong('write names as rows of the section [names]: "Acme Corp." = ["Acme Mines"]', key)
    owners: dict[str, str] = {}
    for name, others in table.items():
        for other in (name, *_texts(written, others, "names", name)):
            if not _key(other):
                raise written.wrong("give a name with letters", "names", name, word=other)
            if owners.setdefault(_key(other), name) != name:
                wish = f"give {other!r} to one company, it stands with {owners[_key(other)]!r} too"
                raise written.wrong(wish, "names", name, word=other)


def _texts(written: _Written, value: Any, *path: str) -> list[str]:
    if not _is_texts(value):
        raise written.wrong("write a list of texts in quotation marks", *path)
    return list(value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_number(value: Any, least: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= least


_CHECKS: Mapping[str, Callable[[_Written], None]] = {
    CUES: _check_cues,
    MARKS: _check_marks,
    VENUES: _check_venues,
    NAMES: _check_names,
}
