"""The measure of the unseen third, told apart from the rest; see unseen/README.md."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle

import pytest

from bcc_inbound.forwarded import read_forward
from tests.bcc_inbound.forwards.shapes import Sample, Written
from tests.bcc_inbound.forwards.test_corpus import read, say
from tests.bcc_inbound.forwards.unseen import many, national, single
from tests.bcc_inbound.forwards.unseen.mails import MAILS
from tests.bcc_inbound.forwards.unseen.oddities import HTML, TEXT, in_html
from tests.bcc_inbound.forwards.unseen.refused import REFUSED
from tests.bcc_inbound.forwards.unseen.shapes import Program
from tests.bcc_inbound.forwards.unseen.words import Words

PROGRAMS = many.PROGRAMS + single.PROGRAMS + national.PROGRAMS
LEAST_FOUND = 0.95
LEAST_CASES = 3000
LEAST_NEW_LANGUAGES = 8


@dataclass(frozen=True)
class Case:
    program: Program
    words: Words
    oddity: str
    mail: Sample
    written: Written

    @property
    def name(self) -> str:
        return f"{self.program.name} | {self.words.code} | {self.oddity} | {self.mail.address}"


def written(program: Program, words: Words, mail: Sample) -> Iterator[tuple[str, Written]]:
    """A mail as the program writes it, then as each oddity leaves it."""
    plain = program.write(mail, words)
    if not plain.text:
        yield "html", plain
        return
    for odd in TEXT:
        if odd.fits(program) and words.code in (odd.codes or (words.code,)):
            yield odd.name, replace(plain, text=odd.change(plain.text, mail))
    for name, form in {} if program.plain else HTML.items():
        yield name, in_html(plain, form)


def cases() -> Iterator[Case]:
    """All mails as they are; of the oddities one mail each, in turn."""
    turn = cycle(MAILS)
    for program in PROGRAMS:
        for words in program.languages():
            for mail in MAILS:
                name, first = next(written(program, words, mail))
                yield Case(program, words, name, mail, first)
            number = len(list(written(program, words, MAILS[0])))
            for index in range(1, number):
                mail = next(turn)
                name, odd = list(written(program, words, mail))[index]
                yield Case(program, words, name, mail, odd)


def same(one: str, other: str) -> bool:
    """Compare addresses as mail does: without case, the domain as it is sent."""
    return _plain(one) == _plain(other)


def _plain(address: str) -> str:
    local, _, domain = address.casefold().rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


@cache
def results() -> list[tuple[Case, str]]:
    """Each case and the sender that the reader names; "" where it is not sure."""
    return [(case, found.sender if (found := read(case.written)) else "") for case in cases()]


def tell(title: str, key: int) -> None:
    """One line for each program or language: cases, found, not sure, wrong."""
    table: dict[str, Counter[str]] = {}
    for case, sender in results():
        name = (case.program.name, case.words.code, case.oddity)[key]
        verdict = "found" if same(sender or "@", case.mail.address) else "not sure"
        if sender and verdict != "found":
            verdict = "wrong"
        table.setdefault(name, Counter())[verdict] += 1
    say(f"by {title}: cases found not-sure wrong")
    for name, count in sorted(table.items(), key=lambda item: item[0]):
        say(f"  {name}: {count.total()} {count['found']} {count['not sure']} {count['wrong']}")


def test_the_unseen_third_is_found_and_nobody_else_is_ever_named() -> None:
    missed = [case for case, sender in results() if not sender]
    wrong = [
        (case, sender)
        for case, sender in results()
        if sender and not same(sender, case.mail.address)
    ]
    every = len(results())
    rate = 1 - (len(missed) + len(wrong)) / every
    say(
        f"unseen forwards: {every} cases, found {every - len(missed) - len(wrong)} ({rate:.2%}), "
        f"not sure {len(missed)}, wrong {len(wrong)}"
    )
    for key, title in enumerate(("program", "language", "oddity")):
        tell(title, key)
    assert every >= LEAST_CASES
    assert not wrong, [f"{case.name}: {sender}" for case, sender in wrong[:10]]
    assert rate >= LEAST_FOUND, [case.name for case in missed[:10]]


@pytest.mark.parametrize("name", REFUSED)
def test_nobody_is_named_in_the_unseen_third(name: str) -> None:
    subject, text = REFUSED[name]
    found = read_forward(text, subject=subject)
    assert found is None or found.sender == "", found


def test_a_name_that_is_another_address_is_never_taken_for_the_sender() -> None:
    mail = Sample('"omar@globex.example"', "marta@supplier.example", "Prices", "Hello")
    for program in PROGRAMS:
        for words in program.languages():
            found = read(program.write(mail, words))
            assert found is None or found.sender in {"", mail.address}, program.name


def test_there_is_enough_of_it() -> None:
    assert len(REFUSED) >= 40
    codes = {case.words.code for case, _sender in results()}
    assert len(codes & {words.code for words in many.NEW}) >= LEAST_NEW_LANGUAGES
