"""Signing up, in and out: verified addresses only, and answers that tell strangers nothing."""

import re
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import tenancy
from accounts.models import MemberAddress, User
from accounts.services.invitations import invite

SECRET = "an uncommon long secret"


@pytest.fixture(autouse=True)
def fresh_rate_limits() -> None:
    cache.clear()


def mailed_path() -> str:
    return re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body)).group(1)


def sign_up(client: Client, address: str, **more: str):
    return client.post("/accounts/signup/", {"email": address, "password1": SECRET, **more})


def test_a_newcomer_signs_up_verifies_the_address_signs_in_and_makes_a_workspace(db: None) -> None:
    client = Client()
    answer = sign_up(client, "mo@fresh.example")
    assert answer["Location"] == "/accounts/confirm-email/"
    link = mailed_path()
    assert "Is <b>mo@fresh.example</b> your address?" in client.get(link).content.decode()
    client.post(link)
    client.post("/accounts/login/", {"login": "mo@fresh.example", "password": SECRET})
    home = client.get("/", follow=True)
    assert "Make a workspace" in home.content.decode()


def test_nobody_signs_in_before_the_address_is_verified(db: None) -> None:
    client = Client()
    sign_up(client, "mo@fresh.example")
    answer = client.post("/accounts/login/", {"login": "mo@fresh.example", "password": SECRET})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert client.get("/").status_code == 302


def test_a_link_in_a_mail_verifies_nothing_until_its_button_is_pressed(db: None) -> None:
    client = Client()
    sign_up(client, "mo@fresh.example")
    client.get(mailed_path())
    answer = client.post("/accounts/login/", {"login": "mo@fresh.example", "password": SECRET})
    assert answer["Location"] == "/accounts/confirm-email/"


def test_signing_up_with_a_known_address_looks_the_same_and_mails_its_owner(
    ours: SimpleNamespace,
) -> None:
    known, unknown = Client(), Client()
    first = sign_up(known, "ana@ours.example")
    second = sign_up(unknown, "nobody@fresh.example")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert [message.to for message in mail.outbox] == [
        ["ana@ours.example"],
        ["nobody@fresh.example"],
    ]
    assert "signed up before" in mail.outbox[0].subject


def test_asking_for_a_new_password_looks_the_same_for_known_and_unknown_addresses(
    ours: SimpleNamespace,
) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": address})
        for address in ("ana@ours.example", "nobody@fresh.example")
    ]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(ours: SimpleNamespace) -> None:
    pages = [
        Client()
        .post("/accounts/login/", {"login": address, "password": "wrong wrong wrong"})
        .content.decode()
        for address in ("ana@ours.example", "nobody@fresh.example")
    ]
    words = [re.findall(r"<p>([^<]*)</p>|<li>([^<]*)</li>", page) for page in pages]
    assert words[0] == words[1]
    assert words[0]


def test_a_forgotten_password_is_replaced_by_the_mailed_link(ours: SimpleNamespace) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": "ana@ours.example"})
    form = client.get(mailed_path(), follow=True)
    action = form.redirect_chain[-1][0]
    client.post(action, {"password1": SECRET, "password2": SECRET})
    ana = User.objects.get(email="ana@ours.example")
    assert ana.check_password(SECRET)


def test_links_in_mails_name_our_own_address_whatever_host_was_asked_for(
    db: None, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_BASE_URL = "https://threadwell.example"
    Client(HTTP_HOST="evil.example").post(
        "/accounts/signup/", {"email": "mo@fresh.example", "password1": SECRET}
    )
    assert "https://threadwell.example/accounts/confirm-email/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_a_known_and_common_password_is_refused(db: None) -> None:
    answer = Client().post(
        "/accounts/signup/", {"email": "mo@fresh.example", "password1": "password123"}
    )
    assert "too common" in answer.content.decode()
    assert not User.objects.exists()


def test_an_invited_newcomer_signs_up_without_a_second_mail(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        _invitation, token = invite(ours.id, ours.ana, email="zoe@new.example", role="member")
    client, link = Client(), f"/invitations/{token}/"
    page = client.get(link).content.decode()
    assert "zoe@new.example" in page
    answer = sign_up(client, "zoe@new.example", next=link)
    assert answer["Location"] == link
    assert mail.outbox == []
    assert client.post(link, {"name": "Zoe"})["Location"] == "/w/ours/"


def test_an_invited_newcomer_who_signs_up_with_another_address_has_to_verify_it(
    ours: SimpleNamespace,
) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        _invitation, token = invite(ours.id, ours.ana, email="zoe@new.example", role="member")
    client, link = Client(), f"/invitations/{token}/"
    client.get(link)
    answer = sign_up(client, "other@new.example", next=link)
    assert answer["Location"] == "/accounts/confirm-email/"


def test_signing_out_takes_a_post_and_ends_the_session(ours: SimpleNamespace) -> None:
    client = Client()
    client.force_login(ours.ana.user)
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert client.get("/workspaces/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/workspaces/").status_code == 302


def test_a_newly_verified_sign_in_address_is_the_members_in_every_workspace(
    ours: SimpleNamespace,
) -> None:
    from allauth.account.models import EmailAddress, EmailConfirmationHMAC

    user = ours.ana.user
    row = EmailAddress.objects.create(user=user, email="ana@second.example", verified=False)
    client = Client()
    client.force_login(user)
    client.post(f"/accounts/confirm-email/{EmailConfirmationHMAC(row).key}/")
    with tenancy.in_workspace(ours.id):
        kept = MemberAddress.objects.get(address="ana@second.example")
    assert kept.member_id == ours.ana.id
    assert kept.verified_at is not None


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"],
)
def test_every_page_before_sign_in_is_in_our_look_and_has_no_inline_code(
    db: None, path: str
) -> None:
    page = Client().get("/accounts/" + path).content.decode()
    assert 'class="single"' in page
    assert " style=" not in page
    assert "<script>" not in page
    assert "onclick" not in page
