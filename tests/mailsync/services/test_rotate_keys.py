"""Rotating the keys: every sealed value ends under the first key, and stays what it was."""

import base64
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts import sealing, tenancy
from accounts.tokens import digest
from mailsync.models import Farewell, Mailbox, Visit
from mailsync.services import farewells, grants, rotate_keys, visits
from tests.mailsync.granted import make_vendor_mailbox

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def keys(settings: Any) -> Any:
    def use(*listed: str) -> None:
        settings.CREDENTIAL_KEYS = list(listed)
        sealing._keys.cache_clear()

    yield use
    sealing._keys.cache_clear()


def fill(cast: SimpleNamespace) -> Mailbox:
    """One sealed value of each kind."""
    mailbox = make_vendor_mailbox(cast, cast.ana, secret=b"grant")
    with tenancy.in_workspace(cast.id):
        mailbox.sealed_password = sealing.seal(b"password", row=grants.row_name(mailbox.id))
        mailbox.save()
        visit = Visit(
            workspace_id=cast.id,
            member=cast.ana,
            provider="gmail",
            state_hash=digest(cast.slug),
            browser_hash=digest("browser"),
            expires_at=timezone.now() + timedelta(minutes=10),
        )
        visit.sealed_kept = sealing.seal(b"kept", row=visits.row_name(visit))
        visit.save()
        farewell = Farewell(workspace_id=cast.id, mailbox=mailbox)
        farewell.sealed_grant = sealing.seal(b"parting", row=farewells.row_name(farewell))
        farewell.save()
    return mailbox


def opened(cast: SimpleNamespace) -> list[bytes]:
    with tenancy.in_workspace(cast.id):
        mailbox, visit, farewell = (
            Mailbox.objects.get(), Visit.objects.get(), Farewell.objects.get(),
        )  # fmt: skip
    return [
        sealing.unseal(mailbox.sealed_grant, row=grants.row_name(mailbox.id)),
        sealing.unseal(mailbox.sealed_password, row=grants.row_name(mailbox.id)),
        sealing.unseal(visit.sealed_kept, row=visits.row_name(visit)),
        sealing.unseal(farewell.sealed_grant, row=farewells.row_name(farewell)),
    ]


ALL = [b"grant", b"password", b"kept", b"parting"]


def test_every_value_of_every_workspace_opens_with_the_new_key_alone(
    ours: SimpleNamespace, rival: SimpleNamespace, keys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    keys(OLD)
    fill(ours)
    fill(rival)
    keys(NEW, OLD)
    assert opened(ours) == ALL
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert out.getvalue() == "8 secrets are sealed with the first key now.\n"
    keys(NEW)
    assert opened(ours) == opened(rival) == ALL
    # Started again, it finds nothing to do.
    assert rotate_keys.rotate_keys() == rotate_keys.Rotated(0, 0)


def test_what_no_key_opens_is_counted_and_hinders_nothing(
    ours: SimpleNamespace, rival: SimpleNamespace, keys: Any
) -> None:
    keys("lost:" + base64.b64encode(b"l" * 32).decode())
    make_vendor_mailbox(rival, rival.ana)
    keys(OLD)
    fill(ours)
    keys(NEW, OLD)
    out = StringIO()
    with pytest.raises(CommandError, match="1 secrets cannot be opened"):
        call_command("rotate_keys", stdout=out)
    assert out.getvalue().startswith("4 secrets")
    assert opened(ours) == ALL
