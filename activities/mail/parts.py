"""The tree of a mail's parts, as offsets into its bytes, cut with bounds. Pure.

No part is copied: a mail of 25 MB stays one object until an attachment is asked for.
"""

import re
from dataclasses import dataclass, field

from activities.mail.header_block import HeaderBlock, read_header
from activities.mail.message import Problem
from activities.mail.parameters import read_content_type, read_parameters

MAX_LEVELS = 50
MAX_PARTS = 1_000

_OPAQUE = "application/octet-stream"
_DELIMITER_END = re.compile(rb"(--)?[ \t]*+\r?(?:\n|\Z)")


@dataclass(slots=True)
class Part:
    """One part: its type, how it wants to be shown, and where its content lies."""

    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    encoding: str
    cid: str
    start: int
    end: int
    children: "list[Part]" = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/")


def read_parts(raw: bytes, header: HeaderBlock) -> tuple[Part, int]:
    """Return the root of the tree and how many branches the limits cut off.

    At most 50 levels and 1,000 parts; a multipart beyond them stays one opaque part, so that
    its bytes can still be downloaded. Mails inside a mail (message/rfc822) are not opened.
    """
    root = _part(header, len(raw), "text/plain")
    total, dropped = 1, 0
    waiting = [(root, 1)]
    while waiting:
        part, level = waiting.pop()
        if not part.is_multipart:
            continue
        if level >= MAX_LEVELS or total >= MAX_PARTS:
            part.content_type, dropped = _OPAQUE, dropped + 1
            continue
        spans, cut = _spans(raw, part, MAX_PARTS - total)
        dropped += cut
        total += len(spans)
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        part.children = [_part(read_header(raw, start, end), end, default) for start, end in spans]
        if not spans:
            # A multipart without a boundary is read as the text that it is.
            part.content_type = "text/plain"
        waiting += ((child, level + 1) for child in part.children)
    return root, dropped


def _part(header: HeaderBlock, end: int, default: str) -> Part:
    content_type, parameters = read_content_type(header.first("content-type"), default)
    disposition, extra = read_parameters(header.first("content-disposition"))
    if header.problem is not Problem.NONE:
        content_type = _OPAQUE
    return Part(
        content_type=content_type,
        parameters=parameters,
        disposition=disposition,
        filename=extra.get("filename") or parameters.get("name", ""),
        encoding=header.first("content-transfer-encoding").partition(";")[0].strip().lower(),
        cid="".join(header.first("content-id").split()).strip("<>")[:255],
        start=min(header.body_start, end),
        end=end,
    )


def _spans(raw: bytes, part: Part, room: int) -> tuple[list[tuple[int, int]], int]:
    """Where the children lie, and 1 when there are more than `room` of them."""
    boundary = part.parameters.get("boundary", "").rstrip()[:250]
    if not boundary:
        return [], 0
    delimiter = b"\n--" + boundary.encode("utf-8", "replace")
    spans: list[tuple[int, int]] = []
    begin = -1
    # The line break that ends the header is also the one in front of the first delimiter.
    at = raw.find(delimiter, max(part.start - 1, 0), part.end)
    while at >= 0:
        tail = _DELIMITER_END.match(raw, at + len(delimiter), part.end)
        if tail is None:
            at = raw.find(delimiter, at + 1, part.end)
            continue
        if begin >= 0:
            spans.append((begin, _before_line_break(raw, begin, at)))
        if tail[1] or len(spans) >= room:
            return spans, 0 if tail[1] else 1
        begin = tail.end()
        at = raw.find(delimiter, begin - 1, part.end)
    if begin >= 0:
        spans.append((min(begin, part.end), part.end))
    return spans, 0


def _before_line_break(raw: bytes, begin: int, at: int) -> int:
    if at > begin and raw[at - 1] == 13:
        at -= 1
    return max(at, begin)
