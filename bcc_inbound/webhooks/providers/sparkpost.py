"""SparkPost: a relay webhook. It signs nothing; the mail comes as it was.

https://developers.sparkpost.com/api/relay-webhooks/
"""

import json
from typing import Any

from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.forms import text_of
from bcc_inbound.webhooks.pieces import decoded, part
from bcc_inbound.webhooks.posts import Hook, Malformed, NothingToKeep, Post, Provider

MOST_MAILS = 100
_SECRET = "INBOUND_SPARKPOST_SECRET"  # noqa: S105 - the name of a setting


def verify(hook: Hook) -> None:
    proofs.demand_secret(hook, _SECRET)


def read(hook: Hook) -> list[Post]:
    try:
        rows = json.loads(hook.body)
    except (ValueError, RecursionError) as problem:
        raise Malformed from problem
    if not isinstance(rows, list) or len(rows) > MOST_MAILS:
        raise Malformed
    posts = [_post(row) for row in rows if not _is_ping(row)]
    if not posts:
        raise NothingToKeep
    return posts


def _is_ping(row: Any) -> bool:
    if not isinstance(row, dict):
        raise Malformed
    return row.get("msys") == {}


def _post(row: dict[str, Any]) -> Post:
    relayed = part(part(row, "msys"), "relay_message")
    content = part(relayed, "content")
    raw = text_of(content, "email_rfc822")
    if not raw:
        raise Malformed
    encoded = bool(content.get("email_rfc822_is_base64"))
    return Post(
        recipients=(text_of(relayed, "rcpt_to"),),
        envelope_sender=text_of(relayed, "msg_from"),
        raw=decoded(raw) if encoded else raw.encode("utf-8", "replace"),
    )


PROVIDER = Provider("sparkpost", (_SECRET,), verify, read)
