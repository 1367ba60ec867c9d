"""Amazon SES: a receipt rule with an SNS action (encoding Base64), delivered by HTTPS.

The mail is in the notification, up to 150 KB; an S3 action would only name where it lies. A new
subscription is confirmed by an operator with `manage.py confirm_sns`, never by itself.
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
"""

import json
from typing import Any

from bcc_inbound.webhooks.forms import read_json, text_of
from bcc_inbound.webhooks.pieces import decoded, part, texts
from bcc_inbound.webhooks.posts import JSON_BYTES, Hook, Malformed, NothingToKeep, Post, Provider
from bcc_inbound.webhooks.providers import sns


def verify(hook: Hook) -> None:
    sns.demand_signature(read_json(hook))


def read(hook: Hook) -> list[Post]:
    message = read_json(hook)
    if message["Type"] == "SubscriptionConfirmation":
        sns.keep_confirmation(message)
    if message["Type"] != "Notification":
        raise NothingToKeep
    try:
        notice = json.loads(text_of(message, "Message"))
    except (ValueError, RecursionError) as problem:
        raise Malformed from problem
    if not isinstance(notice, dict) or notice.get("notificationType") != "Received":
        # SES sends a test when a rule is made.
        raise NothingToKeep
    mail, receipt = part(notice, "mail"), part(notice, "receipt")
    recipients = texts(receipt.get("recipients"))
    return [
        Post(
            recipients=recipients,
            envelope_sender=text_of(mail, "source"),
            raw=_raw(notice, part(receipt, "action")),
            # Each receipt rule tells the mail's one id, with the recipients that it matched.
            event=" ".join([text_of(mail, "messageId"), *sorted(recipients)]),
            reported=_reported(mail, receipt),
        )
    ]


def _raw(notice: dict[str, Any], action: dict[str, Any]) -> bytes:
    content = text_of(notice, "content")
    if text_of(action, "type") != "SNS" or not content:
        raise Malformed
    if text_of(action, "encoding").upper() == "BASE64":
        return decoded(content)
    return content.encode("utf-8", "replace")


def _reported(
    mail: dict[str, Any], receipt: dict[str, Any]
) -> tuple[tuple[str, str, dict[str, str]], ...]:
    """The verdict on DMARC is about the author; SES does not say whose DKIM signature held."""
    authors = part(mail, "commonHeaders").get("from") if "commonHeaders" in mail else None
    author = authors[0] if isinstance(authors, list) and len(authors) == 1 else ""
    address = str(author).rpartition("<")[2].rstrip("> ")
    return (
        ("spf", _status(receipt, "spfVerdict"), {"smtp.mailfrom": text_of(mail, "source")}),
        ("dmarc", _status(receipt, "dmarcVerdict"), {"header.from": address}),
    )


def _status(receipt: dict[str, Any], name: str) -> str:
    verdict = receipt.get(name)
    return text_of(verdict, "status").lower() if isinstance(verdict, dict) else ""


# What SNS gets 4xx for it never sends again, so only a real forgery gets one.
PROVIDER = Provider("ses", ("INBOUND_SES_TOPICS",), verify, read, JSON_BYTES, refusal=403)
