"""The mail itself as the body, for Cloudflare workers and home-made forwarders.

    POST /hooks/inbound/raw/?from=ana@ours.example&to=one@in.example&to=...
    Authorization: Bearer <secret>

The envelope may also stand in X-Envelope-From and X-Envelope-To (several by comma). Who knows the
sender's machine gives its address as `ip` and its greeting as `helo`, so that SPF can be checked.
"""

import ipaddress
from dataclasses import replace

from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.posts import Hook, Malformed, Post, Provider

_SECRET = "INBOUND_RAW_SECRET"  # noqa: S105 - the name of a setting


def verify(hook: Hook) -> None:
    proofs.demand_secret(hook, _SECRET)


def read(hook: Hook) -> list[Post]:
    recipients = hook.query.get("to") or hook.headers.get("X-Envelope-To", "")
    listed = tuple(one.strip() for one in recipients.split(",") if one.strip())
    if not hook.body or not listed:
        raise Malformed
    post = Post(
        recipients=listed,
        envelope_sender=hook.query.get("from") or hook.headers.get("X-Envelope-From", ""),
        raw=hook.body,
    )
    return [replace(post, peer=_address(hook.query.get("ip", "")), helo=hook.query.get("helo", ""))]


def _address(text: str) -> str:
    if not text:
        return ""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as problem:
        raise Malformed from problem


PROVIDER = Provider("raw", (_SECRET,), verify, read)
