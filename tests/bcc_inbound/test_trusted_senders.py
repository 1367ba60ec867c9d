"""Who is trusted, and no longer; mail that waits for a name server; what earlier addresses get."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from accounts.models import AuditEvent
from bcc_inbound import tasks
from bcc_inbound.models import Delivery, TrustedSender
from bcc_inbound.selectors import trusted_senders
from tests.bcc_inbound.conftest import a_mail, deliveries, give_addresses, process_all
from tests.bcc_inbound.senders.signing import publish_key, signed
from tests.bcc_inbound.test_pages import hold_one, signed_in, url
from tests.bcc_inbound.test_processing import hand_over, make_due
from tests.dns_server import DnsServer

OUTSIDER = "stranger@else.example"


@pytest.fixture(autouse=True)
def no_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.process, "delay", lambda *_: None)


@pytest.fixture
def trusting(live: SimpleNamespace) -> SimpleNamespace:
    """Ana has trusted an outsider at the address of One."""
    held = hold_one(live)
    signed_in(live.ana).post(url(live, "trust", held.id))
    process_all(live)
    return live


def row(cast: SimpleNamespace) -> TrustedSender:
    with tenancy.in_workspace(cast.id):
        return trusted_senders(cast.id).get()


def another(cast: SimpleNamespace, to: str) -> str:
    """The verdict on a further mail of the outsider."""
    hand_over(to, a_mail(OUTSIDER), sender=OUTSIDER)
    process_all(cast)
    return deliveries(cast)[-1].verdict


def test_the_list_tells_who_is_trusted_where_and_by_whom(trusting: SimpleNamespace) -> None:
    page = signed_in(trusting.ana).get(url(trusting, "trusted")).content.decode()
    for words in (OUTSIDER, "May write to One.", "Trusted by Ana"):
        assert words in page
    assert another(trusting, trusting.to_one) == "trusted"


def test_who_is_no_longer_trusted_is_held_again_and_what_was_accepted_stays(
    trusting: SimpleNamespace,
) -> None:
    client = signed_in(trusting.ana)
    page = client.post(url(trusting, "trusted_removal", row(trusting).id), follow=True)
    assert "is held from now on" in page.content.decode()
    assert "Nobody is trusted yet" in page.content.decode()
    assert another(trusting, trusting.to_one) == "not_a_member"
    assert deliveries(trusting)[0].state == Delivery.State.PROCESSED
    with tenancy.in_workspace(trusting.id):
        event = AuditEvent.objects.get(verb="sender no longer trusted")
        assert event.member_id == trusting.ana.id
        assert event.before["address"] == OUTSIDER


def test_trust_ends_at_the_earlier_address_too_and_stays_in_other_projects(
    trusting: SimpleNamespace,
) -> None:
    earlier = trusting.to_one
    with tenancy.in_workspace(trusting.id):
        other = TrustedSender.objects.create(
            workspace_id=trusting.id,
            inbound_address_id=trusting.addresses["Two"].id,
            address=OUTSIDER,
            trusted_by=trusting.ben,
        )
    client = signed_in(trusting.ana)
    client.post(url(trusting, "rotation", trusting.addresses["One"].id))
    give_addresses(trusting)
    with tenancy.in_workspace(trusting.id):
        shown = trusted_senders(trusting.id).exclude(id=other.id).get()
    assert another(trusting, earlier) == "trusted"
    client.post(url(trusting, "trusted_removal", shown.id))
    assert another(trusting, earlier) == "not_a_member"
    assert another(trusting, trusting.to_one) == "not_a_member"
    assert another(trusting, trusting.to_two) == "trusted"


def test_only_an_admin_sees_and_ends_trust(
    trusting: SimpleNamespace, rival: SimpleNamespace
) -> None:
    trusted = row(trusting)
    for client in (signed_in(trusting.ben), signed_in(rival.ana)):
        assert client.get(url(trusting, "trusted")).status_code == 404
        assert client.post(url(trusting, "trusted_removal", trusted.id)).status_code == 404
    assert signed_in(rival.ana).post(url(rival, "trusted_removal", trusted.id)).status_code == 404
    assert row(trusting) == trusted


def test_mail_that_waits_for_a_name_server_is_shown_until_it_answers(
    live: SimpleNamespace, zone: DnsServer
) -> None:
    zone.fails.add("ours.example")
    raw = signed(bytes(a_mail()).replace(b"\n", b"\r\n"), "ours.example")
    hand_over(live.to_one, raw, trusted=False)
    client = signed_in(live.ana)
    assert "Waiting for a name server" not in client.get(url(live, "held")).content.decode()
    process_all(live)
    page = client.get(url(live, "held")).content.decode()
    assert "Waiting for a name server since" in page
    assert "ana@ours.example" in page
    zone.fails.clear()
    publish_key(zone, "ours.example")
    make_due(live)
    process_all(live)
    assert deliveries(live)[0].verdict == "member"
    assert "Waiting for a name server" not in client.get(url(live, "held")).content.decode()


def test_a_rotated_address_tells_what_still_comes_to_it(live: SimpleNamespace) -> None:
    client, earlier = signed_in(live.ana), live.to_one
    client.post(url(live, "rotation", live.addresses["One"].id))
    assert "Nothing came there." in client.get(url(live, "addresses")).content.decode()
    for number in range(2):
        hand_over(earlier, a_mail(subject=str(number)))
    page = client.get(url(live, "addresses")).content.decode()
    assert "2 emails came there." in page
    assert "Nothing came here yet." in page


def test_the_page_of_addresses_asks_as_often_whatever_was_rotated(
    live: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    client = signed_in(live.ana)
    client.get(url(live, "addresses"))
    with CaptureQueriesContext(connection) as seen:
        client.get(url(live, "addresses"))
    before = len(seen)
    for name in ("One", "Two", ""):
        client.post(url(live, "rotation", live.addresses[name].id))
    client.get(url(live, "addresses"))
    with django_assert_num_queries(before):
        client.get(url(live, "addresses"))
