"""The filter grammar of a member's own mail: what was typed becomes values, never syntax.

Words stand for themselves; `from:`, `to:`, `subject:`, `before:`, `after:`, `is:` and `folder:`
narrow by one thing. Quotes keep words together and take a colon its meaning.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

LONGEST, MOST_TERMS = 200, 12

# What `is:` may say, and what the page calls it.
KINDS = ("logged", "waiting", "private", "ignored", "unread", "read", "sent", "received")

_TERM = re.compile(r'(?:(\w+):)?(?:"([^"]*)"?|(\S+))')


class WrongFilter(Exception):
    """What was typed cannot be understood; `sentence` says what to type instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """What one search asks for. All of it has to hold of one mail."""

    words: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    before: date | None = None
    after: date | None = None
    kinds: tuple[str, ...] = ()
    folder: str = ""

    @property
    def anything(self) -> bool:
        return self != Asked()


@dataclass(slots=True)
class _Reading:
    found: dict[str, list[str]] = field(default_factory=dict)
    before: date | None = None
    after: date | None = None
    folder: str = ""

    def add(self, key: str, value: str) -> None:
        self.found.setdefault(key, []).append(value)


def read_asked(text: str) -> Asked:
    """Read what was typed; raises WrongFilter with the sentence for the page."""
    # NUL is no text for PostgreSQL.
    text = text.replace("\x00", "")
    if len(text) > LONGEST:
        raise WrongFilter(_("Type at most %(count)s characters.") % {"count": LONGEST})
    reading, terms = _Reading(), list(_TERM.finditer(text))
    if len(terms) > MOST_TERMS:
        raise WrongFilter(_("Search for at most %(count)s things at once.") % {"count": MOST_TERMS})
    for term in terms:
        _read_term(reading, (term[1] or "").lower(), term[2], term[3])
    words = reading.found.get
    return Asked(
        words=tuple(words("", ())),
        writers=tuple(words("from", ())),
        readers=tuple(words("to", ())),
        subjects=tuple(words("subject", ())),
        before=reading.before,
        after=reading.after,
        kinds=tuple(words("is", ())),
        folder=reading.folder,
    )


def _read_term(reading: _Reading, key: str, quoted: str | None, plain: str | None) -> None:
    value = (quoted if quoted is not None else plain or "").strip()
    # In "from: jane" the filter stands alone.
    if not key and plain is not None and plain.endswith(":") and plain[:-1].lower() in FILTERS:
        key, value = plain[:-1].lower(), ""
    if key in FILTERS:
        if not value:
            raise WrongFilter(
                _("Type what %(filter)s: should be, without a space.") % {"filter": key}
            )
        FILTERS[key](reading, key, value)
    elif key and not value.startswith("//") and key.isalpha():
        raise WrongFilter(
            _(
                "There is no filter “%(filter)s:”. There are %(filters)s. Put quotes around it to"
                " search for the text."
            )
            % {"filter": key, "filters": ", ".join(f"{one}:" for one in FILTERS)}
        )
    elif key or value:
        reading.add("", f"{key}:{value}" if key else value)


def _text(reading: _Reading, key: str, value: str) -> None:
    reading.add(key, value)


def _day(reading: _Reading, key: str, value: str) -> None:
    try:
        day = parse_date(value)
    except ValueError:
        day = None
    if day is None or day.year < 1900:
        raise WrongFilter(
            _("“%(value)s” is no day. Write %(filter)s: with a day such as 2026-03-31.")
            % {"value": value, "filter": key}
        )
    setattr(reading, key, day)


def _kind(reading: _Reading, key: str, value: str) -> None:
    if value.lower() not in KINDS:
        raise WrongFilter(
            _("Mail can be %(kinds)s, not “%(value)s”.")
            % {"kinds": ", ".join(KINDS), "value": value}
        )
    reading.add(key, value.lower())


def _folder(reading: _Reading, key: str, value: str) -> None:
    reading.folder = value


FILTERS: dict[str, Callable[[_Reading, str, str], None]] = {
    "from": _text,
    "to": _text,
    "subject": _text,
    "before": _day,
    "after": _day,
    "is": _kind,
    "folder": _folder,
}
