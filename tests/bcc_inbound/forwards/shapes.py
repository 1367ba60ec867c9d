"""The values of the generator; see README.md."""

from collections.abc import Callable
from dataclasses import dataclass

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Language:
    """How the programs of one language head a forwarded mail.

    `dates` are 3 March 2025, 10:00 as Gmail, Outlook and Apple Mail write it; `space` stands in
    front of a colon; `wide` is for the wide colon; `original` is "Original message".
    """

    code: str
    prefix: str
    gmail: str
    dates: tuple[str, str, str]
    original: str
    gmail_marker: str = ""
    space: str = ""
    wide: bool = False
    rtl: bool = False
    outlook: Labels = ()
    apple: Labels = ()
    yahoo: Labels = ()
    thunderbird: Labels = ()
    hubspot: Labels = ()

    @property
    def colon(self) -> str:
        return f"{self.space}:"


@dataclass(frozen=True)
class Sample:
    """A mail that somebody forwards."""

    name: str
    address: str
    subject: str = "Renewal terms"
    body: str = "Could we talk about the terms?\n\nKind regards\nJane"
    to: tuple[tuple[str, str], ...] = (("Ana Alder", "ana@ours.example"),)
    cc: tuple[tuple[str, str], ...] = (("Ben", "ben@ours.example"), ("", "omar@globex.example"))

    @property
    def sender(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    def people(self, which: str, *, joint: str = ", ") -> str:
        pairs = self.to if which == "to" else self.cc
        return joint.join(f"{name} <{address}>" if name else address for name, address in pairs)


@dataclass(frozen=True)
class Written:
    """What a program sends."""

    subject: str
    text: str = ""
    html: str = ""


@dataclass(frozen=True)
class Client:
    """A program: `write` makes the forward, `speaks` says whether it does in this language."""

    name: str
    source: str
    write: Callable[[Sample, Language], Written]
    speaks: Callable[[Language], bool] = lambda language: True


def block(pairs: list[tuple[str, str]], colon: str = ":", *, bold: bool = False) -> str:
    """Label and value, line by line; without a value no line."""
    mark = "*" if bold else ""
    return "\n".join(f"{mark}{label}{colon}{mark} {value}" for label, value in pairs if value)


def english(language: Language) -> bool:
    return language.code == "en"
