"""What looks like the header of a mail and could not be read. Pure.

A program or a language that the tables do not have writes a header all the same. What is read
below it is a mail inside that one, and its writer is not who wrote the mail that was passed on.
A header shows by what stands close together: people, a date, the subject, labels.
"""

import re
import unicodedata
from typing import NamedTuple

from bcc_inbound.forwarded.dates import looks_dated
from bcc_inbound.forwarded.labels import FROM, MAX_LABEL, OTHER, label_of, split_label
from bcc_inbound.forwarded.notes import without_pictures
from bcc_inbound.forwarded.people import addresses_in
from bcc_inbound.forwarded.strangers import people_in
from bcc_inbound.forwarded.subjects import same_subject

LEAST_FIELDS = 3
MOST_BLANKS = 8
LIMIT = 1_000

_LONGEST_DATE = 70
_LONGEST_PERSON = 200
_LEAST_SUBJECT = 4
_LONGEST_LINE = 300
_LONGEST = 110
_MOST_WORDS = 9

# A name and its address in brackets. Signatures have the address alone, or twice (Outlook's text).
_PERSON = re.compile(r"([^<>@(\[]{1,200})[<\[(](?:mailto:)?[^<>\s@]+@[^<>\s@]+")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
# A name in parentheses behind the address (RFC 5322, 3.4).
_ASIDE = re.compile(r"\([^()@]*\)[\s,;]*\Z")
_DASHES = ("--", "==", "__", "——", "**", "~~")
# Hours and minutes, so neither hours of opening nor a number.
_CLOCK = re.compile(r"(?<![\d:.])[0-2]?\d[:.h][0-5]\d(?![\d:.])")
_LONGEST_MOMENT = 50
_MOST_MOMENT_WORDS = 7
_LONGEST_NAME = 60
_MOST_NAMES = 4
_LINK = re.compile(r"(?:https?|ftp|www)\b", re.IGNORECASE)


class _Seen(NamedTuple):
    """What one line shows."""

    field: bool = False
    kinds: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    named: bool = False
    dated: bool = False
    titled: bool = False

    @property
    def marked(self) -> bool:
        return self.dated or self.titled


_NOTHING = _Seen()


class Unread:
    """Walks along with a scan; `found` once a header went by, `hinted` once what may be one did.

    `people` are those whom the lines name as headers do; `outer` is the subject of the forward as
    `cores` gives it.
    """

    def __init__(self, outer: frozenset[str] = frozenset()) -> None:
        self.outer = frozenset(one for one in outer if len(one) >= _LEAST_SUBJECT)
        self.found = self.hinted = False
        self.people: set[str] = set()
        self.run: list[_Seen] = []
        self.last, self.named = _NOTHING, False
        self.blanks = 0

    def look(self, text: str) -> None:
        """Take in the next line that nothing else could make sense of; "" is a blank one."""
        if not text:
            self.blanks += 1
            if self.blanks >= MOST_BLANKS:
                self.run, self.last = [], _NOTHING
            return
        text = without_pictures(text[:LIMIT])
        seen = self._see(text)
        self.people.update(people_in(text))
        self.run = [*self.run[-LEAST_FIELDS:], seen] if seen.field else []
        self.found = (
            self.found
            or _is_alone(text)
            or (not self.blanks and self._is_below_a_name(text))
            or _is_reversed(text)
            or _is_pair(self.last, seen, close=not self.blanks)
            or _is_header(self.run)
        )
        self.hinted = self.hinted or seen.marked or len(self.run) > 1 or is_title_line(text)
        self.hinted = self.hinted or (seen.field and bool(seen.people))
        self.last, self.blanks, self.named = seen, 0, _is_name_line(text)

    def _is_below_a_name(self, text: str) -> bool:
        """How programs show a mail that is open: a name, and the time right below it."""
        return (self.named or bool(self.last.people)) and _is_moment(text)

    @property
    def open(self) -> bool:
        """Whether a field of a header stands right above the line at hand."""
        return not self.blanks and any(seen.people or seen.marked for seen in self.run)

    def _see(self, text: str) -> _Seen:
        meanings, _value = label_of(text)
        label, value = split_label(text)
        if _LINK.match(label):
            label, value = "", ""
        said = value or text
        people = frozenset(addresses_in(said)) if "@" in said else frozenset()
        return _Seen(
            field=bool(value),
            kinds=frozenset(kind for _language, kind in meanings if kind != OTHER),
            people=people
            if len(said) <= _LONGEST_PERSON and _ends_in_address(said)
            else frozenset(),
            named=bool(people) and _is_named(said),
            dated=_is_date_line(said),
            titled=self._is_title(said, bool(value)),
        )

    def _is_title(self, said: str, labelled: bool) -> bool:
        """The subject behind a label, or behind one word or two that may be a label."""
        if not self.outer:
            return False
        ends = (said,) if labelled else tuple(said.split(" ", count)[-1] for count in (1, 2))
        return any(same_subject(end, self.outer) for end in ends)


def _is_date_line(text: str) -> bool:
    """A date with hardly anything beside it, so no sentence that names one."""
    if len(text) > _LONGEST_DATE or text.count(" ") >= _MOST_WORDS or text.endswith(("!", "?")):
        return False
    return looks_dated(text, surely=True)


def _is_moment(text: str) -> bool:
    """One time with a day or an "ago" beside it, the year left out: "Mon 10:00 AM"."""
    if len(text) > _LONGEST_MOMENT or text.count(" ") > _MOST_MOMENT_WORDS:
        return False
    return len(_CLOCK.findall(text)) == 1 and not text.endswith((".", "!", "?"))


def _is_name_line(text: str) -> bool:
    """A few words as names are written, and nothing else."""
    words = text.split(" ", _MOST_NAMES)
    if len(text) > _LONGEST_NAME or len(words) > _MOST_NAMES or text.endswith((".", "!", "?", ",")):
        return False
    plain = ":" not in text and not any(map(str.isdigit, text))
    return plain and not any(word[:1].islower() for word in words)


def _is_reversed(text: str) -> bool:
    """A field of a right-to-left language, turned around by a program that cannot show it."""
    value, colon, label = text.rpartition(":")
    if not colon or not value.strip() or len(label) > MAX_LABEL:
        return False
    if not any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in label[:MAX_LABEL]):
        return False
    return any(kind == FROM for _language, kind in label_of(f"{label.strip()}: x")[0])


def is_title_line(text: str) -> bool:
    """A line between dashes: a marker in a language that the tables do not have, or a banner."""
    bare = text.strip("-=_*~— ")
    return bool(bare) and text.startswith(_DASHES) and text.endswith(_DASHES)


def _is_named(text: str) -> bool:
    person = _PERSON.match(text)
    return person is not None and any(map(str.isalpha, person[1]))


def _ends_in_address(text: str) -> bool:
    words = _ASIDE.sub("", text).rstrip(" ,;)>]").rsplit(None, 1)
    return "@" in words[-1] if words else False


def _is_alone(text: str) -> bool:
    """A whole header in one line: a writer with an address behind a known label, or an address
    and a moment side by side."""
    if "@" not in text:
        return False
    meanings, value = label_of(text)
    if "@" in value and any(kind == FROM for _language, kind in meanings):
        return True
    return len(text) <= _LONGEST_LINE and looks_dated(
        _ADDRESS.sub(" ", text)[:_LONGEST], surely=True
    )


def _is_pair(one: _Seen, other: _Seen, *, close: bool) -> bool:
    """Two lines, one below the other, that make a header without any label: two people, or the
    date or the subject and whatever stands beside it."""
    if one.people and other.people and not one.people & other.people:
        return (one.named and other.named) or (close and not _domains(one) & _domains(other))
    return one is not _NOTHING and (one.marked or other.marked)


def _domains(seen: _Seen) -> set[str]:
    """Signatures have several addresses of one company; writers and readers are of two."""
    return {person.rpartition("@")[2] for person in seen.people}


def _is_header(run: list[_Seen]) -> bool:
    """Lines with labels, one below the other, that say what headers say."""
    if len(run) < LEAST_FIELDS - 1:
        return False
    people = {person for seen in run for person in seen.people}
    return (
        any(seen.marked for seen in run)
        or len({person.rpartition("@")[2] for person in people}) > 1
        or sum(seen.named for seen in run) > 1
        or any(FROM in seen.kinds for seen in run)
        or len({kind for seen in run for kind in seen.kinds}) > 1
        or (len(run) >= LEAST_FIELDS and any(seen.named for seen in run))
    )
