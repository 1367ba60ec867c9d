"""How much may still be spent in a sliding window of time. Pure: numbers in, numbers out.

A provider allows so many units in *any* stretch of time. A bucket that refills steadily would give
twice that in its first stretch, so what was spent is kept by slices, and a slice counts until the
whole window lies behind its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SLICES = 60


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` units within any `seconds`."""

    seconds: float
    limit: float

    def slice_of(self, now: float) -> int:
        return int(now // (self.seconds / SLICES))


Spent = Mapping[str, float]


def still_counts(window: Window, spent: Spent, now: float) -> dict[str, float]:
    """The slices that lie within the window."""
    first = window.slice_of(now) - SLICES
    return {name: units for name, units in spent.items() if int(name) >= first}


def seconds_until(window: Window, spent: Spent, now: float, units: float) -> float:
    """How long to wait until these units may be spent; 0 where they may be now.

    More than the whole allowance is let through once nothing else counts: it cannot be split here.
    """
    total, pause = sum(spent.values()), 0.0
    for name in sorted(spent, key=int):
        if total + units <= window.limit:
            break
        total -= spent[name]
        pause = (int(name) + SLICES + 1) * (window.seconds / SLICES) - now
    return max(pause, 0.0)


def add(window: Window, spent: Spent, now: float, units: float) -> dict[str, float]:
    """The slices with these units on top."""
    name = str(window.slice_of(now))
    return {**spent, name: spent.get(name, 0) + units}
