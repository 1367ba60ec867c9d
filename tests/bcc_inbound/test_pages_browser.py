"""The pages of inbound mail in a real browser: axe, light and dark, wide and narrow."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts import tenancy
from bcc_inbound import tasks
from bcc_inbound.models import Delivery, TrustedSender
from bcc_inbound.services.ensure_addresses import rotate_address
from tests.accounts.conftest import browser_type_launch_args
from tests.bcc_inbound.conftest import a_mail, process_all
from tests.bcc_inbound.test_processing import hand_over
from tests.dns_server import DnsServer
from tests.screens import look

__all__ = ["browser_type_launch_args"]
PAGES = ["held/", "settings/trusted-senders/", "settings/inbound-addresses/", "needs-attention/"]


@pytest.fixture
def busy(
    transactional_db: None, live: SimpleNamespace, zone: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> SimpleNamespace:
    """Something on every page: held, waiting for a name server, trusted, rotated, broken."""
    monkeypatch.setattr(tasks.process, "delay", lambda *_: None)
    zone.fails.add("slow.example")
    for sender in ("stranger@else.example", "ana@ours.example", "someone@slow.example"):
        hand_over(live.to_one, a_mail(sender), trusted=False, sender=sender)
    hand_over(live.to_two, a_mail("broken@else.example"))
    process_all(live)
    rotate_address(live.id, live.ana, address_id=live.addresses["One"].id)
    with tenancy.in_workspace(live.id):
        Delivery.objects.filter(inbound_address_id=live.addresses["Two"].id).update(
            state=Delivery.State.ATTENTION, error="This mail could not be kept: reading it failed."
        )
        for name in ("Two", ""):
            TrustedSender.objects.create(
                workspace_id=live.id,
                inbound_address_id=live.addresses[name].id,
                address="a.rather.long.name@subsidiary.of.partner.example",
                trusted_by=live.ana,
            )
    return live


@pytest.fixture
def admin(page: Page, busy: SimpleNamespace, live_server: Any) -> Iterator[Page]:
    client = Client()
    client.force_login(busy.ana.user)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    yield page
    page.close()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    admin: Page, live_server: Any
) -> None:
    for path in PAGES:
        look(admin, f"{live_server.url}/w/ours/{path}")
