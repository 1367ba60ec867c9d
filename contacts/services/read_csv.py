"""Reads an import file into rows of words, within bounds; what they mean is not asked here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from contacts.problems import DirectoryProblem

if TYPE_CHECKING:
    from _csv import Reader

BYTES_LIMIT = 500_000
ROWS_LIMIT = 1_000
VALUES_LIMIT = 50
COLUMNS = {
    "company": "company",
    "domain": "domains",
    "domains": "domains",
    "name": "name",
    "contact": "name",
    "address": "addresses",
    "addresses": "addresses",
    "email": "addresses",
    "emails": "addresses",
    "project": "projects",
    "projects": "projects",
}


@dataclass(frozen=True)
class ImportRow:
    """One line of the file; `line` counts from 1, with the heading and empty lines."""

    line: int
    company: str = ""
    domains: tuple[str, ...] = ()
    name: str = ""
    addresses: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()


def decode_csv(data: bytes) -> str:
    """Return the text of an uploaded file, or refuse one that is too large or not in UTF-8."""
    if len(data) > BYTES_LIMIT:
        raise _too_large()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("The file is not in UTF-8. Save it as “CSV UTF-8” and choose it again.")
        raise DirectoryProblem(sentence, field="file") from error


def read_csv(text: str) -> list[ImportRow]:
    """Return the rows of a file with a heading line, whichever of , ; and tab it separates by."""
    if len(text.encode("utf-8", "replace")) > BYTES_LIMIT:
        raise _too_large()
    bare = text.lstrip("\ufeff")
    delimiter = max(",;\t", key=bare.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(bare, newline=""), delimiter=delimiter)
    try:
        return list(_rows(reader, _columns(next(reader, []))))
    except csv.Error as error:
        sentence = _("Line %(line)s cannot be read: a quoted value is not closed or far too long.")
        raise DirectoryProblem(sentence % {"line": reader.line_num}, field="file") from error


def _columns(heading: list[str]) -> list[str]:
    names = [COLUMNS.get(title.strip().lower(), "") for title in heading]
    unknown = [title.strip() for title, name in zip(heading, names, strict=True) if not name]
    if unknown or not names:
        sentence = _(
            "The first line has to name the columns: company, domains, name, addresses, projects."
            " Unknown here: %(unknown)s."
        )
        shown = ", ".join(title[:30] or "—" for title in unknown[:5]) or "—"
        raise DirectoryProblem(sentence % {"unknown": shown}, field="file")
    if len(set(names)) < len(names):
        raise DirectoryProblem(_("The first line names a column twice."), field="file")
    return names


def _rows(reader: "Reader", columns: list[str]) -> Iterator[ImportRow]:
    count = 0
    for values in reader:
        if not any(value.strip() for value in values):
            continue
        count += 1
        if count > ROWS_LIMIT:
            sentence = _("The file has more than %(limit)s rows. Split it and import the parts.")
            raise DirectoryProblem(sentence % {"limit": ROWS_LIMIT}, field="file")
        yield _row(reader.line_num, dict(zip(columns, values, strict=False)))


def _row(line: int, values: dict[str, str]) -> ImportRow:
    return ImportRow(
        line=line,
        company=values.get("company", "").strip(),
        domains=_several(values.get("domains", "")),
        name=values.get("name", "").strip(),
        addresses=_several(values.get("addresses", "")),
        projects=_several(values.get("projects", ""), spaces=False),
    )


def _several(text: str, *, spaces: bool = True) -> tuple[str, ...]:
    flat = text.replace(",", ";").replace("\n", ";")
    parts = (flat.replace(" ", ";") if spaces else flat).split(";")
    return tuple(part.strip() for part in parts[: VALUES_LIMIT + 1] if part.strip())


def _too_large() -> DirectoryProblem:
    sentence = _("The file is larger than %(limit)s kB. Split it and import the parts.")
    return DirectoryProblem(sentence % {"limit": BYTES_LIMIT // 1000}, field="file")
