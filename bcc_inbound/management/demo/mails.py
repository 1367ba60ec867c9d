"""The mails that the demo's people send to an inbound address. Each shows one thing.

Message-IDs and dates are fixed, so that sending them twice changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from bcc_inbound.management.demo.directory import IGNORED, ONBOARDING, RENEWALS

WORKSPACE = ""
_FIRST = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)

ANA, BEN = "Ana Demo <ana@demo.example>", "Ben Demo <ben@demo.example>"
JANE = "Jane Okafor <jane.okafor@acme.example>"
TOMAS = "Tomas Lind <tomas.lind@harbour.example>"
MIA = "Mia Costa <mia.costa@lumen.example>"
PAUL = "Paul Weir <paul@riverside-bakery.example>"


@dataclass(frozen=True)
class DemoMail:
    """One mail and where it is sent: a project's name, or "" for the workspace's address.

    Without `to` it is written to that address itself.
    """

    place: str
    sender: str
    to: str
    subject: str
    text: str
    cc: str = ""
    answers: int | None = None


MAILS = (
    # Logged on Jane's profile: she is a contact of the project.
    DemoMail(
        ONBOARDING,
        ANA,
        JANE,
        "Your first week with us",
        "Hi Jane,\n\nthe accounts for your team are ready. Shall we go through the import on"
        " Tuesday at ten?\n\nBest\nAna",
    ),
    # Logged, and settles nothing: a customer's answer to all is accepted without a member.
    DemoMail(
        ONBOARDING,
        JANE,
        ANA,
        "Re: Your first week with us",
        "Tuesday at ten is fine. I bring Luis, he owns the old spreadsheets.\n\nJane",
        answers=0,
    ),
    # A contact is made: nobody knows Luis, but acme.example is Acme Tools.
    DemoMail(
        ONBOARDING,
        ANA,
        "Luis Ferrer <luis.ferrer@acme.example>",
        "Spreadsheets for the import",
        "Hello Luis,\n\nplease send the two spreadsheets as they are, we clean them here.\n\nAna",
        cc=JANE,
    ),
    # Unassigned: nobody knows Paul, and his domain is no company's.
    DemoMail(
        ONBOARDING,
        ANA,
        PAUL,
        "Good to meet you at the fair",
        "Hi Paul,\n\nas promised, the price list for a team of eight. The setup takes a day."
        "\n\nAna",
    ),
    # Unassigned with the original sender suggested: a forward.
    DemoMail(
        ONBOARDING,
        ANA,
        "",
        "Fwd: Logo files for the welcome page",
        "Please keep this with the project.\n\n"
        "---------- Forwarded message ---------\n"
        "From: Priya Raman <priya@raman-studio.example>\n"
        "Date: Thu, 19 Nov 2026 at 16:02\n"
        "Subject: Logo files for the welcome page\n"
        "To: Ana Demo <ana@demo.example>\n\n\n"
        "Hi Ana, the logo files are attached in three sizes. Priya",
    ),
    # Unassigned: an internal conversation that somebody meant to keep.
    DemoMail(
        ONBOARDING,
        BEN,
        ANA,
        "Who takes the Acme call?",
        "I am on the train on Tuesday. Can you take the call with Jane alone?\n\nBen",
    ),
    # Unassigned with a banner: the sender's domain is on the ignore list.
    DemoMail(
        ONBOARDING,
        BEN,
        f"Editors <letters@{IGNORED}>",
        "Please take us off the list",
        "We would rather not receive the weekly letter any more.\n\nBen",
        cc=JANE,
    ),
    DemoMail(
        RENEWALS,
        BEN,
        TOMAS,
        "Renewal for next year",
        "Hello Tomas,\n\nyour contract ends in January. The offer is unchanged: twelve seats,"
        " the same price.\n\nBen",
    ),
    DemoMail(
        RENEWALS,
        BEN,
        "Freight Desk <desk@harbour.example>",
        "Invoice address for the renewal",
        "Good morning,\n\nwhich address should the invoice for the renewal go to?\n\nBen",
        cc=TOMAS,
    ),
    # Needs project: Mia has a profile in both, and the workspace's address names neither.
    DemoMail(
        WORKSPACE,
        ANA,
        MIA,
        "Notes from our call",
        "Hi Mia,\n\ntwo points from today: the pilot starts in December, and the renewal waits"
        " for your budget.\n\nAna",
    ),
    # Held: nobody here knows the sender.
    DemoMail(
        ONBOARDING,
        "Website form <form@contact-forms.example>",
        "sales@demo.example",
        "New request from the website",
        "Name: Greta Holm\nCompany: Fjord Outdoor\nMessage: Please call me about a trial.",
    ),
    DemoMail(
        RENEWALS,
        BEN,
        "Sofia Berg <sofia.berg@kestrel.example>",
        "Questionnaire before the renewal",
        "Hello Sofia,\n\nhere are our answers to your questionnaire. Number seven is still open."
        "\n\nBen",
    ),
)


def write_mails() -> Iterator[tuple[DemoMail, EmailMessage]]:
    """Every mail as its sender's program would write it."""
    for number, mail in enumerate(MAILS):
        message = EmailMessage()
        message["From"] = mail.sender
        if mail.to:
            message["To"] = mail.to
        if mail.cc:
            message["Cc"] = mail.cc
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(_FIRST + timedelta(minutes=41 * number))
        message["Message-ID"] = message_id(number)
        if mail.answers is not None:
            message["In-Reply-To"] = message["References"] = message_id(mail.answers)
        message.set_content(mail.text)
        yield mail, message


def message_id(number: int) -> str:
    return f"<demo-{number:02}@mail.demo.example>"
