"""The file in which the contestants are given the corpus: the same bytes for each of them.

No Django and nothing that is not in the standard library, because every contestant runs this in
an environment of its own.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_FRAME = struct.Struct(">dI")


@dataclass(frozen=True, slots=True)
class Stored:
    """One mail; `sha256` of its bytes is its id at the provider."""

    raw: bytes
    received_at: datetime
    sha256: str


def write(path: Path, mails: Iterable[tuple[bytes, datetime]]) -> None:
    with path.open("wb") as file:
        for raw, received_at in mails:
            file.write(_FRAME.pack(received_at.timestamp(), len(raw)))
            file.write(raw)


def read(path: str) -> list[Stored]:
    data = Path(path).read_bytes()
    found, at = [], 0
    while at < len(data):
        seconds, size = _FRAME.unpack_from(data, at)
        at += _FRAME.size
        raw = data[at : at + size]
        moment = datetime.fromtimestamp(seconds, UTC)
        found.append(Stored(raw, moment, hashlib.sha256(raw).hexdigest()))
        at += size
    return found


def batches(mails: Sequence[Stored], size: int) -> Iterator[Sequence[Stored]]:
    for start in range(0, len(mails), size):
        yield mails[start : start + size]
