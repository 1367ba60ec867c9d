"""A provider that sends again: at once, after our database was gone, and hours later."""

from datetime import timedelta

import pytest
import requests
from django.db.models import F

from accounts import tenancy
from activities.models import Activity
from bcc_inbound.models import Delivery, WebhookReceipt
from tests.bcc_inbound import payloads
from tests.bcc_inbound.payloads import Sent
from tests.bcc_inbound.senders.signing import publish_key, signed
from tests.dns_server import DnsServer
from tests.gate import Gate
from tests.journeys.inbound_doors import post
from tests.journeys.people import Mail, write
from tests.journeys.stage import Scene

HOURS = 8
"""Mailgun tries for so long; what it signed at first has this age by then."""


@pytest.fixture
def mail(scene: Scene, dns_server: DnsServer) -> Mail:
    """Ana's mail to a contact, as her domain signs it."""
    scene.contact("Jane", "jane@client.example", "One")
    dns_server.clear()
    publish_key(dns_server, "ours.example")
    plain = write("Ana <ana@ours.example>", "jane@client.example")
    return Mail(plain.subject, plain.message_id, signed(plain.raw, "ours.example"))


def sent_by(provider: str, scene: Scene, mail: Mail) -> Sent:
    """The request, signed eight hours ago where the provider signs with a time."""
    to = scene.inbound("One")
    if provider == "mailgun":
        return payloads.mailgun(to, mail.raw, age=HOURS * 3600)
    if provider == "postmark":
        return payloads.postmark(to, mail.raw)
    return payloads.ses(to, raw=mail.raw, age=HOURS * 3600)


def let_hours_pass(scene: Scene) -> None:
    """What is stored is as old as if the provider had waited."""
    later = F("received_at") - timedelta(hours=HOURS)
    with tenancy.in_workspace(scene.id):
        assert Delivery.objects.update(received_at=later) == 1
    WebhookReceipt.objects.update(received_at=later)


def is_logged_once(scene: Scene, mail: Mail) -> None:
    scene.logs(mail, "Jane in One")
    scene.is_quiet()
    assert scene.timeline("Jane") == [mail.subject]
    assert (scene.count(Activity), scene.count(Delivery)) == (1, 1)


@pytest.mark.parametrize("provider", ["mailgun", "postmark", "ses"])
def test_a_request_five_times_and_again_hours_later_is_one_activity(
    scene: Scene, web: str, mail: Mail, provider: str
) -> None:
    sent = sent_by(provider, scene, mail)
    assert [post(web, sent).status_code for _ in range(5)] == [200] * 5
    is_logged_once(scene, mail)
    let_hours_pass(scene)
    assert post(web, sent).status_code == 200
    is_logged_once(scene, mail)


@pytest.mark.parametrize("provider", ["mailgun", "ses"])
def test_what_came_while_the_database_was_gone_is_logged_once_when_it_comes_again(
    scene: Scene, web: str, gate: Gate, mail: Mail, provider: str
) -> None:
    sent = sent_by(provider, scene, mail)
    gate.shut()
    try:
        for answer in (post(web, sent), post(web, sent)):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{gate.port}", timeout=5)
    finally:
        gate.open()
    assert (scene.count(Delivery), WebhookReceipt.objects.count()) == (0, 0)
    assert [post(web, sent).status_code for _ in range(2)] == [200, 200]
    is_logged_once(scene, mail)
