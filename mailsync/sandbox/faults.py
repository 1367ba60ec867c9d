"""What the sandbox does wrong, chosen by a test beforehand and never guessed from a request."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with this instead of doing what was asked."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reset:
    """End the connection without an answer: before the call is done or, with `after`, when it is
    done; `orderly` as a server does that restarts, and otherwise as a cable does that is cut."""

    after: bool = False
    orderly: bool = False


@dataclass(frozen=True, slots=True)
class Truncate:
    """Do it, and answer the first half of the body as though it were all."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Do it, but only after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Lie:
    """A word that the vendor's own code acts on: which words, its `LIES` tell."""

    word: str


Effect = Answer | Reset | Truncate | Delay | Lie


@dataclass(slots=True)
class Fault:
    """An effect on calls of one operation ("*": any), of one mailbox or of all.

    The first `skip` calls that fit go well, the next `times` (None: all) do not.
    """

    operation: str
    effect: Effect
    times: int | None = 1
    skip: int = 0
    mailbox: str = ""
    seen: int = 0

    def fits(self, operation: str, mailbox: str) -> bool:
        return self.operation in (operation, "*") and self.mailbox in (mailbox, "")

    def strikes(self) -> bool:
        """Count a call that fits; whether the effect is for this one."""
        self.seen += 1
        if self.seen <= self.skip:
            return False
        return self.times is None or self.seen <= self.skip + self.times


class Faults:
    """The faults that are chosen now."""

    def __init__(self) -> None:
        self._chosen: list[Fault] = []
        self._lock = threading.Lock()

    def choose(
        self,
        operation: str,
        effect: Effect,
        *,
        times: int | None = 1,
        skip: int = 0,
        mailbox: str = "",
    ) -> Fault:
        """From now on; returns the fault, whose `seen` counts the calls that it was asked about."""
        fault = Fault(operation, effect, times, skip, mailbox)
        with self._lock:
            self._chosen.append(fault)
        return fault

    def clear(self) -> None:
        """Everything goes well again."""
        with self._lock:
            self._chosen.clear()

    def take(self, operation: str, mailbox: str) -> list[Effect]:
        """The effects on this call, in the order in which they were chosen."""
        with self._lock:
            fitting = [one for one in self._chosen if one.fits(operation, mailbox)]
            return [one.effect for one in fitting if one.strikes()]
