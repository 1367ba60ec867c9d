"""What looks like the header of a mail and could not be read. Pure.

A program or a language that the tables do not have writes a header all the same. What is read
below it is a mail inside that one, and its writer is not who wrote the mail that was passed on.
"""

import re

LEAST_FIELDS = 3

_FIELD = re.compile(r"[^\s:：][^:：]{0,39}[:：]\s*(?=\S)")
# A name and its address in brackets. Signatures have the address alone, or twice (Outlook's text).
_PERSON = re.compile(r"[^<>@]*[^\W\d_][^<>@]*[<\[](?:mailto:)?[^<>\s@]+@[^<>\s@]+")


class Unread:
    """Walks along with a scan; `found` once three fields in a row, one with a person, went by."""

    def __init__(self) -> None:
        self.found = False
        self.run = self.people = 0

    def look(self, text: str) -> None:
        """Take in the next line that nothing else could make sense of; "" ends the fields."""
        field = _FIELD.match(text[:1_000])
        if field is None:
            self.run = self.people = 0
            return
        self.run += 1
        self.people += _PERSON.match(text[:1_000], field.end()) is not None
        self.found = self.found or (self.run >= LEAST_FIELDS and self.people > 0)
