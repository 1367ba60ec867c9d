"""Inbound addresses, held mail and what needs attention, as admins and members see them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tenancy
from accounts.models import AuditEvent
from activities.models import Activity, Sighting
from bcc_inbound import tasks
from bcc_inbound.models import Delivery, InboundAddress, TrustedSender
from bcc_inbound.services import process_deliveries as processing
from bcc_inbound.services.ensure_addresses import ensure_addresses
from contacts.models import Project
from tests.bcc_inbound.conftest import a_mail, deliveries, give_addresses, process_all
from tests.bcc_inbound.test_processing import activities_of, hand_over, make_due, poisonous
from tests.dns_server import DnsServer

State = Delivery.State


@pytest.fixture(autouse=True)
def kicks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The wake-ups that pages send; whether a broker is there is not what these tests ask."""
    sent: list[str] = []
    monkeypatch.setattr(tasks.process, "delay", sent.append)
    return sent


def signed_in(member: Any) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def url(cast: SimpleNamespace, name: str, *args: Any) -> str:
    return reverse(f"bcc_inbound:{name}", args=[cast.slug, *args])


def audited(cast: SimpleNamespace) -> list[str]:
    with tenancy.in_workspace(cast.id):
        return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


def hold_one(
    cast: SimpleNamespace, sender: str = "stranger@else.example", **words: Any
) -> Delivery:
    words.setdefault("envelope", sender)
    words["sender"] = words.pop("envelope")
    hand_over(cast.to_one, a_mail(sender, subject="Marker-subject", text="Marker-text"), **words)
    process_all(cast)
    (held,) = deliveries(cast)
    assert held.state == State.HELD
    return held


def test_every_project_and_the_workspace_has_an_address(live: SimpleNamespace) -> None:
    page = signed_in(live.ben).get(url(live, "addresses"))
    assert page.status_code == 200
    text = page.content.decode()
    for address in (live.to_one, live.to_two, live.to_all):
        assert address in text
    assert url(live, "rotation", live.addresses["One"].id) not in text


def test_a_new_project_gets_its_address_when_the_page_is_opened(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        Project.objects.create(workspace_id=live.id, name="Three & More")
    page = signed_in(live.ana).get(url(live, "addresses")).content.decode()
    assert "three-more-" in page


def test_asking_twice_makes_no_second_address(live: SimpleNamespace) -> None:
    assert ensure_addresses(live.id) == []
    with tenancy.in_workspace(live.id):
        assert InboundAddress.objects.count() == 3


def test_the_address_of_a_project_that_the_member_may_not_see_is_not_shown(
    live: SimpleNamespace,
) -> None:
    with tenancy.in_workspace(live.id):
        Project.objects.filter(id=live.two.id).update(open_to_all=False)
    assert live.to_two not in signed_in(live.ben).get(url(live, "addresses")).content.decode()


def test_an_admin_rotates_an_address_and_the_old_one_is_shown_with_its_end(
    live: SimpleNamespace,
) -> None:
    old = live.to_one
    rotation = url(live, "rotation", live.addresses["One"].id)
    assert signed_in(live.ana).post(rotation).status_code == 303
    page = signed_in(live.ana).get(url(live, "addresses")).content.decode()
    assert give_addresses(live).to_one in page
    assert old != live.to_one
    assert old in page
    assert "inbound address rotated" in audited(live)
    assert signed_in(live.ana).post(rotation).status_code == 404


def test_the_page_says_how_much_came_to_an_address(live: SimpleNamespace) -> None:
    for number in range(3):
        hand_over(live.to_one, a_mail(subject=str(number)))
    page = signed_in(live.ben).get(url(live, "addresses")).content.decode()
    assert "3 emails came here." in page
    assert page.count("Nothing came here yet.") == 2


def test_an_address_is_saved_as_a_contact(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        Project.objects.filter(id=live.one.id).update(name="Ore, tin; and\\more")
    give = url(live, "card", live.addresses["One"].id)
    card = signed_in(live.ben).get(give)
    assert card["Content-Type"] == "text/vcard; charset=utf-8"
    assert card["Content-Disposition"] == 'attachment; filename="ore-tin-andmore-ours.vcf"'
    lines = card.content.decode().split("\r\n")
    assert "FN:Ore\\, tin\\; and\\\\more (Ours)" in lines
    token = live.to_one.rpartition("-")[2]
    assert any(line.startswith("EMAIL") and line.endswith(token) for line in lines)
    with tenancy.in_workspace(live.id):
        Project.objects.filter(id=live.one.id).update(open_to_all=False)
    assert signed_in(live.ben).get(give).status_code == 404


def test_a_member_may_not_rotate(live: SimpleNamespace) -> None:
    rotation = url(live, "rotation", live.addresses["One"].id)
    assert signed_in(live.ben).post(rotation).status_code == 404


def test_whom_an_address_trusts_is_trusted_at_the_new_one(live: SimpleNamespace) -> None:
    held = hold_one(live)
    signed_in(live.ana).post(url(live, "trust", held.id))
    signed_in(live.ana).post(url(live, "rotation", live.addresses["One"].id))
    give_addresses(live)
    hand_over(live.to_one, a_mail("stranger@else.example"))
    process_all(live)
    assert deliveries(live)[-1].verdict == "trusted"


def test_held_mail_is_for_admins(live: SimpleNamespace) -> None:
    held = hold_one(live)
    member, admin = signed_in(live.ben), signed_in(live.ana)
    assert "stranger@else.example" in admin.get(url(live, "held")).content.decode()
    assert member.get(url(live, "held")).status_code == 404
    for name in ("release", "trust", "held_discard"):
        assert member.post(url(live, name, held.id)).status_code == 404
    assert member.get(url(live, "held_mail", held.id)).status_code == 404


def test_the_content_of_a_strangers_mail_is_shown_and_that_is_audited(
    live: SimpleNamespace,
) -> None:
    held = hold_one(live)
    page = signed_in(live.ana).get(url(live, "held_mail", held.id)).content.decode()
    assert "Marker-subject" in page
    assert "Marker-text" not in page
    frame = signed_in(live.ana).get(url(live, "held_frame", held.id))
    assert "Marker-text" in frame.content.decode()
    assert frame["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert signed_in(live.ben).get(url(live, "held_frame", held.id)).status_code == 404
    assert "held mail read" in audited(live)


def test_the_content_of_what_may_be_a_members_mail_is_not_shown(live: SimpleNamespace) -> None:
    held = hold_one(live, "ben@ours.example", trusted=False)
    page = signed_in(live.ana).get(url(live, "held_mail", held.id)).content.decode()
    assert "ben@ours.example" in page
    assert "Marker" not in page
    assert signed_in(live.ana).get(url(live, "held_frame", held.id)).status_code == 404
    assert "held mail read" not in audited(live)


def test_the_page_says_what_was_found_about_the_sender(
    live: SimpleNamespace, zone: DnsServer
) -> None:
    zone.add("else.example", "TXT", "v=spf1 ip4:192.0.2.1 -all")
    zone.add("_dmarc.else.example", "TXT", "v=DMARC1; p=reject")
    held = hold_one(live, trusted=False)
    page = signed_in(live.ana).get(url(live, "held_mail", held.id)).content.decode()
    assert "The machine that sent it may not send for else.example." in page
    assert "There is no signature that can be checked." in page
    assert "Nothing that was proven belongs to the domain in From, which asks for that." in page


def test_several_are_released_or_discarded_at_once(live: SimpleNamespace) -> None:
    for number in range(4):
        hand_over(live.to_one, a_mail(f"s{number}@else.example", subject=str(number)))
    process_all(live)
    ids = [str(one.id) for one in deliveries(live)]
    admin = signed_in(live.ana)
    assert admin.post(url(live, "release_several"), {"mail": ids[:2]}).status_code == 303
    asked = admin.post(url(live, "discard_several"), {"mail": ids[1:3]})
    assert "deleted for good" in asked.content.decode()
    assert [one.state for one in deliveries(live)] == ["due", "due", "held", "held"]
    admin.post(url(live, "discard_several"), {"mail": ids[1:3], "sure": "yes"})
    process_all(live)
    assert [one.state for one in deliveries(live)] == [
        "processed",
        "processed",
        "discarded",
        "held",
    ]
    assert audited(live).count("held mail released") == 2
    assert audited(live).count("inbound mail discarded") == 1


def test_who_ticks_nothing_is_told_so_and_members_and_strangers_change_nothing(
    live: SimpleNamespace, rival: SimpleNamespace
) -> None:
    held = hold_one(live)
    page = signed_in(live.ana).post(url(live, "release_several"), {"mail": "x"}, follow=True)
    assert "Tick the emails first" in page.content.decode()
    for name in ("release_several", "discard_several"):
        words = {"mail": str(held.id), "sure": "yes"}
        assert signed_in(live.ben).post(url(live, name), words).status_code == 404
        signed_in(rival.ana).post(url(rival, name), words)
    assert deliveries(live)[0].state == State.HELD


def test_a_released_mail_is_judged_as_if_it_had_just_arrived(
    transactional_db: None, live: SimpleNamespace, kicks: list[str]
) -> None:
    held = hold_one(live)
    assert signed_in(live.ana).post(url(live, "release", held.id)).status_code == 303
    assert kicks == [str(live.id)]
    process_all(live)
    (one,) = deliveries(live)
    assert (one.state, one.verdict, one.sender_id) == (State.PROCESSED, "released", None)
    (activity,) = activities_of(live)
    assert activity.state == Activity.State.LOGGED
    with tenancy.in_workspace(live.id):
        assert Sighting.objects.get().owner_id is None
    assert "held mail released" in audited(live)
    assert signed_in(live.ana).post(url(live, "release", held.id)).status_code == 404


def test_a_trusted_sender_is_accepted_from_then_on(live: SimpleNamespace) -> None:
    held = hold_one(live)
    signed_in(live.ana).post(url(live, "trust", held.id))
    hand_over(live.to_one, a_mail("stranger@else.example"))
    process_all(live)
    assert [one.verdict for one in deliveries(live)] == ["released", "trusted"]
    assert "sender trusted" in audited(live)


def test_a_member_who_is_not_proven_cannot_be_trusted(live: SimpleNamespace) -> None:
    held = hold_one(live, "ben@ours.example", trusted=False)
    page = signed_in(live.ana).post(url(live, "trust", held.id), follow=True)
    assert "Release it instead" in page.content.decode()
    assert deliveries(live)[0].state == State.HELD
    with tenancy.in_workspace(live.id):
        assert not TrustedSender.objects.exists()


def test_a_discarded_mail_is_gone(live: SimpleNamespace) -> None:
    held = hold_one(live)
    asked = signed_in(live.ana).get(url(live, "held_discard", held.id))
    assert "deleted for good" in asked.content.decode()
    assert deliveries(live)[0].state == State.HELD
    signed_in(live.ana).post(url(live, "held_discard", held.id))
    (one,) = deliveries(live)
    assert (one.state, one.raw, one.header_from, one.envelope_sender, one.peer) == (
        State.DISCARDED,
        None,
        "",
        "",
        "",
    )
    assert process_all(live).claimed == 0
    assert "inbound mail discarded" in audited(live)


def test_the_number_of_held_mails_stands_in_the_sidebar(live: SimpleNamespace) -> None:
    hold_one(live)
    held = url(live, "held")
    page = signed_in(live.ana).get(held)
    assert page.context["nav_counts"]["held"] == 1
    assert "held" not in signed_in(live.ben).get(url(live, "addresses")).context["nav_counts"]


def need_attention(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    with monkeypatch.context() as broken:
        broken.setattr(processing, "log_messages", poisonous("Renewal"))
        hand_over(cast.to_one, a_mail(text="Marker-text"))
        for _ in range(5):
            make_due(cast)
            process_all(cast)
    (one,) = [one for one in deliveries(cast) if one.state == State.ATTENTION]
    return one


def test_what_needs_attention_is_replayed_into_the_record(
    transactional_db: None, live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, kicks: list[str]
) -> None:
    one = need_attention(live, monkeypatch)
    admin = signed_in(live.ana)
    page = admin.get(url(live, "attention")).content.decode()
    assert "DataError" in page
    assert "Marker-text" not in page
    assert admin.post(url(live, "replay", one.id)).status_code == 303
    assert kicks == [str(live.id)]
    process_all(live)
    assert deliveries(live)[0].state == State.PROCESSED
    assert deliveries(live)[0].error == ""
    assert "inbound mail replayed" in audited(live)


def test_all_that_needs_attention_is_replayed_at_once(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_attention(live, monkeypatch)
    signed_in(live.ana).post(url(live, "replay_all"))
    process_all(live)
    assert deliveries(live)[0].state == State.PROCESSED


def test_the_bytes_are_downloaded_by_admins_as_nothing_that_a_browser_runs(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = need_attention(live, monkeypatch)
    raw = url(live, "raw", one.id)
    answer = signed_in(live.ana).get(raw)
    assert b"Marker-text" in answer.content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(live.ben).get(raw).status_code == 404
    assert "inbound mail downloaded" in audited(live)


def test_what_needs_attention_can_be_discarded(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = need_attention(live, monkeypatch)
    assert signed_in(live.ana).get(url(live, "attention_discard", one.id)).status_code == 200
    signed_in(live.ana).post(url(live, "attention_discard", one.id))
    assert (deliveries(live)[0].state, deliveries(live)[0].raw) == (State.DISCARDED, None)


def test_another_workspace_finds_none_of_it(live: SimpleNamespace, rival: SimpleNamespace) -> None:
    held = hold_one(live)
    stranger = signed_in(rival.ana)
    assert stranger.get(url(live, "held")).status_code == 404
    for name in ("release", "trust", "held_discard"):
        assert stranger.post(url(rival, name, held.id)).status_code == 404
    assert deliveries(live)[0].state == State.HELD
