"""The date of a forwarded mail: an instant where the text names one. Pure.

Programs write it for people, in their language and mostly without a zone. What could be read in
two ways is not read: 3/4/2025 is a day in March in one country and in April in the next.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from bcc_inbound.forwarded.labels import fold

LIMIT = 200
_DATED_LIMIT = 110
_MOST_NUMBERS = 12
_DAY_AND_TIME = 3

# A row a language: the beginnings of January to December, as Unicode's CLDR names the months in
# running text; bars part several. A word counts by the longest beginning that fits.
MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "jan|jän feb mär|mrz apr mai jun jul aug sep okt nov dez",
    "fr": "janv fév|fev mars avr mai juin juil aoû|aou sept oct nov déc|dec",
    "es": "ene feb marz abr may jun jul ago sep|set oct nov dic",
    "it": "gen feb marz apr mag giu lug ago set ott nov dic",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
    "nl": "jan feb mrt|maart apr mei jun jul aug sep okt nov dec",
    "sv": "jan feb mar apr maj jun jul aug sep okt nov dec",
    "da": "jan feb mar apr maj jun jul aug sep okt nov dec",
    "nb": "jan feb mar apr mai jun jul aug sep okt nov des",
    "fi": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź|paz lis gru",
    "cs": "led úno|uno bře|bre dub kvě|kve čvn|červn čvc|červenc srp zář|zar říj|rij lis pro",
    "sk": "jan feb mar apr máj|maj jún|jun júl|jul aug sep okt nov dec",
    "hu": "jan feb márc|már ápr máj jún júl aug szep okt nov dec",
    "ro": "ian feb mart apr mai iun iul aug sep oct noi|nov dec",
    "hr": "sij velj ožu tra svi lip srp kol ruj lis stu pro",
    "sl": "jan feb mar apr maj jun jul avg sep okt nov dec",
    "tr": "oca şub|sub mar nis may haz tem ağu|agu eyl eki kas ara",
    "ru": "янв фев мар апр мая|май июн июл авг сен окт ноя дек",
    "uk": "січ лют бер кві тра чер лип серп вер жов лис гру",
    "bg": "яну фев мар апр май юни юли авг сеп окт ное дек",
    "et": "jaan veeb märts apr mai juun juul aug sept okt nov dets",
    "el": "ιαν φεβ μαρ|μάρ απρ μαΐ|μαι|μάι ιουν|ιούν ιουλ|ιούλ αυγ|αύγ σεπ οκτ νοε|νοέ δεκ",
    "he": "ינו פבר מרץ|מרס אפר מאי יונ יול אוג ספט אוק נוב דצמ",
    "ar": "يناير فبراير مارس أبريل|ابريل مايو يونيو يوليو أغسطس|اغسطس سبتمبر أكتوبر|اكتوبر"
    " نوفمبر ديسمبر",
}

# RFC 5322, 4.3 names the American ones; the European ones are what Apple Mail writes.
_ZONES = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "oez": 120, "eest": 180, "oesz": 180, "msk": 180, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "jst": 540,
    "kst": 540,
}  # fmt: skip
_MORNING = {"am", "午前", "上午", "오전", "πμ", "ص", "öö"}
_EVENING = {"pm", "午後", "下午", "오후", "μμ", "م", "ös"}

_TIME = re.compile(r"(?<![\d:.])([0-2]?\d)[:.]([0-5]\d)(?:[:.]([0-5]\d))?(?![\d:]|\.\d)")
_EAST_TIME = re.compile(r"([0-2]?\d)\s?[時点點시]\s?([0-5]?\d)\s?[分분](?:\s?([0-5]?\d)\s?[秒초])?")
_WORDY_TIME = re.compile(r"(?<!\d)[0-2]?\d\s?[hHuU]\s?[0-5]\d(?!\d)")
_HALF = re.compile(
    r"(?<!\w)(a\.?\s?m|p\.?\s?m|[πμ]\.?\s?μ|[صم]|ö[ös])(?!\w)|(午前|午後|上午|下午|오전|오후)"
)
_OFFSET = re.compile(r"(?:gmt|utc)?\s?([+-])(\d{1,2}):?([0-5]\d)?(?!\d)")
_NAMED_ZONE = re.compile(r"\(?\b([a-z]{1,4})\b\)?\s*\Z")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_EAST = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?!\d)")
_ANY_NUMBER = re.compile(r"\d+")
# Years of our count, of the Iranian (1404), the Saka (1947) and the Buddhist one (2568).
_ANY_YEAR = re.compile(r"(?<!\d)(?:13\d\d|14\d\d|19\d\d|20\d\d|25\d\d)(?!\d)")
_SHORT_DATE = re.compile(r"(?<!\d)\d{1,4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,4}(?!\d)")
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")


def read_date(
    text: str, language: str, *, mixed: bool = False
) -> tuple[datetime | None, datetime | None]:
    """(the instant in UTC, the clock without a zone): at most one is given, none where unsure.

    `mixed` lets the month be of any language, as where labels are English and dates are not.
    """
    text = fold("".join(_plain_digit(letter) for letter in text[:LIMIT]))
    found = _day(text, language) or (_any_day(text) if mixed else None)
    clock = _clock(text)
    if found is None or clock is None:
        return None, None
    try:
        moment = datetime(*found, *clock)  # noqa: DTZ001 - whether there is a zone is asked next
        offset = _offset(text)
        if offset is None:
            return None, moment
        return moment.replace(tzinfo=UTC) - timedelta(minutes=offset), None
    except (ValueError, OverflowError):
        return None, None


def looks_dated(text: str, *, surely: bool = False) -> bool:
    """Whether a text is a date and little else, in whatever language.

    `surely` asks for a year beside a time, or for a whole date in figures: telephone numbers,
    postcodes and opening hours have neither.
    """
    if "@" in text or len(text) > _DATED_LIMIT or not any(map(str.isdigit, text)):
        return False
    text = "".join(_plain_digit(letter) for letter in text)
    count = len(_ANY_NUMBER.findall(text))
    if not 2 <= count < _MOST_NUMBERS:
        return False
    timed = bool(_TIME.search(text) or _EAST_TIME.search(text) or _WORDY_TIME.search(text))
    short = _SHORT_DATE.search(text)
    dated = bool(short or _ANY_YEAR.search(text))
    if surely:
        return (timed and dated) or bool(short and _ANY_YEAR.search(short[0]))
    return dated or (timed and count >= _DAY_AND_TIME)


def _plain_digit(letter: str) -> str:
    """Arabic and Persian digits as 0 to 9."""
    if letter.isdigit() and not letter.isascii():
        return str(unicodedata.digit(letter, ""))
    return letter


def _day(text: str, language: str) -> tuple[int, int, int] | None:
    """Year, month and day."""
    match = _EAST.search(text) or _YEAR_FIRST.search(text)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    match = _YEAR_LAST.search(text)
    if match:
        return _numbers(int(match[1]), int(match[3]), int(match[4]), match[2], language)
    return _named_day(text, language)


def _numbers(
    first: int, second: int, year: int, mark: str, language: str
) -> tuple[int, int, int] | None:
    if first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    # Only in English both orders are in use, and only with a slash or a dash.
    return None if language == "en" and mark != "." else (year, second, first)


def _named_day(text: str, language: str) -> tuple[int, int, int] | None:
    year = _YEAR.search(text)
    # Thunderbird and web mailers write the date of the header itself, in English (RFC 5322).
    months = _months(text, language) or _months(text, "en")
    if year is None or len(months) != 1:
        return None
    rest = text[: year.start()] + " " + _TIME.sub(" ", _OFFSET.sub(" ", text[year.end() :]))
    days = {int(number) for number in _NUMBER.findall(_TIME.sub(" ", rest))}
    return (int(year[1]), months.pop(), days.pop()) if len(days) == 1 else None


def _any_day(text: str) -> tuple[int, int, int] | None:
    """The day that all languages agree on in which the text names a month."""
    if any(pattern.search(text) for pattern in (_EAST, _YEAR_FIRST, _YEAR_LAST)):
        return None
    days = {day for spoken in MONTHS if (day := _named_day(text, spoken))}
    return days.pop() if len(days) == 1 else None


def _months(text: str, language: str) -> set[int]:
    rows = [row.split("|") for row in MONTHS.get(language, "").split()]
    return {month for word in _WORD.findall(text) if (month := _month(word, rows))}


def _month(word: str, rows: list[list[str]]) -> int:
    length, found = 0, 0
    for place, stems in enumerate(rows, start=1):
        for stem in stems:
            if len(stem) > length and word.startswith(stem):
                length, found = len(stem), place
    return found


def _clock(text: str) -> tuple[int, int, int] | None:
    """Hour, minute and second; None where there is none or the half of the day is not sure."""
    dated = _YEAR_LAST.sub(" ", _YEAR_FIRST.sub(" ", text))
    match = _TIME.search(dated) or _EAST_TIME.search(dated)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = _HALF.search(dated)
    if half:
        mark = (half[1] or half[2]).replace(".", "").replace(" ", "")
        if mark in _EVENING and hour < 12:
            hour += 12
        elif mark in _MORNING and hour == 12:
            hour = 0
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _offset(text: str) -> int | None:
    """Minutes east of Greenwich; None where no zone is named."""
    time = _TIME.search(text)
    behind = text[time.end() :] if time else ""
    match = _OFFSET.search(behind)
    if match:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return None if minutes > 14 * 60 else minutes * (1 if match[1] == "+" else -1)
    named = _NAMED_ZONE.search(behind)
    return _ZONES.get(named[1]) if named else None
