"""What a person reads of a mail: text, safe HTML, files. Pure."""

import html as entities
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from activities.mail.automated import is_calendar_reply
from activities.mail.charsets import decode_text
from activities.mail.files import AttachmentPlace, place_of
from activities.mail.header_block import HeaderBlock, with_line_feeds
from activities.mail.message import ParsedAttachment, ParsedBody, Problem
from activities.mail.parts import Part, read_parts
from activities.mail.plain import plain_text
from activities.mail.quotes import html_quote_at, text_quote_at
from activities.mail.sanitise import MAX_HTML, SafeHtml, bounded, sanitise
from activities.mail.transfer import decode_transfer
from activities.mail.words import decode_words

MAX_TEXT = 1_000_000
SNIPPET = 200

# Quoted-printable takes up to three bytes a letter, base64 less; four leave room for line breaks.
_ENCODED_TO_TEXT = 4
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([a-zA-Z0-9_-]{1,40})""", re.I)
_DESIGNED = re.compile(
    r'bgcolor="(?!#?f{3,6}"|white")'
    r"|background-color:\s*(?!transparent|inherit|initial|white|#fff(?:fff)?\b"
    r"|rgb\(255, ?255, ?255)"
    r'|<table[^>]* width="(?:100%|[4-9]\d\d)"'
)


@dataclass(slots=True)
class _Segment:
    """A stretch of the body, in one or both of its forms."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class _Reading:
    """What is gathered on the way through the tree, and how much may still be read."""

    raw: bytes
    left: int = MAX_HTML
    places: list[AttachmentPlace] = field(default_factory=list)
    calendar_reply: bool = False
    text_truncated: bool = False
    html_truncated: bool = False


def read_body(
    raw: bytes, header: HeaderBlock
) -> tuple[ParsedBody, tuple[AttachmentPlace, ...], bool]:
    """Return the body without its files, the places of those, and whether a calendar reply is
    among the parts (R11). A header beyond the limits leaves the body unread."""
    if header.problem is not Problem.NONE:
        return ParsedBody(problem=header.problem), (), False
    root, dropped = read_parts(raw, header)
    reading = _Reading(raw)
    segments = _collect(root, reading, outermost=True)
    body = _assemble(segments, reading, decode_words(header.first("subject")))
    return replace(body, parts_dropped=dropped), tuple(reading.places), reading.calendar_reply


def take_attachments(raw: bytes, places: Iterable[AttachmentPlace]) -> tuple[ParsedAttachment, ...]:
    """Decode the files that lie at these places of the same bytes; linear, so for any process."""
    view = memoryview(with_line_feeds(raw))
    return tuple(_take(view, place) for place in places)


def with_pictures(
    html: str, *, inline: Mapping[str, str], remote: Callable[[str], str] | None = None
) -> str:
    """Give stored HTML its pictures: `inline` maps a cid to an address of ours, `remote` turns
    the sender's address into one of our proxy, or None leaves remote pictures out."""

    def address(match: "re.Match[str]") -> str:
        value = entities.unescape(match[2])
        ours = inline.get(value) if match[1] == "cid" else remote(value) if remote else None
        return f' src="{entities.escape(ours)}"' if ours else match[0]

    return _PICTURE.sub(lambda tag: _PICTURE_SOURCE.sub(address, tag[0]), html)


_PICTURE = re.compile(r"<img [^>]*+>")
_PICTURE_SOURCE = re.compile(r' data-(cid|remote-src)="([^"]*+)"')


def _take(view: memoryview, place: AttachmentPlace) -> ParsedAttachment:
    content = decode_transfer(view[place.start : place.end], place.encoding)
    return ParsedAttachment(
        name=place.name,
        content_type=place.content_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content=content,
        inline=place.inline,
        cid=place.cid,
    )


def _collect(part: Part, reading: _Reading, *, outermost: bool = False) -> list[_Segment]:
    if part.content_type == "multipart/alternative" and part.children:
        return _best([_collect(child, reading) for child in part.children])
    if part.is_multipart and part.children:
        return [segment for child in part.children for segment in _collect(child, reading)]
    if is_calendar_reply(part.content_type, part.parameters):
        reading.calendar_reply = True
    if _is_body(part, outermost):
        return [_read_segment(part, reading)]
    if not part.is_multipart:
        reading.places.append(place_of(part))
    return []


def _is_body(part: Part, outermost: bool) -> bool:
    if part.content_type not in {"text/plain", "text/html"} or part.disposition == "attachment":
        return False
    return outermost or not part.filename


def _best(choices: list[list[_Segment]]) -> list[_Segment]:
    """Of several forms of one text the last HTML and the last plain one, as one segment."""
    rich = [choice for choice in choices if any(one.html for one in choice)]
    plain = [choice for choice in choices if choice and not any(one.html for one in choice)]
    if not rich:
        return plain[-1] if plain else []
    text = "\n\n".join(one.text for one in plain[-1]) if plain else ""
    html = "".join(one.html or _preformatted(one.text) for one in rich[-1])
    return [_Segment(text if text.strip() else "", html)]


def _read_segment(part: Part, reading: _Reading) -> _Segment:
    window = min(part.end, part.start + _ENCODED_TO_TEXT * reading.left + 1_000)
    data = decode_transfer(memoryview(reading.raw)[part.start : window], part.encoding)
    is_html = part.content_type == "text/html"
    charset = part.parameters.get("charset", "")
    if is_html and not charset and (meta := _META_CHARSET.search(data[:2_048])):
        charset = meta[1].decode("ascii")
    text = decode_text(data, charset).replace("\r\n", "\n").replace("\r", "\n")
    truncated = window < part.end or len(text) > reading.left
    text = text[: reading.left]
    reading.left -= len(text)
    if is_html:
        reading.html_truncated |= truncated
        return _Segment(html=text)
    reading.text_truncated |= truncated
    if part.parameters.get("format", "").lower() == "flowed":
        text = _unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return _Segment(text=text)


def _unflow(text: str, delete_space: bool) -> str:
    """Join the lines that a program broke (RFC 3676); quoted ones and "-- " stay as they are."""
    out: list[str] = []
    open_line = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        plain = line[1:] if line.startswith(" ") else line
        if out and not (open_line and not quoted and plain != "-- "):
            out.append("\n")
        open_line = not quoted and plain.endswith(" ") and plain != "-- "
        out.append(plain[:-1] if open_line and delete_space else plain)
    return "".join(out)


def _assemble(segments: list[_Segment], reading: _Reading, subject: str) -> ParsedBody:
    if not any(one.html for one in segments):
        text = "\n\n".join(one.text.strip("\n") for one in segments).rstrip()[:MAX_TEXT]
        at = text_quote_at(text, subject)
        return ParsedBody(
            text=text,
            snippet=_snippet(text, at),
            text_truncated=reading.text_truncated,
            text_quote_at=at,
        )
    safe = [
        sanitise(one.html) if one.html else SafeHtml(_preformatted(one.text)) for one in segments
    ]
    whole = "".join(one.html for one in safe)
    html = bounded(whole)
    at_html = html_quote_at(html, subject)
    text, at = _text_of(segments, html, at_html, subject)
    return ParsedBody(
        text=text[:MAX_TEXT],
        html=html,
        snippet=_snippet(text, at),
        text_truncated=reading.text_truncated or len(text) > MAX_TEXT,
        html_truncated=reading.html_truncated
        or len(html) < len(whole)
        or any(one.too_deep for one in safe),
        text_quote_at=at,
        html_quote_at=at_html,
        tracking_pixels=sum(one.tracking_pixels for one in safe),
        remote_images=sum(one.remote_images for one in safe),
        designed=_DESIGNED.search(html) is not None,
    )


def _preformatted(text: str) -> str:
    """Plain text between pieces of HTML, with its lines and in the letters around it."""
    if not text.strip():
        return ""
    escaped = entities.escape(text.strip("\n"), quote=False)
    return f'<pre style="white-space:pre-wrap;font-family:inherit">{escaped}</pre>'


def _text_of(
    segments: list[_Segment], html: str, at_html: int | None, subject: str
) -> tuple[str, int | None]:
    """The text of a mail with HTML: the sender's own where there is one, else read from it.

    Text that was read from HTML has lost the marks of its quotes, so the HTML says where they are.
    """
    if all(one.text.strip() for one in segments):
        text = "\n\n".join(one.text.strip("\n") for one in segments).rstrip()
        return text, text_quote_at(text, subject)
    if at_html is None:
        return plain_text(html), None
    own = plain_text(html[:at_html])
    return f"{own}\n\n{plain_text(html[at_html:])}", len(own)


def _snippet(text: str, quote_at: int | None) -> str:
    """The first 200 characters that the writer added, on one line."""
    own = text[: min(quote_at or len(text), 4 * SNIPPET + 2_000)]
    return " ".join(own.split())[:SNIPPET].rstrip()
