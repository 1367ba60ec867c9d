"""The doors through which mail addressed to us comes: SMTP, and providers' requests over HTTP."""

import smtplib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from typing import Protocol

import requests

from tests.bcc_inbound import payloads
from tests.bcc_inbound.payloads import SECRET, Sent
from tests.bcc_inbound.senders.signing import SELECTOR, publish_key, signed
from tests.dns_server import DnsServer


class HandOver(Protocol):
    """Gives a mail to the product; `proven` is whether something shows that it is its sender's."""

    def __call__(self, to: str, raw: bytes, *, sender: str, proven: bool = True) -> None: ...


@dataclass(frozen=True)
class Letter:
    """A mail on its way through a provider; `number` is the provider's own name for it."""

    to: str
    raw: bytes
    sender: str
    proven: bool
    number: str

    @property
    def domain(self) -> str:
        return self.sender.partition("@")[2]

    @property
    def author(self) -> str:
        return str(message_from_bytes(self.raw)["From"])


def by_smtp(port: int) -> HandOver:
    """The listener. Only 127.0.0.1 is trusted to have checked its senders."""

    def hand_over(to: str, raw: bytes, *, sender: str, proven: bool = True) -> None:
        peer = ("127.0.0.1" if proven else "127.0.0.2", 0)
        with smtplib.SMTP("127.0.0.1", port, timeout=30, source_address=peer) as client:
            assert client.sendmail(sender, [to], raw) == {}

    return hand_over


def by_webhook(web: str, provider: str, dns: DnsServer) -> HandOver:
    """The provider's request to the web server at this address, signed as the provider signs.

    Where the provider finds out nothing about senders, their own domains sign their mail.
    """

    def hand_over(to: str, raw: bytes, *, sender: str, proven: bool = True) -> None:
        letter = Letter(to, raw, sender, proven, uuid.uuid4().hex)
        if (f"{SELECTOR}._domainkey.{letter.domain}", "TXT") not in dns.records:
            publish_key(dns, letter.domain)
        assert post(web, MAKE[provider](letter)).status_code == 200

    return hand_over


def post(web: str, sent: Sent) -> requests.Response:
    """One request of a provider, as it stands."""
    address = f"{web}/hooks/inbound/{sent.provider}/{PATHS.get(sent.provider, '')}{sent.query}"
    headers = {**sent.headers, "Content-Type": sent.content_type}
    return requests.post(address, sent.body, headers=headers, timeout=30)


def settings() -> dict[str, str]:
    """What opens the doors of these providers."""
    return {
        "INBOUND_MAILGUN_SIGNING_KEY": SECRET,
        "INBOUND_POSTMARK_SECRET": SECRET,
        "INBOUND_SES_TOPICS": payloads.TOPIC,
    }


def _mailgun(letter: Letter) -> Sent:
    return payloads.mailgun(letter.to, _signed(letter), token=letter.number, sender=letter.sender)


def _postmark(letter: Letter) -> Sent:
    return payloads.postmark(letter.to, _signed(letter), MessageID=letter.number)


def _ses(letter: Letter) -> Sent:
    return payloads.ses(
        letter.to,
        raw=letter.raw,
        verdict="PASS" if letter.proven else "FAIL",
        author=letter.author,
        sender=letter.sender,
        name=letter.number,
    )


def _signed(letter: Letter) -> bytes:
    return signed(letter.raw, letter.domain) if letter.proven else letter.raw


# Mailgun sends a mail as it was only to an address that ends like this.
PATHS = {"mailgun": "mime"}
MAKE: dict[str, Callable[[Letter], Sent]] = {
    "mailgun": _mailgun,
    "postmark": _postmark,
    "ses": _ses,
}
