"""A mailbox of made-up mail: the same bytes for the same seed, with the sizes of real mail.

Median about 11 kB and mean about 27 kB. Two thirds carry HTML beside their text, two fifths answer
an earlier mail and quote it, most text is quoted-printable, and what is larger than its text
carries files.
"""

import base64
import quopri
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

OWN_DOMAIN = "ours.example"
COMPANIES = 300
CONTACTS = 2_000
MEMBERS = 4
SEED = 8

_START = datetime(2025, 1, 6, 8, tzinfo=UTC)
_MEDIAN_BYTES = 9_400
_SIGMA = 1.4
_MOST_BYTES = 900_000
_MOST_TEXT_BYTES = 24_000
_WORDS = [
    "please",
    "find",
    "the",
    "offer",
    "for",
    "our",
    "new",
    "order",
    "attached",
    "and",
    "let",
    "me",
    "know",
    "whether",
    "the",
    "delivery",
    "in",
    "week",
    "twelve",
    "still",
    "works",
    "for",
    "you",
    "we",
    "have",
    "talked",
    "to",
    "the",
    "team",
    "about",
    "prices",
    "and",
    "would",
    "like",
    "to",
    "meet",
    "on",
    "Thursday",
    "thanks",
    "for",
    "your",
    "quick",
    "answer",
    "regarding",
    "invoice",
    "number",
    "contract",
    "signed",
    "copy",
    "meeting",
    "project",
    "schedule",
    "change",
    "request",
    "review",
    "budget",
    "customer",
    "support",
    "question",
    "best",
    "regards",
]
_CELL = (
    '<tr><td style="padding:8px 12px;font-family:Arial,sans-serif;font-size:14px;color:#333333"'
    ' width="560"><p style="margin:0 0 12px 0">{}</p></td></tr>\r\n'
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the corpus and when the mailbox received it."""

    raw: bytes
    received_at: datetime


def contact_address(number: int) -> str:
    """The address of a contact; contact n works at company n modulo COMPANIES."""
    return f"person{number}@{company_domain(number % COMPANIES)}"


def company_domain(number: int) -> str:
    return f"company{number}.example"


def member_address(number: int) -> str:
    return f"member{number}@{OWN_DOMAIN}"


def mails(count: int, *, seed: int = SEED) -> Iterator[Mail]:
    """Yield `count` mails, oldest first."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret.
    writer = _Writer(dice)
    for number in range(count):
        moment = _START + timedelta(minutes=7 * number)
        yield Mail(writer.write(number, moment), moment + timedelta(seconds=20))


class _Writer:
    """Writes one mail after the other and remembers what may be answered."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.sent: list[tuple[str, str, str]] = []

    def write(self, number: int, moment: datetime) -> bytes:
        dice = self.dice
        size = min(int(dice.lognormvariate(0, _SIGMA) * _MEDIAN_BYTES), _MOST_BYTES)
        message_id = f"<{dice.getrandbits(64):x}.{number}@mail.example>"
        subject = " ".join(dice.choices(_WORDS, k=6)).capitalize()
        references = ""
        if self.sent and dice.random() < 0.4:
            parent, references, subject = dice.choice(self.sent[-400:])
            references = f"{references} {parent}".strip()
            subject = subject if subject.startswith("Re: ") else f"Re: {subject}"
        self.sent.append((message_id, references, subject))
        head = self._head(moment, message_id, subject, references)
        return (head + self._body(number, max(size - len(head), 600), bool(references))).encode()

    def _head(self, moment: datetime, message_id: str, subject: str, references: str) -> str:
        dice = self.dice
        date = format_datetime(moment)
        outsiders = [self._outsider() for _ in range(dice.choice((1, 1, 1, 2, 3)))]
        ours = member_address(dice.randrange(MEMBERS))
        sender, to = (ours, outsiders) if dice.random() < 0.4 else (outsiders[0], [ours])
        signature = base64.b64encode(dice.randbytes(256)).decode()
        hops = "".join(
            f"Received: from relay{dice.randrange(90)}.example (relay.example [192.0.2.{hop}])\r\n"
            f"\tby mx{hop}.ours.example with ESMTPS id {dice.getrandbits(60):x}\r\n"
            f"\t(version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384);\r\n\t{date}\r\n"
            for hop in range(3)
        )
        lines = [
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mail.example; s=s1;\r\n"
            f"\th=from:to:subject:date:message-id; b={signature}",
            f'From: "{_name(sender)}" <{sender}>',
            "To: " + ",\r\n ".join(f"{_name(one)} <{one}>" for one in to),
            f"Subject: {subject}",
            f"Date: {date}",
            f"Message-ID: {message_id}",
        ]
        if sender == ours and len(outsiders) > 1:
            lines.append(f"Cc: {member_address(dice.randrange(MEMBERS))}")
        if references:
            lines += [f"In-Reply-To: {references.split()[-1]}", f"References: {references}"]
        return hops + "\r\n".join(lines) + "\r\nMIME-Version: 1.0\r\n"

    def _outsider(self) -> str:
        """Of ten people six are contacts, two are new at a known company, two are strangers."""
        kind = self.dice.random()
        if kind < 0.6:
            return contact_address(self.dice.randrange(CONTACTS))
        if kind < 0.8:
            company = company_domain(self.dice.randrange(COMPANIES))
            return f"new{self.dice.randrange(4_000)}@{company}"
        return f"stranger{self.dice.randrange(900)}@elsewhere{self.dice.randrange(90)}.example"

    def _body(self, number: int, size: int, answers: bool) -> str:
        text_size = min(size, _MOST_TEXT_BYTES)
        rich = self.dice.random() < 0.66
        boundary = f"=_b{number}"
        if rich:
            text = self._part("text/plain", self._text(text_size // 6, answers))
            html = self._part("text/html", self._html(text_size * 4 // 6, answers))
            written = _multipart("alternative", f"{boundary}a", [text, html])
        else:
            written = self._part("text/plain", self._text(text_size, answers))
        left = size - len(written)
        if left < 4_000:
            return written
        files = [self._file(place, left // 2) for place in range(2 if left > 60_000 else 1)]
        return _multipart("mixed", boundary, [written, *files])

    def _sentences(self, size: int) -> list[str]:
        lines, length = [], 0
        while length < size:
            lines.append(" ".join(self.dice.choices(_WORDS, k=11)).capitalize() + ".")
            length += len(lines[-1]) + 2
        return lines

    def _text(self, size: int, answers: bool) -> str:
        lines = self._sentences(size)
        if answers:
            half = len(lines) // 2
            quoted = [f"> {line}" for line in lines[half:]]
            lines = [*lines[:half], "", "On Mon, 6 Jan 2025 at 09:12, Somebody wrote:", *quoted]
        return "\r\n".join(lines)

    def _html(self, size: int, answers: bool) -> str:
        rows = [_CELL.format(line) for line in self._sentences(size * 2 // 5)]
        half = len(rows) // 2 if answers else len(rows)
        own = f"<table cellpadding=0 cellspacing=0>{''.join(rows[:half])}</table>"
        quoted = f"<table>{''.join(rows[half:])}</table>"
        if answers:
            said = "On Mon, 6 Jan 2025 at 09:12, Somebody &lt;some@body.example&gt; wrote:<br>"
            said = f'<div dir="ltr" class="gmail_attr">{said}</div>'
            quote = f'<blockquote class="gmail_quote">{quoted}</blockquote>'
            own += f'<div class="gmail_quote gmail_quote_container">{said}{quote}</div>'
        head = "<html><head><style>p {margin: 0}</style></head><body>"
        picture = '<img src="https://pictures.example/logo.png" width="120" height="40">'
        return f"{head}{own}{picture}</body></html>"

    def _part(self, kind: str, content: str) -> str:
        """A text part: of ten six are quoted-printable, one is base64, three are plain 8 bit."""
        dice = self.dice.random()
        data, encoding = content.encode(), "8bit"
        if dice < 0.6:
            encoding = "quoted-printable"
            data = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        elif dice < 0.7:
            encoding = "base64"
            data = base64.encodebytes(data).replace(b"\n", b"\r\n")
        return (
            f'Content-Type: {kind}; charset="utf-8"\r\n'
            f"Content-Transfer-Encoding: {encoding}\r\n\r\n{data.decode()}"
        )

    def _file(self, place: int, size: int) -> str:
        content = base64.encodebytes(self.dice.randbytes(size * 3 // 4)).decode()
        return (
            f'Content-Type: application/pdf; name="file{place}.pdf"\r\n'
            f'Content-Disposition: attachment; filename="file{place}.pdf"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n" + content.replace("\n", "\r\n")
        )


def _name(address: str) -> str:
    return address.partition("@")[0].capitalize() + " Example"


def _multipart(kind: str, boundary: str, parts: list[str]) -> str:
    joined = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{joined}--{boundary}--\r\n'
    )
