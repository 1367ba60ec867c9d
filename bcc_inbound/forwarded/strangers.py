"""The people above the header that was read: one of them may have written the mail. Pure.

The header of a mail in a form that nobody thought of still has its writer's address in it. The
forwarder's own address and those of colleagues stand in signatures; anybody else's, set as headers
set it and not into a sentence, may be that writer's.
"""

import re
from collections.abc import Collection

from bcc_inbound.forwarded.people import addresses_in
from contacts.addresses import domain_of, is_public_mail_domain, without_tag

_IN_BRACKETS = re.compile(r"[<\[](?:mailto:)?[^<>\[\]\s@]{1,250}@[^<>\[\]\s@]{1,250}[>\]]")
_SENTENCE_ENDS = (".", "!", "?", "。", "؟", "।")
_EDGES = " \t\"'()<>[]|,;:*_"


def people_in(text: str) -> list[str]:
    """The addresses of a line that names somebody as headers do: in brackets behind the name, or
    at an end of the line."""
    if "@" not in text:
        return []
    text = text.strip()
    words = text.strip(_EDGES).split()
    at_an_end = any("@" in word for word in words[:1] + words[-1:])
    ends = at_an_end and not text.endswith(_SENTENCE_ENDS)
    return addresses_in(text) if ends or _IN_BRACKETS.search(text) else []


def are_strange(people: Collection[str], *, forwarder: str, writer: str) -> bool:
    """Whether one of these people is neither the writer nor the forwarder nor a colleague."""
    strangers = (one for one in people if not writer or without_tag(one) != without_tag(writer))
    return any(not are_colleagues(one, forwarder) for one in strangers)


def are_colleagues(one: str, other: str) -> bool:
    """Whether these are one person, or two of one company; many share a public mail service."""
    if not one or not other or without_tag(one) == without_tag(other):
        return bool(one) and bool(other)
    domain = domain_of(one)
    return domain == domain_of(other) and not is_public_mail_domain(domain)
