"""Who may come in without having signed in, and what no form may do without its token."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.architecture.crawl import Visitor
from tests.architecture.doors import Door, doors, key_of

# Every door that answers somebody who has not signed in, each with the reason.
OPEN = {
    "healthz": "a load balancer asks whether this process can serve; it tells nothing else",
    "accounts:invitation": "an invited person may have no sign-in yet; the token is the key",
    "accounts:outbox": "only in the demo, whose mails go to nobody; 404 everywhere else",
    "gmail_push": "Google's Pub/Sub signs each push, which is verified; it opens no row",
    "graph_push": "each notification carries its subscription's secret; it opens no row",
    "graph_lifecycle": "each notification carries its subscription's secret; it opens no row",
    "api_schema": "the shape of the API, which is public and holds no row",
    "inbound_hooks:receive": "providers hand mail over, each with a signature or a secret",
    "inbound_hooks:receive_mime": "the same, under the address that Mailgun wants for whole mails",
    "inbound_hooks:receive_with_secret": "the same, for one that can only keep a secret in a path",
    "account_login": "here one signs in",
    "account_signup": "here one signs up",
    "account_logout": "who is signed out already is sent to the beginning",
    "account_inactive": "says that a sign-in was switched off",
    "account_confirm_login_code": "sent back to sign-in where no code was asked for",
    "account_email_verification_sent": "says that a mail is on its way, to anybody alike",
    "account_confirm_email": "a mailed link; its key proves the address",
    "account_reset_password": "asks for a mailed link, and answers alike for every address",
    "account_reset_password_done": "says that a mail is on its way, to anybody alike",
    "account_reset_password_from_key": "a mailed link; its key opens the new password",
    "account_reset_password_from_key_done": "says that the password was changed",
}
NOWHERE = "00000000-0000-7000-8000-000000000000"
NAMED = {"slug": "ours", "position": "0", "token": "no-such", "uidb36": "1z", "mailed key": "no"}
NAMED |= {"provider": "raw", "secret": "no-such"}


def address(door: Door) -> str:
    """The door's address with ids that exist nowhere."""
    fills = {key_of(door, argument): NOWHERE for argument in door.arguments}
    return door.url(fills | NAMED)


def is_closed(door: Door, visitor: Visitor) -> bool:
    """Whether both reading and sending lead to sign-in, or ask for a key."""
    for method in ("GET", "POST"):
        answer = visitor.ask(method, address(door))
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith(
            "/accounts/login/?"
        )
        method_not_known = answer.status_code == 405
        if not (to_sign_in or answer.status_code == 401 or method_not_known):
            return False
    return True


@pytest.mark.django_db
def test_every_door_that_is_open_without_signing_in_stands_on_the_list() -> None:
    visitor = Visitor(also_api=True)
    found = {door.name for door in doors() if not is_closed(door, visitor)}
    assert found - OPEN.keys() == set(), "These are open and nobody has said why."
    assert OPEN.keys() - found == set(), "These are closed, so nothing has to be said of them."


@pytest.mark.django_db
def test_the_outbox_opens_in_the_demo_alone(settings: Any) -> None:
    settings.DEMO = False
    assert Client().get("/outbox/").status_code == 404


def test_no_form_is_taken_without_its_token(ours: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ours.ana.user)
    taken = [
        f"{door.name} -> {answer.status_code}"
        for door in doors()
        if not (door.is_api or door.is_machine)
        and (answer := client.post(address(door))).status_code != 403
    ]
    assert taken == []


def test_only_machines_do_without_tokens_because_they_do_without_cookies(
    ours: SimpleNamespace,
) -> None:
    exempt = {door.name for door in doors() if getattr(door.view, "csrf_exempt", False)}
    assert exempt == {door.name for door in doors() if door.is_api or door.is_machine}
    client = Client(enforce_csrf_checks=True)
    client.force_login(ours.ana.user)
    for door in doors():
        if door.is_api and door.in_workspace:
            assert client.post(address(door), {}, "application/json").status_code == 401


def test_every_page_of_a_workspace_stands_below_its_name() -> None:
    for door in doors():
        if door.in_workspace:
            assert door.route.startswith(("w/<slug:slug>/", "api/v1/w/<slug:slug>/")), door.route
