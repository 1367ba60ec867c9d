"""What a mail says of the mail that it forwards (B4). Pure; `bcc_inbound.forwarded` reads it.

What is not clear is not named: `sender` is only filled in where it is sure.
"""

from dataclasses import dataclass
from datetime import datetime
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
