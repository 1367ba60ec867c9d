"""Finds the forwarded mails in a body, the outermost first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from activities.mail.forward import Forward, Original, Sureness
from activities.mail.message import ParsedAttachment
from activities.mail.quotes import is_attribution
from bcc_inbound.forwarded.attached import read_attached
from bcc_inbound.forwarded.attributions import read_attribution, read_notes
from bcc_inbound.forwarded.block import (
    Block,
    languages_begun,
    read_block,
    read_without_colons,
    split_glued,
)
from bcc_inbound.forwarded.dates import looks_dated
from bcc_inbound.forwarded.labels import FROM, SUBJECT, TO, label_of, split_label
from bcc_inbound.forwarded.lines import Line, read_lines, text_of
from bcc_inbound.forwarded.markers import Marker, is_rule, marker_of
from bcc_inbound.forwarded.notes import is_file_note, says_wrote
from bcc_inbound.forwarded.people import mentions
from bcc_inbound.forwarded.shape import read_shape
from bcc_inbound.forwarded.strangers import are_colleagues, are_strange
from bcc_inbound.forwarded.subjects import Says, cores, same_subject, what_says
from bcc_inbound.forwarded.unread import Unread, is_title_line

MOST_NESTED = 10
# Longer markup is left to the text that stands beside it; what is cut would not be whole tags.
HTML_LIMIT = 400_000
# How many lines may stand between the marker and its header: rules, and a note on attachments.
_REACH = 4
_TRIES = 200
# A line that is longer may be a whole header.
_GLUED = 60
_NOTES_LINES = 8


def read_forward(
    text: str,
    *,
    html: str = "",
    subject: str = "",
    forwarder: str = "",
    attachments: Iterable[ParsedAttachment] = (),
) -> Forward | None:
    """Return the mails that this one forwards, or None where it forwards none.

    `html` is the body as the sanitiser writes it, `forwarder` the address that sent this mail.
    Where text and HTML name different people, nobody is named. An attached mail counts where the
    body itself forwards nothing.
    """
    says = what_says(subject)
    outer = cores(subject)
    found = _read(text, says, outer, forwarder)
    if 0 < len(html) <= HTML_LIMIT and (found is None or found.sender):
        seen = text_of(html)
        rich = _read(seen, says, outer, forwarder)
        if found is not None:
            found = _agreed(found, rich, html)
        elif rich is not None:
            found = rich if _may_say(text, rich.sender) else _unclear(rich)
    return found or read_attached(attachments)


def _agreed(plain: Forward, rich: Forward | None, html: str) -> Forward:
    """What both forms of the body say; a mail that shows two writers, or one of whom its other
    form is not sure, names none."""
    if rich is None:
        return plain if mentions(html, plain.sender) else _unclear(plain)
    same_name = rich.outermost.name == plain.outermost.name != ""
    only_named = rich.outermost.sureness is Sureness.NAME_ONLY and same_name
    return plain if rich.sender == plain.sender or only_named else _unclear(plain)


def _may_say(text: str, sender: str) -> bool:
    """A text that has addresses but not the writer's shows another mail than the HTML does."""
    return "@" not in text or mentions(text, sender)


def _unclear(found: Forward) -> Forward:
    first = replace(found.outermost, sender="", name="", sureness=Sureness.UNCLEAR)
    return Forward((first, *found.chain[1:]))


@dataclass(frozen=True, slots=True)
class _Found:
    """A header in the text: what it says, its marker, and the line behind it."""

    original: Original
    marker: Marker | None
    depth: int
    end: int


def _read(text: str, says: Says, outer: frozenset[str], forwarder: str) -> Forward | None:
    lines = read_lines(text)
    scan = _Scan(lines, says, outer, forwarder)
    first = scan.next()
    if first is None:
        return _by_attribution(lines, says, outer, forwarder)
    if scan.in_quote(first) or not _is_forward(first, says):
        return None
    lost = scan.lost or (scan.unread.hinted and _is_another(first.original, outer))
    above = scan.unread.people
    lost = lost or are_strange(above, forwarder=forwarder, writer=first.original.sender)
    found = [first]
    while len(found) < MOST_NESTED and (nested := scan.next()) is not None:
        found.append(nested)
    lost = lost or _is_hollow(*found[:2])
    chain = [one.original for one in found]
    if lost or (says.answer and not says.forward):
        # A header above that could not be read, an answer that holds a forward, or a forward
        # with a typed subject: nobody can say.
        chain[0] = replace(chain[0], sender="", name="", sureness=Sureness.UNCLEAR)
    return Forward(tuple(chain))


def _is_hollow(first: _Found, second: _Found | None = None) -> bool:
    """Whether fields that somebody typed, without a reader and a date, stand above a forward."""
    if first.marker is not None or second is None or not (second.marker and second.marker.forward):
        return False
    return not first.original.to and not looks_dated(first.original.date)


def _is_another(original: Original, outer: frozenset[str]) -> bool:
    """Whether the subject of this mail is not the one that was passed on."""
    return bool(original.subject) and not same_subject(original.subject, outer)


def _is_forward(first: _Found, says: Says) -> bool:
    """A marker of forwards says so by itself; else the subject must, in the same language."""
    if first.marker is not None and first.marker.forward:
        return True
    return says.fits(first.original.language)


def _by_attribution(
    lines: Sequence[Line], says: Says, outer: frozenset[str], forwarder: str
) -> Forward | None:
    original = read_attribution(lines, says)
    if original is None:
        return None
    above = Unread(outer)
    for line in takewhile(lambda line: original.sender not in line.text.casefold(), lines):
        above.look(line.text)
    found = Forward((original,))
    strange = are_strange(above.people, forwarder=forwarder, writer=original.sender)
    return _unclear(found) if above.found or above.hinted or strange else found


class _Scan:
    """Walks down a body from one header of a forwarded mail to the next."""

    def __init__(
        self, lines: Sequence[Line], says: Says, outer: frozenset[str], forwarder: str
    ) -> None:
        self.lines, self.says, self.outer, self.forwarder = lines, says, outer, forwarder
        self.at, self.tries, self.shaped = 0, 0, 0
        self.quoted_from: int | None = None
        self.unread, self.astray = Unread(outer), False
        self.quoted: list[str] = []

    @property
    def lost(self) -> bool:
        """Whether a header went by that could not be read: what comes next is inside of it."""
        return self.unread.found or self.astray

    def in_quote(self, found: _Found) -> bool:
        """Whether the header stands in what somebody answers to ("... wrote:" came before it)."""
        return self.quoted_from is not None and found.depth >= self.quoted_from

    def next(self) -> _Found | None:
        marker: Marker | None = None
        reach = 0
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.text:
                self.unread.look("")
                self.at += 1
                continue
            if (here := marker_of(line.text)) is not None:
                self.astray = self.astray or bool(marker and marker.forward and 0 < reach < _REACH)
                marker, reach = here, _REACH
                if here.rest and (found := self._glued(here, line)) is not None:
                    return found
            elif (found := self._header(marker if reach else None)) is not None:
                # What stands close above is a part of this header, or of another.
                self.astray = self.astray or self.unread.open or self._is_in_quoted_mail(found)
                return found
            else:
                reach = self._past(line, marker, reach)
            self.at += 1
        return None

    def _is_in_quoted_mail(self, found: _Found) -> bool:
        """Quoted text above a quoted header is of a mail that holds this one; but one line may be
        the marker of a language that the tables do not have."""
        if not found.depth or not self.quoted:
            return False
        title = self.quoted[0]
        announced = is_title_line(title) or title.endswith((":", "："))
        return bool(found.marker) or len(self.quoted) > 1 or not announced

    def _past(self, line: Line, marker: Marker | None, reach: int) -> int:
        """Walk past an ordinary line; how far the marker above it reaches from here."""
        if is_rule(line.text):
            return reach
        left = max(reach - 1, 0)
        if reach and marker and marker.forward:
            # The header stands right below its marker: what stands there instead is a header
            # that cannot be read, or none, and what follows further down is another mail's.
            self.astray = self.astray or not left or not is_file_note(line.text)
        if line.depth:
            self.quoted.append(line.text)
        self.unread.look(line.text)
        self._look_for_quote(line)
        return left

    def _glued(self, marker: Marker, line: Line) -> _Found | None:
        """Yahoo's header on the marker's own line; the fields may go on below it."""
        pieces = split_glued(marker.rest, marker.language)
        block = read_block(pieces, 0, language=marker.language) if pieces else None
        if block is None:
            return None
        self.at += 1
        return _Found(block.original(marker.client), marker, line.depth, self.at)

    def _header(self, marker: Marker | None) -> _Found | None:
        line = self.lines[self.at]
        found = self._block(line, marker)
        if found is not None:
            self.at = found.end
            original = found.original(marker.client if marker else "outlook")
            other = bool(marker and marker.writers and original.sender not in marker.writers)
            # By its shape alone, whoever passes a mail on is a reader sooner than its writer.
            shaped = not found.language and are_colleagues(original.sender, self.forwarder)
            if other or shaped:
                original = replace(original, sender="", name="", sureness=Sureness.UNCLEAR)
            return _Found(original, marker, line.depth, found.end)
        if marker is not None and marker.forward:
            rows = self.lines[self.at : self.at + _NOTES_LINES]
            noted = read_attribution(rows[:1], None) or read_notes(rows)
            if noted is not None:
                self.at += 1
                return _Found(noted, marker, line.depth, self.at)
        return None

    def _block(self, line: Line, marker: Marker | None) -> Block | None:
        if self.tries >= _TRIES:
            return None
        found: Block | None = None
        if label_of(line.text)[0]:
            self.tries += 1
            spoken = marker.language if marker else ""
            # English labels mix with those of a language below Gmail's marker only.
            english = spoken == "en"
            hint = "" if english else spoken
            found = read_block(self.lines, self.at, english=english, language=hint)
        announced = (marker is not None and marker.forward) or self.says.fits("")
        if found is None and announced and self.at >= self.shaped and split_label(line.text)[0]:
            found, self.shaped = read_shape(self.lines, self.at, self.outer)
        if found is None and announced and len(line.text) > _GLUED and "@" in line.text:
            found = self._of_one_line(line)
        if found is None and (announced or marker is not None):
            begun = languages_begun(line.text)
            self.tries += bool(begun)
            found = read_without_colons(self.lines, self.at, begun)
        return found

    def _of_one_line(self, line: Line) -> Block | None:
        """A header whose line ends a program took out."""
        meanings, _value = label_of(line.text)
        for language in sorted({language for language, kind in meanings if kind == FROM}):
            self.tries += 1
            pieces = split_glued(line.text, language)
            block = read_block(pieces, 0, language=language)
            if block is not None and {FROM, TO, SUBJECT} <= set(block.fields):
                return replace(block, end=self.at + 1)
        return None

    def _look_for_quote(self, line: Line) -> None:
        """Mind the first "On ... wrote:"; programs wrap it over up to three lines."""
        if self.quoted_from is not None or not line.text.endswith((":", "：", "写道", "寫道")):
            return
        if not self.says.forward and says_wrote(line.text):
            # Thunderbird's line has no date; under a subject that says forward it may be prose.
            self.quoted_from = line.depth
            return
        for count in range(1, 4):
            rows = self.lines[max(0, self.at - count + 1) : self.at + 1]
            if is_attribution(" ".join(row.text for row in rows)):
                self.quoted_from = line.depth
                return
