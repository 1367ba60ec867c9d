"""DMARC: does what was proven belong to the domain in From? (RFC 7489, section 3.1)

The policy of a domain says what to do with mail that fails; here such mail is held whatever it
says. What matters is the alignment that it asks for, and whether anything aligned has passed.
"""

import re
from dataclasses import dataclass

from bcc_inbound.senders.names import Names
from contacts.addresses import normalise_domain, registrable_domain

_TAG = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*?)\s*\Z", re.I)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain asks for; `published` is False where it has no record."""

    published: bool = False
    strict_dkim: bool = False
    strict_spf: bool = False


def find_policy(names: Names, author: str) -> Policy:
    """The policy of the domain in From, or of its organisation (6.6.3); raises NotAnswered."""
    for domain in dict.fromkeys((author, registrable_domain(author) or author)):
        records = [
            text.decode("ascii", "replace")
            for text in names.texts(f"_dmarc.{domain}")
            if text[:8].lower() == b"v=dmarc1"
        ]
        if len(records) == 1:
            return _read(records[0])
        if records:
            return Policy()
    return Policy()


def aligned(domain: str, author: str, *, strict: bool) -> bool:
    """Whether a proven domain is the one in From, or, relaxed, of the same organisation.

    A public suffix is nobody's organisation: two names below github.io are strangers.
    """
    proven = normalise_domain(domain)
    if proven is None or strict:
        return proven == author
    organisation = registrable_domain(author)
    return proven == author or (
        organisation is not None and registrable_domain(proven) == organisation
    )


def _read(record: str) -> Policy:
    found = [_TAG.match(part) for part in record.split(";")]
    tags = {one[1].lower(): one[2].lower() for one in found if one}
    return Policy(True, tags.get("adkim") == "s", tags.get("aspf") == "s")
