"""How a member lets us into a Gmail mailbox: Google's sign-in with a code, PKCE and a nonce.

Asked for is `gmail.readonly`, which also tells the aliases, and `gmail.send` where sending was
switched on; nothing that could change or delete a mail.
https://developers.google.com/identity/protocols/oauth2/web-server
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from mailsync.providers.errors import AuthorizationLost, Transient
from mailsync.providers.google_identity import NotFromGoogle, identity_in
from mailsync.providers.google_tokens import (
    READ_SCOPE,
    SEND_SCOPE,
    UNREACHABLE,
    GoogleSecret,
    ask_for_tokens,
    post_form,
)
from mailsync.providers.grants import ConsentRefused, Grant, Visit

_IDENTITY = ("openid", "email")


class GmailConsent:
    """See `grants.Consent` for what each method does."""

    def is_configured(self) -> bool:
        return bool(settings.GOOGLE_CLIENT_ID and settings.GOOGLE_CLIENT_SECRET)

    def begin(
        self, *, redirect_uri: str, state: str, send: bool, hint: str = "", again: bool = False
    ) -> Visit:
        """Google gives a lasting grant only to whoever asks for consent, so it is always asked
        for. The scopes given earlier come along, or a grant for sending could not read."""
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": settings.GOOGLE_CLIENT_ID,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join([*_IDENTITY, READ_SCOPE, *([SEND_SCOPE] if send else [])]),
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "access_type": "offline",
            "include_granted_scopes": "true",
            # Without an expected address Google would silently take the account signed in last.
            "prompt": "consent" if hint else "select_account consent",
        }
        if hint:
            asked["login_hint"] = hint
        joint = "&" if "?" in settings.GOOGLE_AUTH_URL else "?"
        kept = json.dumps({"verifier": verifier, "nonce": nonce, "state": state}).encode()
        return Visit(settings.GOOGLE_AUTH_URL + joint + urlencode(asked), kept)

    def finish(self, *, kept: bytes, answer: Mapping[str, str], redirect_uri: str) -> Grant:
        mine = json.loads(kept)
        if not hmac.compare_digest(answer.get("state", "").encode(), mine["state"].encode()):
            raise ConsentRefused(_("This sign-in was not started here. Start again."))
        if "error" in answer or not answer.get("code"):
            raise ConsentRefused(_refused(answer.get("error", "")))
        tokens = _trade(answer["code"], mine["verifier"], redirect_uri)
        scopes = str(tokens.get("scope", "")).split()
        grant = _grant(tokens, scopes, mine["nonce"])
        if READ_SCOPE not in scopes:
            raise ConsentRefused(
                _(
                    "Threadwell was not allowed to read the mail. Start again and leave that"
                    " ticked."
                ),
                unused=grant,
            )
        if not _is_lasting(tokens):
            raise ConsentRefused(
                _(
                    "Google gave no lasting access. Remove Threadwell under the connections of"
                    " your Google account, then start again."
                ),
                unused=grant,
            )
        return grant

    def revoke(self, secret: bytes) -> None:
        """Either token takes the whole grant along; one that was not lasting has no other."""
        with suppress(AuthorizationLost):
            held = GoogleSecret.read(secret)
            _revoke(held.refresh_token or held.access_token)


def _refused(error: str) -> str:
    if error == "access_denied":
        return _("You did not allow access at Google, so nothing was connected.")
    if error == "admin_policy_enforced":
        return _("The administrator of your Google Workspace does not allow Threadwell.")
    return _("Google did not finish the sign-in. Start again.")


def _trade(code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
    }
    try:
        return ask_for_tokens(fields)
    except AuthorizationLost as error:
        raise ConsentRefused(
            _("The sign-in at Google took too long, or its page was opened twice. Start again.")
        ) from error


def _is_lasting(tokens: Mapping[str, Any]) -> bool:
    refresh = tokens.get("refresh_token")
    return isinstance(refresh, str) and refresh != ""


def _grant(tokens: Mapping[str, Any], scopes: list[str], nonce: str) -> Grant:
    claims = _identity(tokens, nonce)
    secret = GoogleSecret(
        refresh_token=str(tokens["refresh_token"]) if _is_lasting(tokens) else "",
        access_token="",
        ends_at=time.time(),
        scopes=tuple(scopes),
        account_id=str(claims["sub"]),
        address=str(claims["email"]).lower(),
    ).with_answer(tokens)
    return Grant(
        secret=secret.to_bytes(),
        account_id=secret.account_id,
        address=secret.address,
        name=str(claims.get("name", "")),
        can_send=SEND_SCOPE in scopes,
    )


def _identity(tokens: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    """Who signed in: the id token's own word, signed, for us, and of this visit."""
    try:
        claims = identity_in(str(tokens.get("id_token", "")))
    except NotFromGoogle as error:
        raise ConsentRefused(_("Google's answer could not be verified. Start again.")) from error
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ConsentRefused(_("This sign-in was not started here. Start again."))
    if not claims.get("sub") or not claims.get("email"):
        raise ConsentRefused(_("Google did not say which account this is. Start again."))
    return claims


def _revoke(token: str) -> None:
    """A token that is dead already is answered with 400, which is fine."""
    response = post_form(settings.GOOGLE_REVOKE_URL, {"token": token})
    if response.status_code == 429 or response.status_code >= 500:
        raise Transient(UNREACHABLE)
