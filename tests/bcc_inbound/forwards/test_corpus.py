"""The measure of the reader of forwards: every client, in each language, with each oddity."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle

from activities.mail.forward import Forward
from activities.mail.sanitise import sanitise
from bcc_inbound.forwarded import read_forward
from tests.bcc_inbound.forwards.clients import CLIENTS
from tests.bcc_inbound.forwards.languages import LANGUAGES
from tests.bcc_inbound.forwards.oddities import ODDITIES, QUOTING
from tests.bcc_inbound.forwards.samples import SAMPLES
from tests.bcc_inbound.forwards.shapes import Client, Language, Sample, Written

LEAST_FOUND = 0.95
LEAST_CASES = 600
LEAST_LANGUAGES = 22


@dataclass(frozen=True)
class Case:
    client: Client
    language: Language
    oddity: str
    mail: Sample
    written: Written

    @property
    def name(self) -> str:
        return f"{self.client.name} | {self.language.code} | {self.oddity} | {self.mail.address}"


def cases() -> Iterator[Case]:
    """Every client in each of its languages: all mails as they are, and a mail for each oddity."""
    turn = cycle(SAMPLES)
    for client in CLIENTS:
        oddities = ODDITIES if client.name == "windows mail" else ODDITIES | QUOTING
        for language in filter(client.speaks, LANGUAGES):
            for name, odd in oddities.items():
                for mail in SAMPLES if name == "as it is" else (next(turn),):
                    written = odd(client.write(mail, language), mail, language)
                    yield Case(client, language, name, mail, written)


@cache
def readings() -> list[tuple[Case, Forward | None]]:
    return [(case, read(case.written)) for case in cases()]


def say(text: str) -> None:
    """Tell the measure to whoever runs the test with -s."""
    sys.stdout.write(f"\n{text}")


def read(written: Written) -> Forward | None:
    html = sanitise(written.html).html if written.html else ""
    return read_forward(
        written.text, html=html, subject=written.subject, forwarder="ana@ours.example"
    )


def test_the_original_sender_is_found_and_nobody_else_is_ever_named() -> None:
    missed, wrong = [], []
    every = len(readings())
    for case, found in readings():
        sender = found.sender if found else ""
        if not sender:
            missed.append(case)
        elif sender != case.mail.address:
            wrong.append((case, sender))
    rate = 1 - len(missed) / every
    say(f"forwards: {every} cases, found {rate:.2%}, wrong {len(wrong)}")
    most = Counter((one.client.name, one.language.code) for one in missed)
    say(f"missed most: {most.most_common(12)}")
    assert every >= LEAST_CASES
    assert len({one.code for one in LANGUAGES}) >= LEAST_LANGUAGES
    assert not wrong, [f"{case.name}: {sender}" for case, sender in wrong[:10]]
    assert rate >= LEAST_FOUND, [case.name for case in missed[:10]]


def test_name_subject_date_and_recipients_are_read_with_the_sender() -> None:
    every = Counter[str]()
    right = Counter[str]()
    for case, found in readings():
        if found is None or not found.sender or case.client.name in {"windows mail", "yandex"}:
            continue
        original, mail = found.outermost, case.mail
        name = " ".join(mail.name.partition("(")[0].split())
        readers = tuple(address for _name, address in mail.to)
        for what, good in (
            ("name", original.name == name),
            ("subject", original.subject == " ".join(mail.subject.split())),
            ("readers", original.to == readers),
            ("date", original.sent_at is not None or original.written_at is not None),
        ):
            every[what] += 1
            right[what] += good
    rates = {what: right[what] / every[what] for what in every}
    say(f"fields: { {what: f'{rate:.2%}' for what, rate in rates.items()} }")
    assert min(rates["name"], rates["subject"], rates["readers"]) >= LEAST_FOUND
    assert rates["date"] >= 0.80
