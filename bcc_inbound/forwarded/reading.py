"""Finds the forwarded mails in a body, the outermost first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from activities.mail.forward import Forward, Original, Sureness
from activities.mail.message import ParsedAttachment
from activities.mail.plain import plain_text
from activities.mail.quotes import is_attribution
from bcc_inbound.forwarded.attached import read_attached
from bcc_inbound.forwarded.attributions import read_attribution
from bcc_inbound.forwarded.block import Block, read_block, split_glued
from bcc_inbound.forwarded.labels import FROM, label_of
from bcc_inbound.forwarded.lines import Line, read_lines
from bcc_inbound.forwarded.markers import Marker, is_rule, marker_of
from bcc_inbound.forwarded.subjects import Says, what_says
from bcc_inbound.forwarded.unread import Unread

MOST_NESTED = 10
# Longer markup is left to the text that stands beside it; what is cut would not be whole tags.
HTML_LIMIT = 400_000
# How many lines may stand between the marker and its header: rules, and a note on attachments.
_REACH = 4
_TRIES = 200


def read_forward(
    text: str,
    *,
    html: str = "",
    subject: str = "",
    attachments: Iterable[ParsedAttachment] = (),
) -> Forward | None:
    """Return the mails that this one forwards, or None where it forwards none.

    `html` is the body as the sanitiser writes it. Where text and HTML name different people,
    nobody is named. An attached mail counts where the body itself forwards nothing.
    """
    says = what_says(subject)
    found = _read(text, says)
    if 0 < len(html) <= HTML_LIMIT and (found is None or found.sender):
        rich = _read(plain_text(html), says)
        found = rich if found is None else _agreed(found, rich)
    return found or read_attached(attachments)


def _agreed(plain: Forward, rich: Forward | None) -> Forward:
    """What both forms of the body say; a mail that shows two writers names none."""
    if rich is None or not rich.sender or rich.sender == plain.sender:
        return plain
    unclear = replace(plain.outermost, sender="", name="", sureness=Sureness.UNCLEAR)
    return Forward((unclear, *plain.chain[1:]))


@dataclass(frozen=True, slots=True)
class _Found:
    """A header in the text: what it says, its marker, and the line behind it."""

    original: Original
    marker: Marker | None
    depth: int
    end: int


def _read(text: str, says: Says) -> Forward | None:
    lines = read_lines(text)
    scan = _Scan(lines)
    first = scan.next()
    if first is None:
        return _by_attribution(lines, says)
    if scan.in_quote(first) or not _is_forward(first, says):
        return None
    lost = scan.lost
    chain = [first.original]
    while len(chain) < MOST_NESTED and (nested := scan.next()) is not None:
        chain.append(nested.original)
    if lost or (says.answer and not says.forward):
        # A header above that could not be read, an answer that holds a forward, or a forward
        # with a typed subject: nobody can say.
        chain[0] = replace(chain[0], sender="", name="", sureness=Sureness.UNCLEAR)
    return Forward(tuple(chain))


def _names_a_writer(text: str) -> bool:
    meanings, value = label_of(text)
    return "@" in value and any(kind == FROM for _language, kind in meanings)


def _is_forward(first: _Found, says: Says) -> bool:
    """A marker of forwards says so by itself; else the subject must, in the same language."""
    if first.marker is not None and first.marker.forward:
        return True
    return says.fits(first.original.language)


def _by_attribution(lines: Sequence[Line], says: Says) -> Forward | None:
    original = read_attribution(lines, says)
    return Forward((original,)) if original else None


class _Scan:
    """Walks down a body from one header of a forwarded mail to the next."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.at, self.tries = 0, 0
        self.quoted_from: int | None = None
        self.unread, self.astray = Unread(), False

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
                return found
            else:
                reach = self._past(line, marker, reach)
            self.at += 1
        return None

    def _past(self, line: Line, marker: Marker | None, reach: int) -> int:
        """Walk past an ordinary line; how far the marker above it reaches from here."""
        left = max(reach - (0 if is_rule(line.text) else 1), 0)
        if reach and marker and marker.forward:
            # A header that is too short to be read is one all the same.
            self.astray = self.astray or not left or _names_a_writer(line.text)
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
        found: Block | None = None
        if self.tries < _TRIES and label_of(line.text)[0]:
            self.tries += 1
            spoken = marker.language if marker else ""
            # English labels mix with those of a language below Gmail's marker only.
            english = spoken == "en"
            hint = "" if english else spoken
            found = read_block(self.lines, self.at, english=english, language=hint)
        if found is not None:
            self.at = found.end
            client = marker.client if marker else "outlook"
            return _Found(found.original(client), marker, line.depth, found.end)
        if marker is not None and marker.forward:
            original = read_attribution(self.lines[self.at : self.at + 1], None)
            if original is not None:
                self.at += 1
                return _Found(original, marker, line.depth, self.at)
        return None

    def _look_for_quote(self, line: Line) -> None:
        """Mind the first "On ... wrote:"; programs wrap it over up to three lines."""
        if self.quoted_from is not None or not line.text.endswith((":", "：", "写道", "寫道")):
            return
        for count in range(1, 4):
            rows = self.lines[max(0, self.at - count + 1) : self.at + 1]
            if is_attribution(" ".join(row.text for row in rows)):
                self.quoted_from = line.depth
                return
