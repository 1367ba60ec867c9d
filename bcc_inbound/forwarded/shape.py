"""The header of a forwarded mail in a language that the tables do not have, by its shape. Pure.

Programs of every language write the same fields: a writer, a date, the subject, readers. A date is
known by its figures, the subject since the forward repeats it, and people by their addresses. Who
of the people wrote is told by a label that is known, or by all other labels being known; where
none is, by the order that all programs keep, and only if no other order would look the same.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from activities.mail.forward import Sureness
from bcc_inbound.forwarded.block import Block
from bcc_inbound.forwarded.dates import looks_dated
from bcc_inbound.forwarded.labels import CC, DATE, FROM, OTHER, SUBJECT, TO, label_of, split_label
from bcc_inbound.forwarded.lines import Line
from bcc_inbound.forwarded.markers import is_rule, marker_of
from bcc_inbound.forwarded.people import addresses_in, writer_in
from bcc_inbound.forwarded.subjects import same_subject

MOST_FIELDS = 12
MOST_LINES = 40
LEAST_FIELDS = 3
_MOST_BLANKS = 2
# How programs arrange the fields: Outlook, Gmail, Apple Mail, Thunderbird, GMX, Yahoo and Zimbra,
# Evolution; and the same without a subject.
_ORDERS = {
    (FROM, DATE, FROM, SUBJECT),
    (FROM, DATE, SUBJECT, FROM),
    (FROM, SUBJECT, DATE, FROM),
    (SUBJECT, DATE, FROM),
    (DATE, FROM, SUBJECT),
    (FROM, DATE, SUBJECT),
    (FROM, SUBJECT, DATE),
    (FROM, DATE, FROM),
    (DATE, FROM),
    (FROM, DATE),
}


@dataclass(slots=True)
class _Field:
    """One field: what its label may mean in any language, and what its value looks like."""

    meanings: frozenset[tuple[str, str]]
    value: str
    end: int
    looks: str = OTHER

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for _language, kind in self.meanings)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(language for language, _kind in self.meanings)

    @property
    def people(self) -> int:
        return len(addresses_in(self.value))

    @property
    def single(self) -> bool:
        return writer_in(self.value)[0] is Sureness.SURE


def read_shape(
    lines: Sequence[Line], start: int, outer: frozenset[str]
) -> tuple[Block | None, int]:
    """(The block that begins on this line, whatever its language, the line behind its fields).

    `outer` is the forward's subject as `cores` gives it. What is no block is none further down
    either: without its first field it might look like another.
    """
    fields = _fields(lines, start)
    return _block(fields, outer), fields[-1].end if fields else start + 1


def _block(fields: list[_Field], outer: frozenset[str]) -> Block | None:
    _settle(fields)
    for field in fields:
        field.looks = _looks(field, outer)
    if len(fields) < LEAST_FIELDS or not _is_whole(fields, outer):
        return None
    writer = _writer(fields)
    if writer is None or not writer.single:
        return None
    return Block("", _named(fields, writer), fields[-1].end, mixed=True)


def _settle(fields: list[_Field]) -> None:
    """A word of two meanings means what it does in the language that the other labels share."""
    counts = Counter(language for field in fields for language in field.languages)
    for field in fields:
        if len(field.kinds) > 1:
            most = max(counts[language] for language in field.languages)
            field.meanings = frozenset(one for one in field.meanings if counts[one[0]] == most)


def _fields(lines: Sequence[Line], start: int) -> list[_Field]:
    """The fields one below the other, with the same gap between all of them."""
    found: list[_Field] = []
    at, gap = start, -1
    stop = min(len(lines), start + MOST_LINES)
    while at < stop and len(found) < MOST_FIELDS:
        ahead = at
        while ahead < stop and not lines[ahead].text:
            ahead += 1
        if ahead >= stop or lines[ahead].depth != lines[start].depth:
            break
        if marker_of(lines[ahead].text) is not None or is_rule(lines[ahead].text):
            break
        label, value = split_label(lines[ahead].text)
        if label and _is_next(found, gap, ahead - at):
            gap = ahead - at if found else -1
            found.append(_Field(label_of(lines[ahead].text)[0], value, ahead + 1))
        elif label and ahead == at and gap > 0:
            # The last field stands close above another: it is the first of the next header.
            return []
        elif ahead != at or not found or not _goes_on(found[-1], lines[ahead].text):
            break
        else:
            found[-1].value = f"{found[-1].value} {lines[ahead].text}".strip()
            found[-1].end = ahead + 1
        at = ahead + 1
    return found


def _is_next(found: list[_Field], gap: int, blanks: int) -> bool:
    return blanks <= _MOST_BLANKS and (len(found) < 2 or (gap > 0) == (blanks > 0))


def _goes_on(field: _Field, text: str) -> bool:
    """The rest of a list of people, or the value below an empty label."""
    value = field.value
    if not value or value.endswith((",", ";")) or value.rfind("<") > value.rfind(">"):
        return True
    return "@" in value and "@" in text and text.rstrip(" ,;").endswith((">", "]"))


def _looks(field: _Field, outer: frozenset[str]) -> str:
    """A subject that is a date or has an address in it is still the subject."""
    if field.kinds == {SUBJECT} or (outer and same_subject(field.value, outer)):
        return SUBJECT
    if field.people or "@" in field.value:
        return FROM
    return DATE if looks_dated(field.value) or field.kinds == {DATE} else OTHER


def _is_whole(fields: list[_Field], outer: frozenset[str]) -> bool:
    """A date, the subject where there is one, and a label that says nothing else than its value."""
    counts = {looks: sum(field.looks == looks for field in fields) for looks in (DATE, SUBJECT)}
    titled = counts[SUBJECT] == 1 or (not outer and counts[SUBJECT] == 0)
    return counts[DATE] == 1 and titled and not any(map(_contradicts, fields))


def _contradicts(field: _Field) -> bool:
    if len(field.kinds) != 1 or field.kinds == {OTHER}:
        return False
    (kind,) = field.kinds
    return (FROM if kind in {TO, CC} else kind) != field.looks


def _writer(fields: list[_Field]) -> _Field | None:
    people = [field for field in fields if field.looks == FROM and field.kinds != {OTHER}]
    known = [field for field in people if field.kinds == {FROM}]
    if known:
        return known[0] if len(known) == 1 and _is_sure(known[0], people, fields) else None
    if any(field.looks == OTHER and field.kinds != {OTHER} for field in fields):
        # Whoever has no address may be the writer.
        return None
    if any(field.kinds == {TO} for field in people):
        return _beside_to(people)
    for above, field in pairwise(fields):
        if field.kinds == {CC} and field.looks == above.looks == FROM:
            # To stands right above Cc.
            left = _only([one for one in people if one is not above and one.kinds != {CC}])
            return left if left is people[0] else None
    writer = _by_order(fields)
    # Whom a label calls a reader did not write.
    return None if writer and writer.kinds and writer.kinds <= {TO, CC} else writer


def _only(fields: list[_Field]) -> _Field | None:
    return fields[0] if len(fields) == 1 else None


def _beside_to(people: list[_Field]) -> _Field | None:
    """All others are readers, and stand below."""
    left = _only([field for field in people if not field.kinds & {TO, CC}])
    return left if left is people[0] else None


def _is_sure(writer: _Field, people: list[_Field], fields: list[_Field]) -> bool:
    """A word for From may be one for To in another language: then others of its own language, or
    the order, must say the same."""
    place = next(at for at, field in enumerate(fields) if field is writer)
    if any(not field.kinds and field.looks in {FROM, OTHER} for field in fields[:place]):
        # Somebody of whom nothing is known stands above.
        return False
    if any(field.kinds == {TO} for field in people):
        return True
    rest = (field for field in fields if field is not writer and field.kinds & {DATE, SUBJECT})
    return writer is fields[0] or (
        writer is people[0] and any(field.languages & writer.languages for field in rest)
    )


def _by_order(fields: list[_Field]) -> _Field | None:
    """No label of a person is known. All programs write From above To, and Cc right below To; but
    a header that was put in another order, or lost its writer, must not look the same."""
    order = [(looks, list(group)) for looks, group in groupby(fields, attrgetter("looks"))]
    groups = [group for looks, group in order if looks == FROM]
    if tuple(looks for looks, _group in order) not in _ORDERS:
        return None
    first, last = groups[0], groups[-1]
    if len(groups) == 1:
        # From, To and Cc in a row.
        whole = len(first) > 2 and not fields[-1].single
        return first[0] if whole else None
    if len(first) > 1:
        return None
    if len(last) > 1 or not last[0].single or (fields[0] is first[0] and fields[-1] is not last[0]):
        return first[0]
    return None


def _named(fields: list[_Field], writer: _Field) -> dict[str, str]:
    found = {FROM: writer.value}
    for field in fields:
        if field is writer or field.kinds == {OTHER} or field.looks == OTHER:
            continue
        kind = field.looks
        if kind == FROM:
            kind = CC if field.kinds == {CC} or TO in found else TO
        found.setdefault(kind, field.value)
    return found
