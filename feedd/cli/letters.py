"""``feedd digest``, ``subscribers``: letters before their hour, and who gets them."""

from __future__ import annotations

import email
import email.policy
import logging
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feedd.cli.console import AsJson, count, out, print_json, table
from feedd.cli.log import log_to_stderr
from feedd.cli.works import fail_on_troubles, holding, opened
from feedd.errors import FeeddError
from feedd.model import Cadence, Class

if TYPE_CHECKING:
    from feedd.parts import Parts

Only = Annotated[str, typer.Option("--to", help="Only the digests of this address.")]

app = typer.Typer()
digest_app = typer.Typer(no_args_is_help=True, help="See or send a digest before its hour.")
subscribers_app = typer.Typer(no_args_is_help=True, help="Who gets letters.")
app.add_typer(digest_app, name="digest")
app.add_typer(subscribers_app, name="subscribers")


@digest_app.command("preview")
def digest_preview(context: typer.Context, to: Only = "", as_json: AsJson = False) -> None:
    """The open windows' letters, as if they closed now. Sends and records nothing."""
    from feedd.notify import preview

    with opened(context) as parts:
        letters = preview(
            parts.store, _token_ids(parts, to), parts.now(), parts.config.notify.digest_max_age, parts.desk
        )
    if as_json:
        print_json([{"to": each.recipient, "subject": each.subject} for each in letters])
        return
    if not letters:
        out.print("Nothing to say yet: no release since the last digest.")
    for each in letters:
        message = email.message_from_bytes(each.raw, policy=email.policy.default)
        part = message.get_body(("plain",))
        out.print(f"To: {each.recipient}\nSubject: {each.subject}\n", markup=False)
        out.print("\n".join(part.get_content().splitlines()) if part else "", markup=False)


@digest_app.command("send")
def digest_send(context: typer.Context, to: Only = "") -> None:
    """Close the open windows now and send their letters."""
    from feedd.daemon import deliver_due, publish_all
    from feedd.notify import close_now

    log_to_stderr(logging.ERROR)
    with opened(context) as parts, holding(parts, "feedd digest send"):
        done = publish_all(parts)  # a letter waits for the pages it links to
        close_now(parts.store, _token_ids(parts, to), parts.now, parts.config.notify.digest_max_age)
        delivered = list(deliver_due(parts))
    sent = sum(each.became == "sent" for each in delivered)
    out.print(f"{count(sent, 'letter')} sent." if delivered else "Nothing to say: no release since the last digest.")
    for each in delivered:
        if each.became != "sent":
            out.print(f"{each.became}: {each.sentence}", markup=False)
    fail_on_troubles(done)


@subscribers_app.command("add")
def subscribers_add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="A mail address.")],
    cadence: Annotated[Cadence, typer.Option(help="How often.")] = Cadence.DAILY,
    classes: Annotated[list[Class] | None, typer.Option("--class", help="Only these classes; may be repeated.")] = None,
    time_zone: Annotated[
        str, typer.Option(help="Their zone, such as America/Toronto (else theirs or the site's).")
    ] = "",
    hour: Annotated[str, typer.Option(help="Their hour for digests, such as 06:30 (else notify.digest_hour).")] = "",
) -> None:
    """Add a subscriber, or another subscription of one."""
    from feedd.config import check_address, check_hour, check_time_zone
    from feedd.store import subscribers
    from feedd.store.subscribers import Wish
    from feedd.subscribe import selection_in_words, subscribe

    with opened(context) as parts:
        config, address = parts.config, check_address("ADDRESS", address)
        with parts.store.read() as conn:
            usual_zone = subscribers.zone_of(conn, address) or config.site.time_zone
        wish = Wish(
            address=address,
            classes=tuple(classes or ()),
            cadence=cadence,
            time_zone=check_time_zone("--time-zone", time_zone) if time_zone else usual_zone,
            digest_hour=check_hour("--hour", hour) if hour else config.notify.digest_hour,
            language=config.site.language,
        )
        what = selection_in_words(wish.cadence, wish.classes, parts.press.labels)
        if subscribe(parts.store, wish, parts.now):
            out.print(f"{wish.address} gets {what} from now on.", markup=False)
        else:
            out.print(f"{wish.address} gets {what} already.", markup=False)


@subscribers_app.command("list")
def subscribers_list(context: typer.Context, as_json: AsJson = False) -> None:
    """Every subscription, ended ones too."""
    from feedd.store import subscribers

    with opened(context) as parts, parts.store.read() as conn:
        found = subscribers.everybody(conn)
    rows: list[dict[str, Any]] = [
        {"address": s.address, "cadence": s.cadence.value, "classes": [c.value for c in s.classes],
         "time_zone": s.time_zone, "digest_hour": f"{s.digest_hour:%H:%M}", "state": state,
         "since": since.isoformat()}
        for s, state, since in found
    ]  # fmt: skip
    if as_json:
        print_json(rows)
    elif not rows:
        out.print("Nobody is subscribed; `feedd subscribers add ADDRESS` adds someone.")
    else:
        out.print(table(
            ("address", "cadence", "classes", "at", "state"),
            [(r["address"], r["cadence"], ", ".join(r["classes"]) or "all",
              f"{r['digest_hour']} {r['time_zone']}" if r["cadence"] != "at-once" else "", r["state"])
             for r in rows],
        ))  # fmt: skip


def _token_ids(parts: Parts, address: str) -> list[str]:
    from feedd.store import subscribers

    if not address:
        return []
    with parts.store.read() as conn:
        key = subscribers.address_key(address)
        found = [s.token_id for s in subscribers.active(conn) if subscribers.address_key(s.address) == key]
    if not found:
        raise FeeddError(f"{address} has no subscription; see `feedd subscribers list`.")
    return found
