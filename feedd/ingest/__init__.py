"""A drop becomes a release, step by step, each one transaction; what is true stands in the store and nowhere else.

    settled drop ─► take_in ─► bytes kept, the file may vanish ─► judge ─► release, version, duplicate, held …
                                                                    └─► not understood ─► quarantine
    embargo's instant ─► open_due ─┐
    a person ─► let_out, withdraw ─┴─► stale marks, alerts

A crash between two steps repeats the later one with the same result; `publish` and `deliver` work off what stands.
"""

from feedd.ingest.again import amend, read_again, rules_of
from feedd.ingest.judging import MOST_AT_ONCE, Job, Outcome, Read, Understood, judge
from feedd.ingest.opening import let_out, open_due, sources_gone, take_back
from feedd.ingest.taking import handfuls, retry_faults, take_in
from feedd.ingest.terms import Now, Terms

__all__ = [
    "MOST_AT_ONCE",
    "Job",
    "Now",
    "Outcome",
    "Read",
    "Terms",
    "Understood",
    "amend",
    "handfuls",
    "judge",
    "let_out",
    "open_due",
    "read_again",
    "retry_faults",
    "rules_of",
    "sources_gone",
    "take_back",
    "take_in",
]
