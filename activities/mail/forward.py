"""What a mail says of the mail that it forwards (B4). Pure; `bcc_inbound.forwarded` reads it.

What is not clear is not named: `sender` is only filled in where it is sure.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Sureness(StrEnum):
    """How sure it is who wrote the forwarded mail."""

    SURE = "sure"
    NAME_ONLY = "name only"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Original:
    """The header of one forwarded mail, as its forwarder's program or the attached mail gives it.

    `sender`, `to` and `cc` hold normalised addresses; `sender` is "" unless `sureness` is SURE.
    `sent_at` is an aware UTC time where the text names an instant, `written_at` a time without a
    zone where it names only a clock; `date` is the text itself. An attached mail brings its
    `message_id` and the `fingerprint` by which its copies find each other (R12).
    """

    sender: str = ""
    name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    date: str = ""
    sent_at: datetime | None = None
    written_at: datetime | None = None
    subject: str = ""
    message_id: str = ""
    fingerprint: bytes | None = None
    sureness: Sureness = Sureness.UNCLEAR
    client: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Forward:
    """The chain of forwarded mails, the outermost first: that is the one a person passed on."""

    chain: tuple[Original, ...]

    @property
    def outermost(self) -> Original:
        return self.chain[0]

    @property
    def sender(self) -> str:
        """Who wrote the mail that was passed on; "" where that is not sure."""
        return self.outermost.sender


# A header says minutes where the Date field says seconds, and clocks are a little off.
_TOLERANCE = timedelta(minutes=2)
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12, minutes=1)
_QUARTER = 15 * 60


def is_of_the_same_moment(
    sent_at: datetime, *, instant: datetime | None, clock: datetime | None
) -> bool:
    """Tell whether a mail of this instant may be the one whose forwarded header says `instant`,
    or `clock` without a zone: zones lie up to 14 hours east, 12 west, and quarters of an hour
    apart, so the minutes have to agree."""
    if instant is not None:
        return abs(sent_at - instant) <= _TOLERANCE
    if clock is None:
        return False
    ahead = sent_at - clock.replace(tzinfo=UTC)
    return -_EAST <= ahead <= _WEST and ahead.total_seconds() % _QUARTER < 60
