"""Google's signature with keys of our own, and mailboxes that vendors push about."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from google.auth import crypt, jwt

from accounts import tally, tenancy
from accounts.models import Member
from activities.models import Channel
from mailsync.models import Mailbox, Subscription
from mailsync.providers import google_certs
from mailsync.services import hints
from mailsync.services.hear_pushes import secret_hash

ACCOUNT = "push@operator.example"
BASE = "https://threadwell.example"
JSON = "application/json"


class Key:
    """A key pair with its id, as PEM certificate and as JWK."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        self.signer = crypt.RSASigner.from_string(pem, key_id=name)

    @property
    def certificate(self) -> str:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "federated-signon")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(self.private.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self.private, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def jwk(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        parts = {"n": numbers.n, "e": numbers.e}
        text = {
            name: base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))
            .decode()
            .rstrip("=")
            for name, value in parts.items()
        }
        return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.name, **text}


class Google:
    """Signs tokens, and serves its keys over a real socket."""

    def __init__(self) -> None:
        self.key, self.other = Key("one"), Key("two")
        self.served: Any = {"one": self.key.certificate}
        self.asked = 0
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/certs"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, key: Key | None = None, **claims: Any) -> str:
        now = int(time.time())
        payload = {
            "iss": "https://accounts.google.com",
            "aud": f"{BASE}/hooks/gmail/",
            "email": ACCOUNT,
            "email_verified": True,
            "sub": "1",
            "iat": now - 5,
            "exp": now + 3600,
        } | claims
        payload = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode((key or self.key).signer, payload).decode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        google = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                google.asked += 1
                self.send_response(200 if google.served is not None else 500)
                self.end_headers()
                self.wfile.write(json.dumps(google.served).encode())

            def log_message(self, *args: Any) -> None:
                """Nothing."""

        return Handler


@pytest.fixture(scope="module")
def keys() -> Iterator[Google]:
    google = Google()
    yield google
    google.server.shutdown()


@pytest.fixture
def google(keys: Google, settings: Any) -> Google:
    """Our Google, believed by the door."""
    settings.PUBLIC_BASE_URL = BASE
    settings.SECURE_SSL_REDIRECT = False
    settings.GOOGLE_CERTS_URL = keys.url
    settings.GOOGLE_PUBSUB_SERVICE_ACCOUNT = ACCOUNT
    keys.served, keys.asked = {"one": keys.key.certificate}, 0
    google_certs.certificates.cache_clear()
    tally.counts.clear()
    return keys


def push_data(**notice: Any) -> str:
    return base64.b64encode(json.dumps(notice).encode()).decode()


def gmail_push(token: str, *, data: Any = None, body: Any = None, **headers: str) -> Any:
    """Send a push as Pub/Sub does."""
    notice = data or push_data(emailAddress="ana@ours.example", historyId=7)
    envelope = {"message": {"data": notice, "messageId": "1"}, "subscription": "projects/p/s"}
    return Client().post(
        "/hooks/gmail/",
        body if body is not None else json.dumps(envelope),
        content_type=JSON,
        headers={"Authorization": f"Bearer {token}", **headers},
    )


def graph_push(*items: Any, path: str = "/hooks/graph/", body: Any = None) -> Any:
    """Send a notification as Graph does."""
    return Client().post(
        path, body if body is not None else json.dumps({"value": items}), content_type=JSON
    )


def item(name: str, secret: str, **more: Any) -> dict[str, Any]:
    return {"subscriptionId": name, "clientState": secret, "changeType": "created", **more}


def make_mailbox(
    cast: SimpleNamespace, member: Member, provider: str, name: str = "", **facts: Any
) -> Mailbox:
    """A live mailbox of the vendor, subscribed under `name` with the secret "s-<name>"."""
    address = f"{member.name.lower()}@{cast.domain}"
    rested = {"began_at": datetime.now(UTC) - timedelta(minutes=1)}
    facts = {"state": Mailbox.State.LIVE, "address": address} | rested | facts
    with tenancy.in_workspace(cast.id, member.id):
        channel = Channel.objects.create(
            workspace_id=cast.id, owner=member, source=Channel.Source.SYNC, name=address
        )
        mailbox = Mailbox.objects.create(
            workspace_id=cast.id, channel=channel, provider=provider, **facts
        )
        Subscription.objects.create(
            workspace_id=cast.id,
            mailbox=mailbox,
            provider_id=name,
            secret_hash=secret_hash(f"s-{name}") if name else b"",
            expires_at=datetime.now(UTC) + timedelta(days=6),
            renew_at=datetime.now(UTC) + timedelta(days=1),
        )
        return mailbox


def wanted(*mailboxes: Mailbox) -> list[bool]:
    """Which of them are marked as having news."""
    found = []
    for one in mailboxes:
        with tenancy.in_workspace(one.workspace_id):
            found.append(hints.wait_of(one.workspace_id, one.id) is not None)
    return found


def subscription_of(mailbox: Mailbox) -> Subscription:
    with tenancy.in_workspace(mailbox.workspace_id):
        return Subscription.objects.get(mailbox=mailbox)
