"""Postmark: an inbound stream. It signs nothing, so its URL carries a secret.

With "Include raw email content" the mail comes as it was and its DKIM signature can be checked;
without it, it comes in pieces, and nothing proves a sender. Received-SPF and the like stand among
the headers of the mail, where a sender can write them too, so they are not believed.
https://postmarkapp.com/developer/webhooks/inbound-webhook
"""

from typing import Any

from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.compose import compose
from bcc_inbound.webhooks.forms import read_json, text_of
from bcc_inbound.webhooks.pieces import from_base64, named_headers
from bcc_inbound.webhooks.posts import Hook, Malformed, NothingToKeep, Post, Provider

_SECRET = "INBOUND_POSTMARK_SECRET"  # noqa: S105 - the name of a setting


def verify(hook: Hook) -> None:
    proofs.demand_secret(hook, _SECRET)


def read(hook: Hook) -> list[Post]:
    mail = read_json(hook)
    if mail.get("RecordType", "Inbound") != "Inbound":
        raise NothingToKeep
    headers = named_headers(mail.get("Headers"), "Name", "Value")
    sender = ""
    if headers and headers[0][0].lower() == "return-path":
        sender = headers.pop(0)[1].strip("<> ")
    raw = text_of(mail, "RawEmail")
    return [
        Post(
            recipients=(text_of(mail, "OriginalRecipient"),),
            envelope_sender=sender,
            raw=raw.encode("utf-8", "replace") if raw else _rebuild(mail, headers),
            event=text_of(mail, "MessageID"),
            rebuilt=not raw,
        )
    ]


def _rebuild(mail: dict[str, Any], headers: list[tuple[str, str]]) -> bytes:
    """Postmark takes these out of the headers and gives them as fields."""
    given = {name.lower() for name, _ in headers}
    people = {"From": [mail.get("FromFull")], "To": mail.get("ToFull"), "Cc": mail.get("CcFull")}
    for name, listed in people.items():
        if name.lower() not in given and listed:
            headers.append((name, ", ".join(_person(one) for one in listed)))
    for name, field in (("Subject", "Subject"), ("Date", "Date"), ("Reply-To", "ReplyTo")):
        if name.lower() not in given and text_of(mail, field):
            headers.append((name, text_of(mail, field)))
    files = mail.get("Attachments") or []
    return compose(
        headers,
        text=text_of(mail, "TextBody"),
        html=text_of(mail, "HtmlBody"),
        files=[from_base64(one, "Name", "ContentType", "Content", "ContentID") for one in files],
    )


def _person(full: Any) -> str:
    if not isinstance(full, dict):
        raise Malformed
    name = text_of(full, "Name").replace("\\", "").replace('"', "'")
    address = text_of(full, "Email")
    return f'"{name}" <{address}>' if name else address


PROVIDER = Provider("postmark", (_SECRET,), verify, read)
