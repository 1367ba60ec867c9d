"""Where the trailing quote of a mail begins. Pure.

Only what stands at the very end and was written by somebody else is found: an answer between two
quotes, a mail that is nothing but a quote, and a forward keep everything open. Nothing is cut
away; callers get an offset.
"""

import re
from itertools import islice

from activities.mail import quote_words as words
from activities.mail.plain import plain_text

_LOOK_BACK = 600
# How often an expensive look is taken at most, so that hostile mail stays linear.
_TRIES = 50


def _one_of(table: frozenset[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(table, key=lambda w: (-len(w), w)))


_WROTE = re.compile(rf"(?:\b|(?<=[^\x00-\x7f]))(?:{_one_of(words.WROTE)})(?:\b|(?=[^\w]|\Z))")
_DATED = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d\d\b|<[^<>\s]+@[^<>\s]+>|@")
_FROM = re.compile(rf"[*\s]*(?:{_one_of(words.FROM)})\s?[:：]\*?\s*\S")
_OTHER_FIELD = re.compile(rf"[*\s]*(?:{_one_of(words.SENT | words.TO)})\s?[:：]")
_SUBJECT = re.compile(rf"[*\s]*(?:{_one_of(words.SUBJECT)})\s?[:：]")
_ORIGINAL = re.compile(rf"\s*+-{{2,}}+\s?(?:{_one_of(words.ORIGINAL)})\s?-{{2,}}")
_FORWARDED = re.compile(rf"[-\s>*_]*+(?:{_one_of(words.FORWARDED)})")
_FORWARD_SUBJECT = re.compile(rf"\s*(?:{_one_of(words.FORWARD_MARKS)})\s?[:：]")
_INLINE = re.compile(rf"\b(?:{_one_of(words.INLINE_HINTS)})\b")
_RULE = re.compile(r"\s*[_-]{5,}\s*\Z")
_ATTRIBUTION_ENDS = (":", "：", "写道", "寫道", ":-")


def is_forward(subject: str) -> bool:
    """Tell whether a subject says that the mail passes on another one."""
    return _FORWARD_SUBJECT.match(subject.casefold()) is not None


def is_attribution(text: str) -> bool:
    """Tell a line such as "On Tue, 3 Jun 2025 at 15:12, Bob <bob@acme.example> wrote:"."""
    text = _one_line(text.casefold())
    if len(text) > _LOOK_BACK or not text.endswith(_ATTRIBUTION_ENDS):
        return False
    return _DATED.search(text) is not None and (
        _WROTE.search(text) is not None or ("@" in text and len(text) < 200)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split()).strip("\u200e\u200f* ")


def text_quote_at(text: str, subject: str = "") -> int | None:
    """Return the offset of the trailing quote of a plain text, or None."""
    if is_forward(subject):
        return None
    lines = text.splitlines(keepends=True)
    first = _arrow_quote(lines)
    if first is None:
        first = _header_quote(lines)
    if not first:
        return None
    at = sum(map(len, lines[:first]))
    return (
        at
        if _is_answer(text[:at]) and not _is_forwarded(lines[max(0, first - 2) : first + 3])
        else None
    )


def _is_answer(own: str) -> bool:
    """Something was written above the quote, and it does not point into the quote."""
    own = own.strip()
    near = f"{own[:_LOOK_BACK]} {own[-_LOOK_BACK:]}".casefold()
    return bool(own) and _INLINE.search(near) is None


def _is_forwarded(lines: list[str]) -> bool:
    return any(_FORWARDED.match(line.casefold()) for line in lines)


def _arrow_quote(lines: list[str]) -> int | None:
    """The first line of a run of ">" lines at the end, with the attribution above it."""
    at = len(lines)
    seen = False
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith(">")):
        seen = seen or bool(lines[at - 1].strip())
        at -= 1
    if not seen:
        return None
    while at < len(lines) and not lines[at].strip():
        at += 1
    return _above(lines, at)


def _above(lines: list[str], at: int) -> int:
    """Take in the attribution, which programs wrap over up to four lines."""
    end = at
    while end and not lines[end - 1].strip():
        end -= 1
    for count in range(1, 5):
        if end - count < 0 or not lines[end - count].strip():
            break
        if is_attribution("".join(lines[end - count : end])):
            return end - count
    return at


def _header_quote(lines: list[str]) -> int | None:
    """The first line of a quote that has no arrows: a row of dashes or a block of header fields."""
    tries = 0
    for at, line in enumerate(lines):
        if ":" not in line and "：" not in line and "--" not in line:
            continue
        folded = line.casefold()
        if _ORIGINAL.match(folded):
            return at
        if tries < _TRIES and (_FROM.match(folded) or _OTHER_FIELD.match(folded)):
            tries += 1
            if _has_fields(lines[at : at + 7]):
                return at - 1 if at and _RULE.match(lines[at - 1]) else at
        if "@" in line and is_attribution(line) and _WROTE.search(folded):
            return at
    return None


def _has_fields(lines: list[str]) -> bool:
    """Three header fields or more, who wrote it and the subject among them."""
    folded = [line.casefold() for line in lines if line.strip()]
    senders, subjects, others = (
        sum(field.match(line) is not None for line in folded)
        for field in (_FROM, _SUBJECT, _OTHER_FIELD)
    )
    return bool(senders and subjects) and senders + subjects + others >= 3


# --- HTML, as the sanitiser writes it -------------------------------------------------------

_CONTAINER = re.compile(r'<div class="(?:yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra)')
_BOLD_FIELD = re.compile(
    rf"<(?:b|strong)>(?:<[^>]*+>|\s){{0,6}}+(?:{_one_of(words.FROM | words.SENT)})\s?[:：]",
    re.IGNORECASE,
)
_DASHES = re.compile(
    rf"(?<!-)-{{3,}}+(?:\s|&nbsp;)?(?:{_one_of(words.ORIGINAL)})(?:\s|&nbsp;)?-{{3,}}",
    re.IGNORECASE,
)
_BLOCKQUOTE = re.compile(r"<(/?)blockquote\b[^>]*+>")
_BLOCK_START = re.compile(r"<(?:div|p|td|table|br|hr|blockquote)\b[^>]*+>")


def html_quote_at(html: str, subject: str = "") -> int | None:
    """Return the offset of the trailing quote of sanitised HTML, or None. Both halves are safe to
    show alone, since a browser closes what is open."""
    if is_forward(subject):
        return None
    found = [at for at in (_marked(html), _last_blockquote(html)) if at is not None]
    if not found:
        return None
    at = _opening(html, min(found))
    if not _is_answer(plain_text(html[:at])):
        return None
    start = plain_text(html[at : at + 4 * _LOOK_BACK]).splitlines()
    return None if _is_forwarded([line for line in start if line.strip()][:3]) else at


def _marked(html: str) -> int | None:
    """A quote that a program marks by a container, by dashes or by header fields in bold."""
    container = _CONTAINER.search(html)
    dashes = _DASHES.search(html) if "---" in html else None
    places = [match.start() for match in (container, dashes) if match]
    for match in islice(_BOLD_FIELD.finditer(html), _TRIES):
        lines = plain_text(html[match.start() : match.start() + 6 * _LOOK_BACK]).splitlines()
        if _has_fields(lines[:12]):
            places.append(match.start())
            break
    return min(places, default=None)


def _last_blockquote(html: str) -> int | None:
    """The last outermost blockquote with nothing of the writer's own behind it."""
    depth, start, end = 0, -1, 0
    for match in _BLOCKQUOTE.finditer(html):
        if not match[1]:
            if depth == 0 and (start < 0 or plain_text(html[end : match.start()])):
                start = match.start()
            depth += 1
        elif depth:
            depth -= 1
            end = match.end()
    if start < 0 or plain_text(html[end:]):
        return None
    return _with_attribution(html, start)


def _with_attribution(html: str, start: int) -> int:
    """Move up to where the attribution begins, if one stands right above."""
    low = max(0, start - 4 * _LOOK_BACK)
    if not _one_line(plain_text(html[low:start])).endswith(_ATTRIBUTION_ENDS):
        # However far up it began, it would end here, so there is nothing to look for.
        return start
    blocks = [low + match.start() for match in _BLOCK_START.finditer(html[low:start])]
    for block in reversed(blocks):
        text = plain_text(html[block:start])
        if len(text) > _LOOK_BACK:
            break
        if text and is_attribution(text):
            return block
    return start


def _opening(html: str, at: int) -> int:
    """Move up over tags that only open what is quoted, so that no empty frame is left."""
    for _ in range(_TRIES):
        end = at
        while end and html[end - 1].isspace():
            end -= 1
        tag = html.rfind("<", 0, end)
        if not end or html[end - 1] != ">" or html.startswith("</", tag):
            break
        at = tag
    return at
