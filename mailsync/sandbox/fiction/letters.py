"""One row of the demo's tables, and the mail that it becomes."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

ANA, BEN = "Ana Demo <ana@demo.example>", "Ben Demo <ben@demo.example>"
JANE = "Jane Okafor <jane.okafor@acme.example>"
LUIS = "Luis Ferrer <luis.ferrer@acme.example>"
TOMAS = "Tomas Lind <tomas.lind@harbour.example>"
DESK = "Freight Desk <desk@harbour.example>"
MIA = "Mia Costa <mia.costa@lumen.example>"
HANA = "Hana Sato <hana.sato@lumen.example>"
SOFIA = "Sofia Berg <sofia.berg@kestrel.example>"
PRIYA = "Priya Raman <priya@raman-studio.example>"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `name` is what others of the table answer; `html` comes beside the text.

    `days` is how many days before the newest mail of the past it was written, and `hour` when.
    `machine` adds the header lines by which a machine is known.
    """

    name: str
    sender: str
    to: str
    subject: str
    text: str
    cc: str = ""
    answers: str = ""
    days: int = 0
    hour: int = 9
    html: str = ""
    machine: tuple[tuple[str, str], ...] = ()

    def write(self, at: datetime, thread: tuple[str, ...], mark: str) -> bytes:
        """The mail as its writer's program would send it; `thread` are the ids before it."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, self.to
        if self.cc:
            mail["Cc"] = self.cc
        mail["Subject"], mail["Date"] = self.subject, format_datetime(at)
        mail["Message-ID"] = self.message_id(mark)
        if thread:
            mail["In-Reply-To"], mail["References"] = thread[-1], " ".join(thread)
        for name, value in self.machine:
            mail[name] = value
        mail.set_content(self.text)
        if self.html:
            mail.add_alternative(self.html, subtype="html")
        return mail.as_bytes()

    def message_id(self, mark: str) -> str:
        """The same mail has the same id in every mailbox."""
        domain = parseaddr(self.sender)[1].partition("@")[2]
        return f"<{self.name}.{mark}@{domain}>"


def letter_list(address: str) -> tuple[tuple[str, str], ...]:
    """What a mailing list adds."""
    name, _, domain = address.partition("@")
    return (
        ("List-Id", f"<{name}.{domain}>"),
        ("List-Unsubscribe", f"<mailto:{name}-leave@{domain}>"),
        ("Precedence", "bulk"),
    )


AUTO_REPLY = (("Auto-Submitted", "auto-replied"), ("Precedence", "auto_reply"))
