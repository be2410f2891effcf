"""What readers call classes and subtopics, and their codes elsewhere: the taxonomy's data file as values."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from feedd.model import Class, Labels

FILE = Path(__file__).parent / "taxonomy.toml"

CODES = (
    "iptc_mediatopic",
    "iptc_subject_legacy",
    "gnw_subject",
    "prn_subject",
    "rns_category",
    "reuters_event",
    "np_51_201",
    "tsx_timely_disclosure",
    "sec_8k_item_analogue",
)
"""The keys of `codes`, in the order of ``feedd explain --json``."""

_CLASSES = {
    "earnings": Class.EARNINGS_NOTICE,
    "operations": Class.OPERATIONAL_UPDATE,
    "corporate": Class.CORPORATE_MILESTONE,
}


@cache
def _rows() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def subtopics() -> tuple[str, ...]:
    """All 28 ids, in the order of the data file."""
    return tuple(key for key in _rows() if key != "class")


def class_of(subtopic: str) -> Class:
    """The class that *subtopic* belongs to: the word before its dot says it."""
    return _CLASSES[subtopic.partition(".")[0]]


def class_label(class_: Class) -> str:
    """What readers call a class: ``Earnings notice``."""
    return str(_rows()["class"][class_])


def subtopic_label(subtopic: str) -> str:
    """What readers call a subtopic: ``Results date``."""
    return str(_rows()[subtopic]["label"])


def codes(subtopic: str) -> dict[str, list[str]]:
    """The codes of *subtopic* in other vocabularies, every key of `CODES`."""
    return {key: list(_rows()[subtopic][key]) for key in CODES}


def labels() -> Labels:
    """The whole taxonomy as feeds and letters need it."""
    ids = subtopics()
    return Labels(
        classes={class_: class_label(class_) for class_ in Class},
        subtopics={id_: subtopic_label(id_) for id_ in ids},
        iptc={id_: tuple(_rows()[id_]["iptc_mediatopic"]) for id_ in ids},
    )


SUBTOPICS = subtopics()
