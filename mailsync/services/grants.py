"""The secrets that open a vendor's mailbox: sealed at rest, and refreshed by one worker at a time.

A refresh is a short lease on the mailbox's row. The vendor is asked outside any transaction, and
the answer is written only over the very grant that it follows, so that a worker that was stopped
past its lease overwrites nobody. One that died leaves a lease that ends by itself.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import sealing, tenancy
from mailsync.models import Mailbox
from mailsync.providers.errors import AuthorizationLost, Transient

LEASE = timedelta(seconds=60)
WAIT_SECONDS = 15.0
_PAUSE = 0.1


@dataclass(slots=True)
class HeldTokens:
    """A grant that is being tried and belongs to no mailbox yet. `secret` follows its refreshes."""

    secret: bytes

    def load(self) -> bytes:
        """The secret as it came, or as the last refresh left it."""
        return self.secret

    def refresh(self, stale: bytes, ask: Callable[[bytes], bytes]) -> bytes:
        """Ask the vendor; nobody else has this grant."""
        if self.secret == stale:
            self.secret = ask(stale)
        return self.secret


@dataclass(frozen=True, slots=True)
class _Grant:
    secret: bytes
    version: int


class StoredTokens:
    """The grant of a connected mailbox, shared by every worker that reads it."""

    def __init__(self, workspace_id: uuid.UUID, mailbox_id: uuid.UUID) -> None:
        self.workspace_id, self.mailbox_id = workspace_id, mailbox_id

    def load(self) -> bytes:
        """The secret as it stands in the database; raises AuthorizationLost where there is none."""
        return self._read().secret

    def refresh(self, stale: bytes, ask: Callable[[bytes], bytes]) -> bytes:
        """The secret that follows `stale`: another worker's where there is one, or the vendor's.

        Whoever finds a refresh under way waits for it, for about as long as a vendor takes.
        """
        ends_at = time.monotonic() + WAIT_SECONDS
        while True:
            grant = self._read()
            if grant.secret != stale:
                return grant.secret
            if self._take(grant.version):
                return self._ask(grant, ask)
            if time.monotonic() > ends_at:
                raise Transient(
                    _("The sign-in is being renewed. Threadwell tries again by itself.")
                )
            time.sleep(_PAUSE)

    def _ask(self, grant: _Grant, ask: Callable[[bytes], bytes]) -> bytes:
        try:
            secret = ask(grant.secret)
        except BaseException:
            self._write(grant.version, grant_leased_until=None)
            raise
        sealed = sealing.seal(secret, row=row_name(self.mailbox_id))
        kept = self._write(
            grant.version,
            sealed_grant=sealed,
            grant_version=F("grant_version") + 1,
            grant_leased_until=None,
        )
        # Reconnected or disconnected in the meantime: what stands there now is the truth.
        return secret if kept else self.load()

    def _read(self) -> _Grant:
        with tenancy.in_workspace(self.workspace_id):
            row = self._rows().values_list("sealed_grant", "grant_version").first()
        if row is None or row[0] is None:
            raise AuthorizationLost(_("This mailbox is no longer connected. Connect it again."))
        try:
            return _Grant(sealing.unseal(bytes(row[0]), row=row_name(self.mailbox_id)), row[1])
        except sealing.CannotUnseal as error:
            raise AuthorizationLost(
                _("The stored sign-in can no longer be opened. Reconnect the mailbox.")
            ) from error

    def _take(self, version: int) -> bool:
        free = Q(grant_leased_until=None) | Q(grant_leased_until__lt=Now())
        with tenancy.in_workspace(self.workspace_id):
            rows = self._rows().filter(free, grant_version=version, sealed_grant__isnull=False)
            return bool(rows.update(grant_leased_until=Now() + LEASE))

    def _write(self, version: int, **facts: object) -> bool:
        with tenancy.in_workspace(self.workspace_id):
            rows = self._rows().filter(grant_version=version, sealed_grant__isnull=False)
            return bool(rows.update(**facts))

    def _rows(self) -> QuerySet[Mailbox]:
        return Mailbox.objects.filter(workspace_id=self.workspace_id, id=self.mailbox_id)


def row_name(mailbox_id: uuid.UUID) -> str:
    """The identity that a mailbox's sealed secrets are bound to."""
    return f"mailsync.mailbox:{mailbox_id}"
