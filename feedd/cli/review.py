"""``feedd review``, ``decide``, ``reclassify``: a person rules what a release is, and what follows from it."""

from __future__ import annotations

import difflib
import logging
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feedd.cli.console import AsJson, count, err, out, print_json
from feedd.cli.log import log_to_stderr
from feedd.cli.works import opened, publish_unless_daemon
from feedd.errors import ConfigError
from feedd.model import Class, Decision

if TYPE_CHECKING:
    from feedd.decide import Decided
    from feedd.model import Reading
    from feedd.parts import Parts
    from feedd.reclassify import Filed, Move, Reclassified
    from feedd.store.decisions import Ruled
    from feedd.store.releases import Known

WORDS = 6  # of the strongest evidence, shown of a release

app = typer.Typer()


@app.command()
def review(
    context: typer.Context,
    decided: Annotated[bool, typer.Option("--decided", help="What was decided, with the notes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Releases that a person should look at, oldest first, and why."""
    with opened(context) as parts:
        if decided:
            _say_decisions(parts, as_json=as_json)
        else:
            _say_review(parts, as_json=as_json)


@app.command()
def decide(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="A release: the first 10 letters of its hash, or its slug.")] = "",
    ruling: Annotated[
        str, typer.Argument(metavar="CLASS|SUBTOPIC", help="What it is, such as corporate_milestone or corporate.ma.")
    ] = "",
    note: Annotated[str, typer.Option(help="Why, for yourselves: nothing public shows it.")] = "",
    forget: Annotated[bool, typer.Option("--forget", help="Take back what the decision taught.")] = False,
    unpin: Annotated[bool, typer.Option("--unpin", help="With --forget: take back the ruling itself too.")] = False,
    every: Annotated[bool, typer.Option("--all", help="With --forget: all decisions.")] = False,
    as_json: AsJson = False,
) -> None:
    """Rule what a release is. It stays so, is published anew, and later drops like it learn from it."""
    _check_usage(id, ruling, forget=forget, unpin=unpin, every=every)
    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        if forget:
            _forget(parts, None if every else id, unpin=unpin, as_json=as_json)
        else:
            _decide(parts, id, read_ruling(ruling), note, as_json=as_json)


@app.command()
def reclassify(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would move.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read all releases again with the rules and decisions of now. What a person decided stays."""
    log_to_stderr(logging.ERROR)
    with opened(context) as parts:
        done = list(_reclassified(parts, dry_run=dry_run))
        if not dry_run:
            publish_unless_daemon(parts, "feedd reclassify")
    if as_json:
        print_json({
            "dry_run": dry_run, "read": len(done), "changed": sum(one.changed for one in done),
            "moves": [_move_as_json(one.move) for one in done if one.move],
            "remarks": [one.remark for one in done if one.remark],
        })  # fmt: skip
    else:
        _say_reclassified(done, dry_run=dry_run)


# ── What is typed ───────────────────────────────────────────────────────────────────────────────────────────────


def read_ruling(text: str) -> Decision:
    """What a person typed as the class or subtopic. Raises `ConfigError` with what may be meant."""
    from feedd.classify.labels import SUBTOPICS, class_of

    if text in list(Class):
        return Decision(Class(text))
    if text in SUBTOPICS:
        return Decision(class_of(text), text)
    if text == "not-issuer":
        wish = "give a class: a third party's text is held, and stays so unless `feedd release` lets it out"
        raise ConfigError("CLASS|SUBTOPIC", text, wish)
    raise ConfigError("CLASS|SUBTOPIC", text, _near(text, [*(c.value for c in Class), *SUBTOPICS]))


def _near(text: str, known: list[str]) -> str:
    """The ids that look like *text*, or whose part behind the dot does."""
    last = {each.rpartition(".")[2]: each for each in known}
    near = [*difflib.get_close_matches(text, known), *(last[n] for n in difflib.get_close_matches(text, last))]
    either = " or ".join(dict.fromkeys(near)) or f"one of {', '.join(Class)}, or a subtopic such as corporate.ma"
    return f"no such class or subtopic is known, give {either}"


def _check_usage(id: str, ruling: str, *, forget: bool, unpin: bool, every: bool) -> None:
    if forget and ruling:
        raise ConfigError("CLASS|SUBTOPIC", ruling, "leave it out with --forget")
    if (unpin or every) and not forget:
        raise ConfigError("--unpin" if unpin else "--all", "given", "give --forget with it")
    if bool(id) == every:
        raise ConfigError("ID", id, "leave it out with --all" if every else "name a release as `feedd review` does")
    if not ruling and not forget:
        raise ConfigError("CLASS|SUBTOPIC", ruling, "give a class or subtopic, such as corporate.ma")


# ── Review ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _say_review(parts: Parts, *, as_json: bool) -> None:
    from feedd.store import releases

    with parts.store.read() as conn:
        found = releases.to_review(conn)
    if as_json:
        print_json([_review_as_json(known, reading) for known, reading in found])
    elif not found:
        out.print("Nothing waits for a look: every release is clear or decided.")
    else:
        out.print(f"{count(len(found), 'release')} to look at, oldest first:")
        for known, reading in found:
            _say_one(_review_head(known, reading), _review_lines(known, reading))
        out.print("\n`feedd decide ID CLASS|SUBTOPIC` rules; `feedd release ID` publishes a held one.")


def _say_one(head: str, lines: Iterator[str]) -> None:
    """One release of a list: a line of columns, and what there is to say of it below."""
    out.print(f"\n{head}", style="bold" if out.is_terminal else None, markup=False)
    width = out.width if out.is_terminal else 10_000  # in a pipe a line stays one
    for line in lines:
        out.print(textwrap.fill(line, width, initial_indent="  ", subsequent_indent="    "), markup=False)


def _review_head(known: Known, reading: Reading) -> str:
    filed = reading.classification
    sure = "decided" if filed.decided else f"{_percent(filed.confidence)} sure"
    held = "  held" if known.state == "held" else ""
    return f"{known.short_id}  {known.first_seen:%Y-%m-%d %H:%M}  {filed.subtopic}  {sure}{held}"


def _review_lines(known: Known, reading: Reading) -> Iterator[str]:
    issuer = reading.release.issuer
    yield f"{issuer.legal_name if issuer else 'company not recognised'}: {known.title}"
    yield from (f"! {sentence}" for sentence in dict.fromkeys((*reading.review_reasons, *known.held)))
    yield f"words: {', '.join(_words(reading)) or 'none speaks for a class'}"


def _words(reading: Reading) -> list[str]:
    return list(dict.fromkeys(" ".join(e.text.split()) for e in reading.classification.evidence))[:WORDS]


def _percent(chance: float) -> str:
    return f"{int(100 * chance + 1e-9)}%"


def _review_as_json(known: Known, reading: Reading) -> dict[str, Any]:
    filed, issuer = reading.classification, reading.release.issuer
    return {
        "id": known.short_id, "first_seen": known.first_seen.isoformat(),
        "issuer": issuer.legal_name if issuer else None, "title": known.title,
        "class": filed.class_.value, "subtopic": filed.subtopic, "confidence": filed.confidence,
        "decided": filed.decided, "reasons": list(reading.review_reasons), "state": known.state,
        "held": list(known.held), "words": _words(reading),
    }  # fmt: skip


def _say_decisions(parts: Parts, *, as_json: bool) -> None:
    from feedd.store import decisions

    with parts.store.read() as conn:
        found = decisions.every(conn)
    if as_json:
        print_json([_ruled_as_json(ruled) for ruled in found])
    elif not found:
        out.print("Nothing was decided yet; `feedd review` shows what waits.")
    else:
        out.print(f"{count(len(found), 'decision')}, oldest first:")
        for ruled in found:
            _say_one(_ruled_head(ruled), _ruled_lines(ruled))
        out.print("\n`feedd decide --forget ID` takes back what one taught.")


def _ruled_head(ruled: Ruled) -> str:
    state = "" if ruled.teaches else "  teaches no more"
    return f"{ruled.short_id}  {ruled.at:%Y-%m-%d %H:%M}  {ruled.subtopic}{state}"


def _ruled_lines(ruled: Ruled) -> Iterator[str]:
    yield ruled.title
    if ruled.note:
        yield f"note: {ruled.note}"


def _ruled_as_json(ruled: Ruled) -> dict[str, Any]:
    return {
        "id": ruled.short_id, "title": ruled.title, "class": ruled.class_.value, "subtopic": ruled.subtopic,
        "note": ruled.note, "at": ruled.at.isoformat(), "teaches": ruled.teaches,
    }  # fmt: skip


# ── Decide ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _decide(parts: Parts, id: str, ruling: Decision, note: str, *, as_json: bool) -> None:
    from feedd.decide import decide

    done = decide(parts.store, id, ruling, note, parts.terms, parts.now)
    publish_unless_daemon(parts, "feedd decide")
    if as_json:
        print_json({
            "id": done.known.short_id, "class": done.known.class_.value, "subtopic": done.known.subtopic,
            "before": {"class": done.before[0].value, "subtopic": done.before[1]}, "new": done.is_new,
            "state": done.known.state, "terms": done.terms,
        })  # fmt: skip
    else:
        for line in _decided_lines(parts, done):
            out.print(line, markup=False)


def _decided_lines(parts: Parts, done: Decided) -> Iterator[str]:
    known = done.known
    if not done.is_new:
        yield f"{known.short_id} is decided to be {known.subtopic} already."
        return
    was = "as before" if done.before[1] == known.subtopic else f"no longer {done.before[1]}"
    yield f"{known.short_id} is {known.subtopic} by decision, {was}."
    if done.terms:
        yield f"{count(done.terms, 'term')} learned: later drops that are unsure and say such words lean this way."
    else:
        yield "Nothing was to be learned: the rules were sure of it already, or no word of it teaches."
    yield _next_line(parts, done)


def _next_line(parts: Parts, done: Decided) -> str:
    known = done.known
    lets_out = f"`feedd release {known.short_id}` publishes it"
    if done.third_party:
        return f"It stays held, for a third party seems to have written it; if the company did, {lets_out}."
    if known.state == "held":
        return f"It stays held; {lets_out}."
    return f"Its page: {parts.press.site.url(known.folder)}"


def _forget(parts: Parts, id: str | None, *, unpin: bool, as_json: bool) -> None:
    from feedd.decide import forget

    done = forget(parts.store, id, parts.terms, parts.now, unpin=unpin)
    publish_unless_daemon(parts, "feedd decide")
    if as_json:
        print_json({"decisions": done.decisions, "terms": done.terms})
    elif not done.decisions:
        out.print("There was nothing to forget; `feedd review --decided` shows what was decided.")
    else:
        after = "the rules decide again" if unpin else "what was ruled stays"
        out.print(f"{count(done.decisions, 'decision')} forgotten, {count(done.terms, 'term')} unlearned; {after}.")
        out.print("`feedd reclassify --dry-run` shows what that moves.")


# ── Reclassify ──────────────────────────────────────────────────────────────────────────────────────────────────


def _reclassified(parts: Parts, *, dry_run: bool) -> Iterator[Reclassified]:
    """All releases, read again, with a bar on a terminal."""
    from rich.progress import Progress

    from feedd.reclassify import count as count_releases
    from feedd.reclassify import reclassify

    with Progress(console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task("Reading", total=count_releases(parts.store))
        for batch in reclassify(parts.store, parts.terms, dry_run=dry_run):
            yield from batch
            bar.advance(task, len(batch))


def _say_reclassified(done: list[Reclassified], *, dry_run: bool) -> None:
    moves = [one.move for one in done if one.move]
    changed = sum(one.changed for one in done)
    would = "would " if dry_run else ""
    out.print(f"{count(len(done), 'release')} read again: {len(moves)} {would}move{'' if dry_run else 'd'}, "
              f"{changed - len(moves)} {would}change{'' if dry_run else 'd'} otherwise.")  # fmt: skip
    for move in moves:
        out.print(f"{move.id}  {move.title}", markup=False)
        out.print(f"  {_filed(move.before)} → {_filed(move.after)}", markup=False)
    for one in done:
        if one.remark:
            out.print(f"! {one.remark}", markup=False)
    if dry_run and changed:
        out.print("`feedd reclassify` does it.")


def _filed(filed: Filed) -> str:
    return f"{filed.subtopic}, {_percent(filed.confidence)} sure"


def _move_as_json(move: Move) -> dict[str, Any]:
    places = {"before": move.before, "after": move.after}
    return {"id": move.id, "title": move.title} | {
        when: {"class": filed.class_.value, "subtopic": filed.subtopic, "confidence": filed.confidence}
        for when, filed in places.items()
    }
