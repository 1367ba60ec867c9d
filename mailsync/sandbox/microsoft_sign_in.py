"""Microsoft's sign-in as the sandbox speaks it: authorize, token, keys and discovery.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, and for the tokens
https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
"""

import base64
import hashlib
import json
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mailsync.sandbox.consent_page import consent_page
from mailsync.sandbox.grants import ACCESS_SECONDS, Grants
from mailsync.sandbox.mailboxes import Mailbox
from mailsync.sandbox.signing import SigningKey
from mailsync.sandbox.web import Call, Lies, Request, Response, Route, as_json

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

CLIENT_ID = "5a9db0c5-0000-4000-8000-7d1ea0000001"
CLIENT_SECRET = "sandbox-microsoft-secret"  # noqa: S105 - opens nothing but this sandbox
TENANT_ID = "5a9db0c5-0000-4000-8000-7e9a97000001"
# The issuer is Microsoft's whatever the address, so that the product's check of it is the real one.
ISSUER = f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"
_PLAIN = {"openid", "profile", "offline_access", "email"}


def object_id(box: Mailbox) -> str:
    """The account's id in its tenant."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"microsoft:{box.address}"))


class MicrosoftSignIn:
    """Its routes below MICROSOFT_LOGIN_ROOT; `settings` are those of the only app it knows."""

    def __init__(self, sandbox: "Sandbox", root: Callable[[], str]) -> None:
        self._sandbox, self._root = sandbox, root
        self.grants = Grants(sandbox.tables, "microsoft")
        self.key = SigningKey(sandbox.tables, "microsoft")
        sign_in, about = "/{tenant}/oauth2/v2.0", "/{tenant}/v2.0/.well-known/openid-configuration"
        self.routes = (
            Route("GET", f"{sign_in}/authorize", "microsoft.authorize", self._ask),
            Route("POST", f"{sign_in}/authorize", "microsoft.decide", self._decide),
            Route("POST", f"{sign_in}/token", "microsoft.token", self._token),
            Route("GET", "/{tenant}/discovery/v2.0/keys", "microsoft.keys", self._keys),
            Route("GET", about, "microsoft.discovery", self._discovery),
        )

    def settings(self) -> dict[str, str]:
        return {"MICROSOFT_CLIENT_ID": CLIENT_ID, "MICROSOFT_CLIENT_SECRET": CLIENT_SECRET}

    def call_for(self, route: Route, names: dict[str, str], request: Request) -> Call:
        def run(lies: Lies) -> Response:
            found: Response = route.handle(request, names, lies)
            return found

        return Call(route.operation, "", run)

    def _discovery(self, request: Request, names: dict[str, str], lies: Lies) -> Response:
        below = f"{self._root()}/{names['tenant']}"
        return as_json(
            {
                "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
                "authorization_endpoint": f"{below}/oauth2/v2.0/authorize",
                "token_endpoint": f"{below}/oauth2/v2.0/token",
                "jwks_uri": f"{below}/discovery/v2.0/keys",
            }
        )

    def _keys(self, request: Request, names: dict[str, str], lies: Lies) -> Response:
        return as_json(self.key.jwks())

    def _ask(self, request: Request, names: dict[str, str], lies: Lies) -> Response:
        """A page that lists the accounts and what the app wants; who clicks is that person."""
        asked = {name: request.one(name) for name in request.query}
        wrong = _wrong_request(request)
        if wrong:
            return Response(400, wrong.encode(), {"Content-Type": "text/plain; charset=utf-8"})
        hint = asked.get("login_hint", "").lower()
        boxes = [one.address for one in self._sandbox.mailboxes if one.vendor == "microsoft"]
        accounts = sorted(boxes, key=lambda one: (one != hint, one))
        wanted = [one for one in asked["scope"].split() if one not in _PLAIN]
        return consent_page("Microsoft", accounts, wanted, asked)

    def _decide(self, request: Request, names: dict[str, str], lies: Lies) -> Response:
        """What the person clicked, as a redirect to the app."""
        form = request.form_lists()
        box = self._sandbox.mailboxes.get(form.get("account", [""])[0])
        back = {"state": request.one("state")}
        if form.get("answer") != ["allow"] or box is None:
            back |= {"error": "access_denied", "error_description": "AADSTS65004: declined."}
        else:
            back["code"] = self._code(request, box, form.get("scopes", []))
        return Response(302, b"", {"Location": f"{request.one('redirect_uri')}?{urlencode(back)}"})

    def _code(self, request: Request, box: Mailbox, chosen: list[str]) -> str:
        lasting = [one for one in request.one("scope").split() if one in _PLAIN]
        return self.grants.make_code(
            address=box.address,
            client_id=request.one("client_id"),
            redirect_uri=request.one("redirect_uri"),
            scopes=[*chosen, *lasting],
            nonce=request.one("nonce"),
            challenge=request.one("code_challenge"),
        )

    def _token(self, request: Request, names: dict[str, str], lies: Lies) -> Response:
        form = request.form()
        if request.content_type != "application/x-www-form-urlencoded":
            return _error("invalid_request", "AADSTS900144: a form is wanted.")
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _error("invalid_client", "AADSTS7000215: Invalid client secret.", 401)
        if form.get("grant_type") == "authorization_code":
            return self._trade_code(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        return _error("unsupported_grant_type", "AADSTS70003: unknown grant type.")

    def _trade_code(self, form: dict[str, str]) -> Response:
        facts = self.grants.take_code(form.get("code", ""))
        if facts is None or facts["redirect_uri"] != form.get("redirect_uri"):
            return _error("invalid_grant", "AADSTS70008: the code is used up or expired.")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if facts["challenge"] and facts["challenge"] != _base64(digest):
            return _error("invalid_grant", "AADSTS501481: the code verifier does not match.")
        return self._tokens(facts["address"], facts["scopes"], form, nonce=facts["nonce"])

    def _refresh(self, form: dict[str, str]) -> Response:
        row = self.grants.refresh_token(form.get("refresh_token", ""))
        if row is None or row["dead"]:
            return _error(
                "invalid_grant", "AADSTS50173: the grant was revoked.", suberror="bad_token"
            )
        asked = {one for one in form.get("scope", "").split() if one not in _PLAIN}
        if not asked <= set(row["scopes"]):
            said = "AADSTS65001: the user has not consented."
            return _error("invalid_grant", said, suberror="consent_required")
        return self._tokens(row["address"], row["scopes"], form)

    def _tokens(
        self, address: str, scopes: list[str], form: dict[str, str], *, nonce: str = ""
    ) -> Response:
        """Each answer holds another refresh token; the one before goes on working:
        https://learn.microsoft.com/entra/identity-platform/refresh-tokens"""
        box = self._sandbox.mailboxes.get(address)
        if box is None:
            return _error("invalid_grant", "AADSTS50034: there is no such account.")
        given = [one for one in scopes if one not in _PLAIN]
        answer: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": " ".join([*given, "openid", "profile"]),
            "expires_in": ACCESS_SECONDS,
            "ext_expires_in": ACCESS_SECONDS,
            "access_token": self.grants.make_access(address, given),
            "id_token": self.key.sign(self._claims(box, nonce)),
        }
        if "offline_access" in scopes:
            answer["refresh_token"] = self.grants.make_refresh(address, CLIENT_ID, scopes)
        if form.get("client_info"):
            ids = {"uid": object_id(box), "utid": TENANT_ID}
            answer["client_info"] = _base64(json.dumps(ids).encode())
        return as_json(answer)

    def _claims(self, box: Mailbox, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "iat": now,
            "nbf": now,
            "exp": now + ACCESS_SECONDS,
            "oid": object_id(box),
            "tid": TENANT_ID,
            "sub": hashlib.sha256(box.address.encode()).hexdigest()[:43],
            "name": box.name,
            "preferred_username": box.address,
            "ver": "2.0",
        } | ({"nonce": nonce} if nonce else {})


def _wrong_request(request: Request) -> str:
    if request.one("client_id") != CLIENT_ID:
        return "AADSTS700016: Application with this identifier was not found."
    if request.one("response_type") != "code" or not request.one("redirect_uri"):
        return "AADSTS900144: The request body must contain response_type and redirect_uri."
    return ""


def _error(error: str, said: str, status: int = 400, *, suberror: str = "") -> Response:
    body = {"error": error, "error_description": said, "error_codes": []}
    return as_json(body | ({"suberror": suberror} if suberror else {}), status)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
