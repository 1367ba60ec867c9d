"""MailerSend: an inbound route. Signed over the body; the mail comes as it was.

https://developers.mailersend.com/api/v1/inbound.html
"""

from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.forms import read_json, text_of
from bcc_inbound.webhooks.pieces import part
from bcc_inbound.webhooks.posts import Hook, Malformed, NothingToKeep, Post, Provider

_KEY = "INBOUND_MAILERSEND_SIGNING_KEY"


def verify(hook: Hook) -> None:
    """There is no time in what is signed, so its id counts only once."""
    proofs.demand_hmac(hook.body, hook.headers.get("Signature", ""), _KEY)


def read(hook: Hook) -> list[Post]:
    event = read_json(hook)
    if event.get("type") != "inbound.message":
        raise NothingToKeep
    data = part(event, "data")
    listed = part(data, "recipients").get("rcptTo")
    if not isinstance(listed, list) or not text_of(data, "raw"):
        raise Malformed
    sender = text_of(part(data, "sender"), "email")
    checked = data.get("spf_check")
    passed = isinstance(checked, dict) and checked.get("code") == "+"
    return [
        Post(
            recipients=tuple(text_of(one, "email") for one in listed if isinstance(one, dict)),
            envelope_sender=sender,
            raw=text_of(data, "raw").encode("utf-8", "replace"),
            event=text_of(data, "id"),
            reported=(("spf", "pass" if passed else "fail", {"smtp.mailfrom": sender}),),
        )
    ]


PROVIDER = Provider("mailersend", (_KEY,), verify, read)
