"""Why a release was filed as it was: the deciding words, marked in their sentences."""

from __future__ import annotations

from dataclasses import replace

from newsroom import a_rich_entry, changed, filed

from factories import an_entry
from feedd.model import BlockKind, Entry, Evidence, Paragraph, Span, Zone
from feedd.render.reasons import MOST, reasons

TEXT = "Tin output rose. Zinc fell at 11:00 a.m. Eastern, Harrow Corp. Mines said. Tin output should rise again."


def an_entry_with(*words: tuple[str, int, float], text: str = TEXT, shown: str | None = None) -> Entry:
    """One paragraph *text*; evidence: words, from where to look for them, weight."""
    paragraph = Paragraph(Zone.BODY, BlockKind.PARAGRAPH, shown or text, (Span(100, 100 + len(text)),))
    evidence = []
    for piece, after, weight in words:
        start = 100 + text.index(piece, after)
        evidence.append(Evidence(Zone.BODY, piece, start, start + len(piece), weight, "rule"))
    return filed(changed(an_entry(), paragraphs=(paragraph,)), evidence=tuple(evidence))


def test_the_words_are_marked_in_their_sentence_alone() -> None:
    (reason,) = reasons(an_entry_with(("output rose", 0, 2.0)))
    assert reason.sentence.strip() == "Tin <mark>output rose</mark>."
    assert reason.place == "text"


def test_an_abbreviation_ends_no_sentence() -> None:
    (reason,) = reasons(an_entry_with(("Zinc fell", 0, 2.0)))
    assert reason.sentence.strip() == "<mark>Zinc fell</mark> at 11:00 a.m. Eastern, Harrow Corp. Mines said."


def test_of_equal_words_those_at_their_place_are_meant() -> None:
    (reason,) = reasons(an_entry_with(("Tin output", 20, 2.0)))
    assert "should rise again" in reason.sentence


def test_words_of_one_sentence_share_it_the_strongest_first() -> None:
    (reason,) = reasons(an_entry_with(("should", 0, 1.0), ("rise again", 0, 4.0)))
    assert [(cue.words, cue.percent) for cue in reason.cues] == [("rise again", 100), ("should", 25)]
    assert reason.sentence.count("<mark>") == 2


def test_sentences_stand_in_the_order_of_the_text() -> None:
    found = reasons(an_entry_with(("rise again", 0, 9.0), ("Zinc", 0, 1.0), ("rose", 0, 2.0)))
    assert [reason.cues[0].words for reason in found] == ["rose", "Zinc", "rise again"]


def test_words_over_a_line_end_are_found_where_lines_were_joined() -> None:
    (reason,) = reasons(an_entry_with(("output\nrose", 0, 1.0), text="Tin output\nrose.", shown="Tin output rose."))
    assert reason.sentence == "Tin <mark>output rose</mark>."


def test_a_very_long_sentence_keeps_what_is_near() -> None:
    text = "zinc " * 200 + "output rose" + " lead" * 200
    (reason,) = reasons(an_entry_with(("output rose", 0, 1.0), text=text))
    assert reason.sentence.startswith("… zinc") and reason.sentence.endswith("lead …")
    assert len(reason.sentence) < 400


def test_markup_in_the_words_stays_text() -> None:
    (reason,) = reasons(an_entry_with(("<b>", 0, 1.0), text="Tin <b> & more"))
    assert reason.sentence == "Tin <mark>&lt;b&gt;</mark> &amp; more"


def test_only_the_strongest_are_shown_and_what_speaks_against_never() -> None:
    text = " ".join(f"word{n:02}" for n in range(20))
    found = reasons(an_entry_with(*((f"word{n:02}", 0, 10.0 - n) for n in range(20)), text=text))
    assert sum(len(reason.cues) for reason in found) == MOST
    assert reasons(an_entry_with(("rose", 0, -2.0))) == ()


def test_the_headline_is_named_as_the_place() -> None:
    assert [reason.place for reason in reasons(a_rich_entry())] == ["headline", "first paragraph"]


def test_evidence_that_lies_nowhere_is_left_out() -> None:
    entry = an_entry_with(("rose", 0, 1.0))
    assert reasons(changed(entry, paragraphs=())) == ()
    far = replace(entry.classification.evidence[0], start=9000, end=9004)
    assert reasons(filed(entry, evidence=(far,))) == ()
