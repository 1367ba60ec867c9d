"""The small header of a forwarded mail: label and value, line by line, in one language. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from activities.mail.forward import Original, Sureness
from bcc_inbound.forwarded.dates import looks_dated, read_date
from bcc_inbound.forwarded.labels import (
    CC,
    DATE,
    FROM,
    LABELS,
    MAX_LABEL,
    OTHER,
    SUBJECT,
    TO,
    label_of,
    split_label,
)
from bcc_inbound.forwarded.lines import Line
from bcc_inbound.forwarded.markers import marker_of
from bcc_inbound.forwarded.people import addresses_in, writer_in

MOST_LINES = 60
MOST_AHEAD = 12
LEAST_FIELDS = 3
MOST_BLANKS = 2
SUBJECT_LIMIT = 998
DATE_LIMIT = 120

_LABEL_WORDS = (3, 2, 1)
_VALUE_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of one block in one language, and the line behind it. `twice` means that one of
    them stands there again with another value, `mixed` that English labels were let in."""

    language: str
    fields: dict[str, str]
    end: int
    twice: bool = False
    mixed: bool = False

    def original(self, client: str) -> Original:
        """What the block says; it names a writer only where From holds one address."""
        sureness, sender, name = writer_in(self.fields[FROM])
        if self.twice:
            sureness, sender, name = Sureness.UNCLEAR, "", ""
        date = self.fields.get(DATE, "")[:DATE_LIMIT]
        sent_at, written_at = read_date(date, self.language, mixed=self.mixed)
        return Original(
            sender=sender,
            name=name,
            to=tuple(addresses_in(self.fields.get(TO, ""))),
            cc=tuple(addresses_in(self.fields.get(CC, ""))),
            date=date,
            sent_at=sent_at,
            written_at=written_at,
            subject=self.fields.get(SUBJECT, "")[:SUBJECT_LIMIT],
            sureness=sureness,
            client=client,
            language=self.language,
        )


def read_block(
    lines: Sequence[Line], start: int, *, english: bool = False, language: str = ""
) -> Block | None:
    """The block that begins on this line: three fields of one language or more, From among them.

    `english` lets English labels stand beside those of the language, as Gmail mixes them;
    `language` is the marker's, for words that several languages share.
    """
    meanings, _value = label_of(lines[start].text)
    languages = {language for language, _kind in meanings}
    senders = _senders_languages(lines[start : start + MOST_LINES])
    # Which language From is in may show only further down.
    languages = senders if english and "en" in languages else languages & senders
    order = [one for one in (language, *LABELS) if one in languages]
    blocks = [_Reader(lines, start, one, english).read() for one in dict.fromkeys(order)]
    whole = [one for one in blocks if one is not None]
    return max(whole, key=lambda one: len(one.fields), default=None)


def _senders_languages(lines: Sequence[Line]) -> set[str]:
    meanings = (label_of(line.text)[0] for line in lines)
    return {language for found in meanings for language, kind in found if kind == FROM}


class _Reader:
    """Walks down the lines of one block; `fields` is what it has read."""

    def __init__(self, lines: Sequence[Line], start: int, language: str, english: bool) -> None:
        self.lines, self.at = lines, start
        self.depth = lines[start].depth
        self.stop = min(len(lines), start + MOST_LINES)
        self.spoken = {language, "en"} if english else {language}
        self.language = language
        self.fields: dict[str, str] = {}
        self.last, self.twice, self.gapped = "", False, False
        self.tight = start > 0 and _is_field(lines[start - 1], self.depth)

    def read(self) -> Block | None:
        while self.at < self.stop and self._take():
            pass
        known = [kind for kind in self.fields if kind != OTHER]
        if FROM not in self.fields or len(known) < LEAST_FIELDS:
            return None
        return Block(self.language, self.fields, self.at, self.twice, len(self.spoken) > 1)

    def _take(self) -> bool:
        """Take in the line at hand; False where the block has ended."""
        line = self.lines[self.at]
        if not line.text:
            return self._take_blanks()
        if line.depth != self.depth:
            return False
        kind, value = self._kind(line.text)
        if not kind:
            return marker_of(line.text) is None and self._take_more(line.text)
        if self._begins_another(kind):
            self.fields.clear()
            return False
        if kind != OTHER and kind in self.fields:
            self.twice = self.twice or (kind == FROM and self.fields[kind] != value)
            self.at += 1
            return len(self.fields) < LEAST_FIELDS
        if self.fields and self.lines[self.at - 1].text:
            self.tight = True
        self.fields[kind] = value[:_VALUE_LIMIT]
        self.last, self.at = kind, self.at + 1
        return True

    def _begins_another(self, kind: str) -> bool:
        """Whether From was the first field of a header that stands close below this one: a gap
        parts it from what came before, or the fields begin again behind it."""
        if kind == FROM:
            return self.gapped and bool(self.lines[self.at - 1].text)
        return self.last == FROM and len(self.fields) > 1 and kind != OTHER and kind in self.fields

    def _kind(self, text: str) -> tuple[str, str]:
        meanings, value = label_of(text)
        kinds = {kind for language, kind in meanings if language in self.spoken}
        if len(kinds) > 1:
            # A word of both tables means what the language says, unless that is there already.
            own = {kind for language, kind in meanings if language == self.language}
            kinds = {kind for kind in own if kind not in self.fields} or kinds
        return (min(kinds), value) if kinds else ("", "")

    def _take_blanks(self) -> bool:
        """Blank lines part the fields of some programs: the next field must follow at once."""
        ahead = self.at
        while ahead < self.stop and not self.lines[ahead].text:
            ahead += 1
        if ahead - self.at > MOST_BLANKS or ahead >= self.stop:
            return False
        kind = self._field_at(ahead)
        if not kind or kind in self.fields:
            return False
        if kind == FROM and (self.tight or self._field_at(ahead + 1)):
            # Fields that stand close above or below a gap are not of the mail on its other side.
            return False
        self.at, self.gapped = ahead, True
        return True

    def _field_at(self, at: int) -> str:
        line = self.lines[at] if at < self.stop else Line(-1, "")
        return self._kind(line.text)[0] if line.depth == self.depth else ""

    def _take_more(self, text: str) -> bool:
        """The rest of a value that was folded, most of all of the recipients."""
        value = self.fields.get(self.last, "")
        broken = value.rfind("<") > value.rfind(">")
        if not (broken or self._may_go_on(text, value)):
            return False
        # An address that was broken in the middle has no blank in it.
        joint = "" if broken and "@" in value[value.rfind("<") :] else " "
        self.fields[self.last] = f"{value}{joint}{text}".strip()[:_VALUE_LIMIT]
        self.at += 1
        return True

    def _may_go_on(self, text: str, value: str) -> bool:
        if self.last in {TO, CC}:
            more = value.endswith((",", ";")) or "@" in text or self._field_follows()
            return more and not _has_label(text)
        if not value:
            return True
        # A name with the address below it, or a long subject in the middle of the block.
        if self.last == FROM and "@" not in value and text.startswith(("<", "[", "(")):
            return True
        if self.last == DATE and ("@" in text or _has_label(text)):
            return False
        return self._field_follows() and self.last != FROM

    def _field_follows(self) -> bool:
        kind = self._field_at(self.at + 1)
        return bool(kind) and kind not in self.fields


def languages_begun(text: str) -> list[str]:
    """The languages in one of whose labels this line begins, without a colon behind it."""
    words = text[:MAX_LABEL].split(" ")
    firsts = {" ".join(words[:count]) for count in _LABEL_WORDS if len(words) > count}
    meanings = {meaning for first in firsts for meaning in label_of(f"{first}: x")[0]}
    return sorted({language for language, kind in meanings if kind in {FROM, SUBJECT, DATE}})


def read_without_colons(
    lines: Sequence[Line], start: int, languages: Sequence[str]
) -> Block | None:
    """The block of a program that leaves the colons out (eM Client 9), only if the writer, a
    reader, the date and the subject all stand there."""
    found = (_without_colons(lines, start, language) for language in languages)
    return next(filter(None, found), None)


def _without_colons(lines: Sequence[Line], start: int, language: str) -> Block | None:
    rows = list(_with_colons(lines[start : start + MOST_AHEAD], language))
    if len(rows) <= LEAST_FIELDS:
        return None
    found = read_block(rows, 0, language=language)
    if (
        found is None
        or found.end != len(rows)
        or not {FROM, TO, DATE, SUBJECT} <= set(found.fields)
    ):
        return None
    return replace(found, end=start + len(rows)) if looks_dated(found.fields[DATE]) else None


def _with_colons(lines: Sequence[Line], language: str) -> Iterator[Line]:
    """Lines that begin with a label, as long as they do."""
    for line in lines:
        words = line.text[:MAX_LABEL].split(" ")
        for count in _LABEL_WORDS:
            label = " ".join(words[:count])
            value = line.text[len(label) :].strip()
            meanings = label_of(f"{label}: {value}")[0] if len(words) > count else frozenset()
            if any(one == language for one, _kind in meanings):
                yield Line(line.depth, f"{label}: {value}")
                break
        else:
            return


def _has_label(text: str) -> bool:
    """Whether a line begins with a word and a colon, and not with a person."""
    label, value = split_label(text)
    return bool(label and value) and not any(mark in label for mark in ',;<>@"()')


def _is_field(line: Line, depth: int) -> bool:
    return line.depth == depth and bool(split_label(line.text)[1])


def split_glued(text: str, language: str) -> list[Line]:
    """The fields of a block that stands on one line (Yahoo), a line each.

    Its words have no blank in front, so a field begins where one of the language's labels does.
    """
    words = sorted(
        {word for row in LABELS[language] for word in row.split("|") if word}, key=len, reverse=True
    )
    cuts = [0]
    for at in _colons(text):
        low = text[max(0, at - MAX_LABEL) : at].rstrip().casefold()
        word = next((word for word in words if low.endswith(word)), "")
        begin = at - len(text[:at]) + len(text[:at].rstrip()) - len(word)
        if word and begin > cuts[-1] and _starts_here(text, begin):
            cuts.append(begin)
    pieces = [text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    return [Line(0, piece) for piece in pieces]


def _colons(text: str) -> list[int]:
    return [at for at, letter in enumerate(text[:3_000]) if letter in ":："][:40]


def _starts_here(text: str, begin: int) -> bool:
    """A label begins with a capital where the script has such, and not in the middle of a word."""
    first, before = text[begin], text[begin - 1]
    return first != first.lower() or (first == first.upper() and not before.isalpha())
