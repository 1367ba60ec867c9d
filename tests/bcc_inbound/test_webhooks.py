"""The doors of providers: proof, envelope, repetition, and what a stranger learns."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tenancy
from activities.models import Activity, Attachment, Sighting
from bcc_inbound import tasks
from bcc_inbound.models import Delivery, WebhookReceipt
from bcc_inbound.services.accept_post import forget_receipts
from bcc_inbound.webhooks.posts import MAIL_BYTES
from bcc_inbound.webhooks.providers import PROVIDERS, sns
from tests.bcc_inbound import payloads
from tests.bcc_inbound.conftest import a_mail, deliveries, give_addresses, process_all
from tests.bcc_inbound.payloads import SECRET, Sent
from tests.bcc_inbound.senders.signing import publish_key, signed
from tests.bcc_inbound.test_processing import hand_over
from tests.dns_server import DnsServer
from tests.sns_host import SnsHost, amazon, forget_certificates, sns_host

__all__ = ["amazon", "sns_host"]

State = Delivery.State
RAW = bytes(a_mail(message_id="<1@ours.example>")).replace(b"\n", b"\r\n")
OURS = "ours.example"
EVIL = "arn:aws:sns:eu-west-1:666666666666:evil"
UNKNOWN = "one-" + "a" * 32 + "@in.threadwell.localhost"


@pytest.fixture
def world(
    live: SimpleNamespace, zone: DnsServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> SimpleNamespace:
    """Every door is open, our domain signs its mail, and wake-ups go nowhere."""
    publish_key(zone, OURS)
    for row in PROVIDERS.values():
        for name in row.settings:
            setattr(settings, name, [SECRET])
    settings.INBOUND_SES_TOPICS = [payloads.TOPIC]
    settings.INBOUND_RESEND_SIGNING_KEY = [payloads.resend_key()]
    forget_certificates()
    for known in (sns.OURS, sns.OTHERS):
        known.keep(payloads.CERT_URL, payloads.sns_certificate())
    monkeypatch.setattr(tasks.process, "delay", lambda *_: None)
    return live


def post(sent: Sent, secret: str = "") -> int:
    path = f"/hooks/inbound/{sent.provider}/" + (f"{secret}/" if secret else "") + sent.query
    answer = Client(enforce_csrf_checks=True).post(
        path, sent.body, content_type=sent.content_type, headers=sent.headers
    )
    return answer.status_code


def sends(cast: SimpleNamespace) -> dict[str, Sent]:
    """One genuine mail of Ana's by each door, as the provider is best set up."""
    raw = signed(RAW, OURS)
    return {
        "mailgun": payloads.mailgun(cast.to_one, raw),
        "postmark": payloads.postmark(cast.to_one, raw),
        "sendgrid": payloads.sendgrid(cast.to_one, raw=RAW),
        "ses": payloads.ses(cast.to_one, raw=RAW),
        "sparkpost": payloads.sparkpost(cast.to_one, raw, encoded=True),
        "mailersend": payloads.mailersend(cast.to_one, raw=RAW),
        "raw": payloads.raw_mime(cast.to_one, raw=raw),
    }


EVERY = ["mailgun", "postmark", "sendgrid", "ses", "sparkpost", "mailersend", "raw"]
ALL = [*EVERY, "mailjet"]


@pytest.mark.parametrize("name", EVERY)
def test_a_members_mail_is_logged_as_theirs_and_five_times_is_once(
    world: SimpleNamespace, name: str
) -> None:
    sent = sends(world)[name]
    assert [post(sent) for _ in range(5)] == [200] * 5
    process_all(world)
    (one,) = deliveries(world)
    assert (one.source, one.state, one.verdict, one.sender_id) == (
        name,
        State.PROCESSED,
        "member",
        world.ana.id,
    )
    assert one.proof["by"] in {"provider", "own"}
    with tenancy.in_workspace(world.id):
        assert Activity.objects.get().assignments.count() == 1


def test_the_same_mail_by_every_door_is_one_activity(world: SimpleNamespace) -> None:
    for sent in sends(world).values():
        assert post(sent) == 200
    hand_over(world.to_one, RAW)
    process_all(world)
    assert {one.state for one in deliveries(world)} == {State.PROCESSED}
    assert len(deliveries(world)) == len(EVERY) + 1
    with tenancy.in_workspace(world.id):
        assert Activity.objects.count() == 1
        assert Sighting.objects.count() == len(EVERY) + 1


@pytest.mark.parametrize(
    "make",
    [payloads.mailgun_parsed, payloads.postmark, payloads.mailjet],
    ids=lambda one: one.__name__,
)
def test_a_mail_in_pieces_is_put_together_and_proves_nothing(
    world: SimpleNamespace, make: Callable[[str], Sent]
) -> None:
    assert post(make(world.to_one)) == 200
    process_all(world)
    (held,) = deliveries(world)
    assert (held.state, held.verdict, held.rebuilt) == (State.HELD, "not_authenticated", True)
    assert held.header_from == "ana@ours.example"
    release(world)
    with tenancy.in_workspace(world.id):
        assert Activity.objects.get().assignments.count() == 1
        assert Attachment.objects.get().name == "offer.txt"


def release(cast: SimpleNamespace) -> None:
    with tenancy.in_workspace(cast.id):
        Delivery.objects.update(
            state="due", released_by=cast.ana, attempts=0, waits=0, due_at="2026-01-01T00:00:00Z"
        )
    process_all(cast)


def test_a_parsed_mail_of_sendgrid_is_proven_by_its_own_fields(world: SimpleNamespace) -> None:
    assert post(payloads.sendgrid(world.to_one, dkim="{@ours.example : pass}", spf="fail")) == 200
    process_all(world)
    assert deliveries(world)[0].verdict == "member"


@pytest.mark.parametrize(
    "make",
    [
        lambda to: payloads.sendgrid(to, raw=RAW, spf="fail", dkim="{@evil.example : pass}"),
        lambda to: payloads.sendgrid(to, raw=RAW, spf="softfail", dkim="none"),
        lambda to: payloads.ses(to, raw=RAW, verdict="FAIL"),
        lambda to: payloads.ses(to, raw=RAW, verdict="GRAY"),
        lambda to: payloads.mailersend(to, raw=RAW, spf="-"),
        lambda to: payloads.mailgun(to, RAW),
        lambda to: payloads.postmark(to, RAW),
        lambda to: payloads.sparkpost(to, RAW),
        lambda to: payloads.raw_mime(to, raw=RAW),
        lambda to: payloads.raw_mime(to, raw=RAW, ip="203.0.113.66", helo="mx.ours.example"),
    ],
)
def test_what_the_provider_does_not_vouch_for_is_held(
    world: SimpleNamespace, make: Callable[[str], Sent]
) -> None:
    assert post(make(world.to_one)) == 200
    process_all(world)
    assert [(one.state, one.sender_id) for one in deliveries(world)] == [(State.HELD, None)]


def test_a_verdict_about_another_author_is_none(world: SimpleNamespace) -> None:
    sent = payloads.ses(world.to_one, raw=RAW, author="Eve <eve@evil.example>")
    message = json.loads(json.loads(sent.body)["Message"])
    message["mail"]["source"] = "eve@evil.example"
    assert post(payloads.sns(Message=json.dumps(message))) == 200
    process_all(world)
    assert deliveries(world)[0].state == State.HELD


def test_a_forwarder_that_tells_the_machine_has_spf_checked(
    world: SimpleNamespace, zone: DnsServer
) -> None:
    zone.add(OURS, "TXT", "v=spf1 ip4:192.0.2.10 -all")
    assert post(payloads.raw_mime(world.to_one, raw=RAW, ip="192.0.2.10")) == 200
    process_all(world)
    assert deliveries(world)[0].proof["spf"] == "pass"
    assert deliveries(world)[0].verdict == "member"


@pytest.mark.parametrize(
    ("ip", "verdict"),
    [("203.0.113.6", "not_authenticated"), ("10.1.2.3", "member"), ("", "not_authenticated")],
)
def test_results_on_a_forwarded_mail_count_only_where_our_relay_handed_it_over(
    world: SimpleNamespace, zone: DnsServer, settings: Any, ip: str, verdict: str
) -> None:
    settings.INBOUND_AUTHSERV_ID = "relay.example"
    zone.add(OURS, "TXT", "v=spf1 ip4:192.0.2.10 -all")
    said = f"Authentication-Results: relay.example; dmarc=pass header.from={OURS}\r\n".encode()
    assert post(payloads.raw_mime(world.to_one, raw=said + RAW, ip=ip)) == 200
    process_all(world)
    assert deliveries(world)[0].verdict == verdict


@pytest.mark.parametrize("name", ALL)
def test_a_forged_request_is_refused_and_leaves_nothing(world: SimpleNamespace, name: str) -> None:
    sent = {**sends(world), "mailjet": payloads.mailjet(world.to_one)}[name]
    for forged in FORGERIES[name](sent):
        assert post(forged) == PROVIDERS[name].refusal
    assert deliveries(world) == []
    assert WebhookReceipt.objects.count() == 0


def _without_secret(sent: Sent) -> list[Sent]:
    wrong = [{}, payloads.basic("wrong"), payloads.basic(""), {"Authorization": "Bearer wrong"}]
    wrong += [{"Authorization": "Basic !"}, {"Authorization": "Bearer"}]
    wrong += [{"Authorization": "Basic \xe9"}, {"Authorization": "Basic /w=="}]
    return [replace(sent, headers=one) for one in wrong]


def _mailgun(sent: Sent) -> list[Sent]:
    to = "x@in.example"
    return [
        payloads.mailgun(to, RAW, key="another key"),
        payloads.mailgun(to, RAW, age=10 * 3600),
        payloads.mailgun(to, RAW, age=-3600),
        payloads.mailgun(to, RAW, token=""),
        replace(sent, body=sent.body.replace(b"t" * 50, b"u" * 50)),
        replace(sent, body=sent.body.replace(b'"signature"', b'"unsigned"')),
    ]


def _ses(sent: Sent) -> list[Sent]:
    elsewhere = "https://evil.example/SimpleNotificationService-" + "0a" * 16 + ".pem"
    lookalike = payloads.CERT_URL.replace("amazonaws.com", "amazonaws.com.evil.example")
    return [
        replace(sent, body=sent.body.replace(b"ana@ours", b"ben@ours")),
        replace(sent, body=sent.body.replace(payloads.TOPIC.encode(), EVIL.encode())),
        payloads.sns(Message="{}", SigningCertURL=elsewhere),
        payloads.sns(Message="{}", SigningCertURL=lookalike),
        payloads.sns(Message="{}", SigningCertURL=payloads.CERT_URL.replace("https", "http")),
        payloads.sns(Message="{}", SigningCertURL=payloads.CERT_URL.replace(".com/", ".com:81/")),
        payloads.sns(Message="{}", SigningCertURL="https://u@sns.eu-west-1.amazonaws.com/x.pem"),
        payloads.sns(Message="{}", version="3"),
        payloads.sns(Message="{}", age=2 * 86_400),
        payloads.sns(Message="{}", Type="Other"),
        replace(sent, body=b"{}"),
    ]


FORGERIES: dict[str, Callable[[Sent], list[Sent]]] = {
    "mailgun": _mailgun,
    "postmark": _without_secret,
    "sendgrid": _without_secret,
    "mailjet": _without_secret,
    "sparkpost": _without_secret,
    "raw": _without_secret,
    "ses": _ses,
    "mailersend": lambda sent: [
        replace(sent, body=sent.body.replace(b"ana@", b"ben@")),
        replace(sent, headers={}),
        replace(sent, headers={"Signature": "0" * 64}),
    ],
}


def test_where_sendgrid_signs_its_signature_is_demanded_too(
    world: SimpleNamespace, settings: Any
) -> None:
    settings.INBOUND_SENDGRID_PUBLIC_KEY = payloads.sendgrid_public()
    good = payloads.sendgrid(world.to_one, raw=RAW, signed=True)
    assert post(payloads.sendgrid(world.to_one, raw=RAW)) == 401
    assert post(replace(good, body=good.body.replace(b"pass", b"fail"))) == 401
    assert post(good) == 200


def test_mailgun_has_an_address_that_ends_as_it_wants(world: SimpleNamespace) -> None:
    sent = payloads.mailgun(world.to_one, RAW)
    answer = Client().post("/hooks/inbound/mailgun/mime", sent.body, content_type=sent.content_type)
    assert answer.status_code == 200
    assert len(deliveries(world)) == 1


def test_the_secret_may_stand_in_the_path(world: SimpleNamespace) -> None:
    sent = replace(payloads.postmark(world.to_one), headers={})
    assert post(sent, secret="wrong") == 401
    assert post(sent, secret=SECRET) == 200


def test_two_secrets_are_good_while_one_replaces_the_other(
    world: SimpleNamespace, settings: Any
) -> None:
    settings.INBOUND_POSTMARK_SECRET = ["the new one", SECRET]
    assert post(payloads.postmark(world.to_one)) == 200


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_signatures_of_sns_hold(world: SimpleNamespace, version: str) -> None:
    assert post(payloads.ses(world.to_one, raw=RAW, version=version)) == 200
    assert len(deliveries(world)) == 1


def test_a_topic_is_confirmed_only_when_an_operator_asks(
    world: SimpleNamespace, amazon: SnsHost
) -> None:
    with pytest.raises(CommandError, match="Request confirmation"):
        call_command("confirm_sns", payloads.TOPIC)
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336"
    words = {"Type": "SubscriptionConfirmation", "Token": "2336", "Message": "You have chosen"}
    assert post(payloads.sns(SubscribeURL=url, **words)) == 200
    assert post(payloads.sns(SubscribeURL="https://evil.example/", **words)) == 403
    assert amazon.asked == [payloads.CERT_URL]
    call_command("confirm_sns", payloads.TOPIC)
    assert amazon.asked == [payloads.CERT_URL, url]
    with pytest.raises(CommandError, match="does not list"):
        call_command("confirm_sns", EVIL)


def test_a_certificate_that_cannot_be_fetched_is_a_passing_fault(
    world: SimpleNamespace, amazon: SnsHost
) -> None:
    forget_certificates()
    amazon.give(status="500 Internal Server Error")
    assert post(payloads.ses(world.to_one, raw=RAW)) == 503
    assert deliveries(world) == []
    amazon.give()
    forget_certificates()
    assert post(payloads.ses(world.to_one, raw=RAW)) == 200
    assert amazon.asked == [payloads.CERT_URL] * 2


def test_genuine_mail_of_a_topic_that_nobody_listed_is_not_lost(
    world: SimpleNamespace, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """SNS never comes back after 4xx, so a wrong setting must not be answered like a forgery."""
    settings.INBOUND_SES_TOPICS = ["arn:aws:sns:eu-west-1:123456789012:another"]
    sent = payloads.ses(world.to_one, raw=RAW)
    assert [post(sent), post(sent)] == [503, 503]
    assert post(replace(sent, body=sent.body.replace(b"ana@ours", b"ben@ours"))) == 403
    assert deliveries(world) == []
    (line,) = [one.message for one in caplog.records if "INBOUND_SES_TOPICS" in one.message]
    assert payloads.TOPIC in line
    settings.INBOUND_SES_TOPICS = [payloads.TOPIC]
    assert post(sent) == 200
    assert len(deliveries(world)) == 1


def test_a_strangers_topic_is_never_confirmed(world: SimpleNamespace, amazon: SnsHost) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336"
    words = {"Type": "SubscriptionConfirmation", "Token": "2336", "Message": "You have chosen"}
    assert post(payloads.sns(SubscribeURL=url, TopicArn=EVIL, **words)) == 503
    assert not sns.confirm(EVIL)


def test_one_request_for_several_addresses_is_a_delivery_each(
    world: SimpleNamespace, rival: SimpleNamespace
) -> None:
    give_addresses(rival)
    sent = payloads.sendgrid(world.to_one, world.to_two, rival.to_one, UNKNOWN, raw=RAW)
    assert post(sent) == 200
    assert (len(deliveries(world)), len(deliveries(rival))) == (2, 1)


def test_two_receipt_rules_that_tell_one_mail_of_ses_lose_no_recipient(
    world: SimpleNamespace,
) -> None:
    sent = [payloads.ses(one, raw=RAW) for one in (world.to_one, world.to_two)]
    assert [post(one) for one in sent * 2] == [200] * 4
    found = {one.inbound_address_id for one in deliveries(world)}
    assert found == {world.addresses["One"].id, world.addresses["Two"].id}
    assert len(deliveries(world)) == 2


def test_a_token_counts_once_whatever_it_carries(world: SimpleNamespace) -> None:
    assert post(payloads.mailgun(world.to_one, RAW)) == 200
    other = RAW.replace(b"Renewal", b"Other")
    assert post(payloads.mailgun(world.to_two, other)) == 200
    assert len(deliveries(world)) == 1


def test_a_header_of_the_mail_is_no_envelope(world: SimpleNamespace) -> None:
    raw = RAW.replace(b"To: ", f"To: {world.to_two}, ".encode())
    assert post(payloads.mailgun(world.to_one, raw)) == 200
    (one,) = deliveries(world)
    assert one.inbound_address_id == world.addresses["One"].id


def test_wrong_addresses_cost_no_row_and_answer_alike(world: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as seen:
        for number in range(40):
            wrong = UNKNOWN.replace(
                "a" * 8, f"{number:08d}".translate(str.maketrans("0189", "abcd"))
            )
            assert post(payloads.sendgrid(wrong, raw=RAW)) == 200
            assert post(payloads.mailgun(wrong, RAW, token=f"t{number}")) == 200
    assert not any("insert" in one["sql"].lower() for one in seen.captured_queries)
    assert WebhookReceipt.objects.count() == 0
    assert deliveries(world) == []


@pytest.mark.parametrize(
    "sent",
    [
        Sent("postmark", b"", headers=payloads.basic()),
        Sent("postmark", b"[" * 100_000, headers=payloads.basic()),
        Sent("postmark", b'{"Headers": 5}', headers=payloads.basic()),
        Sent("postmark", b'{"Headers": [], "Attachments": [7]}', headers=payloads.basic()),
        Sent("postmark", b'{"Headers": [], "Attachments": [{"Content": "!"}]}'),
        Sent("mailjet", b'{"Headers": [], "Parts": 7}', headers=payloads.basic()),
        Sent("mailjet", b'{"Headers": {}, "Parts": [7]}', headers=payloads.basic()),
        Sent("sparkpost", b'[{"msys": 1}]', headers=payloads.basic()),
        Sent("sparkpost", b"{}", headers=payloads.basic()),
        Sent("sendgrid", b"a=b", "application/x-www-form-urlencoded", payloads.basic()),
        Sent("sendgrid", b"--x\r\n", "multipart/form-data; boundary=x", payloads.basic()),
        Sent("sendgrid", b"no form", "multipart/form-data", payloads.basic()),
        Sent("mailgun", b"no form", "text/plain"),
        Sent("ses", b"\xff"),
        Sent("raw", b"", headers={"Authorization": f"Bearer {SECRET}"}, query="?to=a@b.example"),
        Sent("raw", RAW, headers={"Authorization": f"Bearer {SECRET}"}),
    ],
)
def test_what_is_not_as_documented_is_refused_and_leaves_nothing(
    world: SimpleNamespace, sent: Sent
) -> None:
    assert post(sent) in {400, 401}
    assert deliveries(world) == []


def test_a_body_beyond_the_limit_is_not_read(world: SimpleNamespace) -> None:
    client = Client()
    big = client.post(
        "/hooks/inbound/ses/", b"x" * (1024 * 1024 + 1), content_type="application/json"
    )
    assert big.status_code == 413
    announced = client.post(
        "/hooks/inbound/raw/", b"x", content_type="text/plain", CONTENT_LENGTH=str(MAIL_BYTES + 1)
    )
    assert announced.status_code == 413


@pytest.mark.parametrize("name", ALL)
def test_a_door_that_is_not_configured_does_not_exist(
    world: SimpleNamespace, settings: Any, name: str
) -> None:
    setattr(settings, PROVIDERS[name].settings[0], [])
    assert post(Sent(name, b"{}")) == 404
    assert Client().head(f"/hooks/inbound/{name}/").status_code == 404


def test_who_only_looks_is_answered_and_an_unknown_provider_is_not(world: SimpleNamespace) -> None:
    assert Client().head("/hooks/inbound/postmark/").status_code == 200
    assert Client().get("/hooks/inbound/postmark/").status_code == 405
    assert post(Sent("nobody", b"{}")) == 404


def test_receipts_are_forgotten_after_a_week(world: SimpleNamespace) -> None:
    post(payloads.mailgun(world.to_one, RAW))
    assert forget_receipts() == 0
    WebhookReceipt.objects.update(received_at="2026-01-01T00:00:00Z")
    assert forget_receipts() == 1


@pytest.mark.parametrize("name", ["mailgun", "postmark", "ses"])
def test_through_the_running_server_the_mail_reaches_the_profile(
    transactional_db: None, world: SimpleNamespace, live_server: Any, name: str
) -> None:
    sent = sends(world)[name]
    for _ in range(3):
        answer = requests.post(
            f"{live_server.url}/hooks/inbound/{name}/{sent.query}",
            sent.body,
            headers={**sent.headers, "Content-Type": sent.content_type},
            timeout=20,
        )
        assert answer.status_code == 200
    process_all(world)
    client = Client()
    client.force_login(world.ana.user)
    page = client.get(reverse("activities:contact", args=[world.slug, world.jane.id]))
    assert page.content.decode().count(">Renewal<") == 1
    assert len(deliveries(world)) == 1


def test_a_secret_in_a_path_stands_in_no_log(
    world: SimpleNamespace, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert post(Sent("postmark", b"no json"), secret=SECRET) == 400
    settings.INBOUND_POSTMARK_SECRET = []
    assert post(Sent("postmark", b"no json"), secret=SECRET) == 404
    assert SECRET not in caplog.text


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\udfff x"])
def test_letters_that_the_database_refuses_do_not_come_back_for_ever(
    world: SimpleNamespace, text: str
) -> None:
    sent = payloads.mailersend(world.to_one, raw=RAW)
    event = json.loads(sent.body)
    event["data"]["sender"]["email"] = f"ana{text}@ours.example"
    event["data"]["raw"] += text
    body = json.dumps(event).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert post(replace(sent, body=body, headers={"Signature": signature})) == 200
    assert len(deliveries(world)) == 1
