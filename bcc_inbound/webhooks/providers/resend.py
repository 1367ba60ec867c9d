"""Resend: the event email.received, signed as Svix does. It only names the mail, which is fetched.

https://resend.com/docs/dashboard/receiving/introduction and
https://docs.svix.com/receiving/verifying-payloads/how-manual
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings

from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.forms import read_json, text_of
from bcc_inbound.webhooks.pieces import part, texts
from bcc_inbound.webhooks.posts import (
    JSON_BYTES,
    MAIL_BYTES,
    Forged,
    Hook,
    Malformed,
    NothingToKeep,
    NotNow,
    Post,
    Provider,
)

FETCH_SECONDS = 10
_KEY, _API = "INBOUND_RESEND_SIGNING_KEY", "INBOUND_RESEND_API_KEY"


def verify(hook: Hook) -> None:
    name, time = hook.headers.get("svix-id", ""), hook.headers.get("svix-timestamp", "")
    signed = f"{name}.{time}.".encode() + hook.body
    given = [
        one.removeprefix("v1,")
        for one in hook.headers.get("svix-signature", "").split(" ")
        if one.startswith("v1,")
    ]
    if not proofs.is_one_of(given, [_signature(key, signed) for key in proofs.listed(_KEY)]):
        raise Forged
    proofs.demand_recent(time)


def read(hook: Hook) -> list[Post]:
    event = read_json(hook)
    if event.get("type") != "email.received":
        raise NothingToKeep
    data = part(event, "data")
    found = _json(f"{settings.RESEND_API_ROOT}/emails/receiving/{quote(_id(data), safe='')}")
    raw = part(found, "raw")
    return [
        Post(
            recipients=texts(data.get("received_for") or data.get("to")),
            # Resend does not tell the return path.
            envelope_sender="",
            raw=_fetch(text_of(raw, "download_url"), MAIL_BYTES),
            event=_id(data),
        )
    ]


def _id(data: dict[str, Any]) -> str:
    found = text_of(data, "email_id")
    if not found:
        raise Malformed
    return found


def _signature(key: str, signed: bytes) -> str:
    try:
        secret = base64.b64decode(key.removeprefix("whsec_"))
    except binascii.Error as problem:
        raise NotNow from problem
    return base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def _json(url: str) -> dict[str, Any]:
    key = proofs.listed(_API)[0]
    body = _fetch(url, JSON_BYTES, Authorization=f"Bearer {key}")
    return read_json(Hook(body, {}, "application/json", {}))


def _fetch(url: str, most: int, **headers: str) -> bytes:
    """Fetch from the vendor, bounded. Whatever goes wrong, the event is sent to us again."""
    if urlsplit(url).scheme != "https" and not url.startswith(settings.RESEND_API_ROOT):
        raise Malformed
    try:
        with requests.get(
            url, headers=headers, timeout=FETCH_SECONDS, stream=True, allow_redirects=False
        ) as answer:
            answer.raise_for_status()
            return _bounded(answer, most)
    except requests.RequestException as problem:
        raise NotNow from problem


def _bounded(answer: requests.Response, most: int) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_content(64 * 1024):
        size += len(piece)
        if size > most:
            raise Malformed
        pieces.append(piece)
    return b"".join(pieces)


PROVIDER = Provider("resend", (_KEY, _API), verify, read, JSON_BYTES)
