"""Reads JSON that strangers wrote; its size was limited before."""

import json
import re
from typing import Any

# Half a character beyond the first plane, which may stand in JSON as an escape and nowhere else.
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(body: bytes | str) -> Any:
    """The value; raises ValueError for anything that is no JSON, however deep.

    Half a character becomes the sign for an unreadable one: neither a database nor a hash takes
    the half, and the rest of what was written is whole.
    """
    try:
        value = json.loads(body)
        halves = _HALF.search(body.encode(errors="replace") if isinstance(body, str) else body)
        return _whole(value) if halves else value
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(one) for name, one in value.items()}
    return value
