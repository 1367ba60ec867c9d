"""Reads mails out of files, one at a time: mbox, Maildir, folders of .eml, a single mail.

Knows no database and no network. Nothing that a file holds can make it grow: a mail beyond 25 MB
keeps its header alone, and only regular files are opened.
"""

import hashlib
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from activities.mail.message import MAX_RAW_BYTES

# Enough for the 64 KB of a header that is read, and a byte to see that there was more.
HEAD_BYTES = 128 * 1024
LINE_BYTES = 64 * 1024
_NAMES = {"F": "flagged", "R": "answered", "S": "seen", "D": "draft", "P": "forwarded"}
_FROM_LINE = re.compile(rb"From (\S*) *(.*)")
_CLOCK = re.compile(rb"\b\d{1,2}:\d{2}")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|>?From ")
_QUOTED = re.compile(rb">+From ")
_ASCTIME = re.compile(r"(\w{3}) (\w{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:[+-]\d{4} )?(\d{4})")


@dataclass(frozen=True, slots=True)
class FileMail:
    """One mail of a file. `raw` is whole, or the beginning where the mail is `oversize`.

    `sha256` is of all its bytes in hex, `received_at` what the container says (None: nothing),
    `written_at` when the file was last changed, `position` how many bytes were read by then.
    """

    raw: bytes
    sha256: str
    size: int
    oversize: bool
    received_at: datetime | None
    written_at: datetime
    flags: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that holds mail, and how it is read."""

    path: Path
    kind: str  # mbox, maildir or eml
    size: int
    written_at: datetime


def find_mail_files(path: Path) -> list[MailFile]:
    """The files at this path in a fixed order; raises OSError where there is nothing to read.

    A symbolic link, a pipe or a device inside a folder is left out: it could lead anywhere.
    """
    if path.is_file():
        return [_mail_file(path)]
    if not path.is_dir():
        raise FileNotFoundError(path)
    return [_mail_file(one) for one in sorted(_regular_files(path)) if _holds_mail(one)]


def read_mails(files: list[MailFile]) -> Iterator[FileMail]:
    """Every mail of the files, in order."""
    before = 0
    for file in files:
        with file.path.open("rb") as stream:
            if file.kind == "mbox":
                yield from _read_mbox(stream, file, before)
            else:
                yield _read_one(stream, file, before)
        before += file.size


def _regular_files(folder: Path) -> Iterator[Path]:
    for one in folder.iterdir():
        mode = one.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _regular_files(one)
        elif stat.S_ISREG(mode):
            yield one


def _holds_mail(path: Path) -> bool:
    if path.parent.name == "tmp" and (path.parent.parent / "cur").is_dir():
        # Mail that is still being delivered (maildir's own rule).
        return False
    return _in_maildir(path) or path.suffix.lower() in {".eml", ".mbox"} or _is_mbox(path)


def _in_maildir(path: Path) -> bool:
    return path.parent.name in {"cur", "new"} and (path.parent.parent / "cur").is_dir()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(5) == b"From "


def _mail_file(path: Path) -> MailFile:
    kind = "maildir" if _in_maildir(path) else "mbox" if _is_mbox(path) else "eml"
    facts = path.stat()
    return MailFile(path, kind, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _read_one(stream: BinaryIO, file: MailFile, before: int) -> FileMail:
    gathered = _Gathered()
    while chunk := stream.read(1024 * 1024):
        gathered.add(chunk)
    received_at, flags = None, tuple[str, ...]()
    if file.kind == "maildir":
        received_at, flags = _maildir_name(file.path.name)
    return gathered.mail(file, received_at, flags, before + file.size)


def _maildir_name(name: str) -> tuple[datetime | None, tuple[str, ...]]:
    """Time of delivery and flags, which stand in the file's name (cr.yp.to/proto/maildir.html)."""
    seconds = name.partition(".")[0]
    moment = None
    if seconds.isdecimal() and len(seconds) <= 10:
        moment = _plausible(datetime.fromtimestamp(int(seconds), UTC))
    letters = name.rpartition(":2,")[2] if ":2," in name else ""
    return moment, tuple(sorted(word for letter, word in _NAMES.items() if letter in letters))


class _Gathered:
    """The bytes of one mail: all of them hashed, kept only up to the limit."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.kept = self.size = 0
        self.hash = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self.hash.update(chunk)
        self.size += len(chunk)
        if self.kept <= MAX_RAW_BYTES:
            self.parts.append(chunk)
            self.kept += len(chunk)

    def mail(
        self,
        file: MailFile,
        received_at: datetime | None,
        flags: tuple[str, ...],
        position: int,
    ) -> FileMail:
        oversize = self.size > MAX_RAW_BYTES
        raw = b"".join(self.parts)
        return FileMail(
            raw=raw[:HEAD_BYTES] if oversize else raw,
            sha256=self.hash.hexdigest(),
            size=self.size,
            oversize=oversize,
            received_at=received_at,
            written_at=file.written_at,
            flags=flags,
            position=position,
        )


def _read_mbox(stream: BinaryIO, file: MailFile, before: int) -> Iterator[FileMail]:
    """The mails of an mbox in the form "mboxrd", where the quoting of "From " undoes exactly.

    A mail begins at a line "From ", at the start or after an empty line, that carries a time or
    is nothing but an address, with a header line below. All other such lines are text.
    """
    gathered: _Gathered | None = None
    received_at: datetime | None = None
    # An empty line is held back: the one before the next "From " is no part of the mail.
    held, at_start, after_blank = b"", True, True
    line = stream.readline(LINE_BYTES)
    while line:
        following = stream.readline(LINE_BYTES)
        is_blank = at_start and line in {b"\n", b"\r\n"}
        if after_blank and _begins_mail(line, following):
            if gathered is not None:
                at = before + stream.tell() - len(line) - len(following)
                yield gathered.mail(file, received_at, (), at)
            gathered, received_at, held = _Gathered(), _from_line_time(line), b""
        elif gathered is not None:
            gathered.add(held)
            held = line if is_blank else b""
            if not is_blank:
                gathered.add(line[1:] if at_start and _QUOTED.match(line) else line)
        after_blank, at_start = is_blank, line.endswith(b"\n")
        line = following
    if gathered is not None:
        yield gathered.mail(file, received_at, (), before + stream.tell())


def _begins_mail(line: bytes, following: bytes) -> bool:
    found = _FROM_LINE.match(line)
    if not found or not _HEADER_LINE.match(following):
        return False
    return bool(_CLOCK.search(line)) or not found[2].strip()


def _from_line_time(line: bytes) -> datetime | None:
    found = _ASCTIME.search(line.decode("ascii", "replace"))
    if not found:
        return None
    try:
        text = " ".join(found.groups())
        moment = datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
    return _plausible(moment)


def _plausible(moment: datetime) -> datetime | None:
    return moment if 1980 <= moment.year <= 2100 else None
