"""Reads the pieces of a mail out of a provider's JSON; what has another shape is malformed."""

import base64
import binascii
from typing import Any

from bcc_inbound.webhooks.compose import File
from bcc_inbound.webhooks.forms import text_of
from bcc_inbound.webhooks.posts import Malformed


def named_headers(rows: Any, name: str, value: str) -> list[tuple[str, str]]:
    """Headers from a list of objects with a name and a value."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Malformed
    return [(text_of(row, name), text_of(row, value)) for row in rows]


def grouped_headers(fields: Any) -> list[tuple[str, str]]:
    """Headers from an object in which one that is repeated has a list of values."""
    if not isinstance(fields, dict):
        raise Malformed
    return [
        (name, str(one))
        for name, values in fields.items()
        for one in (values if isinstance(values, list) else [values])
    ]


def from_base64(row: Any, name: str, kind: str, content: str, content_id: str = "") -> File:
    """An attachment from an object; the arguments are the names of its fields."""
    if not isinstance(row, dict):
        raise Malformed
    return File(
        name=text_of(row, name),
        content_type=text_of(row, kind),
        content=decoded(text_of(row, content)),
        content_id=text_of(row, content_id) if content_id else "",
    )


def decoded(text: str) -> bytes:
    """Base64 as a provider writes it."""
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError) as problem:
        raise Malformed from problem


def part(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """An object within an object."""
    found = fields.get(name)
    if not isinstance(found, dict):
        raise Malformed
    return found


def texts(values: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise Malformed
    return tuple(values)
