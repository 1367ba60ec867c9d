"""Keeps a mailbox within what its provider allows: units in a window of time, calls at a time.

Everything is counted in the database and by its clock, so that all workers share it. Nobody
sleeps: what is not there now is Throttled, with the time when it will be.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now

from accounts import tenancy
from mailsync.models import MOST_CALLS, CallPlace, Mailbox, ProjectSpending, Spending
from mailsync.models.allowances import long_ago
from mailsync.providers.errors import Throttled
from mailsync.providers.grants import Budget, Unlimited
from mailsync.spending import Window, add, seconds_until, still_counts

# Longer than any answer is waited for, so that only a dead worker's place is taken from it.
HOLD = timedelta(seconds=120)
PATIENCE = 0.5
_LOOK_AGAIN = 0.05
# Beyond this part of the project's allowance a workspace gets no more than its even share.
FREE_PART = 0.8


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a provider allows one mailbox, our whole app, and at a time (0: as many as wanted)."""

    mailbox: Window
    project: Window | None = None
    calls: int = 0


def budget_of(mailbox: Mailbox) -> Budget:
    """The budget that all workers on this mailbox share. To be used outside any transaction."""
    allowance = allowance_of(mailbox.provider)
    return Unlimited() if allowance is None else SharedBudget(mailbox, allowance)


def allowance_of(provider: str) -> Allowance | None:
    """The provider's own rules; None where it has none.

    Gmail's units may be set, because what Google grants differs from app to app.
    """
    if provider == Mailbox.Provider.GMAIL:
        return Allowance(
            mailbox=Window(60, settings.GMAIL_UNITS_A_MINUTE),
            project=Window(60, settings.GMAIL_PROJECT_UNITS_A_MINUTE),
        )
    if provider == Mailbox.Provider.GRAPH:
        return Allowance(mailbox=Window(600, 10_000), calls=MOST_CALLS)
    return None


@dataclass(frozen=True, slots=True)
class SharedBudget:
    """A mailbox's part of its provider's allowance."""

    of: Mailbox
    allowance: Allowance

    def spend(self, units: float) -> None:
        """Take the units, or raise Throttled with the seconds until they are there."""
        with tenancy.in_workspace(self.of.workspace_id):
            own, now = self._own()
            window = self.allowance.mailbox
            spent = still_counts(window, own.spent, now)
            pause = seconds_until(window, spent, now, units)
            if pause:
                raise Throttled(pause)
            Spending.objects.filter(id=own.id).update(spent=add(window, spent, now, units))
            if self.allowance.project is not None:
                self._spend_of_all(self.allowance.project, units)

    def call(self) -> AbstractContextManager[None]:
        """Hold one of the places for calls under way; Throttled where none gets free soon."""
        return self._place() if self.allowance.calls else nullcontext()

    def _own(self) -> tuple[Spending, float]:
        way = {"workspace_id": self.of.workspace_id, "mailbox_id": self.of.id}
        rows = Spending.objects.select_for_update().annotate(now=Now())
        found = rows.filter(**way).first()
        if found is None:
            Spending.objects.bulk_create([Spending(**way)], ignore_conflicts=True)
            found = rows.get(**way)
        return found, _seconds(found.now)

    def _spend_of_all(self, window: Window, units: float) -> None:
        """Fair between workspaces: the last part is for those below an even share."""
        rows = ProjectSpending.objects.select_for_update().annotate(now=Now())
        row = rows.filter(provider=self.of.provider).first()
        if row is None:
            made = ProjectSpending(provider=self.of.provider)
            ProjectSpending.objects.bulk_create([made], ignore_conflicts=True)
            row = rows.get(provider=self.of.provider)
        now, mine = _seconds(row.now), str(self.of.workspace_id)
        slices = still_counts_by_workspace(window, row.spent, now)
        pause = fair_pause(window, slices, now, mine, units)
        if pause:
            raise Throttled(pause)
        this = slices.setdefault(str(window.slice_of(now)), {})
        this[mine] = this.get(mine, 0) + units
        ProjectSpending.objects.filter(provider=row.provider).update(spent=slices)

    @contextmanager
    def _place(self) -> Iterator[None]:
        holder = uuid.uuid4()
        place = self._take(holder)
        try:
            yield
        finally:
            with tenancy.in_workspace(self.of.workspace_id):
                mine = CallPlace.objects.filter(id=place, holder=holder)
                mine.update(held_until=long_ago())

    def _take(self, holder: uuid.UUID) -> uuid.UUID:
        deadline = time.monotonic() + PATIENCE
        while True:
            with tenancy.in_workspace(self.of.workspace_id):
                place = self._free_place()
                if place is not None:
                    CallPlace.objects.filter(id=place.id).update(
                        holder=holder, held_until=Now() + HOLD
                    )
                    return place.id
            if time.monotonic() > deadline:
                raise Throttled(1.0)
            time.sleep(_LOOK_AGAIN)

    def _free_place(self) -> CallPlace | None:
        way = {"workspace_id": self.of.workspace_id, "mailbox_id": self.of.id}
        rows = CallPlace.objects.select_for_update(skip_locked=True).filter(
            **way, held_until__lt=Now(), number__lte=self.allowance.calls
        )
        found = rows.order_by("number").first()
        if found is None and not CallPlace.objects.filter(**way).exists():
            places = [CallPlace(**way, number=n + 1) for n in range(MOST_CALLS)]
            CallPlace.objects.bulk_create(places, ignore_conflicts=True)
            found = rows.order_by("number").first()
        return found


Slices = dict[str, dict[str, float]]


def still_counts_by_workspace(window: Window, spent: Slices, now: float) -> Slices:
    """The slices of all workspaces that lie within the window."""
    alive = still_counts(window, dict.fromkeys(spent, 0.0), now)
    return {name: dict(spent[name]) for name in alive}


def fair_pause(window: Window, slices: Slices, now: float, mine: str, units: float) -> float:
    """How long this workspace waits for units of the whole project; 0 where it may have them.

    Below its even share it waits only where everything is spent; above it, a fifth of the whole
    stays for the others.
    """
    total = {name: sum(parts.values()) for name, parts in slices.items()}
    own = sum(parts.get(mine, 0) for parts in slices.values())
    others = {one for parts in slices.values() for one in parts} - {mine}
    even = window.limit / (len(others) + 1)
    limit = window.limit if own + units <= even and others else window.limit * FREE_PART
    return seconds_until(Window(window.seconds, limit), total, now, units)


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
