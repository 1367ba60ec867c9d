"""The values of the unseen third."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bcc_inbound.forwards.shapes import Sample, Written
from tests.bcc_inbound.forwards.unseen.words import ALL, Words

Pairs = list[tuple[str, str]]
DATE = "Mon, 3 Mar 2025 10:00:00 +0100"


@dataclass(frozen=True)
class Program:
    """A mail program. `marked` says that a line stands above its header; `plain` that its format
    is one line, which no change of fields may touch."""

    name: str
    source: str
    write: Callable[[Sample, Words], Written]
    codes: tuple[str, ...]
    marked: bool = True
    plain: bool = False

    def languages(self) -> list[Words]:
        return [words for words in ALL if words.code in self.codes]


def lines(pairs: Pairs, colon: str = ": ") -> str:
    return "\n".join(f"{label}{colon}{value}" for label, value in pairs if value)


def english(
    mail: Sample, order: str, *, date: str = DATE, joint: str = ", ", sender: str = ""
) -> Pairs:
    """The fields by their English names, in this order."""
    values = {
        "From": sender or mail.sender,
        "To": mail.people("to", joint=joint),
        "Cc": mail.people("cc", joint=joint),
        "CC": mail.people("cc", joint=joint),
        "Date": date,
        "Sent": date,
        "Subject": mail.subject,
        "Reply-To": mail.sender,
        "Reply": mail.sender,
    }
    return [(label, values[label]) for label in order.split()]


def having(family: str) -> tuple[str, ...]:
    """The languages in which a family of labels is known."""
    return tuple(words.code for words in ALL if getattr(words, family))
