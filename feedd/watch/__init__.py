"""The watched folder: tells which drops are complete and takes their bytes. The only importer of watchdog.

    events ─► hints ─┐
                     ├─► candidates ─► unchanged and closed for a while ─► open, hash, same as before? ─► Taken
    rescan ──────────┘

Events are only hints: they get lost when the kernel's queue overflows, when a folder is swapped, on network disks.
The rescan is the truth: whatever differs from what the ledger knows is a candidate. So losing a hint, or a crash
anywhere, costs time and never a drop. The folder itself is never changed, unless the operator asks for it: to put
recorded files away, or to have the canary touched. Nothing here asks a clock: `now_s` is the caller's monotonic one,
because wall clocks jump and files bring their times along.
"""

from __future__ import annotations

from feedd.watch.folder import Mode, Watch
from feedd.watch.inbox import Inbox, Waiting
from feedd.watch.names import SYSTEM_NAMES, TEMPORARY_ENDINGS, TEMPORARY_STARTS
from feedd.watch.taking import LARGEST_DROP, Drop, Taken

__all__ = [
    "LARGEST_DROP",
    "SYSTEM_NAMES",
    "TEMPORARY_ENDINGS",
    "TEMPORARY_STARTS",
    "Drop",
    "Inbox",
    "Mode",
    "Taken",
    "Waiting",
    "Watch",
]
