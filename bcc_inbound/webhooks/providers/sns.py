"""Amazon SNS: its signature, over named fields, by a certificate that it names itself.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.core.cache import cache

from bcc_inbound.webhooks.forms import text_of
from bcc_inbound.webhooks.pieces import decoded
from bcc_inbound.webhooks.posts import Forged, NotNow
from bcc_inbound.webhooks.proofs import demand_recent

logger = logging.getLogger(__name__)

RETRIED_FOR = 24 * 3600
CERTIFICATE_BYTES = 16 * 1024
FETCH_SECONDS = 5
KEPT_SECONDS = 3600
MOST_KEPT = 8
CONFIRMABLE_SECONDS = 3 * 86_400

_PATH = re.compile(r"/SimpleNotificationService-[0-9a-f]{32}\.pem\Z")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}
_kept: dict[str, tuple[float, bytes]] = {}
_lock = Lock()


def demand_signature(message: dict[str, Any]) -> None:
    """Raise Forged unless SNS signed this for one of our topics; NotNow without a certificate."""
    names = _SIGNED.get(text_of(message, "Type"))
    algorithm = _HASHES.get(text_of(message, "SignatureVersion"))
    if names is None or algorithm is None:
        raise Forged
    if text_of(message, "TopicArn") not in settings.INBOUND_SES_TOPICS:
        raise Forged
    signed = "".join(f"{name}\n{text_of(message, name)}\n" for name in names if name in message)
    key = load_pem_x509_certificate(_certificate(text_of(message, "SigningCertURL"))).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise Forged
    signature = decoded(text_of(message, "Signature"))
    try:
        key.verify(signature, signed.encode("utf-8", "replace"), padding.PKCS1v15(), algorithm())
    except InvalidSignature as problem:
        raise Forged from problem
    _demand_recent(text_of(message, "Timestamp"))


def keep_confirmation(message: dict[str, Any]) -> None:
    """Keep what confirms a topic until an operator asks for it; SNS lets it expire as well."""
    url = text_of(message, "SubscribeURL")
    if not is_amazons(url):
        raise Forged
    cache.set(_name(text_of(message, "TopicArn")), url, CONFIRMABLE_SECONDS)
    logger.warning("SNS asks to confirm a topic; `manage.py confirm_sns` does it on request.")


def confirm(topic: str) -> bool:
    """Confirm the subscription to a topic; False where SNS has not asked in the last three days."""
    url = cache.get(_name(topic))
    if not url or not is_amazons(url):
        return False
    try:
        with requests.get(url, timeout=FETCH_SECONDS, stream=True, allow_redirects=False) as answer:
            answer.raise_for_status()
    except requests.RequestException as problem:
        raise NotNow from problem
    cache.delete(_name(topic))
    return True


def _name(topic: str) -> str:
    return f"sns-confirmation:{sha256(topic.encode()).hexdigest()}"


def is_amazons(url: str, *, path: re.Pattern[str] | None = None) -> bool:
    """Whether a URL in a message leads to a host of SNS and nowhere else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.scheme == "https" and port in {None, 443} and not parts.username
    host = (parts.hostname or "").lower()
    allowed = any(re.fullmatch(one, host) for one in settings.INBOUND_SES_CERT_HOSTS)
    return plain and allowed and (path is None or bool(path.match(parts.path)))


def _demand_recent(text: str) -> None:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        seconds = str(int(moment.timestamp()))
    except (ValueError, OverflowError) as problem:
        raise Forged from problem
    demand_recent(seconds, horizon=RETRIED_FOR)


def _certificate(url: str) -> bytes:
    if not is_amazons(url, path=_PATH):
        raise Forged
    with _lock:
        since, known = _kept.get(url, (0.0, b""))
    if known and monotonic() - since < KEPT_SECONDS:
        return known
    fetched = _fetch(url)
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[url] = (monotonic(), fetched)
    return fetched


def _fetch(url: str) -> bytes:
    """Fetch at most a few kilobytes, in a few seconds, from where the URL says and no further."""
    try:
        with requests.get(url, timeout=FETCH_SECONDS, stream=True, allow_redirects=False) as answer:
            content = next(answer.iter_content(CERTIFICATE_BYTES), b"")
            if answer.status_code != 200:
                raise NotNow
    except requests.RequestException as problem:
        raise NotNow from problem
    try:
        load_pem_x509_certificate(content)
    except ValueError as problem:
        raise NotNow from problem
    return content
