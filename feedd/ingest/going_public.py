"""A release goes public, or what is public of it changes: what shows it becomes stale, and alerts are planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from feedd import digest, layout
from feedd.ingest.terms import Terms
from feedd.model import Cadence, Class
from feedd.store import Connection, deliveries, outputs, releases, subscribers
from feedd.store.releases import Known


def show(conn: Connection, id: int, classes: Collection[Class], terms: Terms, *, before: Known | None = None) -> Known:
    """Marks stale what shows a release that is out; *before* is what stood there, *classes* where it is listed.

    An original that is published no longer goes with the next pass.
    """
    known = releases.known(conn, id)
    paths = [path for each in filter(None, (before, known)) for path in _own(each, terms)]
    outputs.mark(conn, [outputs.Output(path, layout.RANK_RELEASE, id) for path in dict.fromkeys(paths)])
    if known.translation_of is None:
        outputs.mark_paths(conn, layout.lists_showing(terms.feeds, classes))
    outputs.mark_paths(conn, [layout.page(each.folder) for each in _relatives(conn, known)])
    return known


def tell(conn: Connection, known: Known, at: dt.datetime, terms: Terms) -> None:
    """Plans the letters of those who want to hear of *known* at once, as of its public time or its change at *at*."""
    if known.imported or known.translation_of is not None:
        return
    for subscription in subscribers.active(conn, [Cadence.AT_ONCE]):
        if digest.wants_alert(subscription, known.class_, known.stated, at, terms.alert_max_age):
            _plan_alert(conn, subscription.id, known, at, terms.alerts_per_hour)


def _own(known: Known, terms: Terms) -> list[str]:
    return layout.release_outputs(known.folder, known.format, terms.originals)


def _relatives(conn: Connection, known: Known) -> list[Known]:
    """Whose pages name this one: its translations, or what it translates."""
    of = known.translation_of
    return [*releases.translations(conn, known.id), *([releases.known(conn, of)] if of is not None else [])]


def _plan_alert(conn: Connection, subscription_id: int, known: Known, at: dt.datetime, per_hour: int) -> None:
    """An alert, or in a storm a place in the one letter that follows at the end of the hour."""
    deliveries.supersede(conn, subscription_id, known.id)
    about = [(known.id, known.version)]
    hour = dt.timedelta(hours=1)
    if deliveries.planned_since(conn, subscription_id, "alert", at - hour) < per_hour:
        key = f"alert:{known.guid}:{known.version}:{subscription_id}"
        deliveries.plan(conn, key, "alert", subscription_id, about, at=at)
        return
    ends = at.replace(minute=0, second=0, microsecond=0) + hour
    deliveries.plan(
        conn, f"rest:{subscription_id}:{ends.isoformat()}", "rest", subscription_id, about, at=at, next_at=ends
    )
