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
    known = {without_tag(one) for one in (forwarder, writer) if one}
    company = domain_of(forwarder)
    if is_public_mail_domain(company):
        company = ""
    strangers = (one for one in people if without_tag(one) not in known)
    return any(not company or domain_of(one) != company for one in strangers)
