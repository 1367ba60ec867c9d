"""Google's sign-in: the page that asks, the token endpoint, revocation and the published keys.

https://developers.google.com/identity/protocols/oauth2/web-server and
https://developers.google.com/identity/openid-connect/openid-connect say what is asked and answered.
"""

import base64
import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mailsync.sandbox.consent_page import consent_page
from mailsync.sandbox.grants import ACCESS_SECONDS, Grants
from mailsync.sandbox.signing import SigningKey
from mailsync.sandbox.web import Call, Lies, Refusal, Request, Response, Route, as_json

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

CLIENT_ID = "sandbox.apps.googleusercontent.example"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - the secret of a client that exists nowhere else
ISSUER = "https://accounts.google.com"
# Without these a sign-in has no id token with an address in it.
_IDENTITY = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}
_ASKED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "access_type",
    "prompt",
    "include_granted_scopes",
    "login_hint",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "hd",
)


class SignIn:
    """`publish_jwks` tells in which of the two forms the keys are published."""

    publish_jwks = False

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.grants = Grants(sandbox.tables, "google")
        self.key = SigningKey(sandbox.tables, "google")
        self.routes = [
            Route("GET", "/o/auth", "authorize", self.ask, _ASKED),
            Route("POST", "/o/auth", "authorize", self.decide, _ASKED),
            Route("POST", "/o/token", "token", self.token),
            Route("POST", "/o/revoke", "revoke", self.revoke),
            Route("GET", "/o/certs", "certs", self.certs),
        ]

    def call_for(self, route: Route, request: Request) -> Call:
        """Named after what is asked of the token endpoint, so that a fault can choose."""
        operation, mailbox = route.operation, ""
        if operation == "token":
            form = _form(request)
            known = self.grants.refresh_token(form.get("refresh_token", "")) or {}
            operation = "refresh" if form.get("grant_type") == "refresh_token" else "token"
            mailbox = known.get("address", "")
        return Call(operation, mailbox, lambda lies: route.handle(request, lies))

    def ask(self, request: Request, lies: Lies) -> Response:
        """The page on which a person chooses an account and what to allow."""
        asked = self._asked(request)
        boxes = [one for one in self.sandbox.mailboxes if one.vendor == "google"]
        hint = asked.get("login_hint", "").lower()
        accounts = sorted((one.address for one in boxes), key=lambda one: (one != hint, one))
        return consent_page("Google", accounts, asked["scope"].split(), asked)

    def decide(self, request: Request, lies: Lies) -> Response:
        """Back to the app with a code, or with the refusal."""
        asked = self._asked(request)
        fields = request.form_lists()
        if fields.get("answer") != ["allow"]:
            return self.redirect(asked, {"error": "access_denied"})
        address = fields["account"][0]
        return self.redirect(asked, self.allow(asked, address, fields.get("scopes", [])))

    def allow(self, asked: dict[str, str], address: str, scopes: list[str]) -> dict[str, str]:
        """What the app is told when this account gives it these scopes."""
        granted = {_IDENTITY.get(one, one) for one in scopes}
        before = self.grants.granted(address, asked["client_id"])
        if asked.get("include_granted_scopes") == "true":
            granted |= set(before)
        lasting = asked.get("access_type") == "offline"
        code = self.grants.make_code(
            address=address,
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            scopes=sorted(granted),
            challenge=asked.get("code_challenge", ""),
            nonce=asked.get("nonce", ""),
            # A second visit without prompt=consent brings no refresh token.
            lasting=lasting and (not before or "consent" in asked.get("prompt", "").split()),
        )
        return {"code": code, "scope": " ".join(sorted(granted)), "authuser": "0"}

    def redirect(self, asked: dict[str, str], answer: dict[str, str]) -> Response:
        answer |= {"state": asked["state"]} if "state" in asked else {}
        joint = "&" if "?" in asked["redirect_uri"] else "?"
        return Response(
            302, headers={"Location": asked["redirect_uri"] + joint + urlencode(answer)}
        )

    def token(self, request: Request, lies: Lies) -> Response:
        """A code with its verifier, or a refresh token, for an access token."""
        form = _form(request)
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            return _token_error(401, "invalid_client", "The OAuth client was not found.")
        if form.get("grant_type") == "authorization_code":
            return self._trade(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        return _token_error(400, "unsupported_grant_type", "Invalid grant_type.")

    def revoke(self, request: Request, lies: Lies) -> Response:
        """One token takes the whole grant along."""
        token = _form(request).get("token", "")
        row = self.grants.refresh_token(token) or self.grants.access_token(token)
        if row is None or row.get("dead"):
            return _token_error(400, "invalid_token", "Token expired or revoked")
        self.grants.revoke(row["address"])
        return as_json({})

    def certs(self, request: Request, lies: Lies) -> Response:
        found = self.key.jwks() if self.publish_jwks else self.key.certificates()
        return as_json(found, headers={"Cache-Control": "public, max-age=20000"})

    def sign_push(self, audience: str, account: str) -> str:
        """The token that Pub/Sub sends along.

        https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
        """
        now = int(time.time())
        return self.key.sign(
            {
                "iss": ISSUER,
                "aud": audience,
                "azp": "1234567890",
                "sub": "1234567890",
                "email": account,
                "email_verified": True,
                "iat": now,
                "exp": now + 3600,
            }
        )

    def _asked(self, request: Request) -> dict[str, str]:
        asked = {name: request.one(name) for name in request.query}
        if asked.get("client_id") != CLIENT_ID:
            raise Refusal(Response(401, b"Error 401: invalid_client"))
        if not asked.get("redirect_uri", "").startswith(("http://", "https://")):
            raise Refusal(Response(400, b"Error 400: redirect_uri_mismatch"))
        if asked.get("response_type") != "code" or not asked.get("scope"):
            raise Refusal(Response(400, b"Error 400: invalid_request"))
        if asked.get("code_challenge_method", "S256") != "S256":
            raise Refusal(Response(400, b"Error 400: invalid_request"))
        return asked

    def _trade(self, form: dict[str, str]) -> Response:
        facts = self.grants.take_code(form.get("code", ""))
        if facts is None or not _proves(form.get("code_verifier", ""), facts["challenge"]):
            return _token_error(400, "invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != facts["redirect_uri"]:
            return _token_error(400, "redirect_uri_mismatch", "Bad Request")
        address, scopes = facts["address"], facts["scopes"]
        answer = self._answer(address, scopes)
        if facts["lasting"]:
            made = self.grants.make_refresh(address, facts["client_id"], scopes)
            answer["refresh_token"] = made
        if "openid" in scopes:
            answer["id_token"] = self._id_token(address, facts["nonce"], scopes)
        return as_json(answer)

    def _refresh(self, form: dict[str, str]) -> Response:
        row = self.grants.refresh_token(form.get("refresh_token", ""))
        if row is None or row["dead"]:
            return _token_error(400, "invalid_grant", "Token has been expired or revoked.")
        return as_json(self._answer(row["address"], row["scopes"]))

    def _answer(self, address: str, scopes: list[str]) -> dict[str, Any]:
        return {
            "access_token": self.grants.make_access(address, scopes),
            "expires_in": ACCESS_SECONDS,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }

    def _id_token(self, address: str, nonce: str, scopes: list[str]) -> str:
        box, now = self.sandbox.mailboxes.get(address), int(time.time())
        claims: dict[str, Any] = {"iss": ISSUER, "aud": CLIENT_ID, "azp": CLIENT_ID}
        claims |= {"sub": box.account_id if box else "", "iat": now, "exp": now + 3600}
        if _IDENTITY["email"] in scopes:
            claims |= {"email": address, "email_verified": True}
        if _IDENTITY["profile"] in scopes:
            claims["name"] = box.name if box else ""
        if nonce:
            claims["nonce"] = nonce
        return self.key.sign(claims)


def _form(request: Request) -> dict[str, str]:
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refusal(_token_error(400, "invalid_request", "Bad content type."))
    return request.form()


def _token_error(status: int, error: str, description: str) -> Response:
    """As RFC 6749, 5.2 has it."""
    return as_json({"error": error, "error_description": description}, status)


def _proves(verifier: str, challenge: str) -> bool:
    """RFC 7636, 4.6: the verifier's hash is the challenge, where there was one."""
    if not challenge:
        return True
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
