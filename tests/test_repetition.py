"""A megabyte of anything, over and over, is understood in moments: no form looks back over all that stood before.

Nothing is timed here. What grows with the square of a text takes minutes for one of these, and then the limit ends it.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest

from feedd.errors import DropError
from feedd.understand import understand

MTIME = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MEGABYTE = 1_000_000
MOST_LINES = 29_000  # a text with more is refused unread

PLACES = {
    "news": "Tern to Hold Call on Third Quarter Results\n\nHALIFAX, January 5, 2026 - {}",
    "contacts": "Tern Reports Results\n\nHALIFAX, January 5, 2026 - Tern Corp. speaks today.\n\nContact:\n\n{}",
}
UNITS = (
    *(
        "a",
        "A ",
        "a.",
        "é",
        "1",
        "1,",
        "555 ",
        "$1 ",
        '"',
        "“a",
        "(",
        "- ",
        ".",
        "a@",
        "a.b@",
        "+1 ",
        "http://",
        "\u200b",
    ),
    *("CEO ", "Mr. Ray said. ", "Ann Ray, President, ", "Fax: 416-555-0100 ", "effective May 5 ", "call at 10:00 ET "),
    *(
        "HALIFAX, January 5, 2026 - ",
        "third quarter of ",
        "(TSX: TRN) ",
        "code 12345 ",
        '",\n',
        "1\t2\t3\n",
        "[](",
        "A\n\n",
    ),
)


@pytest.mark.timeout(40)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_of_one_thing_is_understood(unit: str, place: str) -> None:
    times = min(MEGABYTE // len(unit.encode()), MOST_LINES // (unit.count("\n") or 1))
    with suppress(DropError):
        understand(PLACES[place].replace("{}", unit * times).encode(), path="drop.txt", mtime=MTIME)
