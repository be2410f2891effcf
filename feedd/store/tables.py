"""The tables. What stands here is the newest shape; `migrations/` leads every older database to it.

Times are UTC. Texts that hold JSON say so. Nothing outside this room knows a table or writes SQL.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa


class UtcTime(sa.TypeDecorator[dt.datetime]):
    """An aware time, stored as UTC: a sortable text in SQLite, ``timestamptz`` in PostgreSQL."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; every time in the store has one")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


# fmt: off
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Text, Integer, Boolean = sa.Text, sa.Integer, sa.Boolean
Column, ForeignKey, Table = sa.Column, sa.ForeignKey, sa.Table

original = Table(
    "original", metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),            # bytes
    Column("data", sa.LargeBinary, nullable=False),
    comment="The bytes as dropped.",
)

release = Table(
    "release", metadata,
    Column("id", Integer, primary_key=True),
    Column("short_id", Text, nullable=False, index=True),
    Column("guid", Text, nullable=False, unique=True),
    Column("folder", Text, nullable=False, unique=True),   # releases/<yyyy>/<mm>/<slug>/
    Column("slug", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("issuer_key", Text),
    Column("stated", Text, nullable=False),                # ISO day
    Column("class", Text, nullable=False),
    Column("subtopic", Text, nullable=False),
    Column("format", Text, nullable=False),                # of the newest version
    Column("needs_review", Boolean, nullable=False),
    Column("state", Text, nullable=False),                 # held, embargoed, public, withdrawn, retired
    Column("held", Text, nullable=False),                  # why, sentences, one a line; "" when public
    Column("embargo_until", UtcTime),
    Column("first_seen", UtcTime, nullable=False),
    Column("public_at", UtcTime),
    Column("published", UtcTime),
    Column("updated", UtcTime),
    Column("version", Integer, nullable=False),            # number of the newest version
    Column("public_version", Integer),                     # the first that anybody saw
    Column("withdrawn_at", UtcTime),
    Column("notice", Text),                                # JSON: the reading of the text that withdrew it
    Column("language", Text),                              # BCP 47
    Column("stated_guid", Text, index=True),               # the sender's own name of it
    Column("stated_version", Text),
    Column("translation_of", Integer, index=True),         # the release that says the same in another language
    Column("version_of", Integer),                         # while it waits: the public release that it changes
    Column("listed", Boolean, nullable=False, server_default=sa.false()),     # stands in feeds, lists and digests
    Column("imported", Boolean, nullable=False, server_default=sa.false()),   # by a back-fill: in no letter
    sa.Index("ix_release_listed_published_guid", "listed", "published", "guid"),
    sa.Index("ix_release_listed_class_published_guid", "listed", "class", "published", "guid"),
    sa.Index("ix_release_state_public_at", "state", "public_at"),
    sa.Index("ix_release_state_embargo_until", "state", "embargo_until"),
    sa.Index("ix_release_issuer_key_stated", "issuer_key", "stated"),
    comment="One row a release; what lists and selections ask for.",
)

version = Table(
    "version", metadata,
    Column("id", Integer, primary_key=True),
    Column("release_id", ForeignKey(release.c.id), nullable=False),
    Column("number", Integer, nullable=False),             # from 1
    Column("sha256", ForeignKey(original.c.sha256), nullable=False, index=True),
    Column("path", Text, nullable=False),                  # below the inbox, when taken
    Column("mtime", UtcTime, nullable=False),
    Column("content_key", Text, nullable=False, index=True),
    Column("rules_version", Text, nullable=False),
    Column("lesson", Text, nullable=False, server_default=""),   # version of what decisions taught by then
    Column("reading", Text, nullable=False),               # JSON
    Column("committed_at", UtcTime, nullable=False),
    sa.UniqueConstraint("release_id", "number"),
    comment="What was understood of a release, each time it changed.",
)

decision = Table(
    "decision", metadata,
    Column("id", Integer, primary_key=True),
    Column("release_id", ForeignKey(release.c.id), nullable=False, index=True),
    Column("version", Integer, nullable=False),            # number of the version that was looked at
    Column("class", Text, nullable=False),
    Column("subtopic", Text, nullable=False),
    Column("note", Text, nullable=False),                  # internal
    Column("pins", Boolean, nullable=False),               # holds the release's class until it is taken back
    Column("teaches", Boolean, nullable=False),            # until it is forgotten
    Column("at", UtcTime, nullable=False),
    comment="What a person ruled about a release; of several the newest counts.",
)

lesson = Table(
    "lesson", metadata,
    Column("version", Text, primary_key=True),             # hash of the weights
    Column("weights", Text, nullable=False),               # JSON
    Column("in_force", Boolean, nullable=False),           # one at most
    comment="What decisions taught.",
)

drop = Table(
    "drop", metadata,
    Column("id", Integer, primary_key=True),
    Column("path", Text, nullable=False),                  # below the inbox
    Column("sha256", ForeignKey(original.c.sha256), nullable=False),
    Column("signature", Text, nullable=False),             # of the file when it was last seen
    Column("current", Boolean, nullable=False),            # the newest drop of this path
    Column("mtime", UtcTime, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("state", Text, nullable=False),                 # taken, release, duplicate, held, carrier, quarantined …
    Column("code", Text), Column("reason", Text), Column("wish", Text),   # of the quarantine
    Column("judged_by", Text),                             # the feedd version that set it aside
    Column("imported", Boolean, nullable=False, server_default=sa.false()),   # by a back-fill: no letters, true dates
    Column("release_id", ForeignKey(release.c.id)),
    sa.UniqueConstraint("path", "sha256"),
    sa.Index("ix_drop_current_path", "current", "path"),
    sa.Index("ix_drop_state", "state"),
    comment="One file that appeared in the watched folder: path and hash.",
)

output = Table(
    "output", metadata,
    Column("path", Text, primary_key=True),                # below out/
    Column("rank", Integer, nullable=False),               # order of going public
    Column("release_id", ForeignKey(release.c.id), index=True),
    Column("wanted", Integer, nullable=False),             # stale while wanted > written
    Column("written", Integer, nullable=False),
    Column("written_at", UtcTime),
    comment="Every file of out/ and whether it shows the newest data.",
)
sa.Index("ix_output_stale", output.c.rank, output.c.path,
         sqlite_where=output.c.wanted > output.c.written, postgresql_where=output.c.wanted > output.c.written)

subscriber = Table(
    "subscriber", metadata,
    Column("id", Integer, primary_key=True),
    Column("address", Text, nullable=False),               # as given
    Column("address_key", Text, nullable=False, unique=True),
    Column("time_zone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

subscription = Table(
    "subscription", metadata,
    Column("id", Integer, primary_key=True),
    Column("token_id", Text, nullable=False, unique=True),
    Column("subscriber_id", ForeignKey(subscriber.c.id), nullable=False),
    Column("classes", Text, nullable=False),               # ids split by blanks; "" = all
    Column("cadence", Text, nullable=False),
    Column("digest_hour", Text, nullable=False),           # HH:MM, the subscriber's clock
    Column("state", Text, nullable=False, index=True),     # active, ended
    Column("any_age", Boolean, nullable=False),
    Column("window_start", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    sa.UniqueConstraint("subscriber_id", "classes", "cadence"),
)

window = Table(
    "window", metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", ForeignKey(subscription.c.id), nullable=False),
    Column("start", UtcTime, nullable=False),
    Column("end", UtcTime, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    sa.UniqueConstraint("subscription_id", "start"),
)

delivery = Table(
    "delivery", metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),                  # digest, alert, rest
    Column("subscription_id", ForeignKey(subscription.c.id), nullable=False),
    Column("window_id", ForeignKey(window.c.id)),
    Column("state", Text, nullable=False),                 # waiting, ready, claimed, data, sent …
    Column("created_at", UtcTime, nullable=False),
    Column("next_at", UtcTime, nullable=False),            # not to be tried before
    Column("owner", Text), Column("lease_until", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("message_id", Text), Column("sender", Text), Column("recipient", Text), Column("subject", Text),
    Column("raw", sa.LargeBinary),                         # the letter, made at the first attempt
    Column("reply", Text),                                 # the receiver's last words
    Column("sent_at", UtcTime),
    sa.Index("ix_delivery_state_next_at", "state", "next_at"),
    sa.Index("ix_delivery_subscription_id_created_at", "subscription_id", "created_at"),
)

delivery_release = Table(
    "delivery_release", metadata,
    Column("delivery_id", ForeignKey(delivery.c.id), primary_key=True),
    Column("release_id", ForeignKey(release.c.id), primary_key=True),
    Column("version", Integer, nullable=False),
    sa.Index("ix_delivery_release_release_id", "release_id"),
    comment="What a letter is about.",
)

ledger = Table(
    "ledger", metadata,
    Column("key", Text, primary_key=True),
    Column("what", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
    comment="What was done to which thing under which unique key.",
)

trouble = Table(
    "trouble", metadata,
    Column("name", Text, primary_key=True),
    Column("sentence", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    comment="What is wrong outside at this moment; a row goes when it is over.",
)
