"""``python -m tests.eval FOLDER…``: how right feedd is on labelled folders, and what it got wrong.

Where a folder is one that was trained with, the figures of classes come twice: as the package answers, and held out, by
weights that were learned from other issuers' texts only (needs scikit-learn).
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from feedd.classify import learned
from feedd.model import Class
from feedd.understand import understand
from tests.eval import events, fields
from tests.eval.measures import Answer, of_classes, of_filing, reliability
from tests.train.corpus import Sample, mark, samples

MISSES = Path("misses.txt")
LEAST_OTHERS = 25  # texts of third parties that weights can be learned from, in each of five folds


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds labels.jsonl and files/")
    parser.add_argument("--misses", type=Path, default=MISSES, metavar="FILE", help=f"written for reading ({MISSES})")
    options = parser.parse_args(words)
    some = samples(options.folders)
    answers = [Answer.of(sample, learned.load()) for sample in some]
    parts = [section("As the package answers", answers)]
    if _is_trained_with(options.folders) and sum(sample.class_ is None for sample in some) < LEAST_OTHERS:
        parts.append(["Held out: too few texts of third parties here to learn from; give all folders trained with."])
    elif _is_trained_with(options.folders):
        from tests.train.__main__ import held_out  # needs scikit-learn, so only here

        answers = list(held_out(some))
        parts.append(section("Held out: by weights learned from other issuers' texts", answers))
    found_fields, found_events = list(fields.of(some)), events.of(options.folders)
    parts += [fields.table(found_fields), events.table(found_events), [f"{_speed(some):.0f} releases a second"]]
    print("\n\n".join("\n".join(part) for part in parts if part))
    options.misses.write_text(
        "\n".join(chain(misses(answers), fields.misses(found_fields), events.misses(found_events))), "utf-8"
    )
    print(f"\nWhat was missed stands in {options.misses}.")


def section(title: str, answers: Sequence[Answer]) -> list[str]:
    """The figures of classes as lines."""
    classes, filing = of_classes(answers), of_filing(answers)
    return [
        f"{title} ({len(answers)} texts)",
        f"  class accuracy     {classes.accuracy:.4f}   macro-F1 {classes.macro_f1:.4f}   "
        f"subtopic {classes.subtopic_accuracy:.4f}",
        f"  filed unreviewed   {filing.filed:.4f}   right of filed {filing.right:.4f}",
        f"  third party held   {filing.third_party_held:.4f}   filed {filing.third_party_filed:.4f}"
        f"   issuers held {filing.issuers_held:.4f}",
        "",
        *_confusion(answers),
        "",
        "  confidence    texts   given   right",
        *(
            f"  {bin_.low:.1f} – {bin_.low + 0.1:.1f} {bin_.number:9} {bin_.given:7.3f} {bin_.right:7.3f}"
            for bin_ in reliability(answers)
        ),
    ]


def _confusion(answers: Iterable[Answer]) -> Iterator[str]:
    pairs = of_classes(answers).pairs
    yield "  label, then answers".ljust(24) + "".join(f"{class_.value:>21}" for class_ in Class)
    for label in Class:
        yield f"  {label.value:22}" + "".join(f"{pairs[label.value, class_.value]:21}" for class_ in Class)


def misses(answers: Iterable[Answer]) -> Iterator[str]:
    """What was answered wrongly, the surest first, with the words that decided."""
    wrong = [answer for answer in answers if _is_missed(answer)]
    for answer in sorted(wrong, key=lambda answer: -answer.found.confidence):
        sample, found = answer.sample, answer.found
        yield f"{sample.path.name}: {sample.row['subtopic']}, answered {found.subtopic} ({found.confidence})"
        yield f"    held: {answer.is_held}, filed: {answer.is_filed}, headline: {sample.release.title}"
        yield from (f"    {item.weight:6.2f}  {item.rule}: {item.text!r}" for item in found.evidence[:5])


def _is_missed(answer: Answer) -> bool:
    if answer.sample.class_ is None:
        return not answer.is_held
    return answer.is_held or not answer.is_right


def _is_trained_with(folders: Sequence[Path]) -> bool:
    return {mark(folder) for folder in folders} <= learned.trained_with()


def _speed(some: Sequence[Sample]) -> float:
    """Releases a second, from bytes to reading, on one core."""
    data = [(sample.path.name, sample.path.read_bytes()) for sample in some[:200]]
    now = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    began_s = time.perf_counter()
    for name, content in data:
        understand(content, path=name, mtime=now)
    return len(data) / (time.perf_counter() - began_s)


if __name__ == "__main__":
    main()
