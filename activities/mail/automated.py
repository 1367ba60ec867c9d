"""What the header says about a machine as the writer (R11). Pure."""

from activities.mail.header_block import HeaderBlock
from activities.mail.message import Automated
from activities.mail.parameters import read_content_type

_MASS = frozenset({"bulk", "list", "junk"})


def automated_facts(header: HeaderBlock) -> Automated:
    """Return the classes that the header fields show. The caller knows contacts and settings.

    Sources: RFC 3834 (Auto-Submitted), RFC 3462 (reports), RFC 5546 (a calendar REPLY),
    RFC 2919 and RFC 2369 (lists).
    """
    content_type, parameters = read_content_type(header.first("content-type"))
    precedence = header.first("precedence").lower()
    submitted = header.first("auto-submitted").partition(";")[0].partition("(")[0].strip().lower()
    return Automated(
        report=content_type == "multipart/report" or header.first("return-path") == "<>",
        auto_reply=submitted not in {"", "no"} or precedence == "auto_reply",
        calendar_reply=is_calendar_reply(content_type, parameters),
        bulk=bool(header.first("list-id") or header.first("list-unsubscribe"))
        or precedence in _MASS,
    )


def is_calendar_reply(content_type: str, parameters: dict[str, str]) -> bool:
    """Tell an answer to an invitation; the invitation itself (REQUEST) is mail like any other."""
    return content_type == "text/calendar" and parameters.get("method", "").lower() == "reply"
