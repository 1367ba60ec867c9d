"""Mailjet: the Parse API. It signs nothing, says nothing of SPF or DKIM, and takes the mail apart.

So a secret stands in its URL, and mail of members is held: nothing proves their address.
https://dev.mailjet.com/email/guides/parse-api/
"""

from typing import Any

from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.compose import File, compose
from bcc_inbound.webhooks.forms import read_json, text_of
from bcc_inbound.webhooks.pieces import decoded, grouped_headers
from bcc_inbound.webhooks.posts import Hook, Malformed, Post, Provider

_SECRET = "INBOUND_MAILJET_SECRET"  # noqa: S105 - the name of a setting


def verify(hook: Hook) -> None:
    proofs.demand_secret(hook, _SECRET)


def read(hook: Hook) -> list[Post]:
    mail = read_json(hook)
    raw = compose(
        grouped_headers(mail.get("Headers")),
        text=text_of(mail, "Text-part"),
        html=text_of(mail, "Html-part"),
        files=[_file(one, mail) for one in mail.get("Parts") or [] if _is_file(one)],
    )
    return [
        Post(
            recipients=(text_of(mail, "Recipient"),),
            envelope_sender=text_of(mail, "Sender"),
            raw=raw,
            rebuilt=True,
        )
    ]


def _is_file(one: Any) -> bool:
    if not isinstance(one, dict):
        raise Malformed
    return "Attachment" in text_of(one, "ContentRef")


def _file(one: dict[str, Any], mail: dict[str, Any]) -> File:
    headers = {name.lower(): value for name, value in grouped_headers(one.get("Headers") or {})}
    kind, _, rest = headers.get("content-type", "").partition(";")
    name = (rest + headers.get("content-disposition", "")).rpartition("name=")[2].strip('" ;')
    content = decoded(text_of(mail, text_of(one, "ContentRef")))
    return File(name, kind.strip(), content, headers.get("content-id", ""))


PROVIDER = Provider("mailjet", (_SECRET,), verify, read)
