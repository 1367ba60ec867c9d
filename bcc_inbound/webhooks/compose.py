"""Puts a mail together again from the fields that a provider took it apart into.

The headers are written as they were given, the parts in base64, and nothing is parsed: that is the
worker's part, in a process that may be killed. The same fields give the same bytes.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_HEADERS = 1_000

_NAME = re.compile(r"[!-9;-~]{1,200}\Z")
_OWN = {"content-type", "content-transfer-encoding", "mime-version", "content-disposition"}
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}", re.I)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\]')


@dataclass(frozen=True, slots=True)
class File:
    """One attachment. `content_id` is set where the text refers to it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


def compose(
    headers: Iterable[tuple[str, str]], *, text: str, html: str, files: Sequence[File] = ()
) -> bytes:
    """The mail as bytes. Headers that say how it was encoded are those of these bytes."""
    parts = [_text("plain", text)] if text or not html else []
    if html:
        parts.append(_text("html", html))
    parts = [_multipart("alternative", parts)]
    parts += [_file(one) for one in files]
    return _head(headers) + b"MIME-Version: 1.0\r\n" + _multipart("mixed", parts)


def _head(headers: Iterable[tuple[str, str]]) -> bytes:
    lines = []
    for name, value in list(headers)[:MOST_HEADERS]:
        if _NAME.match(name) and name.lower() not in _OWN:
            unfolded = " ".join(value.replace("\x00", "").split())
            lines.append(f"{name}: {unfolded}\r\n".encode("utf-8", "replace"))
    return b"".join(lines)


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    boundary = hashlib.sha256(b"\x00".join(parts) + kind.encode()).hexdigest()[:32].encode()
    head = f'Content-Type: multipart/{kind}; boundary="'.encode() + boundary + b'"\r\n\r\n'
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return head + body + b"--" + boundary + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\n".encode()
    return head + _encoded(text.encode("utf-8", "replace"))


def _file(one: File) -> bytes:
    found = _TYPE.match(one.content_type)
    kind = found[0] if found else "application/octet-stream"
    if kind.lower().startswith(("multipart/", "message/")):
        # Their content would be read as part of this mail.
        kind = "application/octet-stream"
    name = _UNSAFE.sub("_", one.name)[:200]
    lines = [f'Content-Type: {kind}; name="{name}"']
    lines.append(f"Content-Disposition: {'inline' if one.content_id else 'attachment'}; ")
    lines[-1] += f'filename="{name}"'
    if one.content_id:
        lines.append(f"Content-ID: <{_UNSAFE.sub('', one.content_id).strip('<>')[:200]}>")
    head = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
    return head + _encoded(one.content)


def _encoded(content: bytes) -> bytes:
    lines = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return b"Content-Transfer-Encoding: base64\r\n\r\n" + lines
