"""What may be spent in a sliding window: never more than allowed in any stretch of it."""

import random

from mailsync.spending import Window, add, seconds_until, still_counts

GMAIL = Window(60, 6_000)


def spend(window: Window, spent: dict[str, float], now: float, units: float) -> float:
    """Spend if it may be done; returns the pause, and changes `spent`."""
    alive = still_counts(window, spent, now)
    pause = seconds_until(window, alive, now, units)
    after = alive if pause else add(window, alive, now, units)
    spent.clear()
    spent.update(after)
    return pause


def test_the_whole_allowance_may_be_spent_at_once_and_then_nothing() -> None:
    spent: dict[str, float] = {}
    assert spend(GMAIL, spent, 100.0, 6_000) == 0
    assert spend(GMAIL, spent, 100.0, 1) > 59


def test_the_pause_is_enough_and_not_much_longer_than_needed() -> None:
    spent: dict[str, float] = {}
    spend(GMAIL, spent, 100.2, 4_000)
    spend(GMAIL, spent, 130.7, 2_000)
    pause = spend(GMAIL, spent, 140.0, 3_000)
    assert 20.2 <= pause <= 22
    assert spend(GMAIL, spent, 140.0 + pause, 3_000) == 0
    assert spend(GMAIL, spent, 140.0 + pause, 2_000) > 20


def test_in_no_stretch_of_a_minute_is_more_spent_than_allowed() -> None:
    dice, spent, now = random.Random(7), dict[str, float](), 1_000.0  # noqa: S311
    done: list[tuple[float, float]] = []
    while now < 1_600:
        units = dice.choice([2, 5, 20, 100, 1_000, 1_900])
        if spend(GMAIL, spent, now, units) == 0:
            done.append((now, units))
        now += dice.choice([0.0, 0.1, 0.5, 3.0])
    for start, _ in done:
        assert sum(units for at, units in done if start <= at < start + 60) <= 6_000
    # It is no use to be safe by being slow.
    assert sum(units for _, units in done) > 0.85 * 6_000 * 10


def test_more_than_everything_is_let_through_once_nothing_else_counts() -> None:
    spent: dict[str, float] = {}
    assert spend(GMAIL, spent, 100.0, 7_000) == 0
    assert spend(GMAIL, spent, 130.0, 7_000) > 30
    assert spend(GMAIL, spent, 165.0, 7_000) == 0


def test_only_the_slices_of_one_window_are_kept() -> None:
    spent: dict[str, float] = {}
    for second in range(1_000):
        spend(GMAIL, spent, float(second), 1)
    assert len(spent) <= 61
