"""All cases of the second unseen part."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import count

from tests.bcc_inbound.forwards.shapes import Written
from tests.bcc_inbound.forwards.unseen2 import attached, refused, single, translated
from tests.bcc_inbound.forwards.unseen2.by_hand import BY_HAND
from tests.bcc_inbound.forwards.unseen2.mails import (
    HTML_FORMS,
    MAILS,
    TEXT_FORMS,
    WIDE,
    Mail,
    native,
)
from tests.bcc_inbound.forwards.unseen2.oddities import HTML, SET, TEXT
from tests.bcc_inbound.forwards.unseen2.post import opened, sent
from tests.bcc_inbound.forwards.unseen2.shapes import Program

PROGRAMS = translated.PROGRAMS + single.PROGRAMS
ODDITIES, FORMS, SETTINGS, OWN = 5, 2, 1, 2


@dataclass(frozen=True)
class Case:
    """A mail as its reader opens it; `expected` is the sender, or "" where it is nobody.

    `fine` is somebody who may be named where nobody need be, `mails` are those that hang on it.
    """

    program: str
    code: str
    oddity: str
    expected: str
    written: Written
    raw: bytes = b""
    fine: str = ""
    mails: tuple[bytes, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.program} | {self.code} | {self.oddity} | {self.expected}"


def _draw(program: Program, code: str, mail: Mail) -> tuple[str, str]:
    head = program.head(mail, code)
    text = program.text(head, mail.body) if program.text else ""
    return text, program.html(head, mail.body) if program.html else ""


def _as_they_are(program: Program, code: str, turn: Iterator[int]) -> Iterator[tuple]:
    """The mail of somebody of that language, then others in turn."""
    mails = [native(code)] + [MAILS[next(turn) % len(MAILS)] for _ in range(OWN)]
    for mail in mails:
        yield "as it is", mail.address, mail, *_draw(program, code, mail)


def _forms(program: Program, code: str, turn: Iterator[int]) -> Iterator[tuple]:
    if program.plain or "incredimail" in program.name:
        return
    forms = TEXT_FORMS if program.text else HTML_FORMS
    for _ in range(FORMS):
        form = forms[next(turn) % len(forms)]
        mail = replace(native(code), form=form)
        yield f"sender: {form}", mail.address, mail, *_draw(program, code, mail)


def _changed_text(program: Program, code: str, turn: Iterator[int]) -> Iterator[tuple]:
    for _ in range(ODDITIES):
        number = next(turn)
        odd = TEXT[number % len(TEXT)]
        mail = native(code) if number % 3 else MAILS[number % len(MAILS)]
        if odd.name == "wrapped":
            mail = WIDE[number % len(WIDE)]
        if odd.fields and program.plain:
            continue
        text, _none = _draw(program, code, mail)
        yield odd.name, odd.outer or mail.address, mail, odd.change(text, mail), ""


def _set(program: Program, code: str, turn: Iterator[int]) -> Iterator[tuple]:
    """What is text, set in HTML by a program that came after; alone, and beside the text."""
    for number in (next(turn) for _ in range(SETTINGS)):
        mail = native(code)
        name = list(SET)[number % len(SET)]
        text, _none = _draw(program, code, mail)
        markup = SET[name](text)
        yield name, mail.address, mail, "", markup
        yield f"{name}, beside the text", mail.address, mail, text, markup


def _changed_html(program: Program, code: str, turn: Iterator[int]) -> Iterator[tuple]:
    for _ in range(ODDITIES):
        number = next(turn)
        name = list(HTML)[number % len(HTML)]
        mail = native(code) if number % 3 else MAILS[number % len(MAILS)]
        _none, markup = _draw(program, code, mail)
        yield f"html: {name}", mail.address, mail, "", HTML[name](markup)


def _of(program: Program, code: str, turn: Iterator[int]) -> Iterator[Case]:
    parts = [_as_they_are, _forms]
    parts += [_changed_text, _set] if program.text else [_changed_html]
    for part in parts:
        for oddity, expected, mail, text, markup in part(program, code, turn):
            written = Written(program.subject(mail), text, markup)
            yield Case(program.name, code, oddity, expected, written)


def _refused() -> Iterator[Case]:
    turn = count()
    for program in PROGRAMS:
        for code in program.codes:
            kinds = list(refused.of_program(program, code))
            for name, written in (kinds[0], kinds[1 + next(turn) % (len(kinds) - 1)]):
                fine = "marta@supplier.example" if name == "two senders in the line" else ""
                yield Case(program.name, code, name, "", written, fine=fine)
    for name, code, written in refused.replies():
        yield Case(name, code, "a reply", "", written)
    for code, written in refused.journeys():
        yield Case("own mail", code, "a journey", "", written)
    for name, (subject, text) in BY_HAND.items():
        yield Case("by hand", "en", name, "", Written(subject, text))
    for name, code, expected, mails in attached.cases():
        written = Written("Fwd: Delivery", "See attached.\n\nAna\n")
        yield Case("an attached mail", code, name, expected, written, mails=mails)


@cache
def cases() -> tuple[Case, ...]:
    """Each case once, after it has travelled as bytes."""
    turn = count()
    made = [
        case for program in PROGRAMS for code in program.codes for case in _of(program, code, turn)
    ]
    seen: set[tuple] = set()
    found = []
    for number, case in enumerate([*made, *_refused()]):
        raw = sent(case.written, case.code, number, case.mails)
        written, mails = opened(raw, windows=case.oddity == "windows line ends")
        if (written, mails) not in seen:
            found.append(replace(case, written=written, raw=raw, mails=mails))
        seen.add((written, mails))
    return tuple(found)
