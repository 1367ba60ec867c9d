"""Guessing: ten thousand wrong addresses cost no row, and a wrong one looks like a right one."""

import smtplib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from django.db import connection

from bcc_inbound.models import WebhookReceipt
from bcc_inbound.selectors import find_route
from bcc_inbound.services.accept_post import accept_post
from bcc_inbound.smtp_door import UNKNOWN
from tests.bcc_inbound import payloads
from tests.bcc_inbound.conftest import Server, a_mail, deliveries
from tests.bcc_inbound.payloads import SECRET, Sent

RAW = bytes(a_mail()).replace(b"\n", b"\r\n")
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def wrong_addresses(cast: SimpleNamespace, count: int) -> Iterator[str]:
    """Addresses of the very form of a right one, each with a token that nobody was given."""
    local, _, domain = cast.to_one.partition("@")
    name, _, token = local.rpartition("-")
    for number in range(count):
        digits = "".join(LETTERS[number >> shift & 31] for shift in (0, 5, 10))
        yield f"{name}-{digits}{token[:2:-1]}@{domain}"


def written_rows() -> int:
    """How many rows this transaction has written so far, in any table of any workspace."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_xact_user_tables"
        )
        return int(cursor.fetchone()[0])


def test_ten_thousand_wrong_addresses_write_no_row(live: SimpleNamespace) -> None:
    before = written_rows()
    for number, wrong in enumerate(wrong_addresses(live, 10_000)):
        given = accept_post(
            "mailgun",
            recipients=[wrong],
            envelope_sender="eve@evil.example",
            raw=RAW,
            event=f"token {number}",
            reported=(),
            rebuilt=False,
        )
        assert given == []
    assert written_rows() == before
    assert find_route(live.to_one) is not None
    accept_post(
        "mailgun",
        recipients=[live.to_one],
        envelope_sender="eve@evil.example",
        raw=RAW,
        event="token",
        reported=(),
        rebuilt=False,
    )
    assert written_rows() == before + 2, "A right one writes the delivery and the receipt."


def test_the_listener_answers_every_wrong_address_alike(
    live: SimpleNamespace, server: Server
) -> None:
    said = set()
    for some in range(3):
        with server.client() as client:
            client.ehlo("evil.example")
            client.mail("eve@evil.example")
            for number, wrong in enumerate(wrong_addresses(live, 300)):
                if number % 3 == some:
                    said.add(_rcpt(client, wrong))
    assert said == {UNKNOWN}
    assert deliveries(live) == []


def _rcpt(client: smtplib.SMTP, address: str) -> str:
    code, text = client.rcpt(address)
    if code == 421:
        pytest.fail(f"The listener hung up: {text!r}")
    return f"{code} {text.decode()}"


@pytest.mark.parametrize("provider", ["mailgun", "postmark", "raw"])
def test_a_webhook_answers_a_wrong_address_like_a_right_one(
    transactional_db: None, live: SimpleNamespace, live_server: Any, settings: Any, provider: str
) -> None:
    for name in ("MAILGUN_SIGNING_KEY", "POSTMARK_SECRET", "RAW_SECRET"):
        setattr(settings, f"INBOUND_{name}", [SECRET])
    asked = requests.Session()
    said = {
        _said(asked, live_server.url, sent_to(provider, wrong, number))
        for number, wrong in enumerate(wrong_addresses(live, 100))
    }
    assert deliveries(live) == []
    assert WebhookReceipt.objects.count() == 0
    assert said == {_said(asked, live_server.url, sent_to(provider, live.to_one, 100))}
    assert len(deliveries(live)) == 1


def sent_to(provider: str, to: str, number: int) -> Sent:
    if provider == "mailgun":
        return payloads.mailgun(to, RAW, token=f"token-{number}")
    if provider == "postmark":
        return payloads.postmark(to, RAW, MessageID=str(number))
    return payloads.raw_mime(to, raw=RAW)


def _said(asked: requests.Session, url: str, sent: Sent) -> str:
    """Everything that the answer tells, but the time of day."""
    answer = asked.post(
        f"{url}/hooks/inbound/{sent.provider}/{sent.query}",
        sent.body,
        headers={**sent.headers, "Content-Type": sent.content_type},
        timeout=20,
    )
    headers = {name: value for name, value in answer.headers.items() if name != "Date"}
    return f"{answer.status_code} {answer.reason} {headers} {answer.text}"
