"""What parent and child say to each other: frames of bytes, answers as JSON. Pure.

A request is its operation and the number and lengths of its mails, then the mails. An answer is
its length, then the JSON. Attachments do not travel: the parent has the bytes and gets places.
"""

import json
import struct
from dataclasses import astuple, fields, replace
from typing import Any

from activities.mail.body import take_attachments
from activities.mail.files import AttachmentPlace
from activities.mail.message import ParsedBody, ParsedMessage, Problem

PARSE = b"P"
REQUEST = struct.Struct(">cI")
LENGTH = struct.Struct(">I")

_BODY_FIELDS = tuple(one.name for one in fields(ParsedBody) if one.name != "attachments")


def request(mails: list[bytes]) -> list[bytes]:
    """The frames that ask for these mails, in order, without copies of them."""
    lengths = struct.pack(f">{len(mails)}I", *map(len, mails))
    return [REQUEST.pack(PARSE, len(mails)) + lengths, *mails]


def answer(
    message: ParsedMessage, body: ParsedBody, places: tuple[AttachmentPlace, ...] = ()
) -> bytes:
    """The frame that carries what was read of one mail."""
    content: dict[str, Any] = {name: getattr(body, name) for name in _BODY_FIELDS}
    whole = {
        "message": message.to_json(),
        "body": {name: value for name, value in content.items() if value not in (None, "", 0)},
        "places": [astuple(place) for place in places],
    }
    data = json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()
    return LENGTH.pack(len(data)) + data


def read_answer(raw: bytes, data: bytes) -> tuple[ParsedMessage, ParsedBody]:
    """The values that an answer holds, with the attachments taken from the mail itself."""
    whole = json.loads(data)
    content = whole["body"]
    body = ParsedBody(**{**content, "problem": Problem(content.get("problem", ""))})
    places = [AttachmentPlace(*place) for place in whole["places"]]
    return (
        ParsedMessage.from_json(whole["message"]),
        replace(body, attachments=take_attachments(raw, places)) if places else body,
    )
