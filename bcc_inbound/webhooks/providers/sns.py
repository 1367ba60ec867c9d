"""Amazon SNS: its signature, over named fields, by a certificate that it names itself.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, NoReturn
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
from bcc_inbound.webhooks.providers.sns_certificates import Certificates

logger = logging.getLogger(__name__)

RETRIED_FOR = 24 * 3600
FETCH_SECONDS = 5
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
_TOPIC = re.compile(r"arn:aws[a-z-]{0,12}:sns:[a-z0-9-]{3,32}:\d{12}:[\w.-]{1,256}", re.ASCII)

UNLISTED_SECONDS = 3_600

OURS = Certificates(most_asked=10)
OTHERS = Certificates(most_asked=3)
"""Kept apart, so that who names a topic of their own uses nothing up that ours need."""


def demand_signature(message: dict[str, Any]) -> None:
    """Raise Forged unless SNS signed this.

    Raise NotNow without its certificate, and for a topic that is not listed: that is a setting to
    put right, and after 4xx SNS would never send the mail again.
    """
    names = _SIGNED.get(text_of(message, "Type"))
    algorithm = _HASHES.get(text_of(message, "SignatureVersion"))
    if names is None or algorithm is None:
        raise Forged
    topic = text_of(message, "TopicArn")
    listed = topic in settings.INBOUND_SES_TOPICS
    signature = decoded(text_of(message, "Signature"))
    _demand_recent(text_of(message, "Timestamp"))
    signed = "".join(f"{name}\n{text_of(message, name)}\n" for name in names if name in message)
    pem = _certificate(text_of(message, "SigningCertURL"), listed=listed)
    key = load_pem_x509_certificate(pem).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise Forged
    try:
        key.verify(signature, signed.encode("utf-8", "replace"), padding.PKCS1v15(), algorithm())
    except InvalidSignature as problem:
        raise Forged from problem
    if not listed:
        _turn_away(topic)


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


def _turn_away(topic: str) -> NoReturn:
    """Say which setting is missing. Amazon signed the name, and it holds nothing of a mail.

    Once an hour for a topic: anybody with an account at Amazon can send here as often as they like.
    """
    shown = topic if _TOPIC.fullmatch(topic) else "(not readable)"
    if cache.add(f"{_name(shown)}:unlisted", "said", UNLISTED_SECONDS):
        logger.error(
            "SNS was asked to come back: INBOUND_SES_TOPICS does not list %s. If it is yours, add"
            " it and restart; SNS gives up after an hour at most.",
            shown,
        )
    raise NotNow


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


def _certificate(url: str, *, listed: bool) -> bytes:
    if not is_amazons(url, path=_PATH):
        raise Forged
    return (OURS if listed else OTHERS).get(url)
