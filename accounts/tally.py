"""Counts of what happened at the doors, for the log: per process, and gone with it."""

import logging
from collections import Counter

log = logging.getLogger(__name__)

counts: Counter[str] = Counter()


def count(what: str, many: int = 1, *, quiet: bool = False) -> None:
    """Count an event and say so in the log. `what` is one of our own sentences, never mail.

    `quiet` counts without a line, for what happens all day long.
    """
    counts[what] += many
    if not quiet:
        log.warning("%s (%d so far)", what, counts[what])
