"""The values of the second unseen part."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.bcc_inbound.forwards.unseen2.mails import Mail

DATE = "Mon, 3 Mar 2025 10:00:00 +0100"
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Field:
    """A line of the header: what it is, what the program calls it, what it says."""

    role: str
    label: str
    value: str


@dataclass(frozen=True)
class Head:
    """What stands between a note and the mail that is forwarded."""

    title: str
    fields: tuple[Field, ...]
    end: str = ""


Render = Callable[[Head, str], str]


@dataclass(frozen=True)
class Program:
    """A mail program: how it heads a mail in a language, and sets it in text and in HTML.

    `plain` says that its header is no list of fields: then nothing is done to its fields.
    """

    name: str
    source: str
    head: Callable[[Mail, str], Head]
    codes: tuple[str, ...]
    text: Render | None = None
    html: Render | None = None
    prefix: str = "Fwd"
    plain: bool = False

    def subject(self, mail: Mail) -> str:
        return f"{self.prefix}: {mail.subject}"


def fields(mail: Mail, date: str, roles: str, labels: tuple[str, ...], joint: str = ", ",
           ) -> tuple[Field, ...]:  # fmt: skip
    """The lines of a header, in the order of `roles`; what says nothing is left out."""
    values = {
        "from": mail.sender,
        "date": date,
        "to": mail.people("to", joint),
        "cc": mail.people("cc", joint),
        "subject": mail.subject,
        "reply": mail.reply_to,
        "id": "<4711.0815@supplier.example>",
        "agent": "Mutt/2.2.9 (2022-11-12)",
    }
    every = zip(roles.split(), labels, strict=True)
    return tuple(Field(role, label, values[role]) for role, label in every if values[role])


def plain(mark: str, joint: str, *, gap: str = "\n", body: str = "\n\n", end: str = "") -> Render:
    """A header in lines: `mark` around the title, `joint` between a label and what it says."""

    def render(head: Head, text: str) -> str:
        rows = "\n".join(f"{row.label}{joint}{row.value}" for row in head.fields)
        done = head.title.startswith(("-", "━", "—"))
        title = (head.title if done else mark.format(head.title)) + gap if head.title else ""
        return f"{title}{rows}{body}{text}\n{end.format(head.end) if head.end else ''}"

    return render


def linked(value: str) -> str:
    """In HTML, with each address a link."""
    parts = []
    at = 0
    for found in _ADDRESS.finditer(value):
        address = html.escape(found[0])
        parts += [html.escape(value[at : found.start()], quote=False)]
        parts += [f'<a href="mailto:{address}">{address}</a>']
        at = found.end()
    return "".join([*parts, html.escape(value[at:], quote=False)])


def escaped(value: str) -> str:
    return html.escape(value, quote=False)


def body_in_html(text: str) -> str:
    return "<br>\n".join(escaped(line) for line in text.split("\n"))
