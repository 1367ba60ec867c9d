"""What members do for themselves: profile, extra addresses, API keys; and the audit log."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import audit, tenancy
from accounts.models import ApiKey, AuditEvent, Member, MemberAddress, Role, User

SETTINGS = "/w/ours/settings/"


@pytest.fixture
def ana(ours: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(ours.ana.user)
    return client


@pytest.fixture
def ben(ours: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(ours.ben.user)
    return client


def mailed_path() -> str:
    return re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body)).group(1)


def address_row(cast: SimpleNamespace, address: str) -> MemberAddress | None:
    with tenancy.in_workspace(cast.id):
        return MemberAddress.objects.filter(address=address).first()


def test_a_profile_keeps_name_and_time_zone(ours: SimpleNamespace, ana: Client) -> None:
    answer = ana.post(SETTINGS + "profile/", {"name": "Ana B", "time_zone": "Europe/Lisbon"})
    assert answer.status_code == 303
    with tenancy.in_workspace(ours.id):
        assert Member.objects.get(id=ours.ana.id).name == "Ana B"
    assert User.objects.get(id=ours.ana.user_id).time_zone == "Europe/Lisbon"


def test_times_stand_in_the_readers_own_zone_and_nobody_elses(
    ours: SimpleNamespace, ana: Client, ben: Client
) -> None:
    with tenancy.in_workspace(ours.id):
        audit.record(ours.id, ours.ana, "act")
        Member.objects.filter(id=ours.ben.id).update(role=Role.ADMIN)
    ana.post(SETTINGS + "profile/", {"name": "Ana", "time_zone": "Pacific/Auckland"})
    shown = {
        name: re.findall(r'title="([^"]+)"', client.get(SETTINGS + "audit/").content.decode())
        for name, client in (("ana", ana), ("ben", ben), ("ana again", ana))
    }
    assert shown["ana"] == shown["ana again"]
    assert shown["ana"] != shown["ben"]


def test_an_unknown_time_zone_is_refused(ana: Client) -> None:
    answer = ana.post(SETTINGS + "profile/", {"name": "Ana", "time_zone": "Mars/Olympus"})
    assert answer.status_code == 422


def test_an_extra_address_counts_only_after_its_link_was_followed(
    ours: SimpleNamespace, ana: Client
) -> None:
    ana.post(SETTINGS + "addresses/", {"address": "Ana@Side.example"})
    assert mail.outbox[0].to == ["ana@side.example"]
    assert address_row(ours, "ana@side.example").verified_at is None
    link = mailed_path()
    ana.get(link)
    assert address_row(ours, "ana@side.example").verified_at is None
    assert ana.post(link).status_code == 303
    assert address_row(ours, "ana@side.example").verified_at is not None
    assert ana.post(link).status_code == 422


def test_a_colleague_cannot_prove_anothers_address(
    ours: SimpleNamespace, ana: Client, ben: Client
) -> None:
    ana.post(SETTINGS + "addresses/", {"address": "ana@side.example"})
    assert ben.post(mailed_path()).status_code == 422
    assert address_row(ours, "ana@side.example").verified_at is None


def test_an_old_link_proves_nothing(ours: SimpleNamespace, ana: Client) -> None:
    from accounts.models import AddressProof

    ana.post(SETTINGS + "addresses/", {"address": "ana@side.example"})
    with tenancy.in_workspace(ours.id):
        AddressProof.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert ana.post(mailed_path()).status_code == 422


def test_an_address_that_is_mine_already_is_refused(ana: Client) -> None:
    answer = ana.post(SETTINGS + "addresses/", {"address": "ana@ours.example"})
    assert answer.status_code == 422
    assert "yours already" in answer.content.decode()
    assert mail.outbox == []


def test_an_address_with_another_alphabet_is_kept_in_its_ascii_form(
    ours: SimpleNamespace, ana: Client
) -> None:
    ana.post(SETTINGS + "addresses/", {"address": "ana@bücher.example"})
    assert address_row(ours, "ana@xn--bcher-kva.example") is not None


def test_an_extra_address_is_removed_and_a_sign_in_address_is_not(
    ours: SimpleNamespace, ana: Client
) -> None:
    ana.post(SETTINGS + "addresses/", {"address": "ana@side.example"})
    extra, own = address_row(ours, "ana@side.example"), address_row(ours, "ana@ours.example")
    assert ana.post(f"{SETTINGS}addresses/{extra.id}/removal/").status_code == 303
    assert ana.post(f"{SETTINGS}addresses/{own.id}/removal/").status_code == 404
    assert address_row(ours, "ana@side.example") is None


def test_a_key_is_shown_once_and_only_its_hash_is_kept(ours: SimpleNamespace, ana: Client) -> None:
    answer = ana.post(SETTINGS + "keys/", {"name": "export", "scopes": ["read"], "days": "30"})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    text = re.search(r"tw_[0-9a-f]{12}_[\w-]{40,}", answer.content.decode()).group()
    assert text not in ana.get(SETTINGS + "keys/").content.decode()
    with tenancy.in_workspace(ours.id):
        row = ApiKey.objects.values().get()
    assert text.split("_", 2)[2] not in str(row)
    assert row["scopes"] == ["read"]
    assert row["expires_at"] > timezone.now() + timedelta(days=29)


def test_a_key_without_a_scope_or_with_an_unknown_one_is_refused(ana: Client) -> None:
    assert ana.post(SETTINGS + "keys/", {"name": "x", "days": ""}).status_code == 422
    answer = ana.post(SETTINGS + "keys/", {"name": "x", "scopes": ["root"], "days": ""})
    assert answer.status_code == 422


def test_a_member_ends_an_own_key_and_never_a_colleagues(
    ours: SimpleNamespace, ana: Client, ben: Client
) -> None:
    ana.post(SETTINGS + "keys/", {"name": "export", "scopes": ["read"], "days": ""})
    with tenancy.in_workspace(ours.id):
        key = ApiKey.objects.get()
    assert ben.post(f"{SETTINGS}keys/{key.id}/removal/").status_code == 404
    assert ana.post(f"{SETTINGS}keys/{key.id}/removal/").status_code == 303
    with tenancy.in_workspace(ours.id):
        assert ApiKey.objects.get().revoked_at is not None


def test_a_viewer_has_no_keys_page(ours: SimpleNamespace, ben: Client) -> None:
    with tenancy.in_workspace(ours.id):
        Member.objects.filter(id=ours.ben.id).update(role=Role.VIEWER)
    assert ben.get(SETTINGS + "keys/").status_code == 404
    assert "API keys" not in ben.get(SETTINGS + "profile/").content.decode()


def test_the_audit_log_is_for_admins(ana: Client, ben: Client) -> None:
    assert ana.get(SETTINGS + "audit/").status_code == 200
    assert ben.get(SETTINGS + "audit/").status_code == 404
    assert "Audit log" not in ben.get(SETTINGS + "profile/").content.decode()


def test_the_audit_log_shows_each_act_once_over_its_pages(
    ours: SimpleNamespace, ana: Client
) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        for number in range(120):
            audit.record(ours.id, ours.ana, f"act {number:03}", after={"n": number})
    url, seen = SETTINGS + "audit/", []
    while url:
        page = ana.get(url).content.decode()
        seen += re.findall(r"<b>(act \d{3})</b>", page)
        more = re.search(r'id="pager"><a class="btn" href="([^"]+)"', page)
        url = more.group(1).replace("&amp;", "&") if more else ""
    assert seen == [f"act {number:03}" for number in reversed(range(120))]


def test_a_forged_cursor_starts_at_the_top(ana: Client) -> None:
    assert ana.get(SETTINGS + "audit/?after=nonsense").status_code == 200


def test_the_audit_log_shows_one_members_acts(ours: SimpleNamespace, ana: Client) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        audit.record(ours.id, ours.ana, "act of ana")
        audit.record(ours.id, ours.ben, "act of ben")
    page = ana.get(f"{SETTINGS}audit/?member={ours.ben.id}").content.decode()
    assert "act of ben" in page
    assert "act of ana" not in page


def test_the_audit_log_is_never_anothers(
    ours: SimpleNamespace, rival: SimpleNamespace, ana: Client
) -> None:
    with tenancy.in_workspace(rival.id, rival.ana.id):
        audit.record(rival.id, rival.ana, "secret act of the rival")
    assert "secret act" not in ana.get(SETTINGS + "audit/").content.decode()
    assert AuditEvent.objects.count() == 0
