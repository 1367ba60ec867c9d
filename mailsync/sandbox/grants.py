"""Who let whom in: codes, refresh tokens and access tokens of one vendor's sign-in."""

import secrets
import time
from typing import Any

from mailsync.sandbox.tables import Tables

Row = dict[str, Any]

ACCESS_SECONDS = 3599


class Grants:
    """Tokens are rows of tables named after the vendor. The caller holds the sandbox's lock."""

    def __init__(self, tables: Tables, vendor: str) -> None:
        self._tables = tables
        self._codes, self._refresh, self._access = (
            f"{vendor} {kind}" for kind in ("codes", "refresh tokens", "access tokens")
        )
        self._vendor = vendor

    def make_code(self, **facts: Any) -> str:
        """A code that can be traded once for what the facts say."""
        code = f"4/{secrets.token_urlsafe(24)}"
        self._tables.put(self._codes, code, facts)
        return code

    def take_code(self, code: str) -> Row | None:
        """The facts of a code, which is used up."""
        facts: Row | None = self._tables.get(self._codes, code)
        self._tables.remove(self._codes, code)
        return facts

    def make_refresh(self, address: str, client_id: str, scopes: list[str]) -> str:
        token = f"1//{secrets.token_urlsafe(32)}"
        row = {"address": address, "client_id": client_id, "scopes": scopes, "dead": False}
        self._tables.put(self._refresh, token, row)
        return token

    def make_access(self, address: str, scopes: list[str]) -> str:
        token = f"ya29.{secrets.token_urlsafe(32)}"
        row = {"address": address, "scopes": scopes, "ends": time.time() + ACCESS_SECONDS}
        self._tables.put(self._access, token, row)
        return token

    def refresh_token(self, token: str) -> Row | None:
        """What a refresh token is for; its `dead` says whether it was revoked."""
        row: Row | None = self._tables.get(self._refresh, token)
        return row

    def access_token(self, token: str) -> Row | None:
        """What an access token is for, while it is valid."""
        row: Row | None = self._tables.get(self._access, token)
        return row if row and row["ends"] > time.time() else None

    def granted(self, address: str, client_id: str) -> list[str]:
        """The scopes that this account has given to the client and not taken back."""
        rows = self._tables.all(self._refresh).values()
        mine = [row for row in rows if (row["address"], row["client_id"]) == (address, client_id)]
        return sorted({scope for row in mine if not row["dead"] for scope in row["scopes"]})

    def revoke(self, address: str) -> None:
        """Every token of the account is dead, as when its owner takes the app's access away."""
        for token, row in self._tables.all(self._refresh).items():
            if row["address"] == address:
                self._tables.put(self._refresh, token, row | {"dead": True})
        self.end_access(address)

    def end_access(self, address: str) -> None:
        """The account's access tokens are no longer accepted, its refresh tokens are."""
        for token, row in self._tables.all(self._access).items():
            if row["address"] == address:
                self._tables.remove(self._access, token)
