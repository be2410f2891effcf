"""The taxonomy's data file."""

from __future__ import annotations

import pytest

from feedd.classify import labels
from feedd.model import Class


def test_there_are_28_subtopics_in_three_classes() -> None:
    assert len(labels.SUBTOPICS) == 28
    assert {labels.class_of(subtopic) for subtopic in labels.SUBTOPICS} == set(Class)


@pytest.mark.parametrize("subtopic", labels.SUBTOPICS)
def test_every_subtopic_has_a_label_and_whole_media_topics(subtopic: str) -> None:
    codes = labels.codes(subtopic)

    assert labels.subtopic_label(subtopic)
    assert tuple(codes) == labels.CODES
    assert codes["iptc_mediatopic"]
    assert all(len(code) == 8 and code.startswith("2000") for code in codes["iptc_mediatopic"])


def test_a_row_of_codes_is_whole() -> None:
    assert labels.codes("earnings.date-notice") == {
        "iptc_mediatopic": ["20000178", "20001365"],
        "iptc_subject_legacy": ["04016038"],
        "gnw_subject": ["89", "8"],
        "prn_subject": ["CCA"],
        "rns_category": ["NOR"],
        "reuters_event": ["E:58"],
        "np_51_201": ["6.6(1)(b)"],
        "tsx_timely_disclosure": [],
        "sec_8k_item_analogue": ["7.01"],
    }


def test_readers_see_words() -> None:
    words = labels.labels()

    assert words.classes[Class.EARNINGS_NOTICE] == "Earnings notice"
    assert words.subtopics["earnings.date-notice"] == "Results date"
    assert words.iptc["corporate.ma"] == ("20000204", "20000200")


def test_codes_are_a_copy_that_nobody_can_spoil() -> None:
    labels.codes("corporate.ma")["prn_subject"].clear()

    assert labels.codes("corporate.ma")["prn_subject"] == ["TNM", "JVN"]
