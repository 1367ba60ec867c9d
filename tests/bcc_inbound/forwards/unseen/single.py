"""Programs that head a forward in English, whatever the language of their user."""

from collections.abc import Callable

from tests.bcc_inbound.forwards.shapes import Sample, Written
from tests.bcc_inbound.forwards.unseen.shapes import Program, english, lines
from tests.bcc_inbound.forwards.unseen.words import Words

Writer = Callable[[Sample, Words], Written]
_BIG_DATE = "Monday, March 3, 2025, 10:00:00 AM"


def _plain(
    above: str, order: str, *, below: str = "", prefix: str = "Fwd", date: str = "", gap: str = ": "
) -> Writer:
    def write(mail: Sample, words: Words) -> Written:
        pairs = english(mail, order, date=date) if date else english(mail, order)
        head = lines(pairs, gap)
        text = f"{above}{head}\n\n{mail.body}\n{below}"
        return Written(f"{prefix}: {mail.subject}", text)

    return write


def _horde(mail: Sample, words: Words) -> Written:
    head = lines(english(mail, "Date From Reply-To Subject To Cc"))
    text = (
        f"\n\n----- Forwarded message from {mail.sender} -----\n{head}\n\n{mail.body}\n"
        "\n----- End forwarded message -----\n"
    )
    return Written(f"Fwd: {mail.subject}", text)


def _squirrel(mail: Sample, words: Words) -> Written:
    pairs = english(mail, "Subject From Date To", date="Mon, March 3, 2025 10:00 am")
    head = "\n".join(f"{label + ':':<9}{value}" for label, value in pairs)
    text = f"{'-' * 28} Original Message {'-' * 28}\n{head}\n{'-' * 74}\n\n{mail.body}\n"
    return Written(f"[Fwd: {mail.subject}]", text)


def _notes(mail: Sample, words: Words) -> Written:
    pairs = english(mail, "From To Cc Date Subject", date="03/03/2025 10:00 AM")
    head = "\n".join(f"{label.lower() if label == 'Cc' else label}:\t{value}"
                     for label, value in pairs if value)  # fmt: skip
    text = f"\n----- Forwarded by Ana Alder/Ours on 03/03/2025 11:30 AM -----\n\n{head}\n\n\n"
    return Written(f"Fw: {mail.subject}", f"{text}{mail.body}\n")


def _notes_of_old(mail: Sample, words: Words) -> Written:
    """Notes 5: the writer and the time stand in one line, without a label."""
    text = (
        f"{'-' * 22} Forwarded by Ana Alder/Ours on 03/03/2025 11:30 AM {'-' * 27}\n\n\n"
        f"{mail.sender} on 03/03/2025 10:00:00 AM\n"
        f"To:   {mail.people('to')}\ncc:   {mail.people('cc')}\n\n"
        f"Subject:  {mail.subject}\n\n\n{mail.body}\n"
    )
    return Written(f"FW: {mail.subject}", text)


def _becky(mail: Sample, words: Words) -> Written:
    pairs = english(mail, "From To Cc Date Subject")
    head = "\n".join(f" {label + ':':<9}{value}" for label, value in pairs if value)
    text = (
        "Forwarded by Ana Alder <ana@ours.example>\n"
        f"{'-' * 23} Original Message {'-' * 23}\n{head}\n----\n\n{mail.body}\n"
        f"{'-' * 21} Original Message Ends {'-' * 20}\n"
    )
    return Written(f"Fw: {mail.subject}", text)


def _salesforce(mail: Sample, words: Words) -> Written:
    sender = f"{mail.name} [{mail.address}]" if mail.name else mail.address
    pairs = english(mail, "From Sent To Cc Subject", date="3/3/2025 10:00 AM", sender=sender)
    text = f"{'-' * 15} Original Message {'-' * 15}\n{lines(pairs)}\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _em_client(mail: Sample, words: Words) -> Written:
    pairs = english(mail, "From To Cc Date Subject", date="3/3/2025 10:00:00 AM")
    text = f"\n------ Forwarded Message ------\n{lines(pairs, ' ')}\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _delta(mail: Sample, words: Words) -> Written:
    text = f"-------- Forwarded Message --------\nFrom: {mail.sender}\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _naver(mail: Sample, words: Words) -> Written:
    name = f'"{mail.name.strip(chr(34))}"' if mail.name else ""
    pairs = english(
        mail, "From To Cc Sent Subject", joint="; ", date="2025-03-03 (월) 10:00:00 (GMT+09:00)",
        sender=f"{name}<{mail.address}>",
    )  # fmt: skip
    text = f"\n-----Original Message-----\n{lines(pairs)}\n \n{mail.body}\n"
    return Written(f"FW: {mail.subject}", text)


def _emacs(title: str, order: str) -> Writer:
    return _plain(f"{title.format('Start')}\n", order, below=f"{title.format('End')}\n")


_GNUS = f"{'-' * 20} {{}} of forwarded message {'-' * 20}"
_MEW = "------- {} of forwarded message -------"
_CUT = "===8<=============={}===============\n"


def _bat(mail: Sample, words: Words) -> Written:
    head = lines(english(mail, "From To Cc Date Subject", date=_BIG_DATE))
    text = (
        f"This is a forwarded message\n{head}\n\n{_CUT.format('Original message text')}"
        f"{mail.body}\n{_CUT.format('=End of original message text')}"
    )
    return Written(f"Fwd: {mail.subject}", text)


def _english(name: str, source: str, write: Writer, **facts: bool) -> Program:
    return Program(name, source, write, ("en",), **facts)


PROGRAMS = (
    _english("horde", "github.com/horde/imp, lib/Compose.php", _horde),
    _english("squirrelmail", "linux-kernel archive, 10 September 2003", _squirrel),
    _english("notes", "public mails of Notes 8 and later", _notes),
    _english("notes 5", "the Enron mails", _notes_of_old, plain=True),
    _english("becky", "public code that writes Becky's heading", _becky),
    _english("salesforce", "public cases: the address in brackets", _salesforce),
    _english("em client 9", "public mails: labels without a colon", _em_client, plain=True),
    _english("delta chat", "github.com/deltachat/deltachat-core, issue 8", _delta, plain=True),
    _english("naver", "public mails from naver.com", _naver),
    _english("gnus", "notmuch and list archives", _emacs(_GNUS, "From Subject To Date")),
    _english("mew and vm", "github.com/kazu-yamamoto/Mew", _emacs(_MEW, "Subject Date From To")),
    _english("the bat", "linux-dvb and cygwin archives", _bat),
    _english("claws and sylpheed", "netdev archive; claws-mail.org, templates",
             _plain("\n\nBegin forwarded message:\n\n", "Date From To Cc Subject")),
    _english("pine and alpine", "list archives",
             _plain("\n---------- Forwarded message ----------\n", "Date From To Cc Subject")),
    _english("opera mail", "list archives",
             _plain("\n------- Forwarded message -------\n", "From To Cc Subject Date")),
    _english("sogo", "github.com/Alinto/sogo, SOGoMailForward",
             _plain("\n-------- Original Message --------\n", "Subject Date From To Cc")),
    _english("aol", "public mails from aol.com",
             _plain("\n-----Original Message-----\n", "From To Cc Sent Subject",
                    date="Mon, Mar 3, 2025 10:00 am", prefix="Fwd")),
    _english("rackspace", "public mails of its web mailer",
             _plain("\n-----Original Message-----\n", "From Sent To Cc Subject",
                    date="Monday, March 3, 2025 10:00am", prefix="FW")),
    _english("airmail", "public mails: Reply stands below From",
             _plain("\n", "From Reply Date To Cc Subject",
                    date="March 3, 2025 at 10:00:00"), marked=False),
    _english("mailspring and nylas", "github.com/Foundry376/Mailspring, draft-factory",
             _plain("\n---------- Forwarded Message ---------\n\n", "From Subject Date To Cc",
                    date="Mar 3 2025, at 10:00 am")),
    _english("bluemail and typeapp", "public mails of the phone program",
             _plain("\n---------- Forwarded message ----------\n", "From Date Subject To",
                    date="Mar 3, 2025, at 10:00 AM")),
    _english("mailbird", "public mails of the program",
             _plain("\n------ Forwarded Message ------\n", "From To Cc Sent Subject",
                    date="3/3/2025 10:00:00 AM")),
    _english("proton with a day in words", "public test suites",
             _plain("\n------- Forwarded Message -------\n", "From Date Subject To",
                    date="On Monday, March 3rd, 2025 at 10:00 AM")),
    _english("front and hey", "public mails: Gmail's line",
             _plain("\n---------- Forwarded message ---------\n", "From Date Subject To Cc",
                    date="March 3, 2025 at 10:00 AM GMT+1")),
    _english("tuta", "github.com/tutao/tutanota, ResponseUtils: a rule and the header",
             _plain("\n---\n", "Date From To Cc Subject", date="Mon, Mar 3, 2025, 10:00 AM")),
)  # fmt: skip
