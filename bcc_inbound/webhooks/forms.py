"""Reads the bodies that providers send: JSON, and forms with files, in linear time.

The framework's own form parser refuses a field of more than 1 MB; here a field may be a whole mail.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from bcc_inbound.webhooks.posts import Hook, Malformed

MOST_FIELDS = 1_000

_BOUNDARY = re.compile(r'boundary="?([^";]{1,200})"?', re.I)
_PARAMETER = re.compile(r'\b(name|filename)="((?:[^"\\]|\\.)*)"')
_CHARSET = re.compile(r'charset="?([\w.:-]{1,40})"?', re.I)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `filename` is None where it is no file."""

    value: bytes
    filename: str | None = None
    content_type: str = ""

    @property
    def text(self) -> str:
        return self.value.decode("utf-8", "replace")


Form = dict[str, Field]


def read_json(hook: Hook) -> dict[str, Any]:
    """The object in the body; raises Malformed."""
    try:
        found = json.loads(hook.body)
    except (ValueError, RecursionError) as problem:
        raise Malformed from problem
    if not isinstance(found, dict):
        raise Malformed
    return found


def read_form(hook: Hook) -> Form:
    """The fields of a form, the first of each name; raises Malformed."""
    kind = hook.content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(hook.body)
    boundary = _BOUNDARY.search(hook.content_type)
    if kind != "multipart/form-data" or boundary is None:
        raise Malformed
    parts = (b"\r\n" + hook.body).split(b"\r\n--" + boundary[1].encode())
    if len(parts) > MOST_FIELDS or not parts[-1].startswith(b"--"):
        raise Malformed
    form: Form = {}
    for part in parts[1:-1]:
        name, field = _field(part)
        form.setdefault(name, field)
    return form


def text_of(fields: dict[str, Any], name: str) -> str:
    """A text in an object of JSON, "" where there is none."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as problem:
        raise Malformed from problem
    form: Form = {}
    for name, value in pairs:
        form.setdefault(name.decode("utf-8", "replace"), Field(value))
    return form


def _field(part: bytes) -> tuple[str, Field]:
    head, blank, value = part.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    headers = {
        name.strip().lower(): content.strip()
        for name, _, content in (line.partition(":") for line in lines if ":" in line)
    }
    parameters = dict(_PARAMETER.findall(headers.get("content-disposition", "")))
    if not blank or "name" not in parameters:
        raise Malformed
    kind = headers.get("content-type", "")
    charset = _CHARSET.search(kind)
    if charset and charset[1].lower() not in {"utf-8", "us-ascii", "ascii"}:
        value = _as_utf8(value, charset[1])
    return parameters["name"], Field(value, parameters.get("filename"), kind)


def _as_utf8(value: bytes, charset: str) -> bytes:
    try:
        return value.decode(charset, "replace").encode()
    except LookupError:
        return value
