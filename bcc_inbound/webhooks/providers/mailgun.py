"""Mailgun: a route that forwards to our URL; with /mime at its end the mail comes as it was.

https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store
"""

import json

from bcc_inbound.webhooks import proofs
from bcc_inbound.webhooks.compose import File, compose
from bcc_inbound.webhooks.forms import Field, Form, read_form
from bcc_inbound.webhooks.posts import Forged, Hook, Malformed, Post, Provider

RETRIED_FOR = 9 * 3600
"""Mailgun tries for eight hours, and a retry may carry its first signature."""

MOST_FILES = 200
_KEY = "INBOUND_MAILGUN_SIGNING_KEY"


def verify(hook: Hook) -> None:
    """HMAC over time and token. It does not cover the mail, so the token counts only once."""
    form = read_form(hook)
    time, token = _text(form, "timestamp"), _text(form, "token")
    if not token:
        raise Forged
    proofs.demand_hmac(f"{time}{token}".encode(), _text(form, "signature"), _KEY)
    proofs.demand_recent(time, horizon=RETRIED_FOR)


def read(hook: Hook) -> list[Post]:
    form = read_form(hook)
    whole = form.get("body-mime")
    return [
        Post(
            recipients=tuple(one.strip() for one in _text(form, "recipient").split(",")),
            envelope_sender=_text(form, "sender"),
            raw=whole.value if whole else _rebuild(form),
            event=_text(form, "token"),
            rebuilt=whole is None,
        )
    ]


def _rebuild(form: Form) -> bytes:
    try:
        pairs = json.loads(_text(form, "message-headers"))
        headers = [(str(name), str(value)) for name, value in pairs]
    except (ValueError, TypeError, RecursionError) as problem:
        raise Malformed from problem
    files = [
        _file(form[name])
        for name in (f"attachment-{number}" for number in range(1, MOST_FILES))
        if name in form
    ]
    return compose(
        headers, text=_text(form, "body-plain"), html=_text(form, "body-html"), files=files
    )


def _file(field: Field) -> File:
    return File(field.filename or "", field.content_type, field.value)


def _text(form: Form, name: str) -> str:
    return form[name].text if name in form else ""


PROVIDER = Provider("mailgun", (_KEY,), verify, read)
