"""What a row found: one JSON line a figure, and a table for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a row. `low` and `high` are the spread of the runs whose median it is.

    `at_most` or `at_least` is the goal; without one the figure is told and not judged. `facts`
    are what a reader wants to know beside it.
    """

    row: str
    what: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    low: float | None = None
    high: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def goal(self) -> str:
        if self.at_most is not None:
            return f"<= {_short(self.at_most)}"
        return f">= {_short(self.at_least)}" if self.at_least is not None else ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached, to the digits that are shown; None without a goal."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return self.value >= self.at_least if self.at_least is not None else None


def line(figure: Figure) -> str:
    """The figure as one line of JSON."""
    whole = {
        "row": figure.row,
        "what": figure.what,
        "value": _rounded(figure.value),
        "unit": figure.unit,
        "goal": figure.goal,
        "met": figure.met,
        "low": _rounded(figure.low),
        "high": _rounded(figure.high),
        **figure.facts,
    }
    return json.dumps({name: value for name, value in whole.items() if value not in (None, "")})


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns: row, what was measured, value with its spread, goal."""
    rows = [("row", "what", "median", "spread", "goal", "")]
    for one in figures:
        spread = f"{_short(one.low)} - {_short(one.high)}" if one.low is not None else ""
        verdict = {None: "", True: "reached", False: "SHORT"}[one.met]
        value = f"{_short(one.value)} {one.unit}".strip()
        rows.append((one.row, one.what, value, spread, one.goal, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths).rstrip(), *lines[1:]])


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}") if abs(value) < 1000 else round(value)


def _short(value: float | None) -> str:
    rounded = _rounded(value)
    if rounded is None:
        return ""
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:g}"
