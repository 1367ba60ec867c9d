"""SendGrid: Inbound Parse, best with "POST the raw, full MIME message".

Its requests are signed where a security policy with a signature is attached to the webhook; else
the URL carries a secret. The fields SPF and dkim hold its own results.
https://www.twilio.com/docs/sendgrid/for-developers/parsing-email
"""

import base64
import json
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from activities.mail.header_block import read_header
from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.compose import File, compose
from bcc_inbound.webhooks.forms import Form, read_form
from bcc_inbound.webhooks.pieces import texts
from bcc_inbound.webhooks.posts import Forged, Hook, Malformed, Post, Provider

RETRIED_FOR = 73 * 3600
"""SendGrid tries for three days."""

MOST_FILES = 200
_SECRET = "INBOUND_SENDGRID_SECRET"  # noqa: S105 - the name of a setting
_DKIM = re.compile(r"@([a-z0-9.-]+)\s*:\s*(\w+)", re.I)


def verify(hook: Hook) -> None:
    """The secret of the URL, and the signature as well where its public key is set."""
    proofs.demand_secret(hook, _SECRET)
    if not settings.INBOUND_SENDGRID_PUBLIC_KEY:
        return
    time = hook.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    text = hook.headers.get("X-Twilio-Email-Event-Webhook-Signature", "")
    try:
        signature = base64.b64decode(text, validate=True)
        _key().verify(signature, time.encode() + hook.body, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature) as problem:
        raise Forged from problem
    proofs.demand_recent(time, horizon=RETRIED_FOR)


def read(hook: Hook) -> list[Post]:
    form = read_form(hook)
    try:
        envelope = json.loads(_text(form, "envelope"))
        sender, recipients = envelope["from"], texts(envelope["to"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise Malformed from problem
    whole = form.get("email")
    return [
        Post(
            recipients=recipients,
            envelope_sender=str(sender),
            raw=whole.value if whole else _rebuild(form),
            reported=_reported(form, str(sender)),
            rebuilt=whole is None,
        )
    ]


def _reported(form: Form, sender: str) -> tuple[tuple[str, str, dict[str, str]], ...]:
    found = [("spf", _text(form, "SPF").strip().lower(), {"smtp.mailfrom": sender})]
    for domain, result in _DKIM.findall(_text(form, "dkim")):
        found.append(("dkim", result.lower(), {"header.d": domain}))
    return tuple(found)


def _rebuild(form: Form) -> bytes:
    head = read_header(form["headers"].value) if "headers" in form else None
    if head is None:
        raise Malformed
    pairs = [(name, value) for name, values in head.fields.items() for value in values]
    files = [
        File(form[name].filename or "", form[name].content_type, form[name].value)
        for name in (f"attachment{number}" for number in range(1, MOST_FILES))
        if name in form
    ]
    return compose(pairs, text=_text(form, "text"), html=_text(form, "html"), files=files)


def _key() -> ec.EllipticCurvePublicKey:
    found = serialization.load_der_public_key(
        base64.b64decode(settings.INBOUND_SENDGRID_PUBLIC_KEY)
    )
    if not isinstance(found, ec.EllipticCurvePublicKey):
        raise Forged
    return found


def _text(form: Form, name: str) -> str:
    return form[name].text if name in form else ""


PROVIDER = Provider("sendgrid", (_SECRET,), verify, read)
