"""When a vendor says to come back: in a header as seconds or a date, or only in words."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_IN_WORDS = re.compile(r"retry after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)", re.I)
# Whoever says longer than a day is asked again after one.
_MOST = 86_400.0


def seconds_told(header: str, text: str = "", *, date: str = "") -> float | None:
    """The seconds until then, or None where nothing is said.

    RFC 9110, 10.2.3 has the header; Google writes the time into the message of some errors. A time
    is compared with the answer's own `date`, where it has one: a worker's clock may be wrong.
    """
    header = header.strip()
    if header.isdecimal():
        return min(float(header), _MOST)
    words = _IN_WORDS.search(text)
    moment = _date(header) or (datetime.fromisoformat(words[1]) if words else None)
    if moment is None:
        return None
    return min(max((moment - (_date(date) or datetime.now(UTC))).total_seconds(), 1.0), _MOST)


def _date(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
