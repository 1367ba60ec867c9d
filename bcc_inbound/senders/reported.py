"""What a relay of ours wrote down about a sender: Authentication-Results (RFC 8601).

Only the topmost field counts, only under the name in INBOUND_AUTHSERV_ID, and only from a machine
that can be that relay: anybody can write such a field into a mail.
"""

import re
from dataclasses import dataclass

from activities.mail.header_block import HeaderBlock

FIELD_LIMIT = 4_000
MOST_RESULTS = 30

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*+\)", re.DOTALL)
_WORD = re.compile(r"([a-z0-9.-]+)\s*=\s*([^\s;]+)", re.I)


@dataclass(frozen=True, slots=True)
class Reported:
    """One result: the method, how it ended, and its properties ("header.d", "smtp.mailfrom")."""

    method: str
    result: str
    properties: dict[str, str]


def read_results(header: HeaderBlock, *, authserv_id: str) -> list[Reported] | None:
    """The results of the topmost field, or None when it is not ours."""
    fields = header.every("authentication-results")
    if not fields or not authserv_id or len(fields[0]) > FIELD_LIMIT:
        return None
    # What stands in quotes was chosen by the sender: a semicolon in there begins no result.
    value = _without_comments(_QUOTED.sub("quoted", fields[0]))
    identity, *parts = value.split(";")
    # The name may be followed by a version.
    name = identity.strip().partition(" ")[0].lower()
    if name != authserv_id.lower():
        return None
    found = [_read(part) for part in parts[:MOST_RESULTS]]
    return [one for one in found if one is not None]


def _read(part: str) -> Reported | None:
    words = [(name.lower(), value.lower()) for name, value in _WORD.findall(part)]
    if not words:
        return None
    method, result = words[0]
    return Reported(method, result, dict(reversed(words[1:])))


def _without_comments(value: str) -> str:
    """Comments may stand within comments; what is never closed stays as it is."""
    for _ in range(8):
        shorter = _COMMENT.sub(" ", value)
        if shorter == value:
            break
        value = shorter
    return value
