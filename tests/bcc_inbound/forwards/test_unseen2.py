"""The measure of the second unseen part, told apart from the rest; see unseen2/README.md."""

import html
from collections import Counter
from functools import cache

from activities.mail.message import ParsedAttachment
from activities.mail.sanitise import sanitise
from bcc_inbound.forwarded import read_forward
from tests.bcc_inbound.forwards.test_corpus import say
from tests.bcc_inbound.forwards.unseen2.cases import Case, cases
from tests.bcc_inbound.forwards.unseen2.post import opened, sent

LEAST_FOUND = 0.95
LEAST_CASES = 6000
LEAST_LANGUAGES = 90
VERDICTS = ("found", "not sure", "wrong")


def same(one: str, other: str) -> bool:
    """Compare addresses as mail does: without case, the domain as it is sent."""
    return _plain(one) == _plain(other)


def _plain(address: str) -> str:
    local, _, domain = address.casefold().rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def named(case: Case) -> str:
    """The sender that the reader names; "" where it is not sure."""
    written = case.written
    files = [
        ParsedAttachment("mail.eml", "message/rfc822", len(mail), "", mail) for mail in case.mails
    ]
    markup = sanitise(written.html).html if written.html else ""
    found = read_forward(
        written.text,
        html=markup,
        subject=written.subject,
        forwarder="ana@ours.example",
        attachments=files,
    )
    return found.sender if found else ""


def verdict(case: Case, sender: str) -> str:
    """Where nobody is expected, naming nobody is what is found."""
    if case.expected:
        right = bool(sender) and same(sender, case.expected)
        return "found" if right else "wrong" if sender else "not sure"
    return "found" if not sender or same(sender, case.fine or "@") else "wrong"


@cache
def results() -> tuple[tuple[Case, str, str], ...]:
    """Each case, who is named, and what that is worth."""
    pairs = [(case, named(case)) for case in cases()]
    return tuple((case, sender, verdict(case, sender)) for case, sender in pairs)


def tell(title: str, key: str, *, somebody: bool) -> None:
    """One line for each program, language or oddity: cases, found, not sure, wrong."""
    table: dict[str, Counter[str]] = {}
    for case, _sender, worth in results():
        if bool(case.expected) is somebody:
            table.setdefault(getattr(case, key), Counter())[worth] += 1
    whom = "" if somebody else ", nobody expected"
    say(f"by {title}{whom}: cases found not-sure wrong")
    for name, count in sorted(table.items()):
        say(f"  {name}: {count.total()} " + " ".join(str(count[one]) for one in VERDICTS))


def test_the_second_unseen_part_is_found_and_nobody_else_is_ever_named() -> None:
    somebody = Counter(worth for case, _sender, worth in results() if case.expected)
    nobody = Counter(worth for case, _sender, worth in results() if not case.expected)
    rate = somebody["found"] / somebody.total()
    say(
        f"second unseen forwards: {somebody.total()} cases, found {somebody['found']} ({rate:.2%}),"
        f" not sure {somebody['not sure']}, wrong {somebody['wrong']}; of {nobody.total()} in which"
        f" nobody may be named {nobody['wrong']} named somebody"
    )
    for key, title in (("program", "program"), ("code", "language"), ("oddity", "oddity")):
        tell(title, key, somebody=True)
    tell("oddity", "oddity", somebody=False)
    tell("program", "program", somebody=False)
    wrong = [(case, sender) for case, sender, worth in results() if worth == "wrong"]
    missed = [case for case, _sender, worth in results() if worth == "not sure"]
    assert not wrong, [f"{case.name}: {sender}" for case, sender in wrong[:10]]
    assert rate >= LEAST_FOUND, [case.name for case in missed[:10]]


def test_every_case_is_another_mail_and_holds_the_sender_that_is_expected() -> None:
    every = cases()
    assert len(every) >= LEAST_CASES
    assert len({(case.written, case.mails) for case in every}) == len(every)
    assert len({case.code for case in every}) >= LEAST_LANGUAGES
    for case in every:
        hung = b"".join(case.mails).decode("utf-8", "replace")
        whole = f"{case.written.text}{html.unescape(case.written.html)}{hung}"
        assert case.expected.casefold() in whole.casefold(), case.name


def test_no_way_of_encoding_changes_a_mail() -> None:
    for number, case in enumerate(cases()[::5]):
        again, mails = opened(sent(case.written, case.code, number, case.mails))
        text = case.written.text.replace("\r\n", "\n")
        assert again.text.rstrip("\n") == text.rstrip("\n"), case.name
        assert again.html.rstrip("\n") == case.written.html.rstrip("\n"), case.name
        assert again.subject == case.written.subject, case.name
        assert mails == case.mails, case.name
