"""``feedd status``, ``config``: how things stand, and what is configured."""

from __future__ import annotations

import typer

from feedd.cli.console import MOST_LINES, AsJson, by_code, count, out, plain, print_json, table
from feedd.cli.works import config, opened
from feedd.model import Class

app = typer.Typer()
config_app = typer.Typer(no_args_is_help=True, help="What is configured.")
app.add_typer(config_app, name="config")


@app.command()
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """How things stand: what is published, what waits, what is wrong."""
    from feedd.status import status as ask

    with opened(context) as parts:
        folders = [parts.press.out] if parts.press.out.exists() else []  # none is there before the first pass
        if parts.lock:
            folders.append(parts.lock.path.parent)
        now = ask(parts.store, parts.lock.holder() if parts.lock else None, folders)
    if as_json:
        print_json(plain(now))
        return
    public = sum(now.releases[c.value] for c in Class)
    out.print(f"{count(public, 'release')} public, {len(now.embargoed)} embargoed, {len(now.held)} held, "
              f"{len(now.quarantined)} in quarantine; "
              + (f"{now.daemon} is running." if now.daemon else "no daemon is running."), markup=False)  # fmt: skip
    for class_ in Class:
        out.print(f"  {now.releases[class_.value]:>6}  {class_.value}")
    if now.releases["needs_review"]:
        unsure = count(now.releases["needs_review"], "public release")
        out.print(f"{unsure} not sure of the class; `feedd review` shows what to look at.")
    unsent = sum(now.letters.get(state, 0) for state in ("waiting", "ready", "claimed", "data"))
    out.print(f"{count(now.letters.get('sent', 0), 'letter')} sent, {unsent} to be sent, "
              f"{now.letters.get('failed', 0)} failed; {count(now.stale_outputs, 'output')} stale.")  # fmt: skip
    for known in now.embargoed:
        out.print(f"embargoed until {known.embargo_until:%Y-%m-%d %H:%M:%S} UTC: {known.short_id} {known.title}",
                  markup=False)  # fmt: skip
    for known in now.held:
        out.print(f"held: {known.short_id} {known.title}: {' '.join(known.held)}", markup=False)
    if len(now.quarantined) > MOST_LINES:
        out.print(by_code(now.quarantined))
    else:
        for drop in now.quarantined:
            out.print(f"quarantine: {drop.path}: {drop.reason}", markup=False)
    for _name, sentence, since in now.troubles:
        when = f"since {since:%Y-%m-%d %H:%M} UTC" if since else "now"
        out.print(f"trouble {when}: {sentence}", style="red" if out.is_terminal else None,
                  markup=False)  # fmt: skip
    if now.held or now.embargoed:
        out.print("`feedd release ID` publishes a held release.")


@config_app.command("show")
def config_show(context: typer.Context, as_json: AsJson = False) -> None:
    """Every setting, and where its value comes from. Passwords are not shown."""
    shown = config(context).shown()
    if as_json:
        print_json(shown)
    else:
        out.print(
            table(("key", "value", "from"), [(key, str(row["value"]), row["from"]) for key, row in shown.items()])
        )


@config_app.command("check")
def config_check(context: typer.Context) -> None:
    """Whether the configuration is right; exit code 2 and one sentence when it is not."""
    from feedd import rules

    checked = config(context)
    rules.load(checked.classify.rules)
    out.print(f"The configuration is right ({checked.file or 'no file: defaults'}).", markup=False)
