"""Requests as the providers send them: their field names, encodings and signatures."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

SECRET = "a-secret-of-twenty-four-letters"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:inbound"
CERT_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-" + "0a" * 16 + ".pem"
BOUNDARY = "xYzZY"


@dataclass(frozen=True)
class Sent:
    """One request: what a test posts."""

    provider: str
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"threadwell:{secret}".encode()).decode()}


def form(provider: str, fields: dict[str, Any], **headers: str) -> Sent:
    """A multipart form; a value that is a pair is a file with its name."""
    parts = []
    for name, value in fields.items():
        filename, content = value if isinstance(value, tuple) else ("", value)
        head = f'Content-Disposition: form-data; name="{name}"'
        head += f'; filename="{filename}"\r\nContent-Type: text/plain' if filename else ""
        raw = content if isinstance(content, bytes) else str(content).encode()
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + raw + b"\r\n")
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return Sent(provider, body, f"multipart/form-data; boundary={BOUNDARY}", headers)


def mailgun(
    to: str, raw: bytes, *, token: str = "t" * 50, age: int = 0, key: str = SECRET, sender: str = ""
) -> Sent:
    stamp = str(int(time.time()) - age)
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    fields = {"recipient": to, "sender": sender or "ana@ours.example", "from": "Ana"}
    fields |= {"subject": "Renewal", "timestamp": stamp, "token": token, "signature": signature}
    return form("mailgun", fields | {"body-mime": raw})


def mailgun_parsed(to: str) -> Sent:
    whole = mailgun(to, b"")
    headers = [["From", "Ana <ana@ours.example>"], ["To", "jane@client.example"]]
    headers += [["Subject", "Renewal"], ["X-Mailgun-Spf", "Pass"], ["Message-Id", "<1@x.example>"]]
    more = form(
        "mailgun",
        {
            "message-headers": json.dumps(headers),
            "body-plain": "The terms.",
            "body-html": "<p>The terms.</p>",
            "attachment-count": "1",
            "attachment-1": ("offer.txt", b"42 EUR"),
        },
    )
    start = whole.body.partition(
        b'\r\n--xYzZY\r\nContent-Disposition: form-data; name="body-mime"'
    )[0]
    return Sent("mailgun", start + b"\r\n" + more.body, whole.content_type)


def postmark(to: str, raw: bytes = b"", **fields: Any) -> Sent:
    mail: dict[str, Any] = {
        "FromName": "Ana",
        "From": "ana@ours.example",
        "FromFull": {"Email": "ana@ours.example", "Name": "Ana", "MailboxHash": ""},
        "To": "jane@client.example",
        "ToFull": [{"Email": "jane@client.example", "Name": "Jane", "MailboxHash": ""}],
        "CcFull": [],
        "BccFull": [{"Email": to, "Name": "", "MailboxHash": ""}],
        "OriginalRecipient": to,
        "Subject": "Renewal",
        "MessageID": "22c74902-a0c1-4511-804f2-341342852c90",
        "Date": "Thu, 26 Nov 2026 10:00:00 +0000",
        "TextBody": "The terms.",
        "HtmlBody": "",
        "Headers": [
            {"Name": "Return-Path", "Value": "<ana@ours.example>"},
            {"Name": "Received-SPF", "Value": "Pass (sender SPF authorized) identity=mailfrom"},
            {"Name": "Message-ID", "Value": "<1@ours.example>"},
        ],
        "Attachments": [
            {"Name": "offer.txt", "Content": "NDIgRVVS", "ContentType": "text/plain"},
        ],
    }
    if raw:
        mail["RawEmail"] = raw.decode()
    return Sent("postmark", json.dumps(mail | fields).encode(), headers=basic())


@cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_public() -> str:
    der = (
        sendgrid_key()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return base64.b64encode(der).decode()


def sendgrid(
    *to: str, raw: bytes = b"", spf: str = "pass", dkim: str = "none", signed: bool = False
) -> Sent:
    envelope = json.dumps({"to": list(to), "from": "ana@ours.example"})
    fields = {"SPF": spf, "dkim": dkim, "envelope": envelope, "sender_ip": "192.0.2.10"}
    fields |= {"charsets": '{"to":"UTF-8"}', "subject": "Renewal"}
    if raw:
        fields |= {"email": raw}
    else:
        head = "From: Ana <ana@ours.example>\nTo: jane@client.example\nSubject: Renewal\n"
        fields |= {"headers": head + "Message-ID: <1@ours.example>\n", "text": "The terms."}
    sent = form("sendgrid", fields, **basic())
    if signed:
        stamp = str(int(time.time()))
        made = sendgrid_key().sign(stamp.encode() + sent.body, ec.ECDSA(hashes.SHA256()))
        sent.headers["X-Twilio-Email-Event-Webhook-Timestamp"] = stamp
        signature = base64.b64encode(made).decode()
        sent.headers["X-Twilio-Email-Event-Webhook-Signature"] = signature
    return sent


@cache
def sns_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def sns_certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(sns_key().public_key()).serial_number(1)
    made = made.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return made.sign(sns_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def sns(version: str = "2", age: int = 0, **fields: str) -> Sent:
    stamp = (datetime.now(UTC) - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    message = {"Type": "Notification", "MessageId": "m-1", "TopicArn": TOPIC, "Timestamp": stamp}
    message |= {"SignatureVersion": version, "SigningCertURL": CERT_URL} | fields
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn"]
    signed = "".join(f"{one}\n{message[one]}\n" for one in [*names, "Type"] if one in message)
    algorithm = {"1": hashes.SHA1(), "2": hashes.SHA256()}.get(version, hashes.SHA256())  # noqa: S303
    signature = sns_key().sign(signed.encode(), padding.PKCS1v15(), algorithm)
    message["Signature"] = base64.b64encode(signature).decode()
    return Sent("ses", json.dumps(message).encode(), "text/plain; charset=UTF-8")


def ses(
    *to: str,
    raw: bytes,
    verdict: str = "PASS",
    author: str = "",
    sender: str = "ana@ours.example",
    name: str = "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1",
    **words: Any,
) -> Sent:
    notice = {
        "notificationType": "Received",
        "mail": {
            "messageId": name,
            "source": sender,
            "commonHeaders": {"from": [author or "Ana <ana@ours.example>"], "subject": "Renewal"},
        },
        "receipt": {
            "recipients": list(to),
            "spfVerdict": {"status": verdict},
            "dkimVerdict": {"status": verdict},
            "dmarcVerdict": {"status": verdict},
            "action": {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64"},
        },
        "content": base64.b64encode(raw).decode(),
    }
    return sns(Message=json.dumps(notice), **words)


def mailjet(to: str) -> Sent:
    mail = {
        "Sender": "ana@ours.example",
        "Recipient": to,
        "Headers": {
            "From": "Ana <ana@ours.example>",
            "To": "jane@client.example",
            "Subject": "Renewal",
            "Received": ["by a", "by b"],
        },
        "Parts": [
            {"Headers": {"Content-Type": "text/plain"}, "ContentRef": "Text-part"},
            {
                "Headers": {
                    "Content-Type": 'text/plain; name="offer.txt"',
                    "Content-Disposition": 'attachment; filename="offer.txt"',
                },
                "ContentRef": "Attachment1",
            },
        ],
        "Text-part": "The terms.",
        "Attachment1": "NDIgRVVS",
        "SpamAssassinScore": "0.5",
    }
    return Sent("mailjet", json.dumps(mail).encode(), headers=basic())


def sparkpost(to: str, raw: bytes, *, encoded: bool = False) -> Sent:
    content = {
        "email_rfc822": base64.b64encode(raw).decode() if encoded else raw.decode(),
        "email_rfc822_is_base64": encoded,
    }
    relayed = {"msg_from": "ana@ours.example", "rcpt_to": to, "protocol": "smtp"}
    rows = [{"msys": {"relay_message": relayed | {"content": content}}}]
    return Sent("sparkpost", json.dumps(rows).encode(), headers=basic())


def mailersend(*to: str, raw: bytes, spf: str = "+") -> Sent:
    data = {
        "id": "61bb4f5cbaad4e8c5c2d9a5b",
        "sender": {"email": "ana@ours.example"},
        "recipients": {"rcptTo": [{"email": one} for one in to]},
        "spf_check": {"code": spf, "value": None},
        "raw": raw.decode(),
    }
    body = json.dumps({"type": "inbound.message", "data": data}).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Sent("mailersend", body, headers={"Signature": signature})


def resend(*to: str, age: int = 0) -> Sent:
    data = {"email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": list(to)}
    body = json.dumps({"type": "email.received", "data": data}).encode()
    stamp = str(int(time.time()) - age)
    key = base64.b64decode(resend_key().removeprefix("whsec_"))
    made = hmac.new(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(made).decode()
    headers = {"svix-id": "msg_1", "svix-timestamp": stamp, "svix-signature": f"v1a,x {signature}"}
    return Sent("resend", body, headers=headers)


def resend_key() -> str:
    return "whsec_" + base64.b64encode(b"k" * 24).decode()


def raw_mime(*to: str, raw: bytes, **query: str) -> Sent:
    listed = "&".join([f"to={one}" for one in to] + [f"{key}={one}" for key, one in query.items()])
    headers = {"Authorization": f"Bearer {SECRET}"}
    return Sent("raw", raw, "message/rfc822", headers, f"?from=ana@ours.example&{listed}")
