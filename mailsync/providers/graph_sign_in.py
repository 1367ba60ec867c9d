"""How msal reaches Microsoft's sign-in: at MICROSOFT_LOGIN_ROOT, whatever it is told to ask.

msal wants an https authority on a host of Microsoft's. It is always given Microsoft's own, and its
HTTP client puts the configured root in its place. So tokens keep their issuer and their place in
the cache when the root changes.
"""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msal
import requests
import urllib3
from django.conf import settings

from mailsync.providers.errors import Permanent, Throttled, Transient
from mailsync.providers.graph_errors import AWAY, pause_of

VENDOR_ROOT = "https://login.microsoftonline.com"
# Work and school accounts of any organisation, and personal ones.
TENANT = "common"
TIMEOUT = (10, 30)
MOST_BYTES = 1_000_000

_DISCOVERY = "/.well-known/openid-configuration"


def sign_in_app(cache: msal.SerializableTokenCache) -> msal.ConfidentialClientApplication:
    """msal's app over this cache. Making it asks Microsoft where its endpoints are."""
    return msal.ConfidentialClientApplication(
        settings.MICROSOFT_CLIENT_ID,
        client_credential=settings.MICROSOFT_CLIENT_SECRET,
        authority=f"{VENDOR_ROOT}/{TENANT}",
        token_cache=cache,
        http_client=LoginClient(settings.MICROSOFT_LOGIN_ROOT),
        instance_discovery=False,
    )


def browser_address(address: str) -> str:
    """An address of Microsoft's sign-in, at the configured root."""
    return settings.MICROSOFT_LOGIN_ROOT + address.removeprefix(VENDOR_ROOT)


def checked_root(root: str) -> str:
    """The root, if secrets may go there: over https, or to this very machine."""
    parts = urlsplit(root)
    if parts.scheme != "https" and not is_loopback(root):
        raise Permanent(
            "This installation's address of Microsoft 365 is not encrypted. Whoever runs it has to"
            " set one that begins with https."
        )
    return root


def is_loopback(root: str) -> bool:
    host = urlsplit(root).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def plain_session(root: str) -> requests.Session:
    """A session that tries nothing twice by itself; a proxy of the environment never gets what is
    meant for this machine."""
    session = requests.Session()
    session.trust_env = not is_loopback(root)
    return session


@dataclass(frozen=True, slots=True)
class Answer:
    """What msal reads of an answer."""

    status_code: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """Answers that are errors of the server never get this far."""


class LoginClient:
    """The HTTP client that msal is given. What is no answer of the protocol raises a
    ProviderError, so that msal neither judges it nor writes it to the log."""

    def __init__(self, root: str) -> None:
        self.root = checked_root(root)
        self.session = plain_session(root)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Answer:
        answer = self._ask("GET", url, params=params, headers=headers)
        if url.endswith(_DISCOVERY):
            return Answer(200, json.dumps(self._endpoints(url, answer)), answer.headers)
        return answer

    def post(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Answer:
        return self._ask("POST", url, params=params, data=data, headers=headers)

    def close(self) -> None:
        self.session.close()

    def _ask(self, method: str, url: str, **what: Any) -> Answer:
        if not url.startswith(VENDOR_ROOT + "/"):
            raise Permanent("Microsoft's sign-in names an address that is not its own.")
        try:
            with self.session.request(
                method,
                self.root + url.removeprefix(VENDOR_ROOT),
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
                **what,
            ) as response:
                body = response.raw.read(MOST_BYTES + 1, decode_content=True)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return _checked(response.status_code, body, headers)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Transient(AWAY) from error

    def _endpoints(self, url: str, answer: Answer) -> dict[str, Any]:
        """The endpoints with Microsoft's own root, as msal wants them. A proxy that passes only
        the endpoints themselves is as good: their paths are fixed."""
        tenant = urlsplit(url).path.split("/")[1]
        below = f"{VENDOR_ROOT}/{tenant}"
        usual = {
            "issuer": f"{below}/v2.0",
            "authorization_endpoint": f"{below}/oauth2/v2.0/authorize",
            "token_endpoint": f"{below}/oauth2/v2.0/token",
        }
        if answer.status_code != 200:
            return usual
        found = usual | json.loads(answer.text)
        return {
            name: VENDOR_ROOT + value.removeprefix(self.root)
            if isinstance(value, str) and value.startswith(self.root + "/")
            else value
            for name, value in found.items()
        }


def _checked(status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    if status == 429:
        raise Throttled(pause_of(headers))
    if status >= 500 or len(body) > MOST_BYTES:
        raise Transient(AWAY)
    try:
        if not isinstance(json.loads(body), dict):
            raise ValueError
    except (ValueError, RecursionError) as error:
        if status == 404:
            return Answer(404, "{}", headers)
        raise Transient(AWAY) from error
    return Answer(status, body.decode("utf-8", "replace"), headers)
