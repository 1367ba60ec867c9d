"""The Date header as an instant. Pure."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_LIMIT = 100
_DAY = 24 * 60 * 60


def parse_date(value: str) -> datetime | None:
    """Return the instant to the second in UTC, or None where there is none to be had.

    RFC 5322 with its obsolete zones and two-digit years, then ISO 8601. A date without a zone is
    read as UTC.
    """
    value = value[:_LIMIT].strip()
    if not value:
        return None
    try:
        return _mail_date(value) or _iso_date(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _mail_date(value: str) -> datetime | None:
    parts = parsedate_tz(value)
    if parts is None or parts[0] < 1900:
        return None
    year, month, day, hour, minute, second = parts[:6]
    offset = parts[9] or 0
    if abs(offset) > _DAY:
        return None
    # A leap second has no place in a datetime.
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return moment - timedelta(seconds=offset)


def _iso_date(value: str) -> datetime | None:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)
