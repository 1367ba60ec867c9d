"""What we read out of a request is what django-anymail reads out of it, provider by provider.

Its parser is the second opinion here and not in the door: it reads whole mails with the standard
library in the web process, and what it writes out again no longer fits a DKIM signature.
"""

import json
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView
from anymail.webhooks.mailersend import MailerSendInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.test import RequestFactory

from bcc_inbound.webhooks.posts import Hook, Post
from bcc_inbound.webhooks.providers import PROVIDERS
from tests.bcc_inbound import payloads
from tests.bcc_inbound.conftest import a_mail, deliveries, process_all
from tests.bcc_inbound.payloads import Sent
from tests.bcc_inbound.test_webhooks import post, world

__all__ = ["world"]

TO = "one-abc@in.example"
RAW = bytes(a_mail(message_id="<1@ours.example>")).replace(b"\n", b"\r\n")
VIEWS = {
    "mailgun": MailgunInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "sendgrid": SendGridInboundWebhookView,
    "ses": AmazonSESInboundWebhookView,
    "mailjet": MailjetInboundWebhookView,
    "sparkpost": SparkPostInboundWebhookView,
    "mailersend": MailerSendInboundWebhookView,
}


@pytest.mark.parametrize(
    "sent",
    [
        payloads.mailgun(TO, RAW),
        payloads.mailgun_parsed(TO),
        payloads.postmark(TO, RAW),
        payloads.postmark(TO),
        payloads.sendgrid(TO, raw=RAW),
        payloads.sendgrid(TO),
        payloads.ses(TO, raw=RAW),
        payloads.mailjet(TO),
        payloads.sparkpost(TO, RAW, encoded=True),
        payloads.mailersend(TO, raw=RAW),
    ],
    ids=lambda sent: sent.provider,
)
def test_two_readers_of_one_request_agree(sent: Sent) -> None:
    theirs = read_by_anymail(sent)
    (ours,) = read_by_us(sent)
    assert ours.recipients == (theirs.envelope_recipient,)
    assert ours.envelope_sender == theirs.envelope_sender
    mail = message_from_bytes(ours.raw, policy=policy.default)
    for name in ("From", "To", "Subject"):
        assert str(mail[name]).replace('"', "") == str(theirs[name]).replace('"', "")
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().strip() == (theirs.text or "").strip()
    mine = [one.get_content() for one in mail.iter_attachments()]
    assert mine == [one.get_content_text() for one in theirs.attachments]


def read_by_us(sent: Sent) -> list[Post]:
    return PROVIDERS[sent.provider].read(Hook(sent.body, sent.headers, sent.content_type, {}))


def read_by_anymail(sent: Sent) -> Any:
    view = VIEWS[sent.provider]
    # Made without its constructor, which asks for settings of its own.
    reader = view.__new__(view)
    request = RequestFactory().post("/", sent.body, content_type=sent.content_type)
    if sent.provider == "ses":
        message = json.loads(sent.body)
        return reader.esp_to_anymail_events(json.loads(message["Message"]), message)[0].message
    return reader.parse_events(request)[0].message


@pytest.fixture
def resend(settings: Any) -> Iterator[SimpleNamespace]:
    """Resend's API on a real socket: an email, and its raw text behind a link."""
    seen = SimpleNamespace(asked=[], status=200)

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.asked.append((self.path, self.headers.get("Authorization", "")))
            link = f"{settings.RESEND_API_ROOT}/raw"
            body = RAW if self.path == "/raw" else json.dumps({"raw": {"download_url": link}})
            self.send_response(seen.status)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else body.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.RESEND_API_ROOT = f"http://127.0.0.1:{server.server_port}"
    yield seen
    server.shutdown()
    server.server_close()


def test_what_resend_only_names_is_fetched_and_its_key_goes_nowhere_else(
    world: SimpleNamespace, resend: SimpleNamespace
) -> None:
    assert [post(payloads.resend(world.to_one)) for _ in range(3)] == [200] * 3
    process_all(world)
    (one,) = deliveries(world)
    assert (one.source, one.header_from) == ("resend", "ana@ours.example")
    (email, key), (raw, none) = resend.asked[:2]
    assert email == "/emails/receiving/56761188-7520-42d8-8898-ff6fc54ce618"
    assert (key.startswith("Bearer "), raw, none) == (True, "/raw", "")


def test_an_api_that_fails_is_a_passing_fault(
    world: SimpleNamespace, resend: SimpleNamespace
) -> None:
    resend.status = 500
    assert post(payloads.resend(world.to_one)) == 503
    assert deliveries(world) == []


@pytest.mark.parametrize("age", [301, -301])
def test_an_old_event_of_resend_is_refused(
    world: SimpleNamespace, resend: SimpleNamespace, age: int
) -> None:
    assert post(payloads.resend(world.to_one, age=age)) == 401
    assert resend.asked == []
