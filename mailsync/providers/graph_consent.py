"""Microsoft's sign-in for a member who connects a mailbox, by msal."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msal
from django.conf import settings
from django.utils.translation import gettext as _

from mailsync.providers.errors import AuthorizationLost, ConsentMissing, ProviderError
from mailsync.providers.grants import ConsentRefused, Grant, Unlimited, Visit
from mailsync.providers.graph import GraphProvider
from mailsync.providers.graph_sign_in import VENDOR_ROOT, browser_address, sign_in_app
from mailsync.providers.graph_tokens import (
    READ_RIGHTS,
    SEND_RIGHT,
    account_of,
    msal_errors,
    pack,
    refused,
    with_folders,
)


class GraphConsent:
    """See `grants.Consent`. State, nonce and code verifier are msal's; they travel in `kept`."""

    def is_configured(self) -> bool:
        return bool(settings.MICROSOFT_CLIENT_ID and settings.MICROSOFT_CLIENT_SECRET)

    def begin(
        self, *, redirect_uri: str, state: str, send: bool, hint: str = "", again: bool = False
    ) -> Visit:
        """Ask for the least: reading mail, knowing whose it is, and sending only when wanted.

        Consent is never forced (prompt=consent), since that turns members away whose administrator
        has consented for all; Microsoft asks by itself for what is missing.
        """
        rights = [*READ_RIGHTS, *([SEND_RIGHT] if send else [])]
        with msal_errors():
            flow = sign_in_app(msal.SerializableTokenCache()).initiate_auth_code_flow(
                rights,
                redirect_uri=redirect_uri,
                state=state,
                login_hint=hint or None,
                prompt=None if hint else "select_account",
            )
        return Visit(browser_address(flow["auth_uri"]), json.dumps(flow).encode())

    def finish(self, *, kept: bytes, answer: Mapping[str, str], redirect_uri: str) -> Grant:
        flow = json.loads(kept)
        if flow.get("state") != answer.get("state") or flow.get("redirect_uri") != redirect_uri:
            raise ConsentRefused(_("This sign-in was not started here. Start again."))
        if "code" not in answer:
            raise ConsentRefused(_why(answer))
        cache = msal.SerializableTokenCache()
        with msal_errors():
            result = sign_in_app(cache).acquire_token_by_auth_code_flow(flow, dict(answer))
        if "access_token" not in result:
            raise _not_given(result)
        rights = _rights(result)
        _check_identity(result.get("id_token_claims") or {})
        secret = pack(cache, rights)
        lasting = list(cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN))
        if not lasting or not account_of(secret):
            raise ConsentRefused(
                _("Microsoft did not let Threadwell keep the access. Start again and allow it.")
            )
        return _grant(secret, rights, result["id_token_claims"])

    def revoke(self, secret: bytes) -> None:
        """Microsoft has no way for an app to give a member's grant back: revokeSignInSessions would
        sign the person out everywhere, and deleting the consent takes an administrator's right. So
        the tokens are only forgotten by us, and end unused. The member can remove Threadwell
        under https://myapps.microsoft.com, or https://account.live.com/consent/Manage for a
        personal account.
        """


class _Handed:
    """The tokens of a grant that nobody keeps yet."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    def load(self) -> bytes:
        return self.secret

    def refresh(self, stale: bytes, ask: Callable[[bytes], bytes]) -> bytes:
        self.secret = ask(stale)
        return self.secret


def _grant(secret: bytes, rights: list[str], claims: Mapping[str, Any]) -> Grant:
    tokens = _Handed(secret)
    address = str(claims.get("preferred_username") or "").lower()
    try:
        with GraphProvider(tokens, Unlimited()) as provider:
            folders = provider.well_known_folders()
            with suppress(ConsentMissing):
                # Without it, the name that was signed in with is an address too.
                address = provider.profile().address
    except AuthorizationLost as error:
        raise ConsentRefused(_("Microsoft took the access back at once. Start again.")) from error
    return Grant(
        secret=with_folders(tokens.secret, folders),
        account_id=account_of(secret),
        address=address,
        name=str(claims.get("name") or ""),
        can_send=SEND_RIGHT in rights,
    )


def _rights(result: Mapping[str, Any]) -> list[str]:
    """Which of our rights were given; raises ConsentRefused without that to read.

    Microsoft names them with or without the resource in front, in any case.
    """
    given = {one.rpartition("/")[2].lower() for one in str(result.get("scope", "")).split()}
    rights = [one for one in (*READ_RIGHTS, SEND_RIGHT) if one.lower() in given]
    if READ_RIGHTS[0] not in rights:
        raise ConsentRefused(
            _(
                "Microsoft did not give the right to read mail, and without it there is nothing to"
                " do. Start again and allow it."
            )
        )
    return rights


def _check_identity(claims: Mapping[str, Any]) -> None:
    """What msal leaves to its caller: the token is for this app and from Microsoft's issuer. It
    came from the token endpoint itself, so its signature says no more (OpenID Connect Core,
    3.1.3.7)."""
    issuer = f"/{claims.get('tid')}/v2.0"
    known = {VENDOR_ROOT + issuer, settings.MICROSOFT_LOGIN_ROOT + issuer}
    if claims.get("aud") != settings.MICROSOFT_CLIENT_ID or claims.get("iss") not in known:
        raise ConsentRefused(_("Microsoft answered with the sign-in of another app. Start again."))


def _why(answer: Mapping[str, str]) -> str:
    """The sentence for a visit that ended without a code. The vendor's own text is not shown."""
    error = answer.get("error", "")
    if error in {"access_denied", "consent_required", "interaction_required"}:
        return _(
            "Microsoft was not allowed to let Threadwell in. Start again and accept. Where"
            " Microsoft asks for approval, your organisation's administrator has to give it."
        )
    if error in {"server_error", "temporarily_unavailable"}:
        return _("Microsoft's sign-in has a problem at the moment. Try again in a few minutes.")
    return _("Microsoft's sign-in ended without a result. Start again.")


def _not_given(result: dict[str, Any]) -> Exception:
    if result.get("error") == "invalid_grant":
        return ConsentRefused(_("The sign-in took too long or was used before. Start again."))
    error: ProviderError = refused(result)
    return ConsentRefused(error.sentence) if error.needs_owner else error
