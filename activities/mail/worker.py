"""The child process that reads mails: `python -m activities.mail.worker`. No Django in it.

Everything that hostile mail can make slow or large happens here, under limits on memory and on
CPU time that the process sets for itself; its parent watches the clock and kills it.
"""

import resource
import struct
import sys
import time
from dataclasses import replace
from typing import BinaryIO

from activities.mail.message import ParsedBody, Problem
from activities.mail.mime import parse_headers, parse_structure
from activities.mail.wire import PARSE, REQUEST, answer

MEMORY_LIMIT = 512 * 1024 * 1024
CPU_SECONDS = 8
_OPEN_FILES = 16


def main() -> None:
    """Answer requests on standard input until it ends."""
    _limit(resource.RLIMIT_AS, MEMORY_LIMIT)
    # A core dump would hold somebody's mail.
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    while mails := read_request(sys.stdin.buffer):
        mails.reverse()
        while mails:
            _limit_cpu()
            sys.stdout.buffer.write(answer_for(mails.pop()))
            sys.stdout.buffer.flush()


def read_request(stream: BinaryIO) -> list[bytes]:
    """The mails of the next request; an empty list when the parent has gone."""
    head = stream.read(REQUEST.size)
    if len(head) < REQUEST.size:
        return []
    operation, count = REQUEST.unpack(head)
    if operation != PARSE:
        return []
    lengths = struct.unpack(f">{count}I", stream.read(4 * count))
    return [stream.read(length) for length in lengths]


def answer_for(raw: bytes) -> bytes:
    """The answer for one mail. Whatever goes wrong becomes a problem that a person can see."""
    try:
        return answer(*parse_structure(raw))
    except MemoryError:
        problem = Problem.PARSER_DIED
    except Exception:
        # A mistake of ours must not hide a mail: it is kept and shown as unread (B6).
        problem = Problem.BROKEN
    return answer(replace(parse_headers(raw), problem=problem), ParsedBody(problem=problem))


def _limit_cpu() -> None:
    """Move the limit on, because it counts the life of the process and not one mail."""
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + CPU_SECONDS)


def _limit(kind: int, value: int) -> None:
    """Set the soft limit; a harder one that the system has set stays."""
    hard = resource.getrlimit(kind)[1]
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (allowed, hard))


if __name__ == "__main__":
    main()
