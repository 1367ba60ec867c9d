"""Mails in which nobody may be named: what the header does not say, nobody can know."""

from collections.abc import Iterator
from dataclasses import replace

from tests.bcc_inbound.forwards.shapes import Written
from tests.bcc_inbound.forwards.unseen2.mails import NATIVE, Mail, native
from tests.bcc_inbound.forwards.unseen2.shapes import Field, Head, Program, linked
from tests.bcc_inbound.forwards.unseen2.words import k9, thunderbird
from tests.bcc_inbound.forwards.unseen2.words.dates import DATES

_OMAR = "Omar Oak <omar@globex.example>"
_INNER = (
    f"As I said.\n\n---------- Forwarded message ---------\nFrom: {_OMAR}\n"
    "Date: Sun, Mar 2, 2025 at 9:00 AM\nSubject: Old news\nTo: Marta <m@supplier.example>\n\nOld."
)
Refused = tuple[str, Written]


def _write(program: Program, head: Head, mail: Mail) -> Written:
    text = program.text(head, mail.body) if program.text else ""
    markup = program.html(head, mail.body) if program.html else ""
    return Written(program.subject(mail), text, markup)


def _with(head: Head, *more: Field) -> Head:
    """One line more, right below the sender."""
    at = next(n for n, field in enumerate(head.fields) if field.role == "from") + 1
    return replace(head, fields=(*head.fields[:at], *more, *head.fields[at:]))


def of_program(program: Program, code: str) -> Iterator[Refused]:
    """What a program writes where the sender cannot be told."""
    nobody = replace(native(code), address="", form="no address")
    yield "a name and no address", _write(program, program.head(nobody, code), nobody)
    inner = replace(nobody, body=_INNER)
    yield "a name, and a forward inside", _write(program, program.head(inner, code), inner)
    if program.plain:
        return
    mail = replace(native(code), form="two senders")
    yield "two senders in the line", _write(program, program.head(mail, code), mail)
    head = program.head(native(code), code)
    sender = next(field for field in head.fields if field.role == "from")
    if sender.value not in head.title:
        twice = _with(head, replace(sender, value=_OMAR))
        yield "two lines of the sender", _write(program, twice, native(code))
        none = tuple(field for field in head.fields if field.role != "from")
        yield "no line of the sender", _write(program, replace(head, fields=none), native(code))
    if program.text and not program.html:
        yield "text and html of two minds", _of_two_minds(program, head, sender)


def _of_two_minds(program: Program, head: Head, sender: Field) -> Written:
    mail = native("en")
    assert program.text is not None
    text = program.text(head, mail.body)
    other = text.replace(sender.value, _OMAR)
    rows = "<br>".join(linked(row) for row in other.split("\n"))
    return Written(program.subject(mail), text, f"<div>{rows}</div>")


def replies() -> Iterator[tuple[str, str, Written]]:
    """Answers, headed by a line with the author; nothing was forwarded."""
    for name, table in (("thunderbird", thunderbird.REPLIES), ("k-9", k9.REPLIES)):
        for code, (line,) in table.items():
            author = f"{NATIVE.get(code, 'Marta Quill')} <marta@supplier.example>"
            if name == "thunderbird":
                author = NATIVE.get(code, "Marta Quill")
            day = DATES[code][1].split(" ")[0] if code in DATES else "2025-03-03"
            head = line.replace("#1", author).replace("#2", day).replace("#3", "10:00")
            quote = "> Good morning,\n>\n> the goods leave us on Friday.\n>\n> Marta\n"
            body = f"Thank you.\n\nAna\n\n{head}\n{quote}"
            yield name, code, Written("Re: Delivery in week 12", body)


def journeys() -> Iterator[tuple[str, Written]]:
    """Own mails that list where a journey goes from and to, in the words of a header."""
    for code, (_title, subject, date, sender, to, *_more) in thunderbird.HEADS.items():
        rows = f"{sender}: Graz\n{to}: Wien\n{date}: {DATES.get(code, ('', '3.3.2025'))[1]}\n"
        more = f"{subject}: 2\n\nkiosk@else.example"
        yield code, Written("Reise", f"Ben,\n\n{rows}{more}\n\nAna\n")
