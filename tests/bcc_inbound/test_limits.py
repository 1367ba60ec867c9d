"""Floods and circles: held with the reason, never lost, never answered."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail as outbox

from accounts import tenancy
from accounts.mail import LOOP_HEADER, send_invitation
from accounts.models import Role
from accounts.services.invitations import invite
from bcc_inbound.models import Delivery
from bcc_inbound.selectors import find_route
from bcc_inbound.services.store_delivery import store_delivery
from tests.bcc_inbound.conftest import a_mail, deliveries, give_addresses, process_all
from tests.bcc_inbound.senders.signing import publish_key, signed
from tests.bcc_inbound.test_processing import hand_over
from tests.dns_server import DnsServer

State = Delivery.State


@pytest.fixture
def world(live: SimpleNamespace, zone: DnsServer) -> SimpleNamespace:
    publish_key(zone, "ours.example")
    return live


def hers(number: int, name: str = "ana") -> bytes:
    raw = bytes(a_mail(f"{name}@ours.example", subject=str(number))).replace(b"\n", b"\r\n")
    return signed(raw, "ours.example")


def verdicts(cast: SimpleNamespace) -> list[str]:
    process_all(cast)
    return [one.verdict for one in deliveries(cast)]


@pytest.mark.parametrize(
    ("limits", "held"),
    [
        ({"address": 2}, [False, False, True, False, True]),
        ({"sender": 3}, [False, False, False, True, False]),
        ({"workspace": 4}, [False, False, False, False, True]),
        ({}, [False] * 5),
    ],
)
def test_what_goes_beyond_a_limit_is_held_in_the_order_of_arrival(
    world: SimpleNamespace, settings: Any, limits: dict[str, int], held: list[bool]
) -> None:
    settings.INBOUND_HOURLY_LIMITS = {"address": 99, "sender": 99, "workspace": 99} | limits
    for number, (to, name) in enumerate(
        [
            (world.to_one, "ana"),
            (world.to_one, "ana"),
            (world.to_one, "ana"),
            (world.to_two, "ana"),
            (world.to_one, "ben"),
        ]
    ):
        hand_over(to, hers(number, name), trusted=False)
        age(world)
    assert [one == "too_many" for one in verdicts(world)] == held
    assert {one.state for one in deliveries(world)} <= {State.PROCESSED, State.HELD}


def age(cast: SimpleNamespace) -> None:
    """Let a second pass for what is stored: a test's transaction has one time for all."""
    from datetime import timedelta

    from django.db.models import F

    with tenancy.in_workspace(cast.id):
        Delivery.objects.update(received_at=F("received_at") - timedelta(seconds=1))


@pytest.mark.parametrize("proven", [True, False])
def test_only_proven_mail_uses_up_what_a_member_may_send(
    world: SimpleNamespace, settings: Any, proven: bool
) -> None:
    """Forged mail with her name is held, and so is none of her own because of it."""
    settings.INBOUND_HOURLY_LIMITS = {"address": 99, "sender": 3, "workspace": 99}
    for number in range(6):
        raw = hers(number)
        forged = raw.partition(b"From: ")[1] + raw.partition(b"From: ")[2]
        hand_over(world.to_one, raw if proven else forged, trusted=False)
        age(world)
    flood = verdicts(world)
    hand_over(world.to_one, hers(7), trusted=False)
    assert verdicts(world)[-1] == ("too_many" if proven else "member")
    expected = ["member"] * 3 + ["too_many"] * 3 if proven else ["not_authenticated"] * 6
    assert flood == expected


STRANGERS = [
    b"From: ana@ours.example\r\nTo: jane@client.example\r\n\r\n",
    b"From: x%d@else.example\r\nTo: jane@client.example\r\n\r\n",
    b"To: jane@client.example\r\n\r\n",
]


def flood(cast: SimpleNamespace, head: bytes, many: int = 5) -> list[str]:
    for number in range(many):
        hand_over(cast.to_one, head.replace(b"%d", b"%d" % number) + b"%d" % number, trusted=False)
        age(cast)
    return verdicts(cast)


@pytest.mark.parametrize("head", STRANGERS)
@pytest.mark.parametrize("limit", ["address", "workspace"])
def test_no_stranger_uses_up_what_members_may_send(
    world: SimpleNamespace, settings: Any, head: bytes, limit: str
) -> None:
    settings.INBOUND_HOURLY_LIMITS = {"address": 99, "sender": 99, "workspace": 99} | {limit: 2}
    flood(world, head)
    hand_over(world.to_one, hers(1), trusted=False)
    hand_over(world.to_one, hers(2), trusted=False)
    assert verdicts(world)[-2:] == ["member", "member"]
    age(world)
    hand_over(world.to_one, hers(3), trusted=False)
    assert verdicts(world)[-1] == "too_many"


def test_strangers_have_a_bound_of_their_own_and_beyond_it_nobody_is_asked_about_them(
    world: SimpleNamespace, zone: DnsServer, settings: Any
) -> None:
    settings.INBOUND_HOURLY_LIMITS = {"address": 2, "sender": 99, "workspace": 99}
    assert flood(world, STRANGERS[1], 2) == ["not_a_member"] * 2
    asked = zone.asked.total()
    assert flood(world, STRANGERS[1].replace(b"else", b"more"), 3)[2:] == ["too_many"] * 3
    assert zone.asked.total() == asked


def test_a_customers_answer_comes_through_a_flood(
    world: SimpleNamespace, zone: DnsServer, settings: Any
) -> None:
    settings.INBOUND_HOURLY_LIMITS = {"address": 2, "sender": 99, "workspace": 99}
    hand_over(world.to_one, a_mail(message_id="<first@ours.example>"))
    flood(world, STRANGERS[1])
    publish_key(zone, "client.example")
    answer = a_mail("jane@client.example", "ana@ours.example", in_reply_to="<first@ours.example>")
    raw = bytes(answer).replace(b"\n", b"\r\n")
    hand_over(world.to_one, signed(raw, "client.example"), trusted=False)
    assert verdicts(world)[-1] == "reply"


def test_a_forged_flood_beside_her_own_mail_holds_none_of_it(
    world: SimpleNamespace, settings: Any
) -> None:
    """All of it waits at once, so that the same batches bring both."""
    settings.INBOUND_HOURLY_LIMITS = settings.INBOUND_HOURLY_LIMITS | {"sender": 10}
    forged = b"From: ana@ours.example\r\nTo: jane@client.example\r\n\r\n"
    for number in range(500):
        hand_over(world.to_one, forged + b"%d" % number, trusted=False)
        if number % 100 == 0:
            hand_over(world.to_one, hers(number), trusted=False)
    found = verdicts(world)
    assert (found.count("member"), found.count("not_authenticated")) == (5, 500)


def test_after_an_hour_mail_is_taken_again_and_a_release_is_free(
    world: SimpleNamespace, settings: Any
) -> None:
    settings.INBOUND_HOURLY_LIMITS = {"address": 1, "sender": 99, "workspace": 99}
    hand_over(world.to_one, hers(1), trusted=False)
    with tenancy.in_workspace(world.id):
        Delivery.objects.update(received_at="2026-01-01T00:00:00Z")
    hand_over(world.to_one, hers(2), trusted=False)
    assert verdicts(world) == ["member", "member"]
    age(world)
    hand_over(world.to_one, hers(3), trusted=False)
    assert verdicts(world)[-1] == "too_many"
    with tenancy.in_workspace(world.id):
        Delivery.objects.filter(state=State.HELD).update(
            state=State.DUE, released_by=world.ana, attempts=0, due_at="2026-01-01T00:00:00Z"
        )
    assert verdicts(world)[-1] == "released"


def test_the_operators_own_relay_is_not_counted(world: SimpleNamespace, settings: Any) -> None:
    settings.INBOUND_HOURLY_LIMITS = {"address": 0, "sender": 0, "workspace": 0}
    hand_over(world.to_one, hers(1))
    assert verdicts(world) == ["member"]


@pytest.mark.parametrize(
    ("head", "verdict"),
    [
        (b"Received: from a by b\r\n" * 51, "loop"),
        (b"Received: from a by b\r\n" * 50, "member"),
        (f"{LOOP_HEADER}: yes\r\n".encode(), "loop"),
        (f"{LOOP_HEADER.lower()}:\r\n".encode(), "loop"),
        (b"Auto-Submitted: auto-replied\r\n", "member"),
        (b"List-Id: <list.example>\r\n", "member"),
    ],
)
def test_a_mail_that_goes_in_a_circle_is_held_with_the_reason(
    world: SimpleNamespace, head: bytes, verdict: str
) -> None:
    hand_over(world.to_one, head + hers(1), trusted=False)
    assert verdicts(world) == [verdict]
    assert bytes(deliveries(world)[0].raw or b"").startswith(head) or verdict == "member"


def test_two_installations_that_write_to_each_other_exchange_one_mail(
    world: SimpleNamespace, rival: SimpleNamespace
) -> None:
    """One invites the other's inbound address, as a careless admin may, and the other way round."""
    give_addresses(rival)
    for here, there in ((world, rival), (rival, world)):
        with tenancy.in_workspace(here.id, here.ana.id):
            invited, token = invite(here.id, here.ana, email=there.to_one, role=Role.MEMBER)
            send_invitation(invited, workspace=here.workspace, token=token)
    sent = list(outbox.outbox)
    assert len(sent) == 2
    for mail in sent:
        route = find_route(mail.to[0])
        assert route is not None
        raw = mail.message().as_bytes()
        store_delivery(route, raw=raw, envelope_sender=mail.from_email, trusted_peer=True)
    for cast in (world, rival):
        assert verdicts(cast) == ["loop"]
    assert outbox.outbox == sent


def test_whatever_comes_in_nothing_goes_out(world: SimpleNamespace) -> None:
    for sender in ("ana@ours.example", "stranger@else.example", "<>"):
        hand_over(world.to_one, hers(1), trusted=False, sender=sender)
        hand_over(world.to_one, b"From: x@y.example\r\n\r\n" + sender.encode(), sender=sender)
    process_all(world)
    assert outbox.outbox == []
